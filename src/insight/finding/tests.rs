use super::*;
use crate::insight::testing::{
    GIB, at, define, disperse, distribute, node, replica, set_online, set_peer, set_space,
    set_task, snapshot, volume,
};
use crate::model::{NodeProgress, TaskKind, TaskState, VolumeStatus};

mod alarms;
mod answers;
mod pool;

/// `severity code subject` of everything found four seconds into the test.
fn found(snapshot: &Snapshot) -> Vec<String> {
    found_at(snapshot, 4)
}

fn found_at(snapshot: &Snapshot, seconds: u64) -> Vec<String> {
    // Only the base data of these tests grows old with the clock.
    let thresholds = Thresholds {
        stale: Duration::from_secs(86_400),
        unread: Duration::from_secs(86_400),
        ..Thresholds::default()
    };
    findings(snapshot, at(seconds), &thresholds)
        .iter()
        .map(|f| format!("{} {} {}", f.severity.as_str(), f.code, f.subject))
        .collect()
}

fn with_offline(state: VolumeState, bricks: &[usize]) -> Vec<String> {
    let mut state = state;
    for &brick in bricks {
        set_online(&mut state, brick, Some(false));
    }
    found(&snapshot(vec![state]))
}

/// A volume `v` with one task.
fn with_task(kind: TaskKind, nodes: Vec<NodeProgress>) -> Snapshot {
    let mut state = volume("v", distribute(), 3);
    let leaving: &[usize] = if kind == TaskKind::RemoveBrick {
        &[1]
    } else {
        &[]
    };
    set_task(&mut state, kind, leaving, nodes);
    snapshot(vec![state])
}

fn silent(number: usize, state: TaskState) -> NodeProgress {
    NodeProgress {
        reported: false,
        ..node(number, state)
    }
}

#[test]
fn a_healthy_cluster_has_no_finding() {
    let cluster = snapshot(vec![volume("v", replica(3, 0), 6)]);
    assert_eq!(found(&cluster), [""; 0]);
}

#[test]
fn a_brick_offline_is_as_bad_as_what_is_left_of_its_set() {
    assert_eq!(
        with_offline(volume("v", disperse(4, 2), 6), &[5]),
        [
            "warning subvolume-degraded v-disperse-0",
            "warning brick-offline gl-06:/bricks/v"
        ]
    );
    assert_eq!(
        with_offline(volume("v", disperse(4, 2), 6), &[4, 5]),
        [
            "critical subvolume-degraded v-disperse-0",
            "critical brick-offline gl-05:/bricks/v",
            "critical brick-offline gl-06:/bricks/v"
        ]
    );
    assert_eq!(
        with_offline(volume("v", replica(3, 0), 6), &[4]),
        [
            "critical subvolume-degraded v-replicate-1",
            "critical brick-offline gl-05:/bricks/v"
        ]
    );
    assert_eq!(
        with_offline(volume("v", distribute(), 2), &[1]),
        [
            "critical subvolume-down v-client-1",
            "critical brick-offline gl-02:/bricks/v"
        ]
    );
}

#[test]
fn bricks_of_a_stopped_volume_are_no_finding() {
    let mut state = volume("v", distribute(), 2);
    define(&mut state, |v| v.status = VolumeStatus::Stopped);
    assert_eq!(with_offline(state, &[0, 1]), [""; 0]);
}

#[test]
fn a_filling_brick_is_named_unless_it_leaves() {
    let mut state = volume("v", distribute(), 3);
    set_space(&mut state, 0, |b| b.free = Some(10 * GIB));
    set_space(&mut state, 1, |b| b.free = Some(4 * GIB));
    set_space(&mut state, 2, |b| b.free = None);
    let full = findings(
        &snapshot(vec![state.clone()]),
        at(1),
        &Thresholds::default(),
    );
    assert_eq!(full.len(), 1, "90 % is not above 90 %: {full:?}");
    assert_eq!(full[0].text, "v: brick gl-02:/bricks/v is 96% full");
    let nodes = vec![node(2, TaskState::InProgress)];
    set_task(&mut state, TaskKind::RemoveBrick, &[1], nodes);
    assert_eq!(
        found(&snapshot(vec![state])),
        ["critical brick-full-soon gl-01:/bricks/v"],
        "what it holds goes where there is no room"
    );
}

