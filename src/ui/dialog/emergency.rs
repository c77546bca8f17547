//! Emergency stop: which tasks, the tries in view, and the proof at the end.

use ratatui::text::{Line, Span};

use super::{Ask, outcome, parts};
use crate::app::dialog::{Emergency, running_tasks};
use crate::app::jobs::{JobRecord, Stage};
use crate::gluster::Permit;
use crate::model::{Task, TaskState, VolumeName, VolumeState, text};
use crate::ui::card::{Card, Section};
use crate::ui::look::{Glyph, Role};
use crate::ui::marks::Seen;
use crate::ui::{fit, words};

mod proof;

use proof::{Proof, end};

/// Tries shown of each task; the earlier ones said the same.
const TRIES: usize = 3;

pub(super) fn title(ask: Ask<'_>) -> (String, bool) {
    const NAME: &str = "EMERGENCY STOP";
    if ask.dialog.is_asking() {
        return (
            format!("{NAME}  every task that moves data, whole pool"),
            true,
        );
    }
    if outcome::is_dry_run(ask) {
        return (format!("{NAME}  dry run"), false);
    }
    let records = outcome::records(ask);
    let since = records
        .iter()
        .map(|record| record.since.steady)
        .min()
        .unwrap_or_default();
    let end = records
        .iter()
        .filter_map(|record| end(record))
        .map(|at| at.steady)
        .max();
    let phase = phase(ask, &records);
    let until = end
        .filter(|_| phase != Phase::Running)
        .unwrap_or(ask.model.now.steady);
    let took = until.saturating_sub(since).as_secs();
    let took = format!("{}:{:02}", took / 60, took % 60);
    match phase {
        Phase::Running => (format!("{NAME}  running  {took}"), true),
        Phase::Done => (format!("{NAME}  done in {took}"), false),
        Phase::NotConfirmed => (format!("{NAME}  not confirmed after {took}"), true),
    }
}

/// While it asks: the running tasks with their marks.
pub(super) fn fill(card: &mut Card, ask: Ask<'_>, kind: &Emergency) {
    let inner = card.inner();
    let rows = running_tasks(&ask.model.snapshot);
    let cursor = kind.cursor(&rows);
    let lines: Vec<_> = rows
        .iter()
        .enumerate()
        .map(|(at, (state, task))| task_line(ask, kind, state, task, at == cursor, inner))
        .collect();
    card.add(Section::lines(lines).rank(8).at_least(2).around(cursor));
    let calm = "Stopping deletes nothing; moved files stay moved. Reading pauses meanwhile, so that glustop itself never holds the cluster lock.";
    card.add(Section::text(fit::wrap(calm, inner, 0)).rank(3));
    let keys = match ask.model.session.permit {
        Permit::ReadOnly => "Space mark   a mark all   c copy the commands   Esc close",
        _ if !kind.under_way.is_empty() => {
            "Space mark   a mark all   y stop the marked   w watch what is being stopped   Esc close"
        }
        Permit::Everything | Permit::DryRun => {
            "Space mark   a mark all   y stop the marked   Esc keep them running"
        }
    };
    card.add(Section::text(fit::wrap(keys, inner, 0)).rank(4));
}

fn task_line(
    ask: Ask<'_>,
    kind: &Emergency,
    state: &VolumeState,
    task: &Task,
    under_cursor: bool,
    width: usize,
) -> Line<'static> {
    let seen = Seen::of(ask.model, state, task);
    let stop = kind.under_way.get(&state.volume.name);
    let mark = if stop.is_some() {
        " - "
    } else if kind.marked.contains(&state.volume.name) {
        "[x]"
    } else {
        "[ ]"
    };
    let lead = if under_cursor { ">" } else { " " };
    let role = if under_cursor {
        Role::Strong
    } else {
        Role::Plain
    };
    let rate = seen
        .progress
        .rate
        .map_or_else(|| "-".to_owned(), words::mib);
    let mut line = Line::from(vec![
        ask.look.span(role, format!("{lead}{mark} ")),
        ask.look.glyph(Glyph::Work),
        ask.look.span(
            role,
            format!(
                " {:<12}  {}",
                task.kind.as_str(),
                fit::name(state.volume.name.as_str(), 10)
            ),
        ),
        Span::raw(format!(
            " {:>5} {rate:>5} MiB/s  {:>8}",
            seen.done(),
            text::plural(task.nodes.len(), "node"),
        )),
    ]);
    if let Some(record) = stop.and_then(|id| ask.model.jobs.get(*id)) {
        let text = match record.busy.last() {
            Some((_, attempt, _)) => format!("   stop: try {attempt}"),
            None => "   stop is sent".to_owned(),
        };
        let room = width.saturating_sub(line.width());
        line.push_span(ask.look.span(Role::Strong, fit::cut_end(&text, room)));
        return line;
    }
    if let Some(n) = task.total().failures.filter(|&n| n > 0) {
        let failed = format!("   ! {} failed", text::count(n));
        line.push_span(ask.look.span(Role::Warn, failed));
    }
    line
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Phase {
    Running,
    Done,
    NotConfirmed,
}

