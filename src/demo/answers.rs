//! The payloads that need no transaction: peers, volume definitions.

use super::rules::Ground;
use super::volume::{Brick, Peer, Volume};
use super::xml::Xml;

/// The state of every peer here: a node that is down stays a friend.
const IN_CLUSTER: (u8, &str) = (3, "Peer in Cluster");

/// `peer status`: everyone but the asked node.
pub(super) fn peer_status(on: &Ground) -> String {
    let mut xml = Xml::payload();
    xml.element("peerStatus", |xml| others(xml, on));
    xml.into_text()
}

/// `pool list`: the asked node is the last, and shorter.
pub(super) fn pool_list(on: &Ground) -> String {
    let mut xml = Xml::payload();
    xml.element("peerStatus", |xml| {
        others(xml, on);
        if let Some(peer) = on.peers.get(on.local) {
            xml.element("peer", |xml| {
                xml.leaf("uuid", &peer.uuid);
                xml.leaf("hostname", "localhost");
                xml.leaf("connected", 1);
            });
        }
    });
    xml.into_text()
}

/// `volume list`.
pub(super) fn volume_list(volumes: &[Volume]) -> String {
    let mut xml = Xml::payload();
    xml.element("volList", |xml| {
        xml.leaf("count", volumes.len());
        for volume in volumes {
            xml.leaf("volume", &volume.name);
        }
    });
    xml.into_text()
}

/// `volume info`; the count comes last.
pub(super) fn volume_info<'a>(peers: &[Peer], volumes: impl Iterator<Item = &'a Volume>) -> String {
    let mut xml = Xml::payload();
    xml.element("volInfo", |xml| {
        xml.element("volumes", |xml| {
            let mut count = 0;
            for volume in volumes {
                xml.element("volume", |xml| definition(xml, peers, volume));
                count += 1;
            }
            xml.leaf("count", count);
        });
    });
    xml.into_text()
}

/// `volume set`.
pub(super) fn volume_set() -> String {
    let mut xml = Xml::payload();
    xml.leaf("cliOp", "volSet");
    xml.leaf("output", "Set volume successful");
    xml.into_text()
}

fn others(xml: &mut Xml, on: &Ground) {
    let others = on
        .peers
        .iter()
        .enumerate()
        .filter(|(index, _)| *index != on.local);
    for (_, peer) in others {
        xml.element("peer", |xml| {
            xml.leaf("uuid", &peer.uuid);
            xml.leaf("hostname", &peer.name);
            xml.element("hostnames", |xml| xml.leaf("hostname", &peer.name));
            xml.leaf("connected", u8::from(peer.connected));
            xml.leaf("state", IN_CLUSTER.0);
            xml.leaf("stateStr", IN_CLUSTER.1);
        });
    }
}

fn definition(xml: &mut Xml, peers: &[Peer], volume: &Volume) {
    let layout = volume.layout;
    let (type_code, type_name) = volume.type_code_and_name();
    xml.leaf("name", &volume.name);
    xml.leaf("id", &volume.id);
    xml.leaf("status", volume.status.code());
    xml.leaf("statusStr", volume.status.text());
    xml.leaf("snapshotCount", 0);
    xml.leaf("brickCount", volume.brick_count());
    xml.leaf("distCount", volume.subvolumes.len());
    xml.leaf("replicaCount", layout.replica);
    xml.leaf("arbiterCount", layout.arbiter);
    xml.leaf("disperseCount", layout.disperse);
    xml.leaf("redundancyCount", layout.redundancy);
    xml.leaf("type", type_code);
    xml.leaf("typeStr", type_name);
    xml.leaf("transport", 0);
    xml.element("bricks", |xml| {
        for brick in volume.bricks() {
            xml.line(|xml| brick_line(xml, peers, brick));
        }
    });
    xml.leaf("optCount", volume.options.len());
    xml.element("options", |xml| {
        for (name, value) in &volume.options {
            xml.element("option", |xml| {
                xml.leaf("name", name);
                xml.leaf("value", value);
            });
        }
    });
}

/// The one element in which text and elements mix; gluster writes it on one line.
fn brick_line(xml: &mut Xml, peers: &[Peer], brick: &Brick) {
    let uuid = peers.get(brick.peer).map_or("", |peer| peer.uuid.as_str());
    xml.markup("<brick uuid=\"");
    xml.text(uuid);
    xml.markup("\">");
    xml.text(&brick.name);
    xml.markup("<name>");
    xml.text(&brick.name);
    xml.markup("</name><hostUuid>");
    xml.text(uuid);
    xml.markup("</hostUuid><isArbiter>");
    xml.markup(if brick.arbiter { "1" } else { "0" });
    xml.markup("</isArbiter></brick>");
}
