//! Which glyph and word a volume, brick, node or task has now.

use super::look::Glyph;
use super::words;
use crate::app::Model;
use crate::app::rows::TaskRow;
use crate::insight::finding::{self, Severity, Stall};
use crate::insight::glance::Glance;
use crate::insight::progress;
use crate::insight::subvolume::{SubvolumeHealth, SubvolumeState};
use crate::model::{
    Brick, Ending, NodeProgress, Task, TaskKind, TaskState, VolumeState, VolumeStatus, text,
};

/// Whether the base data is too old to be taken for the present.
pub(super) fn is_old(model: &Model) -> bool {
    let volumes = &model.snapshot.volumes;
    volumes.fault().is_some() || volumes.is_stale(model.now, model.stale_after())
}

/// A volume's worst news.
pub(super) fn volume(model: &Model, state: &VolumeState) -> Glyph {
    match state.volume.status {
        _ if is_old(model) => return Glyph::Old,
        VolumeStatus::Started => {}
        VolumeStatus::Stopped => return Glyph::Stopped,
        VolumeStatus::Created | VolumeStatus::Unknown => return Glyph::Nothing,
    }
    let Glance { worst, offline, .. } = model.glances.of(state);
    let task = state.task();
    if worst == SubvolumeState::Down
        || offline
        || task.is_some_and(|task| task.state() == TaskState::Failed)
    {
        Glyph::Bad
    } else if task.is_some_and(Task::is_commit_pending) {
        Glyph::Yours
    } else if worst == SubvolumeState::Degraded || has_warning(model, state) {
        Glyph::Warn
    } else if worst == SubvolumeState::Unknown {
        Glyph::Old
    } else {
        Glyph::Ok
    }
}

fn has_warning(model: &Model, state: &VolumeState) -> bool {
    let name = state.volume.name.as_str();
    model
        .findings
        .iter()
        .any(|finding| finding.severity >= Severity::Warning && finding.subject == name)
}

/// A brick's state.
pub(super) fn brick(state: &VolumeState, brick: &Brick) -> (Glyph, &'static str) {
    if state.volume.status != VolumeStatus::Started {
        return (Glyph::Nothing, "-");
    }
    let running = state.task().is_some_and(Task::is_running);
    match state.brick(&brick.name).online {
        Some(false) => (Glyph::Bad, "offline"),
        // Before the first answer nobody is silent yet.
        None if state.bricks.get().is_none() => (Glyph::Nothing, "-"),
        None => (Glyph::Old, "no answer"),
        Some(true) if !state.is_leaving(&brick.name) => {
            let word = if brick.is_arbiter {
                "on arbiter"
            } else {
                "online"
            };
            (Glyph::Ok, word)
        }
        Some(true) if running => (Glyph::Work, "draining"),
        Some(true) => (Glyph::Yours, "leaving"),
    }
}

/// A sub-volume's state, for its heading.
pub(super) fn subvolume(state: &VolumeState, health: SubvolumeHealth) -> (Glyph, String) {
    if state.volume.status != VolumeStatus::Started {
        return (Glyph::Nothing, "-".to_owned());
    }
    let online = format!("{} of {} up", health.online, health.bricks);
    match health.state {
        SubvolumeState::Down => (Glyph::Bad, "DOWN".to_owned()),
        _ if health.draining => (Glyph::Work, "DRAINING".to_owned()),
        _ if health.leaving => (Glyph::Yours, "LEAVING".to_owned()),
        SubvolumeState::Degraded => (Glyph::Warn, online),
        SubvolumeState::Up => (Glyph::Ok, format!("{} online", health.online)),
        SubvolumeState::Unknown if state.bricks.get().is_none() => (Glyph::Nothing, "-".to_owned()),
        SubvolumeState::Unknown => (Glyph::Old, online),
    }
}

