//! What a failed answer means, by its text: gluster's exit codes and error numbers say too little.
//!
//! The texts were collected from releases 3.12 to 11.2. They are compared from the beginning of a
//! line, so that a sentence that merely quotes a name cannot be taken for another one.

use crate::model::FaultKind;

use super::super::Answer;
use super::Failure;

/// The error number of "another transaction is in progress"; releases before 3.8 have none.
const ERRNO_BUSY: i64 = 30802;

/// What the three lock errors begin with, in lower case. Up to release 4.1 they ended in
/// "sometime", since then in "some time".
const BUSY: [&str; 3] = [
    "another transaction is in progress",
    "another transaction could be in progress",
    "locking failed on",
];

/// What the command-line client prints when glusterd does not answer in time. For `volume info`
/// it goes on with a document that shows an empty cluster, and exits with 0.
const TIMED_OUT: &str = "Error : Request timed out";

/// What the client prints when it cannot reach glusterd's socket, for whatever reason.
const NO_CONNECTION: &str = "Connection failed. Please check if gluster daemon is operational";

/// gluster understood and said no: `opRet` was not 0.
pub(in super::super) fn refusal(errno: Option<i64>, text: &str) -> Failure {
    let text = text.trim();
    let busy = errno == Some(ERRNO_BUSY) || is_busy(text);
    let kind = if busy {
        FaultKind::Busy
    } else {
        FaultKind::Refused
    };
    if text.is_empty() {
        Failure::new(kind, "gluster refused without saying why.")
    } else {
        Failure::new(kind, text)
    }
}

/// Whether every line is about a lock. One line among others is not enough: a change that failed
/// half way must not be taken for one that can simply be tried again.
fn is_busy(text: &str) -> bool {
    let mut lines = text
        .lines()
        .map(|line| line.trim().to_ascii_lowercase())
        .filter(|line| !line.is_empty())
        .peekable();
    lines.peek().is_some() && lines.all(|line| BUSY.iter().any(|busy| line.starts_with(busy)))
}

/// The answer is not the document or text that was expected: finds out why from what there is.
pub(in super::super) fn unreadable(answer: &Answer) -> Failure {
    let stdout = String::from_utf8_lossy(&answer.stdout);
    let stderr = String::from_utf8_lossy(&answer.stderr);
    let says = |text: &str| stdout.lines().any(|line| line.starts_with(text));
    // Without the right to write its log, release 6.10 says nothing else and exits with 255.
    let denied = stderr.contains("(Permission denied)");

    if says(TIMED_OUT) {
        Failure::new(FaultKind::Timeout, TIMED_OUT)
    } else if denied && (says(NO_CONNECTION) || stdout.trim().is_empty()) {
        Failure::new(
            FaultKind::Permission,
            "gluster cannot be asked by this user: it may not write its log file.",
        )
    } else if says(NO_CONNECTION) {
        Failure::new(FaultKind::DaemonDown, format!("{NO_CONNECTION}."))
    } else if answer.exit.is_none() {
        Failure::new(
            FaultKind::Spawn,
            "gluster was ended by a signal before it answered.",
        )
    } else if stdout.trim().is_empty() && is_xml_writer_error(&stderr) {
        Failure::new(
            FaultKind::BadOutput,
            format!(
                "An option value or a path holds a byte that XML cannot carry, so gluster printed nothing ({}).",
                headline(&stderr)
            ),
        )
    } else {
        bad_output(answer.exit, &stdout, &stderr)
    }
}

/// The end of the answer is missing.
pub(in super::super) fn cut_short(answer: &Answer) -> Failure {
    Failure::new(
        FaultKind::BadOutput,
        format!(
            "gluster's answer was cut short after {} bytes.",
            answer.stdout.len()
        ),
    )
}

/// Whether the client failed to connect to glusterd: this user may lack the right to.
pub(in super::super) fn is_no_connection(answer: &Answer) -> bool {
    answer.stdout.starts_with(NO_CONNECTION.as_bytes())
}

/// Whether libxml2 gave up: its texts changed with its versions.
fn is_xml_writer_error(stderr: &str) -> bool {
    [
        "parser error",
        "Invalid bytes in character encoding",
        "XML error",
    ]
    .iter()
    .any(|text| stderr.contains(text))
}

fn bad_output(exit: Option<i32>, stdout: &str, stderr: &str) -> Failure {
    let said = if stdout.trim().is_empty() {
        stderr
    } else {
        stdout
    };
    let line = headline(said);
    let message = if line.is_empty() {
        let exit = exit.map_or_else(|| "a signal".to_owned(), |code| code.to_string());
        format!("gluster printed nothing (exit {exit}).")
    } else if said.contains("(y/n)") {
        format!("gluster asked a question instead of acting: {line}")
    } else {
        line
    };
    Failure::new(FaultKind::BadOutput, message)
}

/// The first line that says something; a bare `Usage:` is joined with the line below it.
fn headline(text: &str) -> String {
    let mut lines = text.lines().map(str::trim).filter(|line| !line.is_empty());
    match lines.next() {
        Some(first) if first.ends_with(':') => {
            format!("{first} {}", lines.next().unwrap_or_default())
        }
        first => first.unwrap_or_default().to_owned(),
    }
}
