//! The lines around every view: the header, the alarms, the message and the footer.

use std::collections::BTreeSet;
use std::time::Duration;

use ratatui::layout::Rect;
use ratatui::text::{Line, Span};

use super::canvas::Canvas;
use super::look::{Glyph, Role};
use super::{fit, marks, words};
use crate::app::auto::clock;
use crate::app::{Link, Model, Source, explain, rows};
use crate::config::Action;
use crate::gluster::Permit;
use crate::insight::finding::Finding;
use crate::model::{Stamp, text};

/// The first line: which node, what is there, how fresh it is.
pub(super) fn header(canvas: &mut Canvas<'_>, row: Rect, model: &Model) {
    let width = usize::from(row.width);
    let right = status(model, width);
    let mut left = format!("glustop  {}", node(model));
    for part in counts(model, width) {
        // Whole parts or nothing: half a number is a wrong number.
        if fit::width(&left) + 2 + part.len() + 2 + right.len() <= width {
            left = format!("{left}  {part}");
        }
    }
    two_sides(canvas, row, &[(Role::Strong, left)], &right);
}

/// The header of a view over the main one.
pub(super) fn view_header(
    canvas: &mut Canvas<'_>,
    row: Rect,
    model: &Model,
    title: &[(Role, String)],
) {
    let right = status(model, usize::from(row.width));
    two_sides(canvas, row, title, &right);
}

/// The worst findings, one line each, or side by side when there is one line only.
pub(super) fn alarms(canvas: &mut Canvas<'_>, area: Rect, model: &Model) {
    let look = canvas.look;
    let findings = &model.findings;
    if let Some(reading) = first_reading(model) {
        let line = Line::from(vec![
            look.glyph(Glyph::Old),
            Span::raw(format!(" {reading}")),
        ]);
        canvas.line(area, 0, &line);
        return;
    }
    if let Some(countdown) = countdown(model) {
        let line = Line::from(vec![
            look.glyph(Glyph::Yours),
            Span::raw(" "),
            look.span(Role::Strong, countdown),
        ]);
        canvas.line(area, 0, &line);
        return;
    }
    let key = model.session.keymap.shown(Action::Alarms);
    let all = match findings.len() {
        0 | 1 => String::new(),
        n => format!("{key} all {n}"),
    };
    let width = usize::from(area.width);
    let room = width.saturating_sub(if all.is_empty() { 0 } else { all.len() + 3 });
    let mut rest = worth_a_line(findings).peekable();
    for row in 0..usize::from(area.height) {
        // The line has room for a second one when the first is short enough.
        let room = if row == 0 { room } else { width };
        let mut line = Line::default();
        let mut used = 0;
        while let Some(&finding) = rest.peek() {
            let gap = if used == 0 { 0 } else { 3 };
            let left = room.saturating_sub(used + gap + 2);
            let text = sentence(model, finding);
            if used > 0 && left < fit::width(&text).min(14) {
                break;
            }
            rest.next();
            let glyph = marks::severity(finding.severity);
            let text = fit::cut_end(&text, left);
            used += gap + 2 + fit::width(&text);
            line.push_span(Span::raw(fit::blank(gap)));
            line.push_span(look.glyph(glyph));
            line.push_span(Span::raw(format!(" {text}")));
        }
        if row == 0 {
            line.push_span(Span::raw(fit::blank(
                width.saturating_sub(used + all.len()),
            )));
            line.push_span(Span::raw(all.clone()));
        }
        canvas.line(area, row, &line);
    }
}

/// The line above the footer: the answer to the last key, or what the row means; a view may have
/// a sentence of its own for quiet times. A filter that is being typed has it to itself.
pub(super) fn message(canvas: &mut Canvas<'_>, row: Rect, model: &Model, quiet: Option<&str>) {
    let panes = &model.panes;
    let filters = [
        &panes.volumes.filter,
        &panes.bricks.filter,
        &panes.tasks.filter,
    ];
    let editing = filters
        .into_iter()
        .find_map(|filter| filter.editing.as_ref());
    if let Some(input) = editing.filter(|_| model.views.is_empty()) {
        canvas.text(row, 0, Role::Plain, &format!("/{}_", input.value()));
        canvas.point(row, 1 + input.visual_cursor(), 0);
        return;
    }
    let is_quiet = model.notice.is_none() && model.jobs.open().next().is_none();
    let text = match quiet {
        Some(quiet) if is_quiet => quiet.to_owned(),
        _ => explain::message(model),
    };
    let role = match &model.notice {
        Some(notice) if notice.is_problem => Role::Warn,
        _ => Role::Plain,
    };
    canvas.text(row, 0, role, &text);
}

