//! What must hold before bricks leave.

use super::{Forecast, Removal, forecast, removal};
use crate::gluster::command::RemoveStep;
use crate::insight::plan::{Check, Mark, no_task, started};
use crate::insight::space::{self, Space};
use crate::model::{BrickName, Snapshot, TaskKind, TaskState, VolumeState, text};

pub(in crate::insight::plan) fn checks(
    snapshot: &Snapshot,
    state: &VolumeState,
    bricks: &[BrickName],
    replica: Option<u32>,
    step: RemoveStep,
) -> Vec<Check> {
    let removal = match removal(&state.volume, bricks) {
        Ok(removal) => removal,
        Err(illegal) => return vec![Check::new("legal", Mark::Refuse, illegal.rule)],
    };
    let mut checks = vec![match (&removal, replica) {
        (Removal::Subvolumes(sets), None) => Check::new(
            "legal",
            Mark::Pass,
            format!(
                "{} = {}",
                text::plural(bricks.len(), "brick"),
                text::plural(sets.len(), "whole sub-volume")
            ),
        ),
        (Removal::Replica(to), Some(asked)) if *to == asked => Check::new(
            "legal",
            Mark::Pass,
            format!(
                "{} of every set: replica {} -> {to}",
                text::plural(
                    bricks.len() / state.volume.subvolume_count().max(1),
                    "brick"
                ),
                state.volume.layout.replica
            ),
        ),
        _ => Check::new("legal", Mark::Refuse, "the volume's layout has changed"),
    }];
    if step == RemoveStep::Start {
        checks.push(started(state));
        checks.push(no_task(state));
        if matches!(removal, Removal::Replica(_)) {
            checks.push(Check::new(
                "migrates",
                Mark::Refuse,
                "nothing migrates when copies leave: gluster wants force",
            ));
        }
        checks.push(all_online(state, bricks));
        checks.push(hosts_connected(snapshot, state, bricks));
    } else {
        checks.push(no_running_task(state));
    }
    if let Removal::Subvolumes(sets) = &removal {
        checks.push(match step {
            RemoveStep::Start => fits(&forecast(state, sets)).judged_by(&state.space),
            _ => loss(state, sets),
        });
    } else {
        checks.push(copies_that_stay(state, bricks));
        checks.push(Check::new(
            "nothing-to-heal",
            Mark::Unknown,
            "pending heals were not looked at: the only good copy must not leave",
        ));
    }
    checks
}

/// Force does what a start may not: it takes the bricks of a remove-brick that is over. One that
/// may still be at work is in the way all the same.
fn no_running_task(state: &VolumeState) -> Check {
    let check = no_task(state);
    let Some(task) = state
        .task()
        .filter(|task| task.kind == TaskKind::RemoveBrick)
    else {
        return check;
    };
    match task.state() {
        TaskState::InProgress => check,
        TaskState::Completed | TaskState::Failed => Check::new("no-task", Mark::Warn, check.text),
        TaskState::Stopped => Check::new(
            "no-task",
            Mark::Warn,
            "an earlier remove-brick was stopped before its end",
        ),
        TaskState::Unknown | TaskState::NotStarted => Check::new(
            "no-task",
            Mark::Unknown,
            "whether an earlier remove-brick still moves files is not known",
        ),
    }
}

/// What is left of every set when copies leave.
fn copies_that_stay(state: &VolumeState, bricks: &[BrickName]) -> Check {
    let mut fewest = usize::MAX;
    let mut silent = None;
    for set in state.volume.subvolumes() {
        let stay = || set.bricks.iter().filter(|b| !bricks.contains(&b.name));
        let of = |wanted| stay().filter(move |b| state.brick(&b.name).online == wanted);
        let online = of(Some(true)).count();
        if online == 0 {
            let text = format!(
                "{} would keep no brick that is known to be online",
                set.name()
            );
            return Check::new("copies-stay", Mark::Refuse, text);
        }
        fewest = fewest.min(online);
        silent = silent.or_else(|| of(None).next());
    }
    if let Some(brick) = silent {
        let text = format!(
            "whether {} is online is not known, and it stays",
            brick.name
        );
        return Check::new("copies-stay", Mark::Unknown, text);
    }
    Check::either(
        "copies-stay",
        fewest > 1,
        format!("{fewest} copies stay online in every set"),
        Mark::Warn,
        "only one copy of the files stays online",
    )
    .judged_by(&state.bricks)
}

