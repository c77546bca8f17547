//! One full reading, for the commands that print and leave.

use std::sync::Arc;
use std::time::Duration;

use super::ask::{self, Asker, Reading};
use super::inspect::Inspection;
use super::jitter::Jitter;
use super::round::Round;
use super::{Clock, Memory, Settings, merge, tasks};
use crate::gluster::{Command, Launcher, Runner, StatusView};
use crate::model::{Fault, FaultKind, Snapshot, VolumeName, VolumeStatus};

/// After a locking question comes a rest as long as the answer took, but no longer than this:
/// somebody waits.
const LONGEST_REST: Duration = Duration::from_secs(2);

/// Reads the cluster once: release, peers and definitions, then bricks, space and task of every
/// started volume, or of those named in `only`.
///
/// One question at a time, two locking ones for a volume and a third for the progress of a task,
/// with a short rest between volumes. A busy lock is tried again a few times. What could not be
/// read is unknown in the snapshot and named among the faults; it empties nothing else. But a
/// time-out mostly means a hung peer, at which every volume would time out in turn: after the
/// second one no further volume is asked for.
///
/// Of the volumes in `considered`, a change of which is considered, what a plan hangs on is read
/// too: options, and what waits for healing.
///
/// What `memory` recalls of the tasks is in the snapshot too, and what was read goes into it.
pub async fn read_once(
    runner: Arc<dyn Runner>,
    launcher: Launcher,
    settings: Settings,
    clock: Clock,
    only: &[VolumeName],
    considered: &[VolumeName],
    memory: Option<&mut Memory>,
) -> (Snapshot, Vec<Fault>) {
    let mut once = Once {
        asker: Asker::new(runner, launcher, &settings, clock),
        jitter: Jitter::new(clock.seed()),
        snapshot: Snapshot::default(),
        faults: Vec::new(),
        rest: Duration::ZERO,
    };
    once.read(only, !considered.is_empty()).await;
    once.weigh();
    once.inspect(considered).await;
    let mut snapshot = Arc::new(once.snapshot);
    if let Some(memory) = memory {
        let now = clock.now();
        memory.recollection().apply(&mut snapshot);
        memory.look(&snapshot, now);
    }
    (Arc::unwrap_or_clone(snapshot), once.faults)
}

struct Once {
    asker: Asker,
    jitter: Jitter,
    snapshot: Snapshot,
    faults: Vec<Fault>,
    /// What the last answer earned glusterd.
    rest: Duration,
}

impl Once {
    async fn read(&mut self, only: &[VolumeName], with_state: bool) {
        const TIMEOUTS: usize = 2;
        let mut round = Round::whole(with_state, true);
        while let Some(command) = round.next() {
            let reading = self.ask(command).await;
            if let Some(definitions) = round.take(&reading) {
                merge::definitions(&mut self.snapshot, definitions);
            }
        }
        let wanted: Vec<_> = self
            .snapshot
            .volumes()
            .iter()
            .map(|state| &state.volume)
            .filter(|volume| volume.status == VolumeStatus::Started)
            .map(|volume| volume.name.clone())
            .filter(|name| only.is_empty() || only.contains(name))
            .collect();
        let mut timeouts = 0;
        for (at, volume) in wanted.iter().enumerate() {
            if at > 0 {
                tokio::time::sleep(self.rest).await;
            }
            match self.read_volume(volume).await {
                Some(FaultKind::Timeout) => timeouts += 1,
                Some(kind) if ask::is_unreachable(kind) => return,
                _ => {}
            }
            if timeouts == TIMEOUTS {
                return;
            }
        }
    }

    /// Which file systems are shared shows when the last volume was read.
    fn weigh(&mut self) {
        let volumes = self.snapshot.tasks();
        let volumes: Vec<_> = volumes
            .map(|(state, _)| state.volume.name.clone())
            .collect();
        for volume in volumes {
            merge::weigh(&mut self.snapshot, &volume);
        }
    }

    async fn inspect(&mut self, considered: &[VolumeName]) {
        let mut inspection = Inspection::of(considered, &self.snapshot);
        while let Some(command) = inspection.next() {
            self.ask(command).await;
        }
    }

    /// Reads one volume; gives the failure that makes further questions to it useless.
    async fn read_volume(&mut self, volume: &VolumeName) -> Option<FaultKind> {
        let status = |view| Command::VolumeStatus {
            volume: volume.clone(),
            view,
        };
        let is_hopeless = |kind: FaultKind| kind == FaultKind::Timeout || ask::is_unreachable(kind);
        // The detail view tells all that the plain one does, but for the task.
        for view in [StatusView::Detail, StatusView::Tasks] {
            let failed = self.ask(status(view)).await.failed();
            if failed.is_some_and(is_hopeless) {
                return failed;
            }
        }
        let task = self.snapshot.volume(volume).and_then(|state| state.task());
        let progress = task.and_then(|task| tasks::question(volume, task))?;
        let failed = self.ask(progress).await.failed();
        failed.filter(|&kind| is_hopeless(kind))
    }

    async fn ask(&mut self, command: Command) -> Reading {
        const ATTEMPTS: u32 = 4;
        let mut attempt = 1;
        let reading = loop {
            let order = self.asker.order(command.clone());
            let reading = self.asker.ask(order).await;
            if reading.failed() != Some(FaultKind::Busy) || attempt == ATTEMPTS {
                break reading;
            }
            attempt += 1;
            let millis = Duration::from_millis;
            let pause = self.jitter.between(millis(500), millis(2_000));
            tokio::time::sleep(pause).await;
        };
        self.rest = reading.took().min(LONGEST_REST);
        merge::reading(&mut self.snapshot, &reading);
        self.faults.extend(reading.fault());
        reading
    }
}
