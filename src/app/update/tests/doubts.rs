//! Where an auto commit could go wrong: late starts, stray keys, old readings.

use super::auto::{done, drain, pass, read, why};
use super::*;

/// The start was confirmed at second 5 and waited for a lock until second 100.
fn accepted_late() -> Model {
    let mut model = model(vec![volume("v", distribute(), 4)]);
    press(&mut model, 1, "2 Down Space Space D a y");
    let id = model.dialog.as_ref().unwrap().jobs[0];
    let idle = volume("v", distribute(), 4);
    assert_eq!(pass(&mut model, 10, 100, &idle), [""; 0]);
    update(
        &mut model,
        at(100),
        Msg::Job(id, done(Some(super::auto::ID))),
    );
    model
}

#[test]
fn a_start_that_took_long_keeps_its_auto_commit() {
    let mut model = accepted_late();
    // Read before the start was accepted, arrived after it.
    let idle = volume("v", distribute(), 4);
    update(&mut model, at(101), Msg::Snapshot(read(&idle, 99)));
    assert_eq!(why(&model), "on (it has just begun)");
    let running = drain(TaskState::InProgress, |_| {});
    assert_eq!(pass(&mut model, 102, 130, &running), [""; 0]);
    let clean = drain(TaskState::Completed, |_| {});
    assert_eq!(pass(&mut model, 130, 200, &clean).len(), 1);
}

#[test]
fn what_let_go_before_its_task_was_seen_is_told_beside_it() {
    let mut model = accepted_late();
    update(&mut model, at(101), Msg::StoodStill);
    let idle = volume("v", distribute(), 4);
    update(&mut model, at(102), Msg::Snapshot(read(&idle, 99)));
    let running = drain(TaskState::InProgress, |_| {});
    pass(&mut model, 103, 110, &running);
    assert_eq!(why(&model), "disarmed: glustop was suspended");
    // Gone with its task.
    pass(&mut model, 110, 120, &idle);
    assert!(model.auto.get(&"v".into()).is_none());
}
