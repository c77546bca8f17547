//! A change on its way: from the confirmed order to its outcome.
//!
//! What the application and the monitor say to each other about it.

use std::time::Duration;

use crate::gluster::{Failure, Order, ProgressReport};
use crate::insight::plan::Plan;
use crate::model::{Stamp, TaskId};

/// Tells jobs of one session apart.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct JobId(pub u64);

/// A confirmed change.
#[derive(Debug, Clone, PartialEq)]
pub struct Job {
    /// Its id.
    pub id: JobId,
    /// What runs, as the dialog showed it.
    pub order: Order,
    /// The checks behind it, as they were confirmed: it does not run on worse grounds.
    pub accepted: Plan,
    /// How long a busy lock is tried again.
    pub patience: Duration,
}

/// What becomes of a job.
#[derive(Debug, Clone, PartialEq)]
pub enum JobEvent {
    /// The last look at the cluster before it runs.
    Checking,
    /// The command runs.
    Running {
        /// From 1.
        attempt: u32,
    },
    /// The lock was held by another command; it is tried again.
    Busy {
        /// Which attempt met the lock.
        attempt: u32,
        /// gluster's sentence.
        message: String,
    },
    /// It is over.
    Ended(Outcome),
}

/// How a job ended.
#[derive(Debug, Clone, PartialEq)]
pub struct Outcome {
    /// When.
    pub at: Stamp,
    /// How long the last attempt ran.
    pub took: Duration,
    /// Exit status of gluster's last attempt; `None` when it did not run to an end.
    pub exit: Option<i32>,
    /// What it brought.
    pub result: JobResult,
}

/// The result of a job.
#[derive(Debug, Clone, PartialEq)]
pub enum JobResult {
    /// gluster carried it out.
    Done {
        /// The id of the task it began.
        task: Option<TaskId>,
        /// gluster's sentence; often empty.
        text: String,
        /// A stop's last counters.
        progress: Option<ProgressReport>,
    },
    /// The last check before it found that the plan no longer holds; nothing was run.
    Objected(Vec<String>),
    /// It failed. After a time-out, a lost connection or a cut-short answer it is open whether it
    /// was carried out; the sentence says so.
    Failed(Failure),
    /// The admin gave up while the lock was busy; nothing was run.
    GivenUp,
    /// Dry run: it would have run now, and was not.
    DryRun,
}
