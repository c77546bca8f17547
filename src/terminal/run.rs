//! The event loop.

use std::io;
use std::path::PathBuf;
use std::time::Duration;

use color_eyre::eyre::{Result, eyre};
use crossterm::event::{Event, KeyEventKind};
use tokio::sync::mpsc;
use tokio::time::{Instant, sleep_until};

use super::asleep::Asleep;
use super::effects::{self, Requests, Then};
use super::errands::Errands;
use super::events::Events;
use super::guard::{Guard, Input};
use super::news::News;
use super::signals::{Asked, Signals};
use super::{handover, hints, keys, screen};
use crate::app::{Effect, HandedOver, Model, Msg, update};
use crate::local::Follower;
use crate::monitor::{Clock, Focus, Monitor, Request};
use crate::ui::{self, Look, ViewState};

/// Everything the loop needs.
pub struct Setup {
    /// The state to begin with.
    pub model: Model,
    /// Charset and colours.
    pub look: Look,
    /// The reader and worker.
    pub monitor: Monitor,
    /// The clocks that the monitor stamps with.
    pub clock: Clock,
    /// Where gluster keeps its logs.
    pub log_dir: PathBuf,
    /// Whether those logs may say which volume to look at.
    pub hints: bool,
    /// How long a lone Esc is held back.
    pub esc_delay: Duration,
}

/// How the loop ended.
#[derive(Debug)]
pub enum Ended {
    /// The admin left: the last state, for the summary on the normal screen.
    Quit(Box<Model>),
    /// The terminal is gone.
    Vanished,
}

/// Runs the terminal program until the admin leaves, the terminal goes away, or a part of the
/// program fails. The terminal is given back in any case. Needs [`is_terminal`](super::is_terminal).
pub async fn run(setup: Setup) -> Result<Ended> {
    screen::restore_on_panic();
    let _restore = screen::Restore;
    Loop::begin(setup)?.run().await
}

struct Loop {
    model: Model,
    look: Look,
    monitor: Monitor,
    requests: Requests,
    clock: Clock,
    errands: Errands,
    /// Ends with the loop.
    _hints: Option<Follower>,
    guard: Guard,
    began: Instant,
    screen: screen::Screen,
    view: ViewState,
    focus: Focus,
    news: News,
    asleep: Asleep,
    /// What became of attempts to hand something over, and how they tell.
    handed: mpsc::Receiver<Vec<HandedOver>>,
    hand: mpsc::Sender<Vec<HandedOver>>,
}

impl Loop {
    fn begin(setup: Setup) -> io::Result<Self> {
        let (hand, handed) = mpsc::channel(1);
        let source = &setup.model.session.source;
        let hints = setup.hints.then(|| {
            let log_dir = setup.log_dir.clone();
            hints::follow(log_dir, source, &setup.monitor.requests)
        });
        let news = News::of(setup.monitor.snapshots.clone());
        Ok(Self {
            errands: Errands::new(setup.log_dir, source),
            _hints: hints.flatten(),
            model: setup.model,
            look: setup.look,
            requests: Requests::to(setup.monitor.requests.clone()),
            monitor: setup.monitor,
            clock: setup.clock,
            guard: Guard::new(setup.esc_delay),
            began: Instant::now(),
            screen: screen::open()?,
            view: ViewState::default(),
            focus: Focus::default(),
            news,
            asleep: Asleep::watch(),
            handed,
            hand,
        })
    }

