//! What must hold before bricks leave.

use super::{Removal, forecast, heal, removal, room, staying};
use crate::gluster::command::RemoveStep;
use crate::insight::plan::{Basis, Check, Mark, common, no_task, started};
use crate::insight::space::Sharing;
use crate::model::{BrickName, Snapshot, Task, TaskKind, TaskState, VolumeState, text};

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
    match (step, &removal) {
        (RemoveStep::Start, Removal::Subvolumes(sets)) => {
            checks.extend(drain(snapshot, state, bricks, sets));
        }
        (RemoveStep::Start, Removal::Replica(_)) => checks.push(Check::new(
            "migrates",
            Mark::Refuse,
            "nothing migrates when copies leave: gluster wants force",
        )),
        (_, Removal::Subvolumes(sets)) => {
            checks.push(no_running_task(state));
            checks.push(loss(state, bricks, sets));
            checks.extend(heal::sets(state, bricks));
            checks.push(common::snapshots(state));
            checks.extend(common::shared_storage(state, Mark::Danger));
        }
        (_, Removal::Replica(_)) => {
            checks.push(no_running_task(state));
            checks.push(copies_that_stay(state, bricks));
            checks.push(heal::copies(state));
            checks.push(common::snapshots(state));
            checks.extend(common::shared_storage(state, Mark::Danger));
        }
    }
    checks
}

/// Before the files of whole sub-volumes begin to move.
fn drain(
    snapshot: &Snapshot,
    state: &VolumeState,
    bricks: &[BrickName],
    sets: &[usize],
) -> Vec<Check> {
    let forecast = forecast(state, sets);
    let mut checks = vec![
        started(state),
        all_online(state, bricks),
        hosts_connected(snapshot, state, bricks),
        staying::online(state, sets),
        no_task(state),
        room::fits(snapshot, state, &forecast).judged_by(&state.space),
    ];
    checks.extend(heal::sets(state, bricks));
    checks.push(common::snapshots(state));
    checks.push(common::geo_replication(
        state,
        Mark::Warn,
        "stop it before the commit, which it blocks",
    ));
    checks.extend(common::force_migration(state));
    checks.extend(common::shard_lookup(state));
    checks.push(common::op_version(snapshot));
    checks.push(common::release(snapshot));
    checks.extend(shared_file_systems(snapshot, state));
    checks.extend(common::shared_storage(state, Mark::Warn));
    checks
}

/// Bricks that share a file system: what one gives, another may take, and other volumes fill it.
/// `None` where nobody can tell.
fn shared_file_systems(snapshot: &Snapshot, state: &VolumeState) -> Option<Check> {
    const CODE: &str = "shared-filesystem";
    state.space.get()?;
    let sharing = Sharing::of(state);
    let mut bricks = state.volume.bricks.iter();
    if let Some(brick) = bricks.find(|brick| sharing.count(brick) > 1) {
        let text = format!(
            "{} bricks of this volume share the file system of {}",
            sharing.count(brick),
            brick.name
        );
        return Some(Check::new(CODE, Mark::Warn, text));
    }
    let mut bricks = state.volume.bricks.iter();
    let strange = bricks.find_map(|brick| {
        let stranger = room::strangers(snapshot, state, brick).next()?;
        Some((brick, stranger))
    });
    Some(match strange {
        Some((brick, stranger)) => Check::new(
            CODE,
            Mark::Warn,
            format!(
                "{} shares its file system with {}",
                brick.name, stranger.name
            ),
        ),
        None => Check::new(CODE, Mark::Pass, "no shared file system"),
    })
}

/// Force does what a start may not: it takes the bricks of a remove-brick that is over. One that
/// may still be at work is in the way all the same.
fn no_running_task(state: &VolumeState) -> Check {
    let check = no_task(state);
    if state.task.get().is_none() {
        return check;
    }
    let Some(task) = state
        .task()
        .filter(|task| task.kind == TaskKind::RemoveBrick)
    else {
        return check.on(Basis::NoTask);
    };
    let check = match task.state() {
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
    };
    check.on(Basis::Run(task.id.clone()))
}

/// What is left of every set when copies leave.
fn copies_that_stay(state: &VolumeState, bricks: &[BrickName]) -> Check {
    const CODE: &str = "copies-stay";
    let mut fewest = usize::MAX;
    let mut silent = None;
    for set in state.volume.subvolumes() {
        let stay = || set.bricks.iter().filter(|b| !bricks.contains(&b.name));
        let of = |wanted| stay().filter(move |b| state.brick(&b.name).online == wanted);
        let online = of(Some(true)).count();
        let unknown = of(None).next();
        // Of a stopped volume, or where a path cannot be put in XML, nothing is known to be either.
        if online == 0 && unknown.is_none() {
            let text = format!("{} would keep no brick that is online", set.name());
            return Check::new(CODE, Mark::Refuse, text);
        }
        fewest = fewest.min(online);
        silent = silent.or(unknown);
    }
    if let Some(brick) = silent {
        let text = format!(
            "whether {} is online is not known, and it stays",
            brick.name
        );
        return Check::new(CODE, Mark::Unknown, text);
    }
    Check::either(
        CODE,
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

/// What goes out of reach. After a drain that ended, that is what it could not move.
fn loss(state: &VolumeState, bricks: &[BrickName], sets: &[usize]) -> Check {
    let name = &state.volume.name;
    let of_these = |task: &&Task| {
        task.kind == TaskKind::RemoveBrick && bricks.iter().all(|brick| task.removes(brick))
    };
    let left_behind = state.task().filter(of_these).and_then(|task| {
        let files = task.total().failures.filter(|&files| files > 0)?;
        let failed = match task.state() {
            TaskState::Completed => false,
            TaskState::Failed => true,
            _ => return None,
        };
        let run = task.id.clone();
        Some((files, failed, Basis::LeftBehind { run, files, failed }))
    });
    if let Some((files, failed, basis)) = left_behind {
        let what = if files == 1 {
            "1 file that failed to migrate vanishes".to_owned()
        } else {
            format!("{} files that failed to migrate vanish", text::count(files))
        };
        let more = if failed {
            ", and all that the failed run did not reach,"
        } else {
            ""
        };
        let text = format!(
            "{what}{more} from the volume {name}. There is no undo: they stay on the bricks, but the volume forgets them."
        );
        return Check::new("loss", Mark::Danger, text).on(basis);
    }
    let leaving = state.volume.subvolumes();
    let leaving = leaving.filter(|set| sets.contains(&set.index));
    let sharing = Sharing::of(state);
    let used = leaving.into_iter().try_fold(0_u64, |sum, set| {
        Some(sum.saturating_add(sharing.subvolume(state, set)?.used))
    });
    let what = used.map_or_else(|| "All files on these bricks".to_owned(), text::size);
    let text = format!(
        "{what} will no longer be reachable through {name}. There is no undo: the files stay on the bricks, but the volume forgets them."
    );
    Check::new("loss", Mark::Danger, text).on(Basis::Everything(used))
}
