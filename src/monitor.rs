//! One gentle reader and one command worker between the program and the cluster.
//!
//! ```text
//!        mpsc: Request ─▶ ┌────────── monitor ──────────┐
//! watch: Arc<Snapshot> ◀─ │ lock-free lane  round       │ ─▶ Runner
//!       mpsc: JobEvent ◀─ │ locking lane    schedule    │ ─▶ Runner
//!                         │ dialog's lane   inspect     │ ─▶ Runner
//!                         │ changes         queue,worker│ ─▶ Runner
//!                         └─────────────────────────────┘
//! ```
//!
//! Asking costs a cluster something: a status question takes the volume's lock on every node, and
//! whoever meets it there is refused. So what needs no lock is read every few seconds, what needs
//! one is read one question at a time and within a budget, and a change goes ahead of both. What only
//! a dialog wants to know is asked when it opens, beside all that. The lanes do not wait for each
//! other: while one hung peer keeps a status question waiting for two minutes, the definitions stay
//! fresh and a stop goes out at once.
//!
//! What to ask when (`round`, `schedule`) and how an answer changes the picture (`merge`, `tasks`)
//! is decided by pure functions; `reader` and `worker` do the waiting. All state has one owner,
//! the reader's loop; everything else is a message.

use std::sync::Arc;
use std::time::Duration;

use tokio::sync::{mpsc, watch};
use tokio::task::JoinHandle;

use crate::gluster::{Launcher, Runner};
use crate::job::{Job, JobEvent, JobId};
use crate::model::{CommandRecord, Snapshot, VolumeName};

mod account;
mod alone;
mod ask;
mod clock;
mod inspect;
mod jitter;
#[doc(hidden)]
pub mod measure;
mod memory;
mod merge;
mod names;
mod once;
mod queue;
mod reader;
mod recollect;
mod round;
mod schedule;
mod tasks;
#[cfg(test)]
mod testing;
mod weigh;
mod worker;

pub use alone::{CarriedOut, carry_out, find_task, volumes_with_tasks};
pub use clock::Clock;
pub use memory::{Closing, Memory, Place};
pub use once::read_once;

/// How to read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Settings {
    /// The time between two rounds of lock-free questions; a task's periods are multiples of it.
    pub interval: Duration,
    /// How long a question may take. gluster itself gives up after 120 s; less only hides that.
    pub timeout: Duration,
    /// How much may be asked under a volume's lock.
    pub budget: Budget,
}

/// What questions under a volume's lock may cost. Whoever meets a lock is refused, so they are
/// few, and short beside the time between them.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Budget {
    /// So many in a minute while no task runs, once everything was read.
    pub a_minute: u32,
    /// The share of the time spent inside them, whatever runs, in percent.
    pub share_percent: u8,
}

impl Default for Budget {
    fn default() -> Self {
        Self {
            a_minute: 6,
            share_percent: 5,
        }
    }
}

/// What the monitor is asked to do.
#[derive(Debug, Clone, PartialEq)]
pub enum Request {
    /// The admin looks at something else.
    Focus(Focus),
    /// Nothing but this volume matters: no question that locks another.
    Only(VolumeName),
    /// A change of these volumes is being considered: read once what its plan rests on beyond the
    /// regular readings. None: nobody waits for that any more.
    Inspect(Vec<VolumeName>),
    /// Read everything again now, what is looked at first.
    ReadNow,
    /// Read all of one volume again, ahead of everything else.
    Look(VolumeName),
    /// Something may have happened to this volume: read it soon. A hint proves nothing and is not
    /// worth a question each time, so several in a row count as one.
    Hint(VolumeName),
    /// Ask nothing, or go on. Jobs run all the same, their own checks included.
    Pause(bool),
    /// Another reading interval.
    Interval(Duration),
    /// Carry out a confirmed change.
    Run(Job),
    /// Stop trying at a busy lock. A command that runs is never taken back.
    GiveUp(JobId),
    /// Read from the history which commands other sessions ran.
    Recall,
}

/// What the admin looks at: it is read first and most often.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Focus {
    /// The volume under the cursor.
    pub selected: Option<VolumeName>,
    /// The volumes on the screen.
    pub visible: Vec<VolumeName>,
}

/// The ends of a running monitor's channels.
#[derive(Debug)]
pub struct Monitor {
    /// What to do. The monitor ends when this is dropped; a change that runs then goes on.
    pub requests: mpsc::Sender<Request>,
    /// The picture, whenever it changed.
    pub snapshots: watch::Receiver<Arc<Snapshot>>,
    /// What becomes of jobs, in order for each. While nobody makes room, steps are left out; ends
    /// never are.
    pub jobs: mpsc::Receiver<(JobId, JobEvent)>,
    /// The commands that other sessions ran, latest first, whenever they were read again.
    pub recalled: watch::Receiver<Arc<[CommandRecord]>>,
    /// The monitor itself. It fails with the panic of any task inside.
    pub task: JoinHandle<()>,
}

/// Starts a monitor on the current runtime. What it sees and does goes into `memory`.
pub fn start(
    runner: Arc<dyn Runner>,
    launcher: Launcher,
    settings: Settings,
    clock: Clock,
    memory: Option<Memory>,
) -> Monitor {
    /// An admin's key presses and a screenful of job events; neither side should ever fill it.
    const ROOM: usize = 64;
    let (requests, requested) = mpsc::channel(ROOM);
    let (events, jobs) = mpsc::channel(ROOM);
    let (published, snapshots) = watch::channel(Arc::default());
    let asker = ask::Asker::new(runner, launcher, &settings, clock);
    let recalled = memory.as_ref().map(Memory::commands);
    let reader = reader::Reader::new(asker, &settings, published, events, memory);
    Monitor {
        requests,
        snapshots,
        jobs,
        // Nothing ever comes out of one whose other end is gone.
        recalled: recalled.unwrap_or_else(|| watch::channel(Arc::from([])).1),
        task: tokio::spawn(reader.run(requested)),
    }
}
