use std::collections::BTreeMap;
use std::path::PathBuf;
use std::time::Duration;

use jiff::tz::TimeZone;

use super::*;
use crate::app::dialog::Focus;
use crate::app::model::{Link, Session, Source};
use crate::config::Keymap;
use crate::gluster::{Failure, Launcher};
use crate::insight::testing::{
    at, distribute, node, replica, set_online, set_task, snapshot as cluster, volume,
};
use crate::job::{JobEvent, JobResult, Outcome};
use crate::model::{FaultKind, TaskKind, TaskState, VolumeState};

mod auto;
mod checks;
mod doubts;
mod emergency;
mod endings;
mod finish;
mod leave;
mod lists;
mod pulse;
mod typing;

fn model(volumes: Vec<VolumeState>) -> Model {
    let session = Session {
        source: Source::Local("gl-01".into()),
        launcher: Launcher {
            program: "gluster".into(),
            socket: None,
            ssh: None,
            state_dir: PathBuf::new(),
            python_helper: false,
        },
        permit: crate::gluster::Permit::Everything,
        patience: Duration::from_secs(180),
        keymap: Keymap::with(&BTreeMap::new()).unwrap(),
        handover: vec!["glustop".into()],
        zone: TimeZone::UTC,
        bell: true,
        alarms: crate::config::Alarms::default(),
        lock_share_percent: 5,
    };
    let mut model = Model::new(session, Duration::from_secs(5), at(0));
    update(&mut model, at(0), Msg::Resize(80, 24));
    update(&mut model, at(0), Msg::Snapshot(Arc::new(cluster(volumes))));
    model
}

/// Presses keys a second apart, from a given second on.
fn press(model: &mut Model, second: u64, keys: &str) -> Vec<Effect> {
    let mut effects = Vec::new();
    for (n, key) in keys.split(' ').enumerate() {
        let now = at(second + n as u64);
        effects.extend(update(model, now, Msg::Key(key.parse().unwrap())));
    }
    effects
}

fn running(kind: TaskKind, bricks: &[usize]) -> VolumeState {
    let mut v = volume("v", distribute(), 3);
    set_task(&mut v, kind, bricks, vec![node(1, TaskState::InProgress)]);
    v
}

fn jobs(effects: &[Effect]) -> Vec<String> {
    let run = effects.iter().filter_map(|effect| match effect {
        Effect::Run(job) => Some(job.order.argv().to_string()),
        _ => None,
    });
    run.collect()
}

#[test]
fn the_offer_that_is_shown_is_the_order_that_runs() {
    let mut model = model(vec![running(TaskKind::RemoveBrick, &[1])]);
    press(&mut model, 1, "S");
    let shown: Vec<_> = model.dialog.as_ref().unwrap().offer.lines().collect();
    assert_eq!(jobs(&press(&mut model, 2, "y")), shown);
    assert!(
        shown[0].ends_with("volume remove-brick v gl-02:/bricks/v stop"),
        "{shown:?}"
    );
}

#[test]
fn a_new_snapshot_that_changes_the_offer_must_be_confirmed_anew() {
    let mut model = model(vec![volume("v", replica(3, 0), 6)]);
    press(&mut model, 1, "R");
    let mut degraded = volume("v", replica(3, 0), 6);
    for brick in 0..3 {
        set_online(&mut degraded, brick, Some(false));
    }
    update(
        &mut model,
        at(10),
        Msg::Snapshot(Arc::new(cluster(vec![degraded]))),
    );
    let dialog = model.dialog.as_ref().unwrap();
    assert!(
        dialog
            .changed
            .as_ref()
            .unwrap()
            .contains("a sub-volume is down")
    );
    assert_eq!(press(&mut model, 20, "y"), []);
    assert!(model.dialog.is_some(), "it stays and says why");
    let whole = cluster(vec![volume("v", replica(3, 0), 6)]);
    update(&mut model, at(30), Msg::Snapshot(Arc::new(whole)));
    let key = Msg::Key(Key::char('y'));
    assert_eq!(
        update(&mut model, at(30), key),
        [],
        "a key meant for what was there before"
    );
    assert_eq!(jobs(&press(&mut model, 31, "y")).len(), 1);
}

