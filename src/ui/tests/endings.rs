//! How tasks end: choices, the last word of an auto commit, leaving.

use std::time::Duration;

use insta::assert_snapshot;

use super::dialogs::{confirm, ended, open};
use crate::app::Model;
use crate::app::auto::AutoState;
use crate::app::dialog::{
    AutoCommit, Emergency, Finish, FinishChoice, Kind, Leave, Remove, SetThrottle,
};
use crate::app::handover::HandOver;
use crate::gluster::{Command, Failure, RemoveStep};
use crate::insight::plan::Plan;
use crate::job::{JobEvent, JobId, JobResult};
use crate::model::{FaultKind, Part, TaskId, TaskState, Throttle};
use crate::ui::testing::{ago, alter, alter_task, ascii, model};
use crate::ui::text;

/// The remove-brick of `media` is over, with so many failures on gl-03.
fn over(failures: u64) -> Model {
    let mut model = model();
    alter_task(&mut model, "media", |task| {
        task.listed = TaskState::Completed;
        for node in &mut task.nodes {
            node.state = TaskState::Completed;
            node.counters.failures = Some(0);
        }
        task.nodes[2].counters.failures = Some(failures);
    });
    model
}

fn finish(model: &mut Model, choice: FinishChoice) {
    let volume = "media".into();
    open(model, Kind::Finish(Finish { volume, choice }));
}

fn task(model: &Model) -> TaskId {
    let media = model.snapshot.volume(&"media".into()).unwrap();
    media.task().unwrap().id.clone().unwrap()
}

/// Its auto commit stands like this.
fn auto(model: &mut Model, state: AutoState) {
    let id = task(model);
    let now = model.now;
    model.auto.arm("media".into(), vec![], JobId(9), now);
    model.auto.begun(JobId(9), Some(&id));
    model.auto.set(&"media".into(), state);
}

fn counting(model: &mut Model, seconds: u64) {
    let media = model.snapshot.volume(&"media".into()).unwrap();
    let command = Command::RemoveBrick {
        volume: "media".into(),
        bricks: media.task().unwrap().bricks.clone(),
        replica: None,
        step: RemoveStep::Commit,
    };
    let order = model.session.launcher.order(command);
    let left = Duration::from_secs(seconds);
    auto(model, AutoState::Counting { order, left });
}

fn done() -> JobEvent {
    ended(JobResult::Done {
        task: None,
        text: String::new(),
        progress: None,
    })
}

#[test]
fn a_drain_with_failures_names_them_and_what_each_choice_costs() {
    let mut model = over(12);
    for (choice, name) in [
        (FinishChoice::Commit, "failures_commit"),
        (FinishChoice::Retry, "failures_retry"),
        (FinishChoice::Force, "failures_force"),
    ] {
        finish(&mut model, choice);
        assert_snapshot!(name, text(&model, &ascii(), 80, 24));
    }
    assert_snapshot!("failures_force_40x10", text(&model, &ascii(), 40, 10));
    finish(&mut model, FinishChoice::Later);
    assert_snapshot!("failures_120x40", text(&model, &ascii(), 120, 40));
}

#[test]
fn a_retry_shows_both_lines() {
    let mut model = over(12);
    finish(&mut model, FinishChoice::Retry);
    let offer = model.dialog.as_ref().unwrap().offer.clone();
    let [stop, start] = &offer.orders[..] else {
        panic!("two orders")
    };
    let (stop, start) = (stop.clone(), start.clone());
    let patience = Duration::from_secs(180);
    let job = model.jobs.begin(stop, Plan::default(), patience, ago(9));
    model.jobs.then(job.id, start, Plan::default(), patience);
    model.dialog.as_mut().unwrap().jobs.push(job.id);
    assert_snapshot!("retry_stopping", text(&model, &ascii(), 80, 24));
    let mut failed = model.clone();
    let failure = JobResult::Failed(Failure::new(FaultKind::Refused, "no"));
    failed.jobs.note(job.id, ended(failure), ago(4));
    let _ = failed.jobs.follow(job.id, ago(4));
    assert_snapshot!("retry_not_stopped", text(&failed, &ascii(), 80, 24));
    model.jobs.note(job.id, done(), ago(4));
    let next = model.jobs.follow(job.id, ago(4)).unwrap().unwrap();
    model.dialog.as_mut().unwrap().jobs.push(next.id);
    let still = JobEvent::Busy {
        attempt: 1,
        message: "Rebalance is in progress. Please retry after completion".into(),
    };
    model.jobs.note(next.id, still, ago(2));
    assert_snapshot!("retry_starting", text(&model, &ascii(), 80, 24));
}

