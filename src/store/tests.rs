use std::collections::BTreeMap;
use std::fs;
use std::os::unix::fs::PermissionsExt as _;

use jiff::{SignedDuration, Timestamp};
use tempfile::TempDir;

use super::*;
use crate::insight::testing::at;
use crate::model::{
    Baseline, CommandRecord, CommandResult, Counters, EndedTask, Ending, NodeProgress, PeerId,
    Sample, Stamp, Task, TaskId, TaskKind, TaskState, Trail, Usage, VolumeName, Who,
};

mod trouble;

fn directory() -> TempDir {
    tempfile::tempdir().unwrap()
}

fn sample(seconds: u64, bytes: u64) -> Sample {
    Sample {
        at: at(seconds).wall,
        bytes,
        files: bytes / 10,
        scanned: bytes / 5,
    }
}

fn trail(samples: impl IntoIterator<Item = Sample>) -> Trail {
    let mut trail = Trail::default();
    samples.into_iter().for_each(|sample| trail.push(sample));
    trail
}

/// A drain that was read at so many seconds, a thousand bytes further each second.
fn drain(id: &str, seconds: u64) -> Task {
    let samples = || trail((0..=seconds / 5).map(|i| sample(i * 5, i * 5_000)));
    let mut usage = Usage::default();
    usage.push(&"gl-01:/b".into(), at(1).wall, 70);
    Task {
        id: Some(id.into()),
        kind: TaskKind::RemoveBrick,
        listed: TaskState::InProgress,
        bricks: vec!["gl-01:/b".into()],
        nodes: vec![NodeProgress {
            peer: PeerId::new("peer-1"),
            name: "gl-01".into(),
            state: TaskState::InProgress,
            counters: Counters {
                bytes: Some(seconds * 1_000),
                failures: Some(0),
                skipped: None,
                runtime: Some(Duration::from_secs(seconds)),
                ..Counters::default()
            },
            taken: Some(at(seconds)),
            reported: false,
            moved: Some(at(seconds)),
            ticked: Some(at(seconds)),
            trail: samples(),
        }],
        first_seen: at(0),
        trail: samples(),
        baseline: Some(Baseline {
            used: 9_000_000,
            at: at(0).wall,
            exact: true,
        }),
        usage: usage.into(),
    }
}

fn keep(store: &mut Store, task: &Task, seconds: u64) {
    store
        .record(&"media".into(), task, at(seconds).wall, None)
        .unwrap();
}

fn ended(task: Task, ending: Ending, when: Stamp) -> EndedTask {
    EndedTask {
        volume: "media".into(),
        task,
        ending,
        at: when,
    }
}

fn command(session: &str, job: u64) -> CommandRecord {
    let argv = ["gluster", "volume", "rebalance", "two words", "start"].map(ToOwned::to_owned);
    CommandRecord {
        session: session.into(),
        job,
        at: at(job).wall,
        who: Who {
            user: "root".into(),
            sudo_user: Some("ada".into()),
            ssh_connection: Some("10.1.2.3 50022 10.1.2.9 22".into()),
        },
        argv: argv.to_vec(),
        line: "gluster volume rebalance 'two words' start".into(),
        volume: Some("media".into()),
        exit: None,
        took: None,
        answer: String::new(),
        result: None,
        began: None,
    }
}

#[test]
fn a_running_task_comes_back_with_everything_that_figures_rest_on() {
    let dir = directory();
    let task = drain("t", 300);
    keep(&mut Store::open(dir.path()).unwrap(), &task, 300);
    // The same clock a minute later.
    let recalled = Store::open(dir.path()).unwrap().recall(at(360)).unwrap();
    assert!(recalled.ended.is_empty());
    assert_eq!(
        recalled.tasks,
        BTreeMap::from([(TaskId::from("t"), (VolumeName::from("media"), task))])
    );
}

