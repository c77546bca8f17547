//! The main view and the views over it.

use std::sync::Arc;
use std::time::Duration;

use insta::assert_snapshot;

use crate::app::rows::TaskRowId;
use crate::app::{Model, Pane, Source, View};
use crate::model::{
    Asking, EndedTask, Ending, Fault, FaultKind, Part, Snapshot, TaskKind, TaskState,
};
use crate::ui::testing::{
    ago, alter, alter_task, ascii, empty, empty_pool, find, model, styles, utf8,
};
use crate::ui::text;

const SIZES: [(u16, u16); 5] = [(80, 24), (120, 40), (60, 20), (40, 10), (100, 30)];

fn status(model: &mut Model, volume: &str) {
    let volume = volume.into();
    model.views = vec![View::TaskStatus { volume, scroll: 0 }];
}

#[test]
fn main_view() {
    for (width, height) in SIZES {
        let name = format!("main_{width}x{height}");
        assert_snapshot!(name, text(&model(), &ascii(), width, height));
    }
    assert_snapshot!("main_utf8_120x40", text(&model(), &utf8(), 120, 40));
}

/// A lost reverse or colour is seen here: one letter for each style.
#[test]
fn main_view_in_styles() {
    assert_snapshot!(styles(&model(), ascii(), 80, 24));
}

#[test]
fn a_stale_cluster_keeps_its_rows_and_says_what_still_works() {
    let mut model = model();
    let mut snapshot = (*model.snapshot).clone();
    snapshot.volumes.fail(Fault {
        kind: FaultKind::DaemonDown,
        command: "gluster --mode=script --xml --log-file=/dev/null volume info".into(),
        message: "Connection failed. Please check if gluster daemon is operational.".into(),
        since: ago(0),
    });
    model.snapshot = Arc::new(snapshot);
    model.now.steady += Duration::from_secs(180);
    find(&mut model, 0);
    assert_snapshot!("stale_80x24", text(&model, &ascii(), 80, 24));
    assert_snapshot!("stale_40x10", text(&model, &ascii(), 40, 10));
}

#[test]
fn one_unreadable_volume_does_not_blind_the_screen() {
    let mut model = model();
    let usual = text(&model, &ascii(), 80, 24);
    Arc::make_mut(&mut model.snapshot).volumes.fail(Fault {
        kind: FaultKind::BadOutput,
        command: "gluster volume info odd".into(),
        message: "a byte that XML cannot carry".into(),
        since: ago(90),
    });
    let rows = |screen: &str| {
        screen
            .lines()
            .skip(2)
            .map(str::to_owned)
            .collect::<Vec<_>>()
    };
    assert_eq!(rows(&text(&model, &ascii(), 80, 24)), rows(&usual));
}

/// What failed is marked, as what grew old is; what was read is not.
#[test]
fn a_volume_that_cannot_be_read_is_in_doubt() {
    let fault = Fault {
        kind: FaultKind::Timeout,
        command: "gluster volume status media".into(),
        message: "no answer".into(),
        since: ago(20),
    };
    let mut model = model();
    alter(&mut model, "media", |state| {
        state.bricks.fail(fault.clone());
        state.space.fail(fault.clone());
        state.task.fail(fault);
    });
    assert_snapshot!("doubt_80x24", text(&model, &ascii(), 80, 24));
    assert_snapshot!("doubt_120x40", text(&model, &ascii(), 120, 40));
    status(&mut model, "media");
    assert_snapshot!("doubt_status", text(&model, &ascii(), 80, 24));
    let first = styles(&model, ascii(), 80, 24);
    assert_eq!(first.lines().next().unwrap().find('y'), Some(35));
}

