//! How far a task is, in one line: for those who wait for its end.

use crate::insight::progress::{self, Progress};
use crate::model::text::{count, plural, printable, size, time_left};
use crate::model::{Task, TaskState, VolumeState};

/// `remove-brick media: in progress, 37%, 3.11 TiB moved, 114 MiB/s, about 13h17m left`.
pub fn task_line(state: &VolumeState, task: &Task) -> String {
    let progress = progress::of(state, task);
    let total = task.total();
    let mut parts = vec![word(task).to_owned()];
    parts.extend(share(&progress).map(|share| format!("{share}%")));
    parts.extend(total.bytes.map(|bytes| format!("{} moved", size(bytes))));
    parts.extend(pace(task, &progress));
    let failed = total.failures.filter(|&failures| failures > 0);
    parts.extend(failed.map(|failures| format!("{} failed", count(failures))));
    let silent = task.nodes.len() - task.nodes_reported();
    if silent > 0 {
        parts.push(format!("{} silent", plural(silent, "node")));
    }
    let line = format!(
        "{} {}: {}",
        task.kind.as_str(),
        state.volume.name,
        parts.join(", ")
    );
    printable(&line).into_owned()
}

/// `[#####>........]  37%  remove-brick media, 114 MiB/s, about 13h17m left`: narrow enough for
/// one line of any terminal.
pub fn task_bar(state: &VolumeState, task: &Task) -> String {
    const WIDTH: usize = 14;
    const LONGEST: usize = 78;
    let progress = progress::of(state, task);
    let bar = match progress.done {
        Some((share, _)) => {
            let full = (share.clamp(0.0, 1.0) * WIDTH as f64) as usize;
            let tip = if full < WIDTH { ">" } else { "" };
            let rest = ".".repeat(WIDTH.saturating_sub(full + tip.len()));
            format!("[{}{tip}{rest}]", "#".repeat(full))
        }
        None => format!("[{}]", "?".repeat(WIDTH)),
    };
    let share = share(&progress).map_or_else(|| "  ?%".to_owned(), |share| format!("{share:>3}%"));
    let mut parts = vec![format!("{} {}", task.kind.as_str(), state.volume.name)];
    if task.state() == TaskState::InProgress {
        parts.extend(pace(task, &progress));
    } else {
        parts.push(word(task).to_owned());
    }
    let line = format!("{bar} {share}  {}", parts.join(", "));
    printable(&line).chars().take(LONGEST).collect()
}

/// Never 100 before the end.
fn share(progress: &Progress) -> Option<u64> {
    let (share, _) = progress.done?;
    let percent = (share * 100.0) as u64;
    Some(if share < 1.0 { percent.min(99) } else { 100 })
}

fn pace(task: &Task, progress: &Progress) -> Vec<String> {
    if !task.is_running() {
        return vec![];
    }
    let rate = progress.rate.map(|rate| format!("{}/s", size(rate as u64)));
    let left = progress
        .left()
        .map(|left| format!("about {} left", time_left(left)));
    rate.into_iter().chain(left).collect()
}

fn word(task: &Task) -> &'static str {
    if task.is_commit_pending() {
        "commit pending"
    } else {
        task.state().as_str()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::sync::Arc;

    use crate::insight::testing::{at, distribute, node, set_task, volume};
    use crate::model::{Part, TaskKind};

    fn with(state: TaskState) -> VolumeState {
        let mut volume = volume("v", distribute(), 3);
        set_task(
            &mut volume,
            TaskKind::RemoveBrick,
            &[1],
            vec![node(1, state)],
        );
        volume
    }

    #[test]
    fn a_task_fits_in_a_line() {
        let volume = with(TaskState::Completed);
        let task = volume.task().unwrap();
        assert!(
            task_line(&volume, task).starts_with("remove-brick v: commit pending, 100%"),
            "{}",
            task_line(&volume, task)
        );
        let bar = task_bar(&volume, task);
        assert!(bar.starts_with("[##############] 100%"), "{bar}");
    }

    #[test]
    fn what_is_not_known_is_no_zero() {
        let mut volume = with(TaskState::InProgress);
        volume.space = Part::default();
        let mut basis_lost = volume.task().cloned().unwrap();
        basis_lost.baseline = None;
        volume.task = Part::fresh(Some(Arc::new(basis_lost)), at(0));
        let task = volume.task().unwrap();
        let bar = task_bar(&volume, task);
        assert!(bar.contains("?%"), "{bar}");
        assert!(!task_line(&volume, task).contains('%'));
    }
}
