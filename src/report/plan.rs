//! What `glustop plan` prints: the checks of a change, as JSON (`glustop.plan/1`) and in words.

use serde::Serialize;

use super::Source;
use super::columns::{Columns, Side};
use super::json::{document, error_outs, instant};
use crate::insight::plan::remove::{Choice, Forecast};
use crate::insight::plan::{Check, Mark};
use crate::insight::space::Space;
use crate::model::text::{plural, printable, short_size};
use crate::model::{BrickName, Fault, Stamp, VolumeName};

/// All that a plan tells of.
#[derive(Debug, Clone, Copy)]
pub struct PlanInput<'a> {
    /// The moment of the reading.
    pub now: Stamp,
    /// Where the answers came from.
    pub source: Source,
    /// Which volume.
    pub volume: &'a VolumeName,
    /// `rebalance`, `fix-layout` or `remove-brick`, and so on.
    pub action: &'a str,
    /// The bricks that leave; else empty.
    pub bricks: &'a [BrickName],
    /// What would run, program first; empty when there is no such command.
    pub argv: &'a [String],
    /// The same as a line for a shell.
    pub line: &'a str,
    /// It cannot be undone.
    pub is_final: bool,
    /// What happens when it runs, in sentences.
    pub consequences: &'a [String],
    /// What was looked at.
    pub checks: &'a [Check],
    /// Legal selections near an illegal one.
    pub choices: &'a [Choice],
    /// Each sub-volume by name, now and in the end; empty where nothing leaves.
    pub forecast: &'a [(String, Forecast)],
    /// Every question that failed.
    pub faults: &'a [Fault],
}

impl PlanInput<'_> {
    /// The worst of the checks; unknown when nothing could be checked.
    pub fn verdict(&self) -> Mark {
        let marks = self.checks.iter().map(|check| check.mark);
        marks.max().unwrap_or(Mark::Unknown)
    }

    /// Bytes on the leaving sub-volumes; `None` when any is unknown, or nothing leaves.
    fn moving(&self) -> Option<u64> {
        let mut leaving = self
            .forecast
            .iter()
            .filter(|(_, set)| set.leaves)
            .peekable();
        leaving.peek()?;
        leaving.try_fold(0_u64, |sum, (_, set)| {
            Some(sum.saturating_add(set.now?.used))
        })
    }
}

#[derive(Serialize)]
struct PlanOut<'a> {
    schema: &'static str,
    taken_at: String,
    source: &'static str,
    volume: &'a str,
    action: &'a str,
    bricks: Vec<&'a str>,
    verdict: &'static str,
    r#final: bool,
    command: Option<&'a str>,
    argv: &'a [String],
    checks: Vec<CheckOut<'a>>,
    choices: Vec<ChoiceOut<'a>>,
    moving_bytes: Option<u64>,
    forecast: Vec<ForecastOut<'a>>,
    errors: Vec<super::json::ErrorOut<'a>>,
}

#[derive(Serialize)]
struct CheckOut<'a> {
    code: &'static str,
    mark: &'static str,
    text: &'a str,
}

#[derive(Serialize)]
struct ChoiceOut<'a> {
    label: &'a str,
    bricks: Vec<&'a str>,
}

#[derive(Serialize)]
struct ForecastOut<'a> {
    subvolume: &'a str,
    leaving: bool,
    size_total: Option<u64>,
    size_used: Option<u64>,
    used_at_end: Option<u64>,
}

fn names(bricks: &[BrickName]) -> Vec<&str> {
    bricks.iter().map(BrickName::as_str).collect()
}

/// The plan as one JSON object, with a newline at its end.
pub fn plan_json(input: &PlanInput<'_>) -> String {
    document(&plan_out(input))
}

#[derive(Serialize)]
struct CompareOut<'a> {
    schema: &'static str,
    plans: Vec<PlanOut<'a>>,
}

