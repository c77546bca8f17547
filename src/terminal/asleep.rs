//! Whether the machine slept: the steady clock that everything here goes by stands still then.

use std::time::Duration;

use rustix::time::{ClockId, clock_gettime};
use tokio::time::Instant;

/// Compares the steady clock with the one that goes on while the machine sleeps.
#[derive(Debug)]
pub(super) struct Asleep {
    /// What the other clock was ahead when it was last looked at.
    ahead: Duration,
    began: Instant,
}

impl Asleep {
    /// Begins to compare.
    pub(super) fn watch() -> Self {
        let began = Instant::now();
        Self {
            ahead: since_boot(),
            began,
        }
    }

    /// Whether the machine slept since the last look. Readings of the two clocks are a moment
    /// apart, so less than five seconds are none.
    pub(super) fn slept(&mut self) -> bool {
        const NOTICEABLE: Duration = Duration::from_secs(5);
        let ahead = since_boot().saturating_sub(self.began.elapsed());
        let slept = ahead.saturating_sub(self.ahead) > NOTICEABLE;
        self.ahead = ahead;
        slept
    }
}

fn since_boot() -> Duration {
    Duration::try_from(clock_gettime(ClockId::Boottime)).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn a_machine_that_runs_does_not_sleep() {
        let mut asleep = Asleep::watch();
        assert!(!asleep.slept());
        asleep.ahead = asleep.ahead.saturating_sub(Duration::from_secs(60));
        assert!(asleep.slept(), "the other clock went on for a minute");
        assert!(!asleep.slept(), "told once");
    }
}