#[test]
fn peers_are_missed_and_rejected_ones_named() {
    let mut cluster = snapshot(vec![volume("v", distribute(), 3)]);
    set_peer(&mut cluster, 2, |peer| peer.connected = Some(false));
    set_peer(&mut cluster, 3, |peer| {
        peer.state = Some("Peer Rejected (Connected)".into());
    });
    assert_eq!(
        found(&cluster),
        [
            "critical peer-disconnected gl-02",
            "critical peer-rejected gl-03"
        ]
    );
    set_peer(&mut cluster, 2, |peer| peer.connected = None);
    assert_eq!(found(&cluster), ["critical peer-rejected gl-03"]);
}

#[test]
fn a_peer_away_is_as_bad_as_what_is_left_without_its_bricks() {
    let away = |state: VolumeState, number| {
        let mut cluster = snapshot(vec![state, volume("w", distribute(), 1)]);
        set_peer(&mut cluster, number, |peer| peer.connected = Some(false));
        let all = findings(&cluster, at(4), &Thresholds::default());
        let of_peer = |f: &&Finding| f.code == "peer-disconnected";
        all.iter().find(of_peer).map(|f| f.severity)
    };
    let (warning, critical) = (Some(Severity::Warning), Some(Severity::Critical));
    assert_eq!(away(volume("v", disperse(4, 2), 6), 5), warning);
    assert_eq!(away(volume("v", replica(3, 0), 3), 2), critical);
    let mut silent = volume("v", disperse(4, 2), 6);
    set_online(&mut silent, 0, None);
    assert_eq!(away(silent, 5), critical, "what is unknown may be lost too");
    let mut stopped = volume("v", distribute(), 3);
    define(&mut stopped, |v| v.status = VolumeStatus::Stopped);
    assert_eq!(away(stopped, 2), warning, "nobody uses its bricks");
}

#[test]
fn a_failed_task_and_a_pending_commit_wait_for_the_admin() {
    let failed = with_task(TaskKind::Rebalance, vec![node(1, TaskState::Failed)]);
    assert_eq!(found(&failed), ["critical task-failed v"]);
    let done = vec![node(2, TaskState::Completed)];
    assert_eq!(
        found(&with_task(TaskKind::RemoveBrick, done.clone())),
        ["warning commit-pending v"]
    );
    assert_eq!(found(&with_task(TaskKind::Rebalance, done)), [""; 0]);
}

#[test]
fn failures_name_their_nodes() {
    let mut failing = node(2, TaskState::InProgress);
    failing.counters.failures = Some(1_200);
    let mut uncounted = node(3, TaskState::InProgress);
    uncounted.counters.failures = None;
    let nodes = vec![node(1, TaskState::InProgress), failing, uncounted];
    let cluster = with_task(TaskKind::RemoveBrick, nodes);
    let all = findings(&cluster, at(4), &Thresholds::default());
    assert_eq!(
        (all.len(), all[0].code, all[0].text.as_str()),
        (
            1,
            "task-failures",
            "v: 1,200 failures on gl-02 (remove-brick, skipped files among them)"
        )
    );
}

#[test]
fn a_task_stalls_when_no_counter_moves() {
    // The run time goes on, so the process lives.
    let quiet = |seconds| {
        let mut quiet = node(1, TaskState::InProgress);
        quiet.ticked = Some(at(seconds));
        quiet.taken = Some(at(seconds));
        found_at(&with_task(TaskKind::Rebalance, vec![quiet]), seconds)
    };
    assert_eq!(quiet(179), [""; 0]);
    assert_eq!(quiet(180), ["warning task-stalled v on gl-01"]);
    assert_eq!(quiet(900), ["critical task-stalled v on gl-01"]);
}

