//! One reading of the cluster.

use std::io;

use super::{Batch, Code, Console};
use crate::insight::finding;
use crate::model::VolumeName;
use crate::report;

pub(super) async fn run(
    batch: &Batch,
    console: &dyn Console,
    only: &[VolumeName],
    json: bool,
) -> io::Result<Code> {
    let (snapshot, faults) = batch.read(only).await;
    let now = batch.clock.now();
    let findings = finding::findings(&snapshot, now, &batch.thresholds.one_shot());
    let input = report::StatusInput {
        snapshot: &snapshot,
        findings: &findings,
        faults: &faults,
        now,
        source: batch.source,
        only,
    };
    console.print(&if json {
        report::status_json(&input)
    } else {
        report::status_table(&input)
    })?;
    for name in input.missing() {
        console.say(&format!("there is no volume {name}"));
    }
    Ok(if snapshot.volumes.get().is_some() {
        Code::Done
    } else {
        Code::Unknown
    })
}
