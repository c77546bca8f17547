//! The rows of the panes: filtered, ordered, each with an id.

use std::cmp::Ordering;
use std::sync::Arc;

use jiff::Timestamp;

use super::jobs::JobRecord;
use super::model::Model;
use crate::insight::glance::Glance;
use crate::insight::space::Space;
use crate::insight::subvolume::SubvolumeState;
use crate::model::{
    Brick, BrickName, CommandRecord, EndedTask, Subvolume, Task, TaskId, TaskState, VolumeKind,
    VolumeName, VolumeState, VolumeStatus,
};

/// Columns that order the volumes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[expect(missing_docs, reason = "named after the columns")]
pub enum VolumeColumn {
    Name,
    Type,
    State,
    Used,
    Size,
    Use,
    Task,
}

impl VolumeColumn {
    /// All, from left to right, with their headings.
    pub const ALL: &'static [(Self, &'static str)] = &[
        (Self::Name, "name"),
        (Self::Type, "type"),
        (Self::State, "state"),
        (Self::Used, "used"),
        (Self::Size, "size"),
        (Self::Use, "use%"),
        (Self::Task, "task"),
    ];
}

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

/// A row of the Bricks pane.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub enum BrickRowId {
    /// The heading of a sub-volume.
    Set(VolumeName, usize),
    /// A brick.
    Brick(BrickName),
}

/// A row of the Bricks pane, with what it shows.
#[derive(Debug, Clone, Copy)]
pub enum BrickRow<'a> {
    /// The heading of a sub-volume with more than one brick.
    Set {
        /// Its volume.
        state: &'a VolumeState,
        /// The sub-volume.
        set: Subvolume<'a>,
        /// Its bricks are not listed.
        folded: bool,
    },
    /// A brick.
    Brick {
        /// Its volume.
        state: &'a VolumeState,
        /// The brick.
        brick: &'a Brick,
        /// It stands below a heading.
        indented: bool,
    },
}

impl BrickRow<'_> {
    /// What tells it apart.
    pub fn id(&self) -> BrickRowId {
        match self {
            Self::Set { state, set, .. } => BrickRowId::Set(state.volume.name.clone(), set.index),
            Self::Brick { brick, .. } => BrickRowId::Brick(brick.name.clone()),
        }
    }

    /// Whether that is its id: cheaper than to make it.
    pub fn is(&self, id: &BrickRowId) -> bool {
        match (self, id) {
            (Self::Set { state, set, .. }, BrickRowId::Set(volume, index)) => {
                set.index == *index && state.volume.name == *volume
            }
            (Self::Brick { brick, .. }, BrickRowId::Brick(name)) => brick.name == *name,
            _ => false,
        }
    }
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

/// The rows of the Volumes pane.
pub fn volumes(model: &Model) -> Vec<&Arc<VolumeState>> {
    let table = &model.panes.volumes;
    let all = model.glances.of_all(&model.snapshot);
    let mut rows: Vec<_> = all
        .filter(|(state, _)| table.filter.shows(state.volume.name.as_str()))
        .collect();
    // Volumes come ordered by name, and the sorts are stable: names decide between equals.
    match table.order {
        VolumeColumn::Name => {}
        VolumeColumn::Type => rows.sort_by_key(|(state, _)| state.volume.kind().as_str()),
        VolumeColumn::State => rows.sort_by_key(|(state, _)| state.volume.status.as_str()),
        VolumeColumn::Used => by_size(&mut rows, |space| space.used as f64),
        VolumeColumn::Size => by_size(&mut rows, |space| space.total as f64),
        VolumeColumn::Use => by_size(&mut rows, |space| space.fraction().unwrap_or(0.0)),
        VolumeColumn::Task => rows.sort_by_cached_key(|(state, glance)| attention(state, *glance)),
    }
    if table.reverse {
        rows.reverse();
    }
    rows.into_iter().map(|(state, _)| state).collect()
}

/// Largest first; unknown sizes last.
fn by_size(rows: &mut [(&Arc<VolumeState>, Glance)], size: fn(Space) -> f64) {
    let size = |glance: &Glance| glance.space.map_or(-1.0, size);
    rows.sort_by(|(_, a), (_, b)| size(b).total_cmp(&size(a)));
}

/// What an admin looks for first: data on the move, then what waits for a decision, then what is
/// broken, then the rest; volumes that serve nothing come last.
fn attention(state: &VolumeState, glance: Glance) -> u8 {
    match state.task() {
        Some(task) if task.is_running() => return 0,
        Some(task) if task.is_commit_pending() || task.state() == TaskState::Failed => return 1,
        _ => {}
    }
    match glance.worst {
        _ if state.volume.status != VolumeStatus::Started => 4,
        SubvolumeState::Down | SubvolumeState::Degraded => 2,
        SubvolumeState::Up | SubvolumeState::Unknown => 3,
    }
}

/// The rows of the Bricks pane: those of the selected volume. A volume may have thousands, so
/// each is made when it is asked for.
pub fn bricks(model: &Model) -> impl Iterator<Item = BrickRow<'_>> + Clone {
    model.target().into_iter().flat_map(move |state| {
        let sets = state.volume.subvolumes();
        sets.flat_map(move |set| rows_of(model, state, set))
    })
}

/// How many rows that are.
pub fn brick_count(model: &Model) -> usize {
    let panes = &model.panes;
    match model.target() {
        Some(state) if panes.bricks.filter.text().is_empty() && panes.folded.is_empty() => {
            let volume = &state.volume;
            let headings = if has_headings(state) {
                volume.subvolume_count()
            } else {
                0
            };
            headings + volume.bricks.len()
        }
        _ => bricks(model).count(),
    }
}

/// Bricks without copies are sub-volumes themselves.
fn has_headings(state: &VolumeState) -> bool {
    state.volume.kind() != VolumeKind::Distribute
}

/// The heading of a sub-volume and its bricks; nothing where the filter shows none of them.
fn rows_of<'a>(
    model: &'a Model,
    state: &'a VolumeState,
    set: Subvolume<'a>,
) -> impl Iterator<Item = BrickRow<'a>> + Clone {
    let panes = &model.panes;
    let filter = &panes.bricks.filter;
    let has_heading = has_headings(state);
    let is_folded = || {
        let id = (state.volume.name.clone(), set.index);
        !panes.folded.is_empty() && panes.folded.contains(&id)
    };
    let folded = has_heading && is_folded();
    let shown = (set.bricks.iter()).filter(|brick| filter.shows(brick.name.as_str()));
    let heading = (has_heading && shown.clone().next().is_some()).then_some(BrickRow::Set {
        state,
        set,
        folded,
    });
    let bricks = shown.map(move |brick| BrickRow::Brick {
        state,
        brick,
        indented: has_heading,
    });
    heading
        .into_iter()
        .chain(bricks.take(if folded { 0 } else { usize::MAX }))
}

/// The row under the cursor of the Bricks pane.
pub fn selected_brick(model: &Model) -> Option<BrickRow<'_>> {
    let selected = model.panes.bricks.selected.as_ref();
    selected
        .and_then(|id| bricks(model).find(|row| row.is(id)))
        .or_else(|| bricks(model).next())
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
    let live = model.snapshot.tasks().map(|(state, task)| TaskRow {
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
