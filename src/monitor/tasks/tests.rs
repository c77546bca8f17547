use std::time::Duration;

use crate::gluster::{Command, Failure, RebalanceMode, RemoveStep, Reply, StatusView};
use crate::model::{Ending, FaultKind, Snapshot, Task, TaskKind, TaskState};
use crate::monitor::merge;
use crate::monitor::testing::{
    at, brick, define, listed, node, own_state, peer_id, progress, reading, snapshot, status,
    status_report, volume,
};

use TaskKind::{Rebalance, RemoveBrick};
use TaskState::{Completed, Failed, InProgress, Stopped, Unknown};

/// One volume `v` on three nodes.
struct Story {
    snapshot: Snapshot,
    now: f64,
}

impl Story {
    fn begin() -> Self {
        Self {
            snapshot: snapshot(vec![volume("v", 3)]),
            now: 0.0,
        }
    }

    /// Five seconds pass, then this is read.
    fn read(&mut self, command: Command, result: Result<Reply, Failure>) {
        self.now += 5.0;
        let reading = reading(command, at(self.now), result);
        merge::reading(&mut self.snapshot, &reading);
    }

    fn list(&mut self, id: &str, kind: TaskKind, state: TaskState, nodes: &[usize]) {
        let bricks: Vec<_> = nodes.iter().map(|&node| brick("v", node)).collect();
        let line = listed(id, kind, state, &bricks);
        let reply = status_report(&volume("v", 3), Some(vec![line]));
        self.read(status("v", StatusView::Tasks), Ok(reply));
    }

    fn list_nothing(&mut self) {
        let reply = status_report(&volume("v", 3), Some(vec![]));
        self.read(status("v", StatusView::Tasks), Ok(reply));
    }

    fn hear(&mut self, id: &str, nodes: &[(usize, TaskState, u64)]) {
        let nodes = nodes.iter().map(|&(n, state, count)| node(n, state, count));
        let report = progress(id, nodes.collect());
        self.read(rebalance_status(), Ok(Reply::Progress(report)));
    }

    fn task(&self) -> &Task {
        self.snapshot.volumes()[0].task().expect("a task")
    }

    fn endings(&self) -> Vec<(&str, Ending)> {
        let ended = self.snapshot.ended.iter();
        ended
            .map(|e| (e.task.id.as_ref().map_or("", |id| id.as_str()), e.ending))
            .collect()
    }
}

fn rebalance_status() -> Command {
    Command::RebalanceStatus("v".into())
}

fn remove(nodes: &[usize], step: RemoveStep) -> Command {
    Command::RemoveBrick {
        volume: "v".into(),
        bricks: nodes.iter().map(|&node| brick("v", node)).collect(),
        replica: None,
        step,
    }
}

#[test]
fn every_host_is_expected_and_known_by_its_bricks() {
    let mut story = Story::begin();
    story.list("t1", Rebalance, InProgress, &[]);
    let names = |task: &Task| {
        task.nodes
            .iter()
            .map(|n| n.name.clone())
            .collect::<Vec<_>>()
    };
    assert_eq!(names(story.task()), ["gl-01", "gl-02", "gl-03"]);
    assert!(
        story
            .task()
            .nodes
            .iter()
            .all(|n| n.state == Unknown && !n.reported)
    );
    story.hear("t1", &[(1, InProgress, 10), (3, InProgress, 30)]);
    let reported: Vec<_> = story.task().nodes.iter().map(|n| n.reported).collect();
    assert_eq!(reported, [true, false, true], "localhost is node 1");
    story.hear("t1", &[(9, InProgress, 1)]);
    assert_eq!(names(story.task())[3], "10.0.0.9", "a node nobody expected");

    let mut story = Story::begin();
    story.list("t2", RemoveBrick, InProgress, &[2]);
    assert_eq!(names(story.task()), ["gl-02"]);
}

