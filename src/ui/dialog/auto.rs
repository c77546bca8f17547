//! The last word before an auto commit, and the countdown beside other dialogs.

use ratatui::text::{Line, Span};

use super::Ask;
use crate::app::auto::clock;
use crate::app::dialog::AutoCommit;
use crate::model::text;
use crate::ui::card::{Card, Section};
use crate::ui::look::Glyph;
use crate::ui::{fit, words};

pub(super) fn title(ask: Ask<'_>, kind: &AutoCommit) -> String {
    let volume = &kind.volume;
    match ask
        .model
        .auto
        .counting()
        .filter(|(name, _)| *name == volume)
    {
        Some((_, left)) => format!("Auto commit of {volume} in {}", clock(left)),
        None => format!("Auto commit of {volume}"),
    }
}

/// The dialog opens only while every gate is open: these are the gates.
pub(super) fn fill(card: &mut Card, ask: Ask<'_>, kind: &AutoCommit) {
    let inner = card.inner();
    let state = ask.volume(&kind.volume);
    let Some(task) = state.and_then(|state| state.task()) else {
        return;
    };
    let intro = "Migration is complete and every condition holds:";
    card.add(Section::text(fit::wrap(intro, inner, 0)).rank(5));
    let nodes = words::hosts(task.nodes.iter().map(|node| node.name.as_str()));
    let failures = task
        .total()
        .failures
        .map_or_else(|| "-".to_owned(), text::count);
    let conditions = [
        format!("completed on {nodes}"),
        format!("{failures} failed or skipped"),
        format!("no brick of {} offline", kind.volume),
        "geo-replication: none".to_owned(),
    ];
    let lines = conditions.into_iter().map(|text| {
        Line::from(vec![
            Span::raw("  "),
            ask.look.glyph(Glyph::Ok),
            Span::raw(format!(" {}", fit::cut_end(&text, inner.saturating_sub(4)))),
        ])
    });
    card.add(Section::lines(lines.collect()).rank(6).at_least(2));
    let last = format!("{} leave the volume for good.", words::bricks(&task.bricks));
    card.add(Section::text(fit::wrap(&last, inner, 0)).rank(7));
}

/// A countdown whose own dialog waits for this one to close.
pub(super) fn waiting(ask: Ask<'_>, inner: usize) -> Section {
    let Some((volume, left)) = ask.model.auto.counting() else {
        return Section::default();
    };
    let text = format!(
        "auto commit of {volume} in {}: close this to have a say",
        clock(left)
    );
    let text = fit::cut_end(&text, inner.saturating_sub(2));
    Section::lines(vec![Line::from(vec![
        ask.look.glyph(Glyph::Yours),
        Span::raw(format!(" {text}")),
    ])])
    .rank(10)
}
