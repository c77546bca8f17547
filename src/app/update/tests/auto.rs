//! The auto commit over time: once on a clean drain, and never in doubt.

use super::*;
use crate::app::auto::Watch;
use crate::gluster::Permit;
use crate::model::{Part, Snapshot, Task, TaskId};

const ID: &str = "4c1b7f0e-aaaa-bbbb-cccc-0123456789ab";

/// A volume of four bricks; two of them leave, or have left.
pub(super) fn drain(task_state: TaskState, change: impl FnOnce(&mut VolumeState)) -> VolumeState {
    let mut v = volume("v", distribute(), 4);
    let nodes = vec![node(2, task_state), node(3, task_state)];
    set_task(&mut v, TaskKind::RemoveBrick, &[1, 2], nodes);
    change(&mut v);
    v
}

fn alter(state: &mut VolumeState, change: impl FnOnce(&mut Task)) {
    let mut task = state.task().unwrap().clone();
    change(&mut task);
    state.task = Part::fresh(Some(Arc::new(task)), at(0));
}

/// The cluster as it is read at a moment: everything in it is as old as that.
fn read(state: &VolumeState, second: u64) -> Arc<Snapshot> {
    let now = at(second);
    let mut state = state.clone();
    if let Some(bricks) = state.bricks.get().cloned() {
        state.bricks = Part::fresh(bricks, now);
    }
    let task = state.task().cloned().map(|mut task| {
        for node in task.nodes.iter_mut().filter(|node| node.reported) {
            node.taken = Some(now);
        }
        Arc::new(task)
    });
    state.task = Part::fresh(task, now);
    let mut snapshot = cluster(vec![state]);
    let volumes = snapshot.volumes.get().cloned().unwrap();
    snapshot.volumes = Part::fresh(volumes, now);
    Arc::new(snapshot)
}

fn done(task: Option<&str>) -> JobEvent {
    JobEvent::Ended(Outcome {
        at: at(3),
        took: Duration::ZERO,
        exit: Some(0),
        result: JobResult::Done {
            task: task.map(TaskId::new),
            text: String::new(),
            progress: None,
        },
    })
}

/// A session that started the drain with auto commit, at second 5.
pub(super) fn armed() -> Model {
    let mut model = model(vec![volume("v", distribute(), 4)]);
    press(&mut model, 1, "2 Down Space Space D a");
    let effects = press(&mut model, 8, "y");
    let [command] = &jobs(&effects)[..] else {
        panic!("{effects:?}")
    };
    assert!(
        command.ends_with("gl-02:/bricks/v gl-03:/bricks/v start"),
        "{command}"
    );
    let id = model.dialog.as_ref().unwrap().jobs[0];
    update(&mut model, at(9), Msg::Job(id, done(Some(ID))));
    assert!(model.auto.armed().next().is_some());
    model
}

/// Lets seconds pass, one tick each, with a reading every fifth; gives what ran.
pub(super) fn pass(model: &mut Model, from: u64, to: u64, state: &VolumeState) -> Vec<String> {
    let mut ran = Vec::new();
    for second in from..to {
        let msg = if second % 5 == 0 {
            Msg::Snapshot(read(state, second))
        } else {
            Msg::Tick
        };
        ran.extend(jobs(&update(model, at(second), msg)));
    }
    ran
}

fn why(model: &Model) -> String {
    let watch = model.auto.get(&"v".into());
    watch.map_or_else(String::new, Watch::words)
}

fn title(model: &Model) -> bool {
    let dialog = model.dialog.as_ref();
    dialog.is_some_and(|dialog| matches!(dialog.kind, Kind::AutoCommit(_)))
}

#[test]
fn a_clean_drain_is_committed_once_after_half_a_minute() {
    let mut model = armed();
    assert_eq!(
        pass(&mut model, 10, 60, &drain(TaskState::InProgress, |_| {})),
        [""; 0]
    );
    assert_eq!(why(&model), "on (still migrating)");
    let clean = drain(TaskState::Completed, |_| {});
    assert_eq!(pass(&mut model, 60, 89, &clean), [""; 0]);
    assert!(title(&model));
    let shown: Vec<_> = model.dialog.as_ref().unwrap().offer.lines().collect();
    let ran = pass(&mut model, 89, 200, &clean);
    assert_eq!(ran, shown, "once, and exactly what the dialog showed");
    assert!(
        ran[0].ends_with("gl-02:/bricks/v gl-03:/bricks/v commit"),
        "{ran:?}"
    );
    // It fails; the same task is never committed by itself again, and r does not repeat it.
    let id = model.dialog.as_ref().unwrap().jobs[0];
    let failed = JobResult::Failed(Failure::new(FaultKind::Refused, "no"));
    let JobEvent::Ended(outcome) = done(None) else {
        unreachable!()
    };
    let failed = JobEvent::Ended(Outcome {
        result: failed,
        ..outcome
    });
    update(&mut model, at(200), Msg::Job(id, failed));
    assert_eq!(jobs(&press(&mut model, 201, "r y")), [""; 0]);
    press(&mut model, 204, "Esc");
    assert_eq!(pass(&mut model, 205, 400, &clean), [""; 0]);
    assert_eq!(why(&model), "disarmed: its commit was not carried out");
}

