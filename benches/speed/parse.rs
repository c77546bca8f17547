//! From the bytes of an answer to the model, beside a bare loop over the same bytes.

use std::hint::black_box;

use criterion::{BenchmarkId, Criterion, Throughput};
use glustop::gluster::{Answer, Command, StatusView, parse};

use crate::cluster::{self, Cluster, SIZES};
use crate::events;

pub(crate) fn all(criterion: &mut Criterion) {
    for &volumes in SIZES {
        let mut cluster = Cluster::new(volumes);
        let info = Command::VolumeInfo(None);
        let answer = cluster.answer(&info);
        case(criterion, "info", volumes, &[(info, answer)]);
        let details = cluster.statuses(StatusView::Detail);
        case(criterion, "detail, a volume a question", volumes, &details);
    }
    for &volumes in SIZES {
        // One volume with as many bricks.
        let detail = cluster::status(1, StatusView::Detail);
        let answer = Cluster::shaped(1, volumes * 4).answer(&detail);
        case(
            criterion,
            "detail, one volume",
            volumes,
            &[(detail, answer)],
        );
    }
}

fn case(criterion: &mut Criterion, what: &str, volumes: usize, answers: &[(Command, Answer)]) {
    let texts: Vec<_> = answers
        .iter()
        .map(|(_, answer)| std::str::from_utf8(&answer.stdout).expect("the demo writes UTF-8"))
        .collect();
    let bytes: usize = texts.iter().map(|text| text.len()).sum();
    let mut group = criterion.benchmark_group(format!("parse {what}"));
    group.throughput(Throughput::Bytes(bytes as u64));
    let bricks = volumes * 12;
    group.bench_function(BenchmarkId::new("model", bricks), |bencher| {
        bencher.iter(|| {
            for (command, answer) in answers {
                black_box(parse(command, answer).expect("a good answer"));
            }
        });
    });
    group.bench_function(BenchmarkId::new("events", bricks), |bencher| {
        bencher.iter(|| texts.iter().map(|text| events::count(text)).sum::<usize>());
    });
}
