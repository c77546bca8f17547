//! The real three-node cluster of `tests/cluster/cluster.sh`, as tests use it.

#![allow(dead_code, reason = "each test binary uses only some of it")]
#![allow(
    clippy::expect_used,
    clippy::panic,
    reason = "a helper of tests fails the test"
)]
#![allow(
    clippy::disallowed_methods,
    reason = "the rule on starting processes is for the program, not its tests"
)]

use std::io::{self, Write as _};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Output};
use std::time::{Duration, Instant};
use std::{env, thread};

const SCRIPT: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/cluster/cluster.sh");

/// The cluster this process runs in.
pub(crate) struct Cluster {
    base: PathBuf,
}

/// Runs a test's body in a cluster of its own, so that tests cannot disturb each other.
///
/// Started outside, it brings a cluster up (half a second) and runs the same test once more inside it;
/// `test` is that test's name, without its module; no other test's name may begin with it.
#[track_caller]
pub(crate) fn in_cluster(test: &str, body: impl FnOnce(&Cluster)) {
    if let Some(cluster) = Cluster::from_env() {
        return body(&cluster);
    }
    let this = env::current_exe().expect("a test knows its own file");
    let output = Command::new(SCRIPT)
        .arg("run")
        .arg(this)
        .args(["--include-ignored", "--nocapture", &format!("::{test}")])
        .output()
        .expect("cluster.sh can be started");
    let said = text(&output);
    assert!(output.status.success(), "{said}");
    // A wrong name would select no test at all, and that would be a success.
    assert!(
        said.contains("test result: ok. 1 passed"),
        "no test is called {test}: {said}"
    );
    // What the body printed, past the harness, which shows only what a failed test says.
    let harness = |line: &&str| line.starts_with("running ") || line.starts_with("test ");
    for line in said
        .lines()
        .filter(|line| !line.is_empty() && !harness(line))
    {
        let _ = writeln!(io::stdout(), "  {line}");
    }
}

/// Polls until there is an answer, and returns it; fails the test when patience is over.
#[track_caller]
pub(crate) fn wait_until<T>(
    what: &str,
    patience: Duration,
    mut poll: impl FnMut() -> Option<T>,
) -> T {
    let deadline = Instant::now() + patience;
    loop {
        if let Some(answer) = poll() {
            return answer;
        }
        assert!(
            Instant::now() < deadline,
            "waited {} s for {what}",
            patience.as_secs()
        );
        thread::sleep(Duration::from_millis(100));
    }
}

impl Cluster {
    /// The cluster around this process, or nothing when it was not started by `cluster.sh run`.
    pub(crate) fn from_env() -> Option<Self> {
        env::var_os("GLUSTOP_CLUSTER").map(|base| Self { base: base.into() })
    }

    /// The cluster's directory, for what a test wants to be removed with it.
    pub(crate) fn directory(&self) -> &Path {
        &self.base
    }

    /// The socket of a node's glusterd; nodes are 1, 2 and 3.
    pub(crate) fn socket(&self, node: u8) -> PathBuf {
        self.base.join(node.to_string()).join("gd.sock")
    }

    /// Asks node 1, waits while others lock the volume, expects success, and returns what gluster says.
    #[track_caller]
    pub(crate) fn gluster(&self, words: &[&str]) -> String {
        self.script("g", words)
    }

    /// Asks a node once, and returns whatever comes: for the tests of what goes wrong.
    pub(crate) fn ask(&self, node: u8, words: &[&str]) -> Output {
        Command::new("gluster")
            .arg("--mode=script")
            .arg(format!("--glusterd-sock={}", self.socket(node).display()))
            .args(words)
            .output()
            .expect("gluster can be started")
    }

    /// Creates a volume, without starting it: with the words of `gluster volume create` ("replica", "3"), and
    /// its bricks spread over the nodes.
    #[track_caller]
    pub(crate) fn make_volume(&self, name: &str, bricks: usize, words: &[&str]) {
        self.script(
            "make-volume",
            &[&[name, &bricks.to_string()], words].concat(),
        );
    }

    /// Adds bricks, going on around the nodes.
    #[track_caller]
    pub(crate) fn add_brick(&self, name: &str, bricks: usize) {
        self.script("add-brick", &[name, &bricks.to_string()]);
    }

    /// A brick of a volume as HOST:PATH, counted from 1 in the order of making.
    #[track_caller]
    pub(crate) fn brick(&self, name: &str, number: usize) -> String {
        self.script("brick", &[name, &number.to_string()])
    }

    /// Before the volume starts: makes each brick give away only one file per second.
    #[track_caller]
    pub(crate) fn slow(&self, name: &str) {
        self.script("slow", &[name]);
    }

