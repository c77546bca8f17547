//! The rows of the Volumes pane, and what is to be known of all volumes for a frame.
//!
//! It takes a look at every volume, so it is found out after each message that may have changed it
//! (`follow`); a frame only takes the rows that it shows.

use std::borrow::Cow;
use std::sync::Arc;

use crate::app::model::Model;
use crate::insight::glance::Glance;
use crate::insight::space::Space;
use crate::insight::subvolume::SubvolumeState;
use crate::model::{Snapshot, Task, TaskState, VolumeName, VolumeState, VolumeStatus};

/// Columns that order the volumes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[expect(missing_docs, reason = "named after the columns")]
pub enum VolumeColumn {
    Name,
    Type,
    State,
    Used,
    Size,
    Use,
    Task,
}

impl VolumeColumn {
    /// All, from left to right, with their headings.
    pub const ALL: &'static [(Self, &'static str)] = &[
        (Self::Name, "name"),
        (Self::Type, "type"),
        (Self::State, "state"),
        (Self::Used, "used"),
        (Self::Size, "size"),
        (Self::Use, "use%"),
        (Self::Task, "task"),
    ];
}

/// Which rows there are, for one snapshot, one filter and one order.
#[derive(Debug, Clone)]
pub struct VolumeList {
    snapshot: Arc<Snapshot>,
    filter: String,
    order: VolumeColumn,
    reverse: bool,
    /// What the rows rest on, for each volume of the snapshot.
    facts: Vec<Fact>,
    /// The place of each row's volume in the snapshot.
    places: Vec<usize>,
    /// Where the volumes with a task are in the snapshot, shown or not.
    with_task: Vec<usize>,
    /// How many bricks the largest volume has.
    most_bricks: usize,
    local_name: Option<String>,
}

/// What the rows rest on, of one volume.
#[derive(Debug, Clone, Copy, PartialEq)]
struct Fact {
    is_shown: bool,
    rank: Rank,
    has_task: bool,
    bricks: usize,
}

/// Where a volume stands in the order; names decide between equals.
#[derive(Debug, Clone, Copy, PartialEq)]
struct Rank(f64, &'static str);

impl Rank {
    fn of(column: VolumeColumn, state: &VolumeState, glance: &Glance) -> Self {
        // Largest first; unknown sizes last.
        let size = |size: fn(Space) -> f64| Self(-glance.space.map_or(-1.0, size), "");
        match column {
            VolumeColumn::Name => Self(0.0, ""),
            VolumeColumn::Type => Self(0.0, state.volume.kind().as_str()),
            VolumeColumn::State => Self(0.0, state.volume.status.as_str()),
            VolumeColumn::Used => size(|space| space.used as f64),
            VolumeColumn::Size => size(|space| space.total as f64),
            VolumeColumn::Use => size(|space| space.fraction().unwrap_or(0.0)),
            VolumeColumn::Task => Self(f64::from(attention(state, glance)), ""),
        }
    }
}

impl VolumeList {
    /// The list of the model's snapshot. Of the list before, what did not change is taken over.
    fn new(model: &Model, before: Option<Self>) -> Self {
        let (table, snapshot) = (&model.panes.volumes, &model.snapshot);
        let volumes = snapshot.volumes();
        let before = before.filter(|before| {
            let mut pairs = before.snapshot.volumes().iter().zip(volumes);
            before.is_ordered_like(model)
                && before.facts.len() == volumes.len()
                && pairs.all(|(a, b)| Arc::ptr_eq(a, b) || a.volume.name == b.volume.name)
        });
        let fact = |(state, glance): (&Arc<VolumeState>, Cow<'_, Glance>)| Fact {
            is_shown: table.filter.shows(state.volume.name.as_str()),
            rank: Rank::of(table.order, state, &glance),
            has_task: state.task().is_some(),
            bricks: state.volume.bricks.len(),
        };
        let Some(mut list) = before else {
            let facts = model.glances.of_all(snapshot).map(fact).collect();
            return Self::of(model, facts);
        };
        let mut is_same = same_peers(&list.snapshot, snapshot);
        let pairs = list.snapshot.volumes().iter().zip(volumes);
        for ((former, state), known) in pairs.zip(&mut list.facts) {
            if !Arc::ptr_eq(former, state) {
                let now = fact((state, model.glances.of(state)));
                is_same &= now == *known && Arc::ptr_eq(&former.volume, &state.volume);
                *known = now;
            }
        }
        if is_same {
            list.snapshot = Arc::clone(snapshot);
            list
        } else {
            Self::of(model, list.facts)
        }
    }

    fn of(model: &Model, facts: Vec<Fact>) -> Self {
        let table = &model.panes.volumes;
        let all = || facts.iter().enumerate();
        let shown = all().filter(|(_, fact)| fact.is_shown);
        let mut places: Vec<(Rank, usize)> = shown.map(|(at, fact)| (fact.rank, at)).collect();
        // Volumes come ordered by name, and the sort is stable.
        places.sort_by(|(a, _), (b, _)| a.0.total_cmp(&b.0).then_with(|| a.1.cmp(b.1)));
        if table.reverse {
            places.reverse();
        }
        let with_task = all().filter(|(_, fact)| fact.has_task);
        Self {
            snapshot: Arc::clone(&model.snapshot),
            filter: table.filter.text().to_owned(),
            order: table.order,
            reverse: table.reverse,
            places: places.into_iter().map(|(_, at)| at).collect(),
            with_task: with_task.map(|(at, _)| at).collect(),
            most_bricks: facts.iter().map(|fact| fact.bricks).max().unwrap_or(0),
            local_name: model.snapshot.local_name().map(str::to_owned),
            facts,
        }
    }

    fn is_of(&self, model: &Model) -> bool {
        Arc::ptr_eq(&self.snapshot, &model.snapshot) && self.is_ordered_like(model)
    }

    fn is_ordered_like(&self, model: &Model) -> bool {
        let table = &model.panes.volumes;
        self.filter == table.filter.text()
            && self.order == table.order
            && self.reverse == table.reverse
    }
}

fn same_peers(a: &Snapshot, b: &Snapshot) -> bool {
    match (a.peers.get(), b.peers.get()) {
        (Some(a), Some(b)) => Arc::ptr_eq(a, b),
        (a, b) => a.is_none() && b.is_none(),
    }
}

/// What an admin looks for first: data on the move, then what waits for a decision, then what is
/// broken, then the rest; volumes that serve nothing come last.
fn attention(state: &VolumeState, glance: &Glance) -> u8 {
    match state.task() {
        Some(task) if task.is_running() => return 0,
        Some(task) if task.is_commit_pending() || task.state() == TaskState::Failed => return 1,
        _ => {}
    }
    match glance.worst {
        _ if state.volume.status != VolumeStatus::Started => 4,
        SubvolumeState::Down | SubvolumeState::Degraded => 2,
        SubvolumeState::Up | SubvolumeState::Unknown => 3,
    }
}

/// Keeps the list for the frames to come.
pub(in crate::app) fn follow(model: &mut Model) {
    let is_known = |list: &VolumeList| list.is_of(model);
    if !model.volume_list.as_ref().is_some_and(is_known) {
        let before = model.volume_list.take();
        model.volume_list = Some(VolumeList::new(model, before));
    }
}

/// The rows, each made when it is asked for.
#[derive(Debug, Clone)]
pub struct VolumeRows<'a> {
    all: &'a [Arc<VolumeState>],
    list: Cow<'a, VolumeList>,
}

