//! Stop a task: `S`.

use super::{Context, Offer, Reaction};
use crate::config::{Key, KeyCode};
use crate::insight::plan;
use crate::model::VolumeName;

const SAFE: &str = "Keep it running";

/// Stops the task of one volume. The bricks of a remove-brick come from the task itself.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Stop {
    /// Whose task.
    pub volume: VolumeName,
}

impl Stop {
    pub(super) fn offer(&self, context: Context<'_>) -> Offer {
        match plan::task_to_stop(context.snapshot, &self.volume) {
            Ok(command) => context.offer(command, "Stop it", SAFE),
            Err(reason) => Offer::refused(reason, SAFE),
        }
    }

    pub(super) fn key(&self, key: Key) -> Option<Reaction> {
        (key == Key::plain(KeyCode::Char('t'))).then(|| Reaction::Throttle(self.volume.clone()))
    }
}
