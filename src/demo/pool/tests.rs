//! Time passes and commands act: looked at from outside, as glustop does.

use super::{Pool, SCENARIOS};
use crate::demo::testing::{HOUR, MINUTE, ask, named, numbers, used};

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
            &ask(&mut pool, "volume rebalance scratch status", 320),
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
fn the_options_in_force_follow_what_was_set() {
    let mut pool = named("healthy");
    ask(&mut pool, "volume set scratch cluster.min-free-disk 5%", 0);
    let own = ask(&mut pool, "volume get scratch all", 1);
    assert!(own.contains("<Value>5%</Value>"), "{own}");
    assert!(own.contains("<Value>1 (DEFAULT)</Value>"), "{own}");
    let entries = own.matches("<Opt>").count() as u64;
    assert_eq!(numbers(&own, "count"), [entries]);
    let pool_wide = ask(&mut pool, "volume get all all", 1);
    assert!(pool_wide.contains("<Option>cluster.max-op-version</Option>"));
    let none = ask(&mut pool, "volume get nosuch all", 1);
    assert!(none.contains("<output>volume get option: failed: Volume nosuch does not exist"));
}
