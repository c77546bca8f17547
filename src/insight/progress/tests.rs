use std::sync::Arc;

use super::*;
use crate::insight::testing::{GIB, at, define, distribute, node, replica, set_task, volume};
use crate::model::{Baseline, Sample, Trail};

fn trail(points: &[(i64, u64)]) -> Trail {
    let mut trail = Trail::default();
    for &(second, bytes) in points {
        trail.push(Sample {
            at: Timestamp::from_second(second).unwrap(),
            bytes,
            files: 0,
            scanned: bytes,
        });
    }
    trail
}

/// The second brick of three leaves: so many GiB lay on it, and so many had gone at each time, by
/// the counters and by the brick itself.
fn draining(exact: bool, counted: &[(u64, u64)], used: &[(u64, u64)]) -> VolumeState {
    let mut state = volume("v", distribute(), 3);
    let nodes = vec![node(2, TaskState::InProgress)];
    set_task(&mut state, TaskKind::RemoveBrick, &[1], nodes);
    let brick = state.volume.bricks[1].name.clone();
    change(&mut state, |task| {
        task.usage = Arc::default();
        for &(second, moved) in counted {
            task.trail.push(Sample {
                at: at(second).wall,
                bytes: moved * GIB,
                files: moved,
                scanned: moved,
            });
            task.nodes[0].counters.bytes = Some(moved * GIB);
            task.nodes[0].taken = Some(at(second));
        }
        let usage = Arc::make_mut(&mut task.usage);
        for &(second, used) in used {
            usage.push(&brick, at(second).wall, used * GIB);
        }
        task.baseline = Some(Baseline {
            used: 40 * GIB,
            at: at(0).wall,
            exact,
        });
    });
    state
}

fn change(state: &mut VolumeState, change: impl FnOnce(&mut Task)) {
    let mut task = state.task().unwrap().clone();
    change(&mut task);
    state.task = crate::model::Part::fresh(Some(Arc::new(task)), at(0));
}

fn progress(state: &VolumeState) -> Progress {
    of(state, state.task().unwrap())
}

fn minutes(estimate: Estimate) -> [u64; 3] {
    [estimate.earliest, estimate.likely, estimate.latest].map(|time| time.as_secs() / 60)
}

#[test]
fn a_rate_needs_two_readings_and_looks_at_its_window_only() {
    let bytes = |s: &Sample| s.bytes;
    assert_eq!(rate(&trail(&[(0, 5)]), WINDOW, bytes), None);
    assert_eq!(
        rate(&trail(&[(0, 0), (10, 100)]), WINDOW, bytes),
        Some(10.0)
    );
    let long = trail(&[(0, 0), (1000, 1_000_000), (1300, 1_000_300)]);
    assert_eq!(rate(&long, WINDOW, bytes), Some(1.0));
    let sparse = trail(&[(0, 0), (1000, 2_000)]);
    assert_eq!(rate(&sparse, WINDOW, bytes), Some(2.0));
    assert_eq!(rate(&trail(&[(0, 7), (5, 7)]), WINDOW, bytes), Some(0.0));
}

#[test]
fn a_sparkline_has_gaps_where_nothing_was_read() {
    let now = Timestamp::from_second(100).unwrap();
    let line = spark(
        &trail(&[(80, 0), (90, 100), (100, 300)]),
        now,
        SignedDuration::from_secs(40),
        4,
    );
    assert_eq!(line, [None, None, Some(10.0), Some(20.0)]);
}

#[test]
fn the_extremes_are_those_of_whole_windows_of_the_last_half_hour() {
    let half_hour = SignedDuration::from_mins(30);
    let least = SignedDuration::from_mins(2);
    let found =
        |points: &[(i64, u64)]| extremes(&trail(points), half_hour, least, |sample| sample.bytes);
    assert_eq!(
        found(&[(0, 0), (100, 500)]),
        None,
        "no window is long enough"
    );
    assert_eq!(
        found(&[(0, 0), (300, 300), (600, 900), (900, 1_050)]),
        Some((0.5, 2.0))
    );
    assert_eq!(
        found(&[(0, 0), (300, 9_000), (3_000, 9_000), (3_300, 9_300)]),
        Some((0.0, 1.0)),
        "what was fast is long ago"
    );
}

