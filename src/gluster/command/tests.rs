use std::path::PathBuf;

use super::*;

fn launcher() -> Launcher {
    Launcher {
        program: "gluster".into(),
        socket: None,
        ssh: None,
        state_dir: PathBuf::from("/run/glustop"),
        python_helper: false,
    }
}

fn line(command: Command) -> String {
    launcher().order(command).argv().to_string()
}

fn remove(step: RemoveStep, replica: Option<u32>) -> Command {
    Command::RemoveBrick {
        volume: "media".into(),
        bricks: vec!["gl-01:/b/1".into(), "gl-02:/b/1".into()],
        replica,
        step,
    }
}

/// All of them: another one does not compile before it stands here.
fn commands() -> Vec<Command> {
    let volume = || VolumeName::new("media");
    let steps = [
        RemoveStep::Start,
        RemoveStep::Status,
        RemoveStep::Stop,
        RemoveStep::Commit,
        RemoveStep::Force,
    ];
    let mut all = vec![
        Command::VolumeInfo(Some(volume())),
        Command::RebalanceStart {
            volume: volume(),
            mode: RebalanceMode::Migrate,
        },
    ];
    all.extend(steps.map(|step| remove(step, None)));
    let mut next = Some(Command::Version);
    while let Some(command) = next {
        next = match &command {
            Command::Version => Some(Command::PoolList),
            Command::PoolList => Some(Command::VolumeList),
            Command::VolumeList => Some(Command::VolumeInfo(None)),
            Command::VolumeInfo(_) => Some(Command::State),
            Command::State => Some(Command::HealSummary(volume())),
            Command::HealSummary(_) => Some(Command::Options(volume())),
            Command::Options(_) => Some(Command::PoolOptions),
            Command::PoolOptions => Some(Command::VolumeStatus {
                volume: volume(),
                view: StatusView::Plain,
            }),
            Command::VolumeStatus { .. } => Some(Command::RebalanceStatus(volume())),
            Command::RebalanceStatus(_) => Some(Command::RebalanceStop(volume())),
            Command::RebalanceStop(_) => Some(Command::SetThrottle {
                volume: volume(),
                throttle: Throttle::Lazy,
            }),
            Command::SetThrottle { .. }
            | Command::RebalanceStart { .. }
            | Command::RemoveBrick { .. } => None,
        };
        all.push(command);
    }
    all
}

#[test]
fn every_command_has_its_words() {
    let volume = || VolumeName::new("media");
    let status = |view| Command::VolumeStatus {
        volume: volume(),
        view,
    };
    let start = |mode| Command::RebalanceStart {
        volume: volume(),
        mode,
    };
    let quiet = "gluster --mode=script --xml --log-file=/dev/null";
    let loud = "gluster --mode=script --xml";
    for (command, words) in [
        (Command::Version, "gluster --log-file=/dev/null --version".to_owned()),
        (Command::PoolList, format!("{quiet} pool list")),
        (Command::VolumeList, format!("{quiet} volume list")),
        (Command::VolumeInfo(None), format!("{quiet} volume info")),
        (Command::VolumeInfo(Some(volume())), format!("{quiet} volume info media")),
        (
            Command::State,
            "gluster --mode=script --log-file=/dev/null get-state glusterd odir /run/glustop file state".to_owned(),
        ),
        (status(StatusView::Plain), format!("{quiet} volume status media")),
        (status(StatusView::Detail), format!("{quiet} volume status media detail")),
        (status(StatusView::Tasks), format!("{quiet} volume status media tasks")),
        (Command::RebalanceStatus(volume()), format!("{quiet} volume rebalance media status")),
        (start(RebalanceMode::Migrate), format!("{loud} volume rebalance media start")),
        (start(RebalanceMode::FixLayout), format!("{loud} volume rebalance media fix-layout start")),
        (start(RebalanceMode::Force), format!("{loud} volume rebalance media start force")),
        (Command::RebalanceStop(volume()), format!("{loud} volume rebalance media stop")),
        (
            remove(RemoveStep::Status, None),
            format!("{quiet} volume remove-brick media gl-01:/b/1 gl-02:/b/1 status"),
        ),
        (
            remove(RemoveStep::Force, Some(2)),
            format!("{loud} volume remove-brick media replica 2 gl-01:/b/1 gl-02:/b/1 force"),
        ),
        (
            Command::SetThrottle { volume: volume(), throttle: Throttle::Lazy },
            format!("{loud} volume set media cluster.rebal-throttle lazy"),
        ),
    ] {
        assert_eq!(line(command), words);
    }
}

