//! `glustop history`: the tasks that were seen, and the commands that were run. The JSON is a
//! promise to scripts, schema `glustop.history/1`, and follows the rules of the status JSON.

use std::time::Duration;

use jiff::Timestamp;
use jiff::tz::TimeZone;
use serde::Serialize;

use super::columns::{Columns, Side};
use super::json::task::{self, CountersOut};
use super::json::{document, instant};
use crate::model::{
    BrickName, CommandRecord, CommandResult, Ending, TaskId, TaskRecord, VolumeName, text,
};

/// All that a history tells of.
#[derive(Debug, Clone, Copy)]
pub struct HistoryInput<'a> {
    /// The tasks, latest first.
    pub tasks: &'a [TaskRecord],
    /// The commands, latest first.
    pub commands: &'a [CommandRecord],
    /// The volume that they are about; `None` for all.
    pub volume: Option<&'a VolumeName>,
    /// For the clock times of the table.
    pub zone: &'a TimeZone,
}

/// The history as one JSON object, with a newline at its end.
pub fn history_json(input: &HistoryInput<'_>) -> String {
    let out = HistoryOut {
        schema: "glustop.history/1",
        volume: input.volume.map(VolumeName::as_str),
        tasks: input.tasks.iter().map(TaskOut::new).collect(),
        commands: input.commands.iter().map(CommandOut::new).collect(),
    };
    // Text, numbers and text keys: there is nothing here that JSON could not say.
    document(&out)
}

#[derive(Serialize)]
struct HistoryOut<'a> {
    schema: &'static str,
    volume: Option<&'a str>,
    tasks: Vec<TaskOut<'a>>,
    commands: Vec<CommandOut<'a>>,
}

#[derive(Serialize)]
struct TaskOut<'a> {
    volume: &'a str,
    kind: &'static str,
    id: Option<&'a str>,
    state: &'static str,
    ending: Option<&'static str>,
    ended_at: Option<String>,
    first_seen: String,
    last_seen: String,
    started_by: Option<&'a str>,
    bricks: Vec<&'a str>,
    nodes: Vec<NodeOut<'a>>,
    total: CountersOut,
}

#[derive(Serialize)]
struct NodeOut<'a> {
    name: &'a str,
    uuid: Option<&'a str>,
    state: &'static str,
    #[serde(flatten)]
    counters: CountersOut,
    answered_at: Option<String>,
}

#[derive(Serialize)]
struct CommandOut<'a> {
    at: String,
    volume: Option<&'a str>,
    argv: &'a [String],
    result: Option<&'static str>,
    exit: Option<i32>,
    took: Option<f64>,
    answer: Option<&'a str>,
    task: Option<&'a str>,
    user: &'a str,
    sudo_user: Option<&'a str>,
    ssh_connection: Option<&'a str>,
}

impl<'a> TaskOut<'a> {
    fn new(record: &'a TaskRecord) -> Self {
        let task = &record.task;
        Self {
            volume: record.volume.as_str(),
            kind: task.kind.as_str(),
            id: task.id.as_ref().map(TaskId::as_str),
            // What waits for a commit waits no more when it is over.
            state: match record.ended {
                Some(_) => task::word(task.state()),
                None => task::state(task),
            },
            ending: record.ended.map(|(ending, _)| ending.as_str()),
            ended_at: record.ended.map(|(_, at)| instant(at)),
            first_seen: instant(task.first_seen.wall),
            last_seen: instant(record.last_seen),
            started_by: record.started_by.as_deref(),
            bricks: task.bricks.iter().map(BrickName::as_str).collect(),
            nodes: task
                .nodes
                .iter()
                .map(|node| NodeOut {
                    name: &node.name,
                    uuid: node.peer.uuid(),
                    state: task::word(node.state),
                    counters: CountersOut::new(task.kind, node.counters),
                    answered_at: node.taken.map(|at| instant(at.wall)),
                })
                .collect(),
            total: CountersOut::new(task.kind, task.total()),
        }
    }
}

