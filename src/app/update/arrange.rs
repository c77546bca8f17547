//! How a pane shows its rows: filters, orders, folds and marks.

use tui_input::Input;

use crate::app::field;
use crate::app::model::{Model, Pane, View};
use crate::app::rows::{self, BrickRow, BrickRowId, TaskColumn, VolumeColumn};
use crate::config::{Key, KeyCode};

/// The filter that is being typed.
pub(super) fn editing(model: &mut Model) -> Option<&mut Input> {
    model.panes.filter_mut()?.editing.as_mut()
}

/// A key while a filter is typed: rows follow each letter; Enter keeps it, Esc drops it.
pub(super) fn edit_filter(model: &mut Model, key: Key) {
    let Some(filter) = model.panes.filter_mut() else {
        return;
    };
    let Some(mut input) = filter.editing.take() else {
        return;
    };
    match key.code {
        KeyCode::Enter => {}
        KeyCode::Esc => filter.set(""),
        _ => {
            field::edit(&mut input, key);
            filter.set(input.value());
            filter.editing = Some(input);
        }
    }
}

/// Begins to type a filter for the focused pane.
pub(super) fn filter(model: &mut Model) {
    if !model.on_main() {
        return;
    }
    match model.panes.filter_mut() {
        Some(filter) => filter.editing = Some(Input::new(filter.text().to_owned())),
        None => model.complain("Events have no filter."),
    }
}

/// Folds or unfolds the sub-volume under the cursor, or that of the brick under it.
pub(super) fn fold(model: &mut Model, folded: bool) {
    if !model.on_main() || model.panes.focus != Pane::Bricks {
        return;
    }
    let Some(row) = rows::selected_brick(model) else {
        return;
    };
    let (state, index) = match row {
        BrickRow::Set { state, set, .. } => (state, Some(set.index)),
        BrickRow::Brick {
            state,
            set,
            indented,
            ..
        } => (state, indented.then_some(set.index)),
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

/// Opens the menu of columns.
pub(super) fn order(model: &mut Model) {
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
pub(super) fn choose_order(model: &mut Model, at: usize) {
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

/// Marks the row under the cursor; a sub-volume's heading marks all its bricks. Says whether the
/// cursor may go on to the next row.
pub(super) fn mark(model: &mut Model) -> bool {
    if !model.on_main() {
        return false;
    }
    match model.panes.focus {
        Pane::Volumes => {
            if let Some(state) = model.selected_volume() {
                let name = state.volume.name.clone();
                model.panes.volumes.toggle(name);
            }
        }
        Pane::Bricks => {
            let Some(row) = rows::selected_brick(model) else {
                return false;
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
            return false;
        }
    }
    true
}
