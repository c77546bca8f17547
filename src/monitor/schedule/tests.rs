use std::collections::BTreeSet;

use super::*;
use crate::gluster::StatusView;
use crate::model::{Part, TaskKind, TaskState};
use crate::monitor::merge;
use crate::monitor::testing::{at, node, own_state, peers, progress, reading, volume};

mod budget;
mod hang;
mod simulation;

use simulation::Simulation;

fn any(_: &Command) -> bool {
    true
}

fn is_topic(topic: Topic) -> impl Fn(&Command) -> bool {
    move |command| Topic::of(command).is_some_and(|(_, found)| found == topic)
}

#[test]
fn the_start_reads_all_once_in_the_order_of_interest() {
    let mut simulation = Simulation::of(100).looking_at("v50", &["v60", "v61"]);
    simulation.run_until(60.0);
    let first: Vec<_> = simulation
        .asked
        .iter()
        .take(6)
        .map(|(_, command)| command.words()[2..].join(" "))
        .collect();
    assert_eq!(
        first,
        [
            "v50 detail",
            "v60 detail",
            "v61 detail",
            "v0 detail",
            "v1 detail",
            "v10 detail"
        ]
    );
    assert!(
        simulation
            .picture
            .volumes()
            .iter()
            .all(|v| v.space.get().is_some())
    );
    let bricks = |v: &VolumeState| v.bricks.get().is_some() && v.task.get().is_some();
    assert!(simulation.picture.volumes().iter().all(|v| bricks(v)));
    assert!(simulation.asked.len() < 110, "one question each does");
}

#[test]
fn a_running_task_is_followed_even_during_the_start_of_a_big_cluster() {
    let mut simulation = Simulation::of(1000).with_task("v0", TaskKind::Rebalance);
    simulation.run_until(60.0);
    let followed = simulation.count(0.0, 60.0, is_topic(Topic::Progress));
    assert!((11..=13).contains(&followed), "{followed}");
}

#[test]
fn many_tasks_share_the_lane_with_everything_else() {
    let mut simulation = Simulation::of(60);
    for n in 0..50 {
        simulation = simulation.with_task(&format!("v{n}"), TaskKind::Rebalance);
    }
    simulation.run_until(900.0);
    for n in 50..60 {
        let name = format!("v{n}");
        let is_read = simulation.asked_of(&name).any(|when| when > 300.0);
        assert!(is_read, "{name} is not forgotten");
    }
    let progress = simulation.count(300.0, 600.0, is_topic(Topic::Progress));
    assert!((250..=310).contains(&progress), "one a second: {progress}");
}

#[test]
fn a_busy_lock_is_tried_again_ever_more_slowly_and_others_go_on() {
    let mut simulation = Simulation::of(2).with_task("v1", TaskKind::Rebalance);
    simulation.failures.insert("v0".into(), FaultKind::Busy);
    simulation.run_until(600.0);
    let tries: Vec<_> = simulation.asked_of("v0").collect();
    let pauses: Vec<_> = tries.windows(2).map(|pair| pair[1] - pair[0]).collect();
    assert!((0.5..=2.5).contains(&pauses[0]), "{pauses:?}");
    assert!(pauses.iter().all(|&pause| pause < 66.0), "{pauses:?}");
    assert!(*pauses.last().unwrap() > 55.0, "{pauses:?}");
    assert!(simulation.count(0.0, 600.0, is_topic(Topic::Progress)) > 110);
    assert!(
        simulation
            .picture
            .volume(&"v0".into())
            .unwrap()
            .bricks
            .fault()
            .is_some()
    );
    simulation.failures.clear();
    simulation.schedule.want_all(&simulation.picture);
    simulation.run_until(601.0);
    assert!(
        simulation
            .picture
            .volume(&"v0".into())
            .unwrap()
            .bricks
            .fault()
            .is_none()
    );
}

