//! When each volume's turn comes, and how it ranks.
//!
//! A running task sets its own pace, in multiples of the reading interval:
//!
//! | Question | At 5 s | When |
//! |---|---|---|
//! | task list | at once | `get-state` knows of a task that is not shown |
//! | progress | 5 s | the task runs; a second apart over all tasks |
//! | | 1 min | nobody can say whether it runs |
//! | detail | 15 s | a remove-brick drains bricks |
//! | | 1 min | a rebalance runs: bricks fill up |
//! | | 1 min | a new layout is made |
//! | status | 2 min | the detail, which tells it too, cannot be read |
//! | | as without a task | the volume is selected or in an alarm |
//! | progress | 10 min | the task ended |
//! | task list | 30 s | `get-state` tells of no tasks |
//!
//! Everything else shares the budget of so many questions a minute, however many volumes there
//! are: the selected volume and those in an alarm on one side, the turns of all others on the
//! other. With few volumes the selected one has most of it, and a brick that dies there shows
//! within 12 s; with a hundred nearly all goes into the turns, so that the last one comes within 20
//! minutes. Every sixth question to a volume asks for the sizes of the bricks too.
//!
//! What was never read is due at once, and so is what comes into view and was read a while ago.

use std::time::Duration;

use super::memory::Memory;
use super::pace::Pace;
use crate::gluster::{Command, RemoveStep, StatusView};
use crate::model::{Task, TaskKind, TaskState, VolumeName, VolumeState};
use crate::monitor::tasks;

/// What a locking question is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Topic {
    /// Bricks and the task list.
    Status,
    /// Bricks and their space.
    Detail,
    /// The task list alone.
    Tasks,
    /// A task's counters.
    Progress,
}

impl Topic {
    pub(super) const ALL: [Self; 4] = [Self::Status, Self::Tasks, Self::Progress, Self::Detail];

    /// The question; `None` when the volume has no task to ask about.
    pub(super) fn question(self, state: &VolumeState) -> Option<Command> {
        let volume = &state.volume.name;
        let status = |view| Command::VolumeStatus {
            volume: volume.clone(),
            view,
        };
        match self {
            Self::Status => Some(status(StatusView::Plain)),
            Self::Detail => Some(status(StatusView::Detail)),
            Self::Tasks => Some(status(StatusView::Tasks)),
            Self::Progress => tasks::question(volume, state.task()?),
        }
    }

    /// The volume and the topic of a question.
    pub(super) fn of(command: &Command) -> Option<(&VolumeName, Self)> {
        match command {
            Command::VolumeStatus { volume, view } => {
                let topic = match view {
                    StatusView::Plain => Self::Status,
                    StatusView::Detail => Self::Detail,
                    StatusView::Tasks => Self::Tasks,
                };
                Some((volume, topic))
            }
            Command::RebalanceStatus(volume)
            | Command::RemoveBrick {
                volume,
                step: RemoveStep::Status,
                ..
            } => Some((volume, Self::Progress)),
            _ => None,
        }
    }
}

/// A value for each of some topics: cheap, because every question looks at those of all volumes.
#[derive(Debug)]
pub(super) struct PerTopic<T>([Option<T>; Topic::ALL.len()]);

impl<T> Default for PerTopic<T> {
    fn default() -> Self {
        Self([const { None }; Topic::ALL.len()])
    }
}

impl<T: Copy> PerTopic<T> {
    pub(super) fn get(&self, topic: Topic) -> Option<T> {
        self.0[topic as usize]
    }

    pub(super) fn set(&mut self, topic: Topic, value: T) {
        self.0[topic as usize] = Some(value);
    }

    pub(super) fn clear(&mut self, topic: Topic) {
        self.0[topic as usize] = None;
    }
}

/// What goes before what, of the questions that are due.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Tier {
    /// Something has just changed.
    Urgent,
    /// A task runs.
    Task,
    /// The selected volume, or bricks of this node that came or went.
    Selected,
    /// A volume on the screen, in an alarm, with a task, or named by a log.
    Visible,
    /// Any other, and each whose turn it is.
    Turn,
}

/// When to ask, and how it ranks.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Due {
    pub(super) at: Duration,
    pub(super) tier: Tier,
}

impl Due {
    pub(super) fn at_once(tier: Tier) -> Self {
        let at = Duration::ZERO;
        Self { at, tier }
    }

    /// Not before the end of a rest, unless it is urgent.
    pub(super) fn after(self, rest: Duration) -> Self {
        let at = match self.tier {
            Tier::Urgent => self.at,
            _ => self.at.max(rest),
        };
        Self { at, ..self }
    }
}

