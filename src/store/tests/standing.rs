//! What stands when clocks, processes and tasks begin again.

use super::*;

#[test]
fn a_clock_that_was_set_back_stops_nothing() {
    let mut store = Store::in_memory().unwrap();
    keep(&mut store, &drain("t", 300), 300);
    let mut task = drain("t", 400);
    task.nodes[0].taken = Some(at(100));
    keep(&mut store, &task, 100);
    let history = store.history(None, 9).unwrap();
    assert_eq!(history[0].last_seen, at(100).wall);
    assert_eq!(history[0].task.total().bytes, Some(400_000));
}

#[test]
fn an_answer_that_comes_late_does_not_undo_an_end() {
    let dir = directory();
    let mut store = Store::open(dir.path()).unwrap();
    let account = ended(drain("t", 300), Ending::Stopped, at(310));
    store.end(&account).unwrap();
    let is_over = |store: &Store| store.history(None, 9).unwrap()[0].ended.is_some();
    let mut other = Store::open(dir.path()).unwrap();
    keep(&mut other, &drain("t", 312), 312);
    assert!(is_over(&store), "asked before the end");
    let later = ended(drain("t", 500), Ending::Vanished, at(500));
    other.end(&later).unwrap();
    assert!(is_over(&store), "nobody says that it is listed");
    keep(&mut other, &drain("t", 600), 600);
    assert!(!is_over(&store), "listed again");
}

#[test]
fn samples_of_a_task_that_is_over_go_after_a_day() {
    let mut store = Store::in_memory().unwrap();
    keep(&mut store, &drain("t", 300), 300);
    let end = |store: &mut Store, id: &str, seconds| {
        let account = ended(drain(id, 300), Ending::Stopped, at(seconds));
        store.end(&account).unwrap();
        let sql = "SELECT count(*) FROM sample WHERE task = 't'";
        let count: i64 = store.db.query_row(sql, [], |row| row.get(0)).unwrap();
        count
    };
    assert!(
        end(&mut store, "t", 310) > 0,
        "it may not be over after all"
    );
    assert!(end(&mut store, "u", 80_000) > 0);
    assert_eq!(end(&mut store, "w", 90_000), 0);
    assert_eq!(store.history(None, 9).unwrap().len(), 3, "tasks stay");
}

#[test]
fn a_process_that_began_again_is_known_to_have() {
    let mut store = Store::in_memory().unwrap();
    keep(&mut store, &drain("t", 300), 300);
    let mut task = drain("t", 400);
    // Its counters are past the old ones by now, so they do not tell.
    for trail in [&mut task.trail, &mut task.nodes[0].trail] {
        trail.restart(at(305).wall);
        trail.push(sample(310, 900_000));
    }
    keep(&mut store, &task, 400);
    let recalled = store.recall(at(401)).unwrap();
    let (_, known) = &recalled.tasks[&TaskId::from("t")];
    assert_eq!(known.trail, task.trail);
    assert_eq!(known.nodes[0].trail, task.nodes[0].trail);
}
