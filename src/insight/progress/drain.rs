//! What lies on the leaving bricks of a remove-brick: at its start, now, and when it is over.
//!
//! Two witnesses tell of it. The counters say how many bytes of files were moved; they are
//! fresh, but a sparse or a tiny file occupies less or more than its size. The bricks' file
//! systems say what is in use; that is the truth, but a little older. So the bricks say what is
//! left, and the counters what has gone since they were read.

use std::time::Duration;

use jiff::{SignedDuration, Timestamp};

use super::{NoBasis, rate, started_at};
use crate::insight::space::Sharing;
use crate::model::{
    Baseline, Brick, BrickName, Counters, PeerId, Subvolume, Task, TaskKind, Trail, VolumeState,
};

/// How long before the start the space may have been read and still be that of the start.
const EARLY: Duration = Duration::from_secs(120);
/// How far apart a reading of the bricks and one of the counters may be to go together.
const TOGETHER: SignedDuration = SignedDuration::from_secs(30);

/// Both witnesses say the same when their ratio is one of these.
const ALIKE: std::ops::RangeInclusive<f64> = 0.85..=1.18;

/// A drain by bytes.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Drain {
    /// Bytes in use on the leaving sub-volumes at the start.
    pub(super) baseline: f64,
    /// Bytes still to go, as the bricks count them.
    pub(super) left: f64,
    /// Bytes that the bricks lose for each byte of files moved: 1 but for sparse or tiny files.
    pub(super) scale: f64,
    /// The share of the baseline that has gone from the bricks, by the bricks alone.
    pub(super) drained: Option<f64>,
}

/// The sub-volumes that leave with a task.
pub fn leaving<'a>(
    state: &'a VolumeState,
    task: &'a Task,
) -> impl Iterator<Item = Subvolume<'a>> + 'a {
    let leaves = |brick: &Brick| task.removes(&brick.name);
    let sets = state.volume.subvolumes();
    sets.filter(move |set| set.bricks.iter().any(leaves))
}

/// The present state of a drain, or why bytes tell nothing about it.
pub(super) fn of(state: &VolumeState, task: &Task) -> Result<Drain, NoBasis> {
    if is_mixed(state, task) {
        return Err(NoBasis::Shared);
    }
    let Some(baseline) = task.baseline else {
        let known = on_leaving(state, task, |brick| {
            Some((Timestamp::UNIX_EPOCH, state.space(&brick.name)?.used()?))
        });
        return Err(match known {
            Some(_) => NoBasis::NotYet,
            None => NoBasis::SpaceUnknown,
        });
    };
    let baseline = baseline.used as f64;
    if baseline < 1.0 {
        return Err(NoBasis::Empty);
    }
    let moved = task.trail.last().map(|sample| sample.bytes as f64);
    let moved = moved.or(task.total().bytes.map(|bytes| bytes as f64));
    let Some((read, used)) = latest(state, task) else {
        let left = (baseline - moved.ok_or(NoBasis::NotYet)?).max(0.0);
        return Ok(Drain {
            baseline,
            left,
            scale: 1.0,
            drained: None,
        });
    };
    let scale = scale(state, task, baseline);
    let since = moved.zip(rate::bytes_at(&task.trail, read));
    let since = since.map_or(0.0, |(now, then)| (now - then).max(0.0));
    Ok(Drain {
        baseline,
        left: (used - scale * since).max(0.0),
        scale,
        drained: Some((1.0 - used / baseline).clamp(0.0, 1.0)),
    })
}

/// Leaving sub-volumes that the same nodes drain, whatever the other nodes do.
pub(super) struct Part {
    /// Bytes of files still to move.
    pub(super) left: f64,
    /// Sums over those nodes.
    pub(super) trail: Trail,
    /// Bytes of files per second since the start.
    pub(super) mean: Option<f64>,
}

/// The independent parts of a drain; it is over when the last of them is. `None` where the bricks
/// or a node were not read.
pub(super) fn parts(state: &VolumeState, task: &Task, drain: &Drain) -> Option<Vec<Part>> {
    let last = |brick: &Brick| task.usage.of(&brick.name).next_back().copied();
    let sharing = Sharing::of(state);
    let mut groups: Vec<(Vec<&PeerId>, f64)> = Vec::new();
    let mut read = None;
    for set in leaving(state, task) {
        let mut hosts: Vec<&PeerId> = set.bricks.iter().filter_map(|b| b.peer.as_ref()).collect();
        let (at, used) = of_set(state, &sharing, set, last)?;
        read = read.max(Some(at));
        let mut used = used as f64;
        let is_apart = |group: &(Vec<&PeerId>, f64)| !group.0.iter().any(|h| hosts.contains(h));
        let (apart, joined): (Vec<_>, Vec<_>) = groups.into_iter().partition(is_apart);
        groups = apart;
        for (more, left) in joined {
            hosts.extend(more);
            used += left;
        }
        groups.push((hosts, used));
    }
    let read = read?;
    let parts = groups.into_iter().map(|(hosts, used)| {
        let nodes = task.nodes.iter().filter(|node| hosts.contains(&&node.peer));
        let nodes: Vec<_> = nodes.collect();
        let trail = rate::sum(nodes.iter().map(|node| &node.trail));
        let since = rate::moved_since(&trail, read) as f64;
        let total = Counters::total(nodes.iter().map(|node| &node.counters));
        let seconds = total.run_time().map(|run| run.as_secs_f64());
        let mean = (total.bytes.zip(seconds)).filter(|(_, seconds)| *seconds > 0.0);
        Some(Part {
            left: (used / drain.scale - since).max(0.0),
            mean: mean.map(|(bytes, seconds)| bytes as f64 / seconds),
            trail: Some(trail).filter(|trail| trail.last().is_some())?,
        })
    });
    parts.collect()
}

