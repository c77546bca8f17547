//! What was accepted, and what speaks against a command when it is looked at once more.

use super::{Check, Mark, Plan, remove};
use crate::gluster::command::Command;
use crate::model::TaskId;

/// What a check was judged of, where one mark stands for quite different grounds: that files are
/// lost says nothing of which ones.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Basis {
    /// No task has these bricks.
    NoTask,
    /// This run has them; `None` where gluster told no id.
    Run(Option<TaskId>),
    /// The files are lost that this run left behind.
    LeftBehind {
        /// The run.
        run: Option<TaskId>,
        /// How many could not be moved.
        files: u64,
        /// It failed, so there are more that it did not reach.
        failed: bool,
    },
    /// All is lost that lies on the bricks: so many bytes, where that is known.
    Everything(Option<u64>),
}

impl Basis {
    /// Whether who agreed to this one has agreed to that one.
    fn covers(&self, now: &Self) -> bool {
        match (self, now) {
            (
                Self::LeftBehind { run, files, failed },
                Self::LeftBehind {
                    run: run_now,
                    files: files_now,
                    failed: failed_now,
                },
            ) => run == run_now && files_now <= files && (*failed || !failed_now),
            // Clients go on writing: what was agreed to is a size, not a number of bytes.
            (Self::Everything(Some(then)), Self::Everything(Some(now))) => {
                *now <= then.saturating_add(then / 8)
            }
            // What was not told in numbers had no bounds.
            (Self::Everything(None), Self::Everything(_)) => true,
            _ => self == now,
        }
    }
}

impl Check {
    /// The same, with what it was judged of.
    pub(super) fn on(self, basis: Basis) -> Self {
        Self {
            basis: Some(basis),
            ..self
        }
    }

    /// Whether it was judged of something else than this one, which somebody agreed to.
    pub fn has_other_grounds(&self, accepted: &Self) -> bool {
        let now = self.basis.as_ref();
        let then = accepted.basis.as_ref();
        then.is_some_and(|then| now.is_none_or(|now| !then.covers(now)))
    }

    /// What is new about it since this one was agreed to.
    pub fn news_since(&self, accepted: Option<&Self>) -> &str {
        match (&self.basis, accepted) {
            (Some(Basis::NoTask), Some(then)) if self.has_other_grounds(then) => {
                "the remove-brick was ended elsewhere: its bricks take part in the volume again"
            }
            (Some(Basis::Run(_)), Some(then)) if self.has_other_grounds(then) => {
                "another remove-brick has these bricks now"
            }
            _ => &self.text,
        }
    }
}

/// Checks whose questions cost so much that a start is not kept waiting for a second answer: a
/// list of all sizes, and a count of all pending heals. They move slowly, and a start can be taken
/// back.
const COSTLY: [&str; 3] = ["fits", "shared-filesystem", remove::HEAL];

impl Plan {
    /// What speaks against the command now and did not when `accepted` was confirmed, refusals in
    /// any case but for heals that were overridden.
    ///
    /// What passed then has to pass again: a check that could not be made again is an objection,
    /// except to a start for those whose question is costly.
    pub fn objections(&self, accepted: &Self, command: &Command) -> Vec<String> {
        let then = |code| {
            let of_code = |check: &&Check| check.code == code;
            let checks = accepted.checks.iter().filter(of_code);
            checks.max_by_key(|check| check.mark)
        };
        let was = |code| then(code).map(|check| check.mark);
        let is_worse = |check: &Check| match check.mark {
            Mark::Pass => false,
            Mark::Unknown => {
                let may_be_unknown = !command.is_final() && COSTLY.contains(&check.code);
                was(check.code) == Some(Mark::Pass) && !may_be_unknown
            }
            // Nothing but an override makes a danger of this check.
            Mark::Refuse => check.code != remove::HEAL || was(check.code) != Some(Mark::Danger),
            mark => was(check.code).is_none_or(|before| before < mark),
        };
        let mut against = Vec::new();
        for check in &self.checks {
            let then = then(check.code);
            if is_worse(check) {
                against.push(check.text.clone());
            } else if then.is_some_and(|then| check.has_other_grounds(then)) {
                against.push(check.news_since(then).to_owned());
            }
        }
        against
    }
}
