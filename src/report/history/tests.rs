use insta::assert_snapshot;

use super::*;
use crate::insight::testing::{at, distribute, node, set_task, volume};
use crate::model::{TaskKind, TaskState, Who};

fn task(kind: TaskKind, ended: Option<Ending>) -> TaskRecord {
    let mut state = volume("media", distribute(), 3);
    let nodes = vec![node(1, TaskState::Completed)];
    set_task(&mut state, kind, &[0], nodes);
    TaskRecord {
        volume: "media".into(),
        task: state.task().unwrap().clone(),
        last_seen: at(60).wall,
        ended: ended.map(|ending| (ending, at(90).wall)),
        started_by: ended.map(|_| "ada".into()),
    }
}

fn command(result: Option<CommandResult>) -> CommandRecord {
    let words = ["gluster", "volume", "rebalance", "me\u{1b}[2Jdia", "start"];
    CommandRecord {
        session: "s".into(),
        job: 1,
        at: at(10).wall,
        who: Who {
            user: "root".into(),
            sudo_user: Some("ada".into()),
            ssh_connection: Some("10.1.2.3 50022 10.1.2.9 22".into()),
        },
        argv: words.map(ToOwned::to_owned).to_vec(),
        line: words.join(" "),
        volume: Some("media".into()),
        exit: result.map(|_| 0),
        took: result.map(|_| Duration::from_millis(412)),
        answer: result.map_or_else(String::new, |_| "success\u{202e}".into()),
        result,
        began: result.map(|_| "4c1b7f0e-aaaa-bbbb-cccc-0123456789ab".into()),
    }
}

fn told(report: fn(&HistoryInput<'_>) -> String) -> String {
    report(&HistoryInput {
        tasks: &[
            task(TaskKind::RemoveBrick, Some(Ending::Committed)),
            task(TaskKind::Rebalance, None),
            task(TaskKind::Rebalance, Some(Ending::Vanished)),
        ],
        commands: &[command(Some(CommandResult::Done)), command(None)],
        volume: None,
        zone: &TimeZone::UTC,
    })
}

#[test]
fn the_table_tells_how_tasks_ended_and_who_ran_what() {
    assert_snapshot!(told(history_table));
}

#[test]
fn the_json_keeps_its_keys_and_says_null_for_what_is_not_known() {
    assert_snapshot!(told(history_json));
}

#[test]
fn an_empty_history_says_so() {
    let input = HistoryInput {
        tasks: &[],
        commands: &[],
        volume: None,
        zone: &TimeZone::UTC,
    };
    assert_eq!(
        history_table(&input),
        "no task was seen\n\nno command was run\n"
    );
    assert!(history_json(&input).contains("\"tasks\": []"));
}
