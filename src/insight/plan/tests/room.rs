//! Room for what migrates.

use super::*;
use crate::insight::testing::{at, disperse, fault, set_option};
use crate::model::FaultKind;

const MIN_FREE: &str = "cluster.min-free-disk";
const RESERVE: &str = "storage.reserve";

/// The check of this code.
fn check<'a>(plan: &'a Plan, code: &str) -> &'a Check {
    let mut checks = plan.checks.iter();
    checks
        .find(|check| check.code == code)
        .unwrap_or_else(|| panic!("no {code}: {plan:#?}"))
}

fn fits(plan: &Plan) -> (Mark, &str) {
    let check = check(plan, "fits");
    (check.mark, check.text.as_str())
}

/// So many of 100 GiB are in use on a brick.
fn use_up(state: &mut VolumeState, brick: usize, used: u64) {
    set_space(state, brick, |space| space.free = Some((100 - used) * GIB));
}

#[test]
fn the_files_must_fit_into_what_stays() {
    let nearly_full = start(|s| use_up(s, 1, 95));
    assert_eq!(
        fits(&nearly_full),
        (Mark::Pass, "fits: 95.0 GiB into 120.0 GiB free"),
        "87.5 % at the end"
    );
    let with_staying = |used| {
        start(|s| {
            use_up(s, 0, used);
            use_up(s, 2, used);
        })
    };
    let tight = "tight: 40.0 GiB into 50.0 GiB free, gl-03:/bricks/v 95% full at the end, with less free than 10% (cluster.min-free-disk)";
    assert_eq!(fits(&with_staying(75)), (Mark::Warn, tight));
    let over = "does not fit: 40.0 GiB into 30.0 GiB free; 12.0 GiB of it would find no room, 1% (storage.reserve) stays free";
    assert_eq!(fits(&with_staying(85)), (Mark::Refuse, over));
    let uneven = start(|s| use_up(s, 0, 95));
    assert_eq!(
        fits(&uneven),
        (Mark::Pass, "fits: 40.0 GiB into 65.0 GiB free"),
        "what the full one cannot take goes to the other"
    );
    let far_over = start(|s| {
        use_up(s, 0, 95);
        use_up(s, 1, 70);
    });
    assert_eq!(fits(&far_over).0, Mark::Refuse, "63 of 70 find room");
}

/// Plans to drain the first brick of a distribute volume with so many GiB in use of 100 on each.
fn draining_the_first(used: &[u64]) -> Plan {
    let mut state = volume("v", distribute(), used.len());
    for (brick, &used) in used.iter().enumerate() {
        use_up(&mut state, brick, used);
    }
    let command = remove(&state, &[0], RemoveStep::Start);
    of(&snapshot(vec![state]), &command)
}

#[test]
fn a_volume_that_is_full_already_may_lose_an_empty_brick() {
    assert_eq!(
        fits(&draining_the_first(&[0, 91, 91])),
        (Mark::Pass, "fits: 0 B into 18.0 GiB free")
    );
}

#[test]
fn an_old_brick_may_drain_into_new_ones_beside_full_ones() {
    assert_eq!(
        fits(&draining_the_first(&[88, 88, 88, 88, 0, 0, 0, 0])),
        (Mark::Pass, "fits: 88.0 GiB into 436.0 GiB free")
    );
    assert_eq!(
        fits(&draining_the_first(&[95, 95, 0])),
        (
            Mark::Warn,
            "tight: 95.0 GiB into 105.0 GiB free, gl-02:/bricks/v 98% full at the end, with less free than 10% (cluster.min-free-disk)"
        )
    );
}

#[test]
fn less_free_than_dht_would_like_is_a_warning() {
    assert_eq!(
        fits(&draining_the_first(&[85; 10])),
        (
            Mark::Warn,
            "tight: 85.0 GiB into 135.0 GiB free, gl-10:/bricks/v 94% full at the end, with less free than 10% (cluster.min-free-disk)"
        )
    );
}

