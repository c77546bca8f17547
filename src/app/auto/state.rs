//! How an auto commit stands.

use std::time::Duration;

use crate::gluster::Order;
use crate::job::JobId;

/// How an auto commit stands.
#[derive(Debug, Clone, PartialEq)]
pub enum AutoState {
    /// The remove-brick is being started.
    Starting(JobId),
    /// It waits, for this reason.
    Armed(String),
    /// Every gate is open: this will run.
    Counting {
        /// What will run.
        order: Order,
        /// How long until then.
        left: Duration,
    },
    /// Another process is being asked to wait for it.
    HandingOver {
        /// Why it let go meanwhile: it is not armed again when nobody takes it.
        let_go: Option<String>,
    },
    /// The commit was sent.
    Committing(JobId),
    /// An admin wants to decide.
    Held,
    /// It let go, for this reason.
    Disarmed(String),
}
