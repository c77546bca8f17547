//! Read-only and dry run: always in view, and dialogs that plan.

use std::time::Duration;

use insta::assert_snapshot;

use super::dialogs::open;
use crate::app::dialog::{Emergency, Finish, FinishChoice, Kind, Stop};
use crate::app::{Model, Msg, update};
use crate::config::Key;
use crate::gluster::Permit;
use crate::job::{JobEvent, JobResult, Outcome};
use crate::ui::testing::{ago, ascii, model};
use crate::ui::text;

fn with(permit: Permit) -> Model {
    let mut model = model();
    model.session.permit = permit;
    model
}

/// Confirms with `y`, and lets every change end as the worker ends it in a dry run.
fn confirm(model: &mut Model) {
    update(model, ago(2), Msg::Key(Key::char('y')));
    let jobs = model.dialog.as_ref().unwrap().jobs.clone();
    assert!(!jobs.is_empty(), "nothing was confirmed");
    for id in jobs {
        let outcome = Outcome {
            at: ago(1),
            took: Duration::ZERO,
            exit: None,
            result: JobResult::DryRun,
        };
        update(model, ago(1), Msg::Job(id, JobEvent::Ended(outcome)));
    }
}

#[test]
fn the_header_says_it_at_every_width() {
    for (permit, word) in [(Permit::ReadOnly, "[RO]"), (Permit::DryRun, "[DRY RUN]")] {
        for width in [40, 50, 60, 70, 80, 120, 200] {
            let screen = text(&with(permit), &ascii(), width, 24);
            let first = screen.lines().next().unwrap();
            assert!(first.contains(word), "{width}: {first}");
            assert!(first.len() <= usize::from(width), "{width}: {first}");
        }
    }
}

#[test]
fn every_view_and_dialog_says_it() {
    for (permit, word) in [(Permit::ReadOnly, "[RO]"), (Permit::DryRun, "[DRY RUN]")] {
        for key in ["t", "e", "?", "R", "D", "S", "T", "!"] {
            for (width, height) in [(40, 10), (80, 24)] {
                let mut model = with(permit);
                update(&mut model, ago(5), Msg::Resize(width, height));
                update(&mut model, ago(5), Msg::Key(key.parse().unwrap()));
                let screen = text(&model, &ascii(), width, height);
                assert!(screen.contains(word), "{key} at {width}:\n{screen}");
            }
        }
    }
}

#[test]
fn a_read_only_dialog_is_a_planner() {
    let mut model = with(Permit::ReadOnly);
    open(
        &mut model,
        Kind::Stop(Stop {
            volume: "media".into(),
        }),
    );
    update(&mut model, ago(1), Msg::Key(Key::char('y')));
    assert!(model.dialog.as_ref().unwrap().jobs.is_empty());
    assert_snapshot!(text(&model, &ascii(), 80, 24));
}

#[test]
fn a_read_only_commit_has_no_field_to_type_in() {
    let mut model = with(Permit::ReadOnly);
    let mut finish = Finish::new("home".into());
    finish.choice = FinishChoice::Commit;
    open(&mut model, Kind::Finish(finish));
    for key in ["Tab", "h", "o", "m", "e", "Enter"] {
        update(&mut model, ago(1), Msg::Key(key.parse().unwrap()));
        if let Some(dialog) = &model.dialog {
            assert!(dialog.jobs.is_empty());
        }
    }
}

#[test]
fn a_read_only_emergency_stop_shows_what_to_copy() {
    let mut model = with(Permit::ReadOnly);
    let dialog = Emergency::new(&model.snapshot);
    open(&mut model, Kind::Emergency(dialog));
    assert_snapshot!(text(&model, &ascii(), 80, 24));
}

#[test]
fn a_dry_run_ends_in_words() {
    let mut model = with(Permit::DryRun);
    open(
        &mut model,
        Kind::Stop(Stop {
            volume: "media".into(),
        }),
    );
    confirm(&mut model);
    assert_snapshot!(text(&model, &ascii(), 80, 24));
}

#[test]
fn a_dry_emergency_stop_proves_nothing_and_says_so() {
    let mut model = with(Permit::DryRun);
    let dialog = Emergency::new(&model.snapshot);
    open(&mut model, Kind::Emergency(dialog));
    confirm(&mut model);
    assert_snapshot!(text(&model, &ascii(), 80, 24));
}
