//! What became of a confirmed dialog: one line for each change, and all of a failure's words.

use ratatui::text::{Line, Span};

use super::{Ask, parts};
use crate::app::jobs::{JobRecord, Stage};
use crate::job::{JobResult, Outcome};
use crate::model::FaultKind;
use crate::ui::card::{Card, Section};
use crate::ui::fit;
use crate::ui::look::{Glyph, Role};

pub(super) fn fill(card: &mut Card, ask: Ask<'_>) {
    let inner = card.inner();
    let records = records(ask);
    let lines = records.iter().map(|record| {
        let volume = record.order.command().locks();
        let name = volume.map_or_else(String::new, ToString::to_string);
        let (glyph, role) = glyph(record);
        let name = fit::name(&name, fit::width(&name).clamp(6, 14));
        let room = inner.saturating_sub(fit::width(&name) + 4);
        let summary = fit::cut_end(&record.summary(ask.model.now), room);
        Line::from(vec![
            ask.look.glyph(glyph),
            Span::raw(format!(" {name}  ")),
            ask.look.span(role, summary),
        ])
    });
    card.add(Section::lines(lines.collect()).rank(9));
    for record in &records {
        card.add(Section::text(explanation(record, inner)).rank(7));
    }
    let lines = records.iter().map(|record| record.order.argv().to_string());
    card.add(
        Section::text(parts::commands(lines, inner))
            .rank(6)
            .at_least(2),
    );
    card.add(Section::lines(vec![keys(ask, &records)]).rank(10));
}

/// The changes of the dialog.
pub(super) fn records(ask: Ask<'_>) -> Vec<&JobRecord> {
    let jobs = &ask.model.jobs;
    ask.dialog
        .jobs
        .iter()
        .filter_map(|id| jobs.get(*id))
        .collect()
}

/// Whether nothing was run, because this is a dry run.
pub(super) fn is_dry_run(ask: Ask<'_>) -> bool {
    let records = records(ask);
    !records.is_empty() && records.iter().all(|record| was_dry(record))
}

fn was_dry(record: &JobRecord) -> bool {
    matches!(&record.stage, Stage::Ended(outcome) if outcome.result == JobResult::DryRun)
}

/// `r try again`, where that makes sense, and the way out.
pub(super) fn keys(ask: Ask<'_>, records: &[&JobRecord]) -> Line<'static> {
    let open = records.iter().any(|record| record.is_open());
    let failed = |record: &&JobRecord| !record.is_done() && !was_dry(record);
    let failed = !open && records.iter().any(failed);
    let trying = records.iter().any(|record| record.is_trying());
    let mut line = Line::from("   ");
    let mut key = |key: &str, word: &str| {
        line.push_span(ask.look.span(Role::Strong, key.to_owned()));
        line.push_span(Span::raw(format!(" {word}    ")));
    };
    if failed {
        key("r", "try again");
    }
    let close = if trying {
        "stop trying"
    } else if open {
        "close, it goes on"
    } else {
        "close"
    };
    key("Esc", close);
    line
}

/// How a change fares, as a glyph, and the role of its words.
pub(super) fn glyph(record: &JobRecord) -> (Glyph, Role) {
    match &record.stage {
        Stage::Ended(outcome) => match outcome.result {
            JobResult::Done { .. } => (Glyph::Ok, Role::Plain),
            JobResult::Objected(_) | JobResult::GivenUp | JobResult::DryRun => {
                (Glyph::Warn, Role::Warn)
            }
            JobResult::Failed(_) => (Glyph::Bad, Role::Bad),
        },
        Stage::Waiting => (Glyph::Old, Role::Plain),
        Stage::Queued => (Glyph::Nothing, Role::Plain),
        Stage::Checking | Stage::Running { .. } => (Glyph::Work, Role::Plain),
    }
}

/// Whether it failed because the lock stayed busy.
pub(super) fn was_busy(record: &JobRecord) -> bool {
    match &record.stage {
        Stage::Ended(outcome) => {
            matches!(&outcome.result, JobResult::Failed(failure) if failure.kind == FaultKind::Busy)
        }
        _ => false,
    }
}

/// All that is known of a change that was not carried out.
pub(super) fn explanation(record: &JobRecord, inner: usize) -> Vec<String> {
    let Stage::Ended(Outcome { result, .. }) = &record.stage else {
        return vec![];
    };
    let wrap = |text: &str| fit::wrap(text, inner, 0);
    match result {
        JobResult::Failed(failure) => {
            let mut lines: Vec<_> = failure.message.lines().flat_map(wrap).collect();
            lines.extend(wrap(failure.kind.advice()));
            lines
        }
        JobResult::Objected(reasons) => {
            let mut lines = wrap("The last look found that this no longer holds; nothing was run:");
            for reason in reasons {
                lines.extend(fit::wrap(&format!("  - {reason}"), inner, 4));
            }
            lines
        }
        JobResult::Done { text, .. } => text.lines().skip(1).flat_map(wrap).collect(),
        JobResult::GivenUp | JobResult::DryRun => vec![],
    }
}
