//! The commands without a screen.

use std::time::Duration;

use clap::{Args, Subcommand};

use super::change::{Final, Given, PlanCommand, StartCommand, Stop};
use crate::batch::{Change, Request, WaitRequest};
use crate::config::duration;
use crate::model::{BrickName, VolumeName};

const STATUS_EXAMPLES: &str = "\
Examples:
  glustop status
  glustop status media scratch
  glustop status --json | jq '.volumes[].task'
  glustop status --demo=degraded

Exit codes: 0 the cluster could be read, 3 it could not.";

const PLAN_EXAMPLES: &str = "\
Examples:
  glustop plan remove-brick media gl-03:/bricks/m2/media
  glustop plan remove-brick media gl-03:/bricks/m2/media --no-migrate --json
  glustop plan remove-brick media --compare
  glustop plan rebalance media

Nothing is changed, whatever the plan says.
Exit codes: 0 every check passed, 1 warnings or refused, 3 something could not be checked,
64 wrong usage.";

const START_EXAMPLES: &str = "\
Examples:
  glustop start rebalance media
  glustop start rebalance media scratch --yes
  glustop start remove-brick media gl-03:/bricks/m2/media --yes
  glustop start remove-brick media gl-03:/bricks/m2/media --dry-run

Exit codes: 0 started, 1 refused by a check or not confirmed, 2 gluster refused it, 3 no answer
(it may have started: look), 64 wrong usage, 124 the lock stayed busy.";

const STOP_EXAMPLES: &str = "\
Examples:
  glustop stop media --yes
  glustop stop --all --yes --retry 10m

A drained remove-brick moves nothing: it is left alone (see glustop commit, glustop retain).
Exit codes: 0 every node says that it stopped, 1 nothing to stop, or a node gave no answer,
2 gluster refused it, 3 no answer, 64 wrong usage, 124 the lock stayed busy.";

const COMMIT_EXAMPLES: &str = "\
Examples:
  glustop commit media
  glustop commit media --confirm media

A commit that would lose files is refused; --force commits all the same, and loses them.
Exit codes: 0 committed, 1 refused by a check or not confirmed, 2 gluster refused it,
3 no answer (it may be committed: look), 64 wrong usage, 124 the lock stayed busy.";

const RETAIN_EXAMPLES: &str = "\
Examples:
  glustop retain media --yes

Exit codes: 0 the bricks are the volume's again, 1 refused or not confirmed, 2 gluster refused it,
3 no answer, 64 wrong usage, 124 the lock stayed busy.";

const WAIT_EXAMPLES: &str = "\
Examples:
  glustop wait media
  glustop wait media --timeout 12h && mail -s 'rebalanced' root </dev/null
  glustop wait media --commit-if-clean
  glustop wait media --json | jq .volumes[0].task.progress

Ctrl-C ends the waiting and stops nothing. --commit-if-clean commits a remove-brick that moved
every file without a failure, 30 seconds after it was seen so; Ctrl-C in these seconds holds it.
Exit codes: 0 completed clean, or committed, 1 completed with failures, or commit pending,
2 failed or stopped, 3 no answer or no task, 64 wrong usage, 124 --timeout passed.";

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

/// The commands without a screen.
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
    /// Say what a change would meet, and change nothing
    #[command(subcommand, after_help = PLAN_EXAMPLES)]
    Plan(PlanCommand),
    /// Start a rebalance, or drain bricks
    #[command(subcommand, after_help = START_EXAMPLES)]
    Start(StartCommand),
    /// Stop running tasks; their bricks are found by themselves
    #[command(after_help = STOP_EXAMPLES)]
    Stop(Stop),
    /// Take the bricks of a drained remove-brick out of the volume: final
    #[command(after_help = COMMIT_EXAMPLES)]
    Commit {
        /// Whose remove-brick
        #[arg(value_name = "VOLUME")]
        volume: VolumeName,
        /// Take them out with the files that are still on them
        #[arg(long)]
        force: bool,
        #[command(flatten)]
        #[expect(missing_docs, reason = "a doc comment would be help text")]
        given: Final,
    },
    /// Give the bricks of a drained remove-brick back to the volume
    #[command(after_help = RETAIN_EXAMPLES)]
    Retain {
        /// Whose remove-brick
        #[arg(value_name = "VOLUME")]
        volume: VolumeName,
        #[command(flatten)]
        #[expect(missing_docs, reason = "a doc comment would be help text")]
        given: Given,
    },
    /// Follow a volume's task to its end
    #[command(after_help = WAIT_EXAMPLES)]
    Wait(Wait),
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

impl CliCommand {
    /// What is to be done without a screen; `None` for what needs no cluster.
    pub fn request(self) -> Option<Request> {
        let run = |change, consent, json| Request::Run {
            change,
            consent,
            json,
        };
        Some(match self {
            Self::Config | Self::History { .. } => return None,
            Self::Leftovers {
                volume,
                brick,
                json,
            } => Request::Leftovers {
                volume,
                bricks: brick,
                json,
            },
            Self::Status { volumes, json } => Request::Status { volumes, json },
            Self::Plan(plan) => plan.request(),
            Self::Start(start) => start.request(),
            Self::Stop(stop) => stop.request(),
            Self::Commit {
                volume,
                force,
                given,
            } => {
                let json = given.json;
                run(Change::Commit { volume, force }, given.into(), json)
            }
            Self::Retain { volume, given } => {
                run(Change::Retain { volume }, given.into(), given.json)
            }
            Self::Wait(wait) => Request::Wait(wait.request()),
        })
    }
}

/// What `wait` takes.
#[derive(Debug, Clone, PartialEq, Args)]
pub struct Wait {
    /// Whose task
    #[arg(value_name = "VOLUME")]
    pub volume: VolumeName,
    /// Time between two readings, 1s to 1h [default: 30s]
    #[arg(long, value_name = "DUR", value_parser = duration)]
    pub every: Option<Duration>,
    /// Commit a remove-brick that ended clean
    #[arg(long)]
    pub commit_if_clean: bool,
    /// Print each reading as one line of JSON
    #[arg(long)]
    pub json: bool,
    /// How long to wait; `None`: 48 hours. Written as `--timeout`.
    #[arg(skip)]
    pub whole: Option<Duration>,
}

impl Wait {
    fn request(self) -> WaitRequest {
        /// A drain of some hundred terabytes is a matter of days.
        const LONG: Duration = Duration::from_secs(48 * 3_600);
        WaitRequest {
            volume: self.volume,
            every: self.every,
            timeout: self.whole.unwrap_or(LONG),
            commit_if_clean: self.commit_if_clean,
            json: self.json,
        }
    }
}

fn brick_path(text: &str) -> Result<String, String> {
    if BrickName::new(text).path().is_empty() && !text.starts_with('/') {
        return Err("a brick is an absolute path".to_owned());
    }
    Ok(text.to_owned())
}
