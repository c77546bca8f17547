//! The terminal driver itself, tried on programs that are everywhere.

#[path = "support/terminal.rs"]
mod terminal;

use rustix::process::Signal;
use terminal::{Terminal, command};

fn shell(script: &str) -> Terminal {
    Terminal::start(command("sh", &["-c", script]), 40, 8)
}

#[test]
fn what_is_typed_comes_back() {
    let mut terminal = Terminal::start(command("cat", &[]), 40, 8);
    terminal.send("some words\r");
    // Once from the terminal's echo, once from cat.
    terminal.wait_for("some words\nsome words");
    terminal.send("\x04");
    assert!(terminal.exit_status().success());
}

#[test]
fn the_last_words_of_a_program_are_on_the_screen() {
    let mut terminal = shell("echo first; echo last; exit 7");
    assert_eq!(terminal.exit_status().exit_code(), 7);
    assert_eq!(terminal.screen().trim_end(), "first\nlast");
    assert_eq!(terminal.total_bytes_output(), "first\r\nlast\r\n".len());
}

#[test]
fn text_disappears() {
    let mut terminal = shell(r"echo here; read -r line; printf '\033[2J\033[Hthere'; read -r line");
    terminal.wait_for("here");
    terminal.send("\r");
    terminal.wait_gone("\nhere");
    terminal.wait_for("there");
}

#[test]
fn the_model_knows_the_alternate_screen() {
    let mut terminal =
        shell(r"printf '\033[?1049h\033[?25lin'; read -r line; printf '\033[?25h\033[?1049lout'");
    terminal.wait_for("in");
    assert!(
        terminal.ask(vt100::Screen::alternate_screen) && terminal.ask(vt100::Screen::hide_cursor)
    );
    terminal.send("\r");
    terminal.exit_status();
    assert!(
        !terminal.ask(vt100::Screen::alternate_screen) && !terminal.ask(vt100::Screen::hide_cursor)
    );
}

#[test]
fn the_program_learns_of_a_new_size() {
    let terminal = shell("trap 'stty size' WINCH; stty size; while :; do sleep 0.05; done");
    terminal.wait_for("8 40");
    terminal.resize(100, 30);
    terminal.wait_for("30 100");
}

#[test]
fn signals_arrive() {
    let mut terminal =
        shell("trap 'echo caught; exit 3' TERM; echo ready; while :; do sleep 0.05; done");
    terminal.wait_for("ready");
    terminal.kill(Signal::TERM);
    assert_eq!(terminal.exit_status().exit_code(), 3);
    terminal.wait_for("caught");
}

#[test]
#[should_panic(
    expected = "waited for \"never\" on the screen; the screen after 8 bytes; the program has closed"
)]
fn a_failure_shows_the_screen_and_does_not_wait_for_a_dead_program() {
    shell("echo before").wait_for("never");
}
