//! The simulated pool answers as gluster does: the sentences of its refusals and the layout of
//! its XML are those of recorded answers of release 10.3.

#![allow(
    clippy::unwrap_used,
    reason = "a test ends where its fixture is broken"
)]

use std::fs;
use std::time::Duration;

use glustop::demo::{Pool, Reply};

fn fixture(name: &str) -> String {
    fs::read_to_string(format!(
        "{}/tests/fixtures/demo/{name}",
        env!("CARGO_MANIFEST_DIR")
    ))
    .unwrap()
}

fn pool() -> Pool {
    Pool::from_toml(&fixture("pool.toml")).unwrap()
}

fn ask(pool: &mut Pool, words: &str, now: u64) -> Reply {
    let options = ["--mode=script", "--xml", "--log-file=/dev/null"];
    let argv = options
        .into_iter()
        .chain(words.split_whitespace())
        .map(str::to_owned);
    pool.ask(&argv.collect::<Vec<_>>(), Duration::from_secs(now))
}

fn stdout(reply: &Reply) -> &str {
    std::str::from_utf8(&reply.stdout).unwrap()
}

fn value<'a>(xml: &'a str, tag: &str) -> &'a str {
    let (_, rest) = xml.split_once(&format!("<{tag}>")).unwrap_or_default();
    rest.split_once('<').unwrap_or_default().0
}

/// One refusal: what was done before, the words, errno, exit and sentence.
type Case = (
    &'static [&'static str],
    &'static str,
    &'static str,
    i32,
    &'static str,
);

const DRAIN: &[&str] = &["volume remove-brick ds n3:/b/ds start"];
const REBALANCE: &[&str] = &["volume rebalance ds start"];

