//! Remove bricks: `D`.

use std::collections::BTreeSet;

use super::{Context, Gate, Offer, Reaction};
use crate::config::{Key, KeyCode};
use crate::gluster::{Command, RemoveStep};
use crate::insight::plan::remove::{self, Illegal, Removal};
use crate::insight::plan::{self, Plan};
use crate::model::{BrickName, VolumeName, VolumeState};

const SAFE: &str = "Back out";

/// Drains bricks, or takes them out with the files on them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Remove {
    /// From which volume.
    pub volume: VolumeName,
    /// The marked bricks.
    pub selected: BTreeSet<BrickName>,
    /// Move the files off the bricks first.
    pub migrate: bool,
    /// Commit it by itself when it ends clean.
    pub auto: bool,
    /// The sub-volume under the cursor.
    pub cursor: usize,
    /// Copies are to leave although others may need them to heal.
    pub override_heals: bool,
}

impl Remove {
    /// Begins with some bricks marked. They are widened to whole sub-volumes only on request.
    pub fn new(volume: VolumeName, selected: BTreeSet<BrickName>) -> Self {
        Self {
            volume,
            selected,
            migrate: true,
            auto: false,
            cursor: 0,
            override_heals: false,
        }
    }

    /// The marked bricks in definition order: the order in which gluster is given them.
    pub fn bricks(&self, state: &VolumeState) -> Vec<BrickName> {
        let names = state.volume.bricks.iter().map(|brick| &brick.name);
        names
            .filter(|name| self.selected.contains(*name))
            .cloned()
            .collect()
    }

    /// What the marked bricks amount to, or which rule they break.
    pub fn removal(&self, state: &VolumeState) -> Result<Removal, Illegal> {
        remove::removal(&state.volume, &self.bricks(state))
    }

    /// Whether it would commit by itself.
    pub fn commits_by_itself(&self, state: &VolumeState) -> bool {
        self.auto && self.never_by_itself(state).is_none()
    }

    /// Why it could not commit by itself.
    pub fn never_by_itself(&self, state: &VolumeState) -> Option<&'static str> {
        let waits = self.migrate && matches!(self.removal(state), Ok(Removal::Subvolumes(_)));
        match state.own.geo_sessions {
            _ if !waits => Some("without migration it happens at once"),
            Some(0) => None,
            Some(_) => Some("geo-replication is configured: gluster would not commit"),
            None => Some("this node cannot tell whether geo-replication is configured"),
        }
    }

    pub(super) fn offer(&self, context: Context<'_>) -> Offer {
        let Some(state) = context.snapshot.volume(&self.volume) else {
            return Offer::refused(format!("volume {} is gone", self.volume), SAFE);
        };
        let removal = match self.removal(state) {
            Ok(removal) => removal,
            Err(illegal) => return Offer::refused(illegal.rule, SAFE),
        };
        let (replica, step) = match removal {
            Removal::Subvolumes(_) if self.migrate => (None, RemoveStep::Start),
            Removal::Subvolumes(_) => (None, RemoveStep::Force),
            // Each file has its other copies: gluster migrates nothing and wants force.
            Removal::Replica(to) => (Some(to), RemoveStep::Force),
        };
        let command = Command::RemoveBrick {
            volume: self.volume.clone(),
            bricks: self.bricks(state),
            replica,
            step,
        };
        let plan = self.accept(plan::of(context.snapshot, &command));
        if step == RemoveStep::Start {
            let confirm = if self.commits_by_itself(state) {
                "Start draining, commit by itself"
            } else {
                "Start draining"
            };
            context.offer_of(command, plan, confirm, SAFE)
        } else {
            Offer {
                gate: Gate::Typed(self.volume.clone()),
                ..context.offer_of(command, plan, "Remove now", SAFE)
            }
        }
    }

    /// The plan with what the admin took upon himself.
    pub(super) fn accept(&self, plan: Plan) -> Plan {
        if self.override_heals {
            plan.with_heal_overridden()
        } else {
            plan
        }
    }

    pub(super) fn key(&mut self, key: Key, context: Context<'_>) -> Option<Reaction> {
        let state = context.snapshot.volume(&self.volume)?;
        match key.code {
            KeyCode::Up | KeyCode::Char('k') => self.cursor = self.cursor.saturating_sub(1),
            KeyCode::Down | KeyCode::Char('j') => {
                self.cursor =
                    (self.cursor + 1).min(state.volume.subvolume_count().saturating_sub(1));
            }
            KeyCode::Char(' ') => {
                self.override_heals = false;
                self.toggle_set(state);
            }
            KeyCode::Char('m') => self.migrate = !self.migrate,
            KeyCode::Char('o') if self.offer(context).can_be_overridden() => {
                self.override_heals = true;
            }
            KeyCode::Char('a') => {
                if let Some(reason) = self.never_by_itself(state) {
                    return Some(Reaction::Say(format!("auto commit is not used: {reason}")));
                }
                self.auto = !self.auto;
            }
            KeyCode::Char(digit @ '1'..='9') => {
                let illegal = self.removal(state).err()?;
                let choice = illegal.choices.get(digit as usize - '1' as usize)?;
                self.override_heals = false;
                self.selected = choice.bricks.iter().cloned().collect();
            }
            _ => return None,
        }
        Some(Reaction::Stay)
    }

    /// Marks the whole sub-volume under the cursor, or unmarks it when it is marked whole.
    fn toggle_set(&mut self, state: &VolumeState) {
        let Some(set) = state.volume.subvolumes().nth(self.cursor) else {
            return;
        };
        let whole = set
            .bricks
            .iter()
            .all(|brick| self.selected.contains(&brick.name));
        for brick in set.bricks {
            if whole {
                self.selected.remove(&brick.name);
            } else {
                self.selected.insert(brick.name.clone());
            }
        }
    }
}
