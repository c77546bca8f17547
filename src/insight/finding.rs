//! Findings: what an admin should know now, worst first, each with a stable code, a sentence and
//! a piece of advice.

use std::time::Duration;

use super::glance::Glances;
use crate::model::{Fault, FaultKind, Snapshot, Stamp, VolumeState, text};

mod brick;
mod task;

pub(super) use brick::findings as of_bricks;
pub use task::{Stall, stall};

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
    /// A volume, brick, peer or task by name.
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
    /// The age at which base data counts as old: three reading intervals.
    pub stale: Duration,
    /// No counter of a node moved for this long: a warning.
    pub stall_warning: Duration,
    /// The same, critical.
    pub stall_critical: Duration,
    /// A node's run time stood still for this long: its process is dead.
    pub dead: Duration,
    /// A volume's lock was busy for this long.
    pub busy: Duration,
}

impl Default for Thresholds {
    fn default() -> Self {
        Self {
            stale: Duration::from_secs(15),
            stall_warning: Duration::from_secs(180),
            stall_critical: Duration::from_secs(900),
            dead: Duration::from_secs(60),
            busy: Duration::from_secs(30),
        }
    }
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
    found.extend(base_data(snapshot, now, thresholds));
    found.extend(peers(snapshot));
    for seen in glances.seen() {
        found.extend_from_slice(&seen.findings);
        let state = &seen.state;
        if let Some(task) = state.task() {
            task::findings(state, task, now, thresholds, &mut found);
        }
        found.extend(busy(state, now, thresholds));
    }
    found.sort_by_key(|finding| std::cmp::Reverse(finding.severity));
    found
}

/// The worst severity; `None` when there is no finding.
pub fn worst(findings: &[Finding]) -> Option<Severity> {
    findings.iter().map(|finding| finding.severity).max()
}

fn base_data(snapshot: &Snapshot, now: Stamp, thresholds: &Thresholds) -> Option<Finding> {
    let fault = snapshot.volumes.fault().or(snapshot.peers.fault());
    let age = snapshot.volumes.age(now);
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
            subject: "glusterd".to_owned(),
            code,
            text,
            advice: fault.kind.advice(),
        });
    }
    let late = snapshot
        .asking
        .as_ref()
        .filter(|asking| asking.since.age(now) > thresholds.stale);
    if age.is_some_and(|age| age > thresholds.stale) || (age.is_none() && late.is_some()) {
        let text = late.map_or_else(
            || format!("no new data; {shown}"),
            |asking| {
                format!(
                    "no answer for {} to: {}; {shown}",
                    text::age(asking.since.age(now)),
                    asking.command
                )
            },
        );
        return Some(Finding {
            severity: Severity::Warning,
            subject: "glusterd".to_owned(),
            code: "data-stale",
            text,
            advice: "gluster gives up after 120 s by itself; look at glusterd on this node and on its peers.",
        });
    }
    None
}

fn peers(snapshot: &Snapshot) -> impl Iterator<Item = Finding> {
    snapshot.peers().iter().filter_map(|peer| {
        if peer.connected == Some(false) {
            Some(Finding {
                severity: Severity::Critical,
                subject: peer.hostname.clone(),
                code: "peer-disconnected",
                text: format!("peer {} is disconnected: its bricks and nodes give no answer", peer.hostname),
                advice: "Look there: systemctl status glusterd. Starting and committing remove-bricks on its bricks will be refused.",
            })
        } else if peer.is_rejected() {
            Some(Finding {
                severity: Severity::Critical,
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

fn busy(state: &VolumeState, now: Stamp, thresholds: &Thresholds) -> Option<Finding> {
    let faults = [
        state.bricks.fault(),
        state.task.fault(),
        state.space.fault(),
    ];
    faults.into_iter().flatten().find_map(|fault| {
        let volume = &state.volume.name;
        let since = fault.since.age(now);
        let (code, text) = match fault.kind {
            FaultKind::Busy if since >= thresholds.busy => (
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
            _ => return None,
        };
        Some(Finding {
            severity: Severity::Warning,
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
