//! Following a task to its end, with the monitor's gentle reader.
//!
//! Leaving stops nothing: the task belongs to the cluster. With `--commit-if-clean` a drained
//! remove-brick is committed when every gate of [`readiness`](crate::insight::plan::auto) is open
//! in fresh readings, and still is half a minute later.

use std::io;
use std::sync::Arc;
use std::time::Duration;

use tokio::sync::mpsc;
use tokio::time::{Instant, sleep_until};

use super::{Batch, Code, Console, WaitRequest, complain};
use crate::gluster::Permit;
use crate::insight::finding::{self, Thresholds};
use crate::insight::freshness;
use crate::model::{Fault, Snapshot, Stamp, Task, VolumeState};
use crate::monitor::{self, Monitor, Request};
use crate::report;

mod commit;
mod ending;

use commit::Commit;
use ending::{Same, Seen, Sight};

pub(super) async fn run(
    batch: &Batch,
    console: &dyn Console,
    request: WaitRequest,
) -> io::Result<Code> {
    if request.commit_if_clean && batch.runner.permit() == Permit::ReadOnly {
        console.say("--commit-if-clean commits, and this glustop is read-only");
        return Ok(Code::Usage);
    }
    let signals = console.signals()?;
    let monitor = monitor::start(
        batch.runner.clone(),
        batch.launcher.clone(),
        batch.settings,
        batch.clock,
        batch.memory.take(),
    );
    let commit = request.commit_if_clean.then(Commit::default);
    let wait = Wait {
        batch,
        console,
        request,
        monitor,
        signals,
        seen: None,
        printed: None,
        is_bar_open: false,
        commit,
    };
    wait.run().await
}

struct Wait<'a> {
    batch: &'a Batch,
    console: &'a dyn Console,
    request: WaitRequest,
    monitor: Monitor,
    signals: mpsc::Receiver<u8>,
    /// The run that is waited for.
    seen: Option<Seen>,
    /// The reading that was printed last.
    printed: Option<Stamp>,
    is_bar_open: bool,
    /// What becomes of the commit; `None`: nothing is committed.
    commit: Option<Commit>,
}

/// What a look at the picture led to.
enum Then {
    GoOn,
    End(Code),
    /// Commit now.
    Commit(Box<crate::job::Job>),
}

