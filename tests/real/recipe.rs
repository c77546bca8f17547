//! The recipe of the test cluster itself: what other tests on it build on.

use std::str::FromStr;
use std::time::Duration;

use crate::cluster::{Cluster, in_cluster, wait_until};

const PATIENCE: Duration = Duration::from_secs(30);

/// A started volume of two slow bricks with 150 files, and a third brick that is still empty.
fn unbalanced_volume(cluster: &Cluster) {
    cluster.make_volume("v", 2, &[]);
    cluster.slow("v");
    cluster.start("v");
    cluster.fill("v", 150, 1024);
    cluster.add_brick("v", 1);
}

/// A number of a task's status, as it stands for all nodes together.
fn total<T: FromStr>(status: &str, counter: &str) -> Option<T> {
    let all = status.split("<aggregate>").nth(1)?;
    let number = all.split(&format!("<{counter}>")).nth(1)?;
    number.split('<').next()?.parse().ok()
}

#[test]
#[ignore = "needs root and glusterfs-server"]
fn a_rebalance_of_slow_bricks_is_long_enough_to_be_watched() {
    in_cluster(
        "a_rebalance_of_slow_bricks_is_long_enough_to_be_watched",
        |cluster| {
            unbalanced_volume(cluster);
            cluster.gluster(&["volume", "rebalance", "v", "start"]);
            let status = || cluster.gluster(&["volume", "rebalance", "v", "status", "--xml"]);
            wait_until("twenty moved files", PATIENCE, || {
                total::<u64>(&status(), "files").filter(|files| *files >= 20)
            });
            assert!(status().contains("in progress"));
            let answer = cluster.gluster(&["volume", "rebalance", "v", "stop", "--xml"]);
            assert!(
                answer.contains("<statusStr>stopped</statusStr>"),
                "{answer}"
            );
        },
    );
}

#[test]
#[ignore = "needs root and glusterfs-server"]
fn a_remove_brick_of_a_slow_brick_is_long_enough_to_be_watched() {
    in_cluster(
        "a_remove_brick_of_a_slow_brick_is_long_enough_to_be_watched",
        |cluster| {
            cluster.make_volume("v", 3, &[]);
            cluster.slow("v");
            cluster.start("v");
            cluster.fill("v", 150, 1024);
            let brick = cluster.brick("v", 3);
            let task = |operation| {
                cluster.gluster(&["volume", "remove-brick", "v", &brick, operation, "--xml"])
            };
            task("start");
            wait_until("five moved files", PATIENCE, || {
                total::<u64>(&task("status"), "files").filter(|files| *files >= 5)
            });
            assert!(task("status").contains("in progress"));
            assert!(task("stop").contains("<opRet>0</opRet>"));
        },
    );
}

#[test]
#[ignore = "needs root and glusterfs-server"]
fn a_killed_brick_goes_offline() {
    in_cluster("a_killed_brick_goes_offline", |cluster| {
        cluster.make_volume("v", 3, &["replica", "3"]);
        cluster.start("v");
        let status =
            || cluster.gluster(&["volume", "status", "v", &cluster.brick("v", 2), "--xml"]);
        assert!(status().contains("<status>1</status>"), "{}", status());
        cluster.kill_brick(&cluster.brick("v", 2));
        wait_until("an offline brick", PATIENCE, || {
            status().contains("<status>0</status>").then_some(())
        });
    });
}

#[test]
#[ignore = "needs root and glusterfs-server"]
fn a_frozen_node_answers_nothing_until_it_goes_on() {
    in_cluster(
        "a_frozen_node_answers_nothing_until_it_goes_on",
        |cluster| {
            cluster.make_volume("v", 3, &[]);
            cluster.start("v");
            let frozen = cluster.freeze(3);
            let answer = cluster.ask(1, &["--timeout=2", "volume", "status", "v"]);
            assert_eq!(
                String::from_utf8_lossy(&answer.stdout),
                "Error : Request timed out\n"
            );
            // What locks nothing is still answered.
            cluster.gluster(&["volume", "info", "v"]);
            drop(frozen);
            cluster.gluster(&["volume", "status", "v"]);
        },
    );
}

#[test]
#[ignore = "needs root and glusterfs-server"]
fn a_stopped_glusterd_is_disconnected_until_it_starts_again() {
    in_cluster(
        "a_stopped_glusterd_is_disconnected_until_it_starts_again",
        |cluster| {
            let disconnected = || {
                cluster
                    .gluster(&["peer", "status"])
                    .matches("(Disconnected)")
                    .count()
            };
            cluster.stop_glusterd(2);
            assert_eq!(disconnected(), 1);
            cluster.start_glusterd(2);
            assert_eq!(disconnected(), 0);
        },
    );
}
