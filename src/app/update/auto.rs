//! The auto commit, step by step: its gates are judged anew with every message.

use std::time::Duration;

use super::arrange;
use crate::app::auto::{AutoState, Circumstances, Turn};
use crate::app::dialog::{AutoCommit, Context, Kind};
use crate::app::journal::Event;
use crate::app::model::Model;
use crate::app::msg::Effect;
use crate::gluster::{Command, Permit, RemoveStep};
use crate::insight::finding::Severity;
use crate::insight::plan::auto::{Readiness, readiness};
use crate::job::{Job, JobId, JobResult};
use crate::model::VolumeName;

/// A confirmed start of a remove-brick arms it.
pub(super) fn arm(model: &mut Model, job: &Job) {
    if let Command::RemoveBrick {
        volume,
        bricks,
        step: RemoveStep::Start,
        ..
    } = job.order.command()
    {
        let now = model.now;
        model.auto.arm(volume.clone(), bricks.clone(), job.id, now);
    }
}

/// Another change of this session to the same volume is the admin's own decision.
pub(super) fn yield_to(model: &mut Model, job: &Job) {
    let command = job.order.command();
    let Some(volume) = command.locks().cloned() else {
        return;
    };
    if !matches!(command, Command::SetThrottle { .. }) && !command.starts() {
        let why = format!("you chose to {command}");
        disarm(model, &volume, &why);
    }
}

/// The last word is spoken: this is the one commit of the task. Empty when it was sent before.
pub(super) fn commit(model: &mut Model, volume: &VolumeName) -> Vec<Effect> {
    if model.auto.is_spent(volume) {
        return vec![];
    }
    let Some(dialog) = model.dialog.as_mut() else {
        return vec![];
    };
    let context = Context {
        snapshot: &model.snapshot,
        launcher: &model.session.launcher,
        permit: model.session.permit,
    };
    let patience = model.session.patience;
    let effects = dialog.run(context, &mut model.jobs, patience, model.now);
    let sent = dialog.jobs.first().copied();
    match sent {
        Some(job) if model.auto.spend(volume, job) => effects,
        _ => vec![],
    }
}

/// What became of a job.
pub(super) fn job_ended(model: &mut Model, id: JobId, result: &JobResult) {
    let of_job = |state: &AutoState| matches!(state, AutoState::Starting(job) | AutoState::Committing(job) if *job == id);
    let mut all = model.auto.all();
    let Some((volume, watch)) = all.find(|(_, watch)| of_job(&watch.state)) else {
        return;
    };
    let (volume, is_start) = (
        volume.clone(),
        matches!(watch.state, AutoState::Starting(_)),
    );
    drop(all);
    match (result, is_start) {
        (JobResult::Done { task, .. }, true) => model.auto.begun(id, task.as_ref()),
        (JobResult::Done { .. }, false) => {
            let done = "it committed the remove-brick".to_owned();
            tell(
                model,
                &volume,
                Severity::Info,
                format!("auto commit: {done}"),
            );
            model.auto.set(&volume, AutoState::Disarmed(done));
        }
        (_, true) => {
            disarm(model, &volume, "the remove-brick did not start");
        }
        (_, false) => {
            let why = "its commit was not carried out".to_owned();
            tell(
                model,
                &volume,
                Severity::Warning,
                format!("auto commit: {why}"),
            );
            model.auto.set(&volume, AutoState::Disarmed(why));
        }
    }
}

/// Lets go of every one that is armed.
pub(super) fn disarm_all(model: &mut Model, why: &str) {
    let armed: Vec<_> = model.auto.armed().cloned().collect();
    for volume in armed {
        disarm(model, &volume, why);
    }
}

/// The admin holds it.
pub(super) fn hold(model: &mut Model, volume: &VolumeName) {
    model.auto.set(volume, AutoState::Held);
    tell(model, volume, Severity::Info, "auto commit held".to_owned());
    model.say(format!(
        "Auto commit of {volume} held: C commits, or retains the bricks."
    ));
}

/// After every message: judges the gates, counts, and commits.
pub(super) fn follow(model: &mut Model) -> Vec<Effect> {
    let mut effects = Vec::new();
    let limit = (model.interval * 3).max(Duration::from_secs(30));
    if let Some(why) = lets_go_of_all(model, limit) {
        disarm_all(model, &why);
    }
    let watched: Vec<_> = model.auto.all().map(|(volume, _)| volume.clone()).collect();
    for volume in watched {
        effects.extend(follow_one(model, &volume));
    }
    let snapshot = &model.snapshot;
    model.auto.forget(|volume, id| {
        let state = snapshot.volume(volume);
        state.is_some_and(|state| {
            state.task.get().is_none() || state.task().and_then(|task| task.id.as_ref()) == Some(id)
        })
    });
    show(model);
    effects
}

/// What keeps every auto commit shut, whatever the cluster says.
fn lets_go_of_all(model: &Model, limit: Duration) -> Option<String> {
    match model.session.permit {
        Permit::ReadOnly => return Some("this session is read-only".to_owned()),
        Permit::DryRun => return Some("this is a dry run".to_owned()),
        Permit::Everything => {}
    }
    if model.paused.is_some() {
        return Some("reading was paused".to_owned());
    }
    model.auto.stood_still(limit)
}

