//! `wait`, and the commit at its end.

use std::time::Duration;

use tokio::sync::mpsc;

use super::*;

fn request(volume: &str) -> WaitRequest {
    WaitRequest {
        volume: volume.into(),
        every: None,
        timeout: Duration::from_secs(48 * 3_600),
        commit_if_clean: false,
        json: false,
    }
}

fn wait(volume: &str) -> Request {
    Request::Wait(request(volume))
}

fn commit_if_clean(volume: &str) -> Request {
    Request::Wait(WaitRequest {
        commit_if_clean: true,
        ..request(volume)
    })
}

/// Waits until the drain of `scratch` is over.
pub(super) async fn drained(scene: &Scene) {
    let went = scene.run(wait("scratch")).await;
    assert_eq!(went.code, Code::Warning, "{}", went.err);
    assert!(
        went.err.contains("completed, commit pending"),
        "{}",
        went.err
    );
}

async fn draining(permit: Permit) -> Scene {
    let scene = Scene::with("healthy", permit);
    scene.run(yes(remove(&[SCRATCH], true))).await;
    scene
}

#[tokio::test(start_paused = true)]
async fn each_reading_is_a_line_and_the_end_has_its_code() {
    let scene = Scene::new("healthy");
    scene.run(yes(rebalance(&["scratch"]))).await;
    let went = scene.run(wait("scratch")).await;
    assert_eq!(went.code, Code::Done, "{}", went.err);
    let lines: Vec<_> = went.out.lines().collect();
    assert!(lines.len() > 10, "{}", went.out);
    assert!(
        lines
            .iter()
            .all(|line| line.contains("Z rebalance scratch: ")),
        "{}",
        went.out
    );
    assert!(lines.last().unwrap().contains("completed"), "{}", went.out);
    let others = scene.everything();
    let others = others
        .iter()
        .filter(|words| words.starts_with("volume status projects"));
    assert_eq!(others.count(), 0, "no other volume is locked");
}

#[tokio::test(start_paused = true)]
async fn each_line_of_json_is_a_status() {
    let scene = Scene::new("draining");
    let went = scene
        .run(Request::Wait(WaitRequest {
            json: true,
            timeout: Duration::from_secs(10),
            ..request("media")
        }))
        .await;
    assert_eq!(went.code, Code::GaveUp);
    assert!(went.out.lines().count() > 3, "{}", went.out);
    for line in went.out.lines() {
        let json: serde_json::Value = serde_json::from_str(line).unwrap();
        assert_eq!(json["schema"], "glustop.status/1");
        assert_eq!(json["volumes"][0]["name"], "media");
        assert_eq!(json["volumes"].as_array().unwrap().len(), 1);
    }
}

#[tokio::test(start_paused = true)]
async fn there_must_be_something_to_wait_for() {
    let scene = Scene::new("healthy");
    for (volume, why) in [
        ("scratch", "there is no task on scratch"),
        ("nope", "there is no volume nope"),
    ] {
        let went = scene.run(wait(volume)).await;
        assert_eq!(went.code, Code::Unknown);
        assert!(went.err.contains(why), "{}", went.err);
    }
}

#[tokio::test(start_paused = true)]
async fn a_task_that_is_stopped_meanwhile_failed_its_waiters() {
    let scene = Scene::new("draining");
    let stopped = async {
        tokio::time::sleep(Duration::from_secs(5)).await;
        scene.run(stop(Some(&["media"]), true)).await
    };
    let (went, _) = tokio::join!(scene.run(wait("media")), stopped);
    assert_eq!(went.code, Code::Failed, "{}", went.err);
    assert!(went.err.contains("stopped"), "{}", went.err);
}

#[tokio::test(start_paused = true)]
async fn a_signal_ends_the_waiting_and_stops_nothing() {
    let scene = Scene::new("draining");
    let (tell, told) = mpsc::channel(1);
    let interrupted = async {
        tokio::time::sleep(Duration::from_secs(5)).await;
        tell.send(2).await.unwrap();
    };
    let (went, ()) = tokio::join!(scene.signalled(told, wait("media")), interrupted);
    assert_eq!(went.code, Code::Signal(2));
    assert!(went.err.contains("the task goes on"));
    assert_eq!(scene.changes(), [""; 0]);
}

#[tokio::test(start_paused = true)]
async fn a_clean_drain_is_committed_once_after_the_last_word() {
    let scene = draining(Permit::Everything).await;
    let went = scene.run(commit_if_clean("scratch")).await;
    assert_eq!(went.code, Code::Done, "{}", went.err);
    assert!(went.err.contains("the commit runs in 30 s"), "{}", went.err);
    assert!(went.err.contains("scratch: committed"), "{}", went.err);
    let changes = scene.changes();
    assert_eq!(changes.len(), 2, "{changes:?}");
    assert_eq!(
        changes[1],
        format!("volume remove-brick scratch {SCRATCH} commit")
    );
}

#[tokio::test(start_paused = true)]
async fn a_signal_in_the_last_word_holds_the_commit() {
    let scene = draining(Permit::Everything).await;
    drained(&scene).await;
    let (tell, told) = mpsc::channel(1);
    let held = async {
        tokio::time::sleep(Duration::from_secs(20)).await;
        tell.send(15).await.unwrap();
    };
    let (went, ()) = tokio::join!(scene.signalled(told, commit_if_clean("scratch")), held);
    assert_eq!(went.code, Code::Warning, "{}", went.err);
    assert!(went.err.contains("held, not committed"), "{}", went.err);
    assert_eq!(scene.changes().len(), 1);
}

#[tokio::test(start_paused = true)]
async fn what_is_not_clean_is_never_committed() {
    let scene = Scene::new("draining");
    let went = scene
        .run(Request::Wait(WaitRequest {
            timeout: Duration::from_secs(60),
            ..match commit_if_clean("media") {
                Request::Wait(request) => request,
                _ => unreachable!(),
            }
        }))
        .await;
    assert_eq!(went.code, Code::GaveUp, "{}", went.err);
    assert!(
        went.err
            .contains("not committed: files failed or were skipped"),
        "{}",
        went.err
    );
    assert_eq!(went.err.matches("not committed").count(), 1, "said once");
    assert_eq!(scene.changes(), [""; 0]);
}

#[tokio::test(start_paused = true)]
async fn a_read_only_wait_does_not_promise_a_commit() {
    let scene = Scene::with("draining", Permit::ReadOnly);
    let went = scene.run(commit_if_clean("media")).await;
    assert_eq!(went.code, Code::Usage);
    assert_eq!(scene.everything(), [""; 0]);
}