/// Each is armed, and would be committed but for one thing.
#[test]
fn any_doubt_disarms_it_before_and_during_the_countdown() {
    type Change = fn(&mut VolumeState);
    let cases: &[(&str, Change)] = &[
        ("files failed or were skipped on gl-03", |s| {
            alter(s, |task| task.nodes[1].counters.failures = Some(2));
        }),
        ("gl-02 failed", |s| {
            alter(s, |task| task.nodes[0].state = TaskState::Failed);
        }),
        ("gl-02 stopped", |s| {
            alter(s, |task| task.nodes[0].state = TaskState::Stopped);
        }),
        ("gl-03 gives no answer", |s| {
            alter(s, |task| task.nodes[1].reported = false);
        }),
        ("brick gl-04:/bricks/v is offline", |s| {
            set_online(s, 3, Some(false));
        }),
        ("geo-replication: 1 configured", |s| {
            s.own.geo_sessions = Some(1);
        }),
        ("the remove-brick was ended elsewhere", |s| {
            s.task = Part::fresh(None, at(0));
        }),
        ("the remove-brick was ended elsewhere", |s| {
            alter(s, |task| task.id = Some(TaskId::new("another")));
        }),
    ];
    for (reason, change) in cases {
        for doubt_at in [60, 75] {
            let mut model = armed();
            pass(&mut model, 10, 55, &drain(TaskState::InProgress, |_| {}));
            let mut ran = pass(
                &mut model,
                55,
                doubt_at,
                &drain(TaskState::Completed, |_| {}),
            );
            assert!(title(&model), "the countdown is on");
            ran.extend(pass(
                &mut model,
                doubt_at,
                300,
                &drain(TaskState::Completed, *change),
            ));
            assert_eq!(ran, [""; 0], "{reason}");
            assert!(!title(&model), "{reason}");
            let told = format!("auto commit disarmed: {reason}");
            let events = model.journal.events();
            assert!(
                events.iter().any(|event| event.text == told),
                "{told}: {events:?}"
            );
            // What comes right again is for an admin all the same.
            let ran = pass(&mut model, 300, 400, &drain(TaskState::Completed, |_| {}));
            assert_eq!(ran, [""; 0], "{reason}");
        }
    }
}

/// What the session does, rather than the cluster: at a second, up to another one.
#[test]
fn a_session_that_looks_away_lets_go() {
    type Do = fn(&mut Model, u64) -> u64;
    let cases: &[(&str, Do)] = &[
        ("glustop was suspended", |model, second| {
            let key = Key {
                code: KeyCode::Char('z'),
                ctrl: true,
            };
            let effects = update(model, at(second), Msg::Key(key));
            assert_eq!(effects, [Effect::Suspend]);
            second
        }),
        ("glustop was suspended", |model, second| {
            update(model, at(second), Msg::StoodStill);
            second
        }),
        ("glustop stood still for 60 s", |model, second| {
            // No message meanwhile, as after SIGSTOP; then a fresh reading.
            let clean = drain(TaskState::Completed, |_| {});
            let later = second + 59;
            update(model, at(later), Msg::Snapshot(read(&clean, later)));
            later
        }),
        ("reading was paused", |model, second| {
            model.paused = Some(at(second));
            update(model, at(second), Msg::Tick);
            model.paused = None;
            second
        }),
        ("this session is read-only", |model, second| {
            model.session.permit = Permit::ReadOnly;
            update(model, at(second), Msg::Tick);
            model.session.permit = Permit::Everything;
            second
        }),
        ("this is a dry run", |model, second| {
            model.session.permit = Permit::DryRun;
            update(model, at(second), Msg::Tick);
            model.session.permit = Permit::Everything;
            second
        }),
    ];
    let running = drain(TaskState::InProgress, |_| {});
    let clean = drain(TaskState::Completed, |_| {});
    for (reason, act) in cases {
        for (before, is_counting) in [(&running, false), (&clean, true)] {
            let mut model = armed();
            pass(&mut model, 10, 30, before);
            assert_eq!(title(&model), is_counting);
            let now = act(&mut model, 30);
            assert_eq!(why(&model), format!("disarmed: {reason}"));
            let ran = pass(&mut model, now + 1, now + 200, &clean);
            assert_eq!(ran, [""; 0], "{reason}");
        }
    }
}

