//! How full a volume's bricks are, noted beside the task that fills or drains them.
//!
//! Every reading of the space is kept while a task is known, and from the first ones follows what
//! lay on leaving bricks before anything moved. The reading from just before the task counts too:
//! it is the only one that saw the bricks untouched.

use std::collections::BTreeSet;
use std::sync::Arc;
use std::time::Duration;

use crate::insight::{progress, space};
use crate::model::{
    Baseline, BrickName, Neighbours, Snapshot, Task, VolumeName, VolumeState, VolumeStatus,
};

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
    let mut task = known.clone();
    let neighbours = neighbours(snapshot, state);
    if is_new || neighbours != *task.usage.neighbours() {
        Arc::make_mut(&mut task.usage).set_neighbours(neighbours);
    }
    if is_new {
        let usage = Arc::make_mut(&mut task.usage);
        for (brick, space) in state.space.get()?.iter() {
            if let Some(used) = space.used() {
                usage.push(brick, taken.wall, used);
            }
        }
    }
    task.baseline = baseline(state, &task);
    (task != *known).then_some(task)
}

/// What lay on the leaving bricks, as far as it can be told by now.
///
/// Where the other volumes on their nodes were not read, it may contain what is theirs: then it is
/// worked out at best, for a new task only, and given up once it shows that it does.
fn baseline(state: &VolumeState, task: &Task) -> Option<Baseline> {
    let leaves = |bricks: &BTreeSet<BrickName>| bricks.iter().any(|brick| task.removes(brick));
    let neighbours = task.usage.neighbours();
    let known = task.baseline;
    if known.is_some_and(|known| known.exact) {
        return known;
    }
    if leaves(&neighbours.shared) {
        return None;
    }
    if !leaves(&neighbours.unseen) {
        let found = progress::baseline(state, task);
        return found.filter(|found| found.exact).or(known).or(found);
    }
    let read = state.space.taken()?.wall;
    let is_young = read.duration_since(task.first_seen.wall).unsigned_abs() <= EARLY;
    let found = known.or_else(|| progress::baseline(state, task).filter(|_| is_young))?;
    Some(Baseline {
        exact: false,
        ..found
    })
}

/// The bricks of a volume that lie together with bricks of other volumes. Those of a volume that
/// is not started take no part: nothing is known of them, and they do not change.
fn neighbours(snapshot: &Snapshot, state: &VolumeState) -> Neighbours {
    let own = state.volume.bricks.iter();
    let own: Vec<_> = own
        .map(|brick| (brick, space::file_system(state, brick)))
        .collect();
    let mut neighbours = Neighbours::default();
    let others = snapshot.volumes().iter();
    let others = others.filter(|other| other.volume.name != state.volume.name);
    for other in others.filter(|other| other.volume.status == VolumeStatus::Started) {
        for brick in &other.volume.bricks {
            let near = own.iter().filter(|(one, _)| one.peer == brick.peer);
            let place = space::file_system(other, brick);
            for (one, own) in near {
                if other.space(&brick.name).is_none() {
                    neighbours.unseen.insert(one.name.clone());
                } else if place.is_some() && *own == place {
                    neighbours.shared.insert(one.name.clone());
                }
            }
        }
    }
    neighbours
}

#[cfg(test)]
mod tests;
