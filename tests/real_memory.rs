//! A glustop that is killed in the middle of a drain, on a real cluster: the next one goes on
//! where it was.
//!
//! They need root and glusterfs-server: `cargo test --test real_memory -- --ignored`

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::print_stdout,
    clippy::string_slice,
    reason = "a test that cannot go on fails"
)]
#![allow(
    clippy::disallowed_methods,
    reason = "the rule on starting processes is for the program, not its tests"
)]

#[path = "support/cluster.rs"]
mod cluster;
#[path = "support/driver.rs"]
mod driver;
#[path = "support/terminal.rs"]
mod terminal;

use std::path::Path;
use std::process::Command;

use cluster::{Cluster, in_cluster, wait_until};
use driver::{Admin, GLUSTOP, PATIENCE, state, status};
use rustix::process::Signal;
use serde_json::Value;

/// `glustop history --json`. gluster is not asked, so it needs no cluster.
fn history(directory: &Path) -> Value {
    let output = Command::new(GLUSTOP)
        .args(["history", "v", "--json", "--state-dir"])
        .arg(directory)
        .output()
        .unwrap();
    let complaint = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{complaint}");
    assert_eq!(complaint, "");
    serde_json::from_slice(&output.stdout).unwrap()
}

/// One reading by a glustop that remembers nothing.
fn without_memory(cluster: &Cluster) -> Value {
    let output = Command::new(GLUSTOP)
        .args(["status", "--json"])
        .env("GLUSTOP_GLUSTERD_SOCK", cluster.socket(1))
        .env("GLUSTOP_STATE_DIR", cluster.directory().join("empty"))
        .output()
        .unwrap();
    serde_json::from_slice(&output.stdout).unwrap()
}

/// The percentage in the row of the running drain.
fn percent(screen: &str) -> Option<u32> {
    let row = screen.lines().find(|row| row.contains("* remove-brick"))?;
    let word = row.split_whitespace().find(|word| word.ends_with('%'))?;
    word.trim_start_matches('~')
        .trim_end_matches('%')
        .parse()
        .ok()
}

/// A volume of slow bricks, each on a file system of its own: only so there is a percentage.
fn volume(cluster: &Cluster) -> String {
    let bricks: Vec<_> = (1..=3)
        .map(|node| cluster.small_brick(node, "b", 64))
        .collect();
    let mut words = vec!["volume", "create", "v"];
    words.extend(bricks.iter().map(String::as_str));
    words.push("force");
    cluster.gluster(&words);
    cluster.slow("v");
    cluster.start("v");
    cluster.fill("v", 90, 100 << 10);
    bricks[2].clone()
}

