//! One volume was read anew: laid over the picture, and told to the program.

use std::cell::LazyCell;
use std::sync::Arc;
use std::time::Duration;

use criterion::{BatchSize, BenchmarkId, Criterion};
use glustop::app::{Msg, update};
use glustop::gluster::{Order, Reply, StatusView, parse};
use glustop::model::{Snapshot, Stamp};
use glustop::monitor::measure;

use crate::cluster::{self, Cluster, Known, SIZES};

pub(crate) fn all(criterion: &mut Criterion) {
    let mut group = criterion.benchmark_group("update");
    for &volumes in SIZES {
        // Read when a case is run: those that are not asked for cost nothing.
        let news = LazyCell::new(|| News::new(volumes));
        let bricks = volumes * 12;
        group.bench_function(BenchmarkId::new("lay", bricks), |bencher| {
            bencher.iter_batched_ref(
                || (Arc::clone(&news.known.snapshot), news.reply.clone()),
                |(snapshot, reply)| news.lay(snapshot, reply.clone()),
                BatchSize::SmallInput,
            );
        });
        group.bench_function(BenchmarkId::new("tell", bricks), |bencher| {
            let mut model = news.known.model(120, 40);
            let mut next = news.told();
            bencher.iter(|| {
                // The old and the new picture in turn: one volume differs each time.
                let msg = Msg::Snapshot(Arc::clone(&next));
                next = Arc::clone(&model.snapshot);
                update(&mut model, news.at, msg)
            });
        });
    }
    group.finish();
}

/// A pool that is known, and a new answer about one of its volumes.
pub(crate) struct News {
    pub(crate) known: Known,
    order: Order,
    reply: Reply,
    pub(crate) at: Stamp,
}

impl News {
    pub(crate) fn new(volumes: usize) -> Self {
        Self::of(volumes / 2, || Cluster::new(volumes))
    }

    /// One volume of twelve thousand bricks.
    pub(crate) fn large() -> Self {
        Self::of(1, || Cluster::shaped(1, 4_000))
    }

    fn of(number: usize, make: impl Fn() -> Cluster) -> Self {
        let command = cluster::status(number, StatusView::Detail);
        let answer = make().answer(&command);
        let parsed = parse(&command, &answer).expect("a good answer");
        let known = make().read();
        Self {
            order: cluster::launcher().order(command),
            reply: parsed.reply,
            at: Stamp {
                steady: known.now.steady + Duration::from_secs(5),
                wall: known.now.wall,
            },
            known,
        }
    }

    /// What the reader does with the answer: the picture that it published is shared.
    pub(crate) fn lay(&self, snapshot: &mut Arc<Snapshot>, reply: Reply) {
        let snapshot = Arc::make_mut(snapshot);
        measure::lay(snapshot, self.order.clone(), reply, self.at);
    }

    /// The picture with the answer.
    pub(crate) fn told(&self) -> Arc<Snapshot> {
        let mut snapshot = Arc::clone(&self.known.snapshot);
        self.lay(&mut snapshot, self.reply.clone());
        snapshot
    }

    /// The answer.
    pub(crate) fn reply(&self) -> Reply {
        self.reply.clone()
    }
}
