//! Pane 1: the volumes.

use ratatui::text::Line;

use super::{Spot, cursor, follow, mark};
use crate::app::{Model, rows};
use crate::insight::space;
use crate::insight::subvolume::SubvolumeState;
use crate::model::{VolumeState, VolumeStatus, text};
use crate::ui::ViewState;
use crate::ui::canvas::Canvas;
use crate::ui::columns::{Cell, Column, Columns, known};
use crate::ui::look::{Glyph, Role};
use crate::ui::{marks, words};

#[derive(Clone, Copy, PartialEq, Eq)]
enum Col {
    Name,
    Type,
    State,
    Up,
    Read,
    Used,
    Size,
    Use,
    Task,
}

/// Draws the pane and notes which volumes are in sight.
pub(in crate::ui) fn render(
    canvas: &mut Canvas<'_>,
    spot: Spot,
    model: &Model,
    view: &mut ViewState,
) {
    let table = &model.panes.volumes;
    let all = rows::volumes(model);
    let columns = columns(spot.area.width, all.most_bricks());
    let total = model.snapshot.volumes().len();
    let name = if model.snapshot.volumes.get().is_none() {
        "VOLUMES".to_owned()
    } else if all.len() == total {
        format!("VOLUMES {total}")
    } else {
        format!("VOLUMES {} of {total}", all.len())
    };
    spot.head(canvas, &columns, &spot.title(&name, Some(&table.filter)));
    let selected = all.position(table.selected.as_ref());
    follow(&mut view.volumes, selected, all.len(), spot.rows());
    let seen = (view.volumes..).map_while(|at| Some((at, all.get(at)?)));
    let seen: Vec<_> = seen.take(spot.rows()).collect();
    let names = seen.iter().map(|(_, state)| state.volume.name.clone());
    view.visible_volumes = names.collect();
    for (row, (at, state)) in seen.into_iter().enumerate() {
        let is_selected = selected == Some(at);
        let marked = table.marked.contains(&state.volume.name);
        let line = line(canvas, &columns, model, state, is_selected, marked);
        spot.row(canvas, row, &line, is_selected);
    }
}

/// The pane in one line, when another one has the rows.
pub(in crate::ui) fn summary(model: &Model) -> String {
    let all = model.snapshot.volumes();
    let glyphs: Vec<Glyph> = all.iter().map(|one| marks::volume(model, one)).collect();
    let mut out = format!("VOLUMES {}", all.len());
    for (glyph, word) in [
        (Glyph::Bad, "bad"),
        (Glyph::Yours, "yours"),
        (Glyph::Warn, "warning"),
        (Glyph::Old, "old"),
        (Glyph::Stopped, "stopped"),
        (Glyph::Ok, "ok"),
    ] {
        let n = glyphs.iter().filter(|one| **one == glyph).count();
        if n > 0 {
            out = format!("{out}   {} {n} {word}", glyph.as_str());
        }
    }
    out
}

fn columns(width: u16, most_bricks: usize) -> Columns<Col> {
    // "~120/120" takes more than "~9/9"; the number of bricks hardly ever changes.
    let up = match most_bricks {
        100.. => 8,
        10.. => 6,
        _ => 5,
    };
    let list = match width {
        120.. => vec![
            Column::name(Col::Name, "", 0),
            Column::left(Col::Type, "TYPE", 1, 28),
            Column::left(Col::State, "STATE", 1, 8),
            Column::right(Col::Up, "BRICKS UP", 1, 9),
            Column::right(Col::Read, "READ", 1, 5),
            Column::right(Col::Used, "USED", 2, 7),
            Column::right(Col::Size, "SIZE", 2, 7),
            Column::right(Col::Use, "USE%", 2, 5),
            Column::left(Col::Task, "TASK", 3, 18),
        ],
        80.. => vec![
            Column::name(Col::Name, "", 0),
            Column::left(Col::Type, "TYPE", 1, if width >= 100 { 28 } else { 18 }),
            Column::left(Col::State, "STATE", 2, 7),
            Column::right(Col::Up, "UP", 1, up),
            Column::right(Col::Used, "USED", 1, 7),
            Column::right(Col::Size, "SIZE", 1, 7),
            Column::right(Col::Use, "USE%", 1, 5),
            Column::left(Col::Task, "TASK", 3, 8),
        ],
        60.. => vec![
            Column::name(Col::Name, "", 0),
            Column::left(Col::Type, "TYPE", 1, 9),
            Column::left(Col::State, "STATE", 2, 7),
            Column::right(Col::Up, "UP", 1, up),
            Column::right(Col::Used, "USED", 1, 7),
            Column::right(Col::Use, "USE%", 1, 5),
            Column::left(Col::Task, "TASK", 2, 8),
        ],
        _ => vec![
            Column::name(Col::Name, "", 0),
            Column::right(Col::Up, "UP", 1, up),
            Column::right(Col::Use, "USE%", 1, 5),
            Column::left(Col::Task, "TASK", 2, 8),
        ],
    };
    Columns::new(width, 3, list)
}

fn line(
    canvas: &Canvas<'_>,
    columns: &Columns<Col>,
    model: &Model,
    state: &VolumeState,
    selected: bool,
    marked: bool,
) -> Line<'static> {
    let look = canvas.look;
    let volume = &state.volume;
    let started = volume.status == VolumeStatus::Started;
    // The sizes of a volume that is not started are of the past.
    let glance = model.glances.of(state);
    let space = glance.space.filter(|_| started);
    let doubt = model.doubt(state);
    let prefix = vec![
        cursor(selected),
        look.glyph(marks::volume(model, state)),
        mark(canvas, marked),
    ];
    columns.row(look, prefix, |column| match column {
        Col::Name => Cell::plain(volume.name.as_str()),
        Col::Type => Cell::plain(words::volume_type(state, columns.width(|c| c == Col::Type))),
        Col::State => Cell::plain(volume.status.as_str()),
        Col::Up => {
            let up = words::up(state, &glance).filter(|_| started);
            let role = match glance.worst {
                _ if doubt.bricks => Role::Plain,
                SubvolumeState::Down => Role::Alarm,
                SubvolumeState::Degraded => Role::Bad,
                SubvolumeState::Up | SubvolumeState::Unknown => Role::Plain,
            };
            Cell::new(role, words::tilde(doubt.bricks, known(up, |up| up)))
        }
        Col::Read => {
            let read = model.bricks_read(state);
            Cell::plain(known(read, |(age, _)| age))
        }
        Col::Used => Cell::plain(words::tilde(
            doubt.space,
            known(space, |space| text::short_size(space.used)),
        )),
        Col::Size => Cell::plain(known(space, |space| text::short_size(space.total))),
        Col::Use => Cell::plain(words::tilde(
            doubt.space,
            known(space.and_then(space::Space::fraction), words::used),
        )),
        Col::Task => {
            let wide = columns.width(|c| c == Col::Task) > 8;
            let (glyph, word) = marks::task_cell(model, state, wide);
            Cell::new(glyph.word_role(), word)
        }
    })
}
