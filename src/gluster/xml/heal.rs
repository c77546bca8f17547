//! `volume heal VOLUME info summary`.

use super::super::Failure;
use super::super::odd::{Odd, given};
use super::{missing, wire};
use crate::model::{BrickHeal, BrickName, Heal};

/// The bricks in gluster's order.
///
/// One that was not reached has another status than `Connected`, with or without counters that
/// stop short: they count for nothing. One that was reached has counters, or this is no summary.
pub(super) fn summary(wire: wire::HealBricks, odd: &mut Odd) -> Result<Heal, Failure> {
    let mut bricks = Vec::new();
    for brick in wire.brick {
        let Some(name) = given(brick.name.as_deref()) else {
            odd.note("a brick of heal info has no name");
            continue;
        };
        let mut known = BrickHeal {
            brick: BrickName::new(name),
            entries: None,
            split_brain: None,
        };
        if brick.status.as_deref().map(str::trim) == Some("Connected") {
            let total = brick.total_number_of_entries;
            if total.is_none() {
                return Err(missing("totalNumberOfEntries"));
            }
            let place = format!("brick {name}");
            let split = brick.number_of_entries_in_split_brain;
            known.entries = odd.number(&place, "totalNumberOfEntries", total.as_deref());
            known.split_brain = odd.number(&place, "numberOfEntriesInSplitBrain", split.as_deref());
        }
        bricks.push(known);
    }
    Ok(Heal { bricks })
}
