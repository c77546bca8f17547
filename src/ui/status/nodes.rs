//! The nodes of a task, trouble first, and their total.

use std::time::Duration;

use jiff::SignedDuration;
use ratatui::layout::Rect;
use ratatui::text::{Line, Span};

use super::Shown;
use crate::insight::progress;
use crate::model::{Counters, NodeProgress, TaskKind, Trail, text};
use crate::ui::canvas::Canvas;
use crate::ui::columns::{Cell, Column, Columns, known};
use crate::ui::look::{Glyph, Role};
use crate::ui::{fit, marks, meter, words};

#[derive(Clone, Copy, PartialEq, Eq)]
enum Col {
    Node,
    State,
    Files,
    Size,
    Scanned,
    Fail,
    Skip,
    Now,
    Rate,
    FileRate,
    Spark,
    Run,
    Read,
}

/// Draws the title row, the nodes from `scroll` on, and the total.
pub(super) fn render(canvas: &mut Canvas<'_>, area: Rect, shown: &Shown<'_>, scroll: usize) {
    let task = shown.row.task;
    let columns = columns(area.width, task.kind, shown);
    let title = Line::from(canvas.look.span(Role::Plain, columns.headings("")));
    canvas.title(area, 0, &title);
    let mut nodes: Vec<&NodeProgress> = task.nodes.iter().collect();
    nodes.sort_by_key(|node| {
        (
            trouble(marks::node(shown.model, (shown.row.state, shown.row.task), node).0),
            node.name.as_str(),
        )
    });
    let has_total = nodes.len() > 1;
    let rows = usize::from(area.height).saturating_sub(1 + usize::from(has_total));
    let scroll = scroll.min(nodes.len().saturating_sub(rows.max(1)));
    for (row, node) in nodes.iter().skip(scroll).take(rows).enumerate() {
        let line = node_line(canvas, &columns, shown, node);
        canvas.line(area, row + 1, &line);
    }
    canvas.point(area, 0, 1);
    if has_total {
        let row = 1 + nodes.len().min(rows);
        let line = total(canvas, &columns, shown);
        canvas.line(area, row, &line);
    }
}

fn trouble(glyph: Glyph) -> u8 {
    match glyph {
        Glyph::Bad => 0,
        Glyph::Warn => 1,
        Glyph::Old => 2,
        _ => 3,
    }
}

fn columns(width: u16, kind: TaskKind, shown: &Shown<'_>) -> Columns<Col> {
    let run = Column::right(Col::Run, "RUN", 1, 5);
    if kind == TaskKind::FixLayout {
        let list = vec![
            Column::name(Col::Node, "NODE", 0),
            Column::left(Col::State, "STATE", 2, 17),
            Column::right(Col::Run, "RUN TIME", 1, 10),
        ];
        return Columns::new(width.min(60), 2, list);
    }
    let skips = kind == TaskKind::Rebalance;
    let list = match width {
        120.. => vec![
            Column::name(Col::Node, "NODE", 0),
            Column::left(Col::State, "STATE", 2, 17),
            Column::right(Col::Files, "FILES", 0, 11),
            Column::right(Col::Size, "SIZE", 1, 10),
            Column::right(Col::Scanned, "SCANNED", 1, 11),
            Column::right(Col::Fail, "FAIL", 1, 5),
            Column::right(Col::Skip, "SKIP", 1, 5),
            Column::right(Col::Now, "MiB/s", 2, 5),
            Column::right(Col::Rate, "5 MIN", 1, 5),
            Column::right(Col::FileRate, "FILES/s", 1, 7),
            Column::left(Col::Spark, "10 MIN", 2, 10),
            Column::right(Col::Run, "RUN TIME", 1, 9),
            Column::right(Col::Read, "READ", 1, 4),
        ],
        80.. => {
            let mut list = vec![
                Column::name(Col::Node, "NODE", 0),
                Column::left(Col::State, "STATE", 1, 16),
                Column::right(Col::Files, "FILES", 0, 9),
                Column::right(Col::Size, "SIZE", 1, 9),
                Column::right(Col::Scanned, "SCANNED", 1, 10),
                Column::right(Col::Fail, "FAIL", 1, 4),
            ];
            if skips {
                list.push(Column::right(Col::Skip, "SKIP", 1, 4));
                list.push(Column::right(Col::Rate, "RATE", 1, 4));
            } else {
                list.push(Column::right(Col::Rate, "RATE", 1, 4));
                if width >= 86 || narrow_names(shown) {
                    list.push(Column::left(Col::Spark, "10 MIN", 1, 7));
                }
            }
            list.push(run);
            list
        }
        60.. => vec![
            Column::name(Col::Node, "NODE", 0),
            Column::left(Col::State, "STATE", 1, 16),
            Column::right(Col::Size, "SIZE", 0, 9),
            Column::right(Col::Fail, "FAIL", 1, 5),
            Column::right(Col::Rate, "RATE", 1, 5),
            run,
        ],
        _ => vec![
            Column::name(Col::Node, "NODE", 0),
            Column::left(Col::State, "STATE", 1, 16),
            Column::right(Col::Size, "SIZE", 0, 9),
            Column::right(Col::Fail, "FAIL", 1, 4),
        ],
    };
    Columns::new(width, 2, list)
}

