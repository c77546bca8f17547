//! Volumes and their sub-volumes.

use std::collections::BTreeMap;
use std::fmt;

use super::{Brick, BrickName, VolumeName};

/// A volume's definition, as `volume info` gives it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Volume {
    /// Its name.
    pub name: VolumeName,
    /// Its UUID; empty when gluster did not say.
    pub id: String,
    /// Whether it serves data.
    pub status: VolumeStatus,
    /// How its bricks are grouped.
    pub layout: Layout,
    /// Bricks in definition order: each run of [`Layout::leaf`] is one sub-volume.
    pub bricks: Vec<Brick>,
    /// Options that were set; defaults are not listed.
    pub options: BTreeMap<String, String>,
}

/// Whether a volume serves data.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum VolumeStatus {
    /// Never started.
    Created,
    /// Serving.
    Started,
    /// Stopped by an admin.
    Stopped,
    /// A word that is not known here.
    Unknown,
}

impl VolumeStatus {
    /// gluster's word.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Created => "Created",
            Self::Started => "Started",
            Self::Stopped => "Stopped",
            Self::Unknown => "Unknown",
        }
    }
}

/// The counts that group bricks into sub-volumes. 0 and 1 both mean "not used".
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Hash)]
pub struct Layout {
    /// Copies of each file.
    pub replica: u32,
    /// How many of those copies hold no contents.
    pub arbiter: u32,
    /// Fragments of each file.
    pub disperse: u32,
    /// How many fragments may be lost.
    pub redundancy: u32,
    /// Stripes of each file (gone since release 6).
    pub stripe: u32,
}

impl Layout {
    /// Bricks of one sub-volume.
    ///
    /// Derived from the counts: gluster's `distCount` and type number change their meaning
    /// between releases.
    pub fn leaf(self) -> usize {
        let copies = if self.disperse > 0 {
            self.disperse
        } else {
            self.replica.max(1).saturating_mul(self.stripe.max(1))
        };
        copies as usize
    }

    /// How many bricks' worth of file contents one sub-volume holds.
    pub fn data_bricks(self) -> u64 {
        if self.disperse > 0 {
            u64::from(self.disperse.saturating_sub(self.redundancy).max(1))
        } else {
            u64::from(self.stripe.max(1))
        }
    }

    /// Bricks of one sub-volume that must be up for its data to be reachable.
    ///
    /// One copy is enough to read a replica set; whether writes need more depends on the
    /// client-side quorum, which is not visible from here.
    pub fn bricks_needed(self) -> usize {
        if self.disperse > 0 {
            self.disperse.saturating_sub(self.redundancy).max(1) as usize
        } else if self.stripe > 1 {
            self.stripe as usize
        } else {
            1
        }
    }
}

/// The family of a volume, in gluster's words.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum VolumeKind {
    /// Whole files spread over bricks.
    Distribute,
    /// One set of copies.
    Replicate,
    /// Files spread over sets of copies.
    DistributedReplicate,
    /// One set of fragments.
    Disperse,
    /// Files spread over sets of fragments.
    DistributedDisperse,
    /// The striped forms of old releases: shown, never changed by this program.
    Stripe,
}

impl VolumeKind {
    /// gluster's name.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Distribute => "Distribute",
            Self::Replicate => "Replicate",
            Self::DistributedReplicate => "Distributed-Replicate",
            Self::Disperse => "Disperse",
            Self::DistributedDisperse => "Distributed-Disperse",
            Self::Stripe => "Stripe",
        }
    }
}

/// A replica set, a disperse set, or a single brick of a distribute volume.
#[derive(Debug, Clone, Copy)]
pub struct Subvolume<'a> {
    /// From 0, in definition order.
    pub index: usize,
    /// Its bricks.
    pub bricks: &'a [Brick],
    volume: &'a Volume,
}

impl Subvolume<'_> {
    /// gluster's own name of it, as in its volume files: `media-replicate-2`.
    pub fn name(&self) -> String {
        let word = match self.volume.kind() {
            VolumeKind::Distribute => "client",
            VolumeKind::Replicate | VolumeKind::DistributedReplicate => "replicate",
            VolumeKind::Disperse | VolumeKind::DistributedDisperse => "disperse",
            VolumeKind::Stripe => "stripe",
        };
        format!("{}-{word}-{}", self.volume.name, self.index)
    }
}

