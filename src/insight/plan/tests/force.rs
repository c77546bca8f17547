//! Removal by force: what is lost, and what must stay.

use super::*;

#[test]
fn removal_by_force_says_what_is_lost() {
    let state = volume("v", distribute(), 3);
    let command = remove(&state, &[1], RemoveStep::Force);
    let plan = of(&snapshot(vec![state.clone()]), &command);
    assert_eq!(
        find(&plan, "40.0 GiB will no longer be reachable through v"),
        Mark::Danger
    );
    let mut unknown = state.clone();
    set_space(&mut unknown, 1, |b| b.free = None);
    let plan = of(&snapshot(vec![unknown]), &command);
    assert_eq!(find(&plan, "All files on these bricks"), Mark::Danger);

    let mut drained = state.clone();
    set_task(
        &mut drained,
        TaskKind::RemoveBrick,
        &[1],
        vec![node(2, TaskState::Failed)],
    );
    let plan = of(&snapshot(vec![drained]), &command);
    assert_eq!(find(&plan, "waits for commit or retain"), Mark::Warn);
    let mut running = state;
    set_task(
        &mut running,
        TaskKind::Rebalance,
        &[],
        vec![node(2, TaskState::InProgress)],
    );
    let plan = of(&snapshot(vec![running]), &command);
    assert_eq!(find(&plan, "a rebalance is running"), Mark::Refuse);
}

#[test]
fn fewer_copies_go_by_force_only_and_with_the_right_count() {
    let state = volume("v", replica(3, 0), 6);
    let cluster = snapshot(vec![state.clone()]);
    let plan =
        |bricks: &[usize], to, step| of(&cluster, &remove_named(names(&state, bricks), to, step));
    let good = plan(&[2, 5], Some(2), RemoveStep::Force);
    assert_eq!(good.refusal(), None);
    assert_eq!(
        find(&good, "1 brick of every set: replica 3 -> 2"),
        Mark::Pass
    );
    assert_eq!(find(&good, "nothing to heal"), Mark::Pass);
    let drain = plan(&[2, 5], Some(2), RemoveStep::Start);
    assert_eq!(find(&drain, "gluster wants force"), Mark::Refuse);
    for (bricks, to) in [
        (&[2, 5][..], Some(1)),
        (&[2, 5], None),
        (&[0, 1, 2], Some(2)),
    ] {
        let plan = plan(bricks, to, RemoveStep::Force);
        assert_eq!(find(&plan, "layout has changed"), Mark::Refuse);
    }
    let illegal = plan(&[0, 1], None, RemoveStep::Start);
    assert_eq!(illegal.checks.len(), 1, "one reason is enough");
    assert_eq!(find(&illegal, "Only whole replica sets"), Mark::Refuse);
}

#[test]
fn a_task_that_may_still_move_files_is_in_the_way_of_force() {
    let mark = |kind, task_state, words| {
        let mut state = volume("v", distribute(), 3);
        set_task(&mut state, kind, &[1], vec![node(2, task_state)]);
        let command = remove(&state, &[1], RemoveStep::Force);
        find(&of(&snapshot(vec![state]), &command), words)
    };
    let remove_brick = TaskKind::RemoveBrick;
    let cases = [
        (TaskState::InProgress, "is running on it", Mark::Refuse),
        (TaskState::Unknown, "still moves files", Mark::Unknown),
        (TaskState::NotStarted, "still moves files", Mark::Unknown),
        (
            TaskState::Completed,
            "waits for commit or retain",
            Mark::Warn,
        ),
        (TaskState::Failed, "waits for commit or retain", Mark::Warn),
        (TaskState::Stopped, "stopped before its end", Mark::Warn),
    ];
    for (task_state, words, expected) in cases {
        assert_eq!(mark(remove_brick, task_state, words), expected, "{words}");
    }
    let unsure = mark(TaskKind::Rebalance, TaskState::Unknown, "is over");
    assert_eq!(unsure, Mark::Unknown);
}

#[test]
fn copies_may_leave_only_when_good_ones_stay() {
    let plan = |copies: u32, offline: &[usize], silent: &[usize]| {
        let mut state = volume("v", replica(copies, 0), 2 * copies as usize);
        for &brick in offline {
            set_online(&mut state, brick, Some(false));
        }
        for &brick in silent {
            set_online(&mut state, brick, None);
        }
        // The last copy of each set leaves.
        let leaving = [copies as usize - 1, 2 * copies as usize - 1];
        let bricks = names(&state, &leaving);
        let command = remove_named(bricks, Some(copies - 1), RemoveStep::Force);
        of(&snapshot(vec![state]), &command)
    };
    let one = "only one copy of the files stays online";
    let none = "v-replicate-1 would keep no brick that is known to be online";
    assert_eq!(
        find(&plan(3, &[], &[]), "2 copies stay online in every set"),
        Mark::Pass
    );
    assert_eq!(find(&plan(3, &[2, 5], &[]), "2 copies"), Mark::Pass);
    assert_eq!(find(&plan(2, &[], &[]), one), Mark::Warn);
    assert_eq!(find(&plan(3, &[4], &[]), one), Mark::Warn);
    assert_eq!(
        find(
            &plan(3, &[], &[4]),
            "gl-05:/bricks/v is online is not known"
        ),
        Mark::Unknown
    );
    assert_eq!(find(&plan(3, &[3, 4], &[0]), none), Mark::Refuse);
    assert_eq!(find(&plan(2, &[], &[2]), none), Mark::Refuse);
}

#[test]
fn force_after_a_drain_says_what_the_drain_left_behind() {
    let plan = |task_state, failures, bricks: &[usize]| {
        let mut state = volume("v", distribute(), 3);
        let mut one = node(2, task_state);
        one.counters.failures = failures;
        set_task(&mut state, TaskKind::RemoveBrick, bricks, vec![one]);
        let command = remove(&state, &[1], RemoveStep::Force);
        of(&snapshot(vec![state]), &command)
    };
    let completed = TaskState::Completed;
    let some = plan(completed, Some(1_234), &[1]);
    let words = "1,234 files that failed to migrate vanish from the volume v.";
    assert_eq!(find(&some, words), Mark::Danger);
    let one = plan(completed, Some(1), &[1]);
    assert_eq!(
        find(&one, "1 file that failed to migrate vanishes from"),
        Mark::Danger
    );
    let failed = plan(TaskState::Failed, Some(12), &[1]);
    assert_eq!(
        find(&failed, "all that the failed run did not reach"),
        Mark::Danger
    );
    // What is not counted, or was moved off other bricks, says nothing.
    for other in [
        plan(completed, None, &[1]),
        plan(completed, Some(0), &[1]),
        plan(completed, Some(9), &[2]),
        plan(TaskState::Stopped, Some(9), &[1]),
    ] {
        assert_eq!(
            find(&other, "40.0 GiB will no longer be reachable"),
            Mark::Danger
        );
    }
}
