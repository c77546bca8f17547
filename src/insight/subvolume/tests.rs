use super::*;
use crate::insight::testing::volume as make;
use crate::insight::testing::{define, disperse, distribute, node, replica, set_online, set_task};
use crate::model::{Layout, TaskKind};

/// The state of the first set with these bricks offline and these not in gluster's answer.
fn first(layout: Layout, bricks: usize, offline: &[usize], silent: &[usize]) -> SubvolumeState {
    let state = changed(make("v", layout, bricks), offline, silent);
    let set = state.volume.subvolumes().next().unwrap();
    health(&state, set).state
}

fn changed(mut state: VolumeState, offline: &[usize], silent: &[usize]) -> VolumeState {
    for &brick in offline {
        set_online(&mut state, brick, Some(false));
    }
    for &brick in silent {
        set_online(&mut state, brick, None);
    }
    state
}

#[test]
fn a_set_is_as_good_as_its_bricks() {
    use SubvolumeState::{Degraded, Down, Unknown, Up};
    for (layout, bricks, offline, silent, expected) in [
        (replica(3, 0), 3, &[][..], &[][..], Up),
        (replica(3, 0), 3, &[0], &[], Degraded),
        (replica(3, 0), 3, &[0, 1], &[], Degraded),
        (replica(3, 0), 3, &[0, 1, 2], &[], Down),
        (replica(3, 0), 3, &[], &[0], Unknown),
        (replica(3, 0), 3, &[0], &[1], Degraded),
        (replica(3, 0), 3, &[0, 1], &[2], Unknown),
        (disperse(4, 2), 6, &[0, 1], &[], Degraded),
        (disperse(4, 2), 6, &[0, 1, 2], &[], Down),
        (disperse(4, 2), 6, &[0], &[1, 2], Unknown),
        (distribute(), 2, &[0], &[], Down),
        (distribute(), 2, &[], &[0], Unknown),
        (distribute(), 2, &[1], &[], Up),
    ] {
        assert_eq!(
            first(layout, bricks, offline, silent),
            expected,
            "{layout:?} offline {offline:?} silent {silent:?}"
        );
    }
}

#[test]
fn nothing_is_said_of_a_volume_that_is_not_started() {
    let mut state = make("v", distribute(), 2);
    define(&mut state, |v| v.status = VolumeStatus::Created);
    assert_eq!(worst(&state), SubvolumeState::Unknown);
}

#[test]
fn facts_are_worse_than_ignorance() {
    let of = |offline: &[usize], silent: &[usize]| {
        worst(&changed(make("v", replica(2, 0), 4), offline, silent))
    };
    assert_eq!(of(&[], &[]), SubvolumeState::Up);
    assert_eq!(of(&[], &[3]), SubvolumeState::Unknown);
    assert_eq!(of(&[0], &[3]), SubvolumeState::Degraded);
    assert_eq!(of(&[2, 3], &[0]), SubvolumeState::Down);
}

#[test]
fn a_set_drains_while_its_bricks_leave() {
    for (task_state, leaving, draining) in [
        (TaskState::InProgress, true, true),
        (TaskState::Completed, true, false),
        (TaskState::Stopped, false, false),
    ] {
        let mut state = make("v", replica(2, 0), 4);
        set_task(
            &mut state,
            TaskKind::RemoveBrick,
            &[2, 3],
            vec![node(3, task_state)],
        );
        let [stays, leaves] = state
            .volume
            .subvolumes()
            .map(|set| health(&state, set))
            .collect::<Vec<_>>()
            .try_into()
            .unwrap();
        assert!(!stays.leaving && !stays.draining);
        assert_eq!((leaves.leaving, leaves.draining), (leaving, draining));
    }
}
