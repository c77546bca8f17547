//! glustop in a terminal on the real cluster, as an admin would drive it.

#![allow(dead_code, reason = "each test binary uses its part of it")]
#![allow(
    clippy::expect_used,
    clippy::panic,
    reason = "a helper of tests fails the test"
)]
#![allow(
    clippy::disallowed_methods,
    reason = "the rule on starting processes is for the program, not its tests"
)]

use std::path::PathBuf;
use std::process::Command;
use std::time::{Duration, Instant};

use crate::cluster::Cluster;
use crate::terminal::{Terminal, command};

/// A task's own time: slow bricks move one file a second.
pub(crate) const PATIENCE: Duration = Duration::from_secs(120);

/// The program under test.
pub(crate) const GLUSTOP: &str = env!("CARGO_BIN_EXE_glustop");

/// Where glustop keeps the history of a cluster: it goes with it.
pub(crate) fn state(cluster: &Cluster) -> PathBuf {
    cluster.directory().join("glustop")
}

/// glustop on node 1 of the cluster.
pub(crate) struct Admin {
    pub(crate) terminal: Terminal,
}

impl Admin {
    /// Starts it, and waits until it shows the volumes.
    pub(crate) fn sit_down(cluster: &Cluster, columns: u16, rows: u16) -> Self {
        Self::sit_down_with(cluster, columns, rows, &[])
    }

    /// The same, with more options.
    pub(crate) fn sit_down_with(
        cluster: &Cluster,
        columns: u16,
        rows: u16,
        options: &[&str],
    ) -> Self {
        let mut program = command(GLUSTOP, &[&["--ascii"], options].concat());
        program.env("GLUSTOP_GLUSTERD_SOCK", cluster.socket(1));
        program.env("GLUSTOP_STATE_DIR", state(cluster));
        let terminal = Terminal::start(program, columns, rows);
        let admin = Self { terminal };
        admin.see("1>VOLUMES");
        admin
    }

    /// Waits for a text.
    #[track_caller]
    pub(crate) fn see(&self, text: &str) {
        self.terminal
            .wait_until(&format!("{text:?}"), PATIENCE, |screen| {
                screen.contains(text)
            });
    }

    /// Waits for a text, and says how long that took.
    #[track_caller]
    pub(crate) fn time_until(&self, text: &str) -> Duration {
        let began = Instant::now();
        self.see(text);
        began.elapsed()
    }

    /// Types keys.
    pub(crate) fn press(&mut self, keys: &str) {
        self.terminal.send(keys);
    }

    /// Presses a key until the screen shows a text.
    #[track_caller]
    pub(crate) fn insist(&mut self, key: &str, text: &str) {
        self.repeat(key, text, |screen| screen.contains(text));
    }

    /// A dialog ignores keys for its first quarter of a second, so one press may not do.
    #[track_caller]
    fn repeat(&mut self, key: &str, what: &str, is_so: impl Fn(&str) -> bool) {
        let deadline = Instant::now() + PATIENCE;
        while !is_so(&self.terminal.screen()) {
            assert!(
                Instant::now() < deadline,
                "{key:?} never led to {what:?}:\n{}",
                self.terminal.screen()
            );
            self.press(key);
            let until = Instant::now() + Duration::from_millis(400);
            while Instant::now() < until && !is_so(&self.terminal.screen()) {
                std::thread::sleep(Duration::from_millis(20));
            }
        }
    }

    /// Stops every task in two keys. Whether the first try meets a held lock is chance.
    #[track_caller]
    pub(crate) fn stop_everything(&mut self) {
        self.press("!");
        self.see("EMERGENCY STOP  every task");
        let asks = |screen: &str| screen.contains("EMERGENCY STOP  every task");
        self.repeat("y", "an answered question", |screen| !asks(screen));
    }

    /// Opens a dialog, and gives the command it shows, wrapped lines joined.
    #[track_caller]
    pub(crate) fn open(&mut self, key: &str, title: &str) -> String {
        self.press(key);
        self.see(title);
        // A frame may arrive in parts, the dialog's lower edge last.
        self.terminal
            .wait_until("the whole dialog", PATIENCE, |screen| {
                let below = screen.split_once(title).map_or("", |(_, below)| below);
                let mut below = below.lines().skip(1);
                below.any(|line| line.contains("+-----"))
            });
        let screen = self.terminal.screen();
        // What is left and right of the dialog belongs to the view below it.
        let mut lines = screen.lines().map(|line| {
            let inside = line
                .split_once('|')
                .and_then(|(_, rest)| rest.rsplit_once('|'));
            inside.map_or("", |(inside, _)| inside.trim())
        });
        let first = lines.find_map(|line| line.strip_prefix("$ "));
        let rest = lines.take_while(|line| !line.is_empty());
        first.into_iter().chain(rest).collect::<Vec<_>>().join(" ")
    }

    /// Leaves, and waits for the end.
    #[track_caller]
    pub(crate) fn leave(mut self) {
        self.press("q");
        assert!(self.terminal.exit_status().success());
    }
}

/// `glustop status --json` of the cluster, read.
pub(crate) fn status(cluster: &Cluster) -> serde_json::Value {
    let output = Command::new(GLUSTOP)
        .args(["status", "--json"])
        .env("GLUSTOP_GLUSTERD_SOCK", cluster.socket(1))
        .env("GLUSTOP_STATE_DIR", state(cluster))
        .output()
        .expect("glustop starts");
    assert!(
        output.status.success(),
        "{}",
        String::from_utf8_lossy(&output.stderr)
    );
    serde_json::from_slice(&output.stdout).expect("JSON")
}