/// Success is claimed only when it is proven, not when gluster accepts the stop.
fn phase(ask: Ask<'_>, records: &[&JobRecord]) -> Phase {
    if records.iter().any(|record| record.is_open()) {
        return Phase::Running;
    }
    if records.iter().any(|record| !record.is_done()) {
        return Phase::NotConfirmed;
    }
    let proofs: Option<Vec<Proof<'_>>> = records
        .iter()
        .map(|record| Proof::of(ask.model, record))
        .collect();
    match proofs {
        Some(proofs) if proofs.iter().any(Proof::is_moving) => Phase::Running,
        Some(proofs) if proofs.iter().all(|proof| proof.doubts().is_empty()) => Phase::Done,
        Some(_) => Phase::NotConfirmed,
        // The picture follows the answer at once.
        None => Phase::Running,
    }
}

/// After confirming: tries, nodes, and what is true in the end.
pub(super) fn progress(card: &mut Card, ask: Ask<'_>) {
    let inner = card.inner();
    let records = outcome::records(ask);
    let phase = phase(ask, &records);
    for (at, record) in records.iter().enumerate() {
        let lines = if phase == Phase::Done {
            done(ask, record, inner)
        } else {
            tries(ask, record, inner)
        };
        let section = Section::lines(lines).rank(7).at_least(2);
        card.add(if at == 0 { section } else { section.joined() });
    }
    if phase == Phase::Done {
        let keys = "Next        D  start again later    R  rebalance, to even out the bricks";
        card.add(Section::text(fit::wrap(keys, inner, 12)).rank(3));
    }
    if phase == Phase::NotConfirmed {
        not_confirmed(card, ask, &records);
    }
    let lines = records.iter().map(|record| record.order.argv().to_string());
    card.add(
        Section::text(parts::commands(lines, inner))
            .rank(6)
            .at_least(2),
    );
    if records.iter().any(|record| record.is_open()) {
        let minutes = ask.model.session.patience.as_secs() / 60;
        let line = format!(
            "A busy lock is tried again for {}.",
            text::plural(minutes as usize, "minute")
        );
        card.add(Section::text(fit::wrap(&line, inner, 0)).rank(2));
    }
    card.add(Section::lines(vec![outcome::keys(ask, &records)]).rank(10));
}

/// What is not known, and what to do by hand.
fn not_confirmed(card: &mut Card, ask: Ask<'_>, records: &[&JobRecord]) {
    let inner = card.inner();
    // That the lock was busy is what the tries above say already.
    for record in records.iter().filter(|record| !outcome::was_busy(record)) {
        card.add(Section::text(outcome::explanation(record, inner)).rank(5));
    }
    let proofs = records
        .iter()
        .filter_map(|record| Proof::of(ask.model, record));
    for doubt in proofs.flat_map(|proof| proof.doubts()) {
        card.add(parts::warning(ask.look, &doubt, inner).rank(8));
    }
    let accepted = records.iter().all(|record| record.is_done());
    let (indent, hints): (usize, &[&str]) = if accepted {
        (
            0,
            &[
                "Look there: systemctl status glusterd. When it answers again, run the command below once more; it is harmless where nothing runs.",
            ],
        )
    } else {
        (
            5,
            &[
                "From here glustop could not stop it. By hand, in this order:",
                "  1. on another node, run the command below",
                "  2. restart glusterd on the node that holds the lock: bricks keep serving, but the mover on that node may start over",
                "  Never kill a mover process: files can be left hidden.",
            ],
        )
    };
    let lines = hints.iter().flat_map(|line| fit::wrap(line, inner, indent));
    card.add(Section::text(lines.collect()).rank(4));
}

