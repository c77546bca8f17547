//! Pane 3: the tasks of the whole pool.

use jiff::SignedDuration;
use ratatui::text::{Line, Span};

use super::{Spot, cursor, follow};
use crate::app::Model;
use crate::app::rows::{self, TaskRow, TaskRowId};
use crate::insight::progress::{self, Progress};
use crate::model::{Task, TaskKind, text};
use crate::ui::canvas::Canvas;
use crate::ui::columns::{Cell, Column, Columns, known};
use crate::ui::look::{Look, Role};
use crate::ui::marks::Seen;
use crate::ui::{ViewState, fit, marks, meter, words};

mod detail;

#[derive(Clone, Copy, PartialEq, Eq)]
enum Col {
    Kind,
    Volume,
    Bar,
    Percent,
    Moved,
    Rate,
    Left,
    Fail,
    Skip,
    Spark,
}

/// Draws the pane.
pub(in crate::ui) fn render(
    canvas: &mut Canvas<'_>,
    spot: Spot,
    model: &Model,
    view: &mut ViewState,
) {
    let table = &model.panes.tasks;
    let all = rows::tasks(model);
    let ids: Vec<TaskRowId> = all.iter().map(TaskRow::id).collect();
    let columns = columns(spot.area.width, &all);
    let name = if model.snapshot.volumes.get().is_some() {
        name(&all, spot.area.width)
    } else {
        "TASKS".to_owned()
    };
    spot.head(canvas, &columns, &spot.title(&name, Some(&table.filter)));
    let selected = table.position(&ids);
    // Running tasks have two more lines where there is room for them.
    let detailed = spot.area.width >= 120 && spot.rows() >= 6;
    let height = |row: &TaskRow<'_>| if detailed { detail::height(row) } else { 1 };
    follow(&mut view.tasks, selected, all.len(), spot.rows());
    // The selected task must be seen whole.
    while let Some(at) = selected.filter(|&at| at > view.tasks) {
        let shown = all.get(view.tasks..=at).unwrap_or_default();
        if shown.iter().map(height).sum::<usize>() <= spot.rows() {
            break;
        }
        view.tasks += 1;
    }
    let mut y = 0;
    for (at, row) in all.iter().enumerate().skip(view.tasks) {
        if y >= spot.rows() {
            break;
        }
        let is_selected = selected == Some(at) && (spot.focused || table.selected.is_some());
        let seen = Seen::row(model, row);
        let line = line(canvas, &columns, model, row, &seen, is_selected);
        spot.row(canvas, y, &line, is_selected);
        if height(row) > 1 {
            for (more, line) in detail::lines(canvas, model, row, &seen).iter().enumerate() {
                if y + 1 + more < spot.rows() {
                    spot.row(canvas, y + 1 + more, line, false);
                }
            }
        }
        y += height(row);
    }
    if all.is_empty() {
        let known = model.snapshot.volumes.get().is_some();
        let filtered = !table.filter.text().is_empty();
        let word = match (known, filtered) {
            (_, true) => " no task matches the filter",
            (true, false) => " - no task: nothing moves data",
            (false, false) => "",
        };
        spot.row(canvas, 0, &Line::from(word), false);
    }
}

/// The pane in one line.
pub(in crate::ui) fn summary(model: &Model) -> String {
    let all = rows::tasks(model);
    let running: Vec<String> = all
        .iter()
        .filter(|row| row.ended.is_none() && row.task.is_running())
        .map(|row| {
            let seen = Seen::row(model, row);
            let done = seen.done();
            format!("{} {} {done}", words::letter(row.task), row.volume)
        })
        .collect();
    format!("{}   {}", name(&all, 80), running.join("   "))
}

