//! How drains end on a real three-node GlusterFS cluster, one of its own for each test: failures
//! named, choices that do what they say, and an auto commit that fires once or not at all.

use std::os::unix::fs::PermissionsExt as _;

use crate::answers::{sum, task_status};
use crate::cluster::{Cluster, in_cluster, wait_until};
use crate::driver::{Admin, GLUSTOP, PATIENCE};

const UP: &str = "\x1b[A";
const ESC: &str = "\x1b";

/// Begins to drain some bricks, from `first` on, to be committed by itself.
fn drain_by_itself(cluster: &Cluster, admin: &mut Admin, first: usize, bricks: usize) {
    admin.press("2");
    admin.see("2>BRICKS");
    admin.see(&format!("{}: online", cluster.brick("v", 1)));
    for _ in 1..first {
        admin.press("j");
    }
    admin.see(&format!("{}: online", cluster.brick("v", first)));
    for _ in 0..bricks {
        admin.press(" ");
    }
    admin.open("D", "Remove bricks from volume v");
    admin.insist("a", "[x] a  Auto commit");
    admin.insist("y", "remove-brick of v: ");
    // gluster takes five seconds for a start; the drain goes on without the dialog.
    admin.see("* remove-brick v");
    admin.press("1");
    admin.insist("t", "TASK STATUS");
    admin.see("AUTO COMMIT on");
}

/// What gluster itself says of the drain of a brick.
fn drain(cluster: &Cluster, brick: &str) -> String {
    task_status(cluster, &["remove-brick", "v", brick, "status"])
}

fn has_brick(cluster: &Cluster, brick: &str) -> bool {
    cluster.gluster(&["volume", "info", "v"]).contains(brick)
}

#[track_caller]
fn wait_for_no_task(cluster: &Cluster, brick: &str) {
    wait_until("no remove-brick, says gluster", PATIENCE, || {
        drain(cluster, brick).contains("not started").then_some(())
    });
}

/// How often the pool was told to commit, by glusterd's own history on node 1.
fn commits(cluster: &Cluster) -> usize {
    let log = cluster.directory().join("1/log/cmd_history.log");
    let history =
        std::fs::read_to_string(&log).unwrap_or_else(|error| panic!("{}: {error}", log.display()));
    let lines = history.lines();
    lines
        .filter(|line| line.contains("remove-brick") && line.contains(" commit "))
        .count()
}

/// Some files do not fit: the failures are named, a plain commit and another try are refused, and
/// force takes the brick out once the name is typed.
#[test]
#[ignore = "needs root and glusterfs-server"]
fn a_drain_without_room_names_its_failures_and_yields_to_typed_force() {
    let name = "a_drain_without_room_names_its_failures_and_yields_to_typed_force";
    in_cluster(name, |cluster| {
        let (large, small) = cluster.tight_volume();
        cluster.gluster(&["volume", "remove-brick", "v", &large, "start"]);
        let mut admin = Admin::sit_down(cluster, 80, 24);
        admin.see("commit pending");
        let failures = wait_until("failures, says gluster", PATIENCE, || {
            sum(&drain(cluster, &large), "failures").filter(|n| *n > 0)
        });
        admin.open(
            "C",
            &format!("Remove-brick on v is complete, {failures} files failed"),
        );
        admin.see(&format!("{failures} failed"));
        // Up from "later": force, another try, retain, commit.
        admin.insist(
            UP,
            &format!("(o) Commit by force {failures} files vanish from v"),
        );
        admin.insist(UP, "(o) Retry");
        admin.see("Not offered: does not fit");
        admin.press("y");
        admin.insist(UP, "(o) Retain bricks");
        admin.insist(UP, "(o) Commit ");
        admin.see("a commit would lose them");
        admin.press("y\tv\r");
        admin.insist("\x1b[B", "(o) Retain bricks");
        admin.insist("\x1b[B", "(o) Retry");
        admin.insist("\x1b[B", "(o) Commit by force");
        assert!(
            has_brick(cluster, &large),
            "nothing of that was carried out"
        );
        assert_eq!(commits(cluster), 0);
        admin.press("y\r");
        admin.see("y_");
        admin.press("\x7fv");
        admin.see("(Enter does it)");
        admin.press("\r");
        admin.see("Look there for files left behind");
        assert!(!has_brick(cluster, &large), "gone, says gluster");
        assert!(has_brick(cluster, &small));
        admin.press(ESC);
        admin.terminal.wait_gone("Look there for files");
        admin.leave();
    });
}