#[test]
fn what_gluster_keeps_free_is_no_room() {
    // Both that stay end 95 % full.
    let plan = |options: &[(&str, &str)]| {
        let plan = start(|s| {
            use_up(s, 0, 75);
            use_up(s, 2, 75);
            for (key, value) in options {
                set_option(s, key, value);
            }
        });
        let (mark, text) = fits(&plan);
        (mark, text.to_owned())
    };
    let tight = "tight: 40.0 GiB into 50.0 GiB free, gl-03:/bricks/v 95% full at the end";
    assert_eq!(plan(&[(MIN_FREE, "4%")]), (Mark::Warn, tight.into()));
    assert_eq!(plan(&[(MIN_FREE, "4")]), (Mark::Warn, tight.into()));
    for (options, mark, rule) in [
        (
            &[][..],
            Mark::Warn,
            "with less free than 10% (cluster.min-free-disk)",
        ),
        (
            &[(MIN_FREE, "6%")],
            Mark::Warn,
            "with less free than 6% (cluster.min-free-disk)",
        ),
        (
            &[(MIN_FREE, "6")],
            Mark::Warn,
            "with less free than 6% (cluster.min-free-disk)",
        ),
        (
            &[(MIN_FREE, "6GB")],
            Mark::Warn,
            "with less free than 6.00 GiB (cluster.min-free-disk)",
        ),
        (
            &[(MIN_FREE, "0%"), (RESERVE, "7")],
            Mark::Refuse,
            "4.00 GiB of it would find no room, 7% (storage.reserve) stays free",
        ),
        (
            &[(MIN_FREE, "0%"), (RESERVE, "5.5GB")],
            Mark::Refuse,
            "1.00 GiB of it would find no room, 5.50 GiB (storage.reserve) stays free",
        ),
    ] {
        let (found, text) = plan(options);
        assert_eq!(found, mark, "{options:?}: {text}");
        assert!(text.ends_with(rule), "{options:?}: {text}");
    }
    let set_later = start(|s| {
        use_up(s, 0, 75);
        use_up(s, 2, 75);
        set_option(s, MIN_FREE, "10%");
        define(s, |v| drop(v.options.insert(MIN_FREE.into(), "1%".into())));
    });
    assert_eq!(
        fits(&set_later),
        (Mark::Warn, tight),
        "the definition is newer"
    );
}

/// Puts a brick of the test volume on a node and a device.
fn place(state: &mut VolumeState, brick: usize, node: usize, device: Option<&str>) {
    let peer = state.volume.bricks[node].peer.clone();
    define(state, |volume| volume.bricks[brick].peer = peer);
    set_space(state, brick, |space| {
        space.device = device.map(Into::into);
    });
}

#[test]
fn a_file_system_has_its_room_only_once() {
    // All three on one file system: 60 GiB in use, nothing changes in the end.
    let together = |device: Option<&str>, free: u64| {
        start(|s| {
            for brick in 0..3 {
                place(s, brick, 0, device);
                set_space(s, brick, |space| space.free = Some(free * GIB));
            }
        })
    };
    assert_eq!(
        fits(&together(Some("/dev/sdb"), 40)).0,
        Mark::Pass,
        "what leaves makes room for itself"
    );
    // The two that stay share one: 80 GiB come to where 60 are free, though each says 60.
    let staying = |device: Option<&str>| {
        start(|s| {
            place(s, 2, 0, device);
            set_space(s, 0, |space| space.device = device.map(Into::into));
            use_up(s, 1, 80);
        })
    };
    let (mark, text) = (
        fits(&staying(Some("/dev/sdb"))).0,
        staying(Some("/dev/sdb")),
    );
    assert_eq!(mark, Mark::Refuse, "{text:#?}");
    assert!(
        fits(&text).1.contains("80.0 GiB into 60.0 GiB free"),
        "{text:#?}"
    );
    assert_eq!(
        fits(&staying(None)).0,
        Mark::Refuse,
        "alike to the byte, without a name"
    );
    let apart = start(|s| {
        place(s, 2, 0, Some("/dev/sdc"));
        use_up(s, 1, 80);
    });
    assert_eq!(fits(&apart).0, Mark::Pass);
}

