//! Commands without a screen: read, judge, ask, run, print.
//!
//! ```text
//! Request ─▶ read (monitor) ─▶ judge (insight::plan) ─▶ consent ─▶ run (monitor's worker) ─▶ print
//! ```
//!
//! They see the same checks as the dialogs and run through the same worker. Standard output gets
//! the result alone; what happens meanwhile is said on standard error.

use std::cell::{Cell, RefCell};
use std::io;
use std::sync::Arc;
use std::time::Duration;

use tokio::sync::mpsc;

use crate::gluster::{Launcher, Runner};
use crate::insight::finding::Thresholds;
use crate::job::JobId;
use crate::model::{Fault, FaultKind, Snapshot, VolumeName};
use crate::monitor::{Clock, Memory, Settings};
use crate::{monitor, report};

mod change;
mod consent;
mod judge;
mod leftovers;
mod plan;
mod request;
mod status;
mod stop;
mod wait;
mod work;

pub use request::{Change, Consent, Request, WaitRequest};

/// Where a command without a screen reads and works.
pub struct Batch {
    /// Carries orders out; what it does not permit is shown instead.
    pub runner: Arc<dyn Runner>,
    /// Makes orders.
    pub launcher: Launcher,
    /// How to read; the interval is that of `wait`.
    pub settings: Settings,
    /// The clocks.
    pub clock: Clock,
    /// Where the answers come from.
    pub source: report::Source,
    /// When something counts as an alarm.
    pub thresholds: Thresholds,
    /// How long a busy lock is tried again.
    pub patience: Duration,
    /// A name of this node for bricks that are given by their path alone.
    pub host: String,
    /// Changes that were begun so far.
    pub jobs: Cell<u64>,
    /// Keeps what is seen and run; nothing does when it is empty.
    pub memory: RefCell<Option<Memory>>,
}

impl Batch {
    fn next_job(&self) -> JobId {
        self.jobs.set(self.jobs.get() + 1);
        JobId(self.jobs.get())
    }

    /// Reads these volumes once, or all of them for none.
    async fn read(&self, only: &[VolumeName]) -> (Snapshot, Vec<Fault>) {
        self.look(only, &[]).await
    }

    /// The same with all that the plan of a change of these volumes hangs on.
    async fn read_for(&self, volumes: &[VolumeName]) -> (Snapshot, Vec<Fault>) {
        self.look(volumes, volumes).await
    }

    async fn look(&self, only: &[VolumeName], considered: &[VolumeName]) -> (Snapshot, Vec<Fault>) {
        // Not borrowed while it waits: it is out of its place meanwhile.
        let mut memory = self.memory.take();
        let read = monitor::read_once(
            self.runner.clone(),
            self.launcher.clone(),
            self.settings,
            self.clock,
            only,
            considered,
            memory.as_mut(),
        )
        .await;
        self.memory.replace(memory);
        read
    }
}

/// The standard streams, or what a test has in their place.
pub trait Console {
    /// A part of the result, to standard output; `false`: nobody reads it any more, which is no
    /// failure.
    fn print(&self, text: &str) -> io::Result<bool>;

    /// One message, to standard error.
    fn say(&self, line: &str);

    /// Several lines to be read before a question, to standard error.
    fn show(&self, text: &str);

    /// Whether standard output is a terminal: then a line may take the place of the last one.
    fn is_terminal(&self) -> bool;

    /// A line on standard output in the place of the last one of its sort.
    fn replace(&self, line: &str) -> io::Result<bool>;

    /// Whether somebody can be asked.
    fn can_ask(&self) -> bool;

    /// Asks on standard error, and waits for the line that is typed; `None` at the end of input.
    fn ask(&self, question: &str) -> io::Result<Option<String>>;

    /// From now on, gives the signals that would end the program, by their numbers.
    fn signals(&self) -> io::Result<mpsc::Receiver<u8>>;
}

/// How a command ended, as its exit code says it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Code {
    /// 0: done, or healthy.
    Done,
    /// 1: a warning, refused by a check, or completed with failures.
    Warning,
    /// 124: gave up waiting.
    GaveUp,
    /// 2: critical, failed or stopped.
    Failed,
    /// 3: no answer, or not known.
    Unknown,
    /// 64: wrong usage.
    Usage,
    /// 128 and the number of the signal that ended it.
    Signal(u8),
}

impl Code {
    /// The number.
    pub fn exit(self) -> u8 {
        match self {
            Self::Done => 0,
            Self::Warning => 1,
            Self::Failed => 2,
            Self::Unknown => 3,
            Self::Usage => 64,
            Self::GaveUp => 124,
            Self::Signal(number) => 128_u8.saturating_add(number),
        }
    }

    /// The one of two that an admin has to hear of.
    fn worse(self, other: Self) -> Self {
        let rank = |code| match code {
            Self::Done => 0,
            Self::Warning => 1,
            Self::GaveUp => 2,
            Self::Failed => 3,
            Self::Unknown => 4,
            Self::Usage => 5,
            Self::Signal(_) => 6,
        };
        if rank(other) > rank(self) {
            other
        } else {
            self
        }
    }

    /// What a failed question or change comes to.
    fn of(kind: FaultKind) -> Self {
        match kind {
            FaultKind::Busy => Self::GaveUp,
            FaultKind::Refused => Self::Failed,
            FaultKind::NotFound
            | FaultKind::Permission
            | FaultKind::DaemonDown
            | FaultKind::Timeout
            | FaultKind::BadOutput
            | FaultKind::Spawn => Self::Unknown,
        }
    }
}

/// Carries out one command. An error is one of the console's own.
pub async fn run(batch: &Batch, console: &dyn Console, request: Request) -> io::Result<Code> {
    match request {
        Request::Status { volumes, json } => status::run(batch, console, &volumes, json).await,
        Request::Plan { change, json } => plan::run(batch, console, &change, json).await,
        Request::Compare { volume, json } => plan::compare(batch, console, volume, json).await,
        Request::Run {
            change,
            consent,
            json,
        } => change::run(batch, console, &change, &consent, json).await,
        Request::Stop {
            volumes,
            retry,
            consent,
            json,
        } => {
            let stop = stop::Stop {
                patience: retry.unwrap_or(batch.patience),
                consent,
                json,
            };
            stop.run(batch, console, volumes).await
        }
        Request::Wait(request) => wait::run(batch, console, request).await,
        Request::Leftovers {
            volume,
            bricks,
            json,
        } => leftovers::run(batch, console, &volume, &bricks, json).await,
    }
}

/// Says what went wrong, and what can be done about it.
fn complain(console: &dyn Console, fault: &Fault) {
    console.say(&format!("{}: {}", fault.command, fault.message));
    console.say(fault.kind.advice());
}

#[cfg(test)]
mod testing;
#[cfg(test)]
mod tests;
