//! The plan of a command: what must hold before it runs.
//!
//! One function serves the dialog that offers a command and the worker that is about to run it,
//! so that both judge by the same rules.

use crate::gluster::command::{Command, RemoveStep};
use crate::model::{Part, Snapshot, TaskKind, TaskState, VolumeName, VolumeState, VolumeStatus};

pub mod auto;
pub(in crate::insight) mod common;
mod finish;
mod rebalance;
pub mod remove;

/// The verdict of one check, from good to bad.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Mark {
    /// Holds.
    Pass,
    /// Could not be checked.
    Unknown,
    /// Worth a thought.
    Warn,
    /// Data will be lost: allowed, but only behind the typed volume name.
    Danger,
    /// gluster would refuse it, or it would do harm: not offered.
    Refuse,
}

impl Mark {
    /// The word in the JSON.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Pass => "pass",
            Self::Unknown => "unknown",
            Self::Warn => "warn",
            Self::Danger => "danger",
            Self::Refuse => "refuse",
        }
    }
}

/// One check, in words.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Check {
    /// Which one: stable, for programs.
    pub code: &'static str,
    /// Its verdict.
    pub mark: Mark,
    /// What was found.
    pub text: String,
    /// It could not be made yet, because what it rests on is still being read.
    pub pending: bool,
}

impl Check {
    /// A check that was made.
    pub fn new(code: &'static str, mark: Mark, text: impl Into<String>) -> Self {
        Self {
            code,
            mark,
            text: text.into(),
            pending: false,
        }
    }

    /// A check that rests on a part without a value: still being read, or with the reason why it
    /// could not be.
    fn unseen<T>(code: &'static str, what: &str, part: &Part<T>) -> Self {
        match common::why(part) {
            Some(why) => Self::new(code, Mark::Unknown, format!("{what}: not known ({why})")),
            None => Self {
                pending: true,
                ..Self::new(code, Mark::Unknown, format!("{what}: being looked at"))
            },
        }
    }

    /// Passes with the first text, or has the mark of the second.
    fn either(
        code: &'static str,
        holds: bool,
        pass: impl Into<String>,
        mark: Mark,
        fail: impl Into<String>,
    ) -> Self {
        if holds {
            Self::new(code, Mark::Pass, pass)
        } else {
            Self::new(code, mark, fail)
        }
    }

    /// The same as judged by this part, which may be old when its latest reading failed. That
    /// excuses no refusal, but nothing passes on it.
    fn judged_by<T>(self, part: &Part<T>) -> Self {
        if self.mark == Mark::Pass && part.fault().is_some() {
            Self::new(
                self.code,
                Mark::Unknown,
                format!(
                    "{} (as of the last answer; the latest question failed)",
                    self.text
                ),
            )
        } else {
            self
        }
    }
}

/// What must hold for one command.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Plan {
    /// The checks, in the order an admin would go through them.
    pub checks: Vec<Check>,
}

impl Plan {
    /// The first reason not to offer the command.
    pub fn refusal(&self) -> Option<&str> {
        self.refusals().next()
    }

    /// Every reason not to offer the command.
    pub fn refusals(&self) -> impl Iterator<Item = &str> {
        self.checks
            .iter()
            .filter(|check| check.mark == Mark::Refuse)
            .map(|check| check.text.as_str())
    }

    /// The same after an admin took what waits for healing upon himself: nothing else can be
    /// overridden.
    #[must_use]
    pub fn with_heal_overridden(mut self) -> Self {
        for check in &mut self.checks {
            if check.code == remove::HEAL && check.mark == Mark::Refuse {
                check.mark = Mark::Danger;
            }
        }
        self
    }

    /// Whether pending heals are all that stands in the way.
    pub fn is_refused_for_heals_alone(&self) -> bool {
        let mut refused = self
            .checks
            .iter()
            .filter(|check| check.mark == Mark::Refuse);
        refused
            .next()
            .is_some_and(|check| check.code == remove::HEAL)
            && refused.next().is_none()
    }

    /// What speaks against the command now and did not when `accepted` was confirmed, refusals in
    /// any case but for heals that were overridden. A check that could only not be made again is
    /// no objection.
    pub fn objections(&self, accepted: &Self) -> Vec<String> {
        let then = |code| {
            let of_code = |check: &&Check| check.code == code;
            let marks = accepted.checks.iter().filter(of_code);
            marks.map(|check| check.mark).max()
        };
        let speaks_against = |check: &&Check| match check.mark {
            Mark::Pass | Mark::Unknown => false,
            // Nothing but an override makes a danger of this check.
            Mark::Refuse => check.code != remove::HEAL || then(check.code) != Some(Mark::Danger),
            mark => then(check.code).is_none_or(|before| before < mark),
        };
        let against = self.checks.iter().filter(speaks_against);
        against.map(|check| check.text.clone()).collect()
    }
}

