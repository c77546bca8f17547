//! What a cluster *is*: ids, volumes, bricks, peers, tasks, and the snapshot that holds them.
//!
//! No IO, no clock, no wire names. Unknown is a value here: what gluster did not say is `None`,
//! and what it said some time ago carries the [`Stamp`] of that moment.

mod brick;
mod by_brick;
mod fault;
mod heal;
mod ids;
mod part;
mod peer;
mod record;
mod release;
mod snapshot;
mod task;
pub mod text;
mod unreadable;
mod usage;
mod volume;

pub use brick::{Brick, BrickSpace, BrickState};
pub use by_brick::ByBrick;
pub use fault::{Fault, FaultKind};
pub use heal::{BrickHeal, Heal};
pub use ids::{BrickName, PeerId, TaskId, VolumeName};
pub use part::{Part, Stamp};
pub use peer::Peer;
pub use record::{CommandRecord, CommandResult, TaskRecord, Who};
pub use release::Release;
pub use snapshot::{
    Asking, EndedTask, Ending, Forgetting, OpVersions, OwnView, Snapshot, VolumeState, Watching,
};
pub use task::{Counters, NodeProgress, Sample, Task, TaskKind, TaskState, Trail};
pub use unreadable::{Unreadable, UnreadableKind};
pub use usage::{Baseline, Neighbours, Usage};
pub use volume::{Layout, Subvolume, Throttle, Volume, VolumeKind, VolumeStatus};
