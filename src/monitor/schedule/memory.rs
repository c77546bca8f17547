//! What is remembered of one volume: what was answered when, and what to ask out of turn.

use std::time::Duration;

use super::due::{Due, Pace, PerTopic, Tier, Topic};
use crate::gluster::StateVolume;
use crate::model::{BrickName, Task, TaskId, TaskState, VolumeState};

/// After a time-out glusterd may hold the volume's lock this long: its lock timer, 180 s.
const LOCK_LIFETIME: Duration = Duration::from_secs(180);

/// One volume.
#[derive(Debug, Default)]
pub(super) struct Memory {
    /// When each topic was last answered, whether the answer was good or not.
    pub(super) answered: PerTopic<Duration>,
    /// The task that the last progress was about.
    pub(super) progress_of: Option<TaskId>,
    /// Failed questions in a row.
    pub(super) failures: u32,
    /// What to ask out of turn.
    wanted: PerTopic<Tier>,
    /// No question before this time.
    hold_until: Duration,
    /// No urgent one before this time.
    urgent_from: Duration,
    own: Option<OwnState>,
    was_running: bool,
}

/// What `get-state` said: a change in it shows what to read again.
#[derive(Debug)]
struct OwnState {
    task: Option<TaskId>,
    task_state: TaskState,
    bricks: Vec<(BrickName, Option<bool>)>,
}

impl Memory {
    /// When a topic of a volume in this tier is to be asked; `None` when it does not apply.
    pub(super) fn due(
        &self,
        topic: Topic,
        state: &VolumeState,
        tier: Tier,
        pace: &Pace,
    ) -> Option<Due> {
        let due = pace.due(topic, state, tier, self);
        let due = match self.wanted.get(topic) {
            // Progress applies to nothing without a task, wanted or not.
            Some(tier) if topic != Topic::Progress || due.is_some() => Due::at_once(tier),
            _ => due?,
        };
        let from = match due.tier {
            Tier::Urgent => self.urgent_from,
            _ => self.hold_until,
        };
        let at = due.at.max(from);
        Some(Due { at, ..due })
    }

    /// Whether asking this is neither the first time nor out of turn.
    pub(super) fn is_routine(&self, topic: Topic) -> bool {
        self.answered.get(topic).is_some() && self.wanted.get(topic).is_none()
    }

    /// Whether `get-state` knows of another task than the one that is shown.
    pub(super) fn has_news_of_task(&self, shown: Option<&Task>) -> bool {
        let told = self.own.as_ref().and_then(|own| own.task.as_ref());
        told.is_some() && told != shown.and_then(|task| task.id.as_ref())
    }

    /// Asks for a topic out of turn.
    pub(super) fn want(&mut self, topic: Topic, tier: Tier) {
        self.wanted.set(topic, tier);
    }

    /// Asks for everything out of turn, even if the lock was busy a moment ago.
    pub(super) fn want_all(&mut self, tier: Tier) {
        // The task list comes with the status.
        for topic in [Topic::Status, Topic::Detail, Topic::Progress] {
            self.want(topic, tier);
        }
        if self.failures > 0 {
            self.release();
        }
    }

    /// The lock is known to be free.
    pub(super) fn release(&mut self) {
        self.failures = 0;
        self.hold_until = Duration::ZERO;
        self.urgent_from = Duration::ZERO;
    }

    /// Notes an answer.
    pub(super) fn answered(&mut self, topic: Topic, now: Duration, task: Option<&Task>) {
        self.wanted.clear(topic);
        self.answered.set(topic, now);
        if topic == Topic::Progress {
            self.progress_of = task.and_then(|task| task.id.clone());
        }
    }

    /// When a task ends, its last counters and what they left on the bricks are read once more.
    pub(super) fn watch_for_the_end(&mut self, is_running: bool) {
        if self.was_running && !is_running {
            self.want(Topic::Progress, Tier::Task);
            self.want(Topic::Detail, Tier::Task);
        }
        self.was_running = is_running;
    }

    /// Compares with what `get-state` said before.
    pub(super) fn hear_state(&mut self, volume: &StateVolume) {
        let own = OwnState {
            task: volume.task.clone(),
            task_state: volume.task_state,
            bricks: (volume.bricks.iter())
                .map(|(name, state, _)| (name.clone(), state.online))
                .collect(),
        };
        if let Some(before) = self.own.replace(own)
            && let Some(own) = &self.own
        {
            if own.task.is_some() && own.task_state != before.task_state {
                self.wanted.set(Topic::Tasks, Tier::Urgent);
            }
            if own.bricks != before.bricks {
                self.wanted.set(Topic::Status, Tier::Selected);
            }
        }
    }

    /// `get-state` says nothing any more.
    pub(super) fn forget_state(&mut self) {
        self.own = None;
    }

    /// The lock is taken to be held for as long as glusterd may hold it.
    pub(super) fn timed_out(&mut self, now: Duration) {
        self.failures = 0;
        self.hold_until = now + LOCK_LIFETIME;
        self.urgent_from = self.hold_until;
    }

    /// A question failed: the volume is left alone for this long. Urgent ones come back sooner:
    /// most locks are short, and somebody waits for the answer.
    pub(super) fn back_off(&mut self, now: Duration, pause: Duration) {
        const URGENT: Duration = Duration::from_secs(3);
        self.failures = self.failures.saturating_add(1);
        self.hold_until = now + pause;
        self.urgent_from = now + pause.min(URGENT);
    }

    /// A question was answered.
    pub(super) fn went_well(&mut self) {
        self.failures = 0;
    }
}
