//! The grounds of a change: they have to hold before every attempt, not only before the first.

use glustop::gluster::{Command, RemoveStep};
use glustop::insight::plan;
use glustop::job::{Job, JobResult};
use glustop::monitor::Monitor;

use super::cluster::{Cluster, Mishap, brick};
use super::jobs::remove;
use super::{events, job, now, pass, rebalance, result, run, watch};

/// What another admin does, or a failure.
type Meanwhile<'a> = &'a dyn Fn(&Cluster);

/// The change, confirmed on what is known now.
fn confirmed(monitor: &Monitor, command: Command) -> Job {
    Job {
        accepted: plan::of(&now(monitor), &command),
        ..job(command)
    }
}

/// Runs it against a busy lock, and lets this happen while it waits for another try.
async fn busy(
    command: Command,
    is_drained: bool,
    meanwhile: impl FnOnce(&Cluster),
) -> (JobResult, usize) {
    let words = command.words().join(" ");
    let cluster = Cluster::with(&["a"]);
    if is_drained {
        cluster.begin("a", &[&brick("a", 2)]);
        cluster.complete("a");
    }
    let mut monitor = watch(&cluster);
    pass(20.0).await;
    cluster.trouble(&words, 1, Mishap::Busy);
    run(&monitor, confirmed(&monitor, command)).await;
    pass(1.5).await;
    assert_eq!(cluster.times(&words).len(), 1, "it has met the lock");
    meanwhile(&cluster);
    let events = events(&mut monitor).await;
    (result(&events).clone(), cluster.times(&words).len())
}

#[tokio::test(start_paused = true)]
async fn a_change_that_waited_for_the_lock_is_looked_at_again() {
    let commit = || remove("a", RemoveStep::Commit);
    let force = || remove("a", RemoveStep::Force);
    let (result, tries) = busy(commit(), true, |_| {}).await;
    assert!(matches!(result, JobResult::Done { .. }), "{result:?}");
    assert_eq!(tries, 2);

    let begin = |cluster: &Cluster| cluster.begin("a", &[&brick("a", 2)]);
    let dies = |cluster: &Cluster| cluster.kill(&brick("a", 2));
    let ended = |cluster: &Cluster| cluster.forget("a");
    let cases: [(Command, bool, Meanwhile<'_>, &str); 5] = [
        (commit(), true, &begin, "migration is still in progress"),
        (commit(), true, &dies, "gl-02:/b/a is offline"),
        (force(), true, &ended, "ended elsewhere"),
        (rebalance("a"), false, &begin, "a remove-brick is running"),
        (
            remove("a", RemoveStep::Start),
            false,
            &dies,
            "its files cannot migrate",
        ),
    ];
    for (command, is_drained, meanwhile, words) in cases {
        let (result, tries) = busy(command, is_drained, meanwhile).await;
        let JobResult::Objected(reasons) = &result else {
            panic!("{result:?}")
        };
        assert!(reasons.join("; ").contains(words), "{reasons:?}");
        assert_eq!(tries, 1, "{words}");
    }
}

#[tokio::test(start_paused = true)]
async fn a_drain_that_another_admin_began_anew_is_not_committed() {
    let cluster = Cluster::with(&["a"]);
    let leaving = brick("a", 2);
    let bricks = [leaving.as_str()];
    cluster.begin("a", &bricks);
    cluster.complete("a");
    let mut monitor = watch(&cluster);
    pass(20.0).await;
    let job = confirmed(&monitor, remove("a", RemoveStep::Commit));
    // It is over already, so everything looks as before.
    cluster.begin("a", &bricks);
    cluster.complete("a");
    run(&monitor, job).await;
    let events = events(&mut monitor).await;
    assert_eq!(
        result(&events),
        &JobResult::Objected(vec!["another remove-brick has these bricks now".into()])
    );
}