#[test]
fn enter_never_confirms_and_the_opening_key_never_confirms() {
    for (volumes, key) in [
        (vec![volume("v", distribute(), 3)], "R"),
        (vec![volume("v", distribute(), 3)], "D"),
        (vec![running(TaskKind::Rebalance, &[])], "S"),
        (vec![volume("v", distribute(), 3)], "T"),
        (vec![running(TaskKind::Rebalance, &[])], "!"),
    ] {
        let mut model = model(volumes);
        press(&mut model, 1, key);
        assert_eq!(model.dialog.as_ref().unwrap().focus, Focus::Safe, "{key}");
        assert_eq!(jobs(&press(&mut model, 2, "Tab Enter")), [""; 0], "{key}");
        assert_eq!(jobs(&press(&mut model, 5, key)), [""; 0], "{key} {key}");
        press(&mut model, 7, "Esc Esc");
        press(&mut model, 10, key);
        assert_eq!(jobs(&press(&mut model, 12, "Enter")), [""; 0], "{key}");
        assert!(
            model.dialog.is_none(),
            "Enter on the safe button of {key} closes"
        );
    }
}

#[test]
fn a_job_is_followed_and_a_failure_stays_on_the_screen() {
    let mut model = model(vec![running(TaskKind::Rebalance, &[])]);
    press(&mut model, 1, "S y");
    let id = model.dialog.as_ref().unwrap().jobs[0];
    let busy = JobEvent::Busy {
        attempt: 1,
        message: "Another transaction is in progress for v.".into(),
    };
    update(
        &mut model,
        at(4),
        Msg::Job(id, JobEvent::Running { attempt: 1 }),
    );
    update(&mut model, at(5), Msg::Job(id, busy));
    assert!(explain::message(&model).contains("try 1: Another transaction"));
    assert_eq!(
        press(&mut model, 6, "Esc"),
        [Effect::GiveUp(id)],
        "Esc stops trying"
    );
    let ended = |result| {
        JobEvent::Ended(Outcome {
            at: at(7),
            took: Duration::ZERO,
            exit: Some(0),
            result,
        })
    };
    let failed = JobResult::Failed(Failure::new(FaultKind::Refused, "no"));
    update(&mut model, at(7), Msg::Job(id, ended(failed)));
    assert!(model.dialog.is_some());
    assert_eq!(
        model.journal.events()[0].text,
        "stop rebalance of v: failed: no"
    );
    press(&mut model, 8, "r");
    assert!(model.dialog.as_ref().unwrap().is_asking(), "r asks again");
    press(&mut model, 9, "y");
    let id = model.dialog.as_ref().unwrap().jobs[0];
    let done = JobResult::Done {
        task: None,
        text: String::new(),
        progress: None,
    };
    update(&mut model, at(10), Msg::Job(id, ended(done)));
    assert!(
        model.dialog.is_none(),
        "what went well needs no more attention"
    );
}

#[test]
fn the_cursor_stays_on_its_row_when_the_order_changes() {
    let mut model = model(vec![
        volume("a", distribute(), 2),
        volume("v", distribute(), 3),
    ]);
    press(&mut model, 1, "g");
    let name = |model: &Model| model.target().unwrap().volume.name.to_string();
    assert_eq!(name(&model), "a");
    // The task puts v on top of the list.
    let after = cluster(vec![
        volume("a", distribute(), 2),
        running(TaskKind::Rebalance, &[]),
    ]);
    update(&mut model, at(5), Msg::Snapshot(Arc::new(after)));
    assert_eq!(name(&model), "a");
    press(&mut model, 6, "Up");
    assert_eq!(name(&model), "v");
}

#[test]
fn marks_choose_what_a_dialog_is_about() {
    let mut model = model(vec![
        volume("a", distribute(), 2),
        volume("b", distribute(), 3),
    ]);
    press(&mut model, 1, "Space Space R");
    assert_eq!(jobs(&press(&mut model, 9, "y")).len(), 2);
    let mut model = self::model(vec![volume("v", replica(3, 0), 6)]);
    press(&mut model, 1, "2 Space D");
    let shown: Vec<_> = model.dialog.as_ref().unwrap().offer.lines().collect();
    assert!(
        shown[0].ends_with("gl-01:/bricks/v gl-02:/bricks/v gl-03:/bricks/v start"),
        "{shown:?}"
    );
}

