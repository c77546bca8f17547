//! The pool of the pictures: six nodes, four volumes, a remove-brick, a rebalance, trouble.

use std::collections::BTreeMap;
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use jiff::tz::TimeZone;
use jiff::{SignedDuration, Timestamp};

use ratatui::buffer::Cell;
use ratatui::style::{Color, Modifier};

use super::picture::buffer;
use super::{Charset, Look, Palette, ViewState};
use crate::app::{Model, Session, Source};
use crate::config::{Keymap, Theme};
use crate::gluster::Launcher;
use crate::insight::finding;
use crate::model::{
    Baseline, Brick, BrickName, BrickSpace, BrickState, Counters, Layout, NodeProgress, Part, Peer,
    PeerId, Release, Snapshot, Stamp, Task, TaskId, TaskKind, TaskState, Volume, VolumeState,
    VolumeStatus,
};

mod past;

use past::{trail, usage};

const MIB: f64 = 1024.0 * 1024.0;

pub(super) fn ascii() -> Look {
    Look {
        charset: Charset::Ascii,
        palette: Palette::new(Theme::Dark, true),
    }
}

pub(super) fn utf8() -> Look {
    Look {
        charset: Charset::Utf8,
        ..ascii()
    }
}

pub(super) fn tib(n: f64) -> u64 {
    (n * 1024.0 * 1024.0 * MIB) as u64
}

/// Monday, 12:04:31, five hours after the program began.
pub(super) fn now() -> Stamp {
    ago(0)
}

pub(super) fn ago(seconds: u64) -> Stamp {
    let now: Timestamp = "2026-06-15T12:04:31Z".parse().unwrap();
    Stamp {
        steady: Duration::from_secs(18_000 - seconds),
        wall: now - SignedDuration::from_secs(seconds.cast_signed()),
    }
}

pub(super) fn model() -> Model {
    let mut model = empty();
    model.snapshot = Arc::new(Snapshot {
        release: Some(Release::parse("glusterfs 11.1").unwrap()),
        peers: Part::fresh(peers(6).into(), ago(2)),
        volumes: Part::fresh(
            vec![
                Arc::new(backup()),
                Arc::new(home()),
                Arc::new(media()),
                Arc::new(scratch()),
            ],
            ago(2),
        ),
        ..Snapshot::default()
    });
    model.panes.volumes.selected = Some("media".into());
    find(&mut model, 720);
    model
}

/// A model that knows nothing.
pub(super) fn empty() -> Model {
    let session = Session {
        source: Source::Local("gl-01".into()),
        launcher: Launcher {
            program: "gluster".into(),
            socket: None,
            ssh: None,
            state_dir: PathBuf::from("/run/glustop"),
            python_helper: false,
        },
        permit: crate::gluster::Permit::Everything,
        patience: Duration::from_secs(180),
        keymap: Keymap::default(),
        handover: vec!["glustop".into()],
        zone: TimeZone::UTC,
        bell: false,
        alarms: crate::config::Alarms::default(),
        lock_share_percent: 5,
    };
    let mut model = Model::new(session, Duration::from_secs(5), ago(18_000));
    model.now = now();
    model
}

/// A pool without volumes.
pub(super) fn empty_pool() -> Model {
    let mut model = empty();
    model.snapshot = Arc::new(Snapshot {
        release: Some(Release::parse("glusterfs 11.1").unwrap()),
        peers: Part::fresh(peers(1).into(), ago(2)),
        volumes: Part::fresh(vec![], ago(2)),
        ..Snapshot::default()
    });
    model
}

/// Judges the snapshot, as if what holds now had begun some seconds ago.
pub(super) fn find(model: &mut Model, seconds: u64) {
    model.findings = finding::findings(&model.snapshot, model.now, &model.thresholds());
    model.journal.follow_findings(&model.findings, ago(seconds));
}

/// Changes one volume of the snapshot.
pub(super) fn alter(model: &mut Model, name: &str, change: impl FnOnce(&mut VolumeState)) {
    let mut snapshot = (*model.snapshot).clone();
    let mut volumes = snapshot.volumes.get().unwrap().clone();
    let at = volumes
        .iter()
        .position(|state| state.volume.name.as_str() == name)
        .unwrap();
    change(Arc::make_mut(&mut volumes[at]));
    snapshot.volumes = Part::fresh(volumes, snapshot.volumes.taken().unwrap());
    model.snapshot = Arc::new(snapshot);
}