/// A brick dies while it is drained: the node is named; the same bricks are drained again, or
/// given back.
#[test]
#[ignore = "needs root and glusterfs-server"]
fn a_drain_whose_brick_dies_is_retried_and_then_retained() {
    let name = "a_drain_whose_brick_dies_is_retried_and_then_retained";
    in_cluster(name, |cluster| {
        cluster.slow_volume("v", 3, 90);
        let leaving = cluster.brick("v", 3);
        cluster.gluster(&["volume", "remove-brick", "v", &leaving, "start"]);
        let moved = |at_least: u64| {
            wait_until("moved files, says gluster", PATIENCE, || {
                sum(&drain(cluster, &leaving), "files").filter(|n| *n >= at_least)
            })
        };
        let mut admin = Admin::sit_down(cluster, 80, 24);
        moved(2);
        let first = id(&drain(cluster, &leaving));
        cluster.kill_brick(&leaving);
        admin.see("failed");
        admin.open("C", "Remove-brick on v FAILED on ");
        admin.see("X failed");
        admin.insist(UP, "what was not moved vanishes");
        admin.insist(UP, "(o) Retry");
        admin.see("is offline: its files cannot");
        // The brick comes back, and with it the offer.
        cluster.gluster(&["volume", "start", "v", "force"]);
        admin.see("y  Stop, then start again");
        admin.insist("y", "stop remove-brick of v  ");
        admin.see("remove-brick of v  accepted");
        let second = wait_until("another drain, says gluster", PATIENCE, || {
            let said = drain(cluster, &leaving);
            said.contains("in progress").then(|| id(&said))
        });
        assert_ne!(first, second);
        admin.press(ESC);
        admin.see("* remove-brick v");
        moved(1);
        cluster.kill_brick(&leaving);
        admin.see("failed");
        admin.open("C", "Remove-brick on v FAILED on ");
        admin.insist(UP, "vanishes");
        admin.insist(UP, "(o) Retry");
        admin.insist(UP, "y  Stop and retain");
        admin.insist("y", "R rebalances, or fixes");
        wait_for_no_task(cluster, &leaving);
        assert!(has_brick(cluster, &leaving), "retained");
        assert_eq!(commits(cluster), 0);
        admin.leave();
    });
}

/// The id of a task, in gluster's answer.
fn id(answer: &str) -> String {
    let rest = answer.split("<task-id>").nth(1).unwrap_or_default();
    rest.split('<').next().unwrap_or_default().to_owned()
}

#[test]
#[ignore = "needs root and glusterfs-server"]
fn a_clean_drain_commits_itself_once() {
    in_cluster("a_clean_drain_commits_itself_once", |cluster| {
        cluster.slow_volume("v", 3, 18);
        let leaving = cluster.brick("v", 3);
        let mut admin = Admin::sit_down(cluster, 80, 24);
        drain_by_itself(cluster, &mut admin, 3, 1);
        admin.see("Auto commit of v in 0:2");
        assert!(has_brick(cluster, &leaving), "there is time to say no");
        assert_eq!(commits(cluster), 0);
        let took = admin.time_until("Out of v now");
        println!(
            "committed {:.1} s after the countdown began",
            took.as_secs_f64()
        );
        assert!(!has_brick(cluster, &leaving));
        assert_eq!(commits(cluster), 1, "once");
        admin.press(ESC);
        admin.terminal.wait_gone("Out of v now");
        admin.press(ESC);
        admin.leave();
        assert_eq!(commits(cluster), 1, "and no more");
    });
}

