//! The house rules that no compiler knows: who may import whom, what may be used where, and how
//! long a file may grow.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::string_slice,
    reason = "a test that cannot go on fails"
)]

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

/// Room -> the rooms it may know. ARCHITECTURE.md draws the same picture.
const MAY_KNOW: &[(&str, &[&str])] = &[
    ("model", &[]),
    ("config", &[]),
    ("gluster", &["model"]),
    // A plan judges a command: insight knows its words, not its way to gluster.
    ("insight", &["model", "gluster::command"]),
    ("job", &["gluster", "insight", "model"]),
    // The demo stands where the process stands: it knows the seam and nothing behind it.
    (
        "demo",
        &[
            "model",
            "gluster::Answer",
            "gluster::Failure",
            "gluster::Order",
            "gluster::Runner",
            "gluster::exec",
        ],
    ),
    ("store", &["model"]),
    ("monitor", &["model", "insight", "gluster", "job", "store"]),
    ("app", &["model", "insight", "config", "gluster", "job"]),
    (
        "ui",
        &["model", "insight", "config", "app", "gluster", "job"],
    ),
    // The only room but the edge that reads files, and only this node's.
    ("local", &["model", "insight"]),
    ("report", &["model", "insight"]),
    (
        "batch",
        &[
            "model", "insight", "gluster", "job", "local", "monitor", "report",
        ],
    ),
    // The words of a command line become what batch is asked for; nothing of it is run here.
    (
        "cli",
        &[
            "config",
            "model",
            "batch::Change",
            "batch::Consent",
            "batch::Request",
            "batch::WaitRequest",
            "gluster::command",
        ],
    ),
    (
        "terminal",
        &[
            "model", "insight", "config", "gluster", "job", "local", "monitor", "app", "ui",
            "report", "batch",
        ],
    ),
];

/// Outside crate -> where it may be used. Everything that is not listed may be used anywhere.
const ONLY_IN: &[(&str, &[&str])] = &[
    ("ratatui", &["ui", "terminal"]),
    ("crossterm", &["terminal"]),
    (
        "tokio",
        &[
            "gluster/exec",
            "demo/runner",
            "local",
            "monitor",
            "terminal",
            "batch",
            "main",
        ],
    ),
    ("quick_xml", &["gluster/xml"]),
    ("memchr", &["gluster/xml"]),
    ("clap", &["cli"]),
    ("toml", &["config", "demo"]),
    ("rusqlite", &["store"]),
    ("serde_json", &["report", "store"]),
    (
        "std::process",
        &["cli", "gluster/exec", "terminal/handover", "main"],
    ),
    ("std::fs", &["gluster/exec", "local", "store", "main"]),
    ("std::env", &["cli", "gluster/exec", "terminal", "main"]),
    ("std::net", &[]),
];

/// A file this long is two files.
const LONGEST: usize = 400;

struct Source {
    /// Path below `src`, without the extension: `gluster/exec/process`.
    place: String,
    text: String,
}

impl Source {
    fn room(&self) -> &str {
        self.place.split('/').next().unwrap_or_default()
    }

    fn is_test(&self) -> bool {
        ["tests", "testing"].iter().any(|name| {
            self.place.ends_with(&format!("/{name}")) || self.place.contains(&format!("/{name}/"))
        })
    }

    /// The code: without comments, strings' contents left alone (no rule needs them gone), and
    /// without the test module at the end.
    fn code(&self) -> String {
        let body = self
            .text
            .split("#[cfg(test)]\nmod tests {")
            .next()
            .unwrap_or_default();
        body.lines()
            .filter(|line| !line.trim_start().starts_with("//"))
            .collect::<Vec<_>>()
            .join("\n")
    }
}

fn sources() -> Vec<Source> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let mut files = Vec::new();
    walk(&root, &mut files);
    files
        .into_iter()
        .map(|path| {
            let place = path.strip_prefix(&root).unwrap().with_extension("");
            Source {
                place: place.to_string_lossy().into_owned(),
                text: std::fs::read_to_string(&path).unwrap(),
            }
        })
        .collect()
}

fn walk(folder: &Path, files: &mut Vec<PathBuf>) {
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            walk(&path, files);
        } else if path.extension().is_some_and(|extension| extension == "rs") {
            files.push(path);
        }
    }
}

