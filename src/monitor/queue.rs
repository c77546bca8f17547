//! Whose turn it is: jobs wait in line, one runs at a time, and stops wait for nothing.

use std::collections::VecDeque;

use tokio_util::sync::CancellationToken;

use crate::job::{Job, JobId};
use crate::model::VolumeName;

/// The jobs that wait and those that run.
#[derive(Debug, Default)]
pub(super) struct Queue {
    waiting: VecDeque<Entry>,
    running: Vec<Entry>,
}

/// A job and the way to give it up.
#[derive(Debug, Clone)]
pub(super) struct Entry {
    pub(super) job: Job,
    pub(super) give_up: CancellationToken,
}

impl Entry {
    fn stops(&self) -> bool {
        self.job.order.command().stops()
    }

    fn volume(&self) -> Option<&VolumeName> {
        self.job.order.command().locks()
    }
}

impl Queue {
    /// Puts a job in line.
    pub(super) fn add(&mut self, job: Job) {
        self.waiting.push_back(Entry {
            job,
            give_up: CancellationToken::new(),
        });
    }

    /// The next job to begin: any stop; one that was given up, to say so; else the first in line
    /// when no other runs and `asked`, the volume of a question that is under way, is not its own.
    pub(super) fn next(&mut self, asked: Option<&VolumeName>) -> Option<Entry> {
        let at_once = |entry: &Entry| entry.stops() || entry.give_up.is_cancelled();
        let in_line = || {
            let is_alone = self.running.iter().all(Entry::stops);
            (is_alone && !asked.is_some_and(|volume| self.waits_for(volume))).then_some(0)
        };
        let at = self.waiting.iter().position(at_once).or_else(in_line)?;
        let entry = self.waiting.remove(at)?;
        self.running.push(entry.clone());
        Some(entry)
    }

    /// Whether only a question to this volume keeps the first in line from its turn.
    pub(super) fn waits_for(&self, asked: &VolumeName) -> bool {
        let first = self.waiting.front();
        self.running.iter().all(Entry::stops) && first.and_then(Entry::volume) == Some(asked)
    }

    /// No further attempt at this job.
    pub(super) fn give_up(&self, id: JobId) {
        for entry in self.waiting.iter().chain(&self.running) {
            if entry.job.id == id {
                entry.give_up.cancel();
            }
        }
    }

    /// A job is over.
    pub(super) fn ended(&mut self, id: JobId) {
        self.running.retain(|entry| entry.job.id != id);
    }

    /// Whether no job waits or runs.
    pub(super) fn is_empty(&self) -> bool {
        self.waiting.is_empty() && self.running.is_empty()
    }

    /// The volumes with a job that waits or runs: the reader keeps its hands off.
    pub(super) fn reserved(&self) -> Vec<VolumeName> {
        let all = self.waiting.iter().chain(&self.running);
        all.filter_map(Entry::volume).cloned().collect()
    }
}
