//! How far a task is, how fast it goes, and when it may be done.
//!
//! gluster tells none of this in XML. Every figure here names its basis, and is `None` where
//! there is none.

use std::time::Duration;

use jiff::{SignedDuration, Timestamp};

use super::space;
use crate::model::{Brick, Sample, Task, TaskKind, TaskState, Trail, VolumeState};

/// What a share of done work was computed from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Basis {
    /// Bytes moved against the bytes still on the leaving bricks.
    Size,
    /// Files looked at against the inodes in use: an estimate.
    Scanned,
}

impl Basis {
    /// The word in the JSON.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Size => "size",
            Self::Scanned => "scanned",
        }
    }
}

/// How far a task is.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub struct Progress {
    /// Share of the work done, 0.0 to 1.0, with what it is based on.
    pub done: Option<(f64, Basis)>,
    /// Bytes still to move; remove-brick only.
    pub bytes_left: Option<u64>,
    /// Bytes per second over the last two readings.
    pub rate_now: Option<f64>,
    /// Bytes per second over the last five minutes.
    pub rate: Option<f64>,
    /// Bytes per second since the task began.
    pub rate_mean: Option<f64>,
    /// Time left at the five-minute rate.
    pub left: Option<Duration>,
}

/// No estimate is given before a task has run this long: early rates mislead.
const WARM_UP: Duration = Duration::from_secs(120);
/// The window of the rate that lists show.
const WINDOW: SignedDuration = SignedDuration::from_secs(300);

/// Computes the progress of a volume's task.
pub fn of(state: &VolumeState, task: &Task) -> Progress {
    if task.kind == TaskKind::FixLayout {
        return Progress::default();
    }
    let total = task.total();
    let running = task.state() == TaskState::InProgress;
    // While a node is silent there are no sums, and the last one grows old.
    let latest = task
        .nodes
        .iter()
        .filter_map(|node| node.taken)
        .map(|at| at.wall)
        .max();
    let age = latest
        .zip(task.trail.last())
        .map(|(latest, last)| latest.duration_since(last.at));
    let rate = (running && age.is_some_and(|age| age <= WINDOW))
        .then(|| rate(&task.trail, WINDOW, |s| s.bytes))
        .flatten();
    let bytes_left = match task.kind {
        TaskKind::RemoveBrick => bytes_on_leaving(state, task),
        _ => None,
    };
    let done = if task.state() == TaskState::Completed {
        let basis = match task.kind {
            TaskKind::RemoveBrick => Basis::Size,
            _ => Basis::Scanned,
        };
        Some((1.0, basis))
    } else {
        match task.kind {
            TaskKind::RemoveBrick => done_by_size(total.bytes, bytes_left),
            _ => done_by_scan(state, task),
        }
    };
    let warm = total.runtime.is_some_and(|t| t >= WARM_UP);
    Progress {
        done,
        bytes_left,
        rate_now: (running && age.is_some_and(|age| age.is_zero()))
            .then(|| rate_now(&task.trail))
            .flatten(),
        rate,
        rate_mean: total
            .bytes
            .zip(total.runtime)
            .filter(|(_, t)| !t.is_zero())
            .map(|(bytes, t)| bytes as f64 / t.as_secs_f64()),
        left: (running && warm)
            .then(|| match task.kind {
                TaskKind::RemoveBrick => left_by_bytes(bytes_left, rate),
                _ => left_by_share(done, total.runtime),
            })
            .flatten(),
    }
}

/// When the task's processes began: the reading less the longest run time.
pub fn started_at(task: &Task) -> Option<Timestamp> {
    task.nodes
        .iter()
        .filter_map(|node| {
            let runtime = SignedDuration::try_from(node.counters.runtime?).ok()?;
            node.taken?.wall.checked_sub(runtime).ok()
        })
        .min()
}

/// Bytes still on the leaving bricks, each set counted once. Unknown when the size of any
/// leaving set is, or when its file system is shared with bricks that stay: what moves from one
/// to the other leaves no trace in its size.
fn bytes_on_leaving(state: &VolumeState, task: &Task) -> Option<u64> {
    let leaving = state
        .volume
        .subvolumes()
        .filter(|set| set.bricks.iter().any(|brick| task.removes(&brick.name)));
    let mut sum = None;
    for set in leaving {
        let stays = |brick: &Brick| !task.removes(&brick.name);
        let mixed = |brick: &Brick| space::sharing(state, brick).any(stays);
        if set.bricks.iter().any(mixed) {
            return None;
        }
        let used = space::subvolume(state, set)?.used;
        sum = Some(sum.unwrap_or(0_u64).saturating_add(used));
    }
    sum
}

