//! The documents as gluster writes them (`cli/src/cli-xml-output.c` in its source).
//!
//! Every field is text and may be missing: a number that is `N/A` must cost that number, not the
//! whole answer. Elements that are not named here are skipped. Nothing below leaves this room.

use serde::Deserialize;

/// Text, or nothing.
pub(super) type Leaf = Option<String>;

#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub(super) struct CliOutput {
    pub(super) op_ret: Leaf,
    pub(super) op_errno: Leaf,
    pub(super) op_errstr: Leaf,
    /// With `output`: the form of answers that carry a sentence only.
    pub(super) cli_op: Leaf,
    pub(super) output: Leaf,
    pub(super) peer_status: Option<PeerStatus>,
    pub(super) vol_list: Option<VolList>,
    pub(super) vol_info: Option<VolInfo>,
    pub(super) vol_status: Option<VolStatus>,
    pub(super) vol_rebalance: Option<TaskReport>,
    pub(super) vol_remove_brick: Option<TaskReport>,
    pub(super) vol_getopts: Option<VolGetopts>,
    pub(super) heal_info: Option<HealInfo>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct PeerStatus {
    pub(super) peer: Vec<Peer>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub(super) struct Peer {
    pub(super) uuid: Leaf,
    pub(super) hostname: Leaf,
    pub(super) connected: Leaf,
    pub(super) state_str: Leaf,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct VolList {
    pub(super) volume: Vec<String>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct VolInfo {
    pub(super) volumes: Option<Volumes>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct Volumes {
    pub(super) volume: Vec<Volume>,
    pub(super) count: Leaf,
}

/// `distCount` and the `type` number are left out: their meaning changed between releases.
#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub(super) struct Volume {
    pub(super) name: Leaf,
    pub(super) id: Leaf,
    pub(super) status: Leaf,
    pub(super) status_str: Leaf,
    pub(super) replica_count: Leaf,
    pub(super) arbiter_count: Leaf,
    pub(super) disperse_count: Leaf,
    pub(super) redundancy_count: Leaf,
    /// Up to release 9.
    pub(super) stripe_count: Leaf,
    pub(super) bricks: Bricks,
    pub(super) options: Options,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct Bricks {
    pub(super) brick: Vec<Brick>,
    /// Tiered volumes, releases 3.7 to 5.
    #[serde(rename = "hotBricks")]
    pub(super) hot: Option<TierBricks>,
    #[serde(rename = "coldBricks")]
    pub(super) cold: Option<TierBricks>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct TierBricks {
    pub(super) brick: Vec<Brick>,
}

/// The name stands here twice, as text beside the other elements and as an element of its own;
/// only the latter is read.
#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub(super) struct Brick {
    #[serde(rename = "@uuid")]
    pub(super) uuid: Leaf,
    pub(super) name: Leaf,
    pub(super) host_uuid: Leaf,
    pub(super) is_arbiter: Leaf,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct Options {
    pub(super) option: Vec<VolumeOption>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct VolumeOption {
    pub(super) name: Leaf,
    pub(super) value: Leaf,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct VolStatus {
    pub(super) volumes: Option<StatusVolumes>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct StatusVolumes {
    pub(super) volume: Vec<StatusVolume>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub(super) struct StatusVolume {
    pub(super) vol_name: Leaf,
    pub(super) node: Vec<StatusNode>,
    /// Tiered volumes, releases 3.7 to 5.
    #[serde(rename = "hotBricks")]
    pub(super) hot: Option<TierNodes>,
    #[serde(rename = "coldBricks")]
    pub(super) cold: Option<TierNodes>,
    pub(super) tasks: Option<Tasks>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct TierNodes {
    pub(super) node: Vec<StatusNode>,
}

/// A brick or a service.
#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub(super) struct StatusNode {
    pub(super) hostname: Leaf,
    pub(super) path: Leaf,
    pub(super) peerid: Leaf,
    pub(super) status: Leaf,
    pub(super) port: Leaf,
    pub(super) pid: Leaf,
    pub(super) size_total: Leaf,
    pub(super) size_free: Leaf,
    pub(super) device: Leaf,
    pub(super) fs_name: Leaf,
    pub(super) inodes_total: Leaf,
    pub(super) inodes_free: Leaf,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct Tasks {
    pub(super) task: Vec<Task>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub(super) struct Task {
    #[serde(rename = "type")]
    pub(super) kind: Leaf,
    pub(super) id: Leaf,
    pub(super) status: Leaf,
    pub(super) status_str: Leaf,
    pub(super) params: TaskParams,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct TaskParams {
    pub(super) brick: Vec<String>,
}

/// `aggregate` is left out: it is computed from the nodes, and wrongly for a fix-layout.
#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub(super) struct TaskReport {
    #[serde(rename = "task-id")]
    pub(super) task_id: Leaf,
    /// The size of the pool, not the number of nodes below.
    pub(super) node_count: Leaf,
    pub(super) node: Vec<TaskNode>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub(super) struct TaskNode {
    pub(super) node_name: Leaf,
    pub(super) id: Leaf,
    pub(super) files: Leaf,
    pub(super) size: Leaf,
    pub(super) lookups: Leaf,
    pub(super) failures: Leaf,
    pub(super) skipped: Leaf,
    pub(super) status: Leaf,
    pub(super) status_str: Leaf,
    pub(super) runtime: Leaf,
}

/// Releases 3.7 up to .20 and 3.8.0 have no `Opt` around the pairs.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct VolGetopts {
    pub(super) count: Leaf,
    #[serde(rename = "Opt")]
    pub(super) opt: Vec<Opt>,
    #[serde(rename = "Option")]
    pub(super) option: Vec<String>,
    #[serde(rename = "Value")]
    pub(super) value: Vec<String>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct Opt {
    #[serde(rename = "Option")]
    pub(super) option: Leaf,
    #[serde(rename = "Value")]
    pub(super) value: Leaf,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct HealInfo {
    pub(super) bricks: Option<HealBricks>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct HealBricks {
    pub(super) brick: Vec<HealBrick>,
}

/// The counters are missing where a brick gave no answer.
#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub(super) struct HealBrick {
    pub(super) name: Leaf,
    pub(super) status: Leaf,
    pub(super) total_number_of_entries: Leaf,
    pub(super) number_of_entries_in_split_brain: Leaf,
}
