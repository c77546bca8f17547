//! Whether the task that is waited for is over, and how it ended.

use crate::batch::Code;
use crate::model::{
    Ending, Fault, FaultKind, Snapshot, Task, TaskId, TaskKind, TaskState, VolumeName, VolumeState,
    VolumeStatus, text,
};

/// What there is to see.
pub(super) enum Sight<'a> {
    /// Nothing yet.
    NotYet,
    /// gluster gave no answer, and nothing was known before.
    Unreadable(&'a Fault),
    /// There is nothing to wait for.
    Nothing(String),
    /// The task that was waited for is in gluster's list no longer.
    Gone(End),
    /// The task, and how it ended if it did.
    At {
        state: &'a VolumeState,
        task: &'a Task,
        end: Option<End>,
    },
}

/// The run that was seen first.
#[derive(Debug, Clone, Default)]
pub(super) struct Seen {
    /// Its id, once that is known.
    pub(super) id: Option<TaskId>,
}

/// How a task ended.
pub(super) struct End {
    pub(super) code: Code,
    pub(super) words: String,
}

/// Looks at a volume's task.
pub(super) fn look<'a>(
    snapshot: &'a Snapshot,
    volume: &VolumeName,
    seen: Option<&Seen>,
) -> Sight<'a> {
    if snapshot.volumes.get().is_none() {
        return match snapshot.volumes.fault() {
            Some(fault) => Sight::Unreadable(fault),
            None => Sight::NotYet,
        };
    }
    let Some(state) = snapshot.volume(volume) else {
        return match seen {
            Some(_) => Sight::Gone(gone(snapshot, volume, seen)),
            None => Sight::Nothing(format!("there is no volume {volume}")),
        };
    };
    match state.task.get() {
        Some(Some(task)) if is_other(seen, task) => Sight::Gone(gone(snapshot, volume, seen)),
        Some(Some(task)) => Sight::At {
            state,
            task,
            end: end(volume, task),
        },
        Some(None) if seen.is_some() => Sight::Gone(gone(snapshot, volume, seen)),
        Some(None) => Sight::Nothing(format!("there is no task on {volume}")),
        None if state.volume.status != VolumeStatus::Started => {
            Sight::Nothing(format!("{volume} is not started: no task runs on it"))
        }
        None => match state.task.fault() {
            // These pass; the others do not.
            Some(fault) if !matches!(fault.kind, FaultKind::Busy | FaultKind::Timeout) => {
                Sight::Unreadable(fault)
            }
            _ => Sight::NotYet,
        },
    }
}

/// Whether another run has taken the place of the one that was seen.
fn is_other(seen: Option<&Seen>, task: &Task) -> bool {
    match (seen.and_then(|seen| seen.id.as_ref()), &task.id) {
        (Some(seen), Some(id)) => seen != id,
        _ => false,
    }
}

fn end(volume: &VolumeName, task: &Task) -> Option<End> {
    let kind = task.kind.as_str();
    let say = |code, how: String| {
        let words = format!("{kind} of {volume}: {how}");
        Some(End { code, words })
    };
    match task.state() {
        TaskState::InProgress | TaskState::NotStarted | TaskState::Unknown => None,
        TaskState::Stopped => say(Code::Failed, "stopped".to_owned()),
        TaskState::Failed => say(Code::Failed, "failed".to_owned()),
        TaskState::Completed => {
            let (code, how) = completed(task);
            say(code, how)
        }
    }
}

fn completed(task: &Task) -> (Code, String) {
    let pending = task.kind == TaskKind::RemoveBrick;
    let then = if pending { ", commit pending" } else { "" };
    match task.total().failures {
        Some(0) if pending => (Code::Warning, "completed, commit pending".to_owned()),
        Some(0) => (Code::Done, "completed".to_owned()),
        Some(n) => {
            let files = text::plural(n as usize, "file");
            (Code::Warning, format!("completed, {files} failed{then}"))
        }
        None => (
            Code::Warning,
            format!("completed, how many files failed is not known{then}"),
        ),
    }
}

