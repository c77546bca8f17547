//! What can happen, and what the application wants done about it.

use std::sync::Arc;
use std::time::Duration;

use jiff::Timestamp;

use super::handover::HandOver;
use super::logs::LogAnswer;
use crate::config::Key;
use crate::insight::leftovers::Looked;
use crate::job::{Job, JobEvent, JobId};
use crate::model::{BrickName, CommandRecord, Snapshot, VolumeName};

/// Something happened.
#[derive(Debug, Clone)]
pub enum Msg {
    /// A key, cleaned by the input guard.
    Key(Key),
    /// Pasted text: only ever goes into a text field.
    Paste(String),
    /// The terminal's size, in columns and rows.
    Resize(u16, u16),
    /// A new picture of the cluster.
    Snapshot(Arc<Snapshot>),
    /// A change went a step further.
    Job(JobId, JobEvent),
    /// A rebalance log was read: the answer to [`Effect::ReadLog`] with this number.
    Log(u64, LogAnswer),
    /// A brick was looked at: part of the answer to [`Effect::CountLeftovers`] with this number.
    Leftovers(u64, Looked),
    /// The commands of other sessions were read, latest first.
    Recalled(Arc<[CommandRecord]>),
    /// What became of an attempt to hand auto commits over.
    HandedOver(Vec<HandedOver>),
    /// The program was stopped, or the machine slept.
    StoodStill,
    /// Time passed.
    Tick,
}

/// Whether another process waits for one volume's auto commit now.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct HandedOver {
    /// Which volume.
    pub volume: VolumeName,
    /// The name of the unit, or why there is none.
    pub result: Result<String, String>,
}

/// Something to be done outside.
#[derive(Debug, Clone, PartialEq)]
pub enum Effect {
    /// Carry out a confirmed change.
    Run(Job),
    /// Stop retrying a change that waits for a lock.
    GiveUp(JobId),
    /// Read which commands other sessions ran.
    Recall,
    /// A dialog about changes of these volumes is open: read what its checks rest on. None: there
    /// is no such dialog any more.
    Inspect(Vec<VolumeName>),
    /// Read everything now.
    ReadNow,
    /// Read the rebalance log of this node.
    ReadLog {
        /// To tell answers apart.
        id: u64,
        /// Whose.
        volume: VolumeName,
        /// When the task began, if that is known.
        since: Option<Timestamp>,
    },
    /// Count what is left on bricks of this node; ends a count that is under way.
    CountLeftovers {
        /// To tell answers apart.
        id: u64,
        /// Which bricks.
        bricks: Vec<BrickName>,
        /// What failed on this node: the demo's answer is made of it.
        failed: Option<u64>,
    },
    /// Nobody wants that count any more.
    StopCounting,
    /// Read all of one volume now.
    Look(VolumeName),
    /// Let other processes wait for these auto commits, and tell how that went.
    HandOver(Vec<HandOver>),
    /// Stop or resume reading.
    Pause(bool),
    /// Change the base reading interval.
    Interval(Duration),
    /// Send text to the terminal's clipboard.
    Copy(String),
    /// Ring the terminal's bell.
    Bell,
    /// Suspend the program.
    Suspend,
    /// Draw every cell again.
    Redraw,
    /// End the program.
    Quit,
}
