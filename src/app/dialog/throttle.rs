//! Slow a task down or speed it up: `T`.

use super::{Context, Offer, Reaction};
use crate::config::{Key, KeyCode};
use crate::gluster::Command;
use crate::model::{Throttle, VolumeName};

/// Sets how many files each node of a volume migrates at a time.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SetThrottle {
    /// Of which volume.
    pub volume: VolumeName,
    /// The chosen level.
    pub level: Throttle,
}

impl SetThrottle {
    /// The levels by name, slowest first.
    pub const LEVELS: [Throttle; 3] = [Throttle::Lazy, Throttle::Normal, Throttle::Aggressive];

    pub(super) fn offer(&self, context: Context<'_>) -> Offer {
        let command = Command::SetThrottle {
            volume: self.volume.clone(),
            throttle: self.level.clone(),
        };
        let mut offer = context.offer(command, "Set", "Back out");
        let state = context.snapshot.volume(&self.volume);
        if state.is_some_and(|state| state.volume.throttle() == self.level) {
            offer.refusal = Some(format!(
                "it is {} already: choose another (1, 2, 3)",
                self.level
            ));
        }
        offer
    }

    pub(super) fn key(&mut self, key: Key) -> Option<Reaction> {
        let at = Self::LEVELS.iter().position(|level| *level == self.level);
        let to = match key.code {
            KeyCode::Char(digit @ '1'..='3') => digit as usize - '1' as usize,
            KeyCode::Up | KeyCode::Char('k') => at.map_or(0, |at| at.saturating_sub(1)),
            KeyCode::Down | KeyCode::Char('j') => at.map_or(0, |at| at + 1),
            _ => return None,
        };
        if let Some(level) = Self::LEVELS.get(to) {
            self.level = level.clone();
        }
        Some(Reaction::Stay)
    }
}
