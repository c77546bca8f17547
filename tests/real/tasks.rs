//! glustop on a real three-node GlusterFS cluster, one of its own for each test: what an admin
//! presses, what the screen says, and what gluster's own command line says about it.

use crate::answers::{same_bricks, same_nodes, sum, task_status};
use crate::cluster::{in_cluster, wait_until};
use crate::driver::{Admin, PATIENCE, status};

#[test]
#[ignore = "needs root and glusterfs-server"]
fn two_keys_start_a_rebalance_and_two_keys_stop_it() {
    in_cluster(
        "two_keys_start_a_rebalance_and_two_keys_stop_it",
        |cluster| {
            cluster.slow_volume("v", 2, 150);
            cluster.add_brick("v", 1);
            let mut admin = Admin::sit_down(cluster, 80, 24);
            admin.see("Distribute");
            let shown = admin.open("R", "Rebalance volume v");
            assert!(shown.ends_with("volume rebalance v start"), "{shown}");
            admin.insist("y", "rebalance v: ");
            admin.see("* rebalance    v");
            wait_until("files moved, says gluster", PATIENCE, || {
                sum(
                    &task_status(cluster, &["rebalance", "v", "status"]),
                    "files",
                )
                .filter(|files| *files > 3)
            });
            // Progress appears: the sum of the nodes is no longer zero.
            admin.press("t");
            admin.see("TASK STATUS");
            admin
                .terminal
                .wait_until("files moved on the screen", PATIENCE, |screen| {
                    screen.lines().any(|line| {
                        line.contains("TOTAL")
                            && line
                                .split_whitespace()
                                .nth(1)
                                .is_some_and(|n| n != "0" && n != "-")
                    })
                });
            let shown = admin.open("S", "Stop rebalance on v?");
            assert!(shown.ends_with("volume rebalance v stop"), "{shown}");
            admin.insist("y", "stop rebalance of v: ");
            wait_until("a stopped rebalance, says gluster", PATIENCE, || {
                task_status(cluster, &["rebalance", "v", "status"])
                    .contains("Rebalance not started")
                    .then_some(())
            });
            admin.press("\x1b");
            admin.see("stopped");
            admin.leave();
        },
    );
}

#[test]
#[ignore = "needs root and glusterfs-server"]
fn a_brick_is_drained_and_committed() {
    in_cluster("a_brick_is_drained_and_committed", |cluster| {
        cluster.slow_volume("v", 3, 60);
        let leaving = cluster.brick("v", 3);
        let mut admin = Admin::sit_down(cluster, 120, 40);
        admin.press("2");
        admin.see("2>BRICKS");
        admin.see("v-client-2");
        admin.press("G");
        // Narrow columns cut names in the middle; the message line has the whole one.
        admin.see(&format!("{leaving}: online"));
        let shown = admin.open("D", "Remove bricks from volume v");
        assert!(
            shown.ends_with(&format!("volume remove-brick v {leaving} start")),
            "{shown}"
        );
        admin.insist("y", "remove-brick of v: ");
        wait_until("a remove-brick in progress, says gluster", PATIENCE, || {
            let answer = task_status(cluster, &["remove-brick", "v", &leaving, "status"]);
            answer.contains("in progress").then_some(())
        });
        admin.see("* remove-brick  v");
        admin.see("commit pending");
        assert!(
            cluster.gluster(&["volume", "info", "v"]).contains(&leaving),
            "nothing is committed by itself"
        );
        admin.open("C", "commit pending");
        // Up, Up: from "later" over "retain" to "commit", which wants the name.
        admin.insist("\x1b[A", "type the volume name");
        admin.press("v\r");
        wait_until("two bricks, says gluster", PATIENCE, || {
            (!cluster.gluster(&["volume", "info", "v"]).contains(&leaving)).then_some(())
        });
        // What gluster keeps to itself: to look for files there before the brick is used again.
        admin.see("Look there for files left behind");
        admin.press("\x1b");
        admin
            .terminal
            .wait_until("two bricks on the screen", PATIENCE, |screen| {
                screen.contains("2/2")
                    && !screen.lines().any(|line| {
                        line.starts_with("   ")
                            && line.contains(&leaving)
                            && line.contains("online")
                    })
            });
        admin.leave();
    });
}

