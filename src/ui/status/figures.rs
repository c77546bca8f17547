//! The totals of a task: how far, how fast, how long.

use jiff::SignedDuration;
use ratatui::text::Line;

use super::Shown;
use crate::insight::progress::{self, Basis, NoBasis, NoEstimate};
use crate::model::{TaskKind, text};
use crate::ui::look::Look;
use crate::ui::{fit, meter, words};

/// From this width on the bricks that leave are listed.
pub(super) const WIDE: usize = 120;

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
    lines.push(moved(shown, width));
    if shown.is_running() {
        lines.push(rates(shown, width));
        lines.extend(restarted(shown));
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
    let mut basis = match (progress.done, progress.no_basis) {
        (Some((_, Basis::Size)), _) if progress.is_rough => {
            "by size moved, start worked out".to_owned()
        }
        (Some((_, basis)), _) => basis.words().to_owned(),
        (None, why) => why.map_or("no total is known", NoBasis::words).to_owned(),
    };
    // The second opinion has a place of its own where the bricks are listed.
    if let Some(drained) = progress.drained.filter(|_| width < WIDE) {
        let drained = words::percent(drained);
        basis = format!("{basis}; bricks say {drained:>3}");
    }
    let done = shown.seen.done();
    let bar = width.saturating_sub(2 + 6 + 2 + basis.len()).clamp(4, 88);
    let share = progress.done.map(|(share, _)| share);
    format!("{} {done:>4}  {basis}", meter::bar(look, share, bar))
}

/// `moved 3.1 of 8.3 TiB   left 5.2 TiB, 13h17m, about Tue 01:21 (12h40m-14h10m)`.
fn moved(shown: &Shown<'_>, width: usize) -> String {
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
    match (progress.estimate, progress.no_estimate) {
        (Some(estimate), _) => {
            left.push(text::time_left(estimate.likely));
            let end = words::end(shown.model, estimate.likely);
            left.extend(end.map(|at| format!("about {at}")));
        }
        // The reason is said beside the bar.
        (None, Some(NoEstimate::NoBasis(_))) => left.push("no estimate".to_owned()),
        (None, Some(why)) => left.push(why.words()),
        // What was known has grown too old.
        (None, None) => left.push("no estimate: old data".to_owned()),
    }
    let line = format!("moved {moved}   left {}", left.join(", "));
    let range = progress.estimate.map_or_else(String::new, |estimate| {
        let ends = [estimate.earliest, estimate.latest].map(text::time_left);
        if width < WIDE {
            format!(" ({})", ends.join("-"))
        } else {
            format!("  ({})", ends.join(" to "))
        }
    });
    // All of it or nothing.
    if 2 + fit::width(&line) + fit::width(&range) <= width {
        line + &range
    } else {
        line
    }
}

/// `rate  80 MiB/s now   114 in 5 min   118 since start   gluster says 13:20:00`.
fn rates(shown: &Shown<'_>, width: usize) -> String {
    let progress = &shown.seen.progress;
    let rate = |rate: Option<f64>| rate.map_or_else(|| "-".to_owned(), words::mib);
    let since = match progress.restarted {
        Some(at) => format!("since {}", words::when(shown.model, at)),
        None => "since start".to_owned(),
    };
    let line = format!(
        "rate  {} MiB/s now   {} in 5 min   {} {since}",
        rate(progress.rate_now),
        rate(progress.rate),
        rate(progress.rate_mean)
    );
    let Some(left) = progress.gluster_left else {
        return line;
    };
    let own = shown.model.snapshot.local_name().unwrap_or("this node");
    let left = text::run_time(left);
    let long = format!("{line}   gluster says {left} left for {own}");
    if 2 + fit::width(&long) <= width {
        long
    } else {
        format!("{line}   gluster says {left}")
    }
}

/// Why counters are lower than they were.
fn restarted(shown: &Shown<'_>) -> Option<String> {
    let at = shown.seen.progress.restarted?;
    let at = words::when(shown.model, at);
    Some(format!(
        "      a node began its crawl again at {at}: its counters are those since then"
    ))
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
