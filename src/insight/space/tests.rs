use super::*;
use crate::insight::testing::{
    GIB, define, disperse, distribute, replica, set_space, volume as make,
};
use crate::model::PeerId;

fn sizes(space: Option<Space>) -> Option<(u64, u64)> {
    space.map(|space| (space.total / GIB, space.used / GIB))
}

/// Puts all bricks on one host, whose bricks have the same device name.
fn on_one_host(state: &mut VolumeState) {
    define(state, |volume| {
        for brick in &mut volume.bricks {
            brick.peer = Some(PeerId::new("one"));
        }
    });
}

#[test]
fn a_volume_holds_what_its_sets_hold() {
    for (layout, bricks, expected) in [
        (distribute(), 3, (300, 120)),
        (replica(3, 0), 6, (200, 80)),
        (replica(3, 1), 3, (100, 40)),
        (disperse(4, 2), 6, (400, 160)),
        (disperse(2, 1), 6, (400, 160)),
    ] {
        let state = make("v", layout, bricks);
        assert_eq!(sizes(volume(&state)), Some(expected), "{layout:?}");
    }
}

#[test]
fn the_smallest_copy_and_the_fullest_use_stand_for_the_set() {
    let mut state = make("v", replica(3, 0), 3);
    set_space(&mut state, 0, |b| b.total = Some(90 * GIB));
    set_space(&mut state, 1, |b| b.free = Some(10 * GIB));
    assert_eq!(sizes(volume(&state)), Some((90, 90)));
}

#[test]
fn an_arbiter_does_not_count() {
    let mut state = make("v", replica(3, 1), 3);
    set_space(&mut state, 2, |b| {
        b.total = Some(2 * GIB);
        b.free = Some(0);
    });
    assert_eq!(sizes(volume(&state)), Some((100, 40)));
}

#[test]
fn bricks_on_one_file_system_share_it() {
    let mut state = make("v", distribute(), 2);
    on_one_host(&mut state);
    assert_eq!(sizes(volume(&state)), Some((100, 40)));
    set_space(&mut state, 1, |b| b.device = Some("/dev/sdc".into()));
    assert_eq!(sizes(volume(&state)), Some((200, 80)));
    for brick in 0..2 {
        set_space(&mut state, brick, |b| b.device = None);
    }
    assert_eq!(sizes(volume(&state)), Some((200, 80)), "no telling");
    let apart = make("v", distribute(), 2);
    assert_eq!(sizes(volume(&apart)), Some((200, 80)), "other hosts");
}

#[test]
fn what_is_unknown_of_one_set_is_unknown_of_the_volume() {
    let mut state = make("v", replica(2, 0), 4);
    set_space(&mut state, 2, |b| b.free = None);
    assert_eq!(
        sizes(volume(&state)),
        Some((200, 80)),
        "the other copy tells"
    );
    set_space(&mut state, 3, |b| b.total = None);
    assert_eq!(volume(&state), None);
}

#[test]
fn a_size_of_zero_has_no_share() {
    assert_eq!(Space { total: 0, used: 0 }.fraction(), None);
    let over = Space { total: 4, used: 5 };
    assert_eq!((over.fraction(), over.free()), (Some(1.25), 0));
}

#[test]
fn how_uneven_a_volume_is() {
    let mut state = make("v", distribute(), 2);
    let even = Uneven {
        spread: 0.0,
        above: 0,
    };
    assert_eq!(uneven(&state), Some(even));
    set_space(&mut state, 0, |b| b.free = Some(20 * GIB));
    let found = uneven(&state).unwrap();
    assert!(
        (found.spread - 0.40).abs() < 1e-9,
        "80 % and 40 %: {found:?}"
    );
    assert!(found.above.abs_diff(20 * GIB) <= 1, "60 % each: {found:?}");
    set_space(&mut state, 1, |b| b.total = None);
    assert_eq!(uneven(&state), None);
}

#[test]
fn who_shares_a_file_system_is_found_out_once_for_all() {
    let mut state = make("v", distribute(), 4);
    on_one_host(&mut state);
    set_space(&mut state, 1, |b| b.device = Some("/dev/sdc".into()));
    set_space(&mut state, 3, |b| b.device = None);
    let sharing = Sharing::of(&state);
    let bricks = &state.volume.bricks;
    let counts: Vec<_> = bricks.iter().map(|brick| sharing.count(brick)).collect();
    assert_eq!(counts, [2, 1, 2, 1]);
    let together = [bricks[0].name.clone(), bricks[2].name.clone()];
    assert_eq!(sharing.with(&bricks[2]), together);
    assert!(sharing.with(&bricks[1]).is_empty());
}
