//! The command line: what may be written, and its help.

use std::ffi::{OsStr, OsString};
use std::path::PathBuf;
use std::process::ExitCode;
use std::time::Duration;

use clap::builder::{
    BoolishValueParser, NonEmptyStringValueParser, PossibleValuesParser, Resettable,
    TypedValueParser,
};
use clap::error::ErrorKind;
use clap::parser::ValueSource;
use clap::{
    ArgMatches, Args, Command, CommandFactory, FromArgMatches, Parser, Subcommand, ValueEnum,
};

use crate::config::{Colors, duration};
use crate::model::{BrickName, VolumeName};

/// The exit code of a command line or configuration that cannot be used. 2 means "critical" here.
pub const USAGE: u8 = 64;

const EXAMPLES: &str = "\
Examples:
  glustop                        watch the cluster of this node
  glustop --demo                 the same on a simulated cluster: no gluster needed
  glustop --ssh root@gl-01       watch from another machine
  glustop status media --json    one reading of one volume, for scripts
  glustop leftovers media        files still on this node's leaving bricks
  glustop history media          what ended, and who ran what
  glustop config > glustop.toml  every setting with its default

A flag beats its environment variable, which beats the configuration file.
Exit codes: 0 done, 1 files left over, 3 no answer from gluster, 64 wrong usage or configuration.";

const STATUS_EXAMPLES: &str = "\
Examples:
  glustop status
  glustop status media scratch
  glustop status --json | jq '.volumes[].task'
  glustop status --demo=degraded

Exit codes: 0 the cluster could be read, 3 it could not.";

const LEFTOVERS_EXAMPLES: &str = "\
Directories, link files and gluster's own .glusterfs do not count. Nothing is changed.

Examples:
  glustop leftovers media
  glustop leftovers media --json
  glustop leftovers media --brick /bricks/m2/media

Exit codes: 0 nothing is left, 1 files are left, 3 it is not known: nothing to look at on this
node, or not everything could be read.";
const HISTORY_EXAMPLES: &str = "\
Examples:
  glustop history
  glustop history media --json | jq '.tasks[] | {kind, ending, ended_at}'

It tells what glustop saw and ran on this machine; gluster is not asked.
Exit codes: 0 the history could be read, 3 it could not.";

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

/// The one-shot commands.
#[derive(Debug, Clone, PartialEq, Subcommand)]
pub enum CliCommand {
    /// Read the cluster once and print it
    #[command(after_help = STATUS_EXAMPLES)]
    Status {
        /// Only these volumes [default: all]
        #[arg(value_name = "VOLUME")]
        volumes: Vec<VolumeName>,
        /// Print JSON instead of a table
        #[arg(long)]
        json: bool,
    },
    /// Count what is still on the leaving bricks of this node
    #[command(after_help = LEFTOVERS_EXAMPLES)]
    Leftovers {
        /// Whose remove-brick
        #[arg(value_name = "VOLUME")]
        volume: VolumeName,
        /// Look at this brick of this node instead, as after the commit; may be repeated
        #[arg(long, value_name = "PATH", value_parser = brick_path)]
        brick: Vec<String>,
        /// Print JSON instead of text
        #[arg(long)]
        json: bool,
    },
    /// Print the tasks that were seen, with how they ended, and the commands that were run
    #[command(after_help = HISTORY_EXAMPLES)]
    History {
        /// Only this volume [default: all]
        #[arg(value_name = "VOLUME")]
        volume: Option<VolumeName>,
        /// Print JSON instead of a table
        #[arg(long)]
        json: bool,
    },
    /// Print the default configuration file, with comments
    Config,
}

