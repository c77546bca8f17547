//! What waits for healing, before bricks leave: the only good copy of a file must not go.

use crate::insight::plan::{Check, Mark};
use crate::model::{Brick, BrickHeal, BrickName, Heal, VolumeState, VolumeStatus, text};

/// The code of the check, which is the only one that an admin can override.
pub const CODE: &str = "nothing-to-heal";

/// When copies leave. Entries are counted on the bricks that have what others lack; which ones
/// lack it is not told, so every one of them is in the way.
pub(super) fn copies(state: &VolumeState) -> Check {
    let Some(heal) = state.heal.get() else {
        return unseen(state);
    };
    if let Some(most) = most(heal) {
        return Check::new(
            CODE,
            Mark::Refuse,
            format!(
                "{}: the only good copy might be on a brick you remove. Heal first, or look: gluster volume heal {} info",
                waiting(heal, most),
                state.volume.name
            ),
        );
    }
    match silent(state, heal) {
        Some(brick) => Check::new(
            CODE,
            Mark::Unknown,
            format!(
                "heal info got no answer from {}: the only good copy of a file might be on a brick you remove",
                brick.name
            ),
        ),
        None => Check::new(CODE, Mark::Pass, "nothing to heal").judged_by(&state.heal),
    }
}

/// When whole sub-volumes leave: what is not healed migrates as it is found, or goes with them.
/// `None` for volumes that heal nothing.
pub(super) fn sets(state: &VolumeState, bricks: &[BrickName]) -> Option<Check> {
    let layout = state.volume.layout;
    if layout.replica < 2 && layout.disperse == 0 {
        return None;
    }
    let Some(heal) = state.heal.get() else {
        return Some(unseen(state));
    };
    if let Some(most) = most(heal) {
        let text = format!("{}: better heal first", waiting(heal, most));
        return Some(Check::new(CODE, Mark::Warn, text));
    }
    let quiet = silent(state, heal).filter(|brick| bricks.contains(&brick.name));
    Some(match quiet {
        Some(brick) => {
            let text = format!("heal info got no answer from {}", brick.name);
            Check::new(CODE, Mark::Unknown, text)
        }
        None => Check::new(CODE, Mark::Pass, "nothing to heal").judged_by(&state.heal),
    })
}

fn unseen(state: &VolumeState) -> Check {
    if state.volume.status == VolumeStatus::Started {
        Check::unseen(CODE, "pending heals", &state.heal)
    } else {
        let text = "pending heals: they cannot be counted while the volume is not started";
        Check::new(CODE, Mark::Unknown, text)
    }
}

/// The brick that counts most.
fn most(heal: &Heal) -> Option<&BrickHeal> {
    let counted = heal.bricks.iter().filter(|brick| brick.entries > Some(0));
    counted.max_by_key(|brick| brick.entries)
}

/// `1,204 entries wait for healing on gl-04:/bricks/h0/home (3 in split-brain)`.
fn waiting(heal: &Heal, most: &BrickHeal) -> String {
    let entries = most.entries.unwrap_or_default();
    let (noun, verb) = if entries == 1 {
        ("entry", "waits")
    } else {
        ("entries", "wait")
    };
    let split = heal
        .bricks
        .iter()
        .filter_map(|brick| brick.split_brain)
        .max();
    let split = split
        .filter(|&split| split > 0)
        .map_or_else(String::new, |split| {
            format!(" ({} in split-brain)", text::count(split))
        });
    format!(
        "{} {noun} {verb} for healing on {}{split}",
        text::count(entries),
        most.brick
    )
}

/// A brick that gave no count, or is missing in the answer.
fn silent<'a>(state: &'a VolumeState, heal: &Heal) -> Option<&'a Brick> {
    let said = |brick: &Brick| {
        let mut counted = heal.bricks.iter();
        counted.any(|one| one.brick == brick.name && one.entries.is_some())
    };
    state.volume.bricks.iter().find(|brick| !said(brick))
}
