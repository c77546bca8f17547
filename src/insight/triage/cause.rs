//! What one line says about the file it names.

use std::fmt;

use super::line::LogLine;

/// Why files were not moved. The order is the order of preference where lines of one file name
/// several reasons: what says most comes first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Cause {
    /// A directory could not be read, or its layout not be set.
    Directory,
    /// The file is on two sub-volumes.
    TwoCopies,
    /// It has hard links.
    HardLinks,
    /// It is locked, or open in a way that forbids moving it.
    Locked,
    /// The destination is fuller than the source.
    Fuller,
    /// Every brick is at the reserve that `cluster.min-free-disk` keeps.
    MinFreeDisk,
    /// The destination is full.
    NoSpace,
    /// A brick was out of reach.
    NotConnected,
    /// The brick's file system forbids it.
    Permission,
    /// It was removed or replaced while it was moved.
    Gone,
    /// Not known here, by its message id.
    Other(Option<u32>),
}

impl Cause {
    /// In a few words, to follow a count of files.
    pub fn title(self) -> &'static str {
        match self {
            Self::Directory => "directory could not be processed",
            Self::TwoCopies => "found on two sub-volumes",
            Self::HardLinks => "hard links",
            Self::Locked => "locked, or already being moved",
            Self::Fuller => "destination fuller than the source",
            Self::MinFreeDisk => "no brick with room above cluster.min-free-disk",
            Self::NoSpace => "no space left on the destination",
            Self::NotConnected => "a brick was not connected",
            Self::Permission => "not permitted",
            Self::Gone => "gone, or replaced while it was moved (stale handle)",
            Self::Other(_) => "other",
        }
    }

    /// In two or three words, for a line that names several.
    pub fn short(self) -> &'static str {
        match self {
            Self::Directory => "directories",
            Self::TwoCopies => "on two sub-volumes",
            Self::HardLinks => "hard links",
            Self::Locked => "locked",
            Self::Fuller => "fuller destination",
            Self::MinFreeDisk => "min-free-disk",
            Self::NoSpace => "no space left",
            Self::NotConnected => "not connected",
            Self::Permission => "not permitted",
            Self::Gone => "gone meanwhile",
            Self::Other(_) => "other",
        }
    }

    /// What can be done about it, in one line.
    pub fn advice(self) -> &'static str {
        match self {
            Self::Directory => {
                "One directory hides every file below it: check that all bricks are online, then start the task again."
            }
            Self::TwoCopies => {
                "Look at both copies on their bricks before anything is committed or deleted: only one of them is the file."
            }
            Self::HardLinks => {
                "A rebalance leaves linked files where they are, which is harmless. On a leaving brick, copy them through a mount."
            }
            Self::Locked => {
                "End the program that holds the lock, or wait for it, then start the task again."
            }
            Self::Fuller => {
                "Expected without force: a rebalance moves no file to a brick with less room. Force would, and fills that brick."
            }
            Self::MinFreeDisk => {
                "Add bricks or free space; the volume's option cluster.min-free-disk is the reserve that each brick keeps."
            }
            Self::NoSpace => {
                "Free space on the bricks that stay, or add bricks; then start the task again. Do not commit meanwhile."
            }
            Self::NotConnected => {
                "Bring the brick back (gluster volume start VOLUME force), then start the task again: it ends when one is lost."
            }
            Self::Permission => {
                "Look at the file on its brick: an immutable flag (lsattr), SELinux, or a file system mounted read-only."
            }
            Self::Gone => {
                "Mostly files that clients deleted or renamed meanwhile: nothing to do if they are gone. Else start the task again."
            }
            Self::Other(_) => "gluster's own words say more; the log has all lines around them.",
        }
    }

    fn is_other(self) -> bool {
        matches!(self, Self::Other(_))
    }
}

impl fmt::Display for Cause {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Other(Some(id)) => write!(f, "other (MSGID {id})"),
            cause => f.write_str(cause.title()),
        }
    }
}

/// What a line means for the file it names.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Weight {
    /// It tells more about a file of which another line says that it failed.
    Hint,
    /// The file stays where it is, or is otherwise worth a look.
    Noted,
    /// The file failed.
    Failed,
}

/// A judged line.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Judged {
    pub(super) cause: Cause,
    pub(super) weight: Weight,
    /// The sentence itself names the cause, not just the error at its end.
    is_outright: bool,
}

