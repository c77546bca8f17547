//! The rest after a question, so that the time inside them stays a small share.

use std::time::Duration;

/// So long glusterd may hold a lock that nobody frees: no rest is longer, unless one question after
/// the other hangs.
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
    /// How many questions in a row had no answer at all.
    hangs: u32,
    /// No reason excuses from a rest before this time.
    excused_until: Duration,
}

impl Rest {
    /// For a share in percent.
    pub(super) fn for_share(percent: u8) -> Self {
        Self {
            percent: percent.clamp(1, 100).into(),
            earned: Duration::ZERO,
            until: Duration::ZERO,
            hangs: 0,
            excused_until: Duration::ZERO,
        }
    }

    /// No question before this time; urgent ones do not care.
    pub(super) fn until(&self) -> Option<Duration> {
        (!self.until.is_zero()).then_some(self.until)
    }

    /// A question took this time: it was answered, or it `hung` until it was given up. Where one
    /// after the other hangs, each rest is twice as long as the one before, up to twelve minutes.
    pub(super) fn after(&mut self, took: Duration, now: Duration, hung: bool) {
        self.hangs = if hung { self.hangs + 1 } else { 0 };
        let longest = LONGEST * 2_u32.pow(self.hangs.saturating_sub(1).min(2));
        let begun = now.saturating_sub(took);
        let earned = self.earned.max(begun) + took * 100 / self.percent;
        self.earned = earned.min(now + longest + IN_ADVANCE);
        self.until = (now + took)
            .min(now + longest)
            .max(self.earned.saturating_sub(IN_ADVANCE));
    }

    /// What questions took counts no more: somebody asks.
    pub(super) fn forgive(&mut self) {
        self.earned = Duration::ZERO;
        self.until = Duration::ZERO;
        self.hangs = 0;
    }

    /// What they took counts no more, because what they waited for may be gone; but not each time.
    pub(super) fn excuse(&mut self, now: Duration) {
        if now >= self.excused_until {
            self.excused_until = now + LONGEST;
            self.forgive();
        }
    }
}
