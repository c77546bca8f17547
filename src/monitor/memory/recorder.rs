//! The thread that writes: what changed since it last wrote, and no more.

use std::collections::{BTreeMap, VecDeque};
use std::sync::Arc;
use std::sync::mpsc::Receiver;
use std::time::Duration;

use jiff::Timestamp;
use tokio::sync::watch;

use super::{Heard, Note};
use crate::model::{
    Baseline, CommandRecord, Counters, Ending, Snapshot, Stamp, Task, TaskId, TaskKind, TaskState,
    VolumeState, text,
};
use crate::store::{Recalled, Store, StoreError, Trouble};

/// A running task is written this often; a kill costs no more of its rates.
const PERIOD: Duration = Duration::from_secs(30);

/// More than anybody scrolls through.
const COMMANDS: usize = 500;

/// The owner of the file.
pub(super) struct Recorder {
    store: Store,
    session: String,
    now: Stamp,
    written: BTreeMap<TaskId, Written>,
    ended: BTreeMap<TaskId, Ending>,
    /// Commands that could not be written yet.
    waiting: VecDeque<CommandRecord>,
    /// The file as it was last looked at: others write too.
    version: i64,
    hear: watch::Sender<Heard>,
    tell_commands: watch::Sender<Arc<[CommandRecord]>>,
}

/// A task as it was last written.
struct Written {
    mark: Mark,
    read: Timestamp,
}

/// What is written at once when it changes.
#[derive(PartialEq)]
struct Mark {
    state: TaskState,
    kind: TaskKind,
    baseline: Option<Baseline>,
    nodes: usize,
    /// From the first counters on there is a rate, also for who comes after a kill.
    is_counted: bool,
    /// Of a task that does not run: they should not change any more.
    total: Option<Counters>,
}

impl Recorder {
    pub(super) fn new(
        store: Store,
        session: String,
        recalled: &Recalled,
        hear: watch::Sender<Heard>,
        tell_commands: watch::Sender<Arc<[CommandRecord]>>,
        now: Stamp,
    ) -> Self {
        let ended = recalled.ended.iter();
        let mut recorder = Self {
            session,
            now,
            written: BTreeMap::new(),
            ended: ended
                .filter_map(|one| Some((one.task.id.clone()?, one.ending)))
                .collect(),
            waiting: VecDeque::new(),
            version: store.version().unwrap_or_default(),
            store,
            hear,
            tell_commands,
        };
        recorder.say(recorder.first_word());
        recorder.recall();
        recorder
    }

    /// Works until the monitor has gone, and writes what is left; gives the number of commands
    /// that could not be written.
    pub(super) fn run(
        mut self,
        notes: &Receiver<Note>,
        mut pictures: watch::Receiver<Arc<Snapshot>>,
    ) -> usize {
        while let Ok(note) = notes.recv() {
            match note {
                Note::Look(now) => {
                    self.now = now;
                    // The end of the pictures is not the end of the notes.
                    if pictures.has_changed().unwrap_or(true) {
                        let snapshot = Arc::clone(&pictures.borrow_and_update());
                        self.follow(&snapshot);
                    }
                }
                Note::Command(command) => {
                    self.waiting.push_back(*command);
                    let result = self.write_commands();
                    self.report(result);
                }
                Note::Recall => self.recall(),
            }
        }
        let snapshot = Arc::clone(&pictures.borrow());
        self.follow_all(&snapshot, Duration::ZERO);
        self.waiting.len()
    }

    /// Writes what is due, and listens to what others wrote.
    pub(super) fn follow(&mut self, snapshot: &Snapshot) {
        self.follow_all(snapshot, PERIOD);
        self.listen();
    }

    /// Writes what changed, and running tasks that were not written for a period.
    fn follow_all(&mut self, snapshot: &Snapshot, period: Duration) {
        let mut result = self.write_commands();
        for state in snapshot.volumes() {
            if let Some(task) = state.task() {
                result = result.and(self.write_task(state, task, period));
            }
        }
        for one in snapshot.ended.iter().rev() {
            let Some(id) = &one.task.id else { continue };
            if self.ended.get(id) != Some(&one.ending) {
                let done = self.store.end(one);
                if done.is_ok() {
                    self.ended.insert(id.clone(), one.ending);
                    self.written.remove(id);
                }
                result = result.and(done);
            }
        }
        self.report(result);
    }

