//! Findings: what an admin should know now, worst first, each with a stable code, a sentence and
//! a piece of advice.

use std::time::Duration;

use super::glance::Glances;
use super::space::{self, Sharing};
use crate::model::{Fault, FaultKind, Snapshot, Stamp, VolumeName, VolumeState, text};

mod brick;
mod fill;
mod pace;
mod pool;
mod stall;
mod task;
mod unread;

pub use stall::{Stall, stall};
pub use unread::CODE as UNREAD;

/// How bad.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Severity {
    /// Good to know.
    Info,
    /// Look soon.
    Warning,
    /// Act now.
    Critical,
}

impl Severity {
    /// The word in the JSON.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Info => "info",
            Self::Warning => "warning",
            Self::Critical => "critical",
        }
    }
}

/// One thing to know.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Finding {
    /// How bad.
    pub severity: Severity,
    /// The volume that it is about; `None` for the pool.
    pub volume: Option<VolumeName>,
    /// A volume, brick, peer or a task's node by name. With the code it tells one finding from
    /// another, from reading to reading.
    pub subject: String,
    /// Stable code, as interface documents list them.
    pub code: &'static str,
    /// One sentence.
    pub text: String,
    /// What to do about it.
    pub advice: &'static str,
}

/// From when on something is worth a finding.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Thresholds {
    /// The age at which base data counts as old: three rounds, but no less than 15 seconds.
    pub stale: Duration,
    /// A question has no answer for this long: one reading interval.
    pub wait: Duration,
    /// No counter of a node moved for this long: a warning.
    pub stall_warning: Duration,
    /// The same, critical.
    pub stall_critical: Duration,
    /// A node's run time stood still for this long: its process is dead.
    pub dead: Duration,
    /// A volume's lock was busy, or its questions failed, for this long.
    pub busy: Duration,
    /// A brick is too full above this share in use when the task is done, 0.0 to 1.0.
    pub full: f64,
    /// A task is slow below this share of its own mean rate, 0.0 to 1.0.
    pub slow: f64,
    /// A task is almost done above this share, 0.0 to 1.0.
    pub tail_share: f64,
    /// It is almost done for this long.
    pub tail: Duration,
    /// The brick states of a volume were read longer ago than this.
    pub unread: Duration,
    /// Since when volumes are read: what was never read is as old as that.
    pub began: Stamp,
}

impl Default for Thresholds {
    fn default() -> Self {
        Self {
            stale: Duration::from_secs(15),
            wait: Duration::from_secs(5),
            stall_warning: Duration::from_secs(180),
            stall_critical: Duration::from_secs(900),
            dead: Duration::from_secs(60),
            busy: Duration::from_secs(30),
            full: space::FULL,
            slow: 0.25,
            tail_share: 0.98,
            tail: Duration::from_secs(1_200),
            unread: Duration::from_secs(1_200),
            began: Stamp::ZERO,
        }
    }
}

impl Thresholds {
    /// For one reading that is printed at its end: a slow one is as good as a quick one, and no
    /// later one will make up for what failed.
    #[must_use]
    pub fn one_shot(self) -> Self {
        Self {
            stale: Duration::MAX,
            busy: Duration::ZERO,
            unread: Duration::MAX,
            ..self
        }
    }
}

/// What is worth knowing of a volume by itself: no clock, no setting, no other volume.
pub(super) fn of_volume(state: &VolumeState, sharing: &Sharing) -> Vec<Finding> {
    let mut found = brick::findings(state);
    found.extend(pool::shared_file_system(state, sharing));
    found
}

/// Whether time and settings can make nothing worth knowing of a volume.
pub(super) fn is_quiet(state: &VolumeState) -> bool {
    let faults = [
        state.bricks.fault(),
        state.task.fault(),
        state.space.fault(),
    ];
    state.task().is_none() && state.heal.get().is_none() && faults.iter().all(Option::is_none)
}