/// The footer: keys by usefulness, dropped from the right; the help always stands last, whole.
pub(super) fn footer(canvas: &mut Canvas<'_>, row: Rect, model: &Model) {
    let look = canvas.look;
    let width = usize::from(row.width);
    let help = model.session.keymap.shown(Action::Help);
    let last = help.len() + " help".len();
    let mut line = Line::default();
    let mut used = 0;
    for (key, word) in explain::hints(model) {
        let needed = fit::width(&key) + 1 + fit::width(word) + 2;
        if used + needed + last > width {
            break;
        }
        used += needed;
        line.push_span(look.span(Role::Strong, key));
        line.push_span(Span::raw(format!(" {word}  ")));
    }
    line.push_span(Span::raw(fit::blank(width.saturating_sub(used + last))));
    line.push_span(look.span(Role::Strong, help));
    line.push_span(Span::raw(" help"));
    canvas.line(row, 0, &line);
}

/// The countdown of an auto commit: nothing else on this line is as urgent.
fn countdown(model: &Model) -> Option<String> {
    let (volume, left) = model.auto.counting()?;
    Some(format!("auto commit of {volume} in {}", clock(left)))
}

/// The question that is under way before anything is known.
pub(super) fn first_reading(model: &Model) -> Option<String> {
    if model.snapshot.volumes.get().is_some() || model.snapshot.volumes.fault().is_some() {
        return None;
    }
    Some(match &model.snapshot.asking {
        Some(asking) => format!(
            "reading: {} ({} s)",
            asking.question,
            asking.since.age(model.now).as_secs()
        ),
        None => "reading".to_owned(),
    })
}

fn two_sides(canvas: &mut Canvas<'_>, row: Rect, left: &[(Role, String)], right: &str) {
    let look = canvas.look;
    let width = usize::from(row.width);
    let mut room = width.saturating_sub(fit::width(right) + 1);
    let mut line = Line::default();
    for (role, text) in left {
        let text = fit::cut_end(text, room);
        room = room.saturating_sub(fit::width(&text));
        line.push_span(look.span(*role, text));
    }
    let right = format!("{} {right}", fit::blank(room));
    line.push_span(look.span(Role::Strong, right));
    canvas.title(row, 0, &line);
}

fn node(model: &Model) -> String {
    // Before any volume names it, the pool calls the node that was asked just this.
    let local = || rows::volumes::local_name(model).filter(|name| *name != "localhost");
    match &model.session.source {
        Source::Demo { .. } => "DEMO".to_owned(),
        Source::Local(host) => local().unwrap_or(host).to_owned(),
        Source::Ssh(host) => format!("{} via ssh", local().unwrap_or(host)),
    }
}

/// What the header counts, most important first.
fn counts(model: &Model, width: usize) -> Vec<String> {
    let old = if model.is_old() { "~" } else { "" };
    let snapshot = &model.snapshot;
    let peers = snapshot.peers();
    let up = peers
        .iter()
        .filter(|peer| peer.is_local || peer.connected == Some(true))
        .count();
    let all = peers.len();
    let volumes = snapshot.volumes().len();
    let tasks = model.glances.running(snapshot);
    let mut parts = Vec::new();
    if matches!(model.session.source, Source::Demo { .. }) {
        parts.push(" no real cluster, nothing here is real".to_owned());
    }
    if snapshot.volumes.get().is_none() {
        return parts;
    }
    let peers_known = snapshot.peers.get().is_some();
    if width >= 120 {
        if peers_known {
            parts.push(format!("pool {old}{all} peers, {up} connected"));
        }
        parts.push(format!("volumes {old}{volumes}"));
        parts.push(format!("tasks {old}{tasks} running"));
        if let Some(release) = snapshot.release {
            parts.push(format!("glusterfs {release}"));
        }
    } else {
        if peers_known {
            parts.push(format!("peers {old}{up}/{all}"));
        }
        parts.push(format!("vols {old}{volumes}"));
        parts.push(format!("tasks {old}{tasks}"));
    }
    parts
}

