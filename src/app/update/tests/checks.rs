//! The checks of an open dialog: read when it opens, judged again, and overridden by nobody but
//! an admin.

use super::*;
use crate::insight::plan::Mark;
use crate::insight::testing::{define, fault, set_heal, set_option};
use crate::model::Part;

fn inspects(effects: &[Effect]) -> Vec<Vec<String>> {
    let asked = effects.iter().filter_map(|effect| match effect {
        Effect::Inspect(volumes) => Some(volumes.iter().map(ToString::to_string).collect()),
        _ => None,
    });
    asked.collect()
}

fn show(model: &mut Model, second: u64, state: VolumeState) -> Vec<Effect> {
    let snapshot = Arc::new(cluster(vec![state]));
    update(model, at(second), Msg::Snapshot(snapshot))
}

#[test]
fn a_dialog_about_a_change_wants_to_know_more_and_a_stop_does_not() {
    let idle = || vec![volume("v", distribute(), 3)];
    let over = || {
        let mut v = volume("v", distribute(), 3);
        let nodes = vec![node(2, TaskState::Completed)];
        set_task(&mut v, TaskKind::RemoveBrick, &[1], nodes);
        vec![v]
    };
    let busy = || vec![running(TaskKind::Rebalance, &[])];
    for (volumes, key, asks) in [
        (idle(), "R", true),
        (idle(), "D", true),
        (over(), "C", true),
        (busy(), "S", false),
        (busy(), "!", false),
        (idle(), "T", false),
    ] {
        let mut model = model(volumes);
        let opened = press(&mut model, 1, key);
        assert!(model.dialog.is_some(), "{key}");
        let expected: &[&[&str]] = if asks { &[&["v"]] } else { &[] };
        assert_eq!(inspects(&opened), expected, "{key}");
        let closed = press(&mut model, 2, "Esc");
        let expected: &[&[&str]] = if asks { &[&[]] } else { &[] };
        assert_eq!(inspects(&closed), expected, "{key}");
    }
}

#[test]
fn a_confirmed_dialog_waits_for_nothing_more() {
    let mut model = model(vec![volume("v", distribute(), 3)]);
    press(&mut model, 1, "R");
    let confirmed = press(&mut model, 2, "y");
    assert_eq!(jobs(&confirmed).len(), 1);
    assert_eq!(inspects(&confirmed), [[""; 0]]);
}

/// A forced removal with two letters of the name typed, while its heals are being looked at.
fn typing() -> (Model, VolumeState) {
    let mut state = volume("vol", replica(3, 0), 3);
    state.heal = Part::default();
    let mut model = model(vec![state.clone()]);
    press(&mut model, 1, "2 Down D Tab v o");
    let dialog = model.dialog.as_ref().unwrap();
    assert_eq!(dialog.typed.value(), "vo", "{:?}", dialog.offer);
    assert!(dialog.offer.checks.iter().any(|check| check.pending));
    (model, state)
}

#[test]
fn what_was_still_being_looked_at_is_news_only_when_it_refuses() {
    let typed = |model: &Model| {
        let dialog = model.dialog.as_ref().unwrap();
        (dialog.typed.value().to_owned(), dialog.changed.clone())
    };
    let (mut model, mut state) = typing();
    state.heal = volume("vol", replica(3, 0), 3).heal;
    show(&mut model, 9, state.clone());
    assert_eq!(typed(&model), ("vo".into(), None));

    let (mut model, mut failed) = typing();
    let late = fault(FaultKind::Timeout, "late", at(9));
    failed.heal.fail(late);
    show(&mut model, 9, failed);
    assert_eq!(typed(&model), ("vo".into(), None));

    let (mut model, _) = typing();
    set_heal(&mut state, 1, Some(12));
    show(&mut model, 9, state);
    let (name, changed) = typed(&model);
    assert_eq!(name, "");
    let changed = changed.unwrap();
    assert!(
        changed.starts_with("Changed meanwhile: 12 entries wait"),
        "{changed}"
    );
}

