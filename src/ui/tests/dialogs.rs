//! Every dialog, asking and afterwards.

use std::collections::BTreeSet;
use std::sync::Arc;
use std::time::Duration;

use insta::assert_snapshot;

use crate::app::dialog::{
    Context, Emergency, Finish, FinishChoice, Focus, Kind, Rebalance, Remove, SetThrottle, Stop,
};
use crate::app::field;
use crate::app::{Dialog, Model};
use crate::gluster::{Failure, NodeReport, ProgressReport};
use crate::insight::plan::Plan;
use crate::job::{JobEvent, JobResult, Outcome};
use crate::model::{BrickName, EndedTask, Ending, FaultKind, Part, Task, TaskState, Throttle};
use crate::ui::testing::{ago, alter, alter_task, ascii, model, tib, utf8};
use crate::ui::text;

pub(super) fn open(model: &mut Model, kind: Kind) {
    let context = Context {
        snapshot: &model.snapshot,
        launcher: &model.session.launcher,
        permit: model.session.permit,
    };
    model.dialog = Some(Dialog::open(kind, context, ago(10)));
}

fn without_task(volume: &str) -> Model {
    let mut model = model();
    alter(&mut model, volume, |state| {
        state.task = Part::fresh(None, ago(3));
    });
    model
}

fn third_set(model: &Model) -> BTreeSet<BrickName> {
    let media = model.snapshot.volume(&"media".into()).unwrap();
    let leaving = &media.volume.bricks[6..];
    leaving.iter().map(|brick| brick.name.clone()).collect()
}

fn small_and_large(name: &str, model: &Model) {
    for (width, height) in [(80, 24), (120, 40), (40, 10)] {
        let name = format!("{name}_{width}x{height}");
        assert_snapshot!(name, text(model, &ascii(), width, height));
    }
}

/// Confirms the dialog's orders as the key `y` would, and lets events happen.
pub(super) fn confirm(model: &mut Model, events: &[JobEvent]) {
    let orders = model.dialog.as_ref().unwrap().offer.orders.clone();
    for order in orders {
        let job = model
            .jobs
            .begin(order, Plan::default(), Duration::from_secs(180), ago(9));
        model.dialog.as_mut().unwrap().jobs.push(job.id);
        for event in events {
            model.jobs.note(job.id, event.clone(), ago(7));
        }
    }
}

pub(super) fn ended(result: JobResult) -> JobEvent {
    JobEvent::Ended(Outcome {
        at: ago(4),
        took: Duration::from_secs(1),
        exit: Some(0),
        result,
    })
}

fn busy(attempt: u32) -> JobEvent {
    JobEvent::Busy {
        attempt,
        message: "Another transaction is in progress for media. Please try again after some time."
            .into(),
    }
}

#[test]
fn remove_bricks() {
    let mut model = without_task("media");
    let set = third_set(&model);
    open(&mut model, Kind::Remove(Remove::new("media".into(), set)));
    small_and_large("remove", &model);
}

#[test]
fn remove_bricks_without_migration_wants_the_name() {
    let mut model = without_task("media");
    let mut remove = Remove::new("media".into(), third_set(&model));
    remove.migrate = false;
    open(&mut model, Kind::Remove(remove));
    let dialog = model.dialog.as_mut().unwrap();
    dialog.focus = Focus::Field;
    field::paste(&mut dialog.typed, "med");
    small_and_large("remove_force", &model);
}

#[test]
fn remove_bricks_that_may_not_leave_together() {
    let mut model = without_task("media");
    let two = ["gl-01:/bricks/m2/media", "gl-04:/bricks/m1/media"];
    let two = two.map(BrickName::from).into_iter().collect();
    open(&mut model, Kind::Remove(Remove::new("media".into(), two)));
    assert_snapshot!(text(&model, &ascii(), 80, 24));
}

#[test]
fn remove_one_copy_of_every_set() {
    let mut model = model();
    let one = [BrickName::from("gl-06:/bricks/h0/home")];
    let one = one.into_iter().collect();
    open(&mut model, Kind::Remove(Remove::new("home".into(), one)));
    assert_snapshot!(text(&model, &ascii(), 80, 24));
}

