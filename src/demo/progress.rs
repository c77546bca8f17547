//! What `rebalance` and `remove-brick` answer: the id of a task and the counters of its nodes.

use super::rules::Ground;
use super::task::{Counters, Run, Task, TaskKind};
use super::words::RebalanceOp;
use super::xml::Xml;

/// A fix-layout uses the codes of a rebalance plus this, in `rebalance status` only.
const FIX_LAYOUT: u8 = 4;

/// The answer to `rebalance start` and `fix-layout start`.
pub(super) fn rebalance_started(task: Option<&Task>, op: RebalanceOp) -> String {
    let mut xml = Xml::payload();
    xml.element("volRebalance", |xml| {
        id(xml, task);
        xml.leaf("op", op.code());
    });
    xml.into_text()
}

/// The answer to `rebalance status` and `stop`.
pub(super) fn rebalance(
    on: &Ground,
    file_size: u64,
    task: Option<&Task>,
    op: RebalanceOp,
) -> String {
    let mut xml = Xml::payload();
    xml.element("volRebalance", |xml| {
        id(xml, task);
        xml.leaf("op", op.code());
        nodes(xml, on, file_size, task);
    });
    xml.into_text()
}

/// The answer to `remove-brick start`, `commit` and `force`.
pub(super) fn remove_brick_id(task: Option<&Task>) -> String {
    let mut xml = Xml::payload();
    xml.element("volRemoveBrick", |xml| id(xml, task));
    xml.into_text()
}

/// The answer to `remove-brick status` and `stop`.
pub(super) fn remove_brick(on: &Ground, file_size: u64, task: Option<&Task>) -> String {
    let mut xml = Xml::payload();
    xml.element("volRemoveBrick", |xml| {
        id(xml, task);
        nodes(xml, on, file_size, task);
    });
    xml.into_text()
}

/// gluster's word for a status number.
pub(super) fn status_text(code: u8) -> &'static str {
    match code {
        0 => "not started",
        1 => "in progress",
        2 => "stopped",
        3 => "completed",
        4 => "failed",
        5 => "fix-layout in progress",
        6 => "fix-layout stopped",
        7 => "fix-layout completed",
        8 => "fix-layout failed",
        _ => "unknown",
    }
}

fn id(xml: &mut Xml, task: Option<&Task>) {
    if let Some(task) = task {
        xml.leaf("task-id", &task.id);
    }
}

/// `nodeCount` is the size of the pool; the nodes are those that answered, the asked one last.
fn nodes(xml: &mut Xml, on: &Ground, file_size: u64, task: Option<&Task>) {
    let Some(task) = task else { return };
    xml.leaf("nodeCount", on.peers.len());
    let mut runs: Vec<&Run> = task.heard(on.peers).collect();
    runs.sort_by_key(|run| run.peer == on.local);
    let mut sum = Counters::default();
    let mut runtime = 0;
    for run in runs {
        let counters = reported(task, run.counters(file_size));
        sum.files += counters.files;
        sum.size += counters.size;
        sum.lookups += counters.lookups;
        sum.failures += counters.failures;
        sum.skipped += counters.skipped;
        runtime = runtime.max(run.runtime);
        xml.element("node", |xml| {
            if let Some(peer) = on.peers.get(run.peer) {
                let own = run.peer == on.local;
                xml.leaf(
                    "nodeName",
                    if own { "localhost" } else { peer.name.as_str() },
                );
                xml.leaf("id", &peer.uuid);
            }
            numbers(xml, counters, code(task, run.status.code()), run.runtime);
        });
    }
    let whole = task
        .status(on.peers)
        .map_or(0, |status| code(task, status.code()));
    xml.element("aggregate", |xml| numbers(xml, sum, whole, runtime));
}

fn numbers(xml: &mut Xml, counters: Counters, code: u8, runtime: u64) {
    xml.leaf("files", counters.files);
    xml.leaf("size", counters.size);
    xml.leaf("lookups", counters.lookups);
    xml.leaf("failures", counters.failures);
    xml.leaf("skipped", counters.skipped);
    xml.leaf("status", code);
    xml.leaf("statusStr", status_text(code));
    xml.leaf("runtime", format_args!("{runtime}.00"));
}

/// remove-brick counts a skipped file as a failure; a fix-layout counts nothing.
fn reported(task: &Task, counters: Counters) -> Counters {
    match task.kind {
        TaskKind::Rebalance => counters,
        TaskKind::FixLayout => Counters {
            failures: counters.failures,
            ..Counters::default()
        },
        TaskKind::RemoveBrick(_) => Counters {
            failures: counters.failures + counters.skipped,
            skipped: 0,
            ..counters
        },
    }
}

fn code(task: &Task, code: u8) -> u8 {
    if task.kind == TaskKind::FixLayout {
        code + FIX_LAYOUT
    } else {
        code
    }
}
