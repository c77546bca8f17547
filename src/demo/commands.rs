//! What an accepted command changes.

use std::collections::BTreeMap;

use super::plan;
use super::task::{RunStatus, Task, TaskKind};
use super::volume::{Peer, Volume};

/// Starts the processes of a task on the nodes that can be reached; it takes the place of a
/// finished one.
pub(super) fn start(volume: &mut Volume, kind: TaskKind, id: String, peers: &[Peer]) {
    let mut runs = plan::runs(volume, &kind, peers, &BTreeMap::new());
    runs.retain(|run| peers.get(run.peer).is_some_and(|peer| peer.connected));
    // A process that cannot reach every sub-volume gives up at once; glusterd does not ask before.
    if !volume
        .subvolumes
        .iter()
        .all(|subvolume| volume.reachable(subvolume, peers))
    {
        for run in &mut runs {
            run.status = RunStatus::Failed;
            run.legs.clear();
            run.base.failures = 1;
        }
    }
    volume.task = Some(Task { id, kind, runs });
}

/// Ends the task of a volume and forgets it. What it leaves is in the hands of the caller: no
/// later question can bring it back.
pub(super) fn stop(volume: &mut Volume) -> Option<Task> {
    let mut task = volume.task.take()?;
    for run in &mut task.runs {
        if run.status == RunStatus::InProgress {
            run.status = RunStatus::Stopped;
        }
    }
    Some(task)
}

/// Takes bricks out of the volume, with a lower replica count or by whole sub-volumes.
pub(super) fn remove_bricks(volume: &mut Volume, bricks: &[String], replica: Option<u32>) {
    for subvolume in &mut volume.subvolumes {
        subvolume
            .bricks
            .retain(|brick| !bricks.contains(&brick.name));
    }
    volume
        .subvolumes
        .retain(|subvolume| !subvolume.bricks.is_empty());
    if let Some(count) = replica.filter(|count| *count < volume.layout.replica) {
        volume.layout.replica = count;
        volume.layout.arbiter = 0;
    }
    if volume.task.as_ref().is_some_and(Task::is_remove_brick) {
        volume.task = None;
    }
    // The ways of a running rebalance may lead nowhere now; its processes notice and give up.
    for run in volume.task.iter_mut().flat_map(|task| &mut task.runs) {
        run.legs.clear();
        if run.status == RunStatus::InProgress {
            run.status = RunStatus::Failed;
        }
    }
}

/// Sets an option; a new one stands first in `volume info`.
pub(super) fn set_option(volume: &mut Volume, key: &str, value: &str) {
    match volume.options.iter_mut().find(|(name, _)| name == key) {
        Some((_, old)) => value.clone_into(old),
        None => volume.options.insert(0, (key.to_owned(), value.to_owned())),
    }
}
