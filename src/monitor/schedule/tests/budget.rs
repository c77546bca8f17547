//! What is asked while nothing happens, and how what happens changes it.

use super::*;

/// Questions a minute over half an hour in which nothing happens, some time after the start.
fn a_minute(simulation: &mut Simulation) -> f64 {
    simulation.run_until(3_600.0);
    simulation.count(1_800.0, 3_600.0, any) as f64 / 30.0
}

#[test]
fn without_a_task_no_more_is_asked_than_the_budget_allows() {
    let some = ["v0", "v1", "v2"];
    for (volumes, at_least) in [(1, 5.0), (3, 5.0), (30, 5.0), (100, 5.0), (1_000, 5.0)] {
        let mut simulation = Simulation::of(volumes).looking_at("v0", &some);
        let found = a_minute(&mut simulation);
        println!("{volumes} volumes, one selected: {found:.2} locking questions a minute");
        assert!((at_least..=6.0).contains(&found), "{volumes}: {found}");
        let mut simulation = Simulation::of(volumes);
        let found = a_minute(&mut simulation);
        println!("{volumes} volumes, none selected: {found:.2} locking questions a minute");
        assert!(found <= 6.0, "{volumes}: {found}");
    }
}

#[test]
fn a_task_costs_a_question_an_interval_besides() {
    for (kind, at_most) in [(TaskKind::Rebalance, 20.0), (TaskKind::RemoveBrick, 24.0)] {
        let mut simulation = Simulation::of(100)
            .with_task("v0", kind)
            .looking_at("v0", &["v0"]);
        let found = a_minute(&mut simulation);
        println!("{kind:?}: {found:.1} locking questions a minute");
        assert!((12.0..at_most).contains(&found), "{kind:?}: {found}");
    }
}

#[test]
fn a_hundred_volumes_are_read_within_twenty_minutes() {
    let mut simulation = Simulation::of(100).looking_at("v0", &["v0", "v1"]);
    simulation.run_until(10_000.0);
    for n in 0..100 {
        let times: Vec<_> = simulation.asked_of(&format!("v{n}")).collect();
        let longest = times.windows(2).map(|pair| pair[1] - pair[0]);
        let longest = longest.fold(10_000.0 - times.last().unwrap(), f64::max);
        assert!(longest <= 1_200.0, "v{n}: {longest} s");
    }
    let sizes = simulation.count(0.0, 10_000.0, is_topic(Topic::Detail));
    let bricks = simulation.count(0.0, 10_000.0, is_topic(Topic::Status));
    println!("{sizes} questions for sizes, {bricks} for bricks alone");
    assert!(sizes < 100 + bricks / 4, "{sizes} of {bricks}");
}

#[test]
fn with_few_volumes_the_selected_one_has_most_of_the_budget() {
    let mut simulation = Simulation::of(3).looking_at("v1", &["v0", "v1", "v2"]);
    simulation.run_until(1_000.0);
    let times: Vec<_> = simulation.asked_of("v1").filter(|&at| at > 60.0).collect();
    let apart = times.windows(2).map(|pair| pair[1] - pair[0]);
    assert!(apart.fold(0.0, f64::max) < 15.0, "{times:?}");
}

#[test]
fn a_volume_in_an_alarm_is_read_more_often_than_its_turn() {
    let mut simulation = Simulation::of(100).looking_at("v0", &["v0"]);
    simulation.down.insert("v70".into());
    simulation.run_until(10_000.0);
    let often = simulation.asked_of("v70").count();
    let seldom = simulation.asked_of("v71").count();
    assert!(often > 3 * seldom, "{often}, {seldom}");
    let all = simulation.count(4_000.0, 10_000.0, any);
    assert!(all <= 600, "{all}: the budget holds");
}

#[test]
fn a_volume_in_an_alarm_is_read_while_a_task_runs_elsewhere() {
    for (volumes, kind) in [(3, TaskKind::RemoveBrick), (100, TaskKind::Rebalance)] {
        let mut simulation = Simulation::of(volumes)
            .with_task("v1", kind)
            .looking_at("v0", &["v0"]);
        simulation.down.insert("v2".into());
        simulation.run_until(7_200.0);
        let often = simulation.asked_of("v2").filter(|&at| at > 3_600.0).count();
        assert!(often > 15, "{volumes} volumes: {often} in an hour");
    }
}

