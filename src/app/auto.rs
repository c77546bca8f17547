//! Auto commit: a drain that ends clean is committed by itself, after a last word.
//!
//! It is armed for one task, in this session only, and lets go at the first doubt: an admin can
//! always commit by hand, and a commit can never be taken back. Whether the gates are open is
//! judged by [`readiness`](crate::insight::plan::auto::readiness); here is what follows from that
//! over time.

use std::collections::{BTreeMap, BTreeSet};
use std::time::Duration;

use crate::gluster::Order;
use crate::insight::plan::auto::Readiness;
use crate::job::JobId;
use crate::model::{BrickName, Stamp, Task, TaskId, TaskKind, VolumeName};

/// How long the last word can be said.
pub const COUNTDOWN: Duration = Duration::from_secs(30);
/// While its own dialog is not in front, the countdown stops here.
pub const LAST_SECONDS: Duration = Duration::from_secs(5);
/// No message and no tick for this long during the countdown: nobody could have said no.
const SILENCE_COUNTING: Duration = Duration::from_secs(10);
/// The most that one step takes off the countdown. Ticks come every second.
const STEP: Duration = Duration::from_secs(2);
/// How long a task that was begun may be missing from the picture.
const UNSEEN: Duration = Duration::from_secs(60);
/// Readings are asked for again no sooner than this.
const LOOK_AGAIN: Duration = Duration::from_secs(10);

/// The auto commits of this session.
#[derive(Debug, Clone, Default)]
pub struct Auto {
    watched: BTreeMap<VolumeName, Watch>,
    /// Tasks whose one commit was sent.
    spent: BTreeSet<TaskId>,
    /// When the latest message came.
    heard: Option<Stamp>,
    /// How long before it there was none.
    silence: Duration,
    /// Volumes that another process waits for now, and its name.
    handed: Vec<(VolumeName, String)>,
}

/// The auto commit of one volume.
#[derive(Debug, Clone)]
pub struct Watch {
    /// Its task; `None` until gluster told the id.
    pub task: Option<TaskId>,
    /// How it stands.
    pub state: AutoState,
    /// The bricks that leave, as they were confirmed.
    bricks: Vec<BrickName>,
    since: Stamp,
    seen: bool,
    looked: Option<Stamp>,
}

/// How an auto commit stands.
#[derive(Debug, Clone, PartialEq)]
pub enum AutoState {
    /// The remove-brick is being started.
    Starting(JobId),
    /// It waits, for this reason.
    Armed(String),
    /// Every gate is open: this will run.
    Counting {
        /// What will run.
        order: Order,
        /// How long until then.
        left: Duration,
    },
    /// Another process is being asked to wait for it.
    HandingOver,
    /// The commit was sent.
    Committing(JobId),
    /// An admin wants to decide.
    Held,
    /// It let go, for this reason.
    Disarmed(String),
}

/// What a step of the clock brought.
#[derive(Debug, Clone, PartialEq)]
pub enum Turn {
    /// Nothing to tell.
    Nothing,
    /// Fresh readings are wanted.
    Look,
    /// The countdown began.
    Begun,
    /// The countdown is over.
    Zero,
    /// It let go, for this reason.
    LetGo(String),
}

impl Watch {
    /// Whether it may still commit.
    pub fn is_armed(&self) -> bool {
        matches!(
            self.state,
            AutoState::Starting(_) | AutoState::Armed(_) | AutoState::Counting { .. }
        )
    }

    /// Its state in words.
    pub fn words(&self) -> String {
        match &self.state {
            AutoState::Starting(_) => "on, once the remove-brick runs".to_owned(),
            AutoState::Armed(why) => format!("on ({why})"),
            AutoState::Counting { left, .. } => format!("in {}", clock(*left)),
            AutoState::HandingOver => "is being handed over".to_owned(),
            AutoState::Committing(_) => "is being carried out".to_owned(),
            AutoState::Held => "held: you decide".to_owned(),
            AutoState::Disarmed(why) => format!("disarmed: {why}"),
        }
    }

