//! What a pane with rows remembers: the selected row by its id, a filter, an order, and marks.

use std::collections::BTreeSet;

use regex::{Regex, RegexBuilder};
use tui_input::Input;

/// The state of one pane. Rows are told apart by ids, never by position: the row under the
/// cursor stays the same when the order changes below it.
#[derive(Debug, Clone)]
pub struct Table<Id, Column> {
    /// The selected row; `None`, or an id that is gone, stands for the first row.
    pub selected: Option<Id>,
    /// Marked rows.
    pub marked: BTreeSet<Id>,
    /// Which rows are shown.
    pub filter: Filter,
    /// The column that orders the rows.
    pub order: Column,
    /// Largest first.
    pub reverse: bool,
}

impl<Id: Clone + Ord, Column> Table<Id, Column> {
    /// Nothing selected, marked or filtered.
    pub fn new(order: Column) -> Self {
        Self {
            selected: None,
            marked: BTreeSet::new(),
            filter: Filter::default(),
            order,
            reverse: false,
        }
    }

    /// The position of the selected row among the shown ones.
    pub fn position(&self, ids: &[Id]) -> Option<usize> {
        let at = self
            .selected
            .as_ref()
            .and_then(|id| ids.iter().position(|other| other == id));
        at.or((!ids.is_empty()).then_some(0))
    }

    /// Moves the selection by some rows, stopping at the ends.
    pub fn step(&mut self, ids: &[Id], rows: isize) {
        if let Some(at) = self.position(ids) {
            let to = at.saturating_add_signed(rows).min(ids.len() - 1);
            self.selected = ids.get(to).cloned();
        }
    }

    /// Marks or unmarks a row.
    pub fn toggle(&mut self, id: Id) {
        if !self.marked.remove(&id) {
            self.marked.insert(id);
        }
    }
}

/// A filter over rows: a regular expression, or plain text when it is not one.
#[derive(Debug, Clone, Default)]
pub struct Filter {
    text: String,
    regex: Option<Regex>,
    /// The text field while the filter is being typed.
    pub editing: Option<Input>,
}

impl Filter {
    /// The text that is in force; empty when every row is shown.
    pub fn text(&self) -> &str {
        &self.text
    }

    /// Puts another text in force.
    pub fn set(&mut self, text: &str) {
        let build = |pattern: &str| {
            RegexBuilder::new(pattern)
                .case_insensitive(true)
                .size_limit(1 << 20)
                .build()
        };
        text.clone_into(&mut self.text);
        self.regex = (!text.is_empty())
            .then(|| {
                build(text)
                    .or_else(|_not_a_regex| build(&regex::escape(text)))
                    .ok()
            })
            .flatten();
    }

    /// Whether a row with this text is shown.
    pub fn shows(&self, row: &str) -> bool {
        self.regex.as_ref().is_none_or(|regex| regex.is_match(row))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_selection_follows_its_row_and_stops_at_the_ends() {
        let mut table = Table::new(());
        assert_eq!(table.position(&["a", "b"]), Some(0));
        table.step(&["a", "b", "c"], 1);
        assert_eq!(
            table.position(&["c", "b", "a"]),
            Some(1),
            "found again in another order"
        );
        table.step(&["c", "b", "a"], 10);
        assert_eq!(table.selected, Some("a"));
        assert_eq!(table.position(&["x"]), Some(0), "a row that is gone");
        assert_eq!(table.position(&[]), None);
        table.step(&[], 1);
    }

    #[test]
    fn a_filter_is_a_regex_or_plain_text() {
        let mut filter = Filter::default();
        assert!(filter.shows("anything"));
        filter.set("^MED");
        assert!(filter.shows("media") && !filter.shows("home"));
        filter.set("a(b");
        assert!(filter.shows("xa(by") && !filter.shows("ab"));
        filter.set("");
        assert!(filter.shows("home"));
    }
}
