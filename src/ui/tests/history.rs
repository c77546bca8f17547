//! The History and Commands views.

use std::sync::Arc;
use std::time::Duration;

use insta::assert_snapshot;
use jiff::SignedDuration;

use crate::app::rows::TaskRowId;
use crate::app::{Model, Msg, Pane, View, update};
use crate::config::Key;
use crate::insight::plan::Plan;
use crate::job::{JobEvent, JobResult, Outcome};
use crate::model::{
    CommandRecord, CommandResult, EndedTask, Ending, Forgetting, Stamp, TaskId, Who,
};
use crate::ui::testing::{ago, ascii, find, model};
use crate::ui::text;

fn ended(model: &mut Model, id: &str, ending: Ending, at: Stamp) {
    let media = model.snapshot.volume(&"media".into()).unwrap();
    let mut task = media.task().unwrap().clone();
    task.id = Some(TaskId::new(format!("{id}-bbbb-cccc")));
    let ended = EndedTask {
        volume: "media".into(),
        task,
        ending,
        at,
    };
    Arc::make_mut(&mut model.snapshot)
        .ended
        .push(Arc::new(ended));
}

/// A day before the program began.
fn yesterday() -> Stamp {
    Stamp {
        steady: Duration::ZERO,
        wall: ago(0).wall - SignedDuration::from_hours(27),
    }
}

fn with_history() -> Model {
    let mut model = model();
    // The program is an hour old.
    model.began = ago(3_600);
    ended(&mut model, "aaaaaaaa", Ending::Stopped, ago(600));
    ended(&mut model, "bbbbbbbb", Ending::Committed, yesterday());
    ended(&mut model, "cccccccc", Ending::Vanished, yesterday());
    model
}

fn press(model: &mut Model, keys: &str) {
    for key in keys.split(' ') {
        let key: Key = key.parse().unwrap();
        let now = model.now;
        update(model, now, Msg::Key(key));
    }
}

fn elsewhere(line: &str, result: Option<CommandResult>, at: Stamp) -> CommandRecord {
    CommandRecord {
        session: "other".into(),
        job: 1,
        at: at.wall,
        who: Who {
            user: "root".into(),
            sudo_user: Some("ada".into()),
            ssh_connection: Some("10.1.2.3 50022 10.1.2.9 22".into()),
        },
        argv: line.split(' ').map(ToOwned::to_owned).collect(),
        line: line.into(),
        volume: Some("media".into()),
        exit: result.map(|_| 0),
        took: result.map(|_| Duration::from_millis(412)),
        answer: "volume remove-brick start: success".into(),
        result,
        began: None,
    }
}

fn with_commands() -> Model {
    let mut model = model();
    let order =
        (model.session.launcher).order(crate::gluster::Command::RebalanceStop("scratch".into()));
    let job = (model.jobs).begin(order, Plan::default(), Duration::ZERO, ago(60));
    let outcome = Outcome {
        at: ago(59),
        took: Duration::from_millis(1_340),
        exit: Some(1),
        result: JobResult::Failed(crate::gluster::Failure::new(
            crate::model::FaultKind::Refused,
            "Rebalance not started for volume scratch.",
        )),
    };
    let now = model.now;
    update(&mut model, now, Msg::Job(job.id, JobEvent::Ended(outcome)));
    model.notice = None;
    let start = "gluster --mode=script --xml volume remove-brick media gl-01:/bricks/m2/media gl-02:/bricks/m2/media gl-03:/bricks/m2/media start";
    let commands = [
        elsewhere(start, Some(CommandResult::Done), ago(7_200)),
        elsewhere(
            "gluster volume rebalance me\u{1b}[2Jdia start",
            None,
            yesterday(),
        ),
    ];
    update(&mut model, now, Msg::Recalled(commands.into()));
    model
}

#[test]
fn history() {
    let mut model = with_history();
    press(&mut model, "a Down");
    assert_snapshot!("history_80x24", text(&model, &ascii(), 80, 24));
    assert_snapshot!("history_120x40", text(&model, &ascii(), 120, 40));
    assert_snapshot!("history_40x10", text(&model, &ascii(), 40, 10));
}

