//! What can go wrong with a question or a command, in kinds that scripts may rely on.

use std::fmt;

use super::Stamp;

/// A failed reading or command: kind, sentence, and since when.
#[derive(Debug, Clone, PartialEq)]
pub struct Fault {
    /// What sort of failure.
    pub kind: FaultKind,
    /// The command line that failed, as it was run.
    pub command: String,
    /// The sentence: gluster's own text where it gave one.
    pub message: String,
    /// The first failure of this kind in a row.
    pub since: Stamp,
}

/// The kinds of `errors[].kind` in the status JSON: a promise to scripts.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum FaultKind {
    /// There is no gluster program.
    NotFound,
    /// gluster cannot be asked by this user.
    Permission,
    /// glusterd does not answer on its socket.
    DaemonDown,
    /// Another transaction holds a lock.
    Busy,
    /// No answer in time; the command may still be going on inside glusterd.
    Timeout,
    /// gluster understood and said no.
    Refused,
    /// The answer was not XML, cut short, or of the wrong sort.
    BadOutput,
    /// The process could not be started or watched.
    Spawn,
}

impl FaultKind {
    /// The word in the JSON.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::NotFound => "not-found",
            Self::Permission => "permission",
            Self::DaemonDown => "daemon-down",
            Self::Busy => "busy",
            Self::Timeout => "timeout",
            Self::Refused => "refused",
            Self::BadOutput => "bad-output",
            Self::Spawn => "spawn",
        }
    }

    /// What an admin can do about it, in one sentence.
    pub fn advice(self) -> &'static str {
        match self {
            Self::NotFound => {
                "Install glusterfs-server here, name the program with --gluster, or look around with glustop --demo."
            }
            Self::Permission => "gluster needs root: sudo glustop.",
            Self::DaemonDown => {
                "Look: systemctl status glusterd. Bricks, mounts and running tasks go on without it."
            }
            Self::Busy => {
                "Another gluster command holds the lock. This one did nothing; it can go ahead when that one is over."
            }
            Self::Timeout => {
                "A peer or a brick does not answer; gluster may hold the lock for up to 3 minutes more, and may still carry out a change: look before trying it again."
            }
            Self::Refused => {
                "gluster's own sentence says why. Where it names a node, the others may have carried out a change: look before trying it again."
            }
            Self::BadOutput => {
                "The answer could not be read; what was known before still stands. A change may have been carried out: look before trying it again."
            }
            Self::Spawn => {
                "The program could not be run, or not to its end: check memory, limits and the path, and look before a change is tried again."
            }
        }
    }
}

impl fmt::Display for FaultKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_may_have_changed_the_cluster_is_never_called_harmless() {
        for kind in [
            FaultKind::Timeout,
            FaultKind::Refused,
            FaultKind::BadOutput,
            FaultKind::Spawn,
        ] {
            let advice = kind.advice();
            assert!(advice.contains("look before"), "{kind}: {advice}");
            assert!(!advice.contains("nothing was changed"), "{kind}: {advice}");
        }
    }
}
