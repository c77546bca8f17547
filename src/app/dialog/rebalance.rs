//! Start a rebalance on one volume or several: `R`.

use super::{Context, Gate, Offer, Reaction};
use crate::config::{Key, KeyCode};
use crate::gluster::{Command, RebalanceMode};
use crate::insight::plan::{self, Check, Mark};
use crate::model::VolumeName;

/// Starts a rebalance, or a fix-layout.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Rebalance {
    /// The volumes, in the order they would be started.
    pub candidates: Vec<Candidate>,
    /// How.
    pub mode: RebalanceMode,
    /// The row under the cursor.
    pub cursor: usize,
}

/// One volume of the dialog.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Candidate {
    /// Its name.
    pub volume: VolumeName,
    /// It is to be started.
    pub wanted: bool,
}

impl Rebalance {
    /// The modes, from top to bottom.
    pub const MODES: [RebalanceMode; 3] = [
        RebalanceMode::Migrate,
        RebalanceMode::FixLayout,
        RebalanceMode::Force,
    ];

    /// For some volumes, all wanted.
    pub fn new(volumes: impl IntoIterator<Item = VolumeName>) -> Self {
        let candidates = volumes.into_iter().map(|volume| Candidate {
            volume,
            wanted: true,
        });
        Self {
            candidates: candidates.collect(),
            mode: RebalanceMode::Migrate,
            cursor: 0,
        }
    }

    /// Whether it lists volumes rather than explains one.
    pub fn is_many(&self) -> bool {
        self.candidates.len() > 1
    }

    /// The command for one volume.
    pub fn command(&self, volume: &VolumeName) -> Command {
        Command::RebalanceStart {
            volume: volume.clone(),
            mode: self.mode,
        }
    }

    /// Not all or nothing: volumes that cannot start now are left out, with their reason in
    /// their line.
    pub(super) fn offer(&self, context: Context<'_>) -> Offer {
        if let [one] = self.candidates.as_slice() {
            return context.offer(self.command(&one.volume), "Start", "Back out");
        }
        let mut orders = Vec::new();
        let mut checks = Vec::new();
        for candidate in self.candidates.iter().filter(|one| one.wanted) {
            let command = self.command(&candidate.volume);
            let plan = plan::of(context.snapshot, &command);
            if plan.refusal().is_some() {
                continue;
            }
            orders.push(context.launcher.order(command));
            let doubts = plan.checks.into_iter();
            let doubts = doubts.filter(|check| check.mark != Mark::Pass);
            checks.extend(doubts.map(|check| Check {
                text: format!("{}: {}", candidate.volume, check.text),
                volume: Some(candidate.volume.clone()),
                ..check
            }));
        }
        Offer {
            confirm: format!("Start {}", orders.len()),
            refusal: orders
                .is_empty()
                .then(|| "no marked volume can start now".to_owned()),
            orders,
            checks,
            gate: Gate::Key,
            safe: "Back out",
        }
    }

    pub(super) fn key(&mut self, key: Key) -> Option<Reaction> {
        let rows = if self.is_many() {
            self.candidates.len()
        } else {
            Self::MODES.len()
        };
        match key.code {
            KeyCode::Char('d') => self.mode = RebalanceMode::Migrate,
            KeyCode::Char('l') => self.mode = RebalanceMode::FixLayout,
            KeyCode::Char('f') => self.mode = RebalanceMode::Force,
            KeyCode::Up | KeyCode::Char('k') => self.cursor = self.cursor.saturating_sub(1),
            KeyCode::Down | KeyCode::Char('j') => self.cursor = (self.cursor + 1).min(rows - 1),
            KeyCode::Char(' ') if self.is_many() => {
                if let Some(candidate) = self.candidates.get_mut(self.cursor) {
                    candidate.wanted = !candidate.wanted;
                }
            }
            _ => return None,
        }
        if !self.is_many() {
            match key.code {
                KeyCode::Char('d' | 'l' | 'f') => {
                    self.cursor = Self::MODES
                        .iter()
                        .position(|mode| *mode == self.mode)
                        .unwrap_or(0);
                }
                _ => {
                    if let Some(mode) = Self::MODES.get(self.cursor) {
                        self.mode = *mode;
                    }
                }
            }
        }
        Some(Reaction::Stay)
    }
}
