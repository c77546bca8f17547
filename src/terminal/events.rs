//! What the terminal sends: keys, pasted text, new sizes.

use std::io;
use std::thread;

use crossterm::event::{self, Event};
use tokio::sync::mpsc;

/// Events on their way to the loop, read on a thread of their own.
///
/// Not the library's stream: a look at that spins for a lock that its own thread holds while it
/// waits for input. The loop looks at all that it waits for whenever anything happens, so that was
/// a fifth of what an idle program cost. And not a task: keys must not wait for the thread that
/// reads answers.
#[derive(Debug)]
pub(super) struct Events(mpsc::Receiver<io::Result<Event>>);

impl Events {
    /// Begins to read. The thread ends with the process, or at the first event after this is gone.
    pub(super) fn read() -> Self {
        /// More is left with the terminal until there is room.
        const ROOM: usize = 64;
        let (sender, events) = mpsc::channel(ROOM);
        thread::spawn(move || {
            loop {
                let event = event::read();
                let is_last = event.is_err();
                if sender.blocking_send(event).is_err() || is_last {
                    return;
                }
            }
        });
        Self(events)
    }

    /// The next one; `None` when no more will come. Nothing is lost when this is given up half way.
    pub(super) async fn next(&mut self) -> Option<io::Result<Event>> {
        self.0.recv().await
    }
}
