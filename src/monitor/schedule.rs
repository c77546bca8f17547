//! Which locking question comes next.
//!
//! Every `volume status` and every progress question takes the volume's lock on all nodes, is
//! logged there, and collides with whatever an admin runs on that volume. So there is one such
//! question at a time, each is followed by a rest, and what nobody looks at is read slowly: see
//! [`due`] for the periods.
//!
//! Pure: time is an argument, the picture comes from outside, and chance is seeded.

use std::collections::BTreeMap;
use std::time::Duration;

use super::Focus;
use super::ask::{self, Reading};
use super::jitter::Jitter;
use crate::gluster::{Command, Reply, StateReport};
use crate::model::{FaultKind, Peer, Snapshot, Task, VolumeName, VolumeStatus};

mod due;
mod memory;

use due::{Pace, Tier, Topic};
use memory::Memory;

/// What to do about locking questions.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Next {
    /// Ask this, now.
    Ask(Command),
    /// Nothing is due before this time.
    At(Duration),
    /// Nothing will be due until something changes.
    Never,
}

/// What may not be asked for, because a job needs the lock.
#[derive(Debug, Default)]
pub(super) struct Reserved {
    /// A stop is on its way: ask nothing at all.
    pub(super) all: bool,
    /// Volumes with a job that waits or runs.
    pub(super) volumes: Vec<VolumeName>,
}

/// Remembers what was asked when.
#[derive(Debug)]
pub(super) struct Schedule {
    pace: Pace,
    volumes: BTreeMap<VolumeName, Memory>,
    /// glusterd does not answer: wait until a lock-free question gets through.
    unreachable: bool,
    /// No question before this time: the rest after the last one.
    rest_until: Duration,
    jitter: Jitter,
    /// The one volume that questions may lock; `None`: any.
    only: Option<VolumeName>,
}

impl Schedule {
    pub(super) fn new(interval: Duration, jitter: Jitter) -> Self {
        Self {
            pace: Pace::every(interval),
            volumes: BTreeMap::new(),
            unreachable: false,
            rest_until: Duration::ZERO,
            jitter,
            only: None,
        }
    }

    /// The next question, which counts as asked, or when to look again. Of what is due the best
    /// tier goes first and, within it, what has been due for longest.
    pub(super) fn next(&mut self, snapshot: &Snapshot, now: Duration, reserved: &Reserved) -> Next {
        if self.unreachable || reserved.all {
            return Next::Never;
        }
        self.pace.running = snapshot.tasks().filter(|(_, t)| t.is_running()).count();
        let unseen = Memory::default();
        let pace = &self.pace;
        // A rest that is over must not blur how long things have been due.
        let rest = Some(self.rest_until).filter(|&until| until > now);
        // Memories and volumes are both in the order of the names.
        let mut memories = self.volumes.iter().peekable();
        let mut memory_of = |name: &VolumeName| {
            while memories.next_if(|(known, _)| *known < name).is_some() {}
            let found = memories.next_if(|(known, _)| *known == name);
            found.map_or(&unseen, |(_, memory)| memory)
        };
        let first = (snapshot.volumes().iter())
            .filter(|state| state.volume.status == VolumeStatus::Started)
            .filter(|state| !reserved.volumes.contains(&state.volume.name))
            .filter(|state| {
                self.only
                    .as_ref()
                    .is_none_or(|only| *only == state.volume.name)
            })
            .flat_map(|state| {
                let name = &state.volume.name;
                let memory = memory_of(name);
                let tier = pace.tier(name);
                let due = move |topic| {
                    let due = memory.due(topic, state, tier, pace)?;
                    Some((due.after(rest.unwrap_or_default()), topic, state))
                };
                Topic::ALL.into_iter().filter_map(due)
            })
            .min_by_key(|(due, ..)| {
                let is_due = due.at <= now;
                (!is_due, is_due.then_some(due.tier), due.at)
            });
        let Some((due, topic, state)) = first else {
            return Next::Never;
        };
        if due.at > now {
            return Next::At(due.at);
        }
        if due.tier == Tier::Hidden && self.memory(&state.volume.name).is_routine(topic) {
            self.pace.background_from = now + self.pace.background();
        }
        topic.question(state).map_or(Next::Never, Next::Ask)
    }

    /// The admin looks elsewhere.
    pub(super) fn set_focus(&mut self, focus: Focus) {
        self.pace.selected = focus.selected;
        self.pace.visible = focus.visible.into_iter().collect();
    }

    /// Asks about this volume alone, as the one that is looked at.
    pub(super) fn set_only(&mut self, volume: VolumeName) {
        self.pace.selected = Some(volume.clone());
        self.only = Some(volume);
    }

