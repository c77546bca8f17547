//! One change without the loop around it, for the commands that do a thing and leave: what a stop
//! has to know before it goes out, and the worker by itself.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;

use tokio::sync::mpsc;
use tokio_util::sync::CancellationToken;

use super::ask::{Asker, Reading};
use super::jitter::Jitter;
use super::round::{Definitions, Round};
use super::worker::{self, Worker};
use super::{Clock, Settings, merge, tasks};
use crate::gluster::{Command, Launcher, Reply, Runner, StatusView};
use crate::job::{Job, JobEvent, JobId, JobResult, Outcome};
use crate::model::{
    Fault, FaultKind, Layout, Snapshot, TaskState, Volume, VolumeName, VolumeStatus,
};

/// How long a stop waits for a question that takes no lock and is answered in a tenth of a second.
const LOCK_FREE: Duration = Duration::from_secs(10);

/// A change that is over, and the picture with what it changed laid over it.
#[derive(Debug)]
pub struct CarriedOut {
    /// How it ended.
    pub outcome: Outcome,
    /// What is known now. A stop leaves its task among the ended ones, with a row for every node
    /// that ought to take part.
    pub snapshot: Snapshot,
}

/// Carries out one change as the monitor does: looked at once more, run, tried again at a busy
/// lock, never killed. `snapshot` is what it was judged by; `events` is told of each step but the
/// end, which is returned.
pub async fn carry_out(
    runner: Arc<dyn Runner>,
    launcher: Launcher,
    settings: Settings,
    clock: Clock,
    job: Job,
    snapshot: Snapshot,
    events: mpsc::Sender<(JobId, JobEvent)>,
) -> CarriedOut {
    let worker = Worker {
        asker: Asker::new(runner, launcher, &settings, clock),
        job,
        snapshot: Arc::new(snapshot.clone()),
        events,
        give_up: CancellationToken::new(),
        jitter: Jitter::new(clock.seed()),
    };
    let ended = worker.carry_out().await;
    let mut snapshot = snapshot;
    let outcome = ended.outcome;
    if let JobResult::Done { task, progress, .. } = &outcome.result {
        merge::carried_out(
            &mut snapshot,
            ended.job.order.command(),
            task.as_ref(),
            progress.as_ref(),
            outcome.at,
        );
    }
    CarriedOut { outcome, snapshot }
}

/// Looks for the task of one volume, with as few questions as a stop needs: the definition, which
/// takes no lock, and the task list. Only a task that does not seem to run is asked for its
/// progress. A busy lock is tried again until `patience` is over; `busy` is told of each attempt
/// that met it, from 1, with gluster's sentence.
///
/// A definition that does not come is not waited for: the task list names what a stop has to name.
/// The volume then is without bricks, and nobody knows which nodes ought to take part.
pub async fn find_task(
    runner: Arc<dyn Runner>,
    launcher: Launcher,
    settings: Settings,
    clock: Clock,
    volume: &VolumeName,
    patience: Duration,
    mut busy: impl FnMut(u32, &str),
) -> Result<Snapshot, Fault> {
    let mut finder = Finder {
        asker: Asker::new(runner, launcher, &settings, clock),
        jitter: Jitter::new(clock.seed()),
        deadline: clock.now().steady + patience,
    };
    let mut snapshot = Snapshot::default();
    let definition = Command::VolumeInfo(Some(volume.clone()));
    match finder.ask(definition, LOCK_FREE, &mut busy).await {
        Ok(reading) => {
            worker::redefine(&mut snapshot, volume, &reading);
            let is_started = snapshot
                .volume(volume)
                .is_some_and(|state| state.volume.status == VolumeStatus::Started);
            if !is_started {
                return Ok(snapshot);
            }
        }
        Err(fault) if fault.kind == FaultKind::Timeout => {
            merge::definitions(&mut snapshot, undefined(volume, fault));
        }
        Err(fault) => return Err(fault),
    }
    let list = Command::VolumeStatus {
        volume: volume.clone(),
        view: StatusView::Tasks,
    };
    merge::reading(
        &mut snapshot,
        &finder.ask(list, settings.timeout, &mut busy).await?,
    );
    let task = snapshot.volume(volume).and_then(|state| state.task());
    let quiet = task.filter(|task| task.state() != TaskState::InProgress);
    if let Some(question) = quiet.and_then(|task| tasks::question(volume, task)) {
        merge::reading(
            &mut snapshot,
            &finder.ask(question, settings.timeout, &mut busy).await?,
        );
    }
    Ok(snapshot)
}

