//! Why a question or command has no good answer.

use crate::model::{Fault, FaultKind, Stamp};

pub(super) mod verdict;

/// A failure with its kind and one sentence: gluster's own text where it gave one.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{message}")]
pub struct Failure {
    /// What sort.
    pub kind: FaultKind,
    /// The sentence. gluster's own may have several lines, one for each peer.
    pub message: String,
}

impl Failure {
    /// A failure of this kind.
    pub fn new(kind: FaultKind, message: impl Into<String>) -> Self {
        Self {
            kind,
            message: message.into(),
        }
    }

    /// The same as a part of the picture, with the command line and the moment.
    pub fn into_fault(self, command: String, since: Stamp) -> Fault {
        Fault {
            kind: self.kind,
            command,
            message: self.message,
            since,
        }
    }

    /// Whether the node that was asked says that the volume has no such task.
    ///
    /// That is what a volume without a task answers, and also one whose task was stopped or whose
    /// finished task was dismissed. A remove-brick is no rebalance here: each is asked for by
    /// itself. The same sentence behind `Pre Validation failed on HOST.` comes from another node
    /// while the asked one does have the task, and is not meant.
    pub fn says_no_task(&self) -> bool {
        self.is_refusal(|text| {
            ["rebalance not started", "remove-brick not started"]
                .iter()
                .any(|said| text.starts_with(said))
        })
    }

    /// Whether the node that was asked says that the volume is not started.
    pub fn says_not_started(&self) -> bool {
        self.is_refusal(|text| {
            // No volume name has a blank in it.
            text.strip_prefix("volume ")
                .and_then(|rest| rest.split_once(' '))
                .is_some_and(|(_name, said)| {
                    [
                        "is not started",
                        "needs to be started",
                        "is not in the started state",
                    ]
                    .iter()
                    .any(|words| said.starts_with(words))
                })
        })
    }

    /// Whether a node says that an earlier task's process still runs there.
    ///
    /// A stop erases the task at once, but each process finishes its file first; until then its
    /// node refuses a new task. The sentence may come from another node, behind its own words.
    pub fn says_still_running(&self) -> bool {
        self.is_refusal(|text| {
            let started = text.contains("rebalance on ") && text.contains(" is already started");
            started || text.contains("is in progress. please retry after completion")
        })
    }

    fn is_refusal(&self, says: impl Fn(&str) -> bool) -> bool {
        self.kind == FaultKind::Refused && says(&self.message.to_ascii_lowercase())
    }
}

#[cfg(test)]
mod tests;
