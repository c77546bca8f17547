//! Time passes and commands act: looked at from outside, as glustop does.

use std::time::Duration;

use super::{Pool, SCENARIOS};

const MINUTE: u64 = 60;
const HOUR: u64 = 60 * MINUTE;

fn named(name: &str) -> Pool {
    Pool::named(name).unwrap()
}

fn ask(pool: &mut Pool, words: &str, now: u64) -> String {
    let argv = words
        .split(' ')
        .chain(["--xml"])
        .map(str::to_owned)
        .collect::<Vec<_>>();
    String::from_utf8(pool.ask(&argv, Duration::from_secs(now)).stdout).unwrap()
}

/// The numbers in all elements of this name, in order.
fn numbers(xml: &str, tag: &str) -> Vec<u64> {
    let opening = format!("<{tag}>");
    let values = xml.split(&opening).skip(1);
    values
        .map(|rest| rest.split(['<', '.']).next().unwrap().parse().unwrap())
        .collect()
}

/// Bytes taken on each brick of a volume.
fn used(pool: &mut Pool, volume: &str, now: u64) -> Vec<u64> {
    let xml = ask(pool, &format!("volume status {volume} detail"), now);
    let free = numbers(&xml, "sizeFree");
    numbers(&xml, "sizeTotal")
        .iter()
        .zip(free)
        .map(|(total, free)| total - free)
        .collect()
}

fn tebibytes(bytes: u64) -> f64 {
    bytes as f64 / (1_u64 << 40) as f64
}

const MEDIA: &str = "media gl-01:/bricks/m2/media gl-02:/bricks/m2/media gl-03:/bricks/m2/media";

#[test]
fn every_shipped_scenario_loads() {
    for name in SCENARIOS {
        let mut pool = named(name);
        assert!(pool.pace() > 0);
        assert!(
            ask(&mut pool, "volume info", 0).contains("<opRet>0</opRet>"),
            "{name}"
        );
    }
    assert!(Pool::named("no such scenario").is_none());
}

#[test]
fn a_scenario_that_contradicts_itself_is_refused() {
    let text = "pace = 1\nseed = 1\nlocal = \"a\"\n[[peer]]\nname = \"a\"\n";
    assert!(Pool::from_toml(text).is_ok());
    let message = |text: &str| Pool::from_toml(text).unwrap_err().to_string();
    assert!(message(&text.replace("local = \"a\"", "local = \"b\"")).contains("names \"b\""));
    assert!(message(&text.replace("seed", "sead")).contains("sead"));
    let volume = "[[volume]]\nname = \"v\"\nlayout = { replica = 2 }\nfile_size = \"1MiB\"\n\
         rate = \"1MiB\"\n[[volume.subvolume]]\nhosts = [\"a\"]\npath = \"/v\"\ndevice = \"sdb\"\n\
         size = \"1TiB\"\ndata = \"0B\"\n";
    assert!(message(&format!("{text}{volume}")).contains("has 1 bricks, its layout asks for 2"));
    let still = volume.replace("rate = \"1MiB\"", "rate = \"0B\"");
    assert!(message(&format!("{text}{still}")).contains("rate of v must not be zero"));
    let unit = volume.replace("1TiB", "1 parsec");
    assert!(message(&format!("{text}{unit}")).contains("is no size"));
}

#[test]
fn asking_more_often_changes_nothing() {
    for name in SCENARIOS.iter().filter(|name| **name != "large") {
        let (mut often, mut once) = (named(name), named(name));
        for minute in 0..60 {
            ask(&mut often, "volume status all", minute * MINUTE);
        }
        for question in [
            "volume status all detail",
            "volume status all",
            "volume info",
        ] {
            let now = HOUR;
            assert_eq!(
                ask(&mut often, question, now),
                ask(&mut once, question, now),
                "{name}"
            );
        }
        let dump = |pool: &mut Pool| ask(pool, "get-state", HOUR);
        assert_eq!(dump(&mut often), dump(&mut once), "{name}");
    }
}

#[test]
fn draining_begins_as_in_its_picture() {
    let mut pool = named("draining");
    let status = ask(&mut pool, &format!("volume remove-brick {MEDIA} status"), 0);
    assert_eq!(
        numbers(&status, "files"),
        [213_901, 212_987, 214_332, 641_220]
    );
    assert_eq!(numbers(&status, "failures"), [0, 12, 0, 12]);
    assert_eq!(numbers(&status, "nodeCount"), [6]);
    assert_eq!(numbers(&status, "runtime"), [27_547; 4]);
    assert!((tebibytes(numbers(&status, "size")[3]) - 3.11).abs() < 0.01);
    let media: Vec<f64> = used(&mut pool, "media", 0)
        .iter()
        .map(|one| tebibytes(*one))
        .collect();
    for (brick, expected) in media
        .iter()
        .zip([9.6, 9.6, 9.6, 9.6, 9.6, 9.6, 5.2, 5.2, 5.2])
    {
        assert!((brick - expected).abs() < 0.01, "{brick} is not {expected}");
    }
    let rebalance = ask(&mut pool, "volume rebalance scratch status", 0);
    assert_eq!(numbers(&rebalance, "failures"), [0, 0, 3, 0, 3]);
    assert_eq!(numbers(&rebalance, "skipped"), [41, 38, 41, 0, 120]);
    let home = ask(&mut pool, "volume status home", 0);
    assert!(home.contains("<pid>-1</pid>"));
    assert!(ask(&mut pool, "volume status backup", 0).contains("Volume backup is not started"));
}

