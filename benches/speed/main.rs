//! How fast the program's parts are, over pools of every size.
//!
//! `cargo bench` runs all of them, `cargo bench -- draw` one group. `benches/table.py` runs the
//! same parts with `--table DIRECTORY`: one round, in processor time, beside what else can do it;
//! and with `--answers DIRECTORY VOLUMES [rebalance]` it gets what a program called gluster would print.

#![allow(clippy::expect_used, reason = "a bench that cannot go on fails")]

mod answers;
mod cluster;
mod draw;
mod events;
mod parse;
mod plan;
mod table;
mod update;

use std::time::Duration;

use criterion::Criterion;

fn main() {
    let words: Vec<_> = std::env::args().skip(1).collect();
    match words.iter().map(String::as_str).collect::<Vec<_>>()[..] {
        ["--table", directory] => return table::round(directory.as_ref()),
        ["--answers", directory, volumes, ref more @ ..] => {
            let volumes = volumes.parse().expect("a number of volumes");
            return answers::write(directory.as_ref(), volumes, more == ["rebalance"]);
        }
        _ => {}
    }
    // The whole takes two minutes; a figure that matters is worth `--measurement-time 5`.
    let mut criterion = Criterion::default()
        .sample_size(10)
        .warm_up_time(Duration::from_millis(200))
        .measurement_time(Duration::from_millis(600))
        .configure_from_args();
    parse::all(&mut criterion);
    plan::all(&mut criterion);
    update::all(&mut criterion);
    draw::all(&mut criterion);
    criterion.final_summary();
}
