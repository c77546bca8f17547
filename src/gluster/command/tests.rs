use std::path::PathBuf;

use super::*;

fn launcher() -> Launcher {
    Launcher {
        program: "gluster".into(),
        socket: None,
        ssh: None,
        state_dir: PathBuf::from("/run/glustop"),
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
            "gluster --mode=script --xml --log-file=/dev/null volume info 'odd name'"
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
