use std::sync::Arc;

use super::*;
use crate::gluster::{Failure, StateReport};
use crate::model::{FaultKind, TaskState};
use crate::monitor::testing::{
    at, brick, busy, define, own_state, reading, snapshot, status, status_report, volume,
};

fn plain(name: &str) -> Command {
    status(name, StatusView::Plain)
}

#[test]
fn a_failed_reading_leaves_everything_and_puts_a_fault_beside_it() {
    let mut picture = snapshot(vec![volume("v", 3)]);
    let up = status_report(&volume("v", 3), Some(vec![]));
    reading_at(&mut picture, plain("v"), 5.0, Ok(up));
    reading_at(&mut picture, plain("v"), 9.0, Err(busy()));
    let state = &picture.volumes()[0];
    assert_eq!(state.bricks_online(), Some(3));
    let fault = state.bricks.fault().unwrap();
    assert_eq!(fault.kind, FaultKind::Busy);
    assert_eq!(
        fault.command,
        "gluster --mode=script --xml --log-file=/dev/null volume status v"
    );
    assert_eq!(fault.since, at(9.0));
    assert!(state.task.fault().is_some() && state.space.fault().is_none());
}

#[test]
fn bricks_of_a_silent_node_are_absent_and_those_under_an_alias_are_found() {
    let mut picture = snapshot(vec![volume("v", 3)]);
    let Reply::Status(mut report) = status_report(&volume("v", 3), Some(vec![])) else {
        unreachable!()
    };
    report.bricks.remove(2);
    report.bricks[1].host = "another-name".into();
    reading_at(
        &mut picture,
        status("v", StatusView::Detail),
        5.0,
        Ok(Reply::Status(report)),
    );
    let state = &picture.volumes()[0];
    assert_eq!(state.brick(&brick("v", 2)).online, Some(true));
    assert_eq!(state.brick(&brick("v", 3)).online, None);
    assert!(state.space(&brick("v", 2)).is_some());
}

#[test]
fn lines_in_any_order_find_their_bricks() {
    let mut picture = snapshot(vec![volume("v", 4)]);
    for order in [[1, 2, 3, 4], [4, 3, 2, 1], [2, 4, 1, 3]] {
        let Reply::Status(mut report) = status_report(&volume("v", 4), Some(vec![])) else {
            unreachable!()
        };
        let mut lines = report.bricks.clone();
        for (line, node) in lines.iter_mut().zip(order) {
            *line = report.bricks[node - 1].clone();
            line.state.port = Some(node as u32);
        }
        report.bricks = lines;
        reading_at(&mut picture, plain("v"), 5.0, Ok(Reply::Status(report)));
        let state = &picture.volumes()[0];
        let ports = [1, 2, 3, 4].map(|node| state.brick(&brick("v", node)).port);
        assert_eq!(ports, [1, 2, 3, 4].map(Some), "{order:?}");
    }
}

#[test]
fn what_did_not_change_is_shared() {
    let mut picture = snapshot(vec![volume("a", 3), volume("b", 3)]);
    let before = picture.clone();
    define(&mut picture, vec![volume("a", 3), volume("b", 3)], at(5.0));
    let up = status_report(&volume("a", 3), None);
    reading_at(&mut picture, status("a", StatusView::Detail), 6.0, Ok(up));
    let (old, new) = (before.volumes(), picture.volumes());
    assert!(!Arc::ptr_eq(&old[0], &new[0]) && Arc::ptr_eq(&old[0].volume, &new[0].volume));
    assert!(Arc::ptr_eq(&old[1], &new[1]));
    assert_eq!(picture.volumes.taken(), Some(at(5.0)));
}

#[test]
fn what_this_node_says_of_itself_replaces_only_what_differs() {
    let mut picture = snapshot(vec![volume("a", 3), volume("b", 3)]);
    let mut report = StateReport {
        local: None,
        op_version: Some(100_000),
        definitions: 0,
        peers: 0,
        volumes: vec![],
    };
    for (name, snapshots) in [("a", 0), ("b", 2)] {
        let own = own_state(name, None, TaskState::NotStarted);
        let mut one = own.volumes.into_iter().next().unwrap();
        one.snapshots = Some(snapshots);
        report.volumes.push(one);
    }
    reading_at(
        &mut picture,
        Command::State,
        5.0,
        Ok(Reply::State(report.clone())),
    );
    let own = |picture: &Snapshot| picture.volumes()[1].own.snapshots;
    assert_eq!(own(&picture), Some(2));
    assert_eq!(picture.op_versions.get().unwrap().current, 100_000);
    let before = picture.clone();

    report.volumes[1].snapshots = Some(3);
    let again = Ok(Reply::State(report.clone()));
    reading_at(&mut picture, Command::State, 9.0, again);
    let (old, new) = (before.volumes(), picture.volumes());
    assert!(Arc::ptr_eq(&old[0], &new[0]) && !Arc::ptr_eq(&old[1], &new[1]));
    assert_eq!(own(&picture), Some(3));
    assert_eq!(picture.volumes.taken(), before.volumes.taken());

    report.volumes.remove(1);
    reading_at(&mut picture, Command::State, 10.0, Ok(Reply::State(report)));
    assert_eq!(own(&picture), None, "nothing is said of it any more");
}

