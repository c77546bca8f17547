//! Taking up what a glustop before this one knew: the percentage's basis, the rates, the
//! sparklines, and the tasks that ended.
//!
//! A state directory may have seen more than one pool, through ssh. A task belongs to the pool
//! that is watched when one of its nodes does; the others are left alone.
//!
//! Pure: reading the history is elsewhere.

use std::collections::BTreeMap;
use std::sync::Arc;

use super::{merge, tasks};
use crate::model::{
    Baseline, EndedTask, NodeProgress, Snapshot, Stamp, Task, TaskId, TaskKind, Trail, Usage,
    VolumeName,
};
use crate::store::Recalled;

/// What has not found its place in the picture yet.
#[derive(Debug, Default)]
pub(super) struct Recollection {
    tasks: BTreeMap<TaskId, (VolumeName, Task)>,
    ended: Vec<Arc<EndedTask>>,
}

impl Recollection {
    pub(super) fn new(recalled: Recalled) -> Self {
        Self {
            tasks: recalled.tasks,
            ended: recalled.ended,
        }
    }

    /// Lays over the picture what has a place in it by now. `at`: when that was.
    pub(super) fn apply(&mut self, snapshot: &mut Arc<Snapshot>, at: Stamp) {
        if self.tasks.is_empty() && self.ended.is_empty() {
            return;
        }
        self.take_up(snapshot);
        // Before these are known, nobody can tell whose pool it is.
        let is_known = snapshot.peers.get().is_some() && snapshot.volumes.get().is_some();
        if is_known {
            let ended = std::mem::take(&mut self.ended);
            if !ended.is_empty() {
                self::ended(Arc::make_mut(snapshot), ended);
            }
            self.settle(snapshot, at);
        }
    }

    /// Gives the tasks that are listed again what was known of them.
    fn take_up(&mut self, snapshot: &mut Arc<Snapshot>) {
        let again: Vec<_> = snapshot
            .tasks()
            .filter_map(|(state, task)| {
                let id = task.id.as_ref().filter(|id| self.tasks.contains_key(*id))?;
                Some((state.volume.name.clone(), id.clone()))
            })
            .collect();
        for (volume, id) in again {
            let Some((_, before)) = self.tasks.remove(&id) else {
                continue;
            };
            merge::update(Arc::make_mut(snapshot), &volume, |state| {
                let Some((task, taken)) = state.task().cloned().zip(state.task.taken()) else {
                    return;
                };
                let task = Some(Arc::new(resumed(before, task)));
                let fault = state.task.fault().cloned();
                state.task = merge::renewed(&state.task, task, taken, fault);
            });
        }
    }

    /// Ends the tasks of this pool that gluster does not list any more.
    fn settle(&mut self, snapshot: &mut Arc<Snapshot>, at: Stamp) {
        let gone: Vec<_> = self
            .tasks
            .iter()
            .filter(|(_, (_, task))| is_of(snapshot, task))
            .filter_map(|(id, (volume, task))| {
                let state = snapshot.volume(volume);
                let ending = match state {
                    // Its list of tasks must have been read.
                    Some(state) => {
                        let now = state.task.get()?;
                        tasks::ending(task, Some(&state.volume), now.is_some())
                    }
                    None if snapshot.volumes.fault().is_none() => tasks::ending(task, None, false),
                    None => return None,
                };
                Some((id.clone(), ending))
            })
            .collect();
        for (id, ending) in gone {
            if let Some((volume, task)) = self.tasks.remove(&id) {
                merge::end(Arc::make_mut(snapshot), &volume, task, ending, at);
            }
        }
    }
}

/// Lays tasks over the picture that ended elsewhere or before: each once, the latest first. Of two
/// accounts of an end the one that knows more stands.
pub(super) fn ended(snapshot: &mut Snapshot, told: Vec<Arc<EndedTask>>) {
    let mut ended = std::mem::take(&mut snapshot.ended);
    for one in told {
        let id = &one.task.id;
        let is_live = snapshot.tasks().any(|(_, task)| task.id == *id);
        if is_live || !is_of(snapshot, &one.task) {
            continue;
        }
        match ended.iter_mut().find(|known| known.task.id == *id) {
            Some(known) if one.ending.knows_more_than(known.ending) => *known = one,
            Some(_) => {}
            None => ended.push(one),
        }
    }
    ended.sort_by_key(|one| std::cmp::Reverse(one.at.wall));
    ended.truncate(merge::ENDED);
    snapshot.ended = ended;
}

/// Whether a task belongs to this pool.
fn is_of(snapshot: &Snapshot, task: &Task) -> bool {
    let mut peers = snapshot.peers().iter();
    peers.any(|peer| task.nodes.iter().any(|node| node.peer == peer.id))
}

/// A task as it is listed now, with what was known of it before.
fn resumed(before: Task, now: Task) -> Task {
    // The list calls a fix-layout a rebalance.
    let kind = match (before.kind, now.kind) {
        (TaskKind::FixLayout, TaskKind::Rebalance) => TaskKind::FixLayout,
        (_, kind) => kind,
    };
    let mut nodes = now.nodes;
    for old in before.nodes {
        match nodes.iter_mut().find(|node| node.peer == old.peer) {
            Some(node) => *node = resumed_node(old, node.clone()),
            // It took part before, so it keeps its row.
            None => nodes.push(old),
        }
    }
    Task {
        kind,
        nodes,
        first_seen: before.first_seen,
        trail: joined(before.trail, &now.trail),
        baseline: better(before.baseline, now.baseline),
        usage: joined_usage(&before.usage, &now.usage),
        ..now
    }
}

fn resumed_node(before: NodeProgress, now: NodeProgress) -> NodeProgress {
    let Some(taken) = now.taken else {
        // What it last said still stands, as old as it is.
        return NodeProgress {
            name: now.name,
            reported: false,
            ..before
        };
    };
    let moving = |node: &NodeProgress| crate::model::Counters {
        runtime: None,
        ..node.counters
    };
    let stood = moving(&before) == moving(&now);
    let paused = before.counters.runtime == now.counters.runtime;
    NodeProgress {
        moved: if stood { before.moved } else { Some(taken) },
        ticked: if paused { before.ticked } else { Some(taken) },
        trail: joined(before.trail, &now.trail),
        ..now
    }
}

fn joined(mut before: Trail, now: &Trail) -> Trail {
    for sample in now.samples() {
        before.push(*sample);
    }
    before
}

fn joined_usage(before: &Arc<Usage>, now: &Arc<Usage>) -> Arc<Usage> {
    let mut usage = Usage::clone(before);
    for brick in now.bricks() {
        for (at, used) in now.of(brick) {
            usage.push(brick, *at, *used);
        }
    }
    Arc::new(usage)
}

/// A basis that was read beats one that was worked out; of two alike, the earlier one stands.
fn better(before: Option<Baseline>, now: Option<Baseline>) -> Option<Baseline> {
    match (before, now) {
        (Some(before), Some(now)) if now.exact && !before.exact => Some(now),
        (before, now) => before.or(now),
    }
}

#[cfg(test)]
mod tests;
