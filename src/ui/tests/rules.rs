//! What holds for every screen at every size.

use std::sync::Arc;

use ratatui::style::Color;

use super::dialogs::open;
use crate::app::dialog::{Emergency, Finish, Kind, Rebalance, Remove, SetThrottle, Stop};
use crate::app::{Model, Pane, View};
use crate::config::Theme;
use crate::model::{Part, Snapshot, Throttle, Volume, VolumeName, VolumeState};
use crate::ui::picture::{buffer, svg};
use crate::ui::testing::{ago, alter, ascii, empty, empty_pool, find, model, utf8};
use crate::ui::{Charset, Look, Palette, ViewState, text};

/// One model for each thing that can be on the screen.
fn everything() -> Vec<Model> {
    let mut all = vec![model(), empty(), empty_pool()];
    for focus in [Pane::Bricks, Pane::Tasks, Pane::Events] {
        let mut model = model();
        model.panes.focus = focus;
        all.push(model.clone());
        model.panes.zoom = true;
        all.push(model);
    }
    for view in [
        View::Help,
        View::Alarms { scroll: 3 },
        View::Order {
            pane: Pane::Tasks,
            cursor: 3,
        },
        View::TaskStatus {
            volume: "media".into(),
            scroll: 1,
        },
    ] {
        let mut model = model();
        model.views = vec![view];
        all.push(model);
    }
    let marked = ["gl-01:/bricks/m2/media".into()].into_iter().collect();
    for kind in [
        Kind::Stop(Stop {
            volume: "media".into(),
        }),
        Kind::Finish(Finish::new("media".into(), &model().snapshot)),
        Kind::Remove(Remove::new("media".into(), marked)),
        Kind::Rebalance(Rebalance::new(["scratch".into()])),
        Kind::Rebalance(Rebalance::new(["scratch".into(), "home".into()])),
        Kind::Throttle(SetThrottle {
            volume: "media".into(),
            level: Throttle::Lazy,
        }),
        Kind::Emergency(Emergency::new(&model().snapshot)),
    ] {
        let mut model = model();
        open(&mut model, kind);
        all.push(model);
    }
    all
}

fn many_volumes(n: usize) -> Model {
    let mut model = model();
    let pattern = model.snapshot.volumes()[3].clone();
    let volumes = (0..n).map(|i| {
        let volume = Volume {
            name: VolumeName::new(format!("volume-{i:04}")),
            ..(*pattern.volume).clone()
        };
        let mut state = (*pattern).clone();
        state.volume = Arc::new(volume);
        Arc::new(state)
    });
    let volumes: Vec<Arc<VolumeState>> = volumes.collect();
    model.snapshot = Arc::new(Snapshot {
        volumes: Part::fresh(volumes, ago(2)),
        ..(*model.snapshot).clone()
    });
    model
}

#[test]
fn no_size_makes_it_fail() {
    for model in everything() {
        for width in (1..=130).step_by(9) {
            for height in (1..=45).step_by(5) {
                buffer(&model, utf8(), &mut ViewState::default(), width, height);
            }
        }
        for size in 1..=24 {
            buffer(&model, ascii(), &mut ViewState::default(), size, size);
        }
    }
}

#[test]
fn ascii_is_ascii_and_no_cell_has_a_background() {
    for mut model in everything() {
        rename(&mut model, "日本語-büro");
        for (width, height) in [(80, 24), (120, 40), (40, 10)] {
            let buffer = buffer(&model, ascii(), &mut ViewState::default(), width, height);
            for cell in buffer.content() {
                assert!(cell.symbol().bytes().all(|byte| byte <= 126), "{cell:?}");
                assert_eq!(cell.bg, Color::Reset);
                assert!(!matches!(
                    cell.fg,
                    Color::DarkGray | Color::Rgb(..) | Color::Indexed(_)
                ));
            }
        }
    }
}

#[test]
fn a_command_that_can_be_confirmed_is_whole_or_says_that_it_is_not() {
    // As wide as the cards, so that nothing else stands beside them.
    for model in everything() {
        let Some(dialog) = &model.dialog else {
            continue;
        };
        let squeezed = |text: &str| text.replace([' ', '|', '\n'], "");
        for (width, height) in [40, 60]
            .into_iter()
            .flat_map(|w| (3..=24).map(move |h| (w, h)))
        {
            let screen = squeezed(&text(&model, &ascii(), width, height));
            let whole = dialog
                .offer
                .lines()
                .all(|line| screen.contains(&squeezed(&line)));
            let says = screen.contains("commandnotwholehere:ccopiesit");
            assert!(whole != says, "{width}x{height}: {screen}");
        }
    }
}

