//! What gluster's answers mean: typed replies, free of wire names.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;

use crate::model::{
    BrickName, BrickSpace, BrickState, Counters, Heal, Peer, PeerId, Release, TaskId, TaskKind,
    TaskState, Volume, VolumeName,
};

use super::failure::verdict;
use super::{Answer, Command, Failure, state, xml};

/// A good answer, with what was odd about it.
#[derive(Debug, Clone, PartialEq)]
pub struct Parsed {
    /// The answer.
    pub reply: Reply,
    /// Fields that could not be read and became unknown: one sentence each.
    pub warnings: Vec<String>,
}

/// The answers, one sort for each sort of question.
#[derive(Debug, Clone, PartialEq)]
pub enum Reply {
    /// `--version`.
    Release(Release),
    /// `pool list`.
    Peers(Vec<Peer>),
    /// `volume list`.
    Names(Vec<VolumeName>),
    /// `volume info`.
    Volumes(Vec<Arc<Volume>>),
    /// `volume status` in any view.
    Status(StatusReport),
    /// `rebalance ... status`, `remove-brick ... status`.
    Progress(ProgressReport),
    /// `get-state`.
    State(StateReport),
    /// `heal ... info summary`.
    Heal(Heal),
    /// `volume get ... all`: the values in force, without gluster's note on which are defaults.
    Options(BTreeMap<String, String>),
    /// A change was carried out.
    Done {
        /// The id of the task it began.
        task: Option<TaskId>,
        /// gluster's sentence; often empty.
        text: String,
        /// The last counters: only a stop has them, and no later answer will.
        progress: Option<ProgressReport>,
    },
}

/// `volume status VOLUME`: bricks of connected nodes only.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct StatusReport {
    /// Bricks in gluster's order; services such as the self-heal daemon are left out.
    pub bricks: Vec<BrickReport>,
    /// The task list; `None` in the detail view, which has none.
    pub tasks: Option<Vec<ListedTask>>,
}

/// One brick in `volume status`.
#[derive(Debug, Clone, PartialEq)]
pub struct BrickReport {
    /// The host as it was named when the brick was added: any alias.
    pub host: String,
    /// Its path.
    pub path: String,
    /// The peer that answered for it.
    pub peer: Option<PeerId>,
    /// Whether it runs.
    pub state: BrickState,
    /// Sizes; all unknown outside the detail view.
    pub space: BrickSpace,
}

/// One line of the task list.
#[derive(Debug, Clone, PartialEq)]
pub struct ListedTask {
    /// Its id.
    pub id: Option<TaskId>,
    /// What sort; a fix-layout is listed as a rebalance.
    pub kind: TaskKind,
    /// Its state, merged by glusterd over the nodes it heard from.
    pub state: TaskState,
    /// The leaving bricks of a remove-brick.
    pub bricks: Vec<BrickName>,
}

/// The nodes of a running or ended task.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct ProgressReport {
    /// The task's id.
    pub task: Option<TaskId>,
    /// The nodes that answered, in no order.
    pub nodes: Vec<NodeReport>,
}

/// One node's counters.
#[derive(Debug, Clone, PartialEq)]
pub struct NodeReport {
    /// Its name; `localhost` for the node that was asked.
    pub name: String,
    /// Its UUID.
    pub peer: Option<PeerId>,
    /// Its state.
    pub state: TaskState,
    /// The state was one of the fix-layout forms.
    pub fix_layout: bool,
    /// Its counters.
    pub counters: Counters,
}

/// `get-state`: what one glusterd knows without asking the others.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct StateReport {
    /// The node that was asked.
    pub local: Option<PeerId>,
    /// The pool's operating version.
    pub op_version: Option<u32>,
    /// The same number as in another answer while `volume info` would say the same too.
    pub definitions: u64,
    /// The same for the peers, who of them is connected included.
    pub peers: u64,
    /// Its volumes.
    pub volumes: Vec<StateVolume>,
}

/// One volume in `get-state`.
#[derive(Debug, Clone, PartialEq)]
pub struct StateVolume {
    /// Its name.
    pub name: VolumeName,
    /// The id of its task; the kind is not told. `None`: it has no task.
    pub task: Option<TaskId>,
    /// This node's part in that task.
    pub task_state: TaskState,
    /// Geo-replication sessions that are not stopped. A glusterd knows them by its own bricks:
    /// `None` where it has none, or does not say.
    pub geo_sessions: Option<u32>,
    /// Snapshots.
    pub snapshots: Option<u32>,
    /// gluster's estimate for this node's part of a running task; `None` while it has none.
    pub time_left: Option<Duration>,
    /// Bricks of this node, with state, port and free space.
    pub bricks: Vec<(BrickName, BrickState, BrickSpace)>,
}

/// Reads an answer.
///
/// Success is what the document says, not the exit code: it parses, `opRet` is 0 and the
/// expected payload is there. Noise on standard error is no failure by itself.
pub fn parse(command: &Command, answer: &Answer) -> Result<Parsed, Failure> {
    match command {
        Command::Version => version(answer),
        Command::State => state::read(answer),
        _ => xml::read(command, answer),
    }
}

fn version(answer: &Answer) -> Result<Parsed, Failure> {
    let release = String::from_utf8_lossy(&answer.stdout)
        .lines()
        .find_map(Release::parse)
        .ok_or_else(|| verdict::unreadable(answer))?;
    Ok(Parsed {
        reply: Reply::Release(release),
        warnings: Vec::new(),
    })
}
