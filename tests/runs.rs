//! Estimates against what really happened: recorded drains of a real cluster, played through the
//! monitor in simulated time. `cargo test --test runs -- --nocapture` prints the table.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::print_stdout,
    clippy::disallowed_methods,
    reason = "a test that cannot go on fails"
)]

#[path = "runs/play.rs"]
mod play;

use std::fmt::Write as _;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use glustop::gluster::Launcher;
use glustop::insight::progress::{self, NoEstimate, Progress};
use glustop::model::Snapshot;
use glustop::monitor::{self, Budget, Clock, Monitor, Settings};
use jiff::Timestamp;
use play::{Play, Run};
use tokio::time::Instant;

/// The shares of all bytes, in percent, at which the estimates are looked at.
const SHARES: [u32; 3] = [25, 50, 75];

fn runs() -> Vec<Run> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures/runs");
    let mut paths: Vec<PathBuf> = std::fs::read_dir(folder)
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .collect();
    paths.sort();
    let read = |path: &PathBuf| {
        let name = path.file_stem().unwrap().to_string_lossy();
        Run::parse(&name, &std::fs::read_to_string(path).unwrap())
    };
    paths.iter().map(read).collect()
}

fn watch(play: Play) -> Monitor {
    let launcher = Launcher {
        program: "gluster".into(),
        socket: None,
        ssh: None,
        state_dir: PathBuf::from("/run/glustop"),
        python_helper: false,
    };
    let settings = Settings {
        interval: Duration::from_secs(5),
        timeout: Duration::from_secs(120),
        budget: Budget::default(),
    };
    let clock = Clock::starting_at(Timestamp::UNIX_EPOCH, 1);
    monitor::start(Arc::new(play), launcher, settings, clock, None)
}

/// How a task was judged at a moment, and how long it took from there.
struct Look {
    share: u32,
    progress: Progress,
    really: f64,
}

impl Look {
    /// How far off the estimate was, as a share of the time that it really took.
    fn off(&self) -> Option<f64> {
        let likely = self.progress.left()?.as_secs_f64();
        Some((likely - self.really).abs() / self.really)
    }

    fn line(&self, run: &str) -> String {
        let seconds = |time: Duration| format!("{:.0} s", time.as_secs_f64());
        let done = self.progress.done.map_or_else(
            || "-".to_owned(),
            |(done, basis)| format!("{:.0}% by {}", done * 100.0, basis.as_str()),
        );
        let estimate = self.progress.estimate.map_or_else(
            || {
                self.progress
                    .no_estimate
                    .map_or_else(String::new, NoEstimate::words)
            },
            |estimate| {
                format!(
                    "{} ({} - {})",
                    seconds(estimate.likely),
                    seconds(estimate.earliest),
                    seconds(estimate.latest)
                )
            },
        );
        let off = self
            .off()
            .map_or_else(String::new, |off| format!("{:.0}%", off * 100.0));
        format!(
            "{run:<12} {:>3}%  {done:<12}  {estimate:<44} {:>5.0} s {off:>5}",
            self.share, self.really
        )
    }
}

/// Watches a run from a moment on, and judges it at each share.
async fn looks(run: Run, from: f64) -> Vec<Look> {
    let end = run.end();
    let times = SHARES.map(|share| (share, run.reached(f64::from(share) / 100.0)));
    let began = Instant::now();
    let monitor = watch(Play::from(run, from));
    let mut looks = vec![];
    for (share, at) in times {
        // A little later, when a reading has seen it.
        let until = began + Duration::from_secs_f64(at - from + 5.0);
        tokio::time::sleep_until(until).await;
        let snapshot: Arc<Snapshot> = monitor.snapshots.borrow().clone();
        let state = snapshot.volume(&"run".into()).unwrap();
        let task = state.task().unwrap();
        looks.push(Look {
            share,
            progress: progress::of(state, task),
            really: end - (at + 5.0),
        });
    }
    looks
}

fn median(mut of: Vec<f64>) -> f64 {
    of.sort_by(f64::total_cmp);
    let half = of.len() / 2;
    match of.len() % 2 {
        0 => f64::midpoint(of[half - 1], of[half]),
        _ => of[half],
    }
}

/// Judges every run, prints the table, and gives how far off the estimates were at the half.
async fn table(title: &str, from: impl Fn(&Run) -> f64) -> Vec<Option<f64>> {
    let mut text = format!(
        "\n{title}\n{:<12} {:>4}  {:<12}  {:<44} {:>7} {:>5}\n",
        "RUN", "AT", "DONE", "LEFT (FASTEST - SLOWEST)", "REALLY", "OFF"
    );
    let mut half = vec![];
    for run in runs() {
        let name = run.name.clone();
        assert!(!run.what.is_empty(), "{name} says what it is");
        let from = from(&run);
        for look in looks(run, from).await {
            let _ = writeln!(text, "{}", look.line(&name));
            if look.share == 50 {
                half.push(look.off());
            }
        }
    }
    println!("{text}");
    half
}

#[tokio::test(start_paused = true)]
async fn half_way_the_estimates_of_real_drains_are_less_than_a_quarter_off() {
    let half = table("Watched from before the start", |_| -30.0).await;
    assert!(half.len() >= 4, "too few runs: {}", half.len());
    let told: Vec<f64> = half.iter().flatten().copied().collect();
    assert!(
        told.len() * 2 > half.len(),
        "most have an estimate: {half:?}"
    );
    let median = median(told);
    println!("median at 50%: {:.0}% off", median * 100.0);
    assert!(median < 0.25, "{median}");
}

#[tokio::test(start_paused = true)]
async fn who_comes_late_is_told_as_well() {
    let half = table("Watched from a fifth of the bytes on", |run| {
        run.reached(0.2)
    })
    .await;
    let told: Vec<f64> = half.iter().flatten().copied().collect();
    assert!(
        told.len() * 2 > half.len(),
        "most have an estimate: {half:?}"
    );
    let median = median(told);
    println!("median at 50%: {:.0}% off", median * 100.0);
    assert!(median < 0.25, "{median}");
}
