//! Words about the present state: the message line, the footer, and why a key does nothing now.

use jiff::Timestamp;
use jiff::tz::TimeZone;

use super::auto;
use super::handover;
use super::model::{Model, Pane, Source, View};
use super::msg::{HandedOver, Took};
use super::rows::{self, BrickRow};
use crate::config::Action;
use crate::insight::{plan, progress, subvolume};
use crate::model::{Subvolume, Task, TaskKind, TaskState, VolumeState, VolumeStatus, text};

/// The message line: the answer to the last key, a change on its way, or what the selected row
/// means in plain words.
pub fn message(model: &Model) -> String {
    if let Some(notice) = &model.notice {
        return notice.text.clone();
    }
    if let Some(record) = model.jobs.open().last() {
        return format!("{}: {}", record.order.command(), record.summary(model.now));
    }
    if let Some((volume, left)) = model.auto.counting() {
        return format!("auto commit of {volume} in {}", auto::clock(left));
    }
    if model.panes.focus == Pane::Bricks
        && model.views.is_empty()
        && let Some(row) = rows::selected_brick(model)
    {
        return of_brick_row(model, &row);
    }
    model
        .target()
        .map(|state| of_volume(model, state))
        .unwrap_or_default()
}

/// The footer: keys with their words, the most useful for the focused row first. The help is not
/// among them: it always stands last.
pub fn hints(model: &Model) -> Vec<(String, &'static str)> {
    let mut wanted: Vec<(Action, &'static str)> = Vec::new();
    let task = model.target().and_then(|state| state.task());
    match model.views.last() {
        Some(View::Order { .. }) => {
            wanted.extend([(Action::Open, "choose"), (Action::Back, "back")]);
        }
        Some(View::History { .. }) => {
            wanted.extend([(Action::Open, "details"), (Action::Back, "back")]);
        }
        Some(View::Help | View::Alarms { .. } | View::Commands { .. } | View::Ended { .. }) => {
            wanted.push((Action::Back, "back"));
        }
        Some(View::Log { .. }) => {
            wanted.push((Action::Back, "back"));
            if !matches!(model.session.source, Source::Ssh(_)) {
                wanted.extend([
                    (Action::Refresh, "read again"),
                    (Action::Copy, "copy its path"),
                ]);
            }
        }
        Some(View::TaskStatus { .. }) => wanted.push((Action::Back, "back")),
        None => wanted.push((Action::Open, "status")),
    }
    if matches!(model.views.last(), None | Some(View::TaskStatus { .. })) {
        if task.is_some_and(|task| task.kind == TaskKind::RemoveBrick && !task.is_running()) {
            wanted.push((Action::Finish, "commit/retain"));
        }
        if task.is_some_and(Task::may_move) {
            wanted.extend([(Action::Stop, "stop"), (Action::Emergency, "EMERGENCY")]);
        }
    }
    if model.views.is_empty() {
        wanted.extend([
            (Action::RemoveBricks, "remove-brick"),
            (Action::Rebalance, "rebalance"),
            (Action::Filter, "filter"),
            (Action::Throttle, "throttle"),
            (Action::Mark, "mark"),
            (Action::Order, "order"),
            (Action::Alarms, "events"),
            (Action::Zoom, "zoom"),
            (Action::Pause, "pause"),
            (Action::History, "history"),
            (Action::Commands, "commands"),
            (Action::Refresh, "read now"),
            (Action::Close, "quit"),
        ]);
    } else if matches!(model.views.last(), Some(View::TaskStatus { .. })) {
        if task.is_some_and(Task::is_running) {
            wanted.push((Action::Throttle, "throttle"));
        }
        wanted.push((Action::Log, "log"));
    } else if matches!(model.views.last(), Some(View::Ended { .. })) {
        wanted.push((Action::Log, "log"));
    }
    wanted
        .into_iter()
        .map(|(action, word)| (model.session.keymap.shown(action), word))
        .collect()
}

/// Why an action that changes the cluster cannot be offered now; `None` when it can.
///
/// Only what makes a dialog pointless stands here; what a dialog can explain better, with checks
/// and choices, is left to it.
pub fn not_now(model: &Model, action: Action) -> Option<String> {
    if action == Action::Emergency {
        return None;
    }
    let Some(state) = model.target() else {
        return Some("no volume is selected".to_owned());
    };
    let volume = &state.volume.name;
    match action {
        Action::Stop => plan::task_to_stop(&model.snapshot, volume).err(),
        Action::Finish => match state.task() {
            Some(task) if task.kind == TaskKind::RemoveBrick => match task.state() {
                TaskState::InProgress => Some(format!("still in progress{}", percent(state, task))),
                _ => None,
            },
            _ => Some(format!("no remove-brick on {volume} to finish")),
        },
        Action::RemoveBricks => {
            (state.volume.bricks.len() < 2).then(|| format!("{volume} has only one brick"))
        }
        _ => None,
    }
}

/// What `c` copies from the main view: the name of the row under the cursor.
pub fn name_to_copy(model: &Model) -> Option<String> {
    if let Some(View::Log { volume, .. }) = model.views.last() {
        return model.logs.get(volume).map(|read| read.path.clone());
    }
    if model.panes.focus == Pane::Bricks && model.views.is_empty() {
        return match rows::selected_brick(model)? {
            BrickRow::Set { set, .. } => Some(set.name()),
            BrickRow::Brick { brick, .. } => Some(brick.name.to_string()),
        };
    }
    if model.panes.focus == Pane::Tasks || !model.views.is_empty() {
        let row = rows::selected_task(model)?;
        return row.task.id.as_ref().map(ToString::to_string);
    }
    model
        .selected_volume()
        .map(|state| state.volume.name.to_string())
}

/// What stays on the normal screen after leaving: tasks go on without glustop, and so does what
/// was handed over.
pub fn farewell(model: &Model) -> String {
    if matches!(model.session.source, Source::Demo { .. }) {
        return String::new();
    }
    let snapshot = &model.snapshot;
    let tasks = snapshot.tasks().filter(|(_, task)| task.is_running());
    let rows: Vec<_> = tasks
        .map(|(state, task)| farewell_row(model, state, task))
        .collect();
    let mut words = match rows.len() {
        0 => String::new(),
        1 => "glustop: 1 task goes on without you\n".to_owned(),
        n => format!("glustop: {n} tasks go on without you\n"),
    };
    let width = |column: usize| {
        let widths = rows.iter().map(|row| row[column].chars().count());
        widths.max().unwrap_or(0)
    };
    let [name, kind, done, until] = [0, 1, 2, 3].map(width);
    for row in &rows {
        let line = format!(
            "  {:name$}  {:kind$}  {:>done$}  {:until$}   stop: {}",
            row[0], row[1], row[2], row[3], row[4]
        );
        words.push_str(&line);
        words.push('\n');
    }
    for HandedOver { volume, unit, took } in model.auto.handed() {
        let volume = text::printable(volume.as_str());
        let line = match took {
            Took::Waits => format!(
                "glustop: {unit}.service waits for {volume}, and commits when it is clean: journalctl -u {unit}\n"
            ),
            _ => format!(
                "glustop: {unit}.service may wait for {volume}, and commit: systemctl stop {unit}\n"
            ),
        };
        words.push_str(&line);
    }
    words
}

/// `media`, `remove-brick`, `37%`, `about Tue 01:21`, `glustop stop media`.
fn farewell_row(model: &Model, state: &VolumeState, task: &Task) -> [String; 5] {
    let volume = &state.volume.name;
    let progress = progress::of(state, task);
    let until = progress
        .left()
        .filter(|_| !model.doubt(state).task)
        .and_then(|left| model.now.wall.checked_add(left).ok())
        .map(|at| clock(at, model.now.wall, &model.session.zone));
    let mut stop = vec!["glustop".to_owned()];
    stop.extend(model.session.handover.iter().skip(1).cloned());
    stop.extend(["stop".to_owned(), volume.to_string()]);
    [
        text::printable(volume.as_str()).into_owned(),
        task.kind.as_str().to_owned(),
        percent(state, task).trim_start_matches(", ").to_owned(),
        until.map_or_else(String::new, |at| format!("about {at}")),
        text::printable(&handover::join(&stop)).into_owned(),
    ]
}

/// A clock time, with the weekday when it is not today.
pub fn clock(at: Timestamp, now: Timestamp, zone: &TimeZone) -> String {
    let (at, now) = (at.to_zoned(zone.clone()), now.to_zoned(zone.clone()));
    let format = if at.date() == now.date() {
        "%H:%M"
    } else {
        "%a %H:%M"
    };
    at.strftime(format).to_string()
}

/// ` (37%)`, with a `~` before an estimate; empty when there is no percentage.
fn percent(state: &VolumeState, task: &Task) -> String {
    match progress::of(state, task).done {
        Some((share, basis)) => {
            let guess = if basis.is_guess() { "~" } else { "" };
            format!(", {guess}{:.0}%", (share * 100.0).floor())
        }
        None => String::new(),
    }
}

/// ` (read 23m ago)` behind brick states that may have changed since.
fn when_read(model: &Model, state: &VolumeState) -> String {
    match model.bricks_read(state) {
        Some((age, true)) => format!(" (read {age} ago)"),
        _ => String::new(),
    }
}

fn of_brick_row(model: &Model, row: &BrickRow<'_>) -> String {
    match row {
        BrickRow::Set { state, set, .. } => {
            let name = set.name();
            let health = subvolume::health(state, *set);
            let leaving = if health.draining {
                ", draining: it leaves the volume"
            } else if health.leaving {
                ", leaving the volume"
            } else {
                ""
            };
            match state.volume.status {
                VolumeStatus::Started if state.bricks.get().is_none() => {
                    format!("{name}: its bricks were not read yet")
                }
                VolumeStatus::Started => {
                    format!(
                        "{name}: {} of {} bricks online{leaving}{}",
                        health.online,
                        health.bricks,
                        when_read(model, state)
                    )
                }
                other => format!("{name}: the volume is {}", other.as_str().to_lowercase()),
            }
        }
        BrickRow::Brick { state, brick, .. } => {
            let name = &brick.name;
            let arbiter = if brick.is_arbiter {
                ", an arbiter: names without contents"
            } else {
                ""
            };
            let what = match state.brick(name).online {
                _ if state.volume.status != VolumeStatus::Started => "its volume is not started",
                Some(true) if state.is_leaving(name) => "online, leaving the volume",
                Some(true) => "online",
                Some(false) => "offline: its process does not run",
                None if state.bricks.get().is_none() => "not read yet",
                None => "its node gives no answer: whether it runs is not known",
            };
            format!("{name}: {what}{arbiter}{}", when_read(model, state))
        }
    }
}

fn of_volume(model: &Model, state: &VolumeState) -> String {
    let name = &state.volume.name;
    if let Some(task) = state.task() {
        return of_task(model, state, task);
    }
    match state.volume.status {
        VolumeStatus::Started => {
            let health = match model.glances.of(state).worst {
                _ if state.bricks.get().is_none() => "its bricks were not read yet",
                subvolume::SubvolumeState::Up => "every brick online",
                subvolume::SubvolumeState::Degraded => "a brick is offline, its set still serves",
                subvolume::SubvolumeState::Down => "a sub-volume is down: files cannot be reached",
                subvolume::SubvolumeState::Unknown => "not every brick's state is known",
            };
            let task = if state.task.get().is_some() {
                "no task"
            } else {
                "task not known yet"
            };
            format!("{name}: {health}{}, {task}", when_read(model, state))
        }
        VolumeStatus::Created => {
            format!("{name}: created, never started: gluster volume start {name}")
        }
        VolumeStatus::Stopped => format!("{name}: stopped by an admin"),
        VolumeStatus::Unknown => format!("{name}: gluster gave a state that is not known here"),
    }
}

fn of_task(model: &Model, state: &VolumeState, task: &Task) -> String {
    let name = &state.volume.name;
    let moved = task
        .total()
        .bytes
        .map_or_else(|| "?".to_owned(), text::size);
    let progress = model.glances.progress(state, task);
    let until = progress
        .left()
        .filter(|_| !model.doubt(state).task)
        .and_then(|left| model.now.wall.checked_add(left).ok())
        .map(|at| {
            format!(
                ", done about {}",
                clock(at, model.now.wall, &model.session.zone)
            )
        })
        .unwrap_or_default();
    match (task.kind, task.state()) {
        (TaskKind::RemoveBrick, TaskState::InProgress) => {
            let sets = model.glances.leaving(state, task);
            let sets: Vec<_> = sets.iter().map(Subvolume::name).collect();
            let moved = match progress.bytes_left.zip(task.total().bytes) {
                Some((left, bytes)) => {
                    text::size_of_total(bytes, left.saturating_add(bytes), " of ")
                }
                None => moved,
            };
            format!("{name}: draining {}, {moved} moved{until}", sets.join(", "))
        }
        (TaskKind::RemoveBrick, TaskState::Completed) => {
            format!("{name}: drained, waits for you: C commits, or retains the bricks")
        }
        (TaskKind::RemoveBrick, TaskState::Failed) => {
            format!("{name}: the remove-brick failed; no other task can start until you choose (C)")
        }
        (TaskKind::Rebalance, TaskState::InProgress) => {
            format!("{name}: rebalance, {moved} moved{until}")
        }
        (TaskKind::FixLayout, TaskState::InProgress) => {
            format!("{name}: fix-layout: new files will use every brick")
        }
        (kind, state) => format!(
            "{name}: {} {}, {moved} moved",
            kind.as_str(),
            state.as_str()
        ),
    }
}
