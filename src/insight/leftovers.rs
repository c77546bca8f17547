//! What is still on leaving bricks: where to look, and what a look means.
//!
//! A brick that was drained keeps its directories, gluster's own `.glusterfs` and link files, which
//! only point elsewhere. Anything else on it is a file that a commit would take out of the volume.

use crate::model::{BrickName, Snapshot, TaskKind, Unreadable, VolumeName, VolumeState};

/// Example paths that are kept of each brick.
pub const EXAMPLES: usize = 20;
/// Directories that are named for each brick, those with most files.
pub const DIRECTORIES: usize = 5;

/// What was found on one brick. Everything is "at least" unless [`is_whole`](Self::is_whole).
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Count {
    /// Regular files that are no link files.
    pub files: u64,
    /// Their bytes, as their sizes say.
    pub bytes: u64,
    /// Symbolic links, devices, pipes and sockets: they hold no bytes, but are lost just the same.
    pub specials: u64,
    /// Link files: they only point to another brick.
    pub link_files: u64,
    /// Files by directory, the largest counts first.
    pub directories: Vec<(String, u64)>,
    /// The first paths found, seen from the volume's root.
    pub examples: Vec<String>,
    /// Directories and files that could not be judged: unreadable, or on another file system.
    pub unread: u64,
    /// Why the look ended early.
    pub cut: Option<Cut>,
}

/// Why a look ended early.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Cut {
    /// More entries than are looked at.
    Entries,
    /// Out of time.
    Time,
    /// Nobody wants the answer any more.
    Cancelled,
}

impl Cut {
    /// The word in the JSON.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Entries => "entries",
            Self::Time => "time",
            Self::Cancelled => "cancelled",
        }
    }
}

/// What a look at a brick means for a commit.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Verdict {
    /// Looked at everywhere, and nothing is left.
    Empty,
    /// Nothing was found, but not everything was seen.
    Unknown,
    /// Something is left.
    Left,
}

impl Verdict {
    /// The word in the JSON.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Empty => "empty",
            Self::Unknown => "unknown",
            Self::Left => "left",
        }
    }
}

impl Count {
    /// Whether everything was looked at.
    pub fn is_whole(&self) -> bool {
        self.cut.is_none() && self.unread == 0
    }

    /// Files and special files.
    pub fn left(&self) -> u64 {
        self.files.saturating_add(self.specials)
    }

    /// What it means.
    pub fn verdict(&self) -> Verdict {
        match (self.left(), self.is_whole()) {
            (0, true) => Verdict::Empty,
            (0, false) => Verdict::Unknown,
            _ => Verdict::Left,
        }
    }
}

/// One brick and what became of looking at it.
pub type Looked = (BrickName, Result<Count, Unreadable>);

/// What a look at all bricks of this node means: a single file is enough to say so, and a single
/// brick that could not be seen makes the rest unknown. Nothing to look at is unknown too.
pub fn verdict(looked: &[Looked]) -> Verdict {
    let of = |result: &Result<Count, Unreadable>| {
        result.as_ref().map_or(Verdict::Unknown, Count::verdict)
    };
    let worst = looked.iter().map(|(_, result)| of(result)).max();
    worst.unwrap_or(Verdict::Unknown)
}

/// The leaving bricks of a volume, by who can look at them.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Places {
    /// Those of the node that was asked.
    pub here: Vec<BrickName>,
    /// Those of other nodes, and those whose node is not known.
    pub elsewhere: Vec<BrickName>,
}

impl Places {
    /// The other nodes, each once.
    pub fn nodes(&self) -> Vec<&str> {
        let mut nodes: Vec<&str> = Vec::new();
        for brick in &self.elsewhere {
            if !nodes.contains(&brick.host()) {
                nodes.push(brick.host());
            }
        }
        nodes
    }
}

/// The bricks that an uncommitted remove-brick of the volume names; `None` when there is none.
pub fn places(snapshot: &Snapshot, state: &VolumeState) -> Option<Places> {
    let task = state
        .task()
        .filter(|task| task.kind == TaskKind::RemoveBrick)?;
    Some(split(snapshot, state, &task.bricks))
}

/// Sorts bricks by whether they are of the node that was asked.
pub fn split(snapshot: &Snapshot, state: &VolumeState, bricks: &[BrickName]) -> Places {
    let local = snapshot.peers().iter().find(|peer| peer.is_local);
    let is_here = |name: &BrickName| {
        let brick = state.volume.bricks.iter().find(|brick| brick.name == *name);
        let peer = brick.and_then(|brick| brick.peer.as_ref());
        peer.is_some() && peer == local.map(|peer| &peer.id)
    };
    let (here, elsewhere) = bricks.iter().cloned().partition(|name| is_here(name));
    Places { here, elsewhere }
}

/// The command to run on another node.
pub fn command(volume: &VolumeName) -> String {
    format!("glustop leftovers {volume}")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::insight::testing;
    use crate::model::UnreadableKind;

    fn count(files: u64, unread: u64, cut: Option<Cut>) -> Count {
        Count {
            files,
            unread,
            cut,
            ..Count::default()
        }
    }

    #[test]
    fn what_was_not_seen_is_never_empty() {
        assert_eq!(count(0, 0, None).verdict(), Verdict::Empty);
        assert_eq!(count(0, 1, None).verdict(), Verdict::Unknown);
        assert_eq!(count(0, 0, Some(Cut::Time)).verdict(), Verdict::Unknown);
        assert_eq!(count(3, 0, Some(Cut::Time)).verdict(), Verdict::Left);
        let link = Count {
            specials: 1,
            ..Count::default()
        };
        assert_eq!(link.verdict(), Verdict::Left, "a symbolic link is lost too");
    }

    #[test]
    fn one_brick_in_the_dark_darkens_all() {
        let seen = |files| (BrickName::new("a:/b"), Ok(count(files, 0, None)));
        let dark = Unreadable {
            path: "/c".into(),
            kind: UnreadableKind::NotABrick,
        };
        let dark = (BrickName::new("a:/c"), Err(dark));
        assert_eq!(verdict(&[]), Verdict::Unknown);
        assert_eq!(verdict(&[seen(0), seen(0)]), Verdict::Empty);
        assert_eq!(verdict(&[seen(0), dark.clone()]), Verdict::Unknown);
        assert_eq!(verdict(&[dark, seen(2)]), Verdict::Left);
    }

    #[test]
    fn only_bricks_of_the_asked_node_are_here() {
        let mut state = testing::volume("media", testing::distribute(), 3);
        let bricks: Vec<_> = state.volume.bricks.iter().map(|b| b.name.clone()).collect();
        let mut snapshot = testing::snapshot(vec![state.clone()]);
        let places = split(&snapshot, &state, &bricks);
        assert_eq!(places.here, bricks[..1]);
        assert_eq!(places.nodes(), ["gl-02", "gl-03"]);
        assert_eq!(super::places(&snapshot, &state), None, "no remove-brick");
        // A brick whose node is not known is nobody's: least of all ours.
        std::sync::Arc::make_mut(&mut state.volume).bricks[0].peer = None;
        snapshot.peers = crate::model::Part::default();
        assert_eq!(split(&snapshot, &state, &bricks).here, []);
    }
}