#[rustfmt::skip]
const REFUSALS: &[Case] = &[
    (&[], "volume info none", "30806", 0, "Volume does not exist"),
    (&[], "volume status none", "30800", 0, "Volume none does not exist"),
    (&[], "volume status off", "30800", 0, "Volume off is not started"),
    (&[], "volume set none a.b c", "30800", 0, "Volume none does not exist"),
    (&[], "volume set ds cluster.rebal-throttle warp", "30800", 0, "cluster.rebal-throttle should be {lazy|normal|aggressive} or a number up to number of cores available (cores available - 2)"),
    (&[], "volume heal ds info summary", "22", 234, "This command is supported for only volumes of replicate/disperse type. Volume ds is not of type replicate/disperse"),
    (&[], "volume heal none info summary", "2", 254, "Volume none does not exist"),
    (&[], "volume heal off info summary", "5", 251, "off: Not able to fetch volfile from glusterd"),

    (&[], "volume rebalance none status", "30800", 1, "Volume none does not exist"),
    (&[], "volume rebalance none start", "30800", 0, "Volume none does not exist"),
    (&[], "volume rebalance off start", "30800", 0, "Volume off needs to be started to perform rebalance"),
    (&[], "volume rebalance off stop", "30800", 1, "Volume off needs to be started to perform rebalance"),
    (&[], "volume rebalance rep start", "30800", 0, "Volume rep is not a distribute volume or contains only 1 brick.\nNot performing rebalance"),
    (&[], "volume rebalance one status", "30800", 1, "Volume one is not a distribute volume or contains only 1 brick.\nNot performing rebalance"),
    (&[], "volume rebalance ds status", "30800", 1, "Rebalance not started for volume ds."),
    (&[], "volume rebalance ds stop", "30800", 1, "Rebalance not started for volume ds."),
    (DRAIN, "volume rebalance ds status", "30800", 1, "Rebalance not started for volume ds."),
    (DRAIN, "volume rebalance ds start", "30800", 0, "A remove-brick task on volume ds is not yet committed. Either commit or stop the remove-brick task."),
    (DRAIN, "volume rebalance ds fix-layout start", "30800", 0, "A remove-brick task on volume ds is not yet committed. Either commit or stop the remove-brick task."),
    (REBALANCE, "volume rebalance ds start force", "30800", 0, "Rebalance on ds is already started"),
    (REBALANCE, "volume remove-brick ds n3:/b/ds start", "30800", 0, "Rebalance is in progress. Please retry after completion"),

    (&[], "volume remove-brick none n1:/x status", "30800", 0, "Volume none does not exist"),
    (&[], "volume remove-brick none n1:/x start", "0", 0, "Volume none does not exist"),
    (&[], "volume remove-brick dr n1:/b/dr0 n2:/b/dr0 start", "0", 0, "Remove brick incorrect brick count of 2 for replica 3"),
    (&[], "volume remove-brick dp n1:/b/dp0 n2:/b/dp0 commit", "0", 0, "Remove brick incorrect brick count of 2 for disperse 3"),
    (&[], "volume remove-brick dr n1:/b/dr0 n2:/b/dr1 n3:/b/dr1 start", "0", 0, "Bricks not from same subvol for replica"),
    (&[], "volume remove-brick ds n1:/b/nope start", "0", 0, "Incorrect brick n1:/b/nope for volume ds"),
    (&[], "volume remove-brick rep n1:/b/rep start", "0", 0, "Removing bricks from replicate configuration is not allowed without reducing replica count explicitly."),
    (&[], "volume remove-brick one n1:/b/one start", "30800", 0, "Deleting all the bricks of the volume is not allowed"),
    (&[], "volume remove-brick ds n1:/b/ds n2:/b/ds n3:/b/ds force", "30800", 0, "Deleting all the bricks of the volume is not allowed"),
    (&[], "volume remove-brick dr replica 2 n1:/b/dr0 force", "0", 0, "need 2(xN) bricks for reducing replica count of the volume from 3 to 2"),
    (&[], "volume remove-brick dr replica 2 n1:/b/dr0 n2:/b/dr1 start", "30800", 0, "Migration of data is not needed when reducing replica count. Use the 'force' option"),
    (&[], "volume remove-brick dr replica 2 n1:/b/dr0 n1:/b/dr1 commit", "30800", 0, "Brick n1:/b/dr0 is not decommissioned. Use start or force option"),
    (&[], "volume remove-brick dr replica 2 n1:/b/dr0 n2:/b/dr0 force", "0", 0, "Remove exactly 1 brick(s) from each subvolume."),
    (&[], "volume remove-brick ds replica 2 n1:/b/ds force", "0", 0, "replica count (2) option given for non replicate volume ds"),
    (&[], "volume remove-brick arb replica 2 n1:/b/arb0 n1:/b/arb1 force", "0", 0, "Remove arbiter brick(s) only when converting from arbiter to replica 2 subvolume."),
    (&[], "volume remove-brick off n1:/b/off start", "30800", 0, "Volume off needs to be started before remove-brick (you can use 'force' or 'commit' to override this behavior)"),
    (&[], "volume remove-brick off n1:/b/off status", "30800", 0, "Volume off needs to be started to perform rebalance"),
    (&[], "volume remove-brick one n1:/b/one status", "30800", 0, "Volume one is not a distribute volume or contains only 1 brick.\nNot performing rebalance"),
    (&[], "volume remove-brick ds n3:/b/ds status", "30800", 0, "remove-brick not started for volume ds."),
    (&[], "volume remove-brick ds n3:/b/ds commit", "30800", 0, "Brick n3:/b/ds is not decommissioned. Use start or force option"),
    (&[], "volume remove-brick hurt n3:/b/hurt start", "30800", 0, "Pre Validation failed on n3. Found stopped brick n3:/b/hurt. Use force option to remove the offline brick"),
    (DRAIN, "volume remove-brick ds n2:/b/ds start", "30800", 0, "An earlier remove-brick task exists for volume ds. Either commit it or stop it before starting a new task."),
    (DRAIN, "volume remove-brick ds n2:/b/ds status", "30800", 0, "Incorrect brick for volume ds"),
    (DRAIN, "volume remove-brick ds n3:/b/ds commit", "30800", 0, "Pre Validation failed on n3. use 'force' option as migration is in progress"),
    (&["volume remove-brick ds n1:/b/ds start"], "volume remove-brick ds n1:/b/ds commit", "30800", 0, "use 'force' option as migration is in progress"),
    (&[], "volume remove-brick ended n3:/b/ended1 commit", "30800", 0, "Pre Validation failed on n3. use 'force' option as migration has failed"),
];