#[test]
fn what_comes_into_view_is_read_once() {
    let mut simulation = Simulation::of(100).looking_at("v0", &["v0"]);
    simulation.run_until(600.0);
    simulation.look_at("v50", &["v49", "v50", "v51"]);
    simulation.run_until(603.0);
    let asked: Vec<_> = (simulation.asked.iter())
        .filter(|(when, _)| *when >= 600.0)
        .map(|(_, command)| command.locks().unwrap().as_str().to_owned())
        .collect();
    assert_eq!(asked[..3], ["v50", "v49", "v51"]);
    for n in 0..30 {
        // Somebody holds the key down.
        simulation.look_at(&format!("v{n}"), &[]);
        simulation.run_until(603.0 + f64::from(n) / 30.0);
    }
    simulation.run_until(610.0);
    let passed = simulation.count(603.0, 610.0, any);
    assert!(
        passed < 8,
        "{passed}: what is out of view again is not asked for"
    );
}

#[test]
fn the_time_inside_questions_stays_a_small_share() {
    for took in [0.02, 0.5, 4.0] {
        let mut simulation = Simulation::of(100)
            .with_task("v1", TaskKind::RemoveBrick)
            .looking_at("v0", &["v0", "v1", "v2"]);
        simulation.took = took;
        simulation.run_until(7_200.0);
        let share = simulation.asked.len() as f64 * took / 7_200.0;
        println!("answers of {took} s: {:.1} % inside them", share * 100.0);
        assert!(share <= 0.051, "{took} s: {share}");
    }
}

#[test]
fn busy_locks_hold_everything_back_for_a_while() {
    let mut simulation = Simulation::of(30).looking_at("v0", &["v0"]);
    simulation.run_until(3_600.0);
    simulation.failures.insert("v0".into(), FaultKind::Busy);
    simulation.run_until(3_660.0);
    assert!(simulation.schedule.held_back() > 1);
    simulation.failures.clear();
    simulation.run_until(4_800.0);
    assert_eq!(simulation.schedule.held_back(), 1);
}

#[test]
fn a_hint_is_followed_soon_but_not_each_time() {
    for (visible, expected) in [("v70", 5..=7), ("v0", 1..=2)] {
        let mut simulation = Simulation::of(100).looking_at("v0", &[visible]);
        simulation.run_until(600.0);
        for second in 0..60 {
            simulation.schedule.hint(&"v70".into());
            simulation.run_until(601.0 + f64::from(second));
        }
        let asked: Vec<_> = simulation
            .asked_of("v70")
            .filter(|&at| at >= 600.0)
            .collect();
        assert!(asked[0] < 601.0, "{asked:?}");
        assert!(expected.contains(&asked.len()), "{asked:?}");
    }
}

#[test]
fn turns_go_on_after_a_time_in_which_nobody_took_any() {
    let mut simulation = Simulation::of(3).looking_at("v0", &["v0"]);
    simulation.over.insert("v0".into());
    simulation.run_until(60.0);
    // A node goes down: every volume is in an alarm, and none takes a turn.
    for name in ["v0", "v1", "v2"] {
        simulation.down.insert(name.into());
    }
    simulation.run_until(3_600.0);
    simulation.down.clear();
    simulation.run_until(7_200.0);
    let asked: Vec<_> = simulation
        .asked_of("v1")
        .filter(|&at| at > 4_000.0)
        .collect();
    assert!(asked.len() > 10, "{asked:?}");
}

#[test]
fn in_an_outage_the_selected_volume_is_still_read_often() {
    let mut simulation = Simulation::of(100).looking_at("v0", &["v0"]);
    for n in 0..100 {
        simulation.down.insert(format!("v{n}").as_str().into());
    }
    simulation.run_until(14_400.0);
    let often = simulation.asked_of("v0").filter(|&at| at > 3_600.0).count();
    assert!(often > 360, "{often} in three hours");
    let all = simulation.count(3_600.0, 14_400.0, any);
    assert!(all <= 1_080, "{all}: the budget holds");
}

