//! Findings about the sub-volumes and bricks of a started volume.

use super::{Finding, Severity};
use crate::insight::subvolume::{self, SubvolumeHealth, SubvolumeState};
use crate::model::{Brick, Subvolume, Volume, VolumeState, VolumeStatus};

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
        let severity = loss_of_bricks(volume, health);
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
fn loss_of_bricks(volume: &Volume, health: SubvolumeHealth) -> Severity {
    // Writes need a majority of copies, or all data fragments.
    let enough = if volume.layout.disperse > 0 {
        volume.layout.bricks_needed()
    } else {
        health.bricks / 2 + 1
    };
    if health.online > enough {
        Severity::Warning
    } else {
        Severity::Critical
    }
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
        subject: set,
        code,
        text,
        advice,
    })
}

fn offline(volume: &Volume, brick: &Brick, severity: Severity) -> Finding {
    Finding {
        severity,
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
        subject: name.to_string(),
        code: "brick-filling",
        text: format!(
            "{}: brick {name} is {:.0}% full",
            state.volume.name,
            (used * 100.0).floor()
        ),
        advice: "Files cannot migrate to a full brick; S stops the task, T slows it down.",
    })
}
