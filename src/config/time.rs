//! Times as they are written in the configuration and on the command line.

use std::time::Duration;

/// Reads an interval or a deadline: from a second to an hour. Less would ask gluster without a
/// break or never hear its answer, more would look like a program that hangs.
pub fn duration(text: &str) -> Result<Duration, String> {
    let time = time(text)?;
    in_bounds(time).map_err(|why| format!("{text} {why}"))
}

/// Whether a time does for an interval or a deadline.
pub fn in_bounds(time: Duration) -> Result<Duration, &'static str> {
    let bounds = Duration::from_secs(1)..=Duration::from_secs(3_600);
    if bounds.contains(&time) {
        Ok(time)
    } else {
        Err("is out of bounds: from 1s to 1h")
    }
}

/// The longest time that anything may be told to wait.
const LONGEST: Duration = Duration::from_secs(8_784 * 3_600);

/// Reads any time but zero, up to a year: `500ms`, `5s`, `3m`, `48h`; a bare number is seconds.
pub fn time(text: &str) -> Result<Duration, String> {
    let digits = text.trim_end_matches(|c: char| c.is_ascii_alphabetic());
    let unit = text.strip_prefix(digits).unwrap_or_default();
    let bad = || format!("{text:?} is not a time: write 500ms, 5s, 3m or 48h");
    let number: u64 = digits.parse().map_err(|_not_a_number| bad())?;
    let time = match unit {
        "ms" => Some(Duration::from_millis(number)),
        "" | "s" => Some(Duration::from_secs(number)),
        "m" => number.checked_mul(60).map(Duration::from_secs),
        "h" => number.checked_mul(3_600).map(Duration::from_secs),
        _ => None,
    };
    let time = time.filter(|time| !time.is_zero()).ok_or_else(bad)?;
    // Clocks cannot be set further ahead than some centuries.
    if time > LONGEST {
        return Err(format!("{text} is out of bounds: up to 8784h, a year"));
    }
    Ok(time)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_are_read_with_their_units() {
        assert_eq!(time("500ms"), Ok(Duration::from_millis(500)));
        assert_eq!(time("3m"), Ok(Duration::from_secs(180)));
        assert_eq!(time("7"), Ok(Duration::from_secs(7)));
        for bad in [
            "",
            "s",
            "5 s",
            "-1s",
            "0s",
            "1w",
            "8785h",
            "18446744073709551615s",
        ] {
            assert!(time(bad).is_err(), "{bad}");
        }
    }
}
