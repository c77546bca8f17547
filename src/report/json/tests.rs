use std::time::Duration;

use insta::assert_snapshot;
use serde_json::Value;

use super::*;
use crate::insight::testing::{
    GIB, at, define, disperse, distribute, fault, node, set_online, set_peer, set_task, volume,
};
use crate::model::{FaultKind, Sample, Snapshot, TaskKind, TaskState};
use crate::report::Source;
use crate::report::tests::{Told, draining, holes};

/// One part of the document, for documents that would be long.
fn part(told: &Told, pointer: &str) -> String {
    let all: Value = serde_json::from_str(&told.told(status_json)).unwrap();
    serde_json::to_string(all.pointer(pointer).unwrap()).unwrap()
}

fn parts(told: &Told, pointers: &[&str]) -> String {
    let lines = pointers.iter().map(|p| format!("{p} {}", part(told, p)));
    lines.collect::<Vec<_>>().join("\n")
}

#[test]
fn a_whole_document() {
    let mut state = volume("scratch", distribute(), 1);
    define(&mut state, |volume| {
        let option = ("cluster.rebal-throttle".into(), "lazy".into());
        volume.options.extend([option]);
    });
    assert_snapshot!(Told::of(vec![state]).told(status_json), @r#"
    {
      "schema": "glustop.status/1",
      "taken_at": "2026-11-22T12:00:04Z",
      "gluster_version": "10.3",
      "source": "local",
      "health": "ok",
      "peers": [
        {
          "uuid": "00000000-0000-0000-0000-000000000001",
          "hostname": "localhost",
          "connected": true,
          "state": null,
          "is_local": true
        }
      ],
      "volumes": [
        {
          "name": "scratch",
          "id": "id-of-scratch",
          "type": "Distribute",
          "status": "started",
          "brick_count": 1,
          "bricks_online": 1,
          "bricks_age": 4,
          "replica_count": 1,
          "arbiter_count": 0,
          "disperse_count": 0,
          "redundancy_count": 0,
          "subvolume_count": 1,
          "size_total": 107374182400,
          "size_used": 42949672960,
          "options": {
            "cluster.rebal-throttle": "lazy"
          },
          "subvolumes": [
            {
              "index": 0,
              "state": "up",
              "bricks": [
                "gl-01:/bricks/scratch"
              ]
            }
          ],
          "bricks": [
            {
              "name": "gl-01:/bricks/scratch",
              "host": "gl-01",
              "path": "/bricks/scratch",
              "peer_uuid": "00000000-0000-0000-0000-000000000001",
              "subvolume": 0,
              "is_arbiter": false,
              "online": true,
              "port": 49152,
              "pid": 3311,
              "size_total": 107374182400,
              "size_free": 64424509440,
              "device": "/dev/sdb",
              "fs": "xfs",
              "leaving": false
            }
          ],
          "task": null
        }
      ],
      "findings": [],
      "errors": []
    }
    "#);
}

#[test]
fn a_task_with_a_silent_node() {
    let json = Told::of(vec![draining()]).told(status_json);
    let (_, task) = json.split_at(json.find("\"task\"").unwrap());
    assert_snapshot!(task, @r#"
    "task": {
            "kind": "remove-brick",
            "id": "4c1b7f0e-aaaa-bbbb-cccc-0123456789ab",
            "state": "in-progress",
            "bricks": [
              "gl-03:/bricks/media",
              "gl-04:/bricks/media"
            ],
            "nodes_expected": 2,
            "nodes_reported": 1,
            "nodes": [
              {
                "name": "gl-03",
                "uuid": "00000000-0000-0000-0000-000000000003",
                "state": "in-progress",
                "files": 100,
                "bytes": 10737418240,
                "scanned": 1000,
                "failures": 0,
                "skipped": null,
                "runtime": 1800,
                "reported": true
              },
              {
                "name": "gl-04",
                "uuid": "00000000-0000-0000-0000-000000000004",
                "state": "in-progress",
                "files": 100,
                "bytes": 10737418240,
                "scanned": 1000,
                "failures": 12,
                "skipped": null,
                "runtime": 1800,
                "reported": false
              }
            ],
            "total": {
              "files": 200,
              "bytes": 21474836480,
              "scanned": 2000,
              "failures": 12,
              "skipped": null,
              "runtime": 1800
            },
            "progress": 0.3333,
            "progress_basis": "size",
            "baseline_bytes": 64424509440,
            "baseline_exact": false,
            "left_bytes": 42949672960,
            "drained": 0.3333,
            "rate_bytes": null,
            "eta": "2026-11-22T13:00:04Z",
            "eta_earliest": "2026-11-22T12:40:04Z",
            "eta_latest": "2026-11-22T13:20:04Z",
            "eta_basis": "size",
            "started_at": "2026-11-22T11:30:00Z"
          }
        }
      ],
      "findings": [
        {
          "severity": "warning",
          "subject": "media",
          "code": "task-failures",
          "text": "media: 12 failures on gl-04 (remove-brick, skipped files among them)",
          "advice": "The rebalance log of that node names the files: /var/log/glusterfs/VOLUME-rebalance.log."
        },
        {
          "severity": "warning",
          "subject": "media on gl-04",
          "code": "node-silent",
          "text": "media: gl-04 gave no answer about its remove-brick for 4s",
          "advice": "Its last counters are kept; look at glusterd on that node."
        }
      ],
      "errors": []
    }
    "#);
}

