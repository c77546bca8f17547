//! The changes of this session, from confirmation to outcome.

use std::collections::BTreeMap;
use std::time::Duration;

use crate::gluster::Order;
use crate::insight::plan::Plan;
use crate::job::{Job, JobEvent, JobId, JobResult, Outcome};
use crate::model::Stamp;

/// Every change of this session, oldest first.
#[derive(Debug, Clone, Default)]
pub struct Jobs {
    records: Vec<JobRecord>,
    /// Confirmed orders that wait for another change to be done.
    waiting: BTreeMap<JobId, Waiting>,
}

/// An order that runs only when the change before it is done.
#[derive(Debug, Clone)]
struct Waiting {
    order: Order,
    accepted: Plan,
    patience: Duration,
}

/// One change.
#[derive(Debug, Clone)]
pub struct JobRecord {
    /// Its id.
    pub id: JobId,
    /// What was confirmed.
    pub order: Order,
    /// When it was confirmed.
    pub since: Stamp,
    /// Every attempt that met a busy lock: when, which, and gluster's sentence.
    pub busy: Vec<(Stamp, u32, String)>,
    /// Where it is now.
    pub stage: Stage,
}

/// Where a change is.
#[derive(Debug, Clone, PartialEq)]
pub enum Stage {
    /// Behind others.
    Queued,
    /// The last look at the cluster.
    Checking,
    /// Inside gluster.
    Running {
        /// From 1.
        attempt: u32,
        /// Since when.
        since: Stamp,
    },
    /// Waiting to try again.
    Waiting,
    /// Over.
    Ended(Outcome),
}

impl JobRecord {
    /// Whether it is still on its way.
    pub fn is_open(&self) -> bool {
        !matches!(self.stage, Stage::Ended(_))
    }

    /// Whether it met a busy lock, and goes on trying.
    pub fn is_trying(&self) -> bool {
        self.is_open() && !self.busy.is_empty()
    }

    /// Whether gluster carried it out.
    pub fn is_done(&self) -> bool {
        matches!(&self.stage, Stage::Ended(outcome) if matches!(outcome.result, JobResult::Done { .. }))
    }

    /// What became of it, in words.
    pub fn summary(&self, now: Stamp) -> String {
        match &self.stage {
            Stage::Queued => "waits for its turn".to_owned(),
            Stage::Checking => "checking once more".to_owned(),
            Stage::Running { attempt, since } => {
                let seconds = since.age(now).as_secs();
                if *attempt > 1 {
                    format!("running {seconds}s (try {attempt})")
                } else {
                    format!("running {seconds}s")
                }
            }
            Stage::Waiting => match self.busy.last() {
                Some((_, attempt, message)) => format!("try {attempt}: {}", first_line(message)),
                None => "waiting".to_owned(),
            },
            Stage::Ended(outcome) => match &outcome.result {
                JobResult::Done { text, .. } if text.is_empty() => "accepted".to_owned(),
                JobResult::Done { text, .. } => first_line(text).to_owned(),
                JobResult::Objected(reasons) => format!("not run: {}", reasons.join("; ")),
                JobResult::Failed(failure) => format!("failed: {}", first_line(&failure.message)),
                JobResult::DryRun => "dry run: not run".to_owned(),
                JobResult::GivenUp => "given up, nothing was run".to_owned(),
            },
        }
    }
}

fn first_line(text: &str) -> &str {
    text.lines().next().unwrap_or_default()
}

impl Jobs {
    /// Takes up a confirmed order.
    /// Its checks are those that it was confirmed with.
    pub fn begin(&mut self, order: Order, accepted: Plan, patience: Duration, now: Stamp) -> Job {
        let id = JobId(self.records.len() as u64 + 1);
        self.records.push(JobRecord {
            id,
            order: order.clone(),
            since: now,
            busy: Vec::new(),
            stage: Stage::Queued,
        });
        Job {
            id,
            order,
            accepted,
            patience,
        }
    }

    /// Lets an order wait until a change is done. When that one ends in any other way, the order
    /// is dropped.
    pub fn then(&mut self, id: JobId, order: Order, accepted: Plan, patience: Duration) {
        let waiting = Waiting {
            order,
            accepted,
            patience,
        };
        self.waiting.insert(id, waiting);
    }

    /// Takes up the order that waited for a change that is over: `Err` when it will not run.
    pub fn follow(&mut self, id: JobId, now: Stamp) -> Option<Result<Job, Order>> {
        let record = self.get(id).filter(|record| !record.is_open())?;
        let is_done = record.is_done();
        let Waiting {
            order,
            accepted,
            patience,
        } = self.waiting.remove(&id)?;
        Some(if is_done {
            Ok(self.begin(order, accepted, patience, now))
        } else {
            Err(order)
        })
    }

    /// Whether an order waits for this change.
    pub fn is_followed(&self, id: JobId) -> bool {
        self.waiting.contains_key(&id)
    }

    /// Notes an event; gives the record it belongs to.
    pub fn note(&mut self, id: JobId, event: JobEvent, now: Stamp) -> Option<&JobRecord> {
        let record = self.records.iter_mut().find(|record| record.id == id)?;
        record.stage = match event {
            JobEvent::Checking => Stage::Checking,
            JobEvent::Running { attempt } => Stage::Running {
                attempt,
                since: now,
            },
            JobEvent::Busy { attempt, message } => {
                record.busy.push((now, attempt, message));
                Stage::Waiting
            }
            JobEvent::Ended(outcome) => Stage::Ended(outcome),
        };
        Some(record)
    }

    /// One change.
    pub fn get(&self, id: JobId) -> Option<&JobRecord> {
        self.records.iter().find(|record| record.id == id)
    }

    /// Every change, oldest first.
    pub fn all(&self) -> &[JobRecord] {
        &self.records
    }

    /// The changes that are still on their way.
    pub fn open(&self) -> impl Iterator<Item = &JobRecord> {
        self.records.iter().filter(|record| record.is_open())
    }
}