#[test]
fn copies_and_fragments_take_what_they_need() {
    let plan = |layout, bricks: usize, leaf: usize, used: u64| {
        let mut state = volume("v", layout, bricks);
        let leaving: Vec<usize> = (bricks - leaf..bricks).collect();
        for &brick in &leaving {
            use_up(&mut state, brick, used);
        }
        let command = remove(&state, &leaving, RemoveStep::Start);
        of(&snapshot(vec![state]), &command)
    };
    // Two sets, the other one has 60 of 100 GiB free on each brick.
    let pass = plan(replica(3, 0), 6, 3, 45);
    assert_eq!(
        fits(&pass),
        (Mark::Pass, "fits: 45.0 GiB into 60.0 GiB free")
    );
    assert_eq!(fits(&plan(replica(3, 0), 6, 3, 55)).0, Mark::Warn);
    assert_eq!(fits(&plan(replica(3, 0), 6, 3, 60)).0, Mark::Refuse);
    // Four of six fragments carry contents.
    let pass = plan(disperse(4, 2), 12, 6, 45);
    assert_eq!(
        fits(&pass),
        (Mark::Pass, "fits: 180.0 GiB into 240.0 GiB free")
    );
    assert_eq!(fits(&plan(disperse(4, 2), 12, 6, 55)).0, Mark::Warn);
    assert_eq!(fits(&plan(disperse(4, 2), 12, 6, 60)).0, Mark::Refuse);
    // A small arbiter is in nobody's way.
    let mut state = volume("v", replica(3, 1), 6);
    set_space(&mut state, 2, |space| {
        space.total = Some(GIB);
        space.free = Some(0);
    });
    let command = remove(&state, &[3, 4, 5], RemoveStep::Start);
    assert_eq!(fits(&of(&snapshot(vec![state]), &command)).0, Mark::Pass);
}

#[test]
fn other_volumes_fill_the_same_space() {
    let plan = |used: u64, device: &str| {
        let mut state = volume("v", distribute(), 3);
        use_up(&mut state, 1, used);
        let mut other = volume("w", distribute(), 3);
        set_space(&mut other, 1, |space| space.device = Some(device.into()));
        use_up(&mut other, 1, used);
        for brick in [0, 2] {
            set_space(&mut other, brick, |space| {
                space.device = Some("/dev/sdz".into());
            });
        }
        let command = remove(&state, &[1], RemoveStep::Start);
        of(&snapshot(vec![state, other]), &command)
    };
    let shared = plan(99, "/dev/sdb");
    let (mark, text) = fits(&shared);
    assert_eq!(mark, Mark::Pass, "{text}");
    let sharing = check(&shared, "shared-filesystem");
    assert_eq!(
        (sharing.mark, sharing.text.as_str()),
        (
            Mark::Warn,
            "gl-02:/bricks/v shares its file system with gl-02:/bricks/w"
        )
    );
    let alone = plan(99, "/dev/sdc");
    assert_eq!(check(&alone, "shared-filesystem").mark, Mark::Pass);

    // Not all of what is on a shared file system is this volume's: that is no certain refusal.
    let full = |device: &str| {
        let mut state = volume("v", distribute(), 2);
        use_up(&mut state, 1, 90);
        let mut other = volume("w", distribute(), 2);
        set_space(&mut other, 0, |space| {
            space.device = Some("/dev/sdz".into());
        });
        set_space(&mut other, 1, |space| space.device = Some(device.into()));
        use_up(&mut other, 1, 90);
        let command = remove(&state, &[1], RemoveStep::Start);
        of(&snapshot(vec![state, other]), &command)
    };
    let plan = full("/dev/sdb");
    let (mark, text) = fits(&plan);
    assert_eq!(mark, Mark::Warn, "{text}");
    assert!(
        text.starts_with("may not fit: up to 90.0 GiB into 60.0 GiB free"),
        "{text}"
    );
    assert_eq!(fits(&full("/dev/sdc")).0, Mark::Refuse);
}

#[test]
fn bricks_of_one_volume_on_one_file_system_are_told() {
    let plan = start(|s| place(s, 2, 0, Some("/dev/sdb")));
    let sharing = check(&plan, "shared-filesystem");
    assert_eq!(
        (sharing.mark, sharing.text.as_str()),
        (
            Mark::Warn,
            "2 bricks of this volume share the file system of gl-01:/bricks/v"
        )
    );
}

#[test]
fn an_unknown_size_is_a_doubt_with_its_reason() {
    let unknown = start(|s| set_space(s, 2, |b| b.total = None));
    assert_eq!(
        fits(&unknown),
        (
            Mark::Unknown,
            "space: the size of gl-03:/bricks/v is not known"
        )
    );
    let unread = start(|s| s.space = Part::default());
    assert_eq!(
        fits(&unread),
        (
            Mark::Unknown,
            "space: the size of gl-01:/bricks/v: being looked at"
        )
    );
    assert!(check(&unread, "fits").pending);
    let failed = start(|s| {
        s.space = Part::default();
        s.space
            .fail(fault(FaultKind::Timeout, "No answer in time.", at(3)));
    });
    assert_eq!(
        fits(&failed),
        (
            Mark::Unknown,
            "space: the size of gl-01:/bricks/v: not known (No answer in time)"
        )
    );
    assert!(!check(&failed, "fits").pending);
}
