//! What the panes list is found out once, and must be what it would be if it were found out now.

use super::*;
use crate::app::rows;
use crate::insight::testing::replica;

fn listed(model: &Model) -> (Vec<String>, Vec<String>, [Option<usize>; 2]) {
    let volumes = rows::volumes(model);
    let bricks = rows::bricks(model).unwrap();
    let names = (0..volumes.len()).filter_map(|at| volumes.get(at));
    let ids = (0..bricks.len()).filter_map(|at| bricks.get(at));
    let cursors = [
        volumes.position(model.panes.volumes.selected.as_ref()),
        bricks.position(model.panes.bricks.selected.as_ref()),
    ];
    (
        names.map(|state| state.volume.name.to_string()).collect(),
        ids.map(|row| format!("{:?}", row.id())).collect(),
        cursors,
    )
}

#[test]
fn lists_follow_every_key_and_every_reading() {
    let pool = || {
        let mut broken = volume("b", replica(3, 0), 6);
        set_online(&mut broken, 0, Some(false));
        vec![volume("a", replica(3, 0), 9), broken]
    };
    let mut model = model(pool());
    let (mut seen, mut second) = (Vec::new(), 1);
    // The cursor, folds, a filter while it is typed, another volume, another order.
    for keys in [
        "2 Down Down Left",
        "Down Down",
        "/ 2 Enter",
        "Esc",
        "1 Down",
        "o 1 o 1",
    ] {
        for key in keys.split(' ') {
            press(&mut model, second, key);
            second += 1;
            let kept = listed(&model);
            let (volumes, bricks) = (model.volume_list.take(), model.brick_list.take());
            assert!(volumes.is_some() && bricks.is_some());
            assert_eq!(kept, listed(&model), "after {key} of {keys}");
            (model.volume_list, model.brick_list) = (volumes, bricks);
            seen.push(kept);
        }
    }
    seen.dedup();
    assert!(seen.len() > 8, "the keys changed something");

    let mut other = pool();
    set_online(&mut other[0], 0, Some(false));
    set_online(&mut other[0], 1, Some(false));
    set_task(
        &mut other[0],
        TaskKind::Rebalance,
        &[],
        vec![node(1, TaskState::InProgress)],
    );
    for news in [other, pool()] {
        let mut known = model.snapshot.volumes().to_vec();
        known[0] = Arc::new(news[0].clone());
        let mut snapshot = Snapshot::clone(&model.snapshot);
        snapshot.volumes = crate::model::Part::fresh(known, at(second));
        update(&mut model, at(second), Msg::Snapshot(Arc::new(snapshot)));
        second += 1;
        let kept = (listed(&model), rows::tasks(&model).len());
        let list = model.volume_list.take();
        assert_eq!(kept, (listed(&model), rows::tasks(&model).len()));
        model.volume_list = list;
    }

    let mut fewer = pool();
    fewer.pop();
    let news = Msg::Snapshot(Arc::new(cluster(fewer)));
    update(&mut model, at(second), news);
    assert_eq!(listed(&model).0, ["a"]);
}