#[test]
fn a_node_stands_still_and_goes_on() {
    let mut pool = named("draining");
    let mut sizes = |now| {
        numbers(
            &ask(
                &mut pool,
                &format!("volume remove-brick {MEDIA} status"),
                now,
            ),
            "size",
        )
    };
    let (start, stalled, later) = (sizes(0), sizes(HOUR), sizes(3 * HOUR));
    // gl-02, gl-03, localhost, all
    assert_eq!(start[1], stalled[1]);
    assert!(start[0] < stalled[0] && start[2] < stalled[2]);
    assert!(stalled[1] < later[1]);
}

#[test]
fn a_drain_empties_its_bricks_and_ends() {
    let mut pool = named("healthy");
    let bricks = "projects node-a:/bricks/p1/projects node-b:/bricks/p1/projects \
                  node-c:/bricks/p1/projects"
        .replace("                  ", "");
    let before = used(&mut pool, "projects", 0);
    let start = ask(&mut pool, &format!("volume remove-brick {bricks} start"), 0);
    assert!(start.contains("Remove Brick start successful"));
    let end = 2 * MINUTE * u64::from(pool.pace());
    let status = ask(
        &mut pool,
        &format!("volume remove-brick {bricks} status"),
        end,
    );
    assert_eq!(
        numbers(&status, "status"),
        [3; 4],
        "completed within two minutes of the viewer"
    );
    let after = used(&mut pool, "projects", end);
    assert!(
        after[3..].iter().all(|brick| *brick < 1 << 30),
        "leaving bricks are empty"
    );
    assert!(
        after[..3].iter().all(|brick| *brick == after[0]),
        "replicas are equal"
    );
    let grown = after[0] - before[0];
    let moved = numbers(&status, "size")[3];
    assert!(
        grown.abs_diff(moved) < 1 << 20,
        "what arrived is what was moved"
    );

    let info = |pool: &mut Pool| numbers(&ask(pool, "volume info projects", end), "brickCount");
    assert_eq!(info(&mut pool), [6]);
    let commit = ask(
        &mut pool,
        &format!("volume remove-brick {bricks} commit"),
        end,
    );
    assert!(commit.contains("Remove Brick commit successful"));
    assert_eq!(info(&mut pool), [3]);
    assert!(ask(&mut pool, "volume status projects tasks", end + 3).contains("<tasks/>"));
    let again = ask(
        &mut pool,
        &format!("volume remove-brick {bricks} commit"),
        end + 3,
    );
    assert!(again.contains("<opRet>-1</opRet>"), "{again}");
}

#[test]
fn a_rebalance_evens_the_bricks() {
    let mut pool = named("healthy");
    ask(&mut pool, "volume rebalance scratch start", 0);
    let end = 2 * MINUTE * u64::from(pool.pace());
    let status = ask(&mut pool, "volume rebalance scratch status", end);
    assert!(status.contains("<statusStr>completed</statusStr>"));
    assert!(!status.contains("in progress"), "{status}");
    let used = used(&mut pool, "scratch", end);
    let spread = used.iter().max().unwrap() - used.iter().min().unwrap();
    assert!(spread < 1 << 20, "{used:?}");
}

#[test]
fn stop_keeps_the_last_counters_in_its_answer_only() {
    let mut pool = named("healthy");
    ask(&mut pool, "volume rebalance scratch start", 0);
    let before = ask(&mut pool, "volume rebalance scratch status", 600);
    let stop = ask(&mut pool, "volume rebalance scratch stop", 600);
    assert_eq!(numbers(&stop, "size"), numbers(&before, "size"));
    assert!(numbers(&stop, "size")[3] > 0);
    assert!(stop.contains("<statusStr>stopped</statusStr>"));
    let after = ask(&mut pool, "volume rebalance scratch status", 601);
    assert!(after.contains("Rebalance not started for volume scratch."));
    assert!(ask(&mut pool, "volume status scratch tasks", 601).contains("<tasks/>"));
    let used_then = used(&mut pool, "scratch", 601);
    assert_eq!(
        used(&mut pool, "scratch", 6000),
        used_then,
        "moved files stay, nothing moves on"
    );
}

