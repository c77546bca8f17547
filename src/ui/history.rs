//! The History view: the tasks that are over, in this session and before.

use ratatui::layout::Rect;
use ratatui::text::{Line, Span};

use super::canvas::Canvas;
use super::columns::{Cell, Column, Columns, known};
use super::look::Role;
use super::panes::cursor;
use super::{fit, header, layout, marks};
use crate::app::Model;
use crate::app::rows::{self, TaskRow, TaskRowId};
use crate::model::{TaskKind, text};

#[derive(Clone, Copy, PartialEq, Eq)]
enum Col {
    Kind,
    Volume,
    Ended,
    Moved,
    Files,
    Fail,
    Ran,
    Id,
}

/// Draws it.
pub(super) fn render(canvas: &mut Canvas<'_>, model: &Model, selected: Option<&TaskRowId>) {
    let screen = layout::screen(canvas.area());
    let all = rows::history(model);
    let title = format!("HISTORY  {} over", text::plural(all.len(), "task"));
    header::view_header(canvas, screen.header, model, &[(Role::Strong, title)]);
    let area = Rect {
        y: screen.header.bottom(),
        height: screen.message.y.saturating_sub(screen.header.bottom()),
        ..screen.body
    };
    let columns = columns(area.width, &all);
    let head = Line::from(canvas.look.span(Role::Plain, columns.headings("")));
    canvas.title(area, 0, &head);
    let height = usize::from(area.height.saturating_sub(1));
    let ids: Vec<_> = all.iter().map(TaskRow::id).collect();
    let at = rows::history_cursor(&ids, selected);
    // The cursor stands in the middle of a list that is longer than the screen.
    let first = (at.saturating_sub(height / 2)).min(all.len().saturating_sub(height));
    for (row, task) in all.iter().enumerate().skip(first).take(height) {
        let line = line(canvas, &columns, model, task, row == at);
        let y = row - first + 1;
        canvas.line(area, y, &line);
        if row == at {
            canvas.select(area, y);
            canvas.point(area, 0, y);
        }
    }
    if all.is_empty() {
        let text = " - no task has ended that glustop knows of";
        canvas.text(area, 1, Role::Plain, text);
    }
    header::message(canvas, screen.message, model, Some(message(&all, at)));
    header::footer(canvas, screen.footer, model);
}

fn message(all: &[TaskRow<'_>], at: usize) -> &'static str {
    match all.get(at) {
        Some(row) if row.ended.is_none() => "gluster lists this one until another takes its place.",
        Some(_) => "gluster has forgotten this one; these are its last counters.",
        None => "",
    }
}

fn columns(width: u16, all: &[TaskRow<'_>]) -> Columns<Col> {
    let longest = all.iter().map(|row| fit::width(row.volume.as_str())).max();
    let ended = if width >= 80 { 22 } else { 16 };
    let mut list = vec![Column::left(Col::Kind, "TASK", 0, 12)];
    if width >= 100 {
        // Beside the id, the names need not take the rest.
        let name = longest.unwrap_or(0).clamp(8, 30);
        list.push(Column::left(Col::Volume, "VOLUME", 2, name));
    } else {
        list.push(Column::name(Col::Volume, "VOLUME", 1));
    }
    list.push(Column::left(Col::Ended, "ENDED", 1, ended));
    if width >= 60 {
        list.push(Column::right(Col::Moved, "MOVED", 1, 9));
        if width >= 80 {
            list.push(Column::right(Col::Files, "FILES", 1, 7));
        }
        list.push(Column::right(Col::Fail, "FAIL", 1, 5));
    }
    if width >= 80 {
        list.push(Column::right(Col::Ran, "RUN TIME", 1, 9));
    }
    if width >= 100 {
        list.push(Column::left(Col::Id, "ID", 2, 8));
    }
    Columns::new(width, 3, list)
}

fn line(
    canvas: &Canvas<'_>,
    columns: &Columns<Col>,
    model: &Model,
    row: &TaskRow<'_>,
    selected: bool,
) -> Line<'static> {
    let look = canvas.look;
    let (glyph, word) = marks::task(model, row);
    let total = row.task.total();
    let prefix = vec![cursor(selected), look.glyph(glyph), Span::raw(" ")];
    columns.row(look, prefix, |column| match column {
        Col::Kind => Cell::plain(row.task.kind.as_str()),
        Col::Volume => Cell::plain(row.volume.as_str()),
        Col::Ended => Cell::new(glyph.word_role(), word.clone()),
        Col::Moved if row.task.kind == TaskKind::FixLayout => Cell::plain("-"),
        Col::Moved => Cell::plain(known(total.bytes, text::size)),
        Col::Files => Cell::plain(known(total.files, text::count)),
        Col::Fail => {
            let failed = total.failures.is_some_and(|n| n > 0);
            let role = if failed { Role::Warn } else { Role::Plain };
            Cell::new(role, known(total.failures, text::count))
        }
        Col::Ran => Cell::plain(known(total.runtime, text::run_time)),
        Col::Id => Cell::plain(known(row.task.id.as_ref(), |id| id.short().to_owned())),
    })
}