#[test]
fn what_this_node_said_of_itself_is_not_known_when_it_says_no_more() {
    let mut picture = snapshot(vec![volume("v", 3)]);
    let said = own_state("v", None, TaskState::NotStarted);
    reading_at(&mut picture, Command::State, 5.0, Ok(Reply::State(said)));
    let own = |picture: &Snapshot| {
        let own = picture.volumes()[0].own;
        (own.geo_sessions, own.snapshots)
    };
    assert_eq!(own(&picture), (Some(0), Some(0)));
    for kind in [FaultKind::Timeout, FaultKind::Refused] {
        let mut picture = picture.clone();
        let fails = || Err(Failure::new(kind, "no"));
        reading_at(&mut picture, Command::State, 6.0, fails());
        assert_eq!(own(&picture), (None, None));
        let before = picture.clone();
        reading_at(&mut picture, Command::State, 7.0, fails());
        let (old, new) = (before.volumes(), picture.volumes());
        assert!(Arc::ptr_eq(&old[0], &new[0]), "the second time is no news");
    }
}

#[test]
fn another_clusters_heal_info_counts_for_nothing() {
    let mut picture = snapshot(vec![volume("v", 3)]);
    let heal = |name: &str| {
        let one = crate::model::BrickHeal {
            brick: name.into(),
            entries: Some(0),
            split_brain: Some(0),
        };
        Ok(Reply::Heal(crate::model::Heal { bricks: vec![one] }))
    };
    let question = || Command::HealSummary("v".into());
    reading_at(&mut picture, question(), 5.0, heal("elsewhere:/b/v"));
    let state = &picture.volumes()[0];
    assert!(state.heal.get().is_none());
    assert!(
        state
            .heal
            .fault()
            .unwrap()
            .message
            .contains("elsewhere:/b/v")
    );
    let own = brick("v", 1);
    reading_at(&mut picture, question(), 6.0, heal(own.as_str()));
    let state = &picture.volumes()[0];
    assert!(state.heal.get().is_some() && state.heal.fault().is_none());
}

#[test]
fn a_stopped_volume_has_unknown_bricks_and_a_deleted_one_is_gone() {
    let mut picture = snapshot(vec![volume("v", 3), volume("w", 1)]);
    let up = status_report(&volume("v", 3), Some(vec![]));
    reading_at(&mut picture, plain("v"), 5.0, Ok(up));
    let mut stopped = volume("v", 3);
    stopped.status = VolumeStatus::Stopped;
    define(&mut picture, vec![stopped], at(10.0));
    assert_eq!(picture.volumes().len(), 1);
    assert_eq!(picture.volumes()[0].bricks, Part::default());
    let refusal = Failure::new(FaultKind::Refused, "Volume v is not started");
    reading_at(&mut picture, plain("v"), 11.0, Err(refusal));
    assert_eq!(picture.volumes()[0].bricks.fault(), None);
}

#[test]
fn a_volume_that_was_made_anew_has_nothing_of_its_namesake() {
    let mut picture = snapshot(vec![volume("v", 3)]);
    let up = status_report(&volume("v", 3), Some(vec![]));
    reading_at(&mut picture, plain("v"), 5.0, Ok(up));
    let mut anew = volume("v", 3);
    anew.id = "another".to_owned();
    define(&mut picture, vec![anew], at(10.0));
    assert_eq!(picture.volumes()[0].bricks, Part::default());
    assert_eq!(picture.volumes()[0].volume.id, "another");
}

#[test]
fn an_unreadable_volume_keeps_its_definition_and_the_fault_its_beginning() {
    let mut picture = snapshot(vec![volume("a", 3), volume("b", 3)]);
    let fault = |seconds| {
        let failure = Failure::new(FaultKind::BadOutput, "parser error");
        Some(failure.into_fault("gluster volume info b".into(), at(seconds)))
    };
    for seconds in [5.0, 10.0] {
        let read = Definitions {
            volumes: vec![volume("a", 2).into()],
            unreadable: vec!["b".into(), "new".into()],
            fault: fault(seconds),
            taken: at(seconds),
        };
        definitions(&mut picture, read);
    }
    let bricks: Vec<_> = picture
        .volumes()
        .iter()
        .map(|v| v.volume.bricks.len())
        .collect();
    assert_eq!(bricks, [2, 3]);
    assert_eq!(picture.volumes.taken(), Some(at(10.0)));
    assert_eq!(
        picture.volumes.fault().map(|fault| fault.since),
        Some(at(5.0))
    );
}

#[test]
fn a_glusterd_that_is_down_makes_the_peers_stale_too() {
    let mut picture = snapshot(vec![volume("v", 3)]);
    let down = || Failure::new(FaultKind::DaemonDown, "Connection failed.");
    reading_at(&mut picture, Command::VolumeInfo(None), 5.0, Err(down()));
    assert!(picture.peers.fault().is_some() && picture.volumes.fault().is_some());
    assert_eq!((picture.peers().len(), picture.volumes().len()), (3, 1));
    // Nothing is said of `get-state`: what it tells is read elsewhere.
    reading_at(&mut picture, Command::State, 6.0, Err(down()));
    assert_eq!(picture.volumes()[0].task, Part::default());
}

#[test]
fn an_unknown_task_state_is_no_reason_to_forget_the_task() {
    let mut picture = snapshot(vec![volume("v", 3)]);
    let line = ListedTask {
        id: None,
        kind: TaskKind::Rebalance,
        state: TaskState::Unknown,
        bricks: vec![],
    };
    for seconds in [5.0, 10.0] {
        let reply = status_report(&volume("v", 3), Some(vec![line.clone()]));
        reading_at(&mut picture, plain("v"), seconds, Ok(reply));
    }
    assert_eq!(
        picture.volumes()[0].task().map(|t| t.first_seen),
        Some(at(5.0))
    );
    assert!(picture.ended.is_empty());
}

fn reading_at(
    picture: &mut Snapshot,
    command: Command,
    seconds: f64,
    result: Result<Reply, Failure>,
) {
    super::reading(picture, &reading(command, at(seconds), result));
}
