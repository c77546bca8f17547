//! What is remembered beyond a run of the program: tasks with how they ended, and every change
//! that was asked of gluster.

use std::time::Duration;

use jiff::Timestamp;

use super::{Ending, Task, TaskId, VolumeName};

/// A task, as it was last seen.
#[derive(Debug, Clone, PartialEq)]
pub struct TaskRecord {
    /// Whose.
    pub volume: VolumeName,
    /// Its last counters. The trails are left out of a history.
    pub task: Task,
    /// Wall clock of the reading that they are from.
    pub last_seen: Timestamp,
    /// How it ended and when that was noticed, or when it was last read where nobody saw the end;
    /// `None` while gluster lists it.
    pub ended: Option<(Ending, Timestamp)>,
    /// Who began it, where that was done from a glustop that shares this history.
    pub started_by: Option<String>,
}

/// Who changes the cluster.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Who {
    /// The user whose rights are used.
    pub user: String,
    /// The user behind sudo.
    pub sudo_user: Option<String>,
    /// The other end of the ssh session, as sshd tells it: addresses and ports.
    pub ssh_connection: Option<String>,
}

impl Who {
    /// The person, as far as is known: whoever is behind sudo, else the user.
    pub fn name(&self) -> &str {
        self.sudo_user.as_deref().unwrap_or(&self.user)
    }

    /// The person with the address that the session comes from: `ada@10.1.2.3`.
    pub fn at(&self) -> String {
        let from = self.ssh_connection.as_deref();
        match from.and_then(|words| words.split(' ').next()) {
            Some(address) => format!("{}@{address}", self.name()),
            None => self.name().to_owned(),
        }
    }
}

/// One change that was asked of gluster.
#[derive(Debug, Clone, PartialEq)]
pub struct CommandRecord {
    /// Tells sessions of glustop apart. With `job` it names the command.
    pub session: String,
    /// The number of the change in its session.
    pub job: u64,
    /// When it was begun.
    pub at: Timestamp,
    /// By whom.
    pub who: Who,
    /// The words that ran, the program first.
    pub argv: Vec<String>,
    /// The same as a line that a shell reads back as those words.
    pub line: String,
    /// The volume it changes.
    pub volume: Option<VolumeName>,
    /// Exit status of its last attempt; `None` when it did not run to an end.
    pub exit: Option<i32>,
    /// How long the last attempt ran.
    pub took: Option<Duration>,
    /// The first line of the answer; empty when there was none.
    pub answer: String,
    /// What came of it; `None`: glustop was gone before that was known.
    pub result: Option<CommandResult>,
    /// The task that it began.
    pub began: Option<TaskId>,
}

/// What came of a change, in one word.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum CommandResult {
    /// gluster carried it out.
    Done,
    /// It failed, or it is open whether it was carried out.
    Failed,
    /// The last check before it objected; nothing was run.
    Objected,
    /// The admin gave up while the lock was busy; nothing was run.
    GivenUp,
    /// It would have run, and was not.
    DryRun,
}

impl CommandResult {
    /// Every one.
    pub const ALL: [Self; 5] = [
        Self::Done,
        Self::Failed,
        Self::Objected,
        Self::GivenUp,
        Self::DryRun,
    ];

    /// The word in the JSON and in the history.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Done => "done",
            Self::Failed => "failed",
            Self::Objected => "objected",
            Self::GivenUp => "given-up",
            Self::DryRun => "dry-run",
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_person_is_whoever_stands_behind_sudo_and_ssh() {
        let mut who = Who {
            user: "root".into(),
            ..Who::default()
        };
        assert_eq!(who.at(), "root");
        who.sudo_user = Some("ada".into());
        who.ssh_connection = Some("10.1.2.3 50022 10.1.2.9 22".into());
        assert_eq!((who.name(), who.at().as_str()), ("ada", "ada@10.1.2.3"));
    }
}
