//! Checks that several operations share.

use super::{Check, Mark};
use crate::model::{Part, Release, Snapshot, VolumeState, VolumeStatus, text};

/// An option's value in force: as gluster told it, else as it was set. `None` while only the
/// former could tell.
pub(super) fn option<'a>(state: &'a VolumeState, key: &str) -> Option<&'a str> {
    let effective = state.effective.get().and_then(|options| options.get(key));
    // What an admin sets later shows in the definition first.
    let set = state.volume.options.get(key);
    set.or(effective).map(String::as_str)
}

/// Whether gluster takes this for a yes.
pub(super) fn is_on(value: &str) -> bool {
    ["on", "yes", "true", "enable", "1"].contains(&value.to_ascii_lowercase().as_str())
}

/// The releases whose data movers are known to destroy files.
pub(in crate::insight) fn loses_files(release: Release) -> bool {
    (release.major, release.minor) == (11, 0)
}

/// 11.0 deletes the data of a file whose place is also the place of a link to it.
pub(super) fn release(snapshot: &Snapshot) -> Check {
    match snapshot.release {
        Some(release) => Check::either(
            "release",
            !loses_files(release),
            format!("release {release}: no known harm"),
            Mark::Refuse,
            format!(
                "release {release} may delete files while it moves them: update to 11.1 (gluster issue 4148)"
            ),
        ),
        None => Check::new(
            "release",
            Mark::Unknown,
            "the release of gluster is not known",
        ),
    }
}

/// Old speech in a pool that could speak a newer one was seen together with lost files.
pub(super) fn op_version(snapshot: &Snapshot) -> Check {
    const CODE: &str = "opversion-mixed";
    let part = &snapshot.op_versions;
    let Some(versions) = part.get() else {
        return Check::unseen(CODE, "op-version", part);
    };
    let current = versions.current;
    let Some(highest) = versions.highest else {
        return Check::unseen(CODE, &format!("op-version {current}: the highest"), part);
    };
    Check::either(
        CODE,
        current >= highest,
        format!("op-version {current} is the highest"),
        Mark::Warn,
        format!(
            "op-version is {current}, all peers could speak {highest}: raise it before files move (gluster volume set all cluster.op-version {highest})"
        ),
    )
    .judged_by(part)
}

/// gluster asks this at a start, but not in script mode.
pub(super) fn force_migration(state: &VolumeState) -> Option<Check> {
    const CODE: &str = "force-migration";
    const KEY: &str = "cluster.force-migration";
    let Some(value) = option(state, KEY) else {
        // Releases before 4.1 have no such option.
        let known = state.effective.get().is_some();
        return (!known).then(|| Check::unseen(CODE, CODE, &state.effective));
    };
    let check = Check::either(
        CODE,
        !is_on(value),
        "force-migration off",
        Mark::Warn,
        "cluster.force-migration is on: what is written to a file while it moves may be lost",
    );
    Some(check.judged_by(&state.effective))
}

/// A sharded file whose shards are not looked for everywhere may be taken for one with holes.
pub(super) fn shard_lookup(state: &VolumeState) -> Option<Check> {
    const CODE: &str = "shard-lookup-optimize";
    const KEY: &str = "cluster.lookup-optimize";
    // Sharding is off unless it was set.
    if !option(state, "features.shard").is_some_and(is_on) {
        return None;
    }
    let Some(value) = option(state, KEY) else {
        return Some(Check::unseen(CODE, KEY, &state.effective));
    };
    let check = Check::either(
        CODE,
        !is_on(value),
        "sharded, lookup-optimize off",
        Mark::Refuse,
        format!(
            "{} is sharded and {KEY} is on: files may be damaged as their shards move (gluster issue 1918); turn it off first",
            state.volume.name
        ),
    );
    Some(check.judged_by(&state.effective))
}

/// Snapshots keep using the bricks they were taken of.
pub(super) fn snapshots(state: &VolumeState) -> Check {
    const CODE: &str = "snapshots";
    match state.own.snapshots {
        Some(0) => Check::new(CODE, Mark::Pass, "no snapshots"),
        Some(n) => {
            let (exist, keep) = if n == 1 {
                ("exists", "it keeps")
            } else {
                ("exist", "they keep")
            };
            Check::new(
                CODE,
                Mark::Warn,
                format!(
                    "{} {exist}: {keep} using the old bricks, do not wipe them",
                    text::plural(n as usize, "snapshot")
                ),
            )
        }
        None => Check::new(CODE, Mark::Unknown, "snapshots: not told by get-state"),
    }
}

/// gluster commits a remove-brick only while geo-replication is stopped.
pub(super) fn geo_replication(state: &VolumeState, running: Mark, what: &str) -> Check {
    const CODE: &str = "geo-replication";
    match state.own.geo_sessions {
        Some(0) => Check::new(CODE, Mark::Pass, "no active geo-replication"),
        Some(n) => Check::new(
            CODE,
            running,
            format!(
                "{} active: {what}",
                text::plural(n as usize, "geo-replication session")
            ),
        ),
        // Snapshots come from the same place, but not from the bricks.
        None if state.own.snapshots.is_none() => {
            Check::new(CODE, Mark::Unknown, "geo-replication: no get-state")
        }
        None => Check::new(
            CODE,
            Mark::Unknown,
            format!(
                "geo-replication: this node cannot tell, it has no brick of {}",
                state.volume.name
            ),
        ),
    }
}

/// gluster asks about this one volume in words of its own.
pub(super) fn shared_storage(state: &VolumeState, mark: Mark) -> Option<Check> {
    (state.volume.name.as_str() == "gluster_shared_storage").then(|| {
        Check::new(
            "shared-storage",
            mark,
            "gluster itself keeps state of snapshots, geo-replication and NFS-Ganesha on this volume",
        )
    })
}

/// Whether every brick of a started volume is known to be online.
pub(super) fn every_brick_online(state: &VolumeState) -> Check {
    const CODE: &str = "bricks-online";
    let find = |wanted| {
        let mut bricks = state.volume.bricks.iter();
        bricks.find(|brick| state.brick(&brick.name).online == wanted)
    };
    if state.volume.status != VolumeStatus::Started {
        Check::new(CODE, Mark::Warn, "the volume is not started")
    } else if let Some(brick) = find(Some(false)) {
        Check::new(CODE, Mark::Warn, format!("{} is offline", brick.name))
    } else if let Some(brick) = find(None) {
        let text = format!("whether {} is online is not known", brick.name);
        Check::new(CODE, Mark::Unknown, text)
    } else {
        Check::new(CODE, Mark::Pass, "every brick online").judged_by(&state.bricks)
    }
}

/// What is wrong with a part that has no value, or not enough of one; nothing while it is only
/// being read.
pub(super) fn why<T>(part: &Part<T>) -> Option<String> {
    let fault = part.fault()?;
    let line = fault.message.lines().next().unwrap_or_default();
    Some(if line.is_empty() {
        fault.kind.as_str().to_owned()
    } else {
        line.trim_end_matches('.').to_owned()
    })
}
