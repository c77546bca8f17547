//! Every question and command glustop can put to gluster, and the argv of each.
//!
//! An [`Order`] is made here and nowhere else, from one [`Command`]: the argv a dialog shows and
//! the argv that runs are the same value.

use std::fmt;

use crate::model::{BrickName, Throttle, VolumeName};

mod logged;
mod order;
mod quote;

pub use order::{Argv, Launcher, Order};
pub use quote::shell_quote;

/// A question or a change, with its targets by name.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum Command {
    /// `--version`: needs no glusterd.
    Version,
    /// `pool list`: the peers, this node included. No lock.
    PoolList,
    /// `volume list`: names only. No lock.
    VolumeList,
    /// `volume info`: the definitions of all volumes, or of one. No lock.
    VolumeInfo(Option<VolumeName>),
    /// `get-state`: what this node's glusterd knows by itself, task ids among it. No lock.
    State,
    /// `volume heal VOLUME info summary`: what waits for healing. No lock; a program of its own
    /// asks every brick, which can take minutes. Since release 3.13.
    HealSummary(VolumeName),
    /// `volume get VOLUME all`: every option with the value in force. No lock.
    Options(VolumeName),
    /// `volume get all all`: the options of the pool, its operating version among them. No lock.
    PoolOptions,
    /// `volume status VOLUME [detail|tasks]`: takes the volume's lock on every node.
    VolumeStatus {
        /// Of which volume.
        volume: VolumeName,
        /// Which part.
        view: StatusView,
    },
    /// `volume rebalance VOLUME status`: takes the lock.
    RebalanceStatus(VolumeName),
    /// `volume rebalance VOLUME [fix-layout] start [force]`.
    RebalanceStart {
        /// Of which volume.
        volume: VolumeName,
        /// What it does.
        mode: RebalanceMode,
    },
    /// `volume rebalance VOLUME stop`.
    RebalanceStop(VolumeName),
    /// `volume remove-brick VOLUME [replica N] BRICK... STEP`.
    RemoveBrick {
        /// Of which volume.
        volume: VolumeName,
        /// Which bricks; every step names all of them.
        bricks: Vec<BrickName>,
        /// The lower replica count, when one copy of each set goes.
        replica: Option<u32>,
        /// What to do with them.
        step: RemoveStep,
    },
    /// `volume set VOLUME cluster.rebal-throttle VALUE`.
    SetThrottle {
        /// Of which volume.
        volume: VolumeName,
        /// The new value.
        throttle: Throttle,
    },
}

/// The parts of `volume status`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum StatusView {
    /// Bricks, services and tasks.
    Plain,
    /// Bricks with the sizes of their file systems.
    Detail,
    /// Tasks alone.
    Tasks,
}

/// The ways to start a rebalance.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum RebalanceMode {
    /// Fixes the layout and migrates files, except to fuller bricks.
    Migrate,
    /// Fixes the layout only.
    FixLayout,
    /// Migrates to fuller bricks too.
    Force,
}

/// The steps of a remove-brick.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum RemoveStep {
    /// Begin draining.
    Start,
    /// How far it is. Changes nothing, but takes the lock.
    Status,
    /// Give the bricks back to the volume.
    Stop,
    /// Take the drained bricks out of the volume.
    Commit,
    /// Take the bricks out at once, with the files on them.
    Force,
}

impl RemoveStep {
    fn word(self) -> &'static str {
        match self {
            Self::Start => "start",
            Self::Status => "status",
            Self::Stop => "stop",
            Self::Commit => "commit",
            Self::Force => "force",
        }
    }
}

