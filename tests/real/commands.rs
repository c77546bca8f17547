//! The commands without a screen on a real three-node GlusterFS cluster, one of its own for each
//! test: what they print, how they exit, and what gluster's own command line says afterwards.

use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use crate::answers::{sum, task_status};
use crate::cluster::{Cluster, in_cluster, wait_until};
use serde_json::Value;

const PATIENCE: Duration = Duration::from_secs(60);

/// How a command went.
struct Went {
    code: i32,
    out: String,
    err: String,
}

impl Went {
    #[track_caller]
    fn json(&self) -> Value {
        serde_json::from_str(&self.out).unwrap_or_else(|error| panic!("{error}: {}", self.out))
    }
}

/// Runs glustop on node 1, in a pipe.
fn glustop(cluster: &Cluster, words: &[&str]) -> Went {
    let output = Command::new(crate::driver::GLUSTOP)
        .args(words)
        .stdin(Stdio::null())
        .env("GLUSTOP_GLUSTERD_SOCK", cluster.socket(1))
        .env("GLUSTOP_STATE_DIR", cluster.directory().join("state"))
        .output()
        .expect("glustop starts");
    let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
    Went {
        code: output.status.code().expect("it ended by itself"),
        out: text(&output.stdout),
        err: text(&output.stderr),
    }
}

/// A started volume of three bricks with some files on them.
fn volume(cluster: &Cluster, files: usize, is_slow: bool) {
    cluster.make_volume("v", 3, &[]);
    if is_slow {
        cluster.slow("v");
    }
    cluster.start("v");
    cluster.fill("v", files, 1024);
}

fn info(cluster: &Cluster) -> String {
    cluster.gluster(&["volume", "info", "v"])
}

#[test]
#[ignore = "needs root and glusterfs-server"]
fn plans_say_what_gluster_would() {
    in_cluster("plans_say_what_gluster_would", |cluster| {
        cluster.make_volume("r", 6, &["replica", "3"]);
        cluster.start("r");
        let plan = |volume: &str, bricks: &[&str]| {
            let words = [&["plan", "remove-brick", volume], bricks, &["--json"]].concat();
            glustop(cluster, &words)
        };
        let set: Vec<_> = (1..=3).map(|number| cluster.brick("r", number)).collect();
        let set: Vec<_> = set.iter().map(String::as_str).collect();
        let whole = plan("r", &set);
        // Every brick of this cluster lies on one file system, and that is all there is to say.
        assert_eq!(whole.code, 1, "{}", whole.out);
        assert_eq!(whole.json()["verdict"], "warn");
        let json = whole.json();
        let doubts = json["checks"].as_array().unwrap().iter();
        let doubts = doubts.filter(|check| check["mark"] != "pass");
        let codes: Vec<_> = doubts.map(|check| check["code"].clone()).collect();
        assert_eq!(codes, ["shared-filesystem"]);
        assert_eq!(whole.json()["forecast"].as_array().unwrap().len(), 2);
        let part = plan("r", &set[..1]);
        assert_eq!(part.code, 1, "{}", part.out);
        assert_eq!(part.json()["checks"][0]["code"], "legal");
        let choice = &part.json()["choices"][0]["bricks"];
        assert_eq!(choice, &serde_json::json!(set));

        let (large, _) = cluster.tight_volume();
        let tight = plan("v", &[&large]);
        assert_eq!(tight.code, 1, "{}", tight.out);
        assert!(tight.out.contains("does not fit"), "{}", tight.out);
        let words = ["start", "remove-brick", "v", &large, "--yes"];
        assert_eq!(glustop(cluster, &words).code, 1);
        let said = task_status(cluster, &["remove-brick", "v", &large, "status"]);
        assert!(said.contains("not started"), "{said}");
    });
}

#[test]
#[ignore = "needs root and glusterfs-server"]
fn a_drain_from_its_start_to_its_commit() {
    in_cluster("a_drain_from_its_start_to_its_commit", |cluster| {
        volume(cluster, 60, false);
        let brick = cluster.brick("v", 3);
        let started = glustop(cluster, &["start", "remove-brick", "v", &brick, "--yes"]);
        assert_eq!(started.code, 0, "{}", started.err);
        assert!(started.out.contains("done, task "), "{}", started.out);
        let waited = glustop(cluster, &["wait", "v", "--every", "1s", "--timeout", "60s"]);
        assert_eq!(waited.code, 1, "{}\n{}", waited.out, waited.err);
        assert!(
            waited.err.contains("completed, commit pending"),
            "{}",
            waited.err
        );
        assert!(waited.out.contains("remove-brick v: "), "{}", waited.out);
        let bare = glustop(cluster, &["commit", "v"]);
        assert_eq!(bare.code, 64, "{}", bare.err);
        assert!(bare.err.contains("--confirm v"), "{}", bare.err);
        assert!(info(cluster).contains(&brick));
        let committed = glustop(cluster, &["commit", "v", "--confirm", "v", "--json"]);
        assert_eq!(committed.code, 0, "{}", committed.err);
        assert_eq!(committed.json()["results"][0]["result"], "done");
        assert!(!info(cluster).contains(&brick), "{}", info(cluster));
    });
}

