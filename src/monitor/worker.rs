//! One change, from the last look at the cluster to its outcome.
//!
//! What an admin confirmed was judged by a picture that may be seconds old. So before a change
//! that cannot simply be taken back, the worker reads again what the plan rests on and judges
//! once more. A stop is never kept waiting for that: one that no longer applies is harmless.
//!
//! The lock of a volume belongs to everybody in the cluster. Meeting it is no failure: the worker
//! waits and tries again, in view, until the job's patience is used up.

use std::sync::Arc;
use std::time::Duration;

use tokio::sync::mpsc;
use tokio_util::sync::CancellationToken;

use super::ask::{Asker, Reading};
use super::jitter::Jitter;
use super::merge;
use super::round::Definitions;
use crate::gluster::{Command, Failure, Permit, RemoveStep, Reply, StatusView};
use crate::insight::plan;
use crate::job::{Job, JobEvent, JobId, JobResult, Outcome};
use crate::model::{EndedTask, Ending, FaultKind, Snapshot, VolumeName, VolumeStatus};

/// How long the last look waits for a question that takes no lock. They are answered in a tenth of
/// a second, but for a heal info with much to count.
const LOCK_FREE: Duration = Duration::from_secs(10);

/// Where the events of jobs go.
pub(super) type Events = mpsc::Sender<(JobId, JobEvent)>;

/// A job that is over.
#[derive(Debug)]
pub(super) struct Ended {
    /// The job.
    pub(super) job: Job,
    /// What came of it.
    pub(super) outcome: Outcome,
}

/// How one run of gluster went, as a process.
#[derive(Debug, Clone, Copy, Default)]
struct Attempt {
    took: Duration,
    exit: Option<i32>,
}

/// All that carrying out one job takes.
pub(super) struct Worker {
    /// How to ask and to run.
    pub(super) asker: Asker,
    /// The job.
    pub(super) job: Job,
    /// What was known when its turn came.
    pub(super) snapshot: Arc<Snapshot>,
    /// Where to tell of it.
    pub(super) events: Events,
    /// The admin gives up: no further attempt.
    pub(super) give_up: CancellationToken,
    /// Spreads the attempts.
    pub(super) jitter: Jitter,
}

impl Worker {
    /// Carries the job out, and tells of each step; the end is for the caller to tell.
    pub(super) async fn carry_out(mut self) -> Ended {
        let deadline = self.asker.clock.now().steady + self.job.patience;
        let mut last = Attempt::default();
        let result = match self.check(deadline).await {
            // The guard in front of the runner would refuse it as well; so it ends in plain words.
            Ok(()) if self.asker.permit() == Permit::DryRun => JobResult::DryRun,
            Ok(()) => self.run(deadline, &mut last).await,
            Err(result) => result,
        };
        Ended {
            outcome: Outcome {
                at: self.asker.clock.now(),
                took: last.took,
                exit: last.exit,
                result,
            },
            job: self.job,
        }
    }

