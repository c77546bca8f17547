//! The real binary in a pseudo terminal, over the demo: how it begins, how it ends, and that the
//! terminal is usable afterwards whichever way it went.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::string_slice,
    reason = "a test that cannot go on fails"
)]

#[path = "support/state.rs"]
mod state;
#[path = "support/terminal.rs"]
mod terminal;

use std::time::{Duration, Instant};

use portable_pty::CommandBuilder;
use rustix::process::{Signal, test_kill_process};
use terminal::{Terminal, command};

const PATIENCE: Duration = Duration::from_secs(20);

fn glustop(arguments: &[&str]) -> CommandBuilder {
    let mut program = command(env!("CARGO_BIN_EXE_glustop"), arguments);
    program.env("GLUSTOP_STATE_DIR", state::fresh());
    program
}

fn demo() -> Terminal {
    let terminal = Terminal::start(glustop(&["--demo"]), 80, 24);
    terminal.wait_for("media");
    terminal
}

fn is_given_back(terminal: &Terminal) -> bool {
    terminal.ask(|screen| {
        !screen.alternate_screen() && !screen.hide_cursor() && !screen.bracketed_paste()
    })
}

#[test]
fn it_begins_and_leaves_with_q() {
    let mut terminal = demo();
    terminal.wait_for("remove-brick");
    assert!(terminal.ask(vt100::Screen::alternate_screen));
    terminal.send("q");
    assert!(terminal.exit_status().success());
    assert!(is_given_back(&terminal));
}

/// The answer comes from a thread of its own, over a channel, into the loop.
#[test]
fn a_log_is_read_beside_the_loop() {
    let mut terminal = demo();
    terminal.wait_for("remove-brick");
    terminal.send("l");
    terminal.wait_for("REBALANCE LOG of this node");
    terminal.wait_for("no space left on the destination");
    terminal.send("qq");
    assert!(terminal.exit_status().success());
}

#[test]
fn a_signal_to_end_gives_the_terminal_back() {
    for signal in [Signal::TERM, Signal::INT] {
        let mut terminal = demo();
        terminal.kill(signal);
        assert!(terminal.exit_status().success(), "{signal:?}");
        assert!(is_given_back(&terminal), "{signal:?}");
    }
}

#[test]
fn a_panic_gives_the_terminal_back_and_is_told() {
    for (place, words) in [("loop", "on purpose"), ("reader", "the reader died")] {
        let mut program = glustop(&["--demo"]);
        program.env("GLUSTOP_TEST_PANIC", place);
        program.env("RUST_BACKTRACE", "0");
        let mut terminal = Terminal::start(program, 80, 24);
        assert!(!terminal.exit_status().success(), "{place}");
        assert!(is_given_back(&terminal), "{place}");
        assert!(
            terminal.screen().contains(words),
            "{place}:\n{}",
            terminal.screen()
        );
    }
}

#[test]
fn a_terminal_that_goes_away_ends_it() {
    // Under nohup and some sudo set-ups the hang-up signal is ignored.
    for script in ["exec \"$0\" --demo", "trap '' HUP; exec \"$0\" --demo"] {
        let terminal = Terminal::start(
            command("sh", &["-c", script, env!("CARGO_BIN_EXE_glustop")]),
            80,
            24,
        );
        terminal.wait_for("media");
        let process = terminal.process();
        drop(terminal);
        let deadline = Instant::now() + PATIENCE;
        while is_running(process) {
            assert!(Instant::now() < deadline, "still there after {script:?}");
            std::thread::sleep(Duration::from_millis(50));
        }
    }
}

/// Whether a process runs; a zombie that nobody has waited for does not.
fn is_running(process: rustix::process::Pid) -> bool {
    let stat = std::fs::read_to_string(format!("/proc/{}/stat", process.as_raw_nonzero()));
    test_kill_process(process).is_ok() && stat.is_ok_and(|stat| !stat.contains(") Z "))
}

