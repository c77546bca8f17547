//! `pool list`.

use crate::model::{Peer, PeerId};

use super::super::odd::{Odd, given, uuid};
use super::wire;

/// The peers in gluster's order. One without a UUID cannot be told from the others and is left
/// out.
pub(super) fn peers(pool: wire::PeerStatus, odd: &mut Odd) -> Vec<Peer> {
    pool.peer
        .into_iter()
        .filter_map(|peer| {
            let hostname = peer.hostname.unwrap_or_default().into_owned();
            let Some(id) = uuid(peer.uuid.as_deref()) else {
                odd.note(format_args!("peer {hostname:?} has no UUID"));
                return None;
            };
            Some(Peer {
                id: PeerId::new(id),
                connected: odd.flag(
                    format_args!("peer {hostname}"),
                    "connected",
                    peer.connected.as_deref(),
                ),
                state: given(peer.state_str.as_deref()).map(str::to_owned),
                // No peer can be probed by this name.
                is_local: hostname == "localhost",
                hostname,
            })
        })
        .collect()
}