#[test]
fn a_volume_that_was_stopped_and_started_is_read_with_its_sizes() {
    let mut simulation = Simulation::of(100).looking_at("v0", &["v0"]);
    simulation.run_until(1_000.0);
    merge::update(&mut simulation.picture, &"v50".into(), |state| {
        state.bricks = Part::default();
        state.space = Part::default();
    });
    simulation.schedule.hear_definitions(&simulation.picture);
    simulation.run_until(1_065.0);
    let state = simulation.picture.volume(&"v50".into()).unwrap();
    assert!(state.space.get().is_some());
    assert!(state.bricks.get().is_some());
}

#[test]
fn the_definitions_of_the_second_round_ask_for_nothing_twice() {
    let mut simulation = Simulation::of(100);
    simulation.run_until(1.0);
    simulation.schedule.hear_definitions(&simulation.picture);
    simulation.run_until(60.0);
    let asked = simulation.asked.len();
    assert!(asked < 110, "{asked}: one question each does");
}

#[test]
fn new_bricks_and_a_volume_that_was_started_are_read_at_once() {
    let mut simulation = Simulation::of(100).looking_at("v0", &["v0"]);
    simulation.run_until(1_000.0);
    simulation.schedule.hear_definitions(&simulation.picture);
    simulation.run_until(1_005.0);
    assert!(
        simulation.count(1_000.0, 1_005.0, any) <= 2,
        "nothing is new"
    );
    let redefine = |picture: &mut Snapshot, name: &str, change: fn(&mut VolumeState)| {
        merge::update(picture, &name.into(), change);
    };
    redefine(&mut simulation.picture, "v50", |state| {
        state.volume = volume("v50", 6).into();
    });
    redefine(&mut simulation.picture, "v60", |state| {
        state.bricks = Part::default();
    });
    simulation.schedule.hear_definitions(&simulation.picture);
    simulation.run_until(1_010.0);
    for name in ["v50", "v60"] {
        let read = simulation.asked_of(name).filter(|at| *at > 1_004.0);
        assert_eq!(read.count(), 1, "{name}");
    }
}

#[test]
fn a_lock_that_is_held_for_long_is_tried_seldom_even_when_it_is_urgent() {
    let mut simulation = Simulation::of(2);
    simulation.run_until(100.0);
    simulation.failures.insert("v0".into(), FaultKind::Busy);
    simulation.schedule.want_volume(&"v0".into());
    simulation.run_until(700.0);
    let tries = simulation.asked_of("v0").filter(|at| *at > 100.0).count();
    assert!((8..40).contains(&tries), "{tries}");
}

#[test]
fn whoever_asks_for_all_does_not_wait_for_what_a_hung_question_took() {
    let mut simulation = Simulation::of(2).looking_at("v1", &["v1"]);
    simulation.failures.insert("v0".into(), FaultKind::Timeout);
    simulation.failures.insert("v1".into(), FaultKind::Timeout);
    simulation.run_until(125.0);
    simulation.failures.clear();
    let before = simulation.asked.len();
    simulation.run_until(140.0);
    assert_eq!(simulation.asked.len(), before, "it rests");
    simulation.schedule.want_all(&simulation.picture);
    simulation.run_until(142.0);
    assert!(simulation.asked.len() > before);
}

#[test]
fn a_task_is_followed_at_once_though_all_was_wanted_long_ago() {
    let mut simulation = Simulation::of(3);
    simulation.run_until(60.0);
    simulation.schedule.want_all(&simulation.picture);
    simulation.run_until(600.0);
    simulation.tasks.insert("v1".into(), TaskKind::Rebalance);
    let own = own_state("v1", Some("t"), TaskState::InProgress);
    simulation.schedule.hear_state(Some(&own));
    simulation.run_until(620.0);
    let followed = simulation.count(600.0, 620.0, is_topic(Topic::Progress));
    assert!((4..=5).contains(&followed), "{followed}");
}
