//! The Alarms view: everything that was found, with its advice, then the events.

use ratatui::text::{Line, Span};

use super::canvas::Canvas;
use super::look::Role;
use super::panes::events;
use super::{fit, header, layout, marks};
use crate::app::Model;
use crate::model::text;

/// Draws it, from row `scroll` on.
pub(super) fn render(canvas: &mut Canvas<'_>, model: &Model, scroll: usize) {
    let screen = layout::screen(canvas.area());
    let findings = &model.findings;
    header::view_header(canvas, screen.header, model, "EVENTS AND ALARMS");
    let title = format!("  ALARMS {}", findings.len());
    canvas.text(screen.alarms, 0, Role::Strong, &title);
    let area = screen.body;
    let width = usize::from(area.width);
    // A finding takes two rows and the events follow: only rows in sight are built.
    let of_findings = (2 * findings.len()).max(1);
    let events = model.journal.events();
    let all = of_findings + 2 + events.len();
    let scroll = scroll.min(all.saturating_sub(usize::from(area.height)));
    for row in 0..usize::from(area.height) {
        let at = scroll + row;
        let line = if at < of_findings {
            finding(canvas, model, at, width)
        } else if at == of_findings {
            Line::default()
        } else if at == of_findings + 1 {
            Line::from(
                canvas
                    .look
                    .span(Role::Strong, format!("  EVENTS {}", events.len())),
            )
        } else {
            match events.get(at - of_findings - 2) {
                Some(event) => events::line(canvas, model, event, width),
                None => break,
            }
        };
        canvas.line(area, row, &line);
    }
    canvas.point(area, 0, 0);
    header::message(canvas, screen.message, model, None);
    header::footer(canvas, screen.footer, model);
}

fn finding(canvas: &Canvas<'_>, model: &Model, row: usize, width: usize) -> Line<'static> {
    let Some(finding) = model.findings.get(row / 2) else {
        return Line::from("  + nothing: no alarm holds now");
    };
    if row % 2 == 1 {
        return Line::from(format!(
            "    {}",
            fit::cut_end(finding.advice, width.saturating_sub(4))
        ));
    }
    let since = model
        .journal
        .since(finding)
        .map_or_else(String::new, |since| {
            format!("  {}", text::age(since.age(model.now)))
        });
    let room = width.saturating_sub(2 + fit::width(&since));
    let glyph = marks::severity(finding.severity);
    Line::from(vec![
        canvas.look.glyph(glyph),
        Span::raw(format!(" {}{since}", fit::left(&finding.text, room))),
    ])
}
