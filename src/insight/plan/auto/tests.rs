use super::*;
use crate::insight::testing::{
    at, define, distribute, fault, names, node, set_online, set_task, snapshot, volume,
};
use crate::model::{FaultKind, Part};

const FRESH: Duration = Duration::from_secs(60);

/// Two of four bricks of `v`, drained clean on gl-02 and gl-03, after a change.
fn drained(change: impl FnOnce(&mut VolumeState)) -> Snapshot {
    let mut state = volume("v", distribute(), 4);
    let nodes = vec![node(2, TaskState::Completed), node(3, TaskState::Completed)];
    set_task(&mut state, TaskKind::RemoveBrick, &[1, 2], nodes);
    change(&mut state);
    snapshot(vec![state])
}

fn alter(state: &mut VolumeState, change: impl FnOnce(&mut Task)) {
    let mut task = state.task().unwrap().clone();
    change(&mut task);
    state.task = Part::fresh(Some(std::sync::Arc::new(task)), at(0));
}

fn judged(snapshot: &Snapshot, seconds: u64) -> Readiness {
    let id = TaskId::new("4c1b7f0e-aaaa-bbbb-cccc-0123456789ab");
    readiness(snapshot, &"v".into(), &id, at(seconds), FRESH)
}

/// `ready`, `not yet: ...` or `never: ...`.
fn said(snapshot: &Snapshot) -> String {
    match judged(snapshot, 10) {
        Ready(_) => "ready".to_owned(),
        NotYet(why) => format!("not yet: {why}"),
        Never(why) => format!("never: {why}"),
    }
}

#[test]
fn a_clean_drain_is_committed_with_its_own_bricks() {
    let snapshot = drained(|_| {});
    let Ready(Command::RemoveBrick {
        bricks,
        replica,
        step,
        ..
    }) = judged(&snapshot, 10)
    else {
        panic!("{}", said(&snapshot));
    };
    let state = snapshot.volume(&"v".into()).unwrap();
    assert_eq!(bricks, names(state, &[1, 2]));
    assert_eq!((replica, step), (None, RemoveStep::Commit));
}

type Change = fn(&mut VolumeState);

fn check(cases: &[(&str, Change)]) {
    for (wanted, change) in cases {
        assert_eq!(said(&drained(change)), *wanted);
    }
    assert_eq!(said(&drained(|_| {})), "ready", "none of the changes");
}

/// One gate after the other, each with everything else as it should be.
#[test]
fn every_gate_keeps_it_shut_alone() {
    check(&[
        ("never: the remove-brick was ended elsewhere", |s| {
            s.task = Part::fresh(None, at(0));
        }),
        ("never: the remove-brick was ended elsewhere", |s| {
            alter(s, |task| task.id = Some(TaskId::new("another")));
        }),
        ("not yet: the task list is not known", |s| {
            s.task = Part::default();
        }),
        ("never: the task is no remove-brick", |s| {
            alter(s, |task| task.kind = TaskKind::Rebalance);
        }),
        ("never: files failed or were skipped on gl-03", |s| {
            alter(s, |task| task.nodes[1].counters.failures = Some(1));
        }),
        ("never: files failed or were skipped on gl-02", |s| {
            alter(s, |task| task.nodes[0].counters.skipped = Some(1));
        }),
        ("never: the number of failed files is not known", |s| {
            alter(s, |task| task.nodes[0].counters.failures = None);
        }),
        ("never: gl-03 failed", |s| {
            alter(s, |task| task.nodes[1].state = TaskState::Failed);
        }),
        ("never: gl-02 stopped", |s| {
            alter(s, |task| task.nodes[0].state = TaskState::Stopped);
        }),
        ("never: gluster lists it as failed", |s| {
            alter(s, |task| task.listed = TaskState::Failed);
        }),
        ("never: brick gl-01:/bricks/v is offline", |s| {
            set_online(s, 0, Some(false));
        }),
        ("never: brick gl-03:/bricks/v is offline", |s| {
            set_online(s, 2, Some(false));
        }),
        ("never: geo-replication: 1 configured", |s| {
            s.own.geo_sessions = Some(1);
        }),
    ]);
}