impl Wait<'_> {
    async fn run(mut self) -> io::Result<Code> {
        self.ask(Request::Only(self.request.volume.clone())).await;
        let until = Instant::now() + self.request.timeout;
        loop {
            let wake = self
                .commit
                .as_ref()
                .and_then(|commit| commit.wake(self.batch));
            let then = tokio::select! {
                biased;
                Some(signal) = self.signals.recv() => Then::End(self.interrupted(signal)),
                ended = &mut self.monitor.task => {
                    let why = ended.err().map_or_else(String::new, |died| format!(": {died}"));
                    return Err(io::Error::other(format!("the reader ended{why}")));
                }
                Ok(()) = self.monitor.snapshots.changed() => self.look().await?,
                () = sleep_until(wake.unwrap_or(until)), if wake.is_some() => self.look().await?,
                () = sleep_until(until) => Then::End(self.late()),
            };
            match then {
                Then::GoOn => {}
                Then::End(code) => return self.close(code),
                Then::Commit(job) => {
                    let code = self.carry_out(*job).await?;
                    return self.close(code);
                }
            }
        }
    }

    async fn ask(&self, request: Request) {
        // The monitor's end is noticed where its task is.
        let _ = self.monitor.requests.send(request).await;
    }

    async fn look(&mut self) -> io::Result<Then> {
        let snapshot = Arc::clone(&self.monitor.snapshots.borrow_and_update());
        if self.seen.is_none()
            && let Some(only) = &self.request.task
        {
            match ending::compare(&snapshot, &self.request.volume, only) {
                Same::Yes => {}
                // Nothing may be said or done about a task that may be another one.
                Same::NotKnown => return Ok(Then::GoOn),
                Same::No(words) => {
                    self.say(&words);
                    return Ok(Then::End(Code::Warning));
                }
            }
        }
        let sight = ending::look(&snapshot, &self.request.volume, self.seen.as_ref());
        if let Sight::At { state, task, .. } = &sight {
            let seen = self.seen.get_or_insert_default();
            seen.id = seen.id.take().or_else(|| task.id.clone());
            if !self.tell(&snapshot, state, task)? {
                // Nobody reads any more; that is how a broken pipe ends other programs.
                return Ok(Then::End(Code::Signal(13)));
            }
        }
        Ok(match sight {
            Sight::NotYet => Then::GoOn,
            Sight::Unreadable(fault) => {
                complain(self.console, fault);
                Then::End(Code::Unknown)
            }
            Sight::Nothing(why) => {
                self.console.say(&why);
                Then::End(Code::Unknown)
            }
            Sight::Gone(gone) => {
                self.say(&gone.words);
                Then::End(gone.code)
            }
            Sight::At { end, .. } => self.consider_commit(&snapshot, end).await,
        })
    }

    /// The end of a task is the end of the waiting, unless it is to be committed.
    async fn consider_commit(&mut self, snapshot: &Snapshot, end: Option<ending::End>) -> Then {
        let Some(mut commit) = self.commit.take() else {
            return match end {
                Some(end) => {
                    self.say(&end.words);
                    Then::End(end.code)
                }
                None => Then::GoOn,
            };
        };
        let id = self.seen.as_ref().and_then(|seen| seen.id.clone());
        let next = commit.look(self.batch, snapshot, &self.request.volume, id.as_ref());
        match next {
            commit::Next::Wait => {}
            commit::Next::Read => self.ask(Request::ReadNow).await,
            commit::Next::Say(words) => self.say(&words),
            commit::Next::Never(why) => {
                self.say(&format!("{}: not committed: {why}", self.request.volume));
                return match end {
                    Some(end) => {
                        self.say(&end.words);
                        Then::End(end.code)
                    }
                    // It is followed to its end all the same.
                    None => Then::GoOn,
                };
            }
            commit::Next::Now(job) => return Then::Commit(job),
        }
        self.commit = Some(commit);
        Then::GoOn
    }

    /// Prints a reading that was not printed yet; `false`: nobody reads it.
    fn tell(&mut self, snapshot: &Snapshot, state: &VolumeState, task: &Task) -> io::Result<bool> {
        let read = freshness::progress_read(task);
        if read.is_none() || read == self.printed {
            return Ok(true);
        }
        self.printed = read;
        let now = self.batch.clock.now();
        if self.request.json {
            return self.console.print(&self.line(snapshot, state, now));
        }
        if self.console.is_terminal() {
            self.is_bar_open = true;
            return self.console.replace(&report::task_bar(state, task));
        }
        let at = now.wall.strftime("%Y-%m-%dT%H:%M:%SZ");
        let line = report::task_line(state, task);
        self.console.print(&format!("{at} {line}\n"))
    }

    fn line(&self, snapshot: &Snapshot, state: &VolumeState, now: Stamp) -> String {
        let interval = self.batch.settings.interval;
        let thresholds = Thresholds {
            stale: freshness::stale_after(interval.max(snapshot.watching.every)),
            wait: interval,
            // The other volumes are not asked about.
            unread: Duration::MAX,
            ..self.batch.thresholds
        };
        let findings = finding::findings(snapshot, now, &thresholds);
        let parts: [Option<&Fault>; 5] = [
            snapshot.peers.fault(),
            snapshot.volumes.fault(),
            state.bricks.fault(),
            state.space.fault(),
            state.task.fault(),
        ];
        let faults: Vec<Fault> = parts.into_iter().flatten().cloned().collect();
        report::status_line(&report::StatusInput {
            snapshot,
            findings: &findings,
            faults: &faults,
            now,
            source: self.batch.source,
            only: std::slice::from_ref(&self.request.volume),
        })
    }

    fn interrupted(&mut self, signal: u8) -> Code {
        let volume = self.request.volume.clone();
        if self.commit.as_ref().is_some_and(Commit::is_armed) {
            self.say(&format!("{volume}: held, not committed: commit pending"));
            return Code::Warning;
        }
        self.say(&format!(
            "{volume}: not followed any more; the task goes on"
        ));
        Code::Signal(signal)
    }

    fn late(&mut self) -> Code {
        let volume = self.request.volume.clone();
        self.say(&format!("{volume}: gave up waiting; the task goes on"));
        Code::GaveUp
    }

    /// A message, on a line of its own even where a bar stands open.
    fn say(&mut self, words: &str) {
        if std::mem::take(&mut self.is_bar_open) {
            // A terminal that is gone needs no end of line.
            let _ = self.console.print("\n");
        }
        self.console.say(words);
    }

    fn close(&mut self, code: Code) -> io::Result<Code> {
        if std::mem::take(&mut self.is_bar_open) {
            self.console.print("\n")?;
        }
        Ok(code)
    }

    /// Runs the commit through the monitor's worker. A signal ends further attempts at a busy
    /// lock, and nothing else.
    async fn carry_out(&mut self, job: crate::job::Job) -> io::Result<Code> {
        let (id, order) = (job.id, job.order.clone());
        self.say(&format!("{}: committing", self.request.volume));
        self.ask(Request::Run(job)).await;
        loop {
            tokio::select! {
                biased;
                Some(_signal) = self.signals.recv() => self.ask(Request::GiveUp(id)).await,
                event = self.monitor.jobs.recv() => {
                    let Some((_, event)) = event else {
                        return Err(io::Error::other("the reader ended"));
                    };
                    if let Some(code) = self.committed(&order, &event)? {
                        return Ok(code);
                    }
                }
            }
        }
    }
}

/// How long the commit is announced before it runs.
const LAST_WORD: Duration = Duration::from_secs(30);
