//! A backend that writes nothing when nothing changed.
//!
//! The library's own one ends every frame with attribute resets, and shows and places the cursor
//! anew with a write for each: over a slow line that is traffic for nothing, every second.

use std::io::{self, Write};

use crossterm::cursor::{Hide, MoveTo, Show};
use crossterm::queue;
use ratatui::backend::{Backend, ClearType, CrosstermBackend, WindowSize};
use ratatui::buffer::Cell;
use ratatui::layout::{Position, Size};

/// The library's backend behind a memory of the cursor.
pub(super) struct Quiet<W: Write> {
    inner: CrosstermBackend<W>,
    /// Whether the terminal shows its cursor; `None`: not known.
    shown: Option<bool>,
    /// Where it stands; `None`: not known.
    place: Option<Position>,
}

impl<W: Write> Quiet<W> {
    pub(super) fn new(writer: W) -> Self {
        Self {
            inner: CrosstermBackend::new(writer),
            shown: None,
            place: None,
        }
    }

    fn forget(&mut self) {
        self.shown = None;
        self.place = None;
    }
}

impl<W: Write> Backend for Quiet<W> {
    type Error = io::Error;

    fn draw<'a, I>(&mut self, content: I) -> io::Result<()>
    where
        I: Iterator<Item = (u16, u16, &'a Cell)>,
    {
        let mut content = content.peekable();
        if content.peek().is_none() {
            return Ok(());
        }
        self.place = None;
        self.inner.draw(content)
    }

    fn hide_cursor(&mut self) -> io::Result<()> {
        if self.shown == Some(false) {
            return Ok(());
        }
        self.shown = Some(false);
        queue!(self.inner, Hide)
    }

    fn show_cursor(&mut self) -> io::Result<()> {
        if self.shown == Some(true) {
            return Ok(());
        }
        self.shown = Some(true);
        queue!(self.inner, Show)
    }

    fn set_cursor_position<P: Into<Position>>(&mut self, position: P) -> io::Result<()> {
        let position = position.into();
        if self.place == Some(position) {
            return Ok(());
        }
        self.place = Some(position);
        queue!(self.inner, MoveTo(position.x, position.y))
    }

    fn get_cursor_position(&mut self) -> io::Result<Position> {
        self.inner.get_cursor_position()
    }

    /// What cleared the screen may have changed more: others write to it during a suspension.
    fn clear(&mut self) -> io::Result<()> {
        self.forget();
        self.inner.clear()
    }

    fn clear_region(&mut self, region: ClearType) -> io::Result<()> {
        self.forget();
        self.inner.clear_region(region)
    }

    fn append_lines(&mut self, lines: u16) -> io::Result<()> {
        self.forget();
        self.inner.append_lines(lines)
    }

    fn size(&self) -> io::Result<Size> {
        self.inner.size()
    }

    fn window_size(&mut self) -> io::Result<WindowSize> {
        self.inner.window_size()
    }

    fn flush(&mut self) -> io::Result<()> {
        Backend::flush(&mut self.inner)
    }
}

#[cfg(test)]
mod tests {
    use std::cell::RefCell;
    use std::rc::Rc;

    use ratatui::layout::Rect;
    use ratatui::{Terminal, TerminalOptions, Viewport};

    use super::*;

    /// The writes that reach the terminal, each on its own.
    #[derive(Clone, Default)]
    struct Wire(Rc<RefCell<Vec<String>>>);

    impl Write for Wire {
        fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
            let text = String::from_utf8_lossy(bytes).into_owned();
            self.0.borrow_mut().push(text);
            Ok(bytes.len())
        }

        fn flush(&mut self) -> io::Result<()> {
            Ok(())
        }
    }

    #[test]
    fn only_what_changed_is_written_and_in_one_write() {
        let wire = Wire::default();
        let backend = Quiet::new(io::BufWriter::new(wire.clone()));
        let viewport = Viewport::Fixed(Rect::new(0, 0, 10, 2));
        let mut screen = Terminal::with_options(backend, TerminalOptions { viewport }).unwrap();
        let mut draw = |text: &str, cursor: Option<(u16, u16)>| {
            screen
                .draw(|frame| {
                    frame
                        .buffer_mut()
                        .set_string(0, 0, text, ratatui::style::Style::new());
                    if let Some(cursor) = cursor {
                        frame.set_cursor_position(cursor);
                    }
                })
                .unwrap();
            std::mem::take(&mut *wire.0.borrow_mut())
        };
        let first = draw("one", Some((0, 1)));
        assert_eq!(first.len(), 1, "{first:?}");
        assert!(first[0].contains("one") && first[0].ends_with("\u{1b}[?25h\u{1b}[2;1H"));
        assert_eq!(draw("one", Some((0, 1))), [""; 0], "nothing changed");
        assert_eq!(
            draw("one", Some((2, 1))),
            ["\u{1b}[2;3H"],
            "the cursor alone"
        );
        let changed = draw("two", Some((2, 1)));
        assert_eq!(changed.len(), 1, "{changed:?}");
        assert!(
            changed[0].ends_with("\u{1b}[2;3H"),
            "drawing moves the cursor"
        );
        assert_eq!(draw("two", None), ["\u{1b}[?25l"]);
        assert_eq!(draw("two", None), [""; 0]);
    }
}
