//! Space: how much a brick's share of its file system, a sub-volume and a volume hold.

use std::collections::{BTreeMap, HashMap};

use crate::model::{Brick, BrickName, PeerId, Subvolume, VolumeState};

/// Bytes in all and in use, as files see them (each copy counted once).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Space {
    /// Usable bytes.
    pub total: u64,
    /// Bytes in use.
    pub used: u64,
}

/// A brick in use by more than this share, 0.0 to 1.0, is nearly full: migration to it fails
/// before long.
pub const FULL: f64 = 0.90;

impl Space {
    /// Bytes free.
    pub fn free(self) -> u64 {
        self.total.saturating_sub(self.used)
    }

    /// In use, as a share of all: 0.0 to 1.0. `None` for a size of zero.
    pub fn fraction(self) -> Option<f64> {
        (self.total > 0).then(|| self.used as f64 / self.total as f64)
    }
}

/// The usable space of a volume; `None` when that of any sub-volume is unknown.
pub fn volume(state: &VolumeState) -> Option<Space> {
    Sharing::of(state).volume(state)
}

/// How unevenly a volume's sub-volumes are filled.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Uneven {
    /// Between the shares in use of the fullest and the emptiest one, 0.0 to 1.0.
    pub spread: f64,
    /// Bytes above the mean share: what a rebalance would move at least.
    pub above: u64,
}

/// Compares the sub-volumes of a volume; `None` when the size of any is unknown.
pub fn uneven(state: &VolumeState) -> Option<Uneven> {
    let sharing = Sharing::of(state);
    let mean = sharing.volume(state)?.fraction()?;
    let (mut top, mut low, mut above) = (0.0_f64, f64::INFINITY, 0.0);
    for set in state.volume.subvolumes() {
        let space = sharing.subvolume(state, set)?;
        let share = space.fraction()?;
        (top, low) = (top.max(share), low.min(share));
        above += (space.used as f64 - mean * space.total as f64).max(0.0);
    }
    Some(Uneven {
        spread: (top - low).max(0.0),
        above: above as u64,
    })
}

/// A file system: its node, its device and its size in bytes.
pub type FileSystem<'a> = (&'a PeerId, &'a str, u64);

/// The file system that a brick lies on; `None` where gluster does not tell.
pub fn file_system<'a>(state: &'a VolumeState, brick: &'a Brick) -> Option<FileSystem<'a>> {
    let space = state.space(&brick.name)?;
    Some((brick.peer.as_ref()?, space.device.as_deref()?, space.total?))
}

/// Which bricks of a volume lie on one file system. It takes a look at all of them to tell of one,
/// so it is found out once for all.
///
/// Without a device name there is no telling: each brick then counts as alone.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Sharing {
    /// The bricks on each file system that holds several, in the order of the definition.
    together: Vec<Vec<BrickName>>,
    /// Where each of those is in the list.
    places: BTreeMap<BrickName, usize>,
}

impl Sharing {
    /// Looks at all bricks of a volume.
    pub fn of(state: &VolumeState) -> Self {
        let mut counts: HashMap<FileSystem<'_>, usize> = HashMap::new();
        let on = |brick| file_system(state, brick);
        for place in state.volume.bricks.iter().filter_map(on) {
            *counts.entry(place).or_default() += 1;
        }
        counts.retain(|_, bricks| *bricks > 1);
        let mut found = Self::default();
        if counts.is_empty() {
            return found;
        }
        let mut lists: HashMap<FileSystem<'_>, usize> = HashMap::new();
        for brick in &state.volume.bricks {
            let Some(place) = on(brick).filter(|place| counts.contains_key(place)) else {
                continue;
            };
            let at = *lists.entry(place).or_insert(found.together.len());
            if at == found.together.len() {
                found.together.push(Vec::new());
            }
            if let Some(bricks) = found.together.get_mut(at) {
                bricks.push(brick.name.clone());
            }
            found.places.insert(brick.name.clone(), at);
        }
        found
    }

    /// The bricks on the file system of a brick, this one among them; none when it is alone.
    pub fn with(&self, brick: &Brick) -> &[BrickName] {
        let list = (self.places.get(&brick.name)).and_then(|at| self.together.get(*at));
        list.map_or(&[], Vec::as_slice)
    }

    /// How many bricks share the file system of a brick, this one among them.
    pub fn count(&self, brick: &Brick) -> usize {
        self.with(brick).len().max(1)
    }

    /// A brick's share of the file system below it: bricks of this volume that share a file system
    /// share its space, as gluster itself counts it.
    pub fn brick(&self, state: &VolumeState, brick: &Brick) -> Option<Space> {
        let space = state.space(&brick.name)?;
        let bricks = self.count(brick) as u64;
        Some(Space {
            total: space.total? / bricks,
            used: space.used()? / bricks,
        })
    }

    /// The usable space of one sub-volume, from the bricks that are known.
    ///
    /// Copies are alike, so the smallest size and the fullest use of any brick stand for the set;
    /// an arbiter holds no contents and does not count.
    pub fn subvolume(&self, state: &VolumeState, subvolume: Subvolume<'_>) -> Option<Space> {
        let data = state.volume.layout.data_bricks();
        let bricks = subvolume.bricks.iter().filter(|brick| !brick.is_arbiter);
        let known = bricks.filter_map(|one| self.brick(state, one));
        let least = known.reduce(|least, one| Space {
            total: least.total.min(one.total),
            used: least.used.max(one.used),
        })?;
        Some(Space {
            total: least.total.saturating_mul(data),
            used: least.used.saturating_mul(data),
        })
    }

    /// The usable space of a volume; `None` when that of any sub-volume is unknown.
    pub fn volume(&self, state: &VolumeState) -> Option<Space> {
        let sets = state.volume.subvolumes();
        sets.map(|set| self.subvolume(state, set)).try_fold(
            Space { total: 0, used: 0 },
            |sum, one| {
                let one = one?;
                Some(Space {
                    total: sum.total.saturating_add(one.total),
                    used: sum.used.saturating_add(one.used),
                })
            },
        )
    }
}

#[cfg(test)]
mod tests;
