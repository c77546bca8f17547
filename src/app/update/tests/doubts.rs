//! Where an auto commit could go wrong: late starts, stray keys, old readings.

use super::auto::{armed, done, drain, pass, read, title, why};
use super::*;

/// So many milliseconds after a second.
fn after(second: u64, millis: u64) -> Stamp {
    let (at, more) = (at(second), Duration::from_millis(millis));
    Stamp {
        steady: at.steady + more,
        wall: at.wall + more,
    }
}

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

#[test]
fn what_is_typed_for_another_volume_does_not_commit_this_one() {
    let clean = drain(TaskState::Completed, |_| {});
    let mut model = armed();
    pass(&mut model, 10, 26, &clean);
    assert!(title(&model), "it came up by itself");
    assert_eq!(jobs(&press(&mut model, 26, "R y y")), [""; 0]);
    assert!(title(&model), "and stays");
    // Whoever types on while it comes up is not heard at all, whatever the keys.
    let mut model = armed();
    pass(&mut model, 10, 11, &clean);
    assert!(title(&model));
    for (n, key) in ["Tab", "Enter", "q", "h", "n"].iter().enumerate() {
        let now = after(10, 200 * (n as u64 + 1));
        let effects = update(&mut model, now, Msg::Key(key.parse().unwrap()));
        assert_eq!(jobs(&effects), [""; 0], "{key}");
        assert!(title(&model), "{key}");
    }
    assert_eq!(jobs(&press(&mut model, 14, "Tab Enter")).len(), 1);
}

#[test]
fn a_key_from_before_a_standstill_commits_nothing() {
    let clean = drain(TaskState::Completed, |_| {});
    let mut model = armed();
    pass(&mut model, 10, 25, &clean);
    press(&mut model, 25, "Tab");
    assert!(title(&model));
    assert_eq!(jobs(&press(&mut model, 3_625, "Enter Enter y")), [""; 0]);
    assert_eq!(why(&model), "disarmed: glustop stood still for 3600 s");
    assert!(!title(&model));
}

#[test]
fn the_countdown_ends_on_readings_that_are_younger_than_it() {
    let clean = drain(TaskState::Completed, |_| {});
    let mut model = armed();
    // The slowest pace: what was read counts for half an hour.
    model.interval = Duration::from_secs(300);
    update(&mut model, at(10), Msg::Snapshot(read(&clean, 10)));
    assert!(title(&model));
    let mut ran = Vec::new();
    for second in 11..120 {
        ran.extend(jobs(&update(&mut model, at(second), Msg::Tick)));
    }
    assert_eq!(model.auto.counting().unwrap().1, Duration::from_secs(1));
    assert_eq!(ran, [""; 0], "what it asked for has not come");
    assert!(title(&model));
    let news = Msg::Snapshot(read(&clean, 120));
    ran.extend(jobs(&update(&mut model, at(120), news)));
    // However often something comes.
    for quarter in 1..12 {
        let now = after(120, 250 * quarter);
        ran.extend(jobs(&update(&mut model, now, Msg::Tick)));
    }
    assert_eq!(ran.len(), 1);
}
