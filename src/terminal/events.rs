//! What the terminal sends: keys, pasted text, new sizes.

use std::io;

use crossterm::event::{Event, EventStream};
use futures_util::StreamExt;
use tokio::sync::mpsc;
use tokio::task::JoinSet;

/// The library's stream, looked at only when it has something.
///
/// A look takes a lock that the library's own thread holds while it waits for input, and spins for
/// it. The event loop looks at all that it waits for whenever anything happens, so that would be
/// most of what an idle program costs.
#[derive(Debug)]
pub(super) struct Events {
    events: mpsc::Receiver<io::Result<Event>>,
    /// Ends with this.
    _reader: JoinSet<()>,
}

impl Events {
    /// Begins to read. Needs a tokio runtime.
    pub(super) fn read() -> Self {
        /// More is left with the terminal until there is room.
        const ROOM: usize = 64;
        let (sender, events) = mpsc::channel(ROOM);
        let mut stream = EventStream::new();
        let mut reader = JoinSet::new();
        reader.spawn(async move {
            while let Some(event) = stream.next().await {
                if sender.send(event).await.is_err() {
                    return;
                }
            }
        });
        Self {
            events,
            _reader: reader,
        }
    }

    /// The next one; `None` when no more will come. Nothing is lost when this is given up half way.
    pub(super) async fn next(&mut self) -> Option<io::Result<Event>> {
        self.events.recv().await
    }
}
