//! What a dialog's checks hang on beyond the regular readings: options, and what waits for
//! healing.
//!
//! It is asked for once, when a dialog opens, and in a lane of its own: none of these questions
//! takes a lock, but `heal info` has to reach every brick, which can take minutes. So nothing
//! waits for it, and it is given up as soon as nobody wants the answer any more.
//!
//! Pure: the picture comes from outside.

use std::collections::VecDeque;
use std::time::Duration;

use crate::gluster::Command;
use crate::model::{Snapshot, Stamp, VolumeName, VolumeState, VolumeStatus};

/// What was counted for healing longer ago is no answer to a dialog that opens now.
const HEAL_COUNTS_FOR: Duration = Duration::from_secs(30);

/// Space that was read longer ago is read again.
const SPACE_COUNTS_FOR: Duration = Duration::from_secs(60);

/// The questions of the dialog that is open.
#[derive(Debug, Default)]
pub(super) struct Inspection {
    todo: VecDeque<Command>,
}

impl Inspection {
    /// For a dialog about these volumes; the slow questions come last.
    pub(super) fn of(volumes: &[VolumeName], snapshot: &Snapshot) -> Self {
        let mut todo = VecDeque::new();
        if !volumes.is_empty() {
            todo.push_back(Command::PoolOptions);
        }
        let known = || volumes.iter().filter_map(|name| snapshot.volume(name));
        let name = |state: &VolumeState| state.volume.name.clone();
        todo.extend(known().map(|state| Command::Options(name(state))));
        let healing = known().filter(|state| heals(state));
        todo.extend(healing.map(|state| Command::HealSummary(name(state))));
        Self { todo }
    }

    /// The next question.
    pub(super) fn next(&mut self) -> Option<Command> {
        self.todo.pop_front()
    }
}

/// Whether gluster can say what waits for healing.
pub(super) fn heals(state: &VolumeState) -> bool {
    let layout = state.volume.layout;
    state.volume.status == VolumeStatus::Started && (layout.replica > 1 || layout.disperse > 0)
}

/// The volumes whose heal count is too old to be of any use.
pub(super) fn with_old_heal<'a>(
    volumes: &'a [VolumeName],
    snapshot: &'a Snapshot,
    now: Stamp,
) -> impl Iterator<Item = &'a VolumeName> {
    volumes.iter().filter(move |name| {
        let heal = snapshot.volume(name).map(|state| &state.heal);
        heal.is_some_and(|heal| {
            let old = heal.age(now).is_some_and(|age| age > HEAL_COUNTS_FOR);
            old || heal.fault().is_some()
        })
    })
}

/// The started volumes whose space is to be read again.
pub(super) fn with_old_space<'a>(
    volumes: &'a [VolumeName],
    snapshot: &'a Snapshot,
    now: Stamp,
) -> impl Iterator<Item = &'a VolumeName> {
    volumes.iter().filter(move |name| {
        snapshot.volume(name).is_some_and(|state| {
            let is_started = state.volume.status == VolumeStatus::Started;
            is_started && state.space.is_stale(now, SPACE_COUNTS_FOR)
        })
    })
}

#[cfg(test)]
mod tests;
