//! Finishing a remove-brick that did not end clean: retain, once more, or by force.

use super::*;
use crate::app::dialog::FinishChoice;
use crate::insight::testing::define;
use crate::model::{NodeProgress, TaskId};

/// Brick 1 of three leaves; its node ended like this.
fn ended(change: impl FnOnce(&mut NodeProgress)) -> VolumeState {
    let mut v = volume("v", distribute(), 3);
    let mut node = node(2, TaskState::Completed);
    change(&mut node);
    set_task(&mut v, TaskKind::RemoveBrick, &[1], vec![node]);
    v
}

fn with_failures(node: &mut NodeProgress) {
    node.counters.failures = Some(12);
}

/// Opens the dialog and goes to a choice.
fn choose(model: &mut Model, second: u64, choice: FinishChoice) {
    press(model, second, "C");
    for n in 1..=5 {
        let Kind::Finish(finish) = &model.dialog.as_ref().unwrap().kind else {
            panic!("another dialog")
        };
        if finish.choice == choice {
            return;
        }
        press(model, second + n, "Up");
    }
    panic!("{choice:?} is not offered");
}

fn end(model: &mut Model, job: usize, second: u64, result: JobResult) -> Vec<Effect> {
    let id = model.dialog.as_ref().unwrap().jobs[job];
    let outcome = Outcome {
        at: at(second),
        took: Duration::ZERO,
        exit: Some(0),
        result,
    };
    update(model, at(second), Msg::Job(id, JobEvent::Ended(outcome)))
}

fn well(task: Option<&str>) -> JobResult {
    JobResult::Done {
        task: task.map(TaskId::new),
        text: String::new(),
        progress: None,
    }
}

#[test]
fn a_plain_commit_is_refused_with_its_reason_wherever_files_would_be_lost() {
    type Change = fn(&mut NodeProgress);
    let silent = |node: &mut NodeProgress| node.reported = false;
    let cases: [(Change, &str); 4] = [
        (with_failures, "12 files failed"),
        (
            |node| node.state = TaskState::Failed,
            "files are still on the leaving bricks",
        ),
        (|node| node.state = TaskState::Stopped, "state: stopped"),
        (silent, "1 of 1 nodes gave no answer"),
    ];
    for (change, reason) in cases {
        let mut model = model(vec![ended(change)]);
        choose(&mut model, 1, FinishChoice::Commit);
        let dialog = model.dialog.as_ref().unwrap();
        let checks = &dialog.offer.checks;
        assert!(dialog.offer.refusal.is_some(), "{reason}");
        assert!(
            checks.iter().any(|check| check.text.contains(reason)),
            "{checks:?}"
        );
        assert_eq!(
            jobs(&press(&mut model, 10, "y Tab v Enter")),
            [""; 0],
            "{reason}"
        );
    }
}

#[test]
fn a_clean_drain_offers_neither_another_try_nor_force() {
    let mut model = model(vec![ended(|_| {})]);
    press(&mut model, 1, "C Up");
    let of = |model: &Model| match &model.dialog.as_ref().unwrap().kind {
        Kind::Finish(finish) => finish.choice,
        _ => panic!("another dialog"),
    };
    assert_eq!(of(&model), FinishChoice::Retain);
    press(&mut model, 3, "Up");
    assert_eq!(of(&model), FinishChoice::Commit);
    press(&mut model, 4, "Down Down Down");
    assert_eq!(of(&model), FinishChoice::Later);
}

#[test]
fn retrying_stops_and_starts_the_same_bricks_one_after_the_other() {
    let mut model = model(vec![ended(with_failures)]);
    choose(&mut model, 1, FinishChoice::Retry);
    let shown: Vec<_> = model.dialog.as_ref().unwrap().offer.lines().collect();
    assert!(shown[0].ends_with("volume remove-brick v gl-02:/bricks/v stop"));
    assert!(shown[1].ends_with("volume remove-brick v gl-02:/bricks/v start"));
    let ran = jobs(&press(&mut model, 10, "y"));
    assert_eq!(ran, shown[..1], "the start waits");
    // The task goes; the dialog stays, with both lines.
    let gone = cluster(vec![volume("v", distribute(), 3)]);
    update(&mut model, at(11), Msg::Snapshot(Arc::new(gone)));
    assert_eq!(jobs(&end(&mut model, 0, 12, well(None))), shown[1..]);
    let dialog = model.dialog.as_ref().unwrap();
    assert_eq!((dialog.jobs.len(), dialog.offer.orders.len()), (2, 2));
    end(&mut model, 1, 13, well(Some("id")));
    assert!(model.dialog.is_some(), "both outcomes stay in view");
}

