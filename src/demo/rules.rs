//! glusterd's refusals: what it checks before a command, in its order, with its sentences.
//!
//! Pure: a command and the state go in, a refusal or nothing comes out. The asked node checks
//! first and alone; where it agrees, every other node that refuses adds a line with its name.

pub(super) mod remove_brick;

use super::task::{RunStatus, Task};
use super::volume::{Peer, Volume};
use super::words::{RebalanceOp, RemoveBrickOp};

/// `opErrno` of a refusal in a request handler, before any transaction begins.
const HANDLER: u32 = 0;
/// gluster's own numbers: unspecified, lock taken, no such volume.
const UNSPECIFIED: u32 = 30800;
const ANOTHER_TRANSACTION: u32 = 30802;
const NO_SUCH_VOLUME: u32 = 30806;

/// What stands in `opErrno` and `opErrstr`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Refusal {
    pub(super) errno: u32,
    pub(super) text: String,
}

impl Refusal {
    pub(super) fn new(errno: u32, text: impl Into<String>) -> Self {
        Self {
            errno,
            text: text.into(),
        }
    }
}

/// Whom the command reaches.
pub(super) struct Ground<'a> {
    pub(super) peers: &'a [Peer],
    /// Index of the asked node.
    pub(super) local: usize,
}

/// How the three families of commands say that a volume does not exist.
pub(super) fn no_volume(name: &str) -> Refusal {
    unspecified(format!("Volume {name} does not exist"))
}

pub(super) fn no_volume_for_info() -> Refusal {
    Refusal::new(NO_SUCH_VOLUME, "Volume does not exist")
}

pub(super) fn no_volume_for_remove_brick(name: &str, op: RemoveBrickOp) -> Refusal {
    match op {
        RemoveBrickOp::Status | RemoveBrickOp::Stop => no_volume(name),
        _ => handler(format!("Volume {name} does not exist")),
    }
}

/// The lock of the volume is taken; status and set name the volume, the others do not.
pub(super) fn busy(volume: Option<&str>) -> Refusal {
    let whose = volume
        .map(|name| format!(" for {name}"))
        .unwrap_or_default();
    let text =
        format!("Another transaction is in progress{whose}. Please try again after some time.");
    Refusal::new(ANOTHER_TRANSACTION, text)
}

pub(super) fn status(volume: &Volume) -> Result<(), Refusal> {
    refuse_if(!volume.started(), || {
        format!("Volume {} is not started", volume.name)
    })
}

pub(super) fn set(key: &str, value: &str) -> Result<(), Refusal> {
    refuse_if(!key.contains('.'), || {
        format!("option : {key} does not exist")
    })?;
    let throttles = ["lazy", "normal", "aggressive"];
    let throttle = key == "cluster.rebal-throttle";
    let known = throttles.contains(&value) || value.parse().is_ok_and(|threads: u8| threads > 0);
    refuse_if(throttle && !known, || {
        format!(
            "{key} should be {{lazy|normal|aggressive}} or a number up to number of cores \
             available (cores available - 2)"
        )
    })
}

pub(super) fn rebalance(volume: &Volume, op: RebalanceOp, on: &Ground) -> Result<(), Refusal> {
    rebalance_possible(volume)?;
    let name = &volume.name;
    let task = volume.task.as_ref();
    if matches!(op, RebalanceOp::Status | RebalanceOp::Stop) {
        let none = task.is_none_or(Task::is_remove_brick);
        return refuse_if(none, || format!("Rebalance not started for volume {name}."));
    }
    refuse_if(task.is_some_and(Task::is_remove_brick), || {
        format!(
            "A remove-brick task on volume {name} is not yet committed. Either commit or stop \
             the remove-brick task."
        )
    })?;
    let text = format!("Rebalance on {name} is already started");
    everywhere(on, |peer| running(task, peer).then(|| text.clone()))
}

fn rebalance_possible(volume: &Volume) -> Result<(), Refusal> {
    let name = &volume.name;
    refuse_if(volume.subvolumes.len() <= 1, || {
        format!(
            "Volume {name} is not a distribute volume or contains only 1 brick.\n\
             Not performing rebalance"
        )
    })?;
    refuse_if(!volume.started(), || {
        format!("Volume {name} needs to be started to perform rebalance")
    })
}

/// Whether the process of this node is at work.
fn running(task: Option<&Task>, peer: usize) -> bool {
    let mut runs = task.into_iter().flat_map(|task| &task.runs);
    runs.any(|run| run.peer == peer && run.status == RunStatus::InProgress)
}

/// Asks the local node, then all the others together.
fn everywhere(on: &Ground, refusal: impl Fn(usize) -> Option<String>) -> Result<(), Refusal> {
    if let Some(text) = refusal(on.local) {
        return Err(unspecified(text));
    }
    let others = on
        .peers
        .iter()
        .enumerate()
        .filter(|(_, peer)| peer.connected);
    let lines = others.filter_map(|(index, peer)| {
        Some(format!(
            "Pre Validation failed on {}. {}",
            peer.name,
            refusal(index)?
        ))
    });
    let lines: Vec<String> = lines.collect();
    refuse_if(!lines.is_empty(), || lines.join("\n"))
}

fn refuse_if(condition: bool, text: impl FnOnce() -> String) -> Result<(), Refusal> {
    if condition {
        Err(unspecified(text()))
    } else {
        Ok(())
    }
}

fn handler_if(condition: bool, text: impl FnOnce() -> String) -> Result<(), Refusal> {
    if condition {
        Err(handler(text()))
    } else {
        Ok(())
    }
}

fn unspecified(text: String) -> Refusal {
    Refusal::new(UNSPECIFIED, text)
}

fn handler(text: String) -> Refusal {
    Refusal::new(HANDLER, text)
}