#[test]
fn a_start_holds_the_lock_of_its_volume() {
    let mut pool = named("healthy");
    ask(&mut pool, "volume rebalance scratch start", 100);
    let named = "Another transaction is in progress for scratch. Please try again after some time.";
    let unnamed = "Another transaction is in progress. Please try again after some time.";
    for (words, text) in [
        ("volume status scratch", named),
        ("volume set scratch user.a b", named),
        ("volume rebalance scratch status", unnamed),
        ("volume rebalance scratch stop", unnamed),
        (
            "volume remove-brick scratch node-a:/bricks/s0/scratch start",
            unnamed,
        ),
    ] {
        let busy = ask(&mut pool, words, 109);
        assert!(busy.contains("<opErrno>30802</opErrno>"), "{words}");
        assert!(
            busy.contains(&format!("<opErrstr>{text}</opErrstr>")),
            "{words}: {busy}"
        );
    }
    let all = ask(&mut pool, "volume status all tasks", 109);
    assert!(
        !all.contains("scratch") && all.contains("projects"),
        "left out in silence"
    );
    for words in [
        "volume info scratch",
        "volume list",
        "peer status",
        "pool list",
    ] {
        assert!(
            ask(&mut pool, words, 109).contains("<opRet>0</opRet>"),
            "{words}"
        );
    }
    assert!(ask(&mut pool, "volume status scratch", 110).contains("<opRet>0</opRet>"));
}

#[test]
fn throttle_changes_the_speed_of_a_running_task() {
    let moved = |throttle: &str| {
        let mut pool = named("healthy");
        ask(&mut pool, "volume rebalance scratch start", 0);
        ask(
            &mut pool,
            &format!("volume set scratch cluster.rebal-throttle {throttle}"),
            20,
        );
        numbers(
            &ask(&mut pool, "volume rebalance scratch status", 620),
            "size",
        )[3]
    };
    let (lazy, normal, aggressive) = (moved("lazy"), moved("normal"), moved("aggressive"));
    assert!(
        lazy * 2 < normal && normal * 3 / 2 < aggressive,
        "{lazy} {normal} {aggressive}"
    );
}

#[test]
fn fix_layout_has_its_own_words_in_status_only() {
    let mut pool = named("healthy");
    ask(&mut pool, "volume rebalance projects fix-layout start", 0);
    let status = ask(&mut pool, "volume rebalance projects status", 20);
    assert_eq!(numbers(&status, "status"), [5; 4]);
    assert_eq!(numbers(&status, "lookups"), [0; 4]);
    assert_eq!(
        numbers(
            &ask(&mut pool, "volume status projects tasks", 20),
            "status"
        ),
        [1]
    );
    assert!(ask(&mut pool, "get-state", 20).contains("rebalance.status: layout_fix_started"));
    let end = ask(&mut pool, "volume rebalance projects status", HOUR);
    assert!(end.contains("<statusStr>fix-layout completed</statusStr>"));
}

#[test]
fn a_full_target_makes_failures() {
    let mut pool = named("runaway");
    let failures = |pool: &mut Pool, now| {
        *numbers(
            &ask(pool, "volume rebalance archive status", now),
            "failures",
        )
        .last()
        .unwrap()
    };
    assert_eq!(failures(&mut pool, 0), 0);
    let later = failures(&mut pool, HOUR);
    assert!(later > 0);
    assert!(failures(&mut pool, 2 * HOUR) > later);
    let fullest = *used(&mut pool, "archive", 2 * HOUR).last().unwrap();
    assert!(tebibytes(fullest) > 7.8, "{fullest}");
}

#[test]
fn degraded_waits_for_three_decisions() {
    let mut pool = named("degraded");
    for (words, text) in [
        (
            "logs gl-02:/bricks/l1/logs gl-03:/bricks/l1/logs",
            "as migration has failed",
        ),
        (
            "photos gl-03:/bricks/f2/photos",
            "might have been skipped or has failed",
        ),
        (
            "mail gl-02:/bricks/i1/mail gl-03:/bricks/i1/mail gl-01:/bricks/i1/mail",
            "successful",
        ),
    ] {
        let commit = ask(&mut pool, &format!("volume remove-brick {words} commit"), 5);
        assert!(commit.contains(text), "{commit}");
    }
    let photos = ask(
        &mut pool,
        "volume remove-brick photos gl-03:/bricks/f2/photos status",
        9,
    );
    assert_eq!(
        numbers(&photos, "failures"),
        [523; 2],
        "skipped files count as failed here"
    );
    assert_eq!(numbers(&photos, "skipped"), [0; 2]);
    let heal = ask(&mut pool, "volume heal web info summary", 9);
    assert!(heal.contains("<brick hostUuid=\"-\">"));
}

#[test]
fn fewer_copies_by_force() {
    let mut pool = named("healthy");
    let words = "volume remove-brick vmstore replica 2 node-c:/bricks/v0/vmstore \
                 node-a:/bricks/v1/vmstore force";
    assert!(ask(&mut pool, words, 0).contains("Remove Brick commit force successful"));
    let info = ask(&mut pool, "volume info vmstore", 1);
    assert_eq!(numbers(&info, "brickCount"), [4]);
    assert_eq!(numbers(&info, "replicaCount"), [2]);
    assert_eq!(numbers(&info, "arbiterCount"), [0]);
}

#[test]
fn the_large_pool_has_all_its_volumes() {
    let mut pool = named("large");
    let info = ask(&mut pool, "volume info", 0);
    assert_eq!(info.matches("<brick uuid=").count(), 12_000);
    assert_eq!(
        ask(&mut pool, "volume status all tasks", HOUR)
            .matches("<task>")
            .count(),
        2
    );
}
