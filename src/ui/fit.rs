//! Text made to fit: cut, padded and wrapped by display width.
//!
//! Everything here passes through [`printable`] first, so that text from outside is measured as
//! it will be drawn.

use unicode_segmentation::UnicodeSegmentation;
use unicode_width::UnicodeWidthStr;

use crate::model::text::printable;

/// What stands for the part that was cut.
const GAP: &str = "..";

/// Columns that a text takes.
pub(super) fn width(text: &str) -> usize {
    printable(text).width()
}

/// Cut at the end: for sentences, whose beginning matters.
pub(super) fn cut_end(text: &str, max: usize) -> String {
    let text = printable(text);
    if text.width() <= max {
        return text.into_owned();
    }
    let mut out = head(&text, max.saturating_sub(GAP.len()));
    out.push_str(head(GAP, max).as_str());
    out
}

/// Cut in the middle: for names and paths, which differ at their ends.
pub(super) fn cut_middle(text: &str, max: usize) -> String {
    let text = printable(text);
    if text.width() <= max {
        return text.into_owned();
    }
    if max <= 2 * GAP.len() {
        return head(&text, max);
    }
    let room = max - GAP.len();
    let mut out = head(&text, room / 2);
    out.push_str(GAP);
    out.push_str(&tail(&text, room - room / 2));
    out
}

/// Cut at the end and padded on the right.
pub(super) fn left(text: &str, width: usize) -> String {
    pad_right(cut_end(text, width), width)
}

/// Cut in the middle and padded on the right.
pub(super) fn name(text: &str, width: usize) -> String {
    pad_right(cut_middle(text, width), width)
}

/// Cut at the end and padded on the left: for numbers.
pub(super) fn right(text: &str, width: usize) -> String {
    let text = cut_end(text, width);
    format!("{}{text}", blank(width.saturating_sub(text.width())))
}

/// Some spaces.
pub(super) fn blank(width: usize) -> String {
    " ".repeat(width)
}

/// Broken at blanks to lines of at most `width`, the later ones indented. A word that is longer
/// than a line is broken anywhere, but nothing is left out.
pub(super) fn wrap(text: &str, width: usize, indent: usize) -> Vec<String> {
    let text = printable(text);
    let width = width.max(1);
    let indent = blank(if width > 2 * indent { indent } else { 0 });
    let mut lines = Vec::new();
    let mut line = String::new();
    // Nothing but the indentation is in the line so far.
    let mut is_new = true;
    for mut word in text.split(' ') {
        if !is_new && line.width() + 1 + word.width() > width {
            lines.push(std::mem::replace(&mut line, indent.clone()));
            is_new = true;
        }
        if !is_new {
            line.push(' ');
        }
        while line.width() + word.width() > width {
            let mut part = head(word, width.saturating_sub(line.width()));
            if part.is_empty() {
                // A wide character in a narrow line: too much is better than never ending.
                part = word.graphemes(true).take(1).collect();
            }
            word = word.get(part.len()..).unwrap_or_default();
            line.push_str(&part);
            if word.is_empty() {
                break;
            }
            lines.push(std::mem::replace(&mut line, indent.clone()));
        }
        line.push_str(word);
        is_new = false;
    }
    lines.push(line);
    lines
}

fn pad_right(mut text: String, width: usize) -> String {
    let missing = width.saturating_sub(text.width());
    text.extend(std::iter::repeat_n(' ', missing));
    text
}

/// As much of the beginning as fits.
fn head(text: &str, max: usize) -> String {
    take(text.graphemes(true), max).collect()
}

/// As much of the end as fits.
fn tail(text: &str, max: usize) -> String {
    let mut parts: Vec<_> = take(text.graphemes(true).rev(), max).collect();
    parts.reverse();
    parts.concat()
}

fn take<'a>(parts: impl Iterator<Item = &'a str>, max: usize) -> impl Iterator<Item = &'a str> {
    let mut used = 0;
    parts.take_while(move |part| {
        used += part.width();
        used <= max
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_lose_their_middle_and_sentences_their_end() {
        let name = "gl-01:/bricks/m2/media";
        assert_eq!(cut_middle(name, 20), "gl-01:/br../m2/media");
        assert_eq!(cut_middle(name, 22), name);
        assert_eq!(cut_end("still in progress", 10), "still in..");
        for max in 0..8 {
            assert!(width(&cut_middle(name, max)) <= max);
            assert!(width(&cut_end(name, max)) <= max);
        }
    }

    #[test]
    fn wide_characters_are_measured_in_columns() {
        assert_eq!(left("日本語", 5), "日.. ");
        assert_eq!(super::name("日本語日本語", 8), "日..語 ");
        assert_eq!(right("日", 4), "  日");
    }

    #[test]
    fn a_wrapped_text_keeps_every_word() {
        let line = "$ gluster volume remove-brick media gl-01:/bricks/m2/media start";
        for width in 1..70 {
            let lines = wrap(line, width, 4);
            let squeeze = |text: &str| text.replace(' ', "");
            assert_eq!(squeeze(&lines.concat()), squeeze(line), "at {width}");
            assert!(lines.iter().all(|l| super::width(l) <= width), "{lines:?}");
        }
        assert_eq!(wrap("a bb ccc", 5, 2), ["a bb", "  ccc"]);
        assert_eq!(wrap("  two blanks first", 20, 0), ["  two blanks first"]);
        assert_eq!(wrap("", 5, 0), [""]);
    }
}