#[test]
fn only_changes_count_as_changes_and_only_stops_as_stops() {
    assert!(!remove(RemoveStep::Status, None).changes());
    assert!(remove(RemoveStep::Commit, None).changes());
    assert!(remove(RemoveStep::Stop, None).stops());
    assert!(!remove(RemoveStep::Force, None).stops());
    assert_eq!(Command::PoolList.locks(), None);
    assert!(remove(RemoveStep::Status, None).locks().is_some());
}

#[test]
fn a_hostile_name_stays_one_word_through_a_shell() {
    let order = launcher().order(Command::RebalanceStop("a'; rm -rf /; $(x)".into()));
    let words = order.argv().words();
    assert!(words.contains(&"a'; rm -rf /; $(x)".to_owned()));
    assert_eq!(shell_quote("a'b"), r"'a'\''b'");
    assert_eq!(shell_quote(""), "''");
}

#[test]
fn ssh_gets_one_quoted_line_and_no_option_from_the_host() {
    let remote = Launcher {
        ssh: Some("-oProxyCommand=x".into()),
        ..launcher()
    };
    let order = remote.order(Command::VolumeInfo(Some("odd name".into())));
    assert_eq!(
        order.argv().words(),
        [
            "ssh",
            "-o",
            "BatchMode=yes",
            "--",
            "-oProxyCommand=x",
            "env PYTHON=/bin/echo gluster --mode=script --xml --log-file=/dev/null volume info 'odd name'"
        ]
    );
    let state = remote.order(Command::State);
    assert!(
        state
            .argv()
            .words()
            .last()
            .is_some_and(|line| line.starts_with("umask 077; d=$(mktemp -d)"))
    );
}

#[test]
fn only_questions_do_without_python_and_never_for_geo_replication() {
    let spare = Some(("PYTHON", "/bin/echo"));
    for command in commands() {
        let order = launcher().order(command.clone());
        let question = !command.changes();
        assert_eq!(order.environment(), spare.filter(|_| question), "{order:?}");
        let words = order.argv().words();
        assert!(!words.contains(&"geo-replication".to_owned()), "{order:?}");
        assert!(
            !words.iter().any(|word| word.contains("PYTHON")),
            "{order:?}"
        );

        let allowed = Launcher {
            python_helper: true,
            ..launcher()
        };
        assert_eq!(allowed.order(command).environment(), None);
    }
}

#[test]
fn ssh_has_it_in_the_line() {
    let line = |python_helper, command| {
        let launcher = Launcher {
            ssh: Some("gl-01".into()),
            python_helper,
            ..launcher()
        };
        let order = launcher.order(command);
        assert_eq!(order.environment(), None);
        order.argv().words().last().cloned().unwrap_or_default()
    };
    for command in commands() {
        let changes = command.changes();
        let found = line(false, command.clone()).contains("env PYTHON=/bin/echo gluster -");
        assert_eq!(found, !changes, "{command:?}");
        assert!(!line(true, command).contains("PYTHON"));
    }
}

#[test]
fn questions_leave_what_was_measured() {
    let status = |view| Command::VolumeStatus {
        volume: "vol-0001".into(),
        view,
    };
    for (command, bytes) in [
        (Command::VolumeInfo(None), 0),
        (Command::PoolList, 149),
        // As they stand in the logs: 103 and 165, 71 and 173, 78 and 426, 77 and 173.
        (Command::State, 268),
        (status(StatusView::Plain), 244),
        (status(StatusView::Detail), 504),
        (status(StatusView::Tasks), 250),
    ] {
        assert_eq!(command.logged_bytes(), bytes, "{command:?}");
    }
    for command in commands().iter().filter(|command| command.changes()) {
        assert_eq!(command.logged_bytes(), 0, "{command:?}");
    }
    // The line in the history has all words.
    let long = Command::RebalanceStatus("a-volume-with-a-long-name".into());
    let short = Command::RebalanceStatus("a".into());
    assert_eq!(long.logged_bytes() - short.logged_bytes(), 24);
}
