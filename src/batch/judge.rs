//! From what was asked for to the command that would run, and what speaks for and against it.

use crate::gluster::{Command, Order, RebalanceMode, RemoveStep};
use crate::insight::plan::remove::{self, Choice, Forecast, Removal};
use crate::insight::plan::{self, Check, Mark, Plan};
use crate::model::{
    BrickName, Fault, Snapshot, TaskKind, TaskState, VolumeName, VolumeState, VolumeStatus,
};
use crate::report;
use crate::report::PlanInput;

use super::{Batch, Change, Console};

/// One volume's part of a change.
#[derive(Debug)]
pub(super) struct Judged {
    pub(super) volume: VolumeName,
    /// `rebalance`, `fix-layout` and so on.
    pub(super) action: &'static str,
    pub(super) bricks: Vec<BrickName>,
    /// What would run; `None` when there is no such command.
    pub(super) order: Option<Order>,
    pub(super) plan: Plan,
    choices: Vec<Choice>,
    forecast: Vec<(String, Forecast)>,
    consequences: Vec<String>,
    is_final: bool,
}

/// What was read for a change.
pub(super) struct Read {
    pub(super) snapshot: Snapshot,
    pub(super) faults: Vec<Fault>,
}

/// Reads what the checks of a change rest on.
pub(super) async fn read(batch: &Batch, change: &Change) -> Read {
    let (snapshot, faults) = batch.read_for(&change.volumes()).await;
    Read { snapshot, faults }
}

/// Judges each volume's part of a change.
pub(super) fn judge(batch: &Batch, snapshot: &Snapshot, change: &Change) -> Vec<Judged> {
    let volumes = change.volumes();
    let judged = volumes.iter().map(|volume| {
        let state = snapshot.volume(volume).map(AsRef::as_ref);
        Sketch::of(change, volume, state).judge(batch, snapshot, volume)
    });
    judged.collect()
}

impl Judged {
    /// The report of it.
    pub(super) fn input<'a>(
        &'a self,
        batch: &Batch,
        line: &'a str,
        faults: &'a [Fault],
    ) -> PlanInput<'a> {
        PlanInput {
            now: batch.clock.now(),
            source: batch.source,
            volume: &self.volume,
            action: self.action,
            bricks: &self.bricks,
            argv: self
                .order
                .as_ref()
                .map_or(&[], |order| order.argv().words()),
            line,
            is_final: self.is_final,
            consequences: &self.consequences,
            checks: &self.plan.checks,
            choices: &self.choices,
            forecast: &self.forecast,
            faults,
        }
    }

    /// The command line; empty when there is none.
    pub(super) fn line(&self) -> String {
        let line = |order: &Order| order.argv().to_string();
        self.order.as_ref().map(line).unwrap_or_default()
    }

    /// Shows it where it can be read before a question.
    pub(super) fn show(&self, batch: &Batch, console: &dyn Console) {
        console.show(&report::plan_text(&self.input(batch, &self.line(), &[])));
    }
}

/// What is meant, before it is judged.
struct Sketch {
    action: &'static str,
    bricks: Vec<BrickName>,
    /// What would run, or why there is no such command, with legal choices near it.
    command: Result<Command, (&'static str, String, Vec<Choice>)>,
    leaving: Vec<usize>,
    consequences: Vec<String>,
}

impl Sketch {
    fn of(change: &Change, volume: &VolumeName, state: Option<&VolumeState>) -> Self {
        match change {
            Change::Rebalance { mode, .. } => rebalance(volume, *mode),
            Change::RemoveBricks {
                bricks, migrate, ..
            } => removal(volume, state, bricks, *migrate),
            Change::Commit { force, .. } => finish(volume, state, !force, *force),
            Change::Retain { .. } => finish(volume, state, false, false),
        }
    }

