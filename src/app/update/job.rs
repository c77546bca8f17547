//! What becomes of a change: its steps, what follows it, and what the admin should know then.

use std::sync::Arc;

use super::auto;
use crate::app::dialog::{Context, Kind};
use crate::app::jobs::JobRecord;
use crate::app::journal::Event;
use crate::app::model::Model;
use crate::app::msg::Effect;
use crate::gluster::{Command, RemoveStep};
use crate::insight::finding::Severity;
use crate::job::{JobEvent, JobId, JobResult};
use crate::model::{Snapshot, VolumeState};

pub(super) fn on_job(model: &mut Model, id: JobId, event: JobEvent) -> Vec<Effect> {
    let now = model.now;
    let Some(record) = model.jobs.note(id, event.clone(), now) else {
        return vec![];
    };
    let JobEvent::Ended(outcome) = event else {
        if let Some(dialog) = &mut model.dialog {
            dialog.job_moved(&model.jobs);
        }
        return vec![];
    };
    let command = record.order.command().clone();
    let what = command.to_string();
    let how = record.summary(now);
    let went_well = matches!(outcome.result, JobResult::Done { .. });
    let is_fine = went_well || outcome.result == JobResult::DryRun;
    tell(model, &command, is_fine, format!("{what}: {how}"));
    if went_well {
        let next = advise(model, &command);
        model.say(format!("{what}: {how}{next}"));
    } else {
        model.complain(format!("{what}: {how}"));
    }
    let effects = follow(model, id);
    auto::job_ended(model, id, &outcome.result);
    if let Some(dialog) = &mut model.dialog {
        dialog.job_moved(&model.jobs);
    }
    // What went well needs no more attention; what did not stays on the screen. The emergency
    // stop stays in any case: its end is what the admin waits for. So does what is final: there
    // is something to know about it.
    let over = model.dialog.as_ref().is_some_and(|dialog| {
        !matches!(dialog.kind, Kind::Emergency(_))
            && !command.is_final()
            && dialog.jobs.contains(&id)
            && dialog
                .jobs
                .iter()
                .all(|id| model.jobs.get(*id).is_some_and(JobRecord::is_done))
            && dialog.jobs.len() == 1
    });
    if over {
        model.dialog = None;
    }
    // With several changes in one dialog the others go on, and each has its own line.
    if let JobResult::Objected(reasons) = &outcome.result
        && let Some(dialog) = &mut model.dialog
        && dialog.jobs == [id]
        && !matches!(dialog.kind, Kind::AutoCommit(_))
    {
        let context = Context {
            snapshot: &model.snapshot,
            launcher: &model.session.launcher,
            permit: model.session.permit,
        };
        dialog.objected(reasons, context, now);
    }
    effects
}

/// Takes up the order that waited for this one, in the dialog that shows both.
fn follow(model: &mut Model, id: JobId) -> Vec<Effect> {
    match model.jobs.follow(id, model.now) {
        Some(Ok(job)) => {
            let dialog = model.dialog.as_mut();
            if let Some(dialog) = dialog.filter(|dialog| dialog.jobs.contains(&id)) {
                dialog.jobs.push(job.id);
            }
            vec![Effect::Run(job)]
        }
        Some(Err(order)) => {
            let command = order.command();
            let text = format!("{command}: not run, because the one before it was not done");
            tell(model, command, false, text);
            vec![]
        }
        None => vec![],
    }
}

/// What gluster itself says on a terminal and leaves out for programs goes to the events; gives
/// what comes next.
fn advise(model: &mut Model, command: &Command) -> &'static str {
    let Command::RemoveBrick {
        volume,
        bricks,
        step,
        ..
    } = command
    else {
        return "";
    };
    let (text, next) = match step {
        RemoveStep::Commit | RemoveStep::Force => {
            let names: Vec<_> = bricks.iter().map(ToString::to_string).collect();
            let text = format!(
                "out of {volume}, with all that is on them: {}. Look there for files left behind; wipe them before they are used again.",
                names.join(" ")
            );
            (text, "")
        }
        RemoveStep::Stop => {
            let why = format!("the bricks of {volume} are back in service, files are uneven");
            (offer_rebalance(&why), "; R rebalances, or fixes the layout")
        }
        RemoveStep::Start | RemoveStep::Status => return "",
    };
    tell(model, command, true, text);
    next
}

/// New sub-volumes are empty until a rebalance: tells so once, when a definition gains some.
pub(super) fn note_new_bricks(model: &mut Model, before: &Snapshot) {
    let gained = |state: &&Arc<VolumeState>| {
        let volume = &state.volume;
        let former = before.volume(&volume.name).map(|former| &former.volume);
        former.is_some_and(|former| {
            !Arc::ptr_eq(former, volume)
                && volume.subvolume_count() > former.subvolume_count()
                && volume.bricks.len() > former.bricks.len()
        })
    };
    // Of a thousand volumes one changes: those that are the same at the same place need no search.
    let is_new = |(at, state): &(usize, &Arc<VolumeState>)| {
        let former = before.volumes().get(*at);
        former.is_none_or(|former| !Arc::ptr_eq(former, state))
    };
    let snapshot = Arc::clone(&model.snapshot);
    let changed = snapshot.volumes().iter().enumerate().filter(is_new);
    for state in changed.map(|(_, state)| state).filter(gained) {
        let name = &state.volume.name;
        let text = offer_rebalance(&format!("{name} has new bricks without files"));
        model.journal.add(Event {
            at: model.now,
            severity: Severity::Info,
            subject: name.to_string(),
            text: text.clone(),
        });
        // The answer to a key is worth more than this; the events keep it.
        if model.notice.is_none() {
            model.say(text);
        }
    }
}

/// What a volume needs whose bricks do not hold their share of the files.
fn offer_rebalance(why: &str) -> String {
    format!("{why}: R rebalances, or fixes the layout for new files only.")
}

pub(super) fn tell(model: &mut Model, command: &Command, went_well: bool, text: String) {
    let volume = command.locks().map(ToString::to_string);
    model.journal.add(Event {
        at: model.now,
        severity: if went_well {
            Severity::Info
        } else {
            Severity::Warning
        },
        subject: volume.unwrap_or_default(),
        text,
    });
}
