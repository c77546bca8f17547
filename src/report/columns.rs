//! Aligned columns of plain text.

use unicode_width::UnicodeWidthStr;

use crate::model::text::printable;

/// On which side of its column a cell stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Side {
    Left,
    Right,
}

/// Rows below their headings. Cells are made safe to show as they come in.
pub(super) struct Columns<const N: usize> {
    sides: [Side; N],
    rows: Vec<[String; N]>,
}

impl<const N: usize> Columns<N> {
    pub(super) fn new(heads: [(&str, Side); N]) -> Self {
        Self {
            sides: heads.map(|(_, side)| side),
            rows: vec![heads.map(|(head, _)| head.to_owned())],
        }
    }

    pub(super) fn push(&mut self, cells: [String; N]) {
        self.rows
            .push(cells.map(|cell| printable(&cell).into_owned()));
    }

    /// The lines, headings first, each behind `indent`.
    pub(super) fn lines(&self, indent: &str) -> impl Iterator<Item = String> {
        let mut widths = [0; N];
        for row in &self.rows {
            for (width, cell) in widths.iter_mut().zip(row) {
                *width = cell.width().max(*width);
            }
        }
        self.rows.iter().map(move |row| {
            let mut line = indent.to_owned();
            for ((cell, width), side) in row.iter().zip(widths).zip(self.sides) {
                let pad = " ".repeat(width - cell.width());
                let (before, after) = match side {
                    Side::Left => ("", pad.as_str()),
                    Side::Right => (pad.as_str(), ""),
                };
                line.extend([before, cell, after, "  "]);
            }
            line.truncate(line.trim_end().len());
            line
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn cells_align_by_the_width_that_a_terminal_gives_them() {
        let mut columns = Columns::new([("NAME", Side::Left), ("N", Side::Right)]);
        columns.push(["b\u{fc}cher".into(), "1".into()]);
        columns.push(["\u{65e5}\u{672c}".into(), "10".into()]);
        columns.push(["a\x1b[2Jb".into(), String::new()]);
        let lines: Vec<_> = columns.lines("  ").collect();
        assert_eq!(
            lines,
            [
                "  NAME     N",
                "  b\u{fc}cher   1",
                "  \u{65e5}\u{672c}    10",
                "  a?[2Jb"
            ]
        );
    }
}
