//! The state of the application.

use std::collections::BTreeSet;
use std::sync::Arc;
use std::time::Duration;

use jiff::tz::TimeZone;

use super::alarms;
use super::auto::Auto;
use super::dialog::Dialog;
use super::jobs::Jobs;
use super::journal::Journal;
use super::leftovers::Leftovers;
use super::logs::Logs;
use super::rows::{BrickList, BrickRowId, TaskColumn, TaskRowId, VolumeColumn, VolumeList};
use super::table::{Filter, Table};
use crate::config::{Alarms, Keymap};
use crate::gluster::{Launcher, Permit};
use crate::insight::finding::{Finding, Thresholds};
use crate::insight::glance::Glances;
use crate::model::{CommandRecord, FaultKind, Snapshot, Stamp, VolumeName, VolumeState};

/// Everything the screen is drawn from.
#[derive(Debug, Clone)]
pub struct Model {
    /// What is known of the cluster.
    pub snapshot: Arc<Snapshot>,
    /// Its volumes at a glance.
    pub glances: Glances,
    /// Which rows the Volumes pane has.
    pub volume_list: Option<VolumeList>,
    /// Which rows the Bricks pane has.
    pub brick_list: Option<BrickList>,
    /// What follows from it, worst first.
    pub findings: Vec<Finding>,
    /// The moment of the latest message.
    pub now: Stamp,
    /// When the program began: what ended before is history.
    pub began: Stamp,
    /// What stays the same for the whole run.
    pub session: Session,
    /// The views over the main one, the top one last.
    pub views: Vec<View>,
    /// The panes of the main view.
    pub panes: Panes,
    /// The dialog on top of everything.
    pub dialog: Option<Dialog>,
    /// The changes of this session.
    pub jobs: Jobs,
    /// The changes of other sessions, latest first.
    pub recalled: Arc<[CommandRecord]>,
    /// The drains that are to be committed by themselves.
    pub auto: Auto,
    /// What happened.
    pub journal: Journal,
    /// What this node's rebalance logs say.
    pub logs: Logs,
    /// What is left on the leaving bricks of the dialog that finishes a remove-brick.
    pub leftovers: Leftovers,
    /// The answer to the last key, until the next one.
    pub notice: Option<Notice>,
    /// Since when reading is paused.
    pub paused: Option<Stamp>,
    /// The base reading interval.
    pub interval: Duration,
    /// The admin was told that a command is still on its way, and may leave all the same.
    pub leaving: bool,
}

/// What stays the same for the whole run.
#[derive(Debug, Clone)]
pub struct Session {
    /// Where the data comes from.
    pub source: Source,
    /// How gluster is started: what a dialog shows is made by this.
    pub launcher: Launcher,
    /// Which changes may be carried out.
    pub permit: Permit,
    /// How long a change is tried again while the lock is busy.
    pub patience: Duration,
    /// Which key does what.
    pub keymap: Keymap,
    /// This program as another process would start it: its file, and the options that lead to the
    /// same cluster.
    pub handover: Vec<String>,
    /// For clock times on the screen.
    pub zone: TimeZone,
    /// Ring the bell for new critical findings.
    pub bell: bool,
    /// When something counts as an alarm.
    pub alarms: Alarms,
    /// How much of the time may be spent inside questions that lock a volume, in percent.
    pub lock_share_percent: u8,
}

/// Where the data comes from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Source {
    /// The node this program runs on, by its host name.
    Local(String),
    /// Another host, through ssh.
    Ssh(String),
    /// A simulated pool whose time runs faster.
    Demo {
        /// Simulated seconds per second.
        pace: u32,
    },
}

/// A view that covers the main one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum View {
    /// One task, node by node.
    TaskStatus {
        /// Whose task.
        volume: VolumeName,
        /// The first node row shown.
        scroll: usize,
    },
    /// Findings and events.
    Alarms {
        /// The first row shown.
        scroll: usize,
    },
    /// The tasks that are over, in this session and before.
    History {
        /// The row under the cursor; `None` is the first one.
        selected: Option<TaskRowId>,
    },
    /// The commands of this session and of others.
    Commands {
        /// The first row shown.
        scroll: usize,
    },
    /// One task that is over and that gluster has forgotten.
    Ended {
        /// Which one.
        row: TaskRowId,
        /// The first node row shown.
        scroll: usize,
    },
    /// Why files failed, from the rebalance log of this node.
    Log {
        /// Whose log.
        volume: VolumeName,
        /// The first line shown.
        scroll: usize,
    },
    /// The menu of columns to order a pane by.
    Order {
        /// Which pane.
        pane: Pane,
        /// The line under the cursor.
        cursor: usize,
    },
    /// The keys.
    Help,
}

/// The panes of the main view.
#[derive(Debug, Clone)]
pub struct Panes {
    /// Which one the keys go to.
    pub focus: Pane,
    /// The focused pane has the whole screen.
    pub zoom: bool,
    /// Volumes.
    pub volumes: Table<VolumeName, VolumeColumn>,
    /// Bricks of the selected volume, below their sub-volumes.
    pub bricks: Table<BrickRowId, ()>,
    /// Sub-volumes whose bricks are not listed.
    pub folded: BTreeSet<(VolumeName, usize)>,
    /// Tasks of the whole pool.
    pub tasks: Table<TaskRowId, TaskColumn>,
    /// The first event shown.
    pub events_scroll: usize,
    /// Rows of the terminal: a page, and whether there is room for the events.
    pub height: u16,
    /// Columns of the terminal.
    pub width: u16,
}

