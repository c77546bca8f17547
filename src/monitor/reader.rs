//! The loop that owns everything: it starts what is due, lays answers over the picture, and
//! publishes it.

use std::sync::Arc;
use std::time::Duration;

use tokio::sync::{mpsc, watch};
use tokio::task::{AbortHandle, Id, JoinError, JoinSet};

use super::account::Account;
use super::ask::{Asker, Reading};
use super::inspect::{self, Inspection};
use super::jitter::Jitter;
use super::memory::Memory;
use super::merge;
use super::queue::Queue;
use super::recollect::Recollection;
use super::round::{self, Round, Rounds};
use super::schedule::{Next, Schedule};
use super::worker::{Ended, Events};
use super::{Request, Settings};
use crate::gluster::{Command, Order, Reply};
use crate::model::{Asking, Snapshot, Stamp, VolumeName, Watching};

mod jobs;

/// No reading interval is shorter: a round takes up to four questions.
const FASTEST: Duration = Duration::from_secs(1);

/// The owner of the picture.
pub(super) struct Reader {
    asker: Asker,
    snapshot: Arc<Snapshot>,
    published: watch::Sender<Arc<Snapshot>>,
    events: Events,
    jitter: Jitter,
    memory: Option<Memory>,
    recollection: Recollection,
    paused: bool,
    /// What runs: at most one question of each of the three lanes, and the jobs.
    tasks: JoinSet<Finished>,
    rounds: Rounds,
    round: Option<Round>,
    lock_free: Option<Flight>,
    schedule: Schedule,
    locking: Option<Flight>,
    inspection: Inspection,
    inspecting: Option<Flight>,
    queue: Queue,
    /// Since when jobs wait or run.
    busy_from: Option<Duration>,
    account: Account,
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
    Inspected(Reading),
    Job(Ended),
    Told,
}

