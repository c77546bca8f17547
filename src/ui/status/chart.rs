//! The rate of the last hour as a chart, where there is room for one.

use jiff::SignedDuration;
use ratatui::text::Line;

use super::Shown;
use crate::insight::progress;
use crate::ui::look::{Charset, Look};
use crate::ui::{fit, words};

const COLUMNS: usize = 100;
const ROWS: usize = 4;
/// Before the chart: a number, a blank and the axis.
const MARGIN: usize = 8;

/// Its title, its rows from the highest rate to the lowest, and the times below.
pub(super) fn lines(look: Look, shown: &Shown<'_>) -> Option<Vec<Line<'static>>> {
    let hour = SignedDuration::from_hours(1);
    let now = shown.model.now.wall;
    let rates = progress::spark(&shown.row.task.trail, now, hour, COLUMNS);
    let known = || rates.iter().flatten().copied();
    known().next()?;
    let top = known().fold(f64::NEG_INFINITY, f64::max);
    let low = known().fold(f64::INFINITY, f64::min);
    let full = match look.charset {
        Charset::Ascii => '#',
        Charset::Utf8 => '█',
    };
    let mut lines = vec![Line::from("  RATE  last 60 minutes, MiB/s")];
    for row in 0..ROWS {
        // The lowest row begins at the lowest rate: a chart from zero would be all ink.
        let limit = low + (top - low) * (ROWS - 1 - row) as f64 / ROWS as f64;
        let label = match row {
            0 => words::mib(top),
            _ if row == ROWS - 1 => words::mib(low),
            _ => String::new(),
        };
        let cells = rates.iter().map(|rate| match rate {
            Some(rate) if *rate >= limit => full,
            _ => ' ',
        });
        let cells: String = cells.collect();
        let label = fit::right(&label, MARGIN - 2);
        lines.push(Line::from(format!("{label} |{}", cells.trim_end())));
    }
    let mut times = fit::blank(MARGIN);
    for quarter in 0..4_i32 {
        let at = now
            .checked_sub(SignedDuration::from_mins(60 - 15 * i64::from(quarter)))
            .ok()?;
        let time = words::format_time(shown.model, at, "%H:%M");
        times.push_str(&fit::left(&time, COLUMNS / 4));
    }
    lines.push(Line::from(times.trim_end().to_owned()));
    Some(lines)
}
