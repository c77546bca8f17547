//! Laying a reading over the picture as it was.
//!
//! A reading replaces what it speaks of and nothing else; a failed one leaves everything in place
//! and puts a fault beside it. What did not change stays the same `Arc` as before.
//!
//! Pure: clocks and questions are elsewhere.

use std::sync::Arc;

use super::ask::Reading;
use super::names::Names;
use super::round::{self, Confirmed, Definitions};
use super::tasks;
use super::weigh;
use crate::gluster::{
    Command, Failure, ListedTask, ProgressReport, RebalanceMode, RemoveStep, Reply, StateVolume,
    StatusReport, StatusView,
};
use crate::model::{
    ByBrick, Ending, Fault, OwnView, Part, Peer, Snapshot, Stamp, TaskId, TaskKind, Volume,
    VolumeName, VolumeState, VolumeStatus,
};

mod ends;
mod looked;

pub(super) use ends::{ENDED, end};
use ends::{commit, follow, settle};

pub(super) use looked::forget_heal;

/// Lays a reading over the picture. Definitions are not taken from here: a [`Round`] collects
/// them first.
///
/// [`Round`]: super::round::Round
pub(super) fn reading(snapshot: &mut Snapshot, reading: &Reading) {
    match &reading.result {
        Ok(reply) => answer(snapshot, reading, reply),
        Err(failure) => refusal(snapshot, reading, failure),
    }
}

/// Replaces the definitions. Volumes that are neither read nor unreadable do not exist any more.
pub(super) fn definitions(snapshot: &mut Snapshot, read: Definitions) {
    let before = snapshot.volumes().to_vec();
    let mut volumes: Vec<_> = read
        .volumes
        .into_iter()
        .map(|volume| redefined(snapshot.volume(&volume.name), volume))
        .collect();
    let kept = read.unreadable.iter();
    volumes.extend(kept.filter_map(|name| snapshot.volume(name).cloned()));
    volumes.sort_by(|a, b| a.volume.name.cmp(&b.volume.name));
    volumes.dedup_by(|a, b| a.volume.name == b.volume.name);
    snapshot.volumes = renewed(&snapshot.volumes, volumes, read.taken, read.fault);
    for former in before {
        settle(snapshot, &former, read.taken);
    }
}

/// These are still as they were read, says the node's own state of that time.
pub(super) fn confirmed(snapshot: &mut Snapshot, what: Confirmed, at: Stamp) {
    if what.definitions {
        snapshot.volumes.confirm(at);
    }
    if what.peers {
        snapshot.peers.confirm(at);
    }
}

/// Lays the end of a change over the picture: the task it began, the last counters of the one it
/// stopped, or the end of the one whose bricks it took out.
pub(super) fn carried_out(
    snapshot: &mut Snapshot,
    command: &Command,
    id: Option<&TaskId>,
    progress: Option<&ProgressReport>,
    at: Stamp,
) {
    let (volume, kind, bricks) = match command {
        Command::RebalanceStart { volume, mode } => match mode {
            RebalanceMode::FixLayout => (volume, TaskKind::FixLayout, &[][..]),
            RebalanceMode::Migrate | RebalanceMode::Force => (volume, TaskKind::Rebalance, &[][..]),
        },
        Command::RebalanceStop(volume) => (volume, TaskKind::Rebalance, &[][..]),
        Command::RemoveBrick {
            volume,
            bricks,
            step: RemoveStep::Start | RemoveStep::Stop,
            ..
        } => (volume, TaskKind::RemoveBrick, bricks.as_slice()),
        Command::RemoveBrick {
            volume,
            bricks,
            step: RemoveStep::Commit | RemoveStep::Force,
            ..
        } => return commit(snapshot, volume, bricks, at),
        _ => return,
    };
    let Some(state) = snapshot.volume(volume) else {
        return;
    };
    let names = Names::new(snapshot, &state.volume);
    if !command.stops() {
        let task = tasks::begun(&names, kind, id.cloned(), bricks, at);
        follow(snapshot, volume, Some(task), at);
        return;
    }
    let known = state
        .task()
        .filter(|task| tasks::is_same_run(task, kind, id))
        .cloned()
        .unwrap_or_else(|| tasks::begun(&names, kind, id.cloned(), bricks, at));
    let last = match progress {
        Some(report) => tasks::progressed(&names, &known, report, at),
        None => known,
    };
    // A stop of a rebalance that was over only puts it out of the list.
    let ending = match tasks::ending(&last, Some(&state.volume), false) {
        ending @ (Ending::Completed | Ending::Failed) if kind != TaskKind::RemoveBrick => ending,
        _ => Ending::Stopped,
    };
    update(snapshot, volume, |state| state.task = Part::fresh(None, at));
    end(snapshot, volume, last, ending, at);
}

