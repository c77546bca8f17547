//! One round of the figures that stand in PERFORMANCE.md: each the median of some runs, in
//! processor time of this thread, so that a busy machine does not count.

#![allow(
    clippy::print_stdout,
    reason = "the round is read by the script that started it"
)]

use std::fs;
use std::hint::black_box;
use std::path::Path;
use std::sync::Arc;

use glustop::app::{Msg, update};
use glustop::gluster::{Answer, Command, StatusView, parse};
use rustix::time::{ClockId, clock_gettime};

use crate::cluster::{self, Cluster};
use crate::draw::{CASES, Screen};
use crate::events;
use crate::parse::text;
use crate::update::News;

/// Prints `name <tab> milliseconds` for every figure, and leaves the answers that were parsed in
/// the directory for other parsers: a folder for each case.
pub(crate) fn round(directory: &Path) {
    let mut cluster = Cluster::new(1_000);
    let info = Command::VolumeInfo(None);
    let answer = cluster.answer(&info);
    parsed(directory, "info", &[(info, answer)]);
    let details = cluster.statuses(StatusView::Detail);
    parsed(directory, "details", &details);
    let detail = cluster::status(1, StatusView::Detail);
    let answer = Cluster::shaped(1, 4_000).answer(&detail);
    parsed(directory, "detail", &[(detail, answer)]);
    drawn();
    applied();
}

fn parsed(directory: &Path, name: &str, answers: &[(Command, Answer)]) {
    let folder = directory.join(name);
    fs::create_dir_all(&folder).expect("a directory to write to");
    for (at, (_, answer)) in answers.iter().enumerate() {
        fs::write(folder.join(format!("{at:04}.xml")), &answer.stdout).expect("a file to write");
    }
    let texts: Vec<_> = answers.iter().map(|(_, answer)| text(answer)).collect();
    // In turn: whatever slows the machine down meets both.
    let (mut model, mut bare) = (Vec::new(), Vec::new());
    for _ in 0..7 {
        model.push(time(|| {
            for (command, answer) in answers {
                black_box(parse(command, answer).expect("a good answer"));
            }
        }));
        bare.push(time(|| {
            black_box(texts.iter().map(|text| events::count(text)).sum::<usize>());
        }));
    }
    tell(&format!("parse.{name}.model"), model);
    tell(&format!("parse.{name}.events"), bare);
}

fn drawn() {
    for (what, make, shapes) in CASES {
        let [mut few, mut many] = shapes
            .map(|(volumes, sets)| Screen::new(make(volumes, sets).read().model(120, 40), 120, 40));
        let (mut of_few, mut of_many) = (Vec::new(), Vec::new());
        for _ in 0..200 {
            of_few.push(time(|| few.draw()));
            of_many.push(time(|| many.draw()));
        }
        let what = what.replace(' ', "-");
        tell(&format!("draw.{what}.few"), of_few);
        tell(&format!("draw.{what}.many"), of_many);
    }
}

fn applied() {
    let cases = [
        ("apply", News::new(1_000), 200),
        ("apply-large", News::large(), 11),
    ];
    for (name, news, runs) in cases {
        applied_to(name, &news, runs);
    }
}

fn applied_to(name: &str, news: &News, runs: usize) {
    let mut model = news.known.model(120, 40);
    let (mut lay, mut tell_it) = (Vec::new(), Vec::new());
    for _ in 0..runs {
        let mut snapshot = Arc::clone(&model.snapshot);
        let reply = news.reply();
        lay.push(time(|| news.lay(&mut snapshot, reply)));
        tell_it.push(time(|| {
            black_box(update(&mut model, news.at, Msg::Snapshot(snapshot)));
        }));
    }
    tell(&format!("{name}.lay"), lay);
    tell(&format!("{name}.tell"), tell_it);
}

/// Milliseconds of processor time of this thread.
fn time(work: impl FnOnce()) -> f64 {
    let now = || {
        let now = clock_gettime(ClockId::ThreadCPUTime);
        now.tv_sec as f64 * 1e3 + now.tv_nsec as f64 / 1e6
    };
    let began = now();
    work();
    now() - began
}

fn tell(name: &str, mut runs: Vec<f64>) {
    runs.sort_by(f64::total_cmp);
    println!("{name}\t{}", runs[runs.len() / 2]);
}
