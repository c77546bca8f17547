use super::*;

fn answer(text: &str) -> Answer {
    Answer {
        stdout: text.into(),
        exit: Some(0),
        ..Answer::default()
    }
}

fn parsed(text: &str) -> (StateReport, Vec<String>) {
    let parsed = read(&answer(text)).unwrap();
    match parsed.reply {
        Reply::State(report) => (report, parsed.warnings),
        other => panic!("{other:?}"),
    }
}

const ONE: &str = "[Global]
MYUUID: 907dee48-abab-4411-99ef-af1ce3cacef6
op-version: 100000

[Volumes]
Volume1.name: rb
Volume1.Brick1.path: 127.1.1.1:/g/1/b: odd
Volume1.Brick1.port: 52648
Volume1.Brick1.status: Started
Volume1.Brick1.spacefree: 247945887744Bytes
Volume1.Brick1.spacetotal: 270553174016Bytes
Volume1.Brick2.path: 127.1.1.2:/g/2/b/rb2
Volume1.Brick2.hostname: 127.1.1.2
Volume1.Brick3.path: 127.1.1.1:/g/1/b/rb3
Volume1.Brick3.port: 0
Volume1.Brick3.status: Stopped
Volume1.Brick3.spacetotal: 0Bytes
Volume1.rebalance.id: 998351e5-c049-44a4-8da0-5f766a2dec71
Volume1.rebalance.status: layout_fix_started
Volume1.snap_count: 2
Volume1.time_left: 754
Volume1.gsync_count: 4
Volume1.pair1.slave: ssh://far::one
Volume1.pair1.status: Active
Volume1.pair2.slave: ssh://far::one
Volume1.pair2.status: Passive
Volume1.pair3.slave: ssh://far::two
Volume1.pair3.status: Stopped
Volume1.pair4.slave: ssh://far::three
Volume1.pair4.status: Faulty
Volume1.options.user.x: a
Volume1.rebalance.id: 11111111-1111-1111-1111-111111111111
Volume2.name: idle
Volume2.rebalance.id: 00000000-0000-0000-0000-000000000000
Volume2.rebalance.status: not_started
Volume2.snap_count: 0
Volume2.time_left: 0
Volume2.gsync_count: 0
[Misc]
Base port: 49152
";

#[test]
fn volumes_tell_their_task_and_their_local_bricks() {
    let (report, warnings) = parsed(ONE);
    assert_eq!(warnings, [""; 0]);
    assert_eq!(
        report.local,
        Some(PeerId::new("907dee48-abab-4411-99ef-af1ce3cacef6"))
    );
    let [busy, idle] = report.volumes.as_slice() else {
        panic!("{report:?}");
    };
    assert_eq!(
        busy.task,
        Some(TaskId::new("998351e5-c049-44a4-8da0-5f766a2dec71"))
    );
    assert_eq!(busy.task_state, TaskState::InProgress);
    let [(name, state, space), (_, stopped, nothing)] = busy.bricks.as_slice() else {
        panic!("{busy:?}");
    };
    assert_eq!(name.as_str(), "127.1.1.1:/g/1/b: odd");
    assert_eq!((state.online, state.port), (Some(true), Some(52648)));
    assert_eq!(space.used(), Some(270_553_174_016 - 247_945_887_744));
    assert_eq!((stopped.online, stopped.port), (Some(false), None));
    assert_eq!(*nothing, BrickSpace::default());

    assert_eq!(report.op_version, Some(100_000));
    assert_eq!(busy.geo_sessions, Some(2), "one of three is stopped");
    assert_eq!(busy.snapshots, Some(2));
    assert_eq!(busy.time_left, Some(Duration::from_secs(754)));
    assert_eq!((idle.snapshots, idle.time_left), (Some(0), None));
    assert_eq!(
        idle.geo_sessions, None,
        "none of its bricks is here to tell"
    );

    assert_eq!(idle.task, None);
    assert_eq!(idle.task_state, TaskState::NotStarted);
}