/// Changes the task of one volume.
pub(super) fn alter_task(model: &mut Model, name: &str, change: impl FnOnce(&mut Task)) {
    alter(model, name, |state| {
        let mut task = state.task().unwrap().clone();
        change(&mut task);
        state.task = Part::fresh(Some(Arc::new(task)), ago(2));
    });
}

fn peers(n: usize) -> Vec<Peer> {
    (1..=n)
        .map(|i| Peer {
            id: peer(i),
            hostname: if i == 1 {
                "localhost".into()
            } else {
                format!("gl-{i:02}")
            },
            connected: Some(true),
            state: (i > 1).then(|| "Peer in Cluster".to_owned()),
            is_local: i == 1,
        })
        .collect()
}

fn peer(i: usize) -> PeerId {
    PeerId::new(format!("peer-{i}"))
}

/// A brick on node `host`, with its size and use in TiB.
struct Made {
    host: usize,
    path: &'static str,
    device: &'static str,
    total: f64,
    used: f64,
}

fn made(host: usize, path: &'static str, device: &'static str, total: f64, used: f64) -> Made {
    Made {
        host,
        path,
        device,
        total,
        used,
    }
}

fn volume(name: &str, status: VolumeStatus, layout: Layout, bricks: &[Made]) -> VolumeState {
    let brick_name = |b: &Made| BrickName::new(format!("gl-{:02}:{}/{name}", b.host, b.path));
    let definition = Volume {
        name: name.into(),
        id: String::new(),
        status,
        layout,
        bricks: bricks
            .iter()
            .map(|b| Brick {
                name: brick_name(b),
                peer: Some(peer(b.host)),
                is_arbiter: false,
            })
            .collect(),
        options: BTreeMap::new(),
    };
    let mut state = VolumeState::new(Arc::new(definition));
    state.own.geo_sessions = Some(0);
    if status == VolumeStatus::Started {
        let up = bricks.iter().enumerate().map(|(at, b)| {
            let state = BrickState {
                online: Some(true),
                port: Some(49_152),
                pid: Some(3_000 + at as u32),
            };
            (brick_name(b), state)
        });
        state.bricks = Part::fresh(up.collect(), ago(3));
        let space = bricks.iter().map(|b| {
            let space = BrickSpace {
                total: Some(tib(b.total)),
                free: Some(tib(b.total) - tib(b.used)),
                device: Some(format!("/dev/{}", b.device).into()),
                fs: Some("xfs".into()),
                inodes_total: Some(30_000_000),
                inodes_free: Some(30_000_000 - 1_170_000),
            };
            (brick_name(b), space)
        });
        state.space = Part::fresh(space.collect(), ago(9));
        state.task = Part::fresh(None, ago(3));
    }
    state
}

fn replica(n: u32) -> Layout {
    Layout {
        replica: n,
        ..Layout::default()
    }
}

fn media() -> VolumeState {
    let bricks = [
        made(1, "/bricks/m0", "sdb", 16.0, 9.6),
        made(2, "/bricks/m0", "sdb", 16.0, 9.6),
        made(3, "/bricks/m0", "sdb", 16.0, 9.6),
        made(4, "/bricks/m1", "sdb", 16.0, 9.6),
        made(5, "/bricks/m1", "sdb", 16.0, 9.6),
        made(6, "/bricks/m1", "sdb", 16.0, 9.6),
        made(1, "/bricks/m2", "sdd", 16.0, 5.2),
        made(2, "/bricks/m2", "sdd", 16.0, 5.2),
        made(3, "/bricks/m2", "sdd", 16.0, 5.2),
    ];
    let mut state = volume("media", VolumeStatus::Started, replica(3), &bricks);
    let run = Duration::from_secs(27_547);
    let mut nodes = vec![
        node(1, 214_332, 1.11, 1_204_511, run, 41.0),
        node(2, 213_901, 1.02, 1_203_770, run, 39.0),
        node(3, 212_987, 0.98, 1_201_763, run, 34.0),
    ];
    nodes[2].counters.failures = Some(12);
    nodes[2].moved = Some(ago(271));
    let leaving = state.volume.bricks[6..].iter().map(|b| b.name.clone());
    let task = Task {
        id: Some(TaskId::new("4c1b7f0e-91d2-4c5c-8f3c-3b7a0f1d2e66")),
        kind: TaskKind::RemoveBrick,
        listed: TaskState::InProgress,
        bricks: leaving.collect(),
        trail: trail(tib(3.11), 114.0),
        nodes,
        first_seen: ago(17_000),
        baseline: Some(Baseline {
            used: tib(8.3),
            at: ago(17_000).wall,
            exact: true,
        }),
        usage: Arc::new(usage(&state)),
    };
    state.task = Part::fresh(Some(Arc::new(task)), ago(2));
    state
}

