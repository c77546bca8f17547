//! Moving about: rows, panes, views, filters, orders and marks.

use tui_input::Input;

use crate::app::dialog;
use crate::app::model::{Model, Pane, View};
use crate::app::rows::{self, BrickRow, BrickRowId, TaskColumn, TaskRow, VolumeColumn};
use crate::config::{Action, Key, KeyCode};

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
        Action::Fold => fold(model, true),
        Action::Unfold => fold(model, false),
        Action::Back => back(model),
        Action::Close => {
            model.close_view();
        }
        Action::Open => open(model),
        Action::Status => status(model),
        Action::Alarms => show(model, View::Alarms { scroll: 0 }),
        Action::Help => show(model, View::Help),
        Action::Filter => filter(model),
        Action::Order => order(model),
        Action::Zoom => model.panes.zoom = !model.panes.zoom,
        Action::Mark => mark(model),
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
            choose_order(model, digit as usize - '1' as usize);
            true
        }
        _ => false,
    }
}

/// The filter that is being typed.
pub(super) fn editing(model: &mut Model) -> Option<&mut Input> {
    match model.panes.focus {
        Pane::Volumes => model.panes.volumes.filter.editing.as_mut(),
        Pane::Bricks => model.panes.bricks.filter.editing.as_mut(),
        Pane::Tasks => model.panes.tasks.filter.editing.as_mut(),
        Pane::Events => None,
    }
}

