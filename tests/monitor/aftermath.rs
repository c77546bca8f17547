//! What follows a stop: a start that meets the process of the stopped task, and a quick look.

use glustop::gluster::RemoveStep;
use glustop::job::{JobEvent, JobResult};
use glustop::model::FaultKind;
use glustop::monitor::Request;

use super::cluster::{Cluster, Mishap, brick};
use super::jobs::remove;
use super::{events, job, pass, result, run, watch};

const STILL_RUNS: &str = "Rebalance is in progress. Please retry after completion";

#[tokio::test(start_paused = true)]
async fn a_start_after_a_stop_waits_for_the_last_file() {
    let cluster = Cluster::with(&["a"]);
    cluster.begin("a", &[&brick("a", 2)]);
    let mut monitor = watch(&cluster);
    pass(10.0).await;
    run(&monitor, job(remove("a", RemoveStep::Stop))).await;
    events(&mut monitor).await;
    cluster.trouble(
        "volume remove-brick a gl-02:/b/a start",
        3,
        Mishap::Says(STILL_RUNS),
    );
    run(&monitor, job(remove("a", RemoveStep::Start))).await;
    let said = events(&mut monitor).await;
    let waited = |event: &&JobEvent| matches!(event, JobEvent::Busy { message, .. } if message == STILL_RUNS);
    assert_eq!(said.iter().filter(waited).count(), 3, "{said:?}");
    assert!(matches!(result(&said), JobResult::Done { .. }));
}

#[tokio::test(start_paused = true)]
async fn a_process_that_nobody_stopped_is_not_waited_for() {
    let cluster = Cluster::with(&["a"]);
    let mut monitor = watch(&cluster);
    pass(10.0).await;
    cluster.trouble(
        "volume remove-brick a gl-02:/b/a start",
        3,
        Mishap::Says(STILL_RUNS),
    );
    run(&monitor, job(remove("a", RemoveStep::Start))).await;
    let said = events(&mut monitor).await;
    assert!(
        matches!(result(&said), JobResult::Failed(failure) if failure.kind == FaultKind::Refused),
        "{said:?}"
    );
    assert_eq!(
        cluster
            .times("volume remove-brick a gl-02:/b/a start")
            .len(),
        1
    );
}

#[tokio::test(start_paused = true)]
async fn a_volume_that_is_looked_at_is_read_at_once() {
    let cluster = Cluster::with(&["a", "b"]);
    let monitor = watch(&cluster);
    pass(300.0).await;
    let before = cluster.calls().len();
    monitor
        .requests
        .send(Request::Look("b".into()))
        .await
        .unwrap();
    pass(2.0).await;
    let calls = cluster.calls().split_off(before);
    let asked = |words: &str| calls.iter().any(|call| call.words == words);
    assert!(
        asked("volume status b") && asked("volume info"),
        "{calls:?}"
    );
}
