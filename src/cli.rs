//! The command line: what may be written, and its help.

use std::ffi::{OsStr, OsString};
use std::process::ExitCode;

use clap::builder::Resettable;
use clap::error::ErrorKind;
use clap::parser::ValueSource;
use clap::{ArgMatches, Command, CommandFactory, FromArgMatches, Parser};

use crate::config;

mod change;
mod commands;
mod options;

pub use change::{Agree, Final, Given, Mode, PlanCommand, Rebalance, Removal, StartCommand, Stop};
pub use commands::{CliCommand, Wait};
pub use options::{Options, Scenario};

/// The exit code of a command line or configuration that cannot be used. 2 means "critical" here.
pub const USAGE: u8 = 64;

const EXAMPLES: &str = "\
Examples:
  glustop                        watch the cluster of this node
  glustop --demo                 the same on a simulated cluster: no gluster needed
  glustop --ssh root@gl-01       watch from another machine
  glustop status media --json    one reading of one volume, for scripts
  glustop stop --all --yes       stop every task that moves data, now
  glustop leftovers media        files still on this node's leaving bricks
  glustop history media          what ended, and who ran what
  glustop config > glustop.toml  every setting with its default

A flag beats its environment variable, which beats the configuration file.
Exit codes: 0 done, 1 warning or refused by a check, 2 failed, 3 no answer from gluster,
64 wrong usage or configuration, 124 gave up waiting.";

/// Watch and control GlusterFS rebalance and remove-brick tasks.
///
/// Without a command: the terminal interface.
#[derive(Debug, Clone, PartialEq, Parser)]
#[command(name = "glustop", version, after_help = EXAMPLES)]
pub struct Cli {
    /// The options of every command.
    #[command(flatten)]
    pub options: Options,
    /// What to do; `None` is the terminal interface.
    #[command(subcommand)]
    pub command: Option<CliCommand>,
}

/// Reads the program's arguments. When there is nothing left to do (help, version, a mistake),
/// it has been said, and the exit code remains.
pub fn parse() -> Result<Cli, ExitCode> {
    parse_from(std::env::args_os()).map_err(|error| {
        // Nobody listens any more: there is no better place to say so.
        let _ = error.print();
        exit_code(&error).into()
    })
}

fn parse_from<T: Into<OsString> + Clone>(
    args: impl IntoIterator<Item = T>,
) -> Result<Cli, clap::Error> {
    let command = without_empty(Cli::command(), |name| std::env::var_os(name));
    let matches = command.try_get_matches_from(args)?;
    let mut cli = Cli::from_arg_matches(&matches)?;
    if cli.options.demo.is_some() {
        only_the_demo(&mut cli.options, &matches)?;
    }
    whose_timeout(&mut cli, &matches)?;
    Ok(cli)
}

/// On the command line of `wait`, `--timeout` is the time for the whole wait; from the
/// environment, and everywhere else, it is the deadline of one gluster command.
fn whose_timeout(cli: &mut Cli, matches: &ArgMatches) -> Result<(), clap::Error> {
    let is_written = matches.value_source("timeout") == Some(ValueSource::CommandLine);
    if let Some(CliCommand::Wait(wait)) = &mut cli.command
        && is_written
    {
        wait.whole = cli.options.timeout.take();
        return Ok(());
    }
    match cli.options.timeout.map(config::in_bounds) {
        Some(Err(why)) => Err(Cli::command().error(
            ErrorKind::ValueValidation,
            format!("invalid value for '--timeout <DUR>': {why}"),
        )),
        _ => Ok(()),
    }
}

/// An environment variable that is set to nothing counts as unset: that is how a shell's `VAR=`
/// takes one back.
fn without_empty(command: Command, variable: impl Fn(&OsStr) -> Option<OsString>) -> Command {
    command.mut_args(|arg| {
        let value = arg.get_env().and_then(&variable);
        if value.is_some_and(|value| value.is_empty()) {
            arg.env(Resettable::Reset)
        } else {
            arg
        }
    })
}

/// A simulated cluster cannot be reached through ssh or a socket. Where the environment names
/// one, the flag wins; where the same command line does, somebody is mistaken. clap's own
/// conflicts see neither that difference nor options on both sides of a command.
fn only_the_demo(options: &mut Options, matches: &ArgMatches) -> Result<(), clap::Error> {
    for (id, flag, value) in [
        ("ssh", "--ssh", &mut options.ssh),
        (
            "glusterd_sock",
            "--glusterd-sock",
            &mut options.glusterd_sock,
        ),
    ] {
        if matches.value_source(id) == Some(ValueSource::CommandLine) {
            let message =
                format!("--demo shows a simulated cluster and cannot be used with {flag}");
            return Err(Cli::command().error(ErrorKind::ArgumentConflict, message));
        }
        *value = None;
    }
    Ok(())
}

fn exit_code(error: &clap::Error) -> u8 {
    if error.use_stderr() { USAGE } else { 0 }
}

#[cfg(test)]
mod tests;
