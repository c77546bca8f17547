//! What was read, but no longer stands for the present.
//!
//! Every part of a volume is read on its own and fails on its own: fresh definitions say nothing
//! about its bricks, nor fresh bricks about its task.

use std::time::Duration;

use crate::model::{Part, Stamp, Task, VolumeState, VolumeStatus};

/// The ages beyond which what is on the screen is in doubt.
///
/// Each is well above the period in which the monitor asks, and like that period it grows with
/// the reading interval: who reads once a minute must not see doubt everywhere.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Limits {
    /// Which bricks run: 2 minutes, or 24 intervals.
    pub bricks: Duration,
    /// What changes slowly, how full the bricks are and tasks that do not run: 10 minutes, or
    /// 120 intervals.
    pub slow: Duration,
    /// The progress of a running task: 3 of its readings, but no less than 15 seconds.
    pub progress: Duration,
}

impl Limits {
    /// The limits at a reading interval. So many volumes take turns on the screen, a question an
    /// interval; so many tasks run and take turns of a second.
    pub fn new(interval: Duration, shown: usize, running: usize) -> Self {
        let times = |intervals: usize| interval.saturating_mul(count(intervals));
        let turn = Duration::from_secs(1).saturating_mul(count(running));
        Self {
            bricks: times(shown.max(24)).max(Duration::from_secs(120)),
            slow: times(120).max(Duration::from_secs(600)),
            progress: interval
                .max(turn)
                .saturating_mul(3)
                .max(Duration::from_secs(15)),
        }
    }
}

fn count(n: usize) -> u32 {
    u32::try_from(n).unwrap_or(u32::MAX)
}

/// Whether a part is missing, older than a limit, or beside a fault: the latest reading failed.
pub fn is_doubtful<T>(part: &Part<T>, now: Stamp, limit: Duration) -> bool {
    part.fault().is_some() || part.is_stale(now, limit)
}

/// What of a volume is in doubt.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Doubt {
    /// Which bricks run.
    pub bricks: bool,
    /// How full they are.
    pub space: bool,
    /// The task and its progress.
    pub task: bool,
}

impl Doubt {
    /// Looks at the parts of a volume. Of one that is not started there is nothing to ask.
    pub fn of(state: &VolumeState, now: Stamp, limits: &Limits) -> Self {
        if state.volume.status != VolumeStatus::Started {
            return Self::default();
        }
        let running = state.task().filter(|task| task.is_running());
        let limit = running.map_or(limits.slow, |_| limits.progress);
        let is_late = |task: &Task| {
            let read = progress_read(task);
            read.is_some_and(|read| read.age(now) > limits.progress)
        };
        Self {
            bricks: is_doubtful(&state.bricks, now, limits.bricks),
            space: is_doubtful(&state.space, now, limits.slow),
            task: is_doubtful(&state.task, now, limit) || running.is_some_and(is_late),
        }
    }

    /// Whether the share of done work is: it is computed from the task and from the space.
    pub fn progress(self) -> bool {
        self.task || self.space
    }
}

/// When any node last told its counters. The task's own age says less: its place in the task
/// list makes it fresh too.
pub fn progress_read(task: &Task) -> Option<Stamp> {
    let taken = task.nodes.iter().filter_map(|node| node.taken);
    taken.max_by_key(|taken| taken.steady)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::insight::testing::{at, define, distribute, fault, node, set_task, volume};
    use crate::model::{FaultKind, TaskKind, TaskState};

    const INTERVAL: Duration = Duration::from_secs(5);

    fn doubt(state: &VolumeState, seconds: u64) -> Doubt {
        Doubt::of(state, at(seconds), &Limits::new(INTERVAL, 4, 1))
    }

    #[test]
    fn a_part_is_in_doubt_when_missing_old_or_beside_a_fault() {
        let mut part = Part::fresh(7, at(0));
        assert!(!is_doubtful(&part, at(15), Duration::from_secs(15)));
        assert!(is_doubtful(&part, at(16), Duration::from_secs(15)));
        part.fail(fault(FaultKind::Busy, "", at(1)));
        assert!(is_doubtful(&part, at(1), Duration::from_secs(15)));
        assert!(is_doubtful(&Part::<u8>::default(), at(0), Duration::MAX));
    }

    #[test]
    fn limits_grow_with_the_interval_and_with_what_takes_turns() {
        let seconds = |limits: Limits| {
            let Limits {
                bricks,
                slow,
                progress,
            } = limits;
            [bricks, slow, progress].map(|limit| limit.as_secs())
        };
        assert_eq!(seconds(Limits::new(INTERVAL, 4, 1)), [120, 600, 15]);
        assert_eq!(
            seconds(Limits::new(Duration::from_secs(1), 4, 1)),
            [120, 600, 15]
        );
        assert_eq!(seconds(Limits::new(INTERVAL, 60, 20)), [300, 600, 60]);
        assert_eq!(
            seconds(Limits::new(Duration::from_secs(60), 4, 1)),
            [1_440, 7_200, 180]
        );
    }

    #[test]
    fn each_part_is_judged_by_its_own_limit() {
        let mut state = volume("media", distribute(), 2);
        assert_eq!(doubt(&state, 120), Doubt::default());
        assert!(doubt(&state, 121).bricks && !doubt(&state, 121).task);
        assert!(doubt(&state, 601).space);
        set_task(
            &mut state,
            TaskKind::Rebalance,
            &[],
            vec![node(1, TaskState::InProgress)],
        );
        assert!(!doubt(&state, 15).task);
        assert!(doubt(&state, 16).task && doubt(&state, 16).progress());
    }

    #[test]
    fn a_task_list_does_not_make_counters_fresh() {
        let mut state = volume("media", distribute(), 2);
        let nodes = vec![node(1, TaskState::InProgress)];
        set_task(&mut state, TaskKind::Rebalance, &[], nodes);
        let task = state.task.get().cloned().unwrap();
        state.task = Part::fresh(task, at(60));
        assert!(doubt(&state, 61).task);
    }

    #[test]
    fn a_stopped_volume_has_no_doubt() {
        let mut state = volume("media", distribute(), 2);
        define(&mut state, |volume| volume.status = VolumeStatus::Stopped);
        assert_eq!(doubt(&state, 9_000), Doubt::default());
    }
}