    /// Whether this task is the one that was begun: by its id, or by its bricks while gluster has
    /// not told the id.
    pub fn adopt(&mut self, task: &Task) {
        let is_new = task.first_seen.steady >= self.since.steady;
        let is_same = task.kind == TaskKind::RemoveBrick && task.bricks == self.bricks;
        if self.task.is_none() && is_new && is_same {
            self.task.clone_from(&task.id);
        }
    }
}

impl Auto {
    /// Notes that a message came.
    pub fn hear(&mut self, now: Stamp) {
        self.silence = self.heard.map_or(Duration::ZERO, |heard| heard.age(now));
        self.heard = Some(now);
    }

    /// Arms it for the task that a job starts.
    pub fn arm(&mut self, volume: VolumeName, bricks: Vec<BrickName>, job: JobId, now: Stamp) {
        let watch = Watch {
            task: None,
            state: AutoState::Starting(job),
            bricks,
            since: now,
            seen: false,
            looked: None,
        };
        self.watched.insert(volume, watch);
    }

    /// The task of a start that gluster accepted.
    pub fn begun(&mut self, job: JobId, task: Option<&TaskId>) {
        for watch in self.watched.values_mut() {
            if watch.state == AutoState::Starting(job) {
                watch.task = task.cloned();
                watch.state = AutoState::Armed("it has just begun".to_owned());
            }
        }
    }

    /// The auto commit of a volume.
    pub fn get(&self, volume: &VolumeName) -> Option<&Watch> {
        self.watched.get(volume)
    }

    /// The auto commit of a task.
    pub fn of_task(&self, volume: &VolumeName, task: &Task) -> Option<&Watch> {
        let watch = self.watched.get(volume)?;
        (watch.task.is_some() && watch.task == task.id).then_some(watch)
    }

    /// Every volume with its auto commit, by name.
    pub fn all(&self) -> impl Iterator<Item = (&VolumeName, &Watch)> {
        self.watched.iter()
    }

    /// Those that may still commit.
    pub fn armed(&self) -> impl Iterator<Item = &VolumeName> {
        let armed = self.watched.iter().filter(|(_, watch)| watch.is_armed());
        armed.map(|(volume, _)| volume)
    }

    /// The first countdown that runs, and how long it has left.
    pub fn counting(&self) -> Option<(&VolumeName, Duration)> {
        self.watched.iter().find_map(|(volume, watch)| {
            let AutoState::Counting { left, .. } = watch.state else {
                return None;
            };
            Some((volume, left))
        })
    }

    /// Changes the state of a volume's auto commit.
    pub fn set(&mut self, volume: &VolumeName, state: AutoState) {
        if let Some(watch) = self.watched.get_mut(volume) {
            watch.state = state;
        }
    }

    /// Lets go of one that may still commit; says whether there was one.
    pub fn disarm(&mut self, volume: &VolumeName, why: &str) -> bool {
        let watch = self
            .watched
            .get_mut(volume)
            .filter(|watch| watch.is_armed());
        let was_armed = watch.is_some();
        if let Some(watch) = watch {
            watch.state = AutoState::Disarmed(why.to_owned());
        }
        was_armed
    }

    /// The one commit of a task is about to be sent. `false`: it was sent before.
    pub fn spend(&mut self, volume: &VolumeName, job: JobId) -> bool {
        let Some(watch) = self.watched.get_mut(volume) else {
            return false;
        };
        let is_first = watch.task.clone().is_some_and(|id| self.spent.insert(id));
        if is_first {
            watch.state = AutoState::Committing(job);
        }
        is_first
    }

    /// Whether the commit of this volume's task was sent before.
    pub fn is_spent(&self, volume: &VolumeName) -> bool {
        let task = self
            .watched
            .get(volume)
            .and_then(|watch| watch.task.as_ref());
        task.is_some_and(|id| self.spent.contains(id))
    }