    fn judge(self, batch: &Batch, snapshot: &Snapshot, volume: &VolumeName) -> Judged {
        let state = snapshot.volume(volume);
        let refuse = |code, text| Plan {
            checks: vec![Check::new(code, Mark::Refuse, text)],
        };
        let (order, plan, choices) = match self.command {
            _ if state.is_none() => (
                None,
                refuse("exists", format!("there is no volume {volume}")),
                vec![],
            ),
            Ok(command) => {
                let plan = plan::of(snapshot, &command);
                (Some(batch.launcher.order(command)), plan, vec![])
            }
            Err((code, rule, choices)) => (None, refuse(code, rule), choices),
        };
        let forecast = state.filter(|_| !self.leaving.is_empty()).map(|state| {
            let names = state.volume.subvolumes().map(|set| set.name());
            names.zip(remove::forecast(state, &self.leaving)).collect()
        });
        let is_final = order
            .as_ref()
            .is_some_and(|order| order.command().is_final());
        Judged {
            volume: volume.clone(),
            action: self.action,
            bricks: self.bricks,
            order,
            plan,
            choices,
            forecast: forecast.unwrap_or_default(),
            consequences: self.consequences,
            is_final,
        }
    }
}

fn rebalance(volume: &VolumeName, mode: RebalanceMode) -> Sketch {
    let (action, what) = match mode {
        RebalanceMode::Migrate => (
            "rebalance",
            "files move to where the layout wants them, but not to fuller bricks",
        ),
        RebalanceMode::FixLayout => (
            "fix-layout",
            "new files use every sub-volume; nothing that is there moves",
        ),
        RebalanceMode::Force => (
            "rebalance by force",
            "files move to where the layout wants them, to fuller bricks too",
        ),
    };
    Sketch {
        action,
        bricks: vec![],
        command: Ok(Command::RebalanceStart {
            volume: volume.clone(),
            mode,
        }),
        leaving: vec![],
        consequences: vec![
            what.to_owned(),
            format!("glustop stop {volume} ends it at any time; nothing is deleted"),
        ],
    }
}

fn removal(
    volume: &VolumeName,
    state: Option<&VolumeState>,
    asked: &[BrickName],
    migrate: bool,
) -> Sketch {
    let empty = |command| Sketch {
        action: "remove-brick",
        bricks: asked.to_vec(),
        command,
        leaving: vec![],
        consequences: vec![],
    };
    let removal = match state.map(|state| (state, remove::removal(&state.volume, asked))) {
        Some((state, Ok(removal))) => (state, removal),
        Some((_, Err(illegal))) => return empty(Err(("legal", illegal.rule, illegal.choices))),
        None => return empty(Err(("exists", String::new(), vec![]))),
    };
    let (state, removal) = removal;
    // gluster is given them in the order of the definition, as the dialog does.
    let names = state.volume.bricks.iter().map(|brick| &brick.name);
    let bricks: Vec<_> = names.filter(|name| asked.contains(name)).cloned().collect();
    let (replica, leaving) = match removal {
        Removal::Subvolumes(sets) => (None, sets),
        Removal::Replica(to) => (Some(to), vec![]),
    };
    let consequences = match (replica, migrate) {
        (None, true) => vec![
            "the files on these bricks move to the other sub-volumes".to_owned(),
            "the bricks stay until the commit; glustop retain gives them back".to_owned(),
        ],
        (None, false) => vec![format!(
            "the files on these bricks leave {volume} with them: there is no undo"
        )],
        (Some(to), false) => vec![
            if to == 1 {
                "only one copy of every file stays".to_owned()
            } else {
                format!("{to} copies of every file stay")
            },
            "nothing migrates, and there is no undo".to_owned(),
        ],
        (Some(_), true) => vec![
            "nothing migrates when copies leave: --no-migrate takes them out at once".to_owned(),
        ],
    };
    Sketch {
        action: "remove-brick",
        bricks: bricks.clone(),
        command: Ok(Command::RemoveBrick {
            volume: volume.clone(),
            bricks,
            replica,
            step: if migrate {
                RemoveStep::Start
            } else {
                RemoveStep::Force
            },
        }),
        leaving,
        consequences,
    }
}

/// Commit, commit by force, or retain: the bricks come from the task.
fn finish(volume: &VolumeName, state: Option<&VolumeState>, commit: bool, force: bool) -> Sketch {
    let (action, step, consequences) = if commit || force {
        let step = if force {
            RemoveStep::Force
        } else {
            RemoveStep::Commit
        };
        let text = format!("the bricks leave {volume}; nothing on them is deleted");
        let lost = "files that are still on them leave the volume with them";
        let lines = [Some(text), force.then(|| lost.to_owned())];
        let lines: Vec<_> = lines.into_iter().flatten().collect();
        (
            if force { "commit by force" } else { "commit" },
            step,
            lines,
        )
    } else {
        let lines = vec![
            format!("the bricks take part in {volume} again"),
            "files that were moved stay where they are".to_owned(),
        ];
        ("retain", RemoveStep::Stop, lines)
    };
    let task = state.and_then(VolumeState::task);
    let task = task.filter(|task| task.kind == TaskKind::RemoveBrick);
    let is_known = state.is_some_and(|state| {
        state.task.get().is_some() || state.volume.status != VolumeStatus::Started
    });
    let command = match task {
        None if !is_known => Err(("has-task", "the task list is not known".to_owned())),
        None => Err(("has-task", format!("there is no remove-brick on {volume}"))),
        Some(task) if step == RemoveStep::Stop && task.state() == TaskState::Stopped => Err((
            "has-task",
            format!("the remove-brick on {volume} is stopped already"),
        )),
        Some(task) if step == RemoveStep::Stop && task.is_running() => Err((
            "completed",
            format!("migration is still in progress: glustop stop {volume} ends it"),
        )),
        Some(task) => Ok(Command::RemoveBrick {
            volume: volume.clone(),
            bricks: task.bricks.clone(),
            replica: None,
            step,
        }),
    };
    Sketch {
        action,
        bricks: task.map(|task| task.bricks.clone()).unwrap_or_default(),
        command: command.map_err(|(code, why)| (code, why, vec![])),
        leaving: vec![],
        consequences,
    }
}
