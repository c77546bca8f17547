//! What follows from a snapshot, and what to ask next.

use std::cell::LazyCell;
use std::hint::black_box;
use std::time::Duration;

use criterion::{BenchmarkId, Criterion};
use glustop::gluster::{Command, RemoveStep};
use glustop::insight::finding::{self, Thresholds};
use glustop::insight::glance::Glances;
use glustop::insight::plan;
use glustop::model::Snapshot;
use glustop::monitor::measure::ReadingPlan;

use crate::cluster::{self, Cluster, SIZES};

pub(crate) fn all(criterion: &mut Criterion) {
    let mut group = criterion.benchmark_group("plan");
    for &volumes in SIZES {
        // Read when a case is run: those that are not asked for cost nothing.
        let known = LazyCell::new(|| Cluster::new(volumes).read());
        let bricks = volumes * 12;
        group.bench_function(BenchmarkId::new("glances", bricks), |bencher| {
            bencher.iter(|| glances(&known.snapshot));
        });
        group.bench_function(BenchmarkId::new("findings", bricks), |bencher| {
            let glances = glances(&known.snapshot);
            let thresholds = Thresholds::default();
            bencher
                .iter(|| finding::findings_of(&known.snapshot, &glances, known.now, &thresholds));
        });
        group.bench_function(BenchmarkId::new("removal", bricks), |bencher| {
            let removal = removal(&known.snapshot);
            bencher.iter(|| plan::of(black_box(&known.snapshot), &removal));
        });
        group.bench_function(BenchmarkId::new("next question", bricks), |bencher| {
            let mut reading = ReadingPlan::new(Duration::from_secs(5));
            let mut at = Duration::ZERO;
            bencher.iter(|| {
                at += Duration::from_secs(1);
                reading.next(&known.snapshot, at)
            });
        });
    }
    group.finish();
}

fn glances(snapshot: &Snapshot) -> Glances {
    let mut glances = Glances::default();
    glances.follow(snapshot);
    glances
}

/// The last sub-volume of a volume without a task shall leave.
fn removal(snapshot: &Snapshot) -> Command {
    let volume = cluster::name(3);
    let state = snapshot.volume(&volume).expect("a third volume");
    let leaving = state.volume.subvolumes().last().expect("sub-volumes");
    let bricks = leaving.bricks.iter().map(|brick| brick.name.clone());
    Command::RemoveBrick {
        bricks: bricks.collect(),
        volume,
        replica: None,
        step: RemoveStep::Start,
    }
}
