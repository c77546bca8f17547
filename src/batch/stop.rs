//! Stopping tasks, with as little before it as possible.
//!
//! Files move on while somebody reads. So a stop asks for the definition and the task list of its
//! volume and for nothing else, volumes do not wait for each other, and with `--yes` each stop
//! goes out as soon as its own task is found.

use std::io;
use std::time::Duration;

use futures_util::StreamExt as _;
use futures_util::stream;

use super::consent::{self, Gate};
use super::work::{self, Agreed};
use super::{Batch, Code, Consent, Console, complain};
use crate::gluster::{Order, Permit};
use crate::insight::plan::{self, Plan};
use crate::insight::stopped;
use crate::model::text::printable;
use crate::model::{
    Fault, FaultKind, NodeProgress, Snapshot, Task, TaskKind, TaskState, VolumeName,
};
use crate::monitor;
use crate::report::{self, ChangeResult, End};

/// So many volumes are looked at or stopped at a time.
const AT_ONCE: usize = 16;

/// How to stop.
pub(super) struct Stop {
    pub(super) patience: Duration,
    pub(super) consent: Consent,
    pub(super) json: bool,
}

/// A task that can be stopped.
struct Target {
    volume: VolumeName,
    kind: TaskKind,
    order: Order,
    snapshot: Snapshot,
}

/// Why a volume has nothing to be stopped.
enum Nothing {
    /// It was named, so that is worth a word.
    Told(ChangeResult),
    /// It was only one of all.
    Quiet,
}

impl Stop {
    pub(super) async fn run(
        &self,
        batch: &Batch,
        console: &dyn Console,
        named: Option<Vec<VolumeName>>,
    ) -> io::Result<Code> {
        if let Err(code) = consent::is_possible(batch, console, &Gate::Yes, &self.consent) {
            return Ok(code);
        }
        let all = named.is_none();
        let volumes = match named {
            Some(mut volumes) => {
                volumes.sort();
                volumes.dedup();
                volumes
            }
            None => match volumes_with_tasks(batch).await {
                Ok(volumes) => volumes,
                Err(fault) => {
                    complain(console, &fault);
                    return Ok(Code::of(fault.kind));
                }
            },
        };
        let work = Work {
            batch,
            console,
            patience: self.patience,
            all,
        };
        let mut results = if self.consent.yes && batch.runner.permit() == Permit::Everything {
            work.at_once(volumes).await
        } else {
            work.with_question(volumes, &self.consent, self.json)
                .await?
        };
        results.sort_by(|one, other| one.volume.cmp(&other.volume));
        if results.is_empty() {
            console.say("nothing to stop: no task moves data, as far as is known");
        }
        if self.json {
            console.print(&report::result_json(
                &results,
                batch.clock.now(),
                batch.source,
            ))?;
        } else {
            for result in &results {
                console.print(&report::stopped_text(result))?;
            }
        }
        let dry = |result: &&ChangeResult| {
            batch.runner.permit() == Permit::DryRun && result.end == End::NotRun
        };
        let codes = results.iter().filter(|result| !dry(result)).map(work::code);
        Ok(codes.fold(Code::Done, Code::worse))
    }
}

async fn volumes_with_tasks(batch: &Batch) -> Result<Vec<VolumeName>, Fault> {
    monitor::volumes_with_tasks(
        batch.runner.clone(),
        batch.launcher.clone(),
        batch.settings,
        batch.clock,
    )
    .await
}

struct Work<'a> {
    batch: &'a Batch,
    console: &'a dyn Console,
    patience: Duration,
    /// Every task of the pool, rather than named ones.
    all: bool,
}

