//! The monitor against a cluster on paper, in simulated time.
#![allow(
    missing_docs,
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::unchecked_time_subtraction,
    reason = "a test"
)]

#[path = "monitor/cluster.rs"]
mod cluster;

use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use cluster::{Cluster, Mishap, brick};
use glustop::gluster::{
    Command, Job, JobEvent, JobId, JobResult, Launcher, RebalanceMode, RemoveStep,
};
use glustop::model::{Ending, FaultKind, Snapshot, Task, TaskState, Throttle};
use glustop::monitor::{self, Clock, Focus, Monitor, Request, Settings};
use jiff::Timestamp;

const INTERVAL: Duration = Duration::from_secs(5);

fn launcher() -> Launcher {
    Launcher {
        program: "gluster".into(),
        socket: None,
        ssh: None,
        state_dir: PathBuf::from("/run/glustop"),
    }
}

fn settings() -> Settings {
    Settings {
        interval: INTERVAL,
        timeout: Duration::from_secs(120),
    }
}

fn clock() -> Clock {
    Clock::starting_at(Timestamp::UNIX_EPOCH, 1)
}

fn watch(cluster: &Arc<Cluster>) -> Monitor {
    monitor::start(cluster.clone(), launcher(), settings(), clock())
}

/// Lets simulated time pass.
async fn pass(seconds: f64) {
    tokio::time::sleep(Duration::from_secs_f64(seconds)).await;
}

fn now(monitor: &Monitor) -> Arc<Snapshot> {
    monitor.snapshots.borrow().clone()
}

fn task_of<'a>(snapshot: &'a Snapshot, volume: &str) -> Option<&'a Task> {
    snapshot.volume(&volume.into())?.task()
}

fn job(command: Command) -> Job {
    Job {
        id: JobId(1),
        order: launcher().order(command),
        patience: Duration::from_secs(60),
    }
}

fn rebalance(volume: &str) -> Command {
    Command::RebalanceStart {
        volume: volume.into(),
        mode: RebalanceMode::Migrate,
    }
}

fn remove(volume: &str, step: RemoveStep) -> Command {
    Command::RemoveBrick {
        volume: volume.into(),
        bricks: vec![brick(volume, 2).as_str().into()],
        replica: None,
        step,
    }
}

async fn run(monitor: &Monitor, job: Job) {
    monitor.requests.send(Request::Run(job)).await.unwrap();
}

/// The events of one job, up to its end.
async fn events(monitor: &mut Monitor) -> Vec<JobEvent> {
    let mut events = Vec::new();
    while let Some((_, event)) = monitor.jobs.recv().await {
        events.push(event);
        if matches!(events.last(), Some(JobEvent::Ended(_))) {
            break;
        }
    }
    events
}

fn result(events: &[JobEvent]) -> &JobResult {
    match events.last() {
        Some(JobEvent::Ended(outcome)) => &outcome.result,
        other => panic!("not ended: {other:?}"),
    }
}

fn attempts(events: &[JobEvent]) -> usize {
    let running = |event: &&JobEvent| matches!(event, JobEvent::Running { .. });
    events.iter().filter(running).count()
}

#[tokio::test(start_paused = true)]
async fn the_whole_picture_is_there_soon() {
    let cluster = Cluster::with(&["a", "b"]);
    cluster.begin("b", &[&brick("b", 2)]);
    let monitor = watch(&cluster);
    pass(3.0).await;
    let snapshot = now(&monitor);
    assert_eq!(
        snapshot.release.map(|r| r.to_string()).as_deref(),
        Some("10.3")
    );
    assert_eq!(snapshot.peers().len(), 3);
    for state in snapshot.volumes() {
        assert_eq!(state.bricks_online(), Some(3));
        assert!(state.space.get().is_some());
    }
    assert_eq!(snapshot.volumes()[0].task.get(), Some(&None));
    let task = task_of(&snapshot, "b").unwrap();
    assert_eq!(task.state(), TaskState::InProgress);
    assert_eq!(task.nodes[0].name, "gl-02");
    assert_eq!(cluster.overlaps(), [""; 0]);
}