#[test]
fn a_drain_is_counted_against_what_lay_there() {
    let state = draining(true, &[(0, 0), (300, 5), (600, 10)], &[(0, 40), (600, 30)]);
    let progress = progress(&state);
    assert_eq!(progress.done, Some((0.25, Basis::Size)));
    assert_eq!(progress.drained, Some(0.25));
    assert_eq!(progress.bytes_left, Some(30 * GIB));
    assert_eq!(progress.estimate.map(minutes), Some([30, 30, 30]));
    assert!(!progress.is_rough && progress.no_estimate.is_none());
}

#[test]
fn counters_tell_what_went_since_the_bricks_were_read() {
    let state = draining(true, &[(0, 0), (300, 10), (600, 20)], &[(0, 40), (300, 30)]);
    let progress = progress(&state);
    assert_eq!(progress.done, Some((0.5, Basis::Size)));
    assert_eq!(progress.drained, Some(0.25), "the second opinion is older");
}

#[test]
fn sparse_files_are_measured_by_the_bricks() {
    // Files of 80 GiB by their sizes take up half of that.
    let counted = [(0, 0), (300, 20), (600, 40), (900, 60)];
    let used = [(0, 40), (300, 30), (600, 20), (900, 10)];
    let progress = progress(&draining(true, &counted, &used));
    assert_eq!(progress.done, Some((0.75, Basis::Size)));
    let left = progress.bytes_left.unwrap() / GIB;
    assert!((15..=20).contains(&left), "{left} of 20 GiB by size");
    assert!(minutes(progress.estimate.unwrap())[1] >= 3);
}

#[test]
fn a_range_spans_the_fastest_and_the_slowest_pace() {
    let counted = [(0, 0), (300, 2), (600, 8), (900, 12)];
    let used = [(0, 40), (900, 28)];
    let progress = progress(&draining(false, &counted, &used));
    assert_eq!(progress.estimate.map(minutes), Some([23, 35, 70]));
    assert!(progress.is_rough);
}

#[test]
fn there_are_reasons_to_tell_no_end() {
    let why = |state: &VolumeState| progress(state).no_estimate;
    let still = draining(true, &[(0, 5), (300, 5), (600, 5)], &[(0, 40), (600, 35)]);
    assert_eq!(why(&still), Some(NoEstimate::Standstill));
    let uneven = draining(true, &[(0, 0), (300, 1), (600, 9)], &[(0, 40), (600, 31)]);
    assert_eq!(why(&uneven), Some(NoEstimate::Uneven));
    let mut young = draining(true, &[(0, 0), (60, 1)], &[(0, 40), (60, 39)]);
    change(&mut young, |task| {
        task.nodes[0].counters.runtime = Some(Duration::from_secs(60));
    });
    assert_eq!(why(&young), Some(NoEstimate::WarmUp));
    assert_eq!(NoEstimate::WarmUp.words(), "no estimate yet (needs 2 min)");
    let mut unknown = draining(true, &[(0, 0), (600, 1)], &[]);
    change(&mut unknown, |task| task.baseline = None);
    assert_eq!(why(&unknown), Some(NoEstimate::NoBasis(NoBasis::NotYet)));
    assert_eq!(progress(&unknown).done, None);
    assert_eq!(progress(&unknown).no_basis, Some(NoBasis::NotYet));
}

#[test]
fn who_has_just_begun_to_watch_goes_by_the_mean_with_a_margin() {
    // 10 GiB in half an hour, 30 GiB to go.
    let state = draining(false, &[(0, 10)], &[(0, 30)]);
    let estimate = progress(&state).estimate.unwrap();
    assert_eq!(minutes(estimate), [60, 90, 120]);
}

#[test]
fn a_file_system_shared_with_bricks_that_stay_tells_nothing() {
    let mut state = draining(true, &[(0, 0), (600, 10)], &[(0, 40), (600, 30)]);
    assert!(progress(&state).done.is_some());
    define(&mut state, |v| v.bricks[1].peer = v.bricks[0].peer.clone());
    assert_eq!(progress(&state).no_basis, Some(NoBasis::Shared));
    assert_eq!(progress(&state).bytes_left, None);
    state.own.time_left = Some(Duration::from_secs(1_800));
    let by_gluster = progress(&state);
    assert_eq!(by_gluster.done, Some((0.5, Basis::Gluster)));
    assert_eq!(by_gluster.estimate.map(minutes), Some([20, 30, 40]));

    let mut state = draining(true, &[(0, 0), (600, 10)], &[(0, 40), (600, 30)]);
    let brick = state.volume.bricks[1].name.clone();
    change(&mut state, |task| {
        Arc::make_mut(&mut task.usage).set_shared([brick].into());
    });
    assert_eq!(
        progress(&state).no_basis,
        Some(NoBasis::Shared),
        "another volume's brick"
    );
}

