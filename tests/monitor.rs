//! The monitor against a cluster on paper, in simulated time.
#![allow(
    missing_docs,
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::unchecked_time_subtraction,
    reason = "a test"
)]

#[path = "monitor/aftermath.rs"]
mod aftermath;
#[path = "monitor/cluster.rs"]
mod cluster;
#[path = "monitor/gentle.rs"]
mod gentle;
#[path = "monitor/grounds.rs"]
mod grounds;
#[path = "monitor/inspect.rs"]
mod inspect;
#[path = "monitor/jobs.rs"]
mod jobs;
#[path = "monitor/memory.rs"]
mod memory;
#[path = "monitor/once.rs"]
mod once;

use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use cluster::{Cluster, Mishap, brick};
use glustop::gluster::{Command, Launcher, RebalanceMode};
use glustop::insight::plan::Plan;
use glustop::job::{Job, JobEvent, JobId, JobResult};
use glustop::model::{Ending, FaultKind, Snapshot, Task, TaskState};
use glustop::monitor::{self, Budget, Clock, Focus, Monitor, Request, Settings};
use jiff::Timestamp;

const INTERVAL: Duration = Duration::from_secs(5);

fn launcher() -> Launcher {
    Launcher {
        program: "gluster".into(),
        socket: None,
        ssh: None,
        state_dir: PathBuf::from("/run/glustop"),
        python_helper: false,
    }
}

fn settings() -> Settings {
    Settings {
        interval: INTERVAL,
        timeout: Duration::from_secs(120),
        budget: Budget::default(),
    }
}

fn clock() -> Clock {
    Clock::starting_at(Timestamp::UNIX_EPOCH, 1)
}

fn watch(cluster: &Arc<Cluster>) -> Monitor {
    monitor::start(cluster.clone(), launcher(), settings(), clock(), None)
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
        accepted: Plan::default(),
        patience: Duration::from_secs(60),
    }
}

fn rebalance(volume: &str) -> Command {
    Command::RebalanceStart {
        volume: volume.into(),
        mode: RebalanceMode::Migrate,
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
async fn a_brick_killed_on_another_node_shows_within_a_quarter_of_a_minute() {
    for (tenths, busy) in (0..130).step_by(3).zip([true, false].into_iter().cycle()) {
        let cluster = Cluster::with(&["a", "b", "c"]);
        if busy {
            cluster.begin("a", &[]);
            cluster.begin("b", &[&brick("b", 2)]);
        }
        let monitor = watch(&cluster);
        let focus = Focus {
            selected: Some("a".into()),
            visible: vec!["a".into(), "b".into(), "c".into()],
        };
        monitor.requests.send(Request::Focus(focus)).await.unwrap();
        pass(60.0 + f64::from(tenths) / 10.0).await;
        cluster.kill(&brick("a", 3));
        pass(15.0).await;
        let snapshot = now(&monitor);
        let state = snapshot.volumes()[0].brick(&brick("a", 3).as_str().into());
        assert_eq!(state.online, Some(false), "killed at {tenths}, {busy}");
        assert_eq!(cluster.overlaps(), [""; 0]);
    }
}

#[tokio::test(start_paused = true)]
async fn a_slow_glusterd_is_never_taken_for_a_dead_one() {
    for seconds in [1, 5] {
        let interval = Duration::from_secs(seconds);
        let cluster = Cluster::with(&["a"]);
        for words in ["volume info", "pool list", "get-state"] {
            cluster.trouble(words, 9_999, Mishap::Slow(interval * 6 / 10));
        }
        let monitor = watch(&cluster);
        let pace = Request::Interval(interval);
        monitor.requests.send(pace).await.unwrap();
        pass(30.0).await;
        for _ in 0..600 {
            pass(0.1).await;
            let taken = now(&monitor).volumes.taken().unwrap();
            let age = cluster.begun().elapsed() - taken.steady;
            assert!(age <= interval * 3, "{age:?} at {interval:?}");
        }
    }
}

#[tokio::test(start_paused = true)]
async fn a_hung_status_delays_neither_base_readings_nor_a_stop() {
    let cluster = Cluster::with(&["a", "b"]);
    cluster.begin("b", &[]);
    let mut monitor = watch(&cluster);
    pass(10.0).await;
    cluster.trouble("volume status", 99, Mishap::Hang);
    cluster.trouble("volume rebalance b status", 99, Mishap::Hang);
    let before = cluster.times("get-state").len();
    pass(60.0).await;
    let base = cluster.times("get-state").len() - before;
    assert!((6..=13).contains(&base), "{base} in a minute");
    let snapshot = now(&monitor);
    let asking = snapshot.asking.as_ref().expect("a question under way");
    assert!(asking.question.contains("volume"), "{}", asking.question);
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
async fn an_hour_of_trouble_leaves_no_trace() {
    let cluster = Cluster::with(&["a", "b", "c", "d"]);
    cluster.begin("a", &[]);
    cluster.begin("b", &[&brick("b", 2)]);
    let monitor = watch(&cluster);
    let mishaps = [
        Mishap::Busy,
        Mishap::Slow(Duration::from_secs(4)),
        Mishap::Fail(FaultKind::BadOutput),
        Mishap::Fail(FaultKind::DaemonDown),
        Mishap::Hang,
        Mishap::Fail(FaultKind::Refused),
    ];
    let orders = [
        "volume status",
        "volume rebalance",
        "volume info",
        "pool",
        "get-state",
    ];
    for minute in 0..60 {
        let mishap = mishaps[minute % mishaps.len()].clone();
        cluster.trouble(orders[minute * 7 % orders.len()], 3, mishap);
        pass(60.0).await;
        let snapshot = now(&monitor);
        assert_eq!(snapshot.volumes().len(), 4);
        assert!(task_of(&snapshot, "a").is_some() && task_of(&snapshot, "b").is_some());
    }
    cluster.heal();
    // Sizes that could not be read are asked for again when it is their turn.
    pass(14_400.0).await;
    let snapshot = now(&monitor);
    assert_eq!(snapshot.peers.fault().or(snapshot.volumes.fault()), None);
    for state in snapshot.volumes() {
        let faults = [
            state.bricks.fault(),
            state.space.fault(),
            state.task.fault(),
        ];
        assert_eq!(faults, [None; 3], "{}", state.volume.name);
    }
    assert_eq!(snapshot.ended, []);
    assert_eq!(cluster.overlaps(), [""; 0]);
}