#[test]
fn a_silent_node_keeps_its_row_and_the_sum_keeps_its_counters() {
    let mut story = Story::begin();
    story.list("t1", Rebalance, InProgress, &[]);
    let all = |n| [(1, InProgress, n), (2, InProgress, n), (3, InProgress, n)];
    story.hear("t1", &all(10));
    story.hear("t1", &all(20)[..2]);
    let task = story.task();
    let silent = &task.nodes[2];
    assert_eq!((silent.reported, silent.state), (false, InProgress));
    assert_eq!(silent.counters.bytes, Some(10));
    assert_eq!(silent.taken, Some(at(10.0)));
    assert_eq!(task.total().bytes, Some(50));
}

#[test]
fn a_silent_node_leaves_a_gap_in_the_sum_and_its_return_is_no_leap() {
    let mut story = Story::begin();
    story.list("t1", Rebalance, InProgress, &[]);
    let all = |n| [(1, InProgress, n), (2, InProgress, n), (3, InProgress, n)];
    story.hear("t1", &all(10));
    story.hear("t1", &all(20));
    // Node 3 works on, but is not heard for three readings.
    for count in [30, 40, 50] {
        story.hear("t1", &all(count)[..2]);
    }
    story.hear("t1", &all(60));
    let samples: Vec<_> = story.task().trail.samples().collect();
    let sums: Vec<_> = samples.iter().map(|sample| sample.bytes).collect();
    assert_eq!(sums, [30, 60, 180]);
    let rates: Vec<_> = samples
        .windows(2)
        .map(|pair| {
            let seconds = pair[1].at.duration_since(pair[0].at).as_secs();
            (pair[1].bytes - pair[0].bytes).cast_signed() / seconds
        })
        .collect();
    assert_eq!(rates, [6, 6], "2 bytes a second of each node");
    // One that was done may be silent.
    story.hear(
        "t1",
        &[(1, InProgress, 70), (2, InProgress, 70), (3, Completed, 60)],
    );
    story.hear("t1", &all(80)[..2]);
    let last = story.task().trail.last();
    assert_eq!(last.map(|sample| sample.bytes), Some(220));
}

#[test]
fn the_sum_has_no_trail_before_every_node_was_heard() {
    let mut story = Story::begin();
    story.list("t1", Rebalance, InProgress, &[]);
    story.hear("t1", &[(1, InProgress, 10)]);
    assert_eq!(story.task().trail.samples().len(), 0);
    assert_eq!(story.task().nodes[0].trail.samples().len(), 1);
}

#[test]
fn a_dead_process_stops_ticking_and_a_big_file_only_stops_moving() {
    let mut story = Story::begin();
    story.list("t1", Rebalance, InProgress, &[]);
    story.hear("t1", &[(1, InProgress, 10), (2, InProgress, 10)]);
    let mut big_file = node(1, InProgress, 10);
    big_file.counters.runtime = Some(Duration::from_secs(15));
    let report = progress("t1", vec![big_file, node(2, InProgress, 10)]);
    story.read(rebalance_status(), Ok(Reply::Progress(report)));
    let nodes = &story.task().nodes;
    assert_eq!(
        (nodes[0].moved, nodes[0].ticked),
        (Some(at(10.0)), Some(at(15.0)))
    );
    assert_eq!(
        (nodes[1].moved, nodes[1].ticked),
        (Some(at(10.0)), Some(at(10.0)))
    );
    assert_eq!(nodes[2].ticked, None);
}

#[test]
fn a_restarted_node_ticks_and_begins_a_new_trail() {
    let mut story = Story::begin();
    story.list("t1", Rebalance, InProgress, &[]);
    story.hear("t1", &[(1, InProgress, 10)]);
    story.hear("t1", &[(1, InProgress, 2)]);
    let node = &story.task().nodes[0];
    assert_eq!(node.ticked, Some(at(15.0)));
    assert_eq!(node.trail.samples().len(), 1);
}

