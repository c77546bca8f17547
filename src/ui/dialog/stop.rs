//! Stop a task: what stopping does and does not do.

use super::Ask;
use crate::app::dialog::Stop;
use crate::model::{Task, TaskKind, text};
use crate::ui::card::{Card, Section};
use crate::ui::marks::Seen;
use crate::ui::{fit, words};

pub(super) fn title(ask: Ask<'_>, kind: &Stop) -> String {
    let task = ask.volume(&kind.volume).and_then(|state| state.task());
    let what = task.map_or("task", |task| task.kind.as_str());
    format!("Stop {what} on {}?", kind.volume)
}

pub(super) fn fill(card: &mut Card, ask: Ask<'_>, kind: &Stop) {
    let Some(state) = ask.volume(&kind.volume) else {
        return;
    };
    let Some(task) = state.task() else {
        return;
    };
    let inner = card.inner();
    let seen = Seen::of(ask.model, state, task);
    let progress = &seen.progress;
    let total = task.total();
    let mut parts = vec![match progress.done {
        Some(_) => format!("{} done", seen.done()),
        None => task.state().as_str().to_owned(),
    }];
    match (total.bytes, progress.bytes_left) {
        (Some(bytes), Some(left)) => parts.push(format!(
            "{} moved",
            text::size_of_total(bytes, bytes.saturating_add(left), " of ")
        )),
        (Some(bytes), None) => parts.push(format!("{} moved", text::size(bytes))),
        _ => {}
    }
    if let Some(left) = progress.left() {
        parts.push(format!("{} left", text::time_left(left)));
    }
    let first = parts.remove(0);
    let line = if parts.is_empty() {
        first
    } else {
        format!("{first}: {}", parts.join(", "))
    };
    card.add(Section::text(fit::wrap(&line, inner, 0)).rank(7));
    card.add(Section::text(consequences(task, inner)).rank(6));
    if task.is_running() && task.kind != TaskKind::FixLayout {
        let slow = "Or slow it down instead:   t  throttle lazy, one file at a time";
        card.add(Section::text(fit::wrap(slow, inner, 3)).rank(5));
    }
}

fn consequences(task: &Task, inner: usize) -> Vec<String> {
    let mut out = vec!["If you stop it".to_owned()];
    let mut add = |text: &str| {
        out.extend(fit::wrap(&format!("  - {text}"), inner, 4));
    };
    if task.kind == TaskKind::FixLayout {
        add("nothing is deleted; directories fixed so far stay fixed");
    } else {
        add("nothing is deleted; files already moved stay on their new bricks");
    }
    if task.kind == TaskKind::RemoveBrick {
        add(&format!(
            "{} take part in the volume again",
            words::bricks(&task.bricks)
        ));
    }
    if task.kind != TaskKind::FixLayout {
        add("each node finishes the file it is moving now, then stops");
    }
    add(&format!(
        "there is no resume: a later {} scans from the start",
        task.kind.as_str()
    ));
    out
}
