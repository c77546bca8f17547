//! A program in a real terminal: a pty of a chosen size with a screen model behind it.
//!
//! Everything waits for what shall be seen, never for a time to pass; whatever does not come in time fails the
//! test with the whole screen in the message.

#![allow(dead_code, reason = "each test binary uses only some of it")]
#![allow(
    clippy::expect_used,
    clippy::panic,
    reason = "a helper of tests fails the test"
)]

use std::io::{Read, Write};
use std::num::NonZeroU16;
use std::sync::{Arc, Condvar, Mutex, MutexGuard};
use std::time::{Duration, Instant};
use std::{env, thread};

use portable_pty::{Child, CommandBuilder, ExitStatus, MasterPty, PtySize, native_pty_system};
use rustix::process::{Pid, Signal, kill_process};

/// For what the program does by itself; a healthy one needs a hundredth of it, a busy machine a tenth.
const PATIENCE: Duration = Duration::from_secs(20);

/// A program that runs in a terminal of its own. Dropped, the program is killed.
pub(crate) struct Terminal {
    child: Box<dyn Child + Send + Sync>,
    keyboard: Box<dyn Write + Send>,
    pty: Box<dyn MasterPty + Send>,
    output: Arc<Output>,
}

/// What the program has written so far, and the wake-up for those who wait for more.
struct Output {
    seen: Mutex<Seen>,
    changed: Condvar,
}

struct Seen {
    parser: vt100::Parser,
    bytes: usize,
    ended: bool,
}

impl Output {
    fn new(columns: u16, rows: u16) -> Self {
        let (rows, columns) = model_size(columns, rows);
        let parser = vt100::Parser::new(rows, columns, 0);
        Self {
            seen: Mutex::new(Seen {
                parser,
                bytes: 0,
                ended: false,
            }),
            changed: Condvar::new(),
        }
    }

    fn seen(&self) -> MutexGuard<'_, Seen> {
        self.seen
            .lock()
            .expect("no thread panics while it holds the screen")
    }

    /// Takes in everything the program writes, until its side of the pty is closed, which a pty reports as
    /// an error.
    fn take_in(&self, mut from: impl Read) {
        let mut buffer = [0; 4096];
        while let Ok(count @ 1..) = from.read(&mut buffer) {
            let mut seen = self.seen();
            seen.parser.process(buffer.get(..count).unwrap_or_default());
            seen.bytes += count;
            self.changed.notify_all();
        }
        self.seen().ended = true;
        self.changed.notify_all();
    }
}

impl Seen {
    fn text(&self) -> String {
        let (_, columns) = self.parser.screen().size();
        let rows: Vec<_> = self.parser.screen().rows(0, columns.get()).collect();
        rows.join("\n")
    }

    /// The screen as a message shows it: framed, so that empty rows are seen.
    fn report(&self) -> String {
        let rows = self.text().replace('\n', "\n│");
        let state = if self.ended {
            "; the program has closed its terminal"
        } else {
            ""
        };
        format!("the screen after {} bytes{state}:\n│{rows}", self.bytes)
    }
}

/// A program to run in a terminal, with the environment a test sees the same on every machine.
pub(crate) fn command(program: &str, arguments: &[&str]) -> CommandBuilder {
    let mut command = CommandBuilder::new(program);
    command.args(arguments);
    // Left alone, the pty crate starts programs in the home directory.
    command.cwd(env::current_dir().expect("tests have a working directory"));
    command.env("TERM", "xterm-256color");
    command.env("LANG", "C.UTF-8");
    // Never the history of the machine itself.
    command.env(
        "GLUSTOP_STATE_DIR",
        concat!(env!("CARGO_TARGET_TMPDIR"), "/glustop"),
    );
    for name in ["COLORTERM", "LC_ALL", "NO_COLOR"] {
        command.env_remove(name);
    }
    command
}

impl Terminal {
    /// Starts a program in a terminal of that size.
    pub(crate) fn start(command: CommandBuilder, columns: u16, rows: u16) -> Self {
        let pair = native_pty_system()
            .openpty(pty_size(columns, rows))
            .expect("a pty can be opened");
        // The program's side of the pty goes with `pair.slave`: kept open here, its end would not be noticed.
        let child = pair
            .slave
            .spawn_command(command)
            .expect("the program starts");
        drop(pair.slave);

        let output = Arc::new(Output::new(columns, rows));
        let from = pair
            .master
            .try_clone_reader()
            .expect("a new pty has a reader");
        let reader = Arc::clone(&output);
        thread::spawn(move || reader.take_in(from));
        let keyboard = pair.master.take_writer().expect("a new pty has a writer");
        Self {
            child,
            keyboard,
            pty: pair.master,
            output,
        }
    }

