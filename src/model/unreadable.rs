//! Why something on this node's own disks could not be read.

use std::fmt;

/// A file or directory that could not be read: where, and why.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Unreadable {
    /// The path, as text for people.
    pub path: String,
    /// What sort of obstacle.
    pub kind: UnreadableKind,
}

/// The obstacles. [`as_str`](Self::as_str) is a promise to scripts.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum UnreadableKind {
    /// It does not exist.
    Missing,
    /// This user may not read it.
    Permission,
    /// It is no regular file, or no directory.
    NotUsable,
    /// A directory without gluster's own files: no brick, or its file system is not mounted.
    NotABrick,
    /// A volume's name that is none: it would lead out of the log directory.
    BadName,
    /// No answer from the disk in time.
    Slow,
    /// Anything else, in the system's words.
    Io(String),
}

impl UnreadableKind {
    /// The word in the JSON.
    pub fn as_str(&self) -> &'static str {
        match self {
            Self::Missing => "missing",
            Self::Permission => "permission",
            Self::NotUsable => "not-usable",
            Self::NotABrick => "not-a-brick",
            Self::BadName => "bad-name",
            Self::Slow => "slow",
            Self::Io(_) => "io",
        }
    }

    /// What can be done about it.
    pub fn advice(&self) -> &'static str {
        match self {
            Self::Missing => {
                "If gluster keeps its logs or this brick elsewhere, name the place; a node that never took part has no log."
            }
            Self::Permission => "Files of gluster are for root: sudo glustop.",
            Self::NotUsable => "Look at it by hand: something else stands in its place.",
            Self::NotABrick => {
                "Check that the brick's file system is mounted: an empty mount point is not an empty brick."
            }
            Self::BadName => "Volume names have no slash.",
            Self::Slow => {
                "The disk does not answer: look at dmesg, and at what else reads from it."
            }
            Self::Io(_) => "The system's words say why; dmesg may say more.",
        }
    }
}

impl fmt::Display for Unreadable {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let path = &self.path;
        match &self.kind {
            UnreadableKind::Missing => write!(f, "{path} does not exist"),
            UnreadableKind::Permission => write!(f, "{path} may not be read by this user"),
            UnreadableKind::NotUsable => write!(f, "{path} is not a regular file or directory"),
            UnreadableKind::NotABrick => {
                write!(f, "{path} has no .glusterfs: no brick, or not mounted")
            }
            UnreadableKind::BadName => write!(f, "{path} is no name of a log"),
            UnreadableKind::Slow => write!(f, "{path} gave no answer in time"),
            UnreadableKind::Io(words) => write!(f, "{path}: {words}"),
        }
    }
}
