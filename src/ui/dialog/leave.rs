//! Leaving while an auto commit is armed.

use ratatui::text::{Line, Span};

use super::{Ask, parts};
use crate::app::dialog::Leave;
use crate::app::handover::HandOver;
use crate::ui::card::{Card, Section};
use crate::ui::fit;
use crate::ui::look::{Glyph, Role};

pub(super) fn fill(card: &mut Card, ask: Ask<'_>, kind: &Leave) {
    let inner = card.inner();
    let armed: Vec<_> = ask.model.auto.armed().map(ToString::to_string).collect();
    let names = if armed.is_empty() {
        let offered = kind.offers.iter().map(|offer| offer.volume.to_string());
        offered.collect::<Vec<_>>().join(", ")
    } else {
        armed.join(", ")
    };
    let intro = format!(
        "The remove-brick on {names} goes on by itself. Auto commit does not: it needs a running glustop."
    );
    card.add(Section::text(fit::wrap(&intro, inner, 0)).rank(7));
    card.add(parts::copyable(kind.lines(), inner));
    if let Some(refusal) = &kind.refusal {
        card.add(Section::text(fit::wrap(&capital(refusal), inner, 0)).rank(6));
    }
    if kind.is_trying {
        let line = vec![ask.look.glyph(Glyph::Work), Span::raw(" handing over")];
        card.add(Section::lines(vec![Line::from(line)]).rank(9));
    }
    if let Some(why) = &kind.failed {
        let why = format!("Not handed over: {why}");
        card.add(parts::warning(ask.look, &why, inner).rank(8));
        let how = "By hand, in tmux or screen, or behind nohup:";
        let mut lines = fit::wrap(how, inner, 0);
        let alone = kind.offers.iter().map(HandOver::without_systemd);
        lines.extend(alone.flat_map(|line| fit::wrap(&format!("  {line}"), inner, 4)));
        card.add(Section::text(lines).rank(8));
    }
    let keys = [
        (
            "w",
            "  hand it over: the line above goes on waiting, and commits",
        ),
        ("q", "  leave; the drain will wait as \"commit pending\""),
        ("Esc", "stay"),
    ];
    let lines = keys.into_iter().map(|(key, what)| {
        let what = fit::cut_end(what, inner.saturating_sub(8));
        Line::from(vec![
            Span::raw("   "),
            ask.look.span(Role::Strong, key),
            Span::raw(format!("  {what}")),
        ])
    });
    card.add(Section::lines(lines.collect()).rank(10));
}

fn capital(text: &str) -> String {
    let mut chars = text.chars();
    let first = chars.next().map(|c| c.to_ascii_uppercase());
    first.into_iter().chain(chars).collect()
}
