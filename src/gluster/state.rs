//! `get-state`: what one glusterd writes about itself, as `Key: value` lines.
//!
//! The only answer that is not XML, and the only one that needs no lock and still tells task ids.
//! Unknown keys are skipped.

use std::collections::{BTreeMap, BTreeSet};
use std::hash::{DefaultHasher, Hash as _, Hasher as _};
use std::time::Duration;

use crate::model::{BrickName, BrickSpace, BrickState, PeerId, TaskId, TaskState, VolumeName};

use super::failure::verdict;
use super::odd::{Odd, given, uuid};
use super::{Answer, Failure, Parsed, Reply, StateReport, StateVolume};

/// Reads the file that `get-state` wrote.
pub(super) fn read(answer: &Answer) -> Result<Parsed, Failure> {
    let text = answer.text();
    if !text.trim_start().starts_with("[Global]") {
        return Err(verdict::unreadable(answer));
    }
    // The last section: without it glusterd was still writing.
    if !text.lines().any(|line| line == "[Misc]") {
        return Err(verdict::cut_short(answer));
    }
    let mut odd = Odd::default();
    let report = report(&text, &mut odd);
    Ok(Parsed {
        reply: Reply::State(report),
        warnings: odd.into_warnings(),
    })
}

/// One volume's lines, by what follows `VolumeN.`; bricks and geo-replication pairs by their
/// number.
#[derive(Default)]
struct Lines<'a> {
    own: BTreeMap<&'a str, &'a str>,
    bricks: BTreeMap<u32, BTreeMap<&'a str, &'a str>>,
    pairs: BTreeMap<u32, BTreeMap<&'a str, &'a str>>,
}

fn report(text: &str, odd: &mut Odd) -> StateReport {
    let mut local = None;
    let mut op_version = None;
    let mut marks = Marks::default();
    let mut volumes = Vec::new();
    let mut done = BTreeSet::new();
    // One volume comes after the other: the lines of all of them together would take more memory
    // than what is made of them.
    let mut current: Option<(u32, Lines<'_>)> = None;
    for line in text.lines() {
        marks.hear(line);
        let Some((key, value)) = line.split_once(':') else {
            continue;
        };
        let value = value.strip_prefix(' ').unwrap_or(value);
        if key == "MYUUID" {
            local = local.or_else(|| uuid(Some(value)).map(PeerId::new));
        } else if key == "op-version" {
            op_version = op_version.or_else(|| odd.number("get-state", key, Some(value)));
        } else if let Some((number, rest)) = numbered(key, "Volume")
            && !done.contains(&number)
        {
            if current
                .as_ref()
                .is_none_or(|(current, _)| *current != number)
            {
                let before = current.replace((number, Lines::default()));
                volumes.extend(before.and_then(|(number, lines)| {
                    done.insert(number);
                    volume(&lines, odd)
                }));
            }
            if let Some((_, volume)) = &mut current {
                volume.take(rest, value);
            }
        }
    }
    volumes.extend(current.and_then(|(_, lines)| volume(&lines, odd)));
    StateReport {
        local,
        op_version,
        definitions: marks.definitions.finish(),
        peers: marks.peers.finish(),
        volumes,
    }
}

impl<'a> Lines<'a> {
    fn take(&mut self, key: &'a str, value: &'a str) {
        let (lines, key) = if let Some((number, key)) = numbered(key, "Brick") {
            (self.bricks.entry(number).or_default(), key)
        } else if let Some((number, key)) = numbered(key, "pair") {
            (self.pairs.entry(number).or_default(), key)
        } else {
            (&mut self.own, key)
        };
        // Options come last and may hold anything, line breaks too: the first line counts.
        lines.entry(key).or_insert(value);
    }
}

/// What tells whether definitions and peers are the ones of an earlier answer.
#[derive(Default)]
struct Marks<'a> {
    section: &'a str,
    definitions: DefaultHasher,
    peers: DefaultHasher,
}

impl<'a> Marks<'a> {
    fn hear(&mut self, line: &'a str) {
        // Not any line with a bracket: the value of an option may begin with one.
        if let "[Peers]" | "[Volumes]" | "[Services]" | "[Misc]" = line {
            self.section = line;
        }
        match self.section {
            // Options may hold line breaks, so lines without a key count too.
            "[Volumes]" if !is_passing(line) => line.hash(&mut self.definitions),
            "[Peers]" => line.hash(&mut self.peers),
            _ => {}
        }
    }
}

