//! What is left on the leaving bricks, counted while the dialog is open that takes them out of
//! the volume.

use super::dialog::Kind;
use super::model::{Model, Source};
use super::msg::Effect;
use crate::insight::leftovers::{self, Count, Looked, Places};
use crate::model::{BrickName, Task, Unreadable, VolumeName};

/// The look of the dialog that is open.
#[derive(Debug, Clone, Default)]
pub struct Leftovers {
    /// How many looks were begun.
    asked: u64,
    look: Option<Look>,
}

/// A look at the leaving bricks of one volume.
#[derive(Debug, Clone, PartialEq)]
pub struct Look {
    id: u64,
    volume: VolumeName,
    /// Which bricks are here, and which are not.
    pub places: Places,
    /// What was found so far, brick by brick.
    pub found: Vec<Looked>,
    /// Files of other hosts cannot be read from here: nothing is counted at all.
    pub is_remote: bool,
}

impl Look {
    /// What was found on a brick; `None` while it is being counted, or not at all.
    pub fn of(&self, brick: &BrickName) -> Option<&Result<Count, Unreadable>> {
        let found = self.found.iter().find(|(name, _)| name == brick);
        found.map(|(_, result)| result)
    }

    fn is_under_way(&self) -> bool {
        !self.is_remote && self.found.len() < self.places.here.len()
    }
}

impl Leftovers {
    /// The look at a volume's leaving bricks.
    pub fn of(&self, volume: &VolumeName) -> Option<&Look> {
        self.look.as_ref().filter(|look| look.volume == *volume)
    }

    /// Takes what was found on one brick. The answer to an earlier look is of no use any more.
    pub(super) fn found(&mut self, id: u64, looked: Looked) {
        if let Some(look) = self.look.as_mut().filter(|look| look.id == id) {
            look.found.push(looked);
        }
    }
}

/// Begins a look when the dialog opens over a remove-brick that is over, and ends it with the
/// dialog, whichever way that closes.
pub(super) fn follow(model: &mut Model) -> Vec<Effect> {
    let wanted = wanted(model);
    let is_same = match (&wanted, &model.leftovers.look) {
        (Some((volume, places)), Some(look)) => look.volume == *volume && look.places == *places,
        (None, None) => true,
        _ => false,
    };
    if is_same {
        return vec![];
    }
    let mut effects = Vec::new();
    let before = model.leftovers.look.take();
    if before.is_some_and(|look| look.is_under_way()) {
        effects.push(Effect::StopCounting);
    }
    if let Some((volume, places)) = wanted {
        model.leftovers.asked += 1;
        let look = Look {
            id: model.leftovers.asked,
            volume,
            places,
            found: Vec::new(),
            is_remote: matches!(model.session.source, Source::Ssh(_)),
        };
        if look.is_under_way() {
            effects.push(Effect::CountLeftovers {
                id: look.id,
                bricks: look.places.here.clone(),
                failed: failures_here(model, &look.volume),
            });
        }
        model.leftovers.look = Some(look);
    }
    effects
}

/// The volume of the open dialog and its bricks, once nothing moves any more.
fn wanted(model: &Model) -> Option<(VolumeName, Places)> {
    let dialog = model.dialog.as_ref().filter(|dialog| dialog.is_asking())?;
    let Kind::Finish(kind) = &dialog.kind else {
        return None;
    };
    let state = model.snapshot.volume(&kind.volume)?;
    state.task().filter(|task| !task.is_running())?;
    let places = leftovers::places(&model.snapshot, state)?;
    Some((kind.volume.clone(), places))
}

fn failures_here(model: &Model, volume: &VolumeName) -> Option<u64> {
    let task: &Task = model.snapshot.volume(volume)?.task()?;
    let local = model.snapshot.peers().iter().find(|peer| peer.is_local)?;
    let node = task.nodes.iter().find(|node| node.peer == local.id)?;
    node.counters.failures
}