#[test]
fn the_cursor_of_the_history_stays_on_its_row() {
    let mut model = with_history();
    press(&mut model, "a Down");
    let at = |model: &Model| match model.views.last() {
        Some(View::History { selected }) => selected.as_ref().and_then(|row| row.task.clone()),
        other => panic!("{other:?}"),
    };
    let row = at(&model);
    assert_eq!(row, Some(TaskId::new("bbbbbbbb-bbbb-cccc")));
    // Another one ends above it.
    let snapshot = Arc::make_mut(&mut model.snapshot);
    let first = EndedTask {
        task: {
            let mut task = snapshot.ended[0].task.clone();
            task.id = Some("new".into());
            task
        },
        ..(*snapshot.ended[0]).clone()
    };
    snapshot.ended.insert(0, Arc::new(first));
    press(&mut model, "Enter");
    let expected = View::Ended {
        row: TaskRowId {
            volume: "media".into(),
            task: row,
        },
        scroll: 0,
    };
    assert_eq!(model.views.last(), Some(&expected));
    press(&mut model, "Esc G G");
    assert_eq!(at(&model), Some(TaskId::new("cccccccc-bbbb-cccc")));
}

#[test]
fn the_tasks_pane_lists_what_ended_in_this_session_only() {
    let mut model = with_history();
    model.panes.focus = Pane::Tasks;
    let screen = text(&model, &ascii(), 120, 40);
    assert!(screen.contains("stopped 11:54"), "{screen}");
    assert!(!screen.contains("committed"), "{screen}");
}

#[test]
fn nothing_ended_and_nothing_ran() {
    let mut model = model();
    press(&mut model, "a");
    assert!(text(&model, &ascii(), 80, 24).contains("no task has ended"));
    press(&mut model, "Down Enter Esc @");
    let screen = text(&model, &ascii(), 80, 24);
    assert!(screen.contains("COMMANDS 0"), "{screen}");
    assert!(
        screen.contains("no command that changes the cluster was run"),
        "{screen}"
    );
}

#[test]
fn commands() {
    let mut model = with_commands();
    press(&mut model, "@");
    assert_snapshot!("commands_80x24", text(&model, &ascii(), 80, 24));
    assert_snapshot!("commands_120x40", text(&model, &ascii(), 120, 40));
    assert_snapshot!("commands_40x10", text(&model, &ascii(), 40, 10));
    press(&mut model, "Down Down Down");
    let screen = text(&model, &ascii(), 80, 24);
    assert!(
        screen.contains("its end was not seen"),
        "the last one stays"
    );
    assert!(!screen.contains("Rebalance not started"), "{screen}");
}

#[test]
fn events_of_other_sessions_stand_where_they_happened() {
    let model = with_commands();
    let told: Vec<_> = model
        .journal
        .events()
        .iter()
        .filter(|event| event.text.contains("gluster") || event.text.contains("stop rebalance"))
        .map(|event| (event.at.wall, event.text.as_str()))
        .collect();
    assert_eq!(told.len(), 2, "a day ago is no event: {told:?}");
    assert!(told[0].1.starts_with("stop rebalance"), "{told:?}");
    assert_eq!(told[1].0, ago(7_200).wall);
    assert!(told[1].1.starts_with("ada ran gluster"), "{told:?}");
}

#[test]
fn a_history_that_cannot_be_kept_is_an_alarm() {
    let mut model = model();
    Arc::make_mut(&mut model.snapshot).forgetting = Some(Forgetting {
        since: ago(9),
        text: "no history: /var/lib/glustop/history.db: the disk is full".into(),
        advice: "Make room there; what was not written is tried again.",
    });
    find(&mut model, 9);
    press(&mut model, "e");
    let screen = text(&model, &ascii(), 80, 24);
    assert!(
        screen.contains("! no history: /var/lib/glustop"),
        "{screen}"
    );
    assert!(screen.contains("Make room there"), "{screen}");
}