    async fn run(mut self) -> Result<Ended> {
        let mut signals = Signals::listen()?;
        let mut events = Events::read();
        let size = self.screen.size()?;
        self.tell(Msg::Resize(size.width, size.height))?;
        self.draw()?;
        self.panic_for_the_tests();
        loop {
            let guard_deadline = self.guard.deadline().map(|at| self.began + at);
            let tick = Instant::now() + self.model.changes_in();
            // Keys first: what an admin presses is never behind the data.
            let then = tokio::select! {
                biased;
                event = events.next() => match event {
                    Some(event) => self.on_event(event?)?,
                    None => return Ok(Ended::Vanished),
                },
                () = sleep_until(guard_deadline.unwrap_or(tick)), if guard_deadline.is_some() => {
                    let held = self.guard.tick(self.began.elapsed());
                    self.on_input(held)?
                }
                asked = signals.next() => match asked {
                    Asked::Quit => Then::Quit,
                    Asked::Vanish => return Ok(Ended::Vanished),
                    Asked::Resume => {
                        screen::reopen(&mut self.screen)?;
                        self.tell(Msg::StoodStill)?
                    }
                },
                ended = &mut self.monitor.task => {
                    let why = ended.err().map_or_else(
                        || eyre!("the reader ended by itself"),
                        |died| eyre!("the reader died: {died}"),
                    );
                    return Err(why);
                }
                Some((id, event)) = self.monitor.jobs.recv() => self.tell(Msg::Job(id, event))?,
                Ok(()) = self.monitor.recalled.changed() => {
                    let commands = self.monitor.recalled.borrow_and_update().clone();
                    self.tell(Msg::Recalled(commands))?
                }
                Some(snapshot) = self.news.next() => self.tell(Msg::Snapshot(snapshot))?,
                Some(msg) = self.errands.next() => self.tell(msg)?,
                Some(results) = self.handed.recv() => self.tell(Msg::HandedOver(results))?,
                () = sleep_until(tick) => self.tell(Msg::Tick)?,
            };
            if then == Then::Quit {
                return Ok(Ended::Quit(Box::new(self.model)));
            }
            self.draw()?;
        }
    }

    fn on_event(&mut self, event: Event) -> Result<Then> {
        let now = self.began.elapsed();
        match event {
            Event::Key(key) if key.kind != KeyEventKind::Release => {
                let keys = keys::translate(key);
                let inputs = keys.into_iter().flat_map(|key| self.guard.key(key, now));
                let inputs: Vec<_> = inputs.collect();
                self.on_input(inputs)
            }
            Event::Paste(text) => {
                let inputs = self.guard.paste(text, now);
                self.on_input(inputs)
            }
            Event::Resize(width, height) => self.tell(Msg::Resize(width, height)),
            _ => Ok(Then::GoOn),
        }
    }

    fn on_input(&mut self, inputs: Vec<Input>) -> Result<Then> {
        for input in inputs {
            let msg = match input {
                Input::Key(key) => Msg::Key(key),
                Input::Paste(text) => Msg::Paste(text),
            };
            if self.tell(msg)? == Then::Quit {
                return Ok(Then::Quit);
            }
        }
        Ok(Then::GoOn)
    }

    fn tell(&mut self, msg: Msg) -> Result<Then> {
        // Before anything else: what follows must know that nobody was there for a while.
        let mut effects = Vec::new();
        if self.asleep.slept() {
            effects = update(&mut self.model, self.clock.now(), Msg::StoodStill);
        }
        effects.extend(update(&mut self.model, self.clock.now(), msg));
        for effect in effects {
            if let Effect::HandOver(all) = effect {
                let hand = self.hand.clone();
                tokio::spawn(async move {
                    let _ = hand.send(handover::carry_out(all).await).await;
                });
                continue;
            }
            let Self {
                requests,
                errands,
                screen,
                ..
            } = self;
            let then = effects::carry_out(effect, requests, errands, screen)?;
            if then == Then::Quit {
                return Ok(then);
            }
        }
        Ok(Then::GoOn)
    }

    fn draw(&mut self) -> io::Result<()> {
        let Self {
            screen,
            view,
            model,
            look,
            ..
        } = self;
        screen.draw(|frame| ui::view(model, look, view, frame))?;
        let focus = Focus {
            selected: self.model.target().map(|state| state.volume.name.clone()),
            visible: self.view.visible_volumes.clone(),
        };
        if focus != self.focus {
            self.focus = focus.clone();
            self.requests.send(Request::Focus(focus));
        }
        Ok(())
    }

    /// A pty test proves that a panic anywhere leaves the terminal usable; it needs one. Only
    /// debug builds have this, and only in the demo.
    fn panic_for_the_tests(&mut self) {
        #[cfg(debug_assertions)]
        #[expect(clippy::panic, reason = "on purpose")]
        if matches!(self.model.session.source, crate::app::Source::Demo { .. }) {
            match std::env::var("GLUSTOP_TEST_PANIC").as_deref() {
                Ok("loop") => panic!("on purpose"),
                Ok("reader") => self.monitor.task = tokio::spawn(async { panic!("on purpose") }),
                _ => {}
            }
        }
    }
}
