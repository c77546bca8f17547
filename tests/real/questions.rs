//! Questions without gluster's Python helper: the same answers.

use std::process::Output;
use std::time::Duration;

use crate::cluster::{Cluster, in_cluster, wait_until};
use glustop::gluster::{self, Answer, Command, Launcher, Order, Reply, StatusView};

const PATIENCE: Duration = Duration::from_secs(30);

/// Asks where gluster has its helper, with this for Python.
fn ask(cluster: &Cluster, order: &Order, python: Option<&str>) -> Output {
    let mut process = cluster.with_gsyncd(order.argv().words());
    match python {
        Some(python) => process.env("PYTHON", python),
        None => process.env_remove("PYTHON"),
    };
    process.output().expect("cluster.sh can be started")
}

/// What it said; for `get-state`, the file that it wrote.
fn answer(cluster: &Cluster, order: &Order, python: Option<&str>) -> Vec<u8> {
    let output = ask(cluster, order, python);
    assert!(output.status.success(), "{order:?}: {output:?}");
    if *order.command() == Command::State {
        std::fs::read(cluster.directory().join("state")).expect("the state")
    } else {
        output.stdout
    }
}

#[test]
#[ignore = "needs root and glusterfs-server"]
fn answers_are_the_same_without_python() {
    in_cluster("answers_are_the_same_without_python", |cluster| {
        cluster.make_volume("v", 3, &[]);
        cluster.start("v");
        cluster.gluster(&["volume", "rebalance", "v", "start"]);
        wait_until("the end of the rebalance", PATIENCE, || {
            let status = cluster.gluster(&["volume", "rebalance", "v", "status"]);
            (!status.contains("in progress")).then_some(())
        });
        cluster.make_volume("copies", 3, &["replica", "3"]);
        cluster.start("copies");
        let launcher = Launcher {
            program: "gluster".into(),
            socket: None,
            ssh: None,
            state_dir: cluster.directory().to_owned(),
            python_helper: false,
        };
        let status = |view| Command::VolumeStatus {
            volume: "v".into(),
            view,
        };
        for command in [
            Command::Version,
            Command::PoolList,
            Command::VolumeList,
            Command::VolumeInfo(None),
            Command::VolumeInfo(Some("v".into())),
            Command::State,
            Command::HealSummary("copies".into()),
            Command::Options("v".into()),
            Command::PoolOptions,
            status(StatusView::Plain),
            status(StatusView::Detail),
            status(StatusView::Tasks),
            Command::RebalanceStatus("v".into()),
        ] {
            let order = launcher.order(command);
            let (_, echo) = order.environment().expect("a question");
            // Sizes and counters may move between the two.
            wait_until("the same answer", PATIENCE, || {
                let with = answer(cluster, &order, None);
                (with == answer(cluster, &order, Some(echo))).then_some(())
            });
        }
        // And the helper does heed the variable here.
        let output = ask(
            cluster,
            &launcher.order(Command::PoolList),
            Some("/nowhere"),
        );
        let said = String::from_utf8_lossy(&output.stderr);
        assert!(
            output.status.success() && said.contains("/nowhere"),
            "{said}"
        );
    });
}

#[test]
#[ignore = "needs root and glusterfs-server"]
fn whatever_changes_a_definition_changes_its_number() {
    in_cluster(
        "whatever_changes_a_definition_changes_its_number",
        |cluster| {
            let state = cluster.directory().join("own");
            let dir = cluster.directory().to_string_lossy().into_owned();
            // What `volume info` says, and the numbers of the own state right beside it.
            let look = || {
                cluster.gluster(&["get-state", "odir", &dir, "file", "own"]);
                let answer = Answer {
                    stdout: std::fs::read(&state).expect("the state"),
                    exit: Some(0),
                    ..Answer::default()
                };
                let parsed = gluster::parse(&Command::State, &answer).expect("a state");
                let Reply::State(report) = parsed.reply else {
                    panic!("{:?}", parsed.reply);
                };
                let info = cluster.gluster(&["volume", "info", "--xml"]);
                (info, report.definitions, report.peers)
            };
            let mut before = look();
            let mut step = |words: &str| {
                let words: Vec<_> = words.split(' ').collect();
                cluster.gluster(&[&["volume"], &words[..]].concat());
                let now = look();
                let differs = |changed| if changed { "differs" } else { "is the same" };
                let info = differs(now.0 != before.0);
                let number = differs(now.1 != before.1);
                assert!(
                    info == "is the same" || number == "differs",
                    "{words:?}: volume info {info}, the number {number}"
                );
                assert_eq!(now.2, before.2, "{words:?}: the peers are the same");
                before = now;
                info
            };
            cluster.make_volume("v", 3, &[]);
            let (spare, other) = (cluster.brick("spare", 1), cluster.brick("spare", 2));
            assert_eq!(step("start v"), "differs");
            for words in [
                "set v cluster.rebal-throttle lazy",
                "set v cluster.rebal-throttle normal",
                "reset v cluster.rebal-throttle",
                "set v user.note a",
                "profile v start",
                "stop v",
                "start v",
            ] {
                assert_eq!(step(words), "differs", "{words}");
            }
            assert_eq!(step(&format!("add-brick v {spare} force")), "differs");
            assert_eq!(step(&format!("remove-brick v {spare} force")), "differs");
            assert_eq!(step(&format!("create w {other} force")), "differs");
            assert_eq!(step("delete w"), "differs");
            for words in ["rebalance v start", "status v", "rebalance v status"] {
                step(words);
            }
        },
    );
}
