//! A task that goes on, but not as it did: slow, or stuck in its last percent.

use std::time::Duration;

use jiff::SignedDuration;

use super::{Finding, Severity, Thresholds};
use crate::insight::progress::{self, Basis, Progress};
use crate::model::{Task, VolumeState, text};

pub(super) fn findings(
    state: &VolumeState,
    task: &Task,
    progress: &Progress,
    thresholds: &Thresholds,
) -> impl Iterator<Item = Finding> {
    let found = [
        slow(task, progress, thresholds).map(|text| ("task-slow", text, SLOW)),
        tail(task, progress, thresholds).map(|text| ("task-tail", text, TAIL)),
    ];
    found
        .into_iter()
        .flatten()
        .map(|(code, text, advice)| Finding {
            severity: Severity::Warning,
            volume: Some(state.volume.name.clone()),
            subject: state.volume.name.to_string(),
            code,
            text: format!("{}: {} {text}", state.volume.name, task.kind.as_str()),
            advice,
        })
}

const SLOW: &str = "Small files, busy disks and healing slow it down; see what else the nodes do. T changes its throttle.";
const TAIL: &str =
    "A few large or busy files may be all that is left; see the failures and the rebalance log.";

/// A rate far below the mean. A standstill is told as a stall.
fn slow(task: &Task, progress: &Progress, thresholds: &Thresholds) -> Option<String> {
    /// Both rates need a past to be different.
    const LEAST: Duration = Duration::from_secs(600);
    let runtime = progress::run_time(&task.total())?;
    let (rate, mean) = (progress.rate?, progress.rate_mean?);
    (runtime >= LEAST && rate > 0.0 && rate < mean * thresholds.slow).then(|| {
        format!(
            "is slow: {}/s in 5 min, {}/s since its start",
            text::size(rate as u64),
            text::size(mean as u64)
        )
    })
}

/// How long it has been almost done.
fn tail(task: &Task, progress: &Progress, thresholds: &Thresholds) -> Option<String> {
    let (done, basis) = progress.done?;
    if basis != Basis::Size || done <= thresholds.tail_share {
        return None;
    }
    let last = task.trail.last()?;
    let all = last.bytes.saturating_add(progress.bytes_left?) as f64;
    let mut late = task.trail.samples();
    let since = late.find(|sample| sample.bytes as f64 > all * thresholds.tail_share)?;
    let lasts = last.at.duration_since(since.at);
    let is_long = lasts >= SignedDuration::try_from(thresholds.tail).ok()?;
    is_long.then(|| {
        format!(
            "has been above {:.0}% for {}",
            thresholds.tail_share * 100.0,
            text::age(lasts.unsigned_abs())
        )
    })
}
