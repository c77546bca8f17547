//! Keeping what is seen and done: a thread of its own owns the history's file.
//!
//! ```text
//! reader ── pictures (watch: the latest only) ──▶ ┌────────┐ ──▶ heard: trouble, ends told by others
//!        ── notes (bounded: commands, looks) ───▶ │ thread │ ──▶ commands of other sessions
//!                                                 └────────┘
//! ```
//!
//! A disk may hang for minutes, and neither a reading nor a stop may wait for it. So the reader
//! only ever leaves things behind: of the pictures the latest one counts and the others are
//! dropped; commands queue up until they are written, and the admin is told while they are not.

use std::path::PathBuf;
use std::sync::Arc;
use std::sync::mpsc::{Receiver, RecvTimeoutError, SyncSender, TrySendError, sync_channel};
use std::thread;
use std::time::Duration;

use tokio::sync::watch;

use super::recollect::{self, Recollection};
use crate::job::{Job, JobResult, Outcome};
use crate::model::{CommandRecord, CommandResult, EndedTask, Forgetting, Snapshot, Stamp, Who};
use crate::store::{Recalled, Store, StoreError, Trouble};

mod recorder;

use recorder::Recorder;

/// How long the program waits for a history to be opened, or to be closed.
const PATIENCE: Duration = Duration::from_secs(3);

/// Notes that may wait for the disk.
const ROOM: usize = 64;

/// The way to the history, for one monitor.
#[derive(Debug)]
pub struct Memory {
    who: Who,
    session: String,
    recalled: Recalled,
    pictures: watch::Sender<Arc<Snapshot>>,
    notes: SyncSender<Note>,
    heard: watch::Receiver<Heard>,
    /// Something was heard that is not in the picture yet.
    is_news: bool,
    commands: watch::Receiver<Arc<[CommandRecord]>>,
    /// Commands that found no room.
    unsent: Vec<CommandRecord>,
}

/// The end of a history: what is left to write is written once the monitor has gone.
#[derive(Debug)]
pub struct Closing {
    done: Receiver<usize>,
}

/// What the thread is told.
#[derive(Debug)]
enum Note {
    /// There is another picture.
    Look(Stamp),
    /// A command was begun, or is over.
    Command(Box<CommandRecord>),
    /// Read the commands of the other sessions again.
    Recall,
}

/// What the thread tells.
#[derive(Debug, Clone, Default)]
pub(super) struct Heard {
    /// What is wrong with the history.
    trouble: Option<(String, &'static str)>,
    /// The latest tasks that ended, as far as others have written them.
    ended: Vec<Arc<EndedTask>>,
}

/// Where the history is.
#[derive(Debug, Clone)]
pub enum Place {
    /// In a state directory.
    Directory(PathBuf),
    /// Nowhere: it ends with the program.
    Nowhere,
}

impl Memory {
    /// Opens the history and recalls what is in it; `now` is the moment on the clocks of the
    /// monitor. This never fails: without a history the program goes on, and
    /// [`trouble`](Self::trouble) says why.
    pub fn open(place: Place, who: Who, now: Stamp) -> (Self, Closing) {
        let session = format!(
            "{:x}-{}",
            now.wall.as_nanosecond(),
            rustix::process::getpid().as_raw_nonzero()
        );
        let (pictures, seen) = watch::channel(Arc::default());
        let (notes, told) = sync_channel(ROOM);
        let (hear, mut heard) = watch::channel(Heard::default());
        let (tell_commands, mut commands) = watch::channel(Arc::from([]));
        let (opened, opening) = sync_channel(1);
        let (end, done) = sync_channel(1);
        let own = session.clone();
        thread::spawn(move || {
            let left = match open(place, now) {
                Ok((store, recalled)) => {
                    let recorder = Recorder::new(store, own, &recalled, hear, tell_commands, now);
                    let _ = opened.send(Ok(recalled));
                    recorder.run(&told, seen)
                }
                Err(error) => {
                    let _ = opened.send(Err(error));
                    0
                }
            };
            let _ = end.send(left);
        });
        let recalled = opening.recv_timeout(PATIENCE).unwrap_or_else(|_| {
            let sentence = "the disk below the state directory gives no answer";
            Err(StoreError::new(Trouble::Other, sentence))
        });
        let recalled = recalled.unwrap_or_else(|error| {
            heard = only(Heard::of(&error));
            Recalled::default()
        });
        // What is there already is news to whoever listens.
        commands.mark_changed();
        let memory = Self {
            who,
            session,
            recalled,
            pictures,
            notes,
            heard,
            is_news: true,
            commands,
            unsent: Vec::new(),
        };
        (memory, Closing { done })
    }

    /// Why there is no history, or only an old one: one sentence, and what to do about it.
    pub fn trouble(&self) -> Option<(String, &'static str)> {
        self.heard.borrow().trouble.clone()
    }

    /// The commands of the other sessions, latest first, whenever they were read.
    pub(super) fn commands(&self) -> watch::Receiver<Arc<[CommandRecord]>> {
        self.commands.clone()
    }

    /// What a monitor that begins takes up again.
    pub(super) fn recollection(&mut self) -> Recollection {
        Recollection::new(std::mem::take(&mut self.recalled))
    }

