//! A journey: the whole program short of the terminal, over the demo, in simulated time. Keys
//! go in, the screen comes out as text.

#![allow(dead_code, reason = "each test binary uses its part of it")]

use std::sync::{Arc, Mutex};
use std::time::Duration;

use glustop::app::{Effect, Model, Msg, Session, Source, update};
use glustop::config::{Config, Key};
use glustop::demo::{DemoRunner, Pool};
use glustop::gluster::exec::RunFuture;
use glustop::gluster::{Guarded, Launcher, Order, Permit, Runner};
use glustop::model::Who;
use glustop::monitor::{self, Budget, Clock, Focus, Memory, Monitor, Place, Request, Settings};
use glustop::ui::{Charset, Look, Palette, picture};
use jiff::Timestamp;
use jiff::tz::TimeZone;
use tokio::time::{Instant, sleep, sleep_until};

/// One run of the program over one scenario.
pub(crate) struct Journey {
    pub(crate) model: Model,
    pub(crate) look: Look,
    pub(crate) size: (u16, u16),
    /// Every effect so far that left the program.
    pub(crate) effects: Vec<Effect>,
    monitor: Monitor,
    focus: Focus,
    clock: Clock,
    ran: Arc<Mutex<Vec<Order>>>,
}

/// Runs the demo, and remembers every order in the sequence in which they arrived.
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

impl Journey {
    /// Begins with a shipped scenario at 80x24, and waits until everything was read once.
    pub(crate) async fn begin(scenario: &str) -> Self {
        Self::begin_at(scenario, (80, 24)).await
    }

    /// The same at another size.
    pub(crate) async fn begin_at(scenario: &str, size: (u16, u16)) -> Self {
        let mut journey = Self::start(Pool::named(scenario).unwrap(), size);
        journey.wait(3).await;
        journey
    }

    /// Begins with a shipped scenario and with limited rights.
    pub(crate) async fn begin_with(scenario: &str, permit: Permit) -> Self {
        let mut journey = Self::start_with(Pool::named(scenario).unwrap(), (80, 24), permit);
        journey.wait(3).await;
        journey
    }

    /// Begins with any pool, before anything was read. The clock starts on a Monday at noon.
    pub(crate) fn start(pool: Pool, size: (u16, u16)) -> Self {
        Self::start_with(pool, size, Permit::Everything)
    }

    fn start_with(pool: Pool, size: (u16, u16), permit: Permit) -> Self {
        let demo = DemoRunner::new(pool);
        let pace = demo.pace();
        let ran = Arc::new(Mutex::new(Vec::new()));
        // Behind the guard stands what notes every order that would have reached a process.
        let recorder = Arc::new(Recorder {
            demo,
            ran: Arc::clone(&ran),
        });
        let runner = Arc::new(Guarded::new(recorder, permit));
        let launcher = Launcher {
            program: "gluster".into(),
            socket: None,
            ssh: None,
            state_dir: "/run/glustop".into(),
            python_helper: false,
        };
        let config = Config::default();
        let clock = Clock::starting_at("2026-11-23T12:00:00Z".parse::<Timestamp>().unwrap(), pace);
        let settings = Settings {
            interval: DemoRunner::INTERVAL,
            timeout: config.timeout,
            budget: Budget::default(),
        };
        let session = Session {
            source: Source::Demo { pace },
            launcher: launcher.clone(),
            permit,
            patience: config.patience,
            keymap: config.keymap,
            handover: vec!["glustop".into()],
            zone: TimeZone::UTC,
            bell: true,
            alarms: config.alarms,
            lock_share_percent: config.lock_share_percent,
        };
        let (memory, _) = Memory::open(Place::Nowhere, Who::default(), clock.now());
        let mut journey = Self {
            model: Model::new(session, DemoRunner::INTERVAL, clock.now()),
            look: Look {
                charset: Charset::Ascii,
                palette: Palette::new(glustop::config::Theme::Mono, false),
            },
            size,
            effects: Vec::new(),
            focus: Focus::default(),
            monitor: monitor::start(runner, launcher, settings, clock, Some(memory)),
            clock,
            ran,
        };
        journey.tell(Msg::Resize(size.0, size.1));
        journey
    }

