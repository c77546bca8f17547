//! The whole picture at one moment: immutable, shared, every part with its own age.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;

use super::{
    BrickName, BrickSpace, BrickState, ByBrick, Heal, Part, Peer, Release, Stamp, Task, TaskState,
    Volume, VolumeName,
};

/// All that is known. Parts that did not change are shared with the one before.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Snapshot {
    /// Release of the gluster program; `None` until it said so.
    pub release: Option<Release>,
    /// The pool's nodes.
    pub peers: Part<Arc<[Peer]>>,
    /// The volumes, by name; the part's age is that of the definitions.
    pub volumes: Part<Vec<Arc<VolumeState>>>,
    /// The pool's operating version; the highest possible one is read only when a plan hangs on it.
    pub op_versions: Part<OpVersions>,
    /// Tasks that are over and that gluster may have forgotten, latest first.
    pub ended: Vec<Arc<EndedTask>>,
    /// The oldest question that is under way.
    pub asking: Option<Asking>,
    /// What watching costs the cluster.
    pub watching: Watching,
    /// Why nothing of this is kept for later; `None` while it is, and where nobody wants it.
    pub forgetting: Option<Forgetting>,
}

/// What the questions cost the cluster, counted over the last minutes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Watching {
    /// The time between two rounds of lock-free questions, as it is now: the interval that was
    /// asked for, or longer while nothing happens.
    pub every: Duration,
    /// The time over which the rest is counted: ten minutes, or since the start.
    pub counted: Duration,
    /// Questions that locked a volume.
    pub locking: u32,
    /// The time spent inside them.
    pub inside: Duration,
    /// What all questions wrote into the logs of the asked node, in bytes, as measured once for
    /// each kind of question.
    pub logged: u64,
    /// The time after the last question to a volume in which no other is asked: it grows with what
    /// an answer takes.
    pub rest: Duration,
    /// The questions to volumes come further apart than planned, because locks were held by
    /// others: so many times.
    pub held_back: u32,
}

impl Watching {
    /// Locking questions a minute; `None` while too little was counted.
    pub fn locking_a_minute(&self) -> Option<f64> {
        self.a_second(f64::from(self.locking)).map(|n| n * 60.0)
    }

    /// The share of the time spent inside locking questions, 0 to 1; `None` as above.
    pub fn share(&self) -> Option<f64> {
        self.a_second(self.inside.as_secs_f64())
    }

    /// Bytes a day in the logs of the asked node; `None` as above.
    pub fn logged_a_day(&self) -> Option<f64> {
        self.a_second(self.logged as f64).map(|n| n * 86_400.0)
    }

    fn a_second(&self, count: f64) -> Option<f64> {
        const ENOUGH: Duration = Duration::from_secs(60);
        (self.counted >= ENOUGH).then(|| count / self.counted.as_secs_f64())
    }
}

/// The history cannot be read or written.
#[derive(Debug, Clone, PartialEq)]
pub struct Forgetting {
    /// Since when.
    pub since: Stamp,
    /// What is wrong, in one sentence.
    pub text: String,
    /// What to do about it.
    pub advice: &'static str,
}

/// A volume, with what is known of its bricks and its task.
#[derive(Debug, Clone, PartialEq)]
pub struct VolumeState {
    /// The definition.
    pub volume: Arc<Volume>,
    /// Which bricks run. A brick that is missing here is on a node that did not answer.
    pub bricks: Part<ByBrick<BrickState>>,
    /// How full the bricks are.
    pub space: Part<ByBrick<BrickSpace>>,
    /// The task; `Some(None)` means that gluster said there is none.
    pub task: Part<Option<Arc<Task>>>,
    /// What waits for healing; read only when a plan hangs on it.
    pub heal: Part<Heal>,
    /// Every option with the value in force, defaults included; read only when a plan hangs on it.
    pub effective: Part<Arc<BTreeMap<String, String>>>,
    /// What the asked node's own glusterd says of the volume.
    pub own: OwnView,
}

/// What one glusterd knows of a volume by itself, as `get-state` tells it. It is read with every
/// round; `None`: this release does not say, or its latest answer was no good.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct OwnView {
    /// Geo-replication sessions that are not stopped, as this node's bricks tell.
    pub geo_sessions: Option<u32>,
    /// Snapshots.
    pub snapshots: Option<u32>,
    /// gluster's own estimate for this node's part of the task. As old as the last status
    /// question, and only there after ten minutes.
    pub time_left: Option<Duration>,
}

