//! The shipped scenarios show what they promise, and a wrong one says what is wrong.

use crate::demo::testing::{HOUR, MINUTE, ask, named, numbers, tebibytes, used};
use crate::demo::{Pool, SCENARIOS};

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
    let later = failures(&mut pool, 20 * MINUTE);
    assert!(later > 0);
    assert!(failures(&mut pool, 30 * MINUTE) > later);
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