/// A stopped task leaves no trace in gluster; what became of it is known from what was seen of it.
fn gone(snapshot: &Snapshot, volume: &VolumeName, seen: Option<&Seen>) -> End {
    let id = seen.and_then(|seen| seen.id.as_ref());
    let ended = snapshot
        .ended
        .iter()
        .find(|ended| ended.volume == *volume && (id.is_none() || ended.task.id.as_ref() == id));
    let Some(ended) = ended else {
        return End {
            code: Code::Failed,
            words: format!("{volume}: its task is gone, and how it ended is not known"),
        };
    };
    let (code, how) = match ended.ending {
        Ending::Committed => (Code::Done, "committed".to_owned()),
        Ending::Completed => completed(&ended.task),
        Ending::Stopped => (Code::Failed, "stopped".to_owned()),
        Ending::Failed => (Code::Failed, "failed".to_owned()),
        Ending::Vanished => (
            Code::Failed,
            "gone, and how it ended is not known".to_owned(),
        ),
    };
    End {
        code,
        words: format!("{} of {volume}: {how}", ended.task.kind.as_str()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::insight::testing::{
        at, distribute, fault, node, set_task, snapshot, volume as state_of,
    };
    use crate::model::{EndedTask, Part};

    fn seen(id: Option<TaskId>) -> Seen {
        Seen { id }
    }

    fn code(kind: TaskKind, state: TaskState, failures: Option<u64>) -> Option<Code> {
        let mut one = node(1, state);
        one.counters.failures = failures;
        let mut volume = state_of("v", distribute(), 3);
        set_task(&mut volume, kind, &[1], vec![one]);
        let snapshot = snapshot(vec![volume]);
        match look(&snapshot, &"v".into(), None) {
            Sight::At { end, .. } => end.map(|end| end.code),
            _ => panic!("no task in sight"),
        }
    }

    #[test]
    fn each_end_has_its_code() {
        use TaskKind::{FixLayout, Rebalance, RemoveBrick};
        use TaskState::{Completed, Failed, InProgress, Stopped, Unknown};
        for (kind, state, failures, expected) in [
            (Rebalance, Completed, Some(0), Some(Code::Done)),
            (FixLayout, Completed, Some(0), Some(Code::Done)),
            (Rebalance, Completed, Some(3), Some(Code::Warning)),
            (Rebalance, Completed, None, Some(Code::Warning)),
            (RemoveBrick, Completed, Some(0), Some(Code::Warning)),
            (RemoveBrick, Completed, Some(3), Some(Code::Warning)),
            (Rebalance, Failed, Some(0), Some(Code::Failed)),
            (RemoveBrick, Stopped, Some(0), Some(Code::Failed)),
            (Rebalance, InProgress, Some(3), None),
            (Rebalance, Unknown, Some(0), None),
        ] {
            assert_eq!(code(kind, state, failures), expected, "{kind:?} {state:?}");
        }
    }

    #[test]
    fn a_task_that_is_gone_ended_as_it_was_seen() {
        for (ending, expected) in [
            (Ending::Committed, Code::Done),
            (Ending::Completed, Code::Done),
            (Ending::Stopped, Code::Failed),
            (Ending::Vanished, Code::Failed),
        ] {
            let mut volume = state_of("v", distribute(), 3);
            let nodes = vec![node(1, TaskState::Completed)];
            set_task(&mut volume, TaskKind::Rebalance, &[], nodes);
            let task = volume.task().unwrap().clone();
            volume.task = Part::fresh(None, at(1));
            let id = task.id.clone();
            let mut snapshot = snapshot(vec![volume]);
            snapshot.ended.push(std::sync::Arc::new(EndedTask {
                volume: "v".into(),
                task,
                ending,
                at: at(1),
            }));
            match look(&snapshot, &"v".into(), Some(&seen(id.clone()))) {
                Sight::Gone(end) => assert_eq!(end.code, expected, "{ending:?}"),
                _ => panic!("{ending:?} not seen"),
            }
        }
    }

    #[test]
    fn another_run_is_not_the_one_that_was_waited_for() {
        let mut volume = state_of("v", distribute(), 3);
        let nodes = vec![node(1, TaskState::InProgress)];
        set_task(&mut volume, TaskKind::Rebalance, &[], nodes);
        let snapshot = snapshot(vec![volume]);
        let other = seen(Some("another".into()));
        assert!(matches!(
            look(&snapshot, &"v".into(), Some(&other)),
            Sight::Gone(End {
                code: Code::Failed,
                ..
            })
        ));
    }

    #[test]
    fn what_cannot_be_read_is_no_end() {
        let name = VolumeName::new("v");
        let unread = Snapshot::default();
        assert!(matches!(look(&unread, &name, None), Sight::NotYet));
        let mut down = Snapshot::default();
        down.volumes.fail(fault(FaultKind::DaemonDown, "", at(1)));
        assert!(matches!(look(&down, &name, None), Sight::Unreadable(_)));
        let mut busy = state_of("v", distribute(), 3);
        busy.task = Part::default();
        busy.task.fail(fault(FaultKind::Busy, "", at(1)));
        assert!(matches!(
            look(&snapshot(vec![busy]), &name, None),
            Sight::NotYet
        ));
        assert!(matches!(
            look(&snapshot(vec![]), &name, None),
            Sight::Nothing(_)
        ));
    }
}
