//! Following this node's logs of events and of commands.
//!
//! glustereventsd, where it runs, writes each event to `events.log`; glusterd writes each command
//! that came through it to `cmd_history.log`, glustop's own too. A line is a hint that a volume is
//! worth a look, and no more than that: nothing of it is shown or believed.
//!
//! A thread sleeps until the kernel tells of an append, so an idle node costs nothing. The other
//! logs in the directory are written all the time, so only these files are watched for that, and
//! the directory for files that are made or moved there: a log may come later, or be rotated.

use std::collections::BTreeSet;
use std::ffi::CStr;
use std::fs::File;
use std::io::{self, PipeReader, PipeWriter};
use std::mem::MaybeUninit;
use std::os::fd::OwnedFd;
use std::path::{Path, PathBuf};
use std::thread;
use std::time::Duration;

use rustix::event::{PollFd, PollFlags, Timespec, poll};
use rustix::fs::inotify::{self, CreateFlags, ReadFlags, WatchFlags};
use rustix::io::Errno;

use super::tail::Tail;
use super::{file, hints};
use crate::model::VolumeName;

/// From the first line of a burst to the look at all of it.
const PAUSE: Duration = Duration::from_millis(200);

/// Follows the logs until it is dropped.
#[derive(Debug)]
pub struct Follower {
    /// The thread ends when this does.
    _held: PipeWriter,
}

/// Follows `events.log` and `cmd_history.log` in a directory: what is appended to them from now
/// on. Each volume that a burst of lines names is told once, whether it exists or not. Without
/// the directory, or the right to read a log, it tells nothing.
pub fn follow(
    dir: PathBuf,
    mut tell: impl FnMut(VolumeName) + Send + 'static,
) -> io::Result<Follower> {
    let (ended, held) = io::pipe()?;
    thread::Builder::new()
        .name("hints".to_owned())
        .spawn(move || {
            let followed = Watch::open(dir).and_then(|mut watch| {
                while watch.wait(&ended)? {
                    watch.news()?.into_iter().for_each(&mut tell);
                }
                Ok(())
            });
            if let Err(error) = followed {
                tracing::warn!(%error, "this node's logs are not followed");
            }
        })?;
    Ok(Follower { _held: held })
}

/// The logs, and how the kernel tells of them.
struct Watch {
    dir: PathBuf,
    kernel: OwnedFd,
    logs: [Log; 2],
}

/// How to begin with a file.
type Begin = fn(File) -> io::Result<Tail>;

struct Log {
    name: &'static str,
    /// The volume that a line of it names.
    hint: fn(&str) -> Option<&str>,
    open: Option<(Tail, i32)>,
}

impl Watch {
    fn open(dir: PathBuf) -> io::Result<Self> {
        let kernel = inotify::init(CreateFlags::CLOEXEC | CreateFlags::NONBLOCK)?;
        let made = WatchFlags::CREATE | WatchFlags::MOVED_TO | WatchFlags::ONLYDIR;
        inotify::add_watch(&kernel, &dir, made)?;
        let log = |name, hint| Log {
            name,
            hint,
            open: None,
        };
        let mut logs = [
            log("events.log", hints::event),
            log("cmd_history.log", hints::command),
        ];
        for log in &mut logs {
            log.open(&dir, &kernel, Tail::from_end);
        }
        Ok(Self { dir, kernel, logs })
    }

    /// Waits for an append, and for the rest of its burst. False when it is time to end.
    fn wait(&self, ended: &PipeReader) -> io::Result<bool> {
        // Nothing ever comes out of the pipe but its end.
        let end = PollFd::new(ended, PollFlags::IN);
        let mut any = [end.clone(), PollFd::new(&self.kernel, PollFlags::IN)];
        poll_for(&mut any, None)?;
        let mut rest = [end];
        if any[0].revents().is_empty() {
            poll_for(&mut rest, Some(PAUSE))?;
        }
        Ok(any[0].revents().is_empty() && rest[0].revents().is_empty())
    }

    /// The volumes that were named since the last call.
    fn news(&mut self) -> io::Result<BTreeSet<VolumeName>> {
        let Self { dir, kernel, logs } = self;
        let mut named = BTreeSet::new();
        let mut buffer = [MaybeUninit::uninit(); 4096];
        let mut told = inotify::Reader::new(&*kernel, &mut buffer);
        loop {
            let event = match told.next() {
                Ok(event) => event,
                Err(Errno::AGAIN) => break,
                Err(error) => return Err(error.into()),
            };
            // Only the directory's events carry a name: of a file that is there now.
            let name = event.file_name().map(CStr::to_bytes);
            let is_new = event.events().contains(ReadFlags::CREATE);
            for log in logs.iter_mut() {
                if name == Some(log.name.as_bytes()) {
                    // What came before the change of files was the old one's.
                    log.read(&mut named);
                    let begin = if is_new {
                        Tail::from_start
                    } else {
                        Tail::from_end
                    };
                    log.open(dir, kernel, begin);
                }
            }
            // One buffer at a time, however fast they come.
            if told.is_buffer_empty() {
                break;
            }
        }
        for log in logs {
            log.read(&mut named);
        }
        Ok(named)
    }
}