    /// Changes the pace.
    pub(super) fn set_interval(&mut self, interval: Duration) {
        self.pace.interval = interval;
    }

    /// Everything is due now, what is looked at first.
    pub(super) fn want_all(&mut self, snapshot: &Snapshot) {
        for state in snapshot.volumes() {
            let name = &state.volume.name;
            let tier = self.pace.tier(name);
            self.memory(name).want_all(tier);
        }
    }

    /// A change was made to this volume: read all of it, ahead of everything else.
    pub(super) fn want_volume(&mut self, volume: &VolumeName) {
        let memory = self.memory(volume);
        memory.want_all(Tier::Urgent);
        memory.release();
    }

    /// Something may have happened to this volume.
    pub(super) fn hint(&mut self, volume: &VolumeName) {
        if let Some(memory) = self.volumes.get_mut(volume) {
            memory.want(Topic::Status, Tier::Visible);
        }
    }

    /// The plan of a change rests on the volume's space: read it soon.
    pub(super) fn want_space(&mut self, volume: &VolumeName) {
        self.memory(volume).want(Topic::Detail, Tier::Urgent);
    }

    /// The question to this volume was given up: as good as a time-out.
    pub(super) fn gave_up(&mut self, volume: &VolumeName, now: Duration) {
        self.memory(volume).timed_out(now);
    }

    /// Notes whether glusterd answers at all.
    pub(super) fn set_unreachable(&mut self, unreachable: bool) {
        self.unreachable = unreachable;
    }

    /// Forgets volumes that do not exist any more.
    pub(super) fn forget(&mut self, snapshot: &Snapshot) {
        self.volumes
            .retain(|name, _| snapshot.volume(name).is_some());
    }

    /// Looks for what changed on this node since its state was last told; `None`: it cannot be
    /// told, and the task lists are read in turn instead.
    pub(super) fn hear_state(&mut self, report: Option<&StateReport>) {
        self.pace.state_works = report.is_some();
        match report {
            Some(report) => {
                for volume in &report.volumes {
                    self.memory(&volume.name).hear_state(volume);
                }
            }
            None => {
                for memory in self.volumes.values_mut() {
                    memory.forget_state();
                }
            }
        }
    }

    /// A peer that comes or goes takes its bricks along: their volumes are read again.
    pub(super) fn hear_peers(&mut self, before: &[Peer], snapshot: &Snapshot) {
        let changed: Vec<_> = (snapshot.peers().iter())
            .filter(|peer| {
                let differs = |old: &Peer| old.id == peer.id && old.connected != peer.connected;
                before.iter().any(differs)
            })
            .map(|peer| &peer.id)
            .collect();
        for state in snapshot.volumes() {
            let volume = &state.volume;
            let mut hosts = volume.bricks.iter().filter_map(|brick| brick.peer.as_ref());
            if hosts.any(|host| changed.contains(&host)) {
                let tier = self.pace.tier(&volume.name);
                self.memory(&volume.name).want(Topic::Status, tier);
            }
        }
    }

    /// Notes the answer to a locking question. `snapshot` holds it already.
    pub(super) fn answered(&mut self, reading: &Reading, snapshot: &Snapshot) {
        let Some((volume, topic)) = Topic::of(reading.command()) else {
            return;
        };
        let now = reading.done.steady;
        self.rest_until = now + reading.rest();
        match reading.failed() {
            None => self.memory(volume).went_well(),
            Some(kind) if ask::is_unreachable(kind) => {
                self.unreachable = true;
                return;
            }
            Some(FaultKind::Timeout) => return self.memory(volume).timed_out(now),
            Some(kind) => {
                let pause = self.pause(volume);
                self.memory(volume).back_off(now, pause);
                if kind == FaultKind::Busy {
                    return;
                }
            }
        }
        let memory = self.memory(volume);
        let task = snapshot.volume(volume).and_then(|state| state.task());
        memory.answered(topic, now, task);
        if matches!(&reading.result, Ok(Reply::Status(report)) if report.tasks.is_some()) {
            memory.answered(Topic::Tasks, now, task);
        }
        memory.watch_for_the_end(task.is_some_and(Task::is_running));
    }

    /// How long a volume is left alone after a failure: half a second to two, doubled with each
    /// further one, up to a minute.
    fn pause(&mut self, volume: &VolumeName) -> Duration {
        const LONGEST: Duration = Duration::from_secs(60);
        let failures = self.memory(volume).failures.min(10);
        let first = self
            .jitter
            .between(Duration::from_millis(500), Duration::from_secs(2));
        (first * 2_u32.pow(failures)).min(LONGEST)
    }

    fn memory(&mut self, volume: &VolumeName) -> &mut Memory {
        self.volumes.entry(volume.clone()).or_default()
    }
}

#[cfg(test)]
mod tests;
