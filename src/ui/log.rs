//! The Rebalance log view: why files failed on this node, cause by cause.

use jiff::Timestamp;
use ratatui::layout::Rect;
use ratatui::text::{Line, Span};

use super::canvas::Canvas;
use super::look::{Glyph, Look, Role};
use super::{fit, header, layout, words};
use crate::app::logs::{self, LogReading};
use crate::app::{Model, Source};
use crate::insight::triage::{Cause, Group, Triage};
use crate::model::{TaskKind, VolumeName, text};

/// Before what belongs to a cause.
const INDENT: usize = 4;

/// Draws it, from line `scroll` on.
pub(super) fn render(canvas: &mut Canvas<'_>, model: &Model, volume: &VolumeName, scroll: usize) {
    let screen = layout::screen(canvas.area());
    let read = model.logs.get(volume);
    let mut title = format!("REBALANCE LOG of this node  {volume}");
    if let Some(read) = read {
        let age = words::age(model, read.at.age(model.now));
        title = format!("{title}   read {age} ago");
    }
    header::view_header(canvas, screen.header, model, &[(Role::Strong, title)]);
    let area = Rect {
        y: screen.header.bottom(),
        height: screen.message.y.saturating_sub(screen.header.bottom()),
        ..screen.body
    };
    let width = usize::from(area.width);
    let mut lines: Vec<_> = fit::wrap(&format!("  {}", covers(model, volume)), width, 2)
        .into_iter()
        .map(Line::from)
        .collect();
    lines.extend(if let Source::Ssh(host) = &model.session.source {
        remote(host, volume, width)
    } else {
        match read.map(|read| (read, &read.result)) {
            _ if model.logs.is_waiting(volume) && read.is_none() => {
                vec![Line::from("  reading")]
            }
            None => vec![Line::from("  not read yet: r reads it")],
            Some((_, Err(problem))) => {
                let mut lines = vec![marked(canvas.look, Glyph::Old, &problem.to_string(), width)];
                lines.extend(indented(problem.kind.advice(), width));
                lines
            }
            Some((read, Ok(triage))) => told(canvas.look, model, volume, (read, triage), width),
        }
    });
    let height = usize::from(area.height);
    let scroll = scroll.min(lines.len().saturating_sub(height));
    for (row, line) in lines.iter().skip(scroll).take(height).enumerate() {
        canvas.line(area, row, line);
    }
    canvas.point(area, 0, 0);
    header::message(canvas, screen.message, model, Some(""));
    header::footer(canvas, screen.footer, model);
}

/// Whose log this is, and who else has one.
fn covers(model: &Model, volume: &VolumeName) -> String {
    let snapshot = &model.snapshot;
    let here = snapshot.local_name().unwrap_or("this node");
    let local = snapshot.peers().iter().find(|peer| peer.is_local);
    let state = snapshot.volume(volume);
    // Those that take part in the task; without one, those that have bricks.
    let nodes = state.and_then(|state| state.task()).map(|task| &task.nodes);
    let others = match (nodes.filter(|nodes| !nodes.is_empty()), state) {
        (Some(nodes), _) => {
            let others = nodes.iter();
            let others = others.filter(|node| local.is_none_or(|peer| peer.id != node.peer));
            words::hosts(others.map(|node| node.name.as_str()))
        }
        (None, Some(state)) => {
            let others = state.volume.bricks.iter();
            let others = others.filter(|brick| brick.peer.as_ref() != local.map(|peer| &peer.id));
            words::hosts(others.map(|brick| brick.name.host()))
        }
        (None, None) => String::new(),
    };
    match others.split(' ').count() {
        _ if others.is_empty() => format!("covers {here}"),
        1 => format!("covers {here} only; the other node, {others}, has its own log"),
        _ => {
            let others = others.replace(' ', ", ");
            format!("covers {here} only; other nodes: {others} have their own log")
        }
    }
}

fn remote(host: &str, volume: &VolumeName, width: usize) -> Vec<Line<'static>> {
    let mut lines = indented(
        "Over ssh only gluster is run; files of that host are not read. Run it there:",
        width,
    );
    lines.push(Line::default());
    for command in [
        format!("ssh -t {host} glustop"),
        format!("ssh {host} tail -n 200 /var/log/glusterfs/{volume}-rebalance.log"),
    ] {
        let wrapped = fit::wrap(&format!("$ {command}"), width.saturating_sub(INDENT), 4);
        lines.extend(
            wrapped
                .into_iter()
                .map(|line| Line::from(format!("    {line}"))),
        );
    }
    lines
}

