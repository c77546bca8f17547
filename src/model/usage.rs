//! How the use of bricks changed while a task ran: the second opinion beside its counters.

use std::collections::{BTreeMap, BTreeSet, VecDeque};

use jiff::Timestamp;

use super::BrickName;
use super::task::is_set_back;

/// Used bytes of each brick's file system over time.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Usage {
    bricks: BTreeMap<BrickName, VecDeque<(Timestamp, u64)>>,
    neighbours: Neighbours,
}

/// Which bricks lie together with those of other volumes, as of the latest look.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Neighbours {
    /// Their file systems also hold bricks of other volumes.
    pub shared: BTreeSet<BrickName>,
    /// Their nodes also hold bricks of other volumes, and on which file systems was not read.
    pub unseen: BTreeSet<BrickName>,
}

impl Usage {
    /// Half an hour of a drain, two of a rebalance.
    pub const CAPACITY: usize = 120;

    /// Adds a reading of one brick, in bytes. One that is not later than the last is dropped; but
    /// if the clock was set back since, the earlier ones are.
    pub fn push(&mut self, brick: &BrickName, at: Timestamp, used: u64) {
        let readings = self.bricks.entry(brick.clone()).or_default();
        match readings.back() {
            Some((last, _)) if is_set_back(*last, at) => readings.clear(),
            Some((last, _)) if at <= *last => return,
            _ => {}
        }
        if readings.len() == Self::CAPACITY {
            readings.pop_front();
        }
        readings.push_back((at, used));
    }

    /// The readings of one brick, oldest first.
    pub fn of(
        &self,
        brick: &BrickName,
    ) -> impl DoubleEndedIterator<Item = &(Timestamp, u64)> + ExactSizeIterator {
        self.bricks
            .get(brick)
            .map(VecDeque::iter)
            .unwrap_or_default()
    }

    /// Notes which bricks lie together with those of other volumes. It follows from the latest
    /// reading and need not be stored.
    pub fn set_neighbours(&mut self, neighbours: Neighbours) {
        self.neighbours = neighbours;
    }

    /// Which bricks lie together with those of other volumes.
    pub fn neighbours(&self) -> &Neighbours {
        &self.neighbours
    }

    /// Whether a brick's file system also holds bricks of other volumes: then its use tells
    /// nothing about this one.
    pub fn is_shared(&self, brick: &BrickName) -> bool {
        self.neighbours.shared.contains(brick)
    }

    /// The bricks that were read.
    pub fn bricks(&self) -> impl Iterator<Item = &BrickName> {
        self.bricks.keys()
    }
}

/// What lay on the leaving bricks of a remove-brick before it moved anything.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Baseline {
    /// Bytes in use, each leaving sub-volume counted once.
    pub used: u64,
    /// When that was known.
    pub at: Timestamp,
    /// Read before the first file moved; else worked out later from what was left and what had
    /// been moved until then.
    pub exact: bool,
}
