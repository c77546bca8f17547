//! Room for what migrates, counted by file systems: bricks on the same one share its space,
//! whichever of them leave.

use std::collections::BTreeMap;

use super::{Forecast, forecast_sets};
use crate::insight::plan::common::option;
use crate::insight::plan::{Check, Mark};
use crate::insight::space;
use crate::model::{Brick, BrickSpace, PeerId, Snapshot, VolumeState, VolumeStatus, text};

/// A file system below bricks that keep file contents.
#[derive(Debug)]
pub(super) struct Room<'a> {
    /// The bricks on it that stay.
    pub(super) staying: Vec<&'a Brick>,
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
    /// Bytes free in the end; `None` when there are fewer than none.
    fn free_at_the_end(&self) -> Option<u64> {
        let free = self.free.saturating_add(self.gives);
        free.checked_sub(self.takes)
            .map(|free| free.min(self.total))
    }

    /// In use in the end, as a share of all; above 1.0 when it does not fit.
    pub(super) fn fullness(&self) -> f64 {
        let used = self.total.saturating_sub(self.free) as f64 + self.takes as f64;
        (used - self.gives as f64).max(0.0) / self.total.max(1) as f64
    }
}

/// What tells file systems apart. Without a device name, bricks of one node with the same size and
/// as many bytes free lie on the same one: to take them for two would count room twice.
type Key<'a> = (&'a PeerId, Option<&'a str>, u64, Option<u64>);

pub(super) fn key<'a>(brick: &'a Brick, space: &'a BrickSpace) -> Option<Key<'a>> {
    let device = space.device.as_deref();
    let free = space.free.filter(|_| device.is_none());
    Some((brick.peer.as_ref()?, device, space.total?, free))
}

/// The file systems in the order of their first brick; a brick whose size is not known is the
/// error.
pub(super) fn rooms<'a>(
    state: &'a VolumeState,
    leaving: &[usize],
) -> Result<Vec<Room<'a>>, &'a Brick> {
    let sets = forecast_sets(state, leaving);
    let data = state.volume.layout.data_bricks();
    let mut rooms: Vec<Room<'a>> = Vec::new();
    let mut seen: BTreeMap<Key<'a>, usize> = BTreeMap::new();
    for (set, forecast) in state.volume.subvolumes().zip(&sets) {
        // An arbiter keeps names, no contents.
        for brick in set.bricks.iter().filter(|brick| !brick.is_arbiter) {
            let known = state.space(&brick.name).and_then(|space| {
                let own = space::brick(state, brick)?;
                Some((key(brick, space), space.total?, space.free?, own))
            });
            let (key, total, free, own) = known.ok_or(brick)?;
            let at = key.and_then(|key| seen.get(&key).copied());
            let at = at.unwrap_or_else(|| {
                rooms.push(Room {
                    staying: Vec::new(),
                    leaves: false,
                    total,
                    free,
                    gives: 0,
                    takes: 0,
                });
                rooms.len() - 1
            });
            if let Some(key) = key {
                seen.insert(key, at);
            }
            let Some(room) = rooms.get_mut(at) else {
                continue;
            };
            if forecast.leaves {
                room.leaves = true;
                room.gives = room.gives.saturating_add(own.used);
            } else {
                room.staying.push(brick);
                let more = forecast.end.zip(forecast.now);
                let more = more.map_or(0, |(end, now)| end.used.saturating_sub(now.used));
                // Every brick of a set takes its copy, or its fragments, of what comes.
                room.takes = room.takes.saturating_add(more / data);
            }
        }
    }
    Ok(rooms)
}