fn told(
    look: Look,
    model: &Model,
    volume: &VolumeName,
    (read, triage): (&LogReading, &Triage),
    width: usize,
) -> Vec<Line<'static>> {
    let mut lines: Vec<Line<'static>> = extent(model, read, triage)
        .iter()
        .flat_map(|text| fit::wrap(&format!("  {text}"), width, 2))
        .map(Line::from)
        .collect();
    let task = model.snapshot.volume(volume).and_then(|state| state.task());
    if task.and_then(|task| logs::takes_part(model, task)) == Some(false) {
        let words = "this node takes no part in the present task: this log is of an earlier one";
        lines.insert(0, marked(look, Glyph::Warn, words, width));
    }
    let is_drain = task.is_some_and(|task| task.kind == TaskKind::RemoveBrick);
    for group in &triage.groups {
        lines.push(Line::default());
        lines.extend(cause(look, model, group, is_drain, width));
    }
    if triage.groups.is_empty() {
        lines.push(Line::default());
        let (glyph, words) = if triage.looked.is_cut() {
            (Glyph::Old, "nothing failed in the part that was read")
        } else {
            (Glyph::Ok, "nothing failed, nothing was left where it is")
        };
        lines.push(marked(look, glyph, words, width));
    }
    if triage.warnings > 0 {
        lines.push(Line::default());
        let warnings = text::plural(triage.warnings as usize, "other warning");
        let words = format!("{warnings}, about steps that made no file fail");
        lines.push(Line::from(fit::cut_end(&format!("  {words}"), width)));
    }
    lines
}

/// What was looked at, and what gluster says itself.
fn extent(model: &Model, read: &LogReading, triage: &Triage) -> Vec<String> {
    let looked = triage.looked;
    let lines = text::count(looked.lines);
    let mut out = Vec::new();
    if matches!(model.session.source, Source::Demo { .. }) {
        out.push("a sample: the nodes of the demo have no files".to_owned());
    }
    out.push(if looked.is_cut() {
        let (part, of) = (text::size(looked.bytes), text::size(looked.of));
        format!(
            "{}: the last {part} of {of}, {lines} lines; the beginning is cut",
            read.path
        )
    } else {
        format!("{}: {}, {lines} lines", read.path, text::size(looked.bytes))
    });
    out.push(match triage.began {
        Some(began) => format!("the process began {}", words::when(model, began)),
        None => {
            "the line with which its process began is not in it: it was cut or rotated".to_owned()
        }
    });
    let (failed, skipped) = (text::count(triage.failed()), text::count(triage.skipped()));
    let moved = text::count(triage.moved);
    out.push(format!(
        "here: {failed} failed, {skipped} left in place, {moved} moved"
    ));
    if let Some(said) = triage.said {
        let (failures, skips) = (text::count(said.failures), text::count(said.skipped));
        out.push(format!(
            "gluster's own count: {failures} failed, {skips} skipped"
        ));
    }
    out
}

fn cause(
    look: Look,
    model: &Model,
    group: &Group,
    is_drain: bool,
    width: usize,
) -> Vec<Line<'static>> {
    let mut counts = Vec::new();
    for (n, noun) in [
        (group.failed, "failed"),
        (group.skipped, "left in place"),
        (group.lines, "lines"),
    ] {
        if n > 0 {
            let noun = if noun == "lines" && n == 1 {
                "line"
            } else {
                noun
            };
            counts.push(format!("{} {noun}", text::count(n)));
        }
    }
    let glyph = match group.cause {
        // What a rebalance leaves where it is, it leaves for good reasons.
        Cause::Fuller | Cause::HardLinks if group.failed == 0 && !is_drain => Glyph::Ok,
        Cause::Other(_) if group.failed == 0 => Glyph::Old,
        _ => Glyph::Warn,
    };
    let times = group
        .times
        .map_or_else(String::new, |(from, to)| span(model, from, to));
    let room = width.saturating_sub(2 + times.len() + 1);
    let title = format!("{}: {}", counts.join(", "), group.cause);
    let mut lines = vec![Line::from(vec![
        look.glyph(glyph),
        Span::raw(" "),
        look.span(Role::Strong, fit::left(&title, room)),
        Span::raw(format!(" {times}")),
    ])];
    lines.extend(indented(group.cause.advice(), width));
    if let Some(sample) = &group.sample {
        lines.extend(indented(&format!("\"{sample}\""), width));
    }
    let path = |path: &String| {
        let path = fit::cut_middle(path, width.saturating_sub(INDENT + 2));
        Line::from(format!("      {path}"))
    };
    lines.extend(group.examples.iter().map(path));
    let files = group.failed + group.skipped;
    let more = files.saturating_sub(group.examples.len() as u64);
    if more > 0 {
        lines.push(Line::from(format!("      and {} more", text::count(more))));
    }
    lines
}

/// `11:31:40 - 11:52:31`, with the day of the first when it is not today.
fn span(model: &Model, from: Timestamp, to: Timestamp) -> String {
    let today = words::format_time(model, model.now.wall, "%F");
    let day = if words::format_time(model, from, "%F") == today {
        String::new()
    } else {
        words::format_time(model, from, "%b %d ")
    };
    let (from, to) = (words::clock(model, from), words::clock(model, to));
    if from == to {
        format!("{day}{from}")
    } else {
        format!("{day}{from} - {to}")
    }
}

fn marked(look: Look, glyph: Glyph, text: &str, width: usize) -> Line<'static> {
    let text = fit::cut_end(text, width.saturating_sub(2));
    Line::from(vec![look.glyph(glyph), Span::raw(format!(" {text}"))])
}

fn indented(text: &str, width: usize) -> Vec<Line<'static>> {
    fit::wrap(text, width.saturating_sub(INDENT), 0)
        .into_iter()
        .map(|line| Line::from(format!("    {line}")))
        .collect()
}