#[test]
fn after_a_time_out_the_lock_counts_as_held_for_three_minutes() {
    let mut simulation = Simulation::of(2);
    simulation.failures.insert("v0".into(), FaultKind::Timeout);
    simulation.run_until(700.0);
    let tries: Vec<_> = simulation.asked_of("v0").collect();
    assert!(
        tries.windows(2).all(|pair| pair[1] - pair[0] >= 300.0),
        "{tries:?}"
    );
    assert!(
        simulation
            .asked_of("v1")
            .any(|when| (300.0..310.0).contains(&when))
    );
}

#[test]
fn nothing_is_asked_of_a_glusterd_that_is_down() {
    let mut simulation = Simulation::of(3);
    simulation
        .failures
        .insert("v0".into(), FaultKind::DaemonDown);
    simulation.run_until(100.0);
    assert_eq!(simulation.asked.len(), 1);
    simulation.failures.clear();
    simulation.schedule.set_unreachable(false);
    simulation.run_until(110.0);
    let first: BTreeSet<_> = (simulation.asked.iter().skip(1).take(3))
        .map(|(_, command)| command.locks())
        .collect();
    assert_eq!(first.len(), 3, "all at once");
}

#[test]
fn an_unreadable_status_still_leaves_the_task_list() {
    let mut simulation = Simulation::of(1);
    simulation.has_state = false;
    simulation.schedule.hear_state(None);
    simulation
        .failures
        .insert("v0".into(), FaultKind::BadOutput);
    simulation.run_until(60.0);
    let asked: Vec<_> = simulation
        .asked
        .iter()
        .map(|(_, c)| Topic::of(c).unwrap().1)
        .collect();
    assert!(asked.len() < 12, "{asked:?}");
    assert_eq!(asked[..2], [Topic::Status, Topic::Tasks]);
}

#[test]
fn a_task_begun_elsewhere_is_read_at_once() {
    let mut simulation = Simulation::of(100);
    simulation.run_until(1_000.0);
    simulation.tasks.insert("v70".into(), TaskKind::Rebalance);
    let own = own_state("v70", Some("t"), TaskState::InProgress);
    simulation.schedule.hear_state(Some(&own));
    simulation.run_until(1_001.5);
    let asked: Vec<_> = simulation
        .asked
        .iter()
        .filter(|(when, _)| *when >= 1_000.0)
        .map(|(_, c)| c.words()[1..].join(" "))
        .collect();
    assert_eq!(asked[0], "status v70 tasks");
    assert_eq!(asked[1], "rebalance v70 status");
    simulation.schedule.hear_state(Some(&own));
    simulation.run_until(1_010.0);
    assert_eq!(
        simulation.count(1_001.5, 1_010.0, is_topic(Topic::Tasks)),
        0,
        "it is known now"
    );
}

#[test]
fn a_task_that_no_list_shows_is_looked_for_ever_more_seldom() {
    let mut simulation = Simulation::of(3).looking_at("v0", &["v0"]);
    simulation.run_until(1_000.0);
    // Of a kind that is not known here.
    let own = own_state("v1", Some("t"), TaskState::InProgress);
    simulation.schedule.hear_state(Some(&own));
    simulation.run_until(1_020.0);
    let first = simulation.count(1_000.0, 1_020.0, is_topic(Topic::Tasks));
    assert!((3..=4).contains(&first), "{first}");
    simulation.run_until(4_600.0);
    let later = simulation.count(1_020.0, 4_600.0, is_topic(Topic::Tasks));
    assert!(later < 20, "{later} in an hour");
}

#[test]
fn a_task_begun_under_a_long_lock_is_read_soon_after_it() {
    let mut simulation = Simulation::of(1);
    simulation.run_until(100.0);
    simulation.failures.insert("v0".into(), FaultKind::Busy);
    let own = own_state("v0", Some("t"), TaskState::InProgress);
    simulation.schedule.hear_state(Some(&own));
    simulation.run_until(140.0);
    simulation.failures.clear();
    simulation.tasks.insert("v0".into(), TaskKind::Rebalance);
    simulation.run_until(144.0);
    assert!(simulation.picture.volumes()[0].task().is_some());
    simulation.run_until(150.0);
    let followed = simulation.count(140.0, 150.0, is_topic(Topic::Progress));
    assert!(followed >= 2, "{followed}: the lock is known to be free");
}

