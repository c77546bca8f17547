//! What lock-free answers tell: which volume to ask about out of turn.

use std::time::Duration;

use super::due::Topic;
use super::{Schedule, is_asked};
use crate::gluster::StateReport;
use crate::model::{Peer, Snapshot, VolumeState};

impl Schedule {
    /// Looks at new definitions: volumes that do not exist any more are forgotten, and one that was
    /// started, or has bricks that nobody asked for yet, is read again.
    pub(in crate::monitor) fn hear_definitions(&mut self, snapshot: &Snapshot) {
        self.volumes
            .retain(|name, _| snapshot.volume(name).is_some());
        for state in snapshot.volumes() {
            let name = &state.volume.name;
            let tier = self.pace.tier(name);
            if let Some(memory) = self.volumes.get_mut(name)
                && is_asked(state, None)
            {
                let is_other = memory.bricks != state.volume.bricks.len() || !are_its_own(state);
                if state.space.get().is_none() && state.space.fault().is_none() {
                    memory.want(Topic::Detail, tier);
                } else if is_other && state.bricks.fault().is_none() {
                    memory.want(Topic::Status, tier);
                }
            }
        }
    }

    /// Looks for what changed on this node since its state was last told, and says whether
    /// anything did. `None`: it cannot be told, and the task lists are read in turn instead.
    pub(in crate::monitor) fn hear_state(&mut self, report: Option<&StateReport>) -> bool {
        self.pace.state_works = report.is_some();
        let mut is_news = false;
        match report {
            Some(report) => {
                for volume in &report.volumes {
                    is_news |= self.memory(&volume.name).hear_state(volume);
                }
            }
            None => {
                for memory in self.volumes.values_mut() {
                    memory.forget_state();
                }
            }
        }
        is_news
    }

    /// A peer that comes or goes takes its bricks along: their volumes are read again.
    pub(in crate::monitor) fn hear_peers(
        &mut self,
        before: &[Peer],
        snapshot: &Snapshot,
        now: Duration,
    ) {
        let changed: Vec<_> = (snapshot.peers().iter())
            .filter(|peer| {
                let differs = |old: &Peer| old.id == peer.id && old.connected != peer.connected;
                before.iter().any(differs)
            })
            .map(|peer| &peer.id)
            .collect();
        if !changed.is_empty() {
            // It may have been the one that kept a question waiting.
            self.rest.excuse(now);
        }
        for state in snapshot.volumes() {
            let volume = &state.volume;
            let mut hosts = volume.bricks.iter().filter_map(|brick| brick.peer.as_ref());
            if hosts.any(|host| changed.contains(&host)) {
                let tier = self.pace.tier(&volume.name);
                let memory = self.memory(&volume.name);
                memory.want(Topic::Status, tier);
                memory.forget_hangs();
            }
        }
    }
}

/// Whether the brick states are of bricks that the volume has now.
fn are_its_own(state: &VolumeState) -> bool {
    state.bricks.get().is_some_and(|bricks| {
        let defined = state.volume.bricks.iter();
        let known = defined.filter(|brick| bricks.get(&brick.name).is_some());
        known.count() == bricks.values().count()
    })
}
