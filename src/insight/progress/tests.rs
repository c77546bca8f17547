use super::*;
use crate::insight::testing::{GIB, define, distribute, node, set_task, volume};

fn trail(points: &[(i64, u64)]) -> Trail {
    let mut trail = Trail::default();
    for &(second, bytes) in points {
        trail.push(Sample {
            at: Timestamp::from_second(second).unwrap(),
            bytes,
            files: 0,
            scanned: 0,
        });
    }
    trail
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
fn no_percentage_without_a_total() {
    assert_eq!(done_by_size(None, Some(1)), None);
    assert_eq!(done_by_size(Some(0), Some(0)), None);
    assert_eq!(done_by_size(Some(1), Some(3)), Some((0.25, Basis::Size)));
}

#[test]
fn a_file_system_shared_with_bricks_that_stay_tells_nothing() {
    let mut state = volume("v", distribute(), 3);
    let nodes = vec![node(2, TaskState::InProgress)];
    set_task(&mut state, TaskKind::RemoveBrick, &[1], nodes);
    let left = |state: &VolumeState| of(state, state.task().unwrap()).bytes_left;
    assert_eq!(left(&state), Some(40 * GIB));
    define(&mut state, |v| v.bricks[1].peer = v.bricks[0].peer.clone());
    assert_eq!(left(&state), None);
    let nodes = vec![node(2, TaskState::InProgress)];
    set_task(&mut state, TaskKind::RemoveBrick, &[0, 1], nodes);
    assert_eq!(left(&state), Some(40 * GIB), "both leave");
}
