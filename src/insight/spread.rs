//! Where moving files go: by weight to sub-volumes with room, and past those without.
//!
//! dht places a file by its hash, which is even by weight. Where that would leave less free than
//! `cluster.min-free-disk` it takes a sub-volume with room; there is no space only when none has
//! any, down to `storage.reserve`.

use super::plan::common::option;
use crate::model::{VolumeState, text};

/// Less than this, in bytes, is no room: what is left of a division.
const CRUMB: f64 = 1.0;

/// A file system that files can land on.
#[derive(Debug, Clone, Copy)]
pub(super) struct Vessel {
    /// Its size, in bytes.
    pub(super) total: u64,
    /// Bytes free before anything lands.
    pub(super) free: u64,
}

/// A sub-volume that takes files.
#[derive(Debug, Clone)]
pub(super) struct Taker {
    /// Its part of what comes, against the other takers': 0.0 and up.
    pub(super) weight: f64,
    /// The vessels it fills, and how many bytes land there for each byte of files.
    pub(super) fills: Vec<(usize, f64)>,
}

/// Where it went.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Spread {
    /// Bytes of files for each taker, in their order.
    pub(super) taken: Vec<f64>,
    /// Bytes for which no sub-volume had room above `cluster.min-free-disk`: they are taken all
    /// the same.
    pub(super) beyond_min_free: f64,
    /// Bytes that found no room at all.
    pub(super) left_over: f64,
}

/// Pours so many bytes of files over the takers: at first as far as `cluster.min-free-disk`
/// allows, then down to `storage.reserve`.
pub(super) fn spread(bytes: f64, takers: &[Taker], vessels: &[Vessel], limits: &Limits) -> Spread {
    let mut taken = vec![0.0; takers.len()];
    let gentle = |vessel: &Vessel| limits.min_free(vessel.total).max(limits.kept(vessel.total));
    let beyond_min_free = pour(bytes, takers, &room(vessels, gentle), &mut taken);
    let hard = |vessel: &Vessel| limits.kept(vessel.total);
    let left_over = pour(beyond_min_free, takers, &room(vessels, hard), &mut taken);
    Spread {
        taken,
        beyond_min_free,
        left_over,
    }
}

fn room(vessels: &[Vessel], kept: impl Fn(&Vessel) -> u64) -> Vec<f64> {
    let room = vessels.iter();
    room.map(|one| one.free.saturating_sub(kept(one)) as f64)
        .collect()
}

/// Raises all takers by their weights until one of their vessels is full, goes on with the others,
/// and gives what found no room. What was taken before counts.
fn pour(bytes: f64, takers: &[Taker], room: &[f64], taken: &mut [f64]) -> f64 {
    let mut room = room.to_vec();
    for (taker, taken) in takers.iter().zip(&*taken) {
        for &(vessel, each) in &taker.fills {
            room[vessel] -= taken * each;
        }
    }
    let mut left = bytes;
    while left >= CRUMB {
        let has_room = |taker: &Taker| {
            let mut fills = taker.fills.iter();
            taker.weight > 0.0 && fills.all(|&(vessel, _)| room[vessel] >= CRUMB)
        };
        let open: Vec<bool> = takers.iter().map(has_room).collect();
        let open_takers = || takers.iter().zip(&open).filter(|(_, open)| **open);
        let weights: f64 = open_takers().map(|(taker, _)| taker.weight).sum();
        if weights <= 0.0 {
            return left;
        }
        // How much lands in each vessel for one byte poured.
        let mut rates = vec![0.0; room.len()];
        for (taker, _) in open_takers() {
            for &(vessel, each) in &taker.fills {
                rates[vessel] += taker.weight / weights * each;
            }
        }
        let first_full = room.iter().zip(&rates).filter(|(_, rate)| **rate > 0.0);
        let first_full = first_full.map(|(room, rate)| room / rate);
        let step = first_full.fold(left, f64::min);
        for ((taker, open), taken) in takers.iter().zip(&open).zip(&mut *taken) {
            if *open {
                *taken += step * taker.weight / weights;
            }
        }
        for (room, rate) in room.iter_mut().zip(&rates) {
            *room -= step * rate;
        }
        left -= step;
    }
    0.0
}

/// What gluster keeps free on each file system.
#[derive(Debug, Clone, Copy)]
pub(super) struct Limits {
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
    /// By the volume's options: `cluster.min-free-disk`, which dht avoids to cross, and
    /// `storage.reserve`, below which a brick takes nothing more.
    pub(super) fn of(state: &VolumeState) -> Self {
        let min_free = option(state, "cluster.min-free-disk").and_then(Reserve::parse);
        let reserve = option(state, "storage.reserve").and_then(Reserve::parse);
        Self {
            min_free: min_free.unwrap_or(Reserve::Share(0.10)),
            reserve: reserve.unwrap_or(Reserve::Share(0.01)),
        }
    }

