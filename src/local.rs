//! This node's own files: the log of its rebalance process, what is left on its leaving bricks, and
//! what its logs of events and commands tell of volumes.
//!
//! ```text
//! VOLUME-rebalance.log ──▶ log  ──▶ insight::triage
//! /bricks/b2/...       ──▶ tree ──▶ insight::leftovers::Count
//! events.log           ──▶ follow (tail, hints) ──▶ the names of volumes
//! cmd_history.log      ──▶ follow
//! ```
//!
//! gluster tells how many files failed, and not which or why; that is only in files, and each
//! node has only its own. The looks are bounded in size and in time, follow no symbolic link,
//! and change nothing. They block, so they run on a thread of their own: a disk that does not
//! answer costs that thread, and nobody else waits for it.

use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use jiff::Timestamp;
use tokio::task::spawn_blocking;
use tokio::time::timeout;

use crate::insight::leftovers::{Count, Cut};
use crate::insight::triage::Triage;
use crate::model::{BrickName, Unreadable, UnreadableKind, VolumeName};

mod file;
mod follow;
mod hints;
mod log;
mod sample;
mod tail;
mod tree;

pub use follow::{Follower, follow};
pub use log::path as log_path;
pub use sample::{LOG as SAMPLE_LOG, count as sample_count};

/// Where gluster keeps its logs, unless it was built otherwise.
pub const LOG_DIR: &str = "/var/log/glusterfs";

/// How long the log may take: it is one file, read from its end.
const LOG_DEADLINE: Duration = Duration::from_secs(10);
/// What a walk may go beyond its own limit of time, inside one directory entry.
const GRACE: Duration = Duration::from_secs(5);

/// How far a look at a brick goes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Limits {
    /// Entries of directories that are looked at.
    pub entries: u64,
    /// How long it may take.
    pub time: Duration,
}

impl Limits {
    /// Beside other work on a screen.
    pub const SCREEN: Self = Self {
        entries: 1_000_000,
        time: Duration::from_secs(30),
    };
    /// For a command that does nothing else.
    pub const COMMAND: Self = Self {
        entries: 50_000_000,
        time: Duration::from_secs(3_600),
    };
}

/// Ends a look early. Clones end together; dropping one ends nothing.
#[derive(Debug, Clone, Default)]
pub struct Stop(Arc<AtomicBool>);

impl Stop {
    /// Nobody wants the answer any more.
    pub fn stop(&self) {
        self.0.store(true, Ordering::Relaxed);
    }

    fn is_stopped(&self) -> bool {
        self.0.load(Ordering::Relaxed)
    }
}

/// Reads the end of a volume's rebalance log and groups what it says; `since` as in
/// [`triage`](crate::insight::triage::triage).
pub async fn read_log(
    dir: PathBuf,
    volume: VolumeName,
    since: Option<Timestamp>,
) -> Result<Triage, Unreadable> {
    let path = log_path(&dir, &volume).display().to_string();
    in_time(path, LOG_DEADLINE, move || log::read(&dir, &volume, since)).await
}

/// Counts what is left on a brick of this node. Ends early, with what was found so far, when
/// `stop` says so or a limit is reached.
pub async fn count(brick: BrickName, limits: Limits, stop: Stop) -> Result<Count, Unreadable> {
    let path = brick.path().to_owned();
    let inside = stop.clone();
    let counted = in_time(path, limits.time + GRACE, move || {
        let until = Instant::now() + limits.time;
        let is_over = |entries: u64| {
            if inside.is_stopped() {
                Some(Cut::Cancelled)
            } else if entries >= limits.entries {
                Some(Cut::Entries)
            } else if Instant::now() >= until {
                Some(Cut::Time)
            } else {
                None
            }
        };
        tree::count(brick.path(), &is_over)
    })
    .await;
    // A walk that hangs goes no further once its disk answers.
    stop.stop();
    counted
}

async fn in_time<T: Send + 'static>(
    path: String,
    deadline: Duration,
    work: impl FnOnce() -> Result<T, Unreadable> + Send + 'static,
) -> Result<T, Unreadable> {
    match timeout(deadline, spawn_blocking(work)).await {
        Ok(Ok(result)) => result,
        Ok(Err(died)) => Err(Unreadable {
            path,
            kind: UnreadableKind::Io(died.to_string()),
        }),
        Err(_) => Err(Unreadable {
            path,
            kind: UnreadableKind::Slow,
        }),
    }
}

fn unreadable(path: &std::path::Path, error: rustix::io::Errno) -> Unreadable {
    use rustix::io::Errno;
    let kind = match error {
        Errno::NOENT => UnreadableKind::Missing,
        Errno::ACCESS | Errno::PERM => UnreadableKind::Permission,
        Errno::LOOP | Errno::NOTDIR | Errno::ISDIR | Errno::NXIO => UnreadableKind::NotUsable,
        other => UnreadableKind::Io(std::io::Error::from(other).to_string()),
    };
    Unreadable {
        path: path.display().to_string(),
        kind,
    }
}
