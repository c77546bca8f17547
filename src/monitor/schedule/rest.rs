//! The rest after a question, so that the time inside them stays a small share.

use std::time::Duration;

/// So long glusterd may hold a lock that nobody frees: no rest is longer.
const LONGEST: Duration = Duration::from_secs(180);

/// What half a minute earns may be used before it is earned, so that a start and a look at other
/// volumes need not wait.
const IN_ADVANCE: Duration = Duration::from_secs(30);

/// When the next question may be asked.
///
/// After one comes a rest of the same time at least. Beyond that, what it took has to be earned by
/// a time so much longer that the share is kept.
#[derive(Debug)]
pub(super) struct Rest {
    /// The share of the time inside questions.
    percent: u32,
    /// When what they took will have been earned, and the advance as well: a clock that begins with
    /// the program has no time before it to take the advance from.
    earned: Duration,
    until: Duration,
}

impl Rest {
    /// For a share in percent.
    pub(super) fn for_share(percent: u8) -> Self {
        Self {
            percent: percent.clamp(1, 100).into(),
            earned: Duration::ZERO,
            until: Duration::ZERO,
        }
    }

    /// No question before this time; urgent ones do not care.
    pub(super) fn until(&self) -> Option<Duration> {
        (!self.until.is_zero()).then_some(self.until)
    }

    /// A question was answered, after this time.
    pub(super) fn after(&mut self, took: Duration, now: Duration) {
        let begun = now.saturating_sub(took);
        let earned = self.earned.max(begun) + took * 100 / self.percent;
        self.earned = earned.min(now + LONGEST + IN_ADVANCE);
        self.until = (now + took)
            .min(now + LONGEST)
            .max(self.earned.saturating_sub(IN_ADVANCE));
    }

    /// What questions took counts no more: somebody asks, or the reason is gone.
    pub(super) fn forgive(&mut self) {
        self.earned = Duration::ZERO;
        self.until = Duration::ZERO;
    }
}
