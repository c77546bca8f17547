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
    requests: &mpsc::Sender<Request>,
    errands: &mut Errands,
    screen: &mut Screen,
) -> io::Result<Then> {
    match effect {
        Effect::Run(job) => send(requests, Request::Run(job)),
        Effect::GiveUp(job) => send(requests, Request::GiveUp(job)),
        Effect::ReadLog { id, volume, since } => errands.read_log(id, volume, since),
        Effect::CountLeftovers { id, bricks, failed } => errands.count(id, bricks, failed),
        Effect::StopCounting => errands.stop_counting(),
        Effect::Recall => send(requests, Request::Recall),
        Effect::Inspect(volumes) => send(requests, Request::Inspect(volumes)),
        Effect::ReadNow => send(requests, Request::ReadNow),
        Effect::Look(volume) => send(requests, Request::Look(volume)),
        // The loop does that itself: its end comes back as a message.
        Effect::HandOver(_) => {}
        Effect::Pause(paused) => send(requests, Request::Pause(paused)),
        Effect::Interval(interval) => send(requests, Request::Interval(interval)),
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
            send(requests, Request::ReadNow);
        }
        Effect::Redraw => screen::redraw(screen)?,
        Effect::Quit => return Ok(Then::Quit),
    }
    Ok(Then::GoOn)
}

/// Sends at once, or as soon as the monitor has room. A request is never lost, short of the
/// monitor's end, which the loop notices by itself.
pub(super) fn send(requests: &mpsc::Sender<Request>, request: Request) {
    if let Err(mpsc::error::TrySendError::Full(request)) = requests.try_send(request) {
        let requests = requests.clone();
        tokio::spawn(async move {
            let _ = requests.send(request).await;
        });
    }
}
