//! Running gluster: processes, deadlines, pipes.

use std::borrow::Cow;
use std::future::Future;
use std::os::unix::fs::PermissionsExt as _;
use std::path::{Path, PathBuf};
use std::pin::Pin;
use std::sync::Arc;
use std::time::Duration;

use tokio::sync::Semaphore;

use crate::model::FaultKind;

use super::failure::verdict;
use super::{Command, Failure, Launcher, Order};

mod guard;
mod process;

pub use guard::Guarded;
use process::Fate;

/// What a finished gluster process left behind.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Answer {
    /// Standard output; for `get-state`, the file that it wrote.
    pub stdout: Vec<u8>,
    /// Standard error.
    pub stderr: Vec<u8>,
    /// Exit status; `None` when a signal ended it.
    pub exit: Option<i32>,
    /// How long it ran.
    pub took: Duration,
}

impl Answer {
    /// Standard output as text; bytes that are none become U+FFFD.
    pub(super) fn text(&self) -> Cow<'_, str> {
        // Most answers are good, and that is found out much faster than what is not.
        str::from_utf8(&self.stdout)
            .map_or_else(|_| String::from_utf8_lossy(&self.stdout), Cow::Borrowed)
    }
}

/// Something that carries out orders: a local process, ssh, or the demo.
pub trait Runner: Send + Sync {
    /// Runs one order to its end, or fails at the deadline.
    ///
    /// A question is given up when the future is dropped or its deadline passes. A change is
    /// never killed: it goes on, whatever becomes of the caller.
    fn run<'a>(&'a self, order: &'a Order, deadline: Duration) -> RunFuture<'a>;

    /// Which orders it would carry out.
    fn permit(&self) -> Permit {
        Permit::Everything
    }
}

/// Which orders may be carried out.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Permit {
    /// All of them.
    #[default]
    Everything,
    /// Questions; what would change the cluster is shown instead of run.
    DryRun,
    /// Questions only, stops included in what is not run.
    ReadOnly,
}

/// The future of [`Runner::run`].
pub type RunFuture<'a> = Pin<Box<dyn Future<Output = Result<Answer, Failure>> + Send + 'a>>;

/// Runs orders as processes of this machine.
///
/// With ssh in the launcher, the process is ssh: a question that is given up ends here, and
/// gluster's client on the other host ends by itself, at its own time-out at the latest.
///
/// Needs a tokio runtime. A change that nobody waits for is looked after by a task of that
/// runtime; when the runtime ends too, the process goes on alone.
#[derive(Debug, Clone)]
pub struct ProcessRunner {
    remote: bool,
    state_file: PathBuf,
    /// `get-state` always writes the same file: one question at a time may wait for it.
    state_turn: Arc<Semaphore>,
    socket: PathBuf,
}

impl ProcessRunner {
    /// For the orders of this launcher.
    pub fn new(launcher: &Launcher) -> Self {
        let socket = launcher.socket.as_deref();
        Self {
            remote: launcher.ssh.is_some(),
            state_turn: Arc::new(Semaphore::new(1)),
            state_file: launcher.state_dir.join(Launcher::STATE_FILE),
            socket: PathBuf::from(socket.unwrap_or("/var/run/glusterd.socket")),
        }
    }

    /// Whether there is any point in beginning: the program is there, and this user may use it.
    /// Looks only, runs nothing.
    pub fn ready(&self, launcher: &Launcher) -> Result<(), Failure> {
        let program = if self.remote {
            "ssh"
        } else {
            launcher.program.as_str()
        };
        if !is_on_path(program) {
            return Err(process::not_found(program));
        }
        if !self.remote && self.may_not_connect() {
            return Err(Failure::new(
                FaultKind::Permission,
                "gluster needs root: sudo glustop",
            ));
        }
        Ok(())
    }

    async fn carry_out(&self, order: &Order, deadline: Duration) -> Result<Answer, Failure> {
        let writes_file = !self.remote && *order.command() == Command::State;
        let _turn = if writes_file {
            self.state_turn.acquire().await.ok()
        } else {
            None
        };
        if writes_file {
            // What an earlier question left behind, that was given up, is not this one's answer.
            let _ = tokio::fs::remove_file(&self.state_file).await;
        }
        let fate = if order.command().changes() {
            Fate::GoesOn
        } else {
            Fate::GivenUp
        };
        // gsyncd would complain of a program that is not there.
        let environment = order
            .environment()
            .filter(|(_, program)| is_on_path(program));
        let mut answer = process::run(order.argv(), environment, fate, deadline).await?;
        if writes_file && answer.exit == Some(0) {
            // Without the file, gluster's own words stay and say what went wrong.
            if let Some(whole) = process::take_file(self.state_file.clone()).await? {
                answer.stdout = whole;
            }
        }
        if self.remote {
            remote_failure(&answer).map_or(Ok(answer), Err)
        } else if verdict::is_no_connection(&answer) && self.may_not_connect() {
            Err(Failure::new(
                FaultKind::Permission,
                format!(
                    "This user may not connect to glusterd ({}).",
                    self.socket.display()
                ),
            ))
        } else {
            Ok(answer)
        }
    }

    /// gluster says the same to a user without the right as it says when glusterd is down.
    fn may_not_connect(&self) -> bool {
        use rustix::{fs, io, process};
        !process::geteuid().is_root()
            && fs::access(&self.socket, fs::Access::WRITE_OK) == Err(io::Errno::ACCESS)
    }
}

impl Runner for ProcessRunner {
    fn run<'a>(&'a self, order: &'a Order, deadline: Duration) -> RunFuture<'a> {
        Box::pin(self.carry_out(order, deadline))
    }
}

/// Whether a shell would find this program.
fn is_on_path(program: &str) -> bool {
    let runs = |path: &Path| rustix::fs::access(path, rustix::fs::Access::EXEC_OK).is_ok();
    if program.contains('/') {
        return runs(Path::new(program));
    }
    let path = std::env::var_os("PATH").unwrap_or_default();
    std::env::split_paths(&path).any(|folder| runs(&folder.join(program)))
}

/// What stands between us and the gluster of another host: ssh itself, or the shell there.
///
/// ssh and release 6.10 both exit with 255; only gluster speaks of its log file.
fn remote_failure(answer: &Answer) -> Option<Failure> {
    if !answer.stdout.is_empty() {
        return None;
    }
    let stderr = String::from_utf8_lossy(&answer.stderr);
    // A warning or a banner comes first, what went wrong last.
    let line = stderr.lines().rfind(|line| !line.trim().is_empty());
    let line = line.unwrap_or("no reason given");
    match answer.exit {
        Some(255) if !stderr.contains("logfile") => Some(Failure::new(
            FaultKind::Spawn,
            format!("ssh failed: {line}"),
        )),
        Some(127) => Some(Failure::new(
            FaultKind::NotFound,
            format!("No gluster program on that host: {line} (--gluster PATH)"),
        )),
        Some(126) => Some(Failure::new(FaultKind::Permission, line)),
        _ => None,
    }
}

/// A directory that only this user can enter, for [`Launcher::state_dir`]. It is removed with the
/// returned value.
pub fn private_dir() -> std::io::Result<tempfile::TempDir> {
    let mut builder = tempfile::Builder::new();
    builder
        .prefix("glustop-")
        .permissions(std::fs::Permissions::from_mode(0o700));
    // In memory, and gone with the next boot at the latest.
    if rustix::process::geteuid().is_root()
        && let Ok(dir) = builder.tempdir_in("/run")
    {
        return Ok(dir);
    }
    builder.tempdir()
}