#[test]
fn refusals_have_glusters_words() {
    for (before, words, errno, exit, sentence) in REFUSALS {
        let mut pool = pool();
        for earlier in *before {
            assert_eq!(
                value(stdout(&ask(&mut pool, earlier, 0)), "opRet"),
                "0",
                "{earlier}"
            );
        }
        let reply = ask(&mut pool, words, 20);
        let xml = stdout(&reply);
        assert_eq!(value(xml, "opRet"), "-1", "{words}");
        assert_eq!(value(xml, "opErrno"), *errno, "{words}");
        assert_eq!(value(xml, "opErrstr"), *sentence, "{words}");
        assert_eq!(reply.exit, *exit, "{words}");
    }
}

#[test]
fn a_host_that_is_down_stops_a_removal() {
    let away = fixture("pool.toml").replace("name = \"n3\"", "name = \"n3\"\nconnected = false");
    let mut pool = Pool::from_toml(&away).unwrap();
    for op in [
        "remove-brick ds n3:/b/ds start",
        "remove-brick ended n3:/b/ended1 commit",
    ] {
        let reply = ask(&mut pool, &format!("volume {op}"), 0);
        let text = value(stdout(&reply), "opErrstr").to_owned();
        assert!(text.starts_with("Host node of the brick n3:/b/"), "{text}");
        assert!(text.ends_with(" is down"), "{text}");
    }
    let status = ask(
        &mut pool,
        "volume remove-brick ended n3:/b/ended1 status",
        0,
    );
    assert!(!stdout(&status).contains("<node>"));
    assert_eq!(value(stdout(&status), "statusStr"), "not started");
    let bricks = ask(&mut pool, "volume status ds", 0);
    assert_eq!(
        value(stdout(&bricks), "nodeCount"),
        "2",
        "what the node would have said is missing"
    );
}

#[test]
fn words_that_make_no_command() {
    let usage = "volume remove-brick <VOLNAME> [replica <COUNT>] <BRICK> ... \
                 <start|stop|status|commit|force>";
    let cases = [
        ("volume remove-brick ds start", format!("\nUsage:\n{usage}\n\n")),
        ("volume remove-brick ds n1:/b/ds bogus", format!("\nUsage:\n{usage}\n\n")),
        (
            "volume remove-brick ds garbage start",
            format!(
                "wrong brick type: garbage, use <HOSTNAME>:<export-dir-abs-path>\n\nUsage:\n{usage}\n\n"
            ),
        ),
        (
            "volume remove-brick ds n1:/b/ds n1:/b/ds/ stop",
            format!("Duplicate bricks found n1:/b/ds\n\nUsage:\n{usage}\n\n"),
        ),
        (
            "volume rebalance ds fix-layout stop",
            "\nUsage:\nvolume rebalance <VOLNAME> {{fix-layout start} | {start [force]|stop|status}}\n\n"
                .to_owned(),
        ),
    ];
    for (words, stderr) in cases {
        let reply = ask(&mut pool(), words, 0);
        assert_eq!((stdout(&reply), reply.exit), ("", 1), "{words}");
        assert_eq!(String::from_utf8(reply.stderr).unwrap(), stderr, "{words}");
    }
    let reply = ask(&mut pool(), "nonsense", 0);
    assert_eq!(reply.exit, 1);
    assert!(
        stdout(&reply).starts_with("unrecognized word: nonsense (position 0)\n\n Usage: gluster")
    );
    let reply = ask(&mut pool(), "volume list --nonsense", 0);
    assert_eq!(reply.exit, 255);
    assert!(stdout(&reply).starts_with("unrecognized option --nonsense\n\n Usage: gluster"));
}

