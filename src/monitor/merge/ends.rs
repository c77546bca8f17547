//! How tasks come to their ends: what replaces them, what stops them, what takes their bricks.

use std::sync::Arc;

use super::{update, weigh};
use crate::model::{
    EndedTask, Ending, Part, Snapshot, Stamp, Task, TaskKind, VolumeName, VolumeState,
};
use crate::monitor::tasks;

/// Sets a volume's task, and notes the end of the one before.
pub(super) fn follow(snapshot: &mut Snapshot, volume: &VolumeName, next: Option<Task>, at: Stamp) {
    let Some(state) = snapshot.volume(volume) else {
        return;
    };
    let former = state.task().filter(|former| {
        let goes_on = |next: &Task| tasks::is_same_run(former, next.kind, next.id.as_ref());
        !next.as_ref().is_some_and(goes_on)
    });
    let ended = former.map(|former| {
        let ending = tasks::ending(former, Some(&state.volume), next.is_some());
        (former.clone(), ending)
    });
    if let Some(id) = next.as_ref().and_then(|task| task.id.as_ref()) {
        // Listed again: it is not over after all.
        snapshot.ended.retain(|e| e.task.id.as_ref() != Some(id));
    }
    update(snapshot, volume, |state| {
        state.task = Part::fresh(next.map(Arc::new), at);
    });
    if let Some((task, ending)) = ended {
        end(snapshot, volume, task, ending, at);
    }
    weigh(snapshot, volume);
}

/// As many tasks that are over as fit on a screen of history.
pub(in crate::monitor) const ENDED: usize = 50;

/// Notes the end of a task.
pub(in crate::monitor) fn end(
    snapshot: &mut Snapshot,
    volume: &VolumeName,
    task: Task,
    ending: Ending,
    at: Stamp,
) {
    let ended = EndedTask {
        volume: volume.clone(),
        task,
        ending,
        at,
    };
    snapshot.ended.insert(0, Arc::new(ended));
    snapshot.ended.truncate(ENDED);
}

/// Draws the conclusions from a changed definition: a task goes with its volume, and a
/// remove-brick is committed when its bricks are gone.
pub(super) fn settle(snapshot: &mut Snapshot, former: &Arc<VolumeState>, at: Stamp) {
    let name = &former.volume.name;
    let Some(state) = snapshot.volume(name).cloned() else {
        if let Some(task) = former.task() {
            let ending = tasks::ending(task, None, false);
            end(snapshot, name, task.clone(), ending, at);
        }
        return;
    };
    if Arc::ptr_eq(&state.volume, &former.volume) {
        return;
    }
    let left = |task: &Task| {
        task.kind == TaskKind::RemoveBrick
            && tasks::has_left(task, &state.volume)
            && !tasks::has_left(task, &former.volume)
    };
    if state.task().is_some_and(left) {
        follow(snapshot, name, None, at);
    }
    // The task list may have been read before the definitions.
    let latest = snapshot.ended.iter_mut().find(|e| e.volume == *name);
    if let Some(ended) = latest
        && left(&ended.task)
        && ended.at.age(at) <= tasks::COMMIT_SEEN_WITHIN
    {
        Arc::make_mut(ended).ending = Ending::Committed;
    }
}