    /// Bytes of a file system of this size that `cluster.min-free-disk` asks for.
    fn min_free(&self, total: u64) -> u64 {
        self.min_free.bytes(total)
    }

    /// Bytes of a file system of this size that are never written.
    pub(super) fn kept(&self, total: u64) -> u64 {
        self.reserve.bytes(total)
    }

    /// `10% (cluster.min-free-disk)`.
    pub(super) fn min_free_words(&self) -> String {
        format!("{} (cluster.min-free-disk)", self.min_free.words())
    }

    /// `1% (storage.reserve)`.
    pub(super) fn kept_words(&self) -> String {
        format!("{} (storage.reserve)", self.reserve.words())
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
        // A bare number below a hundred is a share, in spite of the missing sign.
        if let Ok(share) = text.parse::<f64>()
            && (0.0..100.0).contains(&share)
        {
            return Some(Self::Share(share / 100.0));
        }
        let number = text.strip_suffix('b').unwrap_or(&text);
        let unit = UNITS.iter().find(|(unit, _)| number.ends_with(*unit));
        let (number, shift) = unit.map_or((number, 0), |(unit, shift)| {
            (number.trim_end_matches(*unit), *shift)
        });
        let number: f64 = number.trim().parse().ok()?;
        let bytes = number * (1_u64 << shift) as f64;
        (bytes.is_finite() && bytes >= 0.0).then_some(Self::Bytes(bytes as u64))
    }

    fn bytes(self, total: u64) -> u64 {
        match self {
            Self::Share(share) => (share * total as f64).ceil() as u64,
            Self::Bytes(bytes) => bytes,
        }
    }

    fn words(self) -> String {
        match self {
            Self::Share(share) => format!("{:.0}%", share * 100.0),
            Self::Bytes(bytes) => text::size(bytes),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
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
            ("5", Some(Reserve::Share(0.05))),
            ("0", Some(Reserve::Share(0.0))),
            ("99.5", Some(Reserve::Share(0.995))),
            ("100", Some(Reserve::Bytes(100))),
            ("101%", None),
            ("much", None),
            ("-1GB", None),
            ("-1", None),
            ("inf", None),
            ("infinity", None),
            ("nan", None),
        ] {
            assert_eq!(Reserve::parse(text), reserve, "{text}");
        }
    }

    /// GiB for each of some sub-volumes of so many GiB, of which so many are free, each alone on
    /// its file system.
    fn taken(bytes: u64, sizes: &[(u64, u64)]) -> (Vec<f64>, f64, f64) {
        let vessels: Vec<_> = (sizes.iter())
            .map(|&(total, free)| Vessel {
                total: total * GIB,
                free: free * GIB,
            })
            .collect();
        let takers: Vec<_> = (sizes.iter().enumerate())
            .map(|(at, &(total, _))| Taker {
                weight: total as f64,
                fills: vec![(at, 1.0)],
            })
            .collect();
        let limits = Limits {
            min_free: Reserve::Share(0.10),
            reserve: Reserve::Share(0.01),
        };
        let spread = spread((bytes * GIB) as f64, &takers, &vessels, &limits);
        let gib = |bytes: f64| (bytes / GIB as f64 * 10.0).round() / 10.0;
        let taken = spread.taken.into_iter().map(gib).collect();
        (taken, gib(spread.beyond_min_free), gib(spread.left_over))
    }

    #[test]
    fn what_one_has_no_room_for_goes_to_the_others() {
        let even = taken(40, &[(100, 60), (300, 200)]);
        assert_eq!(even, (vec![10.0, 30.0], 0.0, 0.0), "by size");
        let past = taken(40, &[(100, 12), (100, 60), (100, 5)]);
        assert_eq!(past, (vec![2.0, 38.0, 0.0], 0.0, 0.0));
        let tight = taken(40, &[(100, 20), (100, 35)]);
        assert_eq!(tight, (vec![12.5, 27.5], 5.0, 0.0), "above, then below");
        let over = taken(70, &[(100, 20), (100, 35)]);
        assert_eq!(over, (vec![19.0, 34.0], 35.0, 17.0));
        assert_eq!(taken(5, &[]), (vec![], 5.0, 5.0));
    }

    #[test]
    fn a_shared_vessel_is_filled_by_all_on_it() {
        let vessels = [Vessel {
            total: 100 * GIB,
            free: 50 * GIB,
        }; 2];
        let taker = |fills| Taker { weight: 1.0, fills };
        // Two on the first, one with a copy on each.
        let takers = [taker(vec![(0, 1.0)]), taker(vec![(0, 1.0), (1, 1.0)])];
        let limits = Limits {
            min_free: Reserve::Share(0.0),
            reserve: Reserve::Share(0.0),
        };
        let spread = spread((60 * GIB) as f64, &takers, &vessels, &limits);
        assert_eq!(spread.taken, [(25 * GIB) as f64, (25 * GIB) as f64]);
        assert_eq!(spread.left_over.round() as u64, 10 * GIB);
    }
}