#[test]
fn a_drain_that_was_not_armed_here_is_left_alone() {
    let clean = drain(TaskState::Completed, |_| {});
    let mut model = model(vec![drain(TaskState::InProgress, |_| {})]);
    assert_eq!(pass(&mut model, 1, 200, &clean), [""; 0]);
    assert!(!title(&model));
    // Nor one that was armed and did not start.
    let mut model = self::model(vec![volume("v", distribute(), 4)]);
    press(&mut model, 1, "2 Down Space Space D a y");
    let id = model.dialog.as_ref().unwrap().jobs[0];
    let JobEvent::Ended(outcome) = done(None) else {
        unreachable!()
    };
    let failed = JobResult::Failed(Failure::new(FaultKind::Timeout, "no answer"));
    let failed = JobEvent::Ended(Outcome {
        result: failed,
        ..outcome
    });
    update(&mut model, at(9), Msg::Job(id, failed));
    assert_eq!(pass(&mut model, 10, 200, &clean), [""; 0]);
}

#[test]
fn an_id_that_gluster_does_not_tell_is_learnt_from_the_bricks() {
    let mut model = model(vec![volume("v", distribute(), 4)]);
    press(&mut model, 1, "2 Down Space Space D a y");
    let id = model.dialog.as_ref().unwrap().jobs[0];
    update(&mut model, at(9), Msg::Job(id, done(None)));
    let with = |bricks: [usize; 2]| {
        drain(TaskState::Completed, |s| {
            let names = crate::insight::testing::names(s, &bricks);
            alter(s, |task| {
                task.bricks = names;
                task.first_seen = at(9);
            });
        })
    };
    let mut other = model.clone();
    assert_eq!(
        pass(&mut other, 10, 100, &with([0, 1])),
        [""; 0],
        "other bricks"
    );
    assert_eq!(pass(&mut model, 10, 100, &with([1, 2])).len(), 1);
}

#[test]
fn the_last_word_can_be_said_in_every_way() {
    let clean = drain(TaskState::Completed, |_| {});
    for key in ["h", "Esc", "q", "n", "Enter"] {
        let mut model = armed();
        pass(&mut model, 10, 25, &clean);
        assert!(title(&model));
        assert_eq!(jobs(&press(&mut model, 26, key)), [""; 0], "{key}");
        assert!(model.dialog.is_none(), "{key}");
        assert_eq!(why(&model), "held: you decide", "{key}");
        assert_eq!(pass(&mut model, 27, 200, &clean), [""; 0], "{key}");
    }
    let mut model = armed();
    pass(&mut model, 10, 25, &clean);
    assert_eq!(jobs(&press(&mut model, 26, "y")).len(), 1, "now");
    assert_eq!(
        pass(&mut model, 27, 200, &clean),
        [""; 0],
        "and never again"
    );
}

#[test]
fn it_takes_no_dialog_and_no_text_field_away() {
    let clean = drain(TaskState::Completed, |_| {});
    let mut model = armed();
    pass(&mut model, 10, 15, &drain(TaskState::InProgress, |_| {}));
    press(&mut model, 15, "1 T");
    assert_eq!(
        pass(&mut model, 18, 120, &clean),
        [""; 0],
        "it waits for its own dialog"
    );
    assert!(matches!(
        model.dialog.as_ref().unwrap().kind,
        Kind::Throttle(_)
    ));
    assert_eq!(model.auto.counting().unwrap().1, Duration::from_secs(5));
    press(&mut model, 120, "Esc");
    assert!(title(&model), "at once");
    assert_eq!(pass(&mut model, 121, 130, &clean).len(), 1);

    let mut model = armed();
    pass(&mut model, 10, 15, &drain(TaskState::InProgress, |_| {}));
    press(&mut model, 15, "1 /");
    assert_eq!(pass(&mut model, 18, 120, &clean), [""; 0]);
    assert!(model.dialog.is_none());
    press(&mut model, 120, "y Esc");
    assert!(title(&model));
}

#[test]
fn a_change_of_ones_own_is_the_admins_decision() {
    let mut model = armed();
    let running = drain(TaskState::InProgress, |_| {});
    pass(&mut model, 10, 20, &running);
    assert_eq!(jobs(&press(&mut model, 20, "S y")).len(), 1);
    assert_eq!(why(&model), "disarmed: you chose to stop remove-brick of v");
    let mut model = armed();
    pass(&mut model, 10, 20, &running);
    press(&mut model, 20, "T 1 y");
    assert_eq!(
        why(&model),
        "on (another command is on its way)",
        "throttling is none"
    );
}

#[test]
fn old_readings_are_asked_for_again_and_nothing_is_committed_on_them() {
    let mut model = armed();
    let clean = drain(TaskState::Completed, |_| {});
    update(&mut model, at(10), Msg::Snapshot(read(&clean, 10)));
    let mut looks = 0;
    let mut ran = Vec::new();
    for second in 11..200 {
        // The reader is stuck: ticks, but no news. The countdown holds at the front all the same.
        if second == 12 {
            press(&mut model, 12, "!");
        }
        let effects = update(&mut model, at(second), Msg::Tick);
        looks += effects
            .iter()
            .filter(|e| matches!(e, Effect::Look(_)))
            .count();
        ran.extend(jobs(&effects));
    }
    assert_eq!(ran, [""; 0]);
    assert!((10..25).contains(&looks), "{looks}");
    assert!(why(&model).starts_with("on (the "), "{}", why(&model));
}
