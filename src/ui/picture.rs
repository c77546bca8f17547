//! A screen as text or as an SVG picture: for tests, journeys and the pictures of the README,
//! all of which show what the program draws, and nothing drawn by hand.

use std::fmt::Write as _;

use ratatui::Terminal;
use ratatui::backend::TestBackend;
use ratatui::buffer::Buffer;
use ratatui::style::{Color, Modifier, Style};

use super::{Look, ViewState, view};
use crate::app::Model;

/// The screen as plain lines, without trailing blanks.
pub fn text(model: &Model, look: &Look, width: u16, height: u16) -> String {
    let buffer = buffer(model, *look, &mut ViewState::default(), width, height);
    rows(&buffer, |run| run.text.clone())
}

/// The screen as a picture, with the colours of a dark terminal.
pub fn svg(model: &Model, look: &Look, width: u16, height: u16) -> String {
    const CELL: (usize, usize) = (9, 20);
    const MARGIN: usize = 12;
    let buffer = buffer(model, *look, &mut ViewState::default(), width, height);
    let (w, h) = (
        usize::from(width) * CELL.0 + 2 * MARGIN,
        usize::from(height) * CELL.1 + 2 * MARGIN,
    );
    let mut out = format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {w} {h}\" width=\"{w}\" height=\"{h}\">\n\
         <rect width=\"{w}\" height=\"{h}\" rx=\"6\" fill=\"{GROUND}\"/>\n\
         <g font-family=\"ui-monospace, Menlo, Consolas, 'DejaVu Sans Mono', monospace\" font-size=\"15\">\n"
    );
    for y in 0..height {
        let top = MARGIN + usize::from(y) * CELL.1;
        for run in runs(&buffer, y) {
            let x = MARGIN + run.from * CELL.0;
            let length = run.columns * CELL.0;
            let reversed = run.style.add_modifier.contains(Modifier::REVERSED);
            let colour = rgb(run.style.fg.unwrap_or(Color::Reset));
            let ink = if reversed { GROUND } else { colour };
            if reversed {
                let _ = writeln!(
                    out,
                    "<rect x=\"{x}\" y=\"{top}\" width=\"{length}\" height=\"{}\" fill=\"{colour}\"/>",
                    CELL.1
                );
            }
            let bold = run.style.add_modifier.contains(Modifier::BOLD);
            let line = run.style.add_modifier.contains(Modifier::UNDERLINED);
            for (from, text) in chunks(&run.text) {
                let x = x + from * CELL.0;
                let length = super::fit::width(text) * CELL.0;
                let _ = writeln!(
                    out,
                    "<text x=\"{x}\" y=\"{}\" textLength=\"{length}\" lengthAdjust=\"spacingAndGlyphs\" fill=\"{ink}\"{}{}>{}</text>",
                    top + 15,
                    if bold { " font-weight=\"bold\"" } else { "" },
                    if line {
                        " text-decoration=\"underline\""
                    } else {
                        ""
                    },
                    escape(text),
                );
            }
        }
    }
    out.push_str("</g>\n</svg>\n");
    out
}

/// Neighbouring cells that look alike.
struct Run {
    from: usize,
    columns: usize,
    style: Style,
    text: String,
}

/// Draws one frame without a terminal.
pub(super) fn buffer(
    model: &Model,
    look: Look,
    state: &mut ViewState,
    width: u16,
    height: u16,
) -> Buffer {
    // The backend of ratatui's tests never fails: its error type has no value.
    let Ok(mut terminal) = Terminal::new(TestBackend::new(width, height));
    let Ok(_frame) = terminal.draw(|frame| view(model, &look, state, frame));
    terminal.backend().buffer().clone()
}

/// The rows of a buffer, each run of it as `show` says.
fn rows(buffer: &Buffer, show: impl Fn(&Run) -> String) -> String {
    let mut out = String::new();
    for y in 0..buffer.area.height {
        let line: String = runs(buffer, y).iter().map(&show).collect();
        out.push_str(line.trim_end());
        out.push('\n');
    }
    out
}

fn runs(buffer: &Buffer, y: u16) -> Vec<Run> {
    let mut runs: Vec<Run> = Vec::new();
    let mut x = 0;
    while let Some(cell) = buffer.cell((x, y)) {
        let style = cell.style();
        // The right half of a wide character is a cell of its own, and empty.
        let columns = super::fit::width(cell.symbol()).max(1);
        match runs.last_mut() {
            Some(run) if run.style == style => {
                run.columns += columns;
                run.text.push_str(cell.symbol());
            }
            _ => runs.push(Run {
                from: usize::from(x),
                columns,
                style,
                text: cell.symbol().to_owned(),
            }),
        }
        x = x.saturating_add(columns as u16);
    }
    runs
}

/// The parts of a text between longer gaps, each with the column it begins at: not every viewer
/// keeps blanks.
fn chunks(text: &str) -> Vec<(usize, &str)> {
    const GAP: &str = "  ";
    let mut from = 0;
    let mut out = Vec::new();
    for part in text.split(GAP) {
        let blanks = part.len() - part.trim_start().len();
        if !part.trim().is_empty() {
            out.push((from + blanks, part.trim()));
        }
        from += super::fit::width(part) + GAP.len();
    }
    out
}

const GROUND: &str = "#16181d";

/// A palette for the picture; a real terminal uses its own.
fn rgb(colour: Color) -> &'static str {
    match colour {
        Color::Black => "#1d1f21",
        Color::Red => "#ef6b6b",
        Color::Green => "#8cc265",
        Color::Yellow => "#e5c07b",
        Color::Blue => "#61afef",
        Color::Magenta => "#c98bdb",
        Color::Cyan => "#56b6c2",
        Color::DarkGray => "#5c6370",
        Color::LightRed => "#ff8a80",
        Color::LightGreen => "#b5e890",
        Color::LightYellow => "#ffd98a",
        Color::LightBlue => "#8ac6ff",
        Color::LightMagenta => "#e0aaf0",
        Color::LightCyan => "#83dce6",
        Color::White => "#ffffff",
        _ => "#d7dae0",
    }
}

fn escape(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            '\'' => out.push_str("&apos;"),
            c => out.push(c),
        }
    }
    out
}
