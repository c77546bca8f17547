//! Every answer that was recorded from real clusters, through the parser.
//!
//! The expectations are worked out from the text by other, cruder means than the parser's.
#![allow(
    missing_docs,
    clippy::panic,
    clippy::string_slice,
    clippy::unwrap_used,
    reason = "a test that dies says where"
)]

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;

#[path = "recorded/commands.rs"]
mod commands;
#[path = "fixtures/recorded/reader.rs"]
mod reader;

use commands::{commands, label};
use glustop::gluster::{Command, Parsed, ProgressReport, RemoveStep, Reply, StatusView, parse};
use glustop::model::{BrickName, Counters, FaultKind, TaskState, Throttle, VolumeName};
use proptest::prelude::*;
use reader::{Recorded, recorded};

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

#[test]
fn every_answer_is_what_its_text_says() {
    let mut table: BTreeMap<String, BTreeMap<Option<FaultKind>, usize>> = BTreeMap::new();
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
            *table
                .entry(label(&command))
                .or_default()
                .entry(kind)
                .or_default() += 1;
        }
    }
    let kinds: BTreeSet<_> = table.values().flat_map(|row| row.keys().copied()).collect();
    let mut text = String::from("                         ");
    for kind in &kinds {
        write!(text, "{:>12}", kind.map_or("good", FaultKind::as_str)).unwrap();
    }
    for (command, row) in &table {
        write!(text, "\n{command:<25}").unwrap();
        for kind in &kinds {
            write!(text, "{:>12}", row.get(kind).copied().unwrap_or_default()).unwrap();
        }
    }
    insta::assert_snapshot!(text, @r"
                                     good  permission daemon-down        busy     timeout     refused  bad-output
    --version                           2           0           0           0           0           0           0
    get-state glusterd                182           0           2           0           0           0           0
    heal info summary                  77           2           2           0           0         101           0
    pool list                         252           4           4           0           2           0           0
    rebalance start FixLayout           7           0           0           0           0          10           0
    rebalance start Force               4           0           0           0           0           2           0
    rebalance start Migrate            75           2           2           4           0          29           0
    rebalance status                  477           2           4           3           6         216           0
    rebalance stop                     18           0           0           0           1          39           0
    remove-brick Commit                18           0           0           0           0          44           6
    remove-brick Force                 13           0           0           0           0          27           8
    remove-brick Start                 40           0           2           0           0          46           6
    remove-brick Status               219           2           2           0           0          45           6
    remove-brick Stop                  10           0           0           0           0          30           6
    volume get VOLUME                   4           0           0           0           0           2           0
    volume get all all                  2           0           0           0           0           0           0
    volume info                       165           2           2           0           1           0          23
    volume info VOLUME                207           0           0           0           0           4          14
    volume list                       108           2           2           0           1           0           0
    volume set                        100           0           0          15           0          14           0
    volume status Detail              436           2           2           2           0          12           2
    volume status Plain               607           2           4          10           4          52          14
    volume status Tasks               405           2           2           0           2           4           2
    ");
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
        Reply::Heal(heal) => {
            assert_eq!(heal.bricks.len(), count("<brick hostUuid"), "{from}");
            let silent = heal.bricks.iter().filter(|brick| brick.entries.is_none());
            assert_eq!(silent.count(), count("hostUuid=\"-\""), "{from}");
            let known = heal.bricks.iter().filter_map(|brick| brick.entries);
            let told = all_between(&text, "<totalNumberOfEntries>", "<").into_iter();
            let told: u64 = told.map(|n| n.parse::<u64>().unwrap()).sum();
            assert_eq!(known.sum::<u64>(), told, "{from}");
        }
        Reply::Options(options) => {
            let names: BTreeSet<_> = all_between(&text, "<Option>", "<").into_iter().collect();
            assert_eq!(options.len(), names.len(), "{from}");
            let marked = options.values().filter(|v| v.ends_with("(DEFAULT)"));
            assert_eq!(marked.count(), 0, "{from}");
            let key = match command {
                Command::PoolOptions => "cluster.op-version",
                _ => "cluster.min-free-disk",
            };
            assert!(!options[key].is_empty(), "{from}");
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
        Command::HealSummary(volume()),
        Command::Options(volume()),
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
    // Long answers differ from short ones by their length only.
    let short = |recorded: &Recorded| recorded.answer.stdout.len() < 2_000;
    for recorded in recorded().into_iter().filter(short) {
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
    insta::assert_snapshot!(others.join("\n"), @r"
    volume get as volume get VOLUME
    volume info as volume info
    volume rebalance as rebalance status
    volume remove-brick as remove-brick Stop
    ");
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