#[test]
#[ignore = "needs root and glusterfs-server"]
fn stop_all_gets_through_a_hammered_lock_and_read_only_does_not() {
    let name = "stop_all_gets_through_a_hammered_lock_and_read_only_does_not";
    in_cluster(name, |cluster| {
        cluster.make_volume("v", 2, &[]);
        cluster.slow("v");
        cluster.start("v");
        cluster.fill("v", 200, 1024);
        cluster.add_brick("v", 1);
        let started = glustop(cluster, &["start", "rebalance", "v", "--yes"]);
        assert_eq!(started.code, 0, "{}", started.err);
        wait_until("files moved, says gluster", PATIENCE, || {
            let said = task_status(cluster, &["rebalance", "v", "status"]);
            sum(&said, "files").filter(|files| *files > 1)
        });
        for switch in ["--read-only", "--dry-run"] {
            let held = glustop(cluster, &["stop", "--all", "--yes", switch]);
            let code = i32::from(switch == "--read-only");
            assert_eq!(held.code, code, "{}", held.err);
            assert!(held.err.contains("not run"), "{}", held.err);
            let said = task_status(cluster, &["rebalance", "v", "status"]);
            assert!(said.contains("in progress"), "{switch}: {said}");
        }
        let mut hammer = cluster.lock_hammer("v", 400);
        let began = Instant::now();
        let stopped = glustop(cluster, &["stop", "--all", "--yes", "--json"]);
        println!("stopped in {:.1} s", began.elapsed().as_secs_f64());
        assert_eq!(stopped.code, 0, "{}", stopped.err);
        let _ = hammer.kill();
        let _ = hammer.wait();
        let result = &stopped.json()["results"][0];
        assert_eq!(result["result"], "done", "{}", stopped.out);
        assert_eq!(result["nodes"].as_array().unwrap().len(), 3);
        // The last workers of the hammer go on for a moment.
        wait_until("a stopped rebalance, says gluster", PATIENCE, || {
            let said = task_status(cluster, &["rebalance", "v", "status"]);
            said.contains("not started").then_some(())
        });
        let again = glustop(cluster, &["stop", "v", "--yes"]);
        assert_eq!(again.code, 1, "{}", again.err);
        println!("tries in view: {}", stopped.err.matches(": try ").count());
    });
}

#[test]
#[ignore = "needs root and glusterfs-server"]
fn a_clean_drain_is_committed_once() {
    in_cluster("a_clean_drain_is_committed_once", |cluster| {
        volume(cluster, 60, false);
        let brick = cluster.brick("v", 2);
        let started = glustop(cluster, &["start", "remove-brick", "v", &brick, "--yes"]);
        assert_eq!(started.code, 0, "{}", started.err);
        let words = [
            "wait",
            "v",
            "--every",
            "1s",
            "--timeout",
            "80s",
            "--commit-if-clean",
        ];
        let waited = glustop(cluster, &words);
        assert_eq!(waited.code, 0, "{}\n{}", waited.out, waited.err);
        assert_eq!(
            waited.err.matches("v: committing").count(),
            1,
            "{}",
            waited.err
        );
        assert!(waited.err.contains("v: committed"), "{}", waited.err);
        assert!(!info(cluster).contains(&brick), "{}", info(cluster));
        let none = glustop(cluster, &["wait", "v", "--every", "1s"]);
        assert_eq!(none.code, 3, "{}", none.err);
    });
}

#[test]
#[ignore = "needs root and glusterfs-server"]
fn a_drain_is_stopped_with_its_bricks_or_retained_at_its_end() {
    let name = "a_drain_is_stopped_with_its_bricks_or_retained_at_its_end";
    in_cluster(name, |cluster| {
        volume(cluster, 90, true);
        let brick = cluster.brick("v", 3);
        let start = ["start", "remove-brick", "v", &brick, "--yes"];
        assert_eq!(glustop(cluster, &start).code, 0);
        let early = glustop(cluster, &["retain", "v", "--yes"]);
        assert_eq!(early.code, 1, "{}", early.err);
        let stopped = glustop(cluster, &["stop", "v", "--yes"]);
        assert_eq!(stopped.code, 0, "{}", stopped.err);
        assert!(
            stopped.out.contains("stopped on every node"),
            "{}",
            stopped.out
        );

        cluster.make_volume("w", 3, &[]);
        let unstarted = glustop(cluster, &["plan", "rebalance", "w", "--json"]);
        assert_eq!(unstarted.json()["verdict"], "refuse", "{}", unstarted.out);
        cluster.start("w");
        cluster.fill("w", 30, 1024);
        let brick = cluster.brick("w", 3);
        assert_eq!(
            glustop(cluster, &["start", "remove-brick", "w", &brick, "--yes"]).code,
            0
        );
        let waited = glustop(cluster, &["wait", "w", "--every", "1s", "--json"]);
        assert_eq!(waited.code, 1, "{}", waited.err);
        let last: Value = serde_json::from_str(waited.out.lines().last().unwrap()).unwrap();
        assert_eq!(last["volumes"][0]["task"]["state"], "commit-pending");
        assert_eq!(glustop(cluster, &["stop", "--all", "--yes"]).code, 0);
        let retained = glustop(cluster, &["retain", "w", "--yes"]);
        assert_eq!(retained.code, 0, "{}", retained.err);
        let said = task_status(cluster, &["remove-brick", "w", &brick, "status"]);
        assert!(said.contains("not started"), "{said}");
        assert!(cluster.gluster(&["volume", "info", "w"]).contains(&brick));
    });
}
