//! Which command a recorded call stands for.

use glustop::gluster::{Command, RebalanceMode, RemoveStep, StatusView};
use glustop::model::Throttle;

use super::all_between;
use super::reader::Recorded;

/// The commands that a recorded call stands for; none when it is a call that is never made here.
/// `status all` stands for the status of the volumes that it lists, or of eight of them: each
/// costs a reading of the whole.
pub(crate) fn commands(recorded: &Recorded) -> Vec<Command> {
    let words: Vec<&str> = recorded.words.iter().map(String::as_str).collect();
    let one = |command| vec![command];
    match words.as_slice() {
        ["--version", ..] => one(Command::Version),
        ["pool", "list"] | ["peer", "status"] => one(Command::PoolList),
        ["volume", "list"] => one(Command::VolumeList),
        ["get-state", "glusterd"] | ["get-state", "glusterd", "detail"] => one(Command::State),
        ["volume", "heal", volume, "info", "summary"] => {
            one(Command::HealSummary((*volume).into()))
        }
        ["volume", "get", "all", "all"] => one(Command::PoolOptions),
        ["volume", "get", volume, "all"] => one(Command::Options((*volume).into())),
        ["volume", "info"] | ["volume", "info", "all"] => one(Command::VolumeInfo(None)),
        ["volume", "info", volume] => one(Command::VolumeInfo(Some((*volume).into()))),
        ["volume", "status", volume] => status(recorded, volume, StatusView::Plain),
        ["volume", "status", volume, "detail"] => status(recorded, volume, StatusView::Detail),
        ["volume", "status", volume, "tasks"] => status(recorded, volume, StatusView::Tasks),
        ["volume", "rebalance", volume, "status"] => {
            one(Command::RebalanceStatus((*volume).into()))
        }
        ["volume", "rebalance", volume, "stop"] => one(Command::RebalanceStop((*volume).into())),
        ["volume", "rebalance", volume, rest @ ..] => {
            let mode = match rest {
                ["start"] => RebalanceMode::Migrate,
                ["start", "force"] => RebalanceMode::Force,
                ["fix-layout", "start"] => RebalanceMode::FixLayout,
                _ => return Vec::new(),
            };
            let volume = (*volume).into();
            one(Command::RebalanceStart { volume, mode })
        }
        ["volume", "remove-brick", volume, bricks @ .., step] => {
            let step = match *step {
                "start" => RemoveStep::Start,
                "status" => RemoveStep::Status,
                "stop" => RemoveStep::Stop,
                "commit" => RemoveStep::Commit,
                "force" => RemoveStep::Force,
                _ => return Vec::new(),
            };
            one(Command::RemoveBrick {
                volume: (*volume).into(),
                bricks: bricks.iter().map(|&brick| brick.into()).collect(),
                replica: None,
                step,
            })
        }
        ["volume", "set", volume, _option, value] => one(Command::SetThrottle {
            volume: (*volume).into(),
            throttle: Throttle::parse(value),
        }),
        _ => Vec::new(),
    }
}

fn status(recorded: &Recorded, volume: &str, view: StatusView) -> Vec<Command> {
    let text = recorded.text();
    let listed = all_between(&text, "<volName>", "</volName>");
    let names = if volume == "all" && !listed.is_empty() {
        listed
    } else {
        vec![volume]
    };
    let step = names.len() / 8 + 1;
    names
        .into_iter()
        .step_by(step)
        .map(|name| Command::VolumeStatus {
            volume: name.into(),
            view,
        })
        .collect()
}

/// The command without its targets.
pub(crate) fn label(command: &Command) -> String {
    match command {
        Command::VolumeStatus { view, .. } => format!("volume status {view:?}"),
        Command::RebalanceStart { mode, .. } => format!("rebalance start {mode:?}"),
        Command::RemoveBrick { step, .. } => format!("remove-brick {step:?}"),
        Command::RebalanceStatus(_) => "rebalance status".into(),
        Command::RebalanceStop(_) => "rebalance stop".into(),
        Command::VolumeInfo(None) => "volume info".into(),
        Command::VolumeInfo(Some(_)) => "volume info VOLUME".into(),
        Command::SetThrottle { .. } => "volume set".into(),
        Command::HealSummary(_) => "heal info summary".into(),
        Command::Options(_) => "volume get VOLUME".into(),
        other => other.words().join(" "),
    }
}
