//! How far a task is, how fast it goes, and when it may be done.
//!
//! gluster tells none of this in XML. Every figure here names its basis, and is `None` where
//! there is none; why there is none can be said in words.

use std::time::Duration;

use jiff::{SignedDuration, Timestamp};

use super::space::Sharing;
use crate::model::{Task, TaskKind, TaskState, Trail, VolumeState};

mod drain;
mod estimate;
mod rate;

pub use drain::{baseline, leaving};
pub use estimate::{Estimate, NoEstimate, WARM_UP};
pub use rate::{WINDOW, extremes, moved_since, rate, rate_now, spark};

/// What a share of done work was computed from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Basis {
    /// Bytes against those that lay on the leaving bricks at the start.
    Size,
    /// Files looked at against the inodes in use: a guess.
    Scanned,
    /// gluster's own estimate of the time left, of the asked node alone.
    Gluster,
}

impl Basis {
    /// The word in the JSON.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Size => "size",
            Self::Scanned => "scanned",
            Self::Gluster => "gluster",
        }
    }

    /// For people.
    pub fn words(self) -> &'static str {
        match self {
            Self::Size => "by size moved",
            Self::Scanned => "by files scanned, a guess",
            Self::Gluster => "by gluster's own estimate",
        }
    }

    /// Whether a share of this kind is no more than a guess.
    pub fn is_guess(self) -> bool {
        self != Self::Size
    }
}

/// Why there is no share of done work.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum NoBasis {
    /// A fix-layout counts nothing.
    NoCounters,
    /// The counters or the bricks were not read yet.
    NotYet,
    /// gluster does not tell how full the bricks are.
    SpaceUnknown,
    /// The bricks share their file systems with others.
    Shared,
    /// Nothing lay on the leaving bricks.
    Empty,
}

impl NoBasis {
    /// For people.
    pub fn words(self) -> &'static str {
        match self {
            Self::NoCounters => "a fix-layout counts nothing",
            Self::NotYet => "no total is known yet",
            Self::SpaceUnknown => "gluster does not tell how full its bricks are",
            Self::Shared => "bricks that stay share its file systems",
            Self::Empty => "nothing lay on the leaving bricks",
        }
    }
}

/// How far a task is.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub struct Progress {
    /// Share of the work done, 0.0 to 1.0, with what it is based on.
    pub done: Option<(f64, Basis)>,
    /// Why there is no share of done work.
    pub no_basis: Option<NoBasis>,
    /// The share was worked out without having seen the start.
    pub is_rough: bool,
    /// Bytes in use on the leaving sub-volumes, each counted once; remove-brick only.
    pub on_leaving: Option<u64>,
    /// Bytes of files still to move; remove-brick only. It differs from what is in use where files
    /// are sparse or tiny.
    pub bytes_left: Option<u64>,
    /// Second opinion: the share of the leaving bricks' contents that has gone from them, 0.0 to
    /// 1.0, by their own space alone.
    pub drained: Option<f64>,
    /// Bytes per second over the last two readings.
    pub rate_now: Option<f64>,
    /// Bytes per second over the last five minutes.
    pub rate: Option<f64>,
    /// Bytes per second since the task began; since the crawl began again, if it did.
    pub rate_mean: Option<f64>,
    /// When a node last began its crawl again, so that its counters fell.
    pub restarted: Option<Timestamp>,
    /// The time left.
    pub estimate: Option<Estimate>,
    /// Why there is none.
    pub no_estimate: Option<NoEstimate>,
    /// gluster's own estimate, for the asked node's part.
    pub gluster_left: Option<Duration>,
}

impl Progress {
    /// The likely time left.
    pub fn left(&self) -> Option<Duration> {
        self.estimate.map(|estimate| estimate.likely)
    }
}

