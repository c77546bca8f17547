//! Where the keyboard goes next within a dialog.

use std::time::Duration;

use super::{Dialog, Focus, Gate};
use crate::model::Stamp;

/// Where typing met something else than it was meant for, keys count again once there was none
/// for so long. Esc always does.
const REST: Duration = Duration::from_secs(1);

impl Dialog {
    fn ring(&self) -> &'static [Focus] {
        match (&self.offer.gate, self.offer.orders.is_empty()) {
            (_, true) => &[Focus::Safe],
            // No button that confirms is shown, nor a field.
            _ if self.offer.refusal.is_some() => &[Focus::Safe, Focus::Copy],
            (Gate::Key, _) => &[Focus::Safe, Focus::Confirm, Focus::Copy],
            (Gate::Typed(_), _) => &[Focus::Safe, Focus::Field, Focus::Confirm, Focus::Copy],
        }
    }

    pub(super) fn next_focus(&self) -> Focus {
        let mut after = self
            .ring()
            .iter()
            .cycle()
            .skip_while(|focus| **focus != self.focus)
            .skip(1);
        // The ring always holds the safe button, but not every focus of an earlier offer.
        if self.ring().contains(&self.focus) {
            after.next().copied().unwrap_or(Focus::Safe)
        } else {
            Focus::Safe
        }
    }

    pub(super) fn previous_focus(&self) -> Focus {
        let ring = self.ring();
        let at = ring
            .iter()
            .position(|focus| *focus == self.focus)
            .unwrap_or(1);
        ring.get((at + ring.len() - 1) % ring.len())
            .copied()
            .unwrap_or(Focus::Safe)
    }

    /// Takes back what was typed for another offer than the one that is shown now. The letters
    /// that still come are part of a name, and must not become choices: they stay in the field,
    /// or count for nothing where there is none any more.
    pub(super) fn take_back(&mut self, was_typing: bool, news: String, now: Stamp) {
        let stays = was_typing && self.ring().contains(&Focus::Field);
        let again = "; the name is to be typed anew";
        self.changed = Some(if stays { news + again } else { news });
        self.typed.reset();
        self.focus = if stays { Focus::Field } else { Focus::Safe };
        if was_typing && !stays {
            self.wait_for_rest(now);
        }
    }

    /// Ignores keys until whoever is typing has stopped.
    pub(in crate::app) fn wait_for_rest(&mut self, now: Stamp) {
        self.restless = Some(now);
    }

    /// Whether a key is one of a row of keys that were meant for something else.
    pub(super) fn is_restless(&mut self, now: Stamp) -> bool {
        let is_one = self.restless.is_some_and(|last| last.age(now) < REST);
        self.restless = is_one.then_some(now);
        is_one
    }
}
