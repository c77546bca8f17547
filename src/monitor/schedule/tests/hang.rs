//! Questions that have no answer, or are refused everywhere.

use super::*;

/// The share of the time inside questions that hung.
fn share(simulation: &Simulation, from: f64, to: f64) -> f64 {
    let hung = |command: &Command| {
        let (name, topic) = Topic::of(command).unwrap();
        let fails = simulation.failures.contains_key(name);
        fails || topic == Topic::Progress && simulation.hangs.as_ref() == Some(name)
    };
    simulation.count(from, to, hung) as f64 * 120.0 / (to - from)
}

#[test]
fn one_question_that_hangs_for_good_keeps_no_other_from_its_answer() {
    let mut simulation = Simulation::of(3)
        .with_task("v0", TaskKind::Rebalance)
        .with_task("v1", TaskKind::Rebalance)
        .looking_at("v2", &["v0", "v1", "v2"]);
    simulation.hangs = Some("v0".into());
    simulation.run_until(21_600.0);
    let of = |name, topic| {
        simulation.count(3_600.0, 21_600.0, |command| {
            Topic::of(command) == Some((&VolumeName::from(name), topic))
        })
    };
    let counters = of("v1", Topic::Progress);
    assert!(counters > 2_500, "{counters} in five hours");
    assert!(of("v0", Topic::Detail) > 200, "its bricks are read");
    assert!(of("v2", Topic::Status) > 200, "the selected one is read");
    let share = share(&simulation, 3_600.0, 21_600.0);
    assert!(share < 0.09, "{share}");
}

#[test]
fn where_everything_hangs_the_time_between_two_tries_grows() {
    let mut simulation = Simulation::of(100).looking_at("v0", &["v0"]);
    simulation.run_until(600.0);
    simulation.fail_everywhere(FaultKind::Timeout);
    simulation.run_until(21_600.0);
    let share = share(&simulation, 3_600.0, 21_600.0);
    assert!(share < 0.16, "{share}");
    simulation.failures.clear();
    simulation.run_until(25_000.0);
    let read = simulation.asked_of("v0").filter(|&at| at > 23_100.0);
    assert!(read.count() > 10, "after 24 minutes at the latest");
}

#[test]
fn what_is_looked_at_again_and_again_does_not_hang_again_and_again() {
    let mut simulation = Simulation::of(1);
    simulation.run_until(100.0);
    simulation.failures.insert("v0".into(), FaultKind::Timeout);
    for second in (100..3_700).step_by(10) {
        simulation.schedule.want_volume(&"v0".into());
        simulation.run_until(f64::from(second));
    }
    let tries: Vec<_> = simulation.asked_of("v0").filter(|&at| at > 100.0).collect();
    let apart = tries.windows(2).map(|pair| pair[1] - pair[0]);
    assert!(apart.fold(f64::MAX, f64::min) >= 300.0, "{tries:?}");
    // A change of our own found the lock free.
    simulation.failures.clear();
    simulation.schedule.changed(&"v0".into());
    let before = simulation.asked.len();
    simulation.run_until(3_702.0);
    assert!(simulation.asked.len() > before);
}

#[test]
fn what_locks_refuse_everywhere_is_tried_in_turn() {
    let mut simulation = Simulation::of(100).looking_at("v0", &["v0"]);
    simulation.run_until(3_600.0);
    simulation.fail_everywhere(FaultKind::Busy);
    simulation.run_until(7_200.0);
    let asked = simulation.count(3_600.0, 7_200.0, any);
    assert!(asked <= 360, "{asked}: the budget holds");
    simulation.failures.clear();
    simulation.run_until(14_400.0);
    let fault = |state: &VolumeState| state.bricks.fault().is_some();
    assert!(!simulation.picture.volumes().iter().any(|v| fault(v)));
}

#[test]
fn a_task_out_of_view_is_followed_on_after_a_refusal() {
    let mut simulation = Simulation::of(100)
        .with_task("v70", TaskKind::Rebalance)
        .looking_at("v0", &["v0"]);
    // Whenever the next turn of all is.
    for begun in (3_600..5_600).step_by(97).map(f64::from) {
        simulation.run_until(begun);
        simulation.failures.insert("v70".into(), FaultKind::Busy);
        simulation.run_until(begun + 7.0);
        let refused = simulation.asked_of("v70").any(|at| at >= begun);
        assert!(refused, "{begun}");
        simulation.failures.clear();
        let (from, to) = (begun + 10.0, begun + 40.0);
        simulation.run_until(to);
        let followed = simulation.count(from, to, is_topic(Topic::Progress));
        assert!(followed >= 5, "{begun}: {followed}");
    }
}

#[test]
fn peers_that_come_and_go_excuse_no_question_from_its_rest_each_time() {
    let mut simulation = Simulation::of(100).looking_at("v0", &["v0"]);
    simulation.took = 0.5;
    simulation.run_until(3_600.0);
    let mut gone = peers(3);
    gone[1].connected = Some(false);
    for second in (3_600_u32..7_200).step_by(10) {
        let now = Duration::from_secs(second.into());
        simulation
            .schedule
            .hear_peers(&gone, &simulation.picture, now);
        simulation.run_until(f64::from(second));
    }
    let inside = simulation.count(3_600.0, 7_200.0, any) as f64 * 0.5;
    assert!(inside / 3_600.0 < 0.07, "{inside} s in an hour");
}
