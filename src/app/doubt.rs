//! What of the state is too old or too uncertain to be taken for the present.

use super::model::Model;
use crate::insight::freshness::{Doubt, Limits};
use crate::model::{Task, VolumeState, VolumeStatus};

impl Model {
    /// Whether the definitions are missing or too old to be taken for the present. A fault beside
    /// fresh ones does not make them old: one volume that cannot be read must not blind the screen.
    pub fn is_old(&self) -> bool {
        self.snapshot.volumes.is_stale(self.now, self.stale_after())
    }

    /// What of a volume may no longer be true.
    pub fn doubt(&self, state: &VolumeState) -> Doubt {
        let limits = self.limits(state.task().is_some_and(Task::is_running));
        let doubt = Doubt::of(state, self.now, &limits);
        let old = self.is_old() && state.volume.status == VolumeStatus::Started;
        Doubt {
            bricks: doubt.bricks || old,
            space: doubt.space || old,
            task: doubt.task || old,
        }
    }

    /// The ages beyond which things are in doubt, for a volume whose task runs or does not.
    ///
    /// Only what runs depends on how much else does.
    pub fn limits(&self, runs: bool) -> Limits {
        let running = if runs {
            self.glances.running(&self.snapshot)
        } else {
            0
        };
        let rows = usize::from(self.panes.height);
        let shown = self.snapshot.volumes().len().min(rows);
        Limits::new(self.interval, shown, running)
    }
}
