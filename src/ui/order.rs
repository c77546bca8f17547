//! The menu of columns to order a pane by.

use ratatui::text::{Line, Span};

use super::canvas::Canvas;
use super::card::{Card, Section};
use super::look::{Look, Role};
use super::{fit, header};
use crate::app::rows::{TaskColumn, VolumeColumn};
use crate::app::{Model, Pane};

/// Draws it over the main view.
pub(super) fn render(canvas: &mut Canvas<'_>, model: &Model, pane: Pane, cursor: usize) {
    let area = canvas.area();
    let look = canvas.look;
    let panes = &model.panes;
    let (what, lines) = if pane == Pane::Tasks {
        let table = &panes.tasks;
        let lines = lines(look, TaskColumn::ALL, &table.order, table.reverse, cursor);
        ("tasks", lines)
    } else {
        let table = &panes.volumes;
        let lines = lines(look, VolumeColumn::ALL, &table.order, table.reverse, cursor);
        ("volumes", lines)
    };
    let title = format!("Order {what} by");
    let mut card = Card::new(title, area.width.min(46), usize::from(area.height))
        .label(header::unusual_rights(model.session.permit));
    let inner = card.inner();
    let at = Some((cursor, 0));
    card.add(Section::lines(lines).rank(8).at_least(2).cursor(at));
    let hint = "Enter or a number chooses; the same column again turns the order round.";
    card.add(Section::text(fit::wrap(hint, inner, 0)).rank(3));
    card.draw(canvas);
}

/// `>1  name     now`.
fn lines<C: PartialEq>(
    look: Look,
    columns: &[(C, &str)],
    order: &C,
    reverse: bool,
    cursor: usize,
) -> Vec<Line<'static>> {
    let rows = columns.iter().enumerate();
    rows.map(|(at, (column, heading))| {
        let (mark, role) = if at == cursor {
            (">", Role::Focus)
        } else {
            (" ", Role::Plain)
        };
        let now = match (column == order, reverse) {
            (false, _) => "",
            (true, false) => "now",
            (true, true) => "now, reversed",
        };
        Line::from(vec![
            look.span(role, format!("{mark}{}  {heading:<10}", at + 1)),
            Span::raw(format!(" {now}")),
        ])
    })
    .collect()
}
