//! The options of every command.

use std::path::PathBuf;
use std::time::Duration;

use clap::builder::{
    BoolishValueParser, NonEmptyStringValueParser, PossibleValuesParser, TypedValueParser,
};
use clap::{Args, ValueEnum};

use crate::config::{Colors, duration, time};

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
    /// Deadline of one gluster command, 1s to 1h [default: 130s]; behind wait: of the whole wait
    /// [default: 48h]
    #[arg(long, global = true, env = "GLUSTOP_TIMEOUT", value_name = "DUR", value_parser = time)]
    pub timeout: Option<Duration>,
    /// Start no command that changes the cluster, stop included
    // An option and no flag: GLUSTOP_READ_ONLY=0 must be able to say no.
    #[arg(
        long,
        global = true,
        env = "GLUSTOP_READ_ONLY",
        num_args = 0,
        default_missing_value = "true",
        value_parser = BoolishValueParser::new()
    )]
    pub read_only: Option<bool>,
    /// Show commands that change the cluster instead of running them
    #[arg(long, global = true)]
    pub dry_run: bool,
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
    pub(super) ascii: Option<bool>,
    /// UTF-8 characters, whatever the locale says
    #[arg(long, global = true, overrides_with = "ascii")]
    pub(super) utf8: bool,
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

fn colors() -> impl TypedValueParser<Value = Colors> {
    PossibleValuesParser::new(["auto", "always", "never"]).map(|word| match word.as_str() {
        "always" => Colors::Always,
        "never" => Colors::Never,
        _ => Colors::Auto,
    })
}