impl Log {
    /// Opens it anew, if it is there and may be read.
    fn open(&mut self, dir: &Path, kernel: &OwnedFd, begin: Begin) {
        if let Some((_, watch)) = self.open.take() {
            // Gone already, if its file is.
            let _ = inotify::remove_watch(kernel, watch);
        }
        let path = dir.join(self.name);
        let appended = WatchFlags::MODIFY | WatchFlags::DONT_FOLLOW;
        // The watch first: what is appended before the file is open wakes all the same.
        let Ok(watch) = inotify::add_watch(kernel, &path, appended) else {
            return;
        };
        match file::open(&path).ok().map(begin) {
            Some(Ok(tail)) => self.open = Some((tail, watch)),
            _ => drop(inotify::remove_watch(kernel, watch)),
        }
    }

    fn read(&mut self, named: &mut BTreeSet<VolumeName>) {
        let lines = self.open.as_mut().and_then(|(tail, _)| tail.lines().ok());
        let lines = lines.unwrap_or_default();
        named.extend(lines.lines().filter_map(self.hint).map(VolumeName::from));
    }
}

/// Polls, past signals that only interrupt it.
fn poll_for(fds: &mut [PollFd<'_>], limit: Option<Duration>) -> io::Result<()> {
    let limit = limit.and_then(|limit| Timespec::try_from(limit).ok());
    loop {
        match poll(fds, limit.as_ref()) {
            Err(Errno::INTR) => {}
            done => return done.map(drop).map_err(io::Error::from),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::fs;
    use std::io::Write as _;
    use std::sync::mpsc;

    const STARTED: &str = "[2026-11-23 12:07:55.485701 +0000]  : volume start NAME : SUCCESS\n";
    const CONNECTED: &str = "[2026-11-23 12:07:55,316] INFO [utils - 67:log_event] - {'nodeid': 'cdb4e0d6', 'ts': 1795435675, 'event': 'BRICK_CONNECTED', 'message': {'peer': 'gl-01', 'volume': 'NAME', 'brick': '/b/1'}}\n";

    fn append(path: &Path, line: &str, volume: &str) {
        let mut options = fs::OpenOptions::new();
        let mut file = options.append(true).create(true).open(path).unwrap();
        let line = line.replace("NAME", volume);
        file.write_all(line.as_bytes()).unwrap();
    }

    fn news(watch: &mut Watch) -> Vec<String> {
        let news = watch.news().unwrap();
        news.iter().map(ToString::to_string).collect()
    }

    #[test]
    fn both_logs_are_followed_from_their_end_on() {
        let dir = tempfile::tempdir().unwrap();
        let [events, commands] =
            ["events.log", "cmd_history.log"].map(|name| dir.path().join(name));
        append(&events, CONNECTED, "old");
        append(&commands, STARTED, "old");
        let mut watch = Watch::open(dir.path().to_owned()).unwrap();
        assert_eq!(news(&mut watch), [""; 0]);
        for _ in 0..100 {
            append(&events, CONNECTED, "media");
            append(&commands, STARTED, "scratch");
            append(&dir.path().join("glusterd.log"), STARTED, "other");
        }
        assert_eq!(news(&mut watch), ["media", "scratch"]);
        assert_eq!(news(&mut watch), [""; 0]);
    }

    #[test]
    fn a_log_may_come_later_and_be_rotated_and_go() {
        let dir = tempfile::tempdir().unwrap();
        let log = dir.path().join("cmd_history.log");
        let old = dir.path().join("cmd_history.log.1");
        let mut watch = Watch::open(dir.path().to_owned()).unwrap();
        append(&log, STARTED, "first");
        assert_eq!(news(&mut watch), ["first"]);
        append(&log, STARTED, "second");
        fs::rename(&log, &old).unwrap();
        append(&old, STARTED, "third");
        append(&log, STARTED, "fourth");
        assert_eq!(news(&mut watch), ["fourth", "second", "third"]);
        append(&old, STARTED, "stale");
        append(&log, STARTED, "fifth");
        assert_eq!(news(&mut watch), ["fifth"]);
        fs::remove_file(&log).unwrap();
        assert_eq!(news(&mut watch), [""; 0]);
        append(&log, STARTED, "sixth");
        assert_eq!(news(&mut watch), ["sixth"]);
        // One that is put back is not news.
        fs::rename(&old, &log).unwrap();
        assert_eq!(news(&mut watch), [""; 0]);
        append(&log, STARTED, "last");
        assert_eq!(news(&mut watch), ["last"]);
    }

    #[test]
    fn only_a_regular_file_is_followed() {
        let dir = tempfile::tempdir().unwrap();
        let elsewhere = dir.path().join("elsewhere");
        append(&elsewhere, STARTED, "a");
        std::os::unix::fs::symlink(&elsewhere, dir.path().join("cmd_history.log")).unwrap();
        fs::create_dir(dir.path().join("events.log")).unwrap();
        let mut watch = Watch::open(dir.path().to_owned()).unwrap();
        append(&elsewhere, STARTED, "b");
        assert_eq!(news(&mut watch), [""; 0]);
        assert!(watch.logs.iter().all(|log| log.open.is_none()));
        assert!(Watch::open(dir.path().join("none")).is_err());
    }

    #[test]
    fn it_tells_until_it_is_dropped() {
        let dir = tempfile::tempdir().unwrap();
        let log = dir.path().join("cmd_history.log");
        append(&log, STARTED, "old");
        let (sender, told) = mpsc::channel();
        let follower = follow(dir.path().to_owned(), move |volume| {
            let _ = sender.send(volume);
        });
        // Until its thread is there.
        let first = loop {
            append(&log, STARTED, "media");
            if let Ok(volume) = told.recv_timeout(Duration::from_millis(50)) {
                break volume;
            }
        };
        assert_eq!(first, VolumeName::from("media"));
        drop(follower);
        // Its end of the channel goes with the thread.
        while told.recv().is_ok() {}
    }
}
