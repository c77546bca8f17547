//! When the screen changes though nothing happens: a quiet one must not cost anything.

use std::time::Duration;

use super::model::{Model, Source};

impl Model {
    /// Whether the screen shows something that changes by the second.
    pub fn is_ticking(&self) -> bool {
        /// From then on an age is told in minutes.
        const IN_MINUTES: Duration = Duration::from_secs(120);
        let known = self.snapshot.volumes.taken().unwrap_or(self.began);
        let ages = self.paused.is_none() && self.is_old() && known.age(self.now) < IN_MINUTES;
        self.jobs.open().next().is_some()
            || self.auto.counting().is_some()
            || self.snapshot.asking.is_some()
            || ages
    }

    /// Whether something is under way, so that seconds are worth a look. On a quiet screen the
    /// clock shows minutes, and ages below a minute are all the same.
    pub fn is_busy(&self) -> bool {
        self.is_ticking() || self.glances.running(&self.snapshot) > 0
    }

    /// After which time the screen changes by itself, if nothing happens before.
    pub fn changes_in(&self) -> Duration {
        const SECOND: Duration = Duration::from_secs(1);
        if self.is_ticking() {
            return SECOND;
        }
        let past = self.now.wall.as_millisecond().rem_euclid(60_000);
        let minute = Duration::from_millis(60_000 - past.unsigned_abs());
        // What runs is read once an interval; the demo's clock knows no minutes worth the name.
        if matches!(self.session.source, Source::Demo { .. }) {
            return self.interval;
        }
        if self.is_busy() {
            return self.interval.min(minute);
        }
        let fresh = self.snapshot.volumes.age(self.now);
        let fresh = fresh.map(|age| self.stale_after().saturating_sub(age));
        match fresh.filter(|left| !left.is_zero() && self.paused.is_none()) {
            Some(left) => minute.min(left + SECOND),
            None => minute,
        }
    }
}
