//! The alarms of a running task.

use std::sync::Arc;

use super::*;
use crate::insight::testing::names;
use crate::model::{Baseline, Part, Sample, Task, Usage, VolumeState};

const MIB: u64 = 1 << 20;

/// The second brick of three leaves; 40 of its 100 GiB were in use, and 10 have gone in half an
/// hour.
fn draining() -> VolumeState {
    let mut state = volume("v", distribute(), 3);
    let nodes = vec![node(2, TaskState::InProgress)];
    set_task(&mut state, TaskKind::RemoveBrick, &[1], nodes);
    state
}

fn change(state: &mut VolumeState, change: impl FnOnce(&mut Task)) {
    let mut task = state.task().unwrap().clone();
    change(&mut task);
    state.task = Part::fresh(Some(Arc::new(task)), at(0));
}

/// Readings of one brick, in MiB in use; the last one is its space now.
fn read(state: &mut VolumeState, brick: usize, readings: &[(u64, u64)]) {
    let name = names(state, &[brick]).remove(0);
    change(state, |task| {
        let mut usage = Usage::default();
        for other in task.usage.bricks() {
            // The one of `set_task` gives way to one of the same moment.
            let known = task
                .usage
                .of(other)
                .filter(|_| *other != name || readings[0].0 > 0);
            known.for_each(|&(second, used)| usage.push(other, second, used));
        }
        for &(second, used) in readings {
            usage.push(&name, at(second).wall, used * MIB);
        }
        task.usage = Arc::new(usage);
    });
    let (_, used) = readings.last().unwrap();
    set_space(state, brick, |space| {
        space.free = Some(space.total.unwrap() - used * MIB);
    });
}

/// Counters of the task and of its only node, in GiB; the last one was read now.
fn count(state: &mut VolumeState, moved: &[(u64, u64)]) {
    change(state, |task| {
        for &(second, gib) in moved {
            let sample = Sample {
                at: at(second).wall,
                bytes: gib * GIB,
                files: gib,
                scanned: gib,
            };
            task.trail.push(sample);
            task.nodes[0].trail.push(sample);
            task.nodes[0].counters.bytes = Some(gib * GIB);
            task.nodes[0].taken = Some(at(second));
            task.nodes[0].ticked = Some(at(second));
            task.nodes[0].moved = Some(at(second));
        }
    });
}

/// `severity code: text` of everything found.
fn told(state: &VolumeState) -> Vec<String> {
    let thresholds = Thresholds {
        stale: Duration::from_secs(86_400),
        unread: Duration::from_secs(86_400),
        ..Thresholds::default()
    };
    findings(&snapshot(vec![state.clone()]), at(2_000), &thresholds)
        .iter()
        .map(|f| format!("{} {}: {}", f.severity.as_str(), f.code, f.text))
        .collect()
}

/// In use, of 100 GiB, so that so many GiB are free.
fn with_free(gib: u64) -> u64 {
    (100 - gib) * 1024
}

#[test]
fn what_fits_is_no_alarm() {
    assert_eq!(told(&draining()), [""; 0]);
}

#[test]
fn what_will_not_fit_is_told_from_the_first_reading_on() {
    let mut state = draining();
    // 40 GiB are to come in even shares; gluster keeps one percent free.
    for brick in [0, 2] {
        set_space(&mut state, brick, |space| space.free = Some(20 * GIB));
    }
    let critical = |host: &str| {
        format!(
            "critical brick-full-soon: v: {host}:/bricks/v will be full before the end: S stops, \
             T slows (20.0 GiB to come, room for 19.0 GiB)"
        )
    };
    assert_eq!(told(&state), [critical("gl-01"), critical("gl-03")]);
    for brick in [0, 2] {
        set_space(&mut state, brick, |space| space.free = Some(22 * GIB));
    }
    let warning = |host: &str| {
        format!(
            "warning brick-full-soon: v: {host}:/bricks/v will be 98% full when the remove-brick \
             is done (limit 90%)"
        )
    };
    assert_eq!(told(&state), [warning("gl-01"), warning("gl-03")]);
    define(&mut state, |volume| {
        volume.options.insert("storage.reserve".into(), "5%".into());
    });
    assert!(
        told(&state)[0].starts_with("critical"),
        "{:?}",
        told(&state)
    );
}

