//! What the simulated pool consists of: peers, volumes, sub-volumes and bricks, in glusterd's own
//! words.

use std::collections::BTreeSet;
use std::time::Duration;

use serde::Deserialize;

use super::task::Task;

/// A file of an arbiter brick holds no data, only its inode.
const ARBITER_FILE_BYTES: u64 = 4096;
/// Share of each filesystem that stays taken without any file: logs and tables of XFS.
const EMPTY_FILESYSTEM_SHIFT: u32 = 14;
/// `storage.reserve` is 1 percent by default: a brick counts as full before it is.
const RESERVE_DIVISOR: u64 = 100;
/// XFS makes room for about one inode in so many bytes on filesystems of this size.
const BYTES_PER_INODE_SHIFT: u32 = 18;

#[derive(Debug)]
pub(super) struct Peer {
    pub(super) name: String,
    pub(super) uuid: String,
    pub(super) connected: bool,
}

#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub(super) enum VolumeStatus {
    Created,
    #[default]
    Started,
    Stopped,
}

impl VolumeStatus {
    pub(super) fn code(self) -> u8 {
        match self {
            Self::Created => 0,
            Self::Started => 1,
            Self::Stopped => 2,
        }
    }

    pub(super) fn text(self) -> &'static str {
        match self {
            Self::Created => "Created",
            Self::Started => "Started",
            Self::Stopped => "Stopped",
        }
    }
}

/// How the bricks of one sub-volume share its files; plain distribute is a replica of one.
#[derive(Debug, Clone, Copy, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub(super) struct Layout {
    pub(super) replica: u32,
    /// 1 when the last brick of each sub-volume holds no data.
    pub(super) arbiter: u32,
    /// Bricks of a dispersed sub-volume, 0 for the other kinds.
    pub(super) disperse: u32,
    pub(super) redundancy: u32,
}

impl Default for Layout {
    fn default() -> Self {
        Self {
            replica: 1,
            arbiter: 0,
            disperse: 0,
            redundancy: 0,
        }
    }
}

impl Layout {
    /// Bricks of a sub-volume: glusterd's `dist_leaf_count`.
    pub(super) fn leaf(self) -> usize {
        self.disperse.max(self.replica).max(1) as usize
    }

    /// Bricks over which a file's bytes are spread: what a file takes on one brick is its size
    /// divided by this.
    pub(super) fn spread(self) -> u64 {
        u64::from(self.disperse.saturating_sub(self.redundancy)).max(1)
    }

    /// Whether glusterd runs a self-heal daemon for it.
    pub(super) fn heals(self) -> bool {
        self.leaf() > 1
    }
}

#[derive(Debug)]
pub(super) struct Volume {
    pub(super) name: String,
    pub(super) id: String,
    pub(super) status: VolumeStatus,
    pub(super) layout: Layout,
    pub(super) subvolumes: Vec<Subvolume>,
    /// In the order `volume info` lists them.
    pub(super) options: Vec<(String, String)>,
    /// Mean size of a file, bytes.
    pub(super) file_size: u64,
    /// Bytes one node migrates in a second at throttle `normal`.
    pub(super) rate: u64,
    pub(super) heal_pending: u64,
    pub(super) task: Option<Task>,
    /// Simulated time until which a command holds the volume's lock.
    pub(super) locked_until: Duration,
}

#[derive(Debug)]
pub(super) struct Subvolume {
    pub(super) bricks: Vec<Brick>,
    /// Bytes of each brick's filesystem.
    pub(super) size: u64,
    /// Bytes of the files, one copy of each.
    pub(super) data: u64,
    /// Bytes on each brick's filesystem that are not this volume's.
    pub(super) foreign: u64,
}

#[derive(Debug)]
pub(super) struct Brick {
    /// Index into the pool's peers.
    pub(super) peer: usize,
    /// `HOST:/PATH`, as it was given when the volume was created.
    pub(super) name: String,
    pub(super) host: String,
    pub(super) path: String,
    pub(super) device: String,
    /// Whether its process lives.
    pub(super) online: bool,
    pub(super) port: u64,
    pub(super) pid: u64,
    pub(super) arbiter: bool,
}

