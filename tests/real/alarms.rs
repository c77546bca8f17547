//! A runaway on a real three-node GlusterFS cluster: the alarm comes while there is still room, and
//! the emergency stop ends it.

use std::time::Instant;

use crate::answers::task_status;
use crate::cluster::{Cluster, in_cluster, wait_until};
use crate::driver::{Admin, PATIENCE};

/// Free bytes of a brick, by gluster's own detail.
fn free(cluster: &Cluster, brick: &str) -> u64 {
    let detail = cluster.gluster(&["volume", "status", "v", brick, "detail", "--xml"]);
    let number = detail.split("<sizeFree>").nth(1).unwrap();
    number.split('<').next().unwrap().parse().unwrap()
}

#[test]
#[ignore = "needs root and glusterfs-server"]
fn a_runaway_is_told_before_the_brick_is_full_and_is_stopped() {
    let name = "a_runaway_is_told_before_the_brick_is_full_and_is_stopped";
    in_cluster(name, |cluster| {
        let large = cluster.small_brick(1, "large", 200);
        let small = cluster.small_brick(2, "small", 80);
        cluster.gluster(&["volume", "create", "v", &large, "force"]);
        // One MiB a second.
        cluster.slow("v");
        cluster.start("v");
        cluster.fill("v", 65, 2 << 20);
        cluster.gluster(&["volume", "add-brick", "v", &small, "force"]);
        let before = free(cluster, &small);
        let mut admin = Admin::sit_down_with(cluster, 120, 40, &["--interval", "1s"]);
        admin.see("Distribute 2");

        // At the plain command line, which asks nothing.
        cluster.gluster(&["volume", "remove-brick", "v", &large, "start"]);
        let began = Instant::now();
        admin.see("full before the end: S stops, T slows");
        let left = free(cluster, &small);
        println!(
            "the alarm came {:.1} s after gluster's start had returned, with {} of {} MiB free",
            began.elapsed().as_secs_f64(),
            left >> 20,
            before >> 20
        );
        let screen = admin.terminal.screen();
        let line = format!("X v: {small} ");
        assert!(screen.contains(&line), "critical, and named:\n{screen}");
        assert!(left > 8 << 20, "{left} bytes are no room to act in");

        // It goes on: the alarm says when, once the brick was seen to grow.
        admin.see("full in about");
        assert!(free(cluster, &small) > 8 << 20, "there is still room");

        let mut hammer = cluster.lock_hammer("v", 400);
        admin.stop_everything();
        wait_until("a stopped remove-brick, says gluster", PATIENCE, || {
            task_status(cluster, &["remove-brick", "v", &large, "status"])
                .contains("remove-brick not started")
                .then_some(())
        });
        admin.see("v  stopped");
        let _ = hammer.kill();
        let _ = hammer.wait();
        let left = free(cluster, &small);
        println!("stopped with {} MiB free", left >> 20);
        assert!(left > 1 << 20, "stopped in time");
        admin.press("\x1b");
        admin.terminal.wait_gone("EMERGENCY STOP");
        admin.leave();
    });
}
