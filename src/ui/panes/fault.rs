//! What the main view says when gluster cannot be asked: the command, its message, what goes on
//! without it, and where to look.

use ratatui::layout::Rect;

use crate::app::Model;
use crate::config::Action;
use crate::model::{Fault, FaultKind, text};
use crate::ui::canvas::Canvas;
use crate::ui::card::{Card, Section};
use crate::ui::{fit, words};

/// Whether a fault needs more words than the alarm line has. A busy lock or a slow answer passes
/// by itself.
pub(in crate::ui) fn is_worth_a_panel(fault: &Fault) -> bool {
    !matches!(fault.kind, FaultKind::Busy | FaultKind::Timeout)
}

/// Draws the panel in the place of the other panes.
pub(in crate::ui) fn panel(canvas: &mut Canvas<'_>, area: Rect, model: &Model, fault: &Fault) {
    let title = match fault.kind {
        FaultKind::DaemonDown => "glusterd is not answering",
        FaultKind::NotFound => "there is no gluster program",
        FaultKind::Permission => "gluster may not be asked",
        _ => "gluster cannot be asked",
    };
    let mut card = Card::new(title, area.width, usize::from(area.height));
    let inner = card.inner();
    card.add(Section::text(fit::wrap(&format!("$ {}", fault.command), inner, 4)).rank(9));
    let message = fault
        .message
        .lines()
        .flat_map(|line| fit::wrap(line, inner, 2));
    card.add(Section::text(message.collect()).rank(9).joined());
    if fault.kind == FaultKind::DaemonDown {
        let still = "bricks and mounts serve data; running tasks go on by themselves (they are separate processes on each node)";
        let not = "status, start, stop, commit from this node";
        let mut lines = labelled("What still works", still, inner);
        lines.extend(labelled("What does not", not, inner));
        card.add(Section::text(lines).rank(5));
        let peers: Vec<&str> = model
            .snapshot
            .peers()
            .iter()
            .filter(|peer| !peer.is_local)
            .map(|peer| peer.hostname.as_str())
            .collect();
        let mut look = vec![
            "Look     systemctl status glusterd       journalctl -u glusterd -n 30".to_owned(),
            "Log      /var/log/glusterfs/glusterd.log".to_owned(),
        ];
        if let Some(first) = peers.first() {
            let more = if peers.len() > 1 { ", ..." } else { "" };
            look.push(format!(
                "Another way to stop a task: run glustop on a peer ({first}{more})"
            ));
        }
        card.add(Section::text(look).rank(7));
    } else {
        card.add(Section::text(fit::wrap(fault.kind.advice(), inner, 0)).rank(7));
    }
    let keys = &model.session.keymap;
    let line = format!(
        "Since {} ({}), asked again by itself.   {} now   {} events   {} quit",
        words::clock(model, fault.since.wall),
        text::age(fault.since.age(model.now)),
        keys.shown(Action::Refresh),
        keys.shown(Action::Alarms),
        keys.shown(Action::Close),
    );
    card.add(Section::text(fit::wrap(&line, inner, 0)).rank(8));
    card.draw_at(canvas, area);
}

fn labelled(label: &str, text: &str, width: usize) -> Vec<String> {
    const LABEL: usize = 19;
    let lines = fit::wrap(text, width.saturating_sub(LABEL), 0);
    lines
        .into_iter()
        .enumerate()
        .map(|(at, line)| {
            let label = if at == 0 { label } else { "" };
            format!("{}{line}", fit::left(label, LABEL))
        })
        .collect()
}
