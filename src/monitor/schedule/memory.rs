//! What is remembered of one volume: what was answered when, and what to ask out of turn.

use std::time::Duration;

use super::due::{Due, PerTopic, Tier, Topic};
use super::pace::Pace;
use crate::gluster::StateVolume;
use crate::model::{BrickName, Task, TaskId, TaskState, VolumeState};

/// After a time-out glusterd may hold the volume's lock this long: its lock timer, 180 s.
pub(super) const LOCK_LIFETIME: Duration = Duration::from_secs(180);

/// Hints may come in any number.
const HINTS_APART: Duration = Duration::from_secs(10);

/// What nobody looks at is not asked for more often, whatever happens.
const FAR_APART: Duration = Duration::from_secs(60);

/// One volume.
#[derive(Debug)]
pub(super) struct Memory {
    /// When each topic was last answered, whether the answer was good or not.
    pub(super) answered: PerTopic<Duration>,
    /// The task that the last progress was about.
    pub(super) progress_of: Option<TaskId>,
    /// Failed questions in a row.
    pub(super) failures: u32,
    /// A brick does not run, or nobody says whether it does.
    pub(super) alarmed: bool,
    /// How many bricks the volume had when their states were read.
    pub(super) bricks: usize,
    /// Stretches the periods a little: two programs must not keep in step.
    pub(super) spread: f64,
    /// What to ask out of turn.
    wanted: PerTopic<Tier>,
    /// What to ask because the volume came into view.
    glance: Option<Topic>,
    /// What a lock refused when it was this volume's turn.
    refused: Option<Topic>,
    /// Something may have happened.
    hinted: bool,
    /// Task lists in a row that did not show the task of which `get-state` tells.
    fruitless: u32,
    /// No question before this time.
    hold_until: Duration,
    /// What hung when it was asked last.
    hung: PerTopic<()>,
    /// No urgent one before this time.
    urgent_from: Duration,
    own: Option<OwnState>,
    was_running: bool,
}

impl Default for Memory {
    fn default() -> Self {
        Self {
            answered: PerTopic::default(),
            progress_of: None,
            failures: 0,
            alarmed: false,
            bricks: 0,
            spread: 1.0,
            wanted: PerTopic::default(),
            glance: None,
            refused: None,
            hinted: false,
            fruitless: 0,
            hold_until: Duration::ZERO,
            hung: PerTopic::default(),
            urgent_from: Duration::ZERO,
            own: None,
            was_running: false,
        }
    }
}

