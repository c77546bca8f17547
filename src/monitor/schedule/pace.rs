//! The pace: how the budget is shared, and the times that come of it.

use std::collections::BTreeSet;
use std::time::Duration;

use super::due::Tier;
use super::memory::LOCK_LIFETIME;
use crate::model::VolumeName;

/// What the periods depend on.
#[derive(Debug)]
pub(super) struct Pace {
    /// The reading interval.
    pub(super) interval: Duration,
    /// Questions a minute while no task runs.
    pub(super) a_minute: u32,
    /// The volume that the admin looks at.
    pub(super) selected: Option<VolumeName>,
    /// From when on the admin counts as looking at it: who passes by on a held key does not.
    pub(super) settled_at: Duration,
    /// The volumes on the screen.
    pub(super) visible: BTreeSet<VolumeName>,
    /// How many tasks run.
    pub(super) running: usize,
    /// Whether the selected volume can be asked about.
    pub(super) looking: bool,
    /// How many others are in an alarm.
    pub(super) alarmed: usize,
    /// How many take turns: the rest, but for those whose task runs.
    pub(super) turning: usize,
    /// `get-state` tells of tasks.
    pub(super) state_works: bool,
    /// Others hold locks: everything comes so many times further apart.
    pub(super) held_back: u32,
    /// When a lock was last found busy, or the pace quickened again after that.
    busy_at: Duration,
    /// No turn of a volume before this time.
    pub(super) turn_from: Duration,
    /// The same for those in an alarm.
    pub(super) alarm_from: Duration,
    /// The same for questions that hung when they were asked last.
    pub(super) hung_from: Duration,
    /// How many hung since one of them had an answer again.
    hangs: u32,
}

impl Pace {
    pub(super) fn new(interval: Duration, a_minute: u32) -> Self {
        Self {
            interval,
            a_minute,
            selected: None,
            settled_at: Duration::ZERO,
            visible: BTreeSet::new(),
            running: 0,
            looking: false,
            alarmed: 0,
            turning: 0,
            state_works: true,
            held_back: 1,
            busy_at: Duration::ZERO,
            turn_from: Duration::ZERO,
            alarm_from: Duration::ZERO,
            hung_from: Duration::ZERO,
            hangs: 0,
        }
    }

    /// How a volume ranks when nothing special goes on.
    pub(super) fn tier(&self, volume: &VolumeName) -> Tier {
        if self.selected.as_ref() == Some(volume) {
            Tier::Selected
        } else if self.visible.contains(volume) {
            Tier::Visible
        } else {
            Tier::Turn
        }
    }

    /// Turns that have come must not blur how long things have been due, and there may be more that
    /// take turns now than when the last one did.
    pub(super) fn look_at_clock(&mut self, now: Duration) {
        let next = |from: Duration, between: Duration| {
            let is_over = from <= now;
            let latest = now + between.mul_f64(1.1);
            if is_over {
                Duration::ZERO
            } else {
                from.min(latest)
            }
        };
        self.turn_from = next(self.turn_from, self.between_turns());
        self.alarm_from = next(self.alarm_from, self.between_alarms());
    }

    /// Another command holds a lock. Whoever asks as often as we do is met again and again, so
    /// everybody's chances grow with the time between two questions.
    pub(super) fn hold_back(&mut self, now: Duration) {
        const MOST: u32 = 8;
        self.held_back = (self.held_back * 2).min(MOST);
        self.busy_at = now;
    }

    /// No lock was busy for a while.
    pub(super) fn calm_down(&mut self, now: Duration) {
        const CALM: Duration = Duration::from_secs(120);
        if self.held_back > 1 && now >= self.busy_at + CALM {
            self.held_back /= 2;
            self.busy_at = now;
        }
    }

    /// A question hung, and what it was about may hang for good while others have an answer. So those
    /// that hung are tried again one at a time, 6 to 24 minutes apart.
    pub(super) fn note_hang(&mut self, now: Duration) {
        self.hangs = (self.hangs + 1).min(3);
        self.hung_from = now + LOCK_LIFETIME * 2_u32.pow(self.hangs);
    }

    /// One that hung before has an answer, or somebody wants to know now.
    pub(super) fn forget_hangs(&mut self) {
        self.hangs = 0;
        self.hung_from = Duration::ZERO;
    }

    /// The time between two questions to a volume that is selected, or else in an alarm. Many alarms
    /// leave the selected volume half of what there is.
    pub(super) fn attention(&self, tier: Tier) -> Duration {
        let (selected, alarmed) = self.shares();
        let apart = match tier {
            Tier::Selected => apart(1, selected),
            _ => apart(self.alarmed, alarmed),
        };
        apart.max(self.times(2))
    }

    /// The time between two volumes in an alarm.
    pub(super) fn between_alarms(&self) -> Duration {
        let (_, alarmed) = self.shares();
        self.between(self.alarmed, alarmed).max(self.times(2))
    }

    /// The time between two of so many; while there is none, the time before the first one.
    fn between(&self, many: usize, a_second: f64) -> Duration {
        if many == 0 {
            self.times(24)
        } else {
            apart(1, a_second)
        }
    }

    /// Questions a second for the selected volume, and for those in an alarm.
    fn shares(&self) -> (f64, f64) {
        let (attention, _) = self.rates();
        match (self.looking, self.alarmed) {
            (true, 0) => (attention, 0.0),
            (true, _) => (attention / 2.0, attention / 2.0),
            (false, _) => (0.0, attention),
        }
    }

    /// The time between two turns of the same volume, as it comes out.
    pub(super) fn round(&self) -> Duration {
        let (_, turns) = self.rates();
        apart(self.turning, turns).max(self.times(24))
    }

    /// The time between the turns of two volumes.
    pub(super) fn between_turns(&self) -> Duration {
        let (_, turns) = self.rates();
        self.between(self.turning, turns)
    }

    /// Questions a second: for what needs attention, and for the turns of all others.
    ///
    /// The turns take up to half of the budget, more when the round would take longer than 18
    /// minutes, and leave a tenth of it to what needs attention, if anything does. A running task
    /// is what matters: the turns come a quarter as often.
    fn rates(&self) -> (f64, f64) {
        const ROUND: f64 = 18.0 * 60.0;
        let all = f64::from(self.a_minute) / 60.0 / f64::from(self.held_back);
        let others = self.turning as f64;
        let useful = others
            / self
                .times(if self.state_works { 24 } else { 6 })
                .as_secs_f64();
        let most = if self.looking || self.alarmed > 0 {
            (others / ROUND).clamp(all / 2.0, all * 0.9)
        } else {
            all
        };
        let turns = useful.min(most);
        let pace = if self.running > 0 { 4.0 } else { 1.0 };
        (all - turns, turns / pace)
    }

    pub(super) fn times(&self, intervals: u32) -> Duration {
        self.interval.saturating_mul(intervals)
    }
}

/// The time between two questions to the same one of so many, at so many a second in all.
fn apart(many: usize, a_second: f64) -> Duration {
    /// As good as never.
    const DAY: Duration = Duration::from_secs(86_400);
    let seconds = many as f64 / a_second;
    Duration::try_from_secs_f64(seconds).map_or(DAY, |apart| apart.min(DAY))
}
