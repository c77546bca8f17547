//! A scenario file is a cluster: these are its tables, read strictly and nothing more.
//!
//! What the tables mean together, and what is wrong with them, is the business of `build`.

use std::collections::BTreeMap;

use jiff::SignedDuration;
use serde::{Deserialize, Deserializer, de::Error as _};

use super::task::{Counters, RunStatus};
use super::volume::{Layout, VolumeStatus};

/// Why a scenario text is no cluster.
#[derive(Debug, thiserror::Error)]
pub enum ScenarioError {
    /// Not TOML, or not the tables of a scenario; the message carries the place.
    #[error("the scenario cannot be read: {0}")]
    Syntax(#[from] toml::de::Error),
    /// A table names a peer, a volume or a sub-volume that the scenario does not have.
    #[error("{place} names {name:?}, which the scenario does not have")]
    Unknown {
        /// The table that names it.
        place: String,
        /// What it names.
        name: String,
    },
    /// A sub-volume has another number of bricks than the layout of its volume asks for.
    #[error("{place} has {found} bricks, its layout asks for {wanted}")]
    BrickCount {
        /// The sub-volume.
        place: String,
        /// Bricks listed.
        found: usize,
        /// Bricks of a sub-volume in this layout.
        wanted: usize,
    },
    /// A number that must not be zero is zero: nothing would ever move.
    #[error("{place} must not be zero")]
    Zero {
        /// The field.
        place: String,
    },
}

/// The whole file.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Scenario {
    /// Simulated seconds in a second of the viewer.
    pub(super) pace: u32,
    pub(super) seed: u64,
    /// The node whose glusterd is asked.
    pub(super) local: String,
    #[serde(rename = "peer")]
    pub(super) peers: Vec<PeerTable>,
    #[serde(rename = "volume", default)]
    pub(super) volumes: Vec<VolumeTable>,
    pub(super) generate: Option<GenerateTable>,
    #[serde(rename = "task", default)]
    pub(super) tasks: Vec<TaskTable>,
    #[serde(rename = "fault", default)]
    pub(super) faults: Vec<FaultTable>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct PeerTable {
    pub(super) name: String,
    #[serde(default = "yes")]
    pub(super) connected: bool,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct VolumeTable {
    pub(super) name: String,
    #[serde(default)]
    pub(super) status: VolumeStatus,
    #[serde(default)]
    pub(super) layout: Layout,
    /// Mean size of a regular file.
    #[serde(deserialize_with = "bytes")]
    pub(super) file_size: u64,
    /// What one node migrates in a second at throttle `normal`.
    #[serde(deserialize_with = "bytes")]
    pub(super) rate: u64,
    #[serde(default)]
    pub(super) options: BTreeMap<String, String>,
    /// Entries that wait for self-heal, as the bricks that are up count them.
    #[serde(default)]
    pub(super) heal_pending: u64,
    #[serde(rename = "subvolume")]
    pub(super) subvolumes: Vec<SubvolumeTable>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct SubvolumeTable {
    /// The node of each brick, in brick order; all of them use the same path and device name.
    pub(super) hosts: Vec<String>,
    pub(super) path: String,
    pub(super) device: String,
    /// Size of each brick's filesystem.
    #[serde(deserialize_with = "bytes")]
    pub(super) size: u64,
    /// What the files of this sub-volume measure, one copy of each.
    #[serde(deserialize_with = "bytes")]
    pub(super) data: u64,
    /// What else lies on each brick's filesystem.
    #[serde(default, deserialize_with = "bytes")]
    pub(super) foreign: u64,
    /// Nodes whose brick process of this sub-volume is dead.
    #[serde(default)]
    pub(super) offline: Vec<String>,
}

/// Many volumes out of one table: equal in layout, each with a fill level of its own.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct GenerateTable {
    pub(super) volumes: usize,
    /// The volumes are called `PREFIX-0001` and so on.
    pub(super) prefix: String,
    pub(super) subvolumes: usize,
    #[serde(default)]
    pub(super) layout: Layout,
    #[serde(deserialize_with = "bytes")]
    pub(super) file_size: u64,
    #[serde(deserialize_with = "bytes")]
    pub(super) rate: u64,
    #[serde(deserialize_with = "bytes")]
    pub(super) size: u64,
    /// Data of the fullest sub-volume; the others have between a quarter of it and all.
    #[serde(deserialize_with = "bytes")]
    pub(super) data: u64,
}

/// A task that exists when the demonstration begins.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct TaskTable {
    pub(super) volume: String,
    pub(super) kind: TaskWord,
    /// The sub-volumes that leave, counted from zero; remove-brick only.
    #[serde(default)]
    pub(super) subvolumes: Vec<usize>,
    #[serde(rename = "node", default)]
    pub(super) nodes: Vec<NodeTable>,
    /// How long it has been running.
    #[serde(deserialize_with = "seconds")]
    pub(super) elapsed: u64,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub(super) enum TaskWord {
    Rebalance,
    RemoveBrick,
}

/// What a node had done by then; a node without a table begins at zero.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct NodeTable {
    pub(super) host: String,
    #[serde(default)]
    pub(super) state: RunStatus,
    #[serde(default)]
    pub(super) files: u64,
    #[serde(default, deserialize_with = "bytes")]
    pub(super) size: u64,
    #[serde(default)]
    pub(super) lookups: u64,
    #[serde(default)]
    pub(super) failures: u64,
    #[serde(default)]
    pub(super) skipped: u64,
}

impl NodeTable {
    pub(super) fn counters(&self) -> Counters {
        Counters {
            files: self.files,
            size: self.size,
            lookups: self.lookups,
            failures: self.failures,
            skipped: self.skipped,
        }
    }
}

/// What goes wrong on a node, with any task or with the tasks of one volume. Times are simulated
/// and count from the beginning.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct FaultTable {
    pub(super) host: String,
    pub(super) volume: Option<String>,
    pub(super) stall: Option<Stall>,
    pub(super) fail: Option<Fail>,
}