/// Computes the progress of a volume's task.
pub fn of(state: &VolumeState, task: &Task) -> Progress {
    if task.kind == TaskKind::FixLayout {
        return Progress {
            no_basis: Some(NoBasis::NoCounters),
            ..Progress::default()
        };
    }
    let running = task.state() == TaskState::InProgress;
    let gluster_left = state
        .own
        .time_left
        .filter(|left| running && !left.is_zero());
    let base = Progress {
        restarted: task.trail.restarted(),
        gluster_left,
        ..rates(task, running)
    };
    let seen = Seen {
        state,
        task,
        gluster_left,
        mean: base.rate_mean,
    };
    let progress = match task.kind {
        TaskKind::RemoveBrick => seen.drain(base),
        _ => seen.rebalance(base),
    };
    let completed = task.state() == TaskState::Completed;
    let basis = match task.kind {
        TaskKind::RemoveBrick => Basis::Size,
        _ => Basis::Scanned,
    };
    let done = if completed {
        Some((1.0, basis))
    } else {
        progress.done
    };
    let no_estimate = if !running {
        Some(NoEstimate::NotRunning)
    } else if task.total().run_time().is_none_or(|run| run < WARM_UP) {
        Some(NoEstimate::WarmUp)
    } else {
        progress.no_estimate
    };
    Progress {
        done,
        no_basis: progress.no_basis.filter(|_| done.is_none()),
        estimate: progress.estimate.filter(|_| no_estimate.is_none()),
        no_estimate,
        ..progress
    }
}

/// When the task's processes began: the reading less the longest run time.
pub fn started_at(task: &Task) -> Option<Timestamp> {
    task.nodes
        .iter()
        .filter_map(|node| {
            let runtime = SignedDuration::try_from(node.counters.run_time()?).ok()?;
            node.taken?.wall.checked_sub(runtime).ok()
        })
        .min()
}

/// The three rates by bytes.
fn rates(task: &Task, running: bool) -> Progress {
    // While a node is silent there are no sums, and the last one grows old.
    let latest = task.nodes.iter().filter_map(|node| node.taken);
    let latest = latest.map(|at| at.wall).max();
    let age = latest
        .zip(task.trail.last())
        .map(|(latest, last)| latest.duration_since(last.at));
    let recent = running && age.is_some_and(|age| !age.is_negative() && age <= WINDOW);
    let total = task.total();
    let since_start = || {
        let seconds = total.run_time()?.as_secs_f64();
        (seconds > 0.0).then_some(total.bytes? as f64 / seconds)
    };
    // After a restart the counters speak of less than the run time does.
    let since_restart = || rate(&task.trail, SignedDuration::MAX, |s| s.bytes);
    let rate_mean = match task.trail.restarted() {
        Some(_) => since_restart(),
        None => since_start(),
    };
    Progress {
        rate_now: (running && age.is_some_and(|age| age.is_zero()))
            .then(|| rate_now(&task.trail))
            .flatten(),
        rate: recent
            .then(|| rate(&task.trail, WINDOW, |s| s.bytes))
            .flatten(),
        rate_mean,
        ..Progress::default()
    }
}

fn by_bytes(left: f64, trail: &Trail, mean: Option<f64>) -> Result<Estimate, NoEstimate> {
    let pace = estimate::Pace {
        trail,
        counter: |sample| sample.bytes,
        mean,
    };
    estimate::at_pace(left, &pace, Basis::Size)
}

/// A task with what is known around it.
struct Seen<'a> {
    state: &'a VolumeState,
    task: &'a Task,
    gluster_left: Option<Duration>,
    mean: Option<f64>,
}

