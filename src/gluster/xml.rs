//! gluster's XML: from the bytes of an answer to a typed reply.
//!
//! Reading is lenient inside a good document and strict about what is one. A field that cannot be
//! read becomes unknown and leaves a warning; an answer that is not exactly one `cliOutput`
//! document with `opRet` 0 and the payload that was asked for is a failure, because a document
//! that merely looks empty would show a cluster without volumes.

use crate::model::FaultKind;

use super::failure::verdict;
use super::odd::{Odd, given};
use super::{Answer, Command, Failure, Parsed, RemoveStep, Reply};

mod heal;
mod options;
mod pool;
mod progress;
mod pull;
mod shared;
mod status;
mod tokens;
mod volumes;
mod wire;

/// Reads the answer to a question or change that is answered in XML.
pub(super) fn read(command: &Command, answer: &Answer) -> Result<Parsed, Failure> {
    let mut odd = Odd::default();
    let text = answer.text();
    if text.contains(char::REPLACEMENT_CHARACTER) || text.contains("&#xFFFD;") {
        odd.note(
            "Some text had characters that could not be read; names with \u{fffd} are not exact",
        );
    }
    let output = document(&text, answer)?;
    let reply = reply(command, output, &mut odd)?;
    Ok(Parsed {
        reply,
        warnings: odd.into_warnings(),
    })
}

/// The whole of standard output as one document that reports success.
fn document<'a>(text: &'a str, answer: &Answer) -> Result<wire::CliOutput<'a>, Failure> {
    let text = text.trim();
    let root = match text.strip_prefix("<?xml") {
        Some(declared) => declared.split_once("?>").map_or("", |(_, rest)| rest),
        None => text,
    };
    if !root.trim_start().starts_with("<cliOutput") {
        return Err(verdict::unreadable(answer));
    }
    if !root.ends_with("</cliOutput>") {
        // Either the end is missing, or something follows it.
        return Err(if root.contains("</cliOutput>") {
            verdict::unreadable(answer)
        } else {
            verdict::cut_short(answer)
        });
    }
    let output: wire::CliOutput = pull::Document::whole(text)
        .map_err(|error| bad(format_args!("gluster's answer is not good XML: {error}.")))?;

    let op_ret = output.op_ret.as_deref().map(str::trim).unwrap_or_default();
    match op_ret.parse::<i64>() {
        Ok(0) => Ok(output),
        Ok(_) => Err(verdict::refusal(
            output
                .op_errno
                .as_deref()
                .and_then(|n| n.trim().parse().ok()),
            sentence(&output),
        )),
        Err(_) => Err(bad(format_args!(
            "gluster's answer does not say whether it went well (opRet is {op_ret:?})."
        ))),
    }
}

/// gluster's sentence stands in `opErrstr`, or in `output` in the generic form.
fn sentence<'a>(output: &'a wire::CliOutput<'_>) -> &'a str {
    given(output.op_errstr.as_deref())
        .or_else(|| given(output.output.as_deref()))
        .unwrap_or_default()
}

fn reply(command: &Command, output: wire::CliOutput<'_>, odd: &mut Odd) -> Result<Reply, Failure> {
    let text = sentence(&output).trim().to_owned();
    let done = |task| Reply::Done {
        task,
        text: text.clone(),
        progress: None,
    };
    match command {
        // These two have readers of their own.
        Command::Version | Command::State => Err(missing("XML")),
        Command::PoolList => {
            let pool = output.peer_status.ok_or_else(|| missing("peerStatus"))?;
            Ok(Reply::Peers(pool::peers(pool, odd)))
        }
        Command::VolumeList => {
            let list = output.vol_list.ok_or_else(|| missing("volList"))?;
            Ok(Reply::Names(volumes::names(list, odd)))
        }
        Command::VolumeInfo(wanted) => {
            let info = output.vol_info.and_then(|info| info.volumes);
            let info = info.ok_or_else(|| missing("volInfo"))?;
            volumes::volumes(info, wanted.as_ref(), odd).map(Reply::Volumes)
        }
        Command::HealSummary(_) => {
            let info = output.heal_info.and_then(|info| info.bricks);
            let info = info.ok_or_else(|| missing("healInfo"))?;
            heal::summary(info, odd).map(Reply::Heal)
        }
        Command::Options(_) | Command::PoolOptions => {
            let options = output.vol_getopts.ok_or_else(|| missing("volGetopts"))?;
            options::options(options, odd).map(Reply::Options)
        }
        Command::VolumeStatus { volume, view } => {
            let status = output.vol_status.and_then(|status| status.volumes);
            let status = status.ok_or_else(|| missing("volStatus"))?;
            status::report(status, volume, *view, odd).map(Reply::Status)
        }
        Command::RebalanceStatus(_) => {
            progress::rebalance(output.vol_rebalance, odd).map(Reply::Progress)
        }
        Command::RebalanceStop(_) => {
            let last = progress::rebalance(output.vol_rebalance, odd)?;
            Ok(stopped(text, last))
        }
        Command::RebalanceStart { .. } => {
            let report = output
                .vol_rebalance
                .ok_or_else(|| missing("volRebalance"))?;
            Ok(done(progress::task_id(&report)))
        }
        Command::RemoveBrick { step, .. } => {
            let report = output.vol_remove_brick;
            match step {
                RemoveStep::Status => progress::remove_brick(report, odd).map(Reply::Progress),
                RemoveStep::Stop => Ok(stopped(text, progress::remove_brick(report, odd)?)),
                RemoveStep::Start => {
                    let report = report.ok_or_else(|| missing("volRemoveBrick"))?;
                    Ok(done(progress::task_id(&report)))
                }
                // A commit names the task that it ends.
                RemoveStep::Commit | RemoveStep::Force => report
                    .map(|_| done(None))
                    .ok_or_else(|| missing("volRemoveBrick")),
            }
        }
        Command::SetThrottle { .. } => match output.cli_op.as_deref() {
            Some("volSet") => Ok(done(None)),
            _ => Err(missing("volSet")),
        },
    }
}

fn stopped(text: String, last: super::ProgressReport) -> Reply {
    Reply::Done {
        task: None,
        text,
        progress: Some(last),
    }
}

fn bad(message: impl std::fmt::Display) -> Failure {
    Failure::new(FaultKind::BadOutput, message.to_string())
}

/// The document is good, but answers something else.
fn missing(payload: &str) -> Failure {
    bad(format_args!("gluster's answer has no {payload}."))
}