#[test]
fn a_stop_that_failed_is_followed_by_nothing() {
    for result in [
        JobResult::Failed(Failure::new(FaultKind::Busy, "locked")),
        JobResult::GivenUp,
        JobResult::DryRun,
    ] {
        let mut model = model(vec![ended(with_failures)]);
        choose(&mut model, 1, FinishChoice::Retry);
        press(&mut model, 10, "y");
        assert_eq!(jobs(&end(&mut model, 0, 11, result)), [""; 0]);
        let events = model.journal.events();
        let text = "remove-brick of v: not run, because the one before it was not done";
        assert_eq!(events[0].text, text);
        assert_eq!(model.jobs.open().count(), 0);
    }
}

#[test]
fn a_closed_dialog_does_not_keep_the_start_from_following() {
    let mut model = model(vec![ended(with_failures)]);
    choose(&mut model, 1, FinishChoice::Retry);
    press(&mut model, 10, "y");
    let id = model.dialog.as_ref().unwrap().jobs[0];
    assert_eq!(
        press(&mut model, 11, "Esc q"),
        [],
        "leaving now would drop the start"
    );
    assert!(explain::message(&model).contains("will not if you leave"));
    let outcome = Outcome {
        at: at(14),
        took: Duration::ZERO,
        exit: Some(0),
        result: well(None),
    };
    let effects = update(&mut model, at(14), Msg::Job(id, JobEvent::Ended(outcome)));
    assert!(jobs(&effects)[0].ends_with("start"));
}

#[test]
fn a_retry_is_judged_by_what_will_be_after_the_stop() {
    let mut model = model(vec![ended(with_failures)]);
    choose(&mut model, 1, FinishChoice::Retry);
    let effects = press(&mut model, 10, "y");
    assert_eq!(jobs(&effects).len(), 1);
    let Some(Effect::Run(start)) = end(&mut model, 0, 11, well(None)).pop() else {
        panic!("no start")
    };
    assert_eq!(start.accepted.refusal(), None, "{:?}", start.accepted);
    assert!(
        start
            .accepted
            .checks
            .iter()
            .any(|check| check.code == "fits")
    );
    // Where the brick is dead, there is nothing to retry.
    let mut dead = ended(with_failures);
    set_online(&mut dead, 1, Some(false));
    let mut model = self::model(vec![dead]);
    choose(&mut model, 1, FinishChoice::Retry);
    let refusal = model.dialog.as_ref().unwrap().offer.refusal.clone();
    assert!(refusal.unwrap().contains("gl-02:/bricks/v is offline"));
    assert_eq!(jobs(&press(&mut model, 10, "y")), [""; 0]);
}

#[test]
fn force_wants_the_name_and_takes_the_bricks_of_the_task() {
    let mut model = model(vec![ended(with_failures)]);
    choose(&mut model, 1, FinishChoice::Force);
    let shown: Vec<_> = model.dialog.as_ref().unwrap().offer.lines().collect();
    assert!(shown[0].ends_with("volume remove-brick v gl-02:/bricks/v force"));
    assert_eq!(jobs(&press(&mut model, 10, "y Enter")), [""; 0]);
    press(&mut model, 12, "Backspace");
    assert_eq!(jobs(&press(&mut model, 13, "v Enter")), shown);
    end(&mut model, 0, 16, well(None));
    assert!(model.dialog.is_some(), "what is left on the bricks is told");
    let events = model.journal.events();
    assert!(
        events[0]
            .text
            .contains("gl-02:/bricks/v. Look there for files left behind")
    );
}

#[test]
fn what_comes_next_is_offered() {
    let mut model = model(vec![ended(|_| {})]);
    choose(&mut model, 1, FinishChoice::Retain);
    press(&mut model, 10, "y");
    end(&mut model, 0, 11, well(None));
    assert!(explain::message(&model).contains("R rebalances, or fixes the layout"));
    // Bricks that were added anywhere are told once.
    let mut model = self::model(vec![volume("v", replica(3, 0), 6)]);
    let more = volume("v", replica(3, 0), 9);
    update(
        &mut model,
        at(5),
        Msg::Snapshot(Arc::new(cluster(vec![more.clone()]))),
    );
    let told =
        "v has new bricks without files: R rebalances, or fixes the layout for new files only.";
    assert_eq!(explain::message(&model), told);
    model.notice = None;
    update(
        &mut model,
        at(10),
        Msg::Snapshot(Arc::new(cluster(vec![more]))),
    );
    assert_eq!(model.notice, None);
    // More copies of the same sets need healing, not a rebalance.
    let mut model = self::model(vec![volume("v", replica(2, 0), 4)]);
    let mut wider = volume("v", replica(3, 0), 6);
    define(&mut wider, |_| {});
    update(
        &mut model,
        at(5),
        Msg::Snapshot(Arc::new(cluster(vec![wider]))),
    );
    assert_eq!(model.notice, None);
}
