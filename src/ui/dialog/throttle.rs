//! Throttle: how many files each node moves at a time.

use super::{Ask, parts};
use crate::app::dialog::SetThrottle;
use crate::model::Throttle;
use crate::ui::card::{Card, Section};
use crate::ui::marks::Seen;
use crate::ui::{fit, words};

pub(super) fn fill(card: &mut Card, ask: Ask<'_>, kind: &SetThrottle) {
    let inner = card.inner();
    let about = "cluster.rebal-throttle, takes effect at once on all nodes";
    card.add(Section::text(fit::wrap(about, inner, 0)).rank(3));
    let levels = SetThrottle::LEVELS.iter().enumerate();
    let mut lines: Vec<_> = levels
        .map(|(at, level)| {
            let note = match level {
                Throttle::Lazy => "1 file at a time per node",
                Throttle::Normal => "2 files at a time per node",
                Throttle::Aggressive => "more, by CPU count",
                Throttle::Other(_) => "",
            };
            let label = format!("{}  {:<13}", at + 1, level.to_string());
            parts::choice(ask.look, *level == kind.level, &label, note)
        })
        .collect();
    if let Throttle::Other(value) = &kind.level {
        let note = "files at a time per node, as it is set now";
        lines.push(parts::choice(
            ask.look,
            true,
            &format!("   {value:<13}"),
            note,
        ));
    }
    card.add(Section::lines(lines).rank(8));
    let Some(state) = ask.volume(&kind.volume) else {
        return;
    };
    let now = state.volume.throttle();
    let rate = state
        .task()
        .and_then(|task| Seen::of(ask.model, state, task).progress.rate)
        .map_or_else(String::new, |rate| {
            format!(", {} MiB/s in the last 5 minutes", words::mib(rate))
        });
    let line = format!("Now: {now}{rate}. The effect of a change shows within a minute.");
    card.add(Section::text(fit::wrap(&line, inner, 0)).rank(4));
}