#[test]
fn rebalance_one_volume_or_several() {
    let mut model = without_task("scratch");
    open(
        &mut model,
        Kind::Rebalance(Rebalance::new(["scratch".into()])),
    );
    small_and_large("rebalance", &model);
    let many = ["scratch", "media", "home"].map(Into::into);
    open(&mut model, Kind::Rebalance(Rebalance::new(many)));
    assert_snapshot!("rebalance_many", text(&model, &ascii(), 80, 24));
}

#[test]
fn stop() {
    let mut model = model();
    let volume = "media".into();
    open(&mut model, Kind::Stop(Stop { volume }));
    small_and_large("stop", &model);
    assert_snapshot!("stop_utf8", text(&model, &utf8(), 80, 24));
}

#[test]
fn throttle() {
    let mut model = model();
    let kind = SetThrottle {
        volume: "media".into(),
        level: Throttle::Normal,
    };
    open(&mut model, Kind::Throttle(kind));
    small_and_large("throttle", &model);
}

#[test]
fn finish_a_completed_remove_brick() {
    let mut model = model();
    alter_task(&mut model, "media", |task| {
        for node in &mut task.nodes {
            node.state = TaskState::Completed;
            node.counters.failures = Some(0);
        }
    });
    let mut finish = Finish::new("media".into(), &model.snapshot);
    open(&mut model, Kind::Finish(finish.clone()));
    assert_snapshot!("finish_80x24", text(&model, &ascii(), 80, 24));
    finish.choice = FinishChoice::Commit;
    open(&mut model, Kind::Finish(finish));
    model.dialog.as_mut().unwrap().focus = Focus::Field;
    small_and_large("finish_commit", &model);
}

#[test]
fn finish_a_failed_remove_brick() {
    let mut model = model();
    alter_task(&mut model, "media", |task| {
        for node in &mut task.nodes {
            node.state = TaskState::Completed;
        }
        task.nodes[2].state = TaskState::Failed;
        task.nodes[2].counters.bytes = Some(tib(0.98));
    });
    let mut finish = Finish::new("media".into(), &model.snapshot);
    finish.choice = FinishChoice::Retain;
    open(&mut model, Kind::Finish(finish));
    assert_snapshot!(text(&model, &ascii(), 80, 24));
}

#[test]
fn an_offer_that_changed_says_so() {
    let mut model = without_task("media");
    let set = third_set(&model);
    open(&mut model, Kind::Remove(Remove::new("media".into(), set)));
    alter(&mut model, "media", |state| {
        let bricks = state.bricks.get().unwrap().clone().into_iter();
        let bricks = bricks.map(|(name, mut brick)| {
            if name.as_str() == "gl-01:/bricks/m2/media" {
                brick.online = Some(false);
            }
            (name, brick)
        });
        state.bricks = Part::fresh(bricks.collect(), ago(1));
    });
    let context = Context {
        snapshot: &model.snapshot.clone(),
        launcher: &model.session.launcher.clone(),
        permit: model.session.permit,
    };
    let dialog = model.dialog.as_mut().unwrap();
    dialog.refresh(context, ago(1));
    assert_snapshot!(text(&model, &ascii(), 80, 24));
}

#[test]
fn a_failure_is_told_in_full() {
    let mut model = without_task("scratch");
    open(
        &mut model,
        Kind::Rebalance(Rebalance::new(["scratch".into()])),
    );
    let failure = Failure::new(
        FaultKind::Refused,
        "volume rebalance: scratch: failed: Volume scratch is not a distribute volume or contains only 1 brick.\nNot performing rebalance",
    );
    confirm(&mut model, &[ended(JobResult::Failed(failure))]);
    assert_snapshot!(text(&model, &ascii(), 80, 24));
}

