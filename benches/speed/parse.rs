//! From the bytes of an answer to the model, beside a bare loop over the same bytes.

use std::cell::LazyCell;
use std::hint::black_box;

use criterion::{BenchmarkId, Criterion};
use glustop::gluster::{Answer, Command, StatusView, parse};

use crate::cluster::{self, Cluster, SIZES};
use crate::events;

/// A question with its answer.
type Answered = (Command, Answer);

pub(crate) fn all(criterion: &mut Criterion) {
    for &volumes in SIZES {
        case(criterion, "info", volumes, || {
            let info = Command::VolumeInfo(None);
            let answer = Cluster::new(volumes).answer(&info);
            vec![(info, answer)]
        });
        case(criterion, "detail, a volume a question", volumes, || {
            Cluster::new(volumes).statuses(StatusView::Detail)
        });
        case(criterion, "detail, one volume", volumes, || {
            let detail = cluster::status(1, StatusView::Detail);
            let answer = Cluster::shaped(1, volumes * 4).answer(&detail);
            vec![(detail, answer)]
        });
    }
}

fn case(
    criterion: &mut Criterion,
    what: &str,
    volumes: usize,
    answers: impl Fn() -> Vec<Answered>,
) {
    let mut group = criterion.benchmark_group(format!("parse {what}"));
    let bricks = volumes * 12;
    // Made when a case is run: those that are not asked for cost nothing.
    let answers = LazyCell::new(answers);
    group.bench_function(BenchmarkId::new("model", bricks), |bencher| {
        bencher.iter(|| {
            for (command, answer) in answers.iter() {
                black_box(parse(command, answer).expect("a good answer"));
            }
        });
    });
    group.bench_function(BenchmarkId::new("events", bricks), |bencher| {
        let texts: Vec<_> = answers.iter().map(|(_, answer)| text(answer)).collect();
        bencher.iter(|| texts.iter().map(|text| events::count(text)).sum::<usize>());
    });
}

/// The document of an answer.
pub(crate) fn text(answer: &Answer) -> &str {
    std::str::from_utf8(&answer.stdout).expect("the demo writes UTF-8")
}
