//! Pane 2: the bricks of the selected volume, below their sub-volumes.

use ratatui::text::Line;

use super::{Spot, cursor, follow, mark};
use crate::app::Model;
use crate::app::rows::{self, BrickRow};
use crate::insight::space::{self, Space};
use crate::insight::subvolume;
use crate::model::{BrickSpace, VolumeStatus, text};
use crate::ui::canvas::Canvas;
use crate::ui::columns::{Cell, Column, Columns, known};
use crate::ui::look::{Charset, Look, Role};
use crate::ui::{ViewState, fit, marks, words};

#[derive(Clone, Copy, PartialEq, Eq)]
enum Col {
    Set,
    Name,
    State,
    Port,
    Pid,
    Disk,
    Fs,
    Used,
    Free,
    Use,
    Inodes,
}

/// Draws the pane.
pub(in crate::ui) fn render(
    canvas: &mut Canvas<'_>,
    spot: Spot,
    model: &Model,
    view: &mut ViewState,
) {
    let table = &model.panes.bricks;
    let width = spot.area.width;
    let columns = columns(width, 3);
    let head = match note(model, width) {
        Some(note) => {
            let before = columns.offset(|column| column == Col::State);
            let room = before.saturating_sub(note.len() + 3);
            let title = |longest| spot.title(&name(model, longest), Some(&table.filter));
            let rest = fit::width(&title(0));
            let title = title(room.saturating_sub(rest).clamp(8, 20));
            columns.noted(&title, &note, |column| column == Col::State)
        }
        None => columns.headings(&spot.title(&name(model, 20), Some(&table.filter))),
    };
    spot.head_line(canvas, &head);
    let Some(all) = rows::bricks(model) else {
        return;
    };
    let selected = all.position(table.selected.as_ref());
    follow(&mut view.bricks, selected, all.len(), spot.rows());
    let seen = (view.bricks..).map_while(|at| Some((at, all.get(at)?)));
    for (row, (at, one)) in seen.take(spot.rows()).enumerate() {
        // A selection that no key can move is only noise: the row is marked when it is chosen.
        let is_selected = selected == Some(at) && (spot.focused || table.selected.is_some());
        let marked = table.marked.contains(&one.id());
        let line = line(canvas, model, width, &one, is_selected, marked);
        spot.row(canvas, row, &line, is_selected);
    }
}

/// The pane in one line.
pub(in crate::ui) fn summary(model: &Model) -> String {
    let Some(state) = model.target() else {
        return "BRICKS".to_owned();
    };
    let glance = model.glances.of(state);
    let old = model.doubt(state).bricks;
    let up = known(words::up(state, &glance), |up| {
        format!("{} online", words::tilde(old, up))
    });
    let bad = match glance.offline {
        n @ 1.. => format!("   {} {n} offline", if old { "~" } else { "X" }),
        0 => String::new(),
    };
    let read = note(model, 0).map_or_else(String::new, |note| format!("   {note}"));
    format!("{}   {up}{bad}{read}", name(model, 20))
}

/// `BRICKS of media`, with a name of at most so many columns.
fn name(model: &Model, longest: usize) -> String {
    match model.target() {
        Some(state) => format!(
            "BRICKS of {}",
            fit::cut_middle(state.volume.name.as_str(), longest)
        ),
        None => "BRICKS".to_owned(),
    }
}

/// How old the brick states are: always where there is room, and when they are too old anywhere.
fn note(model: &Model, width: u16) -> Option<String> {
    let (age, old) = model.bricks_read(model.target()?)?;
    match (width, old) {
        (100.., false) => Some(format!("read {age} ago")),
        (100.., true) => Some(format!("~ read {age} ago")),
        (_, true) => Some(format!("~{age} ago")),
        (_, false) => None,
    }
}

/// Bricks stand two columns to the right of their heading; all other columns are common.
fn columns(width: u16, prefix: usize) -> Columns<Col> {
    let list = match width {
        120.. => vec![
            Column::left(Col::Set, "", 0, 27 - prefix),
            Column::name(Col::Name, "HOST:PATH", 0),
            Column::left(Col::State, "STATE", 1, 10),
            Column::right(Col::Port, "PORT", 0, 5),
            Column::right(Col::Pid, "PID", 1, 7),
            Column::left(Col::Disk, "DEV", 2, 6),
            Column::left(Col::Fs, "FS", 1, 5),
            Column::right(Col::Used, "USED", 0, 7),
            Column::right(Col::Free, "FREE", 1, 7),
            Column::right(Col::Use, "USE%", 1, 6),
            Column::right(Col::Inodes, "INODE%", 1, 6),
        ],
        100.. => vec![
            Column::name(Col::Name, "", 0),
            Column::left(Col::State, "STATE", 1, 10),
            Column::left(Col::Disk, "DISK", 1, 13),
            Column::right(Col::Used, "USED", 0, 7),
            Column::right(Col::Free, "FREE", 2, 7),
            Column::right(Col::Use, "USE%", 1, 6),
            Column::right(Col::Inodes, "INODE%", 2, 6),
        ],
        80.. => vec![
            Column::name(Col::Name, "", 0),
            Column::left(Col::State, "STATE", 1, 10),
            Column::left(Col::Disk, "DISK", 1, 11),
            Column::right(Col::Used, "USED", 0, 7),
            Column::right(Col::Free, "FREE", 2, 7),
            Column::right(Col::Use, "USE%", 1, 6),
        ],
        60.. => vec![
            Column::name(Col::Name, "", 0),
            Column::left(Col::State, "STATE", 1, 10),
            Column::right(Col::Used, "USED", 0, 7),
            Column::right(Col::Free, "FREE", 1, 7),
            Column::right(Col::Use, "USE%", 1, 5),
        ],
        _ => vec![
            Column::name(Col::Name, "", 0),
            Column::right(Col::Use, "USE%", 1, 5),
        ],
    };
    Columns::new(width, prefix, list)
}

