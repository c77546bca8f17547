//! Following one task from reading to reading.
//!
//! gluster forgets: a node that does not answer drops out of the report, a stopped task leaves no
//! trace, and a dead process stays "in progress" for ever. So each reading is laid over the task
//! as it was known before, and what it does not mention stays.

use std::time::Duration;

use super::names::Names;
use crate::gluster::{Command, ListedTask, NodeReport, ProgressReport, RemoveStep};
use crate::insight::progress;
use crate::model::{
    BrickName, Counters, Ending, NodeProgress, PeerId, Sample, Stamp, Task, TaskId, TaskKind,
    TaskState, Trail, Volume, VolumeName,
};

/// Whether a task's counters can be asked for: a remove-brick goes by its bricks.
pub(super) fn can_be_asked(task: &Task) -> bool {
    task.kind != TaskKind::RemoveBrick || !task.bricks.is_empty()
}

/// The question for a task's counters, if they can be asked for.
pub(super) fn question(volume: &VolumeName, task: &Task) -> Option<Command> {
    can_be_asked(task).then(|| match task.kind {
        TaskKind::Rebalance | TaskKind::FixLayout => Command::RebalanceStatus(volume.clone()),
        TaskKind::RemoveBrick => Command::RemoveBrick {
            volume: volume.clone(),
            bricks: task.bricks.clone(),
            replica: None,
            step: RemoveStep::Status,
        },
    })
}

/// A task that nothing is known of yet but that it runs.
pub(super) fn begun(
    names: &Names<'_>,
    kind: TaskKind,
    id: Option<TaskId>,
    bricks: &[BrickName],
    at: Stamp,
) -> Task {
    let mut task = Task {
        id,
        kind,
        listed: TaskState::InProgress,
        bricks: bricks.iter().map(|brick| names.brick(brick)).collect(),
        nodes: Vec::new(),
        first_seen: at,
        trail: Trail::default(),
        baseline: None,
        usage: std::sync::Arc::default(),
    };
    expect_hosts(names, &mut task);
    task
}

/// Lays a line of the task list over what was known.
pub(super) fn listed(
    names: &Names<'_>,
    known: Option<&Task>,
    line: &ListedTask,
    at: Stamp,
) -> Task {
    let mut task = known
        .filter(|task| is_same_run(task, line.kind, line.id.as_ref()))
        .cloned()
        .unwrap_or_else(|| begun(names, line.kind, None, &[], at));
    task.listed = line.state;
    task.id = line.id.clone().or(task.id);
    if !line.bricks.is_empty() {
        task.bricks = line.bricks.iter().map(|brick| names.brick(brick)).collect();
    }
    expect_hosts(names, &mut task);
    task
}

/// Lays a progress report over the task that it was asked for.
pub(super) fn progressed(
    names: &Names<'_>,
    known: &Task,
    report: &ProgressReport,
    at: Stamp,
) -> Task {
    let mut task = if is_same_run(known, known.kind, report.task.as_ref()) {
        known.clone()
    } else {
        begun(names, known.kind, None, &known.bricks, at)
    };
    task.id = report.task.clone().or(task.id);
    if report.nodes.iter().any(|node| node.fix_layout) {
        task.kind = TaskKind::FixLayout;
    }
    expect_hosts(names, &mut task);
    for node in &mut task.nodes {
        node.reported = false;
    }
    for line in &report.nodes {
        let peer = names.reporter(line);
        let at_row = task.nodes.iter().position(|node| node.peer == peer);
        let row = at_row.unwrap_or(task.nodes.len());
        if at_row.is_none() {
            let name = names.of_node(&peer, Some(&line.name));
            task.nodes.push(silent(peer, name));
        }
        if has_restarted(&task.nodes[row], line) {
            task.nodes[row].trail.restart(at.wall);
            task.trail.restart(at.wall);
        }
        hear(&mut task.nodes[row], line, at);
    }
    // While a node is silent the sum stands still for it and then leaps, so there is a gap instead.
    // Over the gap the sum is right again: what was moved in it, in the time that it took.
    if !task.nodes.iter().any(is_missing)
        && let Some(sample) = sample(&task.total(), at)
    {
        task.trail.push(sample);
    }
    task
}

/// Whether a node is silent that may be at work.
fn is_missing(node: &NodeProgress) -> bool {
    !node.reported && matches!(node.state, TaskState::InProgress | TaskState::Unknown)
}