#[test]
#[ignore = "needs root and glusterfs-server"]
fn a_killed_glustop_goes_on_where_it_was() {
    in_cluster("a_killed_glustop_goes_on_where_it_was", |cluster| {
        let leaving = volume(cluster);
        let mut admin = Admin::sit_down(cluster, 120, 40);
        admin.press("2");
        admin.see("v-client-2");
        admin.press("G");
        admin.see(&format!("{leaving}: online"));
        admin.open("D", "Remove bricks from volume v");
        admin.insist("y", "remove-brick of v: ");
        let under_way = |screen: &str| percent(screen).is_some_and(|n| (15..80).contains(&n));
        let terminal = &admin.terminal;
        terminal.wait_until("a drain well under way", PATIENCE, |screen| {
            under_way(screen) && screen.contains("MiB/s")
        });
        let before = percent(&terminal.screen()).unwrap();
        terminal.kill(Signal::KILL);
        drop(admin);
        println!("killed at {before}%");

        // One reading has a basis and a rate, because it goes on from the others.
        let task = status(cluster)["volumes"][0]["task"].clone();
        assert_eq!(task["state"], "in-progress", "{task}");
        assert_eq!(task["progress_basis"], "size");
        assert!(task["progress"].as_f64().unwrap() * 100.0 >= f64::from(before) - 1.0);
        assert!(task["rate_bytes"].as_u64().unwrap() > 0, "{task}");
        let alone = without_memory(cluster)["volumes"][0]["task"].clone();
        assert_eq!(alone["id"], task["id"]);
        assert_eq!(alone["rate_bytes"], Value::Null, "two readings are a rate");

        let known = history(&state(cluster));
        assert_eq!(known["tasks"][0]["id"], task["id"]);
        assert_eq!(known["tasks"][0]["ending"], Value::Null);
        let first_seen = known["tasks"][0]["first_seen"].clone();
        let command = &known["commands"][0];
        assert_eq!(
            (&command["result"], &command["exit"]),
            (&"done".into(), &0.into())
        );
        assert_eq!(command["task"], task["id"]);
        assert_eq!(known["tasks"][0]["started_by"], command["user"]);

        let mut admin = Admin::sit_down(cluster, 120, 40);
        let terminal = &admin.terminal;
        terminal.wait_until("the percentage and the rate", PATIENCE, |screen| {
            percent(screen).is_some_and(|now| now + 1 >= before) && screen.contains("MiB/s")
        });
        println!("and goes on at {}%", percent(&terminal.screen()).unwrap());
        // What the first one ran is there, as its command and as an event.
        admin.press("@");
        admin.see("COMMANDS 1");
        admin.see("done  exit 0");
        let shown = admin.terminal.screen();
        assert!(!shown.contains("this session"), "{shown}");
        admin.press("q");
        admin.terminal.wait_gone("COMMANDS 1");
        admin.press("e");
        admin.see("root ran gluster");
        admin.press("q");
        admin.see("commit pending");
        cluster.gluster(&["volume", "remove-brick", "v", &leaving, "commit"]);
        admin.press("a");
        admin.see("HISTORY  1 task over");
        admin.see("committed");
        admin.press("\r");
        admin.see("TASK STATUS  remove-brick  v");
        admin.press("q");
        admin.see("HISTORY  1 task over");
        admin.press("q");
        admin.see("VOLUMES");
        admin.leave();

        let known = history(&state(cluster));
        let [over] = known["tasks"].as_array().unwrap().as_slice() else {
            panic!("{known}")
        };
        assert_eq!(over["ending"], "committed");
        assert_eq!(over["state"], "completed");
        assert_eq!(over["first_seen"], first_seen);
        assert!(over["total"]["files"].as_u64().unwrap() > 10);
        assert_eq!(over["total"]["failures"], 0);
        assert_eq!(known["commands"][0]["exit"], 0);

        // A third one did not see any of it, and knows it all.
        let mut admin = Admin::sit_down(cluster, 80, 24);
        admin.see("2/2");
        admin.press("a");
        admin.see("committed");
        admin.press("q");
        admin.see("VOLUMES");
        admin.leave();
    });
}

#[test]
#[ignore = "needs root and glusterfs-server"]
fn what_ended_while_nobody_watched_is_known_afterwards() {
    let name = "what_ended_while_nobody_watched_is_known_afterwards";
    in_cluster(name, |cluster| {
        cluster.make_volume("v", 2, &[]);
        cluster.slow("v");
        cluster.start("v");
        cluster.fill("v", 60, 1024);
        cluster.add_brick("v", 1);
        cluster.gluster(&["volume", "rebalance", "v", "start"]);
        let admin = Admin::sit_down(cluster, 80, 24);
        admin.see("* rebalance    v");
        let kept = wait_until("a kept task", PATIENCE, || {
            let known = history(&state(cluster));
            known["tasks"][0]["id"].as_str().map(ToOwned::to_owned)
        });
        admin.terminal.kill(Signal::KILL);
        drop(admin);
        cluster.gluster(&["volume", "rebalance", "v", "stop"]);
        let mut admin = Admin::sit_down(cluster, 80, 24);
        admin.press("a");
        admin.see("HISTORY  1 task over");
        admin.see("stopped");
        admin.press("q");
        admin.see("VOLUMES");
        admin.leave();
        let known = history(&state(cluster));
        assert_eq!(known["tasks"][0]["id"], kept.as_str());
        assert_eq!(known["tasks"][0]["ending"], "stopped");
        assert_eq!(known["commands"].as_array().map(Vec::len), Some(0));
    });
}
