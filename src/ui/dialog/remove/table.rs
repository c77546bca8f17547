//! The table of sub-volumes: marks, how full they are now, and how full in the end.

use ratatui::text::{Line, Span};

use super::marked;
use crate::app::dialog::Remove;
use crate::insight::plan::remove::{self, Forecast, Illegal, Removal};
use crate::insight::space::{self, Space};
use crate::model::{BrickName, Subvolume, Volume, VolumeState, text};
use crate::ui::columns::{Cell, Column, Columns};
use crate::ui::dialog::Ask;
use crate::ui::look::Role;
use crate::ui::{fit, marks, words};

#[derive(Clone, Copy)]
enum Col {
    Set,
    Bricks,
    Now,
    End,
    Full,
    Move,
}

/// The rows with their heading, and which line the cursor is on.
pub(super) fn lines(
    ask: Ask<'_>,
    kind: &Remove,
    state: &VolumeState,
    removal: &Result<Removal, Illegal>,
    inner: usize,
) -> (Vec<Line<'static>>, usize) {
    let leaving: &[usize] = match removal {
        Ok(Removal::Subvolumes(sets)) => sets,
        _ => &[],
    };
    let forecast = remove::forecast(state, leaving);
    let columns = columns(state, inner);
    let mut lines = vec![Line::from(columns.headings(""))];
    let mut cursor = 0;
    // Where single bricks are marked, whole sets do not tell which.
    let in_parts = !matches!(removal, Ok(Removal::Subvolumes(_))) && !kind.selected.is_empty();
    for (set, forecast) in state.volume.subvolumes().zip(&forecast) {
        let under_cursor = set.index == kind.cursor;
        if under_cursor {
            cursor = lines.len();
        }
        let n = marked(kind, state, set.index);
        let is_whole = n == set.bricks.len();
        let mark = match n {
            0 => "[ ]",
            _ if is_whole => "[x]",
            _ => "[-]",
        };
        let lead = if under_cursor { ">" } else { " " };
        let role = if under_cursor {
            Role::Strong
        } else {
            Role::Plain
        };
        let prefix = vec![ask.look.span(role, format!("{lead}{mark} "))];
        let width = columns.width(|c| matches!(c, Col::Bricks));
        lines.push(columns.row(ask.look, prefix, |column| match column {
            Col::Bricks => Cell::plain(bricks(&state.volume, set, width)),
            other => cell(other, set, *forecast),
        }));
        if in_parts && n > 0 && !is_whole {
            let chosen = set
                .bricks
                .iter()
                .filter(|b| kind.selected.contains(&b.name));
            for brick in chosen {
                let (glyph, word) = marks::brick(ask.model, state, brick);
                let room = inner.saturating_sub(10 + fit::width(word));
                lines.push(Line::from(vec![
                    Span::raw("     [x] "),
                    Span::raw(fit::cut_middle(brick.name.as_str(), room)),
                    Span::raw(" "),
                    ask.look.span(glyph.word_role(), word),
                ]));
            }
        }
    }
    (lines, cursor)
}

fn columns(state: &VolumeState, inner: usize) -> Columns<Col> {
    let names = state.volume.subvolumes().map(|set| fit::width(&set.name()));
    let name = names.max().unwrap_or(0).clamp(10, 26);
    let list = match inner {
        100.. => vec![
            Column::left(Col::Set, "SUB-VOLUME", 0, name),
            Column::name(Col::Bricks, "BRICKS", 2),
            Column::right(Col::Now, "USED NOW", 1, 12),
            Column::right(Col::End, "AT THE END", 1, 13),
            Column::right(Col::Full, "FULLEST", 2, 7),
            Column::right(Col::Move, "TO MOVE", 1, 10),
        ],
        66.. => vec![
            Column::left(Col::Set, "SUB-VOLUME", 0, name),
            Column::name(Col::Bricks, "BRICKS", 2),
            Column::right(Col::Now, "USED NOW", 1, 11),
            Column::right(Col::End, "AT THE END", 1, 12),
        ],
        _ => vec![
            Column::name(Col::Set, "SUB-VOLUME", 0),
            Column::right(Col::Now, "NOW", 1, 4),
            Column::right(Col::End, "END", 1, 7),
        ],
    };
    Columns::new(inner as u16, 5, list)
}

fn cell(column: Col, set: Subvolume<'_>, forecast: Forecast) -> Cell {
    match column {
        Col::Set | Col::Bricks => Cell::plain(set.name()),
        Col::Now => Cell::plain(full(forecast.now)),
        Col::End if forecast.leaves => Cell::plain("leaves"),
        Col::End => {
            let share = forecast.end.and_then(Space::fraction);
            Cell::new(role_of(share), full(forecast.end))
        }
        Col::Full => {
            let share = forecast.fullest.map(words::used);
            Cell::new(
                role_of(forecast.fullest),
                share.unwrap_or_else(|| "-".to_owned()),
            )
        }
        Col::Move => match forecast.now.filter(|_| forecast.leaves) {
            Some(space) => Cell::plain(text::size(space.used)),
            None => Cell::plain("-"),
        },
    }
}

/// More than full is worse than nearly full.
fn role_of(share: Option<f64>) -> Role {
    match share {
        Some(share) if share > 1.0 => Role::Bad,
        Some(share) if share > space::FULL => Role::Warn,
        _ => Role::Plain,
    }
}

/// `gl-01 gl-02 gl-03:/bricks/m0/media`, or where that is too long `gl-01 gl-02 gl-03 m0`: the
/// part of the path in which the bricks of the volume differ.
fn bricks(volume: &Volume, set: Subvolume<'_>, width: usize) -> String {
    let names: Vec<_> = set.bricks.iter().map(|brick| brick.name.clone()).collect();
    let long = words::bricks(&names);
    let Some(first) = names.first().filter(|_| fit::width(&long) > width) else {
        return long;
    };
    if names.len() == 1 {
        return fit::name(first.as_str(), width);
    }
    let hosts = words::hosts(names.iter().map(BrickName::host));
    let part = |name: &'_ BrickName, at: usize| name.path().split('/').nth(at).map(str::to_owned);
    let differs = |at: &usize| {
        volume
            .bricks
            .iter()
            .any(|b| part(&b.name, *at) != part(first, *at))
    };
    let depth = first.path().split('/').count();
    let tail = (0..depth).find(differs).and_then(|at| part(first, at));
    tail.map_or_else(|| hosts.clone(), |tail| format!("{hosts} {tail}"))
}

/// `8.1T  51%`.
fn full(space: Option<Space>) -> String {
    let Some(space) = space else {
        return "-".to_owned();
    };
    let share = space.fraction().map_or_else(|| "-".to_owned(), words::used);
    format!("{} {share:>4}", text::short_size(space.used))
}
