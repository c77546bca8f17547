//! Start, commit and retain: shown, agreed to, run, told.

use std::io;

use super::consent::{self, Gate};
use super::judge::{self, Judged};
use super::work::{self, Agreed};
use super::{Batch, Change, Code, Consent, Console, complain};
use crate::gluster::{Order, Permit};
use crate::model::{Snapshot, TaskId};
use crate::report::{self, ChangeResult, End};

pub(super) async fn run(
    batch: &Batch,
    console: &dyn Console,
    change: &Change,
    consent: &Consent,
    json: bool,
) -> io::Result<Code> {
    let gate = change
        .is_final()
        .map_or(Gate::Yes, |volume| Gate::Name(volume.clone()));
    if let Err(code) = consent::is_possible(batch, console, &gate, consent) {
        return Ok(code);
    }
    let read = judge::read(batch, change).await;
    if read.snapshot.volumes.get().is_none() {
        for fault in &read.faults {
            complain(console, fault);
        }
        return Ok(Code::Unknown);
    }
    let judged = judge::judge(batch, &read.snapshot, change);
    for one in &judged {
        one.show(batch, console);
    }
    let run = Run {
        batch,
        console,
        snapshot: &read.snapshot,
        json,
    };
    let results = run.all(&judged, &gate, consent).await?;
    if json {
        console.print(&report::result_json(
            &results,
            batch.clock.now(),
            batch.source,
        ))?;
    } else {
        for result in results.iter().filter(|result| result.end == End::Done) {
            console.print(&format!("{}\n", done(result)))?;
        }
    }
    // A dry run that was not refused has done what it was asked for.
    let dry = |result: &ChangeResult| {
        batch.runner.permit() == Permit::DryRun && result.end == End::NotRun
    };
    let codes = results.iter().filter(|result| !dry(result)).map(work::code);
    Ok(codes.fold(Code::Done, Code::worse))
}

struct Run<'a> {
    batch: &'a Batch,
    console: &'a dyn Console,
    snapshot: &'a Snapshot,
    json: bool,
}

impl Run<'_> {
    /// What can run is run in turn, once it was agreed to; what is refused is left out.
    async fn all(
        &self,
        judged: &[Judged],
        gate: &Gate,
        consent: &Consent,
    ) -> io::Result<Vec<ChangeResult>> {
        let mut results: Vec<_> = judged.iter().filter_map(|one| self.refused(one)).collect();
        let ready: Vec<(&Judged, &Order)> = (judged.iter())
            .filter(|one| one.plan.refusal().is_none())
            .filter_map(|one| Some((one, one.order.as_ref()?)))
            .collect();
        if ready.is_empty() {
            return Ok(results);
        }
        if self.batch.runner.permit() != Permit::Everything {
            for (one, order) in &ready {
                let permit = self.batch.runner.permit();
                let not_run =
                    work::not_permitted(self.console, permit, &one.volume, order, self.json)?;
                results.push(not_run);
            }
            return Ok(results);
        }
        if !consent::is_given(self.console, gate, consent)? {
            let refused = ready.iter().map(|(one, order)| {
                work::not_run(&one.volume, Some(order), End::NotConfirmed, "not confirmed")
            });
            results.extend(refused);
            return Ok(results);
        }
        for (one, order) in ready {
            let agreed = Agreed {
                order: order.clone(),
                accepted: one.plan.clone(),
                patience: self.batch.patience,
                snapshot: self.snapshot.clone(),
            };
            let carried_out = work::carry_out(self.batch, self.console, agreed).await;
            let result = work::result(&one.volume, order, &carried_out.outcome);
            work::explain(self.console, &result);
            results.push(result);
        }
        Ok(results)
    }

    fn refused(&self, one: &Judged) -> Option<ChangeResult> {
        let why: Vec<_> = one.plan.refusals().collect();
        if why.is_empty() {
            return None;
        }
        let message = format!("not run: {}", why.join("; "));
        self.console.say(&format!("{}: {message}", one.volume));
        let order = one.order.as_ref();
        Some(work::not_run(&one.volume, order, End::Refused, message))
    }
}

/// What was done, in a line.
fn done(result: &ChangeResult) -> String {
    let task = result.task.as_ref().map(TaskId::as_str);
    let task = task.map_or_else(String::new, |id| format!(", task {id}"));
    let action = result.action.as_deref().unwrap_or_default();
    format!("{action}: done{task}")
}
