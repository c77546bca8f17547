//! The simulated pool in the place of the gluster process.

use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use tokio::time::Instant;

use super::Pool;
use crate::gluster::exec::RunFuture;
use crate::gluster::{Answer, Failure, Order, Runner};
use crate::model::FaultKind;

/// Carries out orders on a [`Pool`] whose time runs [`Pool::pace`] times as fast as the clock.
pub struct DemoRunner {
    // Each question takes the pool for as long as it is answered; nobody else knows of it.
    pool: Mutex<Pool>,
    began: Instant,
    pace: u32,
}

impl DemoRunner {
    /// The reading interval that keeps up with simulated time, where nothing else is asked for.
    pub const INTERVAL: Duration = Duration::from_secs(1);

    /// Begins the pool's time now.
    pub fn new(pool: Pool) -> Self {
        Self {
            pace: pool.pace(),
            began: Instant::now(),
            pool: Mutex::new(pool),
        }
    }

    /// Simulated seconds per second.
    pub fn pace(&self) -> u32 {
        self.pace
    }
}

impl Runner for DemoRunner {
    fn run<'a>(&'a self, order: &'a Order, deadline: Duration) -> RunFuture<'a> {
        Box::pin(async move {
            let words = order.argv().words().get(1..).unwrap_or_default();
            let simulated = self.began.elapsed() * self.pace;
            // The effect comes first, as in gluster: a caller who gives up undoes nothing.
            let reply = {
                let mut pool = self.pool.lock().unwrap_or_else(PoisonError::into_inner);
                pool.ask(words, simulated)
            };
            let took = reply.takes / self.pace.max(1);
            if took > deadline {
                tokio::time::sleep(deadline).await;
                return Err(Failure::new(FaultKind::Timeout, "no answer in time"));
            }
            tokio::time::sleep(took).await;
            Ok(Answer {
                stdout: reply.stdout,
                stderr: reply.stderr,
                exit: Some(reply.exit),
                took,
            })
        })
    }
}
