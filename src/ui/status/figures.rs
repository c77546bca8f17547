//! The totals of a task: how far, how fast, how long.

use jiff::SignedDuration;
use ratatui::text::Line;

use super::Shown;
use crate::insight::progress::{self, Basis};
use crate::model::{TaskKind, text};
use crate::ui::look::Look;
use crate::ui::{fit, meter, words};

/// The bar and the lines below it; a fix-layout counts nothing. The history is one of the lines
/// unless a chart shows it.
pub(super) fn lines(
    look: Look,
    shown: &Shown<'_>,
    width: usize,
    with_history: bool,
) -> Vec<Line<'static>> {
    let task = shown.row.task;
    if task.kind == TaskKind::FixLayout {
        return vec![Line::from(
            "  fixes the layout of directories for new files; moves nothing, counts nothing",
        )];
    }
    let mut lines = Vec::new();
    if shown.is_running() {
        lines.push(bar(look, shown, width));
    }
    lines.push(moved(shown));
    if shown.is_running() {
        lines.push(rates(shown));
        lines.extend(history(look, shown, width).filter(|_| with_history));
    }
    lines.push(files(shown));
    lines
        .into_iter()
        .map(|line| Line::from(fit::cut_end(&format!("  {line}"), width)))
        .collect()
}

fn bar(look: Look, shown: &Shown<'_>, width: usize) -> String {
    let progress = &shown.seen.progress;
    let basis = match progress.done {
        Some((_, Basis::Size)) => "by size moved",
        Some((_, Basis::Scanned)) => "by files scanned, a guess",
        None => "no total is known",
    };
    let done = shown.seen.done();
    let bar = width.saturating_sub(2 + 6 + 2 + basis.len()).clamp(4, 88);
    let share = progress.done.map(|(share, _)| share);
    format!("{} {done:>4}  {basis}", meter::bar(look, share, bar))
}

/// `moved 3.1 of 8.3 TiB   left 5.2 TiB, 13h17m, about Tue 01:21`.
fn moved(shown: &Shown<'_>) -> String {
    let progress = &shown.seen.progress;
    let moved = match (shown.row.task.total().bytes, progress.bytes_left) {
        (Some(bytes), Some(left)) if shown.row.ended.is_none() => {
            text::size_of_total(bytes, bytes.saturating_add(left), " of ")
        }
        (Some(bytes), _) => text::size(bytes),
        (None, _) => "-".to_owned(),
    };
    if !shown.is_running() {
        return format!("moved {moved}");
    }
    let mut left = Vec::new();
    left.extend(progress.bytes_left.map(text::size));
    left.extend(progress.left.map(text::time_left));
    left.extend(
        progress
            .left
            .and_then(|left| words::end(shown.model, left))
            .map(|at| format!("about {at}")),
    );
    let young = shown
        .row
        .task
        .total()
        .runtime
        .is_some_and(|t| t.as_secs() < 120);
    if progress.left.is_none() {
        left.push(if young {
            "no estimate yet (needs 2 min)".to_owned()
        } else {
            "no estimate".to_owned()
        });
    }
    format!("moved {moved}   left {}", left.join(", "))
}

/// `rate  80 MiB/s now   114 in 5 min   118 since start`.
fn rates(shown: &Shown<'_>) -> String {
    let progress = &shown.seen.progress;
    let rate = |rate: Option<f64>| rate.map_or_else(|| "-".to_owned(), words::mib);
    format!(
        "rate  {} MiB/s now   {} in 5 min   {} since start",
        rate(progress.rate_now),
        rate(progress.rate),
        rate(progress.rate_mean)
    )
}

/// `60m   .:-=+*##*+=-   64 - 140 MiB/s`: the last hour, with its range.
fn history(look: Look, shown: &Shown<'_>, width: usize) -> Option<String> {
    let columns = width.saturating_sub(28).clamp(10, 60);
    let hour = SignedDuration::from_hours(1);
    let trail = &shown.row.task.trail;
    let rates = progress::spark(trail, shown.model.now.wall, hour, columns);
    let known = || rates.iter().flatten().copied();
    let top = known().fold(f64::NEG_INFINITY, f64::max);
    let low = known().fold(f64::INFINITY, f64::min);
    known().next()?;
    Some(format!(
        "60m   {}   {} - {} MiB/s",
        meter::spark(look, &rates),
        words::mib(low),
        words::mib(top)
    ))
}

fn files(shown: &Shown<'_>) -> String {
    let task = shown.row.task;
    let total = task.total();
    let count = |n: Option<u64>| n.map_or_else(|| "-".to_owned(), text::count);
    let failed = if task.kind == TaskKind::RemoveBrick {
        format!("{} failed (skips count as failed)", count(total.failures))
    } else {
        format!(
            "{} failed   {} skipped",
            count(total.failures),
            count(total.skipped)
        )
    };
    format!(
        "files {} moved   {} scanned   {failed}",
        count(total.files),
        count(total.scanned)
    )
}
