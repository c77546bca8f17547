//! The one function that changes the state.

use std::sync::Arc;
use std::time::Duration;

use super::dialog::{self, Context, Dialog, Kind, Reaction};
use super::explain;
use super::field;
use super::leftovers;
use super::logs;
use super::model::{Model, Pane, View};
use super::msg::{Effect, Msg};
use super::rows;
use crate::config::{Action, Key, KeyCode, action};
use crate::gluster::Permit;
use crate::insight::finding;
use crate::job::Job;
use crate::model::{Snapshot, Stamp, VolumeName};

mod arrange;
mod auto;
mod change;
mod emergency;
mod job;
mod leave;
mod navigate;

/// Takes a message at a moment, changes the state, and says what is to be done outside.
pub fn update(model: &mut Model, now: Stamp, msg: Msg) -> Vec<Effect> {
    model.now = now;
    model.auto.hear(now);
    let inspected = model.inspected();
    let is_input = matches!(msg, Msg::Key(_) | Msg::Paste(_));
    let mut effects = if auto::stood_still(model) && is_input {
        // Meant for a screen of long ago.
        vec![]
    } else {
        take(model, msg)
    };
    effects.extend(auto::follow(model));
    leave::follow(model);
    let inspects = model.inspected();
    if inspects != inspected {
        effects.push(Effect::Inspect(inspects));
    }
    effects.extend(leftovers::follow(model));
    rows::volumes::follow(model);
    rows::bricks::follow(model);
    effects
}

fn take(model: &mut Model, msg: Msg) -> Vec<Effect> {
    match msg {
        Msg::Key(key) => on_key(model, key),
        Msg::Paste(text) => {
            on_paste(model, &text);
            vec![]
        }
        Msg::Resize(width, height) => {
            model.panes.width = width;
            model.panes.height = height;
            vec![]
        }
        Msg::Snapshot(snapshot) => on_snapshot(model, snapshot),
        Msg::Job(id, event) => job::on_job(model, id, event),
        Msg::Log(id, answer) => {
            logs::arrived(model, id, answer);
            vec![]
        }
        Msg::Leftovers(id, looked) => {
            model.leftovers.found(id, looked);
            vec![]
        }
        Msg::Recalled(commands) => {
            if model.recalled.is_empty() {
                model.journal.recall(&commands, model.now);
            }
            model.recalled = commands;
            vec![]
        }
        Msg::HandedOver(results) => leave::handed_over(model, &results),
        Msg::StoodStill => {
            auto::disarm_all(model, "glustop was suspended");
            vec![]
        }
        Msg::Tick => on_tick(model),
    }
}

/// Findings depend on the time as well as on the data: a stall is one only after a while.
fn on_tick(model: &mut Model) -> Vec<Effect> {
    let (snapshot, thresholds) = (&model.snapshot, model.thresholds());
    model.glances.follow(snapshot);
    model.findings = finding::findings_of(snapshot, &model.glances, model.now, &thresholds);
    let alarm = model.journal.follow_findings(&model.findings, model.now);
    if alarm && model.session.bell {
        vec![Effect::Bell]
    } else {
        vec![]
    }
}

fn on_snapshot(model: &mut Model, snapshot: Arc<Snapshot>) -> Vec<Effect> {
    let before = std::mem::replace(&mut model.snapshot, snapshot);
    model
        .journal
        .follow_tasks(&before, &model.snapshot, model.now);
    job::note_new_bricks(model, &before);
    if let Some(dialog) = &mut model.dialog {
        let context = Context {
            snapshot: &model.snapshot,
            launcher: &model.session.launcher,
            permit: model.session.permit,
        };
        dialog.refresh(context, model.now);
    }
    on_tick(model)
}

fn on_paste(model: &mut Model, text: &str) {
    if let Some(dialog) = &mut model.dialog {
        dialog.paste(text);
    } else if let Some(input) = arrange::editing(model) {
        field::paste(input, text);
    }
}

