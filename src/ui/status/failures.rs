//! Why files failed, in one line, once this node's log was read for this very task.

use ratatui::text::{Line, Span};

use super::Shown;
use crate::app::logs::{self, LogReading};
use crate::model::text;
use crate::ui::fit;
use crate::ui::look::{Look, Role};

/// Below this the line would be cut before it says anything.
const WIDE: usize = 100;

pub(super) fn lines(look: Look, shown: &Shown<'_>, width: usize) -> Vec<Line<'static>> {
    let model = shown.model;
    let read = model.logs.of_task(shown.row.volume, shown.row.task);
    let Some(read) = read.filter(|_| width >= WIDE) else {
        return vec![];
    };
    let peers = model.snapshot.peers();
    let local = peers.iter().find(|peer| peer.is_local);
    let here = model.snapshot.local_name().unwrap_or("this node");
    let mut words = match logs::takes_part(model, shown.row.task) {
        // Its log is of an earlier task.
        Some(false) => format!("  {here} (this node) takes no part"),
        _ => format!("  {here} (this node): {}", reasons(read)),
    };
    for node in &shown.row.task.nodes {
        let is_local = local.is_some_and(|peer| peer.id == node.peer);
        if let Some(failed) = node.counters.failures.filter(|n| *n > 0 && !is_local) {
            let failed = text::count(failed);
            words = format!(
                "{words}     {}: {failed}, its log is on {}",
                node.name, node.name
            );
        }
    }
    let title = "  FAILURES";
    let words = fit::cut_end(&words, width.saturating_sub(title.len()));
    vec![
        Line::default(),
        Line::from(vec![look.span(Role::Strong, title), Span::raw(words)]),
    ]
}

fn reasons(read: &LogReading) -> String {
    let triage = match &read.result {
        Ok(triage) => triage,
        Err(problem) => return format!("not known, {problem}"),
    };
    let failed = triage.groups.iter().filter(|group| group.failed > 0);
    let reasons: Vec<_> = failed
        .map(|group| format!("{} {}", text::count(group.failed), group.cause.short()))
        .collect();
    if !reasons.is_empty() {
        return reasons.join(", ");
    }
    // What was not read may hold some.
    let some = if triage.looked.is_cut() {
        " in the part that was read of"
    } else {
        " in"
    };
    format!("none{some} {}", read.path)
}
