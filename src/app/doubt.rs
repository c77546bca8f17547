//! What of the state is too old or too uncertain to be taken for the present.

use std::time::Duration;

use super::model::Model;
use crate::insight::freshness::{self, Doubt, Limits};
use crate::model::{Stamp, Task, VolumeState, VolumeStatus, text};

impl Model {
    /// The time between two rounds of questions without a lock, as it is now: the interval that
    /// was asked for, or longer while nothing happens.
    pub fn every(&self) -> Duration {
        self.interval.max(self.snapshot.watching.every)
    }

    /// The age at which what every round tells counts as old.
    pub fn stale_after(&self) -> Duration {
        freshness::stale_after(self.every())
    }

    /// Whether the definitions are missing or too old to be taken for the present. A fault beside
    /// fresh ones does not make them old: one volume that cannot be read must not blind the screen.
    pub fn is_old(&self) -> bool {
        self.snapshot.volumes.is_stale(self.now, self.stale_after())
    }

    /// What of a volume may no longer be true.
    pub fn doubt(&self, state: &VolumeState) -> Doubt {
        let limits = self.limits(state.task().is_some_and(Task::is_running));
        let doubt = Doubt::of(state, self.now, &limits);
        let old = self.is_old() && state.volume.status == VolumeStatus::Started;
        Doubt {
            bricks: doubt.bricks || old,
            space: doubt.space || old,
            task: doubt.task || old,
        }
    }

    /// The ages beyond which things are in doubt, for a volume whose task runs or does not.
    ///
    /// Only what runs depends on how much else does.
    pub fn limits(&self, runs: bool) -> Limits {
        let running = if runs {
            self.glances.running(&self.snapshot)
        } else {
            0
        };
        Limits::new(
            self.session.alarms.unread,
            self.every(),
            self.snapshot.watching.rest,
            running,
        )
    }

    /// How long ago something was read that stays on the screen: `<1m`, then whole minutes.
    ///
    /// A minute that has begun counts, and it begins with the clock's: all ages on a quiet screen
    /// step in one frame, once a minute.
    pub fn read_ago(&self, taken: Stamp) -> String {
        const MINUTE: Duration = Duration::from_secs(60);
        let age = taken.age(self.now);
        if age < MINUTE {
            return text::coarse_age(age);
        }
        // Not the wall clock itself: in the demo that one runs faster.
        let began = self.began.wall.as_second().rem_euclid(60).unsigned_abs();
        let watched = self.began.age(self.now) + Duration::from_secs(began);
        let past = Duration::new(watched.as_secs() % 60, watched.subsec_nanos() + 1);
        text::coarse_age((age + MINUTE).saturating_sub(past))
    }

    /// The age of a volume's brick states, and whether they are in doubt; `None` where there is
    /// nothing to read, or nothing was.
    pub fn bricks_read(&self, state: &VolumeState) -> Option<(String, bool)> {
        let taken = state.bricks.taken()?;
        let started = state.volume.status == VolumeStatus::Started;
        started.then(|| (self.read_ago(taken), self.doubt(state).bricks))
    }
}
