//! Columns of a pane: headings and rows from one description, so that they cannot drift apart.

use ratatui::text::{Line, Span};

use super::fit;
use super::look::{Look, Role};

/// One column.
#[derive(Debug, Clone, Copy)]
pub(super) struct Column<K> {
    key: K,
    title: &'static str,
    gap: usize,
    width: usize,
    align: Align,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Align {
    Left,
    Right,
    Name,
}

/// What stands in one column of one row.
#[derive(Debug, Clone, Default)]
pub(super) struct Cell {
    pub(super) text: String,
    pub(super) role: Role,
}

/// The columns of a pane at its present width.
#[derive(Debug, Clone)]
pub(super) struct Columns<K> {
    prefix: usize,
    columns: Vec<Column<K>>,
}

impl<K> Column<K> {
    /// For words.
    pub(super) fn left(key: K, title: &'static str, gap: usize, width: usize) -> Self {
        Self {
            key,
            title,
            gap,
            width,
            align: Align::Left,
        }
    }

    /// For numbers.
    pub(super) fn right(key: K, title: &'static str, gap: usize, width: usize) -> Self {
        Self {
            align: Align::Right,
            ..Self::left(key, title, gap, width)
        }
    }

    /// For names: takes the width that the others leave, and cuts in the middle.
    pub(super) fn name(key: K, title: &'static str, gap: usize) -> Self {
        Self {
            align: Align::Name,
            ..Self::left(key, title, gap, 0)
        }
    }
}

impl Cell {
    pub(super) fn new(role: Role, text: impl Into<String>) -> Self {
        Self {
            text: text.into(),
            role,
        }
    }

    pub(super) fn plain(text: impl Into<String>) -> Self {
        Self::new(Role::Plain, text)
    }
}

/// A number, or `-` when it is not known: never a 0 that nobody counted.
pub(super) fn known<T>(value: Option<T>, show: impl Fn(T) -> String) -> String {
    value.map_or_else(|| "-".to_owned(), show)
}

impl<K: Copy> Columns<K> {
    /// Lays the columns out: `prefix` columns are the row's own, for marks and glyphs.
    pub(super) fn new(width: u16, prefix: usize, mut columns: Vec<Column<K>>) -> Self {
        let fixed: usize = columns
            .iter()
            .map(|column| column.gap + column.width)
            .sum::<usize>()
            + prefix;
        let rest = usize::from(width).saturating_sub(fixed);
        for column in &mut columns {
            if column.align == Align::Name && column.width == 0 {
                column.width = rest;
            }
        }
        Self { prefix, columns }
    }

    /// The headings, with the pane's title over their beginning.
    pub(super) fn headings(&self, title: &str) -> String {
        let mut out = fit::blank(self.prefix);
        for column in &self.columns {
            out.push_str(&fit::blank(column.gap));
            out.push_str(&match column.align {
                Align::Right => fit::right(column.title, column.width),
                Align::Left | Align::Name => fit::left(column.title, column.width),
            });
        }
        let title = if title.is_empty() {
            String::new()
        } else {
            format!("{} ", crate::model::text::printable(title))
        };
        // Headings are ASCII, so columns and characters are the same here.
        let rest: String = out.chars().skip(fit::width(&title)).collect();
        // A heading whose beginning is covered would be a riddle.
        let cut = if title.is_empty() || rest.starts_with(' ') {
            0
        } else {
            rest.find(' ').unwrap_or(rest.len())
        };
        let kept: String = rest.chars().skip(cut).collect();
        format!("{title}{}{kept}", fit::blank(cut))
    }

    /// The same with a note right before one of the headings, after the title if there is no room.
    pub(super) fn noted(&self, title: &str, note: &str, before: impl Fn(K) -> bool) -> String {
        let mut line: Vec<char> = self.headings(title).chars().collect();
        // Counted from the end: the title may be of other characters than ASCII.
        let all = self.offset(|_| false);
        let end = (line.len() + self.offset(before)).checked_sub(all + 2);
        let from = end.and_then(|end| end.checked_sub(note.len()));
        let room = from.zip(end).and_then(|(from, end)| {
            let around = line.get(from.checked_sub(1)?..=end)?;
            around.iter().all(|c| *c == ' ').then_some(from..end)
        });
        match room {
            Some(room) => {
                line.splice(room, note.chars());
                line.into_iter().collect()
            }
            None => self.headings(&format!("{title}  {note}")),
        }
    }

    /// One row: the spans of its prefix, then its cells.
    pub(super) fn row(
        &self,
        look: Look,
        mut prefix: Vec<Span<'static>>,
        cell: impl Fn(K) -> Cell,
    ) -> Line<'static> {
        for column in &self.columns {
            let Cell { text, role } = cell(column.key);
            let (before, text, after) = match column.align {
                Align::Left => pads(fit::cut_end(&text, column.width), column.width, false),
                Align::Name => pads(fit::cut_middle(&text, column.width), column.width, false),
                Align::Right => pads(fit::cut_end(&text, column.width), column.width, true),
            };
            prefix.push(Span::raw(fit::blank(column.gap + before)));
            // Only the text has the role: a reversed word must not drag its blanks along.
            prefix.push(look.span(role, text));
            prefix.push(Span::raw(fit::blank(after)));
        }
        Line::from(prefix)
    }

    /// Columns before the one that `wanted` names.
    pub(super) fn offset(&self, wanted: impl Fn(K) -> bool) -> usize {
        let before = self.columns.iter().take_while(|column| !wanted(column.key));
        let sum: usize = before.map(|column| column.gap + column.width).sum();
        let gap = self
            .columns
            .iter()
            .find(|column| wanted(column.key))
            .map_or(0, |column| column.gap);
        self.prefix + sum + gap
    }

    /// The width of a column; 0 when it is not shown.
    pub(super) fn width(&self, wanted: impl Fn(K) -> bool) -> usize {
        self.columns
            .iter()
            .find(|column| wanted(column.key))
            .map_or(0, |column| column.width)
    }
}

fn pads(text: String, width: usize, to_the_right: bool) -> (usize, String, usize) {
    let missing = width.saturating_sub(fit::width(&text));
    if to_the_right {
        (missing, text, 0)
    } else {
        (0, text, missing)
    }
}