impl Judged {
    pub(super) fn is_better_than(self, other: Self) -> bool {
        let rank = |judged: Self| {
            (
                judged.cause.is_other(),
                !judged.is_outright,
                judged.weight == Weight::Hint,
                judged.cause,
            )
        };
        rank(self) < rank(other)
    }
}

/// The message id of a brick that refused an operation.
const REMOTE: u32 = 114_031;

/// Judges a line; `None` for one that reports no trouble.
pub(super) fn judge(line: &LogLine<'_>) -> Option<Judged> {
    let text = line.message.to_lowercase();
    let skips = text.contains("skipped for") || text.contains("skipping file");
    let (cause, is_outright) = cause(line, &text);
    let weight = match line.level {
        // A brick's answer to one step; the mover may do without it, and says so if not.
        'E' if line.id == Some(REMOTE) && line.path().is_some() => Weight::Hint,
        'E' | 'C' | 'A' | 'M' => Weight::Failed,
        _ if skips => Weight::Noted,
        // A lost brick ends the run, and two copies need an eye: both are only warnings.
        'W' if matches!(
            cause,
            Cause::NotConnected | Cause::TwoCopies | Cause::Directory
        ) =>
        {
            Weight::Noted
        }
        // Releases up to 3.4 warn of a fuller destination, and say nothing more.
        'W' if cause == Cause::Fuller => Weight::Noted,
        'W' => Weight::Hint,
        _ => return None,
    };
    Some(Judged {
        cause,
        weight,
        is_outright,
    })
}

/// Parts of sentences, in small letters, that name a cause outright.
const SENTENCES: &[(&str, Cause)] = &[
    ("fix layout", Cause::Directory),
    ("fix-layout", Cause::Directory),
    ("settle hash failed", Cause::Directory),
    ("setxattr failed", Cause::Directory),
    ("process_dir failed", Cause::Directory),
    ("failed to open dir", Cause::Directory),
    ("readdirp failed", Cause::Directory),
    ("failed to set commit hash", Cause::Directory),
    ("multiple subvolumes", Cause::TwoCopies),
    ("hardlink", Cause::HardLinks),
    ("file with link", Cause::HardLinks),
    ("nlink", Cause::HardLinks),
    ("file has locks", Cause::Locked),
    ("lock count", Cause::Locked),
    ("under migration", Cause::Locked),
    ("lower disk space", Cause::Fuller),
    ("lesser disk space", Cause::Fuller),
    ("due to space constraints", Cause::Fuller),
    ("subvol with space accommodating", Cause::MinFreeDisk),
    ("child_down", Cause::NotConnected),
    ("subvolumes are down", Cause::NotConnected),
];

/// The same for the error at the end of a line, or inside it.
const ERRORS: &[(&str, Cause)] = &[
    ("no space left", Cause::NoSpace),
    ("not connected", Cause::NotConnected),
    ("disconnected from", Cause::NotConnected),
    ("connection refused", Cause::NotConnected),
    ("connection reset", Cause::NotConnected),
    ("permission denied", Cause::Permission),
    ("not permitted", Cause::Permission),
    ("read-only file system", Cause::Permission),
    ("stale file handle", Cause::Gone),
    ("stale nfs file handle", Cause::Gone),
    ("no such file or directory", Cause::Gone),
];

/// The message ids that stand for a cause, whatever the words of a release are.
const IDS: &[(u32, Cause)] = &[(109_007, Cause::TwoCopies), (109_070, Cause::NotConnected)];

fn cause(line: &LogLine<'_>, text: &str) -> (Cause, bool) {
    let named = |list: &[(&str, Cause)], text: &str| {
        let hit = list.iter().find(|(part, _)| text.contains(part));
        hit.map(|(_, cause)| *cause)
    };
    // A path may hold any of these words; what is judged is the sentence around it.
    let around = match line.path() {
        Some(path) => text.replacen(&path.to_lowercase(), "", 1),
        None => text.to_owned(),
    };
    let by_id = IDS.iter().find(|(id, _)| line.id == Some(*id));
    if let Some(cause) = named(SENTENCES, &around).or(by_id.map(|(_, cause)| *cause)) {
        return (cause, true);
    }
    let error = line.error.unwrap_or_default().to_lowercase();
    let cause = named(ERRORS, &error).or_else(|| named(ERRORS, &around));
    (cause.unwrap_or(Cause::Other(line.id)), false)
}
