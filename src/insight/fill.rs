//! How full the bricks that stay get while a task moves files onto them.
//!
//! Two questions, each with its own evidence. What will it be at the end? That takes the bytes
//! that are still to come and where they go. When is a brick full if it goes on like this? That
//! takes its growth, which also has what clients write meanwhile.

use std::time::Duration;

use jiff::{SignedDuration, Timestamp};

use super::progress::Progress;
use super::space::{Sharing, Space};
use super::spread::{Limits, Taker, Vessel, spread};
use crate::model::{Brick, BrickName, Subvolume, Task, TaskKind, VolumeState};

/// How far back a brick's growth is looked at.
const WINDOW: SignedDuration = SignedDuration::from_secs(300);
/// Readings closer together than this show no growth to go by.
const LEAST: SignedDuration = SignedDuration::from_secs(5);
/// Of the whole, how much counts as told beforehand in favour of an even spread: the first files
/// land where chance will have it.
const BEFOREHAND: f64 = 0.05;

/// A sub-volume that stays, at its fullest brick.
#[derive(Debug, Clone, Copy)]
pub struct Fill<'a> {
    /// Which one.
    pub set: Subvolume<'a>,
    /// Its brick with the least room.
    pub brick: &'a Brick,
    /// The file system of that brick, now.
    pub now: Space,
    /// Bytes it can still take: what is free, less the part that gluster keeps in reserve.
    pub room: u64,
    /// Bytes on their way to it; `None` when nobody knows how many are still to move.
    pub coming: Option<u64>,
    /// Its growth in bytes per second over the last minutes of the task; `None` before two
    /// readings. Zero when it shrinks.
    pub growth: Option<f64>,
}

impl Fill<'_> {
    /// Its share in use when the task is over, 0.0 and up; more than fits is above 1.0.
    pub fn end(&self) -> Option<f64> {
        let used = self.now.used as f64 + self.coming? as f64;
        (self.now.total > 0).then(|| used / self.now.total as f64)
    }

    /// Whether what is on its way is more than it has room for.
    pub fn overflows(&self) -> bool {
        self.coming.is_some_and(|coming| coming > self.room)
    }

    /// When it has no room left at its present growth; `None` when it does not grow.
    pub fn full_in(&self) -> Option<Duration> {
        let growth = self.growth.filter(|growth| *growth >= 1.0)?;
        let seconds = self.room as f64 / growth;
        Duration::try_from_secs_f64(seconds).ok()
    }
}

/// Every sub-volume that stays and whose space is known, in order.
pub fn of<'a>(state: &'a VolumeState, task: &Task, progress: &Progress) -> Vec<Fill<'a>> {
    let sharing = Sharing::of(state);
    let staying: Vec<Staying<'a>> = (state.volume.subvolumes())
        .filter(|set| !set.bricks.iter().any(|brick| task.removes(&brick.name)))
        .filter_map(|set| Staying::of(state, &sharing, task, set))
        .collect();
    let grown: f64 = staying.iter().map(|set| set.grown).sum();
    let sizes: f64 = staying.iter().map(|set| set.size).sum();
    let total = task.baseline.map(|baseline| baseline.used as f64);
    let total = total.unwrap_or(0.0) * BEFOREHAND;
    let share = |set: &Staying<'_>| {
        let even = if sizes > 0.0 { set.size / sizes } else { 0.0 };
        if grown + total > 0.0 {
            (set.grown + total * even) / (grown + total)
        } else {
            even
        }
    };
    let limits = Limits::of(state);
    let coming = coming(task, progress).map(|bytes| {
        let weights: Vec<f64> = staying.iter().map(share).collect();
        landing(state, bytes, &staying, &weights, &limits)
    });
    let all = staying.iter().enumerate().map(|(at, set)| Fill {
        set: set.set,
        brick: set.brick,
        now: set.now,
        room: room(set.now, &limits),
        coming: coming.as_ref().and_then(|coming| coming.get(at).copied()),
        growth: growth(task, set.brick),
    });
    all.collect()
}

