//! Time: running tasks move on in steps of one simulated second.
//!
//! Fixed steps make the state at an instant independent of how often somebody asked before. The
//! work to catch up is bounded by itself: every task ends, and without a running task time
//! simply passes.

use super::chance::Chance;
use super::plan::part;
use super::task::{Fault, Run, RunStatus, Task, TaskKind};
use super::volume::{Peer, Volume};

/// Files one node looks up in a second when it has nothing to move.
const SCANNED_FILES: u64 = 2_400;
/// Directories' worth of files one node gives a new layout in a second.
const FIXED_FILES: u64 = 9_000;

/// What does not change while time passes.
pub(super) struct World<'a> {
    pub(super) chance: Chance,
    pub(super) peers: &'a [Peer],
    pub(super) faults: &'a [Fault],
}

/// Moves all tasks from one second to another.
pub(super) fn advance(world: &World, volumes: &mut [Volume], from: u64, to: u64) {
    let mut moving: Vec<&mut Volume> = volumes
        .iter_mut()
        .filter(|volume| moves(volume, world.peers))
        .collect();
    for second in from..to {
        if moving.is_empty() {
            break;
        }
        for volume in &mut moving {
            step(world, volume, second);
        }
        moving.retain(|volume| moves(volume, world.peers));
    }
}

fn moves(volume: &Volume, peers: &[Peer]) -> bool {
    let running = |task: &Task| task.status(peers) == Some(RunStatus::InProgress);
    volume.task.as_ref().is_some_and(running)
}

fn step(world: &World, volume: &mut Volume, second: u64) {
    let Some(mut task) = volume.task.take() else {
        return;
    };
    let throttle = throttle(volume);
    let stream = world.chance.number(&volume.name);
    let connected = |peer: usize| world.peers.get(peer).is_some_and(|peer| peer.connected);
    let running = task
        .runs
        .iter_mut()
        .filter(|run| run.status == RunStatus::InProgress && connected(run.peer));
    for run in running {
        run.runtime += 1;
        let trouble = Trouble::of(world.faults, run.peer, &volume.name, second);
        if trouble.stalled {
            continue;
        }
        let speed = throttle
            * world
                .chance
                .sway(stream.wrapping_add(2 * run.peer as u64), second);
        let pace = |rate: u64| ((rate as f64 * speed) as u64).max(1);
        if task.kind == TaskKind::FixLayout {
            run.done += pace(FIXED_FILES);
        } else if run.legs.is_empty() {
            run.done += pace(SCANNED_FILES);
        } else {
            lose(run, trouble.failing_files.saturating_mul(volume.file_size));
            carry(run, volume, pace(volume.rate));
        }
        if run.done >= run.work {
            run.done = run.work;
            run.status = RunStatus::Completed;
        }
    }
    volume.task = Some(task);
}

/// The effect of `cluster.rebal-throttle`: gluster uses one thread, two, or most of the cores.
fn throttle(volume: &Volume) -> f64 {
    match volume.option("cluster.rebal-throttle") {
        Some("lazy") => 0.4,
        Some("aggressive") => 1.6,
        _ => 1.0,
    }
}

/// What the scenario's faults do to one node in one second.
struct Trouble {
    stalled: bool,
    failing_files: u64,
}

impl Trouble {
    fn of(faults: &[Fault], peer: usize, volume: &str, second: u64) -> Self {
        let mut trouble = Self {
            stalled: false,
            failing_files: 0,
        };
        let here = faults.iter().filter(|fault| {
            fault.peer == peer && fault.volume.as_deref().is_none_or(|only| only == volume)
        });
        for fault in here {
            trouble.stalled |= fault
                .stall
                .is_some_and(|stall| (stall.from..stall.until).contains(&second));
            let due = fault
                .fail
                .filter(|fail| (second + 1).is_multiple_of(fail.every.max(1)));
            trouble.failing_files += due.map_or(0, |fail| fail.files);
        }
        trouble
    }
}

/// Migrates up to so many bytes, over all legs alike. What finds its target full is a failure:
/// the file stays where it is.
fn carry(run: &mut Run, volume: &mut Volume, budget: u64) {
    for (from, to, amount) in take(run, budget) {
        let room = volume
            .subvolumes
            .get(to)
            .map_or(0, |target| volume.room(target));
        let present = volume.subvolumes.get(from).map_or(0, |source| source.data);
        let amount = amount.min(present);
        if room < amount {
            run.lost += amount;
            continue;
        }
        if let Some(source) = volume.subvolumes.get_mut(from) {
            source.data -= amount;
        }
        if let Some(target) = volume.subvolumes.get_mut(to) {
            target.data += amount;
        }
        run.moved += amount;
    }
}

/// Gives up on so many bytes.
fn lose(run: &mut Run, budget: u64) {
    for (_, _, amount) in take(run, budget) {
        run.lost += amount;
    }
}

/// Takes bytes off the legs in proportion to what is left on each: from, to, bytes.
fn take(run: &mut Run, budget: u64) -> Vec<(usize, usize, u64)> {
    let left: u64 = run.legs.iter().map(|leg| leg.left).sum();
    let budget = budget.min(left);
    let mut taken = Vec::with_capacity(run.legs.len());
    for leg in &mut run.legs {
        let amount = part(budget, leg.left, left);
        leg.left -= amount;
        run.done += amount;
        taken.push((leg.from, leg.to, amount));
    }
    taken
}