#[test]
fn what_is_not_known_is_null() {
    let mut told = Told::of(vec![holes()]);
    set_peer(&mut told.snapshot, 2, |peer| peer.connected = None);
    told.faults = vec![fault(FaultKind::Timeout, "no answer in 130s", at(0))];
    assert_snapshot!(parts(&told, &[
        "/health",
        "/peers/1",
        "/volumes/0/bricks_online",
        "/volumes/0/size_total",
        "/volumes/0/size_used",
        "/volumes/0/subvolumes/0/state",
        "/volumes/0/bricks/0/online",
        "/volumes/0/bricks/1",
        "/volumes/0/task",
        "/errors",
    ]), @r#"
    /health "critical"
    /peers/1 {"connected":null,"hostname":"gl-02","is_local":false,"state":"Peer in Cluster","uuid":"00000000-0000-0000-0000-000000000002"}
    /volumes/0/bricks_online null
    /volumes/0/size_total null
    /volumes/0/size_used null
    /volumes/0/subvolumes/0/state "degraded"
    /volumes/0/bricks/0/online false
    /volumes/0/bricks/1 {"device":"/dev/sdb","fs":"xfs","host":"gl-02","is_arbiter":false,"leaving":false,"name":"gl-02:/bricks/holes","online":null,"path":"/bricks/holes","peer_uuid":"00000000-0000-0000-0000-000000000002","pid":null,"port":null,"size_free":null,"size_total":107374182400,"subvolume":0}
    /volumes/0/task null
    /errors [{"command":"gluster --mode=script --xml volume status media","kind":"timeout","message":"no answer in 130s"}]
    "#);
}

#[test]
fn before_anything_was_read() {
    let mut told = Told::of(vec![]);
    told.snapshot = Snapshot::default();
    told.source = Source::Ssh;
    told.faults = vec![fault(
        FaultKind::DaemonDown,
        "Connection failed.\nLook.",
        at(0),
    )];
    assert_snapshot!(told.told(status_json), @r#"
    {
      "schema": "glustop.status/1",
      "taken_at": "2026-11-22T12:00:04Z",
      "gluster_version": null,
      "source": "ssh",
      "health": "unknown",
      "peers": [],
      "volumes": [],
      "findings": [],
      "errors": [
        {
          "command": "gluster --mode=script --xml volume status media",
          "kind": "daemon-down",
          "message": "Connection failed.\nLook."
        }
      ]
    }
    "#);
}

#[test]
fn a_stopped_volume_has_no_running_bricks() {
    let mut state = volume("backup", disperse(4, 2), 6);
    define(&mut state, |volume| {
        volume.status = VolumeStatus::Stopped;
        volume.id.clear();
    });
    assert_snapshot!(parts(&Told::of(vec![state]), &[
        "/health",
        "/volumes/0/id",
        "/volumes/0/type",
        "/volumes/0/status",
        "/volumes/0/bricks_age",
        "/volumes/0/replica_count",
        "/volumes/0/disperse_count",
        "/volumes/0/redundancy_count",
        "/volumes/0/size_total",
        "/volumes/0/subvolumes/0/state",
        "/volumes/0/bricks/5",
    ]), @r#"
    /health "ok"
    /volumes/0/id null
    /volumes/0/type "Disperse"
    /volumes/0/status "stopped"
    /volumes/0/bricks_age null
    /volumes/0/replica_count 1
    /volumes/0/disperse_count 6
    /volumes/0/redundancy_count 2
    /volumes/0/size_total 429496729600
    /volumes/0/subvolumes/0/state "unknown"
    /volumes/0/bricks/5 {"device":"/dev/sdb","fs":"xfs","host":"gl-06","is_arbiter":false,"leaving":false,"name":"gl-06:/bricks/backup","online":null,"path":"/bricks/backup","peer_uuid":"00000000-0000-0000-0000-000000000006","pid":null,"port":null,"size_free":64424509440,"size_total":107374182400,"subvolume":0}
    "#);
}

#[test]
fn every_state_of_a_task_has_its_word() {
    for (kind, state, word) in [
        (TaskKind::Rebalance, TaskState::NotStarted, "not-started"),
        (TaskKind::Rebalance, TaskState::InProgress, "in-progress"),
        (TaskKind::FixLayout, TaskState::Completed, "completed"),
        (
            TaskKind::RemoveBrick,
            TaskState::Completed,
            "commit-pending",
        ),
        (TaskKind::Rebalance, TaskState::Failed, "failed"),
        (TaskKind::Rebalance, TaskState::Stopped, "stopped"),
        (TaskKind::Rebalance, TaskState::Unknown, "unknown"),
    ] {
        let mut volume = volume("v", distribute(), 2);
        set_task(&mut volume, kind, &[], vec![node(1, state)]);
        let told = Told::of(vec![volume]);
        assert_eq!(part(&told, "/volumes/0/task/state"), format!("{word:?}"));
        let node = part(&told, "/volumes/0/task/nodes/0/state");
        let done = state == TaskState::Completed;
        let expected = if done { "completed" } else { word };
        assert_eq!(node, format!("{expected:?}"), "a node waits for nobody");
    }
}

#[test]
fn a_task_whose_nodes_are_not_known_yet() {
    let mut state = volume("v", distribute(), 2);
    set_task(&mut state, TaskKind::Rebalance, &[], vec![]);
    assert_snapshot!(part(&Told::of(vec![state]), "/volumes/0/task"), @r#"{"baseline_bytes":null,"baseline_exact":null,"bricks":[],"drained":null,"eta":null,"eta_basis":null,"eta_earliest":null,"eta_latest":null,"id":"4c1b7f0e-aaaa-bbbb-cccc-0123456789ab","kind":"rebalance","left_bytes":null,"nodes":[],"nodes_expected":null,"nodes_reported":null,"progress":null,"progress_basis":null,"rate_bytes":null,"started_at":null,"state":"in-progress","total":{"bytes":null,"failures":null,"files":null,"runtime":null,"scanned":null,"skipped":null}}"#);
}

#[test]
fn rate_and_end_come_from_two_readings() {
    let mut state = draining();
    let mut task = state.task().unwrap().clone();
    for (second, bytes) in [(0, 0), (60, 6 * GIB)] {
        task.trail.push(Sample {
            at: at(second).wall,
            bytes,
            files: 0,
            scanned: 0,
        });
    }
    task.nodes[0].counters.runtime = Some(Duration::from_millis(200_999));
    task.nodes[0].taken = Some(at(60));
    state.task = crate::model::Part::fresh(Some(task.into()), at(0));
    assert_snapshot!(parts(&Told::of(vec![state]), &[
        "/volumes/0/task/nodes/0/runtime",
        "/volumes/0/task/total/runtime",
        "/volumes/0/task/progress",
        "/volumes/0/task/progress_basis",
        "/volumes/0/task/rate_bytes",
        "/volumes/0/task/eta",
        "/volumes/0/task/started_at",
    ]), @r#"
    /volumes/0/task/nodes/0/runtime 200
    /volumes/0/task/total/runtime 1800
    /volumes/0/task/progress 0.4333
    /volumes/0/task/progress_basis "size"
    /volumes/0/task/rate_bytes 107374182
    /volumes/0/task/eta "2026-11-22T12:51:04Z"
    /volumes/0/task/started_at "2026-11-22T11:30:00Z"
    "#);
}

#[test]
fn hostile_names_reach_scripts_whole_and_terminals_harmless() {
    let hostile = "m\u{1b}[2J\u{9b}31m\u{202e}\"\\\n\u{fc}";
    let mut state = volume(hostile, distribute(), 1);
    set_online(&mut state, 0, Some(false));
    let json = Told::of(vec![state]).told(status_json);
    assert!(
        !json
            .chars()
            .any(|c| c != '\n' && (c.is_control() || c == '\u{202e}'))
    );
    let back: Value = serde_json::from_str(&json).unwrap();
    assert_eq!(back["volumes"][0]["name"], hostile);
    let line = json.lines().find(|line| line.contains("\"name\"")).unwrap();
    assert_snapshot!(line.trim(), @r#""name": "m\u001b[2J\u009b31m\u202e\"\\\nü","#);
}

#[test]
fn chosen_volumes_only() {
    let mut told = Told::of(vec![draining(), holes()]);
    told.only = vec!["media".into()];
    assert_snapshot!(parts(&told, &["/health", "/findings"]), @r#"
    /health "warning"
    /findings [{"advice":"The rebalance log of that node names the files: /var/log/glusterfs/VOLUME-rebalance.log.","code":"task-failures","severity":"warning","subject":"media","text":"media: 12 failures on gl-04 (remove-brick, skipped files among them)"},{"advice":"Its last counters are kept; look at glusterd on that node.","code":"node-silent","severity":"warning","subject":"media on gl-04","text":"media: gl-04 gave no answer about its remove-brick for 4s"}]
    "#);
    assert_eq!(part(&told, "/volumes/0/name"), "\"media\"");
    let all: Value = serde_json::from_str(&told.told(status_json)).unwrap();
    assert_eq!(all["volumes"].as_array().map(Vec::len), Some(1));
}

#[test]
fn without_gluster_there_is_a_document_all_the_same() {
    let mut told = Told::of(vec![]);
    let fault = fault(FaultKind::NotFound, "No gluster program.", at(4));
    told.snapshot = Snapshot::default();
    told.snapshot.volumes.fail(fault.clone());
    told.faults = vec![fault];
    assert_eq!(part(&told, "/health"), "\"unknown\"");
    assert_eq!(part(&told, "/volumes"), "[]");
    assert_eq!(part(&told, "/errors/0/kind"), "\"not-found\"");
}

#[test]
fn a_run_time_since_1970_is_told_as_unknown() {
    let mut state = draining();
    let mut task = state.task().unwrap().clone();
    task.nodes[0].counters.runtime = Some(Duration::from_secs(1_795_374_907));
    state.task = crate::model::Part::fresh(Some(task.into()), at(0));
    let told = part(&Told::of(vec![state]), "/volumes/0/task/nodes/0/runtime");
    assert_eq!(told, "null");
}