#[test]
fn a_rebalance_goes_by_gluster_or_by_what_was_scanned() {
    let mut state = volume("v", distribute(), 3);
    let mut one = node(1, TaskState::InProgress);
    one.counters.scanned = Some(150_000);
    set_task(&mut state, TaskKind::Rebalance, &[], vec![one]);
    let scanned = progress(&state);
    assert_eq!(scanned.done, Some((0.5, Basis::Scanned)));
    assert_eq!(scanned.estimate.map(minutes), Some([20, 30, 40]));
    state.own.time_left = Some(Duration::from_secs(5_400));
    let told = progress(&state);
    assert_eq!(told.done, Some((0.25, Basis::Gluster)));
    assert_eq!(
        told.estimate.map(minutes),
        Some([20, 90, 90]),
        "from our earliest to theirs"
    );
    assert_eq!(told.bytes_left, None);
}

#[test]
fn the_start_is_known_exactly_or_worked_out() {
    let found = |taken: u64, moved: u64, readings: &[(u64, u64)]| {
        let mut state = draining(true, &[(taken, moved)], readings);
        change(&mut state, |task| {
            task.baseline = None;
            task.nodes[0].counters.runtime = Some(Duration::from_secs(taken.min(100)));
            task.nodes[0].counters.files = Some(moved);
        });
        baseline(&state, state.task().unwrap()).map(|found| (found.used / GIB, found.exact))
    };
    // The task began at 200.
    assert_eq!(found(300, 4, &[(190, 40), (300, 36)]), Some((40, true)));
    assert_eq!(
        found(300, 4, &[(60, 41), (300, 36)]),
        Some((40, false)),
        "too early"
    );
    assert_eq!(
        found(300, 0, &[(280, 40)]),
        Some((40, true)),
        "nothing moved yet"
    );
    assert_eq!(found(300, 4, &[(310, 36)]), Some((40, false)));
    assert_eq!(
        found(300, 4, &[(250, 38)]),
        None,
        "wait for the next reading"
    );
    assert_eq!(found(300, 4, &[]), None);
}

#[test]
fn copies_and_bricks_on_one_file_system_count_once() {
    let mut state = volume("v", replica(2, 0), 4);
    let nodes = vec![
        node(3, TaskState::InProgress),
        node(4, TaskState::InProgress),
    ];
    set_task(&mut state, TaskKind::RemoveBrick, &[2, 3], nodes);
    let read = |state: &mut VolumeState, bricks: &[usize]| {
        let names = crate::insight::testing::names(state, bricks);
        change(state, |task| {
            task.usage = Arc::default();
            let usage = Arc::make_mut(&mut task.usage);
            for name in &names {
                usage.push(name, at(0).wall, 20 * GIB);
            }
        });
        let found = baseline(state, state.task().unwrap()).unwrap();
        (found.used / GIB, found.exact)
    };
    // What is there, and 10 GiB that each node moved.
    assert_eq!(read(&mut state, &[2, 3]), (40, false));

    let mut state = volume("v", distribute(), 3);
    define(&mut state, |v| v.bricks[2].peer = v.bricks[1].peer.clone());
    let nodes = vec![node(2, TaskState::InProgress)];
    set_task(&mut state, TaskKind::RemoveBrick, &[1, 2], nodes);
    assert_eq!(read(&mut state, &[1, 2]), (30, false), "20 GiB for both");
}

#[test]
fn an_absurd_run_time_says_nothing_of_the_start() {
    let mut state = draining(true, &[(60, 1)], &[]);
    let started = |state: &VolumeState| started_at(state.task().unwrap());
    assert!(started(&state).is_some());
    change(&mut state, |task| {
        task.nodes[0].counters.runtime = Some(Duration::from_secs(1_795_374_907));
    });
    assert_eq!(started(&state), None);
}
