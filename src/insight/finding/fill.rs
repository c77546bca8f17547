//! A brick that stays and gets too full while a task moves files onto it.

use std::time::Duration;

use super::{Finding, Severity, Thresholds};
use crate::insight::fill::{self, Fill};
use crate::insight::progress::Progress;
use crate::model::{Task, VolumeState, text};

/// A brick that is full this soon is named even if nobody can say how long the task takes.
const SOON: Duration = Duration::from_secs(900);
/// Of many sub-volumes that fill alike, so many are named.
const NAMED: usize = 3;

const ADVICE: &str =
    "Stop the task (S) before files fail to move, or slow it down (T) and make room on that brick.";

pub(super) fn findings(
    state: &VolumeState,
    task: &Task,
    progress: &Progress,
    thresholds: &Thresholds,
) -> Vec<Finding> {
    let all = fill::of(state, task, progress);
    let mut bad: Vec<_> = all
        .iter()
        .filter_map(|fill| Some((fill, judge(task, fill, progress, thresholds)?)))
        .collect();
    // The worst first, and among them the one that is full first.
    bad.sort_by_key(|(fill, (severity, _))| {
        let room = fill.full_in().unwrap_or(Duration::MAX);
        (std::cmp::Reverse(*severity), room)
    });
    let named = bad
        .into_iter()
        .take(NAMED)
        .map(|(fill, (severity, text))| Finding {
            severity,
            volume: Some(state.volume.name.clone()),
            subject: fill.brick.name.to_string(),
            code: "brick-full-soon",
            text: format!("{}: {} {text}", state.volume.name, fill.brick.name),
            advice: ADVICE,
        });
    named.collect()
}

/// How long the task takes: the estimate, or at its mean rate where the pace is too uneven for one,
/// so that an alarm does not come and go with it.
fn needs(progress: &Progress) -> Option<Duration> {
    let at_mean = || {
        let mean = progress.rate_mean.filter(|mean| *mean > 0.0)?;
        Duration::try_from_secs_f64(progress.bytes_left? as f64 / mean).ok()
    };
    progress.left().or_else(at_mean)
}

fn judge(
    task: &Task,
    fill: &Fill<'_>,
    progress: &Progress,
    thresholds: &Thresholds,
) -> Option<(Severity, String)> {
    let kind = task.kind.as_str();
    let full_in = fill.full_in();
    let needs = needs(progress);
    if let Some((full, needs)) = full_in.zip(needs).filter(|(full, needs)| full < needs) {
        let text = format!(
            "full in about {}, {kind} needs {}: S stops, T slows",
            text::time_left(full),
            text::time_left(needs)
        );
        return Some((Severity::Critical, text));
    }
    if fill.overflows() {
        let when = full_in.map_or_else(
            || "will be full before the end".to_owned(),
            |full| format!("full in about {}, before the end", text::time_left(full)),
        );
        let text = format!(
            "{when}: S stops, T slows ({} to come, room for {})",
            text::size(fill.coming.unwrap_or(0)),
            text::size(fill.room)
        );
        return Some((Severity::Critical, text));
    }
    if let Some(full) = full_in.filter(|full| *full < SOON && needs.is_none()) {
        // What is still to come may fit: then something else fills the brick as well.
        let severity = match fill.coming {
            Some(_) => Severity::Warning,
            None => Severity::Critical,
        };
        let text = format!(
            "full in about {}, no end in sight: S stops, T slows",
            text::time_left(full)
        );
        return Some((severity, text));
    }
    let end = fill.end().filter(|end| *end > thresholds.full)?;
    let text = format!(
        "will be {:.0}% full when the {kind} is done (limit {:.0}%)",
        end * 100.0,
        thresholds.full * 100.0
    );
    Some((Severity::Warning, text))
}
