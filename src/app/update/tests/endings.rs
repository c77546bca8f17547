//! Stopping, slowing down and leaving: what a key means once something is on its way.

use super::*;

#[test]
fn the_emergency_stop_leaves_a_finished_drain_alone() {
    let mut other = volume("w", distribute(), 3);
    set_task(
        &mut other,
        TaskKind::Rebalance,
        &[],
        vec![node(1, TaskState::InProgress)],
    );
    let mut model = model(vec![running(TaskKind::RemoveBrick, &[1]), other.clone()]);
    press(&mut model, 1, "! a");
    assert_eq!(model.dialog.as_ref().unwrap().offer.orders.len(), 2);
    // The drain completes while the dialog is open: a stop would now give its bricks back.
    let mut drained = volume("v", distribute(), 3);
    set_task(
        &mut drained,
        TaskKind::RemoveBrick,
        &[1],
        vec![node(1, TaskState::Completed)],
    );
    let after = cluster(vec![drained, other]);
    update(&mut model, at(5), Msg::Snapshot(Arc::new(after)));
    assert!(model.dialog.as_ref().unwrap().changed.is_some());
    let ran = jobs(&press(&mut model, 6, "y"));
    assert_eq!(ran.len(), 1);
    assert!(ran[0].ends_with("volume rebalance w stop"), "{ran:?}");
    assert_eq!(
        jobs(&press(&mut model, 7, "! y")),
        [""; 0],
        "one stop at a time"
    );
    assert!(!model.dialog.as_ref().unwrap().is_asking());
    // Closed and opened again, it shows the stop that is under way, and no other command.
    press(&mut model, 10, "Esc !");
    let dialog = model.dialog.as_ref().unwrap();
    assert!(!dialog.is_asking());
    assert_eq!(dialog.offer.lines().collect::<Vec<_>>(), ran);
}

#[test]
fn a_task_that_nobody_answers_for_can_be_stopped_in_an_emergency() {
    let mut v = volume("v", distribute(), 3);
    set_task(
        &mut v,
        TaskKind::Rebalance,
        &[],
        vec![node(1, TaskState::Unknown)],
    );
    let mut model = model(vec![v]);
    press(&mut model, 1, "!");
    assert_eq!(jobs(&press(&mut model, 2, "y")).len(), 1);
}

#[test]
fn a_typed_name_is_good_only_for_what_was_shown_then() {
    let mut model = model(vec![volume("v", distribute(), 3)]);
    press(&mut model, 1, "2 D m Tab v");
    assert!(model.dialog.as_ref().unwrap().is_name_typed());
    // Another brick is marked: the name was meant for the first one.
    press(&mut model, 9, "BackTab Down Space");
    assert!(!model.dialog.as_ref().unwrap().is_name_typed());
    assert_eq!(jobs(&press(&mut model, 13, "Tab Enter")), [""; 0]);
    assert_eq!(jobs(&press(&mut model, 16, "v Enter")).len(), 1);
}

#[test]
fn control_keys_do_nothing_in_a_dialog_but_leave_it() {
    let mut model = model(vec![running(TaskKind::Rebalance, &[])]);
    let ctrl = |c| {
        Msg::Key(Key {
            code: KeyCode::Char(c),
            ctrl: true,
        })
    };
    press(&mut model, 1, "S");
    for c in ['y', 'n', 't', 'q'] {
        assert_eq!(update(&mut model, at(3), ctrl(c)), []);
        assert!(model.dialog.is_some(), "Ctrl-{c}");
    }
    update(&mut model, at(4), ctrl('c'));
    assert!(model.dialog.is_none());
}

#[test]
fn leaving_says_what_becomes_of_a_command() {
    let mut model = model(vec![running(TaskKind::Rebalance, &[])]);
    press(&mut model, 1, "S y");
    let id = model.dialog.as_ref().unwrap().jobs[0];
    assert_eq!(press(&mut model, 4, "Esc q"), []);
    assert!(explain::message(&model).contains("will not if you leave"));
    press(&mut model, 6, "Down");
    assert_eq!(
        press(&mut model, 7, "q"),
        [],
        "asked again after another key"
    );
    update(
        &mut model,
        at(8),
        Msg::Job(id, JobEvent::Running { attempt: 1 }),
    );
    press(&mut model, 9, "Down q");
    assert!(explain::message(&model).contains("goes on without glustop"));
    assert_eq!(press(&mut model, 11, "q"), [Effect::Quit]);
}

#[test]
fn the_way_out_of_a_stop_is_the_slowest_throttle() {
    let mut model = model(vec![running(TaskKind::Rebalance, &[])]);
    press(&mut model, 1, "S t");
    let ran = jobs(&press(&mut model, 4, "y"));
    assert!(ran[0].ends_with("cluster.rebal-throttle lazy"), "{ran:?}");
    press(&mut model, 5, "Esc T");
    assert_eq!(
        jobs(&press(&mut model, 8, "y")),
        [""; 0],
        "normal is set already"
    );
}

#[test]
fn other_tasks_can_be_stopped_while_one_stop_keeps_trying() {
    let mut other = volume("w", distribute(), 3);
    let nodes = vec![node(1, TaskState::InProgress)];
    set_task(&mut other, TaskKind::Rebalance, &[], nodes);
    let mut model = model(vec![running(TaskKind::RemoveBrick, &[1]), other]);
    assert_eq!(
        jobs(&press(&mut model, 1, "! y")).len(),
        1,
        "the drain alone is marked"
    );
    let first = model.dialog.as_ref().unwrap().jobs[0];
    press(&mut model, 4, "Esc !");
    assert!(model.dialog.as_ref().unwrap().is_asking());
    assert_eq!(
        jobs(&press(&mut model, 7, "y")),
        [""; 0],
        "the same keys again stop nothing more"
    );
    // The stop under way cannot be marked; the other one can.
    press(&mut model, 8, "Space");
    assert!(explain::message(&model).contains("on its way"));
    let ran = jobs(&press(&mut model, 9, "a y"));
    assert_eq!(ran.len(), 1);
    assert!(ran[0].ends_with("volume rebalance w stop"), "{ran:?}");
    let dialog = model.dialog.as_ref().unwrap();
    assert_eq!(dialog.jobs.len(), 2, "both are in view");
    assert!(dialog.jobs.contains(&first));
    // A stop that failed can be sent again.
    press(&mut model, 12, "Esc !");
    assert!(
        !model.dialog.as_ref().unwrap().is_asking(),
        "nothing else runs"
    );
    press(&mut model, 14, "Esc");
    let outcome = Outcome {
        at: at(15),
        took: Duration::ZERO,
        exit: None,
        result: JobResult::GivenUp,
    };
    update(
        &mut model,
        at(15),
        Msg::Job(first, JobEvent::Ended(outcome)),
    );
    let ran = jobs(&press(&mut model, 16, "! y"));
    assert!(ran[0].ends_with("gl-02:/bricks/v stop"), "{ran:?}");
    press(&mut model, 19, "Esc ! w");
    assert!(!model.dialog.as_ref().unwrap().is_asking());
}