#[test]
fn times_find_their_place_on_the_clock_of_the_program_that_recalls() {
    let mut store = Store::in_memory().unwrap();
    keep(&mut store, &drain("t", 300), 300);
    // Its clock is half a minute old when that reading is ten minutes old.
    let begun = Stamp {
        steady: Duration::from_secs(30),
        ..at(900)
    };
    let recalled = store.recall(begun).unwrap();
    let (_, task) = &recalled.tasks[&TaskId::from("t")];
    assert_eq!(task.nodes[0].taken.unwrap().wall, at(300).wall);
    assert_eq!(task.nodes[0].taken.unwrap().steady, Duration::ZERO);
    let begun = Stamp {
        steady: Duration::from_secs(5_000),
        ..at(900)
    };
    let recalled = store.recall(begun).unwrap();
    let (_, task) = &recalled.tasks[&TaskId::from("t")];
    assert_eq!(
        task.nodes[0].taken.unwrap().age(begun),
        Duration::from_secs(600)
    );
}

#[test]
fn what_seems_to_be_of_the_future_is_left_out() {
    let mut store = Store::in_memory().unwrap();
    keep(&mut store, &drain("t", 300), 300);
    let recalled = store.recall(at(100)).unwrap();
    let (_, task) = &recalled.tasks[&TaskId::from("t")];
    assert_eq!(task.trail.last().map(|last| last.at), Some(at(100).wall));
}

#[test]
fn old_samples_grow_thin_and_very_old_ones_go() {
    let mut store = Store::in_memory().unwrap();
    let hour = 3_600;
    for half in 1..=28 {
        let until = half * hour / 2;
        let mut task = drain("t", 0);
        task.nodes[0].taken = Some(at(until));
        let since = until - hour / 2;
        task.trail = trail((since / 5..=until / 5).map(|i| sample(i * 5, i)));
        keep(&mut store, &task, until);
    }
    let count = |from: u64, to: u64| -> i64 {
        let sql = "SELECT count(*) FROM sample WHERE node = '' AND at >= ?1 AND at < ?2";
        let range = [from, to].map(|seconds| at(seconds).wall.as_millisecond());
        store.db.query_row(sql, range, |row| row.get(0)).unwrap()
    };
    let now = 14 * hour;
    assert_eq!(
        count(now - 600, now + 1),
        121,
        "all of the last ten minutes"
    );
    assert_eq!(count(now - hour, now - 600), 50, "one a minute");
    assert_eq!(count(now - 12 * hour, now - 11 * hour), 60);
    assert_eq!(count(0, now - 12 * hour), 0);
}

#[test]
fn two_readers_at_one_moment_do_not_look_like_a_process_that_began_again() {
    let mut store = Store::in_memory().unwrap();
    let mut task = drain("t", 300);
    keep(&mut store, &task, 300);
    // The other one asked a little earlier and was answered a little later.
    let mut late = sample(200, 199_900);
    late.at += SignedDuration::from_millis(300);
    task.trail = trail([late]);
    keep(&mut store, &task, 300);
    let recalled = store.recall(at(301)).unwrap();
    let (_, task) = &recalled.tasks[&TaskId::from("t")];
    assert_eq!(task.trail.samples().len(), 61);
}

#[test]
fn an_older_account_does_not_replace_a_later_one() {
    let mut store = Store::in_memory().unwrap();
    keep(&mut store, &drain("t", 300), 300);
    keep(&mut store, &drain("t", 200), 200);
    let mut unread = drain("t", 0);
    unread.nodes[0].taken = None;
    unread.nodes[0].counters = Counters::default();
    keep(&mut store, &unread, 400);
    let bytes = |store: &Store| store.history(None, 9).unwrap()[0].task.total().bytes;
    assert_eq!(bytes(&store), Some(300_000));
}

#[test]
fn a_baseline_that_was_read_is_never_lost_to_one_that_was_worked_out() {
    let mut store = Store::in_memory().unwrap();
    let mut used = |used, seconds, exact| {
        let mut task = drain("t", 300);
        task.baseline = used;
        if let Some(baseline) = &mut task.baseline {
            baseline.at = at(seconds).wall;
            baseline.exact = exact;
        }
        keep(&mut store, &task, 300);
        let kept = store.recall(at(300)).unwrap().tasks;
        kept[&TaskId::from("t")]
            .1
            .baseline
            .map(|b| (b.used, b.exact))
    };
    let some = |used| {
        Some(Baseline {
            used,
            at: Timestamp::UNIX_EPOCH,
            exact: false,
        })
    };
    assert_eq!(used(None, 0, false), None);
    assert_eq!(used(some(5), 50, false), Some((5, false)));
    assert_eq!(
        used(some(6), 60, false),
        Some((5, false)),
        "the earlier one"
    );
    assert_eq!(used(some(7), 60, true), Some((7, true)));
    assert_eq!(used(some(8), 10, false), Some((7, true)));
    assert_eq!(used(None, 0, false), Some((7, true)));
}

