//! Laying what one glusterd knows by itself, and what a dialog asked for, over the picture.

use std::collections::BTreeMap;
use std::sync::Arc;

use super::{renewed, update};
use crate::gluster::{Command, StateReport, StateVolume};
use crate::model::{
    BrickName, Fault, FaultKind, Heal, OpVersions, OwnView, Part, Snapshot, Stamp, VolumeName,
    VolumeState,
};
use crate::monitor::ask::Reading;

/// What one glusterd knows of its volumes. Of one that it does not name nothing is known.
pub(super) fn own_views(snapshot: &mut Snapshot, report: &StateReport) {
    let said = report.volumes.iter().map(|said| (&said.name, said));
    let said: BTreeMap<_, _> = said.collect();
    own(snapshot, |state| {
        let said = said.get(&state.volume.name);
        said.map(|said| own_view(said)).unwrap_or_default()
    });
}

/// Nothing is known any more of what glusterd knew: unlike the other readings it has no age of its
/// own by which what rests on it could be doubted.
pub(super) fn forget_own_views(snapshot: &mut Snapshot) {
    own(snapshot, |_| OwnView::default());
}

/// Changes the own views. Only volumes whose view differs are made anew: mostly none.
fn own(snapshot: &mut Snapshot, view: impl Fn(&VolumeState) -> OwnView) {
    let before = snapshot.volumes();
    let news: Vec<_> = (before.iter().enumerate())
        .filter_map(|(at, state)| {
            let view = Some(view(state)).filter(|view| *view != state.own)?;
            Some((at, view))
        })
        .collect();
    let Some(taken) = snapshot.volumes.taken().filter(|_| !news.is_empty()) else {
        return;
    };
    let mut volumes = before.to_vec();
    for (at, view) in news {
        Arc::make_mut(&mut volumes[at]).own = view;
    }
    let part = &snapshot.volumes;
    snapshot.volumes = renewed(part, volumes, taken, part.fault().cloned());
}

fn own_view(said: &StateVolume) -> OwnView {
    OwnView {
        geo_sessions: said.geo_sessions,
        snapshots: said.snapshots,
        time_left: said.time_left,
    }
}

/// The version in force; the highest possible one is only read for dialogs, and stays.
pub(super) fn op_version(snapshot: &mut Snapshot, current: Option<u32>, at: Stamp) {
    let Some(current) = current else { return };
    let old = &snapshot.op_versions;
    let highest = old.get().and_then(|versions| versions.highest);
    let value = OpVersions { current, highest };
    snapshot.op_versions = renewed(old, value, at, old.fault().cloned());
}

/// The options of the pool: both versions are among them, the highest since release 3.10.
pub(super) fn pool_options(
    snapshot: &mut Snapshot,
    options: &BTreeMap<String, String>,
    reading: &Reading,
) {
    let number = |key| options.get(key)?.parse().ok();
    if let Some(current) = number("cluster.op-version") {
        let highest = number("cluster.max-op-version");
        snapshot.op_versions = Part::fresh(OpVersions { current, highest }, reading.done);
        if highest.is_none() {
            snapshot.op_versions.fail(Fault {
                kind: FaultKind::BadOutput,
                command: reading.order.argv().to_string(),
                message: "this release does not say".to_owned(),
                since: reading.done,
            });
        }
    }
}

/// The options of one volume.
pub(super) fn options(
    snapshot: &mut Snapshot,
    volume: &VolumeName,
    options: &BTreeMap<String, String>,
    at: Stamp,
) {
    update(snapshot, volume, |state| {
        let known = state.effective.get().filter(|known| ***known == *options);
        let options = known.map_or_else(|| Arc::new(options.clone()), Arc::clone);
        state.effective = Part::fresh(options, at);
    });
}

/// What waits for healing. `heal info` looks for glusterd in its usual place, whatever the other
/// questions are told: another cluster's answer names other bricks.
pub(super) fn heal(snapshot: &mut Snapshot, volume: &VolumeName, heal: &Heal, reading: &Reading) {
    let Some(state) = snapshot.volume(volume) else {
        return;
    };
    let bricks = &state.volume.bricks;
    let is_ours = |name: &BrickName| bricks.iter().any(|brick| brick.name == *name);
    let foreign = heal.bricks.iter().find(|brick| !is_ours(&brick.brick));
    let fault = foreign.map(|foreign| Fault {
        kind: FaultKind::BadOutput,
        command: reading.order.argv().to_string(),
        message: format!(
            "heal info speaks of {}, which is no brick of {volume}.",
            foreign.brick
        ),
        since: reading.done,
    });
    update(snapshot, volume, |state| match fault {
        Some(fault) => state.heal.fail(fault),
        None => state.heal = Part::fresh(heal.clone(), reading.done),
    });
}

/// Notes that what a dialog asked for could not be read.
pub(super) fn failed(snapshot: &mut Snapshot, reading: &Reading, mut fault: Fault) {
    match reading.command() {
        Command::PoolOptions => snapshot.op_versions.fail(fault),
        Command::Options(volume) => {
            update(snapshot, volume, |state| state.effective.fail(fault));
        }
        Command::HealSummary(volume) => {
            let mut words = reading.order.argv().words().iter();
            if words.any(|word| word.starts_with("--glusterd-sock=")) {
                let said = fault.message.trim_end_matches('.');
                fault.message = format!("{said} (heal info only knows glusterd's usual socket)");
            }
            update(snapshot, volume, |state| state.heal.fail(fault));
        }
        _ => {}
    }
}

/// Takes away a count that is too old for a dialog that opens now.
pub(in crate::monitor) fn forget_heal(snapshot: &mut Snapshot, volume: &VolumeName) {
    update(snapshot, volume, |state| state.heal = Part::default());
}
