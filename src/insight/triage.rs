//! Why files failed: the lines of a rebalance log, grouped by cause.
//!
//! gluster writes several lines for one file that fails, the reason mostly in another line than
//! the verdict. So a file is counted once, with the best reason that any of its lines gives; a
//! file that was moved after all is not counted. What is not known here is kept as "other", with
//! its message id and an example: nothing that reports an error is left out.

use std::cmp::Reverse;
use std::collections::{BTreeMap, HashMap};

use jiff::{SignedDuration, Timestamp};

mod cause;
mod line;

pub use cause::Cause;

use cause::{Judged, Weight};
use line::LogLine;

/// Paths shown for each group.
pub const EXAMPLES: usize = 5;
/// Different kinds of "other" that are told apart.
const OTHERS: usize = 20;

/// What a log says.
#[derive(Debug, Clone, PartialEq)]
pub struct Triage {
    /// How much of the log was looked at.
    pub looked: Looked,
    /// When the process began whose lines these are; `None` when that line was not found: the
    /// log was rotated meanwhile, or its beginning cut.
    pub began: Option<Timestamp>,
    /// The causes, those with failed files first.
    pub groups: Vec<Group>,
    /// Files that were moved.
    pub moved: u64,
    /// Warnings that tell of no file that failed.
    pub warnings: u64,
    /// gluster's own count in the last line that has one.
    pub said: Option<Said>,
}

/// How much of a log was looked at.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Looked {
    /// Bytes, counted from the end of the log.
    pub bytes: u64,
    /// Bytes of the whole log.
    pub of: u64,
    /// Lines in them.
    pub lines: u64,
}

impl Looked {
    /// Whether the beginning of the log was left out.
    pub fn is_cut(self) -> bool {
        self.bytes < self.of
    }
}

/// What gluster counted by itself, on this node.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Said {
    /// Files and directories that failed.
    pub failures: u64,
    /// Files left where they are.
    pub skipped: u64,
}

/// One cause.
#[derive(Debug, Clone, PartialEq)]
pub struct Group {
    /// Which.
    pub cause: Cause,
    /// Files and directories that failed for it, each counted once.
    pub failed: u64,
    /// Those that were left where they are.
    pub skipped: u64,
    /// Lines that name no file.
    pub lines: u64,
    /// Up to [`EXAMPLES`] paths, in the order of the log.
    pub examples: Vec<String>,
    /// gluster's words, where the cause alone says too little.
    pub sample: Option<String>,
    /// The first and the last line; `None` where lines have no readable time.
    pub times: Option<(Timestamp, Timestamp)>,
}

impl Triage {
    /// Files and directories that failed.
    pub fn failed(&self) -> u64 {
        self.groups.iter().map(|group| group.failed).sum()
    }

    /// Files that were left where they are.
    pub fn skipped(&self) -> u64 {
        self.groups.iter().map(|group| group.skipped).sum()
    }
}

/// How far a run time may be off, which is told in whole seconds.
const SLACK: SignedDuration = SignedDuration::from_secs(1);

/// Reads the end of a log. `of` is the size of the whole.
///
/// Only the lines of one task count: those from the process on that ran at `since`, or from the
/// last one on where that is not known. A process that was started again, as after a reboot,
/// belongs to the same task.
pub fn triage(text: &str, of: u64, since: Option<Timestamp>) -> Triage {
    let mut heap = Heap::default();
    let mut lines = 0;
    for (order, raw) in text.lines().enumerate() {
        lines += 1;
        let Some(line) = line::parse(raw) else {
            continue;
        };
        if line.message.starts_with("Started running") {
            let began = line.at();
            let is_first = match (began, since) {
                (Some(began), Some(since)) => began <= since.saturating_add(SLACK).unwrap_or(since),
                _ => true,
            };
            if is_first {
                heap = Heap::default();
            }
            heap.began = heap.began.or(began);
        } else if heap.began.is_some() || since.is_none_or(|since| line.at() >= Some(since)) {
            heap.take(order, &line);
        }
    }
    let looked = Looked {
        bytes: text.len() as u64,
        of: of.max(text.len() as u64),
        lines,
    };
    heap.sort(looked)
}

/// What was found so far.
#[derive(Default)]
struct Heap<'a> {
    began: Option<Timestamp>,
    files: HashMap<&'a str, File>,
    /// Lines without a path.
    loose: BTreeMap<Cause, Loose<'a>>,
    moved: u64,
    warnings: u64,
    said: Option<Said>,
}

