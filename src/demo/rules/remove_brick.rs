//! What glusterd refuses about `remove-brick`: first the shape of the request, then the state of
//! the volume and of the nodes.

use crate::demo::task::{RunStatus, Task};
use crate::demo::volume::{Volume, VolumeStatus};
use crate::demo::words::{RemoveBrick, RemoveBrickOp};

use super::{
    Ground, Refusal, everywhere, handler, handler_if, rebalance_possible, refuse_if, running,
    unspecified,
};

/// What the handler of start, commit and force finds wrong with the words: nothing
/// of it looks at what the volume is doing.
pub(in crate::demo) fn shape(volume: &Volume, asked: &RemoveBrick) -> Result<(), Refusal> {
    if matches!(asked.op, RemoveBrickOp::Status | RemoveBrickOp::Stop) {
        return Ok(());
    }
    let replica = asked
        .replica
        .filter(|count| *count != volume.layout.replica);
    if let Some(count) = asked.replica {
        replica_count(volume, count, asked.bricks.len())?;
    }
    let leaf = volume.layout.leaf();
    let kind = if volume.layout.disperse > 0 {
        "disperse"
    } else {
        "replica"
    };
    if replica.is_none() {
        let replicate = volume.layout.replica > 1 && volume.subvolumes.len() == 1;
        handler_if(replicate, || {
            "Removing bricks from replicate configuration is not allowed without reducing \
             replica count explicitly."
                .to_owned()
        })?;
        let count = asked.bricks.len();
        handler_if(!count.is_multiple_of(leaf), || {
            format!("Remove brick incorrect brick count of {count} for {kind} {leaf}")
        })?;
    }
    let known = |brick: &&String| volume.subvolumes.iter().any(|one| one.has(brick));
    if let Some(brick) = asked.bricks.iter().find(|brick| !known(brick)) {
        return Err(handler(format!(
            "Incorrect brick {brick} for volume {}",
            volume.name
        )));
    }
    match replica {
        Some(count) => reduction_shape(volume, count, &asked.bricks),
        None => handler_if(splits_a_subvolume(volume, &asked.bricks), || {
            format!("Bricks not from same subvol for {kind}")
        }),
    }
}

/// What the nodes find wrong when the transaction begins.
pub(in crate::demo) fn state(
    volume: &Volume,
    asked: &RemoveBrick,
    on: &Ground,
) -> Result<(), Refusal> {
    if matches!(asked.op, RemoveBrickOp::Status | RemoveBrickOp::Stop) {
        return existing_task(volume, asked);
    }
    refuse_if(asked.bricks.len() == volume.brick_count(), || {
        "Deleting all the bricks of the volume is not allowed".to_owned()
    })?;
    match asked.op {
        RemoveBrickOp::Start => start(volume, asked, on),
        RemoveBrickOp::Commit => commit(volume, asked, on),
        _ => Ok(()),
    }
}

fn replica_count(volume: &Volume, count: u32, bricks: usize) -> Result<(), Refusal> {
    let name = &volume.name;
    let now = volume.layout.replica;
    handler_if(now <= 1, || {
        format!("replica count ({count}) option given for non replicate volume {name}")
    })?;
    handler_if(count > now, || {
        format!(
            "given replica count ({count}) option is more than volume {name}'s replica count ({now})"
        )
    })?;
    let each = now.saturating_sub(count) as usize;
    let needed = each * volume.subvolumes.len();
    handler_if(needed > 0 && !bricks.is_multiple_of(needed), || {
        format!(
            "need {needed}(xN) bricks for reducing replica count of the volume from {now} to {count}"
        )
    })
}

fn reduction_shape(volume: &Volume, count: u32, bricks: &[String]) -> Result<(), Refusal> {
    let each = volume.layout.replica.saturating_sub(count) as usize;
    for subvolume in &volume.subvolumes {
        let chosen = subvolume
            .bricks
            .iter()
            .filter(|brick| bricks.contains(&brick.name));
        let (arbiters, others): (Vec<_>, Vec<_>) = chosen.partition(|brick| brick.arbiter);
        if volume.layout.arbiter > 0 {
            handler_if(count == 2 && !others.is_empty(), || {
                "Remove arbiter brick(s) only when converting from arbiter to replica 2 subvolume."
                    .to_owned()
            })?;
            handler_if(count == 1 && arbiters.is_empty(), || {
                "Removed bricks must contain arbiter when converting to plain distribute."
                    .to_owned()
            })?;
        }
        handler_if(arbiters.len() + others.len() != each, || {
            format!("Remove exactly {each} brick(s) from each subvolume.")
        })?;
    }
    Ok(())
}