    /// The last look before it runs. `Err` is the end of the job, with nothing run.
    async fn check(&mut self, deadline: Duration) -> Result<(), JobResult> {
        if self.give_up.is_cancelled() {
            return Err(JobResult::GivenUp);
        }
        if let (Permit::ReadOnly, Some(words)) =
            (self.asker.permit(), self.asker.permit().objection())
        {
            // There is nothing to look at once more for what will not run.
            return Err(JobResult::Failed(Failure::new(FaultKind::Refused, words)));
        }
        let command = self.job.order.command().clone();
        let (volume, bricks, step) = match &command {
            Command::RebalanceStart { volume, .. } => (volume, &[][..], None),
            Command::RemoveBrick {
                volume,
                bricks,
                step,
                ..
            } if !command.stops() => (volume, bricks.as_slice(), Some(*step)),
            _ => return Ok(()),
        };
        self.tell(JobEvent::Checking);
        let mut fresh = Snapshot::clone(&self.snapshot);
        let definition = Command::VolumeInfo(Some(volume.clone()));
        let reading = self.look(definition, deadline).await?;
        redefine(&mut fresh, volume, &reading);
        merge::reading(&mut fresh, &self.look(Command::PoolList, deadline).await?);
        let is_started = fresh
            .volume(volume)
            .is_some_and(|state| state.volume.status == VolumeStatus::Started);
        if is_started {
            let status = self.look_at_status(volume, deadline).await?;
            merge::reading(&mut fresh, &status);
        }
        if is_started && step == Some(RemoveStep::Start) {
            // Once only: space moves slowly, so what was known of it will do.
            let detail = self.asker.order(status(volume, StatusView::Detail));
            merge::reading(&mut fresh, &self.asker.ask(detail).await);
        }
        if step == Some(RemoveStep::Commit) {
            let status = Command::RemoveBrick {
                volume: volume.clone(),
                bricks: bricks.to_vec(),
                replica: None,
                step: RemoveStep::Status,
            };
            merge::reading(&mut fresh, &self.look(status, deadline).await?);
        }
        for question in lock_free(&command) {
            // Once only, and not for long: what has no answer is a doubt in the plan, and a doubt
            // is no objection.
            let order = self.asker.order(question);
            merge::reading(&mut fresh, &self.asker.ask_within(order, LOCK_FREE).await);
        }
        let plan = plan::of(&fresh, &command);
        let objections = plan.objections(&self.job.accepted);
        if objections.is_empty() {
            Ok(())
        } else {
            Err(JobResult::Objected(objections))
        }
    }

    /// Looks at bricks and task; at the task alone where a brick's path cannot be put in XML.
    async fn look_at_status(
        &mut self,
        volume: &VolumeName,
        deadline: Duration,
    ) -> Result<Reading, JobResult> {
        match self.look(status(volume, StatusView::Plain), deadline).await {
            Err(JobResult::Failed(failure)) if failure.kind == FaultKind::BadOutput => {
                self.look(status(volume, StatusView::Tasks), deadline).await
            }
            looked => looked,
        }
    }

    /// Asks a question of the check, as often as it takes.
    async fn look(&mut self, command: Command, deadline: Duration) -> Result<Reading, JobResult> {
        let mut attempt = 0;
        loop {
            attempt += 1;
            let order = self.asker.order(command.clone());
            let reading = self.asker.ask(order).await;
            match &reading.result {
                Err(failure) if !is_answer(&command, failure) => {
                    self.wait_for_lock(attempt, failure.clone(), deadline)
                        .await?;
                }
                _ => return Ok(reading),
            }
        }
    }

    /// Runs the order exactly as it was confirmed.
    async fn run(&mut self, deadline: Duration, last: &mut Attempt) -> JobResult {
        let mut attempt = 0;
        loop {
            if self.give_up.is_cancelled() {
                return JobResult::GivenUp;
            }
            attempt += 1;
            self.tell(JobEvent::Running { attempt });
            let begun = self.asker.clock.now();
            let (exit, result) = self.asker.change(&self.job.order).await;
            *last = Attempt {
                took: begun.age(self.asker.clock.now()),
                exit,
            };
            let failure = match result {
                Ok(Reply::Done {
                    task,
                    text,
                    progress,
                }) => {
                    return JobResult::Done {
                        task,
                        text,
                        progress,
                    };
                }
                Ok(_) => Failure::new(FaultKind::BadOutput, "The answer is that of a question."),
                Err(failure) => failure,
            };
            let failure = if self.is_aftermath(&failure) {
                // Waited for in view like a held lock: the file that is being moved ends soon.
                Failure::new(FaultKind::Busy, failure.message)
            } else {
                failure
            };
            if leaves_open(failure.kind) {
                let said = failure.message.trim_end_matches('.');
                let message = format!("{said}. Whether it was carried out is not known.");
                return JobResult::Failed(Failure { message, ..failure });
            }
            if let Err(end) = self.wait_for_lock(attempt, failure, deadline).await {
                return end;
            }
        }
    }

