//! Volumes at a glance: what takes a look at every brick, worked out once for each reading.
//!
//! Of a thousand volumes a reading changes one; the others are the same `Arc` as before. A glance
//! is kept beside the `Arc` it was taken of and is good for that one only, so none can be out of
//! date.

use std::borrow::Cow;
use std::sync::Arc;

use super::finding::{self, Finding};
use super::progress::{self, Progress};
use super::space::{Sharing, Space};
use super::subvolume::{self, SubvolumeState};
use crate::model::{Snapshot, Subvolume, Task, VolumeState};

/// A volume at a glance.
#[derive(Debug, Clone, PartialEq)]
pub struct Glance {
    /// The worst state over its sub-volumes.
    pub worst: SubvolumeState,
    /// Bricks known to be online.
    pub online: usize,
    /// Bricks known to be offline.
    pub offline: usize,
    /// Its usable space.
    pub space: Option<Space>,
    /// Which of its bricks share a file system.
    pub sharing: Sharing,
    /// The places of the sub-volumes that leave with its task.
    pub leaving: Vec<usize>,
    /// How far its task is; `None` without one.
    pub progress: Option<Progress>,
}

impl Glance {
    fn of(state: &VolumeState) -> Self {
        let (mut online, mut offline) = (0, 0);
        for brick in &state.volume.bricks {
            match state.brick(&brick.name).online {
                Some(true) => online += 1,
                Some(false) => offline += 1,
                None => {}
            }
        }
        let sharing = Sharing::of(state);
        Self {
            worst: subvolume::worst(state),
            online,
            offline,
            space: sharing.volume(state),
            sharing,
            leaving: (state.task().into_iter())
                .flat_map(|task| progress::leaving(state, task))
                .map(|set| set.index)
                .collect(),
            progress: state.task().map(|task| progress::of(state, task)),
        }
    }
}

/// The volumes of one snapshot at a glance, in its order.
#[derive(Debug, Clone, Default)]
pub struct Glances {
    seen: Vec<Seen>,
    /// How many tasks run; `None` until a snapshot was followed.
    running: Option<usize>,
}

/// One volume that was looked at.
#[derive(Debug, Clone)]
pub(super) struct Seen {
    /// As it was then.
    pub(super) state: Arc<VolumeState>,
    /// What is worth knowing of it by itself.
    pub(super) findings: Vec<Finding>,
    /// Nothing else can be worth knowing of it, however late it gets.
    pub(super) is_quiet: bool,
    pub(super) glance: Arc<Glance>,
}

impl Seen {
    fn of(state: &Arc<VolumeState>) -> Self {
        let glance = Arc::new(Glance::of(state));
        Self {
            state: Arc::clone(state),
            findings: finding::of_volume(state, &glance.sharing),
            is_quiet: finding::is_quiet(state),
            glance,
        }
    }
}

impl Glances {
    /// Takes a look at what is new in a snapshot.
    pub fn follow(&mut self, snapshot: &Snapshot) {
        let volumes = snapshot.volumes();
        // Most often it has the same volumes, and most of those are as they were.
        let pairs = || self.seen.iter().zip(volumes);
        let same = |(seen, state): (&Seen, &Arc<VolumeState>)| {
            Arc::ptr_eq(&seen.state, state) || seen.state.volume.name == state.volume.name
        };
        if self.seen.len() == volumes.len() && pairs().all(same) {
            for (seen, state) in self.seen.iter_mut().zip(volumes) {
                if !Arc::ptr_eq(&seen.state, state) {
                    *seen = Seen::of(state);
                }
            }
        } else {
            self.merge(volumes);
        }
        let tasks =
            (self.seen.iter().filter(|seen| !seen.is_quiet)).filter_map(|seen| seen.state.task());
        self.running = Some(tasks.filter(|task| task.is_running()).count());
    }

    /// Volumes came or went.
    fn merge(&mut self, volumes: &[Arc<VolumeState>]) {
        // Both are in the order of the names.
        let mut before = std::mem::take(&mut self.seen).into_iter().peekable();
        let seen = volumes.iter().map(|state| {
            let mut known = None;
            let name = &state.volume.name;
            while let Some(seen) = before.next_if(|seen| seen.state.volume.name <= *name) {
                known = Some(seen);
            }
            known
                .filter(|seen| Arc::ptr_eq(&seen.state, state))
                .unwrap_or_else(|| Seen::of(state))
        });
        self.seen = seen.collect();
    }

