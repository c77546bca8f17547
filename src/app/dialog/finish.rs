//! Finish a remove-brick that is over: `C`.

use std::sync::Arc;

use super::{Context, Gate, Offer, Reaction};
use crate::config::{Key, KeyCode};
use crate::gluster::{Command, RemoveStep};
use crate::insight::plan;
use crate::model::{Part, Snapshot, Stamp, Task, TaskKind, TaskState, VolumeName};

const SAFE: &str = "Decide later";

/// Commit, retain, or later; where it did not end clean also once more, or by force.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Finish {
    /// Whose remove-brick.
    pub volume: VolumeName,
    /// What is chosen.
    pub choice: FinishChoice,
}

/// The ways to finish.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum FinishChoice {
    /// Take the bricks out of the volume. Final.
    Commit,
    /// Give the bricks back to the volume.
    Retain,
    /// Give them back, and start to drain the same ones again.
    Retry,
    /// Take them out with the files that are still on them. Final.
    Force,
    /// Leave it pending.
    Later,
}

impl FinishChoice {
    /// What there is to choose from, top to bottom. A clean drain needs neither another try nor
    /// force, so they are not held out.
    pub fn of(task: &Task) -> &'static [Self] {
        if is_clean(task) {
            &[Self::Commit, Self::Retain, Self::Later]
        } else {
            &[
                Self::Commit,
                Self::Retain,
                Self::Retry,
                Self::Force,
                Self::Later,
            ]
        }
    }
}

/// Whether every node completed, said so, and left nothing behind.
pub fn is_clean(task: &Task) -> bool {
    task.state() == TaskState::Completed
        && task.nodes_reported() == task.nodes.len()
        && task.total().failures == Some(0)
}

impl Finish {
    /// Begins with nothing chosen.
    pub fn new(volume: VolumeName) -> Self {
        Self {
            volume,
            choice: FinishChoice::Later,
        }
    }

    fn task<'a>(&self, context: Context<'a>) -> Option<&'a Task> {
        let state = context.snapshot.volume(&self.volume)?;
        let task = state.task();
        task.filter(|task| task.kind == TaskKind::RemoveBrick)
    }

    pub(super) fn offer(&self, context: Context<'_>) -> Offer {
        let Some(task) = self.task(context) else {
            return Offer::refused(
                format!("there is no remove-brick on {} to finish", self.volume),
                SAFE,
            );
        };
        let command = |step| Command::RemoveBrick {
            volume: self.volume.clone(),
            bricks: task.bricks.clone(),
            replica: None,
            step,
        };
        let typed = Gate::Typed(self.volume.clone());
        match self.choice {
            FinishChoice::Commit => Offer {
                gate: typed,
                ..context.offer(command(RemoveStep::Commit), "Commit", SAFE)
            },
            FinishChoice::Retain => {
                let confirm = if task.state() == TaskState::Completed {
                    "Retain bricks"
                } else {
                    "Stop and retain"
                };
                context.offer(command(RemoveStep::Stop), confirm, SAFE)
            }
            FinishChoice::Retry => self.again(
                context,
                command(RemoveStep::Stop),
                command(RemoveStep::Start),
            ),
            FinishChoice::Force => Offer {
                gate: typed,
                ..context.offer(command(RemoveStep::Force), "Commit by force", SAFE)
            },
            // The checks of a commit are what the choice hangs on: show them from the start.
            FinishChoice::Later => Offer {
                orders: vec![],
                refusal: Some("choose one of these first (Up, Down)".to_owned()),
                ..context.offer(command(RemoveStep::Commit), "", SAFE)
            },
        }
    }

    /// The stop, and the start that follows once it is done. The start is judged by what will be
    /// then: without this task.
    fn again(&self, context: Context<'_>, stop: Command, start: Command) -> Offer {
        let after = without_task(context.snapshot, &self.volume);
        let then = Context {
            snapshot: &after,
            ..context
        };
        let mut offer = then.offer(start, "Stop, then start again", SAFE);
        offer.orders.insert(0, context.launcher.order(stop));
        offer
    }

    /// The checks that each order of the offer is confirmed with.
    pub(super) fn accepted(&self, context: Context<'_>, command: &Command) -> plan::Plan {
        if command.starts() {
            plan::of(&without_task(context.snapshot, &self.volume), command)
        } else {
            plan::of(context.snapshot, command)
        }
    }

    pub(super) fn key(&mut self, key: Key, context: Context<'_>) -> Option<Reaction> {
        let all = FinishChoice::of(self.task(context)?);
        let at = all.iter().position(|choice| *choice == self.choice);
        let to = match key.code {
            KeyCode::Up | KeyCode::Char('k') => at.unwrap_or(all.len()).saturating_sub(1),
            KeyCode::Down | KeyCode::Char('j') => at.map_or(0, |at| at + 1),
            _ => return None,
        };
        if let Some(choice) = all.get(to) {
            self.choice = *choice;
        }
        Some(Reaction::Stay)
    }
}

/// The picture as it will be once the volume's task is stopped.
fn without_task(snapshot: &Snapshot, volume: &VolumeName) -> Snapshot {
    let mut after = snapshot.clone();
    let Some(taken) = snapshot.volumes.taken() else {
        return after;
    };
    let volumes = snapshot.volumes().iter().map(|state| {
        if state.volume.name != *volume {
            return Arc::clone(state);
        }
        let mut state = (**state).clone();
        let read: Stamp = state.task.taken().unwrap_or(taken);
        state.task = Part::fresh(None, read);
        Arc::new(state)
    });
    after.volumes = Part::fresh(volumes.collect(), taken);
    after
}
