//! What a monitor remembers beyond its end: a second one goes on where the first was cut off.

use std::path::Path;
use std::time::Duration;

use glustop::insight::progress;
use glustop::job::{JobEvent, JobResult};
use glustop::model::{CommandResult, Ending, Who};
use glustop::monitor::{Closing, Memory, Place};
use glustop::store::{self, Store};
use jiff::SignedDuration;

use super::*;

/// A glustop that starts so many seconds after the first, with a clock of its own.
fn remember(directory: &Path, cluster: &Arc<Cluster>, later: i64) -> (Monitor, Closing) {
    let wall = Timestamp::UNIX_EPOCH + SignedDuration::from_secs(later);
    let clock = Clock::starting_at(wall, 1);
    let who = Who {
        user: "ada".into(),
        ..Who::default()
    };
    let place = Place::Directory(directory.to_owned());
    let (memory, closing) = Memory::open(place, who, clock.now());
    let monitor = monitor::start(cluster.clone(), launcher(), settings(), clock, Some(memory));
    (monitor, closing)
}

/// Ends a monitor as leaving does, and waits until all is written.
async fn leave(monitor: Monitor, closing: Closing) {
    let Monitor { requests, task, .. } = monitor;
    drop(requests);
    task.await.unwrap();
    closing.wait().unwrap();
}

fn kept(directory: &Path) -> Store {
    Store::open_to_read(directory).unwrap().unwrap()
}

#[tokio::test(start_paused = true)]
async fn a_second_one_takes_up_the_trails_of_a_running_task() {
    let dir = tempfile::tempdir().unwrap();
    let cluster = Cluster::with(&["v"]);
    cluster.begin("v", &[]);
    let (monitor, closing) = remember(dir.path(), &cluster, 0);
    pass(300.0).await;
    let before = task_of(&now(&monitor), "v").unwrap().clone();
    assert!(before.trail.samples().len() > 30, "{before:?}");
    leave(monitor, closing).await;

    // Two minutes in which nobody watched.
    pass(120.0).await;
    let (monitor, closing) = remember(dir.path(), &cluster, 420);
    pass(20.0).await;
    let after = task_of(&now(&monitor), "v").unwrap().clone();
    assert_eq!(after.id, before.id);
    assert_eq!(after.first_seen.wall, before.first_seen.wall);
    let first = |task: &Task| task.trail.samples().next().copied().unwrap().at;
    assert_eq!(first(&after).as_second(), first(&before).as_second());
    assert!(after.trail.samples().len() > before.trail.samples().len());
    let nodes = before.nodes.iter().zip(&after.nodes);
    for (before, after) in nodes {
        assert!(after.reported);
        assert!(after.trail.samples().len() > before.trail.samples().len());
    }
    let window = SignedDuration::from_secs(300);
    assert!(progress::rate(&after.trail, window, |s| s.bytes).is_some());
    leave(monitor, closing).await;
}

#[tokio::test(start_paused = true)]
async fn a_task_that_went_while_nobody_watched_is_ended_then() {
    let dir = tempfile::tempdir().unwrap();
    let cluster = Cluster::with(&["v", "w"]);
    cluster.begin("v", &[]);
    let (monitor, closing) = remember(dir.path(), &cluster, 0);
    pass(60.0).await;
    // Not before: a task is named after the moment at which it began.
    cluster.begin("w", &[]);
    pass(60.0).await;
    leave(monitor, closing).await;

    cluster.forget("v");
    let (monitor, closing) = remember(dir.path(), &cluster, 600);
    pass(60.0).await;
    let snapshot = now(&monitor);
    let ended: Vec<_> = snapshot
        .ended
        .iter()
        .map(|ended| (ended.volume.as_str(), ended.ending))
        .collect();
    assert_eq!(ended, [("v", Ending::Stopped)]);
    assert!(task_of(&snapshot, "w").is_some());
    leave(monitor, closing).await;

    // A third one knows both what ended and what runs.
    let (monitor, closing) = remember(dir.path(), &cluster, 900);
    pass(60.0).await;
    assert_eq!(now(&monitor).ended.len(), 1);
    leave(monitor, closing).await;
    let history = kept(dir.path()).history(None, 9).unwrap();
    let ended: Vec<_> = history.iter().filter_map(|task| task.ended).collect();
    assert_eq!((history.len(), ended.len()), (2, 1));
}

#[tokio::test(start_paused = true)]
async fn tasks_of_another_pool_are_left_alone() {
    let dir = tempfile::tempdir().unwrap();
    let here = Cluster::with(&["v"]);
    let mut store = Store::open(dir.path()).unwrap();
    here.begin("v", &[]);
    let (monitor, closing) = remember(dir.path(), &here, 0);
    pass(60.0).await;
    let mut task = task_of(&now(&monitor), "v").unwrap().clone();
    leave(monitor, closing).await;
    task.id = Some("elsewhere".into());
    for node in &mut task.nodes {
        node.peer = glustop::model::PeerId::new("another pool's");
    }
    let seen = Timestamp::UNIX_EPOCH;
    store.record(&"v".into(), &task, seen, None).unwrap();

    let (monitor, closing) = remember(dir.path(), &here, 100);
    pass(60.0).await;
    assert!(now(&monitor).ended.is_empty());
    leave(monitor, closing).await;
    let history = kept(dir.path()).history(None, 9).unwrap();
    assert!(history.iter().all(|task| task.ended.is_none()));
    assert_eq!(history.len(), 2);
}

