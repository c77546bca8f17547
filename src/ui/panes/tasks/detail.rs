//! The second lines of a running task, on wide and tall screens.

use ratatui::text::{Line, Span};

use crate::app::Model;
use crate::app::rows::TaskRow;
use crate::insight::progress::{self, Basis};
use crate::model::{BrickName, NodeProgress, TaskKind, text};
use crate::ui::canvas::Canvas;
use crate::ui::look::{Glyph, Role};
use crate::ui::marks::Seen;
use crate::ui::{fit, marks, words};

const INDENT: &str = "     ";

/// How many rows a task takes, its first one included.
pub(super) fn height(row: &TaskRow<'_>) -> usize {
    if row.ended.is_none() && row.task.is_running() {
        3
    } else {
        1
    }
}

/// What it does and until when; how its nodes fare.
pub(super) fn lines(
    canvas: &Canvas<'_>,
    model: &Model,
    row: &TaskRow<'_>,
    seen: &Seen,
) -> [Line<'static>; 2] {
    let progress = &seen.progress;
    let what = match row.task.kind {
        TaskKind::RemoveBrick => format!(
            "draining {} from {}",
            words::leaving(model, row.state, row.task),
            words::hosts(row.task.bricks.iter().map(BrickName::host))
        ),
        TaskKind::Rebalance => format!(
            "scanned {} files",
            row.task
                .total()
                .scanned
                .map_or_else(|| "-".to_owned(), text::count)
        ),
        TaskKind::FixLayout => "fixes the layout, moves nothing".to_owned(),
    };
    let basis = match progress.done {
        Some((_, Basis::Size)) => "by size",
        Some((_, Basis::Scanned)) => "by files scanned",
        Some((_, Basis::Gluster)) => "by gluster",
        None => "no total is known",
    };
    let started = progress::started_at(row.task).map_or_else(String::new, |at| {
        format!("started {}", words::when(model, at))
    });
    let end = progress
        .left()
        .and_then(|left| words::end(model, left))
        .map_or_else(String::new, |at| format!(", done about {at}"));
    let first = format!(
        "{INDENT}{} {}  {started}{end}",
        fit::left(&what, 54),
        fit::left(basis, 16)
    );
    [Line::from(first), nodes(canvas, model, row, seen)]
}

fn nodes(canvas: &Canvas<'_>, model: &Model, row: &TaskRow<'_>, seen: &Seen) -> Line<'static> {
    let look = canvas.look;
    let mut line = Line::from(INDENT);
    let mut used = 0;
    let all = &row.task.nodes;
    for (at, node) in all.iter().enumerate() {
        let (glyph, word) = marks::node(model, (row.state, row.task), node);
        let text = match glyph {
            Glyph::Work if seen.is_stalled => format!("{} ~", node.name),
            Glyph::Work => format!("{} {}", node.name, rate(node)),
            _ => format!("{} {} {word}", node.name, glyph.as_str()),
        };
        if used + fit::width(&text) > 60 {
            line.push_span(Span::raw(format!("and {} more  ", all.len() - at)));
            break;
        }
        used += fit::width(&text) + 2;
        let role = if glyph == Glyph::Work {
            Role::Plain
        } else {
            glyph.role()
        };
        line.push_span(look.span(role, text));
        line.push_span(Span::raw("  "));
    }
    let throttle = row.state.map_or_else(String::new, |state| {
        format!("   throttle {}", state.volume.throttle())
    });
    line.push_span(Span::raw(format!("MiB/s{throttle}")));
    line
}

fn rate(node: &NodeProgress) -> String {
    let window = jiff::SignedDuration::from_mins(5);
    progress::rate(&node.trail, window, |sample| sample.bytes)
        .map_or_else(|| "-".to_owned(), words::mib)
}
