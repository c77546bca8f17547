//! Every answer that was recorded from real clusters, through the parser.
//!
//! The expectations are worked out from the text by other, cruder means than the parser's.
#![allow(missing_docs, reason = "a test")]

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;

use glustop::gluster::{
    Answer, Command, Parsed, ProgressReport, RebalanceMode, RemoveStep, Reply, StatusView, parse,
};
use glustop::model::{BrickName, Counters, FaultKind, TaskState, Throttle, VolumeName};
use proptest::prelude::*;

/// One recorded answer.
struct Recorded {
    from: String,
    words: Vec<String>,
    answer: Answer,
}

impl Recorded {
    fn text(&self) -> std::borrow::Cow<'_, str> {
        String::from_utf8_lossy(&self.answer.stdout)
    }
}

/// Reads the format that `tests/fixtures/recorded/README.md` describes.
fn recorded() -> Vec<Recorded> {
    let mut all = Vec::new();
    for release in ["6.10", "10.3"] {
        let path = format!("tests/fixtures/recorded/{release}.jsonl");
        let text = std::fs::read_to_string(path).unwrap();
        let mut seen = Vec::new();
        for line in text.lines() {
            let value: serde_json::Value = serde_json::from_str(line).unwrap();
            let words = value["argv"].as_array().unwrap();
            all.push(Recorded {
                from: format!("{release}/{}", value["from"].as_str().unwrap()),
                words: words.iter().map(|w| w.as_str().unwrap().into()).collect(),
                answer: Answer {
                    stdout: bytes(&value, "stdout", &mut seen),
                    stderr: bytes(&value, "stderr", &mut seen),
                    exit: value["exit"].as_i64().and_then(|code| code.try_into().ok()),
                    ..Answer::default()
                },
            });
        }
    }
    all
}

fn bytes(value: &serde_json::Value, key: &str, seen: &mut Vec<String>) -> Vec<u8> {
    if let Some(hex) = value[format!("{key}_hex")].as_str() {
        return (0..hex.len())
            .step_by(2)
            .map(|at| u8::from_str_radix(&hex[at..at + 2], 16).unwrap())
            .collect();
    }
    let index = |value: &serde_json::Value| value.as_u64().map(|n| usize::try_from(n).unwrap());
    let mut lines = Vec::new();
    for item in value[key].as_array().into_iter().flatten() {
        if let Some(line) = item.as_str() {
            seen.push(line.to_owned());
            lines.push(line.to_owned());
        } else if let Some(at) = index(item) {
            lines.push(seen[at].clone());
        } else {
            let (from, to) = (index(&item[0]).unwrap(), index(&item[1]).unwrap());
            lines.extend_from_slice(&seen[from..=to]);
        }
    }
    lines.join("\n").into_bytes()
}

/// The commands that a recorded call stands for; none when it is a call that is never made here.
/// `status all` stands for the status of each volume that it lists.
fn commands(recorded: &Recorded) -> Vec<Command> {
    let words: Vec<&str> = recorded.words.iter().map(String::as_str).collect();
    let one = |command| vec![command];
    match words.as_slice() {
        ["--version", ..] => one(Command::Version),
        ["pool", "list"] | ["peer", "status"] => one(Command::PoolList),
        ["volume", "list"] => one(Command::VolumeList),
        ["get-state", ..] => one(Command::State),
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
    names
        .into_iter()
        .map(|name| Command::VolumeStatus {
            volume: name.into(),
            view,
        })
        .collect()
}

fn all_between<'a>(text: &'a str, open: &str, close: &str) -> Vec<&'a str> {
    let mut found: Vec<_> = text.split(open).collect();
    found.remove(0);
    found
        .into_iter()
        .map(|rest| rest.split_once(close).unwrap().0)
        .collect()
}

/// What should come of an answer; `None` is success.
fn expected(recorded: &Recorded) -> Option<FaultKind> {
    let text = recorded.text();
    let denied = String::from_utf8_lossy(&recorded.answer.stderr).contains("Permission denied");
    let op_ret = all_between(&text, "<opRet>", "</opRet>");
    if text.contains("Request timed out") {
        Some(FaultKind::Timeout)
    } else if text.contains("Connection failed") {
        Some(if denied {
            FaultKind::Permission
        } else {
            FaultKind::DaemonDown
        })
    } else if op_ret == ["0"] {
        // `status all` without a volume to list answers nobody's question.
        text.contains("<volumes/>").then_some(FaultKind::BadOutput)
    } else if text.starts_with("[Global]") || text.starts_with("glusterfs ") {
        None
    } else if text.contains("Another transaction") || text.contains("Locking failed") {
        Some(FaultKind::Busy)
    } else if op_ret.len() == 1 {
        Some(FaultKind::Refused)
    } else if text.is_empty() && denied {
        Some(FaultKind::Permission)
    } else {
        Some(FaultKind::BadOutput)
    }
}

