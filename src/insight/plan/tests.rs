use super::*;
use crate::gluster::command::RebalanceMode;
use crate::insight::testing::{
    GIB, define, distribute, names, node, replica, set_online, set_peer, set_space, set_task,
    snapshot, volume,
};
use crate::model::{BrickName, NodeProgress, Part};

mod common;
mod force;
mod heal;
mod old;
mod room;

fn remove(state: &VolumeState, bricks: &[usize], step: RemoveStep) -> Command {
    remove_named(names(state, bricks), None, step)
}

fn remove_named(bricks: Vec<BrickName>, replica: Option<u32>, step: RemoveStep) -> Command {
    Command::RemoveBrick {
        volume: VolumeName::new("v"),
        bricks,
        replica,
        step,
    }
}

fn rebalance() -> Command {
    Command::RebalanceStart {
        volume: VolumeName::new("v"),
        mode: RebalanceMode::Migrate,
    }
}

/// The check whose text holds these words.
fn find(plan: &Plan, words: &str) -> Mark {
    plan.checks
        .iter()
        .find(|check| check.text.contains(words))
        .unwrap_or_else(|| panic!("no check says {words:?}: {plan:#?}"))
        .mark
}

/// Plans the start of draining brick 1 of a distribute volume of three, changed first.
fn start(change: impl FnOnce(&mut VolumeState)) -> Plan {
    let mut state = volume("v", distribute(), 3);
    change(&mut state);
    let command = remove(&state, &[1], RemoveStep::Start);
    of(&snapshot(vec![state]), &command)
}

#[test]
fn a_healthy_volume_may_drain_a_brick() {
    let plan = start(|_| {});
    assert_eq!(plan.refusal(), None);
    assert!(
        plan.checks.iter().all(|check| check.mark == Mark::Pass),
        "{plan:#?}"
    );
    assert_eq!(
        find(&plan, "fits: 40.0 GiB into 120.0 GiB free"),
        Mark::Pass
    );
}

#[test]
fn a_volume_that_is_gone_is_refused() {
    let plan = of(&snapshot(vec![]), &rebalance());
    assert_eq!(
        plan.refusal(),
        Some("volume v does not exist (any more)"),
        "{plan:?}"
    );
}

#[test]
fn a_name_that_could_not_be_read_exactly_is_not_sent_back() {
    let name = VolumeName::new("caf\u{fffd}");
    let cluster = snapshot(vec![volume(name.as_str(), distribute(), 2)]);
    let start = Command::RebalanceStart {
        volume: name.clone(),
        mode: RebalanceMode::Migrate,
    };
    assert!(of(&cluster, &start).refusal().unwrap().contains("exactly"));
    assert_eq!(of(&cluster, &Command::RebalanceStop(name)).refusal(), None);
}

#[test]
fn draining_needs_a_started_volume_and_its_bricks() {
    let stopped = start(|s| define(s, |v| v.status = VolumeStatus::Stopped));
    assert_eq!(find(&stopped, "volume v is not started"), Mark::Refuse);
    let offline = start(|s| set_online(s, 1, Some(false)));
    assert_eq!(
        find(&offline, "gl-02:/bricks/v is offline"),
        Mark::Refuse,
        "{offline:?}"
    );
    let silent = start(|s| set_online(s, 1, None));
    assert_eq!(
        find(&silent, "whether gl-02:/bricks/v is online is not known"),
        Mark::Unknown
    );
    let elsewhere = start(|s| set_online(s, 0, Some(false)));
    assert_eq!(find(&elsewhere, "leaving bricks are online"), Mark::Pass);
}

#[test]
fn draining_needs_the_host() {
    let state = volume("v", distribute(), 3);
    let command = remove(&state, &[1], RemoveStep::Start);
    for (connected, words, mark) in [
        (Some(false), "host gl-02 is not connected", Mark::Refuse),
        (None, "not every host's connection is known", Mark::Unknown),
        (Some(true), "their hosts are connected", Mark::Pass),
    ] {
        let mut cluster = snapshot(vec![state.clone()]);
        set_peer(&mut cluster, 2, |peer| peer.connected = connected);
        assert_eq!(find(&of(&cluster, &command), words), mark);
    }
}

#[test]
fn a_volume_has_one_task_at_a_time() {
    use TaskKind::{FixLayout, Rebalance, RemoveBrick};
    for (kind, state, words, mark) in [
        (
            Rebalance,
            TaskState::InProgress,
            "a rebalance is running",
            Mark::Refuse,
        ),
        (
            FixLayout,
            TaskState::InProgress,
            "a fix-layout is running",
            Mark::Refuse,
        ),
        (
            RemoveBrick,
            TaskState::InProgress,
            "a remove-brick is running",
            Mark::Refuse,
        ),
        (
            RemoveBrick,
            TaskState::Completed,
            "waits for commit or retain",
            Mark::Refuse,
        ),
        (
            RemoveBrick,
            TaskState::Failed,
            "waits for commit or retain",
            Mark::Refuse,
        ),
        (
            RemoveBrick,
            TaskState::Unknown,
            "is not finished",
            Mark::Refuse,
        ),
        (
            Rebalance,
            TaskState::Unknown,
            "whether its rebalance is over",
            Mark::Unknown,
        ),
        (
            RemoveBrick,
            TaskState::Stopped,
            "no rebalance and no remove-brick",
            Mark::Pass,
        ),
        (
            Rebalance,
            TaskState::Completed,
            "no rebalance and no remove-brick",
            Mark::Pass,
        ),
        (
            Rebalance,
            TaskState::Failed,
            "no rebalance and no remove-brick",
            Mark::Pass,
        ),
    ] {
        let plan = start(|s| set_task(s, kind, &[2], vec![node(3, state)]));
        assert_eq!(find(&plan, words), mark, "{kind:?} {state:?}");
    }
    let unread = start(|s| s.task = Part::default());
    assert_eq!(find(&unread, "not known yet"), Mark::Unknown);
}

