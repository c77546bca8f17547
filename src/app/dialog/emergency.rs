//! Stop everything that moves data: `!`.

use std::collections::BTreeSet;

use super::{Context, Gate, Offer, Reaction};
use crate::config::{Key, KeyCode};
use crate::insight::plan;
use crate::model::{Snapshot, Task, TaskKind, VolumeName, VolumeState};

const SAFE: &str = "Keep them running";

/// Stops the marked tasks of the whole pool.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Emergency {
    /// The volumes whose task is to be stopped.
    pub marked: BTreeSet<VolumeName>,
    /// The row under the cursor.
    pub cursor: usize,
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
            cursor: 0,
        }
    }

    /// The orders go out together: a stop waits for nothing.
    pub(super) fn offer(&self, context: Context<'_>) -> Offer {
        let commands = self
            .marked
            .iter()
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
        match key.code {
            KeyCode::Up | KeyCode::Char('k') => self.cursor = self.cursor.saturating_sub(1),
            KeyCode::Down | KeyCode::Char('j') => {
                self.cursor = (self.cursor + 1).min(rows.len().saturating_sub(1));
            }
            KeyCode::Char('a') => {
                self.marked = rows
                    .iter()
                    .map(|(state, _)| state.volume.name.clone())
                    .collect();
            }
            KeyCode::Char(' ') => {
                let (state, _) = rows.get(self.cursor)?;
                if !self.marked.remove(&state.volume.name) {
                    self.marked.insert(state.volume.name.clone());
                }
            }
            _ => return None,
        }
        Some(Reaction::Stay)
    }
}

/// The tasks that move data, remove-bricks first.
pub fn rows(snapshot: &Snapshot) -> Vec<(&VolumeState, &Task)> {
    let running = snapshot.tasks().filter(|(_, task)| task.is_running());
    let mut rows: Vec<_> = running.map(|(state, task)| (&**state, task)).collect();
    rows.sort_by_key(|(_, task)| task.kind != TaskKind::RemoveBrick);
    rows
}
