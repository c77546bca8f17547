//! Volumes at a glance: what takes a look at every brick, worked out once for each reading.
//!
//! Of a thousand volumes a reading changes one; the others are the same `Arc` as before. A glance
//! is kept beside the `Arc` it was taken of and is good for that one only, so none can be out of
//! date.

use std::sync::Arc;

use super::finding::{self, Finding};
use super::space::{self, Space};
use super::subvolume::{self, SubvolumeState};
use crate::model::{Snapshot, VolumeState};

/// A volume at a glance.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Glance {
    /// The worst state over its sub-volumes.
    pub worst: SubvolumeState,
    /// A brick is known to be offline.
    pub offline: bool,
    /// Its usable space.
    pub space: Option<Space>,
}

impl Glance {
    fn of(state: &VolumeState) -> Self {
        let mut bricks = state.volume.bricks.iter();
        Self {
            worst: subvolume::worst(state),
            offline: bricks.any(|brick| state.brick(&brick.name).online == Some(false)),
            space: space::volume(state),
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
    glance: Glance,
}

impl Seen {
    fn of(state: &Arc<VolumeState>) -> Self {
        Self {
            state: Arc::clone(state),
            findings: finding::of_volume(state),
            glance: Glance::of(state),
        }
    }
}

impl Glances {
    /// Takes a look at what is new in a snapshot.
    pub fn follow(&mut self, snapshot: &Snapshot) {
        // Both are in the order of the names.
        let mut before = std::mem::take(&mut self.seen).into_iter().peekable();
        let seen = snapshot.volumes().iter().map(|state| {
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
        self.running = Some(running(snapshot));
    }

    /// How many tasks ran in the snapshot that was followed last; counted now where none was.
    pub fn running(&self, snapshot: &Snapshot) -> usize {
        self.running.unwrap_or_else(|| running(snapshot))
    }

    /// A volume at a glance; one that was not followed is looked at now.
    pub fn of(&self, state: &VolumeState) -> Glance {
        let name = &state.volume.name;
        let at = (self.seen).binary_search_by(|seen| seen.state.volume.name.cmp(name));
        self.at(at.unwrap_or_else(|at| at), state)
    }

    /// The same for all volumes of the snapshot that was followed last, without a search for each.
    pub fn of_all<'a>(
        &self,
        snapshot: &'a Snapshot,
    ) -> impl Iterator<Item = (&'a Arc<VolumeState>, Glance)> {
        let volumes = snapshot.volumes().iter().enumerate();
        volumes.map(|(at, state)| (state, self.at(at, state)))
    }

    fn at(&self, at: usize, state: &VolumeState) -> Glance {
        (self.seen.get(at))
            .filter(|seen| std::ptr::eq(Arc::as_ptr(&seen.state), state))
            .map_or_else(|| Glance::of(state), |seen| seen.glance)
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
        assert!(now[0].offline && now[0].worst == SubvolumeState::Degraded);
        assert!(!now[1].offline && now[1].worst == SubvolumeState::Up);
        let was = &first.volumes()[1];
        assert!(!glances.of(was).offline, "each reading has its own");
    }
}
