//! What a change would meet; nothing is changed.

use std::io;

use super::judge::{self, Judged};
use super::{Batch, Change, Code, Console, complain};
use crate::insight::plan::Mark;
use crate::report;

pub(super) async fn run(
    batch: &Batch,
    console: &dyn Console,
    change: &Change,
    json: bool,
) -> io::Result<Code> {
    let read = judge::read(batch, change).await;
    if read.snapshot.volumes.get().is_none() {
        for fault in &read.faults {
            complain(console, fault);
        }
        return Ok(Code::Unknown);
    }
    let mut code = Code::Done;
    for judged in &judge::judge(batch, &read.snapshot, change) {
        let line = judged.line();
        let input = judged.input(batch, &line, &read.faults);
        console.print(&if json {
            report::plan_json(&input)
        } else {
            report::plan_text(&input)
        })?;
        code = code.worse(verdict(judged));
    }
    Ok(code)
}

fn verdict(judged: &Judged) -> Code {
    let marks = judged.plan.checks.iter().map(|check| check.mark);
    match marks.max().unwrap_or(Mark::Unknown) {
        Mark::Pass => Code::Done,
        Mark::Warn | Mark::Danger | Mark::Refuse => Code::Warning,
        Mark::Unknown => Code::Unknown,
    }
}