#[tokio::test(start_paused = true)]
async fn a_task_begun_elsewhere_shows_within_one_interval() {
    let cluster = Cluster::with(&["a", "b", "c"]);
    let monitor = watch(&cluster);
    pass(61.3).await;
    cluster.begin("b", &[]);
    pass(INTERVAL.as_secs_f64() + 0.5).await;
    let snapshot = now(&monitor);
    let task = task_of(&snapshot, "b").expect("the task");
    assert_eq!(task.nodes_reported(), 3);
    cluster.complete("b");
    pass(INTERVAL.as_secs_f64() + 0.5).await;
    assert_eq!(
        task_of(&now(&monitor), "b").map(Task::state),
        Some(TaskState::Completed)
    );
}

#[tokio::test(start_paused = true)]
async fn a_hung_status_delays_neither_base_readings_nor_a_stop() {
    let cluster = Cluster::with(&["a", "b"]);
    cluster.begin("b", &[]);
    let mut monitor = watch(&cluster);
    pass(10.0).await;
    cluster.trouble("volume status", 99, Mishap::Hang);
    cluster.trouble("volume rebalance b status", 99, Mishap::Hang);
    let before = cluster.times("volume info").len();
    pass(60.0).await;
    let base = cluster.times("volume info").len() - before;
    assert!((11..=13).contains(&base), "{base} in a minute");
    let snapshot = now(&monitor);
    let asking = snapshot.asking.as_ref().expect("a question under way");
    assert!(asking.command.contains("volume"), "{}", asking.command);
    assert!(asking.since.steady > Duration::from_secs(9));

    let pressed = cluster.begun().elapsed();
    run(&monitor, job(Command::RebalanceStop("b".into()))).await;
    let events = events(&mut monitor).await;
    assert_eq!(attempts(&events), 1);
    let sent = cluster.times("volume rebalance b stop")[0];
    assert!(sent - pressed < Duration::from_millis(300));
    pass(0.1).await;
    let snapshot = now(&monitor);
    assert_eq!(snapshot.ended[0].ending, Ending::Stopped);
    assert!(
        snapshot.ended[0].task.total().bytes.is_some(),
        "the stop's own counters"
    );
}

#[tokio::test(start_paused = true)]
async fn a_busy_stop_is_tried_again_in_view_while_nothing_else_is_asked() {
    let cluster = Cluster::with(&["a"]);
    cluster.begin("a", &[&brick("a", 2)]);
    let mut monitor = watch(&cluster);
    pass(20.0).await;
    cluster.trouble("volume remove-brick a gl-02:/b/a stop", 3, Mishap::Busy);
    let before = cluster.calls().len();
    run(&monitor, job(remove("a", RemoveStep::Stop))).await;
    let events = events(&mut monitor).await;
    let busy: Vec<_> = events
        .iter()
        .filter_map(|event| match event {
            JobEvent::Busy { attempt, message } => {
                Some((*attempt, message.starts_with("Another transaction")))
            }
            _ => None,
        })
        .collect();
    assert_eq!(busy, [(1, true), (2, true), (3, true)]);
    assert!(matches!(
        result(&events),
        JobResult::Done {
            progress: Some(_),
            ..
        }
    ));
    let tries = cluster.times("volume remove-brick a gl-02:/b/a stop");
    assert!(
        tries
            .windows(2)
            .all(|pair| pair[1] - pair[0] < Duration::from_millis(1_200))
    );
    let last = *tries.last().unwrap();
    let mut meanwhile = cluster.calls().split_off(before);
    meanwhile.retain(|call| call.at <= last);
    assert!(
        meanwhile.iter().all(|call| !call.words.contains("status")),
        "{meanwhile:?}"
    );
    pass(1.0).await;
    let read_again = cluster.times("volume status a");
    assert!(read_again.last().unwrap() >= &last, "read again at once");
    assert_eq!(now(&monitor).volumes()[0].task.get(), Some(&None));
}