/// The node's counters stand still.
#[derive(Debug, Clone, Copy, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Stall {
    #[serde(deserialize_with = "seconds")]
    pub(super) from: u64,
    #[serde(deserialize_with = "seconds")]
    pub(super) until: u64,
}

/// So many files at a time cannot be migrated.
#[derive(Debug, Clone, Copy, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Fail {
    pub(super) files: u64,
    #[serde(deserialize_with = "seconds")]
    pub(super) every: u64,
}

fn yes() -> bool {
    true
}

/// A size as people write it: `9.6TiB`, `40MiB`, `0B`.
fn bytes<'de, D: Deserializer<'de>>(deserializer: D) -> Result<u64, D::Error> {
    let text = String::deserialize(deserializer)?;
    size(&text).ok_or_else(|| D::Error::custom(format!("{text:?} is no size such as \"9.6TiB\"")))
}

fn size(text: &str) -> Option<u64> {
    const UNITS: [(&str, u32); 5] = [("KiB", 10), ("MiB", 20), ("GiB", 30), ("TiB", 40), ("B", 0)];
    let (number, shift) = UNITS
        .iter()
        .find_map(|(unit, shift)| Some((text.strip_suffix(unit)?, shift)))?;
    let number: f64 = number.trim().parse().ok()?;
    (number >= 0.0).then(|| (number * (1_u64 << shift) as f64) as u64)
}

/// A duration as people write it: `7h39m`, `90s`.
fn seconds<'de, D: Deserializer<'de>>(deserializer: D) -> Result<u64, D::Error> {
    let text = String::deserialize(deserializer)?;
    let duration: SignedDuration = text.parse().map_err(D::Error::custom)?;
    u64::try_from(duration.as_secs()).map_err(D::Error::custom)
}