/// Judges a command against what is known.
pub fn of(snapshot: &Snapshot, command: &Command) -> Plan {
    let Some(volume) = command.locks() else {
        return Plan::default();
    };
    let Some(state) = snapshot.volume(volume) else {
        return Plan {
            checks: vec![Check::new(
                "exists",
                Mark::Refuse,
                format!("volume {volume} does not exist (any more)"),
            )],
        };
    };
    // gluster's answer held bytes that are no text: a name made of what is left of them is another
    // name. A stop goes out all the same; gluster refuses a brick that it does not know.
    let is_inexact = |word: &String| word.contains(char::REPLACEMENT_CHARACTER);
    if !command.stops() && command.words().iter().any(is_inexact) {
        let text = "a name holds characters that could not be read exactly";
        return Plan {
            checks: vec![Check::new("exact-names", Mark::Refuse, text)],
        };
    }
    let checks = match command {
        Command::RebalanceStart { mode, .. } => rebalance::start(snapshot, state, *mode),
        Command::RemoveBrick {
            bricks,
            replica,
            step: step @ (RemoveStep::Start | RemoveStep::Force),
            ..
        } => remove::checks(snapshot, state, bricks, *replica, *step),
        Command::RemoveBrick {
            bricks,
            step: RemoveStep::Commit,
            ..
        } => finish::commit(state, bricks),
        // A stop that no longer applies is harmless, and nothing may stand in its way.
        _ => vec![],
    };
    Plan { checks }
}

fn started(state: &VolumeState) -> Check {
    let name = &state.volume.name;
    Check::either(
        "started",
        state.volume.status == VolumeStatus::Started,
        "volume started",
        Mark::Refuse,
        format!("volume {name} is not started"),
    )
}

/// A volume has one task at a time; an uncommitted remove-brick counts even when it is over.
fn no_task(state: &VolumeState) -> Check {
    let Some(task) = state.task.get() else {
        return Check::new(
            "no-task",
            Mark::Unknown,
            "whether a task runs is not known yet",
        );
    };
    let busy = task
        .as_deref()
        .and_then(|task| match (task.kind, task.state()) {
            (TaskKind::RemoveBrick, TaskState::Stopped) => None,
            (TaskKind::RemoveBrick, TaskState::Completed | TaskState::Failed) => Some((
                Mark::Refuse,
                "an earlier remove-brick waits for commit or retain (stop)".to_owned(),
            )),
            (kind, TaskState::InProgress) => Some((
                Mark::Refuse,
                format!("a {} is running on it", kind.as_str()),
            )),
            (TaskKind::RemoveBrick, _) => Some((
                Mark::Refuse,
                "an earlier remove-brick is not finished".to_owned(),
            )),
            (kind, TaskState::Unknown) => Some((
                Mark::Unknown,
                format!("whether its {} is over is not known", kind.as_str()),
            )),
            _ => None,
        });
    match busy {
        Some((mark, text)) => Check::new("no-task", mark, text),
        None => Check::new(
            "no-task",
            Mark::Pass,
            format!("no rebalance and no remove-brick on {}", state.volume.name),
        )
        .judged_by(&state.task),
    }
}

/// The running or unfinished task that a stop or finish would act on.
pub fn task_to_stop(snapshot: &Snapshot, volume: &VolumeName) -> Result<Command, String> {
    let state = snapshot
        .volume(volume)
        .ok_or_else(|| format!("volume {volume} is not known"))?;
    let task = state
        .task()
        .ok_or_else(|| format!("nothing to stop: no task on {volume}"))?;
    match (task.kind, task.state()) {
        (TaskKind::RemoveBrick, TaskState::Stopped) => {
            Err(format!("the remove-brick on {volume} is stopped already"))
        }
        (TaskKind::RemoveBrick, _) => Ok(Command::RemoveBrick {
            volume: volume.clone(),
            bricks: task.bricks.clone(),
            replica: None,
            step: RemoveStep::Stop,
        }),
        (_, TaskState::InProgress | TaskState::Unknown) => {
            Ok(Command::RebalanceStop(volume.clone()))
        }
        (kind, state) => Err(format!(
            "nothing to stop: the {} on {volume} is {}",
            kind.as_str(),
            state.as_str()
        )),
    }
}

#[cfg(test)]
mod tests;
