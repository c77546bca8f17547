//! Words that several screens share: percentages, rates, clock times.

use std::time::Duration;

use jiff::{SignedDuration, Timestamp};

use crate::app::Model;
use crate::insight::glance::Glance;
use crate::insight::progress::Progress;
use crate::model::{BrickName, Subvolume, Task, TaskKind, VolumeKind, VolumeState, text};

/// The share of done work: `37%`, or `~62%` when it is an estimate or old; `-` without a basis.
pub(super) fn done(progress: &Progress, old: bool) -> String {
    let Some((share, basis)) = progress.done else {
        return "-".to_owned();
    };
    let guess = old || (basis.is_guess() && share < 1.0);
    format!("{}{}", if guess { "~" } else { "" }, percent(share))
}

/// Marks what may no longer be true; what is not known at all needs no mark.
pub(super) fn tilde(old: bool, text: String) -> String {
    if old && text != "-" {
        format!("~{text}")
    } else {
        text
    }
}

/// Bricks up, of all: `8/9`, or `8?/9` when the others are not known to be down, so that it does
/// not read as an outage.
pub(super) fn up(state: &VolumeState, glance: &Glance) -> Option<String> {
    state.bricks.get()?;
    let all = state.volume.bricks.len();
    let Glance {
        online, offline, ..
    } = glance;
    let unknown = if online + offline < all { "?" } else { "" };
    Some(format!("{online}{unknown}/{all}"))
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

/// An age that grows while one looks on: `12s`, but `<1m` on a quiet screen.
pub(super) fn age(model: &Model, age: Duration) -> String {
    const MINUTE: Duration = Duration::from_secs(60);
    if model.is_busy() || age >= 2 * MINUTE {
        text::age(age)
    } else if age >= MINUTE {
        "1m".to_owned()
    } else {
        "<1m".to_owned()
    }
}

/// `12:04:31` today, `Tu 12:04` within the week before: in the same room.
pub(super) fn clock_or_day(model: &Model, at: Timestamp) -> String {
    let day = |at: Timestamp| at.to_zoned(model.session.zone.clone()).date();
    if day(at) == day(model.now.wall) {
        return clock(model, at);
    }
    let weekday: String = format_time(model, at, "%a").chars().take(2).collect();
    format!("{weekday} {}", format_time(model, at, "%H:%M"))
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

/// The sub-volumes that leave with a task, by name: `media-replicate-2`.
pub(super) fn leaving(model: &Model, state: Option<&VolumeState>, task: &Task) -> String {
    let sets: Vec<String> = state.map_or_else(Vec::new, |state| {
        let sets = model.glances.leaving(state, task);
        sets.iter().map(Subvolume::name).collect()
    });
    if sets.is_empty() {
        text::plural(task.bricks.len(), "brick")
    } else {
        sets.join(" ")
    }
}

/// Some bricks in few words: `gl-01 gl-02 gl-03:/bricks/m2/media` when they share a path.
pub(super) fn bricks(bricks: &[BrickName]) -> String {
    let Some(first) = bricks.first() else {
        return "no brick".to_owned();
    };
    if bricks.iter().all(|brick| brick.path() == first.path()) {
        let hosts = hosts(bricks.iter().map(BrickName::host));
        format!("{hosts}:{}", first.path())
    } else if bricks.len() <= 3 {
        let names: Vec<_> = bricks.iter().map(BrickName::as_str).collect();
        names.join(" ")
    } else {
        format!("{first} and {} more bricks", bricks.len() - 1)
    }
}
