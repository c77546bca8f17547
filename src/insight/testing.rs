//! Clusters made by hand, for the tests of what follows from them and of the reports on them.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;

use jiff::Timestamp;

use super::progress;
use crate::model::{
    Brick, BrickHeal, BrickName, BrickSpace, BrickState, Counters, Fault, FaultKind, Heal, Layout,
    NodeProgress, OpVersions, OwnView, Part, Peer, PeerId, Release, Snapshot, Stamp, Task, TaskId,
    TaskKind, TaskState, Trail, Usage, Volume, VolumeName, VolumeState, VolumeStatus,
};

pub(crate) const GIB: u64 = 1 << 30;

/// So many seconds into the test, which begins at noon.
pub(crate) fn at(seconds: u64) -> Stamp {
    let noon: Timestamp = "2026-11-22T12:00:00Z".parse().unwrap();
    Stamp {
        steady: Duration::from_secs(seconds),
        wall: noon + Duration::from_secs(seconds),
    }
}

pub(crate) fn distribute() -> Layout {
    replica(1, 0)
}

/// Copies, the arbiter among them.
pub(crate) fn replica(replica: u32, arbiter: u32) -> Layout {
    Layout {
        replica,
        arbiter,
        ..Layout::default()
    }
}

/// Fragments with contents, and how many more may be lost.
pub(crate) fn disperse(data: u32, redundancy: u32) -> Layout {
    Layout {
        replica: 1,
        disperse: data + redundancy,
        redundancy,
        ..Layout::default()
    }
}

fn peer_id(number: usize) -> PeerId {
    PeerId::new(format!("00000000-0000-0000-0000-{number:012}"))
}

/// A started volume without a task. Brick `i` is `gl-0{i+1}:/bricks/NAME`, online, with 40 of
/// 100 GiB in use on a device of its own.
pub(crate) fn volume(name: &str, layout: Layout, bricks: usize) -> VolumeState {
    let bricks: Vec<Brick> = (0..bricks)
        .map(|i| Brick {
            name: BrickName::from_parts(&format!("gl-{:02}", i + 1), &format!("/bricks/{name}")),
            peer: Some(peer_id(i + 1)),
            is_arbiter: layout.arbiter > 0 && (i + 1) % layout.leaf() == 0,
        })
        .collect();
    let states = bricks.iter().map(|brick| {
        let state = BrickState {
            online: Some(true),
            port: Some(49152),
            pid: Some(3311),
        };
        (brick.name.clone(), state)
    });
    let space = bricks.iter().map(|brick| {
        let space = BrickSpace {
            total: Some(100 * GIB),
            free: Some(60 * GIB),
            device: Some("/dev/sdb".into()),
            fs: Some("xfs".into()),
            inodes_total: Some(1_000_000),
            inodes_free: Some(900_000),
        };
        (brick.name.clone(), space)
    });
    VolumeState {
        bricks: Part::fresh(states.collect(), at(0)),
        space: Part::fresh(space.collect(), at(0)),
        task: Part::fresh(None, at(0)),
        heal: Part::fresh(no_heals(&bricks), at(0)),
        effective: Part::fresh(Arc::default(), at(0)),
        own: OwnView {
            geo_sessions: Some(0),
            snapshots: Some(0),
            time_left: None,
        },
        volume: Arc::new(Volume {
            name: VolumeName::new(name),
            id: format!("id-of-{name}"),
            status: VolumeStatus::Started,
            layout,
            bricks,
            options: BTreeMap::new(),
        }),
    }
}

/// Every brick answered, and nothing waits for healing.
fn no_heals(bricks: &[Brick]) -> Heal {
    let bricks = bricks.iter().map(|brick| BrickHeal {
        brick: brick.name.clone(),
        entries: Some(0),
        split_brain: Some(0),
    });
    Heal {
        bricks: bricks.collect(),
    }
}

/// Says how many entries wait for healing by a brick's count; `None`: it gave no answer.
pub(crate) fn set_heal(state: &mut VolumeState, brick: usize, entries: Option<u64>) {
    let mut heal = state.heal.get().cloned().unwrap();
    heal.bricks[brick].entries = entries;
    state.heal = Part::fresh(heal, at(0));
}

/// Says which value of an option is in force.
pub(crate) fn set_option(state: &mut VolumeState, key: &str, value: &str) {
    let mut options = state.effective.get().cloned().unwrap_or_default();
    Arc::make_mut(&mut options).insert(key.to_owned(), value.to_owned());
    state.effective = Part::fresh(options, at(0));
}

/// Changes the definition.
pub(crate) fn define(state: &mut VolumeState, change: impl FnOnce(&mut Volume)) {
    change(Arc::make_mut(&mut state.volume));
}

