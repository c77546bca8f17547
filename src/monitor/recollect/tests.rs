use super::*;
use crate::gluster::{Command, ProgressReport, Reply, StatusView};
use crate::model::{Counters, Ending, Sample, TaskState};
use crate::monitor::testing::{
    at, brick, define, listed, node, peer_id, progress, reading, snapshot, status, status_report,
    volume,
};
use TaskKind::{FixLayout, Rebalance, RemoveBrick};
use TaskState::{Completed, InProgress};

/// A task of volume `v` on nodes 1 and 2, last read at 100 seconds.
fn before(id: &str, kind: TaskKind) -> Task {
    let node = |number| NodeProgress {
        peer: peer_id(number),
        name: format!("gl-{number:02}"),
        state: InProgress,
        counters: Counters {
            bytes: Some(500),
            runtime: Some(std::time::Duration::from_secs(90)),
            ..Counters::default()
        },
        taken: Some(at(100.0)),
        reported: false,
        moved: Some(at(80.0)),
        ticked: Some(at(100.0)),
        trail: trail(&[(50.0, 250), (100.0, 500)]),
    };
    let bricks = match kind {
        RemoveBrick => vec![brick("v", 1), brick("v", 2)],
        _ => vec![],
    };
    let mut usage = Usage::default();
    usage.push(&brick("v", 1), at(60.0).wall, 700);
    Task {
        id: Some(id.into()),
        kind,
        listed: InProgress,
        bricks,
        nodes: vec![node(1), node(2)],
        first_seen: at(10.0),
        trail: trail(&[(50.0, 500), (100.0, 1_000)]),
        baseline: Some(Baseline {
            used: 9_000,
            at: at(10.0).wall,
            exact: true,
        }),
        usage: Arc::new(usage),
    }
}

fn trail(samples: &[(f64, u64)]) -> Trail {
    let mut trail = Trail::default();
    for &(seconds, bytes) in samples {
        trail.push(Sample {
            at: at(seconds).wall,
            bytes,
            files: 0,
            scanned: 0,
        });
    }
    trail
}

fn ended_task(id: &str, ending: Ending, seconds: f64) -> Arc<EndedTask> {
    Arc::new(EndedTask {
        volume: "v".into(),
        task: before(id, Rebalance),
        ending,
        at: at(seconds),
    })
}

fn recollection(tasks: Vec<Task>, ended: Vec<Arc<EndedTask>>) -> Recollection {
    let tasks = tasks.into_iter();
    Recollection::new(Recalled {
        tasks: tasks
            .map(|task| (task.id.clone().unwrap(), ("v".into(), task)))
            .collect(),
        ended,
    })
}

/// The picture after the list of tasks was read at 200 seconds.
fn listing(lines: &[(&str, TaskKind)]) -> Snapshot {
    let mut snapshot = snapshot(vec![volume("v", 3)]);
    let lines = lines
        .iter()
        .map(|(id, kind)| listed(id, *kind, InProgress, &[]))
        .collect();
    let reply = status_report(&volume("v", 3), Some(lines));
    let read = reading(status("v", StatusView::Tasks), at(200.0), Ok(reply));
    merge::reading(&mut snapshot, &read);
    snapshot
}

fn hear(snapshot: &mut Arc<Snapshot>, report: ProgressReport, seconds: f64) {
    let command = Command::RebalanceStatus("v".into());
    let read = reading(command, at(seconds), Ok(Reply::Progress(report)));
    merge::reading(Arc::make_mut(snapshot), &read);
}

fn task(snapshot: &Snapshot) -> &Task {
    snapshot.volumes()[0].task().unwrap()
}

#[test]
fn a_task_that_is_listed_again_has_its_past_back() {
    let mut picture = Arc::new(listing(&[("t", Rebalance)]));
    let mut memory = recollection(vec![before("t", Rebalance)], vec![]);
    memory.apply(&mut picture, at(200.0));
    let known = task(&picture);
    assert_eq!(known.first_seen, at(10.0));
    assert_eq!(known.trail.samples().len(), 2);
    assert_eq!(known.baseline.map(|basis| basis.used), Some(9_000));
    assert_eq!(known.usage.bricks().count(), 1);
    // What a node said last stands, and looks as old as it is.
    assert_eq!(known.nodes[0].counters.bytes, Some(500));
    assert_eq!(known.nodes[0].taken, Some(at(100.0)));
    assert!(!known.nodes[0].reported);

    let nodes = vec![
        node(1, InProgress, 800),
        node(2, InProgress, 500),
        node(3, InProgress, 1),
    ];
    hear(&mut picture, progress("t", nodes), 205.0);
    memory.apply(&mut picture, at(205.0));
    let known = task(&picture);
    assert_eq!(known.trail.samples().len(), 3, "one more reading");
    assert_eq!(known.nodes[0].trail.samples().len(), 3);
    assert_eq!(known.nodes[0].moved, Some(at(205.0)));
}

