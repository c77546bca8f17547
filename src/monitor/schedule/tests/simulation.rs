//! A cluster in simulated time, with nothing but a schedule to ask it.

use std::collections::BTreeMap;
use std::time::Duration;

use super::super::due::Topic;
use super::super::{Next, Reserved, Schedule};
use crate::gluster::{Command, Failure, Reply};
use crate::model::{FaultKind, Snapshot, TaskKind, TaskState, VolumeName};
use crate::monitor::jitter::Jitter;
use crate::monitor::testing::{
    at, brick, busy, listed, node, progress, reading, snapshot, status_report, volume,
};
use crate::monitor::{Focus, merge};

/// A cluster that answers every locking question in a tenth of a second.
pub(super) struct Simulation {
    pub(super) schedule: Schedule,
    pub(super) picture: Snapshot,
    now: f64,
    /// The tasks that run, by volume.
    pub(super) tasks: BTreeMap<VolumeName, TaskKind>,
    /// What fails, by volume.
    pub(super) failures: BTreeMap<VolumeName, FaultKind>,
    pub(super) asked: Vec<(f64, Command)>,
    pub(super) reserved: Reserved,
}

impl Simulation {
    pub(super) fn of(volumes: usize) -> Self {
        let volumes = (0..volumes).map(|n| volume(&format!("v{n}"), 3)).collect();
        Self {
            schedule: Schedule::new(Duration::from_secs(5), Jitter::new(1)),
            picture: snapshot(volumes),
            now: 0.0,
            tasks: BTreeMap::new(),
            failures: BTreeMap::new(),
            asked: Vec::new(),
            reserved: Reserved::default(),
        }
    }

    pub(super) fn with_task(mut self, volume: &str, kind: TaskKind) -> Self {
        self.tasks.insert(volume.into(), kind);
        self
    }

    pub(super) fn looking_at(mut self, selected: &str, visible: &[&str]) -> Self {
        self.schedule.set_focus(Focus {
            selected: Some(selected.into()),
            visible: visible.iter().map(|&name| name.into()).collect(),
        });
        self
    }

    pub(super) fn run_until(&mut self, end: f64) {
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
            None => Ok(self.answer(name, topic)),
        };
        self.asked.push((self.now, command.clone()));
        let mut reading = reading(command, at(self.now), result);
        let took = if reading.failed() == Some(FaultKind::Timeout) {
            120.0
        } else {
            0.1
        };
        self.now += took;
        reading.done = at(self.now);
        merge::reading(&mut self.picture, &reading);
        self.schedule.answered(&reading, &self.picture);
    }

    fn answer(&self, name: &VolumeName, topic: Topic) -> Reply {
        let volume = &self.picture.volume(name).unwrap().volume;
        if topic == Topic::Progress {
            let nodes = (1..=3).map(|n| node(n, TaskState::InProgress, self.now as u64));
            return Reply::Progress(progress("t", nodes.collect()));
        }
        let task = self.tasks.get(name).map(|&kind| {
            let bricks = [brick(name.as_str(), 1)];
            listed(
                "t",
                kind,
                TaskState::InProgress,
                &bricks[..usize::from(kind == TaskKind::RemoveBrick)],
            )
        });
        let tasks = (topic != Topic::Detail).then(|| task.into_iter().collect());
        status_report(volume, tasks)
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
