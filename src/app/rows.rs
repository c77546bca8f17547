//! The rows of the panes: filtered, ordered, each with an id.

use std::cmp::Ordering;

use jiff::Timestamp;

use super::jobs::JobRecord;
use super::model::Model;
use crate::model::{CommandRecord, EndedTask, Task, TaskId, TaskState, VolumeName, VolumeState};

pub mod bricks;
pub mod volumes;

pub use bricks::{BrickList, BrickRow, BrickRowId, BrickRows, bricks, selected_brick};
pub use volumes::{VolumeColumn, VolumeList, VolumeRows, volumes};

/// Columns that order the tasks.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[expect(missing_docs, reason = "named after the columns")]
pub enum TaskColumn {
    Volume,
    Kind,
    State,
    Failures,
}

impl TaskColumn {
    /// All, from left to right, with their headings.
    pub const ALL: &'static [(Self, &'static str)] = &[
        (Self::Volume, "volume"),
        (Self::Kind, "kind"),
        (Self::State, "state"),
        (Self::Failures, "failures"),
    ];
}

/// What tells tasks apart: a volume may have one now and several that ended.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct TaskRowId {
    /// Whose.
    pub volume: VolumeName,
    /// Which run.
    pub task: Option<TaskId>,
}

/// A row of the Tasks pane.
#[derive(Debug, Clone, Copy)]
pub struct TaskRow<'a> {
    /// Whose.
    pub volume: &'a VolumeName,
    /// The task.
    pub task: &'a Task,
    /// Its volume, while gluster still knows the task.
    pub state: Option<&'a VolumeState>,
    /// How it ended, once gluster has forgotten it.
    pub ended: Option<&'a EndedTask>,
}

impl TaskRow<'_> {
    /// What tells it apart.
    pub fn id(&self) -> TaskRowId {
        TaskRowId {
            volume: self.volume.clone(),
            task: self.task.id.clone(),
        }
    }
}

/// The row under the cursor of the Tasks pane.
pub fn selected_task(model: &Model) -> Option<TaskRow<'_>> {
    let rows = tasks(model);
    let ids: Vec<_> = rows.iter().map(TaskRow::id).collect();
    rows.get(model.panes.tasks.position(&ids)?).copied()
}

/// The rows of the Tasks pane: what gluster lists, then what ended under our eyes.
pub fn tasks(model: &Model) -> Vec<TaskRow<'_>> {
    let table = &model.panes.tasks;
    let volumes = volumes(model);
    let live = volumes.with_task().map(|(state, task)| TaskRow {
        volume: &state.volume.name,
        task,
        state: Some(state),
        ended: None,
    });
    let mut rows: Vec<_> = live
        .filter(|row| table.filter.shows(row.volume.as_str()))
        .collect();
    rows.sort_by(|a, b| {
        let by = match table.order {
            TaskColumn::Volume => Ordering::Equal,
            TaskColumn::Kind => a.task.kind.as_str().cmp(b.task.kind.as_str()),
            TaskColumn::State => a.task.state().as_str().cmp(b.task.state().as_str()),
            TaskColumn::Failures => b.task.total().failures.cmp(&a.task.total().failures),
        };
        by.then_with(|| a.volume.cmp(b.volume))
    });
    if table.reverse {
        rows.reverse();
    }
    let is_news = |ended: &&EndedTask| ended.at.steady >= model.began.steady;
    let ended = all_ended(model).filter(|row| row.ended.as_ref().is_some_and(is_news));
    rows.extend(ended.filter(|row| table.filter.shows(row.volume.as_str())));
    rows
}

/// The rows of the history: what is over though gluster still lists it, then what ended, in this
/// session and before, latest first.
pub fn history(model: &Model) -> Vec<TaskRow<'_>> {
    let live = model.snapshot.tasks().map(|(state, task)| TaskRow {
        volume: &state.volume.name,
        task,
        state: Some(state),
        ended: None,
    });
    let is_over = |state| {
        matches!(
            state,
            TaskState::Completed | TaskState::Failed | TaskState::Stopped
        )
    };
    live.filter(|row| is_over(row.task.state()))
        .chain(all_ended(model))
        .collect()
}

/// The position of the cursor among the rows of the history.
pub fn history_cursor(ids: &[TaskRowId], selected: Option<&TaskRowId>) -> usize {
    let at = selected.and_then(|id| ids.iter().position(|other| other == id));
    at.unwrap_or(0)
}

fn all_ended(model: &Model) -> impl Iterator<Item = TaskRow<'_>> {
    model.snapshot.ended.iter().map(|ended| TaskRow {
        volume: &ended.volume,
        task: &ended.task,
        state: None,
        ended: Some(ended),
    })
}

/// A row of the command log.
#[derive(Debug, Clone, Copy)]
pub enum CommandRow<'a> {
    /// A change of this session.
    Here(&'a JobRecord),
    /// One of another session.
    Elsewhere(&'a CommandRecord),
}

impl CommandRow<'_> {
    /// When it was confirmed or begun.
    pub fn at(&self) -> Timestamp {
        match self {
            Self::Here(job) => job.since.wall,
            Self::Elsewhere(command) => command.at,
        }
    }
}

/// The rows of the command log: the changes of all sessions, latest first.
pub fn commands(model: &Model) -> impl Iterator<Item = CommandRow<'_>> {
    let here = model.jobs.all().iter().map(CommandRow::Here);
    let elsewhere = model.recalled.iter().map(CommandRow::Elsewhere);
    let mut rows: Vec<_> = here.chain(elsewhere).collect();
    rows.sort_by_key(|row| std::cmp::Reverse(row.at()));
    rows.into_iter()
}