impl Seen<'_> {
    fn drain(&self, base: Progress) -> Progress {
        let drain = match drain::of(self.state, self.task) {
            Ok(drain) => drain,
            Err(why) => return self.by_gluster(base, why),
        };
        let left = drain.left / drain.scale;
        let estimate = self.end_of(&drain, left);
        // What is not finished is not 100%: the bricks keep directories to the end.
        let done = (1.0 - drain.left / drain.baseline).clamp(0.0, 0.99);
        Progress {
            done: Some((done, Basis::Size)),
            is_rough: self.task.baseline.is_some_and(|baseline| !baseline.exact),
            on_leaving: Some(drain.left as u64),
            bytes_left: Some(left as u64),
            drained: drain.drained,
            estimate: estimate.ok(),
            no_estimate: estimate.err(),
            ..base
        }
    }

    /// Where nodes drain bricks of their own, the last of them makes the end.
    fn end_of(&self, drain: &drain::Drain, left: f64) -> Result<Estimate, NoEstimate> {
        let parts = drain::parts(self.state, self.task, drain).unwrap_or_default();
        if parts.len() > 1 {
            // What lies there to the end, such as directories, is no work.
            let works = |part: &&drain::Part| part.left * drain.scale > drain.baseline / 100.0;
            let ends = parts.iter().filter(works);
            let ends = ends.map(|part| by_bytes(part.left, &part.trail, part.mean));
            if let Some(end) = estimate::last_of(ends) {
                return end;
            }
        }
        by_bytes(left, &self.task.trail, self.mean)
    }

    fn rebalance(&self, base: Progress) -> Progress {
        let scanned = self.by_scan();
        if self.gluster_left.is_none() && scanned.is_none() {
            return self.by_gluster(base, self.no_scan());
        }
        let ours = scanned.map(|(done, files)| {
            if done <= 0.01 {
                return Err(NoEstimate::TooEarly);
            }
            let runtime = self.task.total().run_time().map(|run| run.as_secs_f64());
            let pace = estimate::Pace {
                trail: &self.task.trail,
                counter: |sample| sample.scanned,
                mean: runtime
                    .filter(|run| *run > 0.0)
                    .map(|run| files * done / run),
            };
            let ours = estimate::at_pace(files * (1.0 - done), &pace, Basis::Scanned);
            // The search for files runs ahead of their moving, and then rests: its mean tells more.
            let is_moving = base.rate.is_some_and(|rate| rate > 0.0);
            match (ours, runtime) {
                (Err(NoEstimate::Standstill | NoEstimate::Uneven), Some(run)) if is_moving => {
                    let left = Duration::try_from_secs_f64(run * (1.0 - done) / done);
                    left.map_or(ours, |left| estimate::about(left, Basis::Scanned))
                }
                _ => ours,
            }
        });
        let Some(left) = self.gluster_left else {
            return Progress {
                done: scanned.map(|(done, _)| (done, Basis::Scanned)),
                estimate: ours.and_then(Result::ok),
                no_estimate: ours.and_then(Result::err),
                ..base
            };
        };
        let theirs = self.by_gluster(base, NoBasis::NotYet);
        let estimate = match (estimate::about(left, Basis::Gluster), ours) {
            (Ok(theirs), Some(Ok(ours))) => Ok(estimate::both(theirs, ours)),
            (theirs, _) => theirs,
        };
        Progress {
            estimate: estimate.ok(),
            no_estimate: estimate.err(),
            ..theirs
        }
    }

    /// What gluster itself says, where nothing else tells.
    fn by_gluster(&self, base: Progress, why: NoBasis) -> Progress {
        let ran = self.task.total().run_time().map(|run| run.as_secs_f64());
        let Some((left, ran)) = self.gluster_left.zip(ran) else {
            return Progress {
                no_basis: Some(why),
                no_estimate: Some(NoEstimate::NoBasis(why)),
                ..base
            };
        };
        let estimate = estimate::about(left, Basis::Gluster);
        let done = ran / (ran + left.as_secs_f64());
        Progress {
            done: Some((done.clamp(0.0, 0.99), Basis::Gluster)),
            estimate: estimate.ok(),
            no_estimate: estimate.err(),
            ..base
        }
    }

    /// Share of scanned files, and how many there may be: an estimate, for no answer tells how
    /// many files there are. Inodes that are not files, such as directories and gluster's own
    /// entries, make the share too small rather than too large.
    fn by_scan(&self) -> Option<(f64, f64)> {
        let scanned = self.task.total().scanned? as f64;
        let sharing = Sharing::of(self.state);
        let mut inodes = 0.0;
        for brick in &self.state.volume.bricks {
            if self.task.usage.is_shared(&brick.name) {
                return None;
            }
            // Bricks on one file system share its inodes.
            let bricks = sharing.count(brick) as f64;
            inodes += self.state.space(&brick.name)?.inodes_used()? as f64 / bricks;
        }
        (inodes > 0.0).then(|| ((scanned / inodes).min(0.99), inodes))
    }

    fn no_scan(&self) -> NoBasis {
        let mut bricks = self.state.volume.bricks.iter();
        let shared = |brick: &crate::model::Brick| self.task.usage.is_shared(&brick.name);
        if self.task.total().scanned.is_none() {
            NoBasis::NotYet
        } else if bricks.any(shared) {
            NoBasis::Shared
        } else {
            NoBasis::SpaceUnknown
        }
    }
}

#[cfg(test)]
mod tests;
