//! What speaks against a command that was confirmed.

use super::*;
use crate::insight::testing::{at, fault};
use crate::model::{FaultKind, Task, TaskId};

/// A volume of three bricks whose drain of the second ended like this.
fn drained(failures: u64, ended: TaskState) -> VolumeState {
    let mut state = volume("v", distribute(), 3);
    let mut one = node(2, ended);
    one.counters.failures = Some(failures);
    set_task(&mut state, TaskKind::RemoveBrick, &[1], vec![one]);
    state
}

fn alter(state: &mut VolumeState, change: impl FnOnce(&mut Task)) {
    let mut task = state.task().unwrap().clone();
    change(&mut task);
    state.task = Part::fresh(Some(task.into()), at(0));
}

fn another_run(state: &mut VolumeState) {
    alter(state, |task| task.id = Some(TaskId::new("another")));
}

/// What speaks against a step with brick 1 now that was agreed to then.
fn objections(then: &VolumeState, now: VolumeState, step: RemoveStep) -> Vec<String> {
    let command = remove(then, &[1], step);
    let accepted = of(&snapshot(vec![then.clone()]), &command);
    of(&snapshot(vec![now]), &command).objections(&accepted, &command)
}

#[test]
fn force_runs_only_while_the_same_is_lost() {
    let force = |then: &VolumeState, now| objections(then, now, RemoveStep::Force);
    let then = drained(12, TaskState::Completed);
    assert_eq!(force(&then, then.clone()), [""; 0]);
    assert_eq!(
        force(&then, drained(11, TaskState::Completed)),
        [""; 0],
        "less"
    );

    // Another admin gave the brick back to the volume.
    let in_service = volume("v", distribute(), 3);
    assert_eq!(
        force(&then, in_service.clone()),
        [
            "the remove-brick was ended elsewhere: its bricks take part in the volume again",
            "40.0 GiB will no longer be reachable through v. There is no undo: the files stay on the bricks, but the volume forgets them.",
        ]
    );
    let mut again = then.clone();
    another_run(&mut again);
    let objections = force(&then, again);
    assert_eq!(objections[0], "another remove-brick has these bricks now");
    assert_eq!(objections.len(), 2, "{objections:?}");
    for more in [
        drained(13, TaskState::Completed),
        drained(12, TaskState::Failed),
    ] {
        assert_eq!(force(&then, more).len(), 1);
    }

    // The same where the drain left nothing that is counted.
    let then = drained(0, TaskState::Completed);
    assert_eq!(
        force(&then, in_service),
        ["the remove-brick was ended elsewhere: its bricks take part in the volume again"]
    );
    let mut unread = then.clone();
    unread.task = Part::default();
    assert_eq!(
        force(&then, unread),
        ["whether a task runs is not known yet"]
    );
}

#[test]
fn force_without_a_drain_is_for_what_lay_there() {
    let with = |free: u64| {
        let mut state = volume("v", distribute(), 3);
        set_space(&mut state, 1, |space| space.free = Some(free * GIB));
        state
    };
    let force = |then: &VolumeState, now| objections(then, now, RemoveStep::Force);
    assert_eq!(force(&with(60), with(60)), [""; 0]);
    assert_eq!(force(&with(60), with(80)), [""; 0], "less");
    assert_eq!(force(&with(60), with(58)), [""; 0], "clients write");
    assert_eq!(force(&with(60), with(50)).len(), 1);
}

#[test]
fn a_commit_is_for_the_run_that_was_agreed_to() {
    let then = drained(0, TaskState::Completed);
    let commit = |now| objections(&then, now, RemoveStep::Commit);
    assert_eq!(commit(then.clone()), [""; 0]);
    let mut again = then.clone();
    another_run(&mut again);
    assert_eq!(commit(again), ["another remove-brick has these bricks now"]);
}

#[test]
fn what_passed_has_to_pass_again_before_what_is_final() {
    let then = drained(0, TaskState::Completed);
    let mut silent = then.clone();
    set_online(&mut silent, 0, None);
    assert_eq!(
        objections(&then, silent.clone(), RemoveStep::Commit),
        ["whether gl-01:/bricks/v is online is not known"]
    );
    assert_eq!(
        objections(&silent, silent.clone(), RemoveStep::Commit),
        [""; 0],
        "it was known that it is not known"
    );

    let copies = |change: fn(&mut VolumeState)| {
        let mut state = volume("v", replica(3, 0), 6);
        change(&mut state);
        let command = remove_named(names(&state, &[2, 5]), Some(2), RemoveStep::Force);
        (of(&snapshot(vec![state]), &command), command)
    };
    let (accepted, command) = copies(|_| {});
    let (late, _) = copies(|s| s.heal.fail(fault(FaultKind::Timeout, "late", at(1))));
    let objections = late.objections(&accepted, &command);
    assert!(objections[0].contains("latest question failed"));
    assert_eq!(objections.len(), 1);
}

#[test]
fn only_what_is_costly_to_ask_may_be_unknown_before_a_start() {
    let then = volume("v", distribute(), 3);
    let start = |now| objections(&then, now, RemoveStep::Start);
    let mut no_sizes = then.clone();
    let late = || fault(FaultKind::Timeout, "late", at(1));
    no_sizes.space.fail(late());
    assert_eq!(start(no_sizes), [""; 0]);
    let mut silent = then.clone();
    set_online(&mut silent, 1, None);
    assert_eq!(
        start(silent),
        ["whether gl-02:/bricks/v is online is not known"]
    );
}

#[test]
fn no_commit_passes_on_a_task_that_could_not_be_read_again() {
    let mut state = drained(0, TaskState::Completed);
    state.task.fail(fault(FaultKind::Timeout, "late", at(1)));
    let command = remove(&state, &[1], RemoveStep::Commit);
    let plan = of(&snapshot(vec![state]), &command);
    for words in [
        "the bricks are those of the task (as of the last answer",
        "every node completed (as of the last answer",
        "every node reported (as of the last answer",
        "0 files failed or were skipped (as of the last answer",
    ] {
        assert_eq!(find(&plan, words), Mark::Unknown);
    }
    assert_eq!(plan.refusal(), None);
}
