//! Remove bricks: which sub-volumes leave, what the others hold in the end, and what it takes.

use ratatui::text::{Line, Span};

use super::{Ask, parts};
use crate::app::dialog::Remove;
use crate::gluster::Permit;
use crate::insight::plan::remove::{self, Illegal, Removal};
use crate::model::{Layout, Volume, VolumeState, text};
use crate::ui::card::{Card, Section};
use crate::ui::look::Role;
use crate::ui::{fit, words};

mod table;

pub(super) fn title(ask: Ask<'_>, kind: &Remove) -> (String, bool) {
    let title = format!("Remove bricks from volume {}", kind.volume);
    let removal = ask.volume(&kind.volume).map(|state| kind.removal(state));
    if matches!(removal, Some(Ok(Removal::Subvolumes(_)))) && !kind.migrate {
        (format!("{title} - DATA WILL BE LOST"), true)
    } else {
        (title, false)
    }
}

pub(super) fn fill(card: &mut Card, ask: Ask<'_>, kind: &Remove) {
    let Some(state) = ask.volume(&kind.volume) else {
        return;
    };
    let inner = card.inner();
    let removal = kind.removal(state);
    let mut first = shape(&state.volume, &removal, kind);
    if let (Ok(Removal::Subvolumes(sets)), true) = (&removal, ask.wide) {
        let usable = remove::usable(&remove::forecast(state, sets));
        let usable =
            usable.map(|(now, then)| format!("{} -> {} usable", text::size(now), text::size(then)));
        let usable = usable.unwrap_or_default();
        let gap = inner.saturating_sub(fit::width(&first) + fit::width(&usable));
        if gap >= 3 {
            first = format!("{first}{}{usable}", fit::blank(gap));
        }
    }
    card.add(Section::text(fit::wrap(&first, inner, 0)).rank(3));
    let (lines, cursor) = table::lines(ask, kind, state, &removal, inner);
    card.add(Section::lines(lines).rank(6).at_least(3).around(cursor));
    match removal {
        Err(illegal) => rule(card, ask, kind, &illegal, inner),
        Ok(removal) => {
            let clock = words::clock(ask.model, ask.model.now.wall);
            let title = if ask.wide {
                format!("CHECKS  at {clock}, read again just before the start")
            } else {
                format!("CHECKS  at {clock}")
            };
            card.add(parts::checks(
                ask.look,
                &title,
                &ask.dialog.offer.checks,
                inner,
            ));
            let mut switches = migrate(ask, &removal, kind, inner);
            switches.extend(auto(ask, state, kind, inner));
            card.add(Section::lines(switches).rank(7));
        }
    }
}

/// `Distributed-Replicate 3 x 3 = 9 bricks   ->   2 x 3 = 6 bricks`.
fn shape(volume: &Volume, removal: &Result<Removal, Illegal>, kind: &Remove) -> String {
    let shown = |volume: &Volume| {
        let bricks = text::plural(volume.bricks.len(), "brick");
        let shape = volume.shape();
        if shape == volume.bricks.len().to_string() {
            bricks
        } else {
            format!("{shape} = {bricks}")
        }
    };
    let before = format!("{} {}", volume.kind().as_str(), shown(volume));
    let (layout, note) = match removal {
        Ok(Removal::Subvolumes(_)) => (volume.layout, String::new()),
        Ok(Removal::Replica(to)) => {
            let arbiter = if *to < volume.layout.replica {
                0
            } else {
                volume.layout.arbiter
            };
            let layout = Layout {
                replica: *to,
                arbiter,
                ..volume.layout
            };
            (
                layout,
                format!("      (replica {} -> {to})", volume.layout.replica),
            )
        }
        Err(_) => return before,
    };
    let staying = volume
        .bricks
        .iter()
        .filter(|brick| !kind.selected.contains(&brick.name));
    let after = Volume {
        layout,
        bricks: staying.cloned().collect(),
        ..volume.clone()
    };
    format!("{before}   ->   {}{note}", shown(&after))
}

/// The switch that decides between draining and losing.
fn migrate(ask: Ask<'_>, removal: &Removal, kind: &Remove, inner: usize) -> Vec<Line<'static>> {
    let (mark, note) = match (removal, kind.migrate) {
        (Removal::Replica(_), _) => (
            " - ",
            "not needed: every file has other copies; gluster wants \"force\" for it",
        ),
        (_, true) => ("[x]", "move the files off these bricks first"),
        (_, false) => ("[ ]", "OFF: the files on these bricks leave the volume"),
    };
    switch(ask, mark, "m  Migrate data", note, inner)
}

/// The switch that commits by itself, or why there is nothing to switch.
fn auto(ask: Ask<'_>, state: &VolumeState, kind: &Remove, inner: usize) -> Vec<Line<'static>> {
    let may_commit = ask.model.session.permit == Permit::Everything;
    let not_used = kind
        .never_by_itself(state)
        .or((!may_commit).then_some("this session changes nothing"));
    let not_used = not_used.map(|reason| format!("not used: {reason}"));
    let (mark, note) = if let Some(reason) = &not_used {
        (" - ", reason.as_str())
    } else if kind.commits_by_itself(state) {
        (
            "[x]",
            "commit by itself when 0 files failed; 30 s to say no, glustop must run",
        )
    } else {
        ("[ ]", "commit by itself when 0 files failed")
    };
    switch(ask, mark, "a  Auto commit", note, inner)
}

/// `[x] m  Migrate data    move the files off these bricks first`.
fn switch(
    ask: Ask<'_>,
    mark: &'static str,
    label: &str,
    note: &str,
    inner: usize,
) -> Vec<Line<'static>> {
    /// Columns of the mark, the label and the gap behind it.
    const LABEL: usize = 23;
    let notes = fit::wrap(note, inner.saturating_sub(LABEL).max(16), 0);
    let rows = notes.into_iter().enumerate().map(|(at, note)| {
        if at > 0 {
            return Line::from(format!("{}{note}", fit::blank(LABEL)));
        }
        Line::from(vec![
            Span::raw(format!("{mark} ")),
            ask.look.span(Role::Strong, label.to_owned()),
            Span::raw(format!(
                "{}{note}",
                fit::blank(LABEL.saturating_sub(4 + fit::width(label)))
            )),
        ])
    });
    rows.collect()
}

/// An illegal selection: the rule, and the legal ones nearby with their keys.
fn rule(card: &mut Card, ask: Ask<'_>, kind: &Remove, illegal: &Illegal, inner: usize) {
    card.add(parts::refusal(
        ask.look,
        &ask.dialog.offer,
        &illegal.rule,
        inner,
    ));
    if kind.selected.is_empty() {
        let how = "Space marks the sub-volume under the cursor.";
        card.add(Section::text(fit::wrap(how, inner, 0)).rank(7));
        return;
    }
    if !illegal.choices.is_empty() {
        let mut lines = vec![Line::from("Mark instead:")];
        lines.extend(illegal.choices.iter().enumerate().map(|(at, choice)| {
            Line::from(vec![
                Span::raw("   "),
                ask.look.span(Role::Strong, (at + 1).to_string()),
                Span::raw(format!("  {}", choice.label)),
            ])
        }));
        card.add(Section::lines(lines).rank(8).at_least(3));
    }
}

/// Bricks of this volume that are marked in a sub-volume.
fn marked(kind: &Remove, state: &VolumeState, index: usize) -> usize {
    state.volume.subvolumes().nth(index).map_or(0, |set| {
        let marked = set
            .bricks
            .iter()
            .filter(|brick| kind.selected.contains(&brick.name));
        marked.count()
    })
}