impl<'a> CommandOut<'a> {
    fn new(record: &'a CommandRecord) -> Self {
        let millis = |took: Duration| (took.as_secs_f64() * 1e3).round() / 1e3;
        Self {
            at: instant(record.at),
            volume: record.volume.as_ref().map(VolumeName::as_str),
            argv: &record.argv,
            result: record.result.map(CommandResult::as_str),
            exit: record.exit,
            took: record.took.map(millis),
            answer: Some(record.answer.as_str()).filter(|answer| !answer.is_empty()),
            task: record.began.as_ref().map(TaskId::as_str),
            user: &record.who.user,
            sudo_user: record.who.sudo_user.as_deref(),
            ssh_connection: record.who.ssh_connection.as_deref(),
        }
    }
}

/// The history in words, with a newline at its end. `-` is what is not known or does not apply.
pub fn history_table(input: &HistoryInput<'_>) -> String {
    let mut lines = tasks(input);
    lines.push(String::new());
    lines.extend(commands(input));
    lines.push(String::new());
    lines.join("\n")
}

fn tasks(input: &HistoryInput<'_>) -> Vec<String> {
    if input.tasks.is_empty() {
        return vec!["no task was seen".to_owned()];
    }
    let mut table = Columns::new([
        ("VOLUME", Side::Left),
        ("TASK", Side::Left),
        ("ENDED", Side::Left),
        ("WHEN", Side::Left),
        ("MOVED", Side::Right),
        ("FILES", Side::Right),
        ("FAILED", Side::Right),
        ("RUN TIME", Side::Right),
        ("STARTED BY", Side::Left),
        ("ID", Side::Left),
    ]);
    for record in input.tasks {
        let total = record.task.total();
        let when = record.ended.map_or(record.last_seen, |(_, at)| at);
        table.push([
            record.volume.to_string(),
            record.task.kind.as_str().to_owned(),
            how(record),
            clock(input, when),
            known(total.bytes, text::size),
            known(total.files, text::count),
            known(total.failures, text::count),
            known(total.runtime, text::run_time),
            known(record.started_by.clone(), |who| who),
            known(record.task.id.as_ref(), |id| id.short().to_owned()),
        ]);
    }
    table.lines("").collect()
}

/// How it ended; in brackets what was last seen of one that gluster still lists.
fn how(record: &TaskRecord) -> String {
    match record.ended {
        Some((Ending::Vanished, _)) => "gone".to_owned(),
        Some((ending, _)) => ending.as_str().to_owned(),
        None => format!("({})", task::state(&record.task)),
    }
}

fn commands(input: &HistoryInput<'_>) -> Vec<String> {
    if input.commands.is_empty() {
        return vec!["no command was run".to_owned()];
    }
    let mut table = Columns::new([
        ("WHEN", Side::Left),
        ("RESULT", Side::Left),
        ("EXIT", Side::Right),
        ("TOOK", Side::Right),
        ("WHO", Side::Left),
        ("COMMAND", Side::Left),
        ("ANSWER", Side::Left),
    ]);
    for record in input.commands {
        table.push([
            clock(input, record.at),
            // glustop was gone before the answer came.
            known(record.result, |result| result.as_str().to_owned()),
            known(record.exit, |exit| exit.to_string()),
            known(record.took, |took| format!("{:.1}s", took.as_secs_f64())),
            record.who.at(),
            record.line.clone(),
            record.answer.clone(),
        ]);
    }
    table.lines("").collect()
}

fn clock(input: &HistoryInput<'_>, at: Timestamp) -> String {
    let local = at.to_zoned(input.zone.clone());
    local.strftime("%Y-%m-%d %H:%M:%S").to_string()
}

fn known<T>(value: Option<T>, show: impl Fn(T) -> String) -> String {
    value.map_or_else(|| "-".to_owned(), show)
}

#[cfg(test)]
mod tests;
