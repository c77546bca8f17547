//! Running gluster: processes, deadlines, pipes.

use std::future::Future;
use std::pin::Pin;
use std::time::Duration;

use super::{Failure, Order};

/// What a finished gluster process left behind.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Answer {
    /// Standard output; for `get-state`, the file that it wrote.
    pub stdout: Vec<u8>,
    /// Standard error.
    pub stderr: Vec<u8>,
    /// Exit status; `None` when a signal ended it.
    pub exit: Option<i32>,
    /// How long it ran.
    pub took: Duration,
}

/// Something that carries out orders: a local process, ssh, or the demo.
pub trait Runner: Send + Sync {
    /// Runs one order to its end, or fails at the deadline.
    ///
    /// A question is given up when the future is dropped or its deadline passes. A change is
    /// never killed: it goes on, whatever becomes of the caller.
    fn run<'a>(&'a self, order: &'a Order, deadline: Duration) -> RunFuture<'a>;
}

/// The future of [`Runner::run`].
pub type RunFuture<'a> = Pin<Box<dyn Future<Output = Result<Answer, Failure>> + Send + 'a>>;