/// The gates that wait for what is not known, or not known any more.
#[test]
fn what_is_not_known_keeps_it_shut() {
    check(&[
        (
            "not yet: whether geo-replication is configured is not known",
            |s| {
                s.own.geo_sessions = None;
            },
        ),
        ("not yet: still migrating", |s| {
            alter(s, |task| task.nodes[0].state = TaskState::InProgress);
        }),
        ("not yet: still migrating", |s| {
            alter(s, |task| {
                task.nodes[0].state = TaskState::InProgress;
                task.nodes[1].reported = false;
            });
        }),
        ("not yet: no node gives an answer", |s| {
            alter(s, |task| {
                for node in &mut task.nodes {
                    node.reported = false;
                }
            });
        }),
        ("not yet: no node gives an answer", |s| {
            alter(s, |task| task.nodes.clear());
        }),
        ("never: gl-03 gives no answer", |s| {
            alter(s, |task| task.nodes[1].reported = false);
        }),
        // It may still move files, but nobody says so.
        ("never: gl-03 gives no answer", |s| {
            alter(s, |task| {
                task.nodes[1].state = TaskState::InProgress;
                task.nodes[1].reported = false;
            });
        }),
        ("never: its state is unknown", |s| {
            alter(s, |task| task.nodes[1].state = TaskState::Unknown);
        }),
        (
            "never: whether brick gl-04:/bricks/v is online is not known",
            |s| {
                set_online(s, 3, None);
            },
        ),
        (
            "not yet: whether brick gl-01:/bricks/v is online is not known",
            |s| {
                s.bricks = Part::default();
            },
        ),
        ("not yet: the list of bricks could not be read", |s| {
            s.bricks.fail(fault(FaultKind::Busy, "", at(5)));
        }),
        ("not yet: the task could not be read", |s| {
            s.task.fail(fault(FaultKind::Timeout, "", at(5)));
        }),
        ("not yet: which bricks leave is not known", |s| {
            alter(s, |task| task.bricks.clear());
        }),
    ]);
}

#[test]
fn a_volume_that_is_gone_or_unreadable_is_not_committed() {
    assert_eq!(
        said(&snapshot(vec![])),
        "never: volume v does not exist any more"
    );
    let mut unreadable = drained(|_| {});
    unreadable
        .volumes
        .fail(fault(FaultKind::DaemonDown, "", at(5)));
    assert_eq!(
        said(&unreadable),
        "not yet: the definition could not be read"
    );
}

#[test]
fn every_reading_must_be_fresh() {
    let snapshot = drained(|_| {});
    assert!(matches!(judged(&snapshot, 60), Ready(_)));
    assert_eq!(
        judged(&snapshot, 61),
        NotYet("the definition was read too long ago".to_owned())
    );
    let again = |seconds| {
        let mut read = snapshot.clone();
        let volumes = read.volumes.get().cloned().unwrap();
        read.volumes = Part::fresh(volumes, at(seconds));
        read
    };
    let why = |snapshot: &Snapshot| match judged(snapshot, 90) {
        NotYet(why) => why,
        other => panic!("{other:?}"),
    };
    assert_eq!(why(&again(80)), "the list of bricks was read too long ago");
    let mut read = again(80);
    let mut state = (**read.volume(&"v".into()).unwrap()).clone();
    state.bricks = Part::fresh(state.bricks.get().cloned().unwrap(), at(80));
    read.volumes = Part::fresh(vec![state.clone().into()], at(80));
    assert_eq!(why(&read), "the task was read too long ago");
    // Its place in the task list makes the task fresh, but not its counters.
    state.task = Part::fresh(state.task.get().cloned().unwrap(), at(80));
    read.volumes = Part::fresh(vec![state.into()], at(80));
    assert_eq!(why(&read), "gl-02 answered too long ago");
}

#[test]
fn a_warning_of_the_commit_itself_is_for_an_admin() {
    let snapshot = drained(|s| define(s, |volume| volume.name = "v\u{fffd}".into()));
    let id = TaskId::new("4c1b7f0e-aaaa-bbbb-cccc-0123456789ab");
    let said = readiness(&snapshot, &"v\u{fffd}".into(), &id, at(10), FRESH);
    assert_eq!(
        said,
        Never("a name holds characters that could not be read exactly".to_owned())
    );
}