/// Several plans as one JSON object, with a newline at its end.
pub fn compare_json(inputs: &[(&str, PlanInput<'_>)]) -> String {
    document(&CompareOut {
        schema: "glustop.compare/1",
        plans: inputs.iter().map(|(_, input)| plan_out(input)).collect(),
    })
}

/// Several plans side by side, each with the sub-volume that leaves; a newline at the end of each
/// line.
pub fn compare_text(inputs: &[(&str, PlanInput<'_>)]) -> String {
    let mut table = Columns::new([
        ("SUB-VOLUME", Side::Left),
        ("MOVES", Side::Right),
        ("FULLEST AT THE END", Side::Right),
        ("VERDICT", Side::Left),
    ]);
    for (name, input) in inputs {
        let worst = input.checks.iter().max_by_key(|check| check.mark);
        let why = worst.filter(|check| check.mark != Mark::Pass);
        let verdict = why.map_or_else(
            || "every check passed".to_owned(),
            |check| format!("{}: {}", check.mark.as_str(), check.text),
        );
        table.push([
            (*name).to_owned(),
            input.moving().map_or_else(|| "?".to_owned(), short_size),
            fullest(input).map_or_else(|| "?".to_owned(), |share| format!("{:.0}%", share * 100.0)),
            verdict,
        ]);
    }
    let mut out = String::new();
    for line in table.lines("") {
        out.push_str(&line);
        out.push('\n');
    }
    out
}

/// The greatest share in use at the end, where every one that stays is known.
fn fullest(input: &PlanInput<'_>) -> Option<f64> {
    let mut stay = input
        .forecast
        .iter()
        .filter(|(_, set)| !set.leaves)
        .peekable();
    stay.peek()?;
    stay.try_fold(0.0_f64, |fullest, (_, set)| {
        Some(fullest.max(set.end?.fraction()?))
    })
}

fn plan_out<'a>(input: &PlanInput<'a>) -> PlanOut<'a> {
    PlanOut {
        schema: "glustop.plan/1",
        taken_at: instant(input.now.wall),
        source: input.source.as_str(),
        volume: input.volume.as_str(),
        action: input.action,
        bricks: names(input.bricks),
        verdict: input.verdict().as_str(),
        r#final: input.is_final,
        command: Some(input.line).filter(|line| !line.is_empty()),
        argv: input.argv,
        checks: (input.checks.iter())
            .map(|check| CheckOut {
                code: check.code,
                mark: check.mark.as_str(),
                text: &check.text,
            })
            .collect(),
        choices: (input.choices.iter())
            .map(|choice| ChoiceOut {
                label: &choice.label,
                bricks: names(&choice.bricks),
            })
            .collect(),
        moving_bytes: input.moving(),
        forecast: (input.forecast.iter())
            .map(|(name, set)| ForecastOut {
                subvolume: name,
                leaving: set.leaves,
                size_total: set.now.map(|space| space.total),
                size_used: set.now.map(|space| space.used),
                used_at_end: set.end.map(|space| space.used),
            })
            .collect(),
        errors: error_outs(input.faults),
    }
}

/// The plan in words, with a newline at its end.
pub fn plan_text(input: &PlanInput<'_>) -> String {
    let mut lines = vec![format!("{} of {}", input.action, input.volume)];
    lines.extend(forecast(input));
    let mut block = |title: &str, items: Vec<String>| {
        if !items.is_empty() {
            lines.push(String::new());
            lines.push(title.to_owned());
            lines.extend(items);
        }
    };
    let listed = |text: &String| format!("  - {text}");
    block(
        "What it does",
        input.consequences.iter().map(listed).collect(),
    );
    block("Checks", input.checks.iter().map(check).collect());
    block("Legal instead", input.choices.iter().map(choice).collect());
    let command = (!input.line.is_empty()).then(|| format!("  $ {}", input.line));
    block("Command", command.into_iter().collect());
    let errors = input.faults.iter();
    let errors = errors.map(|fault| format!("  - {}: {}", fault.command, fault.message));
    block("Not answered", errors.collect());
    lines.push(String::new());
    lines.push(verdict(input).to_owned());
    let mut out = String::new();
    for line in lines {
        out.push_str(&printable(&line));
        out.push('\n');
    }
    out
}

fn check(check: &Check) -> String {
    let sign = match check.mark {
        Mark::Pass => "+",
        Mark::Unknown => "?",
        Mark::Warn => "!",
        Mark::Danger | Mark::Refuse => "X",
    };
    format!("  {sign} {}", check.text)
}

fn choice(choice: &Choice) -> String {
    format!("  - {}: {}", choice.label, names(&choice.bricks).join(" "))
}

fn verdict(input: &PlanInput<'_>) -> &'static str {
    match input.verdict() {
        Mark::Pass => "Every check passed.",
        Mark::Unknown => "Something could not be checked.",
        Mark::Warn => "Possible, with warnings.",
        Mark::Danger => "Possible, and data will be lost: it is final.",
        Mark::Refuse => "Refused.",
    }
}

/// What each sub-volume holds, now and in the end.
fn forecast(input: &PlanInput<'_>) -> Vec<String> {
    if input.forecast.is_empty() {
        return vec![];
    }
    let mut table = Columns::new([
        ("SUB-VOLUME", Side::Left),
        ("SIZE", Side::Right),
        ("USED", Side::Right),
        ("USE%", Side::Right),
        ("AT THE END", Side::Right),
        ("USE%", Side::Right),
    ]);
    let percent = |space: Option<Space>| {
        let share = space.and_then(Space::fraction);
        share.map_or_else(|| "?".to_owned(), |share| format!("{:.0}%", share * 100.0))
    };
    let size = |bytes: Option<u64>| bytes.map_or_else(|| "?".to_owned(), short_size);
    for (name, set) in input.forecast {
        let (end, end_share) = if set.leaves {
            ("leaves".to_owned(), "-".to_owned())
        } else {
            (size(set.end.map(|space| space.used)), percent(set.end))
        };
        table.push([
            name.clone(),
            size(set.now.map(|space| space.total)),
            size(set.now.map(|space| space.used)),
            percent(set.now),
            end,
            end_share,
        ]);
    }
    let leaving = input.forecast.iter().filter(|(_, set)| set.leaves).count();
    let mut lines = vec![String::new()];
    lines.extend(table.lines("  "));
    if let Some(bytes) = input.moving() {
        let sets = plural(leaving, "sub-volume");
        lines.push(format!("  {} on {sets}", crate::model::text::size(bytes)));
    }
    lines
}

#[cfg(test)]
mod tests;