fn on_key(model: &mut Model, key: Key) -> Vec<Effect> {
    model.notice = None;
    let was_leaving = std::mem::take(&mut model.leaving);
    if model.session.keymap.action(key) == Some(Action::Close) {
        model.leaving = was_leaving;
    }
    // From the first key on, the cursor belongs to a row and no longer to the top of the list:
    // what a key is aimed at must not move away under it.
    navigate::pin(model);
    if model.session.keymap.action(key) == Some(Action::Suspend) {
        auto::disarm_all(model, "glustop was suspended");
        return vec![Effect::Suspend];
    }
    if model.session.keymap.action(key) == Some(Action::Redraw) {
        return vec![Effect::Redraw];
    }
    // The emergency stop opens from anywhere but a text field.
    let emergency = model.session.keymap.action(key) == Some(Action::Emergency);
    let stays = |dialog: &Dialog| {
        let typing = dialog.is_asking() && dialog.focus == dialog::Focus::Field;
        let stopping = !dialog.is_asking() && matches!(dialog.kind, Kind::Emergency(_));
        !emergency || typing || stopping
    };
    if model.dialog.as_ref().is_some_and(stays) {
        return in_dialog(model, key);
    }
    if arrange::editing(model).is_some() {
        arrange::edit_filter(model, key);
        return vec![];
    }
    if navigate::key_in_view(model, key) {
        return vec![];
    }
    if let Some(action) = model.session.keymap.action(key) {
        return act(model, action);
    }
    if let KeyCode::Char(c) = key.code
        && let Some((_, hint)) = action::UNBOUND
            .iter()
            .find(|(unbound, _)| *unbound == c && !key.ctrl)
    {
        model.complain(*hint);
    }
    vec![]
}

fn act(model: &mut Model, action: Action) -> Vec<Effect> {
    match action {
        Action::Rebalance
        | Action::RemoveBricks
        | Action::Stop
        | Action::Finish
        | Action::Throttle
        | Action::Emergency => change::open(model, action),
        Action::Close if model.views.is_empty() => leave::quit(model),
        Action::Pause => {
            model.paused = if model.paused.is_some() {
                None
            } else {
                Some(model.now)
            };
            model.say(if model.paused.is_some() {
                "Paused: nothing is read until p; commands still work."
            } else {
                "Reading again."
            });
            vec![Effect::Pause(model.paused.is_some())]
        }
        Action::Log => logs::open(model),
        Action::Commands => {
            navigate::go(model, action);
            // Others may have run some since.
            vec![Effect::Recall]
        }
        Action::Refresh => {
            model.say("Reading now.");
            let mut effects = logs::again(model);
            effects.push(Effect::ReadNow);
            effects
        }
        Action::Slower => interval(model, |seconds| (seconds * 2).min(300)),
        Action::Faster => interval(model, |seconds| (seconds / 2).max(1)),
        Action::Copy => match explain::name_to_copy(model) {
            Some(name) => copy(model, name),
            None => vec![],
        },
        _ => {
            navigate::go(model, action);
            vec![]
        }
    }
}

fn interval(model: &mut Model, change: fn(u64) -> u64) -> Vec<Effect> {
    model.interval = Duration::from_secs(change(model.interval.as_secs().max(1)));
    model.say(format!("Reading every {} s.", model.interval.as_secs()));
    vec![Effect::Interval(model.interval)]
}

fn copy(model: &mut Model, text: String) -> Vec<Effect> {
    let shown = crate::model::text::printable(&text).into_owned();
    // OSC 52 gives no answer: whether the terminal took it cannot be known.
    model.say(format!("Sent to the clipboard (OSC 52): {shown}"));
    vec![Effect::Copy(text)]
}

fn in_dialog(model: &mut Model, key: Key) -> Vec<Effect> {
    let may_commit = model.session.permit == Permit::Everything;
    let Some(dialog) = &mut model.dialog else {
        return vec![];
    };
    let context = Context {
        snapshot: &model.snapshot,
        launcher: &model.session.launcher,
        permit: model.session.permit,
    };
    if !dialog.is_asking() {
        return after_confirm(model, key);
    }
    match &dialog.kind {
        Kind::Leave(_) => return leave::key(model, key),
        Kind::Remove(_) if key == Key::char('a') && !may_commit => {
            model.complain("This session changes nothing, so nothing would be committed.");
            return vec![];
        }
        _ => {}
    }
    let asks_last_word = match &dialog.kind {
        Kind::AutoCommit(auto) => Some(auto.volume.clone()),
        _ => None,
    };
    let (reaction, effects) = dialog.key(
        key,
        context,
        &mut model.jobs,
        model.session.patience,
        model.now,
    );
    let mut out = Vec::new();
    match reaction {
        Reaction::Stay => {
            let is_confirmed =
                |dialog: &Dialog| matches!(dialog.kind, Kind::Emergency(_)) && !dialog.is_asking();
            if model.dialog.as_ref().is_some_and(is_confirmed) {
                out = emergency::give_up_starts(model);
            }
        }
        Reaction::Close => {
            model.dialog = None;
            if let Some(volume) = &asks_last_word {
                auto::hold(model, volume);
            }
        }
        Reaction::Watch => out = emergency::watch(model),
        Reaction::GiveUpStarts => out = emergency::give_up_starts(model),
        Reaction::Throttle(volume) => change::open_slow_down(model, volume),
        Reaction::Say(text) => model.complain(text),
    }
    for effect in effects {
        match effect {
            Effect::Copy(text) => out.extend(copy(model, text)),
            Effect::Run(job) => {
                run(model, &job, asks_last_word.as_ref());
                out.push(Effect::Run(job));
            }
            other => out.push(other),
        }
    }
    out
}