#[test]
fn a_pass_that_becomes_a_warning_is_news_and_names_it() {
    let mut state = volume("v", distribute(), 3);
    let mut model = model(vec![state.clone()]);
    press(&mut model, 1, "R");
    state.effective = Part::default();
    define(&mut state, |v| {
        v.options
            .insert("cluster.force-migration".into(), "on".into());
    });
    show(&mut model, 5, state.clone());
    let changed = model.dialog.as_ref().unwrap().changed.clone().unwrap();
    assert!(
        changed.contains("cluster.force-migration is on"),
        "{changed}"
    );

    // From looking at it to a warning is none.
    define(&mut state, |v| {
        drop(v.options.remove("cluster.force-migration"));
    });
    let mut model = super::model(vec![state.clone()]);
    press(&mut model, 1, "R");
    set_option(&mut state, "cluster.force-migration", "on");
    show(&mut model, 5, state);
    let dialog = model.dialog.as_ref().unwrap();
    assert_eq!(dialog.changed, None);
    assert!(
        dialog
            .offer
            .checks
            .iter()
            .any(|check| check.mark == Mark::Warn)
    );
}

#[test]
fn an_objection_brings_the_question_back() {
    let mut model = model(vec![volume("v", distribute(), 3)]);
    press(&mut model, 1, "R");
    press(&mut model, 2, "y");
    let id = model.dialog.as_ref().unwrap().jobs[0];
    let end = Outcome {
        at: at(4),
        took: Duration::ZERO,
        exit: None,
        result: JobResult::Objected(vec!["a brick is offline; its set still serves".into()]),
    };
    let effects = update(&mut model, at(4), Msg::Job(id, JobEvent::Ended(end)));
    assert_eq!(inspects(&effects), [["v"]]);
    let dialog = model.dialog.as_ref().unwrap();
    assert!(dialog.is_asking());
    assert_eq!(
        dialog.changed.as_deref(),
        Some("Changed meanwhile: a brick is offline; its set still serves")
    );
    let key = Msg::Key(Key::char('y'));
    assert_eq!(
        jobs(&update(&mut model, at(4), key)),
        [""; 0],
        "a key from before"
    );
    assert_eq!(jobs(&press(&mut model, 6, "y")).len(), 1, "confirmed anew");
}

#[test]
fn only_pending_heals_can_be_overridden_and_only_by_the_name() {
    let waiting = || {
        let mut state = volume("v", replica(3, 0), 3);
        set_heal(&mut state, 0, Some(7));
        state
    };
    let mut model = model(vec![waiting()]);
    press(&mut model, 1, "2 Down D");
    let refused = model.dialog.as_ref().unwrap().offer.clone();
    assert!(refused.can_be_overridden() && refused.refusal.is_some());
    assert_eq!(jobs(&press(&mut model, 4, "Tab v Enter")), [""; 0]);

    press(&mut model, 8, "BackTab o");
    let dialog = model.dialog.as_ref().unwrap();
    assert_eq!((dialog.focus, &dialog.offer.refusal), (Focus::Field, &None));
    let marks: Vec<_> = dialog.offer.checks.iter().map(|check| check.mark).collect();
    assert!(marks.contains(&Mark::Danger), "{marks:?}");
    assert_eq!(jobs(&press(&mut model, 12, "Enter")), [""; 0]);
    let run = press(&mut model, 14, "v Enter");
    assert_eq!(jobs(&run).len(), 1, "{:?}", model.dialog);
    let accepted = run.iter().find_map(|effect| match effect {
        Effect::Run(job) => Some(&job.accepted),
        _ => None,
    });
    // The last look before it runs finds the same, and takes it as it was confirmed.
    assert_eq!(accepted.unwrap().refusal(), None);
}

#[test]
fn no_other_refusal_gives_way() {
    let mut state = volume("v", replica(3, 0), 3);
    set_heal(&mut state, 0, Some(7));
    for brick in [0, 1] {
        set_online(&mut state, brick, Some(false));
    }
    let mut model = model(vec![state]);
    press(&mut model, 1, "2 G D o");
    let dialog = model.dialog.as_ref().unwrap();
    assert!(dialog.offer.refusal.is_some(), "{:?}", dialog.offer);
    assert_ne!(dialog.focus, Focus::Field);
}
