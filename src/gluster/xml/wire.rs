//! The documents as gluster writes them (`cli/src/cli-xml-output.c` in its source).
//!
//! Every field is text and may be missing: a number that is `N/A` must cost that number, not the
//! whole answer. Elements that are not named here are skipped. Nothing below leaves this room.
//!
//! A thousand volumes make megabytes of XML with twelve thousand bricks, so the text of a field
//! is borrowed from the answer. (Derived readers copy every text, and took three times as long.)

use std::borrow::Cow;

use super::pull::{Document, Error, Value};
use super::tokens::Tag;

/// The text of an element.
pub(super) type Text<'a> = Cow<'a, str>;

/// Text, or nothing.
pub(super) type Leaf<'a> = Option<Text<'a>>;

/// Structs of the elements that are read: each field with the name of its element. A field with
/// an `@` is an attribute.
macro_rules! elements {
    ($(
        $(#[$about:meta])*
        $name:ident {
            $(@$attribute:ident = $key:literal,)?
            $($(#[$detail:meta])* $field:ident: $type:ty = $tag:literal,)*
        }
    )*) => {$(
        $(#[$about])*
        #[derive(Debug, Default)]
        pub(super) struct $name<'a> {
            $(pub(super) $attribute: Leaf<'a>,)?
            $($(#[$detail])* pub(super) $field: $type,)*
        }

        impl<'a> Value<'a> for $name<'a> {
            fn read(
                &mut self,
                document: &mut Document<'a>,
                _element: Tag<'a>,
            ) -> Result<(), Error> {
                $(self.$attribute = _element.attribute($key).map(Cow::Borrowed);)?
                document.children(|document, child| match child.name {
                    $($tag => self.$field.read(document, child),)*
                    _ => document.skip(),
                })
            }
        }
    )*};
}

elements! {
    CliOutput {
        op_ret: Leaf<'a> = "opRet",
        op_errno: Leaf<'a> = "opErrno",
        op_errstr: Leaf<'a> = "opErrstr",
        /// With `output`: the form of answers that carry a sentence only.
        cli_op: Leaf<'a> = "cliOp",
        output: Leaf<'a> = "output",
        peer_status: Option<PeerStatus<'a>> = "peerStatus",
        vol_list: Option<VolList<'a>> = "volList",
        vol_info: Option<VolInfo<'a>> = "volInfo",
        vol_status: Option<VolStatus<'a>> = "volStatus",
        vol_rebalance: Option<TaskReport<'a>> = "volRebalance",
        vol_remove_brick: Option<TaskReport<'a>> = "volRemoveBrick",
        vol_getopts: Option<VolGetopts<'a>> = "volGetopts",
        heal_info: Option<HealInfo<'a>> = "healInfo",
    }

    PeerStatus {
        peer: Vec<Peer<'a>> = "peer",
    }

    Peer {
        uuid: Leaf<'a> = "uuid",
        hostname: Leaf<'a> = "hostname",
        connected: Leaf<'a> = "connected",
        state_str: Leaf<'a> = "stateStr",
    }

    VolList {
        volume: Vec<Text<'a>> = "volume",
    }

    VolInfo {
        volumes: Option<Volumes<'a>> = "volumes",
    }

    Volumes {
        volume: Vec<Volume<'a>> = "volume",
        count: Leaf<'a> = "count",
    }

    /// `distCount` and the `type` number are left out: their meaning changed between releases.
    Volume {
        name: Leaf<'a> = "name",
        id: Leaf<'a> = "id",
        status: Leaf<'a> = "status",
        status_str: Leaf<'a> = "statusStr",
        replica_count: Leaf<'a> = "replicaCount",
        arbiter_count: Leaf<'a> = "arbiterCount",
        disperse_count: Leaf<'a> = "disperseCount",
        redundancy_count: Leaf<'a> = "redundancyCount",
        /// Up to release 9.
        stripe_count: Leaf<'a> = "stripeCount",
        bricks: Option<Bricks<'a>> = "bricks",
        options: Option<Options<'a>> = "options",
    }

    Bricks {
        brick: Vec<Brick<'a>> = "brick",
        /// Tiered volumes, releases 3.7 to 5.
        hot: Option<TierBricks<'a>> = "hotBricks",
        cold: Option<TierBricks<'a>> = "coldBricks",
    }

    TierBricks {
        brick: Vec<Brick<'a>> = "brick",
    }

    /// The name stands here twice, as text beside the other elements and as an element of its own;
    /// only the latter is read.
    Brick {
        @uuid = "uuid",
        name: Leaf<'a> = "name",
        host_uuid: Leaf<'a> = "hostUuid",
        is_arbiter: Leaf<'a> = "isArbiter",
    }

    Options {
        option: Vec<VolumeOption<'a>> = "option",
    }

    VolumeOption {
        name: Leaf<'a> = "name",
        value: Leaf<'a> = "value",
    }

    VolStatus {
        volumes: Option<StatusVolumes<'a>> = "volumes",
    }

    StatusVolumes {
        volume: Vec<StatusVolume<'a>> = "volume",
    }

    StatusVolume {
        vol_name: Leaf<'a> = "volName",
        node: Vec<StatusNode<'a>> = "node",
        /// Tiered volumes, releases 3.7 to 5.
        hot: Option<TierNodes<'a>> = "hotBricks",
        cold: Option<TierNodes<'a>> = "coldBricks",
        tasks: Option<Tasks<'a>> = "tasks",
    }

    TierNodes {
        node: Vec<StatusNode<'a>> = "node",
    }

    /// A brick or a service.
    StatusNode {
        hostname: Leaf<'a> = "hostname",
        path: Leaf<'a> = "path",
        peerid: Leaf<'a> = "peerid",
        status: Leaf<'a> = "status",
        port: Leaf<'a> = "port",
        pid: Leaf<'a> = "pid",
        size_total: Leaf<'a> = "sizeTotal",
        size_free: Leaf<'a> = "sizeFree",
        device: Leaf<'a> = "device",
        fs_name: Leaf<'a> = "fsName",
        inodes_total: Leaf<'a> = "inodesTotal",
        inodes_free: Leaf<'a> = "inodesFree",
    }

    Tasks {
        task: Vec<Task<'a>> = "task",
    }

    Task {
        kind: Leaf<'a> = "type",
        id: Leaf<'a> = "id",
        status: Leaf<'a> = "status",
        status_str: Leaf<'a> = "statusStr",
        params: Option<TaskParams<'a>> = "params",
    }

    TaskParams {
        brick: Vec<Text<'a>> = "brick",
    }

    /// `aggregate` is left out: it is computed from the nodes, and wrongly for a fix-layout.
    TaskReport {
        task_id: Leaf<'a> = "task-id",
        /// The size of the pool, not the number of nodes below.
        node_count: Leaf<'a> = "nodeCount",
        node: Vec<TaskNode<'a>> = "node",
    }

    TaskNode {
        node_name: Leaf<'a> = "nodeName",
        id: Leaf<'a> = "id",
        files: Leaf<'a> = "files",
        size: Leaf<'a> = "size",
        lookups: Leaf<'a> = "lookups",
        failures: Leaf<'a> = "failures",
        skipped: Leaf<'a> = "skipped",
        status: Leaf<'a> = "status",
        status_str: Leaf<'a> = "statusStr",
        runtime: Leaf<'a> = "runtime",
    }

    /// Releases 3.7 up to .20 and 3.8.0 have no `Opt` around the pairs.
    VolGetopts {
        count: Leaf<'a> = "count",
        opt: Vec<Opt<'a>> = "Opt",
        option: Vec<Text<'a>> = "Option",
        value: Vec<Text<'a>> = "Value",
    }

    Opt {
        option: Leaf<'a> = "Option",
        value: Leaf<'a> = "Value",
    }

    HealInfo {
        bricks: Option<HealBricks<'a>> = "bricks",
    }

    HealBricks {
        brick: Vec<HealBrick<'a>> = "brick",
    }

    /// The counters are missing where a brick gave no answer.
    HealBrick {
        name: Leaf<'a> = "name",
        status: Leaf<'a> = "status",
        total_number_of_entries: Leaf<'a> = "totalNumberOfEntries",
        number_of_entries_in_split_brain: Leaf<'a> = "numberOfEntriesInSplitBrain",
    }
}
