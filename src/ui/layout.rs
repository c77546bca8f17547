//! How the rows of the terminal are divided.
//!
//! | rows | what is shown |
//! | --- | --- |
//! | >= 34 | two alarm lines, four panes, a blank row between them |
//! | 24 to 33 | one alarm line, Volumes, Bricks, Tasks |
//! | 16 to 23 | the focused pane; the others as one line each |
//! | below 16 | the running tasks in short, and the focused pane |
//!
//! Borders depend on the terminal's size and on how many volumes there are, which hardly ever
//! changes. They do not follow the focus, the selected volume or the tasks that come and go: a
//! row stays where the eye has found it. `z` gives one pane all the rows.

use ratatui::layout::Rect;

use crate::app::Pane;

/// Where everything goes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Screen {
    pub(super) header: Rect,
    pub(super) alarms: Rect,
    pub(super) body: Rect,
    pub(super) message: Rect,
    pub(super) footer: Rect,
}

/// How much room the body has.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Room {
    /// All panes, with the events.
    Tall,
    /// Three panes.
    Usual,
    /// One pane, and a line for each of the others.
    Low,
    /// Hardly any.
    Mini,
}

impl Room {
    pub(super) fn of(height: u16) -> Self {
        match height {
            34.. => Self::Tall,
            24.. => Self::Usual,
            16.. => Self::Low,
            _ => Self::Mini,
        }
    }
}

/// The lines around the body.
pub(super) fn screen(area: Rect) -> Screen {
    let tall = Room::of(area.height) == Room::Tall;
    let (alarms, blank) = if tall { (2, 1) } else { (1, 0) };
    let row = |y: u16, height: u16| Rect {
        y: area.y.saturating_add(y),
        height,
        ..area
    };
    let h = area.height;
    // The footer goes first: it tells how to get out of here.
    let footer = row(h.saturating_sub(1), h.min(1));
    let header = row(0, u16::from(h >= 2));
    let message = row(h.saturating_sub(2), u16::from(h >= 4));
    let alarms = row(1, if h >= 5 { alarms } else { 0 });
    let top = header.height + alarms.height + blank;
    let bottom = footer.height + message.height;
    let body = row(top, h.saturating_sub(top + bottom));
    Screen {
        header,
        alarms,
        body,
        message,
        footer,
    }
}

/// The panes of the body, title row included, from top to bottom. `volumes` is how many there
/// are; `wide` tasks take more rows.
pub(super) fn panes(body: Rect, room: Room, volumes: usize, wide: bool) -> Vec<(Pane, Rect)> {
    let tall = room == Room::Tall;
    let blank = u16::from(tall);
    let count: u16 = if tall { 4 } else { 3 };
    let rows = body.height.saturating_sub(count + blank * (count - 1));
    let most = if tall { rows * 3 / 10 } else { rows * 6 / 17 };
    let volumes = u16::try_from(volumes)
        .unwrap_or(u16::MAX)
        .clamp(2, most.max(2));
    let tasks = if tall || wide {
        rows * 3 / 10
    } else {
        rows * 4 / 17
    }
    .max(2);
    let events = if tall { rows / 5 } else { 0 };
    let bricks = rows.saturating_sub(volumes + tasks + events);
    let wanted = [
        (Pane::Volumes, volumes),
        (Pane::Bricks, bricks),
        (Pane::Tasks, tasks),
        (Pane::Events, events),
    ];
    let mut y = body.y;
    wanted
        .into_iter()
        .take(usize::from(count))
        .map(|(pane, rows)| {
            let area = Rect {
                y,
                height: rows + 1,
                ..body
            }
            .intersection(body);
            y = y.saturating_add(rows + 1 + blank);
            (pane, area)
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn rows(height: u16, volumes: usize) -> Vec<u16> {
        let screen = screen(Rect::new(0, 0, 80, height));
        panes(screen.body, Room::of(height), volumes, false)
            .iter()
            .map(|(_, area)| area.height - 1)
            .collect()
    }

    #[test]
    fn every_row_is_given_to_a_pane() {
        assert_eq!(rows(24, 4), [4, 9, 4]);
        assert_eq!(rows(24, 1_000), [6, 7, 4]);
        assert_eq!(rows(24, 0), [2, 11, 4]);
        assert_eq!(rows(40, 4), [4, 10, 8, 5]);
    }

    #[test]
    fn no_size_is_too_small() {
        for height in 0..60 {
            let area = Rect::new(0, 0, 80, height);
            let screen = screen(area);
            for part in [screen.header, screen.alarms, screen.body, screen.message] {
                assert!(part.is_empty() || part.bottom() <= area.bottom());
            }
            panes(screen.body, Room::of(height), 5, true);
        }
    }
}