/// Whether the files of the leaving sub-volumes fit into what stays, with the room that gluster
/// itself keeps free.
pub(super) fn fits(snapshot: &Snapshot, state: &VolumeState, forecast: &[Forecast]) -> Check {
    const CODE: &str = "fits";
    let leaving: Vec<usize> = (forecast.iter().enumerate())
        .filter_map(|(index, set)| set.leaves.then_some(index))
        .collect();
    let rooms = match rooms(state, &leaving) {
        Ok(rooms) => rooms,
        Err(brick) => return unknown(CODE, state, brick),
    };
    let (Some(moving), Some(free)) = (moving(forecast), free(state, forecast, &rooms)) else {
        return Check::new(CODE, Mark::Unknown, "space: not every size is known");
    };
    let words = format!("{} into {} free", text::size(moving), text::size(free));
    let staying = || rooms.iter().filter(|room| !room.staying.is_empty());
    let Some(fullest) = staying().max_by(|a, b| a.fullness().total_cmp(&b.fullness())) else {
        return Check::new(CODE, Mark::Refuse, "does not fit: no brick stays");
    };
    let limits = Limits::of(state);
    let over = staying().find_map(|room| Some((room, limits.broken_by(room)?)));
    if let Some((room, rule)) = over {
        let end = percent(room.fullness());
        let name = room.staying.first().map_or("", |brick| brick.name.as_str());
        let more = format!("{words}; {name} would end {end} full, {rule}");
        // A file system says how much is on it, not whose it is.
        if rooms.iter().any(|room| room.leaves) && shares_with_others(snapshot, state, &leaving) {
            let text = format!(
                "may not fit: up to {more} (other volumes' files beside the leaving ones included)"
            );
            return Check::new(CODE, Mark::Warn, text);
        }
        return Check::new(CODE, Mark::Refuse, format!("does not fit: {more}"));
    }
    if fullest.fullness() > space::FULL {
        let text = format!(
            "tight: {words}, fullest {} at the end",
            percent(fullest.fullness())
        );
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

/// What gluster keeps free on each file system.
struct Limits {
    min_free: Reserve,
    reserve: Reserve,
}

/// A share of the size, 0.0 to 1.0, or bytes.
#[derive(Debug, Clone, Copy, PartialEq)]
enum Reserve {
    Share(f64),
    Bytes(u64),
}

impl Limits {
    /// Files do not migrate to where less than `cluster.min-free-disk` would stay free, and a
    /// brick takes nothing more once it has less than `storage.reserve`.
    fn of(state: &VolumeState) -> Self {
        let min_free = option(state, "cluster.min-free-disk").and_then(Reserve::parse);
        // Here a bare number up to a hundred is a share, in spite of the missing sign.
        let reserve = option(state, "storage.reserve").and_then(|value| match value.parse() {
            Ok(number @ 0.0..=100.0) => Some(Reserve::Share(number / 100.0)),
            _ => Reserve::parse(value),
        });
        Self {
            min_free: min_free.unwrap_or(Reserve::Share(0.10)),
            reserve: reserve.unwrap_or(Reserve::Share(0.01)),
        }
    }

    /// The limit that this file system would break in the end, in words.
    fn broken_by(&self, room: &Room<'_>) -> Option<String> {
        let Some(free) = room.free_at_the_end() else {
            return Some("more than there is".to_owned());
        };
        let rules = [
            ("cluster.min-free-disk", self.min_free),
            ("storage.reserve", self.reserve),
        ];
        let broken = rules
            .into_iter()
            .find(|(_, rule)| free < rule.bytes(room.total));
        broken.map(|(key, rule)| format!("{} must stay free ({key})", rule.words()))
    }
}

impl Reserve {
    fn parse(text: &str) -> Option<Self> {
        const UNITS: [(char, u32); 5] = [('k', 10), ('m', 20), ('g', 30), ('t', 40), ('p', 50)];
        let text = text.trim().to_ascii_lowercase();
        if let Some(share) = text.strip_suffix('%') {
            let share: f64 = share.trim().parse().ok()?;
            return (0.0..=100.0)
                .contains(&share)
                .then_some(Self::Share(share / 100.0));
        }
        let number = text.strip_suffix('b').unwrap_or(&text);
        let unit = UNITS.iter().find(|(unit, _)| number.ends_with(*unit));
        let (number, shift) = unit.map_or((number, 0), |(unit, shift)| {
            (number.trim_end_matches(*unit), *shift)
        });
        let number: f64 = number.trim().parse().ok()?;
        let bytes = number * (1_u64 << shift) as f64;
        (bytes >= 0.0).then_some(Self::Bytes(bytes as u64))
    }

    fn bytes(self, total: u64) -> u64 {
        match self {
            Self::Share(share) => (share * total as f64) as u64,
            Self::Bytes(bytes) => bytes,
        }
    }

    fn words(self) -> String {
        match self {
            Self::Share(share) => percent(share),
            Self::Bytes(bytes) => text::size(bytes),
        }
    }
}

/// The largest share in use in the end of the file systems below one sub-volume.
pub(super) fn fullest(rooms: &[Room<'_>], bricks: &[Brick]) -> Option<f64> {
    let below = |room: &&Room<'_>| {
        let mut staying = room.staying.iter();
        staying.any(|one| bricks.iter().any(|brick| brick.name == one.name))
    };
    let shares = rooms.iter().filter(below).map(Room::fullness);
    shares.reduce(f64::max)
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
    use crate::insight::testing::GIB;

    #[test]
    fn a_limit_is_a_share_or_a_size() {
        for (text, reserve) in [
            ("10%", Some(Reserve::Share(0.1))),
            (" 5.5% ", Some(Reserve::Share(0.055))),
            ("20GB", Some(Reserve::Bytes(20 * GIB))),
            ("1.5G", Some(Reserve::Bytes(GIB * 3 / 2))),
            ("4096", Some(Reserve::Bytes(4096))),
            ("100MB", Some(Reserve::Bytes(100 << 20))),
            ("101%", None),
            ("much", None),
            ("-1GB", None),
        ] {
            assert_eq!(Reserve::parse(text), reserve, "{text}");
        }
    }

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
