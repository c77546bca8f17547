//! What a task is: its kind, and one process on each node that takes part.

use serde::Deserialize;

use super::plan::Leg;
use super::scenario::{Fail, Stall};
use super::volume::Peer;

#[derive(Debug)]
pub(super) struct Task {
    pub(super) id: String,
    pub(super) kind: TaskKind,
    pub(super) runs: Vec<Run>,
}

#[derive(Debug, PartialEq, Eq)]
pub(super) enum TaskKind {
    Rebalance,
    FixLayout,
    /// With the names of the bricks that leave.
    RemoveBrick(Vec<String>),
}

/// The rebalance process of one node.
#[derive(Debug)]
pub(super) struct Run {
    /// Index into the pool's peers.
    pub(super) peer: usize,
    pub(super) status: RunStatus,
    /// Seconds since the process began.
    pub(super) runtime: u64,
    /// What was counted before the simulation took over.
    pub(super) base: Counters,
    /// What is left to migrate, by way.
    pub(super) legs: Vec<Leg>,
    /// The work planned and the part of it that is over: bytes when there are legs, else files.
    pub(super) work: u64,
    pub(super) done: u64,
    /// Files still to be looked up when the simulation took over.
    pub(super) scan: u64,
    /// Bytes that arrived, and bytes that could not be moved.
    pub(super) moved: u64,
    pub(super) lost: u64,
}

/// The counters a node reports.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Counters {
    pub(super) files: u64,
    pub(super) size: u64,
    pub(super) lookups: u64,
    pub(super) failures: u64,
    pub(super) skipped: u64,
}

/// The states of a node's process that `rebalance status` can name.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub(super) enum RunStatus {
    #[default]
    InProgress,
    Stopped,
    Completed,
    Failed,
}

/// Trouble that waits for a node.
#[derive(Debug)]
pub(super) struct Fault {
    /// Index into the pool's peers.
    pub(super) peer: usize,
    /// Only with the tasks of this volume; `None`: with all.
    pub(super) volume: Option<String>,
    pub(super) stall: Option<Stall>,
    pub(super) fail: Option<Fail>,
}

impl Task {
    /// The bricks that leave; none unless it is a remove-brick.
    pub(super) fn leaving(&self) -> &[String] {
        match &self.kind {
            TaskKind::RemoveBrick(bricks) => bricks,
            TaskKind::Rebalance | TaskKind::FixLayout => &[],
        }
    }

    pub(super) fn is_remove_brick(&self) -> bool {
        matches!(self.kind, TaskKind::RemoveBrick(_))
    }

    /// The runs of which the asked node hears: a node that is away answers nothing.
    pub(super) fn heard<'a>(&'a self, peers: &'a [Peer]) -> impl Iterator<Item = &'a Run> {
        let connected = |run: &&Run| peers.get(run.peer).is_some_and(|peer| peer.connected);
        self.runs.iter().filter(connected)
    }

    /// The state of the whole, by glusterd's precedence; `None` when no node answered.
    pub(super) fn status(&self, peers: &[Peer]) -> Option<RunStatus> {
        self.heard(peers)
            .map(|run| run.status)
            .max_by_key(|status| status.precedence())
    }
}

impl Run {
    /// What the node reports now.
    pub(super) fn counters(&self, file_size: u64) -> Counters {
        let scanned = u128::from(self.scan) * u128::from(self.done) / u128::from(self.work.max(1));
        Counters {
            files: self.base.files + self.moved / file_size,
            size: self.base.size + self.moved,
            lookups: self.base.lookups + u64::try_from(scanned).unwrap_or(self.scan),
            failures: self.base.failures + self.lost.div_ceil(file_size),
            skipped: self.base.skipped,
        }
    }
}

impl RunStatus {
    pub(super) fn code(self) -> u8 {
        match self {
            Self::InProgress => 1,
            Self::Stopped => 2,
            Self::Completed => 3,
            Self::Failed => 4,
        }
    }

    fn precedence(self) -> u8 {
        match self {
            Self::Completed => 0,
            Self::Stopped => 1,
            Self::Failed => 2,
            Self::InProgress => 3,
        }
    }
}
