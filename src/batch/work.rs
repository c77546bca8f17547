//! One change through the monitor's worker, its steps told as they come.

use std::io;
use std::time::Duration;

use tokio::sync::mpsc;

use super::{Batch, Code, Console};
use crate::gluster::{Order, Permit};
use crate::insight::plan::Plan;
use crate::job::{Job, JobEvent, JobResult, Outcome};
use crate::model::text::printable;
use crate::model::{FaultKind, Snapshot, TaskKind, VolumeName};
use crate::monitor::{self, CarriedOut};
use crate::report::{ChangeResult, End};

/// A change that was agreed to.
pub(super) struct Agreed {
    pub(super) order: Order,
    /// The checks that were shown.
    pub(super) accepted: Plan,
    pub(super) patience: Duration,
    /// What it was judged by.
    pub(super) snapshot: Snapshot,
}

/// Carries it out, and says on the console what it waits for.
pub(super) async fn carry_out(batch: &Batch, console: &dyn Console, agreed: Agreed) -> CarriedOut {
    const ROOM: usize = 64;
    let (events, mut told) = mpsc::channel(ROOM);
    let command = agreed.order.command().to_string();
    let job = Job {
        id: batch.next_job(),
        order: agreed.order,
        accepted: agreed.accepted,
        patience: agreed.patience,
    };
    if let Some(memory) = batch.memory.borrow_mut().as_mut() {
        memory.begin(&job, batch.clock.now());
    }
    let work = monitor::carry_out(
        batch.runner.clone(),
        batch.launcher.clone(),
        batch.settings,
        batch.clock,
        job.clone(),
        agreed.snapshot,
        events,
    );
    tokio::pin!(work);
    loop {
        tokio::select! {
            biased;
            Some((_, event)) = told.recv() => tell(console, &command, &event),
            done = &mut work => {
                while let Ok((_, event)) = told.try_recv() {
                    tell(console, &command, &event);
                }
                if let Some(memory) = batch.memory.borrow_mut().as_mut() {
                    memory.finish(&job, &done.outcome);
                }
                return done;
            }
        }
    }
}

fn tell(console: &dyn Console, command: &str, event: &JobEvent) {
    match event {
        JobEvent::Checking => console.say(&format!("{command}: checking once more")),
        JobEvent::Running { attempt: 1 } => console.say(&format!("{command}: running")),
        JobEvent::Busy { attempt, message } => busy(console, command, *attempt, message),
        JobEvent::Running { .. } | JobEvent::Ended(_) => {}
    }
}

/// Tells of an attempt that met a held lock.
pub(super) fn busy(console: &dyn Console, what: &str, attempt: u32, message: &str) {
    let line = message.lines().next().unwrap_or_default();
    console.say(&format!("{what}: try {attempt}: {line}"));
}

/// What an outcome comes to. Of a stop that gluster accepted, its nodes have the last word.
pub(super) fn result(volume: &VolumeName, order: &Order, outcome: &Outcome) -> ChangeResult {
    let (end, message, kind) = match &outcome.result {
        JobResult::Done { text, .. } => (End::Done, text.clone(), None),
        JobResult::Objected(reasons) => (
            End::Refused,
            format!("not run: {}", reasons.join("; ")),
            None,
        ),
        JobResult::GivenUp => (
            End::NotConfirmed,
            "given up, nothing was run".to_owned(),
            None,
        ),
        JobResult::DryRun => (End::NotRun, "dry run: not run".to_owned(), None),
        JobResult::Failed(failure) => {
            let end = match failure.kind {
                FaultKind::Busy => End::Busy,
                FaultKind::Timeout | FaultKind::BadOutput | FaultKind::Spawn => End::Unknown,
                _ => End::Failed,
            };
            (end, failure.message.clone(), Some(failure.kind))
        }
    };
    let task = match &outcome.result {
        JobResult::Done { task, .. } => task.clone(),
        _ => None,
    };
    let ran = matches!(
        outcome.result,
        JobResult::Done { .. } | JobResult::Failed(_)
    );
    ChangeResult {
        volume: volume.clone(),
        action: Some(order.command().to_string()),
        command: Some(order.argv().to_string()),
        end,
        message,
        kind,
        task,
        exit: outcome.exit,
        took: ran.then_some(outcome.took),
        nodes: vec![],
        kind_of_task: TaskKind::Rebalance,
    }
}

/// A change that did not come to a command, or was not agreed to.
pub(super) fn not_run(
    volume: &VolumeName,
    order: Option<&Order>,
    end: End,
    message: impl Into<String>,
) -> ChangeResult {
    ChangeResult {
        volume: volume.clone(),
        action: order.map(|order| order.command().to_string()),
        command: order.map(|order| order.argv().to_string()),
        end,
        message: message.into(),
        kind: None,
        task: None,
        exit: None,
        took: None,
        nodes: vec![],
        kind_of_task: TaskKind::Rebalance,
    }
}

/// The exit code of a result.
pub(super) fn code(result: &ChangeResult) -> Code {
    match result.end {
        End::Done => Code::Done,
        End::Unconfirmed | End::Refused | End::NotConfirmed | End::NotRun => Code::Warning,
        End::Busy => Code::GaveUp,
        End::Failed => result.kind.map_or(Code::Failed, Code::of),
        End::Unknown => Code::Unknown,
    }
}

/// Says what went wrong, in words and with advice; what went well is for standard output.
pub(super) fn explain(console: &dyn Console, result: &ChangeResult) {
    if result.end == End::Done {
        return;
    }
    let action = result.action.as_deref();
    console.say(&format!(
        "{}: {}",
        action.unwrap_or(result.volume.as_str()),
        result.message
    ));
    if let Some(kind) = result.kind {
        console.say(kind.advice());
    }
}

/// In a dry run the command is the result; a read-only glustop only says it.
pub(super) fn not_permitted(
    console: &dyn Console,
    permit: Permit,
    volume: &VolumeName,
    order: &Order,
    json: bool,
) -> io::Result<ChangeResult> {
    let words = if permit == Permit::DryRun {
        "dry run: not run"
    } else {
        "read-only: not run"
    };
    console.say(&format!("{}: {words}", order.command()));
    if permit == Permit::DryRun && !json {
        let line = order.argv().to_string();
        // Into a pipe or a file it goes exactly; a terminal is not to be steered by a name.
        let line = if console.is_terminal() {
            printable(&line)
        } else {
            line.as_str().into()
        };
        console.print(&format!("{line}\n"))?;
    }
    Ok(not_run(volume, Some(order), End::NotRun, words))
}
