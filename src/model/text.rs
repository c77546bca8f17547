//! Text for people: outside text made harmless, and numbers in words.

use std::borrow::Cow;
use std::time::Duration;

/// Makes text from outside safe to show: control characters (escape sequences among them) and
/// characters that reorder a line become `?`.
pub fn printable(text: &str) -> Cow<'_, str> {
    if text.chars().any(is_unsafe) {
        Cow::Owned(
            text.chars()
                .map(|c| if is_unsafe(c) { '?' } else { c })
                .collect(),
        )
    } else {
        Cow::Borrowed(text)
    }
}

fn is_unsafe(c: char) -> bool {
    c.is_control()
        || matches!(c, '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2060}'..='\u{206f}' | '\u{feff}')
}

/// `24.4T`: binary units, one decimal, six characters at most. For columns under a heading.
pub fn short_size(bytes: u64) -> String {
    let (value, unit) = scale(bytes);
    if unit == 0 {
        format!("{bytes}")
    } else {
        format!("{value:.1}{}", ["", "K", "M", "G", "T", "P", "E"][unit])
    }
}

/// `3.11 TiB`: binary units, for sentences.
pub fn size(bytes: u64) -> String {
    let (value, unit) = scale(bytes);
    if unit == 0 {
        format!("{bytes} B")
    } else {
        let decimals = if value < 10.0 { 2 } else { 1 };
        format!(
            "{value:.decimals$} {}iB",
            ["", "K", "M", "G", "T", "P", "E"][unit]
        )
    }
}

fn scale(bytes: u64) -> (f64, usize) {
    let mut value = bytes as f64;
    let mut unit = 0;
    // From 999.95 on the next unit is shorter, and columns stay narrow: 0.98 TiB.
    while value >= if unit == 0 { 1024.0 } else { 999.95 } && unit < 6 {
        value /= 1024.0;
        unit += 1;
    }
    (value, unit)
}

/// `3.1 of 8.3 TiB`: both in the unit of the second, so that they can be compared.
pub fn size_of_total(part: u64, total: u64, between: &str) -> String {
    let words = size(total);
    let Some((_, unit)) = words.split_once(' ') else {
        return words;
    };
    let scale = match unit {
        "KiB" => 1_u64 << 10,
        "MiB" => 1 << 20,
        "GiB" => 1 << 30,
        "TiB" => 1 << 40,
        "PiB" => 1 << 50,
        "EiB" => 1 << 60,
        _ => return format!("{part}{between}{total} {unit}"),
    };
    let number = |bytes: u64| format!("{:.1}", bytes as f64 / scale as f64);
    format!("{}{between}{} {unit}", number(part), number(total))
}

/// `1 brick`, `3 bricks`.
pub fn plural(n: usize, noun: &str) -> String {
    format!("{n} {noun}{}", if n == 1 { "" } else { "s" })
}

/// `1,204,511`.
pub fn count(n: u64) -> String {
    let digits = n.to_string();
    let mut out = String::with_capacity(digits.len() + digits.len() / 3);
    for (at, digit) in digits.chars().enumerate() {
        if at > 0 && (digits.len() - at).is_multiple_of(3) {
            out.push(',');
        }
        out.push(digit);
    }
    out
}

/// An age: `4s`, `12m`, `3h`, `2d`; one unit is enough to judge it.
pub fn age(duration: Duration) -> String {
    match duration.as_secs() {
        s @ 0..120 => format!("{s}s"),
        s @ 120..7_200 => format!("{}m", s / 60),
        s @ 7_200..172_800 => format!("{}h", s / 3_600),
        s => format!("{}d", s / 86_400),
    }
}

/// An age in whole minutes, for what stands still on a quiet screen: `<1m`, `1m`, `23m`, `3h`.
pub fn coarse_age(duration: Duration) -> String {
    match duration.as_secs() {
        0..60 => "<1m".to_owned(),
        60..120 => "1m".to_owned(),
        _ => age(duration),
    }
}

/// A time left: `45s`, `12m`, `13h17m`, `3d04h`.
pub fn time_left(duration: Duration) -> String {
    match duration.as_secs() {
        s @ 0..60 => format!("{s}s"),
        s @ 60..3_600 => format!("{}m", s / 60),
        s @ 3_600..86_400 => format!("{}h{:02}m", s / 3_600, s % 3_600 / 60),
        s => format!("{}d{:02}h", s / 86_400, s % 86_400 / 3_600),
    }
}

/// A run time: `7:39:07`.
pub fn run_time(duration: Duration) -> String {
    let s = duration.as_secs();
    format!("{}:{:02}:{:02}", s / 3_600, s % 3_600 / 60, s % 60)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn escape_sequences_and_reordering_are_made_harmless() {
        assert_eq!(printable("a\x1b[31mred\u{202e}"), "a?[31mred?");
        assert!(matches!(printable("bücher/日本"), Cow::Borrowed(_)));
    }

    #[test]
    fn sizes_are_binary_and_short() {
        for (bytes, short, long) in [
            (0, "0", "0 B"),
            (1023, "1023", "1023 B"),
            (1024, "1.0K", "1.00 KiB"),
            (1024 * 1024 - 1, "1.0M", "1.00 MiB"),
            (26_828_000_000_000, "24.4T", "24.4 TiB"),
            (u64::MAX, "16.0E", "16.0 EiB"),
        ] {
            assert_eq!(
                (short_size(bytes).as_str(), size(bytes).as_str()),
                (short, long)
            );
        }
    }

    #[test]
    fn a_part_is_shown_in_the_unit_of_the_whole() {
        let gib = 1 << 30;
        assert_eq!(size_of_total(512 << 20, 8 * gib, " of "), "0.5 of 8.0 GiB");
        assert_eq!(size_of_total(3, 900, "/"), "3/900 B");
    }

    #[test]
    fn counts_and_times_read_well() {
        assert_eq!(count(1_204_511), "1,204,511");
        assert_eq!(count(999), "999");
        assert_eq!(plural(1, "brick"), "1 brick");
        assert_eq!(plural(0, "brick"), "0 bricks");
        assert_eq!(age(Duration::from_secs(119)), "119s");
        assert_eq!(age(Duration::from_secs(720)), "12m");
        let coarse = [59, 60, 119, 120, 7_200].map(|s| coarse_age(Duration::from_secs(s)));
        assert_eq!(coarse, ["<1m", "1m", "1m", "2m", "2h"]);
        assert_eq!(time_left(Duration::from_secs(47_820)), "13h17m");
        assert_eq!(time_left(Duration::from_secs(273_600)), "3d04h");
        assert_eq!(run_time(Duration::from_secs(27_547)), "7:39:07");
    }
}