/// The volumes that may have a task: those that this node's glusterd gives a task id, or every
/// started one where it cannot say. Takes no lock.
pub async fn volumes_with_tasks(
    runner: Arc<dyn Runner>,
    launcher: Launcher,
    settings: Settings,
    clock: Clock,
) -> Result<Vec<VolumeName>, Fault> {
    let asker = Asker::new(runner, launcher, &settings, clock);
    let mut snapshot = Snapshot::default();
    let mut with_id = None;
    let mut round = Round::whole(true, false);
    while let Some(command) = round.next() {
        // Nothing of this hangs on the other nodes.
        if command == Command::PoolList {
            continue;
        }
        let reading = asker.ask(asker.order(command)).await;
        if let Some(definitions) = round.take(&reading) {
            merge::definitions(&mut snapshot, definitions);
        }
        match (reading.command(), &reading.result) {
            (Command::State, Ok(Reply::State(report))) => {
                let volumes = report.volumes.iter();
                let has_task = volumes.filter(|volume| volume.task.is_some());
                with_id = Some(has_task.map(|volume| volume.name.clone()).collect());
            }
            (Command::VolumeInfo(None), _) => {
                if let Some(fault) = reading.fault()
                    && fault.kind != FaultKind::BadOutput
                {
                    return Err(fault);
                }
            }
            _ => {}
        }
    }
    let started = || {
        let volumes = snapshot.volumes().iter().map(|state| &state.volume);
        let started = volumes.filter(|volume| volume.status == VolumeStatus::Started);
        started.map(|volume| volume.name.clone()).collect()
    };
    Ok(with_id.unwrap_or_else(started))
}

/// A volume of which nothing is known but that an admin named it.
fn undefined(volume: &VolumeName, fault: Fault) -> Definitions {
    Definitions {
        volumes: vec![Arc::new(Volume {
            name: volume.clone(),
            id: String::new(),
            status: VolumeStatus::Unknown,
            layout: Layout::default(),
            bricks: Vec::new(),
            options: BTreeMap::new(),
        })],
        unreadable: Vec::new(),
        taken: fault.since,
        fault: Some(fault),
    }
}

struct Finder {
    asker: Asker,
    jitter: Jitter,
    deadline: Duration,
}

impl Finder {
    /// Asks until there is an answer that is not "busy", and waits for each no longer than
    /// `limit`. Refusals that say how things are count as answers.
    async fn ask(
        &mut self,
        command: Command,
        limit: Duration,
        busy: &mut impl FnMut(u32, &str),
    ) -> Result<Reading, Fault> {
        let mut attempt = 0;
        loop {
            attempt += 1;
            let order = self.asker.order(command.clone());
            let reading = self.asker.ask_within(order, limit).await;
            let Some(fault) = reading.fault() else {
                return Ok(reading);
            };
            let millis = Duration::from_millis;
            // A stop hangs on it: as hard as the stop itself.
            let pause = self.jitter.between(millis(300), millis(1_000));
            let next = self.asker.clock.now().steady + pause;
            if fault.kind != FaultKind::Busy || next > self.deadline {
                return Err(fault);
            }
            busy(attempt, &fault.message);
            tokio::time::sleep(pause).await;
        }
    }
}
