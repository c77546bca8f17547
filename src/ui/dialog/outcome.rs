//! What became of a confirmed dialog: one line for each change, and all of a failure's words.

use ratatui::text::{Line, Span};

use super::{Ask, parts};
use crate::app::dialog::Kind;
use crate::app::jobs::{JobRecord, Stage};
use crate::gluster::{Command, RemoveStep};
use crate::job::{JobResult, Outcome};
use crate::model::FaultKind;
use crate::ui::card::{Card, Section};
use crate::ui::fit;
use crate::ui::look::{Glyph, Role};

pub(super) fn fill(card: &mut Card, ask: Ask<'_>) {
    let inner = card.inner();
    let records = records(ask);
    let lines = records.iter().map(|record| {
        let command = record.order.command();
        let volume = command
            .locks()
            .map_or_else(String::new, ToString::to_string);
        // Steps of one volume are told apart by what they do.
        let (name, widest) = if is_in_turn(ask) {
            (command.to_string(), 40)
        } else {
            (volume, 14)
        };
        let (glyph, role) = glyph(record);
        let name = fit::name(&name, fit::width(&name).clamp(6, widest));
        let room = inner.saturating_sub(fit::width(&name) + 4);
        let summary = fit::cut_end(&record.summary(ask.model.now), room);
        Line::from(vec![
            ask.look.glyph(glyph),
            Span::raw(format!(" {name}  ")),
            ask.look.span(role, summary),
        ])
    });
    let mut lines: Vec<_> = lines.collect();
    lines.extend(pending(ask, &records).map(|text| {
        Line::from(vec![
            ask.look.glyph(Glyph::Nothing),
            Span::raw(format!(" {}", fit::cut_end(&text, inner.saturating_sub(2)))),
        ])
    }));
    card.add(Section::lines(lines).rank(9));
    for record in &records {
        card.add(Section::text(explanation(record, inner)).rank(7));
    }
    if let [stop, start] = &records[..]
        && is_in_turn(ask)
        && stop.is_done()
        && !start.is_open()
        && !start.is_done()
    {
        let hint = "The bricks are back in service, as after a stop. D starts to drain them again.";
        card.add(Section::text(fit::wrap(hint, inner, 0)).rank(7));
    }
    let lines = ask.dialog.offer.lines();
    card.add(
        Section::text(parts::commands(lines, inner))
            .rank(6)
            .at_least(2),
    );
    card.add(Section::lines(vec![keys(ask, &records)]).rank(10));
}

/// Whether the dialog carries out one step after the other on the same volume.
fn is_in_turn(ask: Ask<'_>) -> bool {
    matches!(ask.dialog.kind, Kind::Finish(_)) && ask.dialog.offer.orders.len() > 1
}

/// The confirmed orders that have not begun: they wait for the one before, or were dropped.
fn pending<'a>(ask: Ask<'a>, records: &[&'a JobRecord]) -> impl Iterator<Item = String> + use<'a> {
    let last = records.last().copied();
    let waits = last.is_some_and(|record| ask.model.jobs.is_followed(record.id));
    let orders = ask.dialog.offer.orders.iter().skip(records.len());
    orders.map(move |order| {
        let command = order.command();
        if waits {
            format!("{command}: waits until that is done")
        } else {
            format!("{command}: not run, because that was not done")
        }
    })
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
    let may_repeat = !matches!(ask.dialog.kind, Kind::AutoCommit(_));
    let failed = |record: &&JobRecord| !record.is_done() && !was_dry(record);
    let failed = may_repeat && !open && records.iter().any(failed);
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

/// What gluster advises on a terminal after bricks have left, and keeps to itself when a program
/// asks.
fn left_behind(record: &JobRecord) -> Vec<String> {
    let Command::RemoveBrick {
        volume,
        bricks,
        step: RemoveStep::Commit | RemoveStep::Force,
        ..
    } = record.order.command()
    else {
        return vec![];
    };
    let names: Vec<_> = bricks.iter().map(ToString::to_string).collect();
    vec![
        format!("Out of {volume} now, with all that is on them: {}", names.join(" ")),
        "Look there for files left behind (all but .glusterfs) and copy them back through a mount. Wipe them before they are used again: gluster's extended attributes stay on them.".to_owned(),
    ]
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
        JobResult::Done { text, .. } => {
            let mut lines: Vec<_> = text.lines().skip(1).flat_map(wrap).collect();
            lines.extend(left_behind(record).iter().flat_map(|line| wrap(line)));
            lines
        }
        JobResult::GivenUp | JobResult::DryRun => vec![],
    }
}
