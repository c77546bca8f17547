//! A console that remembers, over the demo, in simulated time.

use std::cell::{Cell, RefCell};
use std::collections::VecDeque;
use std::io;
use std::path::Path;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use jiff::Timestamp;
use tokio::sync::mpsc;

use super::{Batch, Code, Console, Request, run};
use crate::demo::{DemoRunner, Pool};
use crate::gluster::{Guarded, Launcher, Order, Permit, RunFuture, Runner};
use crate::insight::finding::Thresholds;
use crate::model::Who;
use crate::monitor::{Budget, Clock, Memory, Place, Settings};
use crate::report;

/// The demo, with a note of every order that would have reached a process.
struct Recorder {
    demo: DemoRunner,
    ran: Arc<Mutex<Vec<Order>>>,
}

impl Runner for Recorder {
    fn run<'a>(&'a self, order: &'a Order, deadline: Duration) -> RunFuture<'a> {
        self.ran.lock().unwrap().push(order.clone());
        self.demo.run(order, deadline)
    }
}

/// What is said and typed.
#[derive(Default)]
pub(super) struct Listener {
    out: RefCell<String>,
    err: RefCell<String>,
    answers: RefCell<VecDeque<String>>,
    can_ask: bool,
    signals: RefCell<Option<mpsc::Receiver<u8>>>,
}

impl Console for Listener {
    fn print(&self, text: &str) -> io::Result<bool> {
        self.out.borrow_mut().push_str(text);
        Ok(true)
    }

    fn say(&self, line: &str) {
        self.show(&format!("{line}\n"));
    }

    fn show(&self, text: &str) {
        self.err.borrow_mut().push_str(text);
    }

    fn is_terminal(&self) -> bool {
        false
    }

    fn replace(&self, line: &str) -> io::Result<bool> {
        self.print(line)
    }

    fn can_ask(&self) -> bool {
        self.can_ask
    }

    fn ask(&self, question: &str) -> io::Result<Option<String>> {
        self.say(question);
        Ok(self.answers.borrow_mut().pop_front())
    }

    fn signals(&self) -> io::Result<mpsc::Receiver<u8>> {
        let given = self.signals.borrow_mut().take();
        // Without a sender none ever comes.
        Ok(given.unwrap_or_else(|| mpsc::channel(1).1))
    }
}

/// One simulated pool, asked by one command after the other.
pub(super) struct Scene {
    batch: Batch,
    ran: Arc<Mutex<Vec<Order>>>,
}

/// How a command went.
#[derive(Debug)]
pub(super) struct Went {
    pub(super) code: Code,
    pub(super) out: String,
    pub(super) err: String,
}

impl Went {
    /// Standard output as JSON.
    pub(super) fn json(&self) -> serde_json::Value {
        serde_json::from_str(&self.out).unwrap_or_else(|error| panic!("{error}: {}", self.out))
    }
}

impl Scene {
    pub(super) fn new(scenario: &str) -> Self {
        Self::with(scenario, Permit::Everything)
    }

    pub(super) fn with(scenario: &str, permit: Permit) -> Self {
        let demo = DemoRunner::new(Pool::named(scenario).unwrap());
        let pace = demo.pace();
        let ran = Arc::new(Mutex::new(Vec::new()));
        let recorder = Arc::new(Recorder {
            demo,
            ran: Arc::clone(&ran),
        });
        let batch = Batch {
            runner: Arc::new(Guarded::new(recorder, permit)),
            launcher: Launcher {
                program: "gluster".into(),
                socket: None,
                ssh: None,
                state_dir: "/run/glustop".into(),
                python_helper: false,
            },
            settings: Settings {
                interval: DemoRunner::INTERVAL,
                timeout: Duration::from_secs(130),
                budget: Budget::default(),
            },
            clock: Clock::starting_at("2026-11-23T12:00:00Z".parse::<Timestamp>().unwrap(), pace),
            source: report::Source::Demo,
            patience: Duration::from_secs(180),
            thresholds: Thresholds::default(),
            host: "gl-01".into(),
            jobs: Cell::new(0),
            memory: RefCell::new(None),
        };
        Self { batch, ran }
    }

    /// Carries out one command as one process does, with the history in this directory.
    pub(super) async fn kept(&self, directory: &Path, request: Request) -> Went {
        let place = Place::Directory(directory.into());
        let (memory, closing) = Memory::open(place, Who::default(), self.batch.clock.now());
        self.batch.memory.replace(Some(memory));
        let went = self.run(request).await;
        drop(self.batch.memory.take());
        // What the commands left running lets go of the history first.
        tokio::task::yield_now().await;
        closing.wait().unwrap();
        went
    }

    /// A command in a pipe.
    pub(super) async fn run(&self, request: Request) -> Went {
        self.at(Listener::default(), request).await
    }

    /// A command on a terminal, where these lines are typed.
    pub(super) async fn ask(&self, answers: &[&str], request: Request) -> Went {
        let listener = Listener {
            answers: RefCell::new(answers.iter().map(ToString::to_string).collect()),
            can_ask: true,
            ..Listener::default()
        };
        self.at(listener, request).await
    }

    /// A command that hears signals.
    pub(super) async fn signalled(&self, signals: mpsc::Receiver<u8>, request: Request) -> Went {
        let listener = Listener {
            signals: RefCell::new(Some(signals)),
            ..Listener::default()
        };
        self.at(listener, request).await
    }

    async fn at(&self, listener: Listener, request: Request) -> Went {
        let code = run(&self.batch, &listener, request).await.unwrap();
        Went {
            code,
            out: listener.out.into_inner(),
            err: listener.err.into_inner(),
        }
    }

    /// The changing commands that ran so far, without gluster's options.
    pub(super) fn changes(&self) -> Vec<String> {
        self.ran(|order| order.command().changes())
    }

    /// Everything that ran so far.
    pub(super) fn everything(&self) -> Vec<String> {
        self.ran(|_| true)
    }

    fn ran(&self, wanted: impl Fn(&Order) -> bool) -> Vec<String> {
        let ran = self.ran.lock().unwrap();
        let words = ran.iter().filter(|order| wanted(order));
        words
            .map(|order| order.command().words().join(" "))
            .collect()
    }
}