/// `media  12:05:02  try 1   another transaction is in progress`.
fn tries(ask: Ask<'_>, record: &JobRecord, inner: usize) -> Vec<Line<'static>> {
    let name = record
        .order
        .command()
        .locks()
        .map_or("", VolumeName::as_str);
    let mut lines = Vec::new();
    let mut add = |clock: String, glyph: Glyph, text: &str| {
        let name = if lines.is_empty() { name } else { "" };
        let lead = format!("{} {clock:<8}  ", fit::name(name, 10));
        let text = fit::cut_end(text, inner.saturating_sub(fit::width(&lead) + 2));
        lines.push(Line::from(vec![
            ask.look.span(Role::Strong, lead),
            ask.look.glyph(glyph),
            Span::raw(format!(" {text}")),
        ]));
    };
    let skip = record.busy.len().saturating_sub(TRIES);
    for (at, attempt, message) in record.busy.iter().skip(skip) {
        let message = message.lines().next().unwrap_or_default();
        add(
            words::clock(ask.model, at.wall),
            Glyph::Old,
            &format!("try {attempt}   {message}"),
        );
    }
    if record.stage != Stage::Waiting {
        let at = match &record.stage {
            Stage::Running { since, .. } => *since,
            _ => end(record).unwrap_or(record.since),
        };
        let (glyph, _) = outcome::glyph(record);
        add(
            words::clock(ask.model, at.wall),
            glyph,
            &record.summary(ask.model.now),
        );
    }
    for node in proof::nodes(ask.model, record) {
        let (glyph, word) = match node.state {
            _ if !node.answered && record.is_done() => (Glyph::Old, "no answer"),
            _ if !node.answered => (Glyph::Old, "no answer yet"),
            TaskState::InProgress if record.is_done() => {
                (Glyph::Work, "finishing its current file")
            }
            TaskState::InProgress => (Glyph::Work, "moving files"),
            TaskState::Stopped => (Glyph::Stopped, "stopped"),
            other => (Glyph::Nothing, other.as_str()),
        };
        add(fit::name(&node.name, 8), glyph, word);
    }
    lines
}

/// The end, proven by the nodes.
fn done(ask: Ask<'_>, record: &JobRecord, inner: usize) -> Vec<Line<'static>> {
    let command = record.order.command();
    let name = command.locks().map_or("", VolumeName::as_str);
    let nodes = proof::nodes(ask.model, record);
    let names = words::hosts(nodes.iter().map(|node| node.name.as_str()));
    let on = if names.is_empty() {
        String::new()
    } else {
        format!(" on {names}")
    };
    let checked = end(record).map_or_else(String::new, |at| {
        format!(" ({})", words::clock(ask.model, at.wall))
    });
    let first = format!("{name}  stopped{on}{checked}");
    let mut lines: Vec<Line<'static>> = Vec::new();
    for (at, text) in fit::wrap(&first, inner.saturating_sub(2), 2)
        .into_iter()
        .enumerate()
    {
        let glyph = if at == 0 {
            ask.look.glyph(Glyph::Ok)
        } else {
            Span::raw(" ")
        };
        lines.push(Line::from(vec![glyph, Span::raw(format!(" {text}"))]));
    }
    let mut say = |text: String| {
        lines.extend(
            fit::wrap(&format!("  {text}"), inner, 2)
                .into_iter()
                .map(Line::from),
        );
    };
    let bytes: Option<u64> = nodes.iter().map(|node| node.bytes).sum();
    let files: Option<u64> = nodes.iter().map(|node| node.files).sum();
    if let (Some(bytes), Some(files)) = (bytes, files) {
        say(format!(
            "{} ({} files) stay where they were moved to",
            text::size(bytes),
            text::count(files)
        ));
    }
    if let crate::gluster::Command::RemoveBrick { bricks, volume, .. } = command {
        say(format!(
            "{} are normal bricks of {volume} again",
            words::bricks(bricks)
        ));
    }
    lines
}