#[test]
#[ignore = "needs root and glusterfs-server"]
fn a_finished_drain_can_be_retained() {
    in_cluster("a_finished_drain_can_be_retained", |cluster| {
        cluster.slow_volume("v", 3, 30);
        let leaving = cluster.brick("v", 2);
        cluster.gluster(&["volume", "remove-brick", "v", &leaving, "start"]);
        // It was begun at gluster's own command line: it shows up by itself.
        let mut admin = Admin::sit_down(cluster, 80, 24);
        admin.see("commit pending");
        admin.open("C", "commit pending");
        admin.insist("\x1b[A", "Retain bricks ]");
        let title = "stop remove-brick of v: ";
        admin.insist("y", title);
        wait_until("no remove-brick, says gluster", PATIENCE, || {
            task_status(cluster, &["remove-brick", "v", &leaving, "status"])
                .contains("not started")
                .then_some(())
        });
        assert!(cluster.gluster(&["volume", "info", "v"]).contains(&leaving));
        admin.leave();
    });
}

#[test]
#[ignore = "needs root and glusterfs-server"]
fn a_drain_that_does_not_fit_is_refused_and_its_failures_block_the_commit() {
    let name = "a_drain_that_does_not_fit_is_refused_and_its_failures_block_the_commit";
    in_cluster(name, |cluster| {
        let (large, _) = cluster.tight_volume();
        let mut admin = Admin::sit_down(cluster, 80, 24);
        admin.see("Distribute 2");
        admin.press("2");
        admin.see(&format!("{large}: online"));
        admin.open("D", "Remove bricks from volume v");
        admin.see("Not offered: does not fit");
        admin.press("y");
        admin.press("\x1b");
        admin.terminal.wait_gone("Remove bricks from volume v");
        // gluster itself begins it all the same.
        cluster.gluster(&["volume", "remove-brick", "v", &large, "start"]);
        admin.see("commit pending");
        admin.open("C", "Remove-brick on v is complete");
        admin.see("a commit would lose them");
        admin.insist("\x1b[A", "(o) Commit  ");
        admin.press("\tv\r");
        admin.insist("\x1b[B", "y  Retain bricks");
        assert!(cluster.gluster(&["volume", "info", "v"]).contains(&large));
        admin.insist("y", "stop remove-brick of v: ");
        wait_until("no remove-brick, says gluster", PATIENCE, || {
            task_status(cluster, &["remove-brick", "v", &large, "status"])
                .contains("not started")
                .then_some(())
        });
        admin.leave();
    });
}

#[test]
#[ignore = "needs root and glusterfs-server"]
fn a_task_begun_at_the_command_line_shows_up_by_itself() {
    in_cluster(
        "a_task_begun_at_the_command_line_shows_up_by_itself",
        |cluster| {
            cluster.slow_volume("v", 2, 150);
            cluster.add_brick("v", 1);
            let admin = Admin::sit_down(cluster, 80, 24);
            admin.see("3 TASKS 0");
            cluster.gluster(&["volume", "rebalance", "v", "start"]);
            let noticed = admin.time_until("* rebalance    v");
            println!(
                "noticed {:.1} s after gluster's start had returned",
                noticed.as_secs_f64()
            );
            admin.leave();
        },
    );
}