/// The operating version of the pool: what all its nodes agreed to speak.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct OpVersions {
    /// The one in force.
    pub current: u32,
    /// The highest that every node could speak; `None`: not read.
    pub highest: Option<u32>,
}

/// A question that has not been answered yet.
#[derive(Debug, Clone, PartialEq)]
pub struct Asking {
    /// The question, without gluster's options: `gluster volume status media`.
    pub question: String,
    /// When it was asked.
    pub since: Stamp,
}

/// A task that is over.
#[derive(Debug, Clone, PartialEq)]
pub struct EndedTask {
    /// Whose.
    pub volume: VolumeName,
    /// As it was last seen; for a stop, with the counters of the stop's own answer.
    pub task: Task,
    /// How it ended.
    pub ending: Ending,
    /// When that was noticed; of an end that nobody saw, the last reading before it.
    pub at: Stamp,
}

/// How a task ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Ending {
    /// Ran to its end.
    Completed,
    /// Its bricks left the volume.
    Committed,
    /// An admin stopped it, or retained the bricks.
    Stopped,
    /// Gave up.
    Failed,
    /// Gone from gluster's list, and nobody here knows why.
    Vanished,
}

impl Ending {
    /// The word in the JSON and in the history.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Completed => "completed",
            Self::Committed => "committed",
            Self::Stopped => "stopped",
            Self::Failed => "failed",
            Self::Vanished => "vanished",
        }
    }

    /// Whether this account of an end says more than another one: who saw the bricks leave knows
    /// more than who saw the task go, and anybody more than who only missed it.
    pub fn knows_more_than(self, other: Self) -> bool {
        let weight = |ending| match ending {
            Self::Committed => 2,
            Self::Completed | Self::Stopped | Self::Failed => 1,
            Self::Vanished => 0,
        };
        weight(self) > weight(other)
    }
}

impl Snapshot {
    /// The volumes; empty while none is known.
    pub fn volumes(&self) -> &[Arc<VolumeState>] {
        self.volumes.get().map_or(&[], Vec::as_slice)
    }

    /// One volume.
    pub fn volume(&self, name: &VolumeName) -> Option<&Arc<VolumeState>> {
        let volumes = self.volumes();
        let at = volumes.binary_search_by(|v| v.volume.name.cmp(name)).ok()?;
        volumes.get(at)
    }

    /// The pool's nodes; empty while they are not known.
    pub fn peers(&self) -> &[Peer] {
        self.peers.get().map_or(&[], |peers| peers)
    }

    /// Every known task with its volume.
    pub fn tasks(&self) -> impl Iterator<Item = (&Arc<VolumeState>, &Task)> {
        self.volumes()
            .iter()
            .filter_map(|state| state.task().map(|task| (state, task)))
    }

    /// A name for the node that was asked: the one its bricks go by, else what the peer list says.
    pub fn local_name(&self) -> Option<&str> {
        let local = self.peers().iter().find(|peer| peer.is_local)?;
        self.volumes()
            .iter()
            .flat_map(|state| &state.volume.bricks)
            .find(|brick| brick.peer.as_ref() == Some(&local.id))
            .map_or(Some(local.hostname.as_str()), |brick| {
                Some(brick.name.host())
            })
    }
}

impl VolumeState {
    /// A volume of which only the definition is known.
    pub fn new(volume: Arc<Volume>) -> Self {
        Self {
            volume,
            bricks: Part::default(),
            space: Part::default(),
            task: Part::default(),
            heal: Part::default(),
            effective: Part::default(),
            own: OwnView::default(),
        }
    }

    /// The task that was last seen, however old.
    pub fn task(&self) -> Option<&Task> {
        self.task.get()?.as_deref()
    }

    /// What is known of one brick; everything unknown when its node did not answer.
    pub fn brick(&self, name: &BrickName) -> BrickState {
        self.bricks
            .get()
            .and_then(|bricks| bricks.get(name))
            .copied()
            .unwrap_or_default()
    }

    /// What is known of the file system below one brick.
    pub fn space(&self, name: &BrickName) -> Option<&BrickSpace> {
        self.space.get()?.get(name)
    }

    /// Whether a remove-brick that is neither committed nor stopped names this brick.
    pub fn is_leaving(&self, name: &BrickName) -> bool {
        self.task()
            .is_some_and(|task| task.removes(name) && task.state() != TaskState::Stopped)
    }

    /// Bricks known to be online; `None` while nothing was read.
    pub fn bricks_online(&self) -> Option<usize> {
        let bricks = self.bricks.get()?;
        Some(bricks.values().filter(|b| b.online == Some(true)).count())
    }
}