impl Work<'_> {
    /// Each stop goes out as soon as its task is found.
    async fn at_once(&self, volumes: Vec<VolumeName>) -> Vec<ChangeResult> {
        let stops = stream::iter(volumes).map(|volume| async move {
            match self.find(volume).await {
                Ok(target) => Some(self.stop(target).await),
                Err(Nothing::Told(result)) => Some(result),
                Err(Nothing::Quiet) => None,
            }
        });
        let results: Vec<_> = stops.buffer_unordered(AT_ONCE).collect().await;
        results.into_iter().flatten().collect()
    }

    /// All are found and shown before any is stopped.
    async fn with_question(
        &self,
        volumes: Vec<VolumeName>,
        consent: &Consent,
        json: bool,
    ) -> io::Result<Vec<ChangeResult>> {
        let finds = stream::iter(volumes).map(|volume| self.find(volume));
        let found: Vec<_> = finds.buffer_unordered(AT_ONCE).collect().await;
        let mut results = Vec::new();
        let mut targets = Vec::new();
        for one in found {
            match one {
                Ok(target) => targets.push(target),
                Err(Nothing::Told(result)) => results.push(result),
                Err(Nothing::Quiet) => {}
            }
        }
        if targets.is_empty() {
            return Ok(results);
        }
        targets.sort_by(|one, other| one.volume.cmp(&other.volume));
        for target in &targets {
            self.console.show(&shown(target));
        }
        let permit = self.batch.runner.permit();
        if permit != Permit::Everything {
            for target in targets {
                results.push(self.not_permitted(&target, permit, json)?);
            }
        } else if consent::is_given(self.console, &Gate::Yes, consent)? {
            let stops = stream::iter(targets).map(|target| self.stop(target));
            results.extend(stops.buffer_unordered(AT_ONCE).collect::<Vec<_>>().await);
        } else {
            let refused = targets.iter().map(|target| {
                let order = Some(&target.order);
                work::not_run(&target.volume, order, End::NotConfirmed, "not confirmed")
            });
            results.extend(refused);
        }
        Ok(results)
    }

    /// Finds the task, and the bricks that its stop has to name.
    async fn find(&self, volume: VolumeName) -> Result<Target, Nothing> {
        let batch = self.batch;
        let what = format!("task of {volume}");
        let found = monitor::find_task(
            batch.runner.clone(),
            batch.launcher.clone(),
            batch.settings,
            batch.clock,
            &volume,
            self.patience,
            |attempt, message| work::busy(self.console, &what, attempt, message),
        )
        .await;
        let snapshot = match found {
            Ok(snapshot) => snapshot,
            Err(fault) => {
                let end = match fault.kind {
                    FaultKind::Busy => End::Busy,
                    _ => End::Failed,
                };
                let mut result = work::not_run(&volume, None, end, fault.message);
                result.kind = Some(fault.kind);
                work::explain(self.console, &result);
                return Err(Nothing::Told(result));
            }
        };
        let task = snapshot.volume(&volume).and_then(|state| state.task());
        let command = match task {
            Some(task) if is_over(task) => Err(over(&volume, task)),
            _ => plan::task_to_stop(&snapshot, &volume),
        };
        match (command, task) {
            (Ok(command), Some(task)) => Ok(Target {
                kind: task.kind,
                order: batch.launcher.order(command),
                volume,
                snapshot,
            }),
            (Err(_), _) if self.all => Err(Nothing::Quiet),
            (Err(why), _) => {
                self.console.say(&why);
                Err(Nothing::Told(work::not_run(
                    &volume,
                    None,
                    End::Refused,
                    why,
                )))
            }
            (Ok(_), None) => Err(Nothing::Quiet),
        }
    }

    async fn stop(&self, target: Target) -> ChangeResult {
        let agreed = Agreed {
            order: target.order.clone(),
            // Nothing may stand in the way of a stop, so there is nothing to hold against it.
            accepted: Plan::default(),
            patience: self.patience,
            snapshot: target.snapshot,
        };
        let carried_out = work::carry_out(self.batch, self.console, agreed).await;
        let mut result = work::result(&target.volume, &target.order, &carried_out.outcome);
        result.kind_of_task = target.kind;
        if result.end == End::Done {
            let ended = carried_out.snapshot.ended.first();
            let nodes = ended.map(|ended| ended.task.nodes.clone());
            result.nodes = nodes.unwrap_or_default();
            let defined = carried_out.snapshot.volume(&target.volume);
            let is_defined = defined.is_some_and(|state| !state.volume.bricks.is_empty());
            if let Some(doubt) = doubt(&result.nodes, is_defined) {
                result.end = End::Unconfirmed;
                result.message = doubt;
            }
        }
        work::explain(self.console, &result);
        result
    }

    fn not_permitted(
        &self,
        target: &Target,
        permit: Permit,
        json: bool,
    ) -> io::Result<ChangeResult> {
        let order = &target.order;
        work::not_permitted(self.console, permit, &target.volume, order, json)
    }
}