/// The names of some bricks.
pub(crate) fn names(state: &VolumeState, bricks: &[usize]) -> Vec<BrickName> {
    bricks
        .iter()
        .map(|&i| state.volume.bricks[i].name.clone())
        .collect()
}

/// Says whether a brick runs; `None` takes it out of gluster's answer.
pub(crate) fn set_online(state: &mut VolumeState, brick: usize, online: Option<bool>) {
    let name = state.volume.bricks[brick].name.clone();
    let all = state.bricks.get().cloned().unwrap().into_iter();
    let mut all: BTreeMap<_, _> = all.collect();
    match online {
        Some(_) => all.entry(name).or_default().online = online,
        None => drop(all.remove(&name)),
    }
    state.bricks = Part::fresh(all.into_iter().collect(), at(0));
}

/// Changes the file system below a brick.
pub(crate) fn set_space(
    state: &mut VolumeState,
    brick: usize,
    change: impl FnOnce(&mut BrickSpace),
) {
    let name = state.volume.bricks[brick].name.clone();
    let all = state.space.get().cloned().unwrap().into_iter();
    let mut all: BTreeMap<_, _> = all.collect();
    change(all.entry(name).or_default());
    state.space = Part::fresh(all.into_iter().collect(), at(0));
}

/// One node's part in a task that began half an hour before the test.
pub(crate) fn node(number: usize, state: TaskState) -> NodeProgress {
    NodeProgress {
        peer: peer_id(number),
        name: format!("gl-{number:02}"),
        state,
        counters: Counters {
            files: Some(100),
            bytes: Some(10 * GIB),
            scanned: Some(1_000),
            failures: Some(0),
            skipped: Some(0),
            runtime: Some(Duration::from_secs(1_800)),
        },
        taken: Some(at(0)),
        reported: true,
        moved: Some(at(0)),
        ticked: Some(at(0)),
        trail: Trail::default(),
    }
}

/// Gives the volume a task; a remove-brick names these bricks.
pub(crate) fn set_task(
    state: &mut VolumeState,
    kind: TaskKind,
    bricks: &[usize],
    nodes: Vec<NodeProgress>,
) {
    let mut usage = Usage::default();
    for (brick, space) in state.space.get().unwrap().iter() {
        if let Some(used) = space.used() {
            usage.push(brick, at(0).wall, used);
        }
    }
    let mut task = Task {
        id: Some(TaskId::new("4c1b7f0e-aaaa-bbbb-cccc-0123456789ab")),
        kind,
        listed: nodes.first().map_or(TaskState::InProgress, |n| n.state),
        bricks: names(state, bricks),
        nodes,
        first_seen: at(0),
        trail: Trail::default(),
        baseline: None,
        usage: Arc::new(usage),
    };
    task.baseline = progress::baseline(state, &task);
    state.task = Part::fresh(Some(Arc::new(task)), at(0));
}

/// A failed question.
pub(crate) fn fault(kind: FaultKind, message: &str, since: Stamp) -> Fault {
    Fault {
        kind,
        command: "gluster --mode=script --xml volume status media".into(),
        message: message.into(),
        since,
    }
}

/// A cluster of these volumes, read at the beginning of the test. Every host is connected; the
/// first was asked.
pub(crate) fn snapshot(mut volumes: Vec<VolumeState>) -> Snapshot {
    volumes.sort_by(|a, b| a.volume.name.cmp(&b.volume.name));
    let hosts = volumes.iter().map(|v| v.volume.bricks.len()).max();
    let peers: Vec<Peer> = (1..=hosts.unwrap_or(1))
        .map(|number| Peer {
            id: peer_id(number),
            hostname: if number == 1 {
                "localhost".into()
            } else {
                format!("gl-{number:02}")
            },
            connected: Some(true),
            state: (number > 1).then(|| "Peer in Cluster".into()),
            is_local: number == 1,
        })
        .collect();
    Snapshot {
        release: Release::parse("glusterfs 10.3"),
        peers: Part::fresh(peers.into(), at(0)),
        volumes: Part::fresh(volumes.into_iter().map(Arc::new).collect(), at(0)),
        op_versions: Part::fresh(
            OpVersions {
                current: 100_000,
                highest: Some(100_000),
            },
            at(0),
        ),
        ..Snapshot::default()
    }
}

/// Changes one peer, counted as the hosts are.
pub(crate) fn set_peer(snapshot: &mut Snapshot, number: usize, change: impl FnOnce(&mut Peer)) {
    let mut peers = snapshot.peers().to_vec();
    change(&mut peers[number - 1]);
    snapshot.peers = Part::fresh(peers.into(), at(0));
}