/// Whether a line of a volume says how things are just now, not how the volume is defined. One
/// that is not known here counts as a definition: that costs a question, the other way round
/// would hide a change.
fn is_passing(line: &str) -> bool {
    const OF_VOLUMES: [&str; 4] = ["rebalance.", "time_left", "shd_svc.", "snapd_svc."];
    const OF_BRICKS: [&str; 6] = [
        "port",
        "rdma_port",
        "port_registered",
        "status",
        "spacefree",
        "spacetotal",
    ];
    let key = line.split_once(':').map_or(line, |(key, _)| key);
    let Some((_, key)) = numbered(key, "Volume") else {
        return false;
    };
    match numbered(key, "Brick") {
        Some((_, key)) => OF_BRICKS.contains(&key),
        None => {
            numbered(key, "pair").is_some()
                || OF_VOLUMES.iter().any(|passing| key.starts_with(passing))
        }
    }
}

/// `Volume12.rest` is 12 and `rest`.
fn numbered<'a>(key: &'a str, word: &str) -> Option<(u32, &'a str)> {
    let (number, rest) = key.strip_prefix(word)?.split_once('.')?;
    Some((number.parse().ok()?, rest))
}

fn volume(lines: &Lines<'_>, odd: &mut Odd) -> Option<StateVolume> {
    let name = given(lines.own.get("name").copied())?;
    let value = |key| lines.own.get(key).copied();
    let task = uuid(value("rebalance.id")).map(TaskId::new);
    let task_state = match value("rebalance.status") {
        Some(word) => state(name, word, odd),
        None if task.is_none() => TaskState::NotStarted,
        None => TaskState::Unknown,
    };
    let place = format!("volume {name}");
    let mut count = |key| odd.number_if_given::<u32>(&place, key, value(key));
    let snapshots = count("snap_count");
    let pairs = count("gsync_count");
    // It speaks of the time since the last start, and stays when that task is over.
    let time_left = odd.number_if_given::<u64>(&place, "time_left", value("time_left"));
    let time_left = time_left.filter(|&seconds| {
        // Nothing is estimated before ten minutes are over.
        seconds > 0 && task_state == TaskState::InProgress
    });
    let bricks: Vec<_> = (lines.bricks.values())
        .filter_map(|lines| brick(lines, odd))
        .collect();
    Some(StateVolume {
        name: VolumeName::new(name),
        task,
        task_state,
        geo_sessions: pairs
            .filter(|&pairs| pairs > 0 || !bricks.is_empty())
            .map(|pairs| sessions(lines, pairs)),
        snapshots,
        time_left: time_left.map(Duration::from_secs),
        bricks,
    })
}

/// Geo-replication sessions that are not stopped. glusterd lists a pair for each brick of its own
/// and each session; releases from 10 on have other words for the far side.
fn sessions(lines: &Lines<'_>, pairs: u32) -> u32 {
    if lines.pairs.is_empty() {
        return pairs;
    }
    let active = lines.pairs.values().filter(|pair| {
        // `Created` was never started, and `Stopped` is what a commit wants.
        !matches!(pair.get("status"), Some(&("Stopped" | "Created")))
    });
    let far = active.map(|pair| pair.get("slave").or_else(|| pair.get("secondary")));
    far.collect::<BTreeSet<_>>().len() as u32
}

fn state(volume: &str, word: &str, odd: &mut Odd) -> TaskState {
    match word {
        "not_started" => TaskState::NotStarted,
        "started" | "layout_fix_started" => TaskState::InProgress,
        "stopped" | "layout_fix_stopped" => TaskState::Stopped,
        "completed" | "layout_fix_complete" => TaskState::Completed,
        "failed" | "layout_fix_failed" => TaskState::Failed,
        other => {
            odd.note(format_args!(
                "volume {volume}: rebalance.status is {other:?}"
            ));
            TaskState::Unknown
        }
    }
}

/// A brick of this node: the others have neither state nor port here.
fn brick(
    lines: &BTreeMap<&str, &str>,
    odd: &mut Odd,
) -> Option<(BrickName, BrickState, BrickSpace)> {
    let name = given(lines.get("path").copied())?;
    let online = match *lines.get("status")? {
        "Started" => Some(true),
        "Stopped" => Some(false),
        "Starting" | "Stopping" => None,
        other => {
            odd.note(format_args!("brick {name}: status is {other:?}"));
            None
        }
    };
    let place = format!("brick {name}");
    let mut number = |field, suffix| {
        let text = lines
            .get(field)
            .map(|text| text.strip_suffix(suffix).unwrap_or(text));
        odd.number_if_given::<u64>(&place, field, text)
    };
    let port = number("port", "").and_then(|port| u32::try_from(port).ok());
    let total = number("spacetotal", "Bytes").filter(|&bytes| bytes > 0);
    let free = number("spacefree", "Bytes").filter(|_| total.is_some());
    Some((
        BrickName::new(name),
        BrickState {
            online,
            port: port.filter(|&port| port > 0),
            pid: None,
        },
        BrickSpace {
            total,
            free,
            ..BrickSpace::default()
        },
    ))
}

#[cfg(test)]
mod tests;
