//! Moving about: rows, panes and views.

use super::arrange;
use crate::app::model::{Model, Pane, View};
use crate::app::rows::{self, BrickRow, TaskColumn, TaskRow, VolumeColumn};
use crate::config::{Action, Key, KeyCode};
use crate::model::VolumeName;

/// More than any list has rows.
const FAR: isize = 1 << 40;

/// Carries out an action that only moves or shows.
pub(super) fn go(model: &mut Model, action: Action) {
    match action {
        Action::Up => step(model, -1),
        Action::Down => step(model, 1),
        Action::PageUp => step(model, -page(model)),
        Action::PageDown => step(model, page(model)),
        Action::First => step(model, -FAR),
        Action::Last => step(model, FAR),
        Action::NextPane => turn(model, 1),
        Action::PreviousPane => turn(model, 3),
        Action::Volumes => focus(model, Pane::Volumes),
        Action::Bricks => focus(model, Pane::Bricks),
        Action::Tasks => focus(model, Pane::Tasks),
        Action::Events => focus(model, Pane::Events),
        Action::Fold => arrange::fold(model, true),
        Action::Unfold => arrange::fold(model, false),
        Action::Back => back(model),
        Action::Close => {
            model.close_view();
        }
        Action::Open => open(model),
        Action::Status => status(model),
        Action::Alarms => show(model, View::Alarms { scroll: 0 }),
        Action::History => show_or_close(model, View::History { selected: None }),
        Action::Commands => show_or_close(model, View::Commands { scroll: 0 }),
        Action::Help => show(model, View::Help),
        Action::Filter => arrange::filter(model),
        Action::Order => arrange::order(model),
        Action::Zoom => model.panes.zoom = !model.panes.zoom,
        Action::Mark if arrange::mark(model) => step(model, 1),
        Action::Unmark => {
            model.panes.volumes.marked.clear();
            model.panes.bricks.marked.clear();
        }
        _ => {}
    }
}

/// Keys that only the view on top knows, before the keymap: the numbers of a menu's lines.
pub(super) fn key_in_view(model: &mut Model, key: Key) -> bool {
    match (model.views.last(), key.code) {
        (Some(View::Order { .. }), KeyCode::Char(digit @ '1'..='9')) => {
            arrange::choose_order(model, digit as usize - '1' as usize);
            true
        }
        _ => false,
    }
}

/// Ties the cursor of each pane to the row it stands on.
pub(super) fn pin(model: &mut Model) {
    if let Some(state) = model.selected_volume() {
        model.panes.volumes.selected = Some(state.volume.name.clone());
    }
    if model.panes.tasks.selected.is_none() {
        model.panes.tasks.selected = rows::tasks(model).first().map(TaskRow::id);
    }
}

fn page(model: &Model) -> isize {
    let rows = if model.panes.zoom || !model.on_main() {
        model.panes.height
    } else {
        model.panes.height / 3
    };
    isize::try_from(rows.saturating_sub(4).max(1)).unwrap_or(1)
}

/// The last line that the view on top can scroll to, or its cursor can reach.
fn last_line(model: &Model) -> usize {
    let task = match model.views.last() {
        Some(View::TaskStatus { volume, .. }) => {
            let state = model.snapshot.volume(volume);
            state.and_then(|state| state.task())
        }
        Some(View::Ended { row, .. }) => {
            let ended = model.snapshot.ended.iter();
            ended
                .map(|ended| (&ended.volume, &ended.task))
                .find(|(volume, task)| **volume == row.volume && task.id == row.task)
                .map(|(_, task)| task)
        }
        // A finding takes up to four lines, an event one; two headings.
        Some(View::Alarms { .. }) => {
            return 4 * model.findings.len() + model.journal.events().len() + 1;
        }
        Some(View::Commands { .. }) => {
            return rows::commands(model).count().saturating_sub(1);
        }
        Some(View::Order { pane, .. }) => {
            let columns = match pane {
                Pane::Volumes => VolumeColumn::ALL.len(),
                _ => TaskColumn::ALL.len(),
            };
            return columns - 1;
        }
        // Ten lines tell all of one cause.
        Some(View::Log { volume, .. }) => {
            let groups = model
                .logs
                .get(volume)
                .and_then(|read| read.result.as_ref().ok());
            return 10 * groups.map_or(0, |triage| triage.groups.len()) + 10;
        }
        Some(View::Help | View::History { .. }) | None => None,
    };
    task.map_or(0, |task| task.nodes.len().saturating_sub(1))
}

fn step(model: &mut Model, rows: isize) {
    if let Some(View::History { selected }) = model.views.last() {
        let ids: Vec<_> = rows::history(model).iter().map(TaskRow::id).collect();
        let at = rows::history_cursor(&ids, selected.as_ref());
        let to = at
            .saturating_add_signed(rows)
            .min(ids.len().saturating_sub(1));
        let selected = ids.into_iter().nth(to);
        model.views.pop();
        model.views.push(View::History { selected });
        return;
    }
    let last = last_line(model);
    match model.views.last_mut() {
        Some(
            View::TaskStatus { scroll: at, .. }
            | View::Ended { scroll: at, .. }
            | View::Alarms { scroll: at }
            | View::Log { scroll: at, .. }
            | View::Commands { scroll: at }
            | View::Order { cursor: at, .. },
        ) => {
            *at = at.saturating_add_signed(rows).min(last);
            return;
        }
        Some(View::Help | View::History { .. }) => return,
        None => {}
    }
    match model.panes.focus {
        Pane::Volumes => {
            if let Some(name) = volume_after(model, rows) {
                model.panes.volumes.selected = Some(name);
            }
        }
        Pane::Bricks => {
            if let Some(id) = brick_after(model, rows) {
                model.panes.bricks.selected = Some(id);
            }
        }
        Pane::Tasks => {
            let ids: Vec<_> = rows::tasks(model).iter().map(TaskRow::id).collect();
            model.panes.tasks.step(&ids, rows);
        }
        Pane::Events => {
            let last = model.journal.events().len().saturating_sub(1);
            model.panes.events_scroll = model
                .panes
                .events_scroll
                .saturating_add_signed(rows)
                .min(last);
        }
    }
}

