//! The table of `glustop status`: plain text for people, without colour. Everything that glustop
//! itself says is ASCII; names stay as they are, made safe to show.
//!
//! `?` is what is not known, `-` what does not apply.

use super::columns::{Columns, Side};
use super::{Source, StatusInput, is_unclear};
use crate::insight::finding::Severity;
use crate::insight::progress::{self, Basis};
use crate::insight::space::{self, Space};
use crate::model::text::{printable, short_size};
use crate::model::{Fault, Task, TaskState, VolumeKind, VolumeState, VolumeStatus};

mod task;

/// One reading of the cluster in words, with a newline at its end.
pub fn status_table(input: &StatusInput<'_>) -> String {
    let blocks = [
        vec![peers(input)],
        volumes(input),
        tasks(input),
        findings(input),
        errors(input.faults),
    ];
    let mut out = String::new();
    for block in blocks.iter().filter(|block| !block.is_empty()) {
        if !out.is_empty() {
            out.push('\n');
        }
        for line in block {
            out.push_str(line);
            out.push('\n');
        }
    }
    out
}

fn peers(input: &StatusInput<'_>) -> String {
    let snapshot = input.snapshot;
    let mut parts = Vec::new();
    if input.source == Source::Demo {
        parts.push("simulated cluster".to_owned());
    }
    if let Some(release) = snapshot.release {
        parts.push(format!("gluster {release}"));
    }
    let all = snapshot.peers();
    parts.push(if all.is_empty() {
        "peers not known".to_owned()
    } else {
        let count = |connected| all.iter().filter(|p| p.connected == connected).count();
        let away: Vec<_> = all
            .iter()
            .filter(|peer| peer.connected == Some(false))
            .map(|peer| printable(&peer.hostname))
            .collect();
        let mut text = format!("{} of {} peers connected", count(Some(true)), all.len());
        if !away.is_empty() {
            text = format!("{text}, disconnected: {}", away.join(" "));
        }
        match count(None) {
            0 => text,
            unknown => format!("{text}, {unknown} not known"),
        }
    });
    parts.join(", ")
}

fn volumes(input: &StatusInput<'_>) -> Vec<String> {
    let mut table = Columns::new([
        ("  VOLUME", Side::Left),
        ("TYPE", Side::Left),
        ("STATE", Side::Left),
        ("UP", Side::Right),
        ("USED", Side::Right),
        ("SIZE", Side::Right),
        ("USE%", Side::Right),
        ("TASK", Side::Left),
    ]);
    let mut any = false;
    for state in input.volumes() {
        any = true;
        let volume = &state.volume;
        let space = space::volume(state);
        let size = |of: fn(Space) -> u64| known(space.map(|space| short_size(of(space))));
        table.push([
            format!("{} {}", glyph(input, state), volume.name),
            kind(state),
            volume.status.as_str().to_owned(),
            up(state),
            size(|space| space.used),
            size(|space| space.total),
            known(space.and_then(Space::fraction).map(percent)),
            task_cell(state),
        ]);
    }
    if any {
        table.lines("").collect()
    } else if input.snapshot.volumes.get().is_none() {
        vec!["volumes not known".to_owned()]
    } else {
        vec!["no volumes".to_owned()]
    }
}

/// The worst that is known of a volume.
fn glyph(input: &StatusInput<'_>, state: &VolumeState) -> char {
    let name = Some(&state.volume.name);
    let about = input
        .findings()
        .filter(|finding| finding.volume.as_ref() == name);
    match about.map(|finding| finding.severity).max() {
        Some(Severity::Critical) => 'X',
        Some(Severity::Warning) => '!',
        _ if is_unclear(state) => '~',
        _ => match state.volume.status {
            VolumeStatus::Created => '-',
            VolumeStatus::Stopped => '=',
            VolumeStatus::Started | VolumeStatus::Unknown => '+',
        },
    }
}

/// `Distributed-Replicate 3 x 3`.
fn kind(state: &VolumeState) -> String {
    let volume = &state.volume;
    match volume.kind() {
        kind @ VolumeKind::Stripe => kind.as_str().to_owned(),
        kind => format!("{} {}", kind.as_str(), volume.shape()),
    }
}

/// `8/9`; `8?/9` when some bricks are not known, so that it does not read as an outage.
fn up(state: &VolumeState) -> String {
    if state.volume.status != VolumeStatus::Started {
        return "-".to_owned();
    }
    let bricks = &state.volume.bricks;
    let count = |online| {
        bricks
            .iter()
            .filter(|brick| state.brick(&brick.name).online == online)
            .count()
    };
    let doubt = if count(None) > 0 { "?" } else { "" };
    format!("{}{doubt}/{}", count(Some(true)), bricks.len())
}

fn task_cell(state: &VolumeState) -> String {
    match state.task.get() {
        None => "?".to_owned(),
        Some(None) => "-".to_owned(),
        Some(Some(task)) => {
            let done = progress::of(state, task).done;
            let how = match (task.state(), done) {
                (TaskState::InProgress, Some(done)) => share(done),
                _ => state_word(task).to_owned(),
            };
            format!("{} {how}", task.kind.as_str())
        }
    }
}

fn tasks(input: &StatusInput<'_>) -> Vec<String> {
    let with_task = input
        .volumes()
        .filter_map(|state| state.task().map(|task| (state, task)));
    with_task
        .flat_map(|(state, task)| task::lines(state, task, input.now))
        .collect()
}

fn findings(input: &StatusInput<'_>) -> Vec<String> {
    input
        .findings()
        .flat_map(|finding| {
            let mark = match finding.severity {
                Severity::Critical => 'X',
                Severity::Warning => '!',
                Severity::Info => '-',
            };
            [
                format!("{mark} {}", printable(&finding.text)),
                format!("    {}", finding.advice),
            ]
        })
        .collect()
}

fn errors(faults: &[Fault]) -> Vec<String> {
    faults
        .iter()
        .flat_map(|fault| {
            let head = format!("error ({}): {}", fault.kind, printable(&fault.command));
            let message = fault.message.lines();
            std::iter::once(head).chain(message.map(|line| format!("    {}", printable(line))))
        })
        .collect()
}

fn state_word(task: &Task) -> &'static str {
    if task.is_commit_pending() {
        "commit pending"
    } else {
        task.state().as_str()
    }
}

/// `37%`, or `~62%` for an estimate.
fn share((done, basis): (f64, Basis)) -> String {
    let mark = if basis.is_guess() { "~" } else { "" };
    format!("{mark}{}", percent(done))
}

/// Rounded down: 100 % is said of what is complete only.
fn percent(share: f64) -> String {
    format!("{:.0}%", (share * 100.0).floor())
}

fn known(text: Option<String>) -> String {
    text.unwrap_or_else(|| "?".to_owned())
}

#[cfg(test)]
mod tests;