/// The rows of the Volumes pane.
pub fn volumes(model: &Model) -> VolumeRows<'_> {
    let known = model.volume_list.as_ref().filter(|list| list.is_of(model));
    VolumeRows {
        all: model.snapshot.volumes(),
        list: known.map_or_else(|| Cow::Owned(VolumeList::new(model, None)), Cow::Borrowed),
    }
}

impl<'a> VolumeRows<'a> {
    /// How many there are.
    pub fn len(&self) -> usize {
        self.list.places.len()
    }

    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.list.places.is_empty()
    }

    /// The volume in a row.
    pub fn get(&self, row: usize) -> Option<&'a Arc<VolumeState>> {
        self.all.get(*self.list.places.get(row)?)
    }

    /// The row of the selected volume; the first one stands for one that is not there. `None`
    /// without rows.
    pub fn position(&self, selected: Option<&VolumeName>) -> Option<usize> {
        let at = selected.and_then(|name| {
            let place = self.all.binary_search_by(|one| one.volume.name.cmp(name));
            let place = place.ok()?;
            self.list.places.iter().position(|one| *one == place)
        });
        at.or((!self.is_empty()).then_some(0))
    }

    /// Every known task with its volume, whether that is shown or not.
    pub fn with_task(&self) -> impl Iterator<Item = (&'a Arc<VolumeState>, &'a Task)> {
        let all = self.all;
        let with_task = self
            .list
            .with_task
            .iter()
            .filter_map(move |at| all.get(*at));
        with_task.filter_map(|state| Some((state, state.task()?)))
    }

    /// How many bricks the largest volume has, shown or not.
    pub fn most_bricks(&self) -> usize {
        self.list.most_bricks
    }
}

/// A name for the node that was asked.
pub fn local_name(model: &Model) -> Option<&str> {
    let known = model.volume_list.as_ref();
    let known = known.filter(|list| Arc::ptr_eq(&list.snapshot, &model.snapshot));
    match known {
        Some(list) => list.local_name.as_deref(),
        None => model.snapshot.local_name(),
    }
}
