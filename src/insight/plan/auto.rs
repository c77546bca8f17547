//! When a drained remove-brick may be committed without anybody looking.
//!
//! Every gate must be seen open in fresh readings; what is not known keeps it shut. The terminal
//! asks after each reading, and so does `glustop wait --commit-if-clean`.

use std::time::Duration;

use super::Mark;
use crate::gluster::command::{Command, RemoveStep};
use crate::model::{Snapshot, Stamp, TaskId, TaskKind, TaskState, VolumeName};

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

/// Judges the drain with this id. `fresh` is the greatest age at which a reading still counts.
pub fn readiness(
    snapshot: &Snapshot,
    volume: &VolumeName,
    id: &TaskId,
    now: Stamp,
    fresh: Duration,
) -> Readiness {
    use Readiness::{Never, NotYet, Ready};
    let Some(state) = snapshot.volume(volume) else {
        return Never(format!("volume {volume} does not exist any more"));
    };
    let Some(task) = state.task().filter(|task| task.id.as_ref() == Some(id)) else {
        return match state.task.get() {
            None => NotYet("the task list is not known".to_owned()),
            Some(_) => Never("the remove-brick was ended elsewhere".to_owned()),
        };
    };
    if task.kind != TaskKind::RemoveBrick {
        return Never("the task is no remove-brick".to_owned());
    }
    // Failures never go away again, and neither does a failed or stopped node: no need to wait.
    let failed = task.nodes.iter().find(|node| {
        matches!(node.state, TaskState::Failed | TaskState::Stopped)
            || node.counters.failures.is_some_and(|failures| failures > 0)
            || node.counters.skipped.is_some_and(|skipped| skipped > 0)
    });
    if let Some(node) = failed {
        return Never(match node.state {
            TaskState::Failed | TaskState::Stopped => {
                format!("{} {}", node.name, node.state.as_str())
            }
            _ => format!("files failed or were skipped on {}", node.name),
        });
    }
    let offline = |brick: &&crate::model::Brick| state.brick(&brick.name).online == Some(false);
    if let Some(brick) = state.volume.bricks.iter().find(offline) {
        return Never(format!("brick {} is offline", brick.name));
    }
    if let Some(node) = task.nodes.iter().find(|node| !node.reported) {
        // While it moves, a missing answer may come back; at the end it must have.
        let text = format!("{} gives no answer", node.name);
        return if task
            .nodes
            .iter()
            .any(|node| node.state == TaskState::InProgress)
        {
            NotYet(text)
        } else {
            Never(text)
        };
    }
    match task.state() {
        TaskState::Completed => {}
        TaskState::InProgress | TaskState::NotStarted => {
            return NotYet("still migrating".to_owned());
        }
        other => return Never(format!("its state is {}", other.as_str())),
    }
    let is_old = |taken: Option<Stamp>| taken.is_none_or(|at| at.age(now) > fresh);
    if task.nodes.iter().any(|node| is_old(node.taken)) || is_old(state.bricks.taken()) {
        return NotYet("the last readings are old".to_owned());
    }
    let unknown = |brick: &&crate::model::Brick| state.brick(&brick.name).online != Some(true);
    if let Some(brick) = state.volume.bricks.iter().find(unknown) {
        return NotYet(format!("whether {} is online is not known", brick.name));
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
