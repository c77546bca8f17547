//! Rebalance: how uneven one volume is, or a result line for each of several.

use ratatui::text::{Line, Span};

use super::{Ask, parts};
use crate::app::dialog::{Candidate, Rebalance};
use crate::gluster::RebalanceMode;
use crate::insight::plan::{self, Mark};
use crate::insight::space::{self, Sharing, Space};
use crate::model::{VolumeKind, VolumeState, text};
use crate::ui::card::{Card, Section};
use crate::ui::look::{Glyph, Role};
use crate::ui::{fit, meter, words};

pub(super) fn title(kind: &Rebalance) -> String {
    match kind.candidates.as_slice() {
        [one] => format!("Rebalance volume {}", one.volume),
        many => format!("Rebalance {} marked volumes", many.len()),
    }
}

pub(super) fn fill(card: &mut Card, ask: Ask<'_>, kind: &Rebalance) {
    if let [one] = kind.candidates.as_slice() {
        if let Some(state) = ask.volume(&one.volume) {
            single(card, ask, kind, state);
        }
    } else {
        many(card, ask, kind);
    }
}

fn single(card: &mut Card, ask: Ask<'_>, kind: &Rebalance, state: &VolumeState) {
    let inner = card.inner();
    let volume = &state.volume;
    let space = space::volume(state).map_or_else(String::new, |space| {
        format!(
            ", {} used",
            text::size_of_total(space.used, space.total, " of ")
        )
    });
    let first = format!(
        "{}, {}{space}",
        kind_and_shape(state),
        text::plural(volume.bricks.len(), "brick")
    );
    card.add(Section::text(fit::wrap(&first, inner, 0)).rank(3));
    card.add(Section::lines(bars(ask, state, inner)).rank(4).at_least(2));
    if let Some(uneven) = uneven(state) {
        card.add(Section::text(fit::wrap(&uneven, inner, 0)).rank(5));
    }
    let modes = Rebalance::MODES.iter().map(|mode| {
        let (label, note) = match mode {
            RebalanceMode::Migrate => ("d  Migrate data and fix layout", "the usual choice"),
            RebalanceMode::FixLayout => ("l  Fix layout only", "for new files; moves nothing"),
            RebalanceMode::Force => ("f  Force", "also moves to fuller bricks"),
        };
        let label = format!("{label:<38}");
        parts::choice(ask.look, *mode == kind.mode, &label, note)
    });
    let mut lines: Vec<_> = modes.collect();
    lines.push(Line::from(format!(
        "Throttle  {} (T changes it)",
        volume.throttle()
    )));
    card.add(Section::lines(lines).rank(7).at_least(3));
    // The refusal has a line of its own.
    let checks = ask.dialog.offer.checks.iter();
    let checks: Vec<_> = checks
        .filter(|check| check.mark != Mark::Refuse)
        .cloned()
        .collect();
    // What passes is no news where nothing else is.
    if checks.iter().any(|check| check.mark != Mark::Pass) {
        card.add(parts::checks(ask.look, "CHECKS", &checks, inner));
    }
}

/// The shape of a distribute volume is its number of bricks, which follows anyway.
fn kind_and_shape(state: &VolumeState) -> String {
    if state.volume.kind() == VolumeKind::Distribute {
        VolumeKind::Distribute.as_str().to_owned()
    } else {
        words::volume_type(state, 40)
    }
}

/// How full each sub-volume is.
fn bars(ask: Ask<'_>, state: &VolumeState, inner: usize) -> Vec<Line<'static>> {
    const BAR: usize = 18;
    let name = |set: &crate::model::Subvolume<'_>| match set.bricks {
        [one] => one.name.to_string(),
        _ => set.name(),
    };
    let longest = state
        .volume
        .subvolumes()
        .map(|set| fit::width(&name(&set)))
        .max();
    let width = longest.unwrap_or(0).min(inner.saturating_sub(BAR + 8));
    let sharing = Sharing::of(state);
    state
        .volume
        .subvolumes()
        .map(|set| {
            let share = sharing.subvolume(state, set).and_then(Space::fraction);
            let used = share.map_or_else(|| "-".to_owned(), words::used);
            let bar = meter::gauge(ask.look, share, BAR);
            Line::from(format!(
                "{}  {bar} {used:>4}",
                fit::name(&name(&set), width)
            ))
        })
        .collect()
}

/// `Uneven by 61 points: about 1.7 TiB to move (guess)`.
fn uneven(state: &VolumeState) -> Option<String> {
    let uneven = space::uneven(state)?;
    Some(format!(
        "Uneven by {:.0} points: about {} to move (guess)",
        uneven.spread * 100.0,
        text::size(uneven.above)
    ))
}

fn many(card: &mut Card, ask: Ask<'_>, kind: &Rebalance) {
    let inner = card.inner();
    let rows = kind.candidates.iter().enumerate();
    let lines: Vec<_> = rows
        .map(|(at, one)| candidate(ask, kind, one, at == kind.cursor, inner))
        .collect();
    card.add(
        Section::lines(lines)
            .rank(7)
            .at_least(3)
            .around(kind.cursor),
    );
    let mode = match kind.mode {
        RebalanceMode::Migrate => "migrate data and fix layout",
        RebalanceMode::FixLayout => "fix layout only",
        RebalanceMode::Force => "force",
    };
    let line = format!(
        "Starts {} of {}: {mode} (d l f). Each gets its own result line here.",
        ask.dialog.offer.orders.len(),
        kind.candidates.len()
    );
    card.add(Section::text(fit::wrap(&line, inner, 0)).rank(5));
}

fn candidate(
    ask: Ask<'_>,
    kind: &Rebalance,
    one: &Candidate,
    under_cursor: bool,
    inner: usize,
) -> Line<'static> {
    let plan = plan::of(&ask.model.snapshot, &kind.command(&one.volume));
    let (mark, glyph, word) = if let Some(reason) = plan.refusal() {
        (" - ", Glyph::Bad, format!("not now: {reason}"))
    } else {
        let uneven = ask.volume(&one.volume).and_then(uneven).unwrap_or_default();
        let mark = if one.wanted { "[x]" } else { "[ ]" };
        let worst = plan.checks.iter().max_by_key(|check| check.mark);
        match worst.filter(|check| check.mark != Mark::Pass) {
            Some(check) if check.mark == Mark::Unknown => (mark, Glyph::Old, check.text.clone()),
            Some(check) => (mark, Glyph::Warn, check.text.clone()),
            None => (mark, Glyph::Ok, format!("ready    {uneven}")),
        }
    };
    let name = fit::name(one.volume.as_str(), if inner < 60 { 10 } else { 14 });
    let lead = format!("{}{mark} {name} ", if under_cursor { ">" } else { " " });
    let room = inner.saturating_sub(fit::width(&lead) + 2);
    let role = if under_cursor {
        Role::Strong
    } else {
        Role::Plain
    };
    Line::from(vec![
        ask.look.span(role, lead),
        ask.look.glyph(glyph),
        Span::raw(format!(" {}", fit::cut_end(&word, room))),
    ])
}
