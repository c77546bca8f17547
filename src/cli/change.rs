//! The words of commands that change the cluster, or plan to.

use std::time::Duration;

use clap::{Args, Subcommand};

use crate::batch::{Change, Consent, Request};
use crate::config::time;
use crate::gluster::command::RebalanceMode;
use crate::model::{BrickName, VolumeName};

/// What can be planned.
#[derive(Debug, Clone, PartialEq, Subcommand)]
pub enum PlanCommand {
    /// Draining bricks before they leave
    RemoveBrick {
        /// From which volume
        #[arg(value_name = "VOLUME")]
        volume: VolumeName,
        /// Which bricks, as HOST:PATH
        #[arg(value_name = "BRICK", required_unless_present = "compare")]
        bricks: Vec<BrickName>,
        /// Take them out at once, with the files on them
        #[arg(long)]
        no_migrate: bool,
        /// Compare what it would take to drain each sub-volume
        #[arg(long, conflicts_with_all = ["bricks", "no_migrate"])]
        compare: bool,
        /// Print JSON instead of words
        #[arg(long)]
        json: bool,
    },
    /// Evening out files over the bricks
    Rebalance {
        /// Of which volume
        #[arg(value_name = "VOLUME")]
        volume: VolumeName,
        #[command(flatten)]
        #[expect(missing_docs, reason = "a doc comment would be help text")]
        mode: Mode,
        /// Print JSON instead of words
        #[arg(long)]
        json: bool,
    },
}

/// What can be started.
#[derive(Debug, Clone, PartialEq, Subcommand)]
pub enum StartCommand {
    /// Drain bricks before they leave
    RemoveBrick {
        #[command(flatten)]
        #[expect(missing_docs, reason = "a doc comment would be help text")]
        removal: Removal,
        #[command(flatten)]
        #[expect(missing_docs, reason = "a doc comment would be help text")]
        given: Agree,
    },
    /// Even out files over the bricks
    Rebalance(Rebalance),
}

/// Which rebalance to start.
#[derive(Debug, Clone, PartialEq, Args)]
pub struct Rebalance {
    /// Of which volumes
    #[arg(value_name = "VOLUME", required = true)]
    pub volumes: Vec<VolumeName>,
    #[command(flatten)]
    #[expect(missing_docs, reason = "a doc comment would be help text")]
    pub mode: Mode,
    #[command(flatten)]
    #[expect(missing_docs, reason = "a doc comment would be help text")]
    pub given: Given,
}

/// How to rebalance.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Args)]
pub struct Mode {
    /// Fix the layout only: new files use every brick, nothing moves
    #[arg(long, conflicts_with = "force")]
    fix_layout: bool,
    /// Move files to fuller bricks too
    #[arg(long)]
    force: bool,
}

/// Which bricks leave, and how.
#[derive(Debug, Clone, PartialEq, Args)]
pub struct Removal {
    /// From which volume
    #[arg(value_name = "VOLUME")]
    volume: VolumeName,
    /// Which bricks, as HOST:PATH
    #[arg(value_name = "BRICK", required = true)]
    bricks: Vec<BrickName>,
    /// Take them out at once, with the files on them: final
    #[arg(long)]
    no_migrate: bool,
}

/// Which tasks to stop.
#[derive(Debug, Clone, PartialEq, Args)]
pub struct Stop {
    /// Whose tasks
    #[arg(value_name = "VOLUME", required_unless_present = "all")]
    pub volumes: Vec<VolumeName>,
    /// Every task of the pool that moves data
    #[arg(long, conflicts_with = "volumes")]
    pub all: bool,
    /// How long a busy lock is tried again [default: 3m]
    #[arg(long, value_name = "DUR", value_parser = time)]
    pub retry: Option<Duration>,
    #[command(flatten)]
    #[expect(missing_docs, reason = "a doc comment would be help text")]
    pub given: Given,
}

/// The consent to what can be undone.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Args)]
pub struct Given {
    /// Do not ask
    #[arg(long, short)]
    yes: bool,
    /// Print the result as JSON
    #[arg(long)]
    pub json: bool,
}

/// The consent to what cannot be undone.
#[derive(Debug, Clone, PartialEq, Args)]
pub struct Final {
    /// The volume's name once more: nothing else confirms what is final
    #[arg(long, value_name = "VOLUME")]
    confirm: Option<VolumeName>,
    /// Print the result as JSON
    #[arg(long)]
    pub json: bool,
}

/// The consent to what can be undone in one form and not in another.
#[derive(Debug, Clone, PartialEq, Args)]
pub struct Agree {
    /// Do not ask; not enough with --no-migrate
    #[arg(long, short)]
    yes: bool,
    #[command(flatten)]
    #[expect(missing_docs, reason = "a doc comment would be help text")]
    pub given: Final,
}

impl PlanCommand {
    pub(super) fn request(self) -> Request {
        match self {
            Self::RemoveBrick {
                volume,
                compare: true,
                json,
                ..
            } => Request::Compare { volume, json },
            Self::RemoveBrick {
                volume,
                bricks,
                no_migrate,
                json,
                ..
            } => Request::Plan {
                change: Change::RemoveBricks {
                    volume,
                    bricks,
                    migrate: !no_migrate,
                },
                json,
            },
            Self::Rebalance { volume, mode, json } => Request::Plan {
                change: Change::Rebalance {
                    volumes: vec![volume],
                    mode: mode.mode(),
                },
                json,
            },
        }
    }
}

impl StartCommand {
    pub(super) fn request(self) -> Request {
        match self {
            Self::RemoveBrick { removal, given } => Request::Run {
                json: given.given.json,
                change: removal.change(),
                consent: given.into(),
            },
            Self::Rebalance(rebalance) => Request::Run {
                json: rebalance.given.json,
                change: Change::Rebalance {
                    volumes: rebalance.volumes,
                    mode: rebalance.mode.mode(),
                },
                consent: rebalance.given.into(),
            },
        }
    }
}

impl Stop {
    pub(super) fn request(self) -> Request {
        Request::Stop {
            volumes: (!self.all).then_some(self.volumes),
            retry: self.retry,
            json: self.given.json,
            consent: self.given.into(),
        }
    }
}

impl Mode {
    /// As gluster calls it.
    fn mode(self) -> RebalanceMode {
        match self {
            Self {
                fix_layout: true, ..
            } => RebalanceMode::FixLayout,
            Self { force: true, .. } => RebalanceMode::Force,
            _ => RebalanceMode::Migrate,
        }
    }
}

impl Removal {
    /// The change that is meant.
    fn change(self) -> Change {
        Change::RemoveBricks {
            volume: self.volume,
            bricks: self.bricks,
            migrate: !self.no_migrate,
        }
    }
}

impl From<Given> for Consent {
    fn from(given: Given) -> Self {
        Self {
            yes: given.yes,
            confirm: None,
        }
    }
}

impl From<Final> for Consent {
    fn from(given: Final) -> Self {
        Self {
            yes: false,
            confirm: given.confirm,
        }
    }
}

impl From<Agree> for Consent {
    fn from(agree: Agree) -> Self {
        Self {
            yes: agree.yes,
            ..agree.given.into()
        }
    }
}
