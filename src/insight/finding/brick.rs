//! Findings about the sub-volumes and bricks of a started volume.

use super::{Finding, Severity};
use crate::insight::subvolume::{self, SubvolumeHealth, SubvolumeState};
use crate::model::{Brick, Peer, Snapshot, Subvolume, Volume, VolumeState, VolumeStatus};

/// A brick in use by more than this share is worth a finding.
const FILLING: f64 = 0.90;

/// They depend on nothing but the volume: no clock, no setting.
pub(in crate::insight) fn findings(state: &VolumeState) -> Vec<Finding> {
    let mut found = Vec::new();
    let volume = &state.volume;
    if volume.status != VolumeStatus::Started {
        return found;
    }
    for set in volume.subvolumes() {
        let health = subvolume::health(state, set);
        let severity = loss_of_bricks(set, volume, health.online);
        found.extend(of_set(volume, set, health, severity));
        for brick in set.bricks {
            if state.brick(&brick.name).online == Some(false) {
                found.push(offline(volume, brick, severity));
            }
            found.extend(filling(state, brick));
        }
    }
    found
}

/// How bad it is that a set lacks bricks: critical once the next one would end its service.
fn loss_of_bricks(set: Subvolume<'_>, volume: &Volume, online: usize) -> Severity {
    // Writes need a majority of copies, or all data fragments.
    let enough = if volume.layout.disperse > 0 {
        volume.layout.bricks_needed()
    } else {
        set.bricks.len() / 2 + 1
    };
    if online > enough {
        Severity::Warning
    } else {
        Severity::Critical
    }
}

/// How bad it is that a peer is away. Nobody tells how its bricks fare: they count as lost, and
/// so does every other brick of their sets that is not known to be online.
pub(super) fn loss_of_peer(snapshot: &Snapshot, peer: &Peer) -> Severity {
    let is_there = |brick: &Brick| brick.peer.as_ref() == Some(&peer.id);
    let started = snapshot
        .volumes()
        .iter()
        .filter(|state| state.volume.status == VolumeStatus::Started);
    let losses = started.flat_map(|state| {
        let sets = state.volume.subvolumes();
        let hit = sets.filter(|set| set.bricks.iter().any(is_there));
        hit.map(|set| {
            let online = |brick: &&Brick| state.brick(&brick.name).online == Some(true);
            let elsewhere = set.bricks.iter().filter(|brick| !is_there(brick));
            loss_of_bricks(set, &state.volume, elsewhere.filter(online).count())
        })
    });
    losses.max().unwrap_or(Severity::Warning)
}

fn of_set(
    volume: &Volume,
    set: Subvolume<'_>,
    health: SubvolumeHealth,
    severity: Severity,
) -> Option<Finding> {
    let (name, set) = (&volume.name, set.name());
    let SubvolumeHealth { online, bricks, .. } = health;
    let (severity, code, text, advice) = match health.state {
        SubvolumeState::Down => (
            Severity::Critical,
            "subvolume-down",
            format!(
                "{name}: {set} is down, {online} of {bricks} bricks online: its files cannot be reached"
            ),
            "Bring its bricks back: gluster volume start VOLUME force starts dead brick processes.",
        ),
        SubvolumeState::Degraded => (
            severity,
            "subvolume-degraded",
            format!("{name}: {set} has {online} of {bricks} bricks online"),
            "Another failure may make its files unreachable; bring the brick back and let it heal.",
        ),
        SubvolumeState::Up | SubvolumeState::Unknown => return None,
    };
    Some(Finding {
        severity,
        volume: Some(name.clone()),
        subject: set,
        code,
        text,
        advice,
    })
}

fn offline(volume: &Volume, brick: &Brick, severity: Severity) -> Finding {
    Finding {
        severity,
        volume: Some(volume.name.clone()),
        subject: brick.name.to_string(),
        code: "brick-offline",
        text: format!("{}: brick {} is offline", volume.name, brick.name),
        advice: "A remove-brick or commit that names it will be refused. Look at its log below /var/log/glusterfs/bricks.",
    }
}

fn filling(state: &VolumeState, brick: &Brick) -> Option<Finding> {
    let name = &brick.name;
    let space = state.space(name)?;
    let total = space.total.filter(|&total| total > 0)?;
    let used = space.used()? as f64 / total as f64;
    (used > FILLING && !state.is_leaving(name)).then(|| Finding {
        severity: Severity::Warning,
        volume: Some(state.volume.name.clone()),
        subject: name.to_string(),
        code: "brick-filling",
        text: format!(
            "{}: brick {name} is {:.0}% full",
            state.volume.name,
            (used * 100.0).floor()
        ),
        advice: "Files cannot migrate to a full brick: stop the task that fills it, or throttle it.",
    })
}
