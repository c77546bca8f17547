//! How full a volume's bricks are, noted beside the task that fills or drains them.
//!
//! Every reading of the space is kept while a task is known, and from the first ones follows what
//! lay on leaving bricks before anything moved. The reading from just before the task counts too:
//! it is the only one that saw the bricks untouched.

use std::collections::BTreeSet;
use std::sync::Arc;
use std::time::Duration;

use crate::insight::progress;
use crate::model::{BrickName, BrickSpace, PeerId, Snapshot, Task, VolumeName, VolumeState};

/// A reading older than this when the task was first seen says nothing about its start.
const EARLY: Duration = Duration::from_secs(120);

/// The task of a volume with the latest reading of its bricks; `None` when that adds nothing.
pub(super) fn weighed(snapshot: &Snapshot, volume: &VolumeName) -> Option<Task> {
    let state = snapshot.volume(volume)?;
    let known = state.task()?;
    let taken = state.space.taken()?;
    let is_early = taken.steady < known.first_seen.steady
        && known.first_seen.wall.duration_since(taken.wall)
            > jiff::SignedDuration::try_from(EARLY).ok()?;
    let latest = known.usage.bricks().filter_map(|brick| {
        let (at, _) = known.usage.of(brick).next_back()?;
        Some(*at)
    });
    let is_new = latest.max().is_none_or(|latest| latest < taken.wall) && !is_early;
    if !is_new && known.baseline.is_some() {
        return None;
    }
    let mut task = known.clone();
    if is_new {
        let shared = shared(snapshot, state);
        let usage = Arc::make_mut(&mut task.usage);
        for (brick, space) in state.space.get()? {
            if let Some(used) = space.used() {
                usage.push(brick, taken.wall, used);
            }
        }
        usage.set_shared(shared);
    }
    task.baseline = task.baseline.or_else(|| progress::baseline(state, &task));
    (task != *known).then_some(task)
}

/// The bricks of a volume whose file systems also hold bricks of other volumes.
fn shared(snapshot: &Snapshot, state: &VolumeState) -> BTreeSet<BrickName> {
    let own: Vec<_> = placed(state).collect();
    let mut shared = BTreeSet::new();
    let others = snapshot.volumes().iter();
    for other in others.filter(|other| other.volume.name != state.volume.name) {
        for (_, place) in placed(other) {
            let hit = own.iter().filter(|(_, own)| *own == place);
            shared.extend(hit.map(|(brick, _)| (*brick).clone()));
        }
    }
    shared
}

/// Each brick with the file system that it lies on, where that is known.
fn placed(state: &VolumeState) -> impl Iterator<Item = (&BrickName, (&PeerId, &String, u64))> {
    state.volume.bricks.iter().filter_map(|brick| {
        let space: &BrickSpace = state.space(&brick.name)?;
        let place = (brick.peer.as_ref()?, space.device.as_ref()?, space.total?);
        Some((&brick.name, place))
    })
}

#[cfg(test)]
mod tests;
