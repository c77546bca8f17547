//! What this node's logs tell of volumes, on a real three-node GlusterFS cluster.

use std::path::PathBuf;
use std::process::{Child, Command, Stdio};
use std::sync::mpsc::{Receiver, channel};

use glustop::local::{Follower, follow};
use glustop::model::VolumeName;

use crate::cluster::{Cluster, in_cluster, wait_until};
use crate::driver::{Admin, PATIENCE};

/// A follower of the logs in a directory.
struct Hints {
    told: Receiver<VolumeName>,
    _follower: Follower,
}

impl Hints {
    /// Returns when it follows, of which the volume `probe` is the proof: it is told. Nothing that
    /// was logged before is.
    fn of(dir: PathBuf, cluster: &Cluster) -> Self {
        let (tell, told) = channel();
        let follower = follow(dir, move |volume| {
            let _ = tell.send(volume);
        });
        let hints = Self {
            told,
            _follower: follower.expect("the logs can be followed"),
        };
        let told = wait_until("a first hint", PATIENCE, || {
            cluster.gluster(&["volume", "start", "probe", "force"]);
            hints.told.try_recv().ok()
        });
        assert_eq!(told.as_str(), "probe");
        hints
    }

    /// Waits for the next hint at another volume.
    #[track_caller]
    fn next(&self) -> VolumeName {
        loop {
            let volume = self.told.recv_timeout(PATIENCE).expect("a hint");
            if volume.as_str() != "probe" {
                return volume;
            }
        }
    }
}

fn volumes(cluster: &Cluster) {
    for (name, bricks) in [("probe", 1), ("a", 2), ("b", 2)] {
        cluster.make_volume(name, bricks, &[]);
        cluster.start(name);
    }
    cluster.add_brick("b", 1);
}

#[test]
#[ignore = "needs root and glusterfs-server"]
fn a_command_at_this_node_is_a_hint_and_a_question_is_none() {
    in_cluster(
        "a_command_at_this_node_is_a_hint_and_a_question_is_none",
        |cluster| {
            volumes(cluster);
            let hints = Hints::of(cluster.directory().join("1").join("log"), cluster);
            // Were one of these a hint, it would come first.
            for words in [
                &["volume", "status", "a"][..],
                &["volume", "info"],
                &["volume", "get", "a", "all"],
                &["volume", "set", "a", "cluster.min-free-disk", "5%"],
                &["volume", "profile", "a", "start"],
                &["volume", "profile", "a", "info"],
            ] {
                cluster.gluster(words);
            }
            let refused = cluster.ask(1, &["volume", "rebalance", "a", "stop"]);
            assert!(!refused.status.success());
            cluster.gluster(&["volume", "rebalance", "b", "start"]);
            assert_eq!(hints.next().as_str(), "b");
        },
    );
}

/// What glustereventsd needs comes with gluster; it runs until this is dropped.
struct Eventsd(Child);

impl Eventsd {
    fn start(cluster: &Cluster) -> Self {
        let child = Command::new("glustereventsd")
            .arg("--pid-file")
            .arg(cluster.directory().join("eventsd.pid"))
            .stdout(Stdio::null())
            .spawn();
        Self(child.expect("glustereventsd can be started"))
    }
}

impl Drop for Eventsd {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

#[test]
#[ignore = "needs root and glusterfs-server"]
fn a_brick_that_ends_is_a_hint_where_glustereventsd_runs() {
    in_cluster(
        "a_brick_that_ends_is_a_hint_where_glustereventsd_runs",
        |cluster| {
            volumes(cluster);
            let _eventsd = Eventsd::start(cluster);
            // Wherever glusterd logs to, the daemon logs to /var/log/glusterfs.
            let hints = Hints::of(cluster.directory().join("log"), cluster);
            cluster.kill_brick(&cluster.brick("a", 1));
            assert_eq!(hints.next().as_str(), "a");
        },
    );
}

/// With nothing due for an hour, only the hint can bring the task to the screen.
#[test]
#[ignore = "needs root and glusterfs-server"]
fn a_task_begun_at_this_node_is_shown_ahead_of_its_time() {
    in_cluster(
        "a_task_begun_at_this_node_is_shown_ahead_of_its_time",
        |cluster| {
            volumes(cluster);
            let log_dir = cluster.directory().join("1").join("log");
            let admin = Admin::sit_down_with(
                cluster,
                120,
                40,
                &[
                    "--interval",
                    "1h",
                    "--gluster-log-dir",
                    log_dir.to_str().unwrap(),
                ],
            );
            // All that is read in the beginning.
            admin
                .terminal
                .wait_until("bricks and sizes", PATIENCE, |screen| {
                    let volumes = screen.lines().filter(|line| line.contains(" Started "));
                    volumes.filter(|line| line.contains('%')).count() == 3
                });
            cluster.gluster(&["volume", "rebalance", "b", "start"]);
            let is_listed = |line: &str| {
                let words: Vec<_> = line.split_whitespace().collect();
                words.windows(2).any(|pair| pair == ["rebalance", "b"])
            };
            admin
                .terminal
                .wait_until("the task", PATIENCE, |screen| screen.lines().any(is_listed));
            admin.leave();
        },
    );
}
