//! The loop that owns everything: it starts what is due, lays answers over the picture, and
//! publishes it.

use std::sync::Arc;
use std::time::Duration;

use tokio::sync::{mpsc, watch};
use tokio::task::{AbortHandle, Id, JoinError, JoinSet};

use super::Request;
use super::ask::{Asker, Reading};
use super::jitter::Jitter;
use super::merge;
use super::queue::Queue;
use super::round::{self, Round, Rounds};
use super::schedule::{Next, Schedule};
use super::worker::{Ended, Events, Worker};
use crate::gluster::{Command, Order, Reply};
use crate::job::{JobEvent, JobResult};
use crate::model::{Asking, Snapshot, Stamp, VolumeName};

/// No reading interval is shorter: every round takes three questions.
const FASTEST: Duration = Duration::from_secs(1);

/// The owner of the picture.
pub(super) struct Reader {
    asker: Asker,
    snapshot: Arc<Snapshot>,
    published: watch::Sender<Arc<Snapshot>>,
    events: Events,
    jitter: Jitter,
    paused: bool,
    /// What runs: at most one question of each lane, and the jobs.
    tasks: JoinSet<Finished>,
    rounds: Rounds,
    round: Option<Round>,
    lock_free: Option<Flight>,
    schedule: Schedule,
    locking: Option<Flight>,
    queue: Queue,
}

/// A question that is under way.
struct Flight {
    order: Order,
    asked: Stamp,
    task: AbortHandle,
}

/// What a task inside leaves when it ends.
enum Finished {
    LockFree(Reading),
    Locking(Reading),
    Job(Ended),
    Told,
}

impl Reader {
    pub(super) fn new(
        asker: Asker,
        interval: Duration,
        published: watch::Sender<Arc<Snapshot>>,
        events: Events,
    ) -> Self {
        let interval = interval.max(FASTEST);
        let mut jitter = Jitter::new(asker.clock.seed());
        let snapshot = Arc::clone(&published.borrow());
        Self {
            snapshot,
            published,
            events,
            paused: false,
            tasks: JoinSet::new(),
            rounds: Rounds::every(interval),
            round: None,
            lock_free: None,
            schedule: Schedule::new(interval, jitter.split()),
            locking: None,
            queue: Queue::default(),
            jitter,
            asker,
        }
    }

    /// Reads and works until nobody can make requests any more.
    pub(super) async fn run(mut self, mut requests: mpsc::Receiver<Request>) {
        loop {
            let wake = self.start_what_is_due();
            self.publish();
            tokio::select! {
                biased;
                request = requests.recv() => match request {
                    Some(request) => self.obey(request),
                    None => return,
                },
                Some(finished) = self.tasks.join_next_with_id() => self.finish(finished),
                () = tokio::time::sleep_until(self.asker.clock.instant(wake)) => {}
            }
        }
    }

    fn obey(&mut self, request: Request) {
        match request {
            Request::Focus(focus) => self.schedule.set_focus(focus),
            Request::ReadNow => {
                self.rounds.hurry();
                self.schedule.want_all(&self.snapshot);
            }
            Request::Look(volume) => {
                self.rounds.hurry();
                self.schedule.want_volume(&volume);
            }
            Request::Pause(paused) => {
                self.paused = paused;
                // The rest of a round would be old news after a pause.
                self.round = None;
                self.rounds.hurry();
            }
            Request::Interval(interval) => {
                let interval = interval.max(FASTEST);
                self.rounds.set_interval(interval);
                self.schedule.set_interval(interval);
            }
            Request::Run(job) => self.queue.add(job),
            Request::GiveUp(id) => self.queue.give_up(id),
        }
    }

    /// Starts jobs and questions; says when to look again at the latest.
    fn start_what_is_due(&mut self) -> Duration {
        /// Nothing is due that far ahead; requests and answers wake the loop besides.
        const IDLE: Duration = Duration::from_secs(3_600);
        let now = self.asker.clock.now().steady;
        let job = self.start_jobs(now);
        let (lock_free, locking) = if self.paused {
            (None, None)
        } else {
            (self.ask_lock_free(now), self.ask_locking(now))
        };
        let asking = self.note_asking(now);
        [job, lock_free, locking, asking]
            .into_iter()
            .flatten()
            .min()
            .unwrap_or(now + IDLE)
    }