impl Pace {
    /// When a topic's turn comes; `None` when it does not apply.
    pub(super) fn due(
        &self,
        topic: Topic,
        state: &VolumeState,
        tier: Tier,
        memory: &Memory,
    ) -> Option<Due> {
        let task = state.task();
        match topic {
            Topic::Tasks => self.task_list_due(state, memory, tier),
            Topic::Progress => {
                let task = task.filter(|task| tasks::can_be_asked(task))?;
                Some(self.progress_due(task, memory, tier))
            }
            Topic::Status | Topic::Detail => match task.filter(|task| task.is_running()) {
                Some(task) => Some(self.task_bricks_due(topic, task, memory, tier)),
                None => self.bricks_due(topic, memory, tier),
            },
        }
    }

    /// Bricks while nothing moves them. One question does: the detail view tells all that the
    /// plain one does but for the task, which `get-state` tells.
    fn bricks_due(&self, topic: Topic, memory: &Memory, tier: Tier) -> Option<Due> {
        /// Sizes change slowly and cost three times as much: every sixth question asks for them.
        const FOR_ONE_DETAIL: f64 = 5.5;
        let is_attended = tier == Tier::Selected || memory.alarmed;
        let period = if is_attended {
            self.attention(tier)
        } else {
            self.round()
        };
        let status = memory.answered.get(Topic::Status);
        let detail = memory.answered.get(Topic::Detail);
        let wanted = match (status, detail) {
            (None, None) if self.state_works => Topic::Detail,
            (None, _) => Topic::Status,
            (Some(_), None) => Topic::Detail,
            (Some(status), Some(detail)) => {
                let is_due = status + period >= detail + period.mul_f64(FOR_ONE_DETAIL);
                if is_due { Topic::Detail } else { Topic::Status }
            }
        };
        if topic != wanted {
            return None;
        }
        let (Some(status), Some(_)) = (status, detail) else {
            return Some(Due::at_once(tier));
        };
        // Of many the oldest goes first, whenever it is that somebody's turn comes.
        Some(if tier == Tier::Selected {
            let at = status + period.mul_f64(memory.spread);
            let at = at.max(self.settled_at);
            Due { at, tier }
        } else if memory.alarmed {
            Due {
                at: status.max(self.alarm_from),
                tier: Tier::Visible,
            }
        } else {
            self.turn(status)
        })
    }

    /// Bricks that a task fills or drains.
    fn task_bricks_due(&self, topic: Topic, task: &Task, memory: &Memory, tier: Tier) -> Due {
        let tier = tier.min(Tier::Visible);
        let intervals = match (topic, task.kind) {
            (Topic::Detail, TaskKind::RemoveBrick) => 3,
            (Topic::Detail, TaskKind::Rebalance | TaskKind::FixLayout) => 12,
            // Told by the detail, unless that cannot be read.
            _ => 24,
        };
        let mut period = self.times(intervals).max(self.among_tasks() * 3);
        if topic == Topic::Status && (tier == Tier::Selected || memory.alarmed) {
            period = period.min(self.attention(tier));
        }
        match memory.answered.get(topic) {
            Some(last) => Due {
                at: last + period,
                tier,
            },
            None => Due::at_once(tier),
        }
    }

    /// Tasks take turns of a second.
    fn among_tasks(&self) -> Duration {
        let running = u32::try_from(self.running).unwrap_or(u32::MAX);
        Duration::from_secs(1).saturating_mul(running)
    }

    fn task_list_due(&self, state: &VolumeState, memory: &Memory, tier: Tier) -> Option<Due> {
        let last = memory.answered.get(Topic::Tasks);
        if memory.has_news_of_task(state.task()) {
            return Some(memory.look_for_task(self.interval));
        }
        match last {
            Some(last) if !self.state_works => Some(self.turn(last + self.times(6))),
            // The plain status was unreadable; the list alone may not be.
            None if state.task.get().is_none() => {
                memory.answered.get(Topic::Status)?;
                Some(Due::at_once(tier))
            }
            _ => None,
        }
    }

    fn progress_due(&self, task: &Task, memory: &Memory, tier: Tier) -> Due {
        let is_active = task.state() == TaskState::InProgress;
        let last = memory.answered.get(Topic::Progress);
        let last = last.filter(|_| memory.progress_of == task.id);
        let Some(last) = last else {
            return Due::at_once(if is_active { Tier::Task } else { tier });
        };
        match task.state() {
            TaskState::InProgress => Due {
                at: last + self.interval.max(self.among_tasks()),
                tier: Tier::Task,
            },
            TaskState::Unknown | TaskState::NotStarted => Due {
                at: last + self.times(12),
                tier: tier.min(Tier::Visible),
            },
            _ => self.turn(last + self.times(120)),
        }
    }

    /// Not before the common turn of all volumes.
    fn turn(&self, at: Duration) -> Due {
        Due {
            at: at.max(self.turn_from),
            tier: Tier::Turn,
        }
    }
}
