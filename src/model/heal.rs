//! What waits for healing, as `heal info summary` tells it.

use super::BrickName;

/// One look at what waits for healing on a volume.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Heal {
    /// In gluster's order.
    pub bricks: Vec<BrickHeal>,
}

/// What waits for healing on one brick.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BrickHeal {
    /// Which one.
    pub brick: BrickName,
    /// Entries that other bricks lack, split-brain among them; `None` when the brick gave no
    /// answer.
    pub entries: Option<u64>,
    /// Entries whose copies contradict each other.
    pub split_brain: Option<u64>,
}

impl Heal {
    /// Entries on all bricks; `None` when any brick gave no answer.
    pub fn entries(&self) -> Option<u64> {
        self.bricks
            .iter()
            .try_fold(0_u64, |sum, brick| Some(sum.saturating_add(brick.entries?)))
    }
}
