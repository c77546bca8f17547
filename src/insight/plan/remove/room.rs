//! Room for what migrates, counted by file systems: bricks on the same one share its space,
//! whichever of them leave.

use std::collections::BTreeMap;

use super::Forecast;
use crate::insight::plan::{Check, Mark};
use crate::insight::space::{self, Sharing};
use crate::insight::spread::{Limits, Spread, Taker, Vessel, spread};
use crate::model::{Brick, BrickSpace, PeerId, Snapshot, VolumeState, VolumeStatus, text};

/// The file systems below a volume, and what lands there.
#[derive(Debug)]
pub(super) struct Rooms<'a> {
    /// In the order of their first brick.
    list: Vec<Room<'a>>,
    /// Bytes of files that each staying sub-volume takes, by its index.
    takes: BTreeMap<usize, u64>,
    /// Where the files go.
    spread: Spread,
    /// The first brick whose size is not known: it is left out.
    pub(super) unknown: Option<&'a Brick>,
}

/// A file system below bricks that keep file contents.
#[derive(Debug)]
struct Room<'a> {
    /// The bricks on it that stay.
    staying: Vec<&'a Brick>,
    /// Bricks on it leave.
    leaves: bool,
    total: u64,
    free: u64,
    /// What leaving bricks give away.
    gives: u64,
    /// What staying bricks take.
    takes: u64,
}

impl Room<'_> {
    /// Bytes free when what leaves has gone and nothing has come yet.
    fn empty(&self) -> u64 {
        self.free.saturating_add(self.gives).min(self.total)
    }

    /// In use in the end, as a share of all: 0.0 to 1.0.
    fn fullness(&self) -> f64 {
        let used = self.total.saturating_sub(self.empty()) as f64 + self.takes as f64;
        used / self.total.max(1) as f64
    }

    /// Whether less is free in the end than now.
    fn shrinks(&self) -> bool {
        self.takes > self.gives
    }
}

impl Rooms<'_> {
    /// Bytes of files that a staying sub-volume takes.
    pub(super) fn takes(&self, index: usize) -> Option<u64> {
        self.takes.get(&index).copied()
    }

    /// The largest share in use in the end of the file systems below one sub-volume.
    pub(super) fn fullest(&self, bricks: &[Brick]) -> Option<f64> {
        let below = |room: &&Room<'_>| {
            let mut staying = room.staying.iter();
            staying.any(|one| bricks.iter().any(|brick| brick.name == one.name))
        };
        let shares = self.list.iter().filter(below).map(Room::fullness);
        shares.reduce(f64::max)
    }
}

/// A brick that is filled up to a limit may end a byte above it.
const ROUNDED: f64 = 1e-6;

/// What tells file systems apart. Without a device name, bricks of one node with the same size and
/// as many bytes free lie on the same one: to take them for two would count room twice.
type Key<'a> = (&'a PeerId, Option<&'a str>, u64, Option<u64>);

pub(super) fn key<'a>(brick: &'a Brick, space: &'a BrickSpace) -> Option<Key<'a>> {
    let device = space.device.as_deref();
    let free = space.free.filter(|_| device.is_none());
    Some((brick.peer.as_ref()?, device, space.total?, free))
}

