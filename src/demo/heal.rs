//! `volume heal V info summary`: entries that wait for self-heal, by brick.
//!
//! It comes from a program of its own, glfsheal, with errno values as its refusals.

use super::rules::Refusal;
use super::volume::{Brick, Peer, Volume};
use super::xml::Xml;

const NO_SUCH_ENTRY: u32 = 2;
const IO_ERROR: u32 = 5;
const INVALID_ARGUMENT: u32 = 22;

/// What a brick says that does not answer; the missing blank is glfsheal's.
const UNREACHABLE: &str = "Failed to process entries completely. \
     (Transport endpoint is not connected)totalNumberOfEntries0";

pub(super) fn no_volume(name: &str) -> Refusal {
    Refusal::new(NO_SUCH_ENTRY, format!("Volume {name} does not exist"))
}

/// Whether there is anything to ask.
pub(super) fn possible(volume: &Volume) -> Result<(), Refusal> {
    let name = &volume.name;
    if !volume.started() {
        let text = format!("{name}: Not able to fetch volfile from glusterd");
        return Err(Refusal::new(IO_ERROR, text));
    }
    if !volume.layout.heals() {
        let text = format!(
            "This command is supported for only volumes of replicate/disperse type. Volume \
             {name} is not of type replicate/disperse"
        );
        return Err(Refusal::new(INVALID_ARGUMENT, text));
    }
    Ok(())
}

/// The payload. The bricks that are up keep the list of what their neighbours missed.
pub(super) fn summary(peers: &[Peer], volume: &Volume) -> String {
    let mut xml = Xml::payload();
    xml.element("healInfo", |xml| {
        xml.element("bricks", |xml| {
            for subvolume in &volume.subvolumes {
                let whole = subvolume.bricks.iter().all(|brick| brick.up(peers));
                let pending = if whole { 0 } else { volume.heal_pending };
                for own in &subvolume.bricks {
                    brick(xml, peers, own, pending);
                }
            }
        });
    });
    xml.into_text()
}

fn brick(xml: &mut Xml, peers: &[Peer], brick: &Brick, pending: u64) {
    let peer = peers.get(brick.peer).filter(|_| brick.up(peers));
    let uuid = peer.map_or("-", |peer| peer.uuid.as_str());
    xml.element_with("brick", &format!(" hostUuid=\"{uuid}\""), |xml| {
        xml.leaf("name", &brick.name);
        if peer.is_none() {
            xml.leaf("status", UNREACHABLE);
            return;
        }
        xml.leaf("status", "Connected");
        xml.leaf("totalNumberOfEntries", pending);
        xml.leaf("numberOfEntriesInHealPending", pending);
        xml.leaf("numberOfEntriesInSplitBrain", 0);
        xml.leaf("numberOfEntriesPossiblyHealing", 0);
    });
}