#[test]
fn emergency_stop_from_the_question_to_the_proof() {
    let mut model = model();
    let emergency = Emergency::new(&model.snapshot);
    open(&mut model, Kind::Emergency(emergency));
    small_and_large("emergency", &model);

    confirm(
        &mut model,
        &[busy(1), busy(2), JobEvent::Running { attempt: 3 }],
    );
    assert_snapshot!("emergency_running", text(&model, &ascii(), 80, 24));

    let mut over = model.clone();
    let id = over.dialog.as_ref().unwrap().jobs[0];
    let done = JobResult::Done {
        task: None,
        text: String::new(),
        progress: None,
    };
    over.jobs.note(id, ended(done), ago(4));
    assert_snapshot!("emergency_accepted", text(&over, &ascii(), 80, 24));
    alter_task(&mut over, "media", |task| {
        for node in &mut task.nodes {
            node.state = TaskState::Stopped;
        }
    });
    assert_snapshot!("emergency_done", text(&over, &ascii(), 80, 24));

    let failure = Failure::new(FaultKind::Busy, "Another transaction is in progress");
    model
        .jobs
        .note(id, ended(JobResult::Failed(failure)), ago(4));
    assert_snapshot!("emergency_not_confirmed", text(&model, &ascii(), 80, 24));
}

/// An emergency stop of `media` that gluster accepted 4 seconds ago. gl-03 is not in its answer.
fn accepted() -> Model {
    let mut model = model();
    let emergency = Emergency::new(&model.snapshot);
    open(&mut model, Kind::Emergency(emergency));
    let task = model.snapshot.volume(&"media".into()).unwrap().task();
    let nodes = task.unwrap().nodes[..2].iter().map(|node| NodeReport {
        name: node.name.clone(),
        peer: Some(node.peer.clone()),
        state: TaskState::Stopped,
        fix_layout: false,
        counters: node.counters,
    });
    let report = ProgressReport {
        task: None,
        nodes: nodes.collect(),
    };
    let done = JobResult::Done {
        task: None,
        text: String::new(),
        progress: Some(report),
    };
    // What is shown of the task was read before the stop, its place in the list since.
    alter_task(&mut model, "media", |task| {
        for node in &mut task.nodes {
            node.taken = Some(ago(12));
        }
    });
    confirm(&mut model, &[ended(done)]);
    model
}

/// The monitor lays the answer over the picture: the task of `media` has ended.
fn settle(model: &mut Model, change: impl FnOnce(&mut Task)) {
    let mut task = None;
    alter(model, "media", |state| {
        task = state.task().cloned();
        state.task = Part::fresh(None, ago(4));
    });
    let mut task = task.unwrap();
    for node in &mut task.nodes {
        node.state = TaskState::Stopped;
        node.taken = Some(ago(4));
    }
    change(&mut task);
    let ended = EndedTask {
        volume: "media".into(),
        task,
        ending: Ending::Stopped,
        at: ago(4),
    };
    Arc::make_mut(&mut model.snapshot).ended = vec![Arc::new(ended)];
}

#[test]
fn an_emergency_stop_is_done_only_when_every_node_says_so() {
    let title = |model: &Model| {
        let screen = text(model, &ascii(), 80, 24);
        let line = screen.lines().find(|line| line.contains("EMERGENCY STOP "));
        line.unwrap().to_owned()
    };
    let mut model = accepted();
    assert!(title(&model).contains("running"), "the answer is no proof");
    settle(&mut model, |_| {});
    assert!(title(&model).contains("done in"));

    // An earlier task of that volume proves nothing.
    let mut old = accepted();
    let mut ended = (*model.snapshot.ended[0]).clone();
    ended.at = ago(600);
    Arc::make_mut(&mut old.snapshot).ended = vec![Arc::new(ended)];
    assert!(title(&old).contains("running"));

    let mut silent = accepted();
    settle(&mut silent, |task| {
        task.nodes[2].state = TaskState::InProgress;
        task.nodes[2].reported = false;
    });
    assert_snapshot!("emergency_silent_node", text(&silent, &ascii(), 80, 24));

    // What a node said before the stop is no answer to it.
    let mut early = accepted();
    settle(&mut early, |task| task.nodes[2].taken = Some(ago(12)));
    assert!(title(&early).contains("not confirmed"));

    let mut empty = accepted();
    settle(&mut empty, |task| task.nodes.clear());
    assert!(title(&empty).contains("not confirmed"));
}