fn all_online(state: &VolumeState, bricks: &[BrickName]) -> Check {
    let find = |wanted: Option<bool>| {
        bricks
            .iter()
            .find(|name| state.brick(name).online == wanted)
    };
    if let Some(name) = find(Some(false)) {
        Check::new(
            "bricks-online",
            Mark::Refuse,
            format!("{name} is offline: its files cannot migrate"),
        )
    } else if let Some(name) = find(None) {
        Check::new(
            "bricks-online",
            Mark::Unknown,
            format!("whether {name} is online is not known"),
        )
    } else {
        Check::new("bricks-online", Mark::Pass, "the leaving bricks are online")
            .judged_by(&state.bricks)
    }
}

fn hosts_connected(snapshot: &Snapshot, state: &VolumeState, bricks: &[BrickName]) -> Check {
    let mut unknown = false;
    for brick in state
        .volume
        .bricks
        .iter()
        .filter(|brick| bricks.contains(&brick.name))
    {
        let peer = snapshot
            .peers()
            .iter()
            .find(|peer| Some(&peer.id) == brick.peer.as_ref());
        match peer {
            Some(peer) if peer.is_local || peer.connected == Some(true) => {}
            Some(peer) if peer.connected == Some(false) => {
                return Check::new(
                    "hosts-connected",
                    Mark::Refuse,
                    format!("host {} is not connected", brick.name.host()),
                );
            }
            _ => unknown = true,
        }
    }
    Check::either(
        "hosts-connected",
        !unknown,
        "their hosts are connected",
        Mark::Unknown,
        "not every host's connection is known",
    )
    .judged_by(&snapshot.peers)
}

fn fits(forecast: &[Forecast]) -> Check {
    let moving = forecast
        .iter()
        .filter(|set| set.leaves)
        .try_fold(0_u64, |sum, set| Some(sum.saturating_add(set.now?.used)));
    let stay = || forecast.iter().filter(|set| !set.leaves);
    let free = stay().try_fold(0_u64, |sum, set| Some(sum.saturating_add(set.now?.free())));
    let (Some(moving), Some(free)) = (moving, free) else {
        return Check::new(
            "fits",
            Mark::Unknown,
            "space: not every brick's size is known",
        );
    };
    let fullest = stay()
        .filter_map(|set| set.end.and_then(Space::fraction))
        .fold(0.0_f64, f64::max);
    let words = format!("{} into {} free", text::size(moving), text::size(free));
    if fullest > 1.0 || moving > free {
        Check::new("fits", Mark::Refuse, format!("does not fit: {words}"))
    } else if fullest > space::FULL {
        Check::new(
            "fits",
            Mark::Warn,
            format!("tight: {words}, fullest {:.0}% at the end", fullest * 100.0),
        )
    } else {
        Check::new("fits", Mark::Pass, format!("fits: {words}"))
    }
}

fn loss(state: &VolumeState, sets: &[usize]) -> Check {
    let used = state
        .volume
        .subvolumes()
        .filter(|set| sets.contains(&set.index))
        .try_fold(0_u64, |sum, set| {
            Some(sum.saturating_add(space::subvolume(state, set)?.used))
        });
    let what = used.map_or_else(|| "All files on these bricks".to_owned(), text::size);
    Check::new(
        "loss",
        Mark::Danger,
        format!(
            "{what} will no longer be reachable through {}. There is no undo: the files stay on the bricks, but the volume forgets them.",
            state.volume.name
        ),
    )
}
