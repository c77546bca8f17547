//! How old things are, and what it costs to know them.

use std::sync::Arc;
use std::time::Duration;

use insta::assert_snapshot;
use jiff::SignedDuration;

use crate::app::{Link, Model, Msg, Pane, View, explain, update};
use crate::model::{Part, Snapshot, VolumeState, VolumeStatus, Watching};
use crate::ui::testing::{ago, alter, ascii, find, model};
use crate::ui::text;

/// Reads the brick states of a volume so many seconds ago; every brick runs.
fn read(model: &mut Model, volume: &str, seconds: u64) {
    alter(model, volume, |state| {
        let bricks = state.bricks.get().unwrap().clone().into_iter();
        let running = bricks.map(|(name, mut brick)| {
            brick.online = Some(true);
            (name, brick)
        });
        state.bricks = Part::fresh(running.collect(), ago(seconds));
    });
}

/// Three volumes without a task, of which one is old and one was never read; the old one is
/// selected.
fn quiet() -> Model {
    let mut model = model();
    for name in ["media", "scratch"] {
        alter(&mut model, name, |state| {
            state.task = Part::fresh(None, ago(3));
        });
    }
    read(&mut model, "home", 1_380);
    alter(&mut model, "scratch", |state| {
        state.bricks = Part::default();
        state.space = Part::default();
        state.task = Part::default();
    });
    model.panes.volumes.selected = Some("home".into());
    find(&mut model, 0);
    model
}

fn later(model: &mut Model, seconds: u64) {
    let passed = Duration::from_secs(seconds);
    model.now.steady += passed;
    model.now.wall += SignedDuration::try_from(passed).unwrap();
    // The rounds go on.
    let snapshot = Arc::make_mut(&mut model.snapshot);
    snapshot.volumes = Part::fresh(snapshot.volumes().to_vec(), model.now);
}

/// The screen without its header, which has a clock.
fn body(model: &Model) -> String {
    let screen = text(model, &ascii(), 120, 40);
    screen.lines().skip(1).collect::<Vec<_>>().join("\n")
}

#[test]
fn a_row_that_was_not_read_for_long_says_so() {
    for (width, height) in [(80, 24), (120, 40), (100, 30), (60, 20), (40, 10)] {
        let name = format!("old_{width}x{height}");
        assert_snapshot!(name, text(&quiet(), &ascii(), width, height));
    }
    let mut model = quiet();
    model.session.alarms.unread = Duration::from_secs(1_380);
    let screen = text(&model, &ascii(), 80, 24);
    assert!(!screen.contains("~3/3"), "not beyond the limit: {screen}");
}

#[test]
fn a_brick_says_when_it_was_read() {
    let mut model = quiet();
    model.panes.focus = Pane::Bricks;
    let told = |model: &mut Model, volume: &str| {
        model.panes.volumes.selected = Some(volume.into());
        explain::message(model)
    };
    let set = told(&mut model, "home");
    assert_eq!(set, "home-replicate-0: 3 of 3 bricks online (read 23m ago)");
    assert_eq!(
        told(&mut model, "scratch"),
        "gl-03:/bricks/s0/scratch: not read yet"
    );
    alter(&mut model, "home", |state| state.bricks = Part::default());
    let set = told(&mut model, "home");
    assert_eq!(set, "home-replicate-0: its bricks were not read yet");
    model.panes.focus = Pane::Volumes;
    let row = told(&mut model, "home");
    assert_eq!(row, "home: its bricks were not read yet, no task");
}

#[test]
fn a_long_name_gives_way_to_the_age_of_its_bricks() {
    let mut model = quiet();
    alter(&mut model, "home", |state| {
        let volume = Arc::make_mut(&mut state.volume);
        volume.name = "home-of-all-the-people".into();
    });
    model.panes.volumes.selected = Some("home-of-all-the-people".into());
    let title = |width, height| {
        let screen = text(&model, &ascii(), width, height);
        let line = screen.lines().find(|line| line.contains("BRICKS of"));
        line.unwrap().trim_end().to_owned()
    };
    assert_snapshot!(title(80, 24), @"2 BRICKS of home-..eople ~23m ago  STATE      DISK          USED     FREE   USE%");
    assert_snapshot!(title(100, 30), @"2 BRICKS of home-of..-people ~ read 23m ago  STATE      DISK            USED     FREE   USE%  INODE%");
    assert_snapshot!(title(120, 40), @"2 BRICKS of home-of-a..he-people      ~ read 23m ago  STATE      PORT     PID  DEV    FS      USED    FREE   USE% INODE%");
}

#[test]
fn ages_on_a_quiet_screen_step_together_once_a_minute() {
    let mut model = quiet();
    for (name, seconds) in [("home", 185), ("media", 75), ("scratch", 333)] {
        let bricks = model.snapshot.volume(&"media".into()).unwrap().bricks.get();
        let bricks = bricks.unwrap().clone();
        alter(&mut model, name, |state| {
            state.bricks = Part::fresh(bricks, ago(seconds));
            state.space = Part::fresh(state.space.get().cloned().unwrap_or_default(), ago(3));
            state.task = Part::fresh(None, ago(3));
        });
    }
    find(&mut model, 0);
    let mut changes = Vec::new();
    let mut before = body(&model);
    for second in 1..=180 {
        later(&mut model, 1);
        let now = body(&model);
        if now != before {
            changes.push(second);
        }
        before = now;
    }
    // It is 31 seconds past the minute.
    assert_eq!(changes, [29, 89, 149]);
}

