//! Asking one question: from a command to a reading.

use std::sync::Arc;
use std::time::Duration;

use super::{Clock, Settings};
use crate::gluster::{self, Answer, Command, Failure, Launcher, Order, Permit, Reply, Runner};
use crate::model::text::printable;
use crate::model::{Fault, FaultKind, Stamp};

/// A question with its answer, good or bad.
#[derive(Debug)]
pub(super) struct Reading {
    /// What was asked, and how.
    pub(super) order: Order,
    /// When it was asked.
    pub(super) asked: Stamp,
    /// When it was answered.
    pub(super) done: Stamp,
    /// The answer.
    pub(super) result: Result<Reply, Failure>,
}

impl Reading {
    /// What was asked.
    pub(super) fn command(&self) -> &Command {
        self.order.command()
    }

    /// How long the answer took.
    pub(super) fn took(&self) -> Duration {
        self.asked.age(self.done)
    }

    /// What went wrong. Refusals that only say how things are count as answers: there is no such
    /// task, or the volume is not started.
    pub(super) fn trouble(&self) -> Option<&Failure> {
        let failure = self.result.as_ref().err()?;
        (!failure.says_no_task() && !failure.says_not_started()).then_some(failure)
    }

    /// The kind of trouble.
    pub(super) fn failed(&self) -> Option<FaultKind> {
        self.trouble().map(|failure| failure.kind)
    }

    /// The trouble as a part of the picture.
    pub(super) fn fault(&self) -> Option<Fault> {
        let failure = self.trouble()?;
        let line = self.order.argv().to_string();
        Some(failure.clone().into_fault(line, self.done))
    }
}

/// Whether glusterd itself is out of reach: then no other question fares better.
pub(super) fn is_unreachable(kind: FaultKind) -> bool {
    matches!(
        kind,
        FaultKind::NotFound | FaultKind::Permission | FaultKind::DaemonDown
    )
}

/// Everything needed to ask: cheap to clone into a task.
#[derive(Clone)]
pub(super) struct Asker {
    runner: Arc<dyn Runner>,
    launcher: Arc<Launcher>,
    timeout: Duration,
    pub(super) clock: Clock,
}

impl Asker {
    pub(super) fn new(
        runner: Arc<dyn Runner>,
        launcher: Launcher,
        settings: &Settings,
        clock: Clock,
    ) -> Self {
        Self {
            runner,
            launcher: Arc::new(launcher),
            timeout: settings.timeout,
            clock,
        }
    }

    /// Which changes may be carried out.
    pub(super) fn permit(&self) -> Permit {
        self.runner.permit()
    }

    /// The order that would ask this.
    pub(super) fn order(&self, command: Command) -> Order {
        self.launcher.order(command)
    }

    /// Asks a question once.
    pub(super) async fn ask(&self, order: Order) -> Reading {
        self.ask_within(order, self.timeout).await
    }

    /// Asks a question once, with less patience.
    pub(super) async fn ask_within(&self, order: Order, patience: Duration) -> Reading {
        let asked = self.clock.now();
        let result = self.run(&order, patience.min(self.timeout)).await;
        let reading = Reading {
            order,
            asked,
            done: self.clock.now(),
            result,
        };
        tracing::debug!(
            command = %printable(&reading.order.argv().to_string()),
            took = ?reading.took(),
            failed = reading.failed().map(FaultKind::as_str),
            "asked"
        );
        reading
    }

    /// Carries out a change once; tells gluster's exit status beside what came of it. gluster itself
    /// gives up after 120 seconds, so a shorter deadline for questions does not count here: it would
    /// only hide the outcome.
    pub(super) async fn change(&self, order: &Order) -> (Option<i32>, Result<Reply, Failure>) {
        const AT_LEAST: Duration = Duration::from_secs(150);
        let line = order.argv().to_string();
        let command = printable(&line);
        tracing::info!(%command, "running");
        let deadline = self.timeout.max(AT_LEAST);
        let (exit, result) = match self.runner.run(order, deadline).await {
            Ok(answer) => (answer.exit, read(order, answer).await),
            Err(failure) => (None, Err(failure)),
        };
        match &result {
            Ok(_) => tracing::info!(%command, "carried out"),
            Err(failure) => {
                let message = printable(&failure.message);
                tracing::warn!(%command, kind = failure.kind.as_str(), %message, "failed");
            }
        }
        (exit, result)
    }

    async fn run(&self, order: &Order, deadline: Duration) -> Result<Reply, Failure> {
        let answer = self.runner.run(order, deadline).await?;
        read(order, answer).await
    }
}

/// Parses an answer, and frees it. A very large one has a thread of its own: what else is spawned,
/// a stop above all, is not to wait behind it.
async fn read(order: &Order, answer: Answer) -> Result<Reply, Failure> {
    /// Some 40 ms of work, and two thousand volumes. Others stay where they are: the C library
    /// keeps memory for each thread that allocates, so that threads in turn for answers of 4 MB
    /// cost 16 MB more.
    const LARGE: usize = 8 * 1024 * 1024;
    let command = order.command();
    let parsed = if answer.stdout.len() < LARGE {
        gluster::parse(command, &answer)
    } else {
        let command = command.clone();
        let elsewhere = tokio::task::spawn_blocking(move || gluster::parse(&command, &answer));
        elsewhere.await.unwrap_or_else(|error| {
            Err(match error.try_into_panic() {
                Ok(bug) => std::panic::resume_unwind(bug),
                Err(ending) => Failure::new(FaultKind::BadOutput, ending.to_string()),
            })
        })
    }?;
    for warning in &parsed.warnings {
        tracing::warn!(command = %printable(&order.argv().to_string()), "{}", printable(warning));
    }
    Ok(parsed.reply)
}

#[cfg(test)]
mod tests {
    use futures_util::FutureExt as _;

    use super::super::testing::launcher;
    use super::*;

    /// `volume list` with a name of so many characters.
    fn answer(length: usize) -> Answer {
        let name = "v".repeat(length);
        let text = format!(
            "<cliOutput><opRet>0</opRet><opErrno>0</opErrno><opErrstr/><volList><count>1</count>\
             <volume>{name}</volume></volList></cliOutput>"
        );
        Answer {
            stdout: text.into_bytes(),
            ..Answer::default()
        }
    }

    #[test]
    fn a_large_answer_is_parsed_on_a_thread_of_its_own() {
        let mut builder = tokio::runtime::Builder::new_current_thread();
        let runtime = builder.max_blocking_threads(1).build().unwrap();
        runtime.block_on(async {
            // The only such thread is busy until it is told to go on.
            let (go_on, told) = std::sync::mpsc::channel::<()>();
            tokio::task::spawn_blocking(move || told.recv());
            let order = launcher().order(Command::VolumeList);
            let small = read(&order, answer(10)).now_or_never();
            assert!(matches!(small, Some(Ok(Reply::Names(_)))), "{small:?}");
            let mut large = Box::pin(read(&order, answer(8_500_000)));
            assert!(large.as_mut().now_or_never().is_none());
            drop(go_on);
            assert!(matches!(large.await, Ok(Reply::Names(names)) if names.len() == 1));
        });
    }
}
