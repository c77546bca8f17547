//! What releases 3.12 to 11.2 do differently or against expectation: one test for each.
//!
//! The recorded answers cover 6.10 and 10.3. These are written down from what is known of the
//! other releases, and of situations that seldom come up.
#![allow(
    missing_docs,
    clippy::panic,
    clippy::string_slice,
    clippy::unwrap_used,
    reason = "a test that dies says where"
)]

#[path = "traps/answers.rs"]
mod answers;
#[path = "traps/failures.rs"]
mod failures;

use std::sync::Arc;

use glustop::gluster::{
    Answer, Command, Failure, Parsed, ProgressReport, RemoveStep, Reply, StatusReport, StatusView,
    parse,
};
use glustop::model::{FaultKind, Volume};
use proptest::prelude::*;

/// What a client that exits with this code leaves behind.
fn answer(exit: i32, stdout: &str, stderr: &str) -> Answer {
    Answer {
        stdout: stdout.into(),
        stderr: stderr.into(),
        exit: Some(exit),
        ..Answer::default()
    }
}

/// A whole document around some elements.
fn document(body: &str) -> String {
    format!(
        "<?xml version=\"1.0\" encoding=\"UTF-8\" standalone=\"yes\"?>\n<cliOutput>{body}</cliOutput>\n"
    )
}

/// A document that reports success.
fn good(body: &str) -> String {
    document(&format!(
        "<opRet>0</opRet><opErrno>0</opErrno><opErrstr/>{body}"
    ))
}

fn status(view: StatusView) -> Command {
    Command::VolumeStatus {
        volume: "media".into(),
        view,
    }
}

fn remove(step: RemoveStep) -> Command {
    Command::RemoveBrick {
        volume: "media".into(),
        bricks: vec!["gl-03:/b/1".into()],
        replica: None,
        step,
    }
}

fn rebalance() -> Command {
    Command::RebalanceStatus("media".into())
}

fn parsed(command: &Command, stdout: &str) -> Parsed {
    parse(command, &answer(0, stdout, "")).unwrap()
}

fn failure(command: &Command, answer: &Answer) -> Failure {
    parse(command, answer).unwrap_err()
}

fn volumes(stdout: &str) -> (Vec<Arc<Volume>>, Vec<String>) {
    let parsed = parsed(&Command::VolumeInfo(None), stdout);
    match parsed.reply {
        Reply::Volumes(volumes) => (volumes, parsed.warnings),
        other => panic!("{other:?}"),
    }
}

fn progress(command: &Command, stdout: &str) -> (ProgressReport, Vec<String>) {
    let parsed = parsed(command, stdout);
    match parsed.reply {
        Reply::Progress(report)
        | Reply::Done {
            progress: Some(report),
            ..
        } => (report, parsed.warnings),
        other => panic!("{other:?}"),
    }
}

fn report(command: &Command, stdout: &str) -> (StatusReport, Vec<String>) {
    let parsed = parsed(command, stdout);
    match parsed.reply {
        Reply::Status(report) => (report, parsed.warnings),
        other => panic!("{other:?}"),
    }
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn no_bytes_make_the_parser_panic(
        stdout in prop::collection::vec(any::<u8>(), 0..2000),
        stderr in prop::collection::vec(any::<u8>(), 0..200),
        exit in any::<Option<i32>>(),
    ) {
        let answer = Answer { stdout, stderr, exit, ..Answer::default() };
        for command in [Command::Version, Command::State, Command::VolumeInfo(None), rebalance()] {
            prop_assert!(parse(&command, &answer).is_err());
        }
    }

    #[test]
    fn no_value_in_a_field_makes_the_parser_panic(value in "\\PC*", number in any::<i128>()) {
        let value = value.replace(['<', '&'], "");
        for text in [value, number.to_string()] {
            let fields = ["files", "size", "runtime", "status", "id"];
            let node: String = fields.map(|f| format!("<{f}>{text}</{f}>")).concat();
            let body = format!("<volRebalance><node>{node}</node></volRebalance>");
            let (report, _) = progress(&rebalance(), &good(&body));
            prop_assert_eq!(report.nodes.len(), 1);
            let fields = ["name", "replicaCount", "stripeCount", "disperseCount", "status"];
            let volume: String = fields.map(|f| format!("<{f}>{text}</{f}>")).concat();
            let body = format!("<volInfo><volumes><volume>{volume}</volume></volumes></volInfo>");
            let info = parse(&Command::VolumeInfo(None), &answer(0, &good(&body), ""));
            if let Ok(Parsed { reply: Reply::Volumes(volumes), .. }) = info {
                prop_assert!(volumes.iter().all(|volume| volume.subvolume_count() == 0));
            }
        }
    }
}
