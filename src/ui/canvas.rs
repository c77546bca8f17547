//! Where text enters the frame's buffer. Drawing outside of it is ignored, so that no size of a
//! terminal can make a screen fail.

use ratatui::Frame;
use ratatui::buffer::{Buffer, Cell};
use ratatui::layout::{Position, Rect};
use ratatui::style::{Color, Style};
use ratatui::text::Line;

use super::fit;
use super::look::{Charset, Look, Role};
use crate::model::text::printable;

/// The frame's buffer, with the look, and the place for the terminal's cursor.
pub(super) struct Canvas<'a> {
    pub(super) look: Look,
    /// On the selected row, the focused button or the text field: screen readers follow it.
    pub(super) cursor: Option<Position>,
    buffer: &'a mut Buffer,
}

impl<'a> Canvas<'a> {
    pub(super) fn new(frame: &'a mut Frame<'_>, look: Look) -> Self {
        Self {
            look,
            cursor: None,
            buffer: frame.buffer_mut(),
        }
    }

    /// The whole screen.
    pub(super) fn area(&self) -> Rect {
        self.buffer.area
    }

    /// Draws one line in a row of an area, clipped to it.
    pub(super) fn line(&mut self, area: Rect, row: usize, line: &Line<'_>) {
        let Some(strip) = self.strip(area, row) else {
            return;
        };
        let mut x = strip.x;
        for span in &line.spans {
            let room = strip.right().saturating_sub(x);
            let style = line.style.patch(span.style);
            let text = printable(&span.content);
            (x, _) = self
                .buffer
                .set_stringn(x, strip.y, text, usize::from(room), style);
        }
    }

    /// Draws plain text in a row of an area.
    pub(super) fn text(&mut self, area: Rect, row: usize, role: Role, text: &str) {
        let span = self.look.cut(role, text, usize::from(area.width));
        self.line(area, row, &Line::from(span));
    }

    /// Draws a title row: reverse over the whole width.
    pub(super) fn title(&mut self, area: Rect, row: usize, line: &Line<'_>) {
        if let Some(strip) = self.strip(area, row) {
            self.buffer
                .set_style(strip, self.look.palette.style(Role::Title));
        }
        self.line(area, row, line);
    }

    /// Makes a drawn row the focused one: reverse, and without its colours, which would turn
    /// into patches of background.
    pub(super) fn select(&mut self, area: Rect, row: usize) {
        if let Some(strip) = self.strip(area, row) {
            let style = Style::new()
                .fg(Color::Reset)
                .patch(self.look.palette.style(Role::Focus));
            self.buffer.set_style(strip, style);
        }
    }

    /// Puts the terminal's cursor on a row.
    pub(super) fn point(&mut self, area: Rect, column: usize, row: usize) {
        if let Some(strip) = self.strip(area, row) {
            let x = strip.x.saturating_add(column as u16);
            self.cursor = Some(Position::new(
                x.min(strip.right().saturating_sub(1)),
                strip.y,
            ));
        }
    }

    /// Empties an area, for what is drawn over it.
    pub(super) fn clear(&mut self, area: Rect) {
        let area = area.intersection(self.buffer.area);
        for position in area.positions() {
            if let Some(cell) = self.buffer.cell_mut(position) {
                cell.reset();
            }
        }
        // A wide character whose right half was cleared would reach into the area.
        if area.x > 0 {
            for y in area.top()..area.bottom() {
                if let Some(cell) = self.buffer.cell_mut((area.x - 1, y))
                    && fit::width(cell.symbol()) > 1
                {
                    cell.reset();
                }
            }
        }
    }

    /// The last step: keeps the promise of the ASCII character set, whatever was drawn.
    pub(super) fn finish(&mut self) -> Option<Position> {
        if self.look.charset == Charset::Ascii {
            let foreign = |cell: &&mut Cell| !cell.symbol().is_ascii();
            for cell in self.buffer.content.iter_mut().filter(foreign) {
                cell.set_symbol("?");
            }
        }
        self.cursor
    }

    fn strip(&self, area: Rect, row: usize) -> Option<Rect> {
        let row = u16::try_from(row).ok()?;
        let inside = row < area.height;
        let strip = Rect {
            y: area.y.saturating_add(row),
            height: 1,
            ..area
        }
        .intersection(self.buffer.area);
        (inside && !strip.is_empty()).then_some(strip)
    }
}
