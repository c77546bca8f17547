//! The words after the program's name -> a command, or what gluster says to words it does not
//! understand. Script mode is taken for granted: nothing here asks a question.

use std::collections::BTreeSet;

/// What is asked for.
#[derive(Debug)]
pub(super) enum Question {
    /// Answered by the program itself, as plain text.
    Version,
    /// Answered as plain text, whatever the options say.
    GetState,
    /// Everything that glusterd accepts or refuses.
    Command { command: Command, xml: bool },
}

/// The commands this pool understands.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Command {
    PoolList,
    PeerStatus,
    VolumeList,
    /// Of one volume, or of all.
    VolumeInfo(Option<String>),
    VolumeStatus(Option<String>, StatusView),
    VolumeSet {
        volume: String,
        key: String,
        value: String,
    },
    HealSummary(String),
    /// Of one volume, or of the pool.
    VolumeGet(Option<String>),
    Rebalance {
        volume: String,
        op: RebalanceOp,
    },
    RemoveBrick(RemoveBrick),
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum StatusView {
    Plain,
    Detail,
    Tasks,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum RebalanceOp {
    Start,
    StartForce,
    FixLayout,
    Stop,
    Status,
}

impl RebalanceOp {
    /// The number in `<op>`.
    pub(super) fn code(self) -> u8 {
        match self {
            Self::Start => 1,
            Self::Stop => 2,
            Self::Status => 3,
            Self::FixLayout => 4,
            Self::StartForce => 5,
        }
    }
}

#[derive(Debug, PartialEq, Eq)]
pub(super) struct RemoveBrick {
    pub(super) volume: String,
    pub(super) replica: Option<u32>,
    /// Names as given, without slashes at the end.
    pub(super) bricks: Vec<String>,
    pub(super) op: RemoveBrickOp,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum RemoveBrickOp {
    Start,
    Stop,
    Status,
    Commit,
    Force,
}

/// Words gluster does not understand.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Misuse {
    /// Exit 255, on standard output.
    Option(String),
    /// Exit 1, on standard output.
    Word { word: String, position: usize },
    /// Exit 1, on standard error: what is wrong (may be empty) and the grammar.
    Grammar {
        complaint: String,
        usage: &'static str,
    },
}

const REBALANCE_USAGE: &str =
    "volume rebalance <VOLNAME> {{fix-layout start} | {start [force]|stop|status}}";
const REMOVE_BRICK_USAGE: &str =
    "volume remove-brick <VOLNAME> [replica <COUNT>] <BRICK> ... <start|stop|status|commit|force>";
const STATUS_USAGE: &str = "volume status [all | <VOLNAME> [nfs|shd|<BRICK>|quotad]] \
     [detail|clients|mem|inode|fd|callpool|tasks|client-list]";
const SET_USAGE: &str = "volume set <VOLNAME> <KEY> <VALUE>";
const GET_USAGE: &str = "volume get <VOLNAME|all> <key|all>";
const INFO_USAGE: &str = "volume info [all|<VOLNAME>]";
const HEAL_USAGE: &str = "volume heal <VOLNAME> info summary";

/// Options with a value behind `=` that change nothing here.
const IGNORED_OPTIONS: [&str; 5] = [
    "--mode=",
    "--log-file=",
    "--log-level=",
    "--glusterd-sock=",
    "--timeout=",
];

/// Reads the words; options may stand anywhere among them.
pub(super) fn read(argv: &[String]) -> Result<Question, Misuse> {
    let mut words = Vec::with_capacity(argv.len());
    let mut xml = false;
    for word in argv {
        match word.as_str() {
            "--xml" => xml = true,
            "--version" => return Ok(Question::Version),
            option
                if IGNORED_OPTIONS
                    .iter()
                    .any(|known| option.starts_with(known)) => {}
            option if option.starts_with("--") => return Err(Misuse::Option(option.to_owned())),
            word => words.push(word),
        }
    }
    if let ["get-state", ..] = words.as_slice() {
        return Ok(Question::GetState);
    }
    let command = command(&words)?;
    Ok(Question::Command { command, xml })
}

fn command(words: &[&str]) -> Result<Command, Misuse> {
    match words {
        ["pool", "list"] => Ok(Command::PoolList),
        ["peer", "status"] => Ok(Command::PeerStatus),
        ["volume", "list"] => Ok(Command::VolumeList),
        ["volume", "info"] => Ok(Command::VolumeInfo(None)),
        ["volume", "info", name] => Ok(Command::VolumeInfo(one_volume(name))),
        ["volume", "info", ..] => Err(grammar(INFO_USAGE)),
        ["volume", "status", rest @ ..] => status(rest),
        ["volume", "set", volume, key, value] => Ok(Command::VolumeSet {
            volume: (*volume).to_owned(),
            key: (*key).to_owned(),
            value: (*value).to_owned(),
        }),
        ["volume", "set", ..] => Err(grammar(SET_USAGE)),
        ["volume", "get", name, "all"] => Ok(Command::VolumeGet(one_volume(name))),
        ["volume", "get", ..] => Err(grammar(GET_USAGE)),
        ["volume", "heal", volume, "info", "summary"] => {
            Ok(Command::HealSummary((*volume).to_owned()))
        }
        ["volume", "heal", ..] => Err(grammar(HEAL_USAGE)),
        ["volume", "rebalance", rest @ ..] => rebalance(rest),
        ["volume", "remove-brick", rest @ ..] => remove_brick(rest),
        ["volume" | "peer" | "pool", word, ..] => Err(stray(word, 1)),
        [word, ..] => Err(stray(word, 0)),
        [] => Err(stray("", 0)),
    }
}

fn status(words: &[&str]) -> Result<Command, Misuse> {
    let (name, view) = match words {
        [] => ("all", StatusView::Plain),
        [name] => (*name, StatusView::Plain),
        [name, "detail"] => (*name, StatusView::Detail),
        [name, "tasks"] => (*name, StatusView::Tasks),
        _ => return Err(grammar(STATUS_USAGE)),
    };
    Ok(Command::VolumeStatus(one_volume(name), view))
}

fn rebalance(words: &[&str]) -> Result<Command, Misuse> {
    let (volume, op) = match words {
        [volume, "start"] => (volume, RebalanceOp::Start),
        [volume, "start", "force"] => (volume, RebalanceOp::StartForce),
        [volume, "fix-layout", "start"] => (volume, RebalanceOp::FixLayout),
        [volume, "stop"] => (volume, RebalanceOp::Stop),
        [volume, "status"] => (volume, RebalanceOp::Status),
        _ => return Err(grammar(REBALANCE_USAGE)),
    };
    Ok(Command::Rebalance {
        volume: (*volume).to_owned(),
        op,
    })
}

fn remove_brick(words: &[&str]) -> Result<Command, Misuse> {
    let usage = || grammar(REMOVE_BRICK_USAGE);
    let [volume, rest @ .., last] = words else {
        return Err(usage());
    };
    let op = match *last {
        "start" => RemoveBrickOp::Start,
        "stop" => RemoveBrickOp::Stop,
        "status" => RemoveBrickOp::Status,
        "commit" => RemoveBrickOp::Commit,
        "force" => RemoveBrickOp::Force,
        _ => return Err(usage()),
    };
    let (replica, names) = match rest {
        ["replica", count, names @ ..] => {
            let count = count.parse().ok().filter(|count| *count > 0);
            (Some(count.ok_or_else(usage)?), names)
        }
        names => (None, names),
    };
    if names.is_empty() {
        return Err(usage());
    }
    let bricks = names
        .iter()
        .map(|name| brick(name))
        .collect::<Result<Vec<_>, _>>()?;
    let mut seen = BTreeSet::new();
    if let Some(twice) = bricks.iter().find(|name| !seen.insert(name.as_str())) {
        return Err(complaint(format!("Duplicate bricks found {twice}")));
    }
    Ok(Command::RemoveBrick(RemoveBrick {
        volume: (*volume).to_owned(),
        replica,
        bricks,
        op,
    }))
}

fn brick(name: &str) -> Result<String, Misuse> {
    match name.rsplit_once(':') {
        Some((host, path)) if !host.is_empty() && path.starts_with('/') => {
            Ok(format!("{host}:{}", path.trim_end_matches('/')))
        }
        _ => Err(complaint(format!(
            "wrong brick type: {name}, use <HOSTNAME>:<export-dir-abs-path>"
        ))),
    }
}

fn one_volume(name: &str) -> Option<String> {
    (name != "all").then(|| name.to_owned())
}

fn grammar(usage: &'static str) -> Misuse {
    Misuse::Grammar {
        complaint: String::new(),
        usage,
    }
}

fn complaint(complaint: String) -> Misuse {
    Misuse::Grammar {
        complaint,
        usage: REMOVE_BRICK_USAGE,
    }
}

fn stray(word: &str, position: usize) -> Misuse {
    Misuse::Word {
        word: word.to_owned(),
        position,
    }
}