/// Every `crate::a::b` in the code, groups taken apart: `crate::a::{b, c::d}` is two.
fn imports(code: &str) -> Vec<String> {
    let flat: String = code.split_whitespace().collect::<Vec<_>>().join(" ");
    let mut found = Vec::new();
    for piece in flat.split("crate::").skip(1) {
        expand("", piece, &mut found);
    }
    found
}

fn expand(prefix: &str, text: &str, found: &mut Vec<String>) {
    let end = text
        .find(|c: char| !(c.is_alphanumeric() || c == '_' || c == ':'))
        .unwrap_or(text.len());
    let (path, rest) = text.split_at(end);
    let path = format!("{prefix}{path}");
    if let Some(group) = path
        .ends_with("::")
        .then(|| rest.strip_prefix('{'))
        .flatten()
    {
        let mut depth = 0;
        let mut from = 0;
        for (at, c) in group.char_indices() {
            match c {
                '{' => depth += 1,
                ',' | '}' if depth == 0 => {
                    expand(&path, group[from..at].trim(), found);
                    from = at + 1;
                    if c == '}' {
                        return;
                    }
                }
                '}' => depth -= 1,
                _ => {}
            }
        }
    } else if !path.is_empty() {
        found.push(path);
    }
}

#[test]
fn rooms_know_only_the_rooms_they_may() {
    let rules: BTreeMap<_, _> = MAY_KNOW.iter().copied().collect();
    let mut wrong = Vec::new();
    for source in sources().iter().filter(|source| !source.is_test()) {
        let room = source.room();
        if matches!(room, "lib" | "main") {
            continue;
        }
        let Some(allowed) = rules.get(room) else {
            wrong.push(format!("src/{}: the room {room} has no rule", source.place));
            continue;
        };
        for import in imports(&source.code()) {
            let own = import == room || import.starts_with(&format!("{room}::"));
            let known = allowed
                .iter()
                .any(|known| import == *known || import.starts_with(&format!("{known}::")));
            if !own && !known {
                wrong.push(format!("src/{}.rs knows crate::{import}", source.place));
            }
        }
    }
    assert!(
        wrong.is_empty(),
        "imports against the one-way street:\n{}",
        wrong.join("\n")
    );
}

#[test]
fn the_picture_in_the_documents_names_every_room() {
    let text =
        std::fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("ARCHITECTURE.md"))
            .unwrap();
    for (room, _) in MAY_KNOW {
        assert!(
            text.contains(&format!("`src/{room}")),
            "ARCHITECTURE.md does not name src/{room}"
        );
    }
}

#[test]
fn outside_crates_stay_in_their_rooms() {
    let mut wrong = Vec::new();
    for source in sources().iter().filter(|source| !source.is_test()) {
        let code = source.code();
        for (name, places) in ONLY_IN {
            let used = code.contains(&format!("{name}::"));
            let here = places.iter().any(|place| {
                source.place == *place || source.place.starts_with(&format!("{place}/"))
            });
            if used && !here {
                wrong.push(format!("src/{}.rs uses {name}", source.place));
            }
        }
    }
    assert!(
        wrong.is_empty(),
        "crates outside their rooms:\n{}",
        wrong.join("\n")
    );
}

#[test]
fn no_file_is_too_long_without_a_reason() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let mut files = Vec::new();
    walk(&root.join("src"), &mut files);
    walk(&root.join("tests"), &mut files);
    for path in files {
        let text = std::fs::read_to_string(&path).unwrap();
        let lines = text.lines().count();
        let excused = text
            .lines()
            .take(12)
            .any(|line| line.contains("Long because"));
        assert!(
            lines <= LONGEST || excused,
            "{} has {lines} lines",
            path.display()
        );
    }
}

#[test]
fn a_shared_mutex_is_nowhere_but_in_the_demo() {
    for source in sources().iter().filter(|source| !source.is_test()) {
        if source.place != "demo/runner" {
            let code = source.code();
            assert!(
                !code.contains("Mutex<") && !code.contains("RwLock<"),
                "src/{}.rs",
                source.place
            );
        }
    }
}

#[test]
fn the_import_reader_sees_groups() {
    assert_eq!(
        imports("use crate::a::{b, c::{d, E}, f};\nfn x() { crate::g::h(); }"),
        ["a::b", "a::c::d", "a::c::E", "a::f", "g::h"]
    );
}
