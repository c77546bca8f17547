//! A verdict and a payload -> what the process leaves behind.

use std::time::Duration;

use super::rules::Refusal;
use super::words::{Command, Misuse, RebalanceOp};
use super::xml::Xml;

/// How long a command runs that has nothing to wait for.
const QUICK: Duration = Duration::from_millis(50);

const PROGRAM_USAGE: &str = "
 Usage: gluster [options] <help> <peer> <pool> <volume>
 Options:
 --help  Shows the help information
 --version  Shows the version
 --print-logdir  Shows the log directory
 --print-statedumpdir Shows the state dump directory

";

/// What the simulated gluster process leaves behind.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Reply {
    /// Standard output.
    pub stdout: Vec<u8>,
    /// Standard error.
    pub stderr: Vec<u8>,
    /// Exit status, 0 to 255.
    pub exit: i32,
    /// How long the process would have run, in simulated time.
    pub takes: Duration,
}

/// The good end of a command.
pub(super) struct Done {
    /// `opErrstr`: some commands put a sentence there although all is well.
    pub(super) note: &'static str,
    pub(super) payload: String,
    pub(super) takes: Duration,
}

impl Done {
    pub(super) fn quickly(payload: String) -> Self {
        Self {
            note: "",
            payload,
            takes: QUICK,
        }
    }
}

/// Output that is never XML.
pub(super) fn plain(text: &str) -> Reply {
    Reply {
        stdout: text.into(),
        stderr: Vec::new(),
        exit: 0,
        takes: QUICK,
    }
}

/// The complaint about words that make no command.
pub(super) fn misuse(misuse: &Misuse) -> Reply {
    let (stdout, stderr, exit) = match misuse {
        Misuse::Option(option) => (
            format!("unrecognized option {option}\n{PROGRAM_USAGE}"),
            String::new(),
            255,
        ),
        Misuse::Word { word, position } => {
            let text = format!("unrecognized word: {word} (position {position})\n{PROGRAM_USAGE}");
            (text, String::new(), 1)
        }
        Misuse::Grammar { complaint, usage } => {
            let complaint = if complaint.is_empty() {
                String::new()
            } else {
                format!("{complaint}\n")
            };
            (
                String::new(),
                format!("{complaint}\nUsage:\n{usage}\n\n"),
                1,
            )
        }
    };
    Reply {
        stdout: stdout.into(),
        stderr: stderr.into(),
        exit,
        takes: QUICK,
    }
}

/// The answer to a command that was understood.
pub(super) fn answer(command: &Command, xml: bool, outcome: Result<Done, Refusal>) -> Reply {
    let (stdout, exit, takes) = match outcome {
        Ok(done) if xml => (
            document(command, None, done.note, &done.payload),
            0,
            done.takes,
        ),
        Ok(done) => (success_sentence(done.note), 0, done.takes),
        Err(refusal) if xml => {
            let payload = refused_payload(command, &refusal.text);
            let text = document(command, Some(refusal.errno), &refusal.text, &payload);
            (text, refused_exit(command, &refusal), QUICK)
        }
        Err(refusal) => (format!("{}\n", refusal.text), 1, QUICK),
    };
    Reply {
        stdout: stdout.into(),
        stderr: Vec::new(),
        exit,
        takes,
    }
}

fn document(command: &Command, failed: Option<u32>, text: &str, payload: &str) -> String {
    let mut verdict = Xml::payload();
    verdict.leaf("opRet", if failed.is_some() { -1 } else { 0 });
    verdict.leaf("opErrno", failed.unwrap_or(0));
    verdict.leaf("opErrstr", text);
    let verdict = verdict.into_text();
    // heal info comes from another program, which writes the verdict last.
    let (first, second) = match command {
        Command::HealSummary(_) => (payload, verdict.as_str()),
        _ => (verdict.as_str(), payload),
    };
    format!(
        "<?xml version=\"1.0\" encoding=\"UTF-8\" standalone=\"yes\"?>\n\
         <cliOutput>\n{first}{second}</cliOutput>\n"
    )
}

/// What stands in for the payload beside a refusal: each command has its own way.
fn refused_payload(command: &Command, text: &str) -> String {
    let mut xml = Xml::payload();
    let mut generic = |name: &str, output: &str| {
        xml.leaf("cliOp", name);
        xml.leaf("output", output);
    };
    match command {
        Command::VolumeStatus(..) => generic("volStatus", text),
        Command::VolumeSet { .. } => generic("volSet", "Set volume unsuccessful"),
        Command::Rebalance {
            op: RebalanceOp::Status | RebalanceOp::Stop,
            ..
        } => {
            generic("volRebalance", text);
        }
        Command::Rebalance { op, .. } => {
            xml.element("volRebalance", |xml| xml.leaf("op", op.code()));
        }
        Command::RemoveBrick(_) => xml.element("volRemoveBrick", |_| {}),
        Command::VolumeInfo(_) => {
            xml.element("volInfo", |xml| {
                xml.element("volumes", |xml| xml.leaf("count", 0));
            });
        }
        Command::VolumeGet(_) => {
            generic("volGetopts", &format!("volume get option: failed: {text}"));
        }
        Command::HealSummary(_) => {
            xml.element("healInfo", |xml| xml.element("bricks", |_| {}));
        }
        _ => {}
    }
    xml.into_text()
}

/// Most refusals leave with exit status 0; heal info uses the errno, counted from 256 down.
fn refused_exit(command: &Command, refusal: &Refusal) -> i32 {
    match command {
        Command::Rebalance {
            op: RebalanceOp::Status | RebalanceOp::Stop,
            ..
        }
        | Command::VolumeGet(_) => 1,
        Command::HealSummary(_) => 256 - i32::try_from(refusal.errno).unwrap_or(255),
        _ => 0,
    }
}

fn success_sentence(note: &str) -> String {
    format!("{}\n", if note.is_empty() { "success" } else { note })
}
