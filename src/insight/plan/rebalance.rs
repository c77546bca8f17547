//! Before a rebalance or a fix-layout.

use super::common;
use super::{Check, Mark, no_task, started};
use crate::gluster::command::RebalanceMode;
use crate::insight::subvolume::{self, SubvolumeState};
use crate::model::{Snapshot, VolumeState};

pub(super) fn start(snapshot: &Snapshot, state: &VolumeState, mode: RebalanceMode) -> Vec<Check> {
    let volume = &state.volume;
    let mut checks = vec![
        Check::either(
            "distributed",
            volume.is_distributed(),
            format!(
                "{} sub-volumes to spread files over",
                volume.subvolume_count()
            ),
            Mark::Refuse,
            format!("{}: only one sub-volume, nothing to spread", volume.shape()),
        ),
        started(state),
        no_task(state),
        // gluster does not check this: the process starts, and fails.
        match subvolume::worst(state) {
            SubvolumeState::Up => Check::new("bricks-online", Mark::Pass, "every brick online"),
            SubvolumeState::Degraded => Check::new(
                "bricks-online",
                Mark::Warn,
                "a brick is offline; its set still serves",
            ),
            SubvolumeState::Down => Check::new(
                "bricks-online",
                Mark::Refuse,
                "a sub-volume is down: the rebalance would fail at once",
            ),
            SubvolumeState::Unknown => Check::new(
                "bricks-online",
                Mark::Unknown,
                "not every brick's state is known",
            ),
        }
        .judged_by(&state.bricks),
    ];
    if mode != RebalanceMode::FixLayout {
        checks.extend(common::force_migration(state));
    }
    checks.push(common::op_version(snapshot));
    if mode != RebalanceMode::FixLayout {
        // A fix-layout moves no file.
        checks.push(common::release(snapshot));
    }
    checks.extend(common::shared_storage(state, Mark::Warn));
    checks
}
