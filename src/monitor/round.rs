//! The lock-free questions: which comes next in a round, and when the next round begins.
//!
//! There are three: the definitions, the peers and this node's own state. They need no lock and no
//! other node, so they are answered even while a peer hangs. The own state costs a quarter of the
//! definitions and tells whether these or the peers changed, so most rounds ask for nothing else;
//! the others are asked when it says so, and once in a while all the same.
//!
//! Rounds come an interval apart, and twice that while nothing happens.
//!
//! One value that XML cannot carry (an option with a control character, a brick path that is not
//! UTF-8) makes gluster fail the *whole* `volume info`, although every other volume is fine by
//! itself. So when that answer is unreadable the round goes on with `volume list` and asks for
//! each volume alone. Volumes that cannot be read keep their last known definition; one that was
//! never read stays absent, and a fault stays beside the definitions to say so.
//!
//! Pure: time is an argument, and answers come in from outside.

use std::collections::{BTreeSet, VecDeque};
use std::sync::Arc;

use super::ask::Reading;
use crate::gluster::{Command, Reply};
use crate::model::{Fault, FaultKind, Stamp, Volume, VolumeName};

mod rounds;

pub(super) use rounds::{Confirmed, Rounds};

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
    has_more: bool,
    /// The volumes that the own state of this round named.
    named: Vec<VolumeName>,
}

impl Round {
    /// All of it. Definitions come first: what else is read is laid over them.
    pub(super) fn whole(with_state: bool, with_release: bool) -> Self {
        let state = with_state.then_some(Command::State);
        let release = with_release.then_some(Command::Version);
        let first = [Command::VolumeInfo(None), Command::PoolList];
        Self::of(first.into_iter().chain(state).chain(release))
    }

    fn of(todo: impl IntoIterator<Item = Command>) -> Self {
        Self {
            todo: todo.into_iter().collect(),
            one_by_one: None,
            has_more: false,
            named: Vec::new(),
        }
    }

    /// Asks for more in this round, before what is left of it. Once only: what changes all the
    /// time waits for the next round.
    fn ask(&mut self, more: Vec<Command>) {
        if !self.has_more {
            self.has_more = true;
            for command in more.into_iter().rev() {
                self.todo.push_front(command);
            }
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
            (Command::State, Ok(Reply::State(report))) => {
                self.named = report.volumes.iter().map(|v| v.name.clone()).collect();
            }
            (Command::VolumeInfo(None), Ok(Reply::Volumes(volumes))) => {
                // The list ends early, without a word, when the volume that comes next is deleted
                // in that moment. What was there just before is kept until the next round tells.
                let read: BTreeSet<_> = volumes.iter().map(|volume| &volume.name).collect();
                let is_missing = |name: &&VolumeName| !read.contains(name);
                return Some(Definitions {
                    volumes: volumes.clone(),
                    unreadable: self.named.iter().filter(is_missing).cloned().collect(),
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

#[cfg(test)]
mod tests;