/// A key while a filter is typed: rows follow each letter; Enter keeps it, Esc drops it.
pub(super) fn edit_filter(model: &mut Model, key: Key) {
    let filter = match model.panes.focus {
        Pane::Volumes => &mut model.panes.volumes.filter,
        Pane::Bricks => &mut model.panes.bricks.filter,
        Pane::Tasks => &mut model.panes.tasks.filter,
        Pane::Events => return,
    };
    let Some(mut input) = filter.editing.take() else {
        return;
    };
    match key.code {
        KeyCode::Enter => {}
        KeyCode::Esc => filter.set(""),
        _ => {
            dialog::edit(&mut input, key);
            filter.set(input.value());
            filter.editing = Some(input);
        }
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

fn step(model: &mut Model, rows: isize) {
    let scroll = |at: &mut usize| *at = at.saturating_add_signed(rows);
    match model.views.last_mut() {
        Some(View::TaskStatus { scroll: at, .. } | View::Ended { scroll: at, .. }) => {
            return scroll(at);
        }
        Some(View::Alarms { scroll: at }) => {
            scroll(at);
            let last = model.findings.len() + model.journal.events().len();
            *at = (*at).min(last.saturating_sub(1));
            return;
        }
        Some(View::Order { cursor, .. }) => return scroll(cursor),
        Some(View::Help) => return,
        None => {}
    }
    match model.panes.focus {
        Pane::Volumes => {
            let ids: Vec<_> = rows::volumes(model)
                .iter()
                .map(|state| state.volume.name.clone())
                .collect();
            model.panes.volumes.step(&ids, rows);
        }
        Pane::Bricks => {
            let ids: Vec<_> = rows::bricks(model).iter().map(BrickRow::id).collect();
            model.panes.bricks.step(&ids, rows);
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
    let filter = match model.panes.focus {
        Pane::Volumes => &mut model.panes.volumes.filter,
        Pane::Bricks => &mut model.panes.bricks.filter,
        Pane::Tasks => &mut model.panes.tasks.filter,
        Pane::Events => return,
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

fn open(model: &mut Model) {
    if let Some(View::Order { cursor, .. }) = model.views.last() {
        let at = *cursor;
        choose_order(model, at);
    } else if model.on_main() && model.panes.focus == Pane::Bricks {
        let rows = rows::bricks(model);
        let ids: Vec<_> = rows.iter().map(BrickRow::id).collect();
        let at = model.panes.bricks.position(&ids);
        if let Some(BrickRow::Set { folded, .. }) = at.and_then(|at| rows.get(at)) {
            let folded = *folded;
            fold(model, !folded);
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
    let rows = rows::tasks(model);
    let ids: Vec<_> = rows.iter().map(TaskRow::id).collect();
    let row = rows.get(model.panes.tasks.position(&ids)?)?;
    row.ended.map(|_| row.id())
}

fn fold(model: &mut Model, folded: bool) {
    if !model.on_main() || model.panes.focus != Pane::Bricks {
        return;
    }
    let rows = rows::bricks(model);
    let ids: Vec<_> = rows.iter().map(BrickRow::id).collect();
    let Some(row) = model
        .panes
        .bricks
        .position(&ids)
        .and_then(|at| rows.get(at))
    else {
        return;
    };
    let (state, index) = match row {
        BrickRow::Set { state, set, .. } => (*state, Some(set.index)),
        BrickRow::Brick {
            state,
            brick,
            indented,
        } => (
            *state,
            indented
                .then(|| state.volume.subvolume_of(&brick.name))
                .flatten(),
        ),
    };
    let Some(index) = index else { return };
    let name = state.volume.name.clone();
    if folded {
        model.panes.folded.insert((name.clone(), index));
        model.panes.bricks.selected = Some(BrickRowId::Set(name, index));
    } else {
        model.panes.folded.remove(&(name, index));
    }
}

fn filter(model: &mut Model) {
    if !model.on_main() {
        return;
    }
    let filter = match model.panes.focus {
        Pane::Volumes => &mut model.panes.volumes.filter,
        Pane::Bricks => &mut model.panes.bricks.filter,
        Pane::Tasks => &mut model.panes.tasks.filter,
        Pane::Events => return model.complain("Events have no filter."),
    };
    filter.editing = Some(Input::new(filter.text().to_owned()));
}

fn order(model: &mut Model) {
    if !model.on_main() {
        return;
    }
    match model.panes.focus {
        Pane::Volumes | Pane::Tasks => model.views.push(View::Order {
            pane: model.panes.focus,
            cursor: 0,
        }),
        Pane::Bricks => model.complain("Bricks keep the order of their sub-volumes."),
        Pane::Events => model.complain("Events keep the order of time."),
    }
}

/// Orders by a column; the same column again turns the order round.
fn choose_order(model: &mut Model, at: usize) {
    let Some(View::Order { pane, .. }) = model.close_view() else {
        return;
    };
    let said = if pane == Pane::Volumes {
        let table = &mut model.panes.volumes;
        pick(&mut table.order, &mut table.reverse, VolumeColumn::ALL, at)
    } else {
        let table = &mut model.panes.tasks;
        pick(&mut table.order, &mut table.reverse, TaskColumn::ALL, at)
    };
    if let Some(said) = said {
        model.say(said);
    }
}

fn pick<C: Copy + PartialEq>(
    order: &mut C,
    reverse: &mut bool,
    all: &[(C, &str)],
    at: usize,
) -> Option<String> {
    let (column, heading) = all.get(at)?;
    *reverse = *order == *column && !*reverse;
    *order = *column;
    Some(format!(
        "Ordered by {heading}{}.",
        if *reverse { ", reversed" } else { "" }
    ))
}
/// Marks the row under the cursor; a sub-volume's heading marks all its bricks.
fn mark(model: &mut Model) {
    if !model.on_main() {
        return;
    }
    match model.panes.focus {
        Pane::Volumes => {
            if let Some(state) = model.selected_volume() {
                let name = state.volume.name.clone();
                model.panes.volumes.toggle(name);
            }
        }
        Pane::Bricks => {
            let rows = rows::bricks(model);
            let ids: Vec<_> = rows.iter().map(BrickRow::id).collect();
            let Some(row) = model
                .panes
                .bricks
                .position(&ids)
                .and_then(|at| rows.get(at))
            else {
                return;
            };
            let names: Vec<_> = match row {
                BrickRow::Set { set, .. } => set
                    .bricks
                    .iter()
                    .map(|b| BrickRowId::Brick(b.name.clone()))
                    .collect(),
                BrickRow::Brick { brick, .. } => vec![BrickRowId::Brick(brick.name.clone())],
            };
            let marked = &mut model.panes.bricks.marked;
            if names.iter().all(|name| marked.contains(name)) {
                marked.retain(|id| !names.contains(id));
            } else {
                marked.extend(names);
            }
        }
        Pane::Tasks | Pane::Events => {
            model.complain(
                "Rows are marked in Volumes (to start several) and in Bricks (to remove).",
            );
            return;
        }
    }
    step(model, 1);
}
