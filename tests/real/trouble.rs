//! Trouble on a real three-node GlusterFS cluster: a brick killed, a glusterd stopped or frozen.
//! The screen says so in words, keeps what was known, and recovers by itself.

use crate::cluster::{Cluster, in_cluster};
use crate::driver::Admin;

#[test]
#[ignore = "needs root and glusterfs-server"]
fn a_killed_brick_is_named() {
    in_cluster("a_killed_brick_is_named", |cluster| {
        cluster.make_volume("v", 3, &["replica", "3"]);
        cluster.start("v");
        let admin = Admin::sit_down(cluster, 80, 24);
        admin.see("3/3");
        cluster.kill_brick(&cluster.brick("v", 2));
        let noticed = admin.time_until("2/3");
        admin.see("offline");
        println!(
            "a killed brick on another node was named after {:.1} s",
            noticed.as_secs_f64()
        );
        cluster.gluster(&["volume", "start", "v", "force"]);
        admin.see("3/3");
        admin.leave();
    });
}

#[test]
#[ignore = "needs root and glusterfs-server"]
fn a_lost_peer_and_a_lost_glusterd_are_named_and_come_back() {
    in_cluster(
        "a_lost_peer_and_a_lost_glusterd_are_named_and_come_back",
        |cluster| {
            cluster.make_volume("v", 3, &["replica", "3"]);
            cluster.start("v");
            let admin = Admin::sit_down(cluster, 80, 24);
            admin.see("3/3");
            cluster.stop_glusterd(3);
            println!(
                "a lost peer was named after {:.1} s",
                admin.time_until("disconnected").as_secs_f64()
            );
            // Its brick goes on, but nobody says so any more: unknown is not offline.
            admin.terminal.wait_gone("3/3");
            cluster.start_glusterd(3);
            admin.see("3/3");
            cluster.stop_glusterd(1);
            println!(
                "a lost glusterd was named after {:.1} s",
                admin.time_until("does not answer").as_secs_f64()
            );
            admin.see("STALE");
            assert!(
                admin.terminal.screen().contains("Replicate"),
                "what was known stays"
            );
            cluster.start_glusterd(1);
            admin.see("live ");
            admin.terminal.wait_gone("does not answer");
            admin.leave();
        },
    );
}

/// A glusterd that hangs is told in words, the keys stay instant, and what was known stays.
fn a_frozen_glusterd(cluster: &Cluster, node: u8) {
    cluster.make_volume("v", 3, &["replica", "3"]);
    cluster.start("v");
    let mut admin = Admin::sit_down(cluster, 80, 24);
    admin.see("3/3");
    let frozen = cluster.freeze(node);
    admin.see("WAIT");
    let told = admin.time_until("no answer for");
    println!("told in words after {:.1} s", told.as_secs_f64());
    for _ in 0..5 {
        admin.press("?");
        admin.see("CAPITALS");
        admin.press("?");
        admin.terminal.wait_gone("CAPITALS");
    }
    let screen = admin.terminal.screen();
    assert!(screen.contains("3/3"), "what was known stays:\n{screen}");
    drop(frozen);
    admin.see("live ");
    admin.terminal.wait_gone("no answer");
    admin.leave();
}

#[test]
#[ignore = "needs root and glusterfs-server"]
fn a_frozen_peer_is_waited_for_in_words() {
    in_cluster("a_frozen_peer_is_waited_for_in_words", |cluster| {
        a_frozen_glusterd(cluster, 3);
    });
}

#[test]
#[ignore = "needs root and glusterfs-server"]
fn the_own_frozen_glusterd_is_waited_for_in_words() {
    in_cluster(
        "the_own_frozen_glusterd_is_waited_for_in_words",
        |cluster| {
            a_frozen_glusterd(cluster, 1);
        },
    );
}
