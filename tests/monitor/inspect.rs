//! What is asked for when a dialog opens, beside everything else.

use std::time::Duration;

use glustop::gluster::{Command, RemoveStep};
use glustop::insight::plan::{self, Plan};
use glustop::job::{Job, JobResult};
use glustop::model::{FaultKind, OpVersions};
use glustop::monitor::{Monitor, Request};

use super::cluster::{Cluster, Mishap, brick};
use super::{events, job, now, pass, result, run, watch};

async fn inspect(monitor: &Monitor, volumes: &[&str]) {
    let volumes = volumes.iter().map(|&name| name.into()).collect();
    let request = Request::Inspect(volumes);
    monitor.requests.send(request).await.unwrap();
}

const HEAL: &str = "volume heal a info summary";

#[tokio::test(start_paused = true)]
async fn a_dialog_is_told_once_what_its_checks_rest_on() {
    let cluster = Cluster::with(&["a", "b"]);
    cluster.copy();
    cluster.wait_for_heal(7);
    let monitor = watch(&cluster);
    pass(30.0).await;
    assert_eq!(cluster.times("volume get").len(), 0);
    let state = now(&monitor).volumes()[0].clone();
    assert!(state.heal.get().is_none() && state.heal.fault().is_none());

    inspect(&monitor, &["a"]).await;
    pass(60.0).await;
    for (words, times) in [
        ("volume get all all", 1),
        ("volume get a all", 1),
        (HEAL, 1),
        ("volume get b all", 0),
        ("volume heal b", 0),
    ] {
        assert_eq!(cluster.times(words).len(), times, "{words}");
    }
    let picture = now(&monitor);
    let state = &picture.volumes()[0];
    assert_eq!(state.heal.get().unwrap().entries(), Some(21));
    let options = state.effective.get().unwrap();
    assert_eq!(options["cluster.min-free-disk"], "10%");
    let versions = OpVersions {
        current: 100_000,
        highest: Some(110_000),
    };
    assert_eq!(picture.op_versions.get(), Some(&versions));
    assert!(picture.volumes()[1].heal.get().is_none());
}

#[tokio::test(start_paused = true)]
async fn space_is_read_again_only_when_it_is_old() {
    let cluster = Cluster::with(&["a"]);
    let monitor = watch(&cluster);
    let details = || cluster.times("volume status a detail").len();
    pass(10.0).await;
    inspect(&monitor, &["a"]).await;
    pass(5.0).await;
    assert_eq!(details(), 1, "ten seconds are nothing");
    pass(200.0).await;
    inspect(&monitor, &["a"]).await;
    pass(1.0).await;
    assert_eq!(details(), 2);
}

#[tokio::test(start_paused = true)]
async fn a_slow_heal_info_holds_up_nothing_and_is_given_up_with_its_dialog() {
    let cluster = Cluster::with(&["a"]);
    cluster.copy();
    cluster.begin("a", &[&brick("a", 2)]);
    let mut monitor = watch(&cluster);
    pass(10.0).await;
    cluster.trouble(HEAL, 1, Mishap::Hang);
    inspect(&monitor, &["a"]).await;
    pass(1.0).await;
    let begun = cluster.begun().elapsed();
    let stop = Command::RemoveBrick {
        volume: "a".into(),
        bricks: vec![brick("a", 2).as_str().into()],
        replica: None,
        step: RemoveStep::Stop,
    };
    run(&monitor, job(stop)).await;
    let events = events(&mut monitor).await;
    assert!(matches!(result(&events), JobResult::Done { .. }));
    assert!((cluster.begun().elapsed() - begun).as_secs() < 1);
    pass(30.0).await;
    let since = |words| {
        let times = cluster.times(words).into_iter();
        times.filter(|at| *at > begun).count()
    };
    assert!(since("get-state") >= 5, "rounds go on");
    assert!(since("volume status a") >= 2);
    assert!(now(&monitor).volumes()[0].heal.fault().is_none());

    // Nobody waits any more: its failure is nobody's business, and the next dialog asks anew.
    inspect(&monitor, &[]).await;
    pass(200.0).await;
    assert!(now(&monitor).volumes()[0].heal.fault().is_none());
    assert_eq!(cluster.times(HEAL).len(), 1);
    inspect(&monitor, &["a"]).await;
    pass(1.0).await;
    assert_eq!(cluster.times(HEAL).len(), 2);
    assert!(now(&monitor).volumes()[0].heal.get().is_some());
}

