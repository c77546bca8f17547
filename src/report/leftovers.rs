//! What `glustop leftovers` prints: what is still on leaving bricks, and where else to look.

use std::fmt::Write as _;

use jiff::Timestamp;
use serde::Serialize;

use super::Source;
use super::json::{harmless, instant};
use crate::insight::leftovers::{self, Count, Looked, Places, Verdict};
use crate::model::{BrickName, Unreadable, VolumeName, text};

/// All that this report tells of.
#[derive(Debug, Clone, Copy)]
pub struct LeftoversInput<'a> {
    /// Whose bricks.
    pub volume: &'a VolumeName,
    /// The bricks of this node.
    pub looked: &'a [Looked],
    /// Those of other nodes.
    pub places: &'a Places,
    /// The moment of the report.
    pub now: Timestamp,
    /// Where the answers came from.
    pub source: Source,
}

/// A few lines for each brick, and the command for the other nodes.
pub fn leftovers_text(input: &LeftoversInput<'_>) -> String {
    let mut out = String::new();
    for (brick, result) in input.looked {
        match result {
            Ok(count) => describe(&mut out, brick, count),
            Err(problem) => line(&mut out, &format!("? {brick}: not looked at: {problem}")),
        }
    }
    if let Some(hint) = elsewhere(input.volume, input.places) {
        line(&mut out, &hint);
    }
    out
}

/// The same as one JSON object, schema `glustop.leftovers/1`, with a newline at its end.
pub fn leftovers_json(input: &LeftoversInput<'_>) -> String {
    let out = Out {
        schema: "glustop.leftovers/1",
        taken_at: instant(input.now),
        source: input.source.as_str(),
        volume: input.volume.as_str(),
        verdict: leftovers::verdict(input.looked).as_str(),
        bricks: input.looked.iter().map(BrickOut::new).collect(),
        elsewhere: input
            .places
            .elsewhere
            .iter()
            .map(BrickName::as_str)
            .collect(),
    };
    // Text, numbers and text keys: there is nothing here that JSON could not say.
    let json = serde_json::to_string_pretty(&out).unwrap_or_default();
    let mut out = harmless(&json).into_owned();
    out.push('\n');
    out
}

fn describe(out: &mut String, brick: &BrickName, count: &Count) {
    let least = if count.is_whole() { "" } else { "at least " };
    let glyph = match count.verdict() {
        Verdict::Empty => "+",
        Verdict::Unknown => "?",
        Verdict::Left => "!",
    };
    let mut what = match count.verdict() {
        Verdict::Unknown => "nothing found so far".to_owned(),
        _ => format!("{least}{}", left(count)),
    };
    if count.bytes > 0 {
        let _ = write!(what, ", {}", text::size(count.bytes));
    }
    line(out, &format!("{glyph} {brick}: {what}"));
    for (directory, files) in &count.directories {
        line(
            out,
            &format!("    {:>9} in {directory}", text::count(*files)),
        );
    }
    let hidden = count.left().saturating_sub(count.examples.len() as u64);
    for path in &count.examples {
        line(out, &format!("  {path}"));
    }
    if hidden > 0 && !count.examples.is_empty() {
        line(out, &format!("  and {} more", text::count(hidden)));
    }
    if count.link_files > 0 {
        let links = text::plural(count.link_files as usize, "link file");
        line(out, &format!("    {links}: they only point elsewhere"));
    }
    if let Some(cut) = count.cut {
        let why = cut.as_str();
        line(
            out,
            &format!("    the look ended early ({why}): the rest was not seen"),
        );
    }
    if count.unread > 0 {
        let unread = text::count(count.unread);
        line(
            out,
            &format!("    {unread} directories or files could not be read"),
        );
    }
}

/// `12 files left`, `1 file and 2 special files left`, `0 files left`.
fn left(count: &Count) -> String {
    let files = plural(count.files, "file");
    match count.specials {
        0 => format!("{files} left"),
        n => format!("{files} and {} left", plural(n, "link or special file")),
    }
}

fn plural(n: u64, noun: &str) -> String {
    format!("{} {noun}{}", text::count(n), if n == 1 { "" } else { "s" })
}

/// Where else to look, in words; `None` when all bricks were here.
fn elsewhere(volume: &VolumeName, places: &Places) -> Option<String> {
    let nodes = places.nodes();
    if nodes.is_empty() {
        return None;
    }
    let command = leftovers::command(volume);
    Some(format!(
        "? {} not on this node: run  {command}  on {}",
        text::plural(places.elsewhere.len(), "leaving brick"),
        nodes.join(", ")
    ))
}

