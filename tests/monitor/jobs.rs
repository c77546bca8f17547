//! Changes: the last look before them, the lock in their way, and what becomes of them.

use std::time::Duration;

use glustop::gluster::{Command, RemoveStep};
use glustop::job::{Job, JobEvent, JobId, JobResult};
use glustop::model::{FaultKind, Task, Throttle};
use glustop::monitor::{Focus, Request};

use super::cluster::{Cluster, Mishap, brick};
use super::{events, job, now, pass, rebalance, result, run, task_of, watch};

pub(super) fn remove(volume: &str, step: RemoveStep) -> Command {
    Command::RemoveBrick {
        volume: volume.into(),
        bricks: vec![brick(volume, 2).as_str().into()],
        replica: None,
        step,
    }
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
        .take(4)
        .collect();
    assert_eq!(
        words,
        [
            "volume info a",
            "volume status a",
            "volume get a all",
            "volume rebalance a start"
        ]
    );
    let run = cluster
        .calls()
        .into_iter()
        .find(|call| call.words == words[3]);
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
async fn what_breaks_between_dialog_and_run_is_objected_to() {
    type Break = fn(&Cluster);
    let start = || remove("a", RemoveStep::Start);
    let breaks: [(Command, Break, &str); 4] = [
        (
            start(),
            |cluster| cluster.kill(&brick("a", 2)),
            "gl-02:/b/a is offline: its files cannot migrate",
        ),
        (
            start(),
            |cluster| cluster.disconnect(2),
            "host gl-02 is not connected",
        ),
        (
            start(),
            Cluster::fill,
            "does not fit: 1000 B into 0 B free; 1000 B of it would find no room, 1% (storage.reserve) stays free",
        ),
        (
            rebalance("a"),
            |cluster| cluster.kill(&brick("a", 2)),
            "a sub-volume is down: the rebalance would fail at once",
        ),
    ];
    for (command, breaks, objection) in breaks {
        let cluster = Cluster::with(&["a"]);
        let mut monitor = watch(&cluster);
        pass(6.0).await;
        breaks(&cluster);
        run(&monitor, job(command.clone())).await;
        let events = events(&mut monitor).await;
        assert_eq!(
            result(&events),
            &JobResult::Objected(vec![objection.into()])
        );
        assert_eq!(cluster.times(&command.words().join(" ")), []);
    }
}

#[tokio::test(start_paused = true)]
async fn a_check_makes_do_with_what_can_be_read() {
    // A path that XML cannot carry leaves the task list.
    let cluster = Cluster::with(&["a"]);
    let mut monitor = watch(&cluster);
    pass(6.0).await;
    cluster.begin("a", &[]);
    cluster.trouble("volume status a", 1, Mishap::Fail(FaultKind::BadOutput));
    run(&monitor, job(rebalance("a"))).await;
    let objected = events(&mut monitor).await;
    assert!(matches!(result(&objected), JobResult::Objected(_)));
    assert_eq!(cluster.times("volume status a tasks").len(), 1);
    // Without the sizes of now, those of before.
    let cluster = Cluster::with(&["a"]);
    let mut monitor = watch(&cluster);
    pass(6.0).await;
    cluster.trouble("volume status a detail", 9, Mishap::Busy);
    run(&monitor, job(remove("a", RemoveStep::Start))).await;
    let done = events(&mut monitor).await;
    assert!(matches!(result(&done), JobResult::Done { .. }), "{done:?}");
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
    cluster.trouble("volume status a", 99, Mishap::Busy);
    let before = cluster.times("volume status a").len();
    run(&monitor, job(rebalance("a"))).await;
    let events = events(&mut monitor).await;
    assert!(
        matches!(result(&events), JobResult::Failed(failure) if failure.kind == FaultKind::Busy)
    );
    assert!(
        cluster.times("volume status a").len() - before > 10,
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
        assert!(!events.contains(&JobEvent::Checking));
    }
    assert_eq!(cluster.times("volume info b"), [], "nor was it looked at");
    assert_eq!(cluster.times("volume rebalance b start"), []);
    assert!(cluster.times("volume set a").len() >= 2);
}

#[tokio::test(start_paused = true)]
async fn an_unread_end_does_not_hold_up_the_next_job() {
    let cluster = Cluster::with(&["a", "b"]);
    let mut monitor = watch(&cluster);
    cluster.trouble("volume set a", 999, Mishap::Busy);
    let throttle = |id, volume: &str| Job {
        id: JobId(id),
        patience: Duration::from_secs(400),
        ..job(Command::SetThrottle {
            volume: volume.into(),
            throttle: Throttle::Lazy,
        })
    };
    run(&monitor, throttle(1, "a")).await;
    run(&monitor, throttle(2, "b")).await;
    pass(500.0).await;
    assert!(cluster.times("volume set a").len() > 64, "no room is left");
    assert_eq!(cluster.times("volume set b").len(), 1);
    let first = events(&mut monitor).await;
    assert!(matches!(result(&first), JobResult::Failed(_)));
    let second = events(&mut monitor).await;
    assert!(
        matches!(result(&second), JobResult::Done { .. }),
        "{second:?}"
    );
}

#[tokio::test(start_paused = true)]
async fn a_change_without_a_good_answer_is_not_tried_again() {
    for (mishap, kind) in [
        (Mishap::Hang, FaultKind::Timeout),
        (Mishap::Fail(FaultKind::Spawn), FaultKind::Spawn),
        (Mishap::Fail(FaultKind::BadOutput), FaultKind::BadOutput),
    ] {
        let cluster = Cluster::with(&["a"]);
        let mut monitor = watch(&cluster);
        pass(6.0).await;
        cluster.trouble("volume rebalance a start", 1, mishap);
        run(&monitor, job(rebalance("a"))).await;
        let events = events(&mut monitor).await;
        let JobResult::Failed(failure) = result(&events) else {
            panic!("{events:?}")
        };
        assert_eq!(failure.kind, kind);
        let open = ". Whether it was carried out is not known.";
        assert!(failure.message.ends_with(open), "{failure}");
        assert_eq!(cluster.times("volume rebalance a start").len(), 1);
        pass(1.0).await;
        let calls = cluster.calls();
        let sent = calls
            .iter()
            .position(|call| call.words == "volume rebalance a start");
        let after = &calls[sent.unwrap()..];
        assert!(after.iter().any(|call| call.words == "volume status a"));
    }
}

#[tokio::test(start_paused = true)]
async fn a_change_that_never_began_leaves_nothing_open() {
    for kind in [FaultKind::NotFound, FaultKind::Permission] {
        let cluster = Cluster::with(&["a"]);
        let mut monitor = watch(&cluster);
        pass(6.0).await;
        cluster.trouble("volume rebalance a start", 1, Mishap::Fail(kind));
        run(&monitor, job(rebalance("a"))).await;
        let events = events(&mut monitor).await;
        let failed = matches!(result(&events), JobResult::Failed(f) if f.message == "It failed.");
        assert!(failed, "{events:?}");
    }
}

#[tokio::test(start_paused = true)]
async fn a_job_waits_little_for_a_question_of_our_own() {
    let cluster = Cluster::with(&["a"]);
    let mut monitor = watch(&cluster);
    let focus = Focus {
        selected: Some("a".into()),
        visible: vec!["a".into()],
    };
    monitor.requests.send(Request::Focus(focus)).await.unwrap();
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
