//! The last word before an auto commit.

use super::{Context, Offer, Reaction};
use crate::config::{Key, KeyCode};
use crate::gluster::{Command, RemoveStep};
use crate::model::{TaskId, VolumeName};

/// Counts down to the commit of a clean drain. Closing it in any way holds it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AutoCommit {
    /// Whose remove-brick.
    pub volume: VolumeName,
    /// Which one.
    pub task: TaskId,
}

impl AutoCommit {
    pub(super) fn offer(&self, context: Context<'_>) -> Offer {
        let safe = "h  Hold: I will decide";
        let state = context.snapshot.volume(&self.volume);
        let task = state.and_then(|state| state.task());
        match task.filter(|task| task.id.as_ref() == Some(&self.task)) {
            Some(task) => {
                let command = Command::RemoveBrick {
                    volume: self.volume.clone(),
                    bricks: task.bricks.clone(),
                    replica: None,
                    step: RemoveStep::Commit,
                };
                context.offer(command, "Commit now", safe)
            }
            None => Offer::refused("the remove-brick is over", safe),
        }
    }

    pub(super) fn key(key: Key) -> Option<Reaction> {
        (key == Key::plain(KeyCode::Char('h'))).then_some(Reaction::Close)
    }
}