    /// Leaves a picture to be written when its time has come.
    pub(super) fn look(&mut self, snapshot: &Arc<Snapshot>, now: Stamp) {
        self.pictures.send_replace(Arc::clone(snapshot));
        self.send_unsent();
        // Where there is no room the thread is awake anyway, and will see the latest picture.
        let _ = self.notes.try_send(Note::Look(now));
    }

    /// Writes that a command is on its way to gluster.
    pub fn begin(&mut self, job: &Job, at: Stamp) {
        let order = &job.order;
        self.note(CommandRecord {
            session: self.session.clone(),
            job: job.id.0,
            at: at.wall,
            who: self.who.clone(),
            argv: order.argv().words().to_vec(),
            line: order.argv().to_string(),
            volume: order.command().locks().cloned(),
            exit: None,
            took: None,
            answer: String::new(),
            result: None,
            began: None,
        });
    }

    /// Writes what came of it.
    pub fn finish(&mut self, job: &Job, outcome: &Outcome) {
        let (result, answer, began) = told(&outcome.result);
        let began = began.filter(|_| !job.order.command().stops());
        self.note(CommandRecord {
            session: self.session.clone(),
            job: job.id.0,
            at: outcome.at.wall,
            who: self.who.clone(),
            argv: job.order.argv().words().to_vec(),
            line: job.order.argv().to_string(),
            volume: job.order.command().locks().cloned(),
            exit: outcome.exit,
            took: (!outcome.took.is_zero()).then_some(outcome.took),
            answer,
            result: Some(result),
            began,
        });
    }

    /// Reads the commands of the other sessions again.
    pub(super) fn recall(&self) {
        let _ = self.notes.try_send(Note::Recall);
    }

    /// Waits until the thread has something to tell; never, where there is no thread.
    pub(super) async fn hear(&mut self) {
        match self.heard.changed().await {
            Ok(()) => self.is_news = true,
            Err(_) => std::future::pending().await,
        }
    }

    /// Lays what the thread told over the picture.
    pub(super) fn apply(&mut self, snapshot: &mut Arc<Snapshot>, now: Stamp) {
        let trouble = self.hanging().or_else(|| self.trouble());
        let known = snapshot.forgetting.as_ref();
        if known.map(|known| &known.text) != trouble.as_ref().map(|(text, _)| text) {
            let since = known.map_or(now, |known| known.since);
            Arc::make_mut(snapshot).forgetting = trouble.map(|(text, advice)| Forgetting {
                since,
                text,
                advice,
            });
        }
        if std::mem::take(&mut self.is_news) {
            let ended = self.heard.borrow().ended.clone();
            if !ended.is_empty() {
                recollect::ended(Arc::make_mut(snapshot), ended);
            }
        }
    }

    /// Commands are only ever kept waiting in view.
    fn hanging(&self) -> Option<(String, &'static str)> {
        let waiting = self.unsent.len();
        (waiting > 0).then(|| recorder::unwritten(waiting, "the disk gives no answer"))
    }

    fn note(&mut self, command: CommandRecord) {
        self.unsent.push(command);
        self.send_unsent();
    }

    fn send_unsent(&mut self) {
        while !self.unsent.is_empty() {
            let note = Note::Command(Box::new(self.unsent.remove(0)));
            let sent = self.notes.try_send(note);
            if let Err(TrySendError::Full(Note::Command(command))) = sent {
                self.unsent.insert(0, *command);
                return;
            }
            // Sent; or there is no history, which has been told.
        }
    }
}

impl Closing {
    /// Waits until all is written, but not for a disk that hangs. `Err`: so many commands are not
    /// in the history, or `None` where that cannot be told.
    pub fn wait(self) -> Result<(), Option<usize>> {
        match self.done.recv_timeout(PATIENCE) {
            Ok(0) => Ok(()),
            Ok(left) => Err(Some(left)),
            Err(RecvTimeoutError::Timeout | RecvTimeoutError::Disconnected) => Err(None),
        }
    }
}

impl Heard {
    fn of(error: &StoreError) -> Self {
        Self {
            trouble: Some((format!("no history: {error}"), error.trouble.advice())),
            ended: Vec::new(),
        }
    }
}

/// A channel on which nothing more will come.
fn only(heard: Heard) -> watch::Receiver<Heard> {
    watch::channel(heard).1
}

fn open(place: Place, now: Stamp) -> Result<(Store, Recalled), StoreError> {
    let store = match place {
        Place::Directory(directory) => Store::open(&directory)?,
        Place::Nowhere => Store::in_memory()?,
    };
    let recalled = store.recall(now)?;
    Ok((store, recalled))
}

/// The word, the first line, and the task that was begun.
fn told(result: &JobResult) -> (CommandResult, String, Option<crate::model::TaskId>) {
    let line = |text: &str| text.lines().next().unwrap_or_default().to_owned();
    match result {
        JobResult::Done { task, text, .. } => (CommandResult::Done, line(text), task.clone()),
        JobResult::Objected(reasons) => (CommandResult::Objected, line(&reasons.join("; ")), None),
        JobResult::Failed(failure) => (CommandResult::Failed, line(&failure.message), None),
        JobResult::GivenUp => (CommandResult::GivenUp, String::new(), None),
        JobResult::DryRun => (CommandResult::DryRun, String::new(), None),
    }
}

#[cfg(test)]
mod tests;
