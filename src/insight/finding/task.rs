//! Findings about a volume's task and its nodes.

use super::stall::stall;
use super::{Finding, Severity, Thresholds, fill, pace};
use crate::insight::progress::Progress;
use crate::model::{NodeProgress, Stamp, Task, TaskKind, TaskState, VolumeState, text};

pub(super) fn findings(
    state: &VolumeState,
    task: &Task,
    progress: Option<&Progress>,
    now: Stamp,
    thresholds: &Thresholds,
    found: &mut Vec<Finding>,
) {
    let volume = &state.volume.name;
    let kind = task.kind.as_str();
    let mut note = |severity, code, text, advice| {
        found.push(Finding {
            severity,
            volume: Some(volume.clone()),
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
                "The volume accepts no other task until it is stopped: that gives the bricks back, and it can be started again."
            } else {
                "See the rebalance log of the failed node; start it again when the cause is gone."
            },
        ),
        TaskState::Completed if task.kind == TaskKind::RemoveBrick => note(
            Severity::Warning,
            "commit-pending",
            format!("{volume}: remove-brick is complete and waits for commit or retain"),
            "Commit it, or stop it to retain the bricks.",
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
    // A silent node also stands in the way of a commit, and of knowing whether a task is over.
    let open = matches!(task.state(), TaskState::InProgress | TaskState::Unknown)
        || task.is_commit_pending();
    if open {
        nodes(state, task, now, thresholds, found);
    }
    if let Some(progress) = progress.filter(|_| task.is_running()) {
        found.extend(fill::findings(state, task, progress, thresholds));
        found.extend(pace::findings(state, task, progress, thresholds));
    }
}

fn nodes(
    state: &VolumeState,
    task: &Task,
    now: Stamp,
    thresholds: &Thresholds,
    found: &mut Vec<Finding>,
) {
    let volume = &state.volume.name;
    let kind = task.kind.as_str();
    let mut note = |node: &NodeProgress, severity, code, text, advice| {
        found.push(Finding {
            severity,
            volume: Some(volume.clone()),
            subject: format!("{volume} on {}", node.name),
            code,
            text,
            advice,
        });
    };
    // Between the first sight of a task and the first answer about its nodes nobody is silent.
    let asked = task.nodes.iter().any(|node| node.taken.is_some())
        || task.first_seen.age(now) > thresholds.stale;
    for node in &task.nodes {
        if !node.reported {
            if !asked {
                continue;
            }
            let age = node.taken.map_or_else(
                || "yet".to_owned(),
                |t| format!("for {}", text::age(t.age(now))),
            );
            note(
                node,
                Severity::Warning,
                "node-silent",
                format!(
                    "{volume}: {} gave no answer about its {kind} {age}",
                    node.name
                ),
                "Its last counters are kept; look at glusterd on that node.",
            );
        } else if let Some((severity, stall)) = stall(Some(state), task, node, thresholds) {
            note(
                node,
                severity,
                "task-stalled",
                format!("{volume}: {kind} on {}: {}", node.name, stall.words()),
                stall.advice(),
            );
        }
    }
}
