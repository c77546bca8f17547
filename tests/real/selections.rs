//! Which bricks may leave together: glustop's verdict on definitions of a real cluster, against
//! gluster's own answer to the very command that the dialog would run.

use std::path::PathBuf;
use std::sync::Arc;
use std::thread;
use std::time::Duration;

use crate::cluster::{Cluster, in_cluster, wait_until};
use glustop::gluster::{Answer, Command, Failure, Launcher, RemoveStep, Reply, parse};
use glustop::insight::plan::remove::{Removal, removal};
use glustop::model::{BrickName, FaultKind, Volume, VolumeName};

const PATIENCE: Duration = Duration::from_secs(60);

/// A type of volume, and selections of its bricks, counted from 0.
struct Family {
    name: &'static str,
    bricks: usize,
    words: &'static [&'static str],
    selections: &'static [&'static [usize]],
    /// One that is started for real, and stopped again.
    drained: Option<&'static [usize]>,
}

const FAMILIES: [Family; 7] = [
    Family {
        name: "distribute",
        bricks: 4,
        words: &[],
        selections: &[&[0], &[3], &[0, 1], &[1, 3], &[0, 1, 2], &[0, 1, 2, 3]],
        drained: Some(&[1]),
    },
    Family {
        name: "replica",
        bricks: 3,
        words: &["replica", "3"],
        selections: &[&[0], &[2], &[0, 1], &[1, 2], &[0, 1, 2]],
        drained: None,
    },
    Family {
        name: "arbiter",
        bricks: 3,
        words: &["replica", "3", "arbiter", "1"],
        selections: &[&[0], &[1], &[2], &[0, 1], &[0, 2], &[1, 2], &[0, 1, 2]],
        drained: None,
    },
    Family {
        name: "disperse",
        bricks: 3,
        words: &["disperse", "3", "redundancy", "1"],
        selections: &[&[0], &[2], &[0, 1], &[0, 1, 2]],
        drained: None,
    },
    Family {
        name: "distreplica",
        bricks: 6,
        words: &["replica", "3"],
        selections: &[
            &[0, 1, 2],
            &[3, 4, 5],
            &[0],
            &[0, 1],
            &[0, 3],
            &[2, 4],
            &[0, 1, 3],
            &[0, 1, 3, 4],
            &[0, 1, 2, 3],
            &[1, 2, 3],
            &[0, 1, 2, 3, 4],
            &[0, 1, 2, 3, 4, 5],
        ],
        drained: Some(&[3, 4, 5]),
    },
    Family {
        name: "distdisperse",
        bricks: 6,
        words: &["disperse", "3", "redundancy", "1"],
        selections: &[
            &[0, 1, 2],
            &[3, 4, 5],
            &[0],
            &[0, 3],
            &[1, 2, 3],
            &[0, 1, 3, 4],
            &[0, 1, 2, 3],
            &[0, 1, 2, 3, 4, 5],
        ],
        drained: Some(&[0, 1, 2]),
    },
    Family {
        name: "distarbiter",
        bricks: 6,
        words: &["replica", "3", "arbiter", "1"],
        selections: &[
            &[2, 5],
            &[0, 3],
            &[2],
            &[2, 4],
            &[0, 1, 2],
            &[3, 4, 5],
            &[1, 2, 4, 5],
            &[0, 2, 3, 5],
            &[0, 1, 3, 4],
            &[2, 3, 4, 5],
            &[0, 1, 2, 3, 4, 5],
        ],
        drained: None,
    },
];

/// How often gluster was asked and agreed.
#[derive(Default)]
struct Score {
    selections: usize,
    legal: usize,
    commands: usize,
}

fn launcher(cluster: &Cluster) -> Launcher {
    Launcher {
        program: "gluster".into(),
        socket: Some(cluster.socket(1).to_string_lossy().into_owned()),
        ssh: None,
        state_dir: PathBuf::from("/run"),
        python_helper: false,
    }
}