    fn write_task(
        &mut self,
        state: &VolumeState,
        task: &Task,
        period: Duration,
    ) -> Result<(), StoreError> {
        let (Some(id), Some(listed)) = (&task.id, state.task.taken()) else {
            return Ok(());
        };
        let counted = task.nodes.iter().filter_map(|node| node.taken);
        let read = counted.map(|at| at.wall).max().unwrap_or(listed.wall);
        let mark = Mark::of(task);
        let before = self.written.get(id);
        let is_due = before.is_none_or(|before| {
            let since = Duration::try_from(read.duration_since(before.read)).unwrap_or_default();
            before.mark != mark || (!since.is_zero() && task.is_running() && since >= period)
        });
        if !is_due {
            return Ok(());
        }
        let since = before.map(|before| before.read);
        self.store.record(&state.volume.name, task, read, since)?;
        self.ended.remove(id);
        self.written.insert(id.clone(), Written { mark, read });
        Ok(())
    }

    /// In order; the first that fails keeps the others waiting.
    fn write_commands(&mut self) -> Result<(), StoreError> {
        while let Some(command) = self.waiting.front() {
            self.store.audit(command)?;
            self.waiting.pop_front();
        }
        Ok(())
    }

    /// Tells of tasks whose end another glustop has written.
    fn listen(&mut self) {
        let version = self.store.version().unwrap_or(self.version);
        if version == self.version {
            return;
        }
        if let Ok(ended) = self.store.ended(self.now) {
            self.version = version;
            for one in &ended {
                if let Some(id) = &one.task.id {
                    self.ended.insert(id.clone(), one.ending);
                }
            }
            self.hear.send_modify(|heard| heard.ended = ended);
        }
    }

    fn recall(&mut self) {
        match self.store.commands(None, COMMANDS) {
            Ok(commands) => {
                let others = commands.into_iter();
                let others = others.filter(|command| command.session != self.session);
                self.tell_commands.send_replace(others.collect());
            }
            Err(error) => self.report(Err(error)),
        }
    }

    /// Says what is wrong, once, and when it is over.
    fn report(&mut self, result: Result<(), StoreError>) {
        self.say(match result {
            Ok(()) => self.first_word(),
            Err(error) if !self.waiting.is_empty() => {
                let (text, _) = unwritten(self.waiting.len(), &error.to_string());
                Some((text, error.trouble.advice()))
            }
            Err(error) => Some((
                format!("the history is not written: {error}"),
                error.trouble.advice(),
            )),
        });
    }

    fn say(&self, trouble: Option<(String, &'static str)>) {
        self.hear.send_if_modified(|heard| {
            let is_news = heard.trouble != trouble;
            heard.trouble = trouble;
            is_news
        });
    }

    /// What was wrong from the beginning, and stays so.
    fn first_word(&self) -> Option<(String, &'static str)> {
        if self.store.is_read_only() {
            let text = "the history can be read, but not written".to_owned();
            return Some((text, Trouble::ReadOnly.advice()));
        }
        self.store.moved_aside().map(|aside| {
            let text = format!(
                "the history was broken and begins anew; the old file is {}",
                aside.display()
            );
            (text, "Look at the disk. Nothing is to be done for glustop.")
        })
    }
}

/// `2 commands are not in the history: the disk is full`.
pub(super) fn unwritten(commands: usize, why: &str) -> (String, &'static str) {
    let which = text::plural(commands, "command");
    let verb = if commands == 1 { "is" } else { "are" };
    let text = format!("{which} {verb} not in the history yet: {why}");
    (text, "It is tried again; the log has every command too.")
}

impl Mark {
    fn of(task: &Task) -> Self {
        Self {
            state: task.state(),
            kind: task.kind,
            baseline: task.baseline,
            nodes: task.nodes.len(),
            is_counted: task.trail.last().is_some(),
            total: (!task.is_running()).then(|| task.total()),
        }
    }
}