#[test]
fn a_rebalance_needs_sets_to_spread_over_and_all_of_them_up() {
    let plan = |state: VolumeState| of(&snapshot(vec![state]), &rebalance());
    assert_eq!(plan(volume("v", replica(3, 0), 6)).refusal(), None);
    let single = plan(volume("v", replica(3, 0), 3));
    assert_eq!(find(&single, "1 x 3: only one sub-volume"), Mark::Refuse);
    for (offline, words, mark) in [
        (&[0][..], "its set still serves", Mark::Warn),
        (&[0, 1, 2], "a sub-volume is down", Mark::Refuse),
    ] {
        let mut state = volume("v", replica(3, 0), 6);
        for &brick in offline {
            set_online(&mut state, brick, Some(false));
        }
        assert_eq!(find(&plan(state), words), mark);
    }
    let mut silent = volume("v", distribute(), 2);
    set_online(&mut silent, 1, None);
    assert_eq!(
        find(&plan(silent), "not every brick's state is known"),
        Mark::Unknown
    );
}

/// Plans the commit of brick 1, of a remove-brick with these nodes.
fn commit(nodes: Vec<NodeProgress>) -> Plan {
    let mut state = volume("v", distribute(), 3);
    set_task(&mut state, TaskKind::RemoveBrick, &[1], nodes);
    let command = remove(&state, &[1], RemoveStep::Commit);
    of(&snapshot(vec![state]), &command)
}

#[test]
fn a_commit_needs_every_node_and_no_failure() {
    let done = || node(2, TaskState::Completed);
    let clean = commit(vec![done()]);
    assert_eq!(clean.refusal(), None, "{clean:?}");

    let mut failures = done();
    failures.counters.failures = Some(1_204);
    let mut uncounted = done();
    uncounted.counters.failures = None;
    let mut silent = node(3, TaskState::Completed);
    silent.reported = false;
    for (nodes, words) in [
        (vec![failures], "1,204 files failed or were skipped"),
        (vec![uncounted], "the number of failed files is not known"),
        (vec![done(), silent], "1 of 2 nodes gave no answer"),
        (
            vec![done(), node(3, TaskState::InProgress)],
            "still in progress",
        ),
        (
            vec![done(), node(3, TaskState::Failed)],
            "files are still on the leaving bricks",
        ),
        (
            vec![done(), node(3, TaskState::Unknown)],
            "not every node completed (state: unknown)",
        ),
    ] {
        assert_eq!(find(&commit(nodes), words), Mark::Refuse);
    }
}

#[test]
fn a_commit_is_for_the_bricks_of_the_task() {
    let mut state = volume("v", distribute(), 3);
    let command = remove(&state, &[1], RemoveStep::Commit);
    let gone = of(&snapshot(vec![state.clone()]), &command);
    assert_eq!(find(&gone, "no remove-brick on v any more"), Mark::Refuse);
    set_task(
        &mut state,
        TaskKind::RemoveBrick,
        &[1, 2],
        vec![node(2, TaskState::Completed)],
    );
    let other = of(&snapshot(vec![state.clone()]), &command);
    assert_eq!(find(&other, "the task's bricks have changed"), Mark::Refuse);
    let reordered = remove(&state, &[2, 1], RemoveStep::Commit);
    assert_eq!(of(&snapshot(vec![state]), &reordered).refusal(), None);
}

#[test]
fn nothing_stands_in_the_way_of_a_stop() {
    let mut state = volume("v", distribute(), 2);
    define(&mut state, |v| v.status = VolumeStatus::Stopped);
    let stop = Command::RebalanceStop(VolumeName::new("v"));
    assert_eq!(of(&snapshot(vec![state]), &stop), Plan::default());
}

#[test]
fn what_to_stop_follows_from_the_task() {
    let stop = |kind, bricks: &[usize], task_state| {
        let mut state = volume("v", distribute(), 3);
        set_task(&mut state, kind, bricks, vec![node(1, task_state)]);
        task_to_stop(&snapshot(vec![state]), &VolumeName::new("v"))
    };
    let running = TaskState::InProgress;
    assert_eq!(
        stop(TaskKind::FixLayout, &[], running),
        Ok(Command::RebalanceStop(VolumeName::new("v")))
    );
    let state = volume("v", distribute(), 3);
    assert_eq!(
        stop(TaskKind::RemoveBrick, &[1, 2], TaskState::Failed),
        Ok(remove(&state, &[1, 2], RemoveStep::Stop)),
        "gives the bricks back"
    );
    assert_eq!(
        stop(TaskKind::Rebalance, &[], TaskState::Completed),
        Err("nothing to stop: the rebalance on v is completed".into())
    );
    assert!(stop(TaskKind::RemoveBrick, &[1], TaskState::Stopped).is_err());
    let idle = snapshot(vec![state]);
    assert_eq!(
        task_to_stop(&idle, &VolumeName::new("v")),
        Err("nothing to stop: no task on v".into())
    );
    assert!(task_to_stop(&idle, &VolumeName::new("w")).is_err());
}