impl Volume {
    /// The bricks in `volume info` order.
    pub(super) fn bricks(&self) -> impl Iterator<Item = &Brick> {
        self.subvolumes
            .iter()
            .flat_map(|subvolume| &subvolume.bricks)
    }

    pub(super) fn brick_count(&self) -> usize {
        self.bricks().count()
    }

    pub(super) fn started(&self) -> bool {
        self.status == VolumeStatus::Started
    }

    pub(super) fn option(&self, key: &str) -> Option<&str> {
        let (_, value) = self.options.iter().find(|(name, _)| name == key)?;
        Some(value)
    }

    /// glusterd's number and name of the volume type.
    pub(super) fn type_code_and_name(&self) -> (u8, &'static str) {
        let distributed = self.subvolumes.len() > 1;
        match (
            self.layout.disperse > 0,
            self.layout.replica > 1,
            distributed,
        ) {
            (true, _, false) => (4, "Disperse"),
            (true, _, true) => (9, "Distributed-Disperse"),
            (false, true, false) => (2, "Replicate"),
            (false, true, true) => (7, "Distributed-Replicate"),
            (false, false, _) => (0, "Distribute"),
        }
    }

    /// Regular files of a sub-volume.
    pub(super) fn files(&self, subvolume: &Subvolume) -> u64 {
        subvolume.data.div_ceil(self.file_size)
    }

    /// Bytes taken on a brick's filesystem.
    pub(super) fn brick_used(&self, subvolume: &Subvolume, brick: &Brick) -> u64 {
        let files = if brick.arbiter {
            self.files(subvolume) * ARBITER_FILE_BYTES
        } else {
            subvolume.data / self.layout.spread()
        };
        (files + subvolume.foreign + subvolume.empty()).min(subvolume.size)
    }

    /// Inodes in all and inodes taken on a brick's filesystem: one for each file, and some for
    /// directories and gluster's links to them.
    pub(super) fn brick_inodes(&self, subvolume: &Subvolume) -> (u64, u64) {
        let total = subvolume.size >> BYTES_PER_INODE_SHIFT;
        let files = self.files(subvolume);
        (total, (files + files / 20 + 64).min(total))
    }

    /// Bytes of files that a sub-volume still has room for.
    pub(super) fn room(&self, subvolume: &Subvolume) -> u64 {
        let spread = self.layout.spread();
        subvolume
            .usable()
            .saturating_mul(spread)
            .saturating_sub(subvolume.data)
    }

    /// Whether enough bricks of a sub-volume are up for its files to be reached.
    pub(super) fn reachable(&self, subvolume: &Subvolume, peers: &[Peer]) -> bool {
        let up = subvolume
            .bricks
            .iter()
            .filter(|brick| brick.up(peers))
            .count();
        up as u64 >= self.layout.spread()
    }

    /// The daemons beside the bricks, by the names `volume status` gives them.
    pub(super) fn daemons(&self) -> impl Iterator<Item = &'static str> {
        let heal = self.layout.heals().then_some("Self-heal Daemon");
        let quota = (self.option("features.quota") == Some("on")).then_some("Quota Daemon");
        heal.into_iter().chain(quota)
    }
}

impl Subvolume {
    /// What stays taken on each filesystem when all files are gone.
    fn empty(&self) -> u64 {
        self.size >> EMPTY_FILESYSTEM_SHIFT
    }

    /// Bytes each brick has for this volume's files.
    fn usable(&self) -> u64 {
        let reserve = self.size / RESERVE_DIVISOR;
        self.size
            .saturating_sub(reserve + self.foreign + self.empty())
    }

    pub(super) fn has(&self, brick: &str) -> bool {
        self.bricks.iter().any(|own| own.name == brick)
    }

    /// The nodes of its bricks, each once.
    pub(super) fn hosts(&self) -> BTreeSet<usize> {
        self.bricks.iter().map(|brick| brick.peer).collect()
    }
}

impl Brick {
    /// Whether it serves: a node that is away takes its bricks with it.
    pub(super) fn up(&self, peers: &[Peer]) -> bool {
        self.online && peers.get(self.peer).is_some_and(|peer| peer.connected)
    }
}