/// The panes, in the order of their numbers.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Pane {
    /// 1
    Volumes,
    /// 2
    Bricks,
    /// 3
    Tasks,
    /// 4, on tall screens
    Events,
}

/// One line for the admin.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Notice {
    /// What it says.
    pub text: String,
    /// It answers a key that could do nothing, or tells of a failure.
    pub is_problem: bool,
}

/// How the connection to gluster fares, for the header.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Link {
    /// Nothing was read yet, for this long.
    Reading(Duration),
    /// Data comes in.
    Live,
    /// Reading is paused by the admin, for this long.
    Paused(Duration),
    /// A question has no answer for this long.
    Wait(Duration),
    /// The lock of the selected volume is held by another command, for this long.
    Locked(Duration),
    /// The base data is this old.
    Stale(Duration),
}

impl Panes {
    /// The filter of the focused pane; events have none.
    pub fn filter(&self) -> Option<&Filter> {
        match self.focus {
            Pane::Volumes => Some(&self.volumes.filter),
            Pane::Bricks => Some(&self.bricks.filter),
            Pane::Tasks => Some(&self.tasks.filter),
            Pane::Events => None,
        }
    }

    /// The same, to be changed.
    pub fn filter_mut(&mut self) -> Option<&mut Filter> {
        match self.focus {
            Pane::Volumes => Some(&mut self.volumes.filter),
            Pane::Bricks => Some(&mut self.bricks.filter),
            Pane::Tasks => Some(&mut self.tasks.filter),
            Pane::Events => None,
        }
    }
}

impl Model {
    /// A model that knows nothing yet.
    pub fn new(session: Session, interval: Duration, now: Stamp) -> Self {
        Self {
            snapshot: Arc::default(),
            glances: Glances::default(),
            volume_list: None,
            brick_list: None,
            findings: Vec::new(),
            now,
            began: now,
            session,
            views: Vec::new(),
            panes: Panes {
                focus: Pane::Volumes,
                zoom: false,
                volumes: Table::new(VolumeColumn::Task),
                bricks: Table::new(()),
                folded: BTreeSet::new(),
                tasks: Table::new(TaskColumn::Volume),
                events_scroll: 0,
                height: 24,
                width: 80,
            },
            dialog: None,
            jobs: Jobs::default(),
            recalled: Arc::from([]),
            auto: Auto::default(),
            journal: Journal::default(),
            logs: Logs::default(),
            leftovers: Leftovers::default(),
            notice: None,
            paused: None,
            interval,
            leaving: false,
        }
    }

    /// The limits for findings, at the present interval.
    pub fn thresholds(&self) -> Thresholds {
        Thresholds {
            stale: self.stale_after(),
            wait: self.interval,
            began: self.began,
            ..alarms::thresholds(self.session.alarms)
        }
    }

    /// The volume under the cursor of the Volumes pane.
    pub fn selected_volume(&self) -> Option<&Arc<VolumeState>> {
        // The order matters only where the cursor is not tied to a row yet.
        let table = &self.panes.volumes;
        let tied = table.selected.as_ref();
        tied.filter(|name| table.filter.shows(name.as_str()))
            .and_then(|name| self.snapshot.volume(name))
            .or_else(|| super::rows::volumes(self).get(0))
    }

    /// The volume that a command of the focused view or pane is about.
    pub fn target(&self) -> Option<&Arc<VolumeState>> {
        if let Some(View::TaskStatus { volume, .. } | View::Log { volume, .. }) = self.views.last()
        {
            return self.snapshot.volume(volume);
        }
        if self.panes.focus == Pane::Tasks {
            return self
                .snapshot
                .volume(super::rows::selected_task(self)?.volume);
        }
        self.selected_volume()
    }

    /// The connection's state.
    pub fn link(&self) -> Link {
        let age = |since: Stamp| since.age(self.now);
        if let Some(since) = self.paused {
            return Link::Paused(age(since));
        }
        let Some(taken) = self.snapshot.volumes.taken() else {
            return Link::Reading(age(self.began));
        };
        if age(taken) > self.stale_after() {
            return Link::Stale(age(taken));
        }
        if let Some(asking) = self
            .snapshot
            .asking
            .as_ref()
            .filter(|asking| age(asking.since).as_secs() >= 3)
        {
            return Link::Wait(age(asking.since));
        }
        let busy = self.target().and_then(|state| {
            [
                state.task.fault(),
                state.bricks.fault(),
                state.space.fault(),
            ]
            .into_iter()
            .flatten()
            .find(|fault| fault.kind == FaultKind::Busy)
        });
        busy.map_or(Link::Live, |fault| Link::Locked(age(fault.since)))
    }

    /// Leaves a line for the admin.
    pub fn say(&mut self, text: impl Into<String>) {
        self.notice = Some(Notice {
            text: text.into(),
            is_problem: false,
        });
    }

    /// Says why something cannot be done, or what went wrong.
    pub fn complain(&mut self, text: impl Into<String>) {
        self.notice = Some(Notice {
            text: text.into(),
            is_problem: true,
        });
    }
}
