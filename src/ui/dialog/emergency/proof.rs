//! What is known of a task after its stop, and whether that proves that it stopped.

use crate::app::Model;
use crate::app::jobs::{JobRecord, Stage};
use crate::insight::freshness;
use crate::insight::stopped::{self, Doubt};
use crate::job::JobResult;
use crate::model::{NodeProgress, Stamp, Task, TaskState};
use crate::ui::words;

/// A task after its stop, with a row for every node that ought to take part: as it ended, or as
/// it was read since. The stop's own answer is no proof, because silent nodes are not in it.
pub(super) struct Proof<'a> {
    task: &'a Task,
    /// When gluster had accepted the stop.
    end: Stamp,
}

impl<'a> Proof<'a> {
    pub(super) fn of(model: &'a Model, record: &JobRecord) -> Option<Self> {
        let volume = record.order.command().locks()?;
        let end = end(record).filter(|_| record.is_done())?;
        let snapshot = &model.snapshot;
        let ended = snapshot
            .ended
            .iter()
            .find(|ended| ended.volume == *volume && !is_before(ended.at, end))
            .map(|ended| &ended.task);
        let read_since = || {
            let task = snapshot.volume(volume)?.task()?;
            let read = freshness::progress_read(task)?;
            (!is_before(read, end)).then_some(task)
        };
        let task = ended.or_else(read_since)?;
        Some(Self { task, end })
    }

    /// Whether a node says that it goes on, with its current file.
    pub(super) fn is_moving(&self) -> bool {
        let mut nodes = self.task.nodes.iter();
        nodes.any(|node| self.has_answered(node) && node.state == TaskState::InProgress)
    }

    /// What is not known: `gl-03 gave no answer: whether it stopped is not known`.
    pub(super) fn doubts(&self) -> Vec<String> {
        let doubts = stopped::doubts(&self.task.nodes, |node| self.has_answered(node));
        let words = |doubt: &Doubt<'_>| doubt.words(&words::hosts(doubt.names().iter().copied()));
        doubts.iter().map(words).collect()
    }

    /// What a node said before the stop tells nothing about it.
    fn has_answered(&self, node: &NodeProgress) -> bool {
        let taken = node.taken.filter(|taken| !is_before(*taken, self.end));
        node.reported && taken.is_some()
    }
}

/// One node of a task that is being stopped.
pub(super) struct Node {
    pub(super) name: String,
    pub(super) state: TaskState,
    pub(super) answered: bool,
    pub(super) bytes: Option<u64>,
    pub(super) files: Option<u64>,
}

/// What the nodes last said: the proof; until there is one the stop's own answer, or what was
/// known before.
pub(super) fn nodes(model: &Model, record: &JobRecord) -> Vec<Node> {
    let proof = Proof::of(model, record);
    if proof.is_none()
        && let Stage::Ended(outcome) = &record.stage
        && let JobResult::Done {
            progress: Some(report),
            ..
        } = &outcome.result
    {
        let nodes = report.nodes.iter().map(|node| Node {
            // The node that was asked calls itself so.
            name: match model.snapshot.local_name() {
                Some(local) if node.name == "localhost" => local.to_owned(),
                _ => node.name.clone(),
            },
            state: node.state,
            answered: true,
            bytes: node.counters.bytes,
            files: node.counters.files,
        });
        return nodes.collect();
    }
    let known = || {
        let volume = record.order.command().locks()?;
        model.snapshot.volume(volume)?.task()
    };
    let task = proof.as_ref().map(|proof| proof.task).or_else(known);
    let nodes = task.map_or(&[][..], |task| &task.nodes);
    let nodes = nodes.iter().map(|node| Node {
        name: node.name.clone(),
        state: node.state,
        answered: proof
            .as_ref()
            .map_or(node.reported, |proof| proof.has_answered(node)),
        bytes: node.counters.bytes,
        files: node.counters.files,
    });
    nodes.collect()
}

/// When a change was over.
pub(super) fn end(record: &JobRecord) -> Option<Stamp> {
    match &record.stage {
        Stage::Ended(outcome) => Some(outcome.at),
        _ => None,
    }
}

fn is_before(one: Stamp, other: Stamp) -> bool {
    one.steady < other.steady
}
