//! The one generator of everything that is measured: a simulated pool of any size, as the bytes
//! that gluster would print, as the snapshot made of them, and as the model on the screen.

use std::fmt::Write as _;
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use glustop::app::{Model, Msg, Session, Source, update};
use glustop::config::{Config, Theme};
use glustop::demo::{DemoRunner, Pool};
use glustop::gluster::{Answer, Command, Launcher, Permit, StatusView};
use glustop::model::{Snapshot, Stamp, VolumeName};
use glustop::monitor::{self, Budget, Clock, Settings};
use glustop::ui::{Charset, Look, Palette};
use jiff::Timestamp;
use jiff::tz::TimeZone;

/// Volumes of the usual cases; each has twelve bricks. A build that is not optimized only shows
/// that the benches work.
pub(crate) const SIZES: &[usize] = if cfg!(debug_assertions) {
    &[10]
} else {
    &[10, 100, 1_000, 5_000]
};

/// Sub-volumes of three bricks that make twelve.
const SETS: usize = 4;

const REBALANCE: &str = "[[task]]\nvolume = \"vol-0001\"\nkind = \"rebalance\"\nelapsed = \"0s\"\n";

/// A simulated pool on twelve nodes.
pub(crate) struct Cluster {
    pool: Pool,
    volumes: usize,
}

/// A pool that was read to the end, at that moment.
pub(crate) struct Known {
    pub(crate) snapshot: Arc<Snapshot>,
    pub(crate) now: Stamp,
}

impl Cluster {
    /// So many volumes of twelve bricks; where there are several, a task runs on the first two.
    pub(crate) fn new(volumes: usize) -> Self {
        Self::shaped(volumes, SETS)
    }

    /// So many volumes of so many three-brick sub-volumes.
    pub(crate) fn shaped(volumes: usize, sets: usize) -> Self {
        let mut text = Self::scenario(volumes, sets);
        if volumes > 1 && sets > 1 {
            let _ = write!(
                text,
                "{REBALANCE}[[task]]\nvolume = \"vol-0002\"\nkind = \"remove-brick\"\nelapsed = \"0s\"\n\
                 subvolumes = [{}]\n",
                sets - 1
            );
        }
        Self::from_scenario(&text, volumes)
    }

    /// So many volumes of twelve bricks, and a rebalance of the first.
    pub(crate) fn rebalancing(volumes: usize) -> Self {
        let mut text = Self::scenario(volumes, SETS);
        text.push_str(REBALANCE);
        Self::from_scenario(&text, volumes)
    }

    /// One volume of so many three-brick sub-volumes, of which the last one leaves.
    pub(crate) fn draining(sets: usize) -> Self {
        let mut text = Self::scenario(1, sets);
        let _ = write!(
            text,
            "[[task]]\nvolume = \"vol-0001\"\nkind = \"remove-brick\"\nelapsed = \"0s\"\n\
             subvolumes = [{}]\n",
            sets - 1
        );
        Self::from_scenario(&text, 1)
    }

    /// So many volumes of twelve bricks, and no task.
    pub(crate) fn idle(volumes: usize) -> Self {
        Self::from_scenario(&Self::scenario(volumes, SETS), volumes)
    }

    fn scenario(volumes: usize, sets: usize) -> String {
        let mut text = String::from("pace = 1\nseed = 7\nlocal = \"node-01\"\n");
        for node in 1..=12 {
            let _ = write!(text, "[[peer]]\nname = \"node-{node:02}\"\n");
        }
        let _ = write!(
            text,
            "[generate]\nvolumes = {volumes}\nprefix = \"vol\"\nsubvolumes = {sets}\n\
             layout = {{ replica = 3 }}\nfile_size = \"3MiB\"\nrate = \"50MiB\"\n\
             size = \"2TiB\"\ndata = \"1.6TiB\"\n"
        );
        text
    }

    fn from_scenario(text: &str, volumes: usize) -> Self {
        let pool = Pool::from_toml(text).expect("the generator writes scenarios");
        Self { pool, volumes }
    }

    /// What gluster would print.
    pub(crate) fn answer(&mut self, command: &Command) -> Answer {
        let order = launcher().order(command.clone());
        let words = order.argv().words().get(1..).unwrap_or_default();
        let reply = self.pool.ask(words, Duration::ZERO);
        Answer {
            stdout: reply.stdout,
            stderr: reply.stderr,
            exit: Some(reply.exit),
            took: Duration::ZERO,
        }
    }

    /// The same for the status of each volume, one question after the other.
    pub(crate) fn statuses(&mut self, view: StatusView) -> Vec<(Command, Answer)> {
        let commands = (1..=self.volumes).map(|number| status(number, view));
        let commands: Vec<_> = commands.collect();
        let answered = commands.into_iter().map(|command| {
            let answer = self.answer(&command);
            (command, answer)
        });
        answered.collect()
    }

    /// Reads all of it, as `glustop status` does.
    pub(crate) fn read(self) -> Known {
        let runtime = tokio::runtime::Builder::new_current_thread()
            .enable_time()
            // The rests between two questions take no time.
            .start_paused(true)
            .build()
            .expect("a runtime needs nothing");
        runtime.block_on(async {
            let clock = Clock::starting_at(Timestamp::UNIX_EPOCH, 1);
            let runner = Arc::new(DemoRunner::new(self.pool));
            let settings = Settings {
                interval: Duration::from_secs(5),
                timeout: Duration::from_secs(130),
                budget: Budget::default(),
            };
            let (snapshot, faults) =
                monitor::read_once(runner, launcher(), settings, clock, &[], &[], None).await;
            assert!(faults.is_empty(), "the demo answers everything: {faults:?}");
            Known {
                snapshot: Arc::new(snapshot),
                now: clock.now(),
            }
        })
    }
}

impl Known {
    /// The program's state after it was told, on a terminal of that size.
    pub(crate) fn model(&self, width: u16, height: u16) -> Model {
        let config = Config::default();
        let session = Session {
            source: Source::Local("node-01".to_owned()),
            launcher: launcher(),
            permit: Permit::Everything,
            patience: config.patience,
            keymap: config.keymap,
            handover: Vec::new(),
            zone: TimeZone::UTC,
            bell: false,
            alarms: config.alarms,
            lock_share_percent: config.lock_share_percent,
        };
        let mut model = Model::new(session, Duration::from_secs(5), self.now);
        update(&mut model, self.now, Msg::Resize(width, height));
        update(
            &mut model,
            self.now,
            Msg::Snapshot(Arc::clone(&self.snapshot)),
        );
        model
    }
}

/// How gluster would be started.
pub(crate) fn launcher() -> Launcher {
    Launcher {
        program: "gluster".to_owned(),
        socket: None,
        ssh: None,
        state_dir: PathBuf::from("/run/glustop"),
        python_helper: false,
    }
}

/// The volume of that number, counted from 1.
pub(crate) fn name(number: usize) -> VolumeName {
    VolumeName::new(format!("vol-{number:04}"))
}

/// The question for its status.
pub(crate) fn status(number: usize, view: StatusView) -> Command {
    Command::VolumeStatus {
        volume: name(number),
        view,
    }
}

/// A usual terminal.
pub(crate) fn look() -> Look {
    Look {
        charset: Charset::Utf8,
        palette: Palette::new(Theme::Dark, true),
    }
}