#[test]
fn the_monochrome_theme_has_no_colour() {
    let look = Look {
        charset: Charset::Ascii,
        palette: Palette::new(Theme::Dark, false),
    };
    for model in everything() {
        let buffer = buffer(&model, look, &mut ViewState::default(), 80, 24);
        assert!(buffer.content().iter().all(|cell| cell.fg == Color::Reset));
    }
}

#[test]
fn the_help_key_is_always_there_and_whole() {
    for width in 40..=130 {
        let screen = text(&model(), &ascii(), width, 24);
        let last = screen.lines().last().unwrap();
        assert!(last.ends_with("? help"), "at {width}: {last:?}");
    }
}

#[test]
fn the_selected_row_is_in_sight_and_the_cursor_on_it() {
    let mut model = many_volumes(1_000);
    let mut state = ViewState::default();
    for at in [0, 5, 6, 999, 500, 499, 0] {
        let number = format!("{at:04}");
        let name = format!("volume-{number}");
        model.panes.volumes.selected = Some(name.as_str().into());
        let buffer = buffer(&model, ascii(), &mut state, 80, 24);
        let row = (0..24).find(|&y| buffer[(0, y)].symbol() == ">").unwrap();
        let shown: String = (3..13).map(|x| buffer[(x, row)].symbol()).collect();
        assert!(
            shown.starts_with("volu") && shown.trim().ends_with(&number),
            "{shown}"
        );
        assert!(state.visible_volumes.contains(&name.as_str().into()));
        assert_eq!(state.visible_volumes.len(), 6);
    }
}

#[test]
fn text_from_outside_cannot_hurt() {
    let mut model = model();
    rename(&mut model, "a\x1b[31m\u{202e}\nb\tc");
    model.complain("told\x1b]0;title\x07 off");
    for look in [ascii(), utf8()] {
        let screen = text(&model, &look, 80, 24);
        assert!(screen.chars().all(|c| c == '\n' || !c.is_control()));
        assert!(!screen.contains('\u{202e}'));
        assert!(screen.contains("told?]0;title? off"), "{screen}");
    }
}

#[test]
fn wide_characters_keep_the_columns_aligned() {
    let mut model = model();
    let plain = text(&model, &utf8(), 80, 24);
    let column = |screen: &str| {
        let row = screen.lines().find(|line| line.starts_with('>')).unwrap();
        let before = row.split("Started").next().unwrap();
        crate::ui::fit::width(before)
    };
    let usual = column(&plain);
    rename(&mut model, "日本語");
    assert_eq!(column(&text(&model, &utf8(), 80, 24)), usual);
}

#[test]
fn a_picture_is_well_formed() {
    let mut model = model();
    rename(&mut model, "a<b>&\"c\"");
    let picture = svg(&model, &utf8(), 80, 24);
    assert!(picture.contains("a&lt;b&gt;&amp;"));
    let mut reader = quick_xml::Reader::from_str(&picture);
    while !matches!(reader.read_event().unwrap(), quick_xml::events::Event::Eof) {}
}

#[test]
fn a_frame_that_knows_nothing_shows_no_zero() {
    let mut model = model();
    for name in ["media", "scratch", "home"] {
        alter(&mut model, name, |state| {
            *state = VolumeState::new(state.volume.clone());
        });
    }
    find(&mut model, 0);
    let screen = text(&model, &ascii(), 80, 24);
    let row = screen.lines().find(|line| line.contains(" home ")).unwrap();
    assert_eq!(
        row,
        " ~ home       Replicate 1x3       Started     -       -       -     -   -"
    );
}

/// Gives the volume `media` another name, in its task's place too.
fn rename(model: &mut Model, name: &str) {
    if model.snapshot.volume(&"media".into()).is_none() {
        return;
    }
    alter(model, "media", |state| {
        let mut volume = (*state.volume).clone();
        volume.name = name.into();
        state.volume = Arc::new(volume);
    });
    // Snapshots are ordered by name.
    let mut snapshot = (*model.snapshot).clone();
    let mut volumes = snapshot.volumes().to_vec();
    volumes.sort_by(|a, b| a.volume.name.cmp(&b.volume.name));
    snapshot.volumes = Part::fresh(volumes, ago(2));
    model.snapshot = Arc::new(snapshot);
    model.panes.volumes.selected = Some(name.into());
}