#[test]
fn the_last_word_of_an_auto_commit() {
    let mut model = over(0);
    counting(&mut model, 28);
    let kind = AutoCommit {
        volume: "media".into(),
        task: task(&model),
    };
    open(&mut model, Kind::AutoCommit(kind));
    for (width, height) in [(80, 24), (40, 10)] {
        let name = format!("auto_commit_{width}x{height}");
        assert_snapshot!(name, text(&model, &ascii(), width, height));
    }
    confirm(&mut model, &[done()]);
    assert_snapshot!("auto_commit_done", text(&model, &ascii(), 80, 24));
}

#[test]
fn a_countdown_is_seen_beside_another_dialog_and_without_one() {
    let mut model = over(0);
    counting(&mut model, 5);
    let screen = text(&model, &ascii(), 80, 24);
    let line = screen.lines().nth(1).unwrap();
    assert_eq!(line.trim(), "@ auto commit of media in 0:05");
    let throttle = SetThrottle {
        volume: "scratch".into(),
        level: Throttle::Lazy,
    };
    open(&mut model, Kind::Throttle(throttle));
    assert_snapshot!(text(&model, &ascii(), 80, 24));
    let small = text(&model, &ascii(), 40, 10);
    assert!(small.contains("auto commit of media in 0:05"), "{small}");
}

#[test]
fn the_status_view_says_how_the_auto_commit_stands() {
    let mut model = over(0);
    for (state, words) in [
        (AutoState::Held, "AUTO COMMIT held: you decide."),
        (
            AutoState::Disarmed("gl-03 gives no answer".into()),
            "AUTO COMMIT disarmed: gl-03 gives no answer.",
        ),
        (
            AutoState::Armed("still migrating".into()),
            "AUTO COMMIT on (still migrating).",
        ),
    ] {
        auto(&mut model, state);
        model.views = vec![crate::app::View::TaskStatus {
            volume: "media".into(),
            scroll: 0,
        }];
        let screen = text(&model, &ascii(), 80, 24);
        assert!(screen.contains(words), "{words}:\n{screen}");
    }
}

#[test]
fn remove_bricks_with_auto_commit() {
    let mut model = model();
    alter(&mut model, "media", |state| {
        state.task = Part::fresh(None, ago(3));
    });
    let media = model.snapshot.volume(&"media".into()).unwrap();
    let set = media.volume.bricks[6..].iter().map(|b| b.name.clone());
    let mut remove = Remove::new("media".into(), set.collect());
    remove.auto = true;
    open(&mut model, Kind::Remove(remove));
    assert_snapshot!(text(&model, &ascii(), 80, 24));
}

#[test]
fn leaving_with_an_armed_auto_commit() {
    let mut model = model();
    auto(&mut model, AutoState::Armed("still migrating".into()));
    let glustop = ["/usr/bin/glustop".to_owned()];
    let mut leave = Leave {
        offers: vec![HandOver::of(&glustop, &"media".into(), &task(&model))],
        refusal: None,
        is_trying: false,
        failed: None,
    };
    open(&mut model, Kind::Leave(leave.clone()));
    for (width, height) in [(80, 24), (40, 10)] {
        let name = format!("leave_{width}x{height}");
        assert_snapshot!(name, text(&model, &ascii(), width, height));
    }
    leave.failed = Some("media: systemd-run cannot be started: No such file".into());
    open(&mut model, Kind::Leave(leave));
    assert_snapshot!("leave_failed", text(&model, &ascii(), 80, 24));
}

#[test]
fn an_emergency_stop_beside_one_that_keeps_trying() {
    let mut model = model();
    let emergency = Emergency::new(&model.snapshot);
    open(&mut model, Kind::Emergency(emergency));
    let busy = |attempt| JobEvent::Busy {
        attempt,
        message: "Another transaction is in progress for media.".into(),
    };
    confirm(&mut model, &[busy(1), busy(2)]);
    let id = model.dialog.as_ref().unwrap().jobs[0];
    let under_way = [("media".into(), id)].into();
    let emergency = Emergency::new(&model.snapshot).beside(&model.snapshot, under_way);
    open(&mut model, Kind::Emergency(emergency));
    assert_snapshot!(text(&model, &ascii(), 80, 24));
}