#[test]
fn a_counter_that_stood_still_meanwhile_has_stood_since_before() {
    let mut picture = Arc::new(listing(&[("t", Rebalance)]));
    let mut still = before("t", Rebalance);
    let report = progress("t", vec![node(1, InProgress, 500)]);
    still.nodes[0].counters = report.nodes[0].counters;
    // The counters were read before the history was.
    hear(&mut picture, report, 205.0);
    recollection(vec![still], vec![]).apply(&mut picture, at(205.0));
    let known = &task(&picture).nodes[0];
    assert_eq!(
        (known.moved, known.ticked),
        (Some(at(80.0)), Some(at(100.0)))
    );
    assert_eq!(known.taken, Some(at(205.0)));
    assert_eq!(known.trail.samples().len(), 3);
}

#[test]
fn only_counters_tell_a_fix_layout_from_a_rebalance() {
    let mut picture = Arc::new(listing(&[("t", Rebalance)]));
    recollection(vec![before("t", FixLayout)], vec![]).apply(&mut picture, at(200.0));
    assert_eq!(task(&picture).kind, FixLayout);
}

#[test]
fn a_basis_that_was_read_stands() {
    let basis = |used, exact| {
        Some(Baseline {
            used,
            at: at(0.0).wall,
            exact,
        })
    };
    assert_eq!(better(basis(1, false), basis(2, true)), basis(2, true));
    assert_eq!(better(basis(1, true), basis(2, true)), basis(1, true));
    assert_eq!(better(basis(1, false), basis(2, false)), basis(1, false));
    assert_eq!(better(None, basis(2, false)), basis(2, false));
}

#[test]
fn a_task_that_is_gone_is_judged_by_what_is_left() {
    let endings = |kind, bricks_left: bool, lines: &[(&str, TaskKind)]| {
        let mut picture = listing(lines);
        if !bricks_left {
            let mut rest = volume("v", 3);
            rest.bricks.drain(..2);
            define(&mut picture, vec![rest], at(201.0));
        }
        let mut picture = Arc::new(picture);
        recollection(vec![before("gone", kind)], vec![]).apply(&mut picture, at(210.0));
        let ended = picture.ended.iter();
        ended.map(|one| (one.ending, one.at)).collect::<Vec<_>>()
    };
    let when = at(210.0);
    assert_eq!(
        endings(RemoveBrick, false, &[]),
        [(Ending::Committed, when)]
    );
    assert_eq!(endings(RemoveBrick, true, &[]), [(Ending::Stopped, when)]);
    assert_eq!(endings(Rebalance, true, &[]), [(Ending::Stopped, when)]);
    assert_eq!(
        endings(Rebalance, true, &[("new", Rebalance)]),
        [(Ending::Vanished, when)]
    );
}

#[test]
fn nothing_is_judged_before_the_list_was_read() {
    let mut picture = Arc::new(snapshot(vec![volume("v", 3)]));
    let mut memory = recollection(vec![before("t", Rebalance)], vec![]);
    memory.apply(&mut picture, at(5.0));
    assert!(picture.ended.is_empty());
    let mut picture = Arc::new(listing(&[]));
    memory.apply(&mut picture, at(200.0));
    assert_eq!(picture.ended.len(), 1);
}

#[test]
fn ended_tasks_come_back_once_and_the_better_account_stands() {
    let mut picture = Arc::new(listing(&[("live", Rebalance)]));
    let told = vec![
        ended_task("b", Ending::Stopped, 60.0),
        ended_task("a", Ending::Vanished, 50.0),
        ended_task("live", Ending::Stopped, 40.0),
    ];
    recollection(vec![], told).apply(&mut picture, at(200.0));
    let known = |picture: &Snapshot| -> Vec<_> {
        let ended = picture.ended.iter();
        ended
            .map(|one| (one.task.id.clone().unwrap().to_string(), one.ending))
            .collect()
    };
    let two = [
        ("b".to_owned(), Ending::Stopped),
        ("a".to_owned(), Ending::Vanished),
    ];
    assert_eq!(known(&picture), two, "what is listed is not over");
    let told = vec![
        ended_task("a", Ending::Committed, 50.0),
        ended_task("b", Ending::Vanished, 60.0),
        ended_task("c", Ending::Failed, 70.0),
    ];
    ended(Arc::make_mut(&mut picture), told);
    assert_eq!(
        known(&picture),
        [
            ("c".to_owned(), Ending::Failed),
            ("b".to_owned(), Ending::Stopped),
            ("a".to_owned(), Ending::Committed),
        ]
    );
}

#[test]
fn another_pool_is_none_of_our_business() {
    let mut foreign = before("t", Rebalance);
    for node in &mut foreign.nodes {
        node.peer = crate::model::PeerId::new("elsewhere");
    }
    let ended = Arc::new(EndedTask {
        volume: "v".into(),
        task: foreign.clone(),
        ending: Ending::Stopped,
        at: at(50.0),
    });
    let mut picture = Arc::new(listing(&[]));
    recollection(vec![foreign], vec![ended]).apply(&mut picture, at(200.0));
    assert!(picture.ended.is_empty());
    assert_eq!(task_count(&picture), 0);
}

fn task_count(picture: &Snapshot) -> usize {
    picture
        .tasks()
        .filter(|(_, task)| task.state() != Completed)
        .count()
}
