//! What follows from a snapshot, and what to ask next.

use std::hint::black_box;
use std::time::Duration;

use criterion::{BenchmarkId, Criterion};
use glustop::gluster::{Command, RemoveStep};
use glustop::insight::finding::{self, Thresholds};
use glustop::insight::glance::Glances;
use glustop::insight::plan;
use glustop::monitor::measure::ReadingPlan;

use crate::cluster::{self, Cluster, SIZES};

pub(crate) fn all(criterion: &mut Criterion) {
    let mut group = criterion.benchmark_group("plan");
    for &volumes in SIZES {
        let known = Cluster::new(volumes).read();
        let (snapshot, now) = (&*known.snapshot, known.now);
        let bricks = volumes * 12;

        group.bench_function(BenchmarkId::new("glances", bricks), |bencher| {
            bencher.iter(|| {
                let mut glances = Glances::default();
                glances.follow(snapshot);
                glances
            });
        });
        let mut glances = Glances::default();
        glances.follow(snapshot);
        let thresholds = Thresholds::default();
        group.bench_function(BenchmarkId::new("findings", bricks), |bencher| {
            bencher.iter(|| finding::findings_of(snapshot, &glances, now, &thresholds));
        });

        let state = snapshot.volume(&cluster::name(3)).expect("a third volume");
        let leaving = state
            .volume
            .subvolumes()
            .last()
            .expect("it has sub-volumes");
        let removal = Command::RemoveBrick {
            volume: cluster::name(3),
            bricks: leaving.bricks.iter().map(|one| one.name.clone()).collect(),
            replica: None,
            step: RemoveStep::Start,
        };
        group.bench_function(BenchmarkId::new("removal", bricks), |bencher| {
            bencher.iter(|| plan::of(black_box(snapshot), &removal));
        });

        group.bench_function(BenchmarkId::new("next question", bricks), |bencher| {
            let mut reading = ReadingPlan::new(Duration::from_secs(5));
            let mut at = Duration::ZERO;
            bencher.iter(|| {
                at += Duration::from_secs(1);
                reading.next(snapshot, at)
            });
        });
    }
    group.finish();
}
