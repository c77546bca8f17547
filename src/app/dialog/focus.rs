//! Where the keyboard goes next within a dialog.

use super::{Dialog, Focus, Gate};

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
}
