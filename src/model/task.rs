//! Tasks: a rebalance, a fix-layout or a remove-brick, and how each node fares in it.

use std::collections::VecDeque;
use std::sync::Arc;
use std::time::Duration;

use jiff::Timestamp;

use super::{Baseline, BrickName, PeerId, Stamp, TaskId, Usage};

/// What sort of task.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum TaskKind {
    /// Evens out files over sub-volumes.
    Rebalance,
    /// Lets new files use all sub-volumes; moves nothing.
    FixLayout,
    /// Drains bricks before they leave.
    RemoveBrick,
}

impl TaskKind {
    /// The word on screen and in the JSON.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Rebalance => "rebalance",
            Self::FixLayout => "fix-layout",
            Self::RemoveBrick => "remove-brick",
        }
    }
}

/// gluster's states; the fix-layout forms are folded into the plain ones beside
/// [`TaskKind::FixLayout`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum TaskState {
    /// Known, not begun.
    NotStarted,
    /// Moving or scanning.
    InProgress,
    /// Stopped by an admin.
    Stopped,
    /// Ended by itself.
    Completed,
    /// Gave up.
    Failed,
    /// A word or number that is not known here.
    Unknown,
}

impl TaskState {
    /// gluster's words.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::NotStarted => "not started",
            Self::InProgress => "in progress",
            Self::Stopped => "stopped",
            Self::Completed => "completed",
            Self::Failed => "failed",
            Self::Unknown => "unknown",
        }
    }
}

/// The counters of one node, or the sum over nodes. `None`: gluster did not say.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Counters {
    /// Files moved.
    pub files: Option<u64>,
    /// Bytes moved (logical file sizes).
    pub bytes: Option<u64>,
    /// Files looked at.
    pub scanned: Option<u64>,
    /// Files and directories that failed; contains the skipped ones in a remove-brick.
    pub failures: Option<u64>,
    /// Files left where they are; unknown in a remove-brick.
    pub skipped: Option<u64>,
    /// Since the node's process began; restarts with it.
    pub runtime: Option<Duration>,
}

impl Counters {
    /// Sums over nodes; runtime is the longest. A figure that any node lacks is unknown: a sum
    /// of what happens to be there would look smaller than it is.
    pub fn total<'a>(nodes: impl IntoIterator<Item = &'a Self>) -> Self {
        let mut nodes = nodes.into_iter();
        let Some(first) = nodes.next() else {
            return Self::default();
        };
        let add = |a: Option<u64>, b: Option<u64>| Some(a?.saturating_add(b?));
        nodes.fold(*first, |sum, node| Self {
            files: add(sum.files, node.files),
            bytes: add(sum.bytes, node.bytes),
            scanned: add(sum.scanned, node.scanned),
            failures: add(sum.failures, node.failures),
            skipped: add(sum.skipped, node.skipped),
            runtime: sum.runtime.max(node.runtime),
        })
    }
}

/// One node's part in a task. A node that falls silent keeps its row and last counters.
#[derive(Debug, Clone, PartialEq)]
pub struct NodeProgress {
    /// The node.
    pub peer: PeerId,
    /// Its name for people.
    pub name: String,
    /// What it last said.
    pub state: TaskState,
    /// What it last counted.
    pub counters: Counters,
    /// When it last answered; `None` when it never did.
    pub taken: Option<Stamp>,
    /// Whether it was in the latest answer.
    pub reported: bool,
    /// When any of its counters last moved.
    pub moved: Option<Stamp>,
    /// When its run time last grew. It stands still when the process is dead: glusterd goes on
    /// saying "in progress" for ever.
    pub ticked: Option<Stamp>,
    /// Its earlier counters.
    pub trail: Trail,
}