/// The command without its targets.
fn label(command: &Command) -> String {
    match command {
        Command::VolumeStatus { view, .. } => format!("volume status {view:?}"),
        Command::RebalanceStart { mode, .. } => format!("rebalance start {mode:?}"),
        Command::RemoveBrick { step, .. } => format!("remove-brick {step:?}"),
        Command::RebalanceStatus(_) => "rebalance status".into(),
        Command::RebalanceStop(_) => "rebalance stop".into(),
        Command::VolumeInfo(None) => "volume info".into(),
        Command::VolumeInfo(Some(_)) => "volume info VOLUME".into(),
        Command::SetThrottle { .. } => "volume set".into(),
        other => other.words().join(" "),
    }
}

#[test]
fn every_answer_is_what_its_text_says() {
    let mut table: BTreeMap<(String, &str), usize> = BTreeMap::new();
    for recorded in recorded() {
        for command in commands(&recorded) {
            let result = parse(&command, &recorded.answer);
            let kind = result.as_ref().err().map(|failure| failure.kind);
            assert_eq!(
                kind,
                expected(&recorded),
                "{}: {command:?}\n{result:?}",
                recorded.from
            );
            if let Ok(parsed) = result {
                assert_eq!(parsed.warnings, [""; 0], "{}", recorded.from);
                check(&recorded, &command, parsed);
            }
            let outcome = kind.map_or("good", FaultKind::as_str);
            *table.entry((label(&command), outcome)).or_default() += 1;
        }
    }
    let mut text = String::new();
    for ((command, outcome), count) in table {
        writeln!(text, "{command:<27}{outcome:<13}{count:>5}").unwrap();
    }
    insta::assert_snapshot!(text, @"");
}

fn check(recorded: &Recorded, command: &Command, parsed: Parsed) {
    let text = recorded.text();
    let from = &recorded.from;
    let count = |open| text.matches(open).count();
    match parsed.reply {
        Reply::Release(release) => assert!(from.starts_with(&release.to_string()), "{from}"),
        Reply::Peers(peers) => assert_eq!(peers.len(), count("<peer>"), "{from}"),
        Reply::Names(names) => assert_eq!(names.len(), count("<volume>"), "{from}"),
        Reply::Volumes(volumes) => {
            let names: Vec<_> = volumes.iter().map(|volume| &volume.name).collect();
            assert!(names.is_sorted(), "{from}");
            let bricks: usize = volumes.iter().map(|volume| volume.bricks.len()).sum();
            assert_eq!(bricks, count("<brick uuid"), "{from}");
            for volume in volumes {
                assert!(
                    volume.bricks.iter().all(|brick| brick.peer.is_some()),
                    "{from}"
                );
                assert_eq!(volume.bricks.len() % volume.layout.leaf(), 0, "{from}");
                // The type's name is never read; it agrees all the same in these two releases.
                let kind = format!("<typeStr>{}</typeStr>", volume.kind().as_str());
                assert!(text.contains(&kind), "{from}: {kind}");
            }
        }
        Reply::Status(report) => {
            assert!(
                report.bricks.iter().all(|brick| brick.peer.is_some()),
                "{from}"
            );
            if count("<volName>") == 1 {
                let services = count(" Daemon</hostname>") + count("NFS Server</hostname>");
                assert_eq!(report.bricks.len() + services, count("<node>"), "{from}");
                let tasks = report.tasks.map_or(0, |tasks| tasks.len());
                assert_eq!(tasks, count("<task>"), "{from}");
            }
        }
        Reply::Progress(report) => check_progress(recorded, command, &report),
        Reply::State(report) => {
            let bricks: usize = report
                .volumes
                .iter()
                .map(|volume| volume.bricks.len())
                .sum();
            assert_eq!(bricks, count(".spacetotal: "), "{from}");
            assert!(report.local.is_some(), "{from}");
            for volume in report.volumes {
                assert_ne!(volume.task_state, TaskState::Unknown, "{from}");
            }
        }
        Reply::Done { task, progress, .. } => {
            let starts = matches!(command, Command::RebalanceStart { .. })
                || matches!(
                    command,
                    Command::RemoveBrick {
                        step: RemoveStep::Start,
                        ..
                    }
                );
            assert_eq!(task.is_some(), starts, "{from}");
            assert_eq!(progress.is_some(), command.stops(), "{from}");
            if let Some(report) = progress {
                check_progress(recorded, command, &report);
            }
        }
    }
}

