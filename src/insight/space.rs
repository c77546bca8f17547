//! Space: how much a brick's share of its file system, a sub-volume and a volume hold.

use crate::model::{Brick, PeerId, Subvolume, VolumeState};

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
    state
        .volume
        .subvolumes()
        .map(|one| subvolume(state, one))
        .try_fold(Space { total: 0, used: 0 }, |sum, one| {
            let one = one?;
            Some(Space {
                total: sum.total.saturating_add(one.total),
                used: sum.used.saturating_add(one.used),
            })
        })
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
    let mean = volume(state)?.fraction()?;
    let (mut top, mut low, mut above) = (0.0_f64, f64::INFINITY, 0.0);
    for set in state.volume.subvolumes() {
        let space = subvolume(state, set)?;
        let share = space.fraction()?;
        (top, low) = (top.max(share), low.min(share));
        above += (space.used as f64 - mean * space.total as f64).max(0.0);
    }
    Some(Uneven {
        spread: (top - low).max(0.0),
        above: above as u64,
    })
}

/// The usable space of one sub-volume, from the bricks that are known.
///
/// Copies are alike, so the smallest size and the fullest use of any brick stand for the set;
/// an arbiter holds no contents and does not count.
pub fn subvolume(state: &VolumeState, subvolume: Subvolume<'_>) -> Option<Space> {
    let data = state.volume.layout.data_bricks();
    let known: Vec<Space> = subvolume
        .bricks
        .iter()
        .filter(|brick| !brick.is_arbiter)
        .filter_map(|one| brick(state, one))
        .collect();
    Some(Space {
        total: known.iter().map(|s| s.total).min()?.saturating_mul(data),
        used: known.iter().map(|s| s.used).max()?.saturating_mul(data),
    })
}

/// A brick's share of the file system below it: bricks of this volume that share a file system
/// share its space, as gluster itself counts it.
pub fn brick(state: &VolumeState, brick: &Brick) -> Option<Space> {
    let space = state.space(&brick.name)?;
    let bricks = sharing(state, brick).count() as u64;
    Some(Space {
        total: space.total? / bricks,
        used: space.used()? / bricks,
    })
}

/// A file system: its node, its device and its size in bytes.
pub type FileSystem<'a> = (&'a PeerId, &'a str, u64);

/// The file system that a brick lies on; `None` where gluster does not tell.
pub fn file_system<'a>(state: &'a VolumeState, brick: &'a Brick) -> Option<FileSystem<'a>> {
    let space = state.space(&brick.name)?;
    Some((brick.peer.as_ref()?, space.device.as_deref()?, space.total?))
}

/// The bricks of this volume that lie on the same file system, this one included. Without a
/// device name there is no telling: each brick then counts as alone.
pub(super) fn sharing<'a>(
    state: &'a VolumeState,
    brick: &'a Brick,
) -> impl Iterator<Item = &'a Brick> {
    let own = file_system(state, brick);
    state.volume.bricks.iter().filter(move |other| {
        // Most bricks are on other peers: there is no need to compare more, or to look up their space.
        other.peer == brick.peer
            && (other.name == brick.name || (own.is_some() && file_system(state, other) == own))
    })
}

#[cfg(test)]
mod tests;