#[test]
fn a_warning_of_one_of_several_volumes_is_news() {
    let volumes = |degraded: &[&str]| {
        ["a", "b"].map(|name| {
            let mut state = volume(name, replica(3, 0), 6);
            if degraded.contains(&name) {
                set_online(&mut state, 0, Some(false));
            }
            state
        })
    };
    let mut model = model(volumes(&["a"]).to_vec());
    press(&mut model, 1, "Space Space R");
    let warned = |model: &Model| {
        let offer = &model.dialog.as_ref().unwrap().offer;
        let texts = offer.checks.iter().map(|check| check.text.clone());
        texts.filter(|text| text.contains("offline")).count()
    };
    assert_eq!((warned(&model), changed(&model)), (1, None));
    let both = cluster(volumes(&["a", "b"]).to_vec());
    update(&mut model, at(9), Msg::Snapshot(Arc::new(both)));
    assert_eq!(warned(&model), 2);
    assert!(changed(&model).is_some_and(|text| text.contains("b: a brick is offline")));
}

fn changed(model: &Model) -> Option<String> {
    model
        .dialog
        .as_ref()
        .and_then(|dialog| dialog.changed.clone())
}

#[test]
fn orders_filters_and_views_come_and_go() {
    let mut model = model(vec![
        volume("a", distribute(), 2),
        running(TaskKind::Rebalance, &[]),
    ]);
    let first = |model: &Model| {
        let rows = crate::app::rows::volumes(model);
        rows.get(0).unwrap().volume.name.to_string()
    };
    press(&mut model, 1, "o 1");
    assert_eq!(first(&model), "a");
    press(&mut model, 4, "o 1");
    assert_eq!(first(&model), "v", "the same again turns it");
    // A cursor stops at the last line of its menu.
    press(&mut model, 6, "o End Down Up");
    assert!(matches!(
        model.views.last(),
        Some(View::Order { cursor: 5, .. })
    ));
    model.views.clear();
    press(&mut model, 11, "/ a");
    assert_eq!(crate::app::rows::volumes(&model).len(), 1);
    press(&mut model, 13, "Enter Esc");
    assert_eq!(crate::app::rows::volumes(&model).len(), 2);
    press(&mut model, 16, "3 t");
    assert!(matches!(model.views.last(), Some(View::TaskStatus { .. })));
    press(&mut model, 19, "? q q");
    assert!(model.views.is_empty());
    assert_eq!(press(&mut model, 23, "q"), [Effect::Quit]);
}

#[test]
fn pause_interval_copy_and_the_bell() {
    let mut model = model(vec![volume("v", distribute(), 3)]);
    assert_eq!(press(&mut model, 1, "p"), [Effect::Pause(true)]);
    assert_eq!(model.link(), Link::Paused(Duration::ZERO));
    assert_eq!(
        press(&mut model, 2, "p + - r"),
        [
            Effect::Pause(false),
            Effect::Interval(Duration::from_secs(10)),
            Effect::Interval(Duration::from_secs(5)),
            Effect::ReadNow,
        ]
    );
    assert_eq!(press(&mut model, 9, "c"), [Effect::Copy("v".into())]);
    let mut dead = volume("v", distribute(), 3);
    set_online(&mut dead, 0, Some(false));
    let bad = Arc::new(cluster(vec![dead]));
    assert_eq!(
        update(&mut model, at(10), Msg::Snapshot(bad.clone())),
        [Effect::Bell]
    );
    assert_eq!(
        update(&mut model, at(11), Msg::Snapshot(bad)),
        [],
        "once for each new one"
    );
}

#[test]
fn a_name_with_an_escape_sequence_stays_an_argument() {
    let mut model = model(vec![volume("a\u{1b}[2J;reboot", distribute(), 3)]);
    press(&mut model, 1, "R");
    let effects = press(&mut model, 3, "y");
    let Some(Effect::Run(job)) = effects.first() else {
        panic!("{effects:?}")
    };
    assert!(
        job.order
            .argv()
            .words()
            .contains(&"a\u{1b}[2J;reboot".to_owned())
    );
}
