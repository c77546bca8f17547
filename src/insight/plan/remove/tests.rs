//! Which selections are legal, against glusterd's rules written down a second time.

use std::collections::BTreeSet;

use super::*;
use crate::insight::plan::Mark;
use crate::insight::testing::{
    GIB, define, disperse, distribute, names, replica, set_space, snapshot, volume,
};
use crate::model::Layout;

/// A family of volumes as glusterd's own checks see it.
struct Shape {
    name: &'static str,
    layout: Layout,
    bricks: usize,
}

fn shapes() -> Vec<Shape> {
    [
        ("distribute 2", distribute(), 2),
        ("distribute 4", distribute(), 4),
        ("replica 2", replica(2, 0), 2),
        ("replica 3", replica(3, 0), 3),
        ("replica 4", replica(4, 0), 4),
        ("arbiter 2+1", replica(3, 1), 3),
        ("2 x arbiter 2+1", replica(3, 1), 6),
        ("disperse 2+1", disperse(2, 1), 3),
        ("disperse 4+2", disperse(4, 2), 6),
        ("2 x 2", replica(2, 0), 4),
        ("2 x 3", replica(3, 0), 6),
        ("3 x 3", replica(3, 0), 9),
        ("3 x 4", replica(4, 0), 12),
        ("2 x disperse 2+1", disperse(2, 1), 6),
        ("2 x disperse 4+2", disperse(4, 2), 12),
        ("6 x 2", replica(2, 0), 12),
        ("4 x arbiter 2+1", replica(3, 1), 12),
        ("4 x disperse 2+1", disperse(2, 1), 12),
    ]
    .map(|(name, layout, bricks)| Shape {
        name,
        layout,
        bricks,
    })
    .into()
}

/// Whether glusterd takes `remove-brick V [replica N] BRICK...`; `mask` has a bit per brick.
fn glusterd_accepts(shape: &Shape, mask: u32, to: Option<u32>) -> bool {
    let Layout {
        replica,
        arbiter,
        disperse,
        ..
    } = shape.layout;
    let width = replica.max(disperse);
    let group = (1_u32 << width) - 1;
    let groups: Vec<u32> = (0..shape.bricks as u32 / width)
        .map(|i| (mask >> (i * width)) & group)
        .collect();
    if mask == 0 || mask.count_ones() as usize == shape.bricks {
        return false;
    }
    let Some(to) = to else {
        let alone = width > 1 && groups.len() == 1;
        return !alone && groups.iter().all(|&g| g == 0 || g == group);
    };
    if replica < 2 || to >= replica {
        return false;
    }
    let last = 1_u32 << (width - 1);
    groups.iter().all(|&g| {
        let arbiter_rule = match to {
            _ if arbiter == 0 => true,
            2 => g & !last == 0,
            _ => g & last != 0,
        };
        g.count_ones() == replica - to && arbiter_rule
    })
}

fn selection(state: &VolumeState, mask: u32) -> Vec<BrickName> {
    let marked = (0..state.volume.bricks.len()).filter(|i| mask & (1 << i) != 0);
    names(state, &marked.collect::<Vec<_>>())
}

fn judge_every_selection(shape: &Shape, state: &VolumeState) {
    for mask in 0..1_u32 << shape.bricks {
        let selected = selection(state, mask);
        let verdict = removal(&state.volume, &selected);
        let place = format!("{} {mask:b}: {verdict:?}", shape.name);
        let whole = glusterd_accepts(shape, mask, None);
        let lower = (1..4).find(|&to| glusterd_accepts(shape, mask, Some(to)));
        match &verdict {
            Ok(Removal::Subvolumes(sets)) => {
                assert!(whole, "{place}");
                let leaf = shape.layout.leaf();
                assert_eq!(sets.len() * leaf, selected.len(), "{place}");
            }
            Ok(Removal::Replica(to)) => assert_eq!(lower, Some(*to), "{place}"),
            Err(illegal) => {
                assert!(!whole && lower.is_none(), "{place}");
                for choice in &illegal.choices {
                    let legal = removal(&state.volume, &choice.bricks).is_ok();
                    assert!(legal, "{place} offers {choice:?}");
                }
            }
        }
    }
}

#[test]
fn every_selection_is_judged_as_glusterd_does() {
    for shape in shapes() {
        let state = volume("v", shape.layout, shape.bricks);
        judge_every_selection(&shape, &state);
    }
}

