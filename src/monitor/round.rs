//! The lock-free questions: which comes next in a round, and when the next round begins.
//!
//! A round asks for the definitions, the peers and this node's own state, one after the other.
//! They need no lock and no other node, so they are answered even while a peer hangs.
//!
//! One value that XML cannot carry (an option with a control character, a brick path that is not
//! UTF-8) makes gluster fail the *whole* `volume info`, although every other volume is fine by
//! itself. So when that answer is unreadable the round goes on with `volume list` and asks for
//! each volume alone. Volumes that cannot be read keep their last known definition; one that was
//! never read stays absent, and a fault stays beside the definitions to say so.
//!
//! Pure: time is an argument, and answers come in from outside.

use std::collections::VecDeque;
use std::sync::Arc;
use std::time::Duration;

use super::ask::Reading;
use crate::gluster::{Command, Reply};
use crate::model::{Fault, FaultKind, Stamp, Volume, VolumeName};

/// The definitions as one round read them.
#[derive(Debug)]
pub(super) struct Definitions {
    /// Those that could be read.
    pub(super) volumes: Vec<Arc<Volume>>,
    /// Volumes that exist but could not be read.
    pub(super) unreadable: Vec<VolumeName>,
    /// Why some could not.
    pub(super) fault: Option<Fault>,
    /// When they were complete.
    pub(super) taken: Stamp,
}

/// One round of questions.
#[derive(Debug)]
pub(super) struct Round {
    todo: VecDeque<Command>,
    one_by_one: Option<Definitions>,
}

impl Round {
    /// Definitions come first: what else is read is laid over them.
    pub(super) fn new(with_state: bool, with_release: bool) -> Self {
        let mut todo = VecDeque::from([Command::VolumeInfo(None), Command::PoolList]);
        todo.extend(with_state.then_some(Command::State));
        todo.extend(with_release.then_some(Command::Version));
        Self {
            todo,
            one_by_one: None,
        }
    }

    /// The next question; `None` at the end.
    pub(super) fn next(&mut self) -> Option<Command> {
        self.todo.pop_front()
    }

    /// Takes the answer to the last question. Gives the definitions when they are complete.
    pub(super) fn take(&mut self, reading: &Reading) -> Option<Definitions> {
        if reading.failed().is_some_and(ends_round) {
            self.todo.clear();
            return None;
        }
        match (reading.command(), &reading.result) {
            (Command::VolumeInfo(None), Ok(Reply::Volumes(volumes))) => {
                return Some(Definitions {
                    volumes: volumes.clone(),
                    unreadable: Vec::new(),
                    fault: None,
                    taken: reading.done,
                });
            }
            (Command::VolumeInfo(None), Err(failure)) if failure.kind == FaultKind::BadOutput => {
                self.todo.push_front(Command::VolumeList);
            }
            (Command::VolumeList, Ok(Reply::Names(names))) => {
                self.one_by_one = Some(Definitions {
                    volumes: Vec::new(),
                    unreadable: Vec::new(),
                    fault: None,
                    taken: reading.done,
                });
                for name in names.iter().rev() {
                    self.todo
                        .push_front(Command::VolumeInfo(Some(name.clone())));
                }
            }
            (Command::VolumeInfo(Some(name)), _) => self.take_one(name, reading),
            _ => {}
        }
        let more = matches!(self.todo.front(), Some(Command::VolumeInfo(_)));
        if more { None } else { self.one_by_one.take() }
    }

    fn take_one(&mut self, name: &VolumeName, reading: &Reading) {
        let Some(found) = &mut self.one_by_one else {
            return;
        };
        found.taken = reading.done;
        match &reading.result {
            Ok(Reply::Volumes(volumes)) => found.volumes.extend(volumes.iter().cloned()),
            // It was deleted since the list was read.
            Err(failure) if failure.kind == FaultKind::Refused => {}
            _ => {
                found.unreadable.push(name.clone());
                found.fault = found.fault.take().or_else(|| reading.fault());
            }
        }
    }
}

/// Whether the other questions of a round would fare no better.
pub(super) fn ends_round(kind: FaultKind) -> bool {
    !matches!(
        kind,
        FaultKind::Refused | FaultKind::BadOutput | FaultKind::Busy
    )
}

/// When rounds begin.
#[derive(Debug)]
pub(super) struct Rounds {
    interval: Duration,
    begun: Duration,
    next: Duration,
    /// Rounds in a row that found no glusterd.
    failures: u32,
    /// When `get-state` is asked again after it failed; it is missing before release 3.9.
    state_from: Duration,
    /// When `--version` is asked again after it failed.
    release_from: Duration,
}

impl Rounds {
    pub(super) fn every(interval: Duration) -> Self {
        Self {
            interval,
            begun: Duration::ZERO,
            next: Duration::ZERO,
            failures: 0,
            state_from: Duration::ZERO,
            release_from: Duration::ZERO,
        }
    }

    /// When the next round is due.
    pub(super) fn due(&self) -> Duration {
        self.next
    }

    /// Changes the pace, from now on.
    pub(super) fn set_interval(&mut self, interval: Duration) {
        self.interval = interval;
        self.next = self.next.min(self.begun + interval);
    }

    /// The next round is due at once.
    pub(super) fn hurry(&mut self) {
        self.next = Duration::ZERO;
    }

    /// Begins a round.
    pub(super) fn begin(&mut self, now: Duration, release_known: bool) -> Round {
        self.begun = now;
        // Until it ends; `hurry` may still move it.
        self.next = now + self.interval;
        let with_release = !release_known && now >= self.release_from;
        Round::new(now >= self.state_from, with_release)
    }

    /// Notes how a question of the round went.
    pub(super) fn answered(&mut self, reading: &Reading) {
        /// How long a question that this gluster cannot answer is left alone.
        const REST: Duration = Duration::from_secs(60);
        let failed = reading.failed();
        let again = reading.done.steady + REST;
        match reading.command() {
            Command::State if failed.is_some_and(|kind| !ends_round(kind)) => {
                self.state_from = again;
            }
            Command::Version if failed.is_some() => self.release_from = again,
            Command::VolumeInfo(None) => {
                self.failures = match failed {
                    Some(kind) if ends_round(kind) => self.failures.saturating_add(1),
                    _ => 0,
                };
            }
            _ => {}
        }
    }

    /// Ends the round. Rounds begin an interval apart. After a slow one comes a rest three times
    /// as long, but the next begins within two intervals, or one after the end: what is older than
    /// three counts as stale, and a slow glusterd works. While none answers, rounds come further
    /// apart, up to 15 s.
    pub(super) fn end(&mut self, now: Duration) {
        const SLOWEST: Duration = Duration::from_secs(15);
        let took = now.saturating_sub(self.begun);
        let rested = (took * 4).min((self.interval * 2).max(took + self.interval));
        let pause = (self.interval * self.failures.max(1)).min(SLOWEST.max(self.interval));
        if !self.next.is_zero() {
            self.next = self.begun + rested.max(pause);
        }
    }
}

#[cfg(test)]
mod tests;