/// Runs exactly what a dialog would show, waiting while others hold a lock.
fn run(cluster: &Cluster, command: Command) -> Result<Reply, Failure> {
    let order = launcher(cluster).order(command);
    wait_until("a free lock", PATIENCE, || {
        let (program, words) = order.argv().words().split_first()?;
        let output = std::process::Command::new(program)
            .args(words)
            .output()
            .expect("gluster can be started");
        let answer = Answer {
            stdout: output.stdout,
            stderr: output.stderr,
            exit: output.status.code(),
            ..Answer::default()
        };
        match parse(order.command(), &answer) {
            Err(failure) if failure.kind == FaultKind::Busy => None,
            Err(failure) => Some(Err(failure)),
            Ok(parsed) => Some(Ok(parsed.reply)),
        }
    })
}

/// A volume, as the library reads gluster's definition of it.
fn define(cluster: &Cluster, family: &Family, name: &str) -> Arc<Volume> {
    cluster.make_volume(name, family.bricks, family.words);
    read(cluster, name)
}

fn read(cluster: &Cluster, name: &str) -> Arc<Volume> {
    match run(cluster, Command::VolumeInfo(Some(name.into()))) {
        Ok(Reply::Volumes(volumes)) => volumes.into_iter().next().expect("the volume"),
        other => panic!("{name}: {other:?}"),
    }
}

fn names(volume: &Volume, selection: &[usize]) -> Vec<BrickName> {
    let bricks = selection.iter().map(|&at| volume.bricks[at].name.clone());
    bricks.collect()
}

fn remove(
    volume: &VolumeName,
    bricks: &[BrickName],
    replica: Option<u32>,
    step: RemoveStep,
) -> Command {
    Command::RemoveBrick {
        volume: volume.clone(),
        bricks: bricks.to_vec(),
        replica,
        step,
    }
}

/// Judges each selection and lets gluster judge it too. Force asks least of gluster: what it
/// refuses even then breaks the rules of selection, and nothing else.
fn compare(cluster: &Cluster, family: &Family) -> Score {
    let mut score = Score::default();
    // Nothing that is refused changes it.
    let standing = define(cluster, family, family.name);
    for (at, selection) in family.selections.iter().enumerate() {
        let place = format!("{} {selection:?}", family.name);
        score.selections += 1;
        let verdict = removal(&standing, &names(&standing, selection));
        if let Ok(removal) = &verdict {
            // What is accepted takes the volume apart: each has one of its own.
            let volume = define(cluster, family, &format!("{}{at}", family.name));
            let bricks = names(&volume, selection);
            let replica = match removal {
                Removal::Subvolumes(_) => None,
                Removal::Replica(to) => Some(*to),
            };
            let answer = run(
                cluster,
                remove(&volume.name, &bricks, replica, RemoveStep::Force),
            );
            assert!(answer.is_ok(), "{place}: {verdict:?}, but {answer:?}");
            let left = read(cluster, volume.name.as_str());
            assert_eq!(left.bricks.len(), family.bricks - bricks.len(), "{place}");
            if let Some(to) = replica {
                assert_eq!(left.layout.replica, to, "{place}");
            }
            score.legal += 1;
            score.commands += 1;
        } else {
            let bricks = names(&standing, selection);
            let lower = (1..standing.layout.replica).map(Some);
            for replica in [None].into_iter().chain(lower) {
                let command = remove(&standing.name, &bricks, replica, RemoveStep::Force);
                let answer = run(cluster, command);
                let kind = answer.as_ref().err().map(|failure| failure.kind);
                assert_eq!(
                    kind,
                    Some(FaultKind::Refused),
                    "{place} to {replica:?}: {verdict:?}, but {answer:?}"
                );
                score.commands += 1;
            }
        }
    }
    assert_eq!(read(cluster, family.name), standing);
    if let Some(selection) = family.drained {
        drain(cluster, &standing, selection);
        score.commands += 1;
    }
    score
}