/// The volume so many rows from the cursor of its pane, or the last one that way.
fn volume_after(model: &Model, rows: isize) -> Option<VolumeName> {
    let all = rows::volumes(model);
    let at = all.position(model.panes.volumes.selected.as_ref())?;
    let to = at.saturating_add_signed(rows).min(all.len() - 1);
    all.get(to).map(|state| state.volume.name.clone())
}

/// The row of the Bricks pane so many rows from the cursor, or the last one that way.
fn brick_after(model: &Model, rows: isize) -> Option<rows::BrickRowId> {
    let all = rows::bricks(model)?;
    let at = all.position(model.panes.bricks.selected.as_ref())?;
    let to = at.saturating_add_signed(rows).min(all.len() - 1);
    all.get(to).map(|row| row.id())
}

const PANES: [Pane; 4] = [Pane::Volumes, Pane::Bricks, Pane::Tasks, Pane::Events];

fn turn(model: &mut Model, by: usize) {
    let at = PANES
        .iter()
        .position(|pane| *pane == model.panes.focus)
        .unwrap_or(0);
    let next = (1..=PANES.len())
        .map(|n| PANES[(at + n * by) % PANES.len()])
        .find(|pane| model.has_pane(*pane));
    if let Some(pane) = next {
        focus(model, pane);
    }
}

fn focus(model: &mut Model, pane: Pane) {
    model.views.clear();
    if model.has_pane(pane) {
        // Coming from a task, the bricks shown are those of its volume: they stay.
        if let (Pane::Bricks, Some(state)) = (pane, model.target()) {
            let name = state.volume.name.clone();
            model.panes.volumes.selected = Some(name);
        }
        model.panes.focus = pane;
    } else {
        model.complain("The events need 34 rows; e shows them on a screen of their own.");
    }
}

fn back(model: &mut Model) {
    if model.close_view().is_some() {
        return;
    }
    let Some(filter) = model.panes.filter_mut() else {
        return;
    };
    if filter.text().is_empty() {
        model.panes.zoom = false;
    } else {
        filter.set("");
    }
}

fn show(model: &mut Model, view: View) {
    if model.views.last() == Some(&view) {
        model.close_view();
    } else {
        model.views.push(view);
    }
}

/// The key that opens a view closes it too, wherever one has moved to in it.
fn show_or_close(model: &mut Model, view: View) {
    let top = model.views.last().map(std::mem::discriminant);
    if top == Some(std::mem::discriminant(&view)) {
        model.close_view();
    } else {
        model.views.push(view);
    }
}

/// Opens the details of the task under the cursor of the history.
fn open_of_history(model: &mut Model, selected: Option<&rows::TaskRowId>) {
    let all = rows::history(model);
    let ids: Vec<_> = all.iter().map(TaskRow::id).collect();
    let Some(row) = all.get(rows::history_cursor(&ids, selected)) else {
        return;
    };
    let view = if row.ended.is_some() {
        View::Ended {
            row: row.id(),
            scroll: 0,
        }
    } else {
        View::TaskStatus {
            volume: row.volume.clone(),
            scroll: 0,
        }
    };
    model.views.push(view);
}

fn open(model: &mut Model) {
    if let Some(View::History { selected }) = model.views.last() {
        let selected = selected.clone();
        open_of_history(model, selected.as_ref());
    } else if let Some(View::Order { cursor, .. }) = model.views.last() {
        let at = *cursor;
        arrange::choose_order(model, at);
    } else if model.on_main() && model.panes.focus == Pane::Bricks {
        if let Some(BrickRow::Set { folded, .. }) = rows::selected_brick(model) {
            arrange::fold(model, !folded);
        } else {
            status(model);
        }
    } else {
        status(model);
    }
}

fn status(model: &mut Model) {
    if !model.on_main() {
        return;
    }
    if let Some(id) = selected_ended(model) {
        model.views.push(View::Ended { row: id, scroll: 0 });
        return;
    }
    let Some(state) = model.target() else {
        return;
    };
    let volume = state.volume.name.clone();
    if state.task().is_some() {
        model.views.push(View::TaskStatus { volume, scroll: 0 });
    } else if state.task.get().is_none() {
        model.complain(format!("Whether {volume} has a task is not known yet."));
    } else {
        model.complain(format!(
            "{volume} has no task: R starts a rebalance, D removes bricks."
        ));
    }
}

/// The task under the cursor of the Tasks pane, when gluster has forgotten it.
fn selected_ended(model: &Model) -> Option<rows::TaskRowId> {
    if model.panes.focus != Pane::Tasks {
        return None;
    }
    let row = rows::selected_task(model)?;
    row.ended.map(|_| row.id())
}
