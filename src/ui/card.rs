//! The frame of a dialog: a title, sections, and what gives way when there is no room.
//!
//! Sections have a rank. On a small terminal blank lines go first, then the lowest ranks shrink,
//! then they go altogether: the command and the buttons stay to the last. A command that is not
//! whole says so to the very last, because it can be confirmed all the same.

use ratatui::layout::Rect;
use ratatui::text::{Line, Span};

use super::canvas::Canvas;
use super::fit;
use super::look::{Charset, Role};

/// A frame with sections.
#[derive(Debug)]
pub(super) struct Card {
    title: String,
    title_role: Role,
    label: &'static str,
    width: usize,
    height: usize,
    sections: Vec<Section>,
}

/// Lines that belong together.
#[derive(Debug, Default)]
pub(super) struct Section {
    lines: Vec<Line<'static>>,
    rank: u8,
    min: usize,
    follow: Option<usize>,
    cursor: Option<(usize, usize)>,
    joined: bool,
    instead: Vec<Line<'static>>,
    forms: Vec<Vec<Line<'static>>>,
}

impl Section {
    /// Styled lines.
    pub(super) fn lines(lines: Vec<Line<'static>>) -> Self {
        Self {
            lines,
            rank: 5,
            ..Self::default()
        }
    }

    /// Plain lines.
    pub(super) fn text(lines: Vec<String>) -> Self {
        Self::lines(lines.into_iter().map(Line::from).collect())
    }

    /// The same told in ever fewer lines: when it shrinks, it takes the longest form that fits. The
    /// last one stays when everything else goes.
    pub(super) fn forms(mut forms: Vec<Vec<Line<'static>>>) -> Self {
        let instead = forms.last().cloned().unwrap_or_default();
        let lines = if forms.is_empty() {
            Vec::new()
        } else {
            forms.remove(0)
        };
        Self {
            instead,
            forms,
            ..Self::lines(lines)
        }
    }

    /// The higher, the longer it stays: 5 unless told otherwise. From 7 on it loses nothing while
    /// lower ones can go, from 9 on it is the last to shrink.
    pub(super) fn rank(mut self, rank: u8) -> Self {
        self.rank = rank;
        self
    }

    /// Lines to keep while it only shrinks.
    pub(super) fn at_least(mut self, lines: usize) -> Self {
        self.min = lines;
        self
    }

    /// When it shrinks, it shows the part around this line.
    pub(super) fn around(mut self, line: usize) -> Self {
        self.follow = Some(line);
        self
    }

    /// The terminal's cursor stands here, as line and column.
    pub(super) fn cursor(mut self, at: Option<(usize, usize)>) -> Self {
        self.cursor = at;
        self
    }

    /// When it shrinks, these lines end it, and they stay when everything else goes.
    pub(super) fn or_says(mut self, lines: Vec<String>) -> Self {
        self.instead = lines.into_iter().map(Line::from).collect();
        self
    }

    /// No blank line before it.
    pub(super) fn joined(mut self) -> Self {
        self.joined = true;
        self
    }

    /// What is left of it on `kept` lines, with the index of the first.
    fn window(&self, kept: usize) -> (usize, Vec<Line<'static>>) {
        let all = self.lines.len();
        if kept >= all {
            return (0, self.lines.clone());
        }
        if let Some(form) = self.forms.iter().find(|form| form.len() <= kept) {
            return (0, form.clone());
        }
        if let Some(line) = self.follow.or(self.cursor.map(|(line, _)| line)) {
            let from = line.saturating_sub(kept / 2).min(all - kept);
            return (
                from,
                self.lines.iter().skip(from).take(kept).cloned().collect(),
            );
        }
        if !self.instead.is_empty() {
            let head = kept.saturating_sub(self.instead.len());
            let lines = self.lines.iter().take(head).chain(&self.instead);
            return (0, lines.take(kept).cloned().collect());
        }
        if kept < 2 {
            return (0, self.lines.iter().take(kept).cloned().collect());
        }
        let mut lines: Vec<_> = self.lines.iter().take(kept - 1).cloned().collect();
        lines.push(Line::from(format!(".. {} lines more", all - kept + 1)));
        (0, lines)
    }
}

impl Card {
    /// An empty frame that may grow to this size.
    pub(super) fn new(title: impl Into<String>, width: u16, height: usize) -> Self {
        Self {
            title: title.into(),
            title_role: Role::Strong,
            label: "",
            width: usize::from(width),
            height,
            sections: Vec::new(),
        }
    }

    /// A word at the right end of the title: whether it is real.
    pub(super) fn label(mut self, label: &'static str) -> Self {
        self.label = label;
        self
    }

    /// A title that warns.
    pub(super) fn alarming(mut self) -> Self {
        self.title_role = Role::Alarm;
        self
    }

    /// Columns for text.
    pub(super) fn inner(&self) -> usize {
        self.width.saturating_sub(4)
    }

    /// Adds a section below the others; an empty one is left out.
    pub(super) fn add(&mut self, section: Section) {
        if !section.lines.is_empty() {
            self.sections.push(section);
        }
    }

    /// Draws it in the middle of the screen.
    pub(super) fn draw(self, canvas: &mut Canvas<'_>) {
        let area = canvas.area();
        let height = self.rows().min(self.height).min(usize::from(area.height)) as u16;
        let width = (self.width as u16).min(area.width);
        let place = Rect {
            x: area.x + (area.width - width) / 2,
            y: area.y + (area.height - height) / 2,
            width,
            height,
        };
        self.draw_at(canvas, place);
    }

