//! The checks of a dialog: what was found, in two columns where it is short, and what gives way
//! when there is no room.
//!
//! Passes are the first to go, and are counted then. A doubt, a warning or a refusal is never left
//! out: it is cut to a line, and at the very last counted, with a word on how to see it.

use ratatui::text::{Line, Span};

use crate::insight::plan::{Check, Mark};
use crate::ui::card::Section;
use crate::ui::fit;
use crate::ui::look::{Look, Role};

/// Before the words of a check: two blanks, the mark, a blank.
const LEAD: usize = 4;

/// The checks below a title; nothing when there is none.
pub(super) fn section(look: Look, title: &str, checks: &[Check], width: usize) -> Section {
    if checks.is_empty() {
        return Section::default();
    }
    let title = Line::from(look.span(Role::Strong, fit::cut_end(title, width)));
    let headed = |lines: Vec<Line<'static>>| {
        let mut all = vec![title.clone()];
        all.extend(lines);
        all
    };
    let passes = checks
        .iter()
        .filter(|check| check.mark == Mark::Pass)
        .count();
    let mut forms: Vec<_> = (0..=passes)
        .rev()
        .map(|kept| headed(arranged(look, checks, kept, width)))
        .collect();
    let whole = forms.last().map_or(0, Vec::len);
    forms.push(headed(cut(look, checks, width)));
    forms.push(vec![counted(look, checks, width)]);
    Section::forms(forms).rank(8).at_least(whole)
}

/// Everything but the passes, and so many of those, in their order; the others are counted.
fn arranged(look: Look, checks: &[Check], passes: usize, width: usize) -> Vec<Line<'static>> {
    let half = width.saturating_sub(2) / 2;
    let mut left = passes;
    let kept = checks.iter().filter(|check| {
        let is_pass = check.mark == Mark::Pass;
        let shown = !is_pass || left > 0;
        left -= usize::from(is_pass && shown);
        shown
    });
    let mut kept: Vec<(Mark, &str)> = kept.map(|c| (c.mark, c.text.as_str())).collect();
    let all = checks
        .iter()
        .filter(|check| check.mark == Mark::Pass)
        .count();
    let more = passed(all - passes, passes);
    kept.extend(more.as_deref().map(|text| (Mark::Pass, text)));

    let is_short = |text: &str| fit::width(text) + LEAD <= half;
    let short: Vec<_> = kept.iter().filter(|(_, text)| is_short(text)).collect();
    let mut lines: Vec<_> = short
        .chunks(2)
        .map(|pair| {
            let mut line = Line::default();
            for (mark, text) in pair {
                let missing = (half + 2) * usize::from(line.width() > 0);
                line.push_span(Span::raw(fit::blank(missing.saturating_sub(line.width()))));
                line.spans.extend(sign(look, *mark));
                line.push_span(Span::raw((*text).to_owned()));
            }
            line
        })
        .collect();
    for (mark, text) in kept.iter().filter(|(_, text)| !is_short(text)) {
        let wrapped = fit::wrap(text, width.saturating_sub(LEAD), 0);
        lines.extend(wrapped.into_iter().enumerate().map(|(at, text)| {
            let mut line = Line::default();
            if at == 0 {
                line.spans.extend(sign(look, *mark));
            } else {
                line.push_span(Span::raw(fit::blank(LEAD)));
            }
            line.push_span(Span::raw(text));
            line
        }));
    }
    lines
}

/// `7 more checks pass`; nothing when all are shown.
fn passed(left_out: usize, shown: usize) -> Option<String> {
    let more = if shown > 0 { "more " } else { "" };
    match left_out {
        0 => None,
        1 => Some(format!("1 {more}check passes")),
        n => Some(format!("{n} {more}checks pass")),
    }
}

/// A line for each check that is no pass, the worst first, and one for all that are.
fn cut(look: Look, checks: &[Check], width: usize) -> Vec<Line<'static>> {
    let mut doubts: Vec<_> = checks
        .iter()
        .filter(|check| check.mark != Mark::Pass)
        .collect();
    doubts.sort_by_key(|check| std::cmp::Reverse(check.mark));
    let passes = passed(checks.len() - doubts.len(), 0);
    let doubts = doubts.iter().map(|check| (check.mark, check.text.as_str()));
    let all = doubts.chain(passes.as_deref().map(|text| (Mark::Pass, text)));
    all.map(|(mark, text)| {
        let mut line = Line::default();
        line.spans.extend(sign(look, mark));
        line.push_span(Span::raw(fit::cut_end(text, width.saturating_sub(LEAD))));
        line
    })
    .collect()
}

/// `CHECKS  X 1  ! 2  ? 1  + 9  (a larger terminal shows them)`.
fn counted(look: Look, checks: &[Check], width: usize) -> Line<'static> {
    let mut line = Line::from(look.span(Role::Strong, "CHECKS"));
    for marks in [
        &[Mark::Refuse, Mark::Danger][..],
        &[Mark::Warn],
        &[Mark::Unknown],
        &[Mark::Pass],
    ] {
        let found = checks.iter().filter(|check| marks.contains(&check.mark));
        let count = found.count();
        if let Some(mark) = marks.first().filter(|_| count > 0) {
            line.spans.extend(sign(look, *mark));
            line.push_span(Span::raw(count.to_string()));
        }
    }
    let hint = "  (a larger terminal shows them)";
    if line.width() + hint.len() <= width {
        line.push_span(Span::raw(hint));
    }
    line
}

/// The sign of a mark, with blanks around it.
pub(super) fn sign(look: Look, mark: Mark) -> [Span<'static>; 3] {
    let (role, sign) = match mark {
        Mark::Pass => (Role::Ok, "+"),
        Mark::Warn => (Role::Warn, "!"),
        Mark::Danger | Mark::Refuse => (Role::Bad, "X"),
        Mark::Unknown => (Role::Plain, "?"),
    };
    [Span::raw("  "), look.span(role, sign), Span::raw(" ")]
}
