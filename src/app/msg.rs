//! What can happen, and what the application wants done about it.

use std::sync::Arc;
use std::time::Duration;

use crate::config::Key;
use crate::job::{Job, JobEvent, JobId};
use crate::model::{Snapshot, VolumeName};

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
    /// Time passed.
    Tick,
}

/// Something to be done outside.
#[derive(Debug, Clone, PartialEq)]
pub enum Effect {
    /// Carry out a confirmed change.
    Run(Job),
    /// Stop retrying a change that waits for a lock.
    GiveUp(JobId),
    /// A dialog about changes of these volumes is open: read what its checks rest on. None: there
    /// is no such dialog any more.
    Inspect(Vec<VolumeName>),
    /// Read everything now.
    ReadNow,
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