#[test]
fn of_two_accounts_of_an_end_the_better_one_stands() {
    let mut store = Store::in_memory().unwrap();
    let mut told = |ending, seconds| {
        let account = ended(drain("t", 300), ending, at(seconds));
        store.end(&account).unwrap();
        let ended = store.recall(at(500)).unwrap().ended;
        (ended[0].ending, ended[0].at.wall)
    };
    assert_eq!(
        told(Ending::Vanished, 310),
        (Ending::Vanished, at(310).wall)
    );
    assert_eq!(told(Ending::Stopped, 305), (Ending::Stopped, at(305).wall));
    assert_eq!(
        told(Ending::Completed, 330),
        (Ending::Stopped, at(305).wall)
    );
    assert_eq!(
        told(Ending::Committed, 340),
        (Ending::Committed, at(305).wall)
    );
    assert_eq!(
        told(Ending::Vanished, 350),
        (Ending::Committed, at(305).wall)
    );
    // Listed again by a later reading: it is not over after all.
    keep(&mut store, &drain("t", 360), 360);
    let recalled = store.recall(at(500)).unwrap();
    assert_eq!((recalled.tasks.len(), recalled.ended.len()), (1, 0));
}

#[test]
fn a_task_without_an_id_is_left_out() {
    let mut store = Store::in_memory().unwrap();
    let mut task = drain("t", 300);
    task.id = None;
    keep(&mut store, &task, 300);
    store.end(&ended(task, Ending::Stopped, at(310))).unwrap();
    assert!(store.history(None, 9).unwrap().is_empty());
}

#[test]
fn a_command_is_written_when_it_begins_and_when_it_is_over() {
    let mut store = Store::in_memory().unwrap();
    let mut first = command("a", 1);
    store.audit(&first).unwrap();
    store.audit(&command("b", 1)).unwrap();
    first.exit = Some(0);
    first.took = Some(Duration::from_millis(412));
    first.answer = "success".into();
    first.result = Some(CommandResult::Done);
    first.began = Some("t".into());
    store.audit(&first).unwrap();
    assert_eq!(
        store.commands(None, 9).unwrap(),
        [first.clone(), command("b", 1)]
    );
    assert_eq!(store.commands(None, 1).unwrap().len(), 1);
    assert!(store.commands(Some(&"home".into()), 9).unwrap().is_empty());
    // Who began a task is who ran the command that began it.
    keep(&mut store, &drain("t", 300), 300);
    let history = store.history(Some(&"media".into()), 9).unwrap();
    assert_eq!(history[0].started_by.as_deref(), Some("ada"));
    assert!(store.history(Some(&"home".into()), 9).unwrap().is_empty());
}

#[test]
fn a_drowned_end_does_not_come_undone() {
    let mut store = Store::in_memory().unwrap();
    let mut over = command("a", 1);
    over.result = Some(CommandResult::Failed);
    store.audit(&over).unwrap();
    store.audit(&command("a", 1)).unwrap();
    let known = store.commands(None, 9).unwrap();
    assert_eq!(known[0].result, Some(CommandResult::Failed));
}

#[test]
fn nobody_else_may_read_it() {
    let dir = directory();
    let state = dir.path().join("below/glustop");
    Store::open(&state).unwrap();
    let mode = |path: &Path| fs::metadata(path).unwrap().permissions().mode() & 0o777;
    assert_eq!(mode(&state), 0o700);
    assert_eq!(mode(&state.join(FILE)), 0o600);
}

#[test]
fn only_the_latest_fifty_that_ended_are_recalled() {
    let mut store = Store::in_memory().unwrap();
    for i in 0..60 {
        let account = ended(drain(&format!("t{i}"), 300), Ending::Stopped, at(400 + i));
        store.end(&account).unwrap();
    }
    let ended = store.recall(at(900)).unwrap().ended;
    assert_eq!(ended.len(), 50);
    assert_eq!(ended[0].at.wall, at(459).wall);
    assert_eq!(store.history(None, 100).unwrap().len(), 60);
}