impl Reader {
    pub(super) fn new(
        asker: Asker,
        settings: &Settings,
        published: watch::Sender<Arc<Snapshot>>,
        events: Events,
        mut memory: Option<Memory>,
    ) -> Self {
        let interval = settings.interval.max(FASTEST);
        let mut jitter = Jitter::new(asker.clock.seed());
        let snapshot = Arc::clone(&published.borrow());
        Self {
            snapshot,
            published,
            events,
            recollection: memory
                .as_mut()
                .map_or_else(Recollection::default, Memory::recollection),
            memory,
            paused: false,
            tasks: JoinSet::new(),
            rounds: Rounds::every(interval),
            round: None,
            lock_free: None,
            schedule: Schedule::new(interval, settings.budget, jitter.split()),
            locking: None,
            inspection: Inspection::default(),
            inspecting: None,
            queue: Queue::default(),
            busy_from: None,
            account: Account::default(),
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
                () = hear(&mut self.memory) => {}
                () = tokio::time::sleep_until(self.asker.clock.instant(wake)) => {}
            }
        }
    }

    fn obey(&mut self, request: Request) {
        let now = self.asker.clock.now().steady;
        match request {
            Request::Focus(focus) => {
                self.schedule.set_focus(focus, now);
                self.rounds.stir(now);
            }
            Request::Only(volume) => self.schedule.set_only(volume),
            Request::ReadNow => {
                self.rounds.want_all();
                self.rounds.hurry(now);
                self.schedule.want_all(&self.snapshot);
            }
            Request::Inspect(volumes) => self.inspect(&volumes),
            Request::Look(volume) => {
                self.rounds.want_all();
                self.rounds.hurry(now);
                self.schedule.want_volume(&volume);
            }
            Request::Hint(volume) => {
                self.schedule.hint(&volume);
                self.rounds.soon(now);
            }
            Request::Pause(paused) => {
                self.paused = paused;
                // The rest of a round would be old news after a pause.
                self.round = None;
                self.rounds.hurry(now);
            }
            Request::Interval(interval) => {
                let interval = interval.max(FASTEST);
                self.rounds.set_interval(interval, now);
                self.schedule.set_interval(interval);
            }
            Request::Run(job) => self.queue.add(job),
            Request::GiveUp(id) => self.queue.give_up(id),
            Request::Recall => {
                if let Some(memory) = &self.memory {
                    memory.recall();
                }
            }
        }
    }

    /// A dialog opens, turns to other volumes, or closes.
    fn inspect(&mut self, volumes: &[VolumeName]) {
        let now = self.asker.clock.now();
        for volume in inspect::with_old_space(volumes, &self.snapshot, now) {
            self.schedule.want_space(volume);
        }
        let snapshot = Arc::make_mut(&mut self.snapshot);
        let forget: Vec<_> = inspect::with_old_heal(volumes, snapshot, now)
            .cloned()
            .collect();
        for volume in &forget {
            merge::forget_heal(snapshot, volume);
        }
        self.inspection = Inspection::of(volumes, &self.snapshot);
        // What runs is asked anew where it is still wanted: it may be as old as its dialog.
        if let Some(flight) = self.inspecting.take() {
            flight.task.abort();
        }
    }

    /// Starts jobs and questions; says when to look again at the latest.
    fn start_what_is_due(&mut self) -> Duration {
        /// Nothing is due that far ahead; requests and answers wake the loop besides.
        const IDLE: Duration = Duration::from_secs(3_600);
        let now = self.asker.clock.now().steady;
        let job = self.start_jobs(now);
        if self.inspecting.is_none()
            && let Some(command) = self.inspection.next()
        {
            self.inspecting = Some(self.ask(command, Finished::Inspected));
        }
        let way = self.makes_way(now);
        let (lock_free, locking) = if self.paused {
            (None, None)
        } else {
            (
                way.lock_free.or_else(|| self.ask_lock_free(now)),
                way.locking.or_else(|| self.ask_locking(now)),
            )
        };
        let asking = self.note_asking(now);
        [job, lock_free, locking, asking]
            .into_iter()
            .flatten()
            .min()
            .unwrap_or(now + IDLE)
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
                self.enter(&reading);
            }
            Ok((task, Finished::Inspected(reading))) => {
                self.inspecting.take_if(|flight| flight.task.id() == task);
                self.enter(&reading);
                merge::reading(Arc::make_mut(&mut self.snapshot), &reading);
            }
            Ok((_, Finished::Job(ended))) => {
                self.job_ended(&ended);
                self.tell(ended);
            }
            Ok((_, Finished::Told)) => {}
            // A question that was given up for a job, or with its dialog.
            Err(error) if error.is_cancelled() => {}
            // A bug must end the program, not freeze its picture.
            Err(error) => std::panic::resume_unwind(error.into_panic()),
        }
    }

    /// Enters what a question has cost.
    fn enter(&mut self, reading: &Reading) {
        self.account.enter(reading);
        let now = reading.done.steady;
        Arc::make_mut(&mut self.snapshot).watching = Watching {
            every: self.rounds.apart(now),
            held_back: self.schedule.held_back(),
            // After one that hung it says nothing of how old counters are when all is well.
            rest: match (reading.command().locks(), reading.failed()) {
                (Some(_), None) => self.schedule.rests(now),
                _ => self.snapshot.watching.rest,
            },
            ..self.account.watching(now)
        };
    }

    fn heard_lock_free(&mut self, reading: &Reading) {
        self.lock_free = None;
        self.enter(reading);
        let now = reading.done.steady;
        let peers = self.snapshot.peers.get().cloned();
        let snapshot = Arc::make_mut(&mut self.snapshot);
        merge::reading(snapshot, reading);
        if let Some(definitions) = self.round.as_mut().and_then(|round| round.take(reading)) {
            self.rounds.defined(now);
            merge::definitions(snapshot, definitions);
            self.schedule.hear_definitions(snapshot);
        }
        let confirmed = self.rounds.answered(reading, self.round.as_mut());
        merge::confirmed(snapshot, confirmed, reading.done);
        if let Command::State | Command::VolumeInfo(None) = reading.command() {
            let is_down = reading.failed().is_some_and(round::ends_round);
            self.schedule.set_unreachable(is_down);
        }
        match (reading.command(), &reading.result) {
            (Command::PoolList, Ok(_)) => {
                let before = peers.as_deref().unwrap_or_default();
                self.schedule.hear_peers(before, &self.snapshot, now);
            }
            (Command::State, Ok(Reply::State(report)))
                if self.schedule.hear_state(Some(report)) =>
            {
                self.rounds.stir(now);
            }
            (Command::State, Err(failure)) if !round::ends_round(failure.kind) => {
                self.schedule.hear_state(None);
            }
            _ => {}
        }
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
    fn publish(&mut self) {
        let now = self.asker.clock.now();
        if let Some(memory) = &mut self.memory {
            memory.apply(&mut self.snapshot, now);
        }
        self.recollection.apply(&mut self.snapshot);
        if !Arc::ptr_eq(&self.snapshot, &self.published.borrow()) {
            self.published.send_replace(Arc::clone(&self.snapshot));
            if let Some(memory) = &mut self.memory {
                memory.look(&self.snapshot, now);
            }
        }
    }
}

/// Waits for the history to tell something; for ever where there is none.
async fn hear(memory: &mut Option<Memory>) {
    match memory {
        Some(memory) => memory.hear().await,
        None => std::future::pending().await,
    }
}

impl Flight {
    fn volume(&self) -> Option<&VolumeName> {
        self.order.command().locks()
    }
}