/// A task's state as a list shows it; the word is empty while a bar says more.
pub(super) fn task(model: &Model, row: &TaskRow<'_>) -> (Glyph, String) {
    if let Some(ended) = row.ended {
        let at = words::when(model, ended.at.wall);
        return match ended.ending {
            Ending::Completed => (Glyph::Ok, format!("completed {at}")),
            Ending::Committed => (Glyph::Ok, format!("committed {at}")),
            Ending::Stopped => (Glyph::Stopped, format!("stopped {at}")),
            Ending::Failed => (Glyph::Bad, format!("FAILED {at}")),
            Ending::Vanished => (Glyph::Old, format!("gone {at}")),
        };
    }
    let task = row.task;
    match task.state() {
        TaskState::InProgress if is_old(model) => (Glyph::Old, String::new()),
        TaskState::InProgress if task.kind == TaskKind::FixLayout => {
            (Glyph::Work, "in progress".to_owned())
        }
        TaskState::InProgress => (Glyph::Work, String::new()),
        TaskState::Completed if task.is_commit_pending() => {
            (Glyph::Yours, "commit pending".to_owned())
        }
        TaskState::Completed => (Glyph::Ok, "completed".to_owned()),
        TaskState::Failed => (Glyph::Bad, "FAILED".to_owned()),
        TaskState::Stopped => (Glyph::Stopped, "stopped".to_owned()),
        TaskState::NotStarted => (Glyph::Nothing, "not started".to_owned()),
        TaskState::Unknown => (Glyph::Old, "unknown".to_owned()),
    }
}

/// A volume's task in one short cell: `D 37%`, `@ pending`, `X failed`, `-`.
pub(super) fn task_cell(model: &Model, state: &VolumeState, long: bool) -> (Glyph, String) {
    let Some(task) = state.task() else {
        return (Glyph::Nothing, "-".to_owned());
    };
    let kind = if long {
        task.kind.as_str()
    } else {
        words::letter(task)
    };
    match task.state() {
        TaskState::InProgress | TaskState::Unknown => {
            let progress = progress::of(state, task);
            let word = match progress.done {
                Some(_) => format!("{kind} {}", words::done(&progress, is_old(model))),
                None => kind.to_owned(),
            };
            (Glyph::Nothing, word)
        }
        TaskState::Completed if task.is_commit_pending() => {
            let word = if long {
                "@ commit pending"
            } else {
                "@ pending"
            };
            (Glyph::Yours, word.to_owned())
        }
        TaskState::Failed => (Glyph::Bad, "X failed".to_owned()),
        TaskState::NotStarted | TaskState::Completed | TaskState::Stopped => {
            (Glyph::Nothing, "-".to_owned())
        }
    }
}

/// One node's state in its task, with how long it has been silent or still.
pub(super) fn node(model: &Model, node: &NodeProgress) -> (Glyph, String) {
    let limits = model.thresholds();
    if !node.reported {
        let word = node.taken.map_or_else(
            || "no answer yet".to_owned(),
            |taken| format!("no answer {}", text::age(taken.age(model.now))),
        );
        return (Glyph::Old, word);
    }
    match node.state {
        TaskState::InProgress => match finding::stall(node, &limits) {
            Some((_, Stall::Dead(lasted))) => (Glyph::Bad, format!("dead? {}", text::age(lasted))),
            Some((severity, Stall::Quiet(lasted))) => (
                self::severity(severity),
                format!("no change {}", text::age(lasted)),
            ),
            None => (Glyph::Work, "in progress".to_owned()),
        },
        TaskState::Completed => (Glyph::Ok, "completed".to_owned()),
        TaskState::Failed => (Glyph::Bad, "failed".to_owned()),
        TaskState::Stopped => (Glyph::Stopped, "stopped".to_owned()),
        TaskState::NotStarted => (Glyph::Nothing, "not started".to_owned()),
        TaskState::Unknown => (Glyph::Old, "unknown".to_owned()),
    }
}

/// How bad a finding is, as a glyph.
pub(super) fn severity(severity: Severity) -> Glyph {
    match severity {
        Severity::Info => Glyph::Nothing,
        Severity::Warning => Glyph::Warn,
        Severity::Critical => Glyph::Bad,
    }
}
