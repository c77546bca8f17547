use crate::gluster::{Command, RemoveStep, Reply, StatusView};
use crate::model::{BrickSpace, Snapshot, Task, TaskKind, TaskState};
use crate::monitor::merge;
use crate::monitor::testing::{
    at, brick, listed, node, progress, reading, snapshot, status, status_report, volume,
};

/// Reads how full the bricks of a volume are, in bytes in use of 1000 on its own device or on one
/// that it shares.
fn weigh(picture: &mut Snapshot, name: &str, seconds: f64, used: u64, device: &str) {
    let Reply::Status(mut report) = status_report(&volume(name, 3), None) else {
        unreachable!()
    };
    for brick in &mut report.bricks {
        brick.space = BrickSpace {
            total: Some(1_000),
            free: Some(1_000 - used),
            device: Some(device.into()),
            ..BrickSpace::default()
        };
    }
    let question = status(name, StatusView::Detail);
    let reading = reading(question, at(seconds), Ok(Reply::Status(report)));
    merge::reading(picture, &reading);
}

fn list(picture: &mut Snapshot, seconds: f64) {
    let bricks = [brick("v", 2)];
    let line = listed("1", TaskKind::RemoveBrick, TaskState::InProgress, &bricks);
    let reply = status_report(&volume("v", 3), Some(vec![line]));
    let question = status("v", StatusView::Tasks);
    merge::reading(picture, &reading(question, at(seconds), Ok(reply)));
}

fn count(picture: &mut Snapshot, seconds: f64, moved: u64) {
    let question = Command::RemoveBrick {
        volume: "v".into(),
        bricks: vec![brick("v", 2)],
        replica: None,
        step: RemoveStep::Status,
    };
    let report = progress("1", vec![node(2, TaskState::InProgress, moved)]);
    let reply = Ok(Reply::Progress(report));
    merge::reading(picture, &reading(question, at(seconds), reply));
}

fn task(picture: &Snapshot) -> &Task {
    picture.volume(&"v".into()).unwrap().task().unwrap()
}

/// `used exact` of what lay there.
fn baseline(picture: &Snapshot) -> Option<(u64, bool)> {
    task(picture)
        .baseline
        .map(|found| (found.used, found.exact))
}

fn readings(picture: &Snapshot) -> Vec<u64> {
    let brick = brick("v", 2);
    let usage = task(picture).usage.of(&brick);
    usage.map(|(_, used)| *used).collect()
}

#[test]
fn the_reading_from_before_the_task_is_its_start() {
    let mut picture = snapshot(vec![volume("v", 3)]);
    weigh(&mut picture, "v", 10.0, 400, "/dev/sdb");
    list(&mut picture, 100.0);
    assert_eq!(readings(&picture), [400]);
    assert_eq!(baseline(&picture), None, "nobody has counted yet");
    count(&mut picture, 105.0, 0);
    assert_eq!(baseline(&picture), Some((400, true)));
    count(&mut picture, 110.0, 50);
    weigh(&mut picture, "v", 111.0, 350, "/dev/sdb");
    assert_eq!(readings(&picture), [400, 350]);
    assert_eq!(baseline(&picture), Some((400, true)), "it stays");
}

#[test]
fn who_comes_late_works_the_start_out_from_the_next_reading() {
    let mut picture = snapshot(vec![volume("v", 3)]);
    weigh(&mut picture, "v", 10.0, 400, "/dev/sdb");
    list(&mut picture, 200.0);
    assert_eq!(readings(&picture), [0; 0], "too old to say anything");
    count(&mut picture, 205.0, 50);
    assert_eq!(baseline(&picture), None);
    weigh(&mut picture, "v", 207.0, 340, "/dev/sdb");
    assert_eq!(baseline(&picture), Some((390, false)));
}

#[test]
fn bricks_of_other_volumes_on_the_same_file_system_are_noticed() {
    let mut picture = snapshot(vec![volume("v", 3), volume("w", 3)]);
    weigh(&mut picture, "w", 5.0, 400, "/dev/sdb");
    list(&mut picture, 10.0);
    count(&mut picture, 11.0, 0);
    weigh(&mut picture, "v", 12.0, 400, "/dev/sdb");
    assert!(task(&picture).usage.is_shared(&brick("v", 2)));
    assert_eq!(baseline(&picture), None);
    weigh(&mut picture, "w", 20.0, 400, "/dev/sdc");
    weigh(&mut picture, "v", 27.0, 400, "/dev/sdb");
    assert!(!task(&picture).usage.is_shared(&brick("v", 2)));
}

#[test]
fn a_crawl_that_begins_again_begins_a_segment() {
    let mut picture = snapshot(vec![volume("v", 3)]);
    list(&mut picture, 10.0);
    count(&mut picture, 15.0, 50);
    count(&mut picture, 20.0, 60);
    assert_eq!(task(&picture).trail.restarted(), None);
    count(&mut picture, 25.0, 3);
    let trail = &task(&picture).trail;
    assert_eq!(trail.restarted(), Some(at(25.0).wall));
    assert_eq!(trail.samples().count(), 1);
}
