//! A volume's task in the status JSON.

use std::time::Duration;

use jiff::{SignedDuration, Timestamp};
use serde::Serialize;

use super::instant;
use crate::insight::progress::{self, Estimate};
use crate::model::{
    BrickName, Counters, NodeProgress, Task, TaskId, TaskKind, TaskState, VolumeState,
};

#[derive(Serialize)]
pub(super) struct TaskOut<'a> {
    kind: &'static str,
    id: Option<&'a str>,
    state: &'static str,
    bricks: Vec<&'a str>,
    nodes_expected: Option<usize>,
    nodes_reported: Option<usize>,
    nodes: Vec<NodeOut<'a>>,
    total: CountersOut,
    progress: Option<f64>,
    progress_basis: Option<&'static str>,
    baseline_bytes: Option<u64>,
    baseline_exact: Option<bool>,
    left_bytes: Option<u64>,
    drained: Option<f64>,
    rate_bytes: Option<u64>,
    eta: Option<String>,
    eta_earliest: Option<String>,
    eta_latest: Option<String>,
    eta_basis: Option<&'static str>,
    started_at: Option<String>,
}

#[derive(Serialize)]
pub(in crate::report) struct NodeOut<'a> {
    name: &'a str,
    uuid: Option<&'a str>,
    state: &'static str,
    #[serde(flatten)]
    counters: CountersOut,
    reported: bool,
}

#[derive(Serialize)]
pub(in crate::report) struct CountersOut {
    files: Option<u64>,
    bytes: Option<u64>,
    scanned: Option<u64>,
    failures: Option<u64>,
    skipped: Option<u64>,
    runtime: Option<u64>,
}

impl<'a> TaskOut<'a> {
    pub(super) fn new(state: &VolumeState, task: &'a Task, now: Timestamp) -> Self {
        let progress = progress::of(state, task);
        let at = |end: fn(&Estimate) -> Duration| {
            let left = SignedDuration::try_from(end(progress.estimate.as_ref()?)).ok()?;
            now.checked_add(left).ok().map(instant)
        };
        // Every task has nodes: none in the list means that they are not known yet.
        let nodes = Some(task.nodes.len()).filter(|&nodes| nodes > 0);
        Self {
            kind: task.kind.as_str(),
            id: task.id.as_ref().map(TaskId::as_str),
            state: self::state(task),
            bricks: task.bricks.iter().map(BrickName::as_str).collect(),
            nodes_expected: nodes,
            nodes_reported: nodes.map(|_| task.nodes_reported()),
            nodes: task
                .nodes
                .iter()
                .map(|node| NodeOut::new(task.kind, node))
                .collect(),
            total: CountersOut::new(task.kind, task.total()),
            progress: progress.done.map(|(share, _)| rounded(share)),
            progress_basis: progress.done.map(|(_, basis)| basis.as_str()),
            baseline_bytes: task.baseline.map(|baseline| baseline.used),
            baseline_exact: task.baseline.map(|baseline| baseline.exact),
            left_bytes: progress.bytes_left,
            drained: progress.drained.map(rounded),
            rate_bytes: progress.rate.map(|rate| rate.round() as u64),
            eta: at(|estimate| estimate.likely),
            eta_earliest: at(|estimate| estimate.earliest),
            eta_latest: at(|estimate| estimate.latest),
            eta_basis: progress.estimate.map(|estimate| estimate.basis.as_str()),
            started_at: progress::started_at(task).map(instant),
        }
    }
}

impl<'a> NodeOut<'a> {
    pub(in crate::report) fn new(kind: TaskKind, node: &'a NodeProgress) -> Self {
        Self {
            name: &node.name,
            uuid: node.peer.uuid(),
            state: word(node.state),
            counters: CountersOut::new(kind, node.counters),
            reported: node.reported,
        }
    }
}

impl CountersOut {
    pub(in crate::report) fn new(kind: TaskKind, counters: Counters) -> Self {
        Self {
            files: counters.files,
            bytes: counters.bytes,
            scanned: counters.scanned,
            failures: counters.failures,
            // gluster counts them as failures there, and says 0 here.
            skipped: counters.skipped.filter(|_| kind != TaskKind::RemoveBrick),
            runtime: counters.runtime.as_ref().map(Duration::as_secs),
        }
    }
}

/// To a hundredth of a percent.
fn rounded(share: f64) -> f64 {
    (share * 1e4).round() / 1e4
}

/// The state of a task in one word.
pub(in crate::report) fn state(task: &Task) -> &'static str {
    if task.is_commit_pending() {
        "commit-pending"
    } else {
        word(task.state())
    }
}

/// The state of one node in one word.
pub(in crate::report) fn word(state: TaskState) -> &'static str {
    match state {
        TaskState::NotStarted => "not-started",
        TaskState::InProgress => "in-progress",
        TaskState::Stopped => "stopped",
        TaskState::Completed => "completed",
        TaskState::Failed => "failed",
        TaskState::Unknown => "unknown",
    }
}
