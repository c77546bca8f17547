//! Why files failed: the rebalance logs of this node, as far as somebody asked for them.

use std::collections::BTreeMap;

use jiff::Timestamp;

use super::model::{Model, Pane, Source, View};
use super::msg::Effect;
use super::rows;
use crate::insight::progress;
use crate::insight::triage::Triage;
use crate::model::{Stamp, Task, TaskId, Unreadable, VolumeName};

/// What was read, by volume.
#[derive(Debug, Clone, Default)]
pub struct Logs {
    /// How many readings were asked for.
    asked: u64,
    /// The one that somebody waits for.
    waiting: Option<(u64, VolumeName)>,
    read: BTreeMap<VolumeName, LogReading>,
}

/// What a reading of a log brought.
#[derive(Debug, Clone, PartialEq)]
pub struct LogAnswer {
    /// Where the log is.
    pub path: String,
    /// What it says.
    pub result: Result<Triage, Unreadable>,
}

/// The latest reading of one volume's log.
#[derive(Debug, Clone, PartialEq)]
pub struct LogReading {
    /// The task of the volume at that time.
    pub task: Option<TaskId>,
    /// When it arrived.
    pub at: Stamp,
    /// Where the log is.
    pub path: String,
    /// What it says.
    pub result: Result<Triage, Unreadable>,
}

impl Logs {
    /// The latest reading of a volume's log.
    pub fn get(&self, volume: &VolumeName) -> Option<&LogReading> {
        self.read.get(volume)
    }

    /// What was read for this very task.
    pub fn of_task(&self, volume: &VolumeName, task: &Task) -> Option<&LogReading> {
        self.get(volume)
            .filter(|read| read.task.is_some() && read.task == task.id)
    }

    /// Whether the log of a volume is being read.
    pub fn is_waiting(&self, volume: &VolumeName) -> bool {
        self.waiting.as_ref().is_some_and(|(_, of)| of == volume)
    }

    fn ask(&mut self, volume: VolumeName, since: Option<Timestamp>) -> Effect {
        self.asked += 1;
        self.waiting = Some((self.asked, volume.clone()));
        Effect::ReadLog {
            id: self.asked,
            volume,
            since,
        }
    }
}

/// Whether this node takes part in the volume's task; `None` while that is not known. A node that
/// does not may still have a log, of an earlier task.
pub fn takes_part(model: &Model, task: &Task) -> Option<bool> {
    let local = model.snapshot.peers().iter().find(|peer| peer.is_local)?;
    let nodes = Some(&task.nodes).filter(|nodes| !nodes.is_empty())?;
    Some(nodes.iter().any(|node| node.peer == local.id))
}

/// Opens the view of the volume's log, and has it read. Once more closes it.
pub(super) fn open(model: &mut Model) -> Vec<Effect> {
    if matches!(model.views.last(), Some(View::Log { .. })) {
        model.views.pop();
        return vec![];
    }
    let Some(volume) = target(model) else {
        model.complain("No volume is selected: there is no log to show.");
        return vec![];
    };
    let scroll = 0;
    model.views.push(View::Log { volume, scroll });
    again(model)
}

/// Has the log of the view on top read once more.
pub(super) fn again(model: &mut Model) -> Vec<Effect> {
    let Some(View::Log { volume, .. }) = model.views.last() else {
        return vec![];
    };
    if matches!(model.session.source, Source::Ssh(_)) {
        return vec![];
    }
    let volume = volume.clone();
    let since = since(model, &volume);
    vec![model.logs.ask(volume, since)]
}

/// Takes an answer. What comes after its view was closed, or after a later question, is of no use
/// to anybody.
pub(super) fn arrived(model: &mut Model, id: u64, answer: LogAnswer) {
    let Some((_, volume)) = model.logs.waiting.take_if(|(waiting, _)| *waiting == id) else {
        return;
    };
    let is_open = |view: &View| matches!(view, View::Log { volume: of, .. } if *of == volume);
    if !model.views.iter().any(is_open) {
        return;
    }
    let task = model
        .snapshot
        .volume(&volume)
        .and_then(|state| state.task());
    let reading = LogReading {
        task: task.and_then(|task| task.id.clone()),
        at: model.now,
        path: answer.path,
        result: answer.result,
    };
    model.logs.read.insert(volume, reading);
}

/// The volume that the view or row under the cursor is about.
fn target(model: &Model) -> Option<VolumeName> {
    if let Some(View::Ended { row, .. }) = model.views.last() {
        return Some(row.volume.clone());
    }
    if model.views.is_empty() && model.panes.focus == Pane::Tasks {
        return rows::selected_task(model).map(|row| row.volume.clone());
    }
    model.target().map(|state| state.volume.name.clone())
}

/// When the running task began on this node. Of a task that is over this cannot be told from its
/// run time: the last process in the log is the one.
fn since(model: &Model, volume: &VolumeName) -> Option<Timestamp> {
    let task = model.snapshot.volume(volume)?.task()?;
    let began = progress::started_at(task).filter(|_| task.is_running())?;
    // A process that was started again begins to count anew; the task did not.
    Some(began.min(task.first_seen.wall))
}