    /// Types; special keys as the bytes a terminal sends for them ("\x1b[A" is the up arrow).
    pub(crate) fn send(&mut self, keys: &str) {
        let sent = self
            .keyboard
            .write_all(keys.as_bytes())
            .and_then(|()| self.keyboard.flush());
        if let Err(error) = sent {
            panic!(
                "cannot send {keys:?} ({error}); {}",
                self.output.seen().report()
            );
        }
    }

    /// Waits until the text stands on the screen, within one row.
    #[track_caller]
    pub(crate) fn wait_for(&self, text: &str) {
        self.wait_until(&format!("{text:?} on the screen"), PATIENCE, |screen| {
            screen.contains(text)
        });
    }

    /// Waits until the text stands nowhere on the screen.
    #[track_caller]
    pub(crate) fn wait_gone(&self, text: &str) {
        self.wait_until(&format!("{text:?} off the screen"), PATIENCE, |screen| {
            !screen.contains(text)
        });
    }

    /// Waits until the screen is as described by `what` and recognised by `is_so`.
    #[track_caller]
    pub(crate) fn wait_until(&self, what: &str, patience: Duration, is_so: impl Fn(&str) -> bool) {
        let seen = self.wait(patience, |seen| seen.ended || is_so(&seen.text()));
        assert!(is_so(&seen.text()), "waited for {what}; {}", seen.report());
    }

    /// The text on the screen, row by row, without the blanks at the ends of rows.
    pub(crate) fn screen(&self) -> String {
        self.output.seen().text()
    }

    /// Asks the screen model for more than text: colours, the cursor, the alternate screen.
    pub(crate) fn ask<T>(&self, question: impl FnOnce(&vt100::Screen) -> T) -> T {
        question(self.output.seen().parser.screen())
    }

    /// How much the program has written, control sequences included.
    pub(crate) fn total_bytes_output(&self) -> usize {
        self.output.seen().bytes
    }

    /// Changes the size, as a window manager does. The model first: what the program then draws is for it.
    pub(crate) fn resize(&self, columns: u16, rows: u16) {
        let (model_rows, model_columns) = model_size(columns, rows);
        self.output
            .seen()
            .parser
            .set_size(model_rows, model_columns);
        self.pty
            .resize(pty_size(columns, rows))
            .expect("a pty can be resized");
    }

    /// Sends a signal to the program.
    pub(crate) fn kill(&self, signal: Signal) {
        kill_process(self.process(), signal).expect("the program runs");
    }

    /// The program's process id.
    pub(crate) fn process(&self) -> Pid {
        let number = self
            .child
            .process_id()
            .and_then(|number| i32::try_from(number).ok());
        number
            .and_then(Pid::from_raw)
            .expect("a started program has a process id")
    }

    /// Waits until the program has ended, and everything it wrote is on the screen.
    #[track_caller]
    pub(crate) fn exit_status(&mut self) -> ExitStatus {
        let seen = self.wait(PATIENCE, |seen| seen.ended);
        assert!(
            seen.ended,
            "waited for the end of the program; {}",
            seen.report()
        );
        drop(seen);
        // Its terminal closed, the program is about to end, or has.
        self.child.wait().expect("the program can be waited for")
    }

    /// Waits until a condition holds or patience is over; which of them, the caller has to look.
    fn wait(&self, patience: Duration, is_so: impl Fn(&Seen) -> bool) -> MutexGuard<'_, Seen> {
        let deadline = Instant::now() + patience;
        let mut seen = self.output.seen();
        while !is_so(&seen) {
            let left = deadline.saturating_duration_since(Instant::now());
            if left.is_zero() {
                break;
            }
            seen = self
                .output
                .changed
                .wait_timeout(seen, left)
                .expect("as in seen()")
                .0;
        }
        seen
    }
}

impl Drop for Terminal {
    fn drop(&mut self) {
        // Both fail when the program has ended, which is just as well.
        drop(self.child.kill());
        drop(self.child.wait());
    }
}

fn pty_size(columns: u16, rows: u16) -> PtySize {
    PtySize {
        rows,
        cols: columns,
        pixel_width: 0,
        pixel_height: 0,
    }
}

fn model_size(columns: u16, rows: u16) -> (NonZeroU16, NonZeroU16) {
    (
        NonZeroU16::new(rows).expect("a screen has rows"),
        NonZeroU16::new(columns).expect("a screen has columns"),
    )
}