    /// Lets some seconds pass (viewer's seconds, simulated).
    pub(crate) async fn wait(&mut self, seconds: u64) {
        self.wait_for(Duration::from_secs(seconds)).await;
    }

    /// The same, in any unit.
    pub(crate) async fn wait_for(&mut self, time: Duration) {
        let end = Instant::now() + time;
        self.look_around();
        loop {
            tokio::select! {
                biased;
                Ok(()) = self.monitor.snapshots.changed() => {
                    let snapshot = self.monitor.snapshots.borrow_and_update().clone();
                    self.tell(Msg::Snapshot(snapshot));
                }
                Ok(()) = self.monitor.recalled.changed() => {
                    let commands = self.monitor.recalled.borrow_and_update().clone();
                    self.tell(Msg::Recalled(commands));
                }
                Some((id, event)) = self.monitor.jobs.recv() => self.tell(Msg::Job(id, event)),
                ended = &mut self.monitor.task => panic!("the monitor ended: {ended:?}"),
                () = sleep_until(end) => break,
            }
            self.look_around();
        }
        self.tell(Msg::Tick);
    }

    /// Waits until a text is on the screen, at most some simulated minutes.
    pub(crate) async fn wait_until(&mut self, text: &str) {
        for _ in 0..600 {
            if self.screen().contains(text) {
                return;
            }
            self.wait(1).await;
        }
        panic!("{text:?} never came:\n{}", self.screen());
    }

    /// Presses keys, written with blanks between them: `R y`, `Down Enter`, `Ctrl-L`. Words in
    /// double quotes are typed letter by letter.
    pub(crate) async fn press(&mut self, keys: &str) {
        for word in keys.split(' ').filter(|word| !word.is_empty()) {
            if let Some(text) = word
                .strip_prefix('"')
                .and_then(|word| word.strip_suffix('"'))
            {
                for c in text.chars() {
                    self.key(Key::char(c)).await;
                }
            } else {
                self.key(word.parse().unwrap()).await;
            }
        }
    }

    /// Presses one key, and lets the guard time of a dialog pass.
    pub(crate) async fn key(&mut self, key: Key) {
        self.tell(Msg::Key(key));
        self.wait_for(Duration::from_millis(300)).await;
    }

    /// A message as it comes, without waiting.
    pub(crate) fn tell(&mut self, msg: Msg) {
        for effect in update(&mut self.model, self.clock.now(), msg) {
            self.effects.push(effect.clone());
            let request = match effect {
                Effect::Run(job) => Request::Run(job),
                Effect::GiveUp(job) => Request::GiveUp(job),
                Effect::Recall => Request::Recall,
                Effect::Inspect(volumes) => Request::Inspect(volumes),
                Effect::ReadNow => Request::ReadNow,
                Effect::Look(volume) => Request::Look(volume),
                Effect::Pause(paused) => Request::Pause(paused),
                Effect::Interval(interval) => Request::Interval(interval),
                _ => continue,
            };
            self.monitor.requests.try_send(request).unwrap();
        }
    }

    /// The screen as text.
    pub(crate) fn screen(&self) -> String {
        picture::text(&self.model, &self.look, self.size.0, self.size.1)
    }

    /// The changing commands that ran so far, as command lines.
    pub(crate) fn changes(&self) -> Vec<String> {
        let ran = self.ran.lock().unwrap();
        ran.iter()
            .filter(|order| order.command().changes())
            .map(|order| order.argv().to_string())
            .collect()
    }

    /// Every command line that ran so far.
    pub(crate) fn everything(&self) -> Vec<String> {
        self.ran
            .lock()
            .unwrap()
            .iter()
            .map(|order| order.argv().to_string())
            .collect()
    }

    /// Tells the reader what is looked at, whenever that changes.
    fn look_around(&mut self) {
        let focus = Focus {
            selected: self.model.target().map(|state| state.volume.name.clone()),
            visible: vec![],
        };
        if focus != self.focus {
            self.focus = focus.clone();
            let _ = self.monitor.requests.try_send(Request::Focus(focus));
        }
    }
}

/// A pause in simulated time, for tests that need only that.
pub(crate) async fn pause(seconds: u64) {
    sleep(Duration::from_secs(seconds)).await;
}