#[test]
fn progress_that_nobody_read_for_a_while_has_no_rate() {
    let mut model = model();
    alter_task(&mut model, "scratch", |task| {
        for node in &mut task.nodes {
            node.taken = Some(ago(130));
        }
    });
    let screen = text(&model, &ascii(), 80, 24);
    let row = |name: &str| screen.lines().find(|line| line.contains(name)).unwrap();
    assert_eq!(
        row(" rebalance "),
        " ~ rebalance    scratch [########>.....] ~61%          -      -    3  ##########"
    );
    assert!(row(" remove-brick ").contains("114 MiB/s"));
    status(&mut model, "scratch");
    let screen = text(&model, &ascii(), 80, 24);
    assert!(screen.contains("~ read 2m ago"), "{screen}");
    assert!(screen.contains("in progress as last seen"), "{screen}");
}

#[test]
fn unknown_bricks_do_not_read_as_an_outage() {
    let row = |model: &Model| {
        let screen = text(model, &ascii(), 80, 24);
        let row = screen.lines().find(|line| line.contains(" home "));
        row.unwrap().to_owned()
    };
    let mut model = model();
    alter(&mut model, "home", |state| {
        let bricks = state.bricks.get().unwrap().clone().into_iter();
        let others = bricks.filter(|(brick, _)| brick.as_str() != "gl-06:/bricks/h0/home");
        state.bricks = Part::fresh(others.collect(), ago(3));
    });
    find(&mut model, 0);
    let shown = row(&model);
    assert!(
        shown.starts_with(" ~ home") && shown.contains(" 2?/3 "),
        "{shown}"
    );
    let styles = styles(&model, ascii(), 80, 24);
    assert!(!styles.contains('r') && !styles.contains('X'), "{styles}");
}

#[test]
fn a_host_without_gluster_says_so() {
    let mut model = empty();
    let mut snapshot = Snapshot::default();
    snapshot.volumes.fail(Fault {
        kind: FaultKind::NotFound,
        command: "gluster --version".into(),
        message: "gluster: no such file".into(),
        since: ago(4),
    });
    model.snapshot = Arc::new(snapshot);
    find(&mut model, 0);
    assert_snapshot!(text(&model, &ascii(), 80, 24));
}

#[test]
fn an_empty_pool_says_what_to_do() {
    assert_snapshot!(text(&empty_pool(), &ascii(), 80, 24));
}

#[test]
fn the_first_frame_names_the_question() {
    let mut model = empty();
    model.snapshot = Arc::new(Snapshot {
        asking: Some(Asking {
            question: "gluster volume info".into(),
            since: ago(2),
        }),
        ..Snapshot::default()
    });
    assert_snapshot!(text(&model, &ascii(), 80, 24));
}

#[test]
fn the_demo_says_that_nothing_is_real() {
    let mut model = model();
    model.session.source = Source::Demo { pace: 60 };
    let screen = text(&model, &ascii(), 80, 24);
    assert_snapshot!(screen.lines().next().unwrap(), @"glustop  DEMO   no real cluster, nothing here is real         x60 time  12:04:31");
}

#[test]
fn the_header_says_how_the_line_fares() {
    let head = |model: &Model| {
        let screen = text(model, &ascii(), 80, 24);
        screen.lines().next().unwrap_or_default().to_owned()
    };
    let mut paused = model();
    paused.paused = Some(ago(60));
    assert_snapshot!(head(&paused), @"glustop  gl-01  peers 6/6  vols 4  tasks 2          [RW]    PAUSED 60s  12:04:31");
    let mut waiting = model();
    Arc::make_mut(&mut waiting.snapshot).asking = Some(Asking {
        question: "gluster volume status media".into(),
        since: ago(23),
    });
    assert_snapshot!(head(&waiting), @"glustop  gl-01  peers 6/6  vols 4  tasks 2          [RW]      WAIT 23s  12:04:31");
}

#[test]
fn a_zoomed_pane_has_all_rows_and_a_filter_shows_itself() {
    let mut model = model();
    model.panes.zoom = true;
    model.panes.focus = Pane::Bricks;
    let mut input = tui_input::Input::default();
    crate::app::field::paste(&mut input, "m2");
    model.panes.bricks.filter.set("m2");
    model.panes.bricks.filter.editing = Some(input);
    assert_snapshot!(text(&model, &ascii(), 80, 16));
}