    /// How many tasks ran in the snapshot that was followed last; counted now where none was.
    pub fn running(&self, snapshot: &Snapshot) -> usize {
        self.running.unwrap_or_else(|| running(snapshot))
    }

    /// A volume at a glance; one that was not followed is looked at now.
    pub fn of(&self, state: &VolumeState) -> Cow<'_, Glance> {
        let name = &state.volume.name;
        let at = (self.seen).binary_search_by(|seen| seen.state.volume.name.cmp(name));
        self.at(at.unwrap_or_else(|at| at), state)
    }

    /// How far a task is: worked out beforehand for one that a volume has, now for one that it had.
    pub fn progress(&self, state: &VolumeState, task: &Task) -> Progress {
        let is_its = state.task().is_some_and(|its| std::ptr::eq(its, task));
        let known = is_its.then(|| self.of(state).progress).flatten();
        known.unwrap_or_else(|| progress::of(state, task))
    }

    /// The sub-volumes that leave with a task, known or found as above.
    pub fn leaving<'a>(&self, state: &'a VolumeState, task: &Task) -> Vec<Subvolume<'a>> {
        let is_its = state.task().is_some_and(|its| std::ptr::eq(its, task));
        if is_its {
            let known = self.of(state);
            let sets = known.leaving.iter();
            return sets.filter_map(|at| state.volume.subvolume(*at)).collect();
        }
        let bricks = |set: &Subvolume<'_>| set.bricks.iter().any(|one| task.removes(&one.name));
        state.volume.subvolumes().filter(bricks).collect()
    }

    /// All volumes of the snapshot that was followed last at a glance, without a search for each.
    pub fn of_all<'a>(
        &'a self,
        snapshot: &'a Snapshot,
    ) -> impl Iterator<Item = (&'a Arc<VolumeState>, Cow<'a, Glance>)> {
        let volumes = snapshot.volumes().iter().enumerate();
        volumes.map(|(at, state)| (state, self.at(at, state)))
    }

    fn at(&self, at: usize, state: &VolumeState) -> Cow<'_, Glance> {
        (self.seen.get(at))
            .filter(|seen| std::ptr::eq(Arc::as_ptr(&seen.state), state))
            .map_or_else(
                || Cow::Owned(Glance::of(state)),
                |seen| Cow::Borrowed(&*seen.glance),
            )
    }

    pub(super) fn seen(&self) -> &[Seen] {
        &self.seen
    }
}

fn running(snapshot: &Snapshot) -> usize {
    let tasks = snapshot.tasks();
    tasks.filter(|(_, task)| task.is_running()).count()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::insight::testing::{replica, set_online, snapshot, volume};

    fn kept(before: &Glances, after: &Glances) -> Vec<bool> {
        let same = |seen: &Seen| {
            let mut before = before.seen.iter();
            before.any(|known| Arc::ptr_eq(&known.state, &seen.state))
        };
        after.seen.iter().map(same).collect()
    }

    #[test]
    fn only_what_was_read_anew_is_looked_at_again() {
        let names = ["a", "b", "d"];
        let first = snapshot(names.map(|name| volume(name, replica(3, 0), 3)).into());
        let mut glances = Glances::default();
        glances.follow(&first);
        let before = glances.clone();

        // One is gone, one was read anew, and one is new.
        let mut broken = volume("b", replica(3, 0), 3);
        set_online(&mut broken, 0, Some(false));
        let mut volumes = first.volumes().to_vec();
        volumes[0] = Arc::new(broken);
        volumes[1] = Arc::new(volume("c", replica(3, 0), 3));
        let mut second = first.clone();
        second.volumes = crate::model::Part::fresh(volumes, crate::insight::testing::at(1));
        glances.follow(&second);

        assert_eq!(kept(&before, &glances), [false, false, true]);
        let now: Vec<_> = second.volumes().iter().map(|s| glances.of(s)).collect();
        let all: Vec<_> = glances.of_all(&second).map(|(_, glance)| glance).collect();
        assert_eq!(now, all);
        assert!(now[0].offline == 1 && now[0].worst == SubvolumeState::Degraded);
        assert!(now[1].offline == 0 && now[1].worst == SubvolumeState::Up);
        let was = &first.volumes()[1];
        assert_eq!(glances.of(was).offline, 0, "each reading has its own");
    }
}