/// The file systems and what lands on them when these sub-volumes leave.
pub(super) fn rooms<'a>(state: &'a VolumeState, leaving: &[usize]) -> Rooms<'a> {
    let data = state.volume.layout.data_bricks().max(1);
    let sharing = Sharing::of(state);
    let mut list: Vec<Room<'a>> = Vec::new();
    let mut seen: BTreeMap<Key<'a>, usize> = BTreeMap::new();
    let mut staying: Vec<usize> = Vec::new();
    let mut takers: Vec<Taker> = Vec::new();
    let mut moving = 0_u64;
    let mut unknown = None;
    for set in state.volume.subvolumes() {
        let leaves = leaving.contains(&set.index);
        let mut fills = Vec::new();
        // An arbiter keeps names, no contents.
        for brick in set.bricks.iter().filter(|brick| !brick.is_arbiter) {
            let known = state.space(&brick.name).and_then(|space| {
                let own = sharing.brick(state, brick)?;
                Some((key(brick, space), space.total?, space.free?, own))
            });
            let Some((key, total, free, own)) = known else {
                unknown = unknown.or(Some(brick));
                continue;
            };
            let at = key.and_then(|key| seen.get(&key).copied());
            let at = at.unwrap_or_else(|| {
                list.push(Room {
                    staying: Vec::new(),
                    leaves: false,
                    total,
                    free,
                    gives: 0,
                    takes: 0,
                });
                list.len() - 1
            });
            if let Some(key) = key {
                seen.insert(key, at);
            }
            let Some(room) = list.get_mut(at) else {
                continue;
            };
            if leaves {
                room.leaves = true;
                room.gives = room.gives.saturating_add(own.used);
            } else {
                room.staying.push(brick);
                // Every brick of a set takes its copy, or its fragments, of what comes.
                fills.push((at, 1.0 / data as f64));
            }
        }
        let now = sharing.subvolume(state, set);
        if leaves {
            moving = moving.saturating_add(now.map_or(0, |now| now.used));
        } else {
            let weight = now.map_or(0.0, |now| now.total as f64);
            staying.push(set.index);
            takers.push(Taker { weight, fills });
        }
    }
    let vessels = list.iter().map(|room| Vessel {
        total: room.total,
        free: room.empty(),
    });
    let vessels: Vec<_> = vessels.collect();
    let spread = spread(moving as f64, &takers, &vessels, &Limits::of(state));
    for (taker, taken) in takers.iter().zip(&spread.taken) {
        for &(at, each) in &taker.fills {
            if let Some(room) = list.get_mut(at) {
                room.takes = room.takes.saturating_add((taken * each).round() as u64);
            }
        }
    }
    let taken = spread.taken.iter().map(|taken| taken.round() as u64);
    Rooms {
        list,
        takes: staying.into_iter().zip(taken).collect(),
        spread,
        unknown,
    }
}

/// Whether the files of the leaving sub-volumes fit into what stays, with the room that gluster
/// itself keeps free.
pub(super) fn fits(snapshot: &Snapshot, state: &VolumeState, forecast: &[Forecast]) -> Check {
    const CODE: &str = "fits";
    let leaving: Vec<usize> = (forecast.iter().enumerate())
        .filter_map(|(index, set)| set.leaves.then_some(index))
        .collect();
    let rooms = rooms(state, &leaving);
    if let Some(brick) = rooms.unknown {
        return unknown(CODE, state, brick);
    }
    let (Some(moving), Some(free)) = (moving(forecast), free(state, forecast, &rooms.list)) else {
        return Check::new(CODE, Mark::Unknown, "space: not every size is known");
    };
    let words = format!("{} into {} free", text::size(moving), text::size(free));
    if rooms.takes.is_empty() {
        return Check::new(CODE, Mark::Refuse, "does not fit: no brick stays");
    }
    let limits = Limits::of(state);
    if rooms.spread.left_over > 0.0 {
        let more = format!(
            "{words}; {} of it would find no room, {} stays free",
            text::size(rooms.spread.left_over as u64),
            limits.kept_words()
        );
        // A file system says how much is on it, not whose it is.
        let mut list = rooms.list.iter();
        if list.any(|room| room.leaves) && shares_with_others(snapshot, state, &leaving) {
            let text = format!(
                "may not fit: up to {more} (other volumes' files beside the leaving ones included)"
            );
            return Check::new(CODE, Mark::Warn, text);
        }
        return Check::new(CODE, Mark::Refuse, format!("does not fit: {more}"));
    }
    // What is full already and takes nothing is not this drain's doing.
    let filled = rooms.list.iter().filter(|room| room.shrinks());
    let fullest = filled.max_by(|a, b| a.fullness().total_cmp(&b.fullness()));
    let Some(fullest) = fullest else {
        return Check::new(CODE, Mark::Pass, format!("fits: {words}"));
    };
    let name = fullest.staying.first().map_or("", |one| one.name.as_str());
    let end = percent(fullest.fullness());
    if rooms.spread.beyond_min_free > 0.0 {
        let text = format!(
            "tight: {words}, {name} {end} full at the end, with less free than {}",
            limits.min_free_words()
        );
        Check::new(CODE, Mark::Warn, text)
    } else if fullest.fullness() > space::FULL + ROUNDED {
        let text = format!("tight: {words}, {name} {end} full at the end");
        Check::new(CODE, Mark::Warn, text)
    } else {
        Check::new(CODE, Mark::Pass, format!("fits: {words}"))
    }
}

