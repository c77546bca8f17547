//! The periods of locking questions, in multiples of the reading interval.
//!
//! | Question | At 5 s | When |
//! |---|---|---|
//! | task list | at once | `get-state` knows of a task that is not shown |
//! | progress | 5 s | the task runs; a second apart over all tasks |
//! | | 30 s | nobody can say whether it runs |
//! | | 1 min, 10 min | it is over: shown, hidden |
//! | status | 10 s | selected: a brick that dies shows within two intervals |
//! | | 1 min | on the screen, or a task runs |
//! | | 2 min | hidden |
//! | detail | 15 s | a remove-brick drains bricks |
//! | | 30 s | selected, or a rebalance runs: bricks fill up |
//! | | 5 min, 10 min | on the screen; hidden |
//! | task list | 30 s | there is no `get-state` |
//!
//! All hidden volumes together get one question in two intervals, so that a thousand volumes cost
//! no more than a dozen. What was never read is due at once.

use std::collections::BTreeSet;
use std::time::Duration;

use super::memory::Memory;
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
    /// The selected volume.
    Selected,
    /// A volume on the screen.
    Visible,
    /// Any other.
    Hidden,
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

/// What the periods depend on.
#[derive(Debug)]
pub(super) struct Pace {
    /// The reading interval.
    pub(super) interval: Duration,
    /// The volume that the admin looks at.
    pub(super) selected: Option<VolumeName>,
    /// The volumes on the screen.
    pub(super) visible: BTreeSet<VolumeName>,
    /// How many tasks run.
    pub(super) running: usize,
    /// `get-state` tells of tasks.
    pub(super) state_works: bool,
    /// No question about hidden volumes before this time.
    pub(super) background_from: Duration,
}

impl Pace {
    pub(super) fn every(interval: Duration) -> Self {
        Self {
            interval,
            selected: None,
            visible: BTreeSet::new(),
            running: 0,
            state_works: true,
            background_from: Duration::ZERO,
        }
    }

    /// How a volume ranks when nothing special goes on.
    pub(super) fn tier(&self, volume: &VolumeName) -> Tier {
        if self.selected.as_ref() == Some(volume) {
            Tier::Selected
        } else if self.visible.contains(volume) {
            Tier::Visible
        } else {
            Tier::Hidden
        }
    }

    /// The pause between questions about hidden volumes. They come twice as often where the task
    /// lists must be read in turn.
    pub(super) fn background(&self) -> Duration {
        self.times(if self.state_works { 2 } else { 1 })
    }

    /// When a topic's turn comes; `None` when it does not apply.
    pub(super) fn due(
        &self,
        topic: Topic,
        state: &VolumeState,
        tier: Tier,
        memory: &Memory,
    ) -> Option<Due> {
        let last = memory.answered.get(topic);
        let task = state.task();
        match (topic, last) {
            (Topic::Tasks, _) => self.task_list_due(state, memory, tier),
            (Topic::Progress, last) => {
                let task = task.filter(|task| tasks::can_be_asked(task))?;
                Some(self.progress_due(task, last, memory, tier))
            }
            (_, None) => Some(Due::at_once(tier)),
            (Topic::Status, Some(last)) => Some(match tier {
                Tier::Hidden if !is_running(task) => self.turn(last, 24, tier),
                Tier::Selected => self.turn(last, 2, tier),
                _ => self.on_screen(last),
            }),
            (Topic::Detail, Some(last)) => Some(match tier {
                _ if is_draining(task) => self.turn(last, 3, tier.min(Tier::Visible)),
                Tier::Selected => self.turn(last, 6, tier),
                _ if fills_bricks(task) => self.turn(last, 6, tier.min(Tier::Visible)),
                Tier::Hidden => self.turn(last, 120, tier),
                _ => self.turn(last, 60, tier),
            }),
        }
    }

    fn task_list_due(&self, state: &VolumeState, memory: &Memory, tier: Tier) -> Option<Due> {
        let last = memory.answered.get(Topic::Tasks);
        if memory.has_news_of_task(state.task()) {
            return Some(match last {
                Some(last) => self.turn(last, 1, Tier::Urgent),
                None => Due::at_once(Tier::Urgent),
            });
        }
        match last {
            Some(last) if !self.state_works => Some(self.turn(last, 6, tier)),
            // The plain status was unreadable; the list alone may not be.
            None if state.task.get().is_none() => {
                memory.answered.get(Topic::Status)?;
                Some(Due::at_once(tier))
            }
            _ => None,
        }
    }

    fn progress_due(
        &self,
        task: &Task,
        last: Option<Duration>,
        memory: &Memory,
        tier: Tier,
    ) -> Due {
        let is_active = task.state() == TaskState::InProgress;
        let last = last.filter(|_| memory.progress_of == task.id);
        let Some(last) = last else {
            return Due::at_once(if is_active { Tier::Task } else { tier });
        };
        match (task.state(), tier) {
            (TaskState::InProgress, _) => {
                let apart = Duration::from_secs(1).saturating_mul(self.running as u32);
                Due {
                    at: last + self.interval.max(apart),
                    tier: Tier::Task,
                }
            }
            (TaskState::Unknown | TaskState::NotStarted, _) => {
                self.turn(last, 6, tier.min(Tier::Visible))
            }
            (_, Tier::Hidden) => self.turn(last, 120, tier),
            _ => self.on_screen(last),
        }
    }

    /// A full screen of volumes costs one question an interval, however many fit on it.
    fn on_screen(&self, last: Duration) -> Due {
        let each = u32::try_from(self.visible.len()).unwrap_or(u32::MAX);
        self.turn(last, each.max(12), Tier::Visible)
    }

    /// So many intervals after the last one; hidden volumes wait for their common turn besides.
    fn turn(&self, last: Duration, intervals: u32, tier: Tier) -> Due {
        let at = last + self.times(intervals);
        let from = match tier {
            Tier::Hidden => self.background_from,
            _ => Duration::ZERO,
        };
        let at = at.max(from);
        Due { at, tier }
    }

    fn times(&self, intervals: u32) -> Duration {
        self.interval.saturating_mul(intervals)
    }
}

fn is_running(task: Option<&Task>) -> bool {
    task.is_some_and(Task::is_running)
}

fn fills_bricks(task: Option<&Task>) -> bool {
    task.is_some_and(|task| task.kind != TaskKind::FixLayout && task.is_running())
}

fn is_draining(task: Option<&Task>) -> bool {
    task.is_some_and(|task| task.kind == TaskKind::RemoveBrick && task.is_running())
}
