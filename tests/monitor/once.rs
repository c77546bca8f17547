//! One reading for the commands that print and leave.

use glustop::gluster::RemoveStep;
use glustop::insight::plan;
use glustop::model::{Fault, VolumeName};

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

async fn find_task(cluster: &Arc<Cluster>, volume: &VolumeName) -> Result<Snapshot, Fault> {
    let patience = Duration::from_secs(180);
    let (launcher, settings, clock) = (launcher(), settings(), clock());
    let runner = cluster.clone();
    monitor::find_task(
        runner,
        launcher,
        settings,
        clock,
        volume,
        patience,
        |_, _| {},
    )
    .await
}

#[tokio::test(start_paused = true)]
async fn a_stop_does_not_wait_for_a_definition_that_does_not_come() {
    let cluster = Cluster::with(&["a"]);
    cluster.begin("a", &[&brick("a", 2)]);
    cluster.trouble("volume info a", 1, Mishap::Hang);
    let volume = "a".into();
    let found = find_task(&cluster, &volume).await.unwrap();
    assert_eq!(
        plan::task_to_stop(&found, &volume),
        Ok(jobs::remove("a", RemoveStep::Stop))
    );
    assert!(cluster.begun().elapsed() < Duration::from_secs(12));
    assert!(found.volume(&volume).unwrap().volume.bricks.is_empty());

    // One that is gone is told by the task list as well.
    cluster.delete("a");
    cluster.trouble("volume info a", 1, Mishap::Hang);
    let gone = "Volume a does not exist";
    cluster.trouble("volume status a", 1, Mishap::Says(gone));
    let found = find_task(&cluster, &volume).await;
    assert!(found.unwrap_err().message.contains(gone));
}

#[tokio::test(start_paused = true)]
async fn what_lies_together_shows_when_the_last_volume_was_read() {
    for (only, unseen) in [(&[][..], 0), (&["a".into()][..], 1)] {
        let cluster = Cluster::with(&["a", "b"]);
        cluster.begin("a", &[&brick("a", 2)]);
        let (snapshot, _) = monitor::read_once(
            cluster.clone(),
            launcher(),
            settings(),
            clock(),
            only,
            &[],
            None,
        )
        .await;
        let task = task_of(&snapshot, "a").unwrap();
        let of_task = task.usage.neighbours().unseen.iter();
        let leaving = of_task.filter(|brick| task.removes(brick));
        assert_eq!(leaving.count(), unseen, "{only:?}");
    }
}