#[test]
fn a_fix_layout_stays_one_although_the_list_calls_it_a_rebalance() {
    let mut story = Story::begin();
    story.list("t1", Rebalance, InProgress, &[]);
    let mut fixing = node(1, InProgress, 0);
    fixing.fix_layout = true;
    let report = progress("t1", vec![fixing]);
    story.read(rebalance_status(), Ok(Reply::Progress(report)));
    story.list("t1", Rebalance, InProgress, &[]);
    assert_eq!(story.task().kind, TaskKind::FixLayout);
    story.list("t2", Rebalance, InProgress, &[]);
    assert_eq!(story.task().kind, Rebalance, "another run");
}

#[test]
fn a_new_id_is_a_new_task_and_the_old_one_has_ended() {
    let mut story = Story::begin();
    story.list("t1", Rebalance, InProgress, &[]);
    story.hear(
        "t1",
        &[(1, Completed, 9), (2, Completed, 9), (3, Completed, 9)],
    );
    story.list("t2", Rebalance, InProgress, &[]);
    assert_eq!(story.task().first_seen, at(15.0));
    assert_eq!(story.task().nodes[0].taken, None);
    assert_eq!(story.endings(), [("t1", Ending::Completed)]);
    // A report of a third one, before the list was read again.
    story.hear("t3", &[(1, InProgress, 1)]);
    assert_eq!(story.task().id, Some("t3".into()));
    assert_eq!(
        story.endings()[0],
        ("t2", Ending::Vanished),
        "it may as well have run to its end"
    );
}

#[test]
fn what_vanishes_ended_as_its_last_state_tells() {
    for (kind, state, expected) in [
        (Rebalance, InProgress, Ending::Stopped),
        (Rebalance, Completed, Ending::Completed),
        (Rebalance, Failed, Ending::Failed),
        (Rebalance, Unknown, Ending::Vanished),
        (RemoveBrick, InProgress, Ending::Stopped),
        (RemoveBrick, Completed, Ending::Stopped),
        (RemoveBrick, Failed, Ending::Failed),
    ] {
        let mut story = Story::begin();
        story.list("t1", kind, state, &[1, 2, 3]);
        let all = [(1, state, 1), (2, state, 1), (3, state, 1)];
        story.hear("t1", &all);
        story.list_nothing();
        assert_eq!(story.endings(), [("t1", expected)], "{kind:?} {state:?}");
        assert_eq!(story.snapshot.volumes()[0].task.get(), Some(&None));
    }
}

#[test]
fn not_started_says_that_the_task_is_gone() {
    let mut story = Story::begin();
    story.list("t1", Rebalance, InProgress, &[]);
    let refusal = Failure::new(FaultKind::Refused, "Rebalance not started for volume v.");
    story.read(rebalance_status(), Err(refusal));
    assert_eq!(story.snapshot.volumes()[0].task.get(), Some(&None));
    assert_eq!(story.snapshot.volumes()[0].task.fault(), None);
    assert_eq!(story.endings(), [("t1", Ending::Stopped)]);
    story.list("t1", Rebalance, InProgress, &[]);
    assert_eq!(story.endings(), [], "it was there after all");
}

#[test]
fn own_state_without_a_task_ends_it_but_old_news_does_not() {
    let mut story = Story::begin();
    let nothing = || Ok(Reply::State(own_state("v", None, TaskState::NotStarted)));
    story.read(Command::State, nothing());
    assert_eq!(story.snapshot.volumes()[0].task.get(), Some(&None));
    story.list("t1", Rebalance, InProgress, &[]);
    let late = reading(Command::State, at(story.now - 1.0), nothing());
    merge::reading(&mut story.snapshot, &late);
    assert_eq!(story.task().id, Some("t1".into()));
    story.read(Command::State, nothing());
    assert_eq!(story.endings(), [("t1", Ending::Stopped)]);
}

