//! Why a question or command has no good answer.

use crate::model::{Fault, FaultKind, Stamp};

/// A failure with its kind and one sentence: gluster's own text where it gave one.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{message}")]
pub struct Failure {
    /// What sort.
    pub kind: FaultKind,
    /// The sentence.
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
}
