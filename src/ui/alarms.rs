//! The Alarms view: everything that was found, with its advice, what watching costs, then the
//! events.

use std::collections::BTreeMap;

use ratatui::text::{Line, Span};

use super::canvas::Canvas;
use super::look::Role;
use super::panes::events;
use super::{fit, header, layout, marks, watching};
use crate::app::Model;
use crate::app::journal::Event;
use crate::insight::finding::Finding;
use crate::model::text;

/// Draws it, from row `scroll` on.
pub(super) fn render(canvas: &mut Canvas<'_>, model: &Model, scroll: usize) {
    let screen = layout::screen(canvas.area());
    let findings = &model.findings;
    header::view_header(
        canvas,
        screen.header,
        model,
        &[(Role::Strong, "EVENTS AND ALARMS".to_owned())],
    );
    let title = format!("  ALARMS {}", findings.len());
    canvas.text(screen.alarms, 0, Role::Strong, &title);
    let area = screen.body;
    let width = usize::from(area.width);
    let events = model.journal.events();
    let advice = Advice::of(findings, width);
    let of_findings: usize = findings.iter().map(|one| 1 + advice.get(one).len()).sum();
    let watching = watching::lines(canvas.look, model, width);
    let all = of_findings.max(1) + 1 + watching.len() + 2 + events.len();
    let height = usize::from(area.height);
    let scroll = scroll.min(all.saturating_sub(height));
    // Only rows in sight are built.
    let findings = findings.iter().flat_map(|one| {
        let more = advice.get(one).iter().map(Row::Advice);
        std::iter::once(Row::Finding(one)).chain(more)
    });
    let nothing = model.findings.is_empty().then_some(Row::Nothing);
    let rows = findings
        .chain(nothing)
        .chain([Row::Blank])
        .chain(watching.iter().map(Row::Watching))
        .chain([Row::Blank, Row::Events])
        .chain(events.iter().map(Row::Event));
    for (at, row) in rows.skip(scroll).take(height).enumerate() {
        let line = match row {
            Row::Finding(one) => finding(canvas, model, one, width),
            Row::Advice(text) => Line::from(format!("    {text}")),
            Row::Nothing => Line::from("  + nothing: no alarm holds now"),
            Row::Blank => Line::default(),
            Row::Watching(line) => line.clone(),
            Row::Events => {
                let title = format!("  EVENTS {}", events.len());
                Line::from(canvas.look.span(Role::Strong, title))
            }
            Row::Event(event) => events::line(canvas, model, event, width),
        };
        canvas.line(area, at, &line);
    }
    canvas.point(area, 0, 0);
    header::message(canvas, screen.message, model, None);
    header::footer(canvas, screen.footer, model);
}

enum Row<'a> {
    Finding(&'a Finding),
    Advice(&'a String),
    Nothing,
    Blank,
    Watching(&'a Line<'static>),
    Events,
    Event(&'a Event),
}

/// The advice of the findings, wrapped: a thousand findings share a handful of sentences.
struct Advice(BTreeMap<&'static str, Vec<String>>);

impl Advice {
    fn of(findings: &[Finding], width: usize) -> Self {
        let mut all = BTreeMap::new();
        for finding in findings {
            all.entry(finding.advice)
                .or_insert_with(|| fit::wrap(finding.advice, width.saturating_sub(4), 0));
        }
        Self(all)
    }

    fn get(&self, finding: &Finding) -> &[String] {
        self.0.get(finding.advice).map_or(&[], Vec::as_slice)
    }
}

fn finding(canvas: &Canvas<'_>, model: &Model, finding: &Finding, width: usize) -> Line<'static> {
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
