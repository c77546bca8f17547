//! Which glyph and word a volume, brick, node or task has now, and what of it is in doubt.

use super::look::Glyph;
use super::words;
use crate::app::Model;
use crate::app::rows::TaskRow;
use crate::insight::finding::{self, Severity, Stall};
use crate::insight::progress::Progress;
use crate::insight::subvolume::{SubvolumeHealth, SubvolumeState};
use crate::model::{
    Brick, Ending, NodeProgress, Task, TaskKind, TaskState, VolumeState, VolumeStatus, text,
};

/// A task's progress, as it may be shown.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Seen {
    /// Without rates and estimates when they would be those of the past.
    pub(super) progress: Progress,
    /// Its share is that of the past.
    pub(super) is_old: bool,
    /// So are its rates.
    pub(super) is_stalled: bool,
}

impl Seen {
    pub(super) fn of(model: &Model, state: &VolumeState, task: &Task) -> Self {
        let doubt = model.doubt(state);
        let all = model.glances.progress(state, task);
        let sure = |what: Option<f64>| what.filter(|_| !doubt.task);
        Self {
            progress: Progress {
                rate_now: sure(all.rate_now),
                rate: sure(all.rate),
                estimate: all.estimate.filter(|_| !doubt.progress()),
                ..all
            },
            is_old: doubt.progress(),
            is_stalled: doubt.task,
        }
    }

    /// The progress of a row; nothing is known of one that ended.
    pub(super) fn row(model: &Model, row: &TaskRow<'_>) -> Self {
        row.state
            .map_or_else(Self::default, |state| Self::of(model, state, row.task))
    }

    /// The share of done work, in few characters.
    pub(super) fn done(&self) -> String {
        words::done(&self.progress, self.is_old)
    }
}

/// A volume's worst news.
pub(super) fn volume(model: &Model, state: &VolumeState) -> Glyph {
    match state.volume.status {
        _ if model.is_old() => return Glyph::Old,
        VolumeStatus::Started => {}
        VolumeStatus::Stopped => return Glyph::Stopped,
        VolumeStatus::Created | VolumeStatus::Unknown => return Glyph::Nothing,
    }
    let doubt = model.doubt(state);
    let glance = model.glances.of(state);
    let worst = if doubt.bricks {
        SubvolumeState::Unknown
    } else {
        glance.worst
    };
    let offline = !doubt.bricks && glance.offline > 0;
    let task = state.task().filter(|_| !doubt.task);
    if worst == SubvolumeState::Down
        || offline
        || task.is_some_and(|task| task.state() == TaskState::Failed)
    {
        Glyph::Bad
    } else if task.is_some_and(Task::is_commit_pending) {
        Glyph::Yours
    } else if worst == SubvolumeState::Degraded || has_warning(model, state) {
        Glyph::Warn
    } else if worst == SubvolumeState::Unknown || doubt.task {
        Glyph::Old
    } else {
        Glyph::Ok
    }
}

fn has_warning(model: &Model, state: &VolumeState) -> bool {
    let name = Some(&state.volume.name);
    model
        .findings
        .iter()
        .any(|finding| finding.severity >= Severity::Warning && finding.volume.as_ref() == name)
}

/// A brick's state; one that may have changed since keeps its word.
pub(super) fn brick(model: &Model, state: &VolumeState, brick: &Brick) -> (Glyph, &'static str) {
    // Before the first answer nobody is silent yet.
    if state.volume.status != VolumeStatus::Started || state.bricks.get().is_none() {
        return (Glyph::Nothing, "-");
    }
    let (glyph, word) = brick_as_read(state, brick);
    if model.doubt(state).bricks {
        (Glyph::Old, word)
    } else {
        (glyph, word)
    }
}

