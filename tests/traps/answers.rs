//! Good answers that are easily misread.

use std::time::Duration;

use glustop::model::{Counters, TaskState, VolumeKind};

use super::*;

#[test]
fn releases_up_to_9_know_stripes() {
    let (volumes, warnings) = volumes(include_str!("../fixtures/traps/3.12-volume-info.xml"));
    let volume = &volumes[0];
    assert_eq!(
        (volume.kind(), volume.subvolume_count()),
        (VolumeKind::Stripe, 2)
    );
    // Another `name`, of a block device translator, stands deeper in the same volume.
    assert_eq!(volume.name.as_str(), "old");
    assert_eq!(warnings, [""; 0]);
}

#[test]
fn a_tiered_volume_wraps_its_bricks() {
    let (volumes, warnings) = volumes(include_str!("../fixtures/traps/3.12-tiered-info.xml"));
    assert_eq!(volumes[0].bricks.len(), 3);
    assert_eq!(
        warnings,
        ["volume hot is tiered: its sub-volumes are not known"]
    );

    let command = Command::VolumeStatus {
        volume: "hot".into(),
        view: StatusView::Plain,
    };
    let text = include_str!("../fixtures/traps/3.12-tiered-status.xml");
    let (report, warnings) = report(&command, text);
    let paths: Vec<_> = report
        .bricks
        .iter()
        .map(|brick| brick.path.as_str())
        .collect();
    assert_eq!(paths, ["/fast", "/slow", "/slow"]);
    // A tier task is none that is known here.
    assert_eq!(report.tasks, Some(Vec::new()));
    assert_eq!(
        warnings,
        [r#"task of volume hot: "Tier migration" is not known here"#]
    );
}

#[test]
fn release_3_12_has_no_state_when_the_host_of_the_brick_is_down() {
    let text = include_str!("../fixtures/traps/3.12-remove-brick-host-down.xml");
    let (report, _) = progress(&remove(RemoveStep::Status), text);
    assert_eq!(report.nodes, []);
    assert!(report.task.is_some());
    // Later releases print 0 and "not started" there: no difference, the nodes decide.
    let later = text.replace("-1", "0").replace("(null)", "not started");
    assert_eq!(progress(&remove(RemoveStep::Status), &later).0, report);
}

#[test]
fn a_node_with_minus_1_and_null_is_in_an_unknown_state() {
    let (report, warnings) = progress(
        &rebalance(),
        &good(
            "<volRebalance><node><nodeName>gl-02</nodeName><files>1</files><size>N/A</size><lookups>-</lookups><failures>-1</failures><skipped>99999999999999999999999</skipped><status>-1</status><statusStr>(null)</statusStr><runtime>(null)</runtime></node></volRebalance>",
        ),
    );
    let node = &report.nodes[0];
    // Without an id it keeps its name.
    assert_eq!((node.name.as_str(), &node.peer), ("gl-02", &None));
    assert_eq!((node.state, node.fix_layout), (TaskState::Unknown, false));
    let known = Counters {
        files: Some(1),
        ..Counters::default()
    };
    assert_eq!(node.counters, known);
    assert_eq!(warnings.len(), 7, "{warnings:?}");
}

#[test]
fn a_fix_layout_has_states_of_its_own() {
    let (report, warnings) = progress(
        &rebalance(),
        include_str!("../fixtures/traps/fix-layout-status.xml"),
    );
    assert!(report.nodes.iter().all(|node| node.fix_layout));
    let states: Vec<_> = report.nodes.iter().map(|node| node.state).collect();
    assert_eq!(
        states,
        [
            TaskState::Completed,
            TaskState::InProgress,
            TaskState::Failed
        ]
    );
    assert_eq!(warnings, [""; 0]);
}

#[test]
fn the_node_count_is_the_size_of_the_pool_and_the_order_means_nothing() {
    let text = include_str!("../fixtures/traps/fix-layout-status.xml");
    assert!(text.contains("<nodeCount>7</nodeCount>"));
    let (report, _) = progress(&rebalance(), text);
    // An unknown element between the nodes changes nothing either.
    let names: Vec<_> = report.nodes.iter().map(|node| node.name.as_str()).collect();
    assert_eq!(names, ["gl-02", "localhost", "gl-03"]);
}

#[test]
fn remove_brick_counts_skipped_files_as_failures() {
    let text = include_str!("../fixtures/traps/fix-layout-status.xml")
        .replace("volRebalance", "volRemoveBrick");
    for step in [RemoveStep::Status, RemoveStep::Stop] {
        let (report, _) = progress(&remove(step), &text);
        assert!(
            report
                .nodes
                .iter()
                .all(|node| node.counters.skipped.is_none())
        );
    }
}

#[test]
fn stopping_a_finished_task_says_completed() {
    let text = include_str!("../fixtures/traps/fix-layout-status.xml")
        .replace("<op>3</op>", "<op>2</op>")
        .replace("<status>5</status>", "<status>3</status>");
    let (report, _) = progress(&Command::RebalanceStop("media".into()), &text);
    assert_eq!(report.nodes[1].state, TaskState::Completed);
    assert_eq!(
        report.nodes[1].counters.runtime,
        Some(Duration::from_secs(33))
    );
}

#[test]
fn codes_from_9_on_are_what_other_commands_left_behind() {
    for (code, words) in [("9", "reset due to replace-brick"), ("11", "unknown")] {
        let text = include_str!("../fixtures/traps/fix-layout-status.xml")
            .replace("<status>5</status>", &format!("<status>{code}</status>"))
            .replace("fix-layout in progress", words);
        let (report, warnings) = progress(&rebalance(), &text);
        assert_eq!(report.nodes[1].state, TaskState::Unknown);
        assert_eq!(
            warnings,
            [format!("node \"localhost\": status is \"{code} {words}\"")]
        );
    }
}

#[test]
fn the_bricks_of_a_silent_peer_are_simply_missing() {
    let text = include_str!("../fixtures/traps/silent-peer-status.xml");
    let (report, warnings) = report(&status(StatusView::Plain), text);
    // Three bricks have the volume, two are told; the two services are none.
    assert_eq!(report.bricks.len(), 2);
    assert_eq!(warnings, [""; 0]);
}

#[test]
fn an_offline_brick_has_no_port_and_no_process() {
    let text = include_str!("../fixtures/traps/silent-peer-status.xml");
    let (report, _) = report(&status(StatusView::Plain), text);
    let state = report.bricks[1].state;
    assert_eq!(
        (state.online, state.port, state.pid),
        (Some(false), None, None)
    );
    assert!(report.bricks[1].peer.is_some());
}

#[test]
fn a_service_that_is_not_known_yet_is_no_brick_either() {
    let text = include_str!("../fixtures/traps/silent-peer-status.xml")
        .replace("Self-heal Daemon", "Coffee Daemon");
    let (report, warnings) = report(&status(StatusView::Plain), &text);
    assert_eq!((report.bricks.len(), warnings.len()), (2, 2));
}

#[test]
fn detail_leaves_out_what_glusterd_could_not_learn() {
    let text = include_str!("../fixtures/traps/bare-detail.xml");
    let (report, warnings) = report(&status(StatusView::Detail), text);
    assert_eq!(report.tasks, None);
    let [bare, gone] = report.bricks.as_slice() else {
        panic!("{report:?}");
    };
    assert_eq!(bare.space.used(), Some(2_558_459_904));
    assert_eq!((&bare.space.device, bare.space.inodes_total), (&None, None));
    // Its directory is gone although its process runs.
    assert_eq!((gone.state.online, gone.space.total), (Some(true), None));
    assert_eq!(gone.space.fs.as_deref(), Some("btrfs"));
    assert_eq!(warnings, [""; 0]);
}

#[test]
fn release_11_0_calls_a_single_set_distributed() {
    let (volumes, _) = volumes(include_str!("../fixtures/traps/11.0-volume-info.xml"));
    assert_eq!(volumes[0].kind(), VolumeKind::Replicate);
    assert_eq!(volumes[0].shape(), "1 x (2 + 1)");
}

#[test]
fn release_11_2_replaces_control_characters() {
    let (volumes, warnings) = volumes(include_str!("../fixtures/traps/11.0-volume-info.xml"));
    assert_eq!(volumes[0].options["user.ctrl"], "a\u{fffd}b");
    assert_eq!(warnings.len(), 1, "{warnings:?}");
}

#[test]
fn values_keep_their_line_breaks_and_blanks() {
    let (volumes, _) = volumes(include_str!("../fixtures/traps/11.0-volume-info.xml"));
    assert_eq!(
        volumes[0].options["user.lines"],
        "one\ntwo\tthree\r\n  four "
    );
    assert_eq!(volumes[0].options["user.null"], "(null)");
}

#[test]
fn before_arbiters_were_marked_the_last_brick_of_a_set_was_one() {
    let text = include_str!("../fixtures/traps/11.0-volume-info.xml")
        .replace("<isArbiter>0</isArbiter>", "")
        .replace("<isArbiter>1</isArbiter>", "");
    let (volumes, _) = volumes(&text);
    let arbiters: Vec<_> = volumes[0].bricks.iter().map(|b| b.is_arbiter).collect();
    assert_eq!(arbiters, [false, false, true]);
}

#[test]
fn the_peer_of_a_brick_stands_in_two_places() {
    let text = include_str!("../fixtures/traps/11.0-volume-info.xml");
    let (expected, _) = volumes(text);
    let attribute_only: Vec<&str> = text
        .split("<hostUuid>")
        .map(|part| {
            part.split_once("</hostUuid>")
                .map_or(part, |(_, rest)| rest)
        })
        .collect();
    assert_eq!(volumes(&attribute_only.concat()).0, expected);
}

#[test]
fn a_brick_without_a_name_keeps_its_place_in_the_set() {
    let text = include_str!("../fixtures/traps/11.0-volume-info.xml")
        .replace("<name>gl-01:/b/1</name>", "<name>(null)</name>");
    let (volumes, warnings) = volumes(&text);
    assert_eq!(volumes[0].bricks.len(), 3);
    assert!(volumes[0].bricks[2].is_arbiter);
    assert!(warnings.contains(&"volume r3: brick 1 has no name".to_owned()));
}

#[test]
fn a_volume_status_is_read_by_number_then_by_word() {
    use glustop::model::VolumeStatus;
    for (number, word, expected) in [
        ("2", "Started", VolumeStatus::Stopped),
        ("(null)", "Created", VolumeStatus::Created),
        ("7", "Dreaming", VolumeStatus::Unknown),
    ] {
        let text = include_str!("../fixtures/traps/3.12-volume-info.xml")
            .replace("<status>1<", &format!("<status>{number}<"))
            .replace(">Started<", &format!(">{word}<"));
        assert_eq!(volumes(&text).0[0].status, expected);
    }
}

#[test]
fn huge_counts_do_not_overflow() {
    let text = include_str!("../fixtures/traps/3.12-volume-info.xml")
        .replace("<replicaCount>1<", "<replicaCount>4294967295<");
    let (volumes, warnings) = volumes(&text);
    assert_eq!(volumes[0].subvolume_count(), 1);
    assert_eq!(warnings, [""; 0]);
}

#[test]
fn a_volume_with_an_unreadable_count_is_not_taken_for_another_sort() {
    let good = include_str!("../fixtures/traps/3.12-volume-info.xml");
    for field in ["replica", "arbiter", "disperse", "redundancy", "stripe"] {
        let count = |value| format!("<{field}Count>{value}</{field}Count>");
        let given = ["0", "1", "2"].map(count);
        let given = given.iter().find(|given| good.contains(*given)).unwrap();
        for unreadable in ["many", "-1", "N/A", ""] {
            let text = good.replace(given, &count(unreadable));
            let failure = failure(&Command::VolumeInfo(None), &answer(0, &text, ""));
            assert_eq!(failure.kind, FaultKind::BadOutput);
            let expected = format!("volume old: {field}Count is {unreadable:?}.");
            assert_eq!(failure.message, expected);
        }
        assert_eq!(volumes(&good.replace(given, "")).0.len(), 1, "missing");
    }
}

#[test]
fn a_hung_peer_is_connected_and_a_dead_one_is_still_in_the_cluster() {
    let peer = |uuid, connected, state| {
        format!(
            "<peer><uuid>{uuid}</uuid><hostname>gl-0{uuid}</hostname><hostnames><hostname>x</hostname></hostnames><connected>{connected}</connected><state>3</state><stateStr>{state}</stateStr></peer>"
        )
    };
    let text = good(&format!(
        "<peerStatus>{}{}<peer><uuid>3</uuid><hostname>localhost</hostname><connected>1</connected></peer></peerStatus>",
        peer(1, 0, "Peer in Cluster"),
        peer(2, 1, "Peer Rejected"),
    ));
    let Reply::Peers(peers) = parsed(&Command::PoolList, &text).reply else {
        panic!("{text}");
    };
    let seen: Vec<_> = peers
        .iter()
        .map(|peer| (peer.connected, peer.is_rejected(), peer.is_local))
        .collect();
    assert_eq!(
        seen,
        [
            (Some(false), false, false),
            (Some(true), true, false),
            (Some(true), false, true)
        ]
    );
}

#[test]
fn a_success_may_carry_a_sentence_and_a_number_where_errors_stand() {
    let text = document(
        "<opRet>0</opRet><opErrno>115</opErrno><opErrstr>Remove Brick start successful</opErrstr><volRemoveBrick><task-id>6f2c</task-id></volRemoveBrick>",
    );
    let Reply::Done { task, text, .. } = parsed(&remove(RemoveStep::Start), &text).reply else {
        panic!("{text}");
    };
    assert_eq!(task.unwrap().as_str(), "6f2c");
    assert_eq!(text, "Remove Brick start successful");
}