/// What `get-state` said: a change in it shows what to read again.
#[derive(Debug, PartialEq)]
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
            Some(wanted) if topic != Topic::Progress || due.is_some() => {
                let tier = wanted.min(tier);
                let is_far = tier == Tier::Turn;
                let last = self.answered.get(Topic::Status).filter(|_| is_far);
                // Peers may come and go; what nobody looks at is not read each time.
                let at = last.map_or(Duration::ZERO, |last| last + FAR_APART);
                // It may be due earlier, or matter more, by itself.
                Due {
                    at: due.map_or(at, |due| at.min(due.at)),
                    tier: due.map_or(tier, |due| tier.min(due.tier)),
                }
            }
            _ if self.glance == Some(topic) => Due {
                at: pace.settled_at,
                tier,
            },
            _ if self.hinted && topic == Topic::Status => {
                let last = self.answered.get(topic).unwrap_or_default();
                let apart = match tier {
                    Tier::Turn => FAR_APART,
                    _ => (pace.interval * 2).min(HINTS_APART),
                };
                Due {
                    at: last + apart,
                    tier: tier.min(Tier::Visible),
                }
            }
            _ if self.refused == Some(topic) => {
                let due = due?;
                // The next turn is its own, unless it would come sooner by itself.
                Due {
                    at: due.at.min(pace.turn_from),
                    ..due
                }
            }
            _ => due?,
        };
        let from = match due.tier {
            Tier::Urgent => self.urgent_from,
            _ => self.hold_until,
        };
        let mut at = due.at.max(from);
        if self.has_hung(topic) {
            at = at.max(pace.hung_from);
        }
        Some(Due { at, ..due })
    }

    /// Whether asking this is neither the first time nor out of turn.
    pub(super) fn is_routine(&self, topic: Topic) -> bool {
        let is_known = self.answered.get(topic).is_some();
        is_known && self.wanted.get(topic).is_none() && self.glance != Some(topic)
    }

    /// The volume came into view: it is asked for when what is known is older than that.
    pub(super) fn glance(&mut self, now: Duration, old: Duration) {
        /// Sizes older than this are read along.
        const OLD_SIZES: Duration = Duration::from_secs(600);
        let is_older = |topic, limit| {
            let last = self.answered.get(topic);
            last.is_some_and(|last| last + limit <= now)
        };
        if is_older(Topic::Status, old) {
            let with_sizes = is_older(Topic::Detail, OLD_SIZES);
            self.glance = Some(if with_sizes {
                Topic::Detail
            } else {
                Topic::Status
            });
        }
    }

    /// Nobody looks at it any more.
    pub(super) fn look_away(&mut self) {
        self.glance = None;
    }

    /// Something may have happened.
    pub(super) fn hint(&mut self) {
        self.hinted = true;
    }

    /// Whether `get-state` knows of another task than the one that is shown.
    pub(super) fn has_news_of_task(&self, shown: Option<&Task>) -> bool {
        let told = self.own.as_ref().and_then(|own| own.task.as_ref());
        told.is_some() && told != shown.and_then(|task| task.id.as_ref())
    }

    /// Asks for a topic out of turn.
    pub(super) fn want(&mut self, topic: Topic, tier: Tier) {
        let before = self.wanted.get(topic);
        let tier = before.map_or(tier, |before| before.min(tier));
        self.wanted.set(topic, tier);
    }

    /// Asks for a topic once more, because a lock refused it. Not when it would come anyhow, which
    /// may be far: the fault is shown until then. What nobody looks at has the next turn.
    pub(super) fn want_again(&mut self, topic: Topic, tier: Tier) {
        if tier == Tier::Turn {
            self.refused = Some(topic);
        } else if self.wanted.get(topic).is_none() {
            self.want(topic, tier);
        }
    }

    /// Asks for everything out of turn.
    ///
    /// The detail alone does for the bricks where `get-state` tells of tasks: these come with the
    /// status only.
    pub(super) fn want_all(&mut self, tier: Tier, detail_does: bool) {
        for topic in [Topic::Status, Topic::Detail, Topic::Progress] {
            if topic != Topic::Status || !detail_does {
                self.want(topic, tier);
            }
        }
    }

    /// Somebody wants to know now, or what hung may have gone: nothing is held back.
    pub(super) fn forgive(&mut self) {
        self.release();
        self.forget_hangs();
    }

    /// What hung may have gone.
    pub(super) fn forget_hangs(&mut self) {
        self.hung = PerTopic::default();
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
        self.hung.clear(topic);
        self.refused = self.refused.filter(|refused| *refused != topic);
        self.answered.set(topic, now);
        if topic == Topic::Status || topic == Topic::Detail {
            self.glance = None;
        }
        if topic == Topic::Status {
            self.hinted = false;
        }
        if topic == Topic::Progress {
            self.progress_of = task.and_then(|task| task.id.clone());
        }
        if topic == Topic::Tasks {
            let is_fruitless = self.has_news_of_task(task);
            self.fruitless = if is_fruitless { self.fruitless + 1 } else { 0 };
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

    /// Compares with what `get-state` said before; says whether anything changed.
    pub(super) fn hear_state(&mut self, volume: &StateVolume) -> bool {
        let own = OwnState {
            task: volume.task.clone(),
            task_state: volume.task_state,
            bricks: (volume.bricks.iter())
                .map(|(name, state, _)| (name.clone(), state.online))
                .collect(),
        };
        let Some(before) = &self.own else {
            self.own = Some(own);
            return false;
        };
        let is_news = own != *before;
        if own.task != before.task {
            self.fruitless = 0;
        }
        if own.task.is_none() && before.task.is_some() {
            // What it left on the bricks. There are no counters any more.
            self.wanted.set(Topic::Detail, Tier::Task);
            self.was_running = false;
        }
        if own.task.is_some() && own.task_state != before.task_state {
            self.wanted.set(Topic::Tasks, Tier::Urgent);
        }
        if own.bricks != before.bricks {
            self.wanted.set(Topic::Status, Tier::Selected);
        }
        if is_news {
            self.own = Some(own);
        }
        is_news
    }

    /// `get-state` says nothing any more.
    pub(super) fn forget_state(&mut self) {
        self.own = None;
    }

    /// When a task list that does not show the task of which `get-state` tells is asked for again:
    /// soon, it may be a moment behind; then ever later, it may be of a kind that is not known here.
    pub(super) fn look_for_task(&self, interval: Duration) -> Due {
        const SOON: u32 = 3;
        const LATEST: Duration = Duration::from_secs(300);
        let last = self.answered.get(Topic::Tasks);
        let apart = interval * 2_u32.pow(self.fruitless.saturating_sub(SOON).min(10));
        let apart = apart.min(LATEST.max(interval));
        Due {
            at: last.map_or(Duration::ZERO, |last| last + apart),
            tier: Tier::Urgent,
        }
    }

    /// This question hung.
    pub(super) fn note_hang(&mut self, topic: Topic) {
        self.hung.set(topic, ());
    }

    /// Whether it hung when it was asked last.
    pub(super) fn has_hung(&self, topic: Topic) -> bool {
        self.hung.get(topic).is_some()
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
        /// A lock that is held for so many tries, a minute, is held for long.
        const SHORT: u32 = 20;
        self.failures = self.failures.saturating_add(1);
        self.hold_until = now + pause;
        let is_short = self.failures <= SHORT;
        self.urgent_from = now + if is_short { pause.min(URGENT) } else { pause };
    }
}
