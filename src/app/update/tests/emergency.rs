//! The emergency stop beside what is about to start.

use super::*;
use crate::job::JobId;

fn done(second: u64) -> JobEvent {
    JobEvent::Ended(Outcome {
        at: at(second),
        took: Duration::ZERO,
        exit: Some(0),
        result: JobResult::Done {
            task: None,
            text: String::new(),
            progress: None,
        },
    })
}

fn ids(effects: &[Effect]) -> Vec<JobId> {
    let ids = effects.iter().filter_map(|effect| match effect {
        Effect::Run(job) => Some(job.id),
        _ => None,
    });
    ids.collect()
}

/// Confirms a rebalance of three idle volumes beside one that runs.
fn three_starts() -> (Model, Vec<JobId>) {
    let idle = ["a", "b", "c"].map(|name| volume(name, distribute(), 2));
    let mut all = idle.to_vec();
    all.push(running(TaskKind::RemoveBrick, &[1]));
    let mut model = model(all);
    press(&mut model, 1, "g Down Space Space Space R");
    let started = ids(&press(&mut model, 9, "y"));
    assert_eq!(started.len(), 3);
    let running = JobEvent::Running { attempt: 1 };
    update(&mut model, at(10), Msg::Job(started[0], running));
    (model, started)
}

#[test]
fn an_emergency_stop_gives_up_what_has_not_started_yet() {
    let (mut model, started) = three_starts();
    press(&mut model, 11, "!");
    let effects = press(&mut model, 13, "y");
    let given_up: Vec<_> = started.iter().map(|id| Effect::GiveUp(*id)).collect();
    assert_eq!(effects[..3], given_up, "before the stop");
    assert_eq!(jobs(&effects).len(), 1);
    let starts = model.jobs.starts();
    assert_eq!(starts.to_come, 0);
    assert_eq!(starts.inside.len(), 1, "that one cannot be taken back");
    let Kind::Emergency(dialog) = &model.dialog.as_ref().unwrap().kind else {
        panic!("{:?}", model.dialog)
    };
    assert_eq!(dialog.given_up, 2);
}

#[test]
fn starts_can_be_given_up_where_nothing_runs_yet() {
    let idle = ["a", "b"].map(|name| volume(name, distribute(), 2));
    let mut model = model(idle.to_vec());
    press(&mut model, 1, "Space Space R");
    let started = ids(&press(&mut model, 9, "y"));
    press(&mut model, 11, "!");
    let given_up: Vec<_> = started.iter().map(|id| Effect::GiveUp(*id)).collect();
    assert_eq!(press(&mut model, 13, "y"), given_up);
    assert_eq!(press(&mut model, 14, "y"), [], "once");
}

#[test]
fn a_start_that_waits_for_its_stop_is_dropped() {
    let mut model = model(vec![running(TaskKind::RemoveBrick, &[1])]);
    press(&mut model, 1, "S");
    let stop = ids(&press(&mut model, 2, "y"))[0];
    let order = model
        .session
        .launcher
        .order(crate::gluster::Command::RemoveBrick {
            volume: "v".into(),
            bricks: vec!["gl-02:/bricks/v".into()],
            replica: None,
            step: crate::gluster::RemoveStep::Start,
        });
    let patience = Duration::from_secs(180);
    model
        .jobs
        .then(stop, order, crate::insight::plan::Plan::default(), patience);
    press(&mut model, 3, "Esc");
    press(&mut model, 4, "!");
    assert!(!model.jobs.is_followed(stop), "its stop is watched");
    let effects = update(&mut model, at(6), Msg::Job(stop, done(6)));
    assert_eq!(jobs(&effects), [""; 0]);
    let told = &model.journal.events();
    assert!(
        told.iter()
            .any(|event| event.text.contains("given up by the emergency stop")),
        "{told:?}"
    );
}

#[test]
fn a_task_that_began_meanwhile_can_be_stopped_from_the_same_dialog() {
    let (mut model, started) = three_starts();
    press(&mut model, 11, "! y");
    let first = model.jobs.get(started[0]).unwrap();
    let name = first.order.command().locks().unwrap().to_string();
    let mut all = ["a", "b", "c"].map(|name| volume(name, distribute(), 2));
    for state in all.iter_mut().filter(|s| s.volume.name.as_str() == name) {
        let nodes = vec![node(1, TaskState::InProgress)];
        set_task(state, TaskKind::Rebalance, &[], nodes);
    }
    let mut all = all.to_vec();
    all.push(running(TaskKind::RemoveBrick, &[1]));
    update(&mut model, at(14), Msg::Snapshot(Arc::new(cluster(all))));
    press(&mut model, 15, "!");
    assert!(model.dialog.as_ref().unwrap().is_asking());
    let stops = jobs(&press(&mut model, 17, "a y"));
    assert_eq!(stops.len(), 1);
    assert!(
        stops[0].ends_with(&format!("rebalance {name} stop")),
        "{stops:?}"
    );
}
