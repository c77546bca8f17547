//! The two clocks of a reading. This is the one place of the program's core that asks the system
//! for the time; everything else is told.

use std::time::Duration;

use jiff::{SignedDuration, Timestamp};
use tokio::time::Instant;

use crate::model::Stamp;

/// What was recalled from before the start has its place on the steady clock too, for a year: else
/// it would look as if it had been read just now.
const PAST: Duration = Duration::from_secs(366 * 24 * 3_600);

/// Tells the time since its start, and the wall clock that goes with it.
///
/// The wall clock is the one of the start plus the time since, at a pace: in the demo a simulated
/// hour passes in a minute. So both clocks never jump, even when an admin sets the system's.
#[derive(Debug, Clone, Copy)]
pub struct Clock {
    begun: Instant,
    /// What the steady clock shows at the start.
    base: Duration,
    wall: Timestamp,
    pace: u32,
}

impl Clock {
    /// Starts with the system's wall clock. `pace`: wall seconds in a second, 1 for real clusters.
    pub fn start(pace: u32) -> Self {
        #[expect(
            clippy::disallowed_methods,
            reason = "the edge: every other clock of the program derives from this one"
        )]
        let wall = Timestamp::now();
        Self {
            base: PAST,
            ..Self::starting_at(wall, pace)
        }
    }

    /// Starts at a given wall clock: for tests, and for demos that always look the same.
    pub fn starting_at(wall: Timestamp, pace: u32) -> Self {
        Self {
            begun: Instant::now(),
            base: Duration::ZERO,
            wall,
            pace,
        }
    }

    /// This moment.
    pub fn now(&self) -> Stamp {
        let elapsed = self.begun.elapsed();
        let wall = SignedDuration::try_from(elapsed.saturating_mul(self.pace))
            .ok()
            .and_then(|passed| self.wall.checked_add(passed).ok())
            .unwrap_or(Timestamp::MAX);
        Stamp {
            steady: self.base + elapsed,
            wall,
        }
    }

    /// The moment at which the steady clock shows this: something to sleep until.
    pub(super) fn instant(&self, steady: Duration) -> Instant {
        self.begun + steady.saturating_sub(self.base)
    }

    /// A number that differs between two programs started by hand, so that they do not fall into
    /// step with each other.
    pub(super) fn seed(&self) -> u64 {
        self.wall.as_nanosecond() as u64
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test(start_paused = true)]
    async fn the_wall_clock_keeps_its_pace() {
        let clock = Clock::starting_at(Timestamp::UNIX_EPOCH, 60);
        tokio::time::advance(Duration::from_secs(90)).await;
        let now = clock.now();
        assert_eq!(now.steady, Duration::from_secs(90));
        assert_eq!(now.wall, Timestamp::from_second(5400).unwrap());
    }
}