/// Whether the file system of a leaving brick also holds bricks that stay, of this volume or of
/// others: what moves from one to the other leaves no trace in its use, and what is in use does
/// not have to move.
fn is_mixed(state: &VolumeState, task: &Task) -> bool {
    let sharing = Sharing::of(state);
    let stays = |name: &BrickName| !task.removes(name);
    let mut bricks = leaving(state, task).flat_map(|set| set.bricks);
    bricks.any(|brick| {
        task.usage.is_shared(&brick.name)
            || stays(&brick.name)
            || sharing.with(brick).iter().any(stays)
    })
}

/// Bytes in use on the leaving sub-volumes as files see them, each counted once, and when the
/// latest of these readings was taken. Copies are alike, so the fullest brick stands for its set;
/// bricks on one file system share its use.
fn on_leaving(
    state: &VolumeState,
    task: &Task,
    used: impl Fn(&Brick) -> Option<(Timestamp, u64)>,
) -> Option<(Timestamp, u64)> {
    let sharing = Sharing::of(state);
    let mut sum: Option<(Timestamp, u64)> = None;
    for set in leaving(state, task) {
        let (at, of_set) = of_set(state, &sharing, set, &used)?;
        let (latest, before) = sum.unwrap_or((at, 0));
        sum = Some((latest.max(at), before.saturating_add(of_set)));
    }
    sum
}

/// The same of one sub-volume. What a brick held when it was last read counts only while no copy
/// was read later: an offline one would hold for ever what has long gone from the others.
fn of_set(
    state: &VolumeState,
    sharing: &Sharing,
    set: Subvolume<'_>,
    used: impl Fn(&Brick) -> Option<(Timestamp, u64)>,
) -> Option<(Timestamp, u64)> {
    let bricks = set.bricks.iter().filter(|brick| !brick.is_arbiter);
    let shares = bricks.filter_map(|brick| {
        let (at, used) = used(brick)?;
        Some((at, used / sharing.count(brick) as u64))
    });
    let shares: Vec<_> = shares.collect();
    let read = shares.iter().map(|(at, _)| *at).max()?;
    let present = |(at, _): &&(Timestamp, u64)| read.duration_since(*at) <= TOGETHER;
    let fullest = shares.iter().filter(present).map(|(_, used)| *used).max()?;
    let data = state.volume.layout.data_bricks();
    Some((read, fullest.saturating_mul(data)))
}

/// The latest reading of the leaving bricks.
fn latest(state: &VolumeState, task: &Task) -> Option<(Timestamp, f64)> {
    let last = |brick: &Brick| task.usage.of(&brick.name).next_back().copied();
    let (read, used) = on_leaving(state, task, last)?;
    Some((read, used as f64))
}

/// What was in use on the leaving sub-volumes at a moment, by the last readings until then.
fn until(state: &VolumeState, task: &Task, at: Timestamp) -> Option<(Timestamp, u64)> {
    on_leaving(state, task, |brick| {
        let mut readings = task.usage.of(&brick.name).rev();
        readings.find(|(read, _)| *read <= at).copied()
    })
}

/// Compares both witnesses over the time that both remember. A fifth of the whole counts as told
/// beforehand in favour of 1: one large file may be in one account and not yet in the other.
fn scale(state: &VolumeState, task: &Task, baseline: f64) -> f64 {
    let told = || {
        let began = task.trail.samples().next()?.at;
        let mut bricks = leaving(state, task).flat_map(|set| set.bricks);
        let first = bricks.find_map(|brick| {
            let mut readings = task.usage.of(&brick.name);
            readings.find(|(at, _)| *at >= began).map(|(at, _)| *at)
        })?;
        let (_, then) = until(state, task, first)?;
        let (last, now) = latest(state, task)?;
        let moved = rate::bytes_at(&task.trail, last)? - rate::bytes_at(&task.trail, first)?;
        Some((then as f64 - now, moved))
    };
    let Some((gone, moved)) = told() else {
        return 1.0;
    };
    let beforehand = baseline / 5.0;
    let scale = (gone.max(0.0) + beforehand) / (moved.max(0.0) + beforehand);
    // Directories and what clients delete are no news; a total that wavers would be.
    if ALIKE.contains(&scale) {
        1.0
    } else {
        scale.clamp(0.01, 20.0)
    }
}

/// What lay on the leaving bricks before anything moved, as far as the task's readings can tell;
/// `None` while they cannot. Call it with every reading until it answers, and keep the answer.
pub fn baseline(state: &VolumeState, task: &Task) -> Option<Baseline> {
    if task.kind != TaskKind::RemoveBrick || is_mixed(state, task) {
        return None;
    }
    let counted = task.nodes.iter().filter_map(|node| node.taken);
    let counted = counted.map(|taken| taken.wall).max()?;
    let total = task.total();
    let early = SignedDuration::try_from(EARLY).ok()?;
    let exact = |at: Timestamp| {
        let (read, used) = until(state, task, at)?;
        (at.duration_since(read) <= early).then_some(Baseline {
            used,
            at: read,
            exact: true,
        })
    };
    let nothing = total.bytes == Some(0) && total.files == Some(0);
    let before = started_at(task).and_then(exact);
    let before = before.or_else(|| exact(counted).filter(|_| nothing));
    before.or_else(|| {
        // Too late to see the start: what is there now and what has gone since make it up.
        let (read, used) = until(state, task, counted.checked_add(TOGETHER).ok()?)?;
        let is_near = read.duration_since(counted).abs() <= TOGETHER;
        Some(Baseline {
            used: used.saturating_add(total.bytes.filter(|_| is_near)?),
            at: read,
            exact: false,
        })
    })
}
