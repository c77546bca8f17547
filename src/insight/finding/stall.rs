//! A node that ought to work and seems not to: by two signals.
//!
//! gluster counts a file when it has been moved as a whole, so a node that moves a very large one
//! looks as if it hung. The bricks that receive it tell the difference: they grow.

use std::time::Duration;

use super::{Severity, Thresholds};
use crate::insight::{fill, progress};
use crate::model::{BrickName, NodeProgress, Stamp, Task, TaskState, VolumeState, text};

/// Growth of the other bricks per minute, in bytes, from which on something is being written.
const TRICKLE: u64 = 1 << 20;

/// Why a node that ought to work seems not to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Stall {
    /// Its run time stood still for this long: the process is probably dead.
    Dead(Duration),
    /// Its run time goes on, but no counter moved for this long.
    Quiet(Duration),
    /// No counter moved for so long, but this brick grew by so many bytes.
    LargeFile(Duration, BrickName, u64),
}

impl Stall {
    /// For people.
    pub fn words(&self) -> String {
        match self {
            Self::Dead(lasted) => format!(
                "its run time stands still for {}: the process is probably dead",
                text::age(*lasted)
            ),
            Self::Quiet(lasted) => format!("no counter moved for {}", text::age(*lasted)),
            Self::LargeFile(lasted, brick, grown) => format!(
                "counters stand still for {}, but {brick} grew {}: one large file?",
                text::age(*lasted),
                text::size(*grown)
            ),
        }
    }

    /// What to do about it.
    pub(super) fn advice(&self) -> &'static str {
        match self {
            Self::Dead(_) => {
                "A dead process needs a stop and a new start; moved files stay where they are."
            }
            Self::Quiet(_) => {
                "See the rebalance log on that node. A process that hangs needs a stop and a new start; moved files stay where they are."
            }
            Self::LargeFile(..) => {
                "gluster counts a file when it is finished: wait for it. Clients that write make bricks grow too."
            }
        }
    }
}

/// Judges one node by its readings, from the last change to the latest answer: how long nobody
/// has asked it says nothing. The wall clock counts, because the task lives by it.
pub fn stall(
    state: Option<&VolumeState>,
    task: &Task,
    node: &NodeProgress,
    thresholds: &Thresholds,
) -> Option<(Severity, Stall)> {
    if node.state != TaskState::InProgress {
        return None;
    }
    let until = |since: Option<Stamp>| {
        let lasted = node.taken?.wall.duration_since(since?.wall);
        Duration::try_from(lasted).ok()
    };
    if let Some(dead) = until(node.ticked).filter(|&lasted| lasted >= thresholds.dead) {
        return Some((Severity::Critical, Stall::Dead(dead)));
    }
    let quiet = until(node.moved).filter(|&lasted| lasted >= thresholds.stall_warning)?;
    if let Some((brick, grown)) = state.and_then(|state| grown(state, task, node)) {
        let least = TRICKLE.saturating_mul(quiet.as_secs() / 60);
        if grown >= least {
            let stall = Stall::LargeFile(quiet, brick, grown);
            return Some((Severity::Warning, stall));
        }
    }
    let severity = if quiet >= thresholds.stall_critical {
        Severity::Critical
    } else {
        Severity::Warning
    };
    Some((severity, Stall::Quiet(quiet)))
}

/// The brick that grew most since the node's counters last moved, and by how much beyond what
/// the other nodes moved meanwhile.
fn grown(state: &VolumeState, task: &Task, node: &NodeProgress) -> Option<(BrickName, u64)> {
    let since = node.moved?.wall;
    let grown = fill::grown_since(state, task, since)?;
    let (brick, most) = grown.iter().rev().max_by_key(|(_, grown)| *grown)?;
    let others = task.nodes.iter().filter(|other| other.peer != node.peer);
    let others: u64 = others
        .map(|other| progress::moved_since(&other.trail, since))
        .sum();
    // Each set once: copies of a file are not growth of their own.
    let sets = state.volume.subvolumes().filter_map(|set| {
        let of_set = grown
            .iter()
            .filter(|(brick, _)| set.bricks.iter().any(|own| own.name == brick.name));
        of_set.map(|(_, grown)| *grown).max()
    });
    let data = state.volume.layout.data_bricks();
    let all = sets.sum::<u64>().saturating_mul(data);
    let unexplained = all.saturating_sub(others);
    Some((brick.name.clone(), unexplained.min(*most)))
}
