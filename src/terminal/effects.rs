//! Carrying out what `update` asked for.

use std::io::{self, Write};

use crossterm::clipboard::CopyToClipboard;
use crossterm::execute;
use tokio::sync::mpsc;

use super::errands::Errands;
use super::screen::{self, Screen};
use super::signals;
use crate::app::Effect;
use crate::monitor::Request;

/// Whether the loop goes on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Then {
    /// It does.
    GoOn,
    /// It ends.
    Quit,
}

/// Carries out one effect. Requests to the monitor never make the loop wait.
pub(super) fn carry_out(
    effect: Effect,
    requests: &Requests,
    errands: &mut Errands,
    screen: &mut Screen,
) -> io::Result<Then> {
    match effect {
        Effect::Run(job) => requests.send(Request::Run(job)),
        Effect::GiveUp(job) => requests.send(Request::GiveUp(job)),
        Effect::ReadLog { id, volume, since } => errands.read_log(id, volume, since),
        Effect::CountLeftovers { id, bricks, failed } => errands.count(id, bricks, failed),
        Effect::StopCounting => errands.stop_counting(),
        Effect::Recall => requests.send(Request::Recall),
        Effect::Inspect(volumes) => requests.send(Request::Inspect(volumes)),
        Effect::ReadNow => requests.send(Request::ReadNow),
        Effect::Look(volume) => requests.send(Request::Look(volume)),
        // The loop does that itself: its end comes back as a message.
        Effect::HandOver(_) => {}
        Effect::Pause(paused) => requests.send(Request::Pause(paused)),
        Effect::Interval(interval) => requests.send(Request::Interval(interval)),
        Effect::Copy(text) => execute!(io::stdout(), CopyToClipboard::to_clipboard_from(text))?,
        Effect::Bell => {
            let mut out = io::stdout();
            out.write_all(b"\x07")?;
            out.flush()?;
        }
        Effect::Suspend => {
            screen::restore();
            signals::stop_self();
            // Not left to the signal that continues it: where no shell minds it, nothing stops.
            screen::reopen(screen)?;
            requests.send(Request::ReadNow);
        }
        Effect::Redraw => screen::redraw(screen)?,
        Effect::Quit => return Ok(Then::Quit),
    }
    Ok(Then::GoOn)
}

/// Requests on their way to the monitor, in the order in which they were made. Sending never
/// waits, and none is lost short of the monitor's end, which the loop notices by itself.
pub(super) struct Requests(mpsc::UnboundedSender<Request>);

impl Requests {
    /// Passes on to the monitor, as soon as it has room.
    pub(super) fn to(monitor: mpsc::Sender<Request>) -> Self {
        let (sender, mut queue) = mpsc::unbounded_channel();
        tokio::spawn(async move {
            while let Some(request) = queue.recv().await {
                if monitor.send(request).await.is_err() {
                    return;
                }
            }
        });
        Self(sender)
    }

    pub(super) fn send(&self, request: Request) {
        // Nobody listens once the monitor has ended.
        let _ = self.0.send(request);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::job::JobId;

    #[tokio::test]
    async fn requests_arrive_in_their_order_however_busy_the_monitor_is() {
        let (sender, mut monitor) = mpsc::channel(1);
        let requests = Requests::to(sender);
        for id in 0..50 {
            requests.send(Request::GiveUp(JobId(id)));
        }
        for id in 0..50 {
            // Room comes up between two of them.
            requests.send(Request::Recall);
            let Some(Request::GiveUp(JobId(next))) = monitor.recv().await else {
                panic!("{id} did not come")
            };
            assert_eq!(next, id);
        }
    }
}
