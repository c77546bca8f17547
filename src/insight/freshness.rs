//! What was read, but no longer stands for the present.
//!
//! Every part of a volume is read on its own and fails on its own: fresh definitions say nothing
//! about its bricks, nor fresh bricks about its task.

use std::time::Duration;

use crate::model::{Part, Stamp, Task, VolumeState, VolumeStatus};

/// What comes with every round or every few seconds is old after this, however often it is read.
const LEAST: Duration = Duration::from_secs(15);

/// The ages beyond which what is on the screen is in doubt.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Limits {
    /// Which bricks run, as an admin set it: the reader's budget buys each volume a turn in that
    /// time, or does not, and then the screen has to say so. It holds for the sizes too where a
    /// task runs: they are read every minute or more often there, and its progress rests on them.
    pub bricks: Duration,
    /// How full the bricks are, and a task that does not run: 6 times as long. Every sixth turn
    /// of a volume brings its sizes, what a change rests on is read again when its dialog opens,
    /// and that a task came or went is told by every round without a lock.
    pub slow: Duration,
    /// The progress of a running task: 3 of its readings, but no less than 15 seconds.
    pub progress: Duration,
}

/// The age at which what every round tells counts as old: three rounds, but no less than 15
/// seconds.
pub fn stale_after(every: Duration) -> Duration {
    every.saturating_mul(3).max(LEAST)
}

impl Limits {
    /// The limits where brick states count for `unread`, there is a round `every` so often, and a
    /// question to a volume is followed by a `rest`. So many tasks run and take turns of a second,
    /// or of the rest after the counters of one and what else is asked meanwhile.
    pub fn new(unread: Duration, every: Duration, rest: Duration, running: usize) -> Self {
        let running = u32::try_from(running).unwrap_or(u32::MAX);
        let turn = rest.saturating_mul(2).max(Duration::from_secs(1));
        let turn = turn.saturating_mul(running);
        Self {
            bricks: unread,
            slow: unread.saturating_mul(6),
            progress: stale_after(every.max(turn)),
        }
    }
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
        let (space, task) = match running {
            Some(_) => (limits.bricks, limits.progress),
            None => (limits.slow, limits.slow),
        };
        let is_late = |task: &Task| {
            let read = progress_read(task);
            read.is_some_and(|read| read.age(now) > limits.progress)
        };
        Self {
            bricks: is_doubtful(&state.bricks, now, limits.bricks),
            space: is_doubtful(&state.space, now, space),
            task: is_doubtful(&state.task, now, task) || running.is_some_and(is_late),
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

    const UNREAD: Duration = Duration::from_secs(1_200);

    fn doubt(state: &VolumeState, seconds: u64) -> Doubt {
        Doubt::of(
            state,
            at(seconds),
            &Limits::new(UNREAD, INTERVAL, Duration::ZERO, 1),
        )
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
    fn the_admin_sets_the_limit_of_what_takes_a_lock_and_the_rounds_that_of_progress() {
        let seconds = |unread, every, running| {
            let [unread, every] = [unread, every].map(Duration::from_secs);
            let limits = Limits::new(unread, every, Duration::ZERO, running);
            [limits.bricks, limits.slow, limits.progress].map(|limit| limit.as_secs())
        };
        assert_eq!(seconds(1_200, 5, 1), [1_200, 7_200, 15]);
        assert_eq!(seconds(1_200, 1, 1), [1_200, 7_200, 15]);
        assert_eq!(seconds(300, 60, 1), [300, 1_800, 180]);
        assert_eq!(seconds(1_200, 5, 20), [1_200, 7_200, 60], "they take turns");
    }

    #[test]
    fn each_part_is_judged_by_its_own_limit() {
        let mut state = volume("media", distribute(), 2);
        assert_eq!(doubt(&state, 1_200), Doubt::default());
        let old = doubt(&state, 1_201);
        assert!(old.bricks && !old.task && !old.space);
        assert!(!doubt(&state, 7_200).space);
        assert!(doubt(&state, 7_201).space && doubt(&state, 7_201).task);
        set_task(
            &mut state,
            TaskKind::Rebalance,
            &[],
            vec![node(1, TaskState::InProgress)],
        );
        assert!(!doubt(&state, 15).task);
        assert!(doubt(&state, 16).task && doubt(&state, 16).progress());
        assert!(!doubt(&state, 1_200).space);
        assert!(doubt(&state, 1_201).space, "the progress rests on it");
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

    #[test]
    fn where_answers_are_slow_counters_may_be_older() {
        let seconds = Duration::from_secs;
        let progress = |rest, running| {
            let limits = Limits::new(UNREAD, INTERVAL, seconds(rest), running);
            limits.progress.as_secs()
        };
        assert_eq!([progress(0, 1), progress(2, 1)], [15, 15]);
        assert_eq!([progress(8, 1), progress(8, 2)], [48, 96]);
    }
}
