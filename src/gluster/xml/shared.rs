//! Texts that an answer says over and over.

use std::collections::BTreeSet;
use std::sync::Arc;

/// The texts of one answer that many of its values share: twelve thousand bricks lie on a handful
/// of nodes.
#[derive(Debug, Default)]
pub(super) struct Shared(BTreeSet<Arc<str>>);

impl Shared {
    /// This text, made once.
    pub(super) fn text(&mut self, text: &str) -> Arc<str> {
        if let Some(known) = self.0.get(text) {
            return Arc::clone(known);
        }
        let text: Arc<str> = text.into();
        self.0.insert(Arc::clone(&text));
        text
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_same_text_is_made_once() {
        let mut shared = Shared::default();
        let [one, other, again] = ["a", "b", "a"].map(|text| shared.text(text));
        assert!(Arc::ptr_eq(&one, &again) && !Arc::ptr_eq(&one, &other));
    }
}