#[tokio::test(start_paused = true)]
async fn what_has_no_answer_says_why() {
    let cluster = Cluster::with(&["a"]);
    cluster.copy();
    let monitor = watch(&cluster);
    pass(10.0).await;
    cluster.trouble(HEAL, 1, Mishap::Hang);
    cluster.trouble("volume get", 2, Mishap::Fail(FaultKind::Refused));
    inspect(&monitor, &["a"]).await;
    pass(150.0).await;
    let picture = now(&monitor);
    let state = &picture.volumes()[0];
    let kind = |fault: Option<&glustop::model::Fault>| fault.map(|fault| fault.kind);
    assert_eq!(kind(state.heal.fault()), Some(FaultKind::Timeout));
    assert_eq!(kind(state.effective.fault()), Some(FaultKind::Refused));
    assert_eq!(kind(picture.op_versions.fault()), Some(FaultKind::Refused));
}

/// The last copy of every file leaves.
fn fewer_copies() -> Command {
    Command::RemoveBrick {
        volume: "a".into(),
        bricks: vec![brick("a", 3).as_str().into()],
        replica: Some(2),
        step: RemoveStep::Force,
    }
}

#[tokio::test(start_paused = true)]
async fn copies_do_not_leave_when_heals_have_come_meanwhile() {
    let cluster = Cluster::with(&["a"]);
    cluster.copy();
    let mut monitor = watch(&cluster);
    pass(10.0).await;
    inspect(&monitor, &["a"]).await;
    pass(5.0).await;
    let good = plan::of(&now(&monitor), &fewer_copies());
    assert_eq!(good.refusal(), None, "{good:#?}");
    cluster.wait_for_heal(4);
    let forced = || cluster.times("volume remove-brick a replica 2").len();
    let confirmed = |accepted: &Plan| Job {
        accepted: accepted.clone(),
        ..job(fewer_copies())
    };
    run(&monitor, confirmed(&good)).await;
    match result(&events(&mut monitor).await) {
        JobResult::Objected(reasons) => assert!(reasons[0].starts_with("4 entries wait")),
        other => panic!("{other:?}"),
    }
    assert_eq!(forced(), 0);

    // An admin who took them upon himself is not asked twice.
    inspect(&monitor, &["a"]).await;
    pass(40.0).await;
    inspect(&monitor, &["a"]).await;
    pass(5.0).await;
    let overridden = plan::of(&now(&monitor), &fewer_copies()).with_heal_overridden();
    assert_ne!(overridden, good);
    run(&monitor, confirmed(&overridden)).await;
    assert!(matches!(
        result(&events(&mut monitor).await),
        JobResult::Done { .. }
    ));
    assert_eq!(forced(), 1);
}

#[tokio::test(start_paused = true)]
async fn before_copies_leave_a_heal_info_is_given_its_time() {
    let cases = [
        (true, Mishap::Slow(Duration::from_secs(60)), true),
        // What was known when it was confirmed has to be known again.
        (true, Mishap::Hang, false),
        (false, Mishap::Hang, true),
    ];
    for (was_counted, mishap, runs) in cases {
        let cluster = Cluster::with(&["a"]);
        cluster.copy();
        let mut monitor = watch(&cluster);
        pass(10.0).await;
        if was_counted {
            inspect(&monitor, &["a"]).await;
            pass(5.0).await;
        }
        let accepted = plan::of(&now(&monitor), &fewer_copies());
        cluster.trouble(HEAL, 1, mishap);
        let job = Job {
            accepted,
            ..job(fewer_copies())
        };
        run(&monitor, job).await;
        let events = events(&mut monitor).await;
        let forced = cluster.times("volume remove-brick a replica 2").len();
        assert_eq!(forced, usize::from(runs), "{events:?}");
        match result(&events) {
            JobResult::Done { .. } => assert!(runs),
            JobResult::Objected(reasons) => {
                assert_eq!(reasons.len(), 1);
                assert!(reasons[0].starts_with("nothing to heal (as of the last answer"));
            }
            other => panic!("{other:?}"),
        }
    }
}
