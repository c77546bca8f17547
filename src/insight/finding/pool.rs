//! Findings about the pool as a whole, and about what lies below its volumes.

use std::time::Duration;

use super::{Finding, Severity};
use crate::insight::plan::common;
use crate::insight::space::Sharing;
use crate::model::{Release, Snapshot, Stamp, VolumeState, VolumeStatus, text};

/// What is counted for healing changes: an older count is no news.
const HEAL_COUNTS_FOR: Duration = Duration::from_secs(600);

/// The release and the operating version.
pub(super) fn findings(snapshot: &Snapshot) -> impl Iterator<Item = Finding> {
    let release = snapshot.release.and_then(release);
    release.into_iter().chain(op_version(snapshot))
}

fn release(release: Release) -> Option<Finding> {
    let (severity, text, advice) = if common::loses_files(release) {
        (
            Severity::Critical,
            format!("GlusterFS {release} may delete files while it moves them"),
            "Start no rebalance and no remove-brick, and stop what runs; update to 11.1 first (gluster issue 4148).",
        )
    } else if release.major < 8 {
        (
            Severity::Info,
            format!("GlusterFS {release} commits a remove-brick although files failed to move"),
            "Look at the failures before every commit; glustop refuses such a commit, gluster's own command line does not.",
        )
    } else {
        return None;
    };
    Some(of_pool(severity, "version-unsafe", text, advice))
}

/// Only known once a dialog wanted to know it.
fn op_version(snapshot: &Snapshot) -> Option<Finding> {
    let versions = snapshot.op_versions.get()?;
    let highest = versions
        .highest
        .filter(|&highest| highest > versions.current)?;
    let text = format!(
        "the pool speaks op-version {}, all its nodes could speak {highest}",
        versions.current
    );
    Some(of_pool(
        Severity::Warning,
        "opversion-mixed",
        text,
        "After an upgrade of all nodes and clients: gluster volume set all cluster.op-version N. Rebalance and remove-brick wait for that.",
    ))
}

fn of_pool(severity: Severity, code: &'static str, text: String, advice: &'static str) -> Finding {
    Finding {
        severity,
        volume: None,
        subject: "gluster".to_owned(),
        code,
        text,
        advice,
    }
}

/// Entries that wait for healing, where a dialog has just wanted to know.
pub(super) fn heal_pending(state: &VolumeState, now: Stamp) -> Option<Finding> {
    let heal = state.heal.get()?;
    let age = state.heal.age(now).filter(|age| *age <= HEAL_COUNTS_FOR)?;
    let most = heal.bricks.iter().max_by_key(|brick| brick.entries)?;
    let entries = most.entries.filter(|&entries| entries > 0)?;
    let name = &state.volume.name;
    let split = heal
        .bricks
        .iter()
        .filter_map(|brick| brick.split_brain)
        .max();
    let (split, advice) = match split.filter(|&split| split > 0) {
        Some(split) => (
            format!(", {} in split-brain", text::count(split)),
            "gluster volume heal VOLUME info split-brain lists what contradicts itself; it does not heal by itself.",
        ),
        None => (
            String::new(),
            "Take no copies away before it is healed; gluster volume heal VOLUME info lists the entries.",
        ),
    };
    Some(Finding {
        severity: Severity::Warning,
        volume: Some(name.clone()),
        subject: name.to_string(),
        code: "heal-pending",
        text: format!(
            "{name}: {} to be healed on {}{split} ({} ago)",
            plural(entries),
            most.brick,
            text::age(age)
        ),
        advice,
    })
}

/// Bricks of one volume that fill one file system: its size is counted once, and one disk that
/// fails takes all of them.
pub(super) fn shared_file_system(state: &VolumeState, sharing: &Sharing) -> Option<Finding> {
    let volume = &state.volume;
    state
        .space
        .get()
        .filter(|_| volume.status == VolumeStatus::Started)?;
    let mut bricks = volume.bricks.iter();
    let brick = bricks.find(|brick| sharing.count(brick) > 1)?;
    Some(Finding {
        severity: Severity::Info,
        volume: Some(volume.name.clone()),
        subject: volume.name.to_string(),
        code: "shared-filesystem",
        text: format!(
            "{}: {} bricks share the file system of {}",
            volume.name,
            sharing.count(brick),
            brick.name
        ),
        advice: "Its space is counted once; a drain of one of them makes no room that the others lack.",
    })
}

/// `1 entry`, `1,204 entries`.
fn plural(entries: u64) -> String {
    let noun = if entries == 1 { "entry" } else { "entries" };
    format!("{} {noun}", text::count(entries))
}
