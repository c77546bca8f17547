//! Who is who: gluster calls one node and one brick by many names.
//!
//! The node that was asked is `localhost` in its own answers; the others go by the name they were
//! probed with; bricks by whatever name was typed when they were added. The UUID of the peer is
//! what all of them share.

use crate::gluster::{BrickReport, NodeReport};
use crate::model::{Brick, BrickName, Peer, PeerId, Snapshot, Volume};

const LOCALHOST: &str = "localhost";

/// The names in one volume.
#[derive(Clone, Copy)]
pub(super) struct Names<'a> {
    snapshot: &'a Snapshot,
    volume: &'a Volume,
}

impl<'a> Names<'a> {
    pub(super) fn new(snapshot: &'a Snapshot, volume: &'a Volume) -> Self {
        Self { snapshot, volume }
    }

    /// The peers that host the wanted bricks, each once, in the order of the bricks.
    pub(super) fn hosts(&self, wanted: impl Fn(&Brick) -> bool) -> Vec<PeerId> {
        let mut hosts = Vec::new();
        for brick in self.volume.bricks.iter().filter(|brick| wanted(brick)) {
            if let Some(host) = self.host(brick)
                && !hosts.contains(&host)
            {
                hosts.push(host);
            }
        }
        hosts
    }

    /// The node that a line of a progress report is about. For one whose UUID nothing tells, its
    /// name stands in: it keeps the row apart from others, and does not have the form of a UUID.
    pub(super) fn reporter(&self, node: &NodeReport) -> PeerId {
        let local = || self.peers().find(|peer| peer.is_local);
        node.peer
            .clone()
            .or_else(|| {
                let peer = (node.name == LOCALHOST).then(local).flatten()?;
                Some(peer.id.clone())
            })
            .or_else(|| self.peer_called(&node.name))
            .or_else(|| {
                let mut bricks = self.volume.bricks.iter();
                let brick = bricks.find(|brick| brick.name.host() == node.name)?;
                self.host(brick)
            })
            .unwrap_or_else(|| PeerId::new(node.name.as_str()))
    }

    /// A node's name for people: the one its bricks go by, else the peer list's, else the one it
    /// reported under.
    pub(super) fn of_node(&self, peer: &PeerId, reported: Option<&str>) -> String {
        let own_brick = self
            .volume
            .bricks
            .iter()
            .find(|brick| self.host(brick).as_ref() == Some(peer));
        let listed = || {
            let found = self.peers().find(|one| one.id == *peer)?;
            if found.is_local {
                self.snapshot.local_name()
            } else {
                Some(found.hostname.as_str())
            }
        };
        own_brick
            .map(|brick| brick.name.host())
            .or_else(listed)
            .or(reported)
            .unwrap_or(peer.as_str())
            .to_owned()
    }

    /// A brick's name in the volume's definition. The task list repeats what an admin typed,
    /// which may be another name of the same host.
    pub(super) fn brick(&self, typed: &BrickName) -> BrickName {
        let bricks = &self.volume.bricks;
        bricks
            .iter()
            .find(|brick| brick.name == *typed)
            .or_else(|| bricks.iter().find(|brick| self.is_meant(brick, typed)))
            .map_or_else(|| typed.clone(), |brick| brick.name.clone())
    }

    /// The defined bricks that lines of `volume status` are about, each with its line.
    pub(super) fn reported_bricks(
        self,
        lines: &'a [BrickReport],
    ) -> impl Iterator<Item = (&'a Brick, &'a BrickReport)> {
        let bricks = &self.volume.bricks;
        // gluster keeps the order of the definition: the next line is about the next brick.
        let mut next = 0;
        lines.iter().filter_map(move |line| {
            let (before, after) = bricks.split_at(next.min(bricks.len()));
            let mut all = after.iter().chain(before);
            let found = (all.clone().position(|brick| is_named(brick, line)))
                .or_else(|| all.position(|brick| is_there(brick, line)))?;
            let at = (next + found) % bricks.len().max(1);
            next = at + 1;
            Some((bricks.get(at)?, line))
        })
    }

    fn is_meant(&self, brick: &Brick, typed: &BrickName) -> bool {
        let host = self.host(brick);
        let probed = self
            .peers()
            .find(|peer| Some(&peer.id) == host.as_ref())
            .map(|peer| peer.hostname.as_str());
        brick.name.path() == typed.path()
            && [Some(brick.name.host()), probed]
                .into_iter()
                .flatten()
                .any(|name| short(name) == short(typed.host()))
    }

    fn host(&self, brick: &Brick) -> Option<PeerId> {
        brick
            .peer
            .clone()
            .or_else(|| self.peer_called(brick.name.host()))
    }

    fn peer_called(&self, name: &str) -> Option<PeerId> {
        let peer = self.peers().find(|peer| peer.hostname == name)?;
        Some(peer.id.clone())
    }

    fn peers(&self) -> impl Iterator<Item = &'a Peer> {
        self.snapshot.peers().iter()
    }
}

fn is_named(brick: &Brick, line: &BrickReport) -> bool {
    brick.name.host() == line.host && brick.name.path() == line.path
}

fn is_there(brick: &Brick, line: &BrickReport) -> bool {
    brick.name.path() == line.path && brick.peer.is_some() && brick.peer == line.peer
}

/// `gl-01` of `gl-01.example.com`; addresses stay whole.
fn short(host: &str) -> &str {
    let is_address = host.chars().all(|c| c.is_ascii_digit() || c == '.');
    match host.split_once('.') {
        Some((first, _)) if !is_address => first,
        _ => host,
    }
}
