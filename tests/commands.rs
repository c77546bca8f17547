//! The real binary without a screen: what goes to standard output, what to standard error, and
//! the exit codes. A shell script stands where gluster stands and answers what the demo's pool
//! would; questions on a terminal are asked in a pty.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::string_slice,
    reason = "a test that cannot go on fails"
)]
#![allow(
    clippy::disallowed_methods,
    reason = "the rule on starting processes is for the program, not its tests"
)]

#[path = "commands/fake.rs"]
mod fake;
#[path = "support/state.rs"]
mod state;
#[path = "support/terminal.rs"]
mod terminal;

use std::fs;
use std::process::{Command, Output, Stdio};

use fake::{BUSY, Fake};
use rustix::process::Signal;
use terminal::{Terminal, command};

const GLUSTOP: &str = env!("CARGO_BIN_EXE_glustop");

/// Whole sub-volumes of the volumes of the demo.
const SCRATCH: &str = "node-a:/bricks/s0/scratch";
const LEAVING: [&str; 3] = [
    "gl-01:/bricks/m2/media",
    "gl-02:/bricks/m2/media",
    "gl-03:/bricks/m2/media",
];

/// How a command went.
struct Went {
    code: i32,
    out: String,
    err: String,
}

impl From<Output> for Went {
    fn from(output: Output) -> Self {
        let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
        Self {
            code: output.status.code().expect("it ended by itself"),
            out: text(&output.stdout),
            err: text(&output.stderr),
        }
    }
}

impl Went {
    fn json(&self) -> serde_json::Value {
        serde_json::from_str(&self.out).unwrap_or_else(|error| panic!("{error}: {}", self.out))
    }
}

fn program(arguments: &[&str]) -> Command {
    let mut program = Command::new(GLUSTOP);
    program
        .args(arguments)
        .stdin(Stdio::null())
        .env("GLUSTOP_STATE_DIR", state::fresh())
        .env_remove("GLUSTOP_READ_ONLY")
        .env_remove("GLUSTOP_CONFIG");
    program
}

fn run(arguments: &[&str]) -> Went {
    program(arguments).output().unwrap().into()
}

fn healthy() -> Fake {
    Fake::of("healthy", &["projects", "scratch"])
}

fn draining() -> Fake {
    let mut fake = Fake::of("draining", &["media", "scratch", "home"]);
    fake.knows(&format!(
        "volume remove-brick media {} status",
        LEAVING.join(" ")
    ));
    fake
}

#[test]
fn without_a_terminal_nothing_runs_without_its_flag() {
    let fake = healthy();
    for (line, flag) in [
        ("start rebalance scratch", "--yes"),
        (
            "start remove-brick scratch node-a:/bricks/s0/scratch",
            "--yes",
        ),
        ("stop scratch", "--yes"),
        ("stop --all", "--yes"),
        ("retain scratch", "--yes"),
        ("commit scratch", "--confirm scratch"),
        ("commit scratch --force", "--confirm scratch"),
        (
            "start remove-brick scratch node-a:/bricks/s0/scratch --no-migrate --yes",
            "--confirm scratch",
        ),
        (
            "commit scratch --confirm projects",
            "--confirm names projects",
        ),
    ] {
        let went = fake.run(&line.split(' ').collect::<Vec<_>>());
        assert_eq!(went.code, 64, "{line}: {}", went.err);
        assert!(went.err.contains(flag), "{line}: {}", went.err);
        assert_eq!(went.out, "", "{line}");
    }
    assert_eq!(fake.ran(), [""; 0], "gluster was not even asked");
}

#[test]
fn a_start_shows_its_plan_and_prints_its_result() {
    let mut fake = healthy();
    fake.knows("volume rebalance scratch start");
    let went = fake.run(&["start", "rebalance", "scratch", "--yes"]);
    assert_eq!(went.code, 0, "{}", went.err);
    assert!(
        went.out.starts_with("rebalance scratch: done, task "),
        "{}",
        went.out
    );
    assert_eq!(went.out.lines().count(), 1);
    assert!(went.err.contains("+ every brick online"), "{}", went.err);
    assert!(
        went.err.contains("volume rebalance scratch start"),
        "{}",
        went.err
    );
    assert_eq!(fake.changes(), ["volume rebalance scratch start"]);
    let json = fake
        .run(&["start", "rebalance", "scratch", "--yes", "--json"])
        .json();
    assert_eq!(json["schema"], "glustop.result/1");
    assert_eq!(json["results"][0]["result"], "done");
    assert_eq!(json["results"][0]["exit_status"], 0);
}

