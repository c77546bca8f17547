//! Finish a remove-brick that is over: `C`.

use super::{Context, Gate, Offer, Reaction};
use crate::config::{Key, KeyCode};
use crate::gluster::{Command, RemoveStep};
use crate::model::{TaskKind, VolumeName};

const SAFE: &str = "Decide later";

/// Commit, retain or later.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Finish {
    /// Whose remove-brick.
    pub volume: VolumeName,
    /// What is chosen.
    pub choice: FinishChoice,
}

/// The ways to finish.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum FinishChoice {
    /// Take the bricks out of the volume. Final.
    Commit,
    /// Give the bricks back to the volume.
    Retain,
    /// Leave it pending.
    Later,
}

impl FinishChoice {
    /// From top to bottom.
    pub const ALL: [Self; 3] = [Self::Commit, Self::Retain, Self::Later];
}

impl Finish {
    /// Begins with nothing chosen.
    pub fn new(volume: VolumeName) -> Self {
        Self {
            volume,
            choice: FinishChoice::Later,
        }
    }

    pub(super) fn offer(&self, context: Context<'_>) -> Offer {
        let task = context
            .snapshot
            .volume(&self.volume)
            .and_then(|state| state.task())
            .filter(|task| task.kind == TaskKind::RemoveBrick);
        let Some(task) = task else {
            return Offer::refused(
                format!("there is no remove-brick on {} to finish", self.volume),
                SAFE,
            );
        };
        let command = |step| Command::RemoveBrick {
            volume: self.volume.clone(),
            bricks: task.bricks.clone(),
            replica: None,
            step,
        };
        match self.choice {
            FinishChoice::Commit => Offer {
                gate: Gate::Typed(self.volume.clone()),
                ..context.offer(command(RemoveStep::Commit), "Commit", SAFE)
            },
            FinishChoice::Retain => context.offer(command(RemoveStep::Stop), "Retain bricks", SAFE),
            // The checks of a commit are what the choice hangs on: show them from the start.
            FinishChoice::Later => Offer {
                orders: vec![],
                refusal: Some("choose Commit or Retain first (Up, Down)".to_owned()),
                ..context.offer(command(RemoveStep::Commit), "", SAFE)
            },
        }
    }

    pub(super) fn key(&mut self, key: Key) -> Option<Reaction> {
        let all = FinishChoice::ALL;
        let at = all
            .iter()
            .position(|choice| *choice == self.choice)
            .unwrap_or(0);
        let to = match key.code {
            KeyCode::Up | KeyCode::Char('k') => at.saturating_sub(1),
            KeyCode::Down | KeyCode::Char('j') => at + 1,
            _ => return None,
        };
        if let Some(choice) = all.get(to) {
            self.choice = *choice;
        }
        Some(Reaction::Stay)
    }
}