impl Command {
    /// The words after gluster's options. Sub-commands are spelled out: gluster matches prefixes.
    pub fn words(&self) -> Vec<String> {
        let words = |words: &[&str]| words.iter().map(|&w| w.to_owned()).collect::<Vec<_>>();
        match self {
            Self::Version => words(&["--version"]),
            Self::PoolList => words(&["pool", "list"]),
            Self::VolumeList => words(&["volume", "list"]),
            Self::VolumeInfo(None) => words(&["volume", "info"]),
            Self::VolumeInfo(Some(volume)) => words(&["volume", "info", volume.as_str()]),
            Self::State => words(&["get-state", "glusterd"]),
            Self::HealSummary(volume) => {
                words(&["volume", "heal", volume.as_str(), "info", "summary"])
            }
            Self::Options(volume) => words(&["volume", "get", volume.as_str(), "all"]),
            Self::PoolOptions => words(&["volume", "get", "all", "all"]),
            Self::VolumeStatus { volume, view } => {
                let mut all = words(&["volume", "status", volume.as_str()]);
                all.extend(match view {
                    StatusView::Plain => None,
                    StatusView::Detail => Some("detail".to_owned()),
                    StatusView::Tasks => Some("tasks".to_owned()),
                });
                all
            }
            Self::RebalanceStatus(volume) => {
                words(&["volume", "rebalance", volume.as_str(), "status"])
            }
            Self::RebalanceStart { volume, mode } => {
                let mut all = words(&["volume", "rebalance", volume.as_str()]);
                all.extend(words(match mode {
                    RebalanceMode::Migrate => &["start"],
                    RebalanceMode::FixLayout => &["fix-layout", "start"],
                    RebalanceMode::Force => &["start", "force"],
                }));
                all
            }
            Self::RebalanceStop(volume) => words(&["volume", "rebalance", volume.as_str(), "stop"]),
            Self::RemoveBrick {
                volume,
                bricks,
                replica,
                step,
            } => {
                let mut all = words(&["volume", "remove-brick", volume.as_str()]);
                if let Some(replica) = replica {
                    all.extend(["replica".to_owned(), replica.to_string()]);
                }
                all.extend(bricks.iter().map(ToString::to_string));
                all.push(step.word().to_owned());
                all
            }
            Self::SetThrottle { volume, throttle } => {
                let value = throttle.to_string();
                words(&["volume", "set", volume.as_str(), Throttle::OPTION, &value])
            }
        }
    }

    /// Whether it changes the cluster.
    pub fn changes(&self) -> bool {
        match self {
            Self::RebalanceStart { .. } | Self::RebalanceStop(_) | Self::SetThrottle { .. } => true,
            Self::RemoveBrick { step, .. } => *step != RemoveStep::Status,
            Self::Version
            | Self::PoolList
            | Self::VolumeList
            | Self::VolumeInfo(_)
            | Self::State
            | Self::HealSummary(_)
            | Self::Options(_)
            | Self::PoolOptions
            | Self::VolumeStatus { .. }
            | Self::RebalanceStatus(_) => false,
        }
    }

    /// Whether it stops a task: such a command goes ahead of everything else.
    pub fn stops(&self) -> bool {
        matches!(
            self,
            Self::RebalanceStop(_)
                | Self::RemoveBrick {
                    step: RemoveStep::Stop,
                    ..
                }
        )
    }

    /// Whether it begins a task.
    pub fn starts(&self) -> bool {
        matches!(
            self,
            Self::RebalanceStart { .. }
                | Self::RemoveBrick {
                    step: RemoveStep::Start,
                    ..
                }
        )
    }

    /// Whether nothing takes it back: bricks leave the volume.
    pub fn is_final(&self) -> bool {
        matches!(
            self,
            Self::RemoveBrick {
                step: RemoveStep::Commit | RemoveStep::Force,
                ..
            }
        )
    }

    /// The volume whose lock it takes on every node; `None` when it takes none.
    pub fn locks(&self) -> Option<&VolumeName> {
        match self {
            Self::Version
            | Self::PoolList
            | Self::VolumeList
            | Self::VolumeInfo(_)
            | Self::State
            | Self::HealSummary(_)
            | Self::Options(_)
            | Self::PoolOptions => None,
            Self::VolumeStatus { volume, .. }
            | Self::RebalanceStatus(volume)
            | Self::RebalanceStart { volume, .. }
            | Self::RebalanceStop(volume)
            | Self::RemoveBrick { volume, .. }
            | Self::SetThrottle { volume, .. } => Some(volume),
        }
    }

    /// Whether gluster answers it in XML.
    pub(crate) fn answers_xml(&self) -> bool {
        !matches!(self, Self::Version | Self::State)
    }
}

/// In short, for messages: `stop remove-brick on media`. The argv says it in full.
impl fmt::Display for Command {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::RebalanceStart { volume, mode } => match mode {
                RebalanceMode::Migrate => write!(f, "rebalance {volume}"),
                RebalanceMode::FixLayout => write!(f, "fix-layout {volume}"),
                RebalanceMode::Force => write!(f, "rebalance {volume} by force"),
            },
            Self::RebalanceStop(volume) => write!(f, "stop rebalance of {volume}"),
            Self::RemoveBrick { volume, step, .. } => match step {
                RemoveStep::Start => write!(f, "remove-brick of {volume}"),
                RemoveStep::Stop => write!(f, "stop remove-brick of {volume}"),
                RemoveStep::Commit => write!(f, "commit remove-brick of {volume}"),
                RemoveStep::Force => write!(f, "remove bricks of {volume} by force"),
                RemoveStep::Status => write!(f, "status of remove-brick of {volume}"),
            },
            Self::SetThrottle { volume, throttle } => {
                write!(f, "throttle of {volume} to {throttle}")
            }
            question => f.write_str(&question.words().join(" ")),
        }
    }
}

#[cfg(test)]
mod tests;