fn unknown(code: &'static str, state: &VolumeState, brick: &Brick) -> Check {
    if state.volume.status != VolumeStatus::Started {
        return Check::new(
            code,
            Mark::Unknown,
            "space is only known of started volumes",
        );
    }
    let what = format!("space: the size of {}", brick.name);
    match state.space.get() {
        Some(_) => Check::new(code, Mark::Unknown, format!("{what} is not known")),
        None => Check::unseen(code, &what, &state.space),
    }
}

fn moving(forecast: &[Forecast]) -> Option<u64> {
    let leaving = forecast.iter().filter(|set| set.leaves);
    leaving
        .into_iter()
        .try_fold(0_u64, |sum, set| Some(sum.saturating_add(set.now?.used)))
}

/// What the staying sub-volumes have room for, no file system counted twice.
fn free(state: &VolumeState, forecast: &[Forecast], rooms: &[Room<'_>]) -> Option<u64> {
    let data = state.volume.layout.data_bricks();
    let of_brick = |brick: &Brick| {
        let is_on = |room: &&Room<'_>| room.staying.iter().any(|one| one.name == brick.name);
        let room = rooms.iter().find(is_on)?;
        let bricks = room.staying.len() as u64;
        Some(room.free.saturating_add(room.gives) / bricks.max(1))
    };
    let staying = state.volume.subvolumes().zip(forecast);
    staying
        .filter(|(_, forecast)| !forecast.leaves)
        .try_fold(0_u64, |sum, (set, _)| {
            let keeping = set.bricks.iter().filter(|brick| !brick.is_arbiter);
            let least = keeping.filter_map(of_brick).min()?;
            Some(sum.saturating_add(least.saturating_mul(data)))
        })
}

/// Whether a brick of another volume lies beside one that leaves.
fn shares_with_others(snapshot: &Snapshot, state: &VolumeState, leaving: &[usize]) -> bool {
    let leaving = state
        .volume
        .subvolumes()
        .filter(|set| leaving.contains(&set.index));
    let mut bricks = leaving.flat_map(|set| set.bricks);
    bricks.any(|brick| strangers(snapshot, state, brick).next().is_some())
}

/// The bricks of other volumes on the same file system as this one.
pub(super) fn strangers<'a>(
    snapshot: &'a Snapshot,
    state: &'a VolumeState,
    brick: &'a Brick,
) -> impl Iterator<Item = &'a Brick> {
    let own = state.space(&brick.name).and_then(|space| key(brick, space));
    let others = snapshot
        .volumes()
        .iter()
        .filter(move |other| own.is_some() && other.volume.name != state.volume.name);
    others.flat_map(move |other| {
        let on_it = move |one: &&Brick| {
            // Most bricks are on other peers: there is no need to look up their space.
            one.peer == brick.peer
                && other.space(&one.name).and_then(|space| key(one, space)) == own
        };
        other.volume.bricks.iter().filter(on_it)
    })
}

fn percent(share: f64) -> String {
    format!("{:.0}%", share * 100.0)
}

/// The bytes that the sub-volumes hold in all, in the end.
pub fn usable(forecast: &[Forecast]) -> Option<(u64, u64)> {
    let sum = |leaving: bool| {
        let sets = forecast.iter().filter(|set| leaving || !set.leaves);
        sets.into_iter()
            .try_fold(0_u64, |sum, set| Some(sum.saturating_add(set.now?.total)))
    };
    Some((sum(true)?, sum(false)?))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::insight::space::Space;

    #[test]
    fn sizes_are_summed_with_and_without_what_leaves() {
        let set = |leaves| Forecast {
            now: Some(Space { total: 10, used: 1 }),
            end: None,
            fullest: None,
            leaves,
        };
        assert_eq!(usable(&[set(false), set(true)]), Some((20, 10)));
        let unknown = Forecast {
            now: None,
            ..set(false)
        };
        assert_eq!(usable(&[unknown]), None);
    }
}