/// Bytes that land on the file system of each sub-volume's fullest brick. Where one has no room,
/// the movers take another; only what finds none anywhere is on its way to all of them, more than
/// they can take.
fn landing(
    state: &VolumeState,
    bytes: f64,
    staying: &[Staying<'_>],
    weights: &[f64],
    limits: &Limits,
) -> Vec<u64> {
    let each = 1.0 / state.volume.layout.data_bricks().max(1) as f64;
    let mut names: Vec<&BrickName> = Vec::new();
    let mut vessels = Vec::new();
    let mut takers = Vec::new();
    for (set, &weight) in staying.iter().zip(weights) {
        let known = names.iter().position(|name| **name == set.vessel);
        let at = known.unwrap_or_else(|| {
            names.push(&set.vessel);
            vessels.push(Vessel {
                total: set.now.total,
                free: set.now.free(),
            });
            names.len() - 1
        });
        let fills = vec![(at, each)];
        takers.push(Taker { weight, fills });
    }
    let spread = spread(bytes, &takers, &vessels, limits);
    let mut landed = vec![0.0; vessels.len()];
    for ((taker, taken), weight) in takers.iter().zip(&spread.taken).zip(weights) {
        for &(at, each) in &taker.fills {
            landed[at] += (taken + spread.left_over * weight) * each;
        }
    }
    let of = takers.iter().flat_map(|taker| &taker.fills);
    of.map(|&(at, _)| landed[at].round() as u64).collect()
}

/// Bytes that the bricks that stay have yet to take, as files see them.
fn coming(task: &Task, progress: &Progress) -> Option<f64> {
    (task.kind == TaskKind::RemoveBrick && task.is_running()).then_some(())?;
    Some(progress.on_leaving? as f64)
}

/// A sub-volume that stays, as far as its part is concerned.
struct Staying<'a> {
    set: Subvolume<'a>,
    brick: &'a Brick,
    now: Space,
    /// Bytes of files it can hold.
    size: f64,
    /// Bytes of files it took since the task was first seen.
    grown: f64,
    /// The first brick of this volume on that file system: stands for it.
    vessel: BrickName,
}

impl<'a> Staying<'a> {
    fn of(
        state: &'a VolumeState,
        sharing: &Sharing,
        task: &Task,
        set: Subvolume<'a>,
    ) -> Option<Self> {
        let data = state.volume.layout.data_bricks() as f64;
        let whole = |brick: &'a Brick| {
            let space = state.space(&brick.name)?;
            let (total, used) = (space.total?, space.used()?);
            Some((brick, Space { total, used }))
        };
        let bricks = set.bricks.iter().filter(|brick| !brick.is_arbiter);
        let (brick, now) = bricks
            .filter_map(whole)
            .min_by_key(|(_, space)| space.free())?;
        let grown = |brick: &Brick| {
            let first = task.usage.of(&brick.name).next()?.1;
            let last = task.usage.of(&brick.name).next_back()?.1;
            Some(last.saturating_sub(first))
        };
        let alike = sharing.count(brick);
        let vessel = sharing.with(brick).first();
        Some(Self {
            set,
            brick,
            now,
            size: sharing.subvolume(state, set)?.total as f64,
            grown: set.bricks.iter().filter_map(grown).max().unwrap_or(0) as f64 * data
                / alike as f64,
            vessel: vessel.unwrap_or(&brick.name).clone(),
        })
    }
}

/// What a file system can still take before gluster refuses to write: `storage.reserve` is kept
/// free.
fn room(space: Space, limits: &Limits) -> u64 {
    space.free().saturating_sub(limits.kept(space.total))
}

/// From readings since the task was seen: with the quiet time before it, a brick that fills fast
/// would look slow.
fn growth(task: &Task, brick: &Brick) -> Option<f64> {
    let last = task.usage.of(&brick.name).next_back()?;
    let from = last.0.checked_sub(WINDOW).ok()?.max(task.first_seen.wall);
    let mut readings = task.usage.of(&brick.name);
    let first = readings.find(|(at, _)| *at >= from)?;
    let apart = last.0.duration_since(first.0);
    (apart >= LEAST).then(|| last.1.saturating_sub(first.1) as f64 / apart.as_secs_f64())
}

/// How much each brick that stays grew since a moment, in bytes. `None` when none was read before
/// it and after, so that nobody can say.
pub fn grown_since<'a>(
    state: &'a VolumeState,
    task: &Task,
    since: Timestamp,
) -> Option<Vec<(&'a Brick, u64)>> {
    let bricks = state.volume.bricks.iter();
    let staying = bricks.filter(|brick| !task.removes(&brick.name));
    let grown: Vec<_> = staying
        .filter_map(|brick| {
            let (read, last) = task.usage.of(&brick.name).next_back()?;
            let mut readings = task.usage.of(&brick.name).rev();
            let (_, first) = readings.find(|(at, _)| *at <= since)?;
            (*read > since).then(|| (brick, last.saturating_sub(*first)))
        })
        .collect();
    (!grown.is_empty()).then_some(grown)
}

#[cfg(test)]
mod tests;
