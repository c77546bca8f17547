//! What watching asks of a cluster, counted on its own log of commands.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;

use glustop::gluster::Command;
use glustop::model::Throttle;
use glustop::monitor::{Focus, Monitor, Request};

use super::cluster::{Call, Cluster, Mishap};
use super::{job, now, pass, rebalance, run, task_of, watch};

const MINUTE: Duration = Duration::from_secs(60);

fn names(count: usize) -> Vec<String> {
    (0..count).map(|n| format!("v{n:04}")).collect()
}

/// A cluster of so many volumes, of which the first is selected and twenty are on the screen.
async fn watched(count: usize) -> (Arc<Cluster>, Monitor) {
    let names = names(count);
    let names: Vec<_> = names.iter().map(String::as_str).collect();
    let cluster = Cluster::with(&names);
    let monitor = watch(&cluster);
    let focus = Focus {
        selected: Some(names[0].into()),
        visible: names.iter().take(20).map(|&name| name.into()).collect(),
    };
    monitor.requests.send(Request::Focus(focus)).await.unwrap();
    (cluster, monitor)
}

/// The volume that a question locks.
fn locked(call: &Call) -> Option<&str> {
    let words: Vec<_> = call.words.split(' ').collect();
    match words[..] {
        [
            "volume",
            "status" | "rebalance" | "remove-brick",
            volume,
            ..,
        ] => Some(volume),
        _ => None,
    }
}

#[tokio::test(start_paused = true)]
async fn six_locking_questions_a_minute_at_any_number_of_volumes() {
    for count in [1, 3, 30, 100, 400] {
        let (cluster, monitor) = watched(count).await;
        // The first look at everything, in a burst.
        pass(1_200.0).await;
        let before = cluster.calls().len();
        pass(1_800.0).await;
        let calls = cluster.calls().split_off(before);
        let locking = calls.iter().filter(|call| locked(call).is_some()).count();
        let a_minute = locking as f64 / 30.0;
        println!("{count} volumes: {a_minute:.2} locking questions a minute");
        assert!((5.0..=6.0).contains(&a_minute), "{count}: {a_minute}");
        let others = (calls.len() - locking) as f64 / 30.0;
        println!("{count} volumes: {others:.2} that lock nothing");
        assert!(others <= 7.5, "{count}: {others}");
        let watching = now(&monitor).watching;
        let told = watching.locking_a_minute().unwrap();
        assert!(
            (told - a_minute).abs() < 0.5,
            "{told}: what the screen says"
        );
        assert!(watching.share().unwrap() < 0.05);
    }
}

#[tokio::test(start_paused = true)]
async fn a_hundred_volumes_are_read_within_twenty_minutes_and_again() {
    let (cluster, _monitor) = watched(100).await;
    pass(7_200.0).await;
    let mut last: BTreeMap<String, Duration> = BTreeMap::new();
    let mut longest = Duration::ZERO;
    let calls = cluster.calls();
    for call in &calls {
        if let Some(volume) = locked(call)
            && let Some(before) = last.insert(volume.to_owned(), call.at)
        {
            longest = longest.max(call.at - before);
        }
    }
    assert_eq!(last.len(), 100);
    println!("longest time between two readings of a volume: {longest:?}");
    assert!(longest <= 20 * MINUTE, "{longest:?}");
}

#[tokio::test(start_paused = true)]
async fn a_task_begun_elsewhere_is_noticed_within_one_base_interval_at_any_number_of_volumes() {
    for count in [3, 100, 400] {
        for quiet in [100.0, 1_800.0] {
            let (cluster, monitor) = watched(count).await;
            pass(quiet).await;
            let every = now(&monitor).watching.every;
            assert!(every <= Duration::from_secs(10), "{every:?}");
            cluster.begin(names(count).last().unwrap(), &[]);
            // The answers themselves take a twentieth of a second each.
            pass(every.as_secs_f64() + 0.3).await;
            let snapshot = now(&monitor);
            let task = task_of(&snapshot, names(count).last().unwrap());
            assert!(
                task.is_some(),
                "{count} volumes, after {quiet} s of {every:?}"
            );
        }
    }
}

#[tokio::test(start_paused = true)]
async fn everything_makes_way_for_a_users_command() {
    let (cluster, monitor) = watched(30).await;
    pass(300.0).await;
    // As long as glusterd holds the lock of a start.
    cluster.trouble(
        "volume rebalance v0003 start",
        1,
        Mishap::Slow(10 * MINUTE / 60),
    );
    run(&monitor, job(rebalance("v0003"))).await;
    pass(1.0).await;
    let before = cluster.calls().len();
    let begun = cluster.times("volume rebalance v0003 start");
    assert_eq!(begun.len(), 1);
    pass(6.5).await;
    let meanwhile = cluster.calls().split_off(before);
    assert!(meanwhile.is_empty(), "{meanwhile:?}");
    pass(2.0).await;
    let meanwhile = cluster.calls().split_off(before);
    assert!(
        meanwhile.iter().all(|call| locked(call).is_none()),
        "{meanwhile:?}"
    );
    pass(5.0).await;
    let after = cluster.calls().split_off(before);
    assert!(
        after.iter().any(|call| locked(call).is_some()),
        "then it goes on"
    );
}

#[tokio::test(start_paused = true)]
async fn a_command_that_tries_for_minutes_does_not_hide_what_happens() {
    let (cluster, monitor) = watched(30).await;
    pass(300.0).await;
    cluster.trouble("volume set v0003", 99, Mishap::Busy);
    let throttle = Command::SetThrottle {
        volume: "v0003".into(),
        throttle: Throttle::Lazy,
    };
    run(&monitor, job(throttle)).await;
    let begun = cluster.begun().elapsed();
    pass(90.0).await;
    let gave_up = *cluster.times("volume set v0003").last().unwrap();
    assert!(gave_up > begun + MINUTE / 2, "it tried for a while");
    let late = cluster.calls().into_iter();
    let late = late.filter(|call| (begun..gave_up).contains(&call.at));
    let late: Vec<_> = late.filter(|call| !call.words.contains("set")).collect();
    assert!(late.iter().any(|call| call.words.starts_with("get-state")));
    assert!(late.iter().any(|call| locked(call).is_some()));
    let own: Vec<_> = (late.iter())
        .filter(|call| locked(call) == Some("v0003"))
        .collect();
    assert!(own.is_empty(), "its volume is left alone: {own:?}");
}

#[tokio::test(start_paused = true)]
async fn a_task_is_followed_every_interval_for_as_long_as_it_runs() {
    for (count, task) in [(3, 0), (3, 2), (100, 0), (100, 99)] {
        let (cluster, monitor) = watched(count).await;
        pass(300.0).await;
        let volume = &names(count)[task];
        cluster.begin(volume, &[]);
        pass(15.0).await;
        let words = format!("volume rebalance {volume} status");
        let before = cluster.times(&words).len();
        pass(600.0).await;
        let followed = cluster.times(&words).len() - before;
        assert!(
            (100..=121).contains(&followed),
            "{count}, {volume}: {followed}"
        );
        assert!(task_of(&now(&monitor), volume).is_some());
    }
}
