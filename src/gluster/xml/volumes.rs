//! `volume list` and `volume info`.

use std::sync::Arc;

use crate::model::{Brick, BrickName, FaultKind, Layout, PeerId, Volume, VolumeName, VolumeStatus};

use super::super::Failure;
use super::super::odd::{Odd, given, uuid};
use super::shared::Shared;
use super::{bad, missing, wire};

/// The names in gluster's order.
pub(super) fn names(list: wire::VolList, odd: &mut Odd) -> Vec<VolumeName> {
    list.volume
        .into_iter()
        .filter(|name| {
            if name.is_empty() {
                odd.note("a volume has no name");
            }
            !name.is_empty()
        })
        .map(VolumeName::new)
        .collect()
}

/// The volumes, by name; with a wanted one, just that.
pub(super) fn volumes(
    wire: wire::Volumes,
    wanted: Option<&VolumeName>,
    odd: &mut Odd,
) -> Result<Vec<Arc<Volume>>, Failure> {
    if wire.volume.is_empty() && wire.count.is_none() {
        return Err(missing("volume count"));
    }
    let count: Option<usize> = odd.number("volume info", "count", wire.count.as_deref());
    if count.is_some_and(|count| count != wire.volume.len()) {
        odd.note(format_args!(
            "volume info counts {} volumes but lists {}",
            count.unwrap_or_default(),
            wire.volume.len()
        ));
    }
    let mut shared = Shared::default();
    let mut volumes: Vec<_> = wire
        .volume
        .into_iter()
        .filter_map(|volume| self::volume(volume, &mut shared, odd).transpose())
        .collect::<Result<_, _>>()?;
    if let Some(wanted) = wanted {
        volumes.retain(|volume| volume.name == *wanted);
        // Releases before 3.9 say so with an empty list.
        if volumes.is_empty() {
            return Err(Failure::new(
                FaultKind::Refused,
                format!("Volume {wanted} does not exist"),
            ));
        }
    }
    volumes.sort_by(|a, b| a.name.cmp(&b.name));
    Ok(volumes)
}

fn volume(
    wire: wire::Volume,
    shared: &mut Shared,
    odd: &mut Odd,
) -> Result<Option<Arc<Volume>>, Failure> {
    let Some(name) = given(wire.name.as_deref()).map(VolumeName::new) else {
        odd.note("a volume has no name");
        return Ok(None);
    };
    let layout = layout(&name, &wire, odd)?;
    let status = status(&name, &wire, odd);
    Ok(Some(Arc::new(Volume {
        id: given(wire.id.as_deref()).unwrap_or_default().to_owned(),
        status,
        layout,
        bricks: bricks(&name, wire.bricks.unwrap_or_default(), layout, shared, odd),
        options: wire
            .options
            .unwrap_or_default()
            .option
            .into_iter()
            .filter_map(|option| {
                let value = option.value.unwrap_or_default();
                Some((option.name?.into_owned(), value.into_owned()))
            })
            .collect(),
        name,
    })))
}

/// By its number, else by its word.
fn status(name: &VolumeName, wire: &wire::Volume, odd: &mut Odd) -> VolumeStatus {
    const BY_NUMBER: [VolumeStatus; 3] = [
        VolumeStatus::Created,
        VolumeStatus::Started,
        VolumeStatus::Stopped,
    ];
    let number = wire.status.as_deref().unwrap_or_default().trim();
    let word = wire.status_str.as_deref().unwrap_or_default().trim();
    let by_number = number.parse().ok().and_then(|at: usize| BY_NUMBER.get(at));
    by_number
        .or_else(|| BY_NUMBER.iter().find(|status| status.as_str() == word))
        .copied()
        .unwrap_or_else(|| {
            odd.note(format_args!("volume {name}: status is \"{number} {word}\""));
            VolumeStatus::Unknown
        })
}

/// The counts decide which bricks may leave together. One that is given and cannot be read would
/// make another sort of volume of it, with other rules: such an answer is none.
fn layout(name: &VolumeName, wire: &wire::Volume, odd: &mut Odd) -> Result<Layout, Failure> {
    let count = |field, text: &wire::Leaf| match text.as_deref() {
        None => Ok(0),
        Some(text) => text.trim().parse().map_err(|_not_a_number| {
            let start: String = text.chars().take(40).collect();
            bad(format_args!("volume {name}: {field} is {start:?}."))
        }),
    };
    let layout = Layout {
        replica: count("replicaCount", &wire.replica_count)?,
        arbiter: count("arbiterCount", &wire.arbiter_count)?,
        disperse: count("disperseCount", &wire.disperse_count)?,
        redundancy: count("redundancyCount", &wire.redundancy_count)?,
        stripe: count("stripeCount", &wire.stripe_count)?,
    };
    if wire.replica_count.is_none() {
        odd.note(format_args!("volume {name}: replicaCount is missing"));
    }
    Ok(layout)
}

fn bricks(
    name: &VolumeName,
    wire: wire::Bricks,
    layout: Layout,
    shared: &mut Shared,
    odd: &mut Odd,
) -> Vec<Brick> {
    let tiers = [wire.hot, wire.cold];
    if tiers.iter().any(Option::is_some) {
        odd.note(format_args!(
            "volume {name} is tiered: its sub-volumes are not known"
        ));
    }
    let all = tiers
        .into_iter()
        .flatten()
        .flat_map(|tier| tier.brick)
        .chain(wire.brick);
    let leaf = layout.leaf();
    all.enumerate()
        .map(|(at, brick)| {
            // It keeps its place all the same: sub-volumes are made of neighbours.
            let brick_name = given(brick.name.as_deref()).map_or_else(
                || {
                    odd.note(format_args!("volume {name}: brick {} has no name", at + 1));
                    BrickName::new(format!("(brick {} without a name)", at + 1))
                },
                BrickName::new,
            );
            let peer = uuid(brick.host_uuid.as_deref()).or_else(|| uuid(brick.uuid.as_deref()));
            if peer.is_none() {
                odd.note(format_args!("brick {brick_name} names no peer"));
            }
            // Releases before 3.8.0 do not mark it: it is the last of its set.
            let is_arbiter = brick.is_arbiter.as_deref().map_or(
                layout.arbiter == 1 && leaf > 1 && at % leaf == leaf - 1,
                |flag| flag.trim() == "1",
            );
            Brick {
                peer: peer.map(|peer| PeerId::new(shared.text(peer))),
                is_arbiter,
                name: brick_name,
            }
        })
        .collect()
}