    /// Draws it at the top of an area.
    pub(super) fn draw_at(self, canvas: &mut Canvas<'_>, area: Rect) {
        let rows = self.rows().min(usize::from(area.height));
        let area = Rect {
            height: rows as u16,
            ..area
        };
        canvas.clear(area);
        self.frame(canvas, area);
        let inner = Rect {
            x: area.x.saturating_add(2),
            y: area.y.saturating_add(1),
            width: area.width.saturating_sub(4),
            height: area.height.saturating_sub(2),
        };
        let kept = self.shrink(usize::from(inner.height));
        let blanks = self.blanks_before(&kept, usize::from(inner.height));
        let mut y = 0;
        for (at, (section, kept)) in self.sections.iter().zip(kept).enumerate() {
            if kept == 0 {
                continue;
            }
            y += usize::from(blanks.contains(&at));
            let (from, lines) = section.window(kept);
            for (row, line) in lines.iter().enumerate() {
                canvas.line(inner, y + row, line);
            }
            if let Some((line, column)) = section.cursor {
                canvas.point(inner, column, y + line.saturating_sub(from));
            }
            y += kept;
        }
    }

    fn rows(&self) -> usize {
        let lines: Vec<usize> = self.sections.iter().map(|s| s.lines.len()).collect();
        lines.iter().sum::<usize>() + self.blanks_before(&lines, usize::MAX).len() + 2
    }

    /// Which sections have a blank line before them: as many as there is room for, those of the
    /// highest rank first.
    fn blanks_before(&self, kept: &[usize], room: usize) -> Vec<usize> {
        let spare = room.saturating_sub(kept.iter().sum());
        let shown = self.sections.iter().zip(kept).enumerate();
        let mut wanted: Vec<_> = shown
            .filter(|(at, (section, kept))| *at > 0 && **kept > 0 && !section.joined)
            .map(|(at, (section, _))| (std::cmp::Reverse(section.rank), at))
            .collect();
        wanted.sort_unstable();
        wanted.into_iter().take(spare).map(|(_, at)| at).collect()
    }

    /// How many lines each section keeps. What is of low rank shrinks and goes before anything
    /// of high rank loses a line.
    fn shrink(&self, room: usize) -> Vec<usize> {
        const HIGH: u8 = 7;
        const LAST: u8 = 9;
        let mut kept: Vec<usize> = self.sections.iter().map(|s| s.lines.len()).collect();
        let mut order: Vec<usize> = (0..self.sections.len()).collect();
        order.sort_by_key(|&at| self.sections.get(at).map(|section| section.rank));
        // What is told in several forms has something to spare.
        let mut over = kept.iter().sum::<usize>().saturating_sub(room);
        for (lines, section) in kept.iter_mut().zip(&self.sections) {
            if !section.forms.is_empty() {
                let less = over.min(lines.saturating_sub(section.min));
                *lines -= less;
                over -= less;
            }
        }
        for (ranks, to_nothing) in [(HIGH, false), (HIGH, true), (LAST, false), (u8::MAX, true)] {
            for &at in &order {
                let over = kept.iter().sum::<usize>().saturating_sub(room);
                if let (Some(lines), Some(section)) = (kept.get_mut(at), self.sections.get(at))
                    && section.rank < ranks
                {
                    let min = if to_nothing {
                        usize::from(!section.instead.is_empty())
                    } else {
                        section.min.max(1)
                    };
                    *lines -= over.min(lines.saturating_sub(min));
                }
            }
        }
        // Where not even that fits, the command's own last line is worth more than a count.
        let mut over = kept.iter().sum::<usize>().saturating_sub(room);
        for (lines, section) in kept.iter_mut().zip(&self.sections) {
            if !section.forms.is_empty() {
                let less = over.min(*lines);
                *lines -= less;
                over -= less;
            }
        }
        kept
    }

    fn frame(&self, canvas: &mut Canvas<'_>, area: Rect) {
        let [corners, across, down] = match canvas.look.charset {
            Charset::Ascii => ["++++", "-", "|"],
            Charset::Utf8 => ["┌┐└┘", "─", "│"],
        };
        let corners: Vec<String> = corners.chars().map(String::from).collect();
        let corner = |at: usize| corners.get(at).cloned().unwrap_or_default();
        let width = usize::from(area.width);
        let label = if self.label.is_empty() {
            across.to_owned()
        } else {
            format!(" {} {across}", self.label)
        };
        let label_width = fit::width(&label);
        // Both corners, the dash before the title, and a blank on each side of it.
        let title = fit::cut_middle(&self.title, width.saturating_sub(5 + label_width));
        let dashes = width.saturating_sub(5 + fit::width(&title) + label_width);
        let top = Line::from(vec![
            Span::raw(format!("{}{across} ", corner(0))),
            canvas.look.span(self.title_role, title),
            Span::raw(format!(" {}{label}{}", across.repeat(dashes), corner(1))),
        ]);
        canvas.line(area, 0, &top);
        let last = usize::from(area.height.saturating_sub(1));
        for row in 1..last {
            canvas.line(area, row, &Line::from(down));
            let right = Rect {
                x: area.right().saturating_sub(1),
                width: 1,
                ..area
            };
            canvas.line(right, row, &Line::from(down));
        }
        if last > 0 {
            let line = across.repeat(width.saturating_sub(2));
            let bottom = format!("{}{line}{}", corner(2), corner(3));
            canvas.line(area, last, &Line::from(bottom));
        }
    }
}

#[cfg(test)]
mod tests;