#[tokio::test(start_paused = true)]
async fn a_start_is_checked_run_exactly_and_shown() {
    let cluster = Cluster::with(&["a"]);
    let mut monitor = watch(&cluster);
    pass(10.0).await;
    let job = job(rebalance("a"));
    let before = cluster.calls().len();
    run(&monitor, job.clone()).await;
    let events = events(&mut monitor).await;
    assert_eq!(
        events[..2],
        [JobEvent::Checking, JobEvent::Running { attempt: 1 }]
    );
    assert!(matches!(
        result(&events),
        JobResult::Done { task: Some(_), .. }
    ));
    let words: Vec<_> = cluster.calls()[before..]
        .iter()
        .filter(|call| call.words.contains(" a"))
        .map(|call| call.words.clone())
        .take(3)
        .collect();
    assert_eq!(
        words,
        [
            "volume info a",
            "volume status a tasks",
            "volume rebalance a start"
        ]
    );
    let run = cluster
        .calls()
        .into_iter()
        .find(|call| call.words == words[2]);
    assert_eq!(run.unwrap().argv, job.order.argv().words());
    pass(0.5).await;
    assert_eq!(
        task_of(&now(&monitor), "a").map(Task::nodes_reported),
        Some(3)
    );
    assert_eq!(cluster.overlaps(), [""; 0]);
}

#[tokio::test(start_paused = true)]
async fn objections_run_nothing() {
    let cluster = Cluster::with(&["a"]);
    let mut monitor = watch(&cluster);
    pass(6.0).await;
    // Somebody was quicker, and no reading has shown it yet.
    cluster.begin("a", &[]);
    run(&monitor, job(rebalance("a"))).await;
    let events = events(&mut monitor).await;
    assert_eq!(
        result(&events),
        &JobResult::Objected(vec!["a rebalance is running on it".into()])
    );
    assert_eq!(cluster.times("volume rebalance a start"), []);
    pass(1.0).await;
    assert!(
        task_of(&now(&monitor), "a").is_some(),
        "read again after the check"
    );
}

#[tokio::test(start_paused = true)]
async fn a_commit_looks_at_every_node_first() {
    let cluster = Cluster::with(&["a"]);
    cluster.begin("a", &[&brick("a", 2)]);
    let mut monitor = watch(&cluster);
    pass(6.0).await;
    run(&monitor, job(remove("a", RemoveStep::Commit))).await;
    let refused = events(&mut monitor).await;
    assert_eq!(
        result(&refused),
        &JobResult::Objected(vec!["migration is still in progress".into()])
    );
    cluster.complete("a");
    run(&monitor, job(remove("a", RemoveStep::Commit))).await;
    let done = events(&mut monitor).await;
    assert!(matches!(result(&done), JobResult::Done { .. }), "{done:?}");
    assert_eq!(
        cluster
            .times("volume remove-brick a gl-02:/b/a commit")
            .len(),
        1
    );
}

#[tokio::test(start_paused = true)]
async fn a_check_that_cannot_be_made_runs_nothing() {
    let cluster = Cluster::with(&["a"]);
    let mut monitor = watch(&cluster);
    pass(6.0).await;
    cluster.trouble("volume status a tasks", 99, Mishap::Busy);
    run(&monitor, job(rebalance("a"))).await;
    let events = events(&mut monitor).await;
    assert!(
        matches!(result(&events), JobResult::Failed(failure) if failure.kind == FaultKind::Busy)
    );
    assert!(
        cluster.times("volume status a tasks").len() > 10,
        "tried for a minute"
    );
    assert_eq!(cluster.times("volume rebalance a start"), []);
}

