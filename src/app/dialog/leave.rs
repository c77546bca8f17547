//! Leaving while an auto commit is armed: it needs a glustop that runs.

use super::Offer;
use crate::app::handover::HandOver;

/// Asks what becomes of the auto commits.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Leave {
    /// What would wait for each of them.
    pub offers: Vec<HandOver>,
    /// Why they cannot be handed over now.
    pub refusal: Option<String>,
    /// It is being tried.
    pub is_trying: bool,
    /// Why it did not work.
    pub failed: Option<String>,
}

impl Leave {
    /// Nothing of it goes to gluster.
    pub(super) fn offer() -> Offer {
        Offer::refused("", "Stay")
    }

    /// The command lines, as they would run.
    pub fn lines(&self) -> impl Iterator<Item = String> + '_ {
        self.offers.iter().map(HandOver::line)
    }
}
