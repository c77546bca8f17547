//! Which locking question comes next.
//!
//! Every `volume status` and every progress question takes the volume's lock on all nodes, is
//! logged there, and collides with whatever an admin runs on that volume. So there is one such
//! question at a time, each is followed by a rest so long that the time inside them stays a small
//! share, and all of them together have a budget: see [`due`] for whose turn it is.
//!
//! Pure: time is an argument, the picture comes from outside, and chance is seeded.

use std::collections::BTreeMap;
use std::time::Duration;

use super::ask::{self, Reading};
use super::jitter::Jitter;
use super::{Budget, Focus};
use crate::gluster::{Command, Reply};
use crate::model::{FaultKind, Snapshot, Task, VolumeName, VolumeState, VolumeStatus};

mod due;
mod hear;
mod memory;
mod pace;
mod rest;

use due::{Tier, Topic};
use memory::Memory;
use pace::Pace;
use rest::Rest;

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

/// Remembers what was asked when.
#[derive(Debug)]
pub(super) struct Schedule {
    pace: Pace,
    volumes: BTreeMap<VolumeName, Memory>,
    /// glusterd does not answer: wait until a lock-free question gets through.
    unreachable: bool,
    /// The rest after the last question.
    rest: Rest,
    /// Counts the questions, from one on: every fourth is fair.
    asked: u32,
    jitter: Jitter,
    /// The one volume that questions may lock; `None`: any.
    only: Option<VolumeName>,
}

impl Schedule {
    pub(super) fn new(interval: Duration, budget: Budget, jitter: Jitter) -> Self {
        Self {
            pace: Pace::new(interval, budget.a_minute),
            volumes: BTreeMap::new(),
            unreachable: false,
            rest: Rest::for_share(budget.share_percent),
            asked: 1,
            jitter,
            only: None,
        }
    }

