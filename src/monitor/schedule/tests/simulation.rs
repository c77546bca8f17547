//! A cluster in simulated time, with nothing but a schedule to ask it.

use std::collections::{BTreeMap, BTreeSet};
use std::time::Duration;

use super::super::due::Topic;
use super::super::{Next, Schedule};
use crate::gluster::{Command, Failure, Reply, StateReport};
use crate::model::{FaultKind, Snapshot, TaskKind, TaskState, VolumeName};
use crate::monitor::jitter::Jitter;
use crate::monitor::testing::{
    at, brick, busy, listed, node, own_state, progress, reading, snapshot, status_report, volume,
};
use crate::monitor::{Budget, Focus, merge};

/// A cluster that answers every locking question in so long a time.
pub(super) struct Simulation {
    pub(super) schedule: Schedule,
    pub(super) picture: Snapshot,
    now: f64,
    /// The tasks that run, by volume.
    pub(super) tasks: BTreeMap<VolumeName, TaskKind>,
    /// Volumes with a task that is over.
    pub(super) over: BTreeSet<VolumeName>,
    /// Volumes with a brick that does not run.
    pub(super) down: BTreeSet<VolumeName>,
    /// What fails, by volume.
    pub(super) failures: BTreeMap<VolumeName, FaultKind>,
    /// The volume whose counters never come.
    pub(super) hangs: Option<VolumeName>,
    pub(super) asked: Vec<(f64, Command)>,
    /// Seconds that an answer takes.
    pub(super) took: f64,
    pub(super) reserved: Vec<VolumeName>,
    /// `get-state` works.
    pub(super) has_state: bool,
}

impl Simulation {
    pub(super) fn of(volumes: usize) -> Self {
        let volumes = (0..volumes).map(|n| volume(&format!("v{n}"), 3)).collect();
        Self {
            schedule: Schedule::new(Duration::from_secs(5), Budget::default(), Jitter::new(1)),
            picture: snapshot(volumes),
            now: 0.0,
            tasks: BTreeMap::new(),
            over: BTreeSet::new(),
            down: BTreeSet::new(),
            failures: BTreeMap::new(),
            hangs: None,
            asked: Vec::new(),
            took: 0.02,
            reserved: Vec::new(),
            has_state: true,
        }
    }

    pub(super) fn with_task(mut self, volume: &str, kind: TaskKind) -> Self {
        self.tasks.insert(volume.into(), kind);
        self
    }

    pub(super) fn looking_at(mut self, selected: &str, visible: &[&str]) -> Self {
        self.look_at(selected, visible);
        self
    }

    pub(super) fn look_at(&mut self, selected: &str, visible: &[&str]) {
        let focus = Focus {
            selected: Some(selected.into()),
            visible: visible.iter().map(|&name| name.into()).collect(),
        };
        let now = Duration::from_secs_f64(self.now);
        self.schedule.set_focus(focus, now);
    }

    /// Every question fails from now on.
    pub(super) fn fail_everywhere(&mut self, kind: FaultKind) {
        let names = (self.picture.volumes().iter()).map(|state| state.volume.name.clone());
        self.failures = names.map(|name| (name, kind)).collect();
    }

    /// This node's own state, as the first round brings it.
    fn tell_state(&mut self) {
        let mut all: Option<StateReport> = None;
        for state in self.picture.volumes() {
            let name = &state.volume.name;
            let over = self.over.contains(name);
            let task = over || self.tasks.contains_key(name);
            let running = match (over, task) {
                (true, _) => TaskState::Completed,
                (_, true) => TaskState::InProgress,
                _ => TaskState::NotStarted,
            };
            let one = own_state(name.as_str(), task.then_some("t"), running);
            match &mut all {
                Some(all) => all.volumes.extend(one.volumes),
                None => all = Some(one),
            }
        }
        if let Some(report) = all {
            self.schedule.hear_state(Some(&report));
            let reading = reading(Command::State, at(0.0), Ok(Reply::State(report)));
            merge::reading(&mut self.picture, &reading);
        }
    }

    pub(super) fn run_until(&mut self, end: f64) {
        if self.now == 0.0 && self.has_state {
            self.tell_state();
        }
        while self.now < end {
            let now = Duration::from_secs_f64(self.now);
            match self.schedule.next(&self.picture, now, &self.reserved) {
                Next::Ask(command) => self.ask(command),
                Next::At(later) => {
                    assert!(later > now, "the schedule asks to be woken in the past");
                    self.now = later.as_secs_f64().min(end);
                }
                Next::Never => self.now = end,
            }
        }
    }

    fn ask(&mut self, command: Command) {
        let (name, topic) = Topic::of(&command).unwrap();
        let result = match self.failures.get(name) {
            Some(FaultKind::Busy) => Err(busy()),
            Some(&kind) => Err(Failure::new(kind, "text")),
            None if topic == Topic::Progress && self.hangs.as_ref() == Some(name) => {
                Err(Failure::new(FaultKind::Timeout, "text"))
            }
            None => Ok(self.answer(name, topic)),
        };
        self.asked.push((self.now, command.clone()));
        let mut reading = reading(command, at(self.now), result);
        let took = if reading.failed() == Some(FaultKind::Timeout) {
            120.0
        } else {
            self.took
        };
        self.now += took;
        reading.done = at(self.now);
        merge::reading(&mut self.picture, &reading);
        self.schedule.answered(&reading, &self.picture);
    }

    fn answer(&self, name: &VolumeName, topic: Topic) -> Reply {
        let volume = &self.picture.volume(name).unwrap().volume;
        if topic == Topic::Progress {
            let state = if self.over.contains(name) {
                TaskState::Completed
            } else {
                TaskState::InProgress
            };
            let nodes = (1..=3).map(|n| node(n, state, self.now as u64));
            return Reply::Progress(progress("t", nodes.collect()));
        }
        let over = self.over.contains(name).then_some(&TaskKind::Rebalance);
        let state = match over {
            Some(_) => TaskState::Completed,
            None => TaskState::InProgress,
        };
        let task = self.tasks.get(name).or(over).map(|&kind| {
            let bricks = [brick(name.as_str(), 1)];
            listed(
                "t",
                kind,
                state,
                &bricks[..usize::from(kind == TaskKind::RemoveBrick)],
            )
        });
        let tasks = (topic != Topic::Detail).then(|| task.into_iter().collect());
        let mut reply = status_report(volume, tasks);
        if let (Reply::Status(report), true) = (&mut reply, self.down.contains(name)) {
            report.bricks[0].state.online = Some(false);
        }
        reply
    }

    pub(super) fn count(&self, from: f64, to: f64, wanted: impl Fn(&Command) -> bool) -> usize {
        self.asked
            .iter()
            .filter(|(when, command)| (from..to).contains(when) && wanted(command))
            .count()
    }

    pub(super) fn asked_of(&self, name: &str) -> impl Iterator<Item = f64> {
        let name = VolumeName::from(name);
        self.asked
            .iter()
            .filter(move |(_, command)| command.locks() == Some(&name))
            .map(|(when, _)| *when)
    }
}
