//! One task in the status table: a line about the whole, then a line for each node.

use super::super::columns::{Columns, Side};
use super::{known, share, state_word};
use crate::insight::progress::{self, Basis, NoEstimate};
use crate::model::text::{age, count, printable, run_time, short_size, size, time_left};
use crate::model::{Counters, NodeProgress, Stamp, Task, TaskKind, TaskState, VolumeState};

pub(super) fn lines(state: &VolumeState, task: &Task, now: Stamp) -> Vec<String> {
    let mut lines = vec![summary(state, task)];
    lines.extend(
        task.bricks
            .iter()
            .map(|brick| format!("  leaving: {}", printable(brick.as_str()))),
    );
    if task.nodes.is_empty() {
        lines.push("  no node has reported".to_owned());
    } else {
        lines.extend(nodes(task, now));
    }
    lines
}

/// `* remove-brick media: in progress, 37% by size, 114 MiB/s, 13h17m left`.
fn summary(state: &VolumeState, task: &Task) -> String {
    let glyph = match task.state() {
        _ if task.is_commit_pending() => '@',
        TaskState::InProgress => '*',
        TaskState::Completed => '+',
        TaskState::Failed => 'X',
        TaskState::Stopped => '=',
        TaskState::NotStarted => '-',
        TaskState::Unknown => '~',
    };
    let mut parts = vec![state_word(task).to_owned()];
    if task.is_running() {
        let progress = progress::of(state, task);
        parts.extend(progress.done.map(|done| {
            let basis = match done.1 {
                Basis::Size => "by size",
                Basis::Scanned => "by files scanned",
                Basis::Gluster => "by gluster's estimate",
            };
            format!("{} {basis}", share(done))
        }));
        parts.extend(progress.rate.map(|rate| format!("{}/s", size(rate as u64))));
        parts.extend(progress.estimate.map(|estimate| {
            format!(
                "about {} left ({} to {})",
                time_left(estimate.likely),
                time_left(estimate.earliest),
                time_left(estimate.latest)
            )
        }));
        parts.extend(progress.no_estimate.map(NoEstimate::words));
    }
    format!(
        "{glyph} {} {}: {}",
        task.kind.as_str(),
        printable(state.volume.name.as_str()),
        parts.join(", ")
    )
}

fn nodes(task: &Task, now: Stamp) -> Vec<String> {
    let mut table = Columns::new([
        ("NODE", Side::Left),
        ("STATE", Side::Left),
        ("FILES", Side::Right),
        ("MOVED", Side::Right),
        ("SCANNED", Side::Right),
        ("FAILED", Side::Right),
        ("SKIPPED", Side::Right),
        ("RUN TIME", Side::Right),
    ]);
    let mut push = |name: &str, state: String, counters: Counters| {
        let number = |n: Option<u64>| known(n.map(count));
        table.push([
            name.to_owned(),
            state,
            number(counters.files),
            known(counters.bytes.map(short_size)),
            number(counters.scanned),
            number(counters.failures),
            // gluster counts them as failures there.
            if task.kind == TaskKind::RemoveBrick {
                "-".to_owned()
            } else {
                number(counters.skipped)
            },
            known(counters.runtime.map(run_time)),
        ]);
    };
    for node in &task.nodes {
        push(&node.name, node_state(node, now), node.counters);
    }
    let reported = format!("{} of {} nodes", task.nodes_reported(), task.nodes.len());
    push("TOTAL", reported, task.total());
    table.lines("  ").collect()
}

/// Its own word, or how long it has been silent: its last counters stay beside it.
fn node_state(node: &NodeProgress, now: Stamp) -> String {
    match node.taken {
        _ if node.reported => node.state.as_str().to_owned(),
        Some(taken) => format!("no answer for {}", age(taken.age(now))),
        None => "no answer yet".to_owned(),
    }
}
