//! When a drained remove-brick may be committed without anybody looking.
//!
//! Every gate must be seen open in fresh readings; what is not known keeps it shut. The terminal
//! asks after each reading, and so does `glustop wait --commit-if-clean`.

use std::time::Duration;

use super::Mark;
use crate::gluster::command::{Command, RemoveStep};
use crate::model::{
    Brick, NodeProgress, Snapshot, Stamp, Task, TaskId, TaskKind, TaskState, VolumeName,
    VolumeState,
};

/// Whether to commit.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Readiness {
    /// Not yet, for this reason; it may come.
    NotYet(String),
    /// Every gate is open. This would commit it.
    Ready(Command),
    /// An admin has to look, for this reason.
    Never(String),
}

use Readiness::{Never, NotYet, Ready};

/// Judges the drain with this id. `fresh` is the greatest age at which a reading still counts.
pub fn readiness(
    snapshot: &Snapshot,
    volume: &VolumeName,
    id: &TaskId,
    now: Stamp,
    fresh: Duration,
) -> Readiness {
    let Some(state) = snapshot.volume(volume) else {
        return Never(format!("volume {volume} does not exist any more"));
    };
    let Some(task) = state.task().filter(|task| task.id.as_ref() == Some(id)) else {
        return match state.task.get() {
            None => NotYet("the task list is not known".to_owned()),
            Some(_) => Never("the remove-brick was ended elsewhere".to_owned()),
        };
    };
    let shut = for_good(state, task)
        .map(Never)
        .or_else(|| at_the_end(state, task))
        .or_else(|| for_now(snapshot, state, task, now, fresh).map(NotYet));
    if let Some(shut) = shut {
        return shut;
    }
    let command = Command::RemoveBrick {
        volume: volume.clone(),
        bricks: task.bricks.clone(),
        replica: None,
        step: RemoveStep::Commit,
    };
    let plan = super::of(snapshot, &command);
    // Nobody is there to think about a warning.
    let doubt = plan.checks.iter().find(|check| check.mark != Mark::Pass);
    match doubt {
        Some(check) if check.mark == Mark::Unknown => NotYet(check.text.clone()),
        Some(check) => Never(check.text.clone()),
        None => Ready(command),
    }
}

/// What never goes away again by itself, from the beginning to the end.
fn for_good(state: &VolumeState, task: &Task) -> Option<String> {
    if task.kind != TaskKind::RemoveBrick {
        return Some("the task is no remove-brick".to_owned());
    }
    let ended_badly = |node: &&NodeProgress| {
        matches!(node.state, TaskState::Failed | TaskState::Stopped)
            || node.counters.failures.is_some_and(|failures| failures > 0)
            || node.counters.skipped.is_some_and(|skipped| skipped > 0)
    };
    if let Some(node) = task.nodes.iter().find(ended_badly) {
        return Some(match node.state {
            TaskState::Failed | TaskState::Stopped => {
                format!("{} {}", node.name, node.state.as_str())
            }
            _ => format!("files failed or were skipped on {}", node.name),
        });
    }
    if matches!(task.listed, TaskState::Failed | TaskState::Stopped) {
        return Some(format!("gluster lists it as {}", task.listed.as_str()));
    }
    let offline = |brick: &&Brick| state.brick(&brick.name).online == Some(false);
    if let Some(brick) = state.volume.bricks.iter().find(offline) {
        return Some(format!("brick {} is offline", brick.name));
    }
    if let Some(sessions) = state.own.geo_sessions.filter(|&sessions| sessions > 0) {
        return Some(format!("geo-replication: {sessions} configured"));
    }
    None
}

/// What may still come right while files move, and is for an admin once they do not.
fn at_the_end(state: &VolumeState, task: &Task) -> Option<Readiness> {
    let is_moving = |node: &NodeProgress| node.reported && node.state == TaskState::InProgress;
    if task.nodes.iter().any(is_moving) {
        return Some(NotYet("still migrating".to_owned()));
    }
    if !task.nodes.iter().any(|node| node.reported) {
        // Between the start and its first answer nobody has spoken yet; and when nobody speaks at
        // all, nothing says that this is the end.
        return Some(NotYet("no node gives an answer".to_owned()));
    }
    if let Some(node) = task.nodes.iter().find(|node| !node.reported) {
        return Some(Never(format!("{} gives no answer", node.name)));
    }
    match task.state() {
        TaskState::Completed => {}
        TaskState::InProgress | TaskState::NotStarted => {
            return Some(NotYet("still migrating".to_owned()));
        }
        other => return Some(Never(format!("its state is {}", other.as_str()))),
    }
    // A brick that gluster's answer leaves out is on a node that gave none.
    let unknown = |brick: &&Brick| state.brick(&brick.name).online.is_none();
    let brick = state.volume.bricks.iter().find(unknown)?;
    let text = format!("whether brick {} is online is not known", brick.name);
    Some(if state.bricks.get().is_some() {
        Never(text)
    } else {
        NotYet(text)
    })
}

/// What the next readings may change: they are old, failed, or do not say enough.
fn for_now(
    snapshot: &Snapshot,
    state: &VolumeState,
    task: &Task,
    now: Stamp,
    fresh: Duration,
) -> Option<String> {
    let is_old = |taken: Option<Stamp>| taken.is_none_or(|at| at.age(now) > fresh);
    let parts = [
        (
            "definition",
            snapshot.volumes.taken(),
            snapshot.volumes.fault(),
        ),
        ("list of bricks", state.bricks.taken(), state.bricks.fault()),
        ("task", state.task.taken(), state.task.fault()),
    ];
    for (what, taken, fault) in parts {
        if fault.is_some() {
            return Some(format!("the {what} could not be read"));
        }
        if is_old(taken) {
            return Some(format!("the {what} was read too long ago"));
        }
    }
    if let Some(node) = task.nodes.iter().find(|node| is_old(node.taken)) {
        return Some(format!("{} answered too long ago", node.name));
    }
    if task.bricks.is_empty() {
        return Some("which bricks leave is not known".to_owned());
    }
    if state.own.geo_sessions.is_none() {
        return Some("whether geo-replication is configured is not known".to_owned());
    }
    None
}

#[cfg(test)]
mod tests;
