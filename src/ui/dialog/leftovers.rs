//! What is left on the leaving bricks, below the checks of a commit.

use ratatui::text::{Line, Span};

use super::{Ask, checks};
use crate::insight::leftovers::{self, Count, Verdict};
use crate::insight::plan::Mark;
use crate::model::{BrickName, Unreadable, VolumeName, text};
use crate::ui::card::Section;
use crate::ui::fit;

/// Blanks, mark and blank.
const LEAD: usize = 4;

/// One line for each brick of this node, and where to look for the others. Nothing while nothing
/// is looked at: as long as files are still being moved.
pub(super) fn section(ask: Ask<'_>, volume: &VolumeName, width: usize) -> Section {
    let Some(look) = ask.model.leftovers.of(volume) else {
        return Section::default();
    };
    let command = leftovers::command(volume);
    let mut told = Vec::new();
    if look.is_remote {
        let nodes = look.places.here.iter().chain(&look.places.elsewhere);
        let nodes = hosts(nodes);
        told.push((
            Mark::Unknown,
            format!("files left: not counted over ssh; on {nodes}:  {command}"),
        ));
    } else {
        told.extend(look.places.here.iter().map(|brick| match look.of(brick) {
            None => (Mark::Unknown, format!("counting what is left in {brick}")),
            Some(result) => brick_line(brick, result),
        }));
        if !look.places.elsewhere.is_empty() {
            let nodes = hosts(&look.places.elsewhere);
            told.push((
                Mark::Unknown,
                format!("{nodes}: look there with  {command}"),
            ));
        }
    }
    let lines = told.into_iter().flat_map(|(mark, words)| {
        let wrapped = fit::wrap(&words, width.saturating_sub(LEAD), 0);
        wrapped.into_iter().enumerate().map(move |(at, words)| {
            let mut line = if at == 0 {
                Line::from(checks::sign(ask.look, mark).to_vec())
            } else {
                Line::from(fit::blank(LEAD))
            };
            line.push_span(Span::raw(words));
            line
        })
    });
    Section::lines(lines.collect()).rank(4).at_least(1).joined()
}

fn brick_line(brick: &BrickName, result: &Result<Count, Unreadable>) -> (Mark, String) {
    let count = match result {
        Ok(count) => count,
        Err(problem) => return (Mark::Unknown, format!("files left: not known: {problem}")),
    };
    let least = if count.is_whole() { "" } else { "at least " };
    let first = count.examples.first();
    let first = first.map_or_else(String::new, |path| format!(" (first: {path})"));
    let left = text::count(count.left());
    let noun = if count.left() == 1 { "file" } else { "files" };
    match count.verdict() {
        Verdict::Empty => (
            Mark::Pass,
            format!("this node's brick is empty: 0 files left in {brick}"),
        ),
        Verdict::Left => (
            Mark::Warn,
            format!("{least}{left} {noun} left in {brick}{first}"),
        ),
        Verdict::Unknown => (
            Mark::Unknown,
            format!("no file found so far in {brick}, but not everything was seen"),
        ),
    }
}

fn hosts<'a>(bricks: impl IntoIterator<Item = &'a BrickName>) -> String {
    let mut hosts: Vec<&str> = Vec::new();
    for brick in bricks {
        if !hosts.contains(&brick.host()) {
            hosts.push(brick.host());
        }
    }
    hosts.join(", ")
}