/// Begins a drain as the dialog would, and gives the bricks back.
fn drain(cluster: &Cluster, volume: &Volume, selection: &[usize]) {
    let bricks = names(volume, selection);
    assert!(matches!(
        removal(volume, &bricks),
        Ok(Removal::Subvolumes(_))
    ));
    cluster.start(volume.name.as_str());
    let command = |step| remove(&volume.name, &bricks, None, step);
    let begun = run(cluster, command(RemoveStep::Start));
    assert!(
        matches!(begun, Ok(Reply::Done { task: Some(_), .. })),
        "{begun:?}"
    );
    let stopped = run(cluster, command(RemoveStep::Stop));
    assert!(stopped.is_ok(), "{stopped:?}");
}

#[test]
#[ignore = "needs root and glusterfs-server"]
fn every_selection_is_judged_as_gluster_does() {
    in_cluster("every_selection_is_judged_as_gluster_does", |cluster| {
        let scores = thread::scope(|scope| {
            let threads = FAMILIES
                .iter()
                .map(|family| scope.spawn(move || compare(cluster, family)));
            let threads: Vec<_> = threads.collect();
            let joined = threads
                .into_iter()
                .map(|one| one.join().expect("a verdict"));
            joined.collect::<Vec<_>>()
        });
        let sum = |count: fn(&Score) -> usize| scores.iter().map(count).sum::<usize>();
        let (selections, legal) = (sum(|one| one.selections), sum(|one| one.legal));
        println!(
            "gluster agreed on {selections} selections of {} types of volumes: {legal} legal, {} illegal, {} commands",
            FAMILIES.len(),
            selections - legal,
            sum(|one| one.commands),
        );
        assert!(selections >= 40 && legal >= 15, "{selections} {legal}");
    });
}

/// What `heal info` does when glusterd is asked on another socket than the usual one.
#[test]
#[ignore = "needs root and glusterfs-server"]
fn heal_info_and_options_are_read_from_a_real_cluster() {
    in_cluster(
        "heal_info_and_options_are_read_from_a_real_cluster",
        |cluster| {
            cluster.make_volume("v", 3, &["replica", "3"]);
            cluster.start("v");
            let heal = |cluster: &Cluster| run(cluster, Command::HealSummary("v".into()));
            let Ok(Reply::Heal(whole)) = heal(cluster) else {
                panic!("{:?}", heal(cluster));
            };
            assert_eq!(whole.bricks.len(), 3);
            assert_eq!(whole.entries(), Some(0));
            let dead = cluster.brick("v", 2);
            cluster.kill_brick(&dead);
            cluster.fill("v", 6, 1024);
            let waiting = wait_until("entries to heal", PATIENCE, || match heal(cluster) {
                Ok(Reply::Heal(heal)) => heal.bricks[0].entries.filter(|&n| n > 0).map(|_| heal),
                _ => None,
            });
            assert_eq!(waiting.bricks[1].brick.as_str(), dead);
            assert_eq!(waiting.bricks[1].entries, None, "it gave no answer");

            let options = run(cluster, Command::Options("v".into()));
            let Ok(Reply::Options(options)) = options else {
                panic!("{options:?}");
            };
            assert_eq!(options["cluster.min-free-disk"], "10%");
            assert_eq!(options["storage.reserve"], "1");
            let pool = run(cluster, Command::PoolOptions);
            let Ok(Reply::Options(pool)) = pool else {
                panic!("{pool:?}");
            };
            assert_eq!(pool["cluster.op-version"], pool["cluster.max-op-version"]);

            // The test cluster has a link at the usual place. Without it, only heal info fails.
            std::fs::remove_file("/run/glusterd.socket").expect("the link");
            let failure = heal(cluster).expect_err("no glusterd in its usual place");
            assert_eq!(failure.kind, FaultKind::Refused);
            assert!(failure.message.contains("Not able to fetch volfile"));
            assert!(run(cluster, Command::Options("v".into())).is_ok());
        },
    );
}