/// Everything worth knowing at `now`, worst first.
pub fn findings(snapshot: &Snapshot, now: Stamp, thresholds: &Thresholds) -> Vec<Finding> {
    let mut glances = Glances::default();
    glances.follow(snapshot);
    findings_of(snapshot, &glances, now, thresholds)
}

/// The same, with `glances` that have followed this snapshot.
pub fn findings_of(
    snapshot: &Snapshot,
    glances: &Glances,
    now: Stamp,
    thresholds: &Thresholds,
) -> Vec<Finding> {
    let mut found = Vec::new();
    found.extend(waiting(snapshot, now, thresholds));
    found.extend(base_data(snapshot, now, thresholds));
    found.extend(peers(snapshot));
    found.extend(forgetting(snapshot));
    found.extend(pool::findings(snapshot));
    for seen in glances.seen() {
        found.extend_from_slice(&seen.findings);
        if seen.is_quiet {
            continue;
        }
        let state = &seen.state;
        if let Some(task) = state.task() {
            let progress = seen.glance.progress.as_ref();
            task::findings(state, task, progress, now, thresholds, &mut found);
        }
        found.extend(unanswered(snapshot, state, now, thresholds));
        found.extend(pool::heal_pending(state, now));
    }
    found.extend(unread::finding(snapshot, now, thresholds));
    found.sort_by_key(|finding| std::cmp::Reverse(finding.severity));
    found
}

fn base_data(snapshot: &Snapshot, now: Stamp, thresholds: &Thresholds) -> Option<Finding> {
    if let Some(fault) = unreadable_volume(snapshot, now, thresholds) {
        return Some(Finding {
            severity: Severity::Warning,
            volume: None,
            subject: "glusterd".to_owned(),
            code: "data-stale",
            text: format!(
                "a volume cannot be read ({}): {} $ {}",
                text::age(fault.since.age(now)),
                first_line(fault),
                fault.command
            ),
            advice: "The other volumes are up to date. Run that command, and look for odd characters in the volume's options and brick paths.",
        });
    }
    let volumes = (snapshot.volumes.fault(), snapshot.volumes.age(now));
    let peers = (snapshot.peers.fault(), snapshot.peers.age(now));
    let (fault, age) = if volumes.0.is_none() && peers.0.is_some() {
        peers
    } else {
        volumes
    };
    let shown = age.map_or_else(
        || "nothing could be read yet".to_owned(),
        |age| format!("shown is what was known {} ago", text::age(age)),
    );
    if let Some(fault) = fault {
        let since = text::age(fault.since.age(now));
        let (code, severity) = match fault.kind {
            FaultKind::DaemonDown => ("daemon-down", Severity::Critical),
            FaultKind::NotFound | FaultKind::Permission => ("data-stale", Severity::Critical),
            _ => ("data-stale", Severity::Warning),
        };
        let text = match fault.kind {
            FaultKind::DaemonDown => {
                format!("glusterd on this node does not answer ({since}); {shown}")
            }
            _ => format!("{} ({since}); {shown}", first_line(fault)),
        };
        return Some(Finding {
            severity,
            volume: None,
            subject: "glusterd".to_owned(),
            code,
            text,
            advice: fault.kind.advice(),
        });
    }
    age.filter(|age| *age > thresholds.stale).map(|_| Finding {
        severity: Severity::Warning,
        volume: None,
        subject: "glusterd".to_owned(),
        code: "data-stale",
        text: format!("no new data; {shown}"),
        advice: FaultKind::Timeout.advice(),
    })
}

/// A question that hangs: a peer that has just died, or a glusterd that does not get on.
fn waiting(snapshot: &Snapshot, now: Stamp, thresholds: &Thresholds) -> Option<Finding> {
    let asking = snapshot.asking.as_ref()?;
    let waited = asking.since.age(now);
    (waited > thresholds.wait).then(|| Finding {
        severity: Severity::Warning,
        volume: None,
        subject: "gluster".to_owned(),
        code: "no-answer",
        text: format!("{}: no answer for {}", asking.question, text::age(waited)),
        advice: "gluster gives up after 120 s by itself; look at glusterd on this node and on its peers.",
    })
}

