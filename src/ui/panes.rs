//! The panes of the main view, and what they have in common: a reverse title row that doubles
//! as column headings, a window on their rows, and the selected row.
//!
//! A pane has no borders: that saves rows and columns, and text selected with a mouse copies
//! clean.

use ratatui::layout::Rect;
use ratatui::text::{Line, Span};

use super::canvas::Canvas;
use super::columns::Columns;
use super::look::Role;
use crate::app::table::Filter;
use crate::app::{Model, Pane};

pub(super) mod bricks;
pub(super) mod events;
pub(super) mod fault;
pub(super) mod tasks;
pub(super) mod volumes;

/// Where a pane is drawn.
#[derive(Debug, Clone, Copy)]
pub(super) struct Spot {
    pub(super) area: Rect,
    pub(super) pane: Pane,
    pub(super) focused: bool,
}

impl Spot {
    pub(super) fn new(area: Rect, pane: Pane, model: &Model) -> Self {
        let focused = model.panes.focus == pane;
        Self {
            area,
            pane,
            focused,
        }
    }

    /// Rows below the title.
    pub(super) fn rows(&self) -> usize {
        usize::from(self.area.height.saturating_sub(1))
    }

    /// `1>VOLUMES 4`: the number is the key that goes there, `>` marks the focused pane.
    pub(super) fn title(&self, name: &str, filter: Option<&Filter>) -> String {
        let number = match self.pane {
            Pane::Volumes => 1,
            Pane::Bricks => 2,
            Pane::Tasks => 3,
            Pane::Events => 4,
        };
        let mark = if self.focused { '>' } else { ' ' };
        let text = filter.map_or("", |filter| match &filter.editing {
            Some(input) => input.value(),
            None => filter.text(),
        });
        if text.is_empty() {
            format!("{number}{mark}{name}")
        } else {
            format!("{number}{mark}{name}  filter: {text}")
        }
    }

    /// Draws the title row.
    pub(super) fn head<K: Copy>(&self, canvas: &mut Canvas<'_>, columns: &Columns<K>, title: &str) {
        self.head_line(canvas, &columns.headings(title));
    }

    /// Draws a title row without columns.
    pub(super) fn head_line(&self, canvas: &mut Canvas<'_>, text: &str) {
        let role = if self.focused {
            Role::Strong
        } else {
            Role::Plain
        };
        let line = Line::from(canvas.look.span(role, text));
        canvas.title(self.area, 0, &line);
    }

    /// Draws one row below the title. The selected one of the focused pane is reversed, and the
    /// terminal's cursor stands on it.
    pub(super) fn row(&self, canvas: &mut Canvas<'_>, at: usize, line: &Line<'_>, selected: bool) {
        canvas.line(self.area, at + 1, line);
        if selected && self.focused {
            canvas.select(self.area, at + 1);
            canvas.point(self.area, 0, at + 1);
        }
    }
}

/// The mark of the selected row, in the first column.
pub(super) fn cursor(selected: bool) -> Span<'static> {
    Span::raw(if selected { ">" } else { " " })
}

/// The mark of a marked row.
pub(super) fn mark(canvas: &Canvas<'_>, marked: bool) -> Span<'static> {
    if marked {
        canvas.look.span(Role::Focus, "x")
    } else {
        Span::raw(" ")
    }
}

/// Moves a window over `len` rows as little as possible, so that the selected row is in it.
pub(super) fn follow(offset: &mut usize, selected: Option<usize>, len: usize, rows: usize) {
    *offset = (*offset).min(len.saturating_sub(rows));
    if let Some(at) = selected {
        let lowest = (at + 1).saturating_sub(rows);
        *offset = (*offset).clamp(lowest, at.max(lowest));
    }
}

#[cfg(test)]
mod tests {
    use super::follow;

    #[test]
    fn the_window_moves_as_little_as_it_must() {
        let moved = |mut offset, selected, len, rows| {
            follow(&mut offset, selected, len, rows);
            offset
        };
        assert_eq!(moved(0, Some(3), 10, 4), 0);
        assert_eq!(moved(0, Some(4), 10, 4), 1);
        assert_eq!(moved(5, Some(4), 10, 4), 4);
        assert_eq!(moved(9, None, 10, 4), 6, "the list became shorter");
        assert_eq!(moved(3, None, 0, 4), 0);
        assert_eq!(moved(3, Some(7), 10, 0), 8, "no row at all");
    }
}
