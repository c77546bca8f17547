//! What can be asked of a command without a screen.

use std::time::Duration;

use crate::gluster::command::RebalanceMode;
use crate::model::{BrickName, VolumeName};

/// One command, as it was written.
#[derive(Debug, Clone, PartialEq)]
pub enum Request {
    /// One reading of the cluster.
    Status {
        /// Only these; empty for all.
        volumes: Vec<VolumeName>,
        /// JSON instead of a table.
        json: bool,
    },
    /// What a change would meet.
    Plan {
        /// The change.
        change: Change,
        /// JSON instead of words.
        json: bool,
    },
    /// What it would take to drain each sub-volume of a volume.
    Compare {
        /// Which one.
        volume: VolumeName,
        /// JSON instead of words.
        json: bool,
    },
    /// A change.
    Run {
        /// Which one.
        change: Change,
        /// What was agreed to beforehand.
        consent: Consent,
        /// The result as JSON.
        json: bool,
    },
    /// Stop running tasks.
    Stop {
        /// Whose; `None`: every one that moves data.
        volumes: Option<Vec<VolumeName>>,
        /// How long a busy lock is tried again; `None`: as configured.
        retry: Option<Duration>,
        /// What was agreed to beforehand.
        consent: Consent,
        /// The result as JSON.
        json: bool,
    },
    /// Follow a task to its end.
    Wait(WaitRequest),
    /// Count what is left on the leaving bricks of this node.
    Leftovers {
        /// Whose remove-brick.
        volume: VolumeName,
        /// These bricks instead, `HOST:PATH` or a path of this node.
        bricks: Vec<String>,
        /// JSON instead of words.
        json: bool,
    },
}

/// A change of the cluster, short of stopping tasks.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Change {
    /// Start a rebalance of each of these volumes.
    Rebalance {
        /// Of which.
        volumes: Vec<VolumeName>,
        /// How.
        mode: RebalanceMode,
    },
    /// Begin to drain bricks, or take them out with their files.
    RemoveBricks {
        /// From which volume.
        volume: VolumeName,
        /// Which, in any order.
        bricks: Vec<BrickName>,
        /// Move their files off first.
        migrate: bool,
    },
    /// Take the drained bricks out.
    Commit {
        /// Whose.
        volume: VolumeName,
        /// With whatever files are still on them.
        force: bool,
    },
    /// Give the drained bricks back.
    Retain {
        /// Whose.
        volume: VolumeName,
    },
}

/// What was agreed to on the command line.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Consent {
    /// Do what can be undone without a question.
    pub yes: bool,
    /// The volume's name, for what cannot be undone.
    pub confirm: Option<VolumeName>,
}

/// How to wait.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct WaitRequest {
    /// For whose task.
    pub volume: VolumeName,
    /// Time between two readings; `None`: as the settings say.
    pub every: Option<Duration>,
    /// For how long.
    pub timeout: Duration,
    /// Commit a remove-brick that ended clean.
    pub commit_if_clean: bool,
    /// Each reading as a line of JSON.
    pub json: bool,
}

impl Change {
    /// The volumes it is about.
    pub fn volumes(&self) -> Vec<VolumeName> {
        match self {
            Self::Rebalance { volumes, .. } => {
                let mut once: Vec<VolumeName> = Vec::new();
                for volume in volumes {
                    if !once.contains(volume) {
                        once.push(volume.clone());
                    }
                }
                once
            }
            Self::RemoveBricks { volume, .. }
            | Self::Commit { volume, .. }
            | Self::Retain { volume } => vec![volume.clone()],
        }
    }

    /// The volume whose name confirms it; `None` for what can be undone.
    pub fn is_final(&self) -> Option<&VolumeName> {
        match self {
            Self::Commit { volume, .. }
            | Self::RemoveBricks {
                volume,
                migrate: false,
                ..
            } => Some(volume),
            _ => None,
        }
    }
}
