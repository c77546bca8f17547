//! Signals, and the terminal that goes away without one.

use std::io;

use rustix::event::{PollFd, PollFlags, poll};
use rustix::process;
use tokio::signal::unix::{Signal, SignalKind, signal};
use tokio::sync::oneshot;

/// The signals that end the program in good order, and the one that brings it back.
pub(super) struct Signals {
    terminate: Signal,
    hang_up: Signal,
    interrupt: Signal,
    resume: Signal,
    gone: oneshot::Receiver<()>,
}

/// What a signal asks for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Asked {
    /// Leave.
    Quit,
    /// Leave without a word: nobody is there to read it.
    Vanish,
    /// Draw everything again: we were stopped, and are back.
    Resume,
}

impl Signals {
    /// Begins to listen.
    pub(super) fn listen() -> io::Result<Self> {
        Ok(Self {
            terminate: signal(SignalKind::terminate())?,
            hang_up: signal(SignalKind::hangup())?,
            interrupt: signal(SignalKind::interrupt())?,
            resume: signal(SignalKind::from_raw(process::Signal::CONT.as_raw()))?,
            gone: watch_for_hang_up(),
        })
    }

    /// Waits for one.
    pub(super) async fn next(&mut self) -> Asked {
        tokio::select! {
            _ = self.terminate.recv() => Asked::Quit,
            _ = self.interrupt.recv() => Asked::Quit,
            _ = self.hang_up.recv() => Asked::Vanish,
            _ = &mut self.gone => Asked::Vanish,
            _ = self.resume.recv() => Asked::Resume,
        }
    }
}

/// Under `nohup` and some `sudo` set-ups no hang-up signal comes when the terminal closes, and
/// the input library then spins on the dead descriptor. A thread of its own waits until standard
/// input is gone, or the process.
fn watch_for_hang_up() -> oneshot::Receiver<()> {
    let (tell, told) = oneshot::channel();
    std::thread::spawn(move || {
        loop {
            let stdin = rustix::stdio::stdin();
            // No events are asked for: only hang-up and errors come back, input stays unread.
            let mut watched = [PollFd::new(&stdin, PollFlags::empty())];
            let gone = PollFlags::HUP | PollFlags::ERR | PollFlags::NVAL;
            if poll(&mut watched, None).is_ok() && watched[0].revents().intersects(gone) {
                let _ = tell.send(());
                return;
            }
        }
    });
    told
}

/// Stops this process as the shell's Ctrl-Z would; returns when it is continued.
pub(super) fn stop_self() {
    // Only this process: a gluster command on its way has a group of its own and goes on.
    let _ = process::kill_process(process::getpid(), process::Signal::TSTP);
}
