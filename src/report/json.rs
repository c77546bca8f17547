//! The JSON of `glustop status --json`: a promise to scripts, schema `glustop.status/1`.
//!
//! Sizes are bytes, times seconds, instants RFC 3339 in UTC. Unknown is `null`, never 0 and never
//! an empty string. The order of the fields here is the order in the document.

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::fmt::Write as _;

use jiff::Timestamp;
use serde::Serialize;

use super::StatusInput;
use crate::insight::{space, subvolume};
use crate::model::{
    Brick, BrickName, BrickState, Fault, Layout, Peer, PeerId, Stamp, Subvolume, VolumeState,
    VolumeStatus, text,
};

pub(super) mod task;

pub(super) use task::NodeOut;

/// One reading of the cluster as one JSON object, with a newline at its end.
pub fn status_json(input: &StatusInput<'_>) -> String {
    document(&StatusOut::new(input))
}

/// The same in one line, for one reading of many.
pub fn status_line(input: &StatusInput<'_>) -> String {
    let json = serde_json::to_string(&StatusOut::new(input)).unwrap_or_default();
    ended(&json)
}

/// An object over several lines, with a newline at its end.
pub(super) fn document(value: &impl Serialize) -> String {
    // Text, numbers and text keys: there is nothing here that JSON could not say.
    ended(&serde_json::to_string_pretty(value).unwrap_or_default())
}

fn ended(json: &str) -> String {
    let mut out = harmless(json).into_owned();
    out.push('\n');
    out
}

#[derive(Serialize)]
struct StatusOut<'a> {
    schema: &'static str,
    taken_at: String,
    gluster_version: Option<String>,
    source: &'static str,
    health: &'static str,
    peers: Vec<PeerOut<'a>>,
    volumes: Vec<VolumeOut<'a>>,
    findings: Vec<FindingOut<'a>>,
    errors: Vec<ErrorOut<'a>>,
}

#[derive(Serialize)]
struct PeerOut<'a> {
    uuid: &'a str,
    hostname: &'a str,
    connected: Option<bool>,
    state: Option<&'a str>,
    is_local: bool,
}

#[derive(Serialize)]
struct VolumeOut<'a> {
    name: &'a str,
    id: Option<&'a str>,
    r#type: &'static str,
    status: Option<&'static str>,
    brick_count: usize,
    bricks_online: Option<usize>,
    /// The age of what is told of the bricks' processes.
    bricks_age: Option<u64>,
    replica_count: u32,
    arbiter_count: u32,
    disperse_count: u32,
    redundancy_count: u32,
    subvolume_count: usize,
    size_total: Option<u64>,
    size_used: Option<u64>,
    options: &'a BTreeMap<String, String>,
    subvolumes: Vec<SubvolumeOut<'a>>,
    bricks: Vec<BrickOut<'a>>,
    task: Option<task::TaskOut<'a>>,
}

#[derive(Serialize)]
struct SubvolumeOut<'a> {
    index: usize,
    state: &'static str,
    bricks: Vec<&'a str>,
}

#[derive(Serialize)]
struct BrickOut<'a> {
    name: &'a str,
    host: &'a str,
    path: &'a str,
    peer_uuid: Option<&'a str>,
    subvolume: usize,
    is_arbiter: bool,
    online: Option<bool>,
    port: Option<u32>,
    pid: Option<u32>,
    size_total: Option<u64>,
    size_free: Option<u64>,
    device: Option<&'a str>,
    fs: Option<&'a str>,
    leaving: bool,
}

#[derive(Serialize)]
struct FindingOut<'a> {
    severity: &'static str,
    subject: &'a str,
    code: &'static str,
    text: &'a str,
    advice: &'static str,
}

#[derive(Serialize)]
pub(super) struct ErrorOut<'a> {
    command: &'a str,
    kind: &'static str,
    message: &'a str,
}

pub(super) fn error_outs(faults: &[Fault]) -> Vec<ErrorOut<'_>> {
    let outs = faults.iter().map(|fault| ErrorOut {
        command: &fault.command,
        kind: fault.kind.as_str(),
        message: &fault.message,
    });
    outs.collect()
}

impl<'a> StatusOut<'a> {
    fn new(input: &StatusInput<'a>) -> Self {
        let findings = input.findings().map(|finding| FindingOut {
            severity: finding.severity.as_str(),
            subject: &finding.subject,
            code: finding.code,
            text: &finding.text,
            advice: finding.advice,
        });
        Self {
            schema: "glustop.status/1",
            taken_at: instant(input.now.wall),
            gluster_version: input.snapshot.release.map(|release| release.to_string()),
            source: input.source.as_str(),
            health: input.health().as_str(),
            peers: input.snapshot.peers().iter().map(PeerOut::new).collect(),
            volumes: input
                .volumes()
                .map(|state| VolumeOut::new(state, input.now))
                .collect(),
            findings: findings.collect(),
            errors: error_outs(input.faults),
        }
    }
}

