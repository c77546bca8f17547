use std::collections::BTreeMap;

use super::*;
use crate::gluster::Command;
use crate::insight::plan::Plan;
use crate::job::JobId;
use crate::model::Task;
use crate::monitor::testing::{at, launcher};
use crate::store::FILE;

fn job(number: u64) -> Job {
    Job {
        id: JobId(number),
        order: launcher().order(Command::RebalanceStop("v".into())),
        accepted: Plan::default(),
        patience: Duration::ZERO,
    }
}

fn done() -> Outcome {
    Outcome {
        at: at(2.0),
        took: Duration::from_millis(300),
        exit: Some(0),
        result: JobResult::Done {
            task: Some("t".into()),
            text: "stopped\nand a second line".into(),
            progress: None,
        },
    }
}

fn open_in(directory: &std::path::Path) -> (Memory, Closing) {
    Memory::open(Place::Directory(directory.into()), Who::default(), at(0.0))
}

#[test]
fn a_stop_begins_no_task_and_its_first_line_is_kept() {
    let dir = tempfile::tempdir().unwrap();
    let (mut memory, closing) = open_in(dir.path());
    memory.begin(&job(1), at(1.0));
    memory.finish(&job(1), &done());
    drop(memory);
    closing.wait().unwrap();
    let commands = Store::open(dir.path()).unwrap().commands(None, 9).unwrap();
    let [command] = &commands[..] else {
        panic!("{commands:?}")
    };
    assert_eq!(
        (command.answer.as_str(), command.exit),
        ("stopped", Some(0))
    );
    assert_eq!((command.at, &command.began), (at(1.0).wall, &None));
}

#[test]
fn nobody_waits_for_a_disk_that_hangs_and_no_command_is_dropped() {
    let dir = tempfile::tempdir().unwrap();
    let (mut memory, closing) = open_in(dir.path());
    // Another process sits on the file: every write waits for it.
    let other = rusqlite::Connection::open(dir.path().join(FILE)).unwrap();
    other.execute_batch("BEGIN EXCLUSIVE").unwrap();
    let many = ROOM as u64 + 40;
    for number in 1..=many {
        memory.begin(&job(number), at(1.0));
    }
    let mut picture = Arc::default();
    memory.apply(&mut picture, at(1.0));
    let trouble = picture.forgetting.clone().unwrap();
    assert!(
        trouble.text.contains("not in the history yet"),
        "{trouble:?}"
    );
    other.execute_batch("ROLLBACK").unwrap();
    while !memory.unsent.is_empty() {
        memory.look(&picture, at(2.0));
        thread::sleep(Duration::from_millis(20));
    }
    drop(memory);
    closing.wait().unwrap();
    let commands = Store::open(dir.path())
        .unwrap()
        .commands(None, 999)
        .unwrap();
    assert_eq!(commands.len() as u64, many);
}

#[test]
fn the_trouble_is_over_when_it_is_over() {
    let dir = tempfile::tempdir().unwrap();
    let (memory, closing) = Memory::open(Place::Nowhere, Who::default(), at(0.0));
    assert_eq!(memory.trouble(), None);
    drop(memory);
    closing.wait().unwrap();
    std::fs::write(dir.path().join(FILE), "no history but some other text").unwrap();
    let (memory, closing) = open_in(dir.path());
    let (text, _) = memory.trouble().unwrap();
    assert!(text.contains("history.db.corrupt-1"), "{text}");
    drop(memory);
    closing.wait().unwrap();
    let (memory, closing) = open_in(dir.path());
    assert_eq!(memory.trouble(), None);
    drop(memory);
    closing.wait().unwrap();
}

#[test]
fn a_running_task_is_written_now_and_then_and_its_end_at_once() {
    use crate::insight::testing as made;
    use crate::model::{EndedTask, Ending, Part, TaskKind, TaskState};
    let dir = tempfile::tempdir().unwrap();
    let store = Store::open(dir.path()).unwrap();
    let other = Store::open(dir.path()).unwrap();
    let (hear, _heard) = watch::channel(Heard::default());
    let (tell, _told) = watch::channel(Arc::from([]));
    let recalled = Recalled {
        tasks: BTreeMap::new(),
        ended: vec![],
    };
    store.version().unwrap();
    let mut recorder = Recorder::new(store, "own".into(), &recalled, hear, tell, at(0.0));
    let picture = |seconds: u64, state| {
        let mut volume = made::volume("v", made::distribute(), 2);
        let mut node = made::node(1, state);
        node.taken = Some(made::at(seconds));
        made::set_task(&mut volume, TaskKind::Rebalance, &[], vec![node]);
        made::snapshot(vec![volume])
    };
    let mut writes = |snapshot: &Snapshot| {
        let before = other.version().unwrap();
        recorder.follow(snapshot);
        other.version().unwrap() != before
    };
    assert!(writes(&picture(0, TaskState::InProgress)));
    assert!(!writes(&picture(5, TaskState::InProgress)));
    assert!(writes(&picture(35, TaskState::InProgress)), "half a minute");
    assert!(!writes(&picture(40, TaskState::InProgress)));
    assert!(writes(&picture(41, TaskState::Completed)), "at once");
    assert!(!writes(&picture(300, TaskState::Completed)), "nothing new");
    let mut over = picture(300, TaskState::Completed);
    let volumes = over.volumes().to_vec();
    let task: Task = volumes[0].task().unwrap().clone();
    let mut without = (*volumes[0]).clone();
    without.task = Part::fresh(None, made::at(301));
    over.volumes = Part::fresh(vec![Arc::new(without)], made::at(301));
    over.ended = vec![Arc::new(EndedTask {
        volume: "v".into(),
        task,
        ending: Ending::Stopped,
        at: made::at(301),
    })];
    assert!(writes(&over), "an end, at once");
    assert!(!writes(&over));
}