#[test]
fn a_full_brick_beside_an_empty_one_is_no_alarm() {
    let mut state = draining();
    set_space(&mut state, 0, |space| space.free = Some(12 * GIB));
    set_space(&mut state, 2, |space| space.free = Some(100 * GIB));
    assert_eq!(told(&state), [""; 0]);
    set_space(&mut state, 0, |space| space.free = Some(8 * GIB));
    let told = told(&state);
    assert!(
        !told.iter().any(|told| told.contains("full-soon")),
        "{told:?}"
    );
}

#[test]
fn a_brick_that_fills_faster_than_the_task_ends_is_told_in_time() {
    let mut state = draining();
    count(&mut state, &[(0, 10), (150, 11), (300, 12)]);
    read(&mut state, 1, &[(300, 38 * 1024)]);
    // Clients write there as well: 30 MiB a second, for 29 GiB.
    let grown = 30 * 300;
    read(
        &mut state,
        2,
        &[(0, with_free(30) - grown), (300, with_free(30))],
    );
    assert_eq!(
        told(&state),
        [
            "critical brick-full-soon: v: gl-03:/bricks/v full in about 16m, remove-brick needs \
             1h35m: S stops, T slows"
        ]
    );
}

#[test]
fn seconds_of_history_are_enough_where_a_brick_fills_fast() {
    let mut state = volume("v", distribute(), 3);
    let nodes = vec![node(1, TaskState::InProgress)];
    set_task(&mut state, TaskKind::Rebalance, &[], nodes);
    read(&mut state, 2, &[(0, with_free(30)), (6, with_free(29))]);
    assert_eq!(
        told(&state)[0].split(": S").next().unwrap(),
        "critical brick-full-soon: v: gl-03:/bricks/v full in about 2m, no end in sight"
    );
    // The quiet minute before the task would make it look slow.
    change(&mut state, |task| task.first_seen = at(60));
    let before = (0, with_free(30));
    let after = [(60, with_free(30)), (66, with_free(29))];
    read(&mut state, 2, &[before, after[0]]);
    assert_eq!(told(&state), [""; 0]);
    read(&mut state, 2, &[before, after[0], after[1]]);
    assert_eq!(
        told(&state)[0].split(": S").next().unwrap(),
        "critical brick-full-soon: v: gl-03:/bricks/v full in about 2m, no end in sight"
    );
    // A minute's worth of the same is not told twice, and a slow one not at all.
    let mut state = volume("v", distribute(), 3);
    let nodes = vec![node(1, TaskState::InProgress)];
    set_task(&mut state, TaskKind::Rebalance, &[], nodes);
    read(&mut state, 2, &[(0, with_free(30)), (6, with_free(30) + 1)]);
    assert_eq!(told(&state), [""; 0]);
}

#[test]
fn counters_that_stand_still_beside_a_brick_that_grows_are_one_large_file() {
    let still = |minutes: u64, grown: u64| {
        let mut state = draining();
        let last = minutes * 60;
        count(&mut state, &[(0, 10), (last - 5, 10), (last, 10)]);
        let used = 40 * 1024;
        read(&mut state, 0, &[(last, used + grown)]);
        change(&mut state, |task| task.nodes[0].moved = Some(at(0)));
        let stalled = told(&state);
        let stalled = stalled.into_iter().filter(|told| told.contains("stalled"));
        stalled.collect::<Vec<_>>().join(";")
    };
    assert_eq!(still(2, 0), "");
    assert_eq!(
        still(4, 0),
        "warning task-stalled: v: remove-brick on gl-02: no counter moved for 4m"
    );
    assert!(still(16, 0).starts_with("critical"));
    assert_eq!(
        still(16, 9 * 1024),
        "warning task-stalled: v: remove-brick on gl-02: counters stand still for 16m, but \
         gl-01:/bricks/v grew 9.00 GiB: one large file?"
    );
    assert!(
        still(16, 10).starts_with("critical"),
        "a trickle is no file"
    );
}