impl<'a> PeerOut<'a> {
    fn new(peer: &'a Peer) -> Self {
        Self {
            uuid: peer.id.as_str(),
            hostname: &peer.hostname,
            connected: peer.connected,
            state: peer.state.as_deref(),
            is_local: peer.is_local,
        }
    }
}

impl<'a> VolumeOut<'a> {
    fn new(state: &'a VolumeState, now: Stamp) -> Self {
        let volume = &state.volume;
        let started = volume.status == VolumeStatus::Started;
        let age = state.bricks.age(now).filter(|_| started);
        let space = space::volume(state);
        let Layout {
            replica,
            arbiter,
            disperse,
            redundancy,
            ..
        } = volume.layout;
        Self {
            name: volume.name.as_str(),
            id: Some(volume.id.as_str()).filter(|id| !id.is_empty()),
            r#type: volume.kind().as_str(),
            status: match volume.status {
                VolumeStatus::Created => Some("created"),
                VolumeStatus::Started => Some("started"),
                VolumeStatus::Stopped => Some("stopped"),
                VolumeStatus::Unknown => None,
            },
            brick_count: volume.bricks.len(),
            bricks_online: bricks_online(state),
            bricks_age: age.map(|age| age.as_secs()),
            replica_count: replica.max(1),
            arbiter_count: arbiter,
            disperse_count: disperse,
            redundancy_count: redundancy,
            subvolume_count: volume.subvolume_count(),
            size_total: space.map(|space| space.total),
            size_used: space.map(|space| space.used),
            options: &volume.options,
            subvolumes: volume
                .subvolumes()
                .map(|set| SubvolumeOut::new(state, set))
                .collect(),
            bricks: volume
                .subvolumes()
                .flat_map(|set| {
                    set.bricks
                        .iter()
                        .map(move |brick| BrickOut::new(state, set.index, brick))
                })
                .collect(),
            task: state
                .task()
                .map(|task| task::TaskOut::new(state, task, now.wall)),
        }
    }
}

impl<'a> SubvolumeOut<'a> {
    fn new(state: &VolumeState, set: Subvolume<'a>) -> Self {
        Self {
            index: set.index,
            state: subvolume::health(state, set).state.as_str(),
            bricks: set.bricks.iter().map(|brick| brick.name.as_str()).collect(),
        }
    }
}

impl<'a> BrickOut<'a> {
    fn new(state: &'a VolumeState, subvolume: usize, brick: &'a Brick) -> Self {
        let BrickState { online, port, pid } = running(state, &brick.name);
        let space = state.space(&brick.name);
        Self {
            name: brick.name.as_str(),
            host: brick.name.host(),
            path: brick.name.path(),
            peer_uuid: brick.peer.as_ref().map(PeerId::as_str),
            subvolume,
            is_arbiter: brick.is_arbiter,
            online,
            port,
            pid,
            size_total: space.and_then(|space| space.total),
            size_free: space.and_then(|space| space.free),
            device: space.and_then(|space| space.device.as_deref()),
            fs: space.and_then(|space| space.fs.as_deref()),
            leaving: state.is_leaving(&brick.name),
        }
    }
}

/// What is known of a brick's process. A volume that is not started has none, whatever was read
/// before it was stopped.
fn running(state: &VolumeState, brick: &BrickName) -> BrickState {
    if state.volume.status == VolumeStatus::Started {
        state.brick(brick)
    } else {
        BrickState::default()
    }
}

/// Counted only when every brick is known: a count of what answered would look like an outage.
fn bricks_online(state: &VolumeState) -> Option<usize> {
    state.volume.bricks.iter().try_fold(0, |sum, brick| {
        Some(sum + usize::from(running(state, &brick.name).online?))
    })
}

/// Whole seconds, UTC.
pub(super) fn instant(time: Timestamp) -> String {
    time.strftime("%Y-%m-%dT%H:%M:%SZ").to_string()
}

/// Escapes what could steer a terminal but which JSON lets stand: C1 controls, and characters
/// that reorder a line. They occur in strings only, so the value stays the same.
pub(super) fn harmless(json: &str) -> Cow<'_, str> {
    let is_safe = |c: char| {
        c == '\n'
            || matches!(
                text::printable(c.encode_utf8(&mut [0; 4])),
                Cow::Borrowed(_)
            )
    };
    if json.chars().all(is_safe) {
        return Cow::Borrowed(json);
    }
    let mut out = String::with_capacity(json.len());
    for c in json.chars() {
        if is_safe(c) {
            out.push(c);
        } else {
            for unit in c.encode_utf16(&mut [0; 2]) {
                // Writing to a string cannot fail.
                let _ = write!(out, "\\u{unit:04x}");
            }
        }
    }
    Cow::Owned(out)
}

#[cfg(test)]
mod tests;
