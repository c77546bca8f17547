//! `volume status`: the processes of each volume, the space of its bricks, its task.

use super::progress::status_text;
use super::rules::Ground;
use super::task::{RunStatus, Task};
use super::volume::{Brick, Peer, Subvolume, Volume};
use super::words::StatusView;
use super::xml::Xml;

/// How the bricks' filesystems are mounted.
const MOUNT_OPTIONS: &str = "rw,noatime,inode64,logbufs=8,logbsize=32k,noquota";
const FILESYSTEM: &str = "xfs";
const BLOCK_SIZE: u32 = 4096;
/// Process ids of the daemons: they need no seed, only to differ from node to node.
const FIRST_DAEMON_PID: usize = 980;

/// The payload for the volumes given.
pub(super) fn text<'a>(
    on: &Ground,
    volumes: impl Iterator<Item = &'a Volume>,
    view: StatusView,
) -> String {
    let mut xml = Xml::payload();
    xml.element("volStatus", |xml| {
        xml.element("volumes", |xml| {
            for volume in volumes {
                xml.element("volume", |xml| one(xml, on, volume, view));
            }
        });
    });
    xml.into_text()
}

fn one(xml: &mut Xml, on: &Ground, volume: &Volume, view: StatusView) {
    xml.leaf("volName", &volume.name);
    if view != StatusView::Tasks {
        nodes(xml, on, volume, view);
    }
    if view != StatusView::Detail {
        xml.element("tasks", |xml| {
            if let Some(task) = &volume.task {
                xml.element("task", |xml| task_entry(xml, on.peers, task));
            }
        });
    }
}

/// Bricks first, then the daemons. What a node that is away would have said is simply missing.
fn nodes(xml: &mut Xml, on: &Ground, volume: &Volume, view: StatusView) {
    let heard = |index: usize| on.peers.get(index).is_some_and(|peer| peer.connected);
    let bricks = volume
        .subvolumes
        .iter()
        .flat_map(|subvolume| subvolume.bricks.iter().map(move |brick| (subvolume, brick)));
    let bricks: Vec<_> = bricks.filter(|(_, brick)| heard(brick.peer)).collect();
    let plain = view == StatusView::Plain;
    let daemons: Vec<_> = volume.daemons().filter(|_| plain).collect();
    let mut places: Vec<(usize, &Peer)> = on
        .peers
        .iter()
        .enumerate()
        .filter(|(_, peer)| peer.connected)
        .collect();
    places.sort_by_key(|(index, _)| *index != on.local);
    xml.leaf("nodeCount", bricks.len() + daemons.len() * places.len());
    for (subvolume, brick) in bricks {
        xml.element("node", |xml| {
            brick_process(xml, on.peers, brick);
            if view == StatusView::Detail {
                space(xml, volume, subvolume, brick);
            }
        });
    }
    for (kind, daemon) in daemons.iter().enumerate() {
        for (index, peer) in &places {
            let path = if *index == on.local {
                "localhost"
            } else {
                peer.name.as_str()
            };
            let pid = FIRST_DAEMON_PID + 20 * index + kind;
            xml.element("node", |xml| {
                process(xml, [daemon, path, &peer.uuid], None, Some(pid as u64));
            });
        }
    }
}

fn brick_process(xml: &mut Xml, peers: &[Peer], brick: &Brick) {
    let uuid = peers.get(brick.peer).map_or("", |peer| peer.uuid.as_str());
    let port = brick.online.then_some(brick.port);
    let pid = brick.online.then_some(brick.pid);
    process(xml, [&brick.host, &brick.path, uuid], port, pid);
}

fn process(xml: &mut Xml, [host, path, uuid]: [&str; 3], port: Option<u64>, pid: Option<u64>) {
    let port = port.map_or_else(|| "N/A".to_owned(), |port| port.to_string());
    xml.leaf("hostname", host);
    xml.leaf("path", path);
    xml.leaf("peerid", uuid);
    xml.leaf("status", u8::from(pid.is_some()));
    xml.leaf("port", &port);
    xml.element("ports", |xml| {
        xml.leaf("tcp", &port);
        xml.leaf("rdma", "N/A");
    });
    match pid {
        Some(pid) => xml.leaf("pid", pid),
        None => xml.leaf("pid", -1),
    }
}

fn space(xml: &mut Xml, volume: &Volume, subvolume: &Subvolume, brick: &Brick) {
    let (inodes, inodes_used) = volume.brick_inodes(subvolume);
    xml.leaf("sizeTotal", subvolume.size);
    xml.leaf(
        "sizeFree",
        subvolume.size - volume.brick_used(subvolume, brick),
    );
    xml.leaf("device", format_args!("/dev/{}", brick.device));
    xml.leaf("blockSize", BLOCK_SIZE);
    xml.leaf("mntOptions", MOUNT_OPTIONS);
    xml.leaf("fsName", FILESYSTEM);
    // Before release 11 the name of the filesystem stands here too.
    xml.leaf("inodeSize", FILESYSTEM);
    xml.leaf("inodesTotal", inodes);
    xml.leaf("inodesFree", inodes - inodes_used);
}

/// A task as the list shows it: a fix-layout looks like any rebalance here.
fn task_entry(xml: &mut Xml, peers: &[Peer], task: &Task) {
    let code = task.status(peers).map_or(0, RunStatus::code);
    xml.leaf(
        "type",
        if task.is_remove_brick() {
            "Remove brick"
        } else {
            "Rebalance"
        },
    );
    xml.leaf("id", &task.id);
    xml.leaf("status", code);
    xml.leaf("statusStr", status_text(code));
    if task.is_remove_brick() {
        xml.element("params", |xml| {
            for brick in task.leaving() {
                xml.leaf("brick", brick);
            }
        });
    }
}