#[test]
fn a_commit_shows_in_the_definitions_whichever_is_read_first() {
    let left = || {
        let mut left = volume("v", 3);
        left.bricks.remove(1);
        left
    };
    let done = |story: &mut Story| {
        story.list("t1", RemoveBrick, Completed, &[2]);
        story.hear("t1", &[(2, Completed, 9)]);
    };
    let mut story = Story::begin();
    done(&mut story);
    define(&mut story.snapshot, vec![left()], at(20.0));
    assert_eq!(story.endings(), [("t1", Ending::Committed)]);

    let mut story = Story::begin();
    done(&mut story);
    story.list_nothing();
    assert_eq!(story.endings(), [("t1", Ending::Stopped)]);
    define(&mut story.snapshot, vec![left()], at(20.0));
    assert_eq!(story.endings(), [("t1", Ending::Committed)]);

    let mut story = Story::begin();
    done(&mut story);
    define(&mut story.snapshot, vec![], at(20.0));
    assert_eq!(
        story.endings(),
        [("t1", Ending::Vanished)],
        "the volume was deleted"
    );
}

#[test]
fn an_own_start_shows_at_once_and_the_list_confirms_it() {
    let mut story = Story::begin();
    let start = remove(&[2, 3], RemoveStep::Start);
    merge::carried_out(&mut story.snapshot, &start, None, None, at(1.0));
    assert_eq!(story.task().listed, InProgress);
    assert_eq!(story.task().bricks, [brick("v", 2), brick("v", 3)]);
    assert_eq!(story.task().nodes.len(), 2);
    story.list("t1", RemoveBrick, InProgress, &[2, 3]);
    assert_eq!(story.task().first_seen, at(1.0), "the same task");
    assert_eq!(story.task().id, Some("t1".into()));

    let fix = Command::RebalanceStart {
        volume: "v".into(),
        mode: RebalanceMode::FixLayout,
    };
    let mut story = Story::begin();
    merge::carried_out(&mut story.snapshot, &fix, Some(&"t2".into()), None, at(1.0));
    assert_eq!(story.task().kind, TaskKind::FixLayout);
}

#[test]
fn an_own_stop_keeps_the_counters_that_only_its_answer_has() {
    let mut story = Story::begin();
    story.list("t1", RemoveBrick, InProgress, &[2]);
    story.hear("t1", &[(2, InProgress, 10)]);
    let last = progress("t1", vec![node(2, Stopped, 12)]);
    let stop = remove(&[2], RemoveStep::Stop);
    merge::carried_out(&mut story.snapshot, &stop, None, Some(&last), at(20.0));
    assert_eq!(story.endings(), [("t1", Ending::Stopped)]);
    assert_eq!(story.snapshot.ended[0].task.total().bytes, Some(12));
    assert_eq!(story.snapshot.volumes()[0].task.get(), Some(&None));
    // A dismissed rebalance was complete all the same.
    let mut story = Story::begin();
    story.list("t1", Rebalance, Completed, &[]);
    let all = vec![
        node(1, Completed, 1),
        node(2, Completed, 1),
        node(3, Completed, 1),
    ];
    let stop = Command::RebalanceStop("v".into());
    merge::carried_out(
        &mut story.snapshot,
        &stop,
        None,
        Some(&progress("t1", all)),
        at(20.0),
    );
    assert_eq!(story.endings(), [("t1", Ending::Completed)]);
}

#[test]
fn a_brick_typed_by_another_name_of_its_host_is_found() {
    for typed in ["gl-02.example.com:/b/v", "10.0.0.2:/b/v", "gl-02:/b/v"] {
        let mut story = Story::begin();
        let line = listed("t1", RemoveBrick, InProgress, &[typed.into()]);
        let reply = status_report(&volume("v", 3), Some(vec![line]));
        story.read(status("v", StatusView::Plain), Ok(reply));
        assert_eq!(story.task().bricks, [brick("v", 2)], "{typed}");
        assert_eq!(story.task().nodes[0].peer, peer_id(2));
    }
}
