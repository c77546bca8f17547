//! One process: started in a group of its own, drained on both pipes, and either given up or left
//! to go on.
//!
//! Killing gluster's client does not take back what it asked for: glusterd carries the
//! transaction out all the same. So a question is killed when nobody wants its answer any more,
//! which frees its memory, and a change never is, because only its own answer says how it went.

use std::fs::File;
use std::io::{self, Read as _};
use std::path::PathBuf;
use std::process::Stdio;
use std::time::{Duration, Instant};

use rustix::process::{Pid, Signal, kill_process_group};
use tokio::io::{AsyncRead, AsyncReadExt as _};
use tokio::process::{Child, Command};

use crate::model::FaultKind;

use super::super::{Argv, Failure};
use super::Answer;

/// The largest answer that is taken: a cluster of a thousand volumes fills a tenth of it.
const LIMIT: usize = 64 * 1024 * 1024;

/// Most answers fit, and the buffer of another grows.
const USUAL: usize = 16 * 1024;

/// Hardly any answer is larger than this.
const SMALL: usize = 64 * 1024;

/// What becomes of a process that nobody waits for any more.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Fate {
    /// It is killed, with all that it started.
    GivenUp,
    /// It goes on, and is drained to its end.
    GoesOn,
}

/// Runs a command line to its end, with a variable set for it.
pub(super) async fn run(
    argv: &Argv,
    environment: Option<(&str, &str)>,
    fate: Fate,
    deadline: Duration,
) -> Result<Answer, Failure> {
    let child = spawn(argv, environment, fate)?;
    let work = finish(child, fate);
    let outcome = match fate {
        Fate::GivenUp => tokio::time::timeout(deadline, work).await,
        // The task owns the child, so dropping this future touches neither.
        Fate::GoesOn => tokio::time::timeout(deadline, tokio::spawn(work))
            .await
            .map(|joined| joined.unwrap_or_else(|error| Err(lost(&error)))),
    };
    outcome.unwrap_or_else(|_elapsed| Err(late(fate, deadline)))
}

/// All of a file, which is removed; `None` when it cannot be opened. Fails when it is too large.
pub(super) async fn take_file(path: PathBuf) -> Result<Option<Vec<u8>>, Failure> {
    // All steps on one visit to another thread: each costs more than what is done there.
    let taken = tokio::task::spawn_blocking(move || {
        let file = File::open(&path).ok()?;
        let size = file.metadata().map_or(0, |data| data.len() as usize);
        let mut whole = Vec::with_capacity(size.min(LIMIT) + 1);
        let read = file.take(LIMIT as u64 + 1).read_to_end(&mut whole);
        let _ = std::fs::remove_file(&path);
        Some(read.map(|_| whole))
    });
    match taken.await.map_err(|error| lost(&error))? {
        None => Ok(None),
        Some(Ok(whole)) if whole.len() <= LIMIT => Ok(Some(whole)),
        Some(Ok(_)) => Err(too_large()),
        Some(Err(error)) => Err(Failure::new(FaultKind::Spawn, error.to_string())),
    }
}

fn spawn(argv: &Argv, environment: Option<(&str, &str)>, fate: Fate) -> Result<Child, Failure> {
    let Some((program, arguments)) = argv.words().split_first() else {
        return Err(Failure::new(FaultKind::Spawn, "There is nothing to run."));
    };
    Command::new(program)
        .args(arguments)
        // The texts of the C library must be the ones that are known here.
        .env("LC_ALL", "C")
        .envs(environment)
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        // Ctrl-C and the end of the terminal are meant for glustop alone.
        .process_group(0)
        .kill_on_drop(fate == Fate::GivenUp)
        .spawn()
        .map_err(|error| match error.kind() {
            io::ErrorKind::NotFound => not_found(program),
            io::ErrorKind::PermissionDenied => Failure::new(
                FaultKind::Permission,
                format!("This user may not run {program}."),
            ),
            _ => Failure::new(FaultKind::Spawn, format!("{program}: {error}")),
        })
}