    fn start_jobs(&mut self, now: Duration) -> Option<Duration> {
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

    fn ask_lock_free(&mut self, now: Duration) -> Option<Duration> {
        if self.lock_free.is_some() {
            return None;
        }
        if self.round.is_none() && self.rounds.due() <= now {
            let release_known = self.snapshot.release.is_some();
            self.round = Some(self.rounds.begin(now, release_known));
        }
        if let Some(round) = &mut self.round {
            if let Some(command) = round.next() {
                self.lock_free = Some(self.ask(command, Finished::LockFree));
                return None;
            }
            self.round = None;
            self.rounds.end(now);
        }
        Some(self.rounds.due())
    }

    fn ask_locking(&mut self, now: Duration) -> Option<Duration> {
        if self.locking.is_some() {
            return None;
        }
        let reserved = self.queue.reserved();
        match self.schedule.next(&self.snapshot, now, &reserved) {
            Next::Ask(command) => {
                self.locking = Some(self.ask(command, Finished::Locking));
                None
            }
            Next::At(later) => Some(later),
            Next::Never => None,
        }
    }

    fn ask(&mut self, command: Command, finished: fn(Reading) -> Finished) -> Flight {
        let order = self.asker.order(command);
        let asker = self.asker.clone();
        let question = order.clone();
        let task = self
            .tasks
            .spawn(async move { finished(asker.ask(question).await) });
        Flight {
            order,
            asked: self.asker.clock.now(),
            task,
        }
    }

    fn finish(&mut self, finished: Result<(Id, Finished), JoinError>) {
        match finished {
            Ok((_, Finished::LockFree(reading))) => self.heard_lock_free(&reading),
            Ok((task, Finished::Locking(reading))) => {
                // One that was given up may have been answered at that very moment.
                self.locking.take_if(|flight| flight.task.id() == task);
                merge::reading(Arc::make_mut(&mut self.snapshot), &reading);
                self.schedule.answered(&reading, &self.snapshot);
            }
            Ok((_, Finished::Job(ended))) => {
                self.job_ended(&ended);
                self.tell(ended);
            }
            Ok((_, Finished::Told)) => {}
            // A question that was given up for a job.
            Err(error) if error.is_cancelled() => {}
            // A bug must end the program, not freeze its picture.
            Err(error) => std::panic::resume_unwind(error.into_panic()),
        }
    }

    fn heard_lock_free(&mut self, reading: &Reading) {
        self.lock_free = None;
        let peers = self.snapshot.peers.get().cloned();
        let snapshot = Arc::make_mut(&mut self.snapshot);
        merge::reading(snapshot, reading);
        if let Some(definitions) = self.round.as_mut().and_then(|round| round.take(reading)) {
            merge::definitions(snapshot, definitions);
            self.schedule.forget(snapshot);
        }
        self.rounds.answered(reading);
        match (reading.command(), &reading.result) {
            (Command::VolumeInfo(None), result) => {
                let failed = result.as_ref().err().map(|failure| failure.kind);
                self.schedule
                    .set_unreachable(failed.is_some_and(round::ends_round));
            }
            (Command::PoolList, Ok(_)) => {
                let before = peers.as_deref().unwrap_or_default();
                self.schedule.hear_peers(before, &self.snapshot);
            }
            (Command::State, Ok(Reply::State(report))) => self.schedule.hear_state(Some(report)),
            (Command::State, Err(failure)) if !round::ends_round(failure.kind) => {
                self.schedule.hear_state(None);
            }
            _ => {}
        }
    }

    fn job_ended(&mut self, ended: &Ended) {
        self.queue.ended(ended.job.id);
        let command = ended.job.order.command();
        let outcome = &ended.outcome;
        if outcome.result == JobResult::GivenUp {
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
            self.schedule.want_volume(volume);
        }
        self.rounds.hurry();
    }

    /// Tells of a job's end. It is never left out, and the next job does not wait for a slow
    /// listener.
    fn tell(&mut self, ended: Ended) {
        let events = self.events.clone();
        self.tasks.spawn(async move {
            let end = JobEvent::Ended(ended.outcome);
            // Nobody listening any more is no failure.
            let _ = events.send((ended.job.id, end)).await;
            Finished::Told
        });
    }

    /// Shows the oldest question once it takes a second; quicker ones are nobody's business.
    fn note_asking(&mut self, now: Duration) -> Option<Duration> {
        const SLOW: Duration = Duration::from_secs(1);
        let oldest = [&self.lock_free, &self.locking]
            .into_iter()
            .flatten()
            .min_by_key(|flight| flight.asked.steady);
        let slow_from = oldest.map(|flight| flight.asked.steady + SLOW);
        let asking = oldest
            .filter(|flight| flight.asked.steady + SLOW <= now)
            .map(|flight| Asking {
                question: format!("gluster {}", flight.order.command()),
                since: flight.asked,
            });
        if self.snapshot.asking != asking {
            Arc::make_mut(&mut self.snapshot).asking = asking;
        }
        slow_from.filter(|&from| from > now)
    }

    /// Every change makes another `Arc`, because the published one is shared.
    fn publish(&self) {
        if !Arc::ptr_eq(&self.snapshot, &self.published.borrow()) {
            self.published.send_replace(Arc::clone(&self.snapshot));
        }
    }
}

impl Flight {
    fn volume(&self) -> Option<&VolumeName> {
        self.order.command().locks()
    }
}
