//! Bars and sparklines.

use super::look::{Charset, Look};

const EIGHTHS: [char; 7] = ['▏', '▎', '▍', '▌', '▋', '▊', '▉'];
const ASCII_RAMP: [char; 8] = ['_', '.', ':', '-', '=', '+', '*', '#'];
const UTF8_RAMP: [char; 8] = ['▁', '▂', '▃', '▄', '▅', '▆', '▇', '█'];

/// A bar of exactly `width` columns; an unknown share is empty, without a head.
pub(super) fn bar(look: Look, share: Option<f64>, width: usize) -> String {
    match look.charset {
        Charset::Ascii => {
            let room = width.saturating_sub(2);
            let full = filled(share, room);
            let head = usize::from(share.is_some_and(|share| share < 1.0) && full < room);
            let rest = room - full - head;
            format!(
                "[{}{}{}]",
                "#".repeat(full),
                ">".repeat(head),
                ".".repeat(rest)
            )
        }
        Charset::Utf8 => {
            let eighths = filled(share, width * 8);
            let mut out = "█".repeat(eighths / 8);
            if let Some(part) = (eighths % 8).checked_sub(1).and_then(|i| EIGHTHS.get(i)) {
                out.push(*part);
            }
            let rest = width - eighths.div_ceil(8);
            out.push_str(&"░".repeat(rest));
            out
        }
    }
}

/// A bar for how full something is: no head, since it does not move.
pub(super) fn gauge(look: Look, share: Option<f64>, width: usize) -> String {
    match look.charset {
        Charset::Ascii => bar(look, share, width).replace('>', "."),
        Charset::Utf8 => bar(look, share, width),
    }
}

/// Rates as a row of levels against their own maximum. A missing sample is a gap; only a true
/// zero has the lowest level.
pub(super) fn spark(look: Look, rates: &[Option<f64>]) -> String {
    let top = rates.iter().flatten().copied().fold(0.0_f64, f64::max);
    let ramp = match look.charset {
        Charset::Ascii => ASCII_RAMP,
        Charset::Utf8 => UTF8_RAMP,
    };
    rates
        .iter()
        .map(|rate| {
            let Some(rate) = rate else { return ' ' };
            let level = if top > 0.0 {
                (rate / top * (ramp.len() - 1) as f64).ceil() as usize
            } else {
                0
            };
            ramp.get(level).copied().unwrap_or('#')
        })
        .collect()
}

fn filled(share: Option<f64>, room: usize) -> usize {
    let share = share.unwrap_or(0.0).clamp(0.0, 1.0);
    ((share * room as f64) as usize).min(room)
}

#[cfg(test)]
mod tests {
    use super::super::look::Palette;
    use super::*;
    use crate::config::Theme;

    fn look(charset: Charset) -> Look {
        Look {
            charset,
            palette: Palette::new(Theme::Mono, false),
        }
    }

    #[test]
    fn a_bar_has_its_width_and_is_full_only_at_the_end() {
        let ascii = look(Charset::Ascii);
        assert_eq!(bar(ascii, Some(0.37), 16), "[#####>........]");
        assert_eq!(bar(ascii, Some(0.999), 6), "[###>]");
        assert_eq!(bar(ascii, Some(1.0), 6), "[####]");
        assert_eq!(bar(ascii, None, 6), "[....]");
        assert_eq!(bar(look(Charset::Utf8), Some(0.37), 14), "█████▏░░░░░░░░");
        for width in 0..5 {
            bar(ascii, Some(0.5), width);
            assert_eq!(
                bar(look(Charset::Utf8), Some(2.0), width).chars().count(),
                width
            );
        }
    }

    #[test]
    fn a_gap_is_not_a_zero() {
        let rates = [None, Some(0.0), Some(1.0), Some(8.0)];
        assert_eq!(spark(look(Charset::Ascii), &rates), " _.#");
        assert_eq!(spark(look(Charset::Utf8), &[Some(0.0)]), "▁");
    }
}