    /// Starts the volume.
    #[track_caller]
    pub(crate) fn start(&self, name: &str) {
        self.gluster(&["volume", "start", name]);
    }

    /// Writes files of so many bytes into a started volume, spread over five directories.
    #[track_caller]
    pub(crate) fn fill(&self, name: &str, files: usize, bytes: usize) {
        self.script("fill", &[name, &files.to_string(), &bytes.to_string()]);
    }

    /// Makes a file system of so many megabytes on a node, and returns the HOST:PATH of a new brick on it.
    #[track_caller]
    pub(crate) fn small_brick(&self, node: u8, name: &str, megabytes: u32) -> String {
        self.script(
            "small-brick",
            &[&node.to_string(), name, &megabytes.to_string()],
        )
    }

    /// A started volume of slow bricks with files on them.
    #[track_caller]
    pub(crate) fn slow_volume(&self, name: &str, bricks: usize, files: usize) {
        self.make_volume(name, bricks, &[]);
        self.slow(name);
        self.start(name);
        self.fill(name, files, 1024);
    }

    /// A started volume `v` of two bricks: what lies on the first does not fit on the second.
    #[track_caller]
    pub(crate) fn tight_volume(&self) -> (String, String) {
        let large = self.small_brick(1, "large", 96);
        let small = self.small_brick(2, "small", 24);
        self.gluster(&["volume", "create", "v", &large, "force"]);
        self.start("v");
        self.fill("v", 55, 1 << 20);
        self.gluster(&["volume", "add-brick", "v", &small, "force"]);
        (large, small)
    }

    /// Kills the process of a brick, given as HOST:PATH.
    #[track_caller]
    pub(crate) fn kill_brick(&self, brick: &str) {
        self.script("kill-brick", &[brick]);
    }

    /// Ends a node's glusterd and waits until the others have noticed; its bricks go on.
    #[track_caller]
    pub(crate) fn stop_glusterd(&self, node: u8) {
        self.script("stop-glusterd", &[&node.to_string()]);
    }

    /// Starts a stopped glusterd and waits until it is connected again, which takes up to three seconds.
    #[track_caller]
    pub(crate) fn start_glusterd(&self, node: u8) {
        self.script("start-glusterd", &[&node.to_string()]);
    }

    /// Makes a node's glusterd stand still: connected, but without an answer. It goes on when the returned
    /// value is dropped.
    #[track_caller]
    pub(crate) fn freeze(&self, node: u8) -> Frozen<'_> {
        self.script("freeze-glusterd", &[&node.to_string()]);
        Frozen {
            cluster: self,
            node,
        }
    }

    /// Locks the volume four times at once, `times` times, and has begun when somebody met a held
    /// lock. It ends by itself; wait for it.
    #[track_caller]
    pub(crate) fn lock_hammer(&self, name: &str, times: usize) -> Child {
        let hammer = self
            .command("lock-hammer", &[name, &times.to_string()])
            .spawn()
            .expect("cluster.sh can be started");
        wait_until("a held lock", Duration::from_secs(60), || {
            let said = text(&self.ask(2, &["volume", "status", name]));
            (said.contains("Another transaction") || said.contains("Locking failed")).then_some(())
        });
        hammer
    }

    /// A program that finds gluster's helper for geo-replication, which the cluster goes without.
    pub(crate) fn with_gsyncd(&self, words: &[String]) -> Command {
        let words: Vec<_> = words.iter().map(String::as_str).collect();
        self.command("with-gsyncd", &words)
    }

    #[track_caller]
    fn script(&self, subcommand: &str, words: &[&str]) -> String {
        let output = self
            .command(subcommand, words)
            .output()
            .expect("cluster.sh can be started");
        assert!(
            output.status.success(),
            "cluster.sh {subcommand} {words:?}: {}",
            text(&output)
        );
        String::from_utf8_lossy(&output.stdout)
            .trim_end()
            .to_owned()
    }

    fn command(&self, subcommand: &str, words: &[&str]) -> Command {
        let mut command = Command::new(SCRIPT);
        command
            .arg(subcommand)
            .args(words)
            .env("GLUSTOP_CLUSTER", &self.base);
        command
    }
}

/// A glusterd that stands still for as long as this value lives.
pub(crate) struct Frozen<'a> {
    cluster: &'a Cluster,
    node: u8,
}

impl Drop for Frozen<'_> {
    fn drop(&mut self) {
        self.cluster
            .script("thaw-glusterd", &[&self.node.to_string()]);
    }
}

fn text(output: &Output) -> String {
    [&output.stdout, &output.stderr]
        .map(|bytes| String::from_utf8_lossy(bytes))
        .join("\n")
}