/// Whether the names leave room for the sparkline at 80 columns.
fn narrow_names(shown: &Shown<'_>) -> bool {
    let nodes = &shown.row.task.nodes;
    nodes.iter().all(|node| fit::width(&node.name) <= 6)
}

fn node_line(
    canvas: &Canvas<'_>,
    columns: &Columns<Col>,
    shown: &Shown<'_>,
    node: &NodeProgress,
) -> Line<'static> {
    let (glyph, word) = marks::node(shown.model, (shown.row.state, shown.row.task), node);
    let look = canvas.look;
    let width = columns.width(|c| c == Col::State);
    let old = !node.reported || shown.seen.is_stalled;
    let mut line = columns.row(look, vec![Span::raw("  ")], |column| match column {
        Col::Node => Cell::plain(&*node.name),
        Col::State => Cell::plain(format!("{} {word}", glyph.as_str())),
        Col::Read => Cell::plain(known(node.taken, |t| {
            words::age(shown.model, t.age(shown.model.now))
        })),
        // What a silent node did in the last minutes is not known.
        Col::Now | Col::Rate | Col::FileRate if old => Cell::plain("~"),
        other => figure(other, columns, shown, &node.counters, &node.trail, canvas),
    });
    paint_state(&mut line, canvas, glyph, &word, width);
    line
}

/// Gives the glyph and its word their roles, within the cell of the State column.
fn paint_state(
    line: &mut Line<'static>,
    canvas: &Canvas<'_>,
    glyph: Glyph,
    word: &str,
    width: usize,
) {
    let text = format!("{} {word}", glyph.as_str());
    let shown = fit::cut_end(&text, width);
    let place = line.spans.iter().position(|span| span.content == shown);
    if let Some(at) = place {
        let word = shown.get(2..).unwrap_or_default().to_owned();
        let parts = [
            canvas.look.glyph(glyph),
            Span::raw(" "),
            canvas.look.span(glyph.word_role(), word),
        ];
        line.spans.splice(at..=at, parts);
    }
}

fn total(canvas: &Canvas<'_>, columns: &Columns<Col>, shown: &Shown<'_>) -> Line<'static> {
    let task = shown.row.task;
    let counters = task.total();
    let (said, all) = (task.nodes_reported(), task.nodes.len());
    columns.row(canvas.look, vec![Span::raw("  ")], |column| match column {
        Col::Node => Cell::new(Role::Strong, "TOTAL"),
        Col::State if said < all => Cell::plain(format!("~ {said} of {all} nodes")),
        Col::State | Col::Read => Cell::default(),
        Col::Now | Col::Rate | Col::FileRate if shown.seen.is_stalled => Cell::plain("~"),
        other => figure(other, columns, shown, &counters, &task.trail, canvas),
    })
}

/// The columns that nodes and their total fill alike.
fn figure(
    column: Col,
    columns: &Columns<Col>,
    shown: &Shown<'_>,
    counters: &Counters,
    trail: &Trail,
    canvas: &Canvas<'_>,
) -> Cell {
    let count = |n: Option<u64>| known(n, text::count);
    let over = |minutes: i64, counter: fn(&crate::model::Sample) -> u64| {
        let window = SignedDuration::from_mins(minutes);
        progress::rate(trail, window, counter).filter(|_| shown.is_running())
    };
    let text = match column {
        Col::Files => count(counters.files),
        Col::Size => known(counters.bytes, text::size),
        Col::Scanned => count(counters.scanned),
        Col::Skip => count(counters.skipped),
        Col::Now => known(
            progress::rate_now(trail).filter(|_| shown.is_running()),
            words::mib,
        ),
        Col::Rate => known(over(5, |sample| sample.bytes), words::mib),
        Col::FileRate => known(over(5, |sample| sample.files), |rate| format!("{rate:.1}")),
        Col::Run => {
            let long = columns.width(|c| c == Col::Run) > 5;
            known(counters.run_time(), |run| run_time(run, long))
        }
        Col::Spark if !shown.is_running() => String::new(),
        Col::Spark => {
            let width = columns.width(|c| c == Col::Spark);
            let ten = SignedDuration::from_mins(10);
            let rates = progress::spark(trail, shown.model.now.wall, ten, width);
            meter::spark(canvas.look, &rates)
        }
        Col::Fail => {
            let failed = counters.failures.is_some_and(|n| n > 0);
            let role = if failed { Role::Warn } else { Role::Plain };
            return Cell::new(role, count(counters.failures));
        }
        Col::Node | Col::State | Col::Read => String::new(),
    };
    Cell::plain(text)
}

/// `7:39:07`, or `7:39` hours and minutes.
fn run_time(run: Duration, long: bool) -> String {
    let all = text::run_time(run);
    match all.rsplit_once(':') {
        Some((short, _)) if !long => short.to_owned(),
        _ => all,
    }
}