fn brick_as_read(state: &VolumeState, brick: &Brick) -> (Glyph, &'static str) {
    let running = state.task().is_some_and(Task::is_running);
    match state.brick(&brick.name).online {
        Some(false) => (Glyph::Bad, "offline"),
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
pub(super) fn subvolume(
    model: &Model,
    state: &VolumeState,
    health: SubvolumeHealth,
) -> (Glyph, String) {
    if state.volume.status != VolumeStatus::Started || state.bricks.get().is_none() {
        return (Glyph::Nothing, "-".to_owned());
    }
    let (glyph, word) = subvolume_as_read(health);
    if model.doubt(state).bricks {
        (Glyph::Old, words::tilde(true, word))
    } else {
        (glyph, word)
    }
}

fn subvolume_as_read(health: SubvolumeHealth) -> (Glyph, String) {
    let SubvolumeHealth {
        online,
        offline,
        bricks,
        ..
    } = health;
    let unknown = if online + offline < bricks { "?" } else { "" };
    let online = format!("{online}{unknown} of {bricks} up");
    match health.state {
        SubvolumeState::Down => (Glyph::Bad, "DOWN".to_owned()),
        _ if health.draining => (Glyph::Work, "DRAINING".to_owned()),
        _ if health.leaving => (Glyph::Yours, "LEAVING".to_owned()),
        SubvolumeState::Degraded => (Glyph::Warn, online),
        SubvolumeState::Up => (Glyph::Ok, format!("{} online", health.online)),
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
    let (glyph, word) = task_as_read(row.task);
    if row.state.is_some_and(|state| model.doubt(state).task) {
        (Glyph::Old, word)
    } else {
        (glyph, word)
    }
}

fn task_as_read(task: &Task) -> (Glyph, String) {
    match task.state() {
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
        // That there was none says nothing of now.
        let was_read = state.task.get().is_some();
        let word = if was_read && model.doubt(state).task {
            "~"
        } else {
            "-"
        };
        return (Glyph::Nothing, word.to_owned());
    };
    let kind = if long {
        task.kind.as_str()
    } else {
        words::letter(task)
    };
    let old = model.doubt(state).task;
    match task.state() {
        TaskState::InProgress | TaskState::Unknown => {
            let seen = Seen::of(model, state, task);
            let word = match seen.progress.done {
                Some(_) => format!("{kind} {}", seen.done()),
                None => words::tilde(old, kind.to_owned()),
            };
            (Glyph::Nothing, word)
        }
        TaskState::Completed if task.is_commit_pending() => {
            let word = if long { "commit pending" } else { "pending" };
            let glyph = if old { Glyph::Old } else { Glyph::Yours };
            (glyph, format!("{} {word}", glyph.as_str()))
        }
        TaskState::Failed => {
            let glyph = if old { Glyph::Old } else { Glyph::Bad };
            (glyph, format!("{} failed", glyph.as_str()))
        }
        TaskState::NotStarted | TaskState::Completed | TaskState::Stopped => {
            (Glyph::Nothing, "-".to_owned())
        }
    }
}

/// A node's task and, as long as it lasts, its volume.
pub(super) type Near<'a> = (Option<&'a VolumeState>, &'a Task);

/// One node's state in its task, with how long it has been silent or still.
pub(super) fn node(model: &Model, near: Near<'_>, node: &NodeProgress) -> (Glyph, String) {
    let limits = model.thresholds();
    if !node.reported {
        let word = node.taken.map_or_else(
            || "no answer yet".to_owned(),
            |taken| format!("no answer {}", text::age(taken.age(model.now))),
        );
        return (Glyph::Old, word);
    }
    match node.state {
        TaskState::InProgress => match finding::stall(near.0, near.1, node, &limits) {
            Some((_, Stall::Dead(lasted))) => (Glyph::Bad, format!("dead? {}", text::age(lasted))),
            Some((severity, Stall::Quiet(lasted) | Stall::LargeFile(lasted, ..))) => (
                self::severity(severity),
                format!("no change {}", text::age(lasted)),
            ),
            // Nobody asked it for a while: it may be over.
            None if is_late(model, node) => (Glyph::Old, "in progress".to_owned()),
            None => (Glyph::Work, "in progress".to_owned()),
        },
        TaskState::Completed => (Glyph::Ok, "completed".to_owned()),
        TaskState::Failed => (Glyph::Bad, "failed".to_owned()),
        TaskState::Stopped => (Glyph::Stopped, "stopped".to_owned()),
        TaskState::NotStarted => (Glyph::Nothing, "not started".to_owned()),
        TaskState::Unknown => (Glyph::Old, "unknown".to_owned()),
    }
}

fn is_late(model: &Model, node: &NodeProgress) -> bool {
    let limit = model.limits(true).progress;
    node.taken.is_none_or(|taken| taken.age(model.now) > limit)
}

/// How bad a finding is, as a glyph.
pub(super) fn severity(severity: Severity) -> Glyph {
    match severity {
        Severity::Info => Glyph::Nothing,
        Severity::Warning => Glyph::Warn,
        Severity::Critical => Glyph::Bad,
    }
}