/// Whether a task of this kind and id is the one that is known. A missing id says nothing.
pub(super) fn is_same_run(known: &Task, kind: TaskKind, id: Option<&TaskId>) -> bool {
    match (&known.id, id) {
        (Some(known), Some(id)) => known == id,
        // The list calls a fix-layout a rebalance.
        _ => (known.kind == TaskKind::RemoveBrick) == (kind == TaskKind::RemoveBrick),
    }
}

/// How a task ended that gluster no longer lists. `volume` is its definition now, if it still
/// exists; `replaced`: another task is listed in its place.
///
/// gluster keeps a completed or failed task until something takes its place, and erases a stopped
/// one at once. So one that went from its work to nothing was stopped; but one that has a
/// successor may have run to its end unseen.
pub(super) fn ending(task: &Task, volume: Option<&Volume>, replaced: bool) -> Ending {
    match (task.kind, task.state()) {
        (TaskKind::RemoveBrick, _) if volume.is_some_and(|volume| has_left(task, volume)) => {
            Ending::Committed
        }
        (_, TaskState::Failed) => Ending::Failed,
        (TaskKind::Rebalance | TaskKind::FixLayout, TaskState::Completed) => Ending::Completed,
        (TaskKind::Rebalance | TaskKind::FixLayout, TaskState::InProgress) if replaced => {
            Ending::Vanished
        }
        // Stopped elsewhere; a completed remove-brick whose bricks are still there was retained.
        (_, TaskState::InProgress | TaskState::Stopped | TaskState::Completed)
            if volume.is_some() =>
        {
            Ending::Stopped
        }
        _ => Ending::Vanished,
    }
}

/// Whether none of the task's bricks belongs to the volume any more.
pub(super) fn has_left(task: &Task, volume: &Volume) -> bool {
    !task.bricks.is_empty() && !volume.bricks.iter().any(|brick| task.removes(&brick.name))
}

/// Gives every node that ought to take part a row: in a remove-brick those with a leaving brick,
/// else all that host a brick.
fn expect_hosts(names: &Names<'_>, task: &mut Task) {
    let hosts = names
        .hosts(|brick| task.kind != TaskKind::RemoveBrick || task.bricks.contains(&brick.name));
    for peer in hosts {
        if !task.nodes.iter().any(|node| node.peer == peer) {
            let name = names.of_node(&peer, None);
            task.nodes.push(silent(peer, name));
        }
    }
}

/// A node that said nothing yet.
fn silent(peer: PeerId, name: String) -> NodeProgress {
    NodeProgress {
        peer,
        name,
        state: TaskState::Unknown,
        counters: Counters::default(),
        taken: None,
        reported: false,
        moved: None,
        ticked: None,
        trail: Trail::default(),
    }
}

/// Whether a node began its crawl again: the process of a node that was rebooted starts anew for
/// the same task, and its run time and counters with it.
fn has_restarted(node: &NodeProgress, line: &NodeReport) -> bool {
    let fell = |counter: fn(&Counters) -> Option<u64>| {
        counter(&node.counters) > counter(&line.counters) && counter(&line.counters).is_some()
    };
    let runs = (
        progress::run_time(&node.counters),
        progress::run_time(&line.counters),
    );
    matches!(runs, (Some(before), Some(now)) if now < before)
        || fell(|counters| counters.bytes)
        || fell(|counters| counters.scanned)
}

fn hear(node: &mut NodeProgress, line: &NodeReport, at: Stamp) {
    let runtime = |counters: &Counters| counters.runtime;
    let moving = |counters: &Counters| Counters {
        runtime: None,
        ..*counters
    };
    let before = node.taken.map(|_| node.counters);
    if before.is_none_or(|before| moving(&before) != moving(&line.counters)) {
        node.moved = Some(at);
    }
    // A run time that fell is a process that began again: alive too.
    if before.is_none_or(|before| runtime(&before) != runtime(&line.counters)) {
        node.ticked = Some(at);
    }
    node.state = line.state;
    node.counters = line.counters;
    node.taken = Some(at);
    node.reported = true;
    if let Some(sample) = sample(&line.counters, at) {
        node.trail.push(sample);
    }
}

/// A point of a trail; none while the bytes are unknown.
fn sample(counters: &Counters, at: Stamp) -> Option<Sample> {
    Some(Sample {
        at: at.wall,
        bytes: counters.bytes?,
        files: counters.files.unwrap_or(0),
        scanned: counters.scanned.unwrap_or(0),
    })
}

/// How long after the end of a remove-brick its bricks may leave and still count as committed by
/// it: the task list and the definitions are read one after the other.
pub(super) const COMMIT_SEEN_WITHIN: Duration = Duration::from_secs(30);

#[cfg(test)]
mod tests;
