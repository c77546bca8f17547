//! What is left on a brick.
//!
//! Clients go on working meanwhile, and may put a symbolic link where a directory was: so every
//! directory is opened from the brick on, one name after the other, and no link is followed.

use std::ffi::CStr;
use std::os::fd::{AsFd, OwnedFd};
use std::path::Path;

use rustix::fs::{AtFlags, Dir, FileType, Mode, OFlags, RawMode, Stat};
use rustix::io::Errno;

use super::unreadable;
use crate::insight::leftovers::{Count, Cut, DIRECTORIES, EXAMPLES};
use crate::model::{Unreadable, UnreadableKind};

/// gluster's own directory at the top of every brick.
const OWN: &[u8] = b".glusterfs";
/// Beside it, from release 9 on: entries that wait for their removal by self-heal, without a name
/// in the volume.
const ANONYMOUS: &[u8] = b".glusterfs-anonymous-inode-";
/// The mode of a link file is nothing but the sticky bit.
const STICKY: RawMode = 0o1000;
/// Where a link file points to.
const LINK_TO: &CStr = c"trusted.glusterfs.dht.linkto";

const DIRECTORY: OFlags = OFlags::RDONLY
    .union(OFlags::DIRECTORY)
    .union(OFlags::NOFOLLOW)
    .union(OFlags::CLOEXEC);

/// Counts. `is_over` is asked before each entry, with the number of those before it.
pub(super) fn count(path: &str, is_over: &dyn Fn(u64) -> Option<Cut>) -> Result<Count, Unreadable> {
    let path = Path::new(path);
    let fail = |error| unreadable(path, error);
    // The way to a brick may lead over links: that is the admin's choice.
    let flags = OFlags::RDONLY | OFlags::DIRECTORY | OFlags::CLOEXEC;
    let root = rustix::fs::open(path, flags, Mode::empty()).map_err(fail)?;
    let about = rustix::fs::fstat(&root).map_err(fail)?;
    let own = rustix::fs::statat(&root, c".glusterfs", AtFlags::SYMLINK_NOFOLLOW);
    if !own.is_ok_and(|own| kind(&own) == FileType::Directory) {
        return Err(Unreadable {
            path: path.display().to_string(),
            kind: UnreadableKind::NotABrick,
        });
    }
    let mut walk = Walk {
        root,
        device: about.st_dev,
        is_root: rustix::process::geteuid().is_root(),
        entries: 0,
        ahead: vec![Vec::new()],
        count: Count::default(),
        is_over,
    };
    while walk.count.cut.is_none()
        && let Some(directory) = walk.ahead.pop()
    {
        walk.directory(&directory);
    }
    Ok(walk.count)
}

struct Walk<'a> {
    root: OwnedFd,
    /// The file system of the brick: no other one is looked at.
    device: u64,
    /// Only root is told what makes a link file.
    is_root: bool,
    entries: u64,
    /// Directories yet to look at, as paths from the brick on, without a leading slash.
    ahead: Vec<Vec<u8>>,
    count: Count,
    is_over: &'a dyn Fn(u64) -> Option<Cut>,
}

impl Walk<'_> {
    fn directory(&mut self, path: &[u8]) {
        let opened = self.open(path).and_then(|fd| {
            let about = rustix::fs::fstat(&fd)?;
            Ok((Dir::read_from(&fd)?, fd, about.st_dev))
        });
        let (mut entries, fd) = match opened {
            Ok((entries, fd, device)) if device == self.device => (entries, fd),
            // Gone meanwhile, or something else stands there: no directory, so nothing in it.
            Err(Errno::NOENT | Errno::NOTDIR | Errno::LOOP) => return,
            Ok(_) | Err(_) => {
                self.count.unread += 1;
                return;
            }
        };
        let before = self.count.left();
        while let Some(entry) = entries.read() {
            self.count.cut = (self.is_over)(self.entries);
            if self.count.cut.is_some() {
                break;
            }
            self.entries += 1;
            if let Ok(entry) = entry {
                self.entry(&fd, path, entry.file_name());
            } else {
                self.count.unread += 1;
                break;
            }
        }
        let here = self.count.left() - before;
        if here > 0 {
            self.note_directory(path, here);
        }
    }

    fn entry(&mut self, directory: &OwnedFd, path: &[u8], name: &CStr) {
        let bytes = name.to_bytes();
        let is_own = path.is_empty() && (bytes == OWN || bytes.starts_with(ANONYMOUS));
        if bytes == b"." || bytes == b".." || is_own {
            return;
        }
        let about = match rustix::fs::statat(directory, name, AtFlags::SYMLINK_NOFOLLOW) {
            Ok(about) => about,
            Err(Errno::NOENT) => return,
            Err(_) => {
                self.count.unread += 1;
                return;
            }
        };
        match kind(&about) {
            FileType::Directory => self.ahead.push(joined(path, bytes)),
            FileType::RegularFile => match self.is_link_file(directory, name, &about) {
                Some(true) => self.count.link_files += 1,
                Some(false) => {
                    self.count.files += 1;
                    let size = u64::try_from(about.st_size).unwrap_or(0);
                    self.count.bytes = self.count.bytes.saturating_add(size);
                    self.note_example(path, bytes);
                }
                None => self.count.unread += 1,
            },
            _ => {
                self.count.specials += 1;
                self.note_example(path, bytes);
            }
        }
    }

    /// `None` when it cannot be told.
    fn is_link_file(&self, directory: &OwnedFd, name: &CStr, about: &Stat) -> Option<bool> {
        if about.st_size != 0 || about.st_mode & 0o7777 != STICKY {
            return Some(false);
        }
        if !self.is_root {
            return None;
        }
        let flags = OFlags::RDONLY | OFlags::NOFOLLOW | OFlags::NONBLOCK | OFlags::CLOEXEC;
        let file = rustix::fs::openat(directory, name, flags, Mode::empty()).ok()?;
        let mut value = [0_u8; 0];
        match rustix::fs::fgetxattr(&file, LINK_TO, &mut value[..]) {
            Ok(_) => Some(true),
            Err(Errno::NODATA | Errno::OPNOTSUPP) => Some(false),
            Err(_) => None,
        }
    }

    /// Opens a directory from the brick on, one name after the other.
    fn open(&self, path: &[u8]) -> Result<OwnedFd, Errno> {
        let mut at = rustix::fs::openat(&self.root, c".", DIRECTORY, Mode::empty())?;
        for name in path
            .split(|byte| *byte == b'/')
            .filter(|name| !name.is_empty())
        {
            at = rustix::fs::openat(at.as_fd(), name, DIRECTORY, Mode::empty())?;
        }
        Ok(at)
    }

    fn note_example(&mut self, path: &[u8], name: &[u8]) {
        if self.count.examples.len() < EXAMPLES {
            self.count.examples.push(shown(&joined(path, name)));
        }
    }

    fn note_directory(&mut self, path: &[u8], files: u64) {
        let list = &mut self.count.directories;
        let at = list.partition_point(|(_, more)| *more >= files);
        if at < DIRECTORIES {
            list.insert(at, (shown(path), files));
            list.truncate(DIRECTORIES);
        }
    }
}

fn kind(about: &Stat) -> FileType {
    FileType::from_raw_mode(about.st_mode)
}

fn joined(path: &[u8], name: &[u8]) -> Vec<u8> {
    if path.is_empty() {
        name.to_vec()
    } else {
        [path, b"/", name].concat()
    }
}

/// As a path from the volume's root.
fn shown(path: &[u8]) -> String {
    format!("/{}", String::from_utf8_lossy(path))
}

#[cfg(test)]
mod tests;