    /// The next question, which counts as asked, or when to look again. Of what is due the best
    /// tier goes first and, within it, what has been due for longest; but every fourth time
    /// nothing counts but how long, unless something is urgent.
    ///
    /// Volumes that are `reserved` for a job are left alone.
    pub(super) fn next(
        &mut self,
        snapshot: &Snapshot,
        now: Duration,
        reserved: &[VolumeName],
    ) -> Next {
        const FAIR: u32 = 4;
        if self.unreachable {
            return Next::Never;
        }
        self.count(snapshot);
        self.pace.look_at_clock(now);
        let unseen = Memory::default();
        let pace = &self.pace;
        let rest = self.rest.until().filter(|&until| until > now);
        // Where answers are slow the best tiers could fill all of the time.
        let is_fair = self.asked.is_multiple_of(FAIR);
        // Memories and volumes are both in the order of the names.
        let mut memories = self.volumes.iter().peekable();
        let mut memory_of = |name: &VolumeName| {
            while memories.next_if(|(known, _)| *known < name).is_some() {}
            let found = memories.next_if(|(known, _)| *known == name);
            found.map_or(&unseen, |(_, memory)| memory)
        };
        let first = (snapshot.volumes().iter())
            .filter(|state| is_asked(state, self.only.as_ref()))
            .filter(|state| !reserved.contains(&state.volume.name))
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
                let tier = match due.tier {
                    Tier::Urgent => Tier::Urgent,
                    _ if is_fair => Tier::Task,
                    tier => tier,
                };
                (!is_due, is_due.then_some(tier), due.at)
            });
        let Some((due, topic, state)) = first else {
            return Next::Never;
        };
        if due.at > now {
            return Next::At(due.at);
        }
        let runs = state.task().is_some_and(Task::is_running);
        let memory = self.memory(&state.volume.name);
        let is_alarmed = memory.alarmed && !runs;
        if memory.is_routine(topic) {
            match due.tier {
                Tier::Turn => {
                    self.pace.turn_from = now + self.jitter.about(self.pace.between_turns());
                }
                Tier::Visible if is_alarmed => {
                    self.pace.alarm_from = now + self.jitter.about(self.pace.between_alarms());
                }
                _ => {}
            }
        }
        self.asked = self.asked.wrapping_add(1);
        topic.question(state).map_or(Next::Never, Next::Ask)
    }

    /// How many there are of what the pace depends on.
    fn count(&mut self, snapshot: &Snapshot) {
        let pace = &mut self.pace;
        (pace.running, pace.alarmed, pace.turning) = (0, 0, 0);
        pace.looking = false;
        for state in snapshot.volumes() {
            if !is_asked(state, self.only.as_ref()) {
                continue;
            }
            let name = &state.volume.name;
            let is_alarmed = || self.volumes.get(name).is_some_and(|memory| memory.alarmed);
            let runs = state.task().is_some_and(Task::is_running);
            let is_selected = pace.selected.as_ref() == Some(name);
            let is_alarmed = !is_selected && is_alarmed();
            pace.looking |= is_selected;
            pace.running += usize::from(runs);
            pace.alarmed += usize::from(is_alarmed);
            pace.turning += usize::from(!runs && !is_selected && !is_alarmed);
        }
    }

    /// The admin looks elsewhere: what comes into view is read once more, unless it was read a
    /// moment ago.
    pub(super) fn set_focus(&mut self, focus: Focus, now: Duration) {
        const DWELL: Duration = Duration::from_millis(300);
        let pace = &mut self.pace;
        let before = (pace.selected.take(), std::mem::take(&mut pace.visible));
        pace.selected = focus.selected;
        pace.visible = focus.visible.into_iter().collect();
        pace.settled_at = now + DWELL;
        for (name, memory) in &mut self.volumes {
            let is_selected = pace.selected.as_ref() == Some(name);
            if !is_selected && !pace.visible.contains(name) {
                memory.look_away();
            } else if is_selected && before.0.as_ref() != Some(name) {
                memory.glance(now, pace.interval * 2);
            } else if !before.1.contains(name) {
                memory.glance(now, pace.interval * 12);
            }
        }
    }

    /// How long no question is asked from this time on.
    pub(super) fn rests(&self, now: Duration) -> Duration {
        self.rest
            .until()
            .map_or(Duration::ZERO, |until| until.saturating_sub(now))
    }

    /// How much further apart than planned questions come, because others hold locks.
    pub(super) fn held_back(&self) -> u32 {
        self.pace.held_back
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

    /// Everything is due now, what is looked at first, whatever the last question took.
    pub(super) fn want_all(&mut self, snapshot: &Snapshot) {
        self.rest.forgive();
        self.pace.forget_hangs();
        for state in snapshot.volumes() {
            let name = &state.volume.name;
            let tier = self.pace.tier(name);
            let state_works = self.pace.state_works;
            let memory = self.memory(name);
            memory.want_all(tier, state_works);
            memory.forgive();
        }
    }

    /// Much hangs on this volume: read all of it, ahead of everything else.
    pub(super) fn want_volume(&mut self, volume: &VolumeName) {
        self.memory(volume).want_all(Tier::Urgent, false);
    }

    /// A change was made to this volume, so its lock is free.
    pub(super) fn changed(&mut self, volume: &VolumeName) {
        self.want_volume(volume);
        self.memory(volume).forgive();
    }

    /// Something may have happened to this volume. One that was never read is due anyhow.
    pub(super) fn hint(&mut self, volume: &VolumeName) {
        if let Some(memory) = self.volumes.get_mut(volume) {
            memory.hint();
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

    /// Notes the answer to a locking question. `snapshot` holds it already.
    pub(super) fn answered(&mut self, reading: &Reading, snapshot: &Snapshot) {
        let Some((volume, topic)) = Topic::of(reading.command()) else {
            return;
        };
        let now = reading.done.steady;
        let hung = reading.failed() == Some(FaultKind::Timeout);
        self.rest.after(reading.took(), now, hung);
        self.pace.calm_down(now);
        match reading.failed() {
            None => self.memory(volume).release(),
            Some(kind) if ask::is_unreachable(kind) => {
                self.unreachable = true;
                return;
            }
            Some(FaultKind::Timeout) => {
                self.pace.note_hang(now);
                let memory = self.memory(volume);
                memory.note_hang(topic);
                return memory.timed_out(now);
            }
            Some(kind) => {
                let pause = self.pause(volume);
                self.memory(volume).back_off(now, pause);
                if kind == FaultKind::Busy {
                    let tier = self.pace.tier(volume);
                    self.memory(volume).want_again(topic, tier);
                    self.pace.hold_back(now);
                    return;
                }
            }
        }
        let spread = self.jitter.about(Duration::from_secs(1)).as_secs_f64();
        let state_works = self.pace.state_works;
        if self.memory(volume).has_hung(topic) {
            self.pace.forget_hangs();
        }
        let memory = self.memory(volume);
        let state = snapshot.volume(volume);
        let task = state.and_then(|state| state.task());
        memory.answered(topic, now, task);
        if let Ok(Reply::Status(report)) = &reading.result {
            if report.tasks.is_some() {
                memory.answered(Topic::Tasks, now, task);
            }
            // The detail tells all that the status does but for the task, and whether there is one
            // to ask for is what `get-state` tells.
            if topic == Topic::Detail && (report.tasks.is_some() || state_works) {
                memory.answered(Topic::Status, now, task);
            }
            memory.alarmed = state.is_some_and(|state| is_alarmed(state));
            memory.bricks = state.map_or(0, |state| state.volume.bricks.len());
        }
        memory.spread = spread;
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

/// Whether a volume's bricks can be asked about.
fn is_asked(state: &VolumeState, only: Option<&VolumeName>) -> bool {
    state.volume.status == VolumeStatus::Started
        && only.is_none_or(|only| *only == state.volume.name)
}

/// Whether a brick does not run, or nobody says that it does.
fn is_alarmed(state: &VolumeState) -> bool {
    state.bricks.get().is_some_and(|bricks| {
        let runs = bricks.values().filter(|brick| brick.online == Some(true));
        runs.count() < state.volume.bricks.len()
    })
}

#[cfg(test)]
mod tests;
