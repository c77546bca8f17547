//! Changes on their way: when one begins, and what its end means for the picture.

use std::sync::Arc;
use std::time::Duration;

use super::{Finished, Flight, Reader};
use crate::job::{JobEvent, JobResult};
use crate::monitor::merge;
use crate::monitor::worker::{Ended, Worker};

/// Until when nothing is begun in the two lanes of the regular questions.
#[derive(Default)]
pub(super) struct Way {
    pub(super) lock_free: Option<Duration>,
    pub(super) locking: Option<Duration>,
}

impl Reader {
    /// Starts the jobs whose turn it is; says when to look again at the latest.
    pub(super) fn start_jobs(&mut self, now: Duration) -> Option<Duration> {
        /// How long a job waits for a question of our own to its volume. Such a question mostly
        /// ends in a tenth of a second; one that hangs must not hold up an admin.
        const GRACE: Duration = Duration::from_secs(3);
        let mut look_again = None;
        if let Some(flight) = &self.locking
            && let Some(volume) = flight.volume()
            && self.queue.waits_for(volume)
        {
            let until = flight.asked.steady + GRACE;
            if until > now {
                look_again = Some(until);
            } else {
                flight.task.abort();
                self.schedule.gave_up(volume, now);
                self.locking = None;
            }
        }
        let asked = self.locking.as_ref().and_then(Flight::volume).cloned();
        while let Some(entry) = self.queue.next(asked.as_ref()) {
            if let Some(memory) = &mut self.memory {
                memory.begin(&entry.job, self.asker.clock.now());
            }
            let worker = Worker {
                asker: self.asker.clone(),
                job: entry.job,
                snapshot: Arc::clone(&self.snapshot),
                events: self.events.clone(),
                give_up: entry.give_up,
                jitter: self.jitter.split(),
            };
            self.tasks
                .spawn(async move { Finished::Job(worker.carry_out().await) });
        }
        look_again
    }

    /// A user's command has the cluster to itself while it waits or runs, but not for ever: what it
    /// tries for minutes must not hide what happens. The times are those in which hardly anything
    /// of the own readings looks old yet.
    pub(super) fn makes_way(&mut self, now: Duration) -> Way {
        const LOCK_FREE: Duration = Duration::from_secs(8);
        const LOCKING: Duration = Duration::from_secs(12);
        if self.queue.is_empty() {
            self.busy_from = None;
            return Way::default();
        }
        let from = *self.busy_from.get_or_insert(now);
        let until = |pause| Some(from + pause).filter(|&until| until > now);
        Way {
            lock_free: until(LOCK_FREE),
            locking: until(LOCKING),
        }
    }

    /// Lays the end of a job over the picture.
    pub(super) fn job_ended(&mut self, ended: &Ended) {
        self.queue.ended(ended.job.id);
        if let Some(memory) = &mut self.memory {
            memory.finish(&ended.job, &ended.outcome);
        }
        let command = ended.job.order.command();
        let outcome = &ended.outcome;
        if matches!(outcome.result, JobResult::GivenUp | JobResult::DryRun) {
            // Nothing was run, so nothing has changed.
            return;
        }
        if let JobResult::Done { task, progress, .. } = &outcome.result {
            let snapshot = Arc::make_mut(&mut self.snapshot);
            merge::carried_out(
                snapshot,
                command,
                task.as_ref(),
                progress.as_ref(),
                outcome.at,
            );
        }
        if let Some(volume) = command.locks() {
            self.schedule.changed(volume);
        }
        self.rounds.hurry(outcome.at.steady);
    }

    /// Tells of a job's end. It is never left out, and the next job does not wait for a slow
    /// listener.
    pub(super) fn tell(&mut self, ended: Ended) {
        let events = self.events.clone();
        self.tasks.spawn(async move {
            let end = JobEvent::Ended(ended.outcome);
            // Nobody listening any more is no failure.
            let _ = events.send((ended.job.id, end)).await;
            Finished::Told
        });
    }
}