fn follow_one(model: &mut Model, volume: &VolumeName) -> Vec<Effect> {
    /// Six readings, but no less than a minute.
    const READINGS: u32 = 6;
    let snapshot = std::sync::Arc::clone(&model.snapshot);
    let task = snapshot.volume(volume).and_then(|state| state.task());
    if let Some(task) = task {
        model.auto.adopt(volume, task);
    }
    let Some(watch) = model.auto.get(volume) else {
        return vec![];
    };
    let is_judged = matches!(
        watch.state,
        AutoState::Armed(_) | AutoState::Counting { .. }
    );
    if !is_judged || model.auto.is_spent(volume) {
        return vec![];
    }
    let fresh = (model.interval * READINGS).max(Duration::from_secs(60));
    let of_volume = |job: &Command| job.locks() == Some(volume);
    let is_busy = (model.jobs.open()).any(|record| of_volume(record.order.command()));
    let said = match &watch.task {
        _ if is_busy => Readiness::NotYet("another command is on its way".to_owned()),
        None => Readiness::NotYet("gluster has not told its id yet".to_owned()),
        Some(id) => readiness(&snapshot, volume, id, model.now, fresh),
    };
    let view = Circumstances {
        in_front: own_dialog(model, volume),
        is_over: !is_busy && task.is_some_and(|task| !task.is_running()),
    };
    let launcher = &model.session.launcher;
    let turn = model.auto.step(
        volume,
        said,
        |command| launcher.order(command),
        model.now,
        view,
    );
    match turn {
        Turn::Nothing => vec![],
        Turn::Look => vec![Effect::Look(volume.clone())],
        Turn::LetGo(why) => {
            let_go(model, volume, &why);
            vec![]
        }
        Turn::Begun => {
            let text = "drained clean: auto commit in 30 s".to_owned();
            tell(model, volume, Severity::Info, text);
            let bell = model.session.bell.then_some(Effect::Bell);
            bell.into_iter()
                .chain([Effect::Look(volume.clone())])
                .collect()
        }
        Turn::Zero => commit_at_zero(model, volume),
    }
}

/// Runs what the dialog shows, and nothing else.
fn commit_at_zero(model: &mut Model, volume: &VolumeName) -> Vec<Effect> {
    let shown = model.auto.get(volume).and_then(|watch| match &watch.state {
        AutoState::Counting { order, .. } => Some(order.clone()),
        _ => None,
    });
    let offer = model.dialog.as_ref().map(|dialog| &dialog.offer);
    let is_shown = offer.is_some_and(|offer| {
        offer.refusal.is_none() && shown.is_some_and(|order| offer.orders == [order])
    });
    if is_shown && own_dialog(model, volume) {
        commit(model, volume)
    } else {
        disarm(model, volume, "what would run is not what was shown");
        vec![]
    }
}

/// Whether the dialog on the screen is the last word about this volume, still open.
fn own_dialog(model: &Model, volume: &VolumeName) -> bool {
    model.dialog.as_ref().is_some_and(|dialog| {
        dialog.is_asking()
            && matches!(&dialog.kind, Kind::AutoCommit(auto) if auto.volume == *volume)
    })
}

/// Opens the last word as soon as nothing else is in front, and closes it when there is nothing
/// to say any more.
fn show(model: &mut Model) {
    let asked = model.dialog.as_ref().and_then(|dialog| match &dialog.kind {
        Kind::AutoCommit(auto) if dialog.is_asking() => Some(auto.volume.clone()),
        _ => None,
    });
    let counts = |volume: &VolumeName| {
        let watch = model.auto.get(volume);
        watch.is_some_and(|watch| matches!(watch.state, AutoState::Counting { .. }))
    };
    if asked.is_some_and(|volume| !counts(&volume)) {
        model.dialog = None;
    }
    let next = model.auto.counting().map(|(volume, _)| volume.clone());
    let Some(volume) = next.filter(|_| model.dialog.is_none()) else {
        return;
    };
    let task = model.auto.get(&volume).and_then(|watch| watch.task.clone());
    if arrange::editing(model).is_none()
        && let Some(task) = task
    {
        model.open_dialog(Kind::AutoCommit(AutoCommit { volume, task }));
    }
}

fn disarm(model: &mut Model, volume: &VolumeName, why: &str) {
    if model.auto.disarm(volume, why) {
        let_go(model, volume, why);
    }
}

fn let_go(model: &mut Model, volume: &VolumeName, why: &str) {
    tell(
        model,
        volume,
        Severity::Warning,
        format!("auto commit disarmed: {why}"),
    );
    model.complain(format!("Auto commit of {volume} disarmed: {why}"));
}

fn tell(model: &mut Model, volume: &VolumeName, severity: Severity, text: String) {
    model.journal.add(Event {
        at: model.now,
        severity,
        subject: volume.to_string(),
        text,
    });
}
