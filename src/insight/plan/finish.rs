//! Before a commit.
//!
//! Releases below 8.0 commit a remove-brick whose files failed to migrate, and lose them. So the
//! rule is kept here, for every release.

use super::{Check, Mark, common};
use crate::model::{BrickName, TaskKind, TaskState, VolumeState, text};

pub(super) fn commit(state: &VolumeState, bricks: &[BrickName]) -> Vec<Check> {
    let name = &state.volume.name;
    let Some(task) = state
        .task()
        .filter(|task| task.kind == TaskKind::RemoveBrick)
    else {
        return vec![Check::new(
            "has-task",
            Mark::Refuse,
            format!("no remove-brick on {name} any more"),
        )];
    };
    let mut named: Vec<_> = bricks.iter().collect();
    let mut leaving: Vec<_> = task.bricks.iter().collect();
    named.sort();
    leaving.sort();
    let silent = task.nodes.iter().filter(|node| !node.reported).count();
    let total = task.total();
    vec![
        Check::either(
            "same-bricks",
            named == leaving,
            "the bricks are those of the task",
            Mark::Refuse,
            "the task's bricks have changed",
        ),
        match task.state() {
            TaskState::Completed => Check::new("completed", Mark::Pass, "every node completed"),
            TaskState::InProgress => {
                Check::new("completed", Mark::Refuse, "migration is still in progress")
            }
            TaskState::Failed => Check::new(
                "completed",
                Mark::Refuse,
                "migration failed: files are still on the leaving bricks",
            ),
            other => Check::new(
                "completed",
                Mark::Refuse,
                format!("not every node completed (state: {})", other.as_str()),
            ),
        },
        Check::either(
            "reported",
            silent == 0,
            "every node reported",
            Mark::Refuse,
            format!("{silent} of {} nodes gave no answer", task.nodes.len()),
        ),
        match total.failures {
            Some(0) => Check::new("no-failures", Mark::Pass, "0 files failed or were skipped"),
            Some(n) => Check::new(
                "no-failures",
                Mark::Refuse,
                format!(
                    "{} files failed or were skipped: a commit would lose them",
                    text::count(n)
                ),
            ),
            None => Check::new(
                "no-failures",
                Mark::Refuse,
                "the number of failed files is not known",
            ),
        },
        common::geo_replication(
            state,
            Mark::Refuse,
            "gluster commits only while it is stopped",
        ),
        common::every_brick_online(state),
    ]
}
