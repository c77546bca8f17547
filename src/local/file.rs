//! Opening a log.

use std::fs::File;
use std::path::Path;

use rustix::fs::{Mode, OFlags};

use super::unreadable;
use crate::model::{Unreadable, UnreadableKind};

/// Opens a log for reading. Anything but a regular file is refused: a pipe would never end, and a
/// link may lead anywhere.
pub(super) fn open(path: &Path) -> Result<File, Unreadable> {
    let flags = OFlags::RDONLY | OFlags::NOFOLLOW | OFlags::NONBLOCK | OFlags::CLOEXEC;
    let file = rustix::fs::open(path, flags, Mode::empty());
    let file = File::from(file.map_err(|error| unreadable(path, error))?);
    let about = rustix::fs::fstat(&file).map_err(|error| unreadable(path, error))?;
    if rustix::fs::FileType::from_raw_mode(about.st_mode).is_file() {
        return Ok(file);
    }
    Err(Unreadable {
        path: path.display().to_string(),
        kind: UnreadableKind::NotUsable,
    })
}
