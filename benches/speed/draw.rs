//! A frame: the view, and what the library does to find the cells that changed.

use std::cell::LazyCell;

use criterion::{BenchmarkId, Criterion};
use glustop::app::{Model, Msg, update};
use glustop::config::Key;
use glustop::ui::{self, Look, ViewState};
use ratatui::Terminal;
use ratatui::backend::TestBackend;

use crate::cluster::{self, Cluster};

/// A pool of so many volumes of so many three-brick sub-volumes.
type Make = fn(usize, usize) -> Cluster;

/// What is drawn, and the shapes of the small and of the large pool.
type Case = (&'static str, Make, [(usize, usize); 2]);

/// Each with about a hundred and with twelve thousand bricks, so that both fill the screen.
pub(crate) const CASES: [Case; 3] = [
    ("many volumes", Cluster::shaped, [(16, 2), (1_000, 4)]),
    ("one volume", Cluster::shaped, [(1, 33), (1, 4_000)]),
    (
        "one draining volume",
        |_, sets| Cluster::draining(sets),
        [(1, 33), (1, 4_000)],
    ),
];

pub(crate) fn all(criterion: &mut Criterion) {
    let mut group = criterion.benchmark_group("draw");
    for (what, make, shapes) in CASES {
        for (volumes, sets) in shapes {
            // Read when a case is run: those that are not asked for cost nothing.
            let known = LazyCell::new(|| make(volumes, sets).read());
            for (width, height) in [(80, 24), (120, 40)] {
                let name = format!("{what} {width}x{height}");
                let id = BenchmarkId::new(name, volumes * sets * 3);
                group.bench_function(id, |bencher| {
                    let mut screen = Screen::new(known.model(width, height), width, height);
                    bencher.iter(|| screen.draw());
                });
            }
        }
    }
    group.finish();
}

/// A program with its screen.
pub(crate) struct Screen {
    model: Model,
    look: Look,
    view: ViewState,
    terminal: Terminal<TestBackend>,
}

impl Screen {
    pub(crate) fn new(mut model: Model, width: u16, height: u16) -> Self {
        // The cursor belongs to a row from the first key on; most frames are drawn like that.
        let now = model.now;
        update(&mut model, now, Msg::Key(Key::char('2')));
        let Ok(terminal) = Terminal::new(TestBackend::new(width, height));
        Self {
            model,
            look: cluster::look(),
            view: ViewState::default(),
            terminal,
        }
    }

    pub(crate) fn draw(&mut self) {
        let Self {
            model,
            look,
            view,
            terminal,
        } = self;
        let Ok(_frame) = terminal.draw(|frame| ui::view(model, look, view, frame));
    }
}
