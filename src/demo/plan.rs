//! Which bytes a task is going to move: from which sub-volume to which, and by which node.
//!
//! A drain spreads a leaving sub-volume over those that stay, a rebalance evens the share of
//! each. Gluster hashes file names for both; the sums come out as here.

use std::collections::{BTreeMap, BTreeSet};

use super::task::{Counters, Run, RunStatus, TaskKind};
use super::volume::{Peer, Subvolume, Volume};

/// A way from one sub-volume to another, and the bytes still to go along it.
#[derive(Debug, Clone, Copy)]
pub(super) struct Leg {
    /// Indices into the volume's sub-volumes.
    pub(super) from: usize,
    pub(super) to: usize,
    pub(super) left: u64,
}

/// The processes glusterd starts for a task, as they stand at their start. `before` holds what
/// some nodes had already counted.
pub(super) fn runs(
    volume: &Volume,
    kind: &TaskKind,
    peers: &[Peer],
    before: &BTreeMap<usize, Counters>,
) -> Vec<Run> {
    let leaving = match kind {
        TaskKind::RemoveBrick(bricks) => bricks.as_slice(),
        TaskKind::Rebalance | TaskKind::FixLayout => &[],
    };
    let stays = |subvolume: &Subvolume| !leaving.iter().any(|brick| subvolume.has(brick));
    let sources = volume
        .subvolumes
        .iter()
        .filter(|one| leaving.is_empty() || !stays(one));
    let nodes: BTreeSet<usize> = sources.flat_map(Subvolume::hosts).collect();
    let legs = match kind {
        TaskKind::RemoveBrick(_) => drain(volume, stays),
        TaskKind::Rebalance => even(volume),
        TaskKind::FixLayout => Vec::new(),
    };
    nodes
        .into_iter()
        .map(|peer| {
            let base = before.get(&peer).copied().unwrap_or_default();
            run(volume, peer, base, share(volume, &legs, peer, peers))
        })
        .collect()
}

fn run(volume: &Volume, peer: usize, base: Counters, legs: Vec<Leg>) -> Run {
    let local = volume
        .subvolumes
        .iter()
        .filter(|subvolume| subvolume.hosts().contains(&peer));
    let files: u64 = local.map(|subvolume| volume.files(subvolume)).sum();
    let scan = files.saturating_sub(base.lookups);
    let bytes = legs.iter().map(|leg| leg.left).sum();
    let work = if legs.is_empty() { scan } else { bytes };
    Run {
        peer,
        status: RunStatus::InProgress,
        runtime: 0,
        base,
        legs,
        work,
        done: 0,
        scan,
        moved: 0,
        lost: 0,
    }
}

/// Everything of the sub-volumes that leave goes to those that stay, by their size.
fn drain(volume: &Volume, stays: impl Fn(&Subvolume) -> bool) -> Vec<Leg> {
    let (staying, leaving): (Vec<_>, Vec<_>) = volume
        .subvolumes
        .iter()
        .enumerate()
        .partition(|(_, subvolume)| stays(subvolume));
    let room: u64 = staying.iter().map(|(_, subvolume)| subvolume.size).sum();
    let ways = leaving.iter().flat_map(|&(from, source)| {
        staying.iter().map(move |&(to, target)| Leg {
            from,
            to,
            left: part(source.data, target.size, room),
        })
    });
    ways.filter(|leg| leg.left > 0).collect()
}

/// What a sub-volume has above the mean fill level goes to those below it.
fn even(volume: &Volume) -> Vec<Leg> {
    let size: u64 = volume.subvolumes.iter().map(|one| one.size).sum();
    let data: u64 = volume.subvolumes.iter().map(|one| one.data).sum();
    let goals: Vec<u64> = volume
        .subvolumes
        .iter()
        .map(|one| part(data, one.size, size))
        .collect();
    let with_goals = || volume.subvolumes.iter().zip(&goals).enumerate();
    let missing: u64 = with_goals()
        .map(|(_, (one, goal))| goal.saturating_sub(one.data))
        .sum();
    let mut legs = Vec::new();
    for (from, (source, source_goal)) in with_goals() {
        let surplus = source.data.saturating_sub(*source_goal);
        for (to, (target, target_goal)) in with_goals() {
            let left = part(surplus, target_goal.saturating_sub(target.data), missing);
            if left > 0 {
                legs.push(Leg { from, to, left });
            }
        }
    }
    legs
}

/// The part of the legs that falls to one node: the nodes of the source divide its files among
/// them by the hash of the file's id, so each of those that run gets as much as the others.
fn share(volume: &Volume, legs: &[Leg], peer: usize, peers: &[Peer]) -> Vec<Leg> {
    let own = legs.iter().filter_map(|leg| {
        let mut movers = volume.subvolumes.get(leg.from)?.hosts();
        movers.retain(|mover| peers.get(*mover).is_some_and(|peer| peer.connected));
        let left = leg.left.div_ceil(movers.len().max(1) as u64);
        movers.contains(&peer).then_some(Leg { left, ..*leg })
    });
    own.collect()
}

/// `whole * share / of`, without overflow; 0 of nothing.
pub(super) fn part(whole: u64, share: u64, of: u64) -> u64 {
    let part = u128::from(whole) * u128::from(share) / u128::from(of.max(1));
    u64::try_from(part).unwrap_or(u64::MAX)
}
