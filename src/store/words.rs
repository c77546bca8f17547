//! Words and JSON of the columns. What another version wrote and this one does not know is
//! unknown, and no reason to lose the row.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::model::{
    BrickName, CommandResult, Counters, Ending, NodeProgress, PeerId, Stamp, TaskKind, TaskState,
    Trail, Usage,
};

/// Milliseconds since 1970.
pub(super) fn millis(at: Timestamp) -> i64 {
    at.as_millisecond()
}

pub(super) fn moment(millis: i64) -> Timestamp {
    Timestamp::from_millisecond(millis).unwrap_or(Timestamp::UNIX_EPOCH)
}

/// The database knows numbers with a sign only.
pub(super) fn number(value: u64) -> i64 {
    i64::try_from(value).unwrap_or(i64::MAX)
}

pub(super) fn count(value: i64) -> u64 {
    u64::try_from(value).unwrap_or(0)
}

pub(super) fn kind(word: &str) -> Option<TaskKind> {
    [
        TaskKind::Rebalance,
        TaskKind::FixLayout,
        TaskKind::RemoveBrick,
    ]
    .into_iter()
    .find(|kind| kind.as_str() == word)
}

pub(super) fn state(word: &str) -> TaskState {
    [
        TaskState::NotStarted,
        TaskState::InProgress,
        TaskState::Stopped,
        TaskState::Completed,
        TaskState::Failed,
    ]
    .into_iter()
    .find(|state| state.as_str() == word)
    .unwrap_or(TaskState::Unknown)
}

pub(super) fn ending(word: &str) -> Ending {
    [
        Ending::Completed,
        Ending::Committed,
        Ending::Stopped,
        Ending::Failed,
    ]
    .into_iter()
    .find(|ending| ending.as_str() == word)
    .unwrap_or(Ending::Vanished)
}

pub(super) fn result(word: &str) -> Option<CommandResult> {
    CommandResult::ALL
        .into_iter()
        .find(|result| result.as_str() == word)
}

/// A node in the column `nodes`.
#[derive(Serialize, Deserialize)]
struct NodeWords {
    peer: String,
    name: String,
    state: String,
    files: Option<u64>,
    bytes: Option<u64>,
    scanned: Option<u64>,
    failures: Option<u64>,
    skipped: Option<u64>,
    /// Seconds.
    runtime: Option<f64>,
    /// Milliseconds since 1970: its last answer, and when a counter and its run time last moved.
    taken: Option<i64>,
    moved: Option<i64>,
    ticked: Option<i64>,
}

pub(super) fn nodes_to_json(nodes: &[NodeProgress]) -> String {
    let time = |at: Option<Stamp>| at.map(|at| millis(at.wall));
    let words: Vec<_> = nodes
        .iter()
        .map(|node| NodeWords {
            peer: node.peer.to_string(),
            name: node.name.clone(),
            state: node.state.as_str().to_owned(),
            files: node.counters.files,
            bytes: node.counters.bytes,
            scanned: node.counters.scanned,
            failures: node.counters.failures,
            skipped: node.counters.skipped,
            runtime: node.counters.runtime.map(|time| time.as_secs_f64()),
            taken: time(node.taken),
            moved: time(node.moved),
            ticked: time(node.ticked),
        })
        .collect();
    to_json(&words)
}

/// `stamp` gives a wall clock its place on this program's steady one.
pub(super) fn nodes_from_json(json: &str, stamp: impl Fn(Timestamp) -> Stamp) -> Vec<NodeProgress> {
    let words: Vec<NodeWords> = serde_json::from_str(json).unwrap_or_default();
    let time = |at: Option<i64>| at.map(|at| stamp(moment(at)));
    words
        .into_iter()
        .map(|words| NodeProgress {
            peer: PeerId::new(words.peer),
            name: words.name,
            state: state(&words.state),
            counters: Counters {
                files: words.files,
                bytes: words.bytes,
                scanned: words.scanned,
                failures: words.failures,
                skipped: words.skipped,
                runtime: words
                    .runtime
                    .and_then(|seconds| Duration::try_from_secs_f64(seconds).ok()),
            },
            taken: time(words.taken),
            reported: false,
            moved: time(words.moved),
            ticked: time(words.ticked),
            trail: Trail::default(),
        })
        .collect()
}

pub(super) fn bricks_to_json(bricks: &[BrickName]) -> String {
    let names: Vec<_> = bricks.iter().map(BrickName::as_str).collect();
    to_json(&names)
}

pub(super) fn bricks_from_json(json: &str) -> Vec<BrickName> {
    let names: Vec<String> = serde_json::from_str(json).unwrap_or_default();
    names.into_iter().map(BrickName::new).collect()
}

pub(super) fn strings_to_json(words: &[String]) -> String {
    to_json(words)
}

pub(super) fn strings_from_json(json: &str) -> Vec<String> {
    serde_json::from_str(json).unwrap_or_default()
}

type UsageWords = BTreeMap<String, Vec<(i64, u64)>>;

pub(super) fn usage_to_json(usage: &Usage) -> String {
    let words: UsageWords = usage
        .bricks()
        .map(|brick| {
            let readings = usage.of(brick).map(|(at, used)| (millis(*at), *used));
            (brick.to_string(), readings.collect())
        })
        .collect();
    to_json(&words)
}

/// Readings from after `now` are left out: the clock was set back since, and they would stand in
/// the way of all that come.
pub(super) fn usage_from_json(json: &str, now: Timestamp) -> Arc<Usage> {
    let words: UsageWords = serde_json::from_str(json).unwrap_or_default();
    let mut usage = Usage::default();
    for (brick, readings) in words {
        let brick = BrickName::new(brick);
        let past = readings
            .into_iter()
            .map(|(at, used)| (moment(at), used))
            .filter(|(at, _)| *at <= now);
        for (at, used) in past {
            usage.push(&brick, at, used);
        }
    }
    Arc::new(usage)
}

/// Text, numbers and text keys: there is nothing here that JSON could not say.
fn to_json<T: Serialize + ?Sized>(value: &T) -> String {
    serde_json::to_string(value).unwrap_or_default()
}
