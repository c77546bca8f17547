//! What can be wrong with a history, in kinds.

use std::io;
use std::path::{Path, PathBuf};

use rusqlite::{Error, ErrorCode};
use thiserror::Error as ThisError;

/// Why the history cannot be opened, read or written.
#[derive(Debug, Clone, PartialEq, Eq, ThisError)]
#[error("{sentence}")]
pub struct StoreError {
    /// What sort of trouble.
    pub trouble: Trouble,
    sentence: String,
}

/// The sorts of trouble.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Trouble {
    /// The directory or the file cannot be made or opened.
    NoAccess,
    /// It can be read, and not written.
    ReadOnly,
    /// The disk is full.
    Full,
    /// Another process keeps it locked.
    Busy,
    /// A newer glustop made it.
    Newer,
    /// It is no history any more.
    Corrupt,
    /// The disk does not answer, or worse.
    Other,
}

impl Trouble {
    /// What an admin can do about it, in one sentence.
    pub fn advice(self) -> &'static str {
        match self {
            Self::NoAccess => {
                "Look at the state directory's owner and mode, or name another one with --state-dir."
            }
            Self::ReadOnly => {
                "Nothing new is kept; look at the mode of the state directory, or name another one with --state-dir."
            }
            Self::Full => "Make room there; what was not written is tried again.",
            Self::Busy => "Another process holds the file; what was not written is tried again.",
            Self::Newer => {
                "Use that glustop, or another state directory (--state-dir); the file was left as it is."
            }
            Self::Corrupt => {
                "At its next start glustop puts the file aside and begins a new one; look at the disk."
            }
            Self::Other => "Look at the disk below the state directory.",
        }
    }
}

impl StoreError {
    /// Another one, found outside.
    pub fn new(trouble: Trouble, sentence: impl Into<String>) -> Self {
        Self {
            trouble,
            sentence: sentence.into(),
        }
    }

    /// The directory or file at `path` cannot be made or reached.
    pub(super) fn no_access(path: &Path, error: &io::Error) -> Self {
        let trouble = match error.kind() {
            io::ErrorKind::StorageFull | io::ErrorKind::QuotaExceeded => Trouble::Full,
            io::ErrorKind::ReadOnlyFilesystem => Trouble::ReadOnly,
            _ => Trouble::NoAccess,
        };
        Self::new(trouble, format!("{}: {error}", path.display()))
    }

    /// Names the file: the sentences of the database do not.
    pub(super) fn of(self, file: &Path) -> Self {
        Self {
            sentence: format!("{}: {}", file.display(), self.sentence),
            ..self
        }
    }

    /// It was put aside, or ought to be.
    pub(super) fn is_corrupt(&self) -> bool {
        self.trouble == Trouble::Corrupt
    }
}

impl From<Error> for StoreError {
    fn from(error: Error) -> Self {
        let trouble = match error.sqlite_error_code() {
            Some(ErrorCode::DiskFull) => Trouble::Full,
            Some(ErrorCode::DatabaseBusy | ErrorCode::DatabaseLocked) => Trouble::Busy,
            Some(ErrorCode::ReadOnly) => Trouble::ReadOnly,
            Some(ErrorCode::CannotOpen | ErrorCode::PermissionDenied) => Trouble::NoAccess,
            Some(ErrorCode::NotADatabase | ErrorCode::DatabaseCorrupt) => Trouble::Corrupt,
            _ => Trouble::Other,
        };
        let sentence = match trouble {
            Trouble::Full => "the disk is full".to_owned(),
            Trouble::Busy => "another process keeps it locked".to_owned(),
            Trouble::ReadOnly => "it may not be written".to_owned(),
            Trouble::Corrupt => "it is broken".to_owned(),
            _ => error.to_string(),
        };
        Self::new(trouble, sentence)
    }
}

/// What was moved where, for the admin.
pub(super) fn nowhere_to_put(path: &Path, error: &io::Error) -> StoreError {
    let sentence = format!("it is broken, and cannot be put aside: {error}");
    StoreError::new(Trouble::Corrupt, sentence).of(path)
}

/// The first of `name.corrupt-1`, `name.corrupt-2` and so on that is free.
pub(super) fn name_aside(path: &Path) -> Option<PathBuf> {
    const MANY: u32 = 1_000;
    let name = path.file_name()?.to_string_lossy().into_owned();
    (1..MANY)
        .map(|number| path.with_file_name(format!("{name}.corrupt-{number}")))
        .find(|free| !free.exists())
}
