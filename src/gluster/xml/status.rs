//! `volume status`, in its plain, detail and task views.

use crate::model::{BrickName, BrickSpace, BrickState, PeerId, TaskId, TaskKind, VolumeName};

use super::super::odd::{Odd, given, uuid};
use super::super::{BrickReport, Failure, ListedTask, StatusReport, StatusView};
use super::shared::Shared;
use super::{missing, wire};

/// What gluster lists among the bricks although it is none: the "host name" of each.
const SERVICES: [&str; 6] = [
    "Self-heal Daemon",
    "NFS Server",
    "Quota Daemon",
    "Bitrot Daemon",
    "Scrubber Daemon",
    "Snapshot Daemon",
];

/// The part of one volume. Bricks on nodes that did not answer are simply not there.
pub(super) fn report(
    wire: wire::StatusVolumes,
    volume: &VolumeName,
    view: StatusView,
    odd: &mut Odd,
) -> Result<StatusReport, Failure> {
    let wire = wire
        .volume
        .into_iter()
        .find(|found| found.vol_name.as_deref() == Some(volume.as_str()))
        .ok_or_else(|| missing(&format!("volume {volume}")))?;
    if wire.tasks.is_none() && view != StatusView::Detail {
        return Err(missing("task list"));
    }
    let count = wire.node.len();
    let tiers = [wire.hot, wire.cold];
    let nodes = tiers
        .into_iter()
        .flatten()
        .flat_map(|tier| tier.node)
        .chain(wire.node);
    let mut shared = Shared::default();
    let nodes = nodes.filter_map(|node| brick(volume, node, &mut shared, odd));
    let mut bricks = Vec::with_capacity(count);
    bricks.extend(nodes);
    Ok(StatusReport {
        bricks,
        tasks: wire.tasks.map(|tasks| {
            tasks
                .task
                .into_iter()
                .filter_map(|task| self::task(volume, task, odd))
                .collect()
        }),
    })
}

fn brick(
    volume: &VolumeName,
    node: wire::StatusNode,
    shared: &mut Shared,
    odd: &mut Odd,
) -> Option<BrickReport> {
    let host = node.hostname.unwrap_or_default();
    let path = node.path.unwrap_or_default();
    if SERVICES.contains(&&*host) {
        return None;
    }
    if !path.starts_with('/') {
        odd.note(format_args!(
            "volume {volume}: {host:?} with path {path:?} is no brick"
        ));
        return None;
    }
    let place = format_args!("brick {host}:{path}");
    // An offline brick has `N/A` for a port and -1 for a process.
    let port = given(node.port.as_deref());
    let pid = given(node.pid.as_deref()).filter(|pid| *pid != "-1");
    // Sizes are missing outside the detail view, and where glusterd could not learn them.
    let mut size = |field, text: &wire::Leaf| odd.number_if_given(place, field, text.as_deref());
    let space = BrickSpace {
        total: size("sizeTotal", &node.size_total),
        free: size("sizeFree", &node.size_free),
        inodes_total: size("inodesTotal", &node.inodes_total),
        inodes_free: size("inodesFree", &node.inodes_free),
        device: given(node.device.as_deref()).map(|device| shared.text(device)),
        fs: given(node.fs_name.as_deref()).map(|fs| shared.text(fs)),
    };
    Some(BrickReport {
        peer: uuid(node.peerid.as_deref()).map(PeerId::new),
        state: BrickState {
            online: odd.flag(place, "status", node.status.as_deref()),
            port: odd.number_if_given(place, "port", port),
            pid: odd.number_if_given(place, "pid", pid),
        },
        space,
        host: host.into_owned(),
        path: path.into_owned(),
    })
}

fn task(volume: &VolumeName, wire: wire::Task, odd: &mut Odd) -> Option<ListedTask> {
    let place = format!("task of volume {volume}");
    let kind = match wire.kind.as_deref() {
        Some("Rebalance") => TaskKind::Rebalance,
        Some("Remove brick") => TaskKind::RemoveBrick,
        other => {
            // Old releases list replace-brick and tier tasks too.
            let other = other.unwrap_or_default();
            odd.note(format_args!("{place}: {other:?} is not known here"));
            return None;
        }
    };
    let (state, _) = odd.state(&place, wire.status.as_deref(), wire.status_str.as_deref());
    Some(ListedTask {
        id: uuid(wire.id.as_deref()).map(TaskId::new),
        kind,
        state,
        bricks: wire
            .params
            .unwrap_or_default()
            .brick
            .into_iter()
            .map(BrickName::new)
            .collect(),
    })
}