/// There is no such program.
pub(super) fn not_found(program: &str) -> Failure {
    Failure::new(
        FaultKind::NotFound,
        format!("No gluster program: {program} was not found (--gluster PATH)."),
    )
}

async fn finish(mut child: Child, fate: Fate) -> Result<Answer, Failure> {
    let started = Instant::now();
    let mut leash = Leash::new(&child, fate);
    // Both at once: a child that fills the pipe nobody reads would wait for ever. And both before
    // the wait: while the child is not waited for, its process group cannot be another one.
    let (stdout, stderr) = tokio::try_join!(
        drain(child.stdout.take(), fate),
        drain(child.stderr.take(), fate)
    )?;
    let status = child
        .wait()
        .await
        .map_err(|error| Failure::new(FaultKind::Spawn, error.to_string()))?;
    leash.release();
    let (Some(stdout), Some(stderr)) = (stdout, stderr) else {
        return Err(too_large());
    };
    Ok(Answer {
        stdout,
        stderr,
        exit: status.code(),
        took: started.elapsed(),
    })
}

/// Kills the process group of a question when it is dropped before its end.
struct Leash(Option<Pid>);

impl Leash {
    fn new(child: &Child, fate: Fate) -> Self {
        let pid = child
            .id()
            .filter(|_| fate == Fate::GivenUp)
            .and_then(|pid| Pid::from_raw(pid.try_into().ok()?));
        Self(pid)
    }

    fn release(&mut self) {
        self.0 = None;
    }
}

impl Drop for Leash {
    fn drop(&mut self) {
        if let Some(group) = self.0 {
            // It may have ended by itself just now.
            let _ = kill_process_group(group, Signal::KILL);
        }
    }
}

/// Reads to the end, straight into the buffer that is parsed; `None` when there was too much. Past
/// the limit a question fails at once; a change is read on into nothing, so that it is not stopped
/// by a full pipe.
async fn drain(
    source: Option<impl AsyncRead + Unpin>,
    fate: Fate,
) -> Result<Option<Vec<u8>>, Failure> {
    let mut bytes = Vec::with_capacity(USUAL);
    let Some(source) = source else {
        return Ok(Some(bytes));
    };
    let mut source = source.take(SMALL as u64);
    // A pipe that breaks has ended, here and below.
    let _ = source.read_to_end(&mut bytes).await;
    if bytes.len() == SMALL {
        // Room for all of it at once, which takes no memory until it is written to. An answer that
        // grows by doubling is copied each time, and leaves room behind that the allocator keeps.
        let _ = bytes.try_reserve_exact(LIMIT + 1 - SMALL);
        source.set_limit((LIMIT + 1 - SMALL) as u64);
        let _ = source.read_to_end(&mut bytes).await;
    }
    if bytes.len() <= LIMIT {
        return Ok(Some(bytes));
    }
    if fate == Fate::GivenUp {
        return Err(too_large());
    }
    drop(bytes);
    let _ = tokio::io::copy(source.get_mut(), &mut tokio::io::sink()).await;
    Ok(None)
}

fn too_large() -> Failure {
    Failure::new(
        FaultKind::BadOutput,
        format!("The answer is larger than {} MiB.", LIMIT / 1024 / 1024),
    )
}

fn late(fate: Fate, deadline: Duration) -> Failure {
    let seconds = deadline.as_secs_f64();
    let then = match fate {
        Fate::GivenUp => "the question was given up",
        Fate::GoesOn => "the command goes on: look again before it is repeated",
    };
    Failure::new(
        FaultKind::Timeout,
        format!("No answer within {seconds} s; {then}."),
    )
}

/// The task that looked after a change is gone: it panicked, or the program is ending.
fn lost(error: &tokio::task::JoinError) -> Failure {
    Failure::new(
        FaultKind::Spawn,
        format!("Nobody watches the command any more: {error}"),
    )
}