#[test]
#[ignore = "needs root and glusterfs-server"]
fn the_emergency_stop_gets_through_a_hammered_lock() {
    in_cluster(
        "the_emergency_stop_gets_through_a_hammered_lock",
        |cluster| {
            cluster.slow_volume("v", 2, 300);
            cluster.add_brick("v", 1);
            cluster.gluster(&["volume", "rebalance", "v", "start"]);
            let mut admin = Admin::sit_down(cluster, 80, 24);
            admin.see("* rebalance    v");
            let mut hammer = cluster.lock_hammer("v", 400);
            admin.stop_everything();
            wait_until("a stopped rebalance, says gluster", PATIENCE, || {
                task_status(cluster, &["rebalance", "v", "status"])
                    .contains("Rebalance not started")
                    .then_some(())
            });
            admin.see("stopped");
            let _ = hammer.kill();
            let _ = hammer.wait();
            admin.press("\x1b");
            admin.terminal.wait_gone("EMERGENCY STOP");
            admin.leave();
        },
    );
}

#[test]
#[ignore = "needs root and glusterfs-server"]
fn the_json_says_what_gluster_says() {
    in_cluster("the_json_says_what_gluster_says", |cluster| {
        cluster.make_volume("v", 3, &[]);
        cluster.slow("v");
        cluster.start("v");
        cluster.fill("v", 60, 1024);
        cluster.make_volume("other", 3, &["replica", "3", "arbiter", "1"]);
        let leaving = cluster.brick("v", 2);
        cluster.gluster(&["volume", "remove-brick", "v", &leaving, "start"]);
        let said = wait_until("a finished drain", PATIENCE, || {
            let answer = task_status(cluster, &["remove-brick", "v", &leaving, "status"]);
            answer.contains("completed").then_some(answer)
        });
        let json = status(cluster);
        assert_eq!(json["schema"], "glustop.status/1");
        assert_eq!(json["source"], "local");
        let version = cluster.gluster(&["--version"]);
        assert_eq!(
            json["gluster_version"].as_str(),
            version.lines().next().unwrap().strip_prefix("glusterfs ")
        );
        assert_eq!(json["peers"].as_array().unwrap().len(), 3);
        assert_eq!(json["volumes"].as_array().unwrap().len(), 2);
        let volume = |name| {
            json["volumes"]
                .as_array()
                .unwrap()
                .iter()
                .find(|v| v["name"] == name)
                .unwrap()
        };
        assert_eq!(volume("other")["status"], "created");
        assert_eq!(volume("other")["arbiter_count"], 1);
        assert!(
            volume("other")["bricks"][2]["is_arbiter"]
                .as_bool()
                .unwrap()
        );
        assert!(volume("other")["bricks_online"].is_null());
        let v = volume("v");
        let info = cluster.gluster(&["volume", "info", "v"]);
        assert!(info.contains(v["id"].as_str().unwrap()));
        for brick in v["bricks"].as_array().unwrap() {
            assert!(info.contains(brick["name"].as_str().unwrap()));
            assert_eq!(brick["online"], true);
            assert_eq!(brick["leaving"], brick["name"] == leaving.as_str());
            assert!(brick["size_total"].as_u64() > brick["size_free"].as_u64());
        }
        same_bricks(cluster, &v["bricks"]);
        let task = &v["task"];
        same_nodes(&said, &task["nodes"]);
        assert_eq!(task["kind"], "remove-brick");
        assert_eq!(task["state"], "commit-pending");
        assert!(said.contains(task["id"].as_str().unwrap()));
        assert_eq!(task["bricks"], serde_json::json!([leaving]));
        for (ours, theirs) in [
            ("files", "files"),
            ("bytes", "size"),
            ("scanned", "lookups"),
            ("failures", "failures"),
        ] {
            assert_eq!(task["total"][ours].as_u64(), sum(&said, theirs), "{ours}");
        }
        assert!(task["total"]["skipped"].is_null());
        let state = volume("v")["options"]["cluster.rebal-throttle"]
            .as_str()
            .unwrap();
        assert!(info.contains(&format!("cluster.rebal-throttle: {state}")));
    });
}
