//! Findings: what an admin should know now, worst first, each with a stable code, a sentence and
//! a piece of advice.

use std::time::Duration;

use jiff::SignedDuration;

use super::subvolume::{self, SubvolumeState};
use crate::model::{
    Fault, FaultKind, NodeProgress, Snapshot, Stamp, Task, TaskKind, TaskState, VolumeState,
    VolumeStatus, text,
};

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
    /// A brick in use by more than this share, 0.0 to 1.0.
    pub brick_filling: f64,
}

impl Default for Thresholds {
    fn default() -> Self {
        Self {
            stale: Duration::from_secs(15),
            stall_warning: Duration::from_secs(180),
            stall_critical: Duration::from_secs(900),
            dead: Duration::from_secs(60),
            busy: Duration::from_secs(30),
            brick_filling: 0.90,
        }
    }
}

/// Everything worth knowing at `now`, worst first.
pub fn findings(snapshot: &Snapshot, now: Stamp, thresholds: &Thresholds) -> Vec<Finding> {
    let mut found = Vec::new();
    found.extend(base_data(snapshot, now, thresholds));
    found.extend(peers(snapshot));
    for state in snapshot.volumes() {
        bricks(state, thresholds, &mut found);
        if let Some(task) = state.task() {
            of_task(state, task, now, thresholds, &mut found);
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
            FaultKind::Busy => return None,
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

fn bricks(state: &VolumeState, thresholds: &Thresholds, found: &mut Vec<Finding>) {
    let volume = &state.volume;
    if volume.status != VolumeStatus::Started {
        return;
    }
    for one in volume.subvolumes() {
        let health = subvolume::health(state, one);
        if health.state == SubvolumeState::Down {
            found.push(Finding {
                severity: Severity::Critical,
                subject: one.name(),
                code: "subvolume-down",
                text: format!(
                    "{}: {} is down, {} of {} bricks online: its files cannot be reached",
                    volume.name,
                    one.name(),
                    health.online,
                    health.bricks
                ),
                advice: "Bring its bricks back: gluster volume start VOLUME force starts dead brick processes.",
            });
        } else if health.state == SubvolumeState::Degraded {
            // Writes need a majority of copies, or all data fragments.
            let enough = if volume.layout.disperse > 0 {
                volume.layout.bricks_needed()
            } else {
                health.bricks / 2 + 1
            };
            found.push(Finding {
                severity: if health.online <= enough { Severity::Critical } else { Severity::Warning },
                subject: one.name(),
                code: "subvolume-degraded",
                text: format!(
                    "{}: {} has {} of {} bricks online",
                    volume.name,
                    one.name(),
                    health.online,
                    health.bricks
                ),
                advice: "Another failure may make its files unreachable; bring the brick back and let it heal.",
            });
        }
    }
    for brick in &volume.bricks {
        let name = &brick.name;
        if state.brick(name).online == Some(false) {
            found.push(Finding {
                severity: Severity::Critical,
                subject: name.to_string(),
                code: "brick-offline",
                text: format!("{}: brick {name} is offline", volume.name),
                advice: "A remove-brick or commit that names it will be refused. Look at its log below /var/log/glusterfs/bricks.",
            });
        }
        let used = state
            .space(name)
            .and_then(|space| Some(space.used()? as f64 / space.total.filter(|&t| t > 0)? as f64));
        if let Some(used) =
            used.filter(|&used| used > thresholds.brick_filling && !state.is_leaving(name))
        {
            found.push(Finding {
                severity: Severity::Warning,
                subject: name.to_string(),
                code: "brick-filling",
                text: format!(
                    "{}: brick {name} is {:.0}% full",
                    volume.name,
                    (used * 100.0).floor()
                ),
                advice: "Files cannot migrate to a full brick; S stops the task, T slows it down.",
            });
        }
    }
}

fn of_task(
    state: &VolumeState,
    task: &Task,
    now: Stamp,
    thresholds: &Thresholds,
    found: &mut Vec<Finding>,
) {
    let volume = &state.volume.name;
    let kind = task.kind.as_str();
    let mut note = |severity, code, text, advice| {
        found.push(Finding {
            severity,
            subject: volume.to_string(),
            code,
            text,
            advice,
        });
    };
    let total = task.total();
    let failing: Vec<_> = task
        .nodes
        .iter()
        .filter(|node| node.counters.failures.is_some_and(|n| n > 0))
        .map(|node| node.name.as_str())
        .collect();
    match task.state() {
        TaskState::Failed => note(
            Severity::Critical,
            "task-failed",
            format!("{volume}: {kind} failed"),
            if task.kind == TaskKind::RemoveBrick {
                "The volume accepts no other task until you choose (C): commit, retain or retry."
            } else {
                "See the rebalance log of the failed node; start it again when the cause is gone."
            },
        ),
        TaskState::Completed if task.kind == TaskKind::RemoveBrick => note(
            Severity::Warning,
            "commit-pending",
            format!("{volume}: remove-brick is complete and waits for commit or retain"),
            "C: commit, retain or later.",
        ),
        _ => {}
    }
    if !failing.is_empty() {
        let sum: u64 = task
            .nodes
            .iter()
            .filter_map(|node| node.counters.failures)
            .sum();
        note(
            Severity::Warning,
            "task-failures",
            format!(
                "{volume}: {} failures on {} ({kind}{})",
                text::count(total.failures.unwrap_or(sum)),
                failing.join(", "),
                if task.kind == TaskKind::RemoveBrick {
                    ", skipped files among them"
                } else {
                    ""
                }
            ),
            "The rebalance log of that node names the files: /var/log/glusterfs/VOLUME-rebalance.log.",
        );
    }
    if task.state() != TaskState::InProgress {
        return;
    }
    for node in &task.nodes {
        if !node.reported {
            let age = node.taken.map_or_else(
                || "yet".to_owned(),
                |t| format!("for {}", text::age(t.age(now))),
            );
            note(
                Severity::Warning,
                "node-silent",
                format!(
                    "{volume}: {} gave no answer about its {kind} {age}",
                    node.name
                ),
                "Its last counters stay on the screen; look at glusterd on that node.",
            );
        } else if let Some((severity, text)) = stall(node, now, thresholds) {
            note(
                severity,
                "task-stalled",
                format!("{volume}: {kind} on {}: {text}", node.name),
                "A very large file looks the same: see whether a brick grows. A dead process needs a stop and a new start.",
            );
        }
    }
}

fn stall(node: &NodeProgress, now: Stamp, thresholds: &Thresholds) -> Option<(Severity, String)> {
    if node.state != TaskState::InProgress {
        return None;
    }
    // Wall clocks: in the demo the task lives in accelerated time.
    let still = |since: Option<Stamp>| -> Option<Duration> { wall_age(since?, now) };
    if let Some(dead) = still(node.ticked).filter(|&t| t >= thresholds.dead) {
        let text = format!(
            "its run time stands still for {}: the process is probably dead",
            text::age(dead)
        );
        return Some((Severity::Critical, text));
    }
    let quiet = still(node.moved)?;
    let severity = if quiet >= thresholds.stall_critical {
        Severity::Critical
    } else if quiet >= thresholds.stall_warning {
        Severity::Warning
    } else {
        return None;
    };
    Some((
        severity,
        format!("no counter moved for {}", text::age(quiet)),
    ))
}

/// How long before `now` a stamp was on the wall clock.
pub fn wall_age(then: Stamp, now: Stamp) -> Option<Duration> {
    let age: SignedDuration = now.wall.duration_since(then.wall);
    Duration::try_from(age).ok()
}

fn busy(state: &VolumeState, now: Stamp, thresholds: &Thresholds) -> Option<Finding> {
    let fault = [
        state.bricks.fault(),
        state.task.fault(),
        state.space.fault(),
    ]
    .into_iter()
    .flatten()
    .find(|fault| matches!(fault.kind, FaultKind::Busy | FaultKind::Timeout))?;
    let since = fault.since.age(now);
    let (code, text) = match fault.kind {
        FaultKind::Busy if since >= thresholds.busy => (
            "lock-busy",
            format!(
                "{}: another gluster command holds its lock for {}",
                state.volume.name,
                text::age(since)
            ),
        ),
        FaultKind::Timeout => (
            "data-stale",
            format!(
                "{}: no answer since {} ago; a peer or brick may hang",
                state.volume.name,
                text::age(since)
            ),
        ),
        _ => return None,
    };
    Some(Finding {
        severity: Severity::Warning,
        subject: state.volume.name.to_string(),
        code,
        text,
        advice: fault.kind.advice(),
    })
}

fn first_line(fault: &Fault) -> &str {
    fault.message.lines().next().unwrap_or_default()
}
