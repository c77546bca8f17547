//! The Commands view: every change that was asked of gluster, by this session and by others, as it
//! ran, with what came of it.

use ratatui::layout::Rect;
use ratatui::text::{Line, Span};

use super::canvas::Canvas;
use super::look::{Glyph, Role};
use super::{fit, header, layout, words};
use crate::app::jobs::{JobRecord, Stage};
use crate::app::rows::{self, CommandRow};
use crate::app::{Model, Source};
use crate::job::JobResult;
use crate::model::{CommandRecord, CommandResult};

/// Draws it, from the command `scroll` on.
pub(super) fn render(canvas: &mut Canvas<'_>, model: &Model, scroll: usize) {
    let screen = layout::screen(canvas.area());
    let all = rows::commands(model).count();
    let title = format!("COMMANDS {all}  changes only, no readings");
    header::view_header(canvas, screen.header, model, &[(Role::Strong, title)]);
    let area = Rect {
        y: screen.header.bottom(),
        height: screen.message.y.saturating_sub(screen.header.bottom()),
        ..screen.body
    };
    let height = usize::from(area.height);
    let mut lines = Vec::new();
    // Only rows in sight are built.
    for row in rows::commands(model).skip(scroll.min(all.saturating_sub(1))) {
        if lines.len() >= height {
            break;
        }
        lines.extend(Told::of(model, &row).lines(canvas, usize::from(area.width)));
    }
    if all == 0 {
        lines.push(Line::from(" - no command that changes the cluster was run"));
    }
    for (row, line) in lines.iter().take(height).enumerate() {
        canvas.line(area, row, line);
    }
    canvas.point(area, 0, 0);
    header::message(canvas, screen.message, model, None);
    header::footer(canvas, screen.footer, model);
}

/// One command in words.
struct Told {
    glyph: Glyph,
    /// When, what came of it, exit status, how long, who.
    facts: String,
    line: String,
    answer: String,
}

impl Told {
    fn of(model: &Model, row: &CommandRow<'_>) -> Self {
        let at = words::when(model, row.at());
        match row {
            CommandRow::Here(job) => Self::here(model, job, &at),
            CommandRow::Elsewhere(command) => Self::elsewhere(command, &at),
        }
    }

    fn here(model: &Model, job: &JobRecord, at: &str) -> Self {
        let who = match &model.session.source {
            Source::Demo { .. } => "this session, simulated",
            _ => "this session",
        };
        let (glyph, result, exit, took) = match &job.stage {
            Stage::Ended(outcome) => {
                let (glyph, word) = verdict(Some(result(&outcome.result)));
                (glyph, word, outcome.exit, Some(outcome.took))
            }
            _ => (Glyph::Work, "on its way", None, None),
        };
        let answer = job.summary(model.now);
        Self {
            glyph,
            facts: facts(at, result, exit, took, who),
            line: job.order.argv().to_string(),
            answer: if answer == "accepted" {
                String::new()
            } else {
                answer
            },
        }
    }

    fn elsewhere(command: &CommandRecord, at: &str) -> Self {
        let (glyph, word) = verdict(command.result);
        Self {
            glyph,
            facts: facts(at, word, command.exit, command.took, &command.who.at()),
            line: command.line.clone(),
            answer: command.answer.clone(),
        }
    }

    fn lines(&self, canvas: &Canvas<'_>, width: usize) -> Vec<Line<'static>> {
        let look = canvas.look;
        let facts = fit::cut_end(&self.facts, width.saturating_sub(2));
        let mut lines = vec![Line::from(vec![
            look.glyph(self.glyph),
            Span::raw(" "),
            look.span(Role::Strong, facts),
        ])];
        let command = fit::wrap(&format!("  $ {}", self.line), width, 4);
        lines.extend(command.into_iter().map(Line::from));
        if !self.answer.is_empty() {
            let answer = fit::cut_end(&self.answer, width.saturating_sub(4));
            lines.push(Line::from(format!("    {answer}")));
        }
        lines
    }
}

fn facts(
    at: &str,
    result: &str,
    exit: Option<i32>,
    took: Option<std::time::Duration>,
    who: &str,
) -> String {
    let exit = exit.map_or_else(|| "exit -".to_owned(), |exit| format!("exit {exit}"));
    let took = took.filter(|took| !took.is_zero()).map_or_else(
        || "-".to_owned(),
        |took| format!("{:.1}s", took.as_secs_f64()),
    );
    format!("{at}  {result}  {exit}  {took}  {who}")
}

fn result(result: &JobResult) -> CommandResult {
    match result {
        JobResult::Done { .. } => CommandResult::Done,
        JobResult::Objected(_) => CommandResult::Objected,
        JobResult::Failed(_) => CommandResult::Failed,
        JobResult::GivenUp => CommandResult::GivenUp,
        JobResult::DryRun => CommandResult::DryRun,
    }
}

fn verdict(result: Option<CommandResult>) -> (Glyph, &'static str) {
    match result {
        Some(CommandResult::Done) => (Glyph::Ok, "done"),
        Some(CommandResult::Failed) => (Glyph::Bad, "failed"),
        Some(CommandResult::Objected) => (Glyph::Stopped, "not run: a check objected"),
        Some(CommandResult::GivenUp) => (Glyph::Stopped, "given up, not run"),
        Some(CommandResult::DryRun) => (Glyph::Stopped, "dry run, not run"),
        None => (Glyph::Old, "its end was not seen"),
    }
}
