//! A cluster on paper: it answers as gluster does, and does what a test tells it.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use glustop::gluster::{Answer, Command, Failure, Order, RunFuture, Runner};
use glustop::model::FaultKind;
use tokio::time::Instant;

mod answers;

pub(crate) use answers::brick;
use answers::{refused, task_id};

/// Every node hosts one brick of every volume: `gl-01:/b/VOLUME` and so on.
pub(crate) const NODES: usize = 3;

/// What happens to an order instead of a good answer.
#[derive(Debug, Clone)]
pub(crate) enum Mishap {
    /// Another transaction holds the lock.
    Busy,
    /// gluster refuses with this sentence.
    Says(&'static str),
    /// No answer until the deadline.
    Hang,
    /// This failure.
    Fail(FaultKind),
    /// A bug of ours.
    Panic,
    /// Takes this long, then goes well.
    Slow(Duration),
}

/// An order that arrived.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Call {
    /// When.
    pub(crate) at: Duration,
    /// The words after gluster's options.
    pub(crate) words: String,
    /// All words, program first.
    pub(crate) argv: Vec<String>,
}

pub(crate) struct Cluster {
    begun: Instant,
    state: Mutex<State>,
}

#[derive(Default)]
struct State {
    volumes: BTreeMap<String, Option<Task>>,
    mishaps: Vec<(String, usize, Mishap)>,
    calls: Vec<Call>,
    /// Bricks that do not run.
    dead: BTreeSet<String>,
    /// Nodes that are away from the pool.
    away: BTreeSet<usize>,
    /// No brick has room left.
    full: bool,
    /// Volumes are replica sets instead of distributed.
    copies: bool,
    /// Entries that wait for healing, by every brick's count.
    pending: u64,
    /// Locking questions under way, by volume.
    locked: BTreeMap<String, usize>,
    /// Two of them on one volume, or two questions at all.
    overlaps: Vec<String>,
}

#[derive(Clone)]
struct Task {
    id: String,
    bricks: Vec<String>,
    state: &'static str,
    moved: u64,
}

impl Cluster {
    pub(crate) fn with(volumes: &[&str]) -> Arc<Self> {
        let volumes = volumes
            .iter()
            .map(|&name| (name.to_owned(), None))
            .collect();
        Arc::new(Self {
            begun: Instant::now(),
            state: Mutex::new(State {
                volumes,
                ..State::default()
            }),
        })
    }

    /// Somebody else starts a task.
    pub(crate) fn begin(&self, volume: &str, bricks: &[&str]) {
        let bricks = bricks.iter().map(|&brick| brick.to_owned()).collect();
        let mut state = self.state();
        let id = task_id(state.calls.len());
        let task = Task {
            id,
            bricks,
            state: "in progress",
            moved: 0,
        };
        state.volumes.insert(volume.to_owned(), Some(task));
    }

    /// The task is over.
    pub(crate) fn complete(&self, volume: &str) {
        if let Some(Some(task)) = self.state().volumes.get_mut(volume) {
            task.state = "completed";
        }
    }

    /// Somebody else stops the task: gluster knows nothing of it any more.
    pub(crate) fn forget(&self, volume: &str) {
        self.state().volumes.insert(volume.to_owned(), None);
    }

    /// A brick's process dies.
    pub(crate) fn kill(&self, brick: &str) {
        self.state().dead.insert(brick.to_owned());
    }

    /// A node leaves the network.
    pub(crate) fn disconnect(&self, node: usize) {
        self.state().away.insert(node);
    }

    /// Somebody writes the bricks full.
    pub(crate) fn fill(&self) {
        self.state().full = true;
    }

    /// Every volume keeps a copy of each file on every node.
    pub(crate) fn copy(&self) {
        self.state().copies = true;
    }

    /// So many entries wait for healing, says every brick.
    pub(crate) fn wait_for_heal(&self, entries: u64) {
        self.state().pending = entries;
    }

    /// Somebody deletes a volume.
    pub(crate) fn delete(&self, volume: &str) {
        self.state().volumes.remove(volume);
    }

    /// The next so many orders whose words begin like this meet a mishap.
    pub(crate) fn trouble(&self, words: &str, times: usize, mishap: Mishap) {
        self.state().mishaps.push((words.to_owned(), times, mishap));
    }

    /// No more trouble.
    pub(crate) fn heal(&self) {
        self.state().mishaps.clear();
    }

    /// When it began.
    pub(crate) fn begun(&self) -> Instant {
        self.begun
    }

    /// Every order so far.
    pub(crate) fn calls(&self) -> Vec<Call> {
        self.state().calls.clone()
    }

    /// When orders with these words arrived.
    pub(crate) fn times(&self, words: &str) -> Vec<Duration> {
        let calls = self.calls().into_iter();
        calls
            .filter(|call| call.words.starts_with(words))
            .map(|call| call.at)
            .collect()
    }

    /// Locking questions that met another one of ours.
    pub(crate) fn overlaps(&self) -> Vec<String> {
        self.state().overlaps.clone()
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn mishap(&self, words: &str) -> Option<Mishap> {
        let mut state = self.state();
        let (_, times, mishap) = state
            .mishaps
            .iter_mut()
            .find(|(start, times, _)| words.starts_with(start.as_str()) && *times > 0)?;
        *times -= 1;
        Some(mishap.clone())
    }

    async fn answer(&self, order: &Order, deadline: Duration) -> Result<Answer, Failure> {
        let command = order.command();
        let words = command.words().join(" ");
        self.state().calls.push(Call {
            at: self.begun.elapsed(),
            words: words.clone(),
            argv: order.argv().words().to_vec(),
        });
        let _lock = Lock::take(self, command);
        tokio::time::sleep(Duration::from_millis(50)).await;
        match self.mishap(&words) {
            Some(Mishap::Busy) => {
                return Ok(refused(
                    "Another transaction is in progress for v. Please try again after some time.",
                ));
            }
            Some(Mishap::Says(text)) => return Ok(refused(text)),
            Some(Mishap::Hang) => {
                tokio::time::sleep(deadline).await;
                return Err(Failure::new(FaultKind::Timeout, "No answer."));
            }
            Some(Mishap::Fail(kind)) => return Err(Failure::new(kind, "It failed.")),
            Some(Mishap::Panic) => panic!("a bug"),
            Some(Mishap::Slow(time)) => tokio::time::sleep(time).await,
            None => {}
        }
        Ok(self.state().obey(command))
    }
}

impl Runner for Cluster {
    fn run<'a>(&'a self, order: &'a Order, deadline: Duration) -> RunFuture<'a> {
        Box::pin(self.answer(order, deadline))
    }
}

/// Notes a locking question for as long as it is under way. Stops may meet one.
struct Lock<'a> {
    cluster: &'a Cluster,
    volume: Option<String>,
}

impl<'a> Lock<'a> {
    fn take(cluster: &'a Cluster, command: &Command) -> Self {
        let locks = command.locks().filter(|_| !command.stops());
        let volume = locks.map(ToString::to_string);
        if let Some(volume) = &volume {
            let mut state = cluster.state();
            let held = state.locked.entry(volume.clone()).or_default();
            *held += 1;
            if *held > 1 {
                state.overlaps.push(command.words().join(" "));
            }
        }
        Self { cluster, volume }
    }
}

impl Drop for Lock<'_> {
    fn drop(&mut self) {
        if let Some(volume) = &self.volume
            && let Some(held) = self.cluster.state().locked.get_mut(volume)
        {
            *held -= 1;
        }
    }
}