impl Volume {
    /// The family, derived from the layout: release 11.0 names some volumes wrongly.
    pub fn kind(&self) -> VolumeKind {
        let many = self.bricks.len() > self.layout.leaf();
        if self.layout.stripe > 1 {
            VolumeKind::Stripe
        } else if self.layout.disperse > 0 {
            if many {
                VolumeKind::DistributedDisperse
            } else {
                VolumeKind::Disperse
            }
        } else if self.layout.replica > 1 {
            if many {
                VolumeKind::DistributedReplicate
            } else {
                VolumeKind::Replicate
            }
        } else {
            VolumeKind::Distribute
        }
    }

    /// `3 x 3`, `1 x (4 + 2)`, `2 x (2 + 1)`; the brick count for a distribute volume.
    pub fn shape(&self) -> String {
        let sets = self.subvolume_count();
        let Layout {
            replica,
            arbiter,
            disperse,
            redundancy,
            ..
        } = self.layout;
        match self.kind() {
            VolumeKind::Distribute | VolumeKind::Stripe => self.bricks.len().to_string(),
            VolumeKind::Disperse | VolumeKind::DistributedDisperse => {
                format!(
                    "{sets} x ({} + {redundancy})",
                    disperse.saturating_sub(redundancy)
                )
            }
            _ if arbiter > 0 => {
                format!("{sets} x ({} + {arbiter})", replica.saturating_sub(arbiter))
            }
            _ => format!("{sets} x {replica}"),
        }
    }

    /// Sub-volumes in order. A last, incomplete group (never seen) is a sub-volume too.
    pub fn subvolumes(&self) -> impl Iterator<Item = Subvolume<'_>> + Clone {
        self.bricks
            .chunks(self.layout.leaf())
            .enumerate()
            .map(|(index, bricks)| Subvolume {
                index,
                bricks,
                volume: self,
            })
    }

    /// One of them, without a walk over those before it.
    pub fn subvolume(&self, index: usize) -> Option<Subvolume<'_>> {
        let bricks = self.bricks.chunks(self.layout.leaf()).nth(index)?;
        Some(Subvolume {
            index,
            bricks,
            volume: self,
        })
    }

    /// How many sub-volumes.
    pub fn subvolume_count(&self) -> usize {
        self.bricks.len().div_ceil(self.layout.leaf())
    }

    /// The index of the sub-volume that holds a brick.
    pub fn subvolume_of(&self, brick: &BrickName) -> Option<usize> {
        let at = self.bricks.iter().position(|b| b.name == *brick)?;
        Some(at / self.layout.leaf())
    }

    /// Whether files are spread over more than one sub-volume, so that there is something to
    /// rebalance.
    pub fn is_distributed(&self) -> bool {
        self.subvolume_count() > 1
    }

    /// The throttle of its data movers.
    pub fn throttle(&self) -> Throttle {
        self.options
            .get(Throttle::OPTION)
            .map_or(Throttle::Normal, |value| Throttle::parse(value))
    }
}

/// How many files each node migrates at a time: `cluster.rebal-throttle`.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum Throttle {
    /// One at a time.
    Lazy,
    /// Two at a time; gluster's default.
    Normal,
    /// By CPU count.
    Aggressive,
    /// A number of threads, which gluster accepts too.
    Other(String),
}

impl Throttle {
    /// The option's key.
    pub const OPTION: &'static str = "cluster.rebal-throttle";

    /// Reads the option's value.
    pub fn parse(value: &str) -> Self {
        match value {
            "lazy" => Self::Lazy,
            "normal" => Self::Normal,
            "aggressive" => Self::Aggressive,
            other => Self::Other(other.to_owned()),
        }
    }
}

impl fmt::Display for Throttle {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Lazy => "lazy",
            Self::Normal => "normal",
            Self::Aggressive => "aggressive",
            Self::Other(value) => value,
        })
    }
}

#[cfg(test)]
mod tests;