/// Each selection with each replica count, as a dialog or a stale one might send it.
#[test]
fn every_command_is_judged_as_glusterd_does() {
    use crate::gluster::command::RemoveStep;
    let few = |shape: &Shape| shape.bricks <= 9;
    let mut lower = BTreeSet::new();
    for shape in shapes().into_iter().filter(few) {
        let state = volume("v", shape.layout, shape.bricks);
        let cluster = snapshot(vec![state.clone()]);
        for mask in 0..1_u32 << shape.bricks {
            let selected = selection(&state, mask);
            // gluster takes the present count for none at all; it is never sent.
            for to in [None]
                .into_iter()
                .chain((1..shape.layout.replica).map(Some))
            {
                let checks = checks(&cluster, &state, &selected, to, RemoveStep::Force);
                let legal = checks[0].mark == Mark::Pass;
                let place = format!("{} {mask:b} to {to:?}: {checks:?}", shape.name);
                assert_eq!(checks[0].code, "legal", "{place}");
                assert_eq!(legal, glusterd_accepts(&shape, mask, to), "{place}");
                if let Some(to) = to.filter(|_| legal) {
                    lower.insert((shape.name, shape.layout.replica - to));
                }
            }
        }
    }
    // Copies leave two and three at a time too, arbiters among them.
    for (name, copies) in [
        ("replica 3", 2),
        ("replica 4", 3),
        ("arbiter 2+1", 2),
        ("2 x arbiter 2+1", 1),
        ("2 x arbiter 2+1", 2),
        ("3 x 3", 2),
    ] {
        assert!(lower.contains(&(name, copies)), "{name} less {copies}");
    }
}

#[test]
fn arbiters_count_even_where_gluster_does_not_mark_them() {
    for shape in shapes().iter().filter(|shape| shape.layout.arbiter > 0) {
        let mut state = volume("v", shape.layout, shape.bricks);
        define(&mut state, |volume| {
            for brick in &mut volume.bricks {
                brick.is_arbiter = false;
            }
        });
        judge_every_selection(shape, &state);
    }
}

#[test]
fn a_selection_that_is_no_set_of_bricks_is_illegal() {
    let state = volume("v", distribute(), 3);
    let rule = |selected: &[BrickName]| removal(&state.volume, selected).unwrap_err().rule;
    let [first] = <[_; 1]>::try_from(names(&state, &[0])).unwrap();
    assert_eq!(rule(&[]), "No brick is marked.");
    assert_eq!(
        rule(&[first.clone(), "gl-09:/b".into()]),
        "gl-09:/b is not a brick of v."
    );
    assert_eq!(
        rule(&[first.clone(), first]),
        "gl-01:/bricks/v is named twice."
    );
}

#[test]
fn striped_volumes_are_left_alone() {
    let striped = Layout {
        stripe: 2,
        ..distribute()
    };
    let state = volume("v", striped, 4);
    let illegal = removal(&state.volume, &names(&state, &[0, 1])).unwrap_err();
    assert!(illegal.rule.starts_with("Striped"), "{}", illegal.rule);
    assert_eq!(illegal.choices, []);
}

#[test]
fn a_broken_rule_comes_with_the_nearest_choices() {
    let state = volume("media", replica(3, 0), 9);
    let illegal = removal(&state.volume, &names(&state, &[4, 6])).unwrap_err();
    let labels: Vec<_> = illegal.choices.iter().map(|c| c.label.as_str()).collect();
    assert_eq!(
        labels,
        [
            "all of media-replicate-1",
            "all of media-replicate-2",
            "one brick of every set (replica 3 -> 2)"
        ]
    );
    assert_eq!(
        illegal.choices[2].bricks,
        names(&state, &[2, 4, 6]),
        "what was marked stays marked"
    );
    let state = volume("a", replica(3, 1), 3);
    let illegal = removal(&state.volume, &names(&state, &[0])).unwrap_err();
    assert_eq!(
        (
            illegal.choices[0].label.as_str(),
            &illegal.choices[0].bricks
        ),
        (
            "the arbiter of every set (replica 3 -> 2)",
            &names(&state, &[2])
        )
    );
}

#[test]
fn the_forecast_spreads_files_by_size() {
    let mut state = volume("v", distribute(), 3);
    set_space(&mut state, 0, |space| {
        space.total = Some(300 * GIB);
        space.free = Some(300 * GIB);
    });
    let [big, small, leaving] = <[_; 3]>::try_from(forecast(&state, &[2])).unwrap();
    assert_eq!(big.end.map(|s| s.used), Some(30 * GIB));
    assert_eq!(small.end.map(|s| s.used), Some(50 * GIB));
    assert_eq!((leaving.leaves, leaving.end), (true, None));
}
