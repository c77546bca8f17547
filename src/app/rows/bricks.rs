//! The rows of the Bricks pane: those of the selected volume.
//!
//! A volume may have thousands of bricks, and a frame shows a few. Which rows there are, and where
//! the cursor is among them, is found out after each message that may have changed it
//! (`follow`); a frame only takes the rows that it shows.

use std::borrow::Cow;
use std::sync::Arc;

use crate::app::model::Model;
use crate::model::{Brick, BrickName, Subvolume, Volume, VolumeKind, VolumeName, VolumeState};

/// A row of the Bricks pane.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub enum BrickRowId {
    /// The heading of a sub-volume.
    Set(VolumeName, usize),
    /// A brick.
    Brick(BrickName),
}

/// A row of the Bricks pane, with what it shows.
#[derive(Debug, Clone, Copy)]
pub enum BrickRow<'a> {
    /// The heading of a sub-volume with more than one brick.
    Set {
        /// Its volume.
        state: &'a VolumeState,
        /// The sub-volume.
        set: Subvolume<'a>,
        /// Its bricks are not listed.
        folded: bool,
    },
    /// A brick.
    Brick {
        /// Its volume.
        state: &'a VolumeState,
        /// Its sub-volume.
        set: Subvolume<'a>,
        /// The brick.
        brick: &'a Brick,
        /// It stands below a heading.
        indented: bool,
    },
}

impl BrickRow<'_> {
    /// What tells it apart.
    pub fn id(&self) -> BrickRowId {
        match self {
            Self::Set { state, set, .. } => BrickRowId::Set(state.volume.name.clone(), set.index),
            Self::Brick { brick, .. } => BrickRowId::Brick(brick.name.clone()),
        }
    }

    /// Whether that is its id: cheaper than to make it.
    pub fn is(&self, id: &BrickRowId) -> bool {
        match (self, id) {
            (Self::Set { state, set, .. }, BrickRowId::Set(volume, index)) => {
                set.index == *index && state.volume.name == *volume
            }
            (Self::Brick { brick, .. }, BrickRowId::Brick(name)) => brick.name == *name,
            _ => false,
        }
    }
}

/// Which rows there are, for one definition of a volume, one filter and its folds.
#[derive(Debug, Clone)]
pub struct BrickList {
    volume: Arc<Volume>,
    filter: String,
    /// The folded sub-volumes, in order.
    folded: Vec<usize>,
    /// The sub-volume of each row, and the brick in it; a heading has none.
    places: Vec<(usize, Option<usize>)>,
    /// The selected row and where it is, if it is there.
    cursor: Option<(BrickRowId, Option<usize>)>,
}

impl BrickList {
    fn new(model: &Model, volume: &Arc<Volume>) -> Self {
        let filter = &model.panes.bricks.filter;
        let has_headings = has_headings(volume);
        let folded: Vec<usize> = folded(model, volume).collect();
        let mut places = Vec::with_capacity(volume.bricks.len());
        for set in volume.subvolumes() {
            let bricks = set.bricks.iter().enumerate();
            let mut shown = bricks.filter(|(_, brick)| filter.shows(brick.name.as_str()));
            // Nothing of a sub-volume is listed where the filter shows none of its bricks.
            let Some((first, _)) = shown.next() else {
                continue;
            };
            if has_headings {
                places.push((set.index, None));
            }
            if !(has_headings && folded.binary_search(&set.index).is_ok()) {
                places.push((set.index, Some(first)));
                places.extend(shown.map(|(at, _)| (set.index, Some(at))));
            }
        }
        Self {
            volume: Arc::clone(volume),
            filter: filter.text().to_owned(),
            folded,
            places,
            cursor: None,
        }
    }

    fn is_of(&self, model: &Model, volume: &Arc<Volume>) -> bool {
        Arc::ptr_eq(&self.volume, volume)
            && self.filter == model.panes.bricks.filter.text()
            && folded(model, volume).eq(self.folded.iter().copied())
    }
}

/// Keeps the list and the place of the cursor for the frames to come.
pub(in crate::app) fn follow(model: &mut Model) {
    let Some(state) = model.target().cloned() else {
        model.brick_list = None;
        return;
    };
    let known = model.brick_list.take();
    let known = known.filter(|list| list.is_of(model, &state.volume));
    let mut list = known.unwrap_or_else(|| BrickList::new(model, &state.volume));
    let selected = model.panes.bricks.selected.as_ref();
    if list.cursor.as_ref().map(|(id, _)| id) != selected {
        let rows = BrickRows {
            state: &state,
            list: Cow::Borrowed(&list),
        };
        let at = selected.and_then(|id| rows.search(id));
        list.cursor = selected.map(|id| (id.clone(), at));
    }
    model.brick_list = Some(list);
}

/// The rows, each made when it is asked for.
#[derive(Debug, Clone)]
pub struct BrickRows<'a> {
    state: &'a VolumeState,
    list: Cow<'a, BrickList>,
}

/// The rows of the volume that the focused pane is about; `None` where it is about none.
pub fn bricks(model: &Model) -> Option<BrickRows<'_>> {
    let state = model.target()?;
    let known = model.brick_list.as_ref();
    let known = known.filter(|list| list.is_of(model, &state.volume));
    Some(BrickRows {
        state,
        list: known.map_or_else(
            || Cow::Owned(BrickList::new(model, &state.volume)),
            Cow::Borrowed,
        ),
    })
}

impl<'a> BrickRows<'a> {
    /// How many there are.
    pub fn len(&self) -> usize {
        self.list.places.len()
    }

    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.list.places.is_empty()
    }

    /// The row at a place.
    pub fn get(&self, at: usize) -> Option<BrickRow<'a>> {
        let state = self.state;
        let (index, brick) = *self.list.places.get(at)?;
        let set = state.volume.subvolume(index)?;
        Some(match brick {
            None => BrickRow::Set {
                state,
                set,
                folded: self.list.folded.binary_search(&index).is_ok(),
            },
            Some(brick) => BrickRow::Brick {
                state,
                set,
                brick: set.bricks.get(brick)?,
                indented: has_headings(&state.volume),
            },
        })
    }

    /// Where the selected row is; the first one stands for one that is gone. `None` without rows.
    pub fn position(&self, selected: Option<&BrickRowId>) -> Option<usize> {
        let at = selected.and_then(|id| match &self.list.cursor {
            Some((known, at)) if known == id => *at,
            _ => self.search(id),
        });
        at.or((!self.is_empty()).then_some(0))
    }

    fn search(&self, id: &BrickRowId) -> Option<usize> {
        (0..self.len()).find(|at| self.get(*at).is_some_and(|row| row.is(id)))
    }
}

/// Bricks without copies are sub-volumes themselves.
fn has_headings(volume: &Volume) -> bool {
    volume.kind() != VolumeKind::Distribute
}

/// The folded sub-volumes of a volume, in order.
fn folded<'a>(model: &'a Model, volume: &'a Volume) -> impl Iterator<Item = usize> + 'a {
    let all = model.panes.folded.iter();
    all.filter(|(name, _)| *name == volume.name)
        .map(|(_, index)| *index)
}

/// The row under the cursor of the Bricks pane.
pub fn selected_brick(model: &Model) -> Option<BrickRow<'_>> {
    let rows = bricks(model)?;
    rows.get(rows.position(model.panes.bricks.selected.as_ref())?)
}