#[test]
fn an_option_does_not_speak_for_a_volume_that_came_before() {
    let end = "Volume2.gsync_count: 0\n";
    let option = "Volume2.options.user.y: a\nVolume1.name: ghost\nVolume1.rebalance.id: 1-1\n";
    let text = ONE.replace(end, &format!("{end}{option}"));
    assert_ne!(text, ONE);
    assert_eq!(parsed(&text).0.volumes, parsed(ONE).0.volumes);
}

#[test]
fn an_unknown_word_is_unknown_and_said() {
    let (report, warnings) = parsed(&ONE.replace("layout_fix_started", "pondering"));
    assert_eq!(report.volumes[0].task_state, TaskState::Unknown);
    assert_eq!(warnings, [r#"volume rb: rebalance.status is "pondering""#]);
}

#[test]
fn a_file_that_is_still_being_written_is_no_answer() {
    let half = ONE.split_once("[Misc]").unwrap().0;
    assert!(read(&answer(half)).is_err());
    assert!(read(&answer("glusterd state dumped to /run/x/state\n")).is_err());
    assert!(read(&answer("")).is_err());
}

#[test]
fn sessions_and_estimates_are_counted_as_this_node_knows_them() {
    let (old, _) = parsed(&ONE.replace("Volume1.pair", "Volume1.other"));
    assert_eq!(
        old.volumes[0].geo_sessions,
        Some(4),
        "none is known to be stopped"
    );
    let (new, _) = parsed(&ONE.replace(".slave:", ".secondary:"));
    assert_eq!(new.volumes[0].geo_sessions, Some(2));
    let (over, _) = parsed(&ONE.replace("layout_fix_started", "completed"));
    assert_eq!(
        over.volumes[0].time_left, None,
        "left from a task that is over"
    );
    let (first, _) = parsed(&ONE.replace("_count: ", "_number: "));
    let first = &first.volumes[0];
    assert_eq!((first.geo_sessions, first.snapshots), (None, None));
}

#[test]
fn what_passes_is_no_definition_and_all_else_is() {
    let marks = |text: &str| {
        let (report, _) = parsed(text);
        (report.definitions, report.peers)
    };
    let text = ONE.replace(
        "[Volumes]",
        "[Peers]\nPeer1.connected: Connected\n\n[Volumes]",
    );
    let (definitions, peers) = marks(&text);
    for (line, other) in [
        ("port: 52648", "port: 52649"),
        ("status: Started", "status: Stopped"),
        ("spacefree: 247945887744Bytes", "spacefree: 1Bytes"),
        (
            "rebalance.status: not_started",
            "rebalance.status: completed",
        ),
        ("time_left: 754", "time_left: 700"),
        ("pair1.status: Active", "pair1.status: Faulty"),
    ] {
        assert!(text.contains(line), "{line}");
        assert_eq!(
            marks(&text.replacen(line, other, 1)),
            (definitions, peers),
            "{line}"
        );
    }
    for (line, other) in [
        ("Volume2.name: idle", "Volume2.name: busy"),
        (
            "Brick2.path: 127.1.1.2:/g/2/b/rb2",
            "Brick2.path: 127.1.1.2:/g/2/b/other",
        ),
        ("snap_count: 2", "snap_count: 3"),
        ("options.user.x: a", "options.user.x: a\n[more of it]"),
        (
            "options.user.x: a",
            "options.user.x: a\nVolume1.options.user.y: b",
        ),
        ("options.user.x: a", "something.new: a"),
    ] {
        assert!(text.contains(line), "{line}");
        let found = marks(&text.replacen(line, other, 1));
        assert_ne!(found.0, definitions, "{other}");
        assert_eq!(found.1, peers, "{other}");
    }
    let away = marks(&text.replace(": Connected", ": Disconnected"));
    assert_eq!(away.0, definitions);
    assert_ne!(away.1, peers);
}
