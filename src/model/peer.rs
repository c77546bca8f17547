//! The nodes of the trusted storage pool.

use super::PeerId;

/// One node, the local one included.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Peer {
    /// Its UUID.
    pub id: PeerId,
    /// The name it was probed with; `localhost` for the node that was asked.
    pub hostname: String,
    /// Whether its glusterd is connected; a hung one still is. `None` when gluster did not say.
    pub connected: Option<bool>,
    /// gluster's words, such as `Peer in Cluster`; `None` for the node that was asked.
    pub state: Option<String>,
    /// The node that was asked.
    pub is_local: bool,
}

impl Peer {
    /// Whether the pool refuses this peer (its volume definitions differ): it takes part in
    /// nothing although it is connected.
    pub fn is_rejected(&self) -> bool {
        self.state
            .as_deref()
            .is_some_and(|state| state.starts_with("Peer Rejected"))
    }
}