fn answer(snapshot: &mut Snapshot, reading: &Reading, reply: &Reply) {
    let at = reading.done;
    match (reading.command(), reply) {
        (_, Reply::Release(release)) => snapshot.release = Some(*release),
        (_, Reply::Peers(peers)) => {
            let known = snapshot.peers.get().filter(|known| known[..] == peers[..]);
            let peers: Arc<[Peer]> = known.map_or_else(|| peers.as_slice().into(), Arc::clone);
            snapshot.peers = Part::fresh(peers, at);
        }
        (_, Reply::State(report)) => {
            looked::op_version(snapshot, report.op_version, at);
            looked::own_views(snapshot, report);
            for volume in &report.volumes {
                own_state(snapshot, volume, reading);
            }
        }
        (Command::PoolOptions, Reply::Options(options)) => {
            looked::pool_options(snapshot, options, reading);
        }
        (Command::Options(volume), Reply::Options(options)) => {
            looked::options(snapshot, volume, options, at);
        }
        (Command::HealSummary(volume), Reply::Heal(heal)) => {
            looked::heal(snapshot, volume, heal, reading);
        }
        (Command::VolumeStatus { volume, view }, Reply::Status(report)) => {
            status(snapshot, volume, *view, report, reading);
        }
        (command, Reply::Progress(report)) => {
            if let Some(volume) = command.locks() {
                progress(snapshot, volume, report, at);
            }
        }
        _ => {}
    }
}

/// This node's own state is only used where it says that there is no task: an id alone has
/// neither kind nor bricks, so the task list is asked for it.
fn own_state(snapshot: &mut Snapshot, volume: &StateVolume, reading: &Reading) {
    let Some(state) = snapshot.volume(&volume.name) else {
        return;
    };
    let own = OwnView {
        geo_sessions: volume.geo_sessions,
        ..state.own
    };
    if own != state.own {
        update(snapshot, &volume.name, |state| state.own = own);
    }
    let Some(state) = snapshot.volume(&volume.name) else {
        return;
    };
    let is_news = state.task.get().is_none() || state.task().is_some();
    if volume.task.is_none() && is_news && !is_outdated(&state.task, reading) {
        follow(snapshot, &volume.name, None, reading.done);
    }
}

fn status(
    snapshot: &mut Snapshot,
    volume: &VolumeName,
    view: StatusView,
    report: &StatusReport,
    reading: &Reading,
) {
    let Some(state) = snapshot.volume(volume) else {
        return;
    };
    let at = reading.done;
    let names = Names::new(snapshot, &state.volume);
    let reported: Vec<_> = names.reported_bricks(&report.bricks).collect();
    let bricks = (reported.iter()).map(|(brick, report)| (brick.name.clone(), report.state));
    let bricks: ByBrick<_> = bricks.collect();
    let space = reported.iter();
    let space = space.map(|(brick, report)| (brick.name.clone(), report.space.clone()));
    let space: ByBrick<_> = space.collect();
    let line = report.tasks.as_ref().map(|tasks| tasks.first());
    update(snapshot, volume, |state| {
        if view != StatusView::Tasks {
            state.bricks = Part::fresh(bricks, at);
        }
        if view == StatusView::Detail {
            state.space = Part::fresh(space, at);
        }
    });
    if let Some(line) = line {
        listed(snapshot, volume, line, reading);
    }
    weigh(snapshot, volume);
}

/// Notes how full the bricks are beside the task.
pub(super) fn weigh(snapshot: &mut Snapshot, volume: &VolumeName) {
    let Some(task) = weigh::weighed(snapshot, volume) else {
        return;
    };
    update(snapshot, volume, |state| {
        if let Some(taken) = state.task.taken() {
            let fault = state.task.fault().cloned();
            state.task = renewed(&state.task, Some(Arc::new(task)), taken, fault);
        }
    });
}