#[test]
fn what_was_never_read_does_not_look_healthy() {
    let mut model = model();
    model.began = ago(3);
    let known = model
        .snapshot
        .volume(&"home".into())
        .unwrap()
        .volume
        .clone();
    let volumes = (0..1_000).map(|n| {
        let mut volume = (*known).clone();
        volume.name = format!("v{n:04}").as_str().into();
        Arc::new(VolumeState::new(Arc::new(volume)))
    });
    let snapshot = Snapshot {
        volumes: Part::fresh(volumes.collect(), ago(0)),
        ..Snapshot::default()
    };
    let now = model.now;
    update(&mut model, now, Msg::Snapshot(Arc::new(snapshot)));
    model.panes.volumes.selected = Some("v0000".into());
    assert_eq!(known.status, VolumeStatus::Started);
    for (width, height) in [(80, 24), (120, 40)] {
        let screen = text(&model, &ascii(), width, height);
        let rows: Vec<_> = screen
            .lines()
            .filter(|line| line.contains("Replicate"))
            .collect();
        assert!(rows.len() > 5, "{screen}");
        for row in rows {
            assert_eq!(row.chars().nth(1), Some('~'), "{row}");
            assert!(!row.contains('/'), "no count of bricks: {row}");
        }
        let panes = screen.split("EVENTS").next().unwrap_or_default();
        assert!(!panes.contains("online"), "{screen}");
    }
    assert_snapshot!("never_read_80x24", text(&model, &ascii(), 80, 24));
}

#[test]
fn many_old_volumes_stand_behind_every_alarm() {
    let mut model = quiet();
    let second = |model: &Model| {
        let screen = text(model, &ascii(), 80, 24);
        screen.lines().nth(1).unwrap_or_default().to_owned()
    };
    assert_snapshot!(second(&model), @"- brick states of some volumes were read more than 20m ago");
    alter(&mut model, "media", |state| {
        let bricks = state.bricks.get().unwrap().clone();
        let mut bricks: Vec<_> = bricks.into_iter().collect();
        bricks[0].1.online = Some(false);
        state.bricks = Part::fresh(bricks.into_iter().collect(), ago(3));
    });
    find(&mut model, 0);
    assert_snapshot!(second(&model), @"X media: brick gl-01:/bricks/m0/media offline   - brick states of so..   e all 3");
}

#[test]
fn a_slower_pace_makes_nothing_stale() {
    let mut model = quiet();
    model.now.steady += Duration::from_secs(38);
    assert!(matches!(model.link(), Link::Stale(_)));
    Arc::make_mut(&mut model.snapshot).watching.every = Duration::from_secs(15);
    assert_eq!(model.link(), Link::Live);
    model.now.steady += Duration::from_secs(10);
    assert!(matches!(model.link(), Link::Stale(_)));
    // The shortest pace is not that impatient.
    Arc::make_mut(&mut model.snapshot).watching.every = Duration::from_secs(1);
    model.interval = Duration::from_secs(1);
    assert_eq!(model.stale_after(), Duration::from_secs(15));
}

#[test]
fn what_watching_costs_is_told_with_the_alarms_and_below_a_task() {
    let mut model = model();
    Arc::make_mut(&mut model.snapshot).watching = Watching {
        rest: Duration::ZERO,
        every: Duration::from_secs(10),
        counted: Duration::from_secs(600),
        locking: 58,
        inside: Duration::from_millis(2_400),
        logged: 22_573,
        held_back: 4,
    };
    let told = |model: &Model, width, height| {
        let screen = text(model, &ascii(), width, height);
        let from = screen.lines().skip_while(|line| !line.contains("WATCHING"));
        let lines = from.take_while(|line| line.starts_with("  ") && !line.trim().is_empty());
        lines.collect::<Vec<_>>().join("\n")
    };
    model.views = vec![View::Alarms { scroll: 0 }];
    assert_snapshot!(told(&model, 80, 24), @r"
    WATCHING  5.8 locking questions/min, 0.4% of the time inside them (limit 5%),
              reads every 10s, logs 3.10 MiB/day on this node; held back x4: locks
              are held by others
    ");
    assert_snapshot!(told(&model, 120, 40), @r"
    WATCHING  5.8 locking questions/min, 0.4% of the time inside them (limit 5%), reads every 10s, logs 3.10 MiB/day on
              this node; held back x4: locks are held by others
    ");
    let volume = "media".into();
    model.views = vec![View::TaskStatus { volume, scroll: 0 }];
    assert_snapshot!("watching_status_120x40", text(&model, &ascii(), 120, 40));
    assert_eq!(told(&model, 80, 24), "", "the task needs the room");
    let volume = "scratch".into();
    model.views = vec![View::TaskStatus { volume, scroll: 0 }];
    Arc::make_mut(&mut model.snapshot).watching.held_back = 1;
    assert_snapshot!("watching_status_80x24", text(&model, &ascii(), 80, 24));
    Arc::make_mut(&mut model.snapshot).watching.counted = Duration::from_secs(59);
    assert_snapshot!(told(&model, 120, 40), @"  WATCHING  ~ locking questions/min, ~ of the time inside them (limit 5%), reads every 10s, logs ~/day on this node");
}