/// The nodes are all there, their states are known, and they add up to gluster's own sums.
fn check_progress(recorded: &Recorded, command: &Command, report: &ProgressReport) {
    let text = recorded.text();
    let from = &recorded.from;
    assert_eq!(report.nodes.len(), text.matches("<node>").count(), "{from}");
    assert!(report.task.is_some(), "{from}");
    for node in &report.nodes {
        assert!(node.peer.is_some(), "{from}");
        assert_ne!(node.state, TaskState::Unknown, "{from}");
    }
    if report.nodes.is_empty() {
        return;
    }
    let (_, aggregate) = text.split_once("<aggregate>").unwrap();
    let sum = |tag: &str| {
        let values = all_between(aggregate, &format!("<{tag}>"), "<");
        values.first().map(|value| value.parse::<u64>().unwrap())
    };
    let total = Counters::total(report.nodes.iter().map(|node| &node.counters));
    let removes = matches!(command, Command::RemoveBrick { .. });
    assert_eq!(total.files, sum("files"), "{from}");
    assert_eq!(total.bytes, sum("size"), "{from}");
    assert_eq!(total.scanned, sum("lookups"), "{from}");
    assert_eq!(total.failures, sum("failures"), "{from}");
    assert_eq!(
        total.skipped,
        if removes { None } else { sum("skipped") },
        "{from}"
    );
    let runtime = all_between(aggregate, "<runtime>", ".00<");
    let longest = total.runtime.map(|runtime| runtime.as_secs().to_string());
    assert_eq!(longest.as_deref(), runtime.first().copied(), "{from}");
}

/// One command of each sort, for answers that belong to none or to another.
fn every_sort() -> Vec<Command> {
    let volume = || VolumeName::new("x");
    let remove = |step| Command::RemoveBrick {
        volume: volume(),
        bricks: vec![BrickName::new("127.1.1.1:/g/1/b/x1")],
        replica: None,
        step,
    };
    vec![
        Command::Version,
        Command::State,
        Command::PoolList,
        Command::VolumeList,
        Command::VolumeInfo(None),
        Command::VolumeStatus {
            volume: volume(),
            view: StatusView::Plain,
        },
        Command::RebalanceStatus(volume()),
        remove(RemoveStep::Stop),
        Command::SetThrottle {
            volume: volume(),
            throttle: Throttle::Lazy,
        },
    ]
}

#[test]
fn an_answer_to_another_question_is_never_taken_for_good() {
    let mut others = BTreeSet::new();
    for recorded in recorded() {
        let own: Vec<_> = commands(&recorded).iter().map(label).collect();
        for command in every_sort() {
            let result = parse(&command, &recorded.answer);
            if result.is_ok() && !own.contains(&label(&command)) {
                let words: Vec<_> = recorded.words.iter().map(String::as_str).collect();
                others.insert(format!("{} as {}", words[..2].join(" "), label(&command)));
            }
        }
    }
    let others: Vec<_> = others.into_iter().collect();
    insta::assert_snapshot!(others.join("\n"), @"");
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 400, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn a_damaged_answer_never_panics(
        at in any::<prop::sample::Index>(),
        cut in any::<prop::sample::Index>(),
        length in 0usize..200,
        patch in prop::collection::vec(any::<u8>(), 0..40),
    ) {
        thread_local! {
            static ALL: Vec<Recorded> = recorded();
        }
        ALL.with(|all| {
            let recorded = &all[at.index(all.len())];
            let mut answer = recorded.answer.clone();
            let from = cut.index(answer.stdout.len() + 1);
            let to = (from + length).min(answer.stdout.len());
            answer.stdout.splice(from..to, patch);
            for command in every_sort().into_iter().chain(commands(recorded)) {
                drop(parse(&command, &answer));
            }
        });
    }
}
