//! Pieces that several dialogs are made of.

use ratatui::text::{Line, Span};

use super::Ask;
pub(super) use super::checks::section as checks;
use crate::app::dialog::{Focus, Gate, Kind, Offer};
use crate::ui::card::Section;
use crate::ui::fit;
use crate::ui::look::{Look, Role};

/// The command lines that would run: wrapped, never cut without a word.
pub(super) fn command(offer: &Offer, width: usize) -> Section {
    copyable(offer.lines(), width)
}

/// Command lines that `c` copies.
pub(super) fn copyable(lines: impl Iterator<Item = String>, width: usize) -> Section {
    let cut = "command not whole here: c copies it, or a larger terminal shows it";
    Section::text(commands(lines, width))
        .rank(9)
        .or_says(fit::wrap(cut, width, 0))
}

/// `$ gluster ...`, continued with an indentation.
pub(super) fn commands(lines: impl Iterator<Item = String>, width: usize) -> Vec<String> {
    lines
        .flat_map(|line| fit::wrap(&format!("$ {line}"), width, 4))
        .collect()
}

/// A sentence that must not be overlooked.
pub(super) fn warning(look: Look, text: &str, width: usize) -> Section {
    let lines = fit::wrap(text, width.saturating_sub(2), 0);
    let lines = lines.into_iter().enumerate().map(|(at, text)| {
        let lead = if at == 0 { "! " } else { "  " };
        Line::from(look.span(Role::Warn, format!("{lead}{text}")))
    });
    Section::lines(lines.collect())
}

/// Why there is no button that confirms. Without a command there is nothing that was not
/// offered: the reason speaks for itself.
pub(super) fn refusal(look: Look, offer: &Offer, reason: &str, width: usize) -> Section {
    let text = if offer.can_be_overridden() {
        "Not offered until healing is done.   o  override (type the volume name)".to_owned()
    } else if offer.orders.is_empty() {
        let mut chars = reason.chars();
        let first = chars.next().map(|c| c.to_ascii_uppercase());
        first.into_iter().chain(chars).collect()
    } else {
        format!("Not offered: {reason}")
    };
    let lines = fit::wrap(&text, width, 0);
    let lines = lines
        .into_iter()
        .map(|text| Line::from(look.span(Role::Strong, text)));
    Section::lines(lines.collect()).rank(9)
}

/// The field for the volume's name, where the gate wants it typed.
pub(super) fn field(ask: Ask<'_>, width: usize) -> Section {
    if ask.dialog.offer.gate == Gate::Key {
        return Section::default();
    }
    let typed = &ask.dialog.typed;
    let label = match ask.dialog.kind {
        Kind::Finish(_) => "To commit, type the volume name: ",
        _ => "Type the volume name to go on: ",
    };
    let has_focus = ask.dialog.focus == Focus::Field;
    let state = if ask.dialog.is_name_typed() {
        "  (Enter does it)"
    } else if has_focus {
        ""
    } else {
        "  (Tab goes there)"
    };
    let mut text = format!("{}_", typed.value());
    let room = width.saturating_sub(label.len() + 1);
    text = fit::cut_end(&text, room.max(8));
    let role = if has_focus { Role::Focus } else { Role::Plain };
    let line = Line::from(vec![
        ask.look.span(Role::Strong, label),
        Span::raw(" "),
        ask.look.span(role, text),
        Span::raw(state),
    ]);
    let lines = if line.width() > width {
        // On a narrow screen the field has a line of its own.
        let mut spans = line.spans.into_iter();
        let label = spans.next().unwrap_or_default();
        let rest: Vec<_> = spans.collect();
        vec![Line::from(label), Line::from(rest)]
    } else {
        vec![line]
    };
    let row = lines.len() - 1;
    let before = if row == 0 { label.len() + 1 } else { 1 };
    let cursor = has_focus.then(|| (row, before + typed.visual_cursor()));
    Section::lines(lines).rank(10).cursor(cursor)
}

/// The buttons: the safe one first, the focused one in reverse.
pub(super) fn buttons(ask: Ask<'_>, width: usize) -> Section {
    let dialog = ask.dialog;
    let offer = &dialog.offer;
    let mut list = vec![(Focus::Safe, offer.safe.to_owned())];
    if offer.refusal.is_none() && !offer.orders.is_empty() {
        list.push(match offer.gate {
            Gate::Key => (Focus::Confirm, format!("y  {}", offer.confirm)),
            Gate::Typed(_) => (Focus::Confirm, offer.confirm.clone()),
        });
    }
    if !offer.orders.is_empty() {
        let what = if offer.orders.len() > 1 {
            "commands"
        } else {
            "command"
        };
        list.push((Focus::Copy, format!("c  Copy {what}")));
    }
    let note = match offer.gate {
        Gate::Typed(_) if offer.refusal.is_none() && !dialog.is_name_typed() => {
            "(once the name is typed)"
        }
        _ => "",
    };
    row(ask.look, &list, dialog.focus, note, width)
}

/// Buttons in as many lines as they need.
pub(super) fn row<K: Copy + PartialEq>(
    look: Look,
    list: &[(K, String)],
    focus: K,
    note: &str,
    width: usize,
) -> Section {
    const GAP: &str = "   ";
    let lead = if width < 60 { "" } else { GAP };
    let mut lines = vec![Line::from(lead)];
    let mut cursor = None;
    for (at, (key, text)) in list.iter().enumerate() {
        let text = format!("[ {text} ]");
        let gap = if at == 0 { 0 } else { GAP.len() };
        let used = lines.last().map_or(0, Line::width);
        if at > 0 && used + gap + fit::width(&text) > width {
            lines.push(Line::from(lead));
        } else {
            push(&mut lines, Span::raw(fit::blank(gap)));
        }
        let column = lines.last().map_or(0, Line::width);
        let role = if *key == focus {
            cursor = Some((lines.len() - 1, column + 2));
            Role::Focus
        } else {
            Role::Plain
        };
        push(&mut lines, look.span(role, text));
    }
    if lines.last().map_or(0, Line::width) + note.len() < width && !note.is_empty() {
        push(&mut lines, Span::raw(format!(" {note}")));
    }
    Section::lines(lines).rank(10).cursor(cursor)
}

/// `(o) d  Migrate data`: one of several ways, with the key that chooses it.
pub(super) fn choice(look: Look, chosen: bool, label: &str, note: &str) -> Line<'static> {
    let mark = if chosen { "(o)" } else { "( )" };
    let role = if chosen { Role::Strong } else { Role::Plain };
    Line::from(vec![
        Span::raw(format!("{mark} ")),
        look.span(role, label.to_owned()),
        Span::raw(note.to_owned()),
    ])
}

fn push(lines: &mut [Line<'static>], span: Span<'static>) {
    if let Some(line) = lines.last_mut() {
        line.push_span(span);
    }
}