fn line(
    canvas: &Canvas<'_>,
    model: &Model,
    width: u16,
    row: &BrickRow<'_>,
    selected: bool,
    marked: bool,
) -> Line<'static> {
    let look = canvas.look;
    match row {
        BrickRow::Set { state, set, folded } => {
            let glance = model.glances.of(state);
            let health = subvolume::health(state, *set);
            let (glyph, word) = marks::subvolume(model, state, health);
            let space = glance.sharing.subvolume(state, *set);
            let old = model.doubt(state).space;
            let prefix = vec![
                cursor(selected),
                look.span(Role::Plain, fold(look, *folded)),
                mark(canvas, marked),
            ];
            let columns = columns(width, 3);
            columns.row(look, prefix, |column| match column {
                Col::Name if columns.width(|c| c == Col::Set) == 0 => Cell::plain(set.name()),
                Col::Set => Cell::plain(set.name()),
                Col::Name if health.leaving => Cell::plain("leaving the volume"),
                Col::Name if *folded => {
                    Cell::plain(words::hosts(set.bricks.iter().map(|b| b.name.host())))
                }
                Col::State => Cell::new(glyph.word_role(), word.clone()),
                Col::Disk if health.leaving && width < 120 => Cell::plain("leaving"),
                other => size(other, space, old),
            })
        }
        BrickRow::Brick {
            state,
            set,
            brick,
            indented,
        } => {
            let glance = model.glances.of(state);
            let (glyph, word) = marks::brick(model, state, brick);
            let started = state.volume.status == VolumeStatus::Started;
            let file_system = state.space(&brick.name).filter(|_| started);
            let space = glance.sharing.brick(state, brick).filter(|_| started);
            let old = model.doubt(state).space;
            let running = state.brick(&brick.name);
            let mut prefix = vec![cursor(selected)];
            if *indented {
                prefix.push(mark(canvas, marked));
                prefix.push(look.span(Role::Plain, " "));
                prefix.push(look.glyph(glyph));
                prefix.push(look.span(Role::Plain, " "));
            } else {
                prefix.push(look.glyph(glyph));
                prefix.push(mark(canvas, marked));
            }
            let columns = columns(width, if *indented { 5 } else { 3 });
            columns.row(look, prefix, |column| match column {
                Col::Set if *indented => Cell::default(),
                Col::Set => Cell::plain(set.name()),
                Col::Name => Cell::plain(brick.name.as_str()),
                Col::State => Cell::new(glyph.word_role(), word),
                Col::Port => Cell::plain(known(running.port, |port| port.to_string())),
                Col::Pid => Cell::plain(known(running.pid, |pid| pid.to_string())),
                Col::Disk => Cell::plain(disk(file_system, width < 120)),
                Col::Fs => Cell::plain(known(
                    file_system.and_then(|space| space.fs.as_deref()),
                    str::to_owned,
                )),
                Col::Inodes => Cell::plain(known(file_system.and_then(inodes), words::used)),
                other => size(other, space, old),
            })
        }
    }
}

/// The columns that sub-volumes and bricks fill alike.
fn size(column: Col, space: Option<Space>, old: bool) -> Cell {
    let bytes = |bytes: fn(Space) -> u64| {
        let text = known(space, |space| text::short_size(bytes(space)));
        Cell::plain(words::tilde(old, text))
    };
    match column {
        Col::Used => bytes(|space| space.used),
        Col::Free => bytes(Space::free),
        Col::Use => {
            let share = space.and_then(Space::fraction);
            let role = if share.is_some_and(|share| share > space::FULL) {
                Role::Warn
            } else {
                Role::Plain
            };
            Cell::new(role, words::tilde(old, known(share, words::used)))
        }
        _ => Cell::default(),
    }
}

/// `sdb xfs`: the device without its directory.
fn disk(space: Option<&BrickSpace>, with_fs: bool) -> String {
    let device = space.and_then(|space| space.device.as_deref());
    let short = device.map(|path| path.rsplit('/').next().unwrap_or(path));
    let fs = space.and_then(|space| space.fs.as_deref());
    match (short, fs) {
        (Some(device), Some(fs)) if with_fs => format!("{device} {fs}"),
        (Some(device), _) => device.to_owned(),
        (None, Some(fs)) if with_fs => fs.to_owned(),
        _ => "-".to_owned(),
    }
}

fn inodes(space: &BrickSpace) -> Option<f64> {
    let total = space.inodes_total.filter(|&total| total > 0)?;
    Some(space.inodes_used()? as f64 / total as f64)
}

fn fold(look: Look, folded: bool) -> &'static str {
    match (look.charset, folded) {
        (Charset::Ascii, true) => ">",
        (Charset::Ascii, false) => "v",
        (Charset::Utf8, true) => "▸",
        (Charset::Utf8, false) => "▾",
    }
}