#[test]
fn task_status_of_a_remove_brick() {
    let mut model = model();
    status(&mut model, "media");
    for (width, height) in SIZES {
        let name = format!("status_{width}x{height}");
        assert_snapshot!(name, text(&model, &ascii(), width, height));
    }
}

#[test]
fn task_status_of_a_rebalance_with_a_silent_node() {
    let mut model = model();
    status(&mut model, "scratch");
    alter_task(&mut model, "scratch", |task| {
        task.nodes[2].reported = false;
        task.nodes[2].taken = Some(ago(130));
    });
    find(&mut model, 60);
    assert_snapshot!(text(&model, &ascii(), 80, 24));
}

#[test]
fn task_status_of_a_fix_layout_and_of_an_ended_task() {
    let mut model = model();
    status(&mut model, "scratch");
    alter_task(&mut model, "scratch", |task| {
        task.kind = TaskKind::FixLayout;
    });
    assert_snapshot!("status_fix_layout", text(&model, &ascii(), 80, 24));

    let mut ended = None;
    alter(&mut model, "media", |state| {
        ended = state.task().cloned();
        state.task = Part::fresh(None, ago(2));
    });
    let mut task = ended.unwrap();
    for node in &mut task.nodes {
        node.state = TaskState::Stopped;
    }
    Arc::make_mut(&mut model.snapshot).ended = vec![Arc::new(EndedTask {
        volume: "media".into(),
        task,
        ending: Ending::Stopped,
        at: ago(900),
    })];
    status(&mut model, "media");
    let by_volume = text(&model, &ascii(), 80, 24);
    assert_snapshot!("status_ended", by_volume);
    let ended = &model.snapshot.ended[0];
    let row = TaskRowId {
        volume: ended.volume.clone(),
        task: ended.task.id.clone(),
    };
    model.views = vec![View::Ended { row, scroll: 0 }];
    let body = |screen: &str| {
        screen
            .lines()
            .take(20)
            .map(str::to_owned)
            .collect::<Vec<_>>()
    };
    assert_eq!(body(&text(&model, &ascii(), 80, 24)), body(&by_volume));
    model.views.clear();
    assert_snapshot!("main_ended_80x24", text(&model, &ascii(), 80, 24));
    assert_snapshot!("main_ended_120x40", text(&model, &ascii(), 120, 40));
}

#[test]
fn alarms() {
    let mut model = model();
    model.views = vec![View::Alarms { scroll: 0 }];
    assert_snapshot!(text(&model, &ascii(), 80, 24));
}

#[test]
fn help() {
    let mut model = model();
    model.views = vec![View::Help];
    assert_snapshot!("help_80x24", text(&model, &ascii(), 80, 24));
    assert_snapshot!("help_40x10", text(&model, &ascii(), 40, 10));
}

#[test]
fn the_menu_of_orders() {
    let mut model = model();
    let pane = Pane::Volumes;
    model.views = vec![View::Order { pane, cursor: 2 }];
    assert_snapshot!(text(&model, &ascii(), 80, 24));
}

#[test]
fn seconds_count_only_while_something_runs() {
    let header = |mut model: Model, seconds: u64| {
        model.paused = Some(ago(seconds));
        let screen = text(&model, &ascii(), 80, 24);
        screen.lines().next().unwrap_or_default().to_owned()
    };
    for (seconds, age) in [(30, "<1m"), (70, "1m"), (130, "2m")] {
        let quiet = header(empty_pool(), seconds);
        assert!(quiet.ends_with(&format!("PAUSED {age}  12:04")), "{quiet}");
    }
    let busy = header(model(), 30);
    assert!(busy.ends_with("PAUSED 30s  12:04:31"), "{busy}");
}