/// What a confirmed change means for the auto commits.
fn run(model: &mut Model, job: &Job, asks_last_word: Option<&VolumeName>) {
    if let Some(volume) = asks_last_word {
        model.auto.spend(volume, job.id);
        return;
    }
    auto::yield_to(model, job);
    let arms = match model.dialog.as_ref().map(|dialog| &dialog.kind) {
        Some(Kind::Remove(remove)) => {
            let state = model.snapshot.volume(&remove.volume);
            state.is_some_and(|state| remove.commits_by_itself(state))
        }
        _ => false,
    };
    if arms {
        auto::arm(model, job);
    }
}

/// Keys while a dialog shows what becomes of its commands.
fn after_confirm(model: &mut Model, key: Key) -> Vec<Effect> {
    let again = model.session.keymap.action(key) == Some(Action::Emergency);
    if again && emergency::has_more(model) {
        return emergency::open(model);
    }
    let Some(dialog) = &mut model.dialog else {
        return vec![];
    };
    let records: Vec<_> = dialog
        .jobs
        .iter()
        .filter_map(|id| model.jobs.get(*id))
        .collect();
    // A stop that meets the lock again and again is given up by the first Esc; only then does
    // the next one close the dialog.
    let trying: Vec<_> = if records.iter().any(|record| record.is_trying()) {
        let open = records.iter().filter(|record| record.is_open());
        open.map(|record| Effect::GiveUp(record.id)).collect()
    } else {
        vec![]
    };
    let over = records.iter().all(|record| !record.is_open());
    let failed = over && records.iter().any(|record| !record.is_done());
    match key.code {
        KeyCode::Esc if !trying.is_empty() => return trying,
        KeyCode::Esc | KeyCode::Backspace | KeyCode::Enter | KeyCode::Char('n' | 'q') => {
            model.dialog = None;
        }
        _ if key == Key::CTRL_C => model.dialog = None,
        KeyCode::Char('c') => {
            let lines: Vec<_> = dialog.offer.lines().collect();
            return copy(model, lines.join("\n"));
        }
        // An auto commit has one try: the next one is an admin's own.
        KeyCode::Char('r') if failed && !matches!(dialog.kind, Kind::AutoCommit(_)) => {
            let context = Context {
                snapshot: &model.snapshot,
                launcher: &model.session.launcher,
                permit: model.session.permit,
            };
            dialog.ask_again(context, model.now);
        }
        _ => {}
    }
    vec![]
}

impl Model {
    /// Opens a dialog over whatever is shown.
    fn open_dialog(&mut self, kind: Kind) {
        let context = Context {
            snapshot: &self.snapshot,
            launcher: &self.session.launcher,
            permit: self.session.permit,
        };
        self.dialog = Some(Dialog::open(kind, context, self.now));
    }

    /// The volumes that an open dialog wants to know more of.
    fn inspected(&self) -> Vec<VolumeName> {
        self.dialog.as_ref().map_or_else(Vec::new, Dialog::rests_on)
    }

    /// Whether a pane is drawn at the present size.
    fn has_pane(&self, pane: Pane) -> bool {
        pane != Pane::Events || self.panes.height >= 34 || self.panes.zoom
    }

    /// Whether the main view is on top.
    fn on_main(&self) -> bool {
        self.views.is_empty()
    }

    /// Closes the top view.
    fn close_view(&mut self) -> Option<View> {
        self.views.pop()
    }
}

#[cfg(test)]
mod tests;
