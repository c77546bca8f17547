//! Below the nodes: what was found, how full it gets, and what comes next.

use ratatui::text::{Line, Span};

use super::{Shown, failures, space};
use crate::app::auto::Watch;
use crate::app::dialog::is_clean;
use crate::config::Action;
use crate::model::{TaskKind, TaskState};
use crate::ui::look::Look;
use crate::ui::{fit, marks};

pub(super) fn lines(look: Look, shown: &Shown<'_>, width: usize) -> Vec<Line<'static>> {
    let mut lines = Vec::new();
    let space = space::lines(look, shown, width);
    if !space.is_empty() {
        lines.push(Line::default());
        lines.extend(space);
    }
    lines.extend(failures::lines(look, shown, width));
    if let Some(next) = next(shown) {
        let next = fit::wrap(&next, width.saturating_sub(2), 2);
        lines.extend(next.into_iter().map(|line| Line::from(format!("  {line}"))));
    }
    if shown.row.ended.is_some() {
        // What was found since is of the present, and this task is of the past.
        return lines;
    }
    let volume = Some(shown.row.volume);
    let findings = &shown.model.findings;
    let findings = findings.iter().filter(|f| f.volume.as_ref() == volume);
    for finding in findings {
        lines.push(Line::default());
        for (at, text) in fit::wrap(&finding.text, width.saturating_sub(4), 0)
            .into_iter()
            .enumerate()
        {
            let glyph = if at == 0 {
                look.glyph(marks::severity(finding.severity))
            } else {
                Span::raw(" ")
            };
            lines.push(Line::from(vec![
                Span::raw("  "),
                glyph,
                Span::raw(format!(" {text}")),
            ]));
        }
        let advice = fit::wrap(finding.advice, width.saturating_sub(4), 0);
        lines.extend(
            advice
                .into_iter()
                .map(|text| Line::from(format!("    {text}"))),
        );
    }
    lines
}

fn next(shown: &Shown<'_>) -> Option<String> {
    let task = shown.row.task;
    let key = shown.model.session.keymap.shown(Action::Finish);
    if shown.row.ended.is_some() || task.kind != TaskKind::RemoveBrick {
        return None;
    }
    let auto = shown.model.auto.of_task(shown.row.volume, task);
    let auto = auto.map_or_else(|| "off".to_owned(), Watch::words);
    match task.state() {
        TaskState::InProgress => Some(format!(
            "AUTO COMMIT {auto}.  When completed, {key} offers: Commit / Retain bricks / Later"
        )),
        TaskState::Completed | TaskState::Failed | TaskState::Stopped => Some(format!(
            "AUTO COMMIT {auto}.  {key} offers: {}",
            if is_clean(task) {
                "Commit / Retain bricks / Later"
            } else {
                "Retain bricks / Retry / Commit by force / Later"
            }
        )),
        _ => None,
    }
}
