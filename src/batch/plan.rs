//! What a change would meet; nothing is changed.

use std::io;

use super::judge::{self, Judged};
use super::{Batch, Change, Code, Console, complain};
use crate::insight::plan::Mark;
use crate::model::VolumeName;
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

/// Plans to drain each sub-volume by itself, one after the other.
pub(super) async fn compare(
    batch: &Batch,
    console: &dyn Console,
    volume: VolumeName,
    json: bool,
) -> io::Result<Code> {
    let drain = |bricks| Change::RemoveBricks {
        volume: volume.clone(),
        bricks,
        migrate: true,
    };
    let read = judge::read(batch, &drain(vec![])).await;
    let Some(state) = read.snapshot.volume(&volume) else {
        for fault in &read.faults {
            complain(console, fault);
        }
        if read.snapshot.volumes.get().is_none() {
            return Ok(Code::Unknown);
        }
        console.say(&format!("there is no volume {volume}"));
        return Ok(Code::Warning);
    };
    let sets = state.volume.subvolumes().map(|set| {
        let bricks = set.bricks.iter().map(|brick| brick.name.clone());
        (set.name(), drain(bricks.collect()))
    });
    let judged: Vec<(String, Judged)> = sets
        .flat_map(|(name, change)| {
            let judged = judge::judge(batch, &read.snapshot, &change);
            judged.into_iter().map(move |one| (name.clone(), one))
        })
        .collect();
    let lines: Vec<String> = judged.iter().map(|(_, one)| one.line()).collect();
    let inputs: Vec<_> = (judged.iter().zip(&lines))
        .map(|((name, one), line)| (name.as_str(), one.input(batch, line, &read.faults)))
        .collect();
    console.print(&if json {
        report::compare_json(&inputs)
    } else {
        report::compare_text(&inputs)
    })?;
    // One that can be drained is what was looked for.
    let codes = judged.iter().map(|(_, one)| verdict(one));
    let best = codes.min_by_key(|code| code.exit());
    Ok(best.unwrap_or(Code::Warning))
}

fn verdict(judged: &Judged) -> Code {
    let marks = judged.plan.checks.iter().map(|check| check.mark);
    match marks.max().unwrap_or(Mark::Unknown) {
        Mark::Pass => Code::Done,
        Mark::Warn | Mark::Danger | Mark::Refuse => Code::Warning,
        Mark::Unknown => Code::Unknown,
    }
}