/// Element names, indents and order; texts and attribute values are left out.
fn skeleton(xml: &str) -> Vec<String> {
    let line = |line: &str| {
        let (mut kept, mut inside, mut quoted) = (String::new(), false, false);
        for letter in line.chars() {
            match letter {
                '<' => inside = true,
                '"' => quoted = !quoted,
                _ => {}
            }
            if (inside && (!quoted || letter == '"')) || (kept.trim().is_empty() && letter == ' ') {
                kept.push(letter);
            }
            inside &= letter != '>';
        }
        kept
    };
    xml.lines().map(line).collect()
}

#[test]
fn answers_have_the_layout_of_recorded_ones() {
    const DRAIN_SET: &str = "volume remove-brick dr n1:/b/dr1 n2:/b/dr1 n3:/b/dr1 start";
    #[rustfmt::skip]
    let cases: &[(&[&str], &str, &str)] = &[
        (&[], "volume info dr", "volume-info"),
        (&[], "volume status dr", "volume-status"),
        (&[], "volume status dr detail", "volume-status-detail"),
        (&[], "volume status dr tasks", "volume-status-tasks-none"),
        (&[], "peer status", "peer-status"),
        (&[], "pool list", "pool-list"),
        (&[], "volume info none", "volume-info-missing"),
        (&[], "volume status none", "volume-status-missing"),
        (&[], "volume set ds cluster.rebal-throttle lazy", "volume-set"),
        (&[], "volume heal rep info summary", "heal-summary-brick-dead"),
        (&[], "volume rebalance dr status", "rebalance-status-none"),
        (&[], "volume rebalance none start", "rebalance-start-missing"),
        (&[], "volume rebalance dr start", "rebalance-start"),
        (&["volume rebalance dr start"], "volume rebalance dr status", "rebalance-status"),
        (&["volume rebalance dr start"], "volume rebalance dr stop", "rebalance-stop"),
        (&["volume rebalance dr start"], "volume status dr tasks", "volume-status-tasks"),
        (&["volume rebalance dr fix-layout start"], "volume rebalance dr status", "fix-layout-status"),
        (&[], DRAIN_SET, "remove-brick-start"),
        (&[DRAIN_SET], "volume remove-brick dr n1:/b/dr1 status", "remove-brick-status"),
        (&[DRAIN_SET], "volume status dr tasks", "volume-status-tasks-remove-brick"),
        (&[DRAIN_SET], "volume remove-brick dr n1:/b/dr1 n2:/b/dr1 n3:/b/dr1 commit", "remove-brick-commit"),
        (&[], "volume remove-brick dr n1:/b/dr1 n2:/b/dr1 n3:/b/dr1 stop", "remove-brick-stop-none"),
    ];
    for (before, words, recorded) in cases {
        let mut pool = pool();
        for earlier in *before {
            ask(&mut pool, earlier, 0);
        }
        let later = if words.ends_with("commit") { 3_600 } else { 20 };
        let answer = ask(&mut pool, words, later);
        let recorded_answer = fixture(&format!("{recorded}.xml"));
        assert_eq!(
            skeleton(stdout(&answer)),
            skeleton(&recorded_answer),
            "{words}"
        );
    }
}

#[test]
fn get_state_has_the_keys_of_a_recorded_one() {
    let keys = |text: &str| -> Vec<String> {
        let own = text
            .lines()
            .filter(|line| !line.starts_with("Volume") || line.starts_with("Volume1."));
        own.map(|line| line.split(": ").next().unwrap().to_owned())
            .collect()
    };
    let sorted = |text: &str| {
        let mut keys = keys(text);
        keys.sort();
        keys.dedup();
        keys
    };
    let reply = ask(&mut pool(), "get-state glusterd odir /tmp file state", 0);
    assert_eq!(sorted(stdout(&reply)), sorted(&fixture("get-state.txt")));
}
