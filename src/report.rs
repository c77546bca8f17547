//! The outputs of the commands without a screen, as JSON for scripts and in words for people.
//! Pure functions that return text; nothing is printed here.

use crate::insight::finding::{Finding, Severity};
use crate::insight::subvolume::{self, SubvolumeState};
use crate::model::{Fault, Snapshot, Stamp, VolumeName, VolumeState, VolumeStatus};

mod columns;
mod history;
mod json;
mod leftovers;
mod plan;
mod progress;
mod result;
mod table;

pub use history::{HistoryInput, history_json, history_table};
pub use json::{status_json, status_line};
pub use leftovers::{LeftoversInput, leftovers_json, leftovers_text};
pub use plan::{PlanInput, compare_json, compare_text, plan_json, plan_text};
pub use progress::{task_bar, task_line};
pub use result::{ChangeResult, End, result_json, stopped_text};
pub use table::status_table;

/// All that a report tells of.
#[derive(Debug, Clone, Copy)]
pub struct StatusInput<'a> {
    /// What is known.
    pub snapshot: &'a Snapshot,
    /// What follows from it.
    pub findings: &'a [Finding],
    /// Every question that failed.
    pub faults: &'a [Fault],
    /// The moment of the report.
    pub now: Stamp,
    /// Where the answers came from.
    pub source: Source,
    /// Only these volumes and what concerns them or the pool; empty for all.
    pub only: &'a [VolumeName],
}

/// Where the answers came from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Source {
    /// gluster on this node.
    Local,
    /// gluster on another host.
    Ssh,
    /// A simulated cluster.
    Demo,
}

impl Source {
    /// The word in the JSON.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Local => "local",
            Self::Ssh => "ssh",
            Self::Demo => "demo",
        }
    }
}

/// The cluster in one word.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Health {
    Ok,
    Warning,
    Critical,
    Unknown,
}

impl Health {
    fn as_str(self) -> &'static str {
        match self {
            Self::Ok => "ok",
            Self::Warning => "warning",
            Self::Critical => "critical",
            Self::Unknown => "unknown",
        }
    }
}

impl<'a> StatusInput<'a> {
    /// The volumes that were asked for by name but do not exist; none while no volume is known.
    pub fn missing(&self) -> impl Iterator<Item = &'a VolumeName> {
        let snapshot = self.snapshot;
        self.only
            .iter()
            .filter(move |name| snapshot.volumes.get().is_some() && snapshot.volume(name).is_none())
    }

    fn volumes(&self) -> impl Iterator<Item = &'a VolumeState> + use<'a> {
        let input = *self;
        let all = input.snapshot.volumes().iter().map(AsRef::as_ref);
        all.filter(move |state| input.selects(&state.volume.name))
    }

    /// Findings about the chosen volumes and about the pool.
    fn findings(&self) -> impl Iterator<Item = &'a Finding> + use<'a> {
        let input = *self;
        input.findings.iter().filter(move |finding| {
            let volume = finding.volume.as_ref();
            volume.is_none_or(|volume| input.selects(volume))
        })
    }

    fn selects(&self, volume: &VolumeName) -> bool {
        self.only.is_empty() || self.only.contains(volume)
    }

    /// The worst finding. Without one, all is well only if every chosen volume could be judged.
    fn health(&self) -> Health {
        let worst = self.findings().map(|finding| finding.severity).max();
        match worst {
            _ if self.snapshot.volumes.get().is_none() => Health::Unknown,
            Some(Severity::Critical) => Health::Critical,
            Some(Severity::Warning) => Health::Warning,
            _ if self.volumes().any(is_unclear) => Health::Unknown,
            Some(Severity::Info) | None => Health::Ok,
        }
    }
}

/// Whether too little is known of a volume to call it well.
fn is_unclear(state: &VolumeState) -> bool {
    match state.volume.status {
        VolumeStatus::Started => subvolume::worst(state) == SubvolumeState::Unknown,
        VolumeStatus::Unknown => true,
        VolumeStatus::Created | VolumeStatus::Stopped => false,
    }
}

#[cfg(test)]
mod tests;
