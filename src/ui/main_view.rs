//! The main view: header, alarms, panes, message, footer.

use ratatui::layout::Rect;
use ratatui::text::Line;

use super::canvas::Canvas;
use super::layout::{self, Room, Screen};
use super::look::Role;
use super::panes::{Spot, bricks, events, fault, tasks, volumes};
use super::{ViewState, header};
use crate::app::{Model, Pane};

/// Draws it.
pub(super) fn render(canvas: &mut Canvas<'_>, model: &Model, view: &mut ViewState) {
    let area = canvas.area();
    let screen = layout::screen(area);
    header::header(canvas, screen.header, model);
    header::alarms(canvas, screen.alarms, model);
    body(canvas, &screen, model, view);
    header::message(canvas, screen.message, model, None);
    header::footer(canvas, screen.footer, model);
}

fn body(canvas: &mut Canvas<'_>, screen: &Screen, model: &Model, view: &mut ViewState) {
    let area = screen.body;
    let room = Room::of(canvas.area().height);
    let focus = match model.panes.focus {
        // Where there is no room for the events, they cannot be looked at.
        Pane::Events if room != Room::Tall && !model.panes.zoom => Pane::Volumes,
        pane => pane,
    };
    let count = model.snapshot.volumes().len();
    let fault = model.snapshot.volumes.fault();
    if let Some(known) = model.snapshot.volumes.get()
        && known.is_empty()
        && fault.is_none()
    {
        empty_pool(canvas, area, model, view);
    } else if model.panes.zoom {
        pane(canvas, area, focus, model, view);
    } else if let Some(fault) = fault
        && fault::is_worth_a_panel(fault)
        // Beside volumes that were just read it is one alarm among others.
        && (model.is_old() || count == 0)
        && room != Room::Mini
    {
        let rows = u16::try_from(count).unwrap_or(u16::MAX).saturating_add(1);
        let rows = rows.min(area.height / 3);
        let [top, rest] = split(area, if count == 0 { 0 } else { rows + 1 });
        let top = Rect {
            height: top.height.saturating_sub(1),
            ..top
        };
        if !top.is_empty() {
            pane(canvas, top, Pane::Volumes, model, view);
        }
        fault::panel(canvas, rest, model, fault);
    } else {
        match room {
            Room::Tall | Room::Usual => {
                let wide = area.width >= 120;
                for (which, area) in layout::panes(area, room, count, wide) {
                    pane(canvas, area, which, model, view);
                }
            }
            Room::Low => low(canvas, area, focus, model, view),
            Room::Mini => mini(canvas, area, focus, model, view),
        }
    }
}

fn pane(canvas: &mut Canvas<'_>, area: Rect, which: Pane, model: &Model, view: &mut ViewState) {
    let spot = Spot::new(area, which, model);
    match which {
        Pane::Volumes => volumes::render(canvas, spot, model, view),
        Pane::Bricks => bricks::render(canvas, spot, model, view),
        Pane::Tasks => tasks::render(canvas, spot, model, view),
        Pane::Events => events::render(canvas, spot, model, view),
    }
}

/// The focused pane has the rows, the others are one line each, all in their usual order.
fn low(canvas: &mut Canvas<'_>, area: Rect, focus: Pane, model: &Model, view: &mut ViewState) {
    let mut rest = area;
    for which in [Pane::Volumes, Pane::Bricks, Pane::Tasks] {
        if which == focus {
            let [top, below] = split(rest, area.height.saturating_sub(2));
            pane(canvas, top, which, model, view);
            rest = below;
        } else {
            let [top, below] = split(rest, 1);
            let spot = Spot::new(top, which, model);
            let text = match which {
                Pane::Volumes => volumes::summary(model),
                Pane::Bricks => bricks::summary(model),
                Pane::Tasks => tasks::summary(model),
                Pane::Events => events::summary(model),
            };
            spot.head_line(canvas, &spot.title(&text, None));
            rest = below;
        }
    }
}

/// The running tasks in short, then the focused pane: on ten rows nothing else matters.
fn mini(canvas: &mut Canvas<'_>, area: Rect, focus: Pane, model: &Model, view: &mut ViewState) {
    let brief = if focus == Pane::Tasks {
        vec![]
    } else {
        tasks::brief(canvas.look, model)
    };
    let rows = brief.len().min(usize::from(area.height / 3));
    for (row, line) in brief.iter().take(rows).enumerate() {
        canvas.line(area, row, line);
    }
    let [_, rest] = split(area, rows as u16);
    pane(canvas, rest, focus, model, view);
}

/// A pool without a volume: what to do next, instead of empty panes.
fn empty_pool(canvas: &mut Canvas<'_>, area: Rect, model: &Model, view: &mut ViewState) {
    let [_, area] = split(area, u16::from(area.height > 18));
    pane(canvas, area, Pane::Volumes, model, view);
    let alone = model.snapshot.peers().len() <= 1;
    let first = if alone {
        "This node is alone in its trusted storage pool, and there is no volume yet."
    } else {
        "There is no volume in this trusted storage pool yet."
    };
    let lines = [
        first,
        "",
        "Add peers        gluster peer probe HOST",
        "Make a volume    gluster volume create NAME replica 3 HOST1:/bricks/b1 ...",
        "                 gluster volume start NAME",
        "",
        "The volume shows up here by itself.",
        "",
        "Look around first:   glustop --demo      (no cluster needed)",
    ];
    let lines = lines
        .iter()
        .filter(|line| alone || !line.starts_with("Add peers"));
    for (row, text) in lines.enumerate() {
        canvas.line(area, row + 2, &Line::from(format!("   {text}")));
    }
    let peers = model
        .snapshot
        .release
        .map_or_else(String::new, |r| format!("glusterfs {r}"));
    let last = usize::from(area.height.saturating_sub(1));
    if last > 12 {
        canvas.text(area, last, Role::Plain, &peers);
    }
}

fn split(area: Rect, rows: u16) -> [Rect; 2] {
    let rows = rows.min(area.height);
    let top = Rect {
        height: rows,
        ..area
    };
    let rest = Rect {
        y: area.y.saturating_add(rows),
        height: area.height - rows,
        ..area
    };
    [top, rest]
}
