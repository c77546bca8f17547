use super::*;
use crate::insight::progress;
use crate::insight::testing::{
    GIB, define, disperse, distribute, node, set_space, set_task, volume,
};
use crate::model::{Layout, TaskState};

/// `brick end% room` of what stays while the named bricks leave.
fn ends(
    layout: Layout,
    bricks: usize,
    leaving: &[usize],
    f: impl FnOnce(&mut VolumeState),
) -> String {
    let mut state = volume("v", layout, bricks);
    f(&mut state);
    let nodes = vec![node(leaving[0] + 1, TaskState::InProgress)];
    set_task(&mut state, TaskKind::RemoveBrick, leaving, nodes);
    let task = state.task().unwrap();
    let fills = of(&state, task, &progress::of(&state, task));
    let fills = fills.iter().map(|fill| {
        let end = fill
            .end()
            .map_or_else(|| "-".to_owned(), |end| format!("{:.0}%", end * 100.0));
        format!("{} {end} {}", fill.brick.name.host(), fill.room / GIB)
    });
    fills.collect::<Vec<_>>().join(", ")
}

#[test]
fn what_leaves_is_spread_by_size_over_what_stays() {
    assert_eq!(
        ends(distribute(), 3, &[1], |_| {}),
        "gl-01 60% 59, gl-03 60% 59"
    );
    assert_eq!(
        ends(distribute(), 3, &[1], |state| set_space(
            state,
            2,
            |space| {
                space.total = Some(300 * GIB);
                space.free = Some(300 * GIB);
            }
        )),
        "gl-01 50% 59, gl-03 10% 297"
    );
}

#[test]
fn fragments_are_smaller_than_files() {
    assert_eq!(
        ends(disperse(2, 1), 9, &[0, 1, 2], |_| {}),
        "gl-04 60% 59, gl-07 60% 59"
    );
}

#[test]
fn sets_on_one_file_system_fill_it_together() {
    let together = ends(distribute(), 4, &[1], |state| {
        define(state, |v| v.bricks[3].peer = v.bricks[2].peer.clone());
    });
    assert_eq!(together, "gl-01 60% 59, gl-03 60% 59, gl-04 60% 59");
}

#[test]
fn without_the_space_of_the_leaving_brick_nothing_is_forecast() {
    let unknown = ends(distribute(), 3, &[1], |state| {
        set_space(state, 1, |space| space.free = None);
    });
    assert_eq!(unknown, "gl-01 - 59, gl-03 - 59");
}
