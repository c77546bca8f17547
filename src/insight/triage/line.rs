//! One line of a gluster log, taken apart.
//!
//! ```text
//! [2026-11-23 09:00:08.490602 +0000] E [MSGID: 109023] [file.c:2875:function] 0-v-dht: words [error]
//! ```
//!
//! Releases below 10 write the time without an offset, in UTC; the id may be missing, and so may
//! the error. Names of files stand in the middle of the words, unquoted, and may hold anything.

use jiff::Timestamp;
use jiff::civil::DateTime;
use jiff::tz::TimeZone;

use super::Said;

/// A line that has a time and a level.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct LogLine<'a> {
    stamp: &'a str,
    /// `I`, `W`, `E` and so on.
    pub(super) level: char,
    /// The message id; 0 stands for none.
    pub(super) id: Option<u32>,
    /// The words, without the error at their end.
    pub(super) message: &'a str,
    /// The error at the end, in words.
    pub(super) error: Option<&'a str>,
}

/// Takes a line apart; `None` for what is not the beginning of a message.
pub(super) fn parse(line: &str) -> Option<LogLine<'_>> {
    let (stamp, rest) = line.strip_prefix('[')?.split_once("] ")?;
    if !stamp.starts_with(|c: char| c.is_ascii_digit()) {
        return None;
    }
    let mut chars = rest.chars();
    let level = chars.next().filter(char::is_ascii_uppercase)?;
    let mut rest = chars.as_str().strip_prefix(' ')?;
    let mut id = None;
    if let Some((number, after)) = rest
        .strip_prefix("[MSGID: ")
        .and_then(|rest| rest.split_once("] "))
    {
        id = number.parse().ok().filter(|id| *id != 0);
        rest = after;
    }
    if let Some((_, after)) = rest
        .strip_prefix('[')
        .and_then(|rest| rest.split_once("] "))
    {
        rest = after;
    }
    if rest.starts_with("(-->") {
        rest = rest.split_once(") 0-").map_or(rest, |(_, after)| after);
    }
    let words = rest.split_once(": ").map_or(rest, |(_, words)| words);
    let (message, error) = split_error(words.trim());
    Some(LogLine {
        stamp,
        level,
        id,
        message,
        error,
    })
}

/// `allocate failed for /a on v-client-1 [No space left on device]`, and the form of later
/// releases, `[{errno=28}, {error=No space left on device}]`.
fn split_error(words: &str) -> (&str, Option<&str>) {
    if let Some((_, rest)) = words.rsplit_once("{error=") {
        return (words, rest.split('}').next());
    }
    let end = words
        .strip_suffix(']')
        .and_then(|words| words.rsplit_once(" ["));
    match end {
        // The system's errors begin with a capital. Anything else may be the end of a name.
        Some((message, error)) if error.starts_with(|c: char| c.is_ascii_uppercase()) => {
            (message, Some(error))
        }
        _ => (words, None),
    }
}

/// What stands before a path, and what may stand behind it. Without anything behind it, the path
/// goes to the end. The first that fits counts.
const PLACES: &[(&str, &[&str])] = &[
    ("name:(", &[")} would"]),
    ("disk space (", &[")"]),
    ("{path=", &["}, {gfid=", "}, {errno=", "}]"]),
    (
        "file - ",
        &[". flag - ", ". Consider adding", " on subvol - "],
    ),
    ("file - ", &[]),
    ("have file ", &[" (preferably"]),
    ("Migration skipped for:", &[": file has"]),
    ("File migration skipped for ", &[]),
    ("migrate-data skipped for hardlink ", &[]),
    ("migrate-data skipped for ", &[" due to"]),
    ("migrate-data failed for ", &[]),
    ("failed to lookup ", &[" on "]),
    ("failed to fstat file ", &[" on "]),
    ("failed to open file ", &[" on "]),
    ("Failed to open dir ", &[", err:"]),
    ("failed to open ", &[" on "]),
    ("failed to create linkto file on ", &[" in "]),
    ("failed to create ", &[" on "]),
    ("failed to set xattr on ", &[" in "]),
    ("failed to set mode on ", &[" in "]),
    ("allocate failed for ", &[" on "]),
    ("chown failed for ", &[" on "]),
    ("statfs of ", &[" on "]),
    ("locks will be migrated for file: ", &[]),
    ("getactivelk failed for file: ", &[]),
    ("lookup failed for:", &[]),
    ("fix layout on ", &[" failed"]),
    ("layout failed for ", &[]),
    ("etxattr failed for ", &[]),
    ("hash failed for ", &[]),
    ("for directory: ", &[]),
    ("for path ", &[". Aborting"]),
    ("Dir:", &[" renamed or removed"]),
    ("Dir ", &[" renamed or removed"]),
];

