//! How a sub-volume fares: is its data reachable, and how many bricks may still fail?

use crate::model::{Subvolume, TaskState, VolumeState, VolumeStatus};

/// The state of a replica set, a disperse set or a single brick.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum SubvolumeState {
    /// Every brick is online.
    Up,
    /// Some bricks are not, the data is still reachable.
    Degraded,
    /// Too few bricks: its files cannot be reached.
    Down,
    /// Not started, or not enough is known to tell.
    Unknown,
}

impl SubvolumeState {
    /// The word in the JSON.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Up => "up",
            Self::Degraded => "degraded",
            Self::Down => "down",
            Self::Unknown => "unknown",
        }
    }
}

/// A sub-volume at a glance.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct SubvolumeHealth {
    /// Its state.
    pub state: SubvolumeState,
    /// Bricks known to be online.
    pub online: usize,
    /// Bricks known to be offline.
    pub offline: usize,
    /// Bricks in all.
    pub bricks: usize,
    /// An uncommitted remove-brick names its bricks.
    pub leaving: bool,
    /// That remove-brick is still moving files.
    pub draining: bool,
}

/// Looks at one sub-volume. What is unknown can never make it look healthy or broken.
pub fn health(state: &VolumeState, subvolume: Subvolume<'_>) -> SubvolumeHealth {
    let mut online = 0;
    let mut offline = 0;
    for brick in subvolume.bricks {
        match state.brick(&brick.name).online {
            Some(true) => online += 1,
            Some(false) => offline += 1,
            None => {}
        }
    }
    let bricks = subvolume.bricks.len();
    let needed = state.volume.layout.bricks_needed();
    let verdict = if state.volume.status != VolumeStatus::Started {
        SubvolumeState::Unknown
    } else if online == bricks {
        SubvolumeState::Up
    } else if bricks - offline < needed {
        SubvolumeState::Down
    } else if online < needed {
        SubvolumeState::Unknown
    } else if offline > 0 {
        SubvolumeState::Degraded
    } else {
        SubvolumeState::Unknown
    };
    let leaving = subvolume
        .bricks
        .iter()
        .all(|brick| state.is_leaving(&brick.name));
    SubvolumeHealth {
        state: verdict,
        online,
        offline,
        bricks,
        leaving,
        draining: leaving
            && state
                .task()
                .is_some_and(|task| task.state() == TaskState::InProgress),
    }
}

/// The worst state over all sub-volumes of a volume.
pub fn worst(state: &VolumeState) -> SubvolumeState {
    worst_of(state, state.volume.subvolumes()).map_or(SubvolumeState::Up, |(_, worst)| worst)
}

/// The first of some sub-volumes in the worst state among them; `None` without any.
pub(super) fn worst_of<'a>(
    state: &'a VolumeState,
    sets: impl Iterator<Item = Subvolume<'a>>,
) -> Option<(Subvolume<'a>, SubvolumeState)> {
    // Down and degraded are facts; unknown only counts when there is nothing worse.
    let weight = |state: SubvolumeState| match state {
        SubvolumeState::Up => 0,
        SubvolumeState::Unknown => 1,
        SubvolumeState::Degraded => 2,
        SubvolumeState::Down => 3,
    };
    let judged = sets.map(|set| (set, health(state, set).state));
    judged.reduce(|worst, one| {
        if weight(one.1) > weight(worst.1) {
            one
        } else {
            worst
        }
    })
}

#[cfg(test)]
mod tests;
