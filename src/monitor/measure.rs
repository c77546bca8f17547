//! What the benches need of this room, and nobody else: its two pure functions from outside.

use std::time::Duration;

use super::Budget;
use super::ask::Reading;
use super::jitter::Jitter;
use super::merge;
use super::schedule::{Next, Schedule};
use crate::gluster::{Command, Order, Reply};
use crate::model::{Snapshot, Stamp};

/// Lays a good answer over the picture, as if it was asked and answered at that moment.
pub fn lay(snapshot: &mut Snapshot, order: Order, reply: Reply, at: Stamp) {
    let reading = Reading {
        order,
        asked: at,
        done: at,
        result: Ok(reply),
    };
    merge::reading(snapshot, &reading);
}

/// What to ask next, at the default interval.
#[derive(Debug)]
pub struct ReadingPlan(Schedule);

impl ReadingPlan {
    /// A plan that has asked nothing yet.
    pub fn new(interval: Duration) -> Self {
        Self(Schedule::new(interval, Budget::default(), Jitter::new(7)))
    }

    /// The next locking question, which counts as asked; `None`: nothing is due at that time.
    pub fn next(&mut self, snapshot: &Snapshot, now: Duration) -> Option<Command> {
        match self.0.next(snapshot, now, &[]) {
            Next::Ask(command) => Some(command),
            Next::At(_) | Next::Never => None,
        }
    }
}
