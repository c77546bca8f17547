//! The rows of the Volumes pane, and what is to be known of all volumes for a frame.
//!
//! It takes a look at every volume, so it is found out after each message that may have changed it
//! ([`follow`]); a frame only takes the rows that it shows.

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
    /// The place of each row's volume in the snapshot.
    places: Vec<usize>,
    /// Where the volumes with a task are in the snapshot, shown or not.
    with_task: Vec<usize>,
    /// How many bricks the largest volume has.
    most_bricks: usize,
    local_name: Option<String>,
}

impl VolumeList {
    fn new(model: &Model) -> Self {
        let (table, snapshot) = (&model.panes.volumes, &model.snapshot);
        let all = model.glances.of_all(snapshot).enumerate();
        let shown = all.filter(|(_, (state, _))| table.filter.shows(state.volume.name.as_str()));
        // Volumes come ordered by name, and the sorts are stable: names decide between equals.
        let mut places: Vec<usize> = match table.order {
            VolumeColumn::Name => shown.map(|(at, _)| at).collect(),
            VolumeColumn::Type => by(shown, |state, _| state.volume.kind().as_str()),
            VolumeColumn::State => by(shown, |state, _| state.volume.status.as_str()),
            VolumeColumn::Used => by_size(shown, |space| space.used as f64),
            VolumeColumn::Size => by_size(shown, |space| space.total as f64),
            VolumeColumn::Use => by_size(shown, |space| space.fraction().unwrap_or(0.0)),
            VolumeColumn::Task => by(shown, attention),
        };
        if table.reverse {
            places.reverse();
        }
        let volumes = snapshot.volumes();
        let with_task = volumes.iter().enumerate();
        let with_task = with_task.filter(|(_, state)| state.task().is_some());
        let bricks = volumes.iter().map(|state| state.volume.bricks.len());
        Self {
            snapshot: Arc::clone(snapshot),
            filter: table.filter.text().to_owned(),
            order: table.order,
            reverse: table.reverse,
            places,
            with_task: with_task.map(|(at, _)| at).collect(),
            most_bricks: bricks.max().unwrap_or(0),
            local_name: snapshot.local_name().map(str::to_owned),
        }
    }

    fn is_of(&self, model: &Model) -> bool {
        let table = &model.panes.volumes;
        Arc::ptr_eq(&self.snapshot, &model.snapshot)
            && self.filter == table.filter.text()
            && self.order == table.order
            && self.reverse == table.reverse
    }
}

type Looked<'a> = (usize, (&'a Arc<VolumeState>, Cow<'a, Glance>));

fn by<'a, K: Ord>(
    shown: impl Iterator<Item = Looked<'a>>,
    key: fn(&'a VolumeState, &Glance) -> K,
) -> Vec<usize> {
    let keys = shown.map(|(at, (state, glance))| (key(state, &glance), at));
    let mut keys: Vec<_> = keys.collect();
    keys.sort();
    keys.into_iter().map(|(_, at)| at).collect()
}

/// Largest first; unknown sizes last.
fn by_size<'a>(shown: impl Iterator<Item = Looked<'a>>, size: fn(Space) -> f64) -> Vec<usize> {
    let sizes = shown.map(|(at, (_, glance))| (glance.space.map_or(-1.0, size), at));
    let mut sizes: Vec<_> = sizes.collect();
    sizes.sort_by(|(a, _), (b, _)| b.total_cmp(a));
    sizes.into_iter().map(|(_, at)| at).collect()
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
        model.volume_list = Some(VolumeList::new(model));
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
        list: known.map_or_else(|| Cow::Owned(VolumeList::new(model)), Cow::Borrowed),
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