#[test]
fn keys_in_pieces_open_no_dialog() {
    let mut terminal = demo();
    for bytes in [
        "\x1b[A",
        "\x1b[D",
        "\x1b[C",
        "\x1bOR",
        "\x1bOS",
        "\x1b[15~",
        "\x1b[200~S y R y D y\x1b[201~",
    ] {
        for at in 0..bytes.len() {
            terminal.send(&bytes[at..=at]);
        }
    }
    // What was typed before this has been looked at when this is answered. An open dialog would
    // take the key, so the help proves that there is none. Without the end of a
    // torn paste, keys belong to it until half a second was silent.
    let deadline = Instant::now() + PATIENCE;
    while !terminal.screen().contains("CAPITALS") {
        assert!(Instant::now() < deadline, "{}", terminal.screen());
        terminal.send("?");
        let silence = Instant::now() + Duration::from_millis(700);
        while Instant::now() < silence && !terminal.screen().contains("CAPITALS") {
            std::thread::sleep(Duration::from_millis(20));
        }
    }
    terminal.send("?");
    terminal.wait_gone("CAPITALS");
    terminal.send("q");
    assert!(terminal.exit_status().success());
}

#[test]
fn a_new_size_is_drawn_anew() {
    let mut terminal = demo();
    for (columns, rows, only_there) in [
        (120, 40, "4 EVENTS"),
        (40, 10, "* D media"),
        (60, 20, "DR 3x3"),
        (80, 24, "Dist-Replicate 3x3"),
    ] {
        terminal.resize(columns, rows);
        terminal.wait_for(only_there);
        terminal.wait_for("? help");
    }
    terminal.send("q");
    assert!(terminal.exit_status().success());
}

#[test]
fn the_shell_can_suspend_it_and_bring_it_back() {
    let mut shell = command("bash", &["--norc", "-i"]);
    shell.env("PS1", "ready> ");
    let mut terminal = Terminal::start(shell, 80, 24);
    terminal.send(&format!("{} --demo\r", env!("CARGO_BIN_EXE_glustop")));
    terminal.wait_for("1>VOLUMES");
    terminal.send("\x1a");
    terminal.wait_for("[1]+");
    // The shell asks for bracketed paste itself, so only the screen tells.
    assert!(terminal.ask(|screen| !screen.alternate_screen() && !screen.hide_cursor()));
    terminal.send("fg\r");
    terminal.wait_for("1>VOLUMES");
    assert!(terminal.ask(vt100::Screen::alternate_screen));
    terminal.send("q");
    // Until the shell reads again, what is typed may still be glustop's.
    terminal.wait_until("the prompt", PATIENCE, |screen| {
        !screen.contains("1>VOLUMES") && screen.trim_end().ends_with("ready>")
    });
    terminal.send("exit\r");
    assert!(terminal.exit_status().success());
}

#[test]
fn without_a_terminal_it_says_so_and_one_shot_commands_work() {
    let run = |arguments: &[&str]| {
        #[expect(
            clippy::disallowed_methods,
            reason = "the rule is for the program, not its tests"
        )]
        let output = std::process::Command::new(env!("CARGO_BIN_EXE_glustop"))
            .env("GLUSTOP_STATE_DIR", env!("CARGO_TARGET_TMPDIR"))
            .args(arguments)
            .output()
            .unwrap();
        let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
        (
            output.status.code(),
            text(&output.stdout),
            text(&output.stderr),
        )
    };
    let (code, out, err) = run(&["--demo"]);
    assert_eq!((code, out.as_str()), (Some(64), ""));
    assert!(err.contains("not a terminal: use glustop status"), "{err}");
    let (code, out, err) = run(&["--demo", "status", "--json"]);
    assert_eq!((code, err.as_str()), (Some(0), ""));
    assert!(out.contains("\"schema\": \"glustop.status/1\""));
    let (code, out, _) = run(&["--demo=degraded", "status"]);
    assert_eq!(code, Some(0));
    assert!(out.is_ascii());
    let missing = ["--gluster", "/nowhere/gluster", "status"];
    let (code, out, _) = run(&missing);
    assert_eq!(code, Some(3));
    assert!(out.contains("error (not-found)"), "{out}");
    let (code, out, _) = run(&[&missing[..], &["--json", "media"]].concat());
    assert_eq!(code, Some(3));
    for part in [
        "\"health\": \"unknown\"",
        "\"volumes\": []",
        "\"kind\": \"not-found\"",
    ] {
        assert!(out.contains(part), "{out}");
    }
    let (code, _, _) = run(&["--nonsense"]);
    assert_eq!(code, Some(64));
    let (code, out, _) = run(&["config", "--config", "/nowhere/broken.toml"]);
    assert_eq!(
        (code, out.as_str()),
        (Some(0), glustop::config::DEFAULT_FILE)
    );
}
