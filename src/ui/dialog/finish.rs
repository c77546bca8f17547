//! Finish a remove-brick that is over: commit, retain, or later.

use ratatui::text::{Line, Span};

use super::{Ask, leftovers, parts};
use crate::app::dialog::{Finish, FinishChoice};
use crate::model::{NodeProgress, Task, TaskState, text};
use crate::ui::card::{Card, Section};
use crate::ui::marks::Near;
use crate::ui::{fit, marks, words};

pub(super) fn title(ask: Ask<'_>, kind: &Finish) -> (String, bool) {
    let volume = &kind.volume;
    let Some(task) = task(ask, kind) else {
        return (format!("Finish remove-brick on {volume}"), false);
    };
    match task.state() {
        TaskState::Completed => (
            format!("Remove-brick on {volume} is complete: commit pending"),
            false,
        ),
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
    if task.state() == TaskState::Completed {
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
    let bricks = words::bricks(&task.bricks);
    let mut lines = Vec::new();
    for choice in FinishChoice::ALL {
        let (label, note) = match choice {
            FinishChoice::Commit => ("Commit", format!("take {bricks} out of the volume. Final.")),
            FinishChoice::Retain => (
                "Retain bricks",
                "keep them in service; moved files stay moved (then rebalance: R)".to_owned(),
            ),
            FinishChoice::Later => (
                "Decide later",
                format!(
                    "leave it pending; no other task can start on {}",
                    kind.volume
                ),
            ),
        };
        // "(o) ", the label and a gap.
        let room = inner.saturating_sub(20);
        let mut notes = fit::wrap(&note, room, 0).into_iter();
        let first = notes.next().unwrap_or_default();
        let label = format!("{label:<16}");
        lines.push(parts::choice(
            ask.look,
            choice == kind.choice,
            &label,
            &first,
        ));
        lines.extend(notes.map(|note| Line::from(format!("{}{note}", fit::blank(20)))));
    }
    card.add(Section::lines(lines).rank(8));
    card.add(parts::checks(
        ask.look,
        "CHECKS before a commit",
        &ask.dialog.offer.checks,
        inner,
    ));
    card.add(leftovers::section(ask, &kind.volume, inner));
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