fn scratch() -> VolumeState {
    let bricks = [
        made(3, "/bricks/s0", "sde", 4.0, 2.96),
        made(4, "/bricks/s1", "sde", 4.0, 2.84),
        made(5, "/bricks/s2", "sde", 4.0, 2.80),
        made(6, "/bricks/s3", "sde", 4.0, 0.52),
    ];
    let mut state = volume("scratch", VolumeStatus::Started, Layout::default(), &bricks);
    let run = Duration::from_secs(7_050);
    let mut nodes: Vec<_> = (3..=6)
        .map(|host| node(host, 40_000, 1.1, 725_000, run, 52.0))
        .collect();
    for node in &mut nodes {
        node.counters.skipped = Some(30);
    }
    nodes[2].counters.failures = Some(3);
    let task = Task {
        id: Some(TaskId::new("9a33cc01-0000-4000-8000-000000000001")),
        kind: TaskKind::Rebalance,
        listed: TaskState::InProgress,
        bricks: vec![],
        trail: trail(tib(4.4), 210.0),
        nodes,
        first_seen: ago(7_000),
        baseline: None,
        usage: Arc::default(),
    };
    state.task = Part::fresh(Some(Arc::new(task)), ago(2));
    state
}

fn home() -> VolumeState {
    let bricks = [4, 5, 6].map(|host| made(host, "/bricks/h0", "sdc", 4.0, 1.8));
    let mut state = volume("home", VolumeStatus::Started, replica(3), &bricks);
    let up = state.bricks.get().unwrap().clone().into_iter();
    let down = BrickState {
        online: Some(false),
        port: None,
        pid: None,
    };
    let down = (BrickName::new("gl-06:/bricks/h0/home"), down);
    state.bricks = Part::fresh(up.chain([down]).collect(), ago(3));
    state
}

fn backup() -> VolumeState {
    let layout = Layout {
        disperse: 6,
        redundancy: 2,
        ..Layout::default()
    };
    let bricks = [1, 2, 3, 4, 5, 6].map(|host| made(host, "/bricks/b0", "sdf", 8.0, 2.0));
    volume("backup", VolumeStatus::Stopped, layout, &bricks)
}

fn node(
    host: usize,
    files: u64,
    moved: f64,
    scanned: u64,
    run: Duration,
    rate: f64,
) -> NodeProgress {
    NodeProgress {
        peer: peer(host),
        name: format!("gl-{host:02}"),
        state: TaskState::InProgress,
        counters: Counters {
            files: Some(files),
            bytes: Some(tib(moved)),
            scanned: Some(scanned),
            failures: Some(0),
            skipped: None,
            runtime: Some(run),
        },
        taken: Some(ago(2)),
        reported: true,
        moved: Some(ago(2)),
        ticked: Some(ago(2)),
        trail: trail(tib(moved), rate),
    }
}

/// One letter for each cell's style: a lost colour or reverse shows.
pub(super) fn styles(model: &Model, look: Look, width: u16, height: u16) -> String {
    let buffer = buffer(model, look, &mut ViewState::default(), width, height);
    let letter = |cell: &Cell| match (cell.modifier, cell.fg) {
        (m, Color::Reset) if m.contains(Modifier::REVERSED | Modifier::BOLD) => 'T',
        (m, Color::Reset) if m.contains(Modifier::REVERSED) => 't',
        (m, Color::Reset) if m.contains(Modifier::BOLD) => 'b',
        (m, Color::Red) if m.contains(Modifier::REVERSED) => 'X',
        (_, Color::Red) => 'r',
        (_, Color::Green) => 'g',
        (_, Color::Cyan) => 'c',
        (_, Color::Yellow) => 'y',
        (_, Color::Magenta) => 'm',
        (m, Color::Reset) if m.is_empty() => '.',
        _ => '?',
    };
    let rows = buffer.content().chunks(usize::from(width));
    let rows = rows.map(|row| row.iter().map(letter).collect::<String>());
    rows.collect::<Vec<_>>().join("\n")
}
