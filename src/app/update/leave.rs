//! Leaving: tasks go on without glustop, but commands that wait do not, and neither does an armed
//! auto commit.

use super::Model;
use crate::app::auto::AutoState;
use crate::app::dialog::{GUARD, Kind, Leave};
use crate::app::handover::HandOver;
use crate::app::jobs::{JobRecord, Stage};
use crate::app::model::Source;
use crate::app::msg::{Effect, HandedOver};
use crate::config::{Key, KeyCode};
use crate::model::VolumeName;

/// `q` on the main view.
pub(super) fn quit(model: &mut Model) -> Vec<Effect> {
    if !model.leaving && model.auto.armed().next().is_some() {
        let leave = leave(model);
        model.open_dialog(Kind::Leave(leave));
        return vec![];
    }
    quit_all_the_same(model)
}

/// Asks once more when a command has not reached gluster yet.
fn quit_all_the_same(model: &mut Model) -> Vec<Effect> {
    let inside = |record: &JobRecord| matches!(record.stage, Stage::Running { .. });
    if model.leaving || model.jobs.open().next().is_none() {
        return vec![Effect::Quit];
    }
    let waiting = model.jobs.open().filter(|record| !inside(record)).count();
    let follows = model
        .jobs
        .open()
        .any(|record| model.jobs.is_followed(record.id));
    model.leaving = true;
    model.complain(if waiting > 0 || follows {
        "A command has not run yet, and will not if you leave now. q again leaves."
    } else {
        "A command is still running; it goes on without glustop. q again leaves."
    });
    vec![]
}

fn leave(model: &Model) -> Leave {
    let glustop = &model.session.handover;
    let armed = model.auto.all().filter(|(_, watch)| watch.is_armed());
    let offers = armed.map(|(volume, watch)| {
        let task = watch.task.as_ref();
        task.map(|task| HandOver::of(glustop, volume, task))
    });
    let offers: Option<Vec<_>> = offers.collect();
    let refusal = match &offers {
        _ if matches!(model.session.source, Source::Demo { .. }) => {
            Some("the demo has nothing to hand over: this is what would run")
        }
        None => Some("the remove-brick is only just being started: wait for it"),
        Some(_) => None,
    };
    Leave {
        offers: offers.unwrap_or_default(),
        refusal: refusal.map(str::to_owned),
        is_trying: false,
        failed: None,
    }
}

/// A key in the dialog.
pub(super) fn key(model: &mut Model, key: Key) -> Vec<Effect> {
    let now = model.now;
    let Some(dialog) = &mut model.dialog else {
        return vec![];
    };
    let is_guarded = dialog.opened.age(now) < GUARD;
    let Kind::Leave(leave) = &mut dialog.kind else {
        return vec![];
    };
    let is_esc = key.code == KeyCode::Esc;
    match key.code {
        // A hand-over that is being tried ends by itself.
        _ if leave.is_trying => vec![],
        _ if is_guarded && !is_esc => vec![],
        KeyCode::Char('c') if !key.ctrl => {
            let lines: Vec<_> = leave.lines().collect();
            super::copy(model, lines.join("\n"))
        }
        KeyCode::Char('w') if !key.ctrl => hand_over(model),
        KeyCode::Char('q') if !key.ctrl => {
            model.dialog = None;
            quit_all_the_same(model)
        }
        KeyCode::Esc | KeyCode::Enter | KeyCode::Backspace | KeyCode::Char('n') => {
            model.dialog = None;
            vec![]
        }
        _ if key == Key::CTRL_C => {
            model.dialog = None;
            vec![]
        }
        _ => vec![],
    }
}

fn hand_over(model: &mut Model) -> Vec<Effect> {
    let Some(Kind::Leave(leave)) = model.dialog.as_mut().map(|dialog| &mut dialog.kind) else {
        return vec![];
    };
    if let Some(reason) = &leave.refusal {
        let reason = reason.clone();
        model.complain(reason);
        return vec![];
    }
    leave.is_trying = true;
    leave.failed = None;
    let offers = leave.offers.clone();
    for offer in &offers {
        model.auto.set(&offer.volume, AutoState::HandingOver);
    }
    vec![Effect::HandOver(offers)]
}

/// What became of it: leaves when another process waits for every one of them.
pub(super) fn handed_over(model: &mut Model, results: Vec<HandedOver>) -> Vec<Effect> {
    let mut failed: Vec<(VolumeName, String)> = Vec::new();
    for HandedOver { volume, result } in results {
        match result {
            Ok(unit) => model.auto.handed_over(&volume, unit),
            Err(why) => {
                let armed = AutoState::Armed("it was not handed over".to_owned());
                model.auto.set(&volume, armed);
                failed.push((volume, why));
            }
        }
    }
    if failed.is_empty() {
        model.dialog = None;
        return quit_all_the_same(model);
    }
    let said: Vec<_> = failed
        .iter()
        .map(|(volume, why)| format!("{volume}: {why}"))
        .collect();
    let said = said.join("; ");
    match model.dialog.as_mut().map(|dialog| &mut dialog.kind) {
        Some(Kind::Leave(leave)) => {
            leave.is_trying = false;
            let is_left = |offer: &HandOver| failed.iter().any(|(name, _)| *name == offer.volume);
            leave.offers.retain(is_left);
            leave.failed = Some(said);
        }
        _ => model.complain(format!("Not handed over: {said}")),
    }
    vec![]
}