fn listed(
    snapshot: &mut Snapshot,
    volume: &VolumeName,
    line: Option<&ListedTask>,
    reading: &Reading,
) {
    let Some(state) = snapshot.volume(volume) else {
        return;
    };
    if is_outdated(&state.task, reading) {
        return;
    }
    let names = Names::new(snapshot, &state.volume);
    let task = line.map(|line| tasks::listed(&names, state.task(), line, reading.done));
    follow(snapshot, volume, task, reading.done);
}

fn progress(snapshot: &mut Snapshot, volume: &VolumeName, report: &ProgressReport, at: Stamp) {
    let Some(state) = snapshot.volume(volume) else {
        return;
    };
    let Some(known) = state.task() else { return };
    let names = Names::new(snapshot, &state.volume);
    let task = tasks::progressed(&names, known, report, at);
    follow(snapshot, volume, Some(task), at);
}

fn refusal(snapshot: &mut Snapshot, reading: &Reading, failure: &Failure) {
    let Some(fault) = reading.fault() else {
        if let (Some(volume), true) = (reading.command().locks(), failure.says_no_task()) {
            follow(snapshot, volume, None, reading.done);
        }
        return;
    };
    match reading.command() {
        Command::PoolList => snapshot.peers.fail(fault),
        Command::VolumeInfo(None) | Command::VolumeList => {
            if round::ends_round(failure.kind) {
                // The peers are not asked for then.
                snapshot.peers.fail(fault.clone());
            }
            snapshot.volumes.fail(fault);
        }
        Command::VolumeStatus { volume, view } => {
            update(snapshot, volume, |state| {
                if *view != StatusView::Tasks {
                    state.bricks.fail(fault.clone());
                }
                if *view == StatusView::Detail {
                    state.space.fail(fault);
                } else {
                    state.task.fail(fault);
                }
            });
        }
        Command::RebalanceStatus(volume)
        | Command::RemoveBrick {
            volume,
            step: RemoveStep::Status,
            ..
        } => update(snapshot, volume, |state| state.task.fail(fault)),
        Command::State => {
            if round::ends_round(failure.kind) {
                // Neither are peers and definitions asked for then.
                snapshot.peers.fail(fault.clone());
                snapshot.volumes.fail(fault);
            }
            // Otherwise, which volumes have a task is asked in other words.
            looked::forget_own_views(snapshot);
        }
        // A missing release is made up for elsewhere.
        _ => looked::failed(snapshot, reading, fault),
    }
}

fn redefined(known: Option<&Arc<VolumeState>>, volume: Arc<Volume>) -> Arc<VolumeState> {
    match known {
        Some(known) if known.volume == volume => Arc::clone(known),
        // One that was deleted and made again under the same name is another one.
        Some(known) if known.volume.id == volume.id => {
            let mut state = VolumeState::clone(known);
            if volume.status != VolumeStatus::Started {
                // Bricks of a stopped volume are not offline: nothing is known of them.
                state.bricks = Part::default();
                state.space = Part::default();
            }
            state.volume = volume;
            Arc::new(state)
        }
        _ => Arc::new(VolumeState::new(volume)),
    }
}

/// An answer to a question from before the part's value was read.
fn is_outdated<T>(part: &Part<T>, reading: &Reading) -> bool {
    part.taken()
        .is_some_and(|taken| reading.asked.steady < taken.steady)
}

/// Changes one volume.
pub(super) fn update(
    snapshot: &mut Snapshot,
    volume: &VolumeName,
    change: impl FnOnce(&mut VolumeState),
) {
    if let Some(volumes) = snapshot.volumes.get_mut()
        && let Ok(at) = volumes.binary_search_by(|state| state.volume.name.cmp(volume))
    {
        change(Arc::make_mut(&mut volumes[at]));
    }
}

/// A part with another value. A fault that goes on keeps its beginning.
pub(super) fn renewed<T>(old: &Part<T>, value: T, taken: Stamp, fault: Option<Fault>) -> Part<T> {
    let mut part = Part::fresh(value, taken);
    if let Some(fault) = fault {
        if let Some(earlier) = old.fault() {
            part.fail(earlier.clone());
        }
        part.fail(fault);
    }
    part
}

#[cfg(test)]
mod tests;
