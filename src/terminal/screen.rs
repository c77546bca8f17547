//! Taking the terminal over, and giving it back on every path.

use std::io::{self, BufWriter, IsTerminal, Stdout, Write};
use std::sync::atomic::{AtomicBool, Ordering};

use crossterm::event::{DisableBracketedPaste, EnableBracketedPaste};
use crossterm::terminal::{
    EnterAlternateScreen, LeaveAlternateScreen, disable_raw_mode, enable_raw_mode,
};
use crossterm::{cursor, execute};
use ratatui::Terminal;
use ratatui::layout::Rect;

use super::quiet::Quiet;

/// A frame leaves in one write: a terminal behind a slow line shows no half-drawn screen.
pub(super) type Screen = Terminal<Quiet<BufWriter<Stdout>>>;

/// Larger than any frame.
const FRAME_BYTES: usize = 256 * 1024;

/// Whether there is something to give back. Any thread may panic, so this is the one global.
static TAKEN: AtomicBool = AtomicBool::new(false);

/// Takes the terminal over: raw mode, alternate screen, bracketed paste.
pub(super) fn open() -> io::Result<Screen> {
    enter()?;
    // The theme has resolved NO_COLOR already; the library's own way of honouring it would lose
    // reverse video, and with it the selected row.
    crossterm::style::force_color_output(true);
    Terminal::new(Quiet::new(BufWriter::with_capacity(
        FRAME_BYTES,
        io::stdout(),
    )))
}

/// Takes it over again after a suspension, and draws every cell.
pub(super) fn reopen(screen: &mut Screen) -> io::Result<()> {
    enter()?;
    redraw(screen)
}

/// Forgets what is on the terminal, so that the next frame draws every cell. (The library's own
/// `clear` asks the terminal for the cursor's position, and fails where nothing answers.)
pub(super) fn redraw(screen: &mut Screen) -> io::Result<()> {
    let size = screen.size()?;
    screen.resize(Rect::new(0, 0, size.width, size.height))
}

fn enter() -> io::Result<()> {
    TAKEN.store(true, Ordering::SeqCst);
    enable_raw_mode()?;
    execute!(
        io::stdout(),
        EnterAlternateScreen,
        EnableBracketedPaste,
        cursor::Hide
    )
}

/// Gives the terminal back. Safe to call at any time and any number of times, from the panic
/// hook too; it cannot fail, because nobody could do anything about it.
pub(super) fn restore() {
    if TAKEN.swap(false, Ordering::SeqCst) {
        let _ = disable_raw_mode();
        let _ = execute!(
            io::stdout(),
            DisableBracketedPaste,
            LeaveAlternateScreen,
            cursor::Show
        );
        let _ = io::stdout().flush();
    }
}

/// Gives the terminal back when the loop is left, whichever way.
pub(super) struct Restore;

impl Drop for Restore {
    fn drop(&mut self) {
        restore();
    }
}

/// Before a panic is reported, the terminal is given back: else the report would be lost with
/// the alternate screen.
pub(super) fn restore_on_panic() {
    let report = std::panic::take_hook();
    std::panic::set_hook(Box::new(move |info| {
        restore();
        tracing::error!(%info, "panic");
        report(info);
    }));
}

/// Whether there is a terminal to draw on and to read keys from.
pub fn is_terminal() -> bool {
    io::stdin().is_terminal() && io::stdout().is_terminal()
}