#[test]
#[ignore = "needs root and glusterfs-server"]
fn a_drain_that_another_actor_stops_is_not_committed() {
    let name = "a_drain_that_another_actor_stops_is_not_committed";
    in_cluster(name, |cluster| {
        cluster.slow_volume("v", 3, 18);
        let leaving = cluster.brick("v", 3);
        let mut admin = Admin::sit_down(cluster, 80, 24);
        drain_by_itself(cluster, &mut admin, 3, 1);
        admin.see("Auto commit of v in 0:2");
        cluster.gluster(&["volume", "remove-brick", "v", &leaving, "stop"]);
        admin.see("disarmed: the remove-brick was ended elsewhere");
        admin.terminal.wait_gone("Auto commit of v in");
        wait_for_no_task(cluster, &leaving);
        assert!(has_brick(cluster, &leaving));
        assert_eq!(commits(cluster), 0);
        admin.press(ESC);
        admin.leave();
    });
}

#[test]
#[ignore = "needs root and glusterfs-server"]
fn a_drain_with_a_silent_node_is_not_committed() {
    let name = "a_drain_with_a_silent_node_is_not_committed";
    in_cluster(name, |cluster| {
        cluster.slow_volume("v", 4, 40);
        let leaving = [cluster.brick("v", 2), cluster.brick("v", 3)];
        let mut admin = Admin::sit_down(cluster, 80, 24);
        drain_by_itself(cluster, &mut admin, 2, 2);
        wait_until("moved files, says gluster", PATIENCE, || {
            sum(&drain(cluster, &leaving[0]), "files").filter(|n| *n >= 1)
        });
        cluster.stop_glusterd(3);
        admin.see("AUTO COMMIT disarmed: ");
        let screen = admin.terminal.screen();
        let named = ["gives no answer", "online is not known"];
        assert!(named.iter().any(|why| screen.contains(why)), "{screen}");
        cluster.start_glusterd(3);
        // It comes back and may report a clean end: that is for an admin now.
        admin.see("commit pending");
        assert!(leaving.iter().all(|brick| has_brick(cluster, brick)));
        assert_eq!(commits(cluster), 0);
        admin.press(ESC);
        admin.leave();
    });
}

/// Leaving hands the auto commit over word for word as shown; without systemd it stays and says
/// why. The systemd-run of this test only writes down what it is given.
#[test]
#[ignore = "needs root and glusterfs-server"]
fn leaving_hands_an_armed_auto_commit_over() {
    in_cluster("leaving_hands_an_armed_auto_commit_over", |cluster| {
        cluster.slow_volume("v", 3, 90);
        let bin = cluster.directory().join("bin");
        let (given, works) = (bin.join("given"), bin.join("works"));
        std::fs::create_dir(&bin).unwrap();
        let script = format!(
            "#!/bin/sh\nprintf '%s\\n' systemd-run \"$@\" >{}\n[ -e {} ] || {{ echo No bus >&2; exit 1; }}\n",
            given.display(),
            works.display()
        );
        let program = bin.join("systemd-run");
        std::fs::write(&program, script).unwrap();
        std::fs::set_permissions(&program, std::fs::Permissions::from_mode(0o755)).unwrap();
        let path = format!("{}:{}", bin.display(), std::env::var("PATH").unwrap());
        let mut command = crate::terminal::command(GLUSTOP, &["--ascii"]);
        command.env("GLUSTOP_GLUSTERD_SOCK", cluster.socket(1));
        command.env("PATH", path);
        let mut admin = Admin {
            terminal: crate::terminal::Terminal::start(command, 80, 24),
        };
        admin.see("1>VOLUMES");
        drain_by_itself(cluster, &mut admin, 3, 1);
        admin.press(ESC);
        admin.terminal.wait_gone("TASK STATUS");
        let shown = admin.open("q", "Leave glustop?");
        admin.insist("w", "Not handed over: v: systemd-run: No bus");
        admin.see("By hand, in tmux or screen, or behind nohup:");
        std::fs::write(&works, "").unwrap();
        admin.press("w");
        assert!(admin.terminal.exit_status().success(), "it leaves");
        let said = admin.terminal.screen();
        assert!(said.contains("1 task goes on without you"), "{said}");
        assert!(said.contains(".service waits for v"), "{said}");
        let given = std::fs::read_to_string(&given).unwrap();
        assert_eq!(given.lines().collect::<Vec<_>>().join(" "), shown);
        assert!(
            shown.contains("wait v --commit-if-clean --task "),
            "{shown}"
        );
        assert!(shown.contains(&format!("--glusterd-sock {}", cluster.socket(1).display())));
    });
}