fn done_by_size(moved: Option<u64>, left: Option<u64>) -> Option<(f64, Basis)> {
    let (moved, left) = (moved? as f64, left? as f64);
    // Both zero: an empty brick, or nothing moved yet. Neither is a percentage.
    (moved + left > 0.0).then(|| (moved / (moved + left), Basis::Size))
}

/// Files looked at against the inodes in use. Every node of a replica set scans the whole set,
/// so scanned files are compared with the inodes of all bricks; directories and gluster's own
/// entries make the share too small rather than too large.
fn done_by_scan(state: &VolumeState, task: &Task) -> Option<(f64, Basis)> {
    let scanned = task.total().scanned? as f64;
    let mut inodes = 0_u64;
    for brick in &state.volume.bricks {
        inodes = inodes.saturating_add(state.space(&brick.name)?.inodes_used()?);
    }
    (inodes > 0).then(|| ((scanned / inodes as f64).min(0.99), Basis::Scanned))
}

fn left_by_bytes(left: Option<u64>, rate: Option<f64>) -> Option<Duration> {
    let (left, rate) = (left?, rate?);
    (rate >= 1.0).then(|| seconds(left as f64 / rate)).flatten()
}

fn left_by_share(done: Option<(f64, Basis)>, runtime: Option<Duration>) -> Option<Duration> {
    let ((share, _), runtime) = (done?, runtime?);
    (share > 0.01)
        .then(|| seconds(runtime.as_secs_f64() * (1.0 - share) / share))
        .flatten()
}

fn seconds(seconds: f64) -> Option<Duration> {
    /// Beyond this the figure says nothing an admin could plan by.
    const SENSIBLE: f64 = 60.0 * 86_400.0;
    (seconds.is_finite() && (0.0..SENSIBLE).contains(&seconds))
        .then(|| Duration::from_secs_f64(seconds))
}

/// Growth per second of one counter over a window that ends with the latest sample; `None`
/// before there are two. Where readings are further apart than the window, it reaches back to
/// the last one before it.
pub fn rate(trail: &Trail, window: SignedDuration, counter: fn(&Sample) -> u64) -> Option<f64> {
    let last = trail.last()?;
    let from = last.at.checked_sub(window).ok()?;
    let before = trail.samples().rev().find(|sample| sample.at <= from);
    let first = before.or_else(|| trail.samples().next())?;
    per_second(first, last, counter)
}

/// Bytes per second between the last two samples.
pub fn rate_now(trail: &Trail) -> Option<f64> {
    let mut latest = trail.samples().rev();
    let (last, before) = (latest.next()?, latest.next()?);
    per_second(before, last, |s| s.bytes)
}

fn per_second(first: &Sample, last: &Sample, counter: fn(&Sample) -> u64) -> Option<f64> {
    let seconds = last.at.duration_since(first.at).as_secs_f64();
    (seconds > 0.0).then(|| counter(last).saturating_sub(counter(first)) as f64 / seconds)
}

/// Byte rates of the last `span`, in `buckets` steps, oldest first. A step without a reading is a
/// gap (`None`), never a zero.
pub fn spark(
    trail: &Trail,
    now: Timestamp,
    span: SignedDuration,
    buckets: usize,
) -> Vec<Option<f64>> {
    let width = span.as_secs_f64() / buckets.max(1) as f64;
    let mut moved = vec![(0.0, 0.0); buckets];
    let mut samples = trail.samples();
    let mut before = samples.next();
    for sample in samples {
        let Some(first) = before.replace(sample) else {
            continue;
        };
        let Some(rate) = per_second(first, sample, |s| s.bytes) else {
            continue;
        };
        // Each pair of readings is spread over the steps that it covers.
        let age = |at: Timestamp| now.duration_since(at).as_secs_f64();
        let (from, to) = (age(first.at), age(sample.at));
        for (at, (bytes, seconds)) in moved.iter_mut().enumerate() {
            let newest = width * (buckets - at - 1) as f64;
            let overlap = from.min(newest + width) - to.max(newest);
            if overlap > 0.0 {
                *bytes += rate * overlap;
                *seconds += overlap;
            }
        }
    }
    moved
        .into_iter()
        .map(|(bytes, seconds)| (seconds > 0.0).then(|| bytes / seconds))
        .collect()
}

#[cfg(test)]
mod tests;