#[test]
fn without_own_state_the_task_lists_are_read_in_turn() {
    let mut simulation = Simulation::of(3);
    simulation.has_state = false;
    simulation.schedule.hear_state(None);
    simulation.run_until(660.0);
    let lists = simulation.count(60.0, 660.0, |c| {
        is_topic(Topic::Tasks)(c) || is_topic(Topic::Status)(c)
    });
    assert!((50..=70).contains(&lists), "each twice a minute: {lists}");
}

#[test]
fn the_end_of_a_task_is_read_once_more_and_then_seldom() {
    let mut simulation = Simulation::of(1).with_task("v0", TaskKind::Rebalance);
    simulation.run_until(100.0);
    let all = (1..=3)
        .map(|n| node(n, TaskState::Completed, 100))
        .collect();
    let reply = Reply::Progress(progress("t", all));
    let reading = reading(Command::RebalanceStatus("v0".into()), at(100.0), Ok(reply));
    merge::reading(&mut simulation.picture, &reading);
    simulation.schedule.answered(&reading, &simulation.picture);
    assert!(!simulation.picture.volumes()[0].task().unwrap().is_running());
    let next = simulation
        .schedule
        .next(&simulation.picture, reading.done.steady, &[]);
    assert_eq!(next, Next::Ask(Command::RebalanceStatus("v0".into())));
}

#[test]
fn what_a_task_left_is_read_when_it_was_stopped_elsewhere() {
    let mut simulation = Simulation::of(100).with_task("v70", TaskKind::Rebalance);
    simulation.run_until(3_000.0);
    simulation.tasks.clear();
    let own = own_state("v70", None, TaskState::NotStarted);
    let report = Reply::State(own.clone());
    let reading = reading(Command::State, at(3_000.0), Ok(report));
    merge::reading(&mut simulation.picture, &reading);
    assert!(
        simulation
            .picture
            .volume(&"v70".into())
            .unwrap()
            .task()
            .is_none()
    );
    simulation.schedule.hear_state(Some(&own));
    simulation.run_until(3_002.0);
    let sizes = simulation.count(3_000.0, 3_002.0, |command| {
        Topic::of(command) == Some((&"v70".into(), Topic::Detail))
    });
    assert_eq!(sizes, 1);
}

#[test]
fn peers_that_come_and_go_take_their_bricks_along() {
    let mut simulation = Simulation::of(100);
    simulation.run_until(1_000.0);
    let mut gone = peers(3);
    gone[1].connected = Some(false);
    let now = Duration::from_secs(1_000);
    simulation
        .schedule
        .hear_peers(&gone, &simulation.picture, now);
    simulation.run_until(1_060.0);
    let asked = (simulation.asked.iter()).filter(|(when, _)| *when >= 1_000.0);
    let volumes: BTreeSet<_> = asked.map(|(_, command)| command.locks()).collect();
    assert_eq!(volumes.len(), 100);
}

#[test]
fn jobs_keep_the_reader_off_their_volumes_and_are_read_after() {
    let mut simulation = Simulation::of(2).looking_at("v0", &["v0", "v1"]);
    simulation.reserved.push("v0".into());
    simulation.run_until(100.0);
    assert_eq!(simulation.asked_of("v0").count(), 0);
    simulation.reserved.clear();
    simulation.run_until(200.0);
    simulation.schedule.want_volume(&"v1".into());
    simulation.run_until(200.3);
    let later = simulation.asked.iter().find(|(when, _)| *when >= 200.0);
    let (_, first) = later.unwrap();
    assert_eq!(
        first.locks(),
        Some(&"v1".into()),
        "ahead of the selected one"
    );
    let plain = Command::VolumeStatus {
        volume: "v1".into(),
        view: StatusView::Plain,
    };
    assert_eq!(simulation.count(200.0, 200.1, |c| *c == plain), 1);
}
