//! The emergency stop: what runs, what is being stopped already, and what was about to start.

use std::collections::BTreeMap;

use super::job::tell;
use crate::app::dialog::{Emergency, Kind, running_tasks};
use crate::app::model::Model;
use crate::app::msg::Effect;
use crate::model::text;

/// Opens the emergency stop. Tasks whose stop is on its way are shown and left alone; when there
/// is nothing else to stop, it shows what becomes of them.
pub(super) fn open(model: &mut Model) -> Vec<Effect> {
    let open = model.jobs.open();
    let stops = open.filter(|record| record.order.command().stops());
    let under_way = stops.filter_map(|record| {
        let volume = record.order.command().locks()?;
        Some((volume.clone(), record.id))
    });
    let under_way: BTreeMap<_, _> = under_way.collect();
    let is_fresh = under_way.is_empty();
    let mut dialog = Emergency::new(&model.snapshot).with_starts(&model.jobs);
    if !is_fresh {
        dialog = dialog.beside(&model.snapshot, under_way);
    }
    let has_others = dialog.has_others(&model.snapshot);
    model.open_dialog(Kind::Emergency(dialog));
    if !is_fresh && !has_others {
        watch(model)
    } else {
        vec![]
    }
}

/// Lets the emergency stop show the stops that are on their way.
pub(super) fn watch(model: &mut Model) -> Vec<Effect> {
    let open = model.jobs.open();
    let stops = open.filter(|record| record.order.command().stops());
    let under_way: Vec<_> = stops
        .map(|record| (record.id, record.order.clone()))
        .collect();
    if let Some(dialog) = model.dialog.as_mut().filter(|_| !under_way.is_empty()) {
        dialog.watch(under_way);
    }
    give_up_starts(model)
}

/// Sees to it that nothing starts after the stop: what has not reached gluster is given up, and
/// what waited for another change is dropped.
pub(super) fn give_up_starts(model: &mut Model) -> Vec<Effect> {
    let starts = model.jobs.starts();
    let (ids, dropped) = model.jobs.give_up_starts();
    for order in dropped {
        let command = order.command();
        let text = format!("{command}: given up by the emergency stop, nothing was run");
        tell(model, command, false, text);
    }
    if let Some(Kind::Emergency(dialog)) = model.dialog.as_mut().map(|dialog| &mut dialog.kind) {
        dialog.given_up += starts.to_come;
        dialog.starts = 0;
    }
    if starts.to_come > 0 {
        model.say(format!(
            "{} that had not run yet: given up.",
            text::plural(starts.to_come, "start")
        ));
    }
    ids.into_iter().map(Effect::GiveUp).collect()
}

/// While the emergency stop shows what becomes of its stops: whether something else runs.
pub(super) fn has_more(model: &Model) -> bool {
    let Some(dialog) = &model.dialog else {
        return false;
    };
    let orders = &dialog.offer.orders;
    let is_stopped = |volume| orders.iter().any(|o| o.command().locks() == Some(volume));
    matches!(dialog.kind, Kind::Emergency(_))
        && running_tasks(&model.snapshot)
            .iter()
            .any(|(state, _)| !is_stopped(&state.volume.name))
}
