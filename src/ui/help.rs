//! The help: every action with its keys, from the table that the keymap is made of.

use ratatui::text::{Line, Span};

use super::canvas::Canvas;
use super::card::{Card, Section};
use super::look::{Glyph, Look, Role};
use super::{fit, header};
use crate::app::Model;
use crate::config::{Action, Group, Keymap};

/// Actions that share one line of the help.
const TOGETHER: &[(&[Action], &str)] = &[
    (&[Action::Up, Action::Down], "row"),
    (&[Action::PageUp, Action::PageDown], "page"),
    (&[Action::First, Action::Last], "first, last"),
    (&[Action::NextPane, Action::PreviousPane], "next pane"),
    (
        &[
            Action::Volumes,
            Action::Bricks,
            Action::Tasks,
            Action::Events,
        ],
        "pane",
    ),
    (&[Action::Fold, Action::Unfold], "fold sub-volume"),
    (&[Action::Slower, Action::Faster], "read less, more often"),
    (&[Action::Mark, Action::Unmark], "mark row, unmark all"),
    (&[Action::Suspend, Action::Redraw], "suspend, draw again"),
];

/// Columns for the keys of a line.
const KEYS: usize = 14;

/// Draws it over everything.
pub(super) fn render(canvas: &mut Canvas<'_>, model: &Model) {
    let area = canvas.area();
    let look = canvas.look;
    let title = "Help: CAPITALS change the cluster (after a dialog), others never do";
    let mut card = Card::new(title, area.width.min(80), usize::from(area.height))
        .label(header::unusual_rights(model.session.permit));
    let inner = card.inner();
    let keymap = &model.session.keymap;
    let change = group(look, keymap, Group::Change, "CHANGE");
    let moving = group(look, keymap, Group::Move, "MOVE");
    let mut looking = group(look, keymap, Group::Look, "LOOK");
    let system = group(look, keymap, Group::System, "SYSTEM");
    if inner >= 70 {
        let mut left = moving;
        left.push(Line::default());
        left.extend(change);
        looking.push(Line::default());
        looking.extend(system);
        card.add(Section::lines(beside(left, looking, inner / 2 + 2)));
    } else {
        // One column: what changes the cluster first, the rest as far as there is room.
        let all = [change, looking, moving, system].concat();
        card.add(Section::lines(all).rank(8));
    }
    if inner >= 70 {
        card.add(Section::lines(vec![legend(look)]).rank(9));
    }
    let close = format!("{} closes", keymap.shown(Action::Back));
    let hint = "Actions that are not possible now say why.";
    let room = inner.saturating_sub(close.len() + 1);
    card.add(
        Section::text(vec![format!("{} {close}", fit::left(hint, room))])
            .rank(9)
            .joined(),
    );
    canvas.cursor = None;
    card.draw(canvas);
}

/// The heading of a group and a line for each of its actions.
fn group(look: Look, keymap: &Keymap, group: Group, title: &str) -> Vec<Line<'static>> {
    let mut lines = vec![Line::from(look.span(Role::Strong, title))];
    let mut line = |keys: String, label: &str| {
        let keys = if fit::width(&keys) < KEYS {
            fit::left(&keys, KEYS)
        } else {
            format!("{keys} ")
        };
        lines.push(Line::from(vec![
            look.span(Role::Strong, keys),
            Span::raw(label.to_owned()),
        ]));
    };
    for &action in Action::ALL.iter().filter(|action| action.group() == group) {
        match TOGETHER
            .iter()
            .find(|(actions, _)| actions.contains(&action))
        {
            Some((actions, label)) if actions.first() == Some(&action) => {
                line(shared(keymap, actions), label);
            }
            Some(_) => {}
            None => line(all_keys(keymap, action), action.label()),
        }
    }
    lines
}

/// `Up Down k j`: the first keys of all actions, then the second ones.
fn shared(keymap: &Keymap, actions: &[Action]) -> String {
    let longest = actions.iter().map(|a| keymap.keys(*a).len()).max();
    let mut keys = Vec::new();
    for nth in 0..longest.unwrap_or(0) {
        for action in actions {
            keys.extend(keymap.keys(*action).get(nth).map(ToString::to_string));
        }
    }
    shown(&keys)
}

fn all_keys(keymap: &Keymap, action: Action) -> String {
    let keys: Vec<String> = keymap
        .keys(action)
        .iter()
        .map(ToString::to_string)
        .collect();
    shown(&keys)
}

fn shown(keys: &[String]) -> String {
    if keys.is_empty() {
        return "-".to_owned();
    }
    let all = keys.join(" ");
    // BackTab is what programs call it; keyboards say Shift-Tab.
    all.replace("BackTab", "Shift-Tab")
}

fn beside(left: Vec<Line<'static>>, right: Vec<Line<'static>>, at: usize) -> Vec<Line<'static>> {
    let rows = left.len().max(right.len());
    let (mut left, mut right) = (left.into_iter(), right.into_iter());
    (0..rows)
        .map(|_| {
            let mut line = left.next().unwrap_or_default();
            let missing = at.saturating_sub(line.width());
            line.push_span(Span::raw(fit::blank(missing)));
            line.spans.extend(right.next().unwrap_or_default().spans);
            line
        })
        .collect()
}

/// `+ ok  * working  ! warning`: what the glyphs mean, everywhere.
fn legend(look: Look) -> Line<'static> {
    let mut line = Line::default();
    for (glyph, word) in [
        (Glyph::Ok, "ok"),
        (Glyph::Work, "working"),
        (Glyph::Warn, "warning"),
        (Glyph::Bad, "bad"),
        (Glyph::Stopped, "stopped"),
        (Glyph::Yours, "your move"),
        (Glyph::Old, "old, unknown"),
    ] {
        line.push_span(look.glyph(glyph));
        line.push_span(Span::raw(format!(" {word}  ")));
    }
    line
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn actions_on_one_line_are_of_one_group() {
        for (actions, _) in TOGETHER {
            assert!(actions.iter().all(|a| a.group() == actions[0].group()));
        }
    }
}