    /// Forgets those that are over, once their task is gone from the picture.
    pub fn forget(&mut self, is_there: impl Fn(&VolumeName, &TaskId) -> bool) {
        self.watched.retain(|volume, watch| {
            let is_over = matches!(watch.state, AutoState::Held | AutoState::Disarmed(_));
            !is_over || watch.task.as_ref().is_some_and(|id| is_there(volume, id))
        });
    }

    /// Whether the task is to be looked for in the picture.
    pub fn adopt(&mut self, volume: &VolumeName, task: &Task) {
        if let Some(watch) = self.watched.get_mut(volume) {
            watch.adopt(task);
            watch.seen |= watch.task.is_some() && watch.task == task.id;
        }
    }

    /// Why it lets go of everything, whatever gluster says: the program stood still for longer
    /// than `limit`, or during a countdown.
    pub fn stood_still(&self, limit: Duration) -> Option<String> {
        let limit = if self.counting().is_some() {
            SILENCE_COUNTING
        } else {
            limit
        };
        (self.silence > limit)
            .then(|| format!("glustop stood still for {} s", self.silence.as_secs()))
    }

    /// Takes one step: what the gates say, and whether its own dialog is in front. `order` makes
    /// what would run; `is_over`: nothing moves any more, as far as is known.
    pub fn step(
        &mut self,
        volume: &VolumeName,
        said: Readiness,
        order: impl FnOnce(crate::gluster::Command) -> Order,
        now: Stamp,
        view: Circumstances,
    ) -> Turn {
        let silence = self.silence;
        let Some(watch) = self.watched.get_mut(volume) else {
            return Turn::Nothing;
        };
        let command = match said {
            Readiness::Never(_) if !watch.seen && watch.since.age(now) < UNSEEN => {
                watch.state = AutoState::Armed("it has just begun".to_owned());
                return Turn::Nothing;
            }
            Readiness::Never(why) => {
                watch.state = AutoState::Disarmed(why.clone());
                return Turn::LetGo(why);
            }
            Readiness::NotYet(why) => {
                watch.state = AutoState::Armed(why);
                return watch.look(now, view.is_over, LOOK_AGAIN);
            }
            Readiness::Ready(command) => command,
        };
        let order = order(command);
        match &mut watch.state {
            AutoState::Counting { order: shown, left } if *shown == order => {
                let rest = left.saturating_sub(silence.min(STEP));
                *left = if view.in_front {
                    rest
                } else {
                    rest.max(LAST_SECONDS.min(*left))
                };
                if left.is_zero() {
                    return Turn::Zero;
                }
                watch.look(now, true, LOOK_AGAIN)
            }
            _ => {
                watch.state = AutoState::Counting {
                    order,
                    left: COUNTDOWN,
                };
                watch.looked = Some(now);
                Turn::Begun
            }
        }
    }

    /// Another process waits for it now, under this name.
    pub fn handed_over(&mut self, volume: &VolumeName, unit: String) {
        self.set(
            volume,
            AutoState::Disarmed(format!("handed over to {unit}")),
        );
        self.handed.push((volume.clone(), unit));
    }

    /// The volumes that another process waits for now, and its name.
    pub fn handed(&self) -> &[(VolumeName, String)] {
        &self.handed
    }
}

/// What a step depends on besides the gates.
#[derive(Debug, Clone, Copy)]
pub struct Circumstances {
    /// Its own dialog is on the screen.
    pub in_front: bool,
    /// Nothing moves any more, as far as is known.
    pub is_over: bool,
}

impl Watch {
    fn look(&mut self, now: Stamp, wanted: bool, every: Duration) -> Turn {
        let is_due = self.looked.is_none_or(|looked| looked.age(now) >= every);
        if wanted && is_due {
            self.looked = Some(now);
            Turn::Look
        } else {
            Turn::Nothing
        }
    }
}

/// `0:28`.
pub fn clock(left: Duration) -> String {
    let seconds = left.as_millis().div_ceil(1_000);
    format!("{}:{:02}", seconds / 60, seconds % 60)
}