fn line(out: &mut String, text: &str) {
    out.push_str(&crate::model::text::printable(text));
    out.push('\n');
}

#[derive(Serialize)]
struct Out<'a> {
    schema: &'static str,
    taken_at: String,
    source: &'static str,
    volume: &'a str,
    verdict: &'static str,
    bricks: Vec<BrickOut<'a>>,
    elsewhere: Vec<&'a str>,
}

#[derive(Serialize)]
struct BrickOut<'a> {
    name: &'a str,
    verdict: &'static str,
    files: Option<u64>,
    bytes: Option<u64>,
    specials: Option<u64>,
    link_files: Option<u64>,
    unread: Option<u64>,
    cut: Option<&'static str>,
    directories: Vec<DirectoryOut<'a>>,
    examples: &'a [String],
    error: Option<ErrorOut>,
}

#[derive(Serialize)]
struct DirectoryOut<'a> {
    path: &'a str,
    files: u64,
}

#[derive(Serialize)]
struct ErrorOut {
    kind: &'static str,
    message: String,
}

impl<'a> BrickOut<'a> {
    fn new((brick, result): &'a Looked) -> Self {
        let count = result.as_ref().ok();
        let verdict = count.map_or(Verdict::Unknown, Count::verdict);
        // What was counted before something could not be read is no zero.
        let known = |n: fn(&Count) -> u64| {
            count
                .map(n)
                .filter(|n| *n > 0 || verdict != Verdict::Unknown)
        };
        let directory = |(path, files): &'a (String, u64)| DirectoryOut {
            path,
            files: *files,
        };
        Self {
            name: brick.as_str(),
            verdict: verdict.as_str(),
            files: known(|count| count.files),
            bytes: known(|count| count.bytes),
            specials: known(|count| count.specials),
            link_files: known(|count| count.link_files),
            unread: count.map(|count| count.unread),
            cut: count
                .and_then(|count| count.cut)
                .map(leftovers::Cut::as_str),
            directories: count
                .map(|count| count.directories.iter().map(directory).collect())
                .unwrap_or_default(),
            examples: count.map_or(&[], |count| &count.examples),
            error: result.as_ref().err().map(ErrorOut::new),
        }
    }
}

impl ErrorOut {
    fn new(problem: &Unreadable) -> Self {
        Self {
            kind: problem.kind.as_str(),
            message: problem.to_string(),
        }
    }
}

#[cfg(test)]
mod tests {
    use insta::assert_snapshot;

    use super::*;
    use crate::insight::leftovers::Cut;
    use crate::insight::testing::at;
    use crate::model::UnreadableKind;

    fn told(report: fn(&LeftoversInput<'_>) -> String) -> String {
        let count = |files| Count {
            files,
            bytes: files << 20,
            directories: vec![("/a".into(), files)],
            examples: vec!["/a/1".into(), "/a/\x1b[2Jodd".into()],
            ..Count::default()
        };
        let looked = [
            ("gl-01:/bricks/m2", Ok(count(4_120))),
            (
                "gl-01:/bricks/m3",
                Ok(Count {
                    link_files: 3,
                    ..Count::default()
                }),
            ),
            (
                "gl-01:/bricks/m4",
                Ok(Count {
                    cut: Some(Cut::Time),
                    unread: 2,
                    ..Count::default()
                }),
            ),
            (
                "gl-01:/bricks/m5",
                Err(Unreadable {
                    path: "/bricks/m5".into(),
                    kind: UnreadableKind::NotABrick,
                }),
            ),
        ];
        let looked = looked.map(|(name, result)| (BrickName::new(name), result));
        let elsewhere = ["gl-02:/bricks/m2", "gl-03:/bricks/m2", "gl-03:/bricks/m3"];
        let places = Places {
            here: vec![],
            elsewhere: elsewhere.map(BrickName::new).to_vec(),
        };
        report(&LeftoversInput {
            volume: &"media".into(),
            looked: &looked,
            places: &places,
            now: at(4).wall,
            source: Source::Local,
        })
    }

    #[test]
    fn people_read_counts_paths_and_where_else_to_look() {
        assert_snapshot!(told(leftovers_text));
    }

    #[test]
    fn scripts_read_unknown_as_null() {
        assert_snapshot!(told(leftovers_json));
    }
}