/// What follows a path that begins the words, or that comes after `Migrate file failed:`.
const AFTER: &[&str] = &[
    ": failed",
    ": Failed",
    ": lookup",
    ": removexattr",
    ": migrate-file",
    ": unlink",
    ": mknod",
    ": fd create",
    ": file ",
    ": File ",
    ": creating",
    ": readlink",
    ": Unable",
    ": attempting",
    " lookup failed",
];

impl<'a> LogLine<'a> {
    /// When it was written.
    pub(super) fn at(&self) -> Option<Timestamp> {
        let mut parts = self.stamp.split(' ');
        let (date, time) = (parts.next()?, parts.next()?);
        match parts.next() {
            // `+0000` is not how anybody else writes an offset.
            Some(offset) if offset.len() == 5 => {
                let (hours, minutes) = offset.split_at_checked(3)?;
                format!("{date}T{time}{hours}:{minutes}").parse().ok()
            }
            _ => {
                let civil: DateTime = format!("{date}T{time}").parse().ok()?;
                Some(civil.to_zoned(TimeZone::UTC).ok()?.timestamp())
            }
        }
    }

    /// The path it is about, as seen from the volume's root.
    pub(super) fn path(&self) -> Option<&'a str> {
        let words = self.message;
        let found = PLACES.iter().find_map(|(before, behind)| {
            let (_, rest) = words.split_once(before)?;
            cut(rest.trim_start(), behind)
        });
        let begins = || {
            let rest = words.strip_prefix("Migrate file failed").unwrap_or(words);
            let rest = rest.strip_prefix("migrate file failed").unwrap_or(rest);
            let rest = rest.trim_start_matches([':', ' ']);
            // A path that goes to the end is nothing that gluster writes here.
            let end = AFTER.iter().filter_map(|after| rest.find(after)).min()?;
            rest.get(..end).filter(|path| path.starts_with('/'))
        };
        found.or_else(begins).filter(|path| !path.is_empty())
    }

    /// The path of a file that was moved.
    pub(super) fn completed(&self) -> Option<&'a str> {
        let (_, rest) = self.message.split_once("completed migration of ")?;
        Some(rest.rsplit_once(" from subvolume ")?.0)
    }

    /// gluster's own count, which it writes at the end and whenever it is asked.
    pub(super) fn said(&self) -> Option<Said> {
        if !self.message.starts_with("Files migrated: ")
            && !self.message.starts_with("Rebalance is ")
        {
            return None;
        }
        let number = |name: &str| {
            let (_, rest) = self.message.split_once(name)?;
            rest.split(',').next()?.trim().parse().ok()
        };
        Some(Said {
            failures: number("failures: ")?,
            skipped: number("skipped: ")?,
        })
    }
}

/// The path at the beginning of `rest`, up to the last of what may stand behind it.
fn cut<'a>(rest: &'a str, behind: &[&str]) -> Option<&'a str> {
    let path = if behind.is_empty() {
        rest.strip_suffix('.').unwrap_or(rest)
    } else {
        let ends = behind
            .iter()
            .filter_map(|end| rest.rsplit_once(end))
            .map(|(path, _)| path);
        ends.min_by_key(|path| path.len())?
    };
    let path = path.trim_end();
    path.starts_with('/').then_some(path)
}
