//! The history of this machine: where it is, who writes it, and `glustop history`.

use std::path::PathBuf;
use std::process::ExitCode;

use color_eyre::eyre::Result;
use glustop::cli::Options;
use glustop::model::text::plural;
use glustop::model::{VolumeName, Who};
use glustop::monitor::{Clock, Closing, Memory, Place};
use glustop::report;
use glustop::store::{Store, StoreError};
use jiff::tz::TimeZone;

use super::{UNKNOWN, complain, print};

/// Opens the history of this machine; the demo's ends with it.
pub(super) fn open(options: &Options, clock: Clock) -> (Memory, Closing) {
    let place = match state_directory(options) {
        _ if options.demo.is_some() => Place::Nowhere,
        Some(directory) => Place::Directory(directory),
        None => Place::Nowhere,
    };
    Memory::open(place, who(), clock.now())
}

/// Waits until the history is written. What is missing there is told.
pub(super) fn close(closing: Closing) {
    match closing.wait() {
        Ok(()) => {}
        Err(Some(commands)) => complain(&format!(
            "{} not in the history; the log has them",
            plural(commands, "command")
        )),
        Err(None) => complain("the history was not written to its end: the disk gives no answer"),
    }
}

/// Prints what is in it. gluster is not asked.
pub(super) fn print_all(
    options: &Options,
    volume: Option<&VolumeName>,
    json: bool,
) -> Result<ExitCode> {
    /// More than anybody reads at once; scripts get all of it.
    const ROWS: usize = 100;
    let rows = if json { usize::MAX } else { ROWS };
    let directory = state_directory(options).filter(|_| options.demo.is_none());
    let read = || {
        let store = directory.as_deref().map(Store::open_to_read).transpose()?;
        match store.flatten() {
            Some(store) => Ok((store.history(volume, rows)?, store.commands(volume, rows)?)),
            None => Ok((vec![], vec![])),
        }
    };
    let (tasks, commands) = match read() {
        Ok(rows) => rows,
        Err(error) => {
            let error: StoreError = error;
            complain(&format!("no history: {error}. {}", error.trouble.advice()));
            return Ok(ExitCode::from(UNKNOWN));
        }
    };
    let input = report::HistoryInput {
        tasks: &tasks,
        commands: &commands,
        volume,
        zone: &TimeZone::system(),
    };
    print(&if json {
        report::history_json(&input)
    } else {
        report::history_table(&input)
    })?;
    Ok(ExitCode::SUCCESS)
}

/// `/var/lib/glustop` for root, below `$XDG_STATE_HOME` for others; `None` for one without a home.
fn state_directory(options: &Options) -> Option<PathBuf> {
    use etcetera::base_strategy::{BaseStrategy, choose_base_strategy};
    if let Some(directory) = &options.state_dir {
        return Some(directory.clone());
    }
    if rustix::process::geteuid().is_root() {
        return Some(PathBuf::from("/var/lib/glustop"));
    }
    let base = choose_base_strategy().ok()?;
    Some(base.state_dir()?.join("glustop"))
}

/// Who sits here, for the record of what was run.
fn who() -> Who {
    let variable = |name| std::env::var(name).ok().filter(|value| !value.is_empty());
    let uid = rustix::process::geteuid().as_raw();
    let accounts = std::fs::read_to_string("/etc/passwd").unwrap_or_default();
    let account = accounts.lines().find_map(|line| {
        let mut fields = line.split(':');
        let name = fields.next()?;
        (fields.nth(1)? == uid.to_string()).then(|| name.to_owned())
    });
    Who {
        user: account
            .or_else(|| variable("USER"))
            .unwrap_or_else(|| format!("uid {uid}")),
        sudo_user: variable("SUDO_USER"),
        ssh_connection: variable("SSH_CONNECTION"),
    }
}
