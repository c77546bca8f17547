//! Stop everything that moves data: `!`.

use std::collections::{BTreeMap, BTreeSet};

use super::{Context, Gate, Offer, Reaction};
use crate::app::jobs::{JobRecord, Jobs};
use crate::config::{Key, KeyCode};
use crate::insight::plan;
use crate::job::JobId;
use crate::model::{Snapshot, Task, TaskKind, TaskState, VolumeName, VolumeState};

const SAFE: &str = "Keep them running";

/// Stops the marked tasks of the whole pool.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Emergency {
    /// The volumes whose task is to be stopped.
    pub marked: BTreeSet<VolumeName>,
    /// The task under the cursor; `None`, or one that is over, stands for the first.
    pub selected: Option<VolumeName>,
    /// The tasks whose stop is on its way already: a second one would only compete for the lock.
    pub under_way: BTreeMap<VolumeName, JobId>,
}

impl Emergency {
    /// Marks every running remove-brick; if there is none, everything that runs.
    pub fn new(snapshot: &Snapshot) -> Self {
        let running = |wanted: fn(TaskKind) -> bool| -> BTreeSet<VolumeName> {
            let rows = rows(snapshot).into_iter();
            rows.filter(|(_, task)| wanted(task.kind))
                .map(|(state, _)| state.volume.name.clone())
                .collect()
        };
        let drains = running(|kind| kind == TaskKind::RemoveBrick);
        Self {
            marked: if drains.is_empty() {
                running(|_| true)
            } else {
                drains
            },
            selected: None,
            under_way: BTreeMap::new(),
        }
    }

    /// Leaves out the tasks whose stop is on its way. What else runs is marked only where it
    /// drains bricks: the same two keys once more must not stop everything.
    #[must_use]
    pub fn beside(mut self, snapshot: &Snapshot, under_way: BTreeMap<VolumeName, JobId>) -> Self {
        let drains = |volume: &VolumeName| {
            let task = snapshot.volume(volume).and_then(|state| state.task());
            task.is_some_and(|task| task.kind == TaskKind::RemoveBrick)
        };
        self.marked
            .retain(|volume| drains(volume) && !under_way.contains_key(volume));
        self.under_way = under_way;
        self
    }

    /// Whether any of the running tasks is not being stopped already.
    pub fn has_others(&self, snapshot: &Snapshot) -> bool {
        rows(snapshot)
            .iter()
            .any(|(state, _)| !self.under_way.contains_key(&state.volume.name))
    }

    /// A stop that is over is not on its way any more; one that failed can be sent again.
    pub(super) fn job_ended(&mut self, jobs: &Jobs) {
        self.under_way
            .retain(|_, id| jobs.get(*id).is_some_and(JobRecord::is_open));
    }

    /// The row under the cursor.
    pub fn cursor(&self, rows: &[(&VolumeState, &Task)]) -> usize {
        let at = self.selected.as_ref();
        at.and_then(|name| {
            rows.iter()
                .position(|(state, _)| state.volume.name == *name)
        })
        .unwrap_or(0)
    }

    /// The orders go out together: a stop waits for nothing. A task that has ended meanwhile is
    /// left alone: stopping a drained remove-brick would give its bricks back.
    pub(super) fn offer(&self, context: Context<'_>) -> Offer {
        let commands = rows(context.snapshot)
            .into_iter()
            .map(|(state, _)| &state.volume.name)
            .filter(|volume| self.marked.contains(*volume))
            .filter(|volume| !self.under_way.contains_key(*volume))
            .filter_map(|volume| plan::task_to_stop(context.snapshot, volume).ok());
        let orders: Vec<_> = commands
            .map(|command| context.launcher.order(command))
            .collect();
        let refusal = if rows(context.snapshot).is_empty() {
            Some("no task moves data now, as far as is known".to_owned())
        } else {
            orders
                .is_empty()
                .then(|| "no task is marked (Space, a)".to_owned())
        };
        Offer {
            orders,
            checks: vec![],
            gate: Gate::Key,
            refusal,
            confirm: "Stop the marked".to_owned(),
            safe: SAFE,
        }
    }

    pub(super) fn key(&mut self, key: Key, context: Context<'_>) -> Option<Reaction> {
        let rows = rows(context.snapshot);
        let at = self.cursor(&rows);
        let mut go_to = |at: usize| {
            self.selected = rows.get(at).map(|(state, _)| state.volume.name.clone());
        };
        match key.code {
            KeyCode::Up | KeyCode::Char('k') => go_to(at.saturating_sub(1)),
            KeyCode::Down | KeyCode::Char('j') => go_to((at + 1).min(rows.len().saturating_sub(1))),
            KeyCode::Char('a') => {
                self.marked = rows
                    .iter()
                    .map(|(state, _)| state.volume.name.clone())
                    .filter(|volume| !self.under_way.contains_key(volume))
                    .collect();
            }
            KeyCode::Char('w') if !self.under_way.is_empty() => return Some(Reaction::Watch),
            KeyCode::Char(' ') => {
                let (state, _) = rows.get(at)?;
                if self.under_way.contains_key(&state.volume.name) {
                    let text = format!("the stop of {} is on its way (w)", state.volume.name);
                    return Some(Reaction::Say(text));
                }
                if !self.marked.remove(&state.volume.name) {
                    self.marked.insert(state.volume.name.clone());
                }
            }
            _ => return None,
        }
        Some(Reaction::Stay)
    }
}

/// The tasks that move data, or may: one that nobody answers for is better stopped than left.
/// Remove-bricks first.
pub fn rows(snapshot: &Snapshot) -> Vec<(&VolumeState, &Task)> {
    let mut rows: Vec<_> = snapshot
        .tasks()
        .filter(|(_, task)| matches!(task.state(), TaskState::InProgress | TaskState::Unknown))
        .map(|(state, task)| (&**state, task))
        .collect();
    rows.sort_by_key(|(_, task)| task.kind != TaskKind::RemoveBrick);
    rows
}
