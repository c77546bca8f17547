//! Finish a remove-brick that is over: commit, retain, or later.

use ratatui::text::{Line, Span};

use super::{Ask, leftovers, parts};
use crate::app::dialog::{Finish, FinishChoice, is_clean};
use crate::model::{NodeProgress, Task, TaskState, VolumeName, text};
use crate::ui::card::{Card, Section};
use crate::ui::marks::Near;
use crate::ui::{fit, marks, words};

pub(super) fn title(ask: Ask<'_>, kind: &Finish) -> (String, bool) {
    let volume = &kind.volume;
    let Some(task) = task(ask, kind) else {
        return (format!("Finish remove-brick on {volume}"), false);
    };
    match task.state() {
        TaskState::Completed if is_clean(task) => (
            format!("Remove-brick on {volume} is complete: commit pending"),
            false,
        ),
        TaskState::Completed => {
            let what = match task.total().failures {
                Some(n) if n > 0 => format!("{} files failed", text::count(n)),
                Some(_) => "but not every node answers".to_owned(),
                None => "failed files not known".to_owned(),
            };
            (
                format!("Remove-brick on {volume} is complete, {what}"),
                true,
            )
        }
        TaskState::Failed => {
            let failed = task
                .nodes
                .iter()
                .filter(|node| node.state == TaskState::Failed);
            let names = words::hosts(failed.map(|node| node.name.as_str()));
            let at = if names.is_empty() {
                String::new()
            } else {
                format!(" on {names}")
            };
            (format!("Remove-brick on {volume} FAILED{at}"), true)
        }
        other => (
            format!("Remove-brick on {volume} is {}", other.as_str()),
            false,
        ),
    }
}

pub(super) fn fill(card: &mut Card, ask: Ask<'_>, kind: &Finish) {
    let Some(task) = task(ask, kind) else {
        return;
    };
    let inner = card.inner();
    if is_clean(task) {
        card.add(Section::text(fit::wrap(&summary(task), inner, 0)).rank(6));
    } else {
        let near = (ask.volume(&kind.volume), task);
        let nodes = task.nodes.iter().map(|node| node_line(ask, near, node));
        card.add(Section::lines(nodes.collect()).rank(6).at_least(2));
        let stuck = if task.is_running() {
            "It still moves files; nothing can be committed before every node is done.".to_owned()
        } else {
            format!(
                "The bricks are still leaving the volume (new files avoid them); {} accepts no other task until you choose:",
                kind.volume
            )
        };
        card.add(Section::text(fit::wrap(&stuck, inner, 0)).rank(3));
    }
    card.add(Section::lines(choices(ask, kind, task, inner)).rank(8));
    let title = match kind.choice {
        FinishChoice::Retry => "CHECKS before the new start",
        FinishChoice::Force => "CHECKS before force",
        _ => "CHECKS before a commit",
    };
    let checks = &ask.dialog.offer.checks;
    card.add(parts::checks(ask.look, title, checks, inner));
    card.add(leftovers::section(ask, &kind.volume, inner));
}

fn choices(ask: Ask<'_>, kind: &Finish, task: &Task, inner: usize) -> Vec<Line<'static>> {
    let bricks = words::bricks(&task.bricks);
    let volume = &kind.volume;
    let is_completed = task.state() == TaskState::Completed;
    let mut lines = Vec::new();
    for choice in FinishChoice::of(task) {
        let (label, note) = match choice {
            FinishChoice::Commit if is_clean(task) => {
                ("Commit", format!("take {bricks} out of the volume. Final."))
            }
            FinishChoice::Commit => ("Commit", "not possible: see the checks below".to_owned()),
            FinishChoice::Retain if is_clean(task) => (
                "Retain bricks",
                "keep them in service; moved files stay moved (then rebalance: R)".to_owned(),
            ),
            FinishChoice::Retain => (
                if is_completed {
                    "Retain bricks"
                } else {
                    "Stop and retain"
                },
                "bricks return to service, nothing lost  (advised)".to_owned(),
            ),
            FinishChoice::Retry => (
                "Retry",
                "stop, then start the same remove-brick again".to_owned(),
            ),
            FinishChoice::Force => ("Commit by force", vanish(task, volume)),
            FinishChoice::Later => (
                "Decide later",
                format!("leave it pending; no other task can start on {volume}"),
            ),
        };
        // "(o) ", the label and a gap.
        let room = inner.saturating_sub(20);
        let mut notes = fit::wrap(&note, room, 0).into_iter();
        let first = notes.next().unwrap_or_default();
        let label = format!("{label:<16}");
        let is_chosen = *choice == kind.choice;
        lines.push(parts::choice(ask.look, is_chosen, &label, &first));
        lines.extend(notes.map(|note| Line::from(format!("{}{note}", fit::blank(20)))));
    }
    lines
}

/// What force costs. Only a drain that went over every file knows how many it left behind.
fn vanish(task: &Task, volume: &VolumeName) -> String {
    let all_said = task.nodes_reported() == task.nodes.len();
    match (task.state(), task.total().failures) {
        (TaskState::Completed, Some(n)) if all_said => {
            let files = text::plural(usize::try_from(n).unwrap_or(usize::MAX), "file");
            let verb = if n == 1 { "vanishes" } else { "vanish" };
            format!("{files} {verb} from {volume}. Type its name.")
        }
        (TaskState::Failed | TaskState::Stopped, Some(n)) => format!(
            "what was not moved vanishes from {volume}: {} failed, others were never tried. Type its name.",
            text::count(n)
        ),
        _ => format!(
            "what was not moved vanishes from {volume}, nobody knows how much. Type its name."
        ),
    }
}

fn task<'a>(ask: Ask<'a>, kind: &Finish) -> Option<&'a Task> {
    ask.volume(&kind.volume)?.task()
}

/// `8.30 TiB, 1,712,440 files moved in 20:11:52.  0 failed.  All 3 nodes reported`.
fn summary(task: &Task) -> String {
    let total = task.total();
    let unknown = || "-".to_owned();
    let nodes = match (task.nodes_reported(), task.nodes.len()) {
        (said, all) if said == all => format!("All {} reported", text::plural(all, "node")),
        (said, all) => format!("{said} of {} reported", text::plural(all, "node")),
    };
    format!(
        "{}, {} files moved in {}.  {} failed.  {nodes}",
        total.bytes.map_or_else(unknown, text::size),
        total.files.map_or_else(unknown, text::count),
        total.runtime.map_or_else(unknown, text::run_time),
        total.failures.map_or_else(unknown, text::count),
    )
}

fn node_line(ask: Ask<'_>, near: Near<'_>, node: &NodeProgress) -> Line<'static> {
    let (glyph, word) = marks::node(ask.model, near, node);
    let unknown = || "-".to_owned();
    let moved = node.counters.bytes.map_or_else(unknown, text::size);
    let failed = node.counters.failures.map_or_else(unknown, text::count);
    Line::from(vec![
        Span::raw(format!("{}  ", fit::name(&node.name, 12))),
        ask.look.glyph(glyph),
        Span::raw(" "),
        ask.look.span(glyph.word_role(), word.clone()),
        Span::raw(fit::blank(15_usize.saturating_sub(fit::width(&word)))),
        Span::raw(format!("{moved:>9}  {failed:>6} failed")),
    ])
}