/// The right side: whether it may change things, how fresh the data is, and the clock.
fn status(model: &Model, width: usize) -> String {
    let age = |duration: Duration| text::age(duration);
    let link = match (model.link(), &model.session.source) {
        (Link::Live, Source::Demo { pace }) => format!("x{pace} time"),
        (Link::Live, _) => format!("live {}", age(model.every())),
        (Link::Reading(_), _) => "reading".to_owned(),
        (Link::Paused(for_), _) => format!("PAUSED {}", words::age(model, for_)),
        (Link::Wait(for_), _) => format!("WAIT {}", age(for_)),
        (Link::Locked(for_), _) => format!("LOCKED {}", age(for_)),
        (Link::Stale(for_), _) => format!("STALE {}", age(for_)),
    };
    let clock = if model.is_busy() {
        words::clock(model, model.now.wall)
    } else {
        words::format_time(model, model.now.wall, "%H:%M")
    };
    let rights = rights(model.session.permit);
    let is_usual = model.session.permit == Permit::Everything;
    // The demo says in words what it is; that takes the room of the rights, and of the padding.
    let is_demo = matches!(model.session.source, Source::Demo { .. });
    // What may not be changed is said on every screen, however narrow.
    let (rights, gap) = match (is_usual, is_demo || width < 70) {
        (true, true) => ("", ""),
        (false, true) => (rights, "  "),
        (_, false) => (rights, ""),
    };
    let pad = usize::from(!is_demo);
    match width {
        120.. => {
            let zone = words::format_time(model, model.now.wall, "%Z");
            format!("{rights}{gap}{link:>0$}  {clock} {zone}", 11 * pad)
        }
        70.. => format!("{rights}{gap}{link:>0$}  {clock}", 14 * pad),
        50.. => format!("{rights}{gap}{link}  {clock}"),
        _ => format!(
            "{rights}{gap}{link} {}",
            words::format_time(model, model.now.wall, "%H:%M")
        ),
    }
}

/// Which changes may be carried out, as it stands in the header and on dialogs.
pub(super) fn rights(permit: Permit) -> &'static str {
    match permit {
        Permit::Everything => "[RW]",
        Permit::DryRun => "[DRY RUN]",
        Permit::ReadOnly => "[RO]",
    }
}

/// The same where there is room only for what is unusual.
pub(super) fn unusual_rights(permit: Permit) -> &'static str {
    match permit {
        Permit::Everything => "",
        Permit::DryRun | Permit::ReadOnly => rights(permit),
    }
}

/// A set that lacks a brick and the brick itself are one piece of news; the brick says more.
fn worth_a_line(findings: &[Finding]) -> impl Iterator<Item = &Finding> {
    fn volume(finding: &Finding) -> Option<&str> {
        finding.text.split(':').next()
    }
    let offline: BTreeSet<_> = (findings.iter())
        .filter(|finding| finding.code == "brick-offline")
        .map(volume)
        .collect();
    findings.iter().filter(move |finding| {
        finding.code != "subvolume-degraded" || !offline.contains(&volume(finding))
    })
}

fn sentence(model: &Model, finding: &Finding) -> String {
    // What stands in brackets explains; the list of all alarms has room for it.
    let text = match finding.text.split_once(" (") {
        Some((text, rest)) if rest.ends_with(')') => text,
        _ => &finding.text,
    };
    let text = text.replacen(" is offline", " offline", 1);
    let since: Option<Stamp> = model.journal.since(finding);
    // Other findings tell their own times.
    let is_outage = ["brick", "subvolume", "peer"]
        .iter()
        .any(|word| finding.code.starts_with(word) && finding.code != "brick-full-soon");
    match since.map(|since| since.age(model.now)) {
        Some(lasts) if is_outage && lasts >= Duration::from_secs(60) => {
            format!("{text} {}", text::age(lasts))
        }
        _ => text,
    }
}