#[tokio::test(start_paused = true)]
async fn commands_are_kept_with_who_ran_them_and_what_came_of_it() {
    let dir = tempfile::tempdir().unwrap();
    let cluster = Cluster::with(&["v"]);
    let (mut monitor, closing) = remember(dir.path(), &cluster, 0);
    pass(5.0).await;
    run(&monitor, job(rebalance("v"))).await;
    let events = events(&mut monitor).await;
    let JobResult::Done { task, .. } = result(&events) else {
        panic!("{events:?}")
    };
    leave(monitor, closing).await;
    let commands = kept(dir.path()).commands(None, 9).unwrap();
    let [command] = &commands[..] else {
        panic!("{commands:?}")
    };
    assert_eq!(command.who.user, "ada");
    assert_eq!(
        command.line,
        launcher().order(rebalance("v")).argv().to_string()
    );
    assert_eq!(command.result, Some(CommandResult::Done));
    assert_eq!(&command.began, task);
    let history = kept(dir.path()).history(None, 9).unwrap();
    assert_eq!(history[0].started_by.as_deref(), Some("ada"));
    assert_eq!(&history[0].task.id, task);

    // The next session is told of it.
    let (mut monitor, closing) = remember(dir.path(), &cluster, 60);
    monitor.recalled.changed().await.unwrap();
    assert_eq!(monitor.recalled.borrow().len(), 1);
    leave(monitor, closing).await;
}

#[tokio::test(start_paused = true)]
async fn a_command_whose_end_nobody_saw_is_kept_too() {
    let dir = tempfile::tempdir().unwrap();
    let cluster = Cluster::with(&["v"]);
    let slow = Mishap::Slow(Duration::from_secs(60));
    cluster.trouble("volume rebalance v start", 1, slow);
    let (monitor, closing) = remember(dir.path(), &cluster, 0);
    pass(5.0).await;
    run(&monitor, job(rebalance("v"))).await;
    pass(10.0).await;
    leave(monitor, closing).await;
    let commands = kept(dir.path()).commands(None, 9).unwrap();
    assert_eq!((commands.len(), commands[0].result), (1, None));
}

#[tokio::test(start_paused = true)]
async fn without_a_history_everything_else_goes_on_and_says_so() {
    let cluster = Cluster::with(&["v"]);
    let (mut monitor, closing) = remember(Path::new("/proc/self/none"), &cluster, 0);
    pass(5.0).await;
    let snapshot = now(&monitor);
    let trouble = snapshot.forgetting.as_ref().unwrap();
    assert!(trouble.text.contains("/proc/self/none"), "{trouble:?}");
    let limits = glustop::insight::finding::Thresholds::default();
    let at = snapshot.volumes.taken().unwrap();
    let findings = glustop::insight::finding::findings(&snapshot, at, &limits);
    assert_eq!(findings[0].code, "history-unavailable");
    run(&monitor, job(rebalance("v"))).await;
    let events = events(&mut monitor).await;
    assert!(matches!(events.last(), Some(JobEvent::Ended(_))));
    assert!(matches!(result(&events), JobResult::Done { .. }));
    leave(monitor, closing).await;
}

#[tokio::test(start_paused = true)]
async fn one_reading_has_the_basis_of_the_earlier_ones() {
    let dir = tempfile::tempdir().unwrap();
    let cluster = Cluster::with(&["v"]);
    cluster.begin("v", &[]);
    let (monitor, closing) = remember(dir.path(), &cluster, 0);
    pass(120.0).await;
    let kept = task_of(&now(&monitor), "v").unwrap().trail.samples().len();
    leave(monitor, closing).await;
    for round in 1..=2 {
        let wall = Timestamp::UNIX_EPOCH + SignedDuration::from_secs(200 * round);
        let clock = Clock::starting_at(wall, 1);
        let place = Place::Directory(dir.path().to_owned());
        let (memory, closing) = Memory::open(place, Who::default(), clock.now());
        let mut memory = memory;
        let (snapshot, _) = monitor::read_once(
            cluster.clone(),
            launcher(),
            settings(),
            clock,
            &[],
            &[],
            Some(&mut memory),
        )
        .await;
        drop(memory);
        let task = task_of(&snapshot, "v").unwrap();
        // Each reading adds one sample to those that were kept.
        assert_eq!(task.trail.samples().len(), kept + round as usize);
        closing.wait().unwrap();
    }
    assert!(dir.path().join(store::FILE).exists());
}