#[test]
fn a_dry_run_prints_exactly_what_would_run() {
    let fake = healthy();
    let went = fake.run(&["--dry-run", "start", "remove-brick", "scratch", SCRATCH]);
    assert_eq!(went.code, 0, "{}", went.err);
    let gluster = fake.path("gluster");
    assert_eq!(
        went.out,
        format!(
            "{} --mode=script --xml volume remove-brick scratch {SCRATCH} start\n",
            gluster.display()
        )
    );
    assert_eq!(fake.changes(), [""; 0]);
}

#[test]
fn read_only_by_flag_by_environment_and_by_file() {
    let fake = draining();
    let file = fake.path("config.toml");
    fs::write(&file, "[safety]\nread_only = true\n").unwrap();
    let file = file.to_str().unwrap();
    let stop = ["stop", "--all", "--yes"];
    let refused = |mut program: Command| {
        let went: Went = program.output().unwrap().into();
        assert_eq!(went.code, 1, "{}", went.err);
        assert!(went.err.contains("read-only: not run"), "{}", went.err);
        assert!(
            went.err.contains("$ "),
            "the command is shown: {}",
            went.err
        );
    };
    refused(fake.program(&[&stop[..], &["--read-only"]].concat()));
    let mut by_environment = fake.program(&stop);
    by_environment.env("GLUSTOP_READ_ONLY", "1");
    refused(by_environment);
    refused(fake.program(&[&stop[..], &["--config", file]].concat()));
    assert_eq!(fake.changes(), [""; 0]);
    // The environment beats the file.
    let mut allowed = fake.program(&[&stop[..], &["--config", file]].concat());
    allowed.env("GLUSTOP_READ_ONLY", "0").output().unwrap();
    assert_eq!(fake.changes().len(), 2, "{:?}", fake.ran());
}

#[test]
fn a_stop_retries_in_view_and_prints_the_last_counters() {
    let mut fake = draining();
    let stop = format!("volume remove-brick media {} stop", LEAVING.join(" "));
    fake.knows(&stop);
    fs::write(fake.path("gluster.busy"), "").unwrap();
    let went = fake.run(&["stop", "media", "--yes"]);
    assert_eq!(went.code, 0, "{}", went.err);
    assert!(
        went.err
            .contains("try 1: Another transaction is in progress"),
        "{}",
        went.err
    );
    assert!(
        went.out
            .starts_with("media: remove-brick stopped on every node\n"),
        "{}",
        went.out
    );
    assert!(went.out.contains("TOTAL"), "{}", went.out);
    assert_eq!(fake.changes(), [stop.as_str(), stop.as_str()]);
    let first = fake.ran();
    assert_eq!(
        first[..2],
        ["volume info media", "volume status media tasks"]
    );
}

#[test]
fn a_lock_that_stays_busy_is_given_up() {
    let mut fake = draining();
    let stop = format!("volume remove-brick media {} stop", LEAVING.join(" "));
    let key = format!(" {stop}").replace(' ', "_").replace('/', "+");
    fake.knows(&stop);
    fs::write(fake.path("gluster.answers").join(key), BUSY).unwrap();
    let went = fake.run(&["stop", "media", "--yes", "--retry", "1s", "--json"]);
    assert_eq!(went.code, 124, "{}", went.err);
    assert_eq!(went.json()["results"][0]["result"], "busy");
    assert_eq!(went.json()["results"][0]["kind"], "busy");
}

#[test]
fn without_gluster_nothing_is_known() {
    for line in [
        "plan rebalance media",
        "start rebalance media --yes",
        "stop media --yes",
        "stop --all --yes",
        "commit media --confirm media",
        "wait media",
    ] {
        let mut arguments = vec!["--gluster", "/nonexistent/gluster"];
        arguments.extend(line.split(' '));
        let went = run(&arguments);
        assert_eq!(went.code, 3, "{line}: {}", went.err);
        assert_eq!(went.out, "", "{line}");
        assert!(went.err.contains("was not found"), "{line}: {}", went.err);
    }
}

