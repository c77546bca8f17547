//! The standard streams, for the commands without a screen.

use std::io::{self, BufRead as _, ErrorKind, IsTerminal as _, Write};

use tokio::signal::unix::{SignalKind, signal};
use tokio::sync::mpsc;

use crate::batch::Console;
use crate::model::text::printable;

/// Standard input, output and error of this process.
#[derive(Debug, Clone, Copy, Default)]
pub struct Streams;

/// Clears the line from the cursor on, after its beginning.
const OVER: &str = "\r\x1b[K";

impl Console for Streams {
    fn print(&self, text: &str) -> io::Result<bool> {
        let mut out = io::stdout().lock();
        match out.write_all(text.as_bytes()).and_then(|()| out.flush()) {
            Ok(()) => Ok(true),
            Err(error) if error.kind() == ErrorKind::BrokenPipe => Ok(false),
            Err(error) => Err(error),
        }
    }

    fn say(&self, line: &str) {
        // Nobody listens any more: there is no better place to say so.
        for line in line.lines() {
            let _ = writeln!(io::stderr(), "glustop: {}", printable(line));
        }
    }

    fn show(&self, text: &str) {
        let _ = io::stderr().write_all(text.as_bytes());
    }

    fn is_terminal(&self) -> bool {
        io::stdout().is_terminal()
    }

    fn replace(&self, line: &str) -> io::Result<bool> {
        self.print(&format!("{OVER}{line}"))
    }

    fn can_ask(&self) -> bool {
        io::stdin().is_terminal() && io::stderr().is_terminal()
    }

    fn ask(&self, question: &str) -> io::Result<Option<String>> {
        let mut err = io::stderr();
        err.write_all(printable(question).as_bytes())?;
        err.flush()?;
        let mut line = String::new();
        let read = io::stdin().lock().read_line(&mut line)?;
        Ok((read > 0).then_some(line))
    }

    fn signals(&self) -> io::Result<mpsc::Receiver<u8>> {
        let (tell, told) = mpsc::channel(4);
        for kind in [
            SignalKind::interrupt(),
            SignalKind::terminate(),
            SignalKind::hangup(),
        ] {
            let mut signals = signal(kind)?;
            let number = u8::try_from(kind.as_raw_value()).unwrap_or_default();
            let tell = tell.clone();
            tokio::spawn(async move {
                while signals.recv().await.is_some() {
                    if tell.send(number).await.is_err() {
                        return;
                    }
                }
            });
        }
        Ok(told)
    }
}