/// The running tasks, one short line each, for screens that have no room for more.
pub(in crate::ui) fn brief(look: Look, model: &Model) -> Vec<Line<'static>> {
    let all = rows::tasks(model);
    let open = all.iter().filter(|row| {
        row.ended.is_none() && (row.task.is_running() || row.task.is_commit_pending())
    });
    open.map(|row| {
        let seen = Seen::row(model, row);
        let (glyph, word) = marks::task(model, row);
        let fail = row.task.total().failures;
        let numbers = if word.is_empty() {
            format!(
                "{:>5} {:>7} {:>6}",
                seen.done(),
                known(seen.progress.left(), text::time_left),
                fail.filter(|&n| n > 0)
                    .map_or_else(String::new, |n| format!("{}!", text::count(n))),
            )
        } else {
            format!(" {word}")
        };
        Line::from(vec![
            look.glyph(glyph),
            Span::raw(format!(" {} ", words::letter(row.task))),
            Span::raw(fit::name(row.volume.as_str(), 10)),
            Span::raw(numbers),
        ])
    })
    .collect()
}

fn name(all: &[TaskRow<'_>], width: u16) -> String {
    let ended = all.iter().filter(|row| row.ended.is_some()).count();
    let listed = all.len() - ended;
    if width < 120 {
        return format!("TASKS {listed}");
    }
    let running = all
        .iter()
        .filter(|row| row.ended.is_none() && row.task.is_running())
        .count();
    let mut name = format!("TASKS {running} running");
    if all.len() > running {
        name = format!("{name}, {} ended", all.len() - running);
    }
    name
}

fn columns(width: u16, all: &[TaskRow<'_>]) -> Columns<Col> {
    // Long volume names take from the bar, which is read at a glance anyway.
    let longest = all.iter().map(|row| fit::width(row.volume.as_str())).max();
    let name = longest.unwrap_or(0);
    let list = match width {
        100.. => {
            let wide = width >= 120;
            let name = name.clamp(9, 20);
            let spark = if wide { 13 } else { 10 };
            let title = if wide { "LAST 60 MIN" } else { "10 MIN" };
            let fixed = 3 + 12 + 2 + name + 1 + 5 + 14 + 11 + 9 + 6 + 6 + 2 + spark;
            let bar = usize::from(width).saturating_sub(fixed).clamp(8, 26);
            vec![
                Column::left(Col::Kind, "", 0, 12),
                Column::name(Col::Volume, "", 2),
                Column::left(Col::Bar, "PROGRESS", 1, bar),
                Column::right(Col::Percent, "", 0, 5),
                Column::left(Col::Moved, "MOVED", 2, 12),
                Column::right(Col::Rate, "RATE", 0, 11),
                Column::right(Col::Left, "LEFT", 2, 7),
                Column::right(Col::Fail, "FAIL", 1, 5),
                Column::right(Col::Skip, "SKIP", 1, 5),
                Column::left(Col::Spark, title, 2, spark),
            ]
        }
        80.. => {
            let name = name.clamp(7, 15);
            let bar = (16 + 7 - name).clamp(8, 16);
            vec![
                Column::left(Col::Kind, "", 0, 12),
                Column::name(Col::Volume, "", 1),
                Column::left(Col::Bar, "PROGRESS", 1, bar + usize::from(width) - 80),
                Column::right(Col::Percent, "", 0, 5),
                Column::right(Col::Rate, "RATE", 0, 11),
                Column::right(Col::Left, "LEFT", 1, 6),
                Column::right(Col::Fail, "FAIL", 1, 4),
                Column::left(Col::Spark, "10 MIN", 2, 10),
            ]
        }
        60.. => vec![
            Column::left(Col::Kind, "", 0, 12),
            Column::name(Col::Volume, "", 1),
            Column::left(Col::Bar, "", 1, 8),
            Column::right(Col::Percent, "", 0, 5),
            Column::right(Col::Rate, "RATE", 0, 10),
            Column::right(Col::Left, "LEFT", 1, 6),
            Column::right(Col::Fail, "FAIL", 1, 4),
        ],
        _ => vec![
            Column::left(Col::Kind, "", 0, 1),
            Column::name(Col::Volume, "", 1),
            Column::right(Col::Percent, "", 1, 5),
            Column::right(Col::Left, "LEFT", 1, 6),
            Column::right(Col::Fail, "FAIL", 1, 5),
        ],
    };
    Columns::new(width, 3, list)
}

fn line(
    canvas: &Canvas<'_>,
    columns: &Columns<Col>,
    model: &Model,
    row: &TaskRow<'_>,
    seen: &Seen,
    selected: bool,
) -> Line<'static> {
    let look = canvas.look;
    let task = row.task;
    let progress = &seen.progress;
    let (glyph, word) = marks::task(model, row);
    let total = task.total();
    let prefix = vec![cursor(selected), look.glyph(glyph), Span::raw(" ")];
    let has_bar = columns.width(|c| c == Col::Bar) > 0;
    let is_short = columns.width(|c| c == Col::Kind) == 1;
    let mut line = columns.row(look, prefix, |column| match column {
        Col::Kind if is_short => Cell::plain(words::letter(task)),
        Col::Kind => Cell::plain(task.kind.as_str()),
        Col::Volume => Cell::plain(row.volume.as_str()),
        Col::Bar if word.is_empty() => {
            let share = progress.done.map(|(share, _)| share);
            Cell::plain(meter::bar(look, share, columns.width(|c| c == Col::Bar)))
        }
        Col::Percent if word.is_empty() => Cell::plain(seen.done()),
        Col::Percent if !has_bar => Cell::new(glyph.word_role(), word.clone()),
        Col::Bar | Col::Percent => Cell::default(),
        Col::Moved => Cell::plain(moved(task, progress)),
        Col::Rate if row.ended.is_some() => {
            let ran = known(total.runtime, text::run_time);
            Cell::plain(if ran == "-" { ran } else { format!("in {ran}") })
        }
        Col::Rate => Cell::plain(known(progress.rate, |rate| {
            format!("{} MiB/s", words::mib(rate))
        })),
        Col::Left if row.ended.is_some() => Cell::default(),
        Col::Left => Cell::plain(known(progress.left(), text::time_left)),
        Col::Fail => {
            let role = if total.failures.is_some_and(|n| n > 0) {
                Role::Warn
            } else {
                Role::Plain
            };
            Cell::new(role, known(total.failures, text::count))
        }
        Col::Skip => Cell::plain(known(total.skipped, text::count)),
        Col::Spark if row.ended.is_some() || !task.is_running() => Cell::default(),
        Col::Spark => {
            let width = columns.width(|c| c == Col::Spark);
            let minutes = if width > 10 { 60 } else { 10 };
            let span = SignedDuration::from_mins(minutes);
            let rates = progress::spark(&task.trail, model.now.wall, span, width);
            Cell::plain(meter::spark(look, &rates))
        }
    });
    if has_bar && !word.is_empty() {
        over(&mut line, look, columns, &word, glyph.word_role());
    }
    line
}

/// Writes the state's word over the place of bar and percentage, which a task that does not run
/// has no use for.
fn over(line: &mut Line<'static>, look: Look, columns: &Columns<Col>, word: &str, role: Role) {
    let from = columns.offset(|c| c == Col::Bar);
    let width = columns.width(|c| c == Col::Bar) + columns.width(|c| c == Col::Percent);
    let text = fit::cut_end(word, width);
    let missing = width - fit::width(&text);
    let mut spans = Vec::new();
    let mut x = 0;
    for span in line.spans.drain(..) {
        let wide = fit::width(&span.content);
        if x + wide <= from || x >= from + width {
            spans.push(span);
        } else if x <= from {
            spans.push(Span::raw(fit::blank(from - x)));
            spans.push(look.span(role, text.clone()));
            spans.push(Span::raw(fit::blank(missing)));
        }
        x += wide;
    }
    line.spans = spans;
}

/// `3.1/8.3 TiB`, or what was moved when no total is known.
fn moved(task: &Task, progress: &Progress) -> String {
    let Some(bytes) = task
        .total()
        .bytes
        .filter(|_| task.kind != TaskKind::FixLayout)
    else {
        return "-".to_owned();
    };
    match progress.bytes_left {
        Some(left) => text::size_of_total(bytes, bytes.saturating_add(left), "/"),
        None => text::size(bytes),
    }
}