#[test]
fn one_reading_after_a_clock_was_set_forward_is_no_stall() {
    let stalled = |moved: &[(u64, u64)]| {
        let mut state = draining();
        count(&mut state, moved);
        change(&mut state, |task| {
            task.nodes[0].moved = Some(at(0));
            task.nodes[0].ticked = Some(at(0));
        });
        told(&state).iter().any(|told| told.contains("stalled"))
    };
    assert!(!stalled(&[(0, 10), (1_800, 10)]));
    assert!(stalled(&[(0, 10), (1_800, 10), (1_805, 10)]));
}

#[test]
fn a_brick_that_did_not_grow_holds_no_large_file() {
    let mut state = draining();
    count(&mut state, &[(0, 10), (25, 10), (30, 10)]);
    read(&mut state, 0, &[(30, 40 * 1024)]);
    change(&mut state, |task| task.nodes[0].moved = Some(at(0)));
    let impatient = Thresholds {
        stall_warning: Duration::from_secs(30),
        ..Thresholds::default()
    };
    let task = state.task().unwrap();
    let found = super::super::stall::stall(Some(&state), task, &task.nodes[0], &impatient);
    let quiet = super::super::stall::Stall::Quiet(Duration::from_secs(30));
    assert_eq!(found, Some((Severity::Warning, quiet)));
}

#[test]
fn growth_that_other_nodes_account_for_is_no_sign_of_life() {
    let mut state = draining();
    change(&mut state, |task| {
        let mut other = node(3, TaskState::InProgress);
        for (second, gib) in [(0, 0), (300, 3)] {
            other.trail.push(Sample {
                at: at(second).wall,
                bytes: gib * GIB,
                files: gib,
                scanned: gib,
            });
            other.taken = Some(at(second));
            other.ticked = other.taken;
            other.moved = other.taken;
        }
        task.nodes.push(other);
    });
    count(&mut state, &[(0, 10), (295, 10), (300, 10)]);
    read(&mut state, 0, &[(300, 43 * 1024)]);
    change(&mut state, |task| task.nodes[0].moved = Some(at(0)));
    let stalled: Vec<_> = told(&state);
    assert!(
        stalled.contains(
            &"warning task-stalled: v: remove-brick on gl-02: no counter moved for 5m".to_owned()
        ),
        "{stalled:?}"
    );
}

#[test]
fn a_slow_task_and_a_long_tail_are_told() {
    // 10 GiB in half an hour are 5.8 MiB/s; now it is one.
    let mut slow = draining();
    count(&mut slow, &[(0, 10)]);
    change(&mut slow, |task| {
        for (second, mib) in [(150, 100), (300, 200)] {
            task.trail.push(Sample {
                at: at(second).wall,
                bytes: 10 * GIB + mib * MIB,
                files: 10,
                scanned: 10,
            });
        }
        task.nodes[0].taken = Some(at(300));
        task.nodes[0].ticked = Some(at(300));
        task.nodes[0].moved = Some(at(300));
    });
    assert_eq!(
        told(&slow),
        [
            "warning task-slow: v: remove-brick is slow: 682.7 KiB/s in 5 min, 5.69 MiB/s since its start"
        ]
    );

    let mut tail = draining();
    change(&mut tail, |task| {
        task.baseline = Some(Baseline {
            used: 1_000 * GIB,
            at: at(0).wall,
            exact: true,
        });
        task.usage = Arc::default();
    });
    let past: Vec<_> = (0..30)
        .map(|minute| (minute * 60, 981 + minute / 3))
        .collect();
    count(&mut tail, &past);
    read(&mut tail, 1, &[(1_740, 10 * 1024)]);
    let long = "warning task-tail: v: remove-brick has been above 98% for 29m";
    assert!(
        told(&tail).iter().any(|told| told == long),
        "{:?}",
        told(&tail)
    );
    count(&mut tail, &[(1_800, 991)]);
    change(&mut tail, |task| task.trail.restart(at(1_800).wall));
    assert!(
        !told(&tail).iter().any(|told| told.contains("tail")),
        "since a moment ago"
    );
}
