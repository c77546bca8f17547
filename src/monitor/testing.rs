//! Small clusters and readings for the tests of this room.

use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use jiff::{SignedDuration, Timestamp};

use super::ask::Reading;
use super::merge;
use super::round::Definitions;
use crate::gluster::{
    BrickReport, Command, Failure, Launcher, ListedTask, NodeReport, ProgressReport, Reply,
    StateReport, StateVolume, StatusReport, StatusView,
};
use crate::model::{
    Brick, BrickName, BrickSpace, BrickState, Counters, FaultKind, Layout, Peer, PeerId, Snapshot,
    Stamp, TaskId, TaskKind, TaskState, Volume, VolumeName, VolumeStatus,
};

pub(super) fn launcher() -> Launcher {
    Launcher {
        program: "gluster".into(),
        socket: None,
        ssh: None,
        state_dir: PathBuf::from("/run/glustop"),
        python_helper: false,
    }
}

/// So many seconds after the start.
pub(super) fn at(seconds: f64) -> Stamp {
    Stamp {
        steady: Duration::from_secs_f64(seconds),
        wall: Timestamp::UNIX_EPOCH + SignedDuration::from_millis((seconds * 1000.0) as i64),
    }
}

/// A reading that was asked and answered at the same moment.
pub(super) fn reading(command: Command, when: Stamp, result: Result<Reply, Failure>) -> Reading {
    Reading {
        order: launcher().order(command),
        asked: when,
        done: when,
        result,
    }
}

pub(super) fn busy() -> Failure {
    let text = "Another transaction is in progress for v0. Please try again after some time.";
    Failure::new(FaultKind::Busy, text)
}

/// A replica-less volume with one brick on each of so many nodes.
pub(super) fn volume(name: &str, nodes: usize) -> Volume {
    Volume {
        name: name.into(),
        id: String::new(),
        status: VolumeStatus::Started,
        layout: Layout::default(),
        bricks: (1..=nodes)
            .map(|node| Brick {
                name: brick(name, node),
                peer: Some(peer_id(node)),
                is_arbiter: false,
            })
            .collect(),
        options: std::collections::BTreeMap::new(),
    }
}

pub(super) fn brick(volume: &str, node: usize) -> BrickName {
    BrickName::new(format!("gl-{node:02}:/b/{volume}"))
}

pub(super) fn peer_id(node: usize) -> PeerId {
    PeerId::new(format!("peer-{node}"))
}

/// So many peers; the first one is asked.
pub(super) fn peers(nodes: usize) -> Vec<Peer> {
    (1..=nodes)
        .map(|node| Peer {
            id: peer_id(node),
            hostname: match node {
                1 => "localhost".to_owned(),
                _ => format!("10.0.0.{node}"),
            },
            connected: Some(true),
            state: None,
            is_local: node == 1,
        })
        .collect()
}

/// A snapshot with these volumes on three nodes, read at the start.
pub(super) fn snapshot(volumes: Vec<Volume>) -> Snapshot {
    let mut snapshot = Snapshot::default();
    let peers = reading(Command::PoolList, at(0.0), Ok(Reply::Peers(peers(3))));
    merge::reading(&mut snapshot, &peers);
    define(&mut snapshot, volumes, at(0.0));
    snapshot
}

pub(super) fn define(snapshot: &mut Snapshot, volumes: Vec<Volume>, taken: Stamp) {
    let read = Definitions {
        volumes: volumes.into_iter().map(Arc::new).collect(),
        unreadable: Vec::new(),
        fault: None,
        taken,
    };
    merge::definitions(snapshot, read);
}

pub(super) fn status(volume: &str, view: StatusView) -> Command {
    Command::VolumeStatus {
        volume: volume.into(),
        view,
    }
}

/// All bricks up, and this task list.
pub(super) fn status_report(volume: &Volume, tasks: Option<Vec<ListedTask>>) -> Reply {
    let bricks = volume.bricks.iter().map(|brick| BrickReport {
        host: brick.name.host().to_owned(),
        path: brick.name.path().to_owned(),
        peer: brick.peer.clone(),
        state: BrickState {
            online: Some(true),
            ..BrickState::default()
        },
        space: BrickSpace::default(),
    });
    Reply::Status(StatusReport {
        bricks: bricks.collect(),
        tasks,
    })
}

pub(super) fn listed(
    id: &str,
    kind: TaskKind,
    state: TaskState,
    bricks: &[BrickName],
) -> ListedTask {
    ListedTask {
        id: Some(id.into()),
        kind,
        state,
        bricks: bricks.to_vec(),
    }
}

/// A node's line, with as many bytes as seconds of run time.
pub(super) fn node(node: usize, state: TaskState, count: u64) -> NodeReport {
    NodeReport {
        name: match node {
            1 => "localhost".to_owned(),
            _ => format!("10.0.0.{node}"),
        },
        peer: Some(peer_id(node)),
        state,
        fix_layout: false,
        counters: Counters {
            files: Some(count),
            bytes: Some(count),
            scanned: Some(count),
            failures: Some(0),
            skipped: Some(0),
            runtime: Some(Duration::from_secs(count)),
        },
    }
}

pub(super) fn progress(id: &str, nodes: Vec<NodeReport>) -> ProgressReport {
    ProgressReport {
        task: Some(id.into()),
        nodes,
    }
}

/// What `get-state` says of one volume.
pub(super) fn own_state(volume: &str, task: Option<&str>, task_state: TaskState) -> StateReport {
    StateReport {
        local: Some(peer_id(1)),
        op_version: Some(100_000),
        definitions: 0,
        peers: 0,
        volumes: vec![StateVolume {
            name: VolumeName::from(volume),
            task: task.map(TaskId::from),
            task_state,
            geo_sessions: Some(0),
            snapshots: Some(0),
            time_left: None,
            bricks: Vec::new(),
        }],
    }
}
