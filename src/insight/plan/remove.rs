//! Which bricks may leave together, and what must hold before they do.
//!
//! The rules are glusterd's own (`glusterd-brick-ops.c`), told with their reason and with the
//! legal choices nearest to an illegal one.

use crate::insight::space::{Sharing, Space};
use crate::model::{BrickName, Subvolume, Volume, VolumeKind, VolumeState};

mod checks;
mod heal;
mod room;
mod staying;

pub(super) use checks::checks;
pub use heal::CODE as HEAL;
pub use room::usable;

/// A legal selection.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Removal {
    /// Whole sub-volumes leave; their files can migrate first.
    Subvolumes(Vec<usize>),
    /// Some copies of every set leave; the files stay in the others.
    Replica(u32),
}

/// An illegal selection: the rule it breaks and the nearest legal ones.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Illegal {
    /// The rule, in words.
    pub rule: String,
    /// Legal selections near this one.
    pub choices: Vec<Choice>,
}

/// A legal selection to take instead.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Choice {
    /// What it means.
    pub label: String,
    /// Its bricks.
    pub bricks: Vec<BrickName>,
}

/// Judges a selection of bricks.
pub fn removal(volume: &Volume, selected: &[BrickName]) -> Result<Removal, Illegal> {
    let illegal = |rule: &str| {
        Err(Illegal {
            rule: rule.to_owned(),
            choices: choices(volume, selected),
        })
    };
    if selected.is_empty() {
        return illegal("No brick is marked.");
    }
    if let Some(stranger) = selected
        .iter()
        .find(|name| !volume.bricks.iter().any(|b| b.name == **name))
    {
        return illegal(&format!("{stranger} is not a brick of {}.", volume.name));
    }
    if let Some((_, twice)) = selected
        .iter()
        .enumerate()
        .find(|(at, name)| selected[..*at].contains(name))
    {
        return illegal(&format!("{twice} is named twice."));
    }
    if volume.kind() == VolumeKind::Stripe {
        return illegal("Striped volumes are not supported by gluster any more.");
    }
    let marked: Vec<usize> = volume
        .subvolumes()
        .map(|set| marked_in(set, selected))
        .collect();
    let leaf = volume.layout.leaf();
    if marked.iter().all(|&n| n == leaf) {
        return illegal(
            "A volume keeps at least one sub-volume: all its bricks cannot be removed.",
        );
    }
    if marked.iter().all(|&n| n == 0 || n == leaf) {
        let sets = (0..marked.len()).filter(|&i| marked[i] == leaf).collect();
        return Ok(Removal::Subvolumes(sets));
    }
    let first = marked.first().copied().unwrap_or(0);
    let same_from_each = first > 0 && marked.iter().all(|&n| n == first);
    if !same_from_each || volume.layout.replica < 2 {
        return illegal(match volume.kind() {
            VolumeKind::Disperse => {
                "A single disperse set cannot lose bricks: replace them instead."
            }
            VolumeKind::DistributedDisperse => "Only whole disperse sets can be removed.",
            VolumeKind::Replicate => "A replica set can lose copies, but not all of them.",
            _ => {
                "Only whole replica sets, or the same number of bricks of every set, can be removed."
            }
        });
    }
    let to = volume.layout.replica - first as u32;
    if volume.layout.arbiter > 0 {
        // By its place, as glusterd does: old releases do not mark arbiters.
        let arbiters_go = volume
            .subvolumes()
            .filter_map(|set| set.bricks.last())
            .all(|brick| selected.contains(&brick.name));
        if !arbiters_go {
            return illegal("In an arbiter volume the arbiter of every set must go first.");
        }
    }
    Ok(Removal::Replica(to))
}

fn marked_in(set: Subvolume<'_>, selected: &[BrickName]) -> usize {
    set.bricks
        .iter()
        .filter(|brick| selected.contains(&brick.name))
        .count()
}

/// Legal selections near an illegal one: the whole sets that were touched, then one copy of
/// every set.
fn choices(volume: &Volume, selected: &[BrickName]) -> Vec<Choice> {
    /// As many as have a key of their own, less one for the replica choice.
    const WHOLE_SETS: usize = 8;
    let sets = volume.subvolume_count();
    let mut choices = Vec::new();
    if sets > 1 && volume.kind() != VolumeKind::Stripe {
        let touched = volume
            .subvolumes()
            .filter(|set| marked_in(*set, selected) > 0);
        choices.extend(touched.take(WHOLE_SETS).map(|set| Choice {
            label: format!("all of {}", set.name()),
            bricks: names(set),
        }));
    }
    let replica = volume.layout.replica;
    if volume.kind() != VolumeKind::Stripe && volume.layout.disperse == 0 && replica > 1 {
        let mut bricks = Vec::new();
        for set in volume.subvolumes() {
            let marked = set.bricks.iter().find(|b| selected.contains(&b.name));
            let chosen = marked
                .filter(|_| volume.layout.arbiter == 0)
                .or_else(|| set.bricks.last());
            bricks.extend(chosen.map(|brick| brick.name.clone()));
        }
        let what = if volume.layout.arbiter > 0 {
            "the arbiter"
        } else {
            "one brick"
        };
        choices.push(Choice {
            label: format!("{what} of every set (replica {replica} -> {})", replica - 1),
            bricks,
        });
    }
    choices
}

fn names(set: Subvolume<'_>) -> Vec<BrickName> {
    set.bricks.iter().map(|brick| brick.name.clone()).collect()
}

/// What a sub-volume holds now, and when the leaving ones are drained.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Forecast {
    /// Now.
    pub now: Option<Space>,
    /// At the end; `None` for a leaving set and where a size is unknown.
    pub end: Option<Space>,
    /// In use at the end on the fullest file system below it, as a share: 0.0 to 1.0. `None` as
    /// for the end.
    pub fullest: Option<f64>,
    /// It leaves.
    pub leaves: bool,
}

/// Spreads the files of the leaving sub-volumes over the others by size, as gluster's weighted
/// layout does, and past those without room, as its data movers do.
pub fn forecast(state: &VolumeState, leaving: &[usize]) -> Vec<Forecast> {
    let rooms = room::rooms(state, leaving);
    let sharing = Sharing::of(state);
    let mut sets: Vec<Forecast> = (state.volume.subvolumes())
        .map(|set| Forecast {
            now: sharing.subvolume(state, set),
            end: None,
            fullest: (rooms.unknown.is_none().then(|| rooms.fullest(set.bricks))).flatten(),
            leaves: leaving.contains(&set.index),
        })
        .collect();
    // Of one brick of a set another tells enough; of a whole set that is not known nobody can say
    // what it gives or takes.
    if sets.iter().all(|set| set.now.is_some()) {
        for (index, set) in sets.iter_mut().enumerate() {
            let end = set.now.zip(rooms.takes(index));
            set.end = end.map(|(now, takes)| Space {
                used: now.used.saturating_add(takes).min(now.total),
                ..now
            });
        }
    }
    sets
}

#[cfg(test)]
mod tests;