#[test]
fn a_refused_change_says_why_and_runs_nothing() {
    let fake = draining();
    let went = fake.run(&["commit", "media", "--confirm", "media"]);
    assert_eq!(went.code, 1);
    assert!(
        went.err.contains("migration is still in progress"),
        "{}",
        went.err
    );
    let json = fake
        .run(&["commit", "media", "--confirm", "media", "--json"])
        .json();
    assert_eq!(json["results"][0]["result"], "refused");
    let went = fake.run(&["start", "rebalance", "media", "--yes"]);
    assert_eq!(went.code, 1);
    assert_eq!(fake.changes(), [""; 0]);
}

#[test]
fn plans_have_their_exit_codes() {
    for (arguments, code, verdict) in [
        (&["remove-brick", "scratch", SCRATCH][..], 0, "pass"),
        (
            &["remove-brick", "scratch", SCRATCH, "--no-migrate"],
            1,
            "danger",
        ),
        (&["remove-brick", "scratch", "node-a:/nowhere"], 1, "refuse"),
        (&["rebalance", "scratch"], 0, "pass"),
        (&["rebalance", "nope"], 1, "refuse"),
    ] {
        let line = [&["plan", "--demo=healthy"], arguments, &["--json"]].concat();
        let went = run(&line);
        assert_eq!(went.code, code, "{arguments:?}: {}", went.err);
        assert_eq!(went.json()["verdict"], verdict, "{arguments:?}");
    }
}

#[test]
fn a_wait_gives_up_in_time() {
    let went = run(&["wait", "--demo=draining", "media", "--timeout", "2s"]);
    assert_eq!(went.code, 124, "{}", went.err);
    assert!(
        went.out.contains("remove-brick media: in progress"),
        "{}",
        went.out
    );
    assert!(went.err.contains("the task goes on"), "{}", went.err);
}

#[test]
fn a_signal_ends_a_wait_in_words() {
    let mut wait = program(&["wait", "--demo=draining", "media"]);
    let child = wait
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    let pid = rustix::process::Pid::from_child(&child);
    let mut child = child;
    // The first line shows that it listens.
    let mut out = std::io::BufReader::new(child.stdout.take().unwrap());
    std::io::BufRead::read_line(&mut out, &mut String::new()).unwrap();
    rustix::process::kill_process(pid, Signal::TERM).unwrap();
    let went = child.wait_with_output().unwrap();
    assert_eq!(went.status.code(), Some(128 + 15));
    let said = String::from_utf8_lossy(&went.stderr).into_owned();
    assert!(said.contains("not followed any more"), "{said}");
}

fn on_a_terminal(arguments: &[&str]) -> Terminal {
    let mut program = command(GLUSTOP, arguments);
    program.env("GLUSTOP_STATE_DIR", state::fresh());
    Terminal::start(program, 100, 30)
}

#[test]
fn on_a_terminal_the_question_is_asked() {
    for (answer, code) in [("n\r", 1), ("\r", 1), ("y\r", 0)] {
        let mut terminal = on_a_terminal(&["start", "rebalance", "--demo=healthy", "scratch"]);
        terminal.wait_for("Go on? [y/N]");
        assert!(
            terminal.screen().contains("$ gluster --mode=script"),
            "{}",
            terminal.screen()
        );
        terminal.send(answer);
        assert_eq!(terminal.exit_status().exit_code(), code, "{answer:?}");
    }
    let final_one = [
        "start",
        "remove-brick",
        "--demo=healthy",
        "--no-migrate",
        "scratch",
        SCRATCH,
    ];
    for (answer, code) in [("y\r", 1), ("scratch\r", 0)] {
        let mut terminal = on_a_terminal(&final_one);
        terminal.wait_for("Type the volume name");
        terminal.send(answer);
        assert_eq!(terminal.exit_status().exit_code(), code, "{answer:?}");
    }
}

#[test]
fn on_a_terminal_a_wait_is_one_line() {
    let mut terminal = on_a_terminal(&["wait", "--demo=draining", "media"]);
    terminal.wait_for("37%  remove-brick media");
    terminal.wait_for("left");
    assert_eq!(
        terminal.screen().trim().lines().count(),
        1,
        "{}",
        terminal.screen()
    );
    terminal.send("\x03");
    terminal.wait_for("the task goes on");
    assert_eq!(terminal.exit_status().exit_code(), 130);
}

#[test]
fn the_header_of_the_terminal_interface_says_what_is_permitted() {
    for (switch, word) in [("--read-only", "[RO]"), ("--dry-run", "[DRY RUN]")] {
        let mut terminal = on_a_terminal(&["--demo", switch]);
        terminal.wait_for(word);
        terminal.send("q");
        assert!(terminal.exit_status().success());
    }
}
