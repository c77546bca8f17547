//! The commit at the end of a wait: gates, the last word, and once only.

use std::io;
use std::time::Duration;

use tokio::time::Instant;

use super::{LAST_WORD, Wait};
use crate::batch::{Batch, Code, work};
use crate::gluster::Order;
use crate::insight::plan::auto::{self, Readiness};
use crate::insight::{freshness, plan};
use crate::job::{Job, JobEvent, JobResult};
use crate::model::{Snapshot, Stamp, Task, TaskId, VolumeName};

/// A reading older than this opens no gate.
const FRESH: Duration = Duration::from_secs(15);
/// So often the cluster is read anew while only fresh readings are missing.
const AGAIN: Duration = Duration::from_secs(5);
/// So long after the announcement the cluster is read once more.
const LAST_LOOK: Duration = Duration::from_secs(25);
/// What has not changed by then is not looked at more often.
const SHORTEST: Duration = Duration::from_millis(500);

/// Where the commit is.
#[derive(Debug, Default)]
pub(super) struct Commit {
    /// Since when every gate is open, and the admin was told.
    armed: Option<Stamp>,
    /// When a fresh reading was last asked for.
    asked: Option<Stamp>,
}

/// What is to be done about it.
#[derive(Debug, PartialEq)]
pub(super) enum Next {
    Wait,
    /// Read everything again.
    Read,
    /// Every gate has just opened.
    Say(String),
    /// An admin has to look.
    Never(String),
    Now(Box<Job>),
}

impl Commit {
    /// Whether it has been announced.
    pub(super) fn is_armed(&self) -> bool {
        self.armed.is_some()
    }

    /// When to look again, if nothing new comes.
    pub(super) fn wake(&self, batch: &Batch) -> Option<Instant> {
        let now = batch.clock.now();
        let later = |since: Stamp, after: Duration| {
            Instant::now() + after.saturating_sub(since.age(now)).max(SHORTEST)
        };
        match self.armed {
            // Between the announcement and the last look there is nothing to be done.
            Some(armed) if armed.age(now) < LAST_LOOK => Some(later(armed, LAST_LOOK)),
            Some(armed) => Some(later(armed, LAST_WORD)),
            None => self.asked.map(|asked| later(asked, AGAIN)),
        }
    }

    /// Looks at a new picture, or at the same one later.
    pub(super) fn look(
        &mut self,
        batch: &Batch,
        snapshot: &Snapshot,
        volume: &VolumeName,
        id: Option<&TaskId>,
    ) -> Next {
        let now = batch.clock.now();
        let task = snapshot.volume(volume).and_then(|state| state.task());
        // A task that is only listed yet has silent nodes, because none was asked.
        let is_unread = task.is_some_and(|task| freshness::progress_read(task).is_none());
        let Some(id) = id.filter(|_| !is_unread) else {
            return Next::Wait;
        };
        match auto::readiness(snapshot, volume, id, now, FRESH) {
            Readiness::Never(why) => Next::Never(why),
            Readiness::NotYet(_) => self.read_again(snapshot, volume, now),
            Readiness::Ready(command) => match self.armed {
                None => {
                    self.armed = Some(now);
                    self.asked = None;
                    Next::Say(format!(
                        "{volume}: drained without a failure; the commit runs in {} s, Ctrl-C holds it",
                        LAST_WORD.as_secs()
                    ))
                }
                Some(armed) if armed.age(now) < LAST_WORD => {
                    if armed.age(now) >= LAST_LOOK {
                        self.read_again(snapshot, volume, now)
                    } else {
                        Next::Wait
                    }
                }
                Some(_) => Next::Now(Box::new(Job {
                    id: batch.next_job(),
                    accepted: plan::of(snapshot, &command),
                    order: batch.launcher.order(command),
                    patience: batch.patience,
                })),
            },
        }
    }

    /// Asks for fresh readings of a task that is over; one that runs is read often enough.
    fn read_again(&mut self, snapshot: &Snapshot, volume: &VolumeName, now: Stamp) -> Next {
        let task = snapshot.volume(volume).and_then(|state| state.task());
        if task.is_none_or(Task::is_running)
            || self.asked.is_some_and(|asked| asked.age(now) < AGAIN)
        {
            return Next::Wait;
        }
        self.asked = Some(now);
        Next::Read
    }
}

impl Wait<'_> {
    /// Tells of a step of the commit; gives the code at its end.
    pub(super) fn committed(
        &mut self,
        order: &Order,
        event: &JobEvent,
    ) -> io::Result<Option<Code>> {
        let volume = self.request.volume.clone();
        match event {
            JobEvent::Busy { attempt, message } => {
                work::busy(
                    self.console,
                    &order.command().to_string(),
                    *attempt,
                    message,
                );
                Ok(None)
            }
            JobEvent::Checking | JobEvent::Running { .. } => Ok(None),
            JobEvent::Ended(outcome) => {
                if outcome.result == JobResult::DryRun {
                    let permit = self.batch.runner.permit();
                    work::not_permitted(self.console, permit, &volume, order, self.request.json)?;
                    return Ok(Some(Code::Warning));
                }
                let result = work::result(&volume, order, outcome);
                work::explain(self.console, &result);
                let code = work::code(&result);
                if code == Code::Done {
                    self.say(&format!("{volume}: committed"));
                }
                Ok(Some(code))
            }
        }
    }
}