/// What a stop does, and its command.
fn shown(target: &Target) -> String {
    let kind = target.kind.as_str();
    let mut lines = vec![
        format!("stop {kind} of {}", target.volume),
        "  - nothing is deleted; moved files stay where they are".to_owned(),
        format!("  - there is no resume: a later {kind} scans from the start"),
    ];
    if target.kind == TaskKind::RemoveBrick {
        lines.push("  - its bricks take part in the volume again".to_owned());
    }
    lines.push(format!("  $ {}", target.order.argv()));
    let mut text = String::new();
    for line in lines {
        text.push_str(&printable(&line));
        text.push('\n');
    }
    text
}

/// Whether there is nothing left to stop: to stop a drained remove-brick is to give its bricks
/// back, and that has a command of its own.
fn is_over(task: &Task) -> bool {
    task.kind == TaskKind::RemoveBrick
        && matches!(task.state(), TaskState::Completed | TaskState::Failed)
        && !task.may_move()
}

fn over(volume: &VolumeName, task: &Task) -> String {
    format!(
        "nothing to stop: the remove-brick on {volume} is {} (glustop retain {volume} gives its bricks back)",
        task.state().as_str()
    )
}

/// Why it is not certain that every node stopped. Where the volume's definition did not come,
/// nobody knows of nodes that gave no answer.
fn doubt(nodes: &[NodeProgress], is_defined: bool) -> Option<String> {
    let doubts = stopped::doubts(nodes, |node| node.reported);
    if let Some(doubt) = doubts.first() {
        return Some(doubt.words(&doubt.names().join(" ")));
    }
    let moving = nodes
        .iter()
        .filter(|node| node.state == TaskState::InProgress);
    let moving: Vec<_> = moving.map(|node| node.name.as_str()).collect();
    if !moving.is_empty() {
        let names = moving.join(" ");
        return Some(format!(
            "{names} still moves files: ask again with glustop status"
        ));
    }
    (!is_defined).then(|| {
        "those that answered stopped, but which nodes take part could not be read".to_owned()
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::insight::testing::{distribute, node, set_task, volume};

    #[test]
    fn success_is_claimed_only_where_it_is_known_who_takes_part() {
        let stopped = [node(1, TaskState::Stopped)];
        assert_eq!(doubt(&stopped, true), None);
        let unread = doubt(&stopped, false).unwrap();
        assert!(unread.contains("which nodes take part could not be read"));
        assert!(doubt(&[], true).unwrap().contains("no node gave an answer"));
    }

    #[test]
    fn a_remove_brick_is_not_over_while_a_node_may_move() {
        for (other, expected) in [
            (TaskState::Unknown, false),
            (TaskState::Completed, true),
            (TaskState::Failed, true),
        ] {
            let mut state = volume("v", distribute(), 3);
            let nodes = vec![node(2, TaskState::Failed), node(3, other)];
            set_task(&mut state, TaskKind::RemoveBrick, &[1, 2], nodes);
            assert_eq!(is_over(state.task().unwrap()), expected, "{other:?}");
        }
    }
}
