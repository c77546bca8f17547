//! What is read from this node's own files: the rebalance log, and what is left on bricks.

use insta::assert_snapshot;

use crate::app::dialog::{Finish, Kind};
use crate::app::logs::LogAnswer;
use crate::app::{Effect, Model, Msg, Source, View, update};
use crate::config::Key;
use crate::insight::leftovers::{Count, Cut};
use crate::insight::triage;
use crate::local::SAMPLE_LOG;
use crate::model::{BrickName, TaskState, Unreadable, UnreadableKind};
use crate::ui::testing::{alter_task, ascii, model, now};
use crate::ui::text;

const PATH: &str = "/var/log/glusterfs/media-rebalance.log";

fn press(model: &mut Model, key: char) -> Vec<Effect> {
    hit(model, Key::char(key))
}

/// What a key leads to, but for what a dialog's checks are read for.
fn hit(model: &mut Model, key: Key) -> Vec<Effect> {
    let mut effects = update(model, now(), Msg::Key(key));
    effects.retain(|effect| !matches!(effect, Effect::Inspect(_)));
    effects
}

/// Opens the log of media, and gives the number of the question.
fn asked(model: &mut Model) -> u64 {
    match press(model, 'l').as_slice() {
        [Effect::ReadLog { id, volume, .. }] => {
            assert_eq!(volume.as_str(), "media");
            *id
        }
        other => panic!("{other:?}"),
    }
}

fn answer(text: &str, of: u64) -> LogAnswer {
    LogAnswer {
        path: PATH.to_owned(),
        result: Ok(triage::triage(text, of, None)),
    }
}

fn read(model: &mut Model, answer: LogAnswer) {
    let id = asked(model);
    update(model, now(), Msg::Log(id, answer));
}

fn task_status() -> Model {
    let mut model = model();
    model.views = vec![View::TaskStatus {
        volume: "media".into(),
        scroll: 0,
    }];
    model
}

#[test]
fn a_log_is_told_by_cause() {
    for (width, height) in [(80, 24), (120, 40), (40, 10)] {
        let mut model = task_status();
        read(&mut model, answer(SAMPLE_LOG, 0));
        let name = format!("log_{width}x{height}");
        assert_snapshot!(name, text(&model, &ascii(), width, height));
    }
}

#[test]
fn a_log_that_is_cut_or_silent_says_so() {
    let mut model = task_status();
    read(&mut model, answer("", 1 << 30));
    let screen = text(&model, &ascii(), 100, 30);
    assert!(screen.contains("the last 0 B of 1.00 GiB"), "{screen}");
    assert!(screen.contains("nothing failed in the part that was read"));
    assert!(screen.contains("it was cut or rotated"));
    let mut model = task_status();
    read(&mut model, answer("", 0));
    assert!(text(&model, &ascii(), 100, 30).contains("+ nothing failed"));
}

#[test]
fn a_log_that_cannot_be_read_says_why_and_what_to_do() {
    let mut model = task_status();
    let problem = Unreadable {
        path: PATH.to_owned(),
        kind: UnreadableKind::Permission,
    };
    let answer = LogAnswer {
        path: PATH.to_owned(),
        result: Err(problem),
    };
    read(&mut model, answer);
    assert_snapshot!(text(&model, &ascii(), 80, 24));
}

#[test]
fn over_ssh_nothing_is_read_and_the_way_there_is_shown() {
    let mut model = task_status();
    model.session.source = Source::Ssh("root@gl-01".into());
    assert_eq!(press(&mut model, 'l'), []);
    assert_eq!(press(&mut model, 'r'), [Effect::ReadNow]);
    assert_snapshot!(text(&model, &ascii(), 80, 24));
}

#[test]
fn an_answer_for_a_closed_view_is_dropped() {
    let mut model = task_status();
    let early = asked(&mut model);
    assert!(text(&model, &ascii(), 80, 24).contains("  reading"));
    press(&mut model, 'l');
    update(&mut model, now(), Msg::Log(early, answer(SAMPLE_LOG, 0)));
    assert!(model.logs.get(&"media".into()).is_none());
    // Opened again, it waits for its own answer alone.
    let late = asked(&mut model);
    update(&mut model, now(), Msg::Log(early, answer(SAMPLE_LOG, 0)));
    assert!(model.logs.get(&"media".into()).is_none());
    update(&mut model, now(), Msg::Log(late, answer(SAMPLE_LOG, 0)));
    assert!(model.logs.get(&"media".into()).is_some());
    let again = press(&mut model, 'r');
    assert!(matches!(
        again[..],
        [Effect::ReadLog { .. }, Effect::ReadNow]
    ));
}

#[test]
fn scrolling_stops_at_the_end_of_a_log() {
    let mut model = task_status();
    read(&mut model, answer(SAMPLE_LOG, 0));
    press(&mut model, 'G');
    let screen = text(&model, &ascii(), 80, 24);
    assert!(screen.contains("other warning"), "{screen}");
    press(&mut model, 'g');
    assert!(text(&model, &ascii(), 80, 24).contains(PATH));
}

