//! Capital letters: which dialog a key opens, for which target.

use std::collections::{BTreeMap, BTreeSet};

use crate::app::dialog::{Emergency, Finish, Kind, Rebalance, Remove, SetThrottle, Stop};
use crate::app::explain;
use crate::app::model::{Model, Pane};
use crate::app::rows::{self, BrickRow, BrickRowId};
use crate::config::Action;
use crate::model::{BrickName, Throttle, VolumeName};

/// Opens the dialog of an action, or says why there is nothing to open.
pub(super) fn open(model: &mut Model, action: Action) {
    if let Some(reason) = explain::not_now(model, action) {
        let key = model.session.keymap.shown(action);
        model.complain(format!(
            "{key} {}: {reason}",
            action.label().trim_end_matches('.')
        ));
        return;
    }
    if action == Action::Emergency {
        return open_emergency(model);
    }
    let Some(volume) = model.target().map(|state| state.volume.name.clone()) else {
        return;
    };
    let kind = match action {
        Action::Rebalance => Kind::Rebalance(Rebalance::new(rebalance_targets(model, volume))),
        Action::RemoveBricks => Kind::Remove(remove(model, volume)),
        Action::Stop => Kind::Stop(Stop { volume }),
        Action::Finish => Kind::Finish(Finish::new(volume)),
        Action::Throttle => {
            let level = model
                .snapshot
                .volume(&volume)
                .map_or(Throttle::Normal, |state| state.volume.throttle());
            Kind::Throttle(SetThrottle { volume, level })
        }
        _ => return,
    };
    model.open_dialog(kind);
}

/// Opens the emergency stop. Tasks whose stop is on its way are shown and left alone; when there
/// is nothing else to stop, it shows what becomes of them.
fn open_emergency(model: &mut Model) {
    let open = model.jobs.open();
    let stops = open.filter(|record| record.order.command().stops());
    let under_way = stops.filter_map(|record| {
        let volume = record.order.command().locks()?;
        Some((volume.clone(), record.id))
    });
    let under_way: BTreeMap<_, _> = under_way.collect();
    let is_fresh = under_way.is_empty();
    let mut dialog = Emergency::new(&model.snapshot);
    if !is_fresh {
        dialog = dialog.beside(&model.snapshot, under_way);
    }
    let has_others = dialog.has_others(&model.snapshot);
    model.open_dialog(Kind::Emergency(dialog));
    if !is_fresh && !has_others {
        watch_stops(model);
    }
}

/// Lets the emergency stop show the stops that are on their way.
pub(super) fn watch_stops(model: &mut Model) {
    let open = model.jobs.open();
    let stops = open.filter(|record| record.order.command().stops());
    let under_way: Vec<_> = stops
        .map(|record| (record.id, record.order.clone()))
        .collect();
    if let Some(dialog) = model.dialog.as_mut().filter(|_| !under_way.is_empty()) {
        dialog.watch(under_way);
    }
}

/// Opens the throttle dialog with the slowest level chosen: the gentler way out of a stop.
pub(super) fn open_slow_down(model: &mut Model, volume: VolumeName) {
    let level = Throttle::Lazy;
    model.open_dialog(Kind::Throttle(SetThrottle { volume, level }));
}

/// The marked volumes, or the one under the cursor.
fn rebalance_targets(model: &Model, volume: VolumeName) -> Vec<VolumeName> {
    let marked = &model.panes.volumes.marked;
    if model.on_main() && model.panes.focus == Pane::Volumes && !marked.is_empty() {
        marked
            .iter()
            .filter(|name| model.snapshot.volume(name).is_some())
            .cloned()
            .collect()
    } else {
        vec![volume]
    }
}

/// The marked bricks of the volume; else, in the Bricks pane, what is under the cursor.
fn remove(model: &Model, volume: VolumeName) -> Remove {
    let Some(state) = model.snapshot.volume(&volume) else {
        return Remove::new(volume, BTreeSet::new());
    };
    let mut selected = marked_bricks(model, &volume);
    let mut cursor = 0;
    if selected.is_empty() && model.on_main() && model.panes.focus == Pane::Bricks {
        match rows::selected_brick(model) {
            Some(BrickRow::Set { set, .. }) => {
                selected.extend(set.bricks.iter().map(|brick| brick.name.clone()));
            }
            Some(BrickRow::Brick { brick, .. }) => selected.extend([brick.name.clone()]),
            None => {}
        }
    }
    if let Some(first) = selected
        .iter()
        .filter_map(|name| state.volume.subvolume_of(name))
        .min()
    {
        cursor = first;
    }
    Remove {
        cursor,
        ..Remove::new(volume, selected)
    }
}

/// The marked bricks of one volume.
fn marked_bricks(model: &Model, volume: &VolumeName) -> BTreeSet<BrickName> {
    let Some(state) = model.snapshot.volume(volume) else {
        return BTreeSet::new();
    };
    let of_volume = |name: &BrickName| state.volume.subvolume_of(name).is_some();
    let marked = model.panes.bricks.marked.iter();
    marked
        .filter_map(|id| match id {
            BrickRowId::Brick(name) => of_volume(name).then(|| name.clone()),
            BrickRowId::Set(..) => None,
        })
        .collect()
}
