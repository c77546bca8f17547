//! Bricks: their definition, whether they run, and how full they are.

use std::sync::Arc;

use super::{BrickName, PeerId};

/// A brick as the volume's definition names it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Brick {
    /// `HOST:/PATH` as it was given when the brick was added.
    pub name: BrickName,
    /// The peer that hosts it; `None` when gluster did not say.
    pub peer: Option<PeerId>,
    /// Holds names but no file contents.
    pub is_arbiter: bool,
}

/// What `volume status` says of a brick. Absent from that answer = its node did not answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct BrickState {
    /// Whether its process runs; `None` when gluster did not say.
    pub online: Option<bool>,
    /// TCP port of the brick process.
    pub port: Option<u32>,
    /// Process id on its node.
    pub pid: Option<u32>,
}

/// What `volume status ... detail` says of the file system below a brick.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct BrickSpace {
    /// Bytes in all.
    pub total: Option<u64>,
    /// Bytes free; counts the blocks reserved for root as free.
    pub free: Option<u64>,
    /// Block device.
    pub device: Option<Arc<str>>,
    /// File system type.
    pub fs: Option<Arc<str>>,
    /// Inodes in all; file systems without fixed inodes say nothing.
    pub inodes_total: Option<u64>,
    /// Inodes free.
    pub inodes_free: Option<u64>,
}

impl BrickSpace {
    /// Bytes in use; `None` unless both sizes are known.
    pub fn used(&self) -> Option<u64> {
        Some(self.total?.saturating_sub(self.free?))
    }

    /// Inodes in use; `None` unless both counts are known.
    pub fn inodes_used(&self) -> Option<u64> {
        Some(self.inodes_total?.saturating_sub(self.inodes_free?))
    }
}
