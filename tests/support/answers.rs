//! gluster's own answers about volume `v`, taken apart, and compared with the JSON of glustop.

#![allow(dead_code, reason = "each test binary uses its part of it")]
#![allow(clippy::unwrap_used, reason = "a helper of tests fails the test")]

use crate::cluster::Cluster;

pub(crate) fn task_status(cluster: &Cluster, words: &[&str]) -> String {
    let output = cluster.ask(1, &[&["--xml", "volume"], words].concat());
    String::from_utf8_lossy(&output.stdout).into_owned()
}

/// A number from the sum that gluster prints.
pub(crate) fn sum(answer: &str, counter: &str) -> Option<u64> {
    let all = answer.split("<aggregate>").nth(1)?;
    all.split(&format!("<{counter}>"))
        .nth(1)?
        .split('<')
        .next()?
        .parse()
        .ok()
}

/// The text of an element's first child of that name.
fn text<'a>(block: &'a str, element: &str) -> &'a str {
    let rest = block
        .split(&format!("<{element}>"))
        .nth(1)
        .unwrap_or_default();
    rest.split('<').next().unwrap_or_default()
}

/// Every `<node>` of an answer.
fn nodes(answer: &str) -> impl Iterator<Item = &str> {
    answer
        .split("<node>")
        .skip(1)
        .map(|block| block.split("</node>").next().unwrap_or_default())
}

/// Each brick, as gluster's own status tells it, is what the JSON says.
pub(crate) fn same_bricks(cluster: &Cluster, bricks: &serde_json::Value) {
    let plain = task_status(cluster, &["status", "v"]);
    let detail = task_status(cluster, &["status", "v", "detail"]);
    for brick in bricks.as_array().unwrap() {
        let path = brick["path"].as_str().unwrap();
        let of = |answer: &str, field| {
            let node = nodes(answer)
                .find(|node| text(node, "path") == path)
                .unwrap()
                .to_owned();
            text(&node, field).to_owned()
        };
        assert_eq!(brick["host"].as_str().unwrap(), of(&plain, "hostname"));
        assert_eq!(brick["peer_uuid"].as_str().unwrap(), of(&plain, "peerid"));
        assert_eq!(brick["port"].to_string(), of(&plain, "port"));
        assert_eq!(brick["pid"].to_string(), of(&plain, "pid"));
        assert_eq!(brick["online"], of(&plain, "status") == "1");
        assert_eq!(brick["size_total"].to_string(), of(&detail, "sizeTotal"));
        assert_eq!(brick["device"].as_str().unwrap(), of(&detail, "device"));
        assert_eq!(brick["fs"].as_str().unwrap(), of(&detail, "fsName"));
    }
}

/// Each node, as gluster's own status of the task tells it, is what the JSON says.
pub(crate) fn same_nodes(said: &str, ours: &serde_json::Value) {
    assert_eq!(ours.as_array().unwrap().len(), nodes(said).count());
    for node in nodes(said) {
        let uuid = text(node, "id");
        let of = ours
            .as_array()
            .unwrap()
            .iter()
            .find(|n| n["uuid"] == uuid)
            .unwrap();
        assert_eq!(of["reported"], true);
        assert_eq!(of["state"], text(node, "statusStr"));
        for (mine, theirs) in [
            ("files", "files"),
            ("bytes", "size"),
            ("scanned", "lookups"),
            ("failures", "failures"),
        ] {
            assert_eq!(of[mine].to_string(), text(node, theirs), "{mine}");
        }
        assert_eq!(format!("{}.00", of["runtime"]), text(node, "runtime"));
    }
}
