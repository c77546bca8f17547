//! Rates, from the differences of readings.

use std::collections::BTreeMap;

use jiff::{SignedDuration, Timestamp};

use crate::model::{Sample, Trail};

/// The window of the rate that lists show.
pub const WINDOW: SignedDuration = SignedDuration::from_secs(300);

/// Growth per second of one counter over a window that ends with the latest sample; `None`
/// before there are two. Where readings are further apart than the window, it reaches back to
/// the last one before it.
pub fn rate(trail: &Trail, window: SignedDuration, counter: fn(&Sample) -> u64) -> Option<f64> {
    let last = trail.last()?;
    let from = last.at.checked_sub(window).ok()?;
    let before = trail.samples().rev().find(|sample| sample.at <= from);
    let first = before.or_else(|| trail.samples().next())?;
    per_second(first, last, counter)
}

/// Bytes per second between the last two samples.
pub fn rate_now(trail: &Trail) -> Option<f64> {
    let mut latest = trail.samples().rev();
    let (last, before) = (latest.next()?, latest.next()?);
    per_second(before, last, |s| s.bytes)
}

/// The slowest and the fastest rate of one counter over windows like that of [`rate`] in the last
/// `span`. Windows shorter than `shortest` do not count; `None` before there is one.
pub fn extremes(
    trail: &Trail,
    span: SignedDuration,
    shortest: SignedDuration,
    counter: fn(&Sample) -> u64,
) -> Option<(f64, f64)> {
    let last = trail.last()?;
    let mut starts = trail.samples().peekable();
    let mut start = *starts.peek()?;
    let mut found: Option<(f64, f64)> = None;
    for end in trail.samples() {
        // The last sample at or before the window's beginning.
        while let Some(next) = starts.next_if(|next| end.at.duration_since(next.at) >= WINDOW) {
            start = next;
        }
        let is_long = end.at.duration_since(start.at) >= shortest;
        if !is_long || last.at.duration_since(end.at) > span {
            continue;
        }
        let Some(rate) = per_second(start, end, counter) else {
            continue;
        };
        found = Some(found.map_or((rate, rate), |(low, top)| (low.min(rate), top.max(rate))));
    }
    found
}

/// The sums over several trails, at the readings that all of them have.
pub(super) fn sum<'a>(trails: impl Iterator<Item = &'a Trail>) -> Trail {
    let mut sums: BTreeMap<Timestamp, (Sample, usize)> = BTreeMap::new();
    let mut count = 0;
    for trail in trails {
        count += 1;
        for sample in trail.samples() {
            let known = sums.entry(sample.at).or_insert((
                Sample {
                    bytes: 0,
                    files: 0,
                    scanned: 0,
                    ..*sample
                },
                0,
            ));
            known.0.bytes = known.0.bytes.saturating_add(sample.bytes);
            known.0.files = known.0.files.saturating_add(sample.files);
            known.0.scanned = known.0.scanned.saturating_add(sample.scanned);
            known.1 += 1;
        }
    }
    let mut trail = Trail::default();
    for (sample, _) in sums.into_values().filter(|(_, of)| *of == count) {
        trail.push(sample);
    }
    trail
}

/// How long the trail is.
pub(super) fn length(trail: &Trail) -> SignedDuration {
    let ends = trail.samples().next().zip(trail.last());
    ends.map_or(SignedDuration::ZERO, |(first, last)| {
        last.at.duration_since(first.at)
    })
}

/// Bytes moved at a moment, between two readings in proportion; before the first and after the
/// last one, theirs.
pub(super) fn bytes_at(trail: &Trail, at: Timestamp) -> Option<f64> {
    let mut before = trail.samples().next()?;
    for sample in trail.samples() {
        if sample.at > at {
            let all = sample.at.duration_since(before.at).as_secs_f64();
            if all <= 0.0 {
                return Some(sample.bytes as f64);
            }
            let part = at.duration_since(before.at).as_secs_f64() / all;
            let grown = sample.bytes.saturating_sub(before.bytes) as f64;
            return Some(before.bytes as f64 + grown * part.clamp(0.0, 1.0));
        }
        before = sample;
    }
    Some(before.bytes as f64)
}

/// Bytes moved between a moment and the latest reading.
pub fn moved_since(trail: &Trail, at: Timestamp) -> u64 {
    let moved = trail.last().zip(bytes_at(trail, at));
    moved.map_or(0, |(last, then)| last.bytes.saturating_sub(then as u64))
}

fn per_second(first: &Sample, last: &Sample, counter: fn(&Sample) -> u64) -> Option<f64> {
    let seconds = last.at.duration_since(first.at).as_secs_f64();
    (seconds > 0.0).then(|| counter(last).saturating_sub(counter(first)) as f64 / seconds)
}

/// Byte rates of the last `span`, in `buckets` steps, oldest first. A step without a reading is a
/// gap (`None`), never a zero.
pub fn spark(
    trail: &Trail,
    now: Timestamp,
    span: SignedDuration,
    buckets: usize,
) -> Vec<Option<f64>> {
    let width = span.as_secs_f64() / buckets.max(1) as f64;
    let mut moved = vec![(0.0, 0.0); buckets];
    let mut samples = trail.samples();
    let mut before = samples.next();
    for sample in samples {
        let Some(first) = before.replace(sample) else {
            continue;
        };
        let Some(rate) = per_second(first, sample, |s| s.bytes) else {
            continue;
        };
        // Each pair of readings is spread over the steps that it covers.
        let age = |at: Timestamp| now.duration_since(at).as_secs_f64();
        let (from, to) = (age(first.at), age(sample.at));
        for (at, (bytes, seconds)) in moved.iter_mut().enumerate() {
            let newest = width * (buckets - at - 1) as f64;
            let overlap = from.min(newest + width) - to.max(newest);
            if overlap > 0.0 {
                *bytes += rate * overlap;
                *seconds += overlap;
            }
        }
    }
    moved
        .into_iter()
        .map(|(bytes, seconds)| (seconds > 0.0).then(|| bytes / seconds))
        .collect()
}
