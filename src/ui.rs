//! The screen: a function of the model, and nothing else.
//!
//! ```text
//! glustop  gl-01  peers 6/6  vols 4  tasks 2     [RW]   live 5s  12:04:31   header
//! X home: brick gl-06:/bricks/h0/home offline 12m                e all 3   header
//! 1>VOLUMES 4   TYPE                STATE      UP    USED    SIZE  USE%    panes/volumes
//! 2 BRICKS of media              STATE      DISK          USED     FREE    panes/bricks
//! 3 TASKS 2               PROGRESS                    RATE   LEFT FAIL     panes/tasks
//! 4 EVENTS                                                 (tall screens)  panes/events
//! media: draining media-replicate-2, 3.1 of 8.3 TiB moved                  header (message)
//! Enter status  S stop  ! EMERGENCY                             ? help     header (footer)
//! ```
//!
//! A view (`status`, `alarms`, `log`, `history`, `commands`) takes the place of the panes; a card
//! (`help`, `order`, `dialog`) lies over everything. What the screen remembers between two frames is
//! in [`ViewState`]: the place in each list, never what is selected.
//!
//! Text enters the frame in one place, `canvas`: there it is made harmless and clipped. Rows
//! out of sight are never built.

use ratatui::Frame;

use crate::app::{Model, View};
use crate::model::VolumeName;

mod alarms;
mod canvas;
mod card;
mod columns;
mod commands;
mod dialog;
mod fit;
mod header;
mod help;
mod history;
mod layout;
mod log;
mod look;
mod main_view;
mod marks;
mod meter;
mod order;
mod panes;
pub mod picture;
mod status;
mod watching;
mod words;

pub use look::{Charset, Look, Palette};
pub use picture::text;

/// What the screen remembers between two frames.
#[derive(Debug, Clone, Default)]
pub struct ViewState {
    /// First volume shown.
    pub volumes: usize,
    /// First row of the Bricks pane shown.
    pub bricks: usize,
    /// First task shown.
    pub tasks: usize,
    /// First event shown.
    pub events: usize,
    /// The volumes whose rows were drawn last: worth reading before the others.
    pub visible_volumes: Vec<VolumeName>,
}

/// Draws the whole screen.
pub fn view(model: &Model, look: &Look, state: &mut ViewState, frame: &mut Frame<'_>) {
    let mut canvas = canvas::Canvas::new(frame, *look);
    let is_card = |view: &&View| matches!(view, View::Help | View::Order { .. });
    match model.views.iter().rev().find(|view| !is_card(view)) {
        Some(View::TaskStatus { volume, scroll }) => {
            status::render(&mut canvas, model, volume, *scroll);
        }
        Some(View::Ended { row, scroll }) => {
            status::render_ended(&mut canvas, model, row, *scroll);
        }
        Some(View::Alarms { scroll }) => alarms::render(&mut canvas, model, *scroll),
        Some(View::Log { volume, scroll }) => log::render(&mut canvas, model, volume, *scroll),
        Some(View::History { selected }) => {
            history::render(&mut canvas, model, selected.as_ref());
        }
        Some(View::Commands { scroll }) => commands::render(&mut canvas, model, *scroll),
        Some(View::Help | View::Order { .. }) | None => {
            main_view::render(&mut canvas, model, state);
        }
    }
    match model.views.last() {
        Some(View::Help) => help::render(&mut canvas, model),
        Some(View::Order { pane, cursor }) => order::render(&mut canvas, model, *pane, *cursor),
        _ => {}
    }
    if let Some(dialog) = &model.dialog {
        dialog::render(&mut canvas, model, dialog);
    }
    if let Some(position) = canvas.finish() {
        frame.set_cursor_position(position);
    }
}

#[cfg(test)]
mod testing;
#[cfg(test)]
mod tests;