#[test]
fn a_run_time_that_stands_still_is_a_dead_process() {
    let read_after = |seconds| NodeProgress {
        taken: Some(at(seconds)),
        ..node(1, TaskState::InProgress)
    };
    let cluster = with_task(TaskKind::Rebalance, vec![read_after(59)]);
    assert_eq!(found_at(&cluster, 600), [""; 0], "nobody has asked since");
    let cluster = with_task(TaskKind::Rebalance, vec![read_after(60)]);
    let dead = findings(&cluster, at(60), &Thresholds::default());
    let dead: Vec<_> = dead.iter().filter(|f| f.code == "task-stalled").collect();
    assert_eq!(dead[0].severity, Severity::Critical);
    assert!(
        dead[0].text.contains("its run time stands still for 60s"),
        "{dead:?}"
    );
    let ended = with_task(
        TaskKind::Rebalance,
        vec![
            node(1, TaskState::Completed),
            NodeProgress {
                ticked: Some(at(4)),
                ..node(2, TaskState::InProgress)
            },
        ],
    );
    assert_eq!(
        found_at(&ended, 60),
        [""; 0],
        "a node that is done may rest"
    );
}

#[test]
fn a_silent_node_is_named_while_its_answer_matters() {
    let found = |kind, nodes| found(&with_task(kind, nodes));
    let expected = ["warning node-silent v on gl-02"];
    let running = node(1, TaskState::InProgress);
    assert_eq!(
        found(
            TaskKind::Rebalance,
            vec![running, silent(2, TaskState::InProgress)]
        ),
        expected
    );
    let done = node(1, TaskState::Completed);
    assert_eq!(
        found(
            TaskKind::Rebalance,
            vec![done.clone(), silent(2, TaskState::Unknown)]
        ),
        expected,
        "whether the task is over depends on it"
    );
    assert_eq!(
        found(
            TaskKind::RemoveBrick,
            vec![done.clone(), silent(2, TaskState::Completed)]
        ),
        ["warning commit-pending v", "warning node-silent v on gl-02"],
        "it stands in the way of the commit"
    );
    assert_eq!(
        found(
            TaskKind::Rebalance,
            vec![done, silent(2, TaskState::Completed)]
        ),
        [""; 0]
    );
}

#[test]
fn two_nodes_of_a_task_are_two_findings() {
    let nodes = vec![
        node(1, TaskState::InProgress),
        silent(2, TaskState::InProgress),
        silent(3, TaskState::InProgress),
    ];
    let all = findings(
        &with_task(TaskKind::Rebalance, nodes),
        at(4),
        &Thresholds::default(),
    );
    let told: Vec<_> = all.iter().map(|f| f.subject.as_str()).collect();
    assert_eq!(told, ["v on gl-02", "v on gl-03"]);
    assert!(all.iter().all(|f| f.volume == Some("v".into())));
}

#[test]
fn nothing_names_a_key_or_a_screen() {
    let mut state = volume("v", distribute(), 3);
    set_space(&mut state, 0, |b| b.free = Some(GIB));
    for task in [TaskState::Failed, TaskState::Completed] {
        let nodes = vec![node(2, task), silent(3, task)];
        set_task(&mut state, TaskKind::RemoveBrick, &[1], nodes);
        for f in findings(
            &snapshot(vec![state.clone()]),
            at(4),
            &Thresholds::default(),
        ) {
            let words = format!("{} {}", f.text, f.advice);
            for key in ["(C)", "C:", "S stops", "T slows", "screen"] {
                assert!(!words.contains(key), "{words}");
            }
        }
    }
}

#[test]
fn the_worst_comes_first() {
    let mut state = volume("v", disperse(4, 2), 6);
    set_online(&mut state, 0, Some(false));
    set_task(
        &mut state,
        TaskKind::Rebalance,
        &[],
        vec![node(1, TaskState::Failed)],
    );
    assert_eq!(
        found(&snapshot(vec![state])),
        [
            "critical task-failed v",
            "warning subvolume-degraded v-disperse-0",
            "warning brick-offline gl-01:/bricks/v"
        ]
    );
}