/// A path, with what its lines say.
struct File {
    /// The number of its first line.
    order: usize,
    failed: bool,
    /// Failed or skipped, or worth telling for another reason.
    counts: bool,
    best: Judged,
    /// Text of the line that the best reason comes from.
    words: String,
    times: Option<(Timestamp, Timestamp)>,
}

struct Loose<'a> {
    lines: u64,
    words: &'a str,
    times: Option<(Timestamp, Timestamp)>,
}

impl<'a> Heap<'a> {
    fn take(&mut self, order: usize, line: &LogLine<'a>) {
        if let Some(path) = line.completed() {
            self.moved += 1;
            self.files.remove(path);
            return;
        }
        if let Some(said) = line.said() {
            self.said = Some(said);
            return;
        }
        let Some(judged) = cause::judge(line) else {
            return;
        };
        let at = line.at();
        if let Some(path) = line.path() {
            let file = self.files.entry(path).or_insert_with(|| File {
                order,
                failed: false,
                counts: false,
                best: judged,
                words: line.message.to_owned(),
                times: None,
            });
            file.failed |= judged.weight == Weight::Failed;
            file.counts |= judged.weight != Weight::Hint;
            file.times = widen(file.times, at);
            if judged.is_better_than(file.best) {
                file.best = judged;
                line.message.clone_into(&mut file.words);
            }
        } else if judged.weight == Weight::Hint {
            self.warnings += 1;
        } else {
            let mut cause = judged.cause;
            let full = self.loose.len() >= OTHERS && !self.loose.contains_key(&cause);
            if full && matches!(cause, Cause::Other(_)) {
                cause = Cause::Other(None);
            }
            let loose = self.loose.entry(cause).or_insert(Loose {
                lines: 0,
                words: line.message,
                times: None,
            });
            loose.lines += 1;
            loose.times = widen(loose.times, at);
        }
    }

    fn sort(self, looked: Looked) -> Triage {
        let mut groups: BTreeMap<Cause, Group> = BTreeMap::new();
        let mut warnings = self.warnings;
        let lost = self.loose.get(&Cause::NotConnected);
        let lost = lost.and_then(|loose| loose.times);
        let mut files: Vec<_> = self.files.into_iter().collect();
        files.sort_by_key(|(_, file)| file.order);
        for (path, file) in files {
            if !file.counts {
                warnings += 1;
                continue;
            }
            let mut cause = file.best.cause;
            // The file that was under way when a brick went fails without a reason of its own.
            let after = file
                .times
                .zip(lost)
                .is_some_and(|(file, lost)| file.1 >= lost.0);
            if after && matches!(cause, Cause::Other(_)) {
                cause = Cause::NotConnected;
            }
            let group = group(&mut groups, cause, &file.words);
            if file.failed {
                group.failed += 1;
            } else {
                group.skipped += 1;
            }
            if group.examples.len() < EXAMPLES {
                group.examples.push(path.to_owned());
            }
            group.times = join(group.times, file.times);
        }
        for (cause, loose) in self.loose {
            let group = group(&mut groups, cause, loose.words);
            group.lines += loose.lines;
            group.times = join(group.times, loose.times);
        }
        let mut groups: Vec<Group> = groups.into_values().collect();
        groups.sort_by_key(|group| {
            let counts = (group.failed, group.skipped, group.lines);
            (Reverse(counts), group.cause)
        });
        Triage {
            looked,
            began: self.began,
            groups,
            moved: self.moved,
            warnings,
            said: self.said,
        }
    }
}

fn group<'g>(groups: &'g mut BTreeMap<Cause, Group>, cause: Cause, words: &str) -> &'g mut Group {
    groups.entry(cause).or_insert_with(|| Group {
        cause,
        failed: 0,
        skipped: 0,
        lines: 0,
        examples: Vec::new(),
        sample: matches!(cause, Cause::Other(_)).then(|| words.to_owned()),
        times: None,
    })
}

type Times = Option<(Timestamp, Timestamp)>;

fn widen(times: Times, at: Option<Timestamp>) -> Times {
    join(times, at.map(|at| (at, at)))
}

fn join(a: Times, b: Times) -> Times {
    match (a, b) {
        (Some((from, to)), Some((first, last))) => Some((from.min(first), to.max(last))),
        (one, other) => one.or(other),
    }
}

#[cfg(test)]
mod tests;