/// A task of one volume; a volume has at most one.
#[derive(Debug, Clone, PartialEq)]
pub struct Task {
    /// The id of this run; `None` until gluster told it.
    pub id: Option<TaskId>,
    /// What sort.
    pub kind: TaskKind,
    /// The state in gluster's task list: quick to learn, but late for nodes that fell silent.
    pub listed: TaskState,
    /// The leaving bricks of a remove-brick, as gluster lists them; else empty.
    pub bricks: Vec<BrickName>,
    /// Every node that ought to take part (it hosts a brick concerned) or did report.
    pub nodes: Vec<NodeProgress>,
    /// The first reading in which it was seen.
    pub first_seen: Stamp,
    /// Sums over the nodes, reading by reading.
    pub trail: Trail,
    /// What lay on the leaving bricks at the start; `None` while that is not known, and for every
    /// other kind of task.
    pub baseline: Option<Baseline>,
    /// How full the volume's bricks were since it was first seen.
    pub usage: Arc<Usage>,
}

impl Task {
    /// Sums over the nodes, never gluster's own aggregate: that one drops silent nodes and is
    /// wrong for fix-layout.
    pub fn total(&self) -> Counters {
        Counters::total(self.nodes.iter().map(|node| &node.counters))
    }

    /// Nodes in the latest answer.
    pub fn nodes_reported(&self) -> usize {
        self.nodes.iter().filter(|node| node.reported).count()
    }

    /// The state over all nodes.
    ///
    /// One node in progress keeps the task in progress, one failed fails it. Completed needs
    /// every expected node to have said so: a silent one leaves it unknown.
    pub fn state(&self) -> TaskState {
        let any = |state| self.nodes.iter().any(|node| node.state == state);
        let all = |state| self.nodes.iter().all(|node| node.state == state);
        if self.nodes.is_empty() {
            self.listed
        } else if any(TaskState::InProgress) {
            TaskState::InProgress
        } else if any(TaskState::Failed) {
            TaskState::Failed
        } else if any(TaskState::Stopped) {
            TaskState::Stopped
        } else if all(TaskState::Completed) {
            TaskState::Completed
        } else if self.listed == TaskState::InProgress || all(TaskState::NotStarted) {
            self.listed
        } else {
            TaskState::Unknown
        }
    }

    /// A remove-brick that has moved all it could, and waits for commit or retain.
    pub fn is_commit_pending(&self) -> bool {
        self.kind == TaskKind::RemoveBrick && self.state() == TaskState::Completed
    }

    /// Whether it is at work, as far as is known.
    pub fn is_running(&self) -> bool {
        self.state() == TaskState::InProgress
    }

    /// Whether a brick is leaving through this task.
    pub fn removes(&self, brick: &BrickName) -> bool {
        self.bricks.contains(brick)
    }
}

/// One moment of a task's counters.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Sample {
    /// Wall clock of the reading (simulated in the demo).
    pub at: Timestamp,
    /// Bytes moved so far.
    pub bytes: u64,
    /// Files moved so far.
    pub files: u64,
    /// Files looked at so far.
    pub scanned: u64,
}

/// The last hour of samples, oldest first.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Trail {
    samples: VecDeque<Sample>,
    restarted: Option<Timestamp>,
}

impl Trail {
    /// An hour at the usual five seconds.
    pub const CAPACITY: usize = 720;

    /// Adds a sample. A counter that fell means that the node began again: what came before says
    /// nothing about what comes, and is dropped.
    pub fn push(&mut self, sample: Sample) {
        if let Some(last) = self.samples.back() {
            if sample.at <= last.at {
                return;
            }
            if sample.bytes < last.bytes || sample.scanned < last.scanned {
                self.restart(sample.at);
            }
        }
        if self.samples.len() == Self::CAPACITY {
            self.samples.pop_front();
        }
        self.samples.push_back(sample);
    }

    /// The node began its crawl again: a new segment begins, whether the counters fell or not.
    pub fn restart(&mut self, at: Timestamp) {
        self.samples.clear();
        self.restarted = Some(at);
    }

    /// When the present segment began, if it is not the first.
    pub fn restarted(&self) -> Option<Timestamp> {
        self.restarted
    }

    /// Oldest first.
    pub fn samples(&self) -> impl DoubleEndedIterator<Item = &Sample> + ExactSizeIterator {
        self.samples.iter()
    }

    /// The latest one.
    pub fn last(&self) -> Option<&Sample> {
        self.samples.back()
    }
}

#[cfg(test)]
mod tests;