/// The options of every command; they may stand before or after it.
#[derive(Debug, Clone, PartialEq, Args)]
pub struct Options {
    /// The gluster program [default: gluster on PATH]
    #[arg(long, global = true, env = "GLUSTOP_GLUSTER", value_name = "PATH", value_parser = NonEmptyStringValueParser::new())]
    pub gluster: Option<String>,
    /// Talk to the glusterd behind this socket
    #[arg(long, global = true, env = "GLUSTOP_GLUSTERD_SOCK", value_name = "PATH", value_parser = NonEmptyStringValueParser::new())]
    pub glusterd_sock: Option<String>,
    /// Run gluster on another host, through the system's ssh
    #[arg(long, global = true, env = "GLUSTOP_SSH", value_name = "DEST", value_parser = NonEmptyStringValueParser::new())]
    pub ssh: Option<String>,
    /// Show a simulated cluster instead of a real one [default scenario: draining]
    #[arg(
        long,
        global = true,
        value_name = "SCENARIO",
        value_enum,
        num_args = 0..=1,
        require_equals = true,
        default_missing_value = "draining"
    )]
    pub demo: Option<Scenario>,
    /// Time between two looks at the cluster, 1s to 1h [default: 5s]
    #[arg(long, global = true, env = "GLUSTOP_INTERVAL", value_name = "DUR", value_parser = duration)]
    pub interval: Option<Duration>,
    /// Deadline of one gluster command, 1s to 1h [default: 130s]
    #[arg(long, global = true, env = "GLUSTOP_TIMEOUT", value_name = "DUR", value_parser = duration)]
    pub timeout: Option<Duration>,
    /// ASCII characters only [default: by the locale]
    // An option and no flag: GLUSTOP_ASCII=0 must be able to say no.
    #[arg(
        long,
        global = true,
        env = "GLUSTOP_ASCII",
        num_args = 0,
        default_missing_value = "true",
        value_parser = BoolishValueParser::new(),
        overrides_with = "utf8"
    )]
    ascii: Option<bool>,
    /// UTF-8 characters, whatever the locale says
    #[arg(long, global = true, overrides_with = "ascii")]
    utf8: bool,
    /// When to use colour [default: auto]
    #[arg(long, global = true, value_name = "WHEN", value_parser = colors())]
    pub color: Option<Colors>,
    /// Read this configuration file instead of the user's
    #[arg(long, global = true, env = "GLUSTOP_CONFIG", value_name = "FILE")]
    pub config: Option<PathBuf>,
    /// Where gluster keeps its logs [default: /var/log/glusterfs]
    #[arg(
        long,
        global = true,
        env = "GLUSTOP_GLUSTER_LOG_DIR",
        value_name = "DIR"
    )]
    pub gluster_log_dir: Option<PathBuf>,
    /// Keep the history in this directory [default: /var/lib/glustop for root,
    /// the user's own state directory for others]
    #[arg(long, global = true, env = "GLUSTOP_STATE_DIR", value_name = "DIR")]
    pub state_dir: Option<PathBuf>,
    /// Append the log to this file
    #[arg(long, global = true, env = "GLUSTOP_LOG", value_name = "FILE")]
    pub log_file: Option<PathBuf>,
}

impl Options {
    /// ASCII only; `None` leaves it to the configuration and the locale.
    pub fn ascii(&self) -> Option<bool> {
        // Both are set only when ascii comes from the environment: the flag wins.
        if self.utf8 { Some(false) } else { self.ascii }
    }
}

/// The simulated clusters.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum Scenario {
    /// Nothing wrong, nothing running
    Healthy,
    /// A remove-brick and a rebalance at work
    Draining,
    /// A rebalance that fills a brick: stop it
    Runaway,
    /// A brick offline, a peer away, a task with failures
    Degraded,
    /// Many volumes and bricks
    Large,
}

impl Scenario {
    /// Its name on the command line.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Healthy => "healthy",
            Self::Draining => "draining",
            Self::Runaway => "runaway",
            Self::Degraded => "degraded",
            Self::Large => "large",
        }
    }
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
    Ok(cli)
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

/// A brick's path, or its whole name.
fn brick_path(text: &str) -> Result<String, String> {
    if BrickName::new(text).path().is_empty() && !text.starts_with('/') {
        return Err("a brick is an absolute path".to_owned());
    }
    Ok(text.to_owned())
}

fn exit_code(error: &clap::Error) -> u8 {
    if error.use_stderr() { USAGE } else { 0 }
}

fn colors() -> impl TypedValueParser<Value = Colors> {
    PossibleValuesParser::new(["auto", "always", "never"]).map(|word| match word.as_str() {
        "always" => Colors::Always,
        "never" => Colors::Never,
        _ => Colors::Auto,
    })
}

#[cfg(test)]
mod tests;