#[tokio::test(start_paused = true)]
async fn giving_up_ends_the_waiting() {
    let cluster = Cluster::with(&["a", "b"]);
    let mut monitor = watch(&cluster);
    pass(6.0).await;
    cluster.trouble("volume set a", 99, Mishap::Busy);
    let throttle = Command::SetThrottle {
        volume: "a".into(),
        throttle: Throttle::Lazy,
    };
    run(&monitor, job(throttle)).await;
    let waiting = Job {
        id: JobId(2),
        ..job(rebalance("b"))
    };
    run(&monitor, waiting).await;
    pass(10.0).await;
    for id in [2, 1] {
        monitor
            .requests
            .send(Request::GiveUp(JobId(id)))
            .await
            .unwrap();
        let events = events(&mut monitor).await;
        assert_eq!(result(&events), &JobResult::GivenUp);
    }
    assert_eq!(cluster.times("volume rebalance b start"), []);
    assert!(cluster.times("volume set a").len() >= 2);
}

#[tokio::test(start_paused = true)]
async fn a_change_without_an_answer_is_not_tried_again() {
    let cluster = Cluster::with(&["a"]);
    let mut monitor = watch(&cluster);
    pass(6.0).await;
    cluster.trouble("volume rebalance a start", 1, Mishap::Hang);
    run(&monitor, job(rebalance("a"))).await;
    let events = events(&mut monitor).await;
    let JobResult::Failed(failure) = result(&events) else {
        panic!("{events:?}")
    };
    assert_eq!(failure.kind, FaultKind::Timeout);
    assert!(
        failure
            .message
            .ends_with("Whether it was carried out is not known.")
    );
    assert_eq!(cluster.times("volume rebalance a start").len(), 1);
    pass(1.0).await;
    let calls = cluster.calls();
    let sent = calls
        .iter()
        .position(|call| call.words == "volume rebalance a start");
    let after = &calls[sent.unwrap()..];
    assert!(after.iter().any(|call| call.words == "volume status a"));
}

#[tokio::test(start_paused = true)]
async fn a_job_waits_little_for_a_question_of_our_own() {
    let cluster = Cluster::with(&["a"]);
    let mut monitor = watch(&cluster);
    pass(10.0).await;
    cluster.trouble("volume status a", 1, Mishap::Hang);
    monitor.requests.send(Request::ReadNow).await.unwrap();
    pass(1.0).await;
    run(&monitor, job(rebalance("a"))).await;
    let events = events(&mut monitor).await;
    assert!(
        matches!(result(&events), JobResult::Done { .. }),
        "{events:?}"
    );
    assert!(cluster.begun().elapsed() < Duration::from_secs(15));
    assert_eq!(
        cluster.overlaps(),
        [""; 0],
        "the question was given up first"
    );
}

#[tokio::test(start_paused = true)]
async fn jobs_on_one_volume_never_meet_a_question_on_it() {
    let cluster = Cluster::with(&["a", "b"]);
    let mut monitor = watch(&cluster);
    let focus = Focus {
        selected: Some("a".into()),
        visible: vec!["a".into(), "b".into()],
    };
    monitor.requests.send(Request::Focus(focus)).await.unwrap();
    cluster.trouble("volume status", 20, Mishap::Slow(Duration::from_secs(1)));
    for (number, volume) in ["a", "b", "a", "b"].into_iter().enumerate() {
        let throttle = Command::SetThrottle {
            volume: volume.into(),
            throttle: Throttle::Lazy,
        };
        pass(2.7).await;
        let next = Job {
            id: JobId(number as u64),
            ..job(throttle)
        };
        run(&monitor, next).await;
        events(&mut monitor).await;
        monitor.requests.send(Request::ReadNow).await.unwrap();
    }
    assert_eq!(cluster.overlaps(), [""; 0]);
}

