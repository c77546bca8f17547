//! Words that several screens share: percentages, rates, clock times.

use std::time::Duration;

use jiff::{SignedDuration, Timestamp};

use crate::app::Model;
use crate::insight::progress::{Basis, Progress};
use crate::model::{BrickName, Task, TaskKind, VolumeKind, VolumeState, text};

/// The share of done work: `37%`, or `~62%` when it is an estimate or old; `-` without a basis.
pub(super) fn done(progress: &Progress, old: bool) -> String {
    let Some((share, basis)) = progress.done else {
        return "-".to_owned();
    };
    let guess = old || (basis == Basis::Scanned && share < 1.0);
    format!("{}{}", if guess { "~" } else { "" }, percent(share))
}

/// A share as a whole percentage, rounded down: 100% is said only of what is complete.
pub(super) fn percent(share: f64) -> String {
    // A share such as 0.29 lies a hair below itself.
    format!("{}%", (share * 100.0 + 1e-9).floor() as u64)
}

/// A share of space in use: rounded, as `df` readers expect.
pub(super) fn used(share: f64) -> String {
    format!("{:.0}%", share * 100.0)
}

/// Bytes per second, in MiB, without the unit.
pub(super) fn mib(rate: f64) -> String {
    let mib = rate / (1024.0 * 1024.0);
    if mib == 0.0 || mib >= 9.95 {
        format!("{mib:.0}")
    } else {
        format!("{mib:.1}")
    }
}

/// `12:04:31`.
pub(super) fn clock(model: &Model, at: Timestamp) -> String {
    format_time(model, at, "%H:%M:%S")
}

/// `13:16` today, `Tue 01:21` on another day of this week, with the date beyond it.
pub(super) fn when(model: &Model, at: Timestamp) -> String {
    let day = |at: Timestamp| at.to_zoned(model.session.zone.clone()).date();
    let apart = model.now.wall.duration_since(at).abs();
    let format = if day(at) == day(model.now.wall) {
        "%H:%M"
    } else if apart < SignedDuration::from_hours(6 * 24) {
        "%a %H:%M"
    } else {
        "%b %d %H:%M"
    };
    format_time(model, at, format)
}

/// A time of the zone in jiff's notation.
pub(super) fn format_time(model: &Model, at: Timestamp, format: &str) -> String {
    at.to_zoned(model.session.zone.clone())
        .strftime(format)
        .to_string()
}

/// When something that takes `left` will be over.
pub(super) fn end(model: &Model, left: Duration) -> Option<String> {
    let left = SignedDuration::try_from(left).ok()?;
    let at = model.now.wall.checked_add(left).ok()?;
    Some(when(model, at))
}

/// A task's kind as one letter: D drains bricks.
pub(super) fn letter(task: &Task) -> &'static str {
    match task.kind {
        TaskKind::RemoveBrick => "D",
        TaskKind::Rebalance => "R",
        TaskKind::FixLayout => "F",
    }
}

/// A volume's type and shape, as long as the width allows.
pub(super) fn volume_type(state: &VolumeState, width: usize) -> String {
    let volume = &state.volume;
    let shape = volume.shape();
    let tight = shape.replace(' ', "");
    let kind = volume.kind();
    if width >= 27 {
        return format!("{} {shape}", kind.as_str());
    }
    let word = match kind {
        VolumeKind::DistributedReplicate => ["Dist-Replicate", "DR"],
        VolumeKind::DistributedDisperse => ["Dist-Disperse", "DD"],
        VolumeKind::Distribute => ["Distribute", "Dist"],
        VolumeKind::Replicate => ["Replicate", "Repl"],
        VolumeKind::Disperse => ["Disperse", "Disp"],
        VolumeKind::Stripe => ["Stripe", "Strp"],
    };
    let [long, short] = word;
    let long = format!("{long} {tight}");
    if long.len() <= width {
        long
    } else {
        // `Disp 4+2`, `DD 3x4+2`: the counts are what matters.
        let bare = tight.replace(['(', ')'], "");
        let bare = match kind {
            VolumeKind::Disperse => bare.trim_start_matches("1x"),
            _ => &bare,
        };
        format!("{short} {bare}")
    }
}

/// `1 brick`, `3 bricks`.
pub(super) fn plural(n: usize, word: &str) -> String {
    format!("{n} {word}{}", if n == 1 { "" } else { "s" })
}

/// Host names in order, each once: `gl-01 gl-02`.
pub(super) fn hosts<'a>(hosts: impl IntoIterator<Item = &'a str>) -> String {
    let mut seen: Vec<&str> = Vec::new();
    for host in hosts {
        if !seen.contains(&host) {
            seen.push(host);
        }
    }
    seen.join(" ")
}

/// `3.1 of 8.3 TiB`: both in the unit of the second, so that they can be compared.
pub(super) fn of_total(part: u64, total: u64, between: &str) -> String {
    let words = text::size(total);
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

/// `draining media-replicate-2 from gl-01 gl-02 gl-03`.
pub(super) fn draining(state: Option<&VolumeState>, task: &Task) -> String {
    let sets: Vec<String> = state.map_or_else(Vec::new, |state| {
        let leaving = state
            .volume
            .subvolumes()
            .filter(|set| set.bricks.iter().any(|brick| task.removes(&brick.name)));
        leaving.map(|set| set.name()).collect()
    });
    let hosts = hosts(task.bricks.iter().map(BrickName::host));
    if sets.is_empty() {
        format!("draining {} on {hosts}", plural(task.bricks.len(), "brick"))
    } else {
        format!("draining {} from {hosts}", sets.join(" "))
    }
}
