//! Excerpts of real logs, and lines of other releases by their known forms.

use std::fmt::Write as _;

use super::*;

macro_rules! log {
    ($name:literal) => {
        include_str!(concat!(
            env!("CARGO_MANIFEST_DIR"),
            "/tests/fixtures/logs/",
            $name,
            ".log"
        ))
    };
}

/// One line for each group: `3 failed, 1 skipped, 2 lines: cause: examples`.
fn told(triage: &Triage) -> String {
    let mut out = String::new();
    for group in &triage.groups {
        let Group {
            failed,
            skipped,
            lines,
            cause,
            ..
        } = group;
        let paths = group.examples.join(" ");
        let _ = writeln!(out, "{failed}f {skipped}s {lines}l {cause}: {paths}");
    }
    let _ = write!(out, "{} moved, {} warnings", triage.moved, triage.warnings);
    out
}

fn of(text: &str) -> String {
    told(&triage(text, 0, None))
}

fn at(time: &str) -> Timestamp {
    time.parse().unwrap()
}

#[test]
fn no_space_is_told_once_for_each_file() {
    let triage = triage(log!("no-space"), 0, None);
    insta::assert_snapshot!(told(&triage));
    let failed: Vec<_> = log!("no-space")
        .lines()
        .filter_map(|line| line.split_once("migrate-data failed for "))
        .collect();
    assert_eq!(triage.failed(), failed.len() as u64);
    assert_eq!(
        triage.said,
        Some(Said {
            failures: 126,
            skipped: 0
        })
    );
}

#[test]
fn every_real_log_finds_its_cause() {
    insta::assert_snapshot!("fuller", of(log!("fuller")));
    insta::assert_snapshot!("brick_killed", of(log!("brick-killed")));
    insta::assert_snapshot!("gone", of(log!("gone")));
    insta::assert_snapshot!("permission", of(log!("permission")));
}

/// Three runs in one log: what the first two skipped, the last one moved.
#[test]
fn only_the_task_in_question_counts() {
    let log = log!("hard-links");
    assert_eq!(of(log), "0 moved, 11 warnings");
    let second = triage(log, 0, Some(at("2026-11-23T09:00:46Z")));
    insta::assert_snapshot!("hard_links", told(&second));
    assert_eq!(second.began, Some(at("2026-11-23T09:00:42.17804Z")));
}

#[test]
fn a_log_whose_beginning_is_cut_goes_by_the_time() {
    let log = log!("no-space");
    let (_, cut) = log.split_once("Started running").unwrap();
    let (_, cut) = cut.split_once('\n').unwrap();
    let whole = triage(log, log.len() as u64, None);
    let triage = triage(cut, log.len() as u64, Some(at("2026-11-23T09:00:04Z")));
    assert!(triage.looked.is_cut() && !whole.looked.is_cut());
    assert_eq!(triage.began, None);
    assert_eq!(told(&triage), told(&whole));
    let late = super::triage(cut, 0, Some(at("2026-11-23T10:00:00Z")));
    assert_eq!(told(&late), "0 moved, 0 warnings");
}

/// The forms of other releases: no offset, no error, no id, and the words of 3.x and of 11.
#[test]
fn other_releases_are_understood() {
    let lines = "\
[2018-03-01 10:00:00.000001] I [MSGID: 100030] [glusterfsd.c:2556:main] 0-/usr/sbin/glusterfs: Started running /usr/sbin/glusterfs version 3.12.15 (args: /usr/sbin/glusterfs)
[2018-03-01 10:00:01.000001] W [dht-rebalance.c:403:__dht_check_free_space] 0-v-dht: data movement attempted from node (v-client-0) with higher disk space to a node (v-client-1) with lesser disk space (/a (1))
[2018-03-01 10:00:02.000001] E [MSGID: 109023] [dht-rebalance.c:2390:gf_defrag_migrate_single_file] 0-v-dht: migrate-data failed for /b [1]
[2018-03-01 10:00:03.000001] E [MSGID: 109023] [dht-rebalance.c:100:dht_migrate_file] 0-v-dht: Migrate file failed: /c: d: File has locks. Skipping file migration
[2018-03-01 10:00:04.000001] W [MSGID: 109007] [dht-common.c:1771:dht_lookup_everywhere_cbk] 0-v-dht: multiple subvolumes (v-client-0 and v-client-1) have file /e (preferably rename the file in the backend,and do a fresh lookup)
[2018-03-01 10:00:05.000001] E [MSGID: 109016] [dht-rebalance.c:3320:gf_defrag_fix_layout] 0-v-dht: Fix layout failed for /no space left
[2018-03-01 10:00:06.000001] E [MSGID: 109039] [dht-common.c:1:x] 0-v-dht: something nobody has seen before
[2018-03-01 10:00:07.000001] E [dht-rebalance.c:1:x] 0-v-dht: /f: failed to do what was never done [Input/output error]
";
    insta::assert_snapshot!(of(lines));
    let found = triage(lines, 0, None);
    let times = |cause| {
        let group = found.groups.iter().find(|group| group.cause == cause);
        group.unwrap().times.unwrap().0
    };
    assert_eq!(times(Cause::Fuller), at("2018-03-01T10:00:01.000001Z"));
    let other = found
        .groups
        .iter()
        .find(|group| group.cause == Cause::Other(Some(109_039)));
    assert_eq!(
        other.unwrap().sample.as_deref(),
        Some("something nobody has seen before")
    );
}

#[test]
fn a_local_time_with_its_offset_is_the_same_moment() {
    let line = "[2026-11-23 14:30:00.5 +0530] E [a.c:1:f] 0-v-dht: migrate-data failed for /a [No space left on device]";
    let found = triage(line, 0, None);
    let moment = at("2026-11-23T09:00:00.5Z");
    assert_eq!(found.groups[0].times, Some((moment, moment)));
}

/// The beginning of a task is told by its run time, which gluster counts from a moment after the
/// process began.
#[test]
fn a_second_process_of_the_same_task_adds_to_the_first() {
    let run = |hour| {
        format!(
            "[2026-11-23 {hour}:00:00.0 +0000] I [MSGID: 100030] [g.c:1:main] 0-g: Started running version\n\
             [2026-11-23 {hour}:00:09.0 +0000] E [MSGID: 1] [a.c:1:f] 0-v-dht: migrate-data failed for /{hour} [No space left on device]\n"
        )
    };
    let log = ["07", "08", "09"].map(run).concat();
    let found = |since: &str| triage(&log, 0, Some(at(since)));
    assert_eq!(
        found("2026-11-23T08:00:05Z").groups[0].examples,
        ["/08", "/09"]
    );
    assert_eq!(found("2026-11-23T09:00:02Z").groups[0].examples, ["/09"]);
}

#[test]
fn many_kinds_of_other_keep_their_sum() {
    let mut log = String::new();
    for id in 1_000..1_500 {
        let _ = writeln!(
            log,
            "[2026-11-23 09:00:00.0 +0000] E [MSGID: {id}] [a.c:1:f] 0-v-dht: odd"
        );
    }
    let found = triage(&log, 0, None);
    assert!(found.groups.len() <= OTHERS + 1);
    assert_eq!(
        found.groups.iter().map(|group| group.lines).sum::<u64>(),
        500
    );
}

#[test]
fn nothing_at_all_is_no_failure() {
    for log in [
        "",
        "\n\n",
        "[",
        "[] ",
        "] E [",
        "[2026 E",
        "no log at all",
        "[a] E ",
    ] {
        assert_eq!(of(log), "0 moved, 0 warnings", "{log:?}");
    }
}