fn splits_a_subvolume(volume: &Volume, bricks: &[String]) -> bool {
    volume.subvolumes.iter().any(|subvolume| {
        let chosen = subvolume
            .bricks
            .iter()
            .filter(|brick| bricks.contains(&brick.name))
            .count();
        chosen > 0 && chosen < subvolume.bricks.len()
    })
}

fn existing_task(volume: &Volume, asked: &RemoveBrick) -> Result<(), Refusal> {
    rebalance_possible(volume)?;
    let name = &volume.name;
    let leaving = volume
        .task
        .as_ref()
        .filter(|task| task.is_remove_brick())
        .map(Task::leaving);
    let Some(leaving) = leaving else {
        return Err(unspecified(format!(
            "remove-brick not started for volume {name}."
        )));
    };
    let stranger = asked.bricks.iter().any(|brick| !leaving.contains(brick));
    refuse_if(stranger, || format!("Incorrect brick for volume {name}"))
}

fn start(volume: &Volume, asked: &RemoveBrick, on: &Ground) -> Result<(), Refusal> {
    let name = &volume.name;
    let task = volume.task.as_ref();
    refuse_if(
        asked
            .replica
            .is_some_and(|count| count < volume.layout.replica),
        || {
            "Migration of data is not needed when reducing replica count. Use the 'force' option"
                .to_owned()
        },
    )?;
    refuse_if(volume.status != VolumeStatus::Started, || {
        format!(
            "Volume {name} needs to be started before remove-brick (you can use 'force' or \
             'commit' to override this behavior)"
        )
    })?;
    refuse_if(task.is_some_and(Task::is_remove_brick), || {
        format!(
            "An earlier remove-brick task exists for volume {name}. Either commit it or stop it \
             before starting a new task."
        )
    })?;
    hosts_connected(volume, asked, on)?;
    everywhere(on, |peer| {
        if running(task, peer) {
            return Some("Rebalance is in progress. Please retry after completion".to_owned());
        }
        let mut own = volume
            .bricks()
            .filter(|brick| brick.peer == peer && !brick.online);
        let stopped = own.find(|brick| asked.bricks.contains(&brick.name))?;
        let name = &stopped.name;
        Some(format!(
            "Found stopped brick {name}. Use force option to remove the offline brick"
        ))
    })
}

fn commit(volume: &Volume, asked: &RemoveBrick, on: &Ground) -> Result<(), Refusal> {
    let task = volume.task.as_ref().filter(|task| task.is_remove_brick());
    let unfinished = |peer: usize| {
        let run = task?.runs.iter().find(|run| run.peer == peer)?;
        let counters = run.counters(volume.file_size);
        let reason = match run.status {
            RunStatus::InProgress => "migration is in progress",
            RunStatus::Failed => "migration has failed",
            _ if counters.failures + counters.skipped > 0 => {
                "migration of some files might have been skipped or has failed"
            }
            _ => return None,
        };
        Some(format!("use 'force' option as {reason}"))
    };
    if let Some(text) = unfinished(on.local) {
        return Err(unspecified(text));
    }
    let leaving = task.map_or([].as_slice(), Task::leaving);
    if let Some(brick) = asked.bricks.iter().find(|brick| !leaving.contains(brick)) {
        return Err(unspecified(format!(
            "Brick {brick} is not decommissioned. Use start or force option"
        )));
    }
    hosts_connected(volume, asked, on)?;
    everywhere(on, unfinished)
}

fn hosts_connected(volume: &Volume, asked: &RemoveBrick, on: &Ground) -> Result<(), Refusal> {
    let away = |peer: usize| on.peers.get(peer).is_none_or(|peer| !peer.connected);
    let mut chosen = volume
        .bricks()
        .filter(|brick| asked.bricks.contains(&brick.name));
    match chosen.find(|brick| away(brick.peer)) {
        Some(brick) => Err(unspecified(format!(
            "Host node of the brick {} is down",
            brick.name
        ))),
        None => Ok(()),
    }
}
