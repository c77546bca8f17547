//! What became of changes: the JSON of `start`, `stop`, `commit` and `retain`, schema
//! `glustop.result/1`.

use std::time::Duration;

use serde::Serialize;

use super::Source;
use super::columns::{Columns, Side};
use super::json::{NodeOut, document, instant};
use crate::model::{Counters, FaultKind, NodeProgress, Stamp, TaskId, TaskKind, VolumeName, text};

/// What became of one change.
#[derive(Debug, Clone)]
pub struct ChangeResult {
    /// On which volume.
    pub volume: VolumeName,
    /// In short: `stop remove-brick of media`; `None` when it did not come to a command.
    pub action: Option<String>,
    /// The command line; `None` when it did not come to one.
    pub command: Option<String>,
    /// In one word.
    pub end: End,
    /// In a sentence.
    pub message: String,
    /// What sort of failure.
    pub kind: Option<FaultKind>,
    /// The task that it began.
    pub task: Option<TaskId>,
    /// gluster's exit status.
    pub exit: Option<i32>,
    /// How long gluster took.
    pub took: Option<Duration>,
    /// A stop's last counters, with a row for every node that ought to take part.
    pub nodes: Vec<NodeProgress>,
    /// The kind of the stopped task.
    pub kind_of_task: TaskKind,
}

/// How a change ended, as the word in the JSON.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum End {
    /// Carried out, and every node said so.
    Done,
    /// Carried out, but not every node said so.
    Unconfirmed,
    /// Refused by a check; nothing was run.
    Refused,
    /// Not agreed to; nothing was run.
    NotConfirmed,
    /// The lock stayed busy; nothing was done.
    Busy,
    /// gluster said no.
    Failed,
    /// Whether it was carried out is not known.
    Unknown,
    /// Dry run or read-only: nothing was run.
    NotRun,
}

impl End {
    fn as_str(self) -> &'static str {
        match self {
            Self::Done => "done",
            Self::Unconfirmed => "unconfirmed",
            Self::Refused => "refused",
            Self::NotConfirmed => "not-confirmed",
            Self::Busy => "busy",
            Self::Failed => "failed",
            Self::Unknown => "unknown",
            Self::NotRun => "not-run",
        }
    }
}

#[derive(Serialize)]
struct ResultOut<'a> {
    schema: &'static str,
    taken_at: String,
    source: &'static str,
    results: Vec<OneOut<'a>>,
}

#[derive(Serialize)]
struct OneOut<'a> {
    volume: &'a str,
    action: Option<&'a str>,
    command: Option<&'a str>,
    result: &'static str,
    message: Option<&'a str>,
    kind: Option<&'static str>,
    task_id: Option<&'a str>,
    exit_status: Option<i32>,
    took: Option<f64>,
    nodes: Vec<NodeOut<'a>>,
}

/// The results as one JSON object, with a newline at its end.
pub fn result_json(results: &[ChangeResult], now: Stamp, source: Source) -> String {
    document(&ResultOut {
        schema: "glustop.result/1",
        taken_at: instant(now.wall),
        source: source.as_str(),
        results: results.iter().map(OneOut::new).collect(),
    })
}

impl<'a> OneOut<'a> {
    fn new(result: &'a ChangeResult) -> Self {
        let nodes = result.nodes.iter();
        Self {
            volume: result.volume.as_str(),
            action: result.action.as_deref(),
            command: result.command.as_deref(),
            result: result.end.as_str(),
            message: Some(result.message.as_str()).filter(|message| !message.is_empty()),
            kind: result.kind.map(FaultKind::as_str),
            task_id: result.task.as_ref().map(TaskId::as_str),
            exit_status: result.exit,
            took: (result.took).map(|took| (took.as_secs_f64() * 1e3).round() / 1e3),
            nodes: nodes
                .map(|node| NodeOut::new(result.kind_of_task, node))
                .collect(),
        }
    }
}

/// A stop in words, with a newline at the end of each line; nothing for one that was not carried
/// out.
pub fn stopped_text(result: &ChangeResult) -> String {
    if !matches!(result.end, End::Done | End::Unconfirmed) {
        return String::new();
    }
    let mut table = Columns::new([
        ("NODE", Side::Left),
        ("STATE", Side::Left),
        ("FILES", Side::Right),
        ("SIZE", Side::Right),
        ("SCANNED", Side::Right),
        ("FAIL", Side::Right),
        ("RUN TIME", Side::Right),
    ]);
    let known = |text: Option<String>| text.unwrap_or_else(|| "?".to_owned());
    let mut row = |name: &str, state: &str, counters: &Counters| {
        table.push([
            name.to_owned(),
            state.to_owned(),
            known(counters.files.map(text::count)),
            known(counters.bytes.map(text::short_size)),
            known(counters.scanned.map(text::count)),
            known(counters.failures.map(text::count)),
            known(counters.runtime.map(text::run_time)),
        ]);
    };
    for node in &result.nodes {
        let state = if node.reported {
            node.state.as_str()
        } else {
            "no answer"
        };
        row(&node.name, state, &node.counters);
    }
    row(
        "TOTAL",
        "",
        &Counters::total(result.nodes.iter().map(|node| &node.counters)),
    );
    let said = if result.end == End::Done {
        "stopped on every node"
    } else {
        "accepted, not confirmed by every node"
    };
    let title = format!("{}: {} {said}", result.volume, result.kind_of_task.as_str());
    let mut out = format!("{}\n", text::printable(&title));
    for line in table.lines("  ") {
        out.push_str(&line);
        out.push('\n');
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::insight::testing::{at, node};
    use crate::model::TaskState;

    #[test]
    fn a_stop_tells_of_every_node_and_unknown_is_null() {
        let mut silent = node(2, TaskState::Unknown);
        silent.reported = false;
        silent.counters.files = None;
        let result = ChangeResult {
            volume: "media".into(),
            action: Some("stop rebalance of media".into()),
            command: Some("gluster volume rebalance media stop".into()),
            end: End::Unconfirmed,
            message: "gl-02 gave no answer".into(),
            kind: None,
            task: None,
            exit: Some(0),
            took: Some(Duration::from_millis(1_234)),
            nodes: vec![node(1, TaskState::Stopped), silent],
            kind_of_task: TaskKind::Rebalance,
        };
        let words = stopped_text(&result);
        assert!(
            words.starts_with("media: rebalance accepted, not confirmed"),
            "{words}"
        );
        assert!(words.contains("no answer"), "{words}");
        let text = result_json(&[result], at(60), Source::Local);
        let json: serde_json::Value = serde_json::from_str(&text).unwrap();
        assert_eq!(json["schema"], "glustop.result/1");
        let one = &json["results"][0];
        assert_eq!(one["result"], "unconfirmed");
        assert_eq!(one["took"], 1.234);
        assert!(one["task_id"].is_null());
        assert_eq!(one["nodes"][0]["state"], "stopped");
        assert_eq!(one["nodes"][1]["reported"], false);
        assert!(one["nodes"][1]["files"].is_null());
    }
}
