//! How full the bricks that stay will be, and what the leaving ones have given away.

use ratatui::text::{Line, Span};

use super::Shown;
use super::figures::WIDE;
use crate::insight::fill::{self, Fill};
use crate::insight::progress;
use crate::model::{Brick, BrickSpace, Task, TaskKind, TaskState, VolumeState, text};
use crate::ui::look::{Glyph, Look, Role};
use crate::ui::{fit, words};

/// At most so many rows: the nodes and the findings need the place more.
const ROWS: usize = 4;
/// Where the leaving bricks begin.
const RIGHT: usize = 72;

/// One line where it is narrow, a table of both sides where it is wide; nothing for a task that
/// leaves no brick.
pub(super) fn lines(look: Look, shown: &Shown<'_>, width: usize) -> Vec<Line<'static>> {
    let task = shown.row.task;
    let Some(state) = shown.row.state else {
        return Vec::new();
    };
    if task.kind != TaskKind::RemoveBrick || task.state() != TaskState::InProgress {
        return Vec::new();
    }
    let limit = shown.model.thresholds().full;
    let mut fills = fill::of(state, task, &shown.seen.progress);
    if width < WIDE {
        return fullest(look, &fills, limit).into_iter().collect();
    }
    // The fullest ones, in the volume's order.
    fills.sort_by(|a, b| by_end(b).total_cmp(&by_end(a)));
    fills.truncate(ROWS);
    fills.sort_by_key(|fill| fill.set.index);
    let left = staying(look, &fills, limit);
    let right = leaving(state, task);
    let rows = left.len().max(right.len());
    let (mut left, mut right) = (left.into_iter(), right.into_iter());
    let pair = |_| {
        let mut line = Line::from("  ");
        let spans = left.next().unwrap_or_default();
        let used: usize = spans.iter().map(|span| fit::width(&span.content)).sum();
        line.spans.extend(spans);
        if let Some(more) = right.next() {
            line.push_span(Span::raw(fit::blank(RIGHT.saturating_sub(2 + used))));
            line.push_span(Span::raw(more));
        }
        line
    };
    (0..rows).map(pair).collect()
}

/// Its share at the end; where that is unknown, the present one.
fn by_end(fill: &Fill<'_>) -> f64 {
    fill.end().or(fill.now.fraction()).unwrap_or(0.0)
}

/// The fullest brick once the leaving ones are drained.
fn fullest(look: Look, fills: &[Fill<'_>], limit: f64) -> Option<Line<'static>> {
    let fill = fills
        .iter()
        .max_by(|a, b| by_end(a).total_cmp(&by_end(b)))?;
    let end = fill.end();
    let mut line = Line::from(vec![
        Span::raw("  "),
        look.span(Role::Strong, "SPACE AT THE END"),
        Span::raw(format!(
            "  fullest {} {}  (limit {})  ",
            fill.set.name(),
            end.map_or_else(|| "-".to_owned(), words::used),
            words::used(limit)
        )),
    ]);
    line.spans.extend(verdict(look, fill, limit));
    Some(line)
}

fn staying(look: Look, fills: &[Fill<'_>], limit: f64) -> Vec<Vec<Span<'static>>> {
    let title = format!("{:>5}{:>7}{:>8}", "NOW", "END", "LIMIT");
    let mut rows = vec![vec![
        look.span(Role::Strong, fit::left("SPACE AT THE END", 37)),
        Span::raw(title),
    ]];
    rows.extend(fills.iter().map(|fill| {
        let used = |share: Option<f64>| share.map_or_else(|| "-".to_owned(), words::used);
        let hosts = words::hosts(fill.set.bricks.iter().map(|brick| brick.name.host()));
        let name = fit::left(&format!("{}  {hosts}", fill.set.name()), 37);
        let mut row = vec![Span::raw(format!(
            "{name}{:>5}{:>7}{:>8}  ",
            used(fill.now.fraction()),
            used(fill.end()),
            words::used(limit)
        ))];
        row.extend(verdict(look, fill, limit));
        row
    }));
    rows
}

fn verdict(look: Look, fill: &Fill<'_>, limit: f64) -> Vec<Span<'static>> {
    let (glyph, word) = match fill.end() {
        _ if fill.overflows() => (Glyph::Bad, "full"),
        Some(end) if end > limit => (Glyph::Warn, "too full"),
        Some(_) => (Glyph::Ok, "ok"),
        None => (Glyph::Nothing, "not known"),
    };
    vec![look.glyph(glyph), Span::raw(format!(" {word}"))]
}

/// The leaving bricks, then and now.
fn leaving(state: &VolumeState, task: &Task) -> Vec<String> {
    let mut rows = vec![format!("{:<33}{:>7}{:>8}", "BRICKS LEAVING", "WAS", "NOW")];
    let sets = progress::leaving(state, task);
    let bricks: Vec<&Brick> = sets.flat_map(|set| set.bricks).collect();
    let shown = if bricks.len() > ROWS { ROWS - 1 } else { ROWS };
    rows.extend(bricks.iter().take(shown).map(|brick| {
        let now = state.space(&brick.name).and_then(BrickSpace::used);
        let was = was(state, task, brick);
        let size = |bytes: Option<u64>| bytes.map_or_else(|| "-".to_owned(), text::short_size);
        format!(
            "{}{:>7}{:>8}",
            fit::left(&fit::cut_middle(brick.name.as_str(), 32), 33),
            size(was),
            size(now)
        )
    }));
    if bricks.len() > shown {
        rows.push(format!("and {} more", bricks.len() - shown));
    }
    rows
}

/// What lay on a brick at the start: known of one alone only from the baseline, where it is the
/// only set, or from a reading that is as old as that.
fn was(state: &VolumeState, task: &Task, brick: &Brick) -> Option<u64> {
    let baseline = task.baseline?;
    let data = state.volume.layout.data_bricks().max(1);
    if progress::leaving(state, task).count() == 1 {
        return Some(baseline.used / data).filter(|_| !brick.is_arbiter);
    }
    let mut readings = task.usage.of(&brick.name);
    let (_, used) = readings.find(|(at, _)| *at == baseline.at)?;
    Some(*used).filter(|_| baseline.exact)
}