/// The fault of a volume that could not be read in a round that read the others: they are fresh,
/// so the fault is not younger than they are.
fn unreadable_volume<'a>(
    snapshot: &'a Snapshot,
    now: Stamp,
    thresholds: &Thresholds,
) -> Option<&'a Fault> {
    let fault = snapshot.volumes.fault()?;
    let taken = snapshot.volumes.taken()?;
    let is_fresh = !snapshot.volumes.is_stale(now, thresholds.stale);
    (is_fresh && taken.steady >= fault.since.steady).then_some(fault)
}

fn peers(snapshot: &Snapshot) -> impl Iterator<Item = Finding> {
    snapshot.peers().iter().filter_map(|peer| {
        if peer.connected == Some(false) {
            Some(Finding {
                severity: brick::loss_of_peer(snapshot, peer),
                volume: None,
                subject: peer.hostname.clone(),
                code: "peer-disconnected",
                text: format!("peer {} is disconnected: its bricks and nodes give no answer", peer.hostname),
                advice: "Look there: systemctl status glusterd. Starting and committing remove-bricks on its bricks will be refused.",
            })
        } else if peer.is_rejected() {
            Some(Finding {
                severity: Severity::Critical,
                volume: None,
                subject: peer.hostname.clone(),
                code: "peer-rejected",
                text: format!("peer {} is rejected: it takes part in nothing", peer.hostname),
                advice: "Its volume definitions differ from the pool's; compare /var/lib/glusterd/vols there.",
            })
        } else {
            None
        }
    })
}

/// What is seen and done now will not be known later.
fn forgetting(snapshot: &Snapshot) -> Option<Finding> {
    let forgetting = snapshot.forgetting.as_ref()?;
    Some(Finding {
        severity: Severity::Warning,
        volume: None,
        subject: "history".to_owned(),
        code: "history-unavailable",
        text: forgetting.text.clone(),
        advice: forgetting.advice,
    })
}

/// What keeps a volume's questions from being answered.
fn unanswered(
    snapshot: &Snapshot,
    state: &VolumeState,
    now: Stamp,
    thresholds: &Thresholds,
) -> Option<Finding> {
    let faults = [
        state.bricks.fault(),
        state.task.fault(),
        state.space.fault(),
    ];
    faults.into_iter().flatten().find_map(|fault| {
        let volume = &state.volume.name;
        let since = fault.since.age(now);
        let lasts = since >= thresholds.busy;
        let (code, text) = match fault.kind {
            FaultKind::Busy if lasts => (
                "lock-busy",
                format!(
                    "{volume}: another gluster command holds its lock for {}",
                    text::age(since)
                ),
            ),
            FaultKind::Timeout => (
                "data-stale",
                format!(
                    "{volume}: no answer for {}; a peer or brick may hang",
                    text::age(since)
                ),
            ),
            // Without glusterd every question fails, and that is said once.
            FaultKind::NotFound | FaultKind::Permission | FaultKind::DaemonDown
                if snapshot.volumes.fault().is_some() =>
            {
                return None;
            }
            kind if kind != FaultKind::Busy && lasts => (
                "data-stale",
                format!("{volume}: {} ({})", first_line(fault), text::age(since)),
            ),
            _ => return None,
        };
        Some(Finding {
            severity: Severity::Warning,
            volume: Some(volume.clone()),
            subject: volume.to_string(),
            code,
            text,
            advice: fault.kind.advice(),
        })
    })
}

fn first_line(fault: &Fault) -> &str {
    fault.message.lines().next().unwrap_or_default()
}

#[cfg(test)]
mod tests;
