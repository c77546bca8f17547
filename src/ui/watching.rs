//! What watching costs the cluster, in one sentence.

use ratatui::text::{Line, Span};

use super::fit;
use super::look::{Look, Role};
use crate::app::{Model, Source};
use crate::model::text;

const TITLE: &str = "  WATCHING ";

/// The sentence below its heading, wrapped.
pub(super) fn lines(look: Look, model: &Model, width: usize) -> Vec<Line<'static>> {
    let room = width.saturating_sub(TITLE.len() + 1);
    let lines = fit::wrap(&sentence(model), room, 0).into_iter().enumerate();
    let line = |(at, text): (usize, String)| {
        let before = if at == 0 {
            TITLE.to_owned()
        } else {
            fit::blank(TITLE.len())
        };
        Line::from(vec![
            look.span(Role::Strong, before),
            Span::raw(format!(" {text}")),
        ])
    };
    lines.map(line).collect()
}

/// What is counted over ten minutes; `~` as long as that says nothing.
fn sentence(model: &Model) -> String {
    let watching = &model.snapshot.watching;
    let known =
        |value: Option<f64>, show: fn(f64) -> String| value.map_or_else(|| "~".to_owned(), show);
    let questions = known(watching.locking_a_minute(), |n| format!("{n:.1}"));
    let share = known(watching.share(), |share| format!("{:.1}%", share * 100.0));
    let logged = known(watching.logged_a_day(), |bytes| text::size(bytes as u64));
    let limit = model.session.lock_share_percent;
    let every = text::age(model.every());
    let node = match model.session.source {
        Source::Ssh(_) => "the asked node",
        Source::Local(_) | Source::Demo { .. } => "this node",
    };
    let held = match watching.held_back {
        0 | 1 => String::new(),
        times => format!("; held back x{times}: locks are held by others"),
    };
    format!(
        "{questions} locking questions/min, {share} of the time inside them (limit {limit}%), \
         reads every {every}, logs {logged}/day on {node}{held}"
    )
}