    /// Whether a start is refused only because the process of a task that was just stopped still
    /// finishes its file.
    fn is_aftermath(&self, failure: &Failure) -> bool {
        /// After this, what still runs is no left-over of the stop.
        const AFTERMATH: Duration = Duration::from_secs(120);
        let command = self.job.order.command();
        let now = self.asker.clock.now();
        let just_stopped = |ended: &Arc<EndedTask>| {
            ended.ending == Ending::Stopped
                && Some(&ended.volume) == command.locks()
                && ended.at.age(now) < AFTERMATH
        };
        failure.says_still_running()
            && command.starts()
            && self.snapshot.ended.iter().any(just_stopped)
    }

    /// Waits before the next attempt at a held lock; any other failure is the end.
    async fn wait_for_lock(
        &mut self,
        attempt: u32,
        failure: Failure,
        deadline: Duration,
    ) -> Result<(), JobResult> {
        let pause = self.pause(attempt);
        let next = self.asker.clock.now().steady + pause;
        if failure.kind != FaultKind::Busy || next > deadline {
            return Err(JobResult::Failed(failure));
        }
        self.tell(JobEvent::Busy {
            attempt,
            message: failure.message,
        });
        tokio::select! {
            () = self.give_up.cancelled() => Err(JobResult::GivenUp),
            () = tokio::time::sleep(pause) => Ok(()),
        }
    }

    /// A stop tries hard at first: files move on while it waits, and most locks are short.
    fn pause(&mut self, attempt: u32) -> Duration {
        const HARD_TRIES: u32 = 5;
        let (low, high) = if self.job.order.command().stops() && attempt <= HARD_TRIES {
            (300, 1_000)
        } else {
            (2_000, 5_000)
        };
        let millis = Duration::from_millis;
        self.jitter.between(millis(low), millis(high))
    }

    /// Tells of a step. One that finds no room is left out: a slow listener must not hold up a
    /// stop.
    fn tell(&self, event: JobEvent) {
        let _ = self.events.try_send((self.job.id, event));
    }
}

/// What else the plan of a command rests on, of what needs no lock.
fn lock_free(command: &Command) -> Vec<Command> {
    match command {
        Command::RebalanceStart { volume, .. } => vec![Command::Options(volume.clone())],
        Command::RemoveBrick {
            volume,
            replica,
            step,
            ..
        } => match step {
            RemoveStep::Start => vec![Command::State, Command::Options(volume.clone())],
            RemoveStep::Commit => vec![Command::State],
            // The only good copy of a file must not leave.
            RemoveStep::Force if replica.is_some() => vec![Command::HealSummary(volume.clone())],
            _ => vec![],
        },
        _ => vec![],
    }
}

fn status(volume: &VolumeName, view: StatusView) -> Command {
    Command::VolumeStatus {
        volume: volume.clone(),
        view,
    }
}

/// Whether a change that failed like this may have been carried out all the same: it was sent, and
/// no good answer came back. The client was ended by a signal, its ssh dropped, the answer was cut
/// short.
fn leaves_open(kind: FaultKind) -> bool {
    matches!(
        kind,
        FaultKind::Timeout | FaultKind::Spawn | FaultKind::BadOutput
    )
}

/// Refusals that say how things are: the volume was stopped meanwhile, or the task is gone.
fn is_answer(command: &Command, failure: &Failure) -> bool {
    match command {
        Command::VolumeStatus { .. } => failure.says_not_started(),
        _ => failure.says_no_task(),
    }
}

/// Lays one volume's definition over the picture; the others stay.
pub(super) fn redefine(snapshot: &mut Snapshot, volume: &VolumeName, reading: &Reading) {
    let Ok(Reply::Volumes(volumes)) = &reading.result else {
        return;
    };
    let others = snapshot.volumes().iter().map(|state| &state.volume.name);
    let read = Definitions {
        volumes: volumes.clone(),
        unreadable: others.filter(|name| *name != volume).cloned().collect(),
        fault: None,
        taken: reading.done,
    };
    merge::definitions(snapshot, read);
}
