//! The nodes of a task: `rebalance ... status|stop` and `remove-brick ... status|stop`.

use crate::model::{Counters, PeerId, TaskId};

use super::super::odd::{Odd, given, uuid};
use super::super::{Failure, NodeReport, ProgressReport};
use super::{missing, wire};

/// The nodes of a rebalance.
pub(super) fn rebalance(
    report: Option<wire::TaskReport>,
    odd: &mut Odd,
) -> Result<ProgressReport, Failure> {
    let report = report.ok_or_else(|| missing("volRebalance"))?;
    nodes(report, odd)
}

/// The nodes of a remove-brick. There gluster counts skipped files among the failures and prints
/// 0 for the skipped ones: how many there are is not known.
pub(super) fn remove_brick(
    report: Option<wire::TaskReport>,
    odd: &mut Odd,
) -> Result<ProgressReport, Failure> {
    let report = report.ok_or_else(|| missing("volRemoveBrick"))?;
    let mut report = nodes(report, odd)?;
    for node in &mut report.nodes {
        node.counters.skipped = None;
    }
    Ok(report)
}

/// The id of the task that an answer is about.
pub(super) fn task_id(report: &wire::TaskReport) -> Option<TaskId> {
    uuid(report.task_id.as_deref()).map(TaskId::new)
}

fn nodes(report: wire::TaskReport, odd: &mut Odd) -> Result<ProgressReport, Failure> {
    // No node at all is an answer (the host of the leaving brick is down), but then the pool's
    // size is still there.
    if report.node.is_empty() && report.node_count.is_none() {
        return Err(missing("node"));
    }
    Ok(ProgressReport {
        task: task_id(&report),
        nodes: report
            .node
            .into_iter()
            .map(|node| self::node(&node, odd))
            .collect(),
    })
}

fn node(node: &wire::TaskNode, odd: &mut Odd) -> NodeReport {
    let peer = uuid(node.id.as_deref());
    let name = given(node.node_name.as_deref())
        .or(peer)
        .unwrap_or_default();
    let place = format!("node {name:?}");
    if peer.is_none() {
        odd.note(format_args!("{place} has no UUID"));
    }
    let (state, fix_layout) = odd.state(&place, node.status.as_deref(), node.status_str.as_deref());
    let mut count = |field, text: &wire::Leaf| odd.number(&place, field, text.as_deref());
    let counters = Counters {
        files: count("files", &node.files),
        bytes: count("size", &node.size),
        scanned: count("lookups", &node.lookups),
        failures: count("failures", &node.failures),
        skipped: count("skipped", &node.skipped),
        runtime: odd.seconds(&place, "runtime", node.runtime.as_deref()),
    };
    NodeReport {
        name: name.to_owned(),
        peer: peer.map(PeerId::new),
        state,
        fix_layout,
        counters,
    }
}
