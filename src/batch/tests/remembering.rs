//! What a command without a screen leaves in the history.

use std::path::Path;

use super::*;
use crate::model::{Ending, TaskRecord};
use crate::store::Store;

/// The tasks in the history, those of one volume.
fn tasks(directory: &Path, volume: &str) -> Vec<TaskRecord> {
    let store = Store::open(directory).unwrap();
    store.history(Some(&volume.into()), 9).unwrap()
}

fn endings(directory: &Path, volume: &str) -> Vec<Option<Ending>> {
    let tasks = tasks(directory, volume).into_iter();
    tasks
        .map(|task| task.ended.map(|(ending, _)| ending))
        .collect()
}

fn status() -> Request {
    Request::Status {
        volumes: vec![],
        json: false,
    }
}

#[tokio::test(start_paused = true)]
async fn a_stop_leaves_the_end_of_its_task_and_the_last_counters() {
    let dir = tempfile::tempdir().unwrap();
    let scene = Scene::new("draining");
    scene.kept(dir.path(), status()).await;
    assert_eq!(endings(dir.path(), "media"), [None]);
    let before = tasks(dir.path(), "media")[0].last_seen;
    tokio::time::sleep(Duration::from_secs(20)).await;
    let went = scene.kept(dir.path(), stop(Some(&["media"]), true)).await;
    assert_eq!(went.code, Code::Done, "{}", went.err);
    assert_eq!(endings(dir.path(), "media"), [Some(Ending::Stopped)]);
    let record = &tasks(dir.path(), "media")[0];
    assert!(record.last_seen > before, "its last counters are kept");
    assert!(record.task.baseline.is_some(), "what was known of it stays");
}

#[tokio::test(start_paused = true)]
async fn several_stops_at_once_leave_every_end() {
    let dir = tempfile::tempdir().unwrap();
    let scene = Scene::new("draining");
    scene.kept(dir.path(), status()).await;
    scene.kept(dir.path(), stop(None, true)).await;
    for volume in ["media", "scratch"] {
        assert_eq!(endings(dir.path(), volume), [Some(Ending::Stopped)]);
    }
}

#[tokio::test(start_paused = true)]
async fn a_start_and_a_commit_leave_their_task() {
    let dir = tempfile::tempdir().unwrap();
    let scene = Scene::new("healthy");
    scene.kept(dir.path(), yes(remove(&[SCRATCH], true))).await;
    assert_eq!(endings(dir.path(), "scratch"), [None], "begun");
    waiting::drained(&scene).await;
    scene
        .kept(dir.path(), confirmed(commit(false), "scratch"))
        .await;
    assert_eq!(endings(dir.path(), "scratch"), [Some(Ending::Committed)]);
}

#[tokio::test(start_paused = true)]
async fn bricks_that_are_given_back_end_their_task() {
    let dir = tempfile::tempdir().unwrap();
    let scene = Scene::new("healthy");
    scene.run(yes(remove(&[SCRATCH], true))).await;
    waiting::drained(&scene).await;
    scene.kept(dir.path(), yes(retain())).await;
    assert_eq!(endings(dir.path(), "scratch"), [Some(Ending::Stopped)]);
}

#[tokio::test(start_paused = true)]
async fn a_commit_at_the_end_of_a_wait_is_kept() {
    let dir = tempfile::tempdir().unwrap();
    let scene = Scene::new("healthy");
    scene.run(yes(remove(&[SCRATCH], true))).await;
    let request = waiting::commit_if_clean("scratch");
    let went = scene.kept(dir.path(), request).await;
    assert_eq!(went.code, Code::Done, "{}", went.err);
    assert_eq!(endings(dir.path(), "scratch"), [Some(Ending::Committed)]);
}