/// Once it was read, the status tells the reasons, for this very task.
#[test]
fn the_status_names_the_reasons_once_the_log_was_read() {
    let mut model = task_status();
    let line = |model: &Model| {
        let screen = text(model, &ascii(), 120, 40);
        let line = screen.lines().find(|line| line.contains("FAILURES"));
        line.map(|line| line.trim().to_owned())
    };
    assert_eq!(line(&model), None);
    read(&mut model, answer(SAMPLE_LOG, 0));
    press(&mut model, 'l');
    assert_snapshot!("status_reasons_120x40", text(&model, &ascii(), 120, 40));
    assert!(!text(&model, &ascii(), 80, 24).contains("FAILURES"));
    read(&mut model, answer("", 0));
    press(&mut model, 'l');
    assert_eq!(
        line(&model).as_deref(),
        Some(
            "FAILURES  gl-01 (this node): none in /var/log/glusterfs/media-rebalance.log     gl-03: 12, its log is on gl-03"
        )
    );
    alter_task(&mut model, "media", |task| task.id = Some("another".into()));
    assert_eq!(line(&model), None, "that was another task");
}

/// The log of a node that takes no part is of an earlier task, and says nothing about this one.
#[test]
fn a_log_of_an_earlier_task_is_not_taken_for_this_one() {
    let mut model = task_status();
    alter_task(&mut model, "media", |task| {
        task.nodes.remove(0);
    });
    read(&mut model, answer(SAMPLE_LOG, 0));
    let screen = text(&model, &ascii(), 120, 40);
    assert!(
        screen.contains("! this node takes no part in the present task"),
        "{screen}"
    );
    press(&mut model, 'l');
    let screen = text(&model, &ascii(), 120, 40);
    assert!(
        screen.contains("FAILURES  gl-01 (this node) takes no part     gl-03: 12"),
        "{screen}"
    );
}

fn over() -> Model {
    let mut model = model();
    alter_task(&mut model, "media", |task| {
        for node in &mut task.nodes {
            node.state = TaskState::Completed;
            node.counters.failures = Some(0);
        }
    });
    model
}

/// Opens the dialog, and gives the number of the count and its bricks.
fn counting(model: &mut Model) -> (u64, Vec<BrickName>) {
    match press(model, 'C').as_slice() {
        [Effect::CountLeftovers { id, bricks, .. }] => (*id, bricks.clone()),
        other => panic!("{other:?}"),
    }
}

fn left(files: u64, cut: Option<Cut>) -> Count {
    Count {
        files,
        cut,
        examples: (0..files.min(2)).map(|n| format!("/a/{n}")).collect(),
        ..Count::default()
    }
}

#[test]
fn the_commit_dialog_counts_what_is_left_here() {
    let mut model = over();
    let (id, bricks) = counting(&mut model);
    assert_eq!(bricks, [BrickName::new("gl-01:/bricks/m2/media")]);
    let brick = || bricks[0].clone();
    let lines = |model: &Model| {
        let screen = text(model, &ascii(), 80, 40);
        let all = screen.lines().map(|line| line.trim_matches(['|', ' ']));
        let wanted = ["left", "look there", "no file found", "counting"];
        all.filter(|line| wanted.iter().any(|word| line.contains(word)))
            .collect::<Vec<_>>()
            .join("\n")
    };
    let mut all = vec![lines(&model)];
    let problem = Unreadable {
        path: "/bricks/m2/media".into(),
        kind: UnreadableKind::NotABrick,
    };
    for result in [
        Ok(left(0, None)),
        Ok(left(1, None)),
        Ok(left(4_120, Some(Cut::Time))),
        Ok(left(0, Some(Cut::Entries))),
        Err(problem),
    ] {
        let mut model = model.clone();
        update(&mut model, now(), Msg::Leftovers(id, (brick(), result)));
        all.push(lines(&model));
    }
    assert_snapshot!(all.join("\n--\n"));
}

#[test]
fn the_commit_dialog_shows_it_below_its_checks() {
    for (width, height) in [(80, 24), (120, 40)] {
        let mut model = over();
        let (id, bricks) = counting(&mut model);
        let looked = (bricks[0].clone(), Ok(left(12, None)));
        update(&mut model, now(), Msg::Leftovers(id, looked));
        let name = format!("finish_leftovers_{width}x{height}");
        assert_snapshot!(name, text(&model, &ascii(), width, height));
    }
}

#[test]
fn a_count_ends_with_its_dialog() {
    let mut model = over();
    let (first, bricks) = counting(&mut model);
    let closed = hit(&mut model, Key::CTRL_C);
    assert_eq!(closed, [Effect::StopCounting]);
    // What it found on the way is of no use to the next one.
    let (second, _) = counting(&mut model);
    assert_ne!(first, second);
    let looked = (bricks[0].clone(), Ok(left(3, Some(Cut::Cancelled))));
    update(&mut model, now(), Msg::Leftovers(first, looked));
    assert!(text(&model, &ascii(), 80, 40).contains("counting what is left"));
    let looked = (bricks[0].clone(), Ok(left(0, None)));
    update(&mut model, now(), Msg::Leftovers(second, looked));
    let closed = hit(&mut model, Key::CTRL_C);
    assert_eq!(closed, [], "nothing is under way any more");
}

#[test]
fn over_ssh_nothing_is_counted() {
    let mut model = over();
    model.session.source = Source::Ssh("root@gl-01".into());
    assert_eq!(press(&mut model, 'C'), []);
    let screen = text(&model, &ascii(), 120, 40);
    assert!(screen.contains("not counted over ssh; on gl-01, gl-02, gl-03"));
}

/// While files still move, what lies on the bricks says nothing.
#[test]
fn nothing_is_counted_while_files_move() {
    let mut model = over();
    model.dialog = None;
    alter_task(&mut model, "media", |task| {
        task.nodes[0].state = TaskState::InProgress;
    });
    super::dialogs::open(&mut model, Kind::Finish(Finish::new("media".into())));
    assert_eq!(update(&mut model, now(), Msg::Tick), []);
}