#[tokio::test(start_paused = true)]
async fn a_pause_asks_nothing_and_ends() {
    let cluster = Cluster::with(&["a"]);
    let mut monitor = watch(&cluster);
    pass(6.0).await;
    monitor.requests.send(Request::Pause(true)).await.unwrap();
    pass(0.5).await;
    let calls = cluster.calls().len();
    pass(300.0).await;
    assert_eq!(cluster.calls().len(), calls);
    run(&monitor, job(rebalance("a"))).await;
    assert!(
        matches!(result(&events(&mut monitor).await), JobResult::Done { .. }),
        "jobs run all the same"
    );
    monitor.requests.send(Request::Pause(false)).await.unwrap();
    pass(1.0).await;
    assert_eq!(
        task_of(&now(&monitor), "a").map(Task::nodes_reported),
        Some(3)
    );
}

#[tokio::test(start_paused = true)]
async fn a_glusterd_that_is_down_erases_nothing_and_is_asked_seldom() {
    let cluster = Cluster::with(&["a"]);
    let monitor = watch(&cluster);
    pass(10.0).await;
    cluster.trouble("", 9_999, Mishap::Fail(FaultKind::DaemonDown));
    let before = cluster.calls().len();
    pass(120.0).await;
    let calls = cluster.calls().split_off(before);
    assert!((7..=13).contains(&calls.len()), "{} calls", calls.len());
    let snapshot = now(&monitor);
    assert_eq!(snapshot.volumes()[0].bricks_online(), Some(3));
    let fault = snapshot.volumes.fault().expect("a fault");
    assert_eq!(fault.kind, FaultKind::DaemonDown);
    assert!(
        fault.since.steady < Duration::from_secs(20),
        "the first of the row"
    );
    cluster.heal();
    cluster.delete("a");
    pass(16.0).await;
    let snapshot = now(&monitor);
    assert!(snapshot.volumes.fault().is_none() && snapshot.volumes().is_empty());
}

#[tokio::test(start_paused = true)]
async fn a_bug_inside_ends_the_monitor_with_an_error() {
    let cluster = Cluster::with(&["a"]);
    cluster.trouble("volume status a", 1, Mishap::Panic);
    let monitor = watch(&cluster);
    let end = monitor.task.await;
    assert!(end.is_err_and(|error| error.is_panic()));
}

#[tokio::test(start_paused = true)]
async fn the_monitor_ends_when_nobody_can_ask_it_anything() {
    let monitor = watch(&Cluster::with(&["a"]));
    pass(3.0).await;
    drop(monitor.requests);
    monitor.task.await.unwrap();
}

#[tokio::test(start_paused = true)]
async fn one_reading_for_a_command_that_prints() {
    let cluster = Cluster::with(&["a", "b", "c"]);
    cluster.begin("b", &[&brick("b", 2)]);
    cluster.trouble("volume status a", 2, Mishap::Busy);
    cluster.trouble(
        "volume status c detail",
        1,
        Mishap::Fail(FaultKind::BadOutput),
    );
    let (snapshot, faults) =
        monitor::read_once(cluster.clone(), launcher(), settings(), clock(), &[]).await;
    assert!(
        snapshot
            .volumes()
            .iter()
            .all(|state| state.bricks_online() == Some(3))
    );
    assert_eq!(task_of(&snapshot, "b").map(Task::nodes_reported), Some(1));
    let found: Vec<_> = faults
        .iter()
        .map(|f| (f.kind, f.command.ends_with("volume status c detail")))
        .collect();
    assert_eq!(found, [(FaultKind::BadOutput, true)]);
    assert_eq!(cluster.overlaps(), [""; 0]);

    let cluster = Cluster::with(&["a", "b"]);
    let (snapshot, faults) = monitor::read_once(
        cluster.clone(),
        launcher(),
        settings(),
        clock(),
        &["b".into()],
    )
    .await;
    assert_eq!((snapshot.volumes().len(), faults.len()), (2, 0));
    assert_eq!(cluster.times("volume status a"), []);
}
