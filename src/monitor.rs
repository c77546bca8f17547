//! One gentle reader and one command worker between the program and the cluster.
//!
//! ```text
//!        mpsc: Request ─▶ ┌────────── monitor ──────────┐
//! watch: Arc<Snapshot> ◀─ │ lock-free lane  round       │ ─▶ Runner
//!       mpsc: JobEvent ◀─ │ locking lane    schedule    │ ─▶ Runner
//!                         │ changes         queue,worker│ ─▶ Runner
//!                         └─────────────────────────────┘
//! ```
//!
//! Asking costs a cluster something: a status question takes the volume's lock on every node, and
//! whoever meets it there is refused. So what needs no lock is read every few seconds, what needs
//! one is read one question at a time and as seldom as the screen allows, and a change goes ahead
//! of both. The three lanes do not wait for each other: while one hung peer keeps a status
//! question waiting for two minutes, the definitions stay fresh and a stop goes out at once.
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
use crate::model::{Snapshot, VolumeName};

mod ask;
mod clock;
mod jitter;
#[doc(hidden)]
pub mod measure;
mod merge;
mod names;
mod once;
mod queue;
mod reader;
mod round;
mod schedule;
mod tasks;
#[cfg(test)]
mod testing;
mod worker;

pub use clock::Clock;
pub use once::read_once;

/// How to read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Settings {
    /// The time between two rounds of lock-free questions; every other period is a multiple.
    pub interval: Duration,
    /// How long a question may take. gluster itself gives up after 120 s; less only hides that.
    pub timeout: Duration,
}

/// What the monitor is asked to do.
#[derive(Debug, Clone, PartialEq)]
pub enum Request {
    /// The admin looks at something else.
    Focus(Focus),
    /// Read everything again now, what is looked at first.
    ReadNow,
    /// Ask nothing, or go on. Jobs run all the same, their own checks included.
    Pause(bool),
    /// Another reading interval.
    Interval(Duration),
    /// Carry out a confirmed change.
    Run(Job),
    /// Stop trying at a busy lock. A command that runs is never taken back.
    GiveUp(JobId),
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
    /// The monitor itself. It fails with the panic of any task inside.
    pub task: JoinHandle<()>,
}

/// Starts a monitor on the current runtime.
pub fn start(
    runner: Arc<dyn Runner>,
    launcher: Launcher,
    settings: Settings,
    clock: Clock,
) -> Monitor {
    /// An admin's key presses and a screenful of job events; neither side should ever fill it.
    const ROOM: usize = 64;
    let (requests, requested) = mpsc::channel(ROOM);
    let (events, jobs) = mpsc::channel(ROOM);
    let (published, snapshots) = watch::channel(Arc::default());
    let asker = ask::Asker::new(runner, launcher, &settings, clock);
    let reader = reader::Reader::new(asker, settings.interval, published, events);
    Monitor {
        requests,
        snapshots,
        jobs,
        task: tokio::spawn(reader.run(requested)),
    }
}
