//! One reading for the commands that print and leave.

use super::*;

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
    let (snapshot, faults) = monitor::read_once(
        cluster.clone(),
        launcher(),
        settings(),
        clock(),
        &[],
        &[],
        None,
    )
    .await;
    let online: Vec<_> = snapshot
        .volumes()
        .iter()
        .map(|state| state.bricks_online())
        .collect();
    assert_eq!(online, [Some(3), Some(3), None]);
    assert_eq!(task_of(&snapshot, "b").map(Task::nodes_reported), Some(1));
    assert_eq!(snapshot.volumes()[2].task.get(), Some(&None));
    let pause = cluster.times("volume status c")[0] - cluster.times("volume remove-brick b")[0];
    assert!(
        pause >= Duration::from_millis(100),
        "an answer and as long a rest"
    );
    let of_b: Vec<_> = cluster
        .calls()
        .into_iter()
        .filter(|call| call.words.contains(" b"))
        .map(|call| call.words)
        .collect();
    assert_eq!(
        of_b,
        [
            "volume status b detail",
            "volume status b tasks",
            "volume remove-brick b gl-02:/b/b status"
        ]
    );
    let found: Vec<_> = faults
        .iter()
        .map(|f| (f.kind, f.command.ends_with("volume status c detail")))
        .collect();
    assert_eq!(found, [(FaultKind::BadOutput, true)]);
    assert_eq!(cluster.overlaps(), [""; 0]);

    let cluster = Cluster::with(&["a", "b"]);
    let only = ["b".into()];
    let (snapshot, faults) = monitor::read_once(
        cluster.clone(),
        launcher(),
        settings(),
        clock(),
        &only,
        &[],
        None,
    )
    .await;
    assert_eq!((snapshot.volumes().len(), faults.len()), (2, 0));
    assert_eq!(cluster.times("volume status a"), []);
}
