//! Findings about a volume's task and its nodes.

use std::time::Duration;

use super::{Finding, Severity, Thresholds, wall_age};
use crate::model::{NodeProgress, Stamp, Task, TaskKind, TaskState, VolumeState, text};

pub(super) fn findings(
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
    // A silent node also stands in the way of a commit, and of knowing whether a task is over.
    let open = matches!(task.state(), TaskState::InProgress | TaskState::Unknown)
        || task.is_commit_pending();
    if !open {
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
