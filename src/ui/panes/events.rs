//! Pane 4, on tall screens: what happened while glustop watched, latest first.

use ratatui::text::{Line, Span};

use super::Spot;
use crate::app::Model;
use crate::app::journal::Event;
use crate::insight::finding::Severity;
use crate::ui::canvas::Canvas;
use crate::ui::{ViewState, fit, marks, words};

/// Draws the pane.
pub(in crate::ui) fn render(
    canvas: &mut Canvas<'_>,
    spot: Spot,
    model: &Model,
    view: &mut ViewState,
) {
    let events = model.journal.events();
    spot.head_line(canvas, &spot.title("EVENTS", None));
    view.events = model
        .panes
        .events_scroll
        .min(events.len().saturating_sub(1));
    let seen = events.iter().skip(view.events).take(spot.rows());
    for (row, event) in seen.enumerate() {
        let line = line(canvas, model, event, usize::from(spot.area.width));
        // There is nothing to choose here: only the reader's place is marked.
        spot.row(canvas, row, &line, false);
        if row == 0 && spot.focused {
            canvas.point(spot.area, 0, 1);
        }
    }
}

/// The pane in one line.
pub(in crate::ui) fn summary(model: &Model) -> String {
    match model.journal.events().first() {
        Some(event) => format!("EVENTS   {}", event.text),
        None => "EVENTS".to_owned(),
    }
}

/// `12:02:11 ! home      brick gl-06:/bricks/h0/home went offline`.
pub(in crate::ui) fn line(
    canvas: &Canvas<'_>,
    model: &Model,
    event: &Event,
    width: usize,
) -> Line<'static> {
    let glyph = if event.severity == Severity::Info {
        Span::raw(" ")
    } else {
        canvas.look.glyph(marks::severity(event.severity))
    };
    let clock = words::clock_or_day(model, event.at.wall);
    // A finding begins with its volume, which says more than the name of a brick or set.
    let (subject, text) = match event.text.split_once(": ") {
        Some((volume, rest)) if !volume.contains(' ') => (volume, rest),
        _ => (event.subject.as_str(), event.text.as_str()),
    };
    let subject = fit::name(subject, if width >= 100 { 16 } else { 9 });
    let rest = width.saturating_sub(5 + clock.len() + fit::width(&subject));
    Line::from(vec![
        Span::raw(format!(" {clock} ")),
        glyph,
        Span::raw(format!(" {subject} ")),
        Span::raw(fit::cut_end(text, rest)),
    ])
}
