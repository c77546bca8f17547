//! The Task status view: one task, its totals and rates, node by node.
//!
//! It serves every kind of task, running or over. A node that gives no answer keeps its row with
//! what it last said.

use ratatui::layout::Rect;
use ratatui::text::{Line, Span};

use super::canvas::Canvas;
use super::look::{Glyph, Role};
use super::marks::Seen;
use super::{fit, header, layout, marks, watching, words};
use crate::app::Model;
use crate::app::rows::{TaskRow, TaskRowId};
use crate::insight::freshness;
use crate::insight::progress;
use crate::model::{EndedTask, Stamp, TaskKind, TaskState, VolumeName, VolumeState, text};

mod advice;
mod chart;
mod failures;
mod figures;
mod nodes;
mod space;

/// Draws the task of a volume, or the last one of it that ended. `scroll` is the first node shown.
pub(super) fn render(canvas: &mut Canvas<'_>, model: &Model, volume: &VolumeName, scroll: usize) {
    draw(
        canvas,
        model,
        volume,
        Shown::of_volume(model, volume),
        scroll,
    );
}

/// Draws one task that is over and that gluster has forgotten.
pub(super) fn render_ended(canvas: &mut Canvas<'_>, model: &Model, row: &TaskRowId, scroll: usize) {
    draw(canvas, model, &row.volume, Shown::ended(model, row), scroll);
}

fn draw(
    canvas: &mut Canvas<'_>,
    model: &Model,
    volume: &VolumeName,
    shown: Option<Shown<'_>>,
    scroll: usize,
) {
    let screen = layout::screen(canvas.area());
    let Some(shown) = shown else {
        let title = format!("TASK STATUS  {volume}");
        header::view_header(canvas, screen.header, model, &[(Role::Strong, title)]);
        let line =
            format!("  no task on {volume}: none runs, and none ended while glustop watched");
        canvas.text(screen.body, 0, Role::Plain, &line);
        header::message(canvas, screen.message, model, None);
        header::footer(canvas, screen.footer, model);
        return;
    };
    let mut title = format!("TASK STATUS  {}  {volume}", shown.row.task.kind.as_str());
    if let Some(state) = shown.state
        && canvas.area().width >= 120
    {
        title = format!("{title}   {}", words::volume_type(state, 40));
    }
    title.push_str("   ");
    let read = shown.read().map_or_else(String::new, |read| {
        let mark = if shown.seen.is_stalled { "~ " } else { "" };
        format!("{mark}read {} ago", shown.age(read))
    });
    let role = if shown.seen.is_stalled {
        Role::Warn
    } else {
        Role::Strong
    };
    let title = [(Role::Strong, title), (role, read)];
    header::view_header(canvas, screen.header, model, &title);
    let area = Rect {
        y: screen.header.bottom(),
        height: screen.message.y.saturating_sub(screen.header.bottom()),
        ..screen.body
    };
    body(canvas, area, &shown, scroll);
    header::message(canvas, screen.message, model, Some(shown.leave()));
    header::footer(canvas, screen.footer, model);
}

/// Everything above the nodes gives way on a low screen; the nodes are what the view is for.
fn body(canvas: &mut Canvas<'_>, area: Rect, shown: &Shown<'_>, scroll: usize) {
    let look = canvas.look;
    let width = usize::from(area.width);
    let mut blocks = vec![head(canvas, shown, width)];
    let chart = (width >= 120 && area.height >= 30 && shown.is_running())
        .then(|| chart::lines(look, shown))
        .flatten();
    blocks.push(figures::lines(look, shown, width, chart.is_none()));
    blocks.extend(chart);
    let all = shown.row.task.nodes.len();
    // Title row, at least three nodes, total.
    let table = (all + 2).min(5);
    let height = usize::from(area.height);
    let room = height.saturating_sub(table);
    let mut lines: Vec<Line<'_>> = Vec::new();
    for block in blocks {
        if lines.len() + block.len() < room || lines.is_empty() {
            lines.extend(block);
            lines.push(Line::default());
        } else {
            lines.extend(block.into_iter().take(room.saturating_sub(lines.len())));
        }
    }
    let below = advice::lines(look, shown, width);
    let used = lines.len();
    let rest = height.saturating_sub(used);
    // The advice has what the nodes leave, and one of its lines at least a third.
    let wanted = all + 2;
    let for_nodes = wanted.min(rest.saturating_sub(below.len().min(rest / 3)));
    for (row, line) in lines.iter().enumerate() {
        canvas.line(area, row, line);
    }
    let part = |from: usize, rows: usize| Rect {
        y: area.y.saturating_add(from as u16),
        height: rows as u16,
        ..area
    };
    nodes::render(canvas, part(used, for_nodes), shown, scroll);
    let from = used + for_nodes;
    let area = part(from, height.saturating_sub(from));
    for (row, line) in below.iter().enumerate() {
        canvas.line(area, row, line);
    }
    // At the bottom, where nothing moves it, and only where it is in nobody's way.
    let watching = watching::lines(look, shown.model, width);
    let room = usize::from(area.height);
    if below.len() + 1 + watching.len() <= room {
        for (row, line) in watching.iter().enumerate() {
            canvas.line(area, room - watching.len() + row, line);
        }
    }
}

/// A task with what is known around it.
struct Shown<'a> {
    model: &'a Model,
    row: TaskRow<'a>,
    state: Option<&'a VolumeState>,
    seen: Seen,
}

impl<'a> Shown<'a> {
    /// The volume's task, or the last one of it that ended.
    fn of_volume(model: &'a Model, volume: &'a VolumeName) -> Option<Self> {
        let state = model.snapshot.volume(volume).map(|state| &**state);
        let Some((state, task)) = state.and_then(|state| Some((state, state.task()?))) else {
            let ended = &model.snapshot.ended;
            let last = ended.iter().find(|ended| ended.volume == *volume)?;
            return Some(Self::of_ended(model, last));
        };
        Some(Self {
            model,
            row: TaskRow {
                volume,
                task,
                state: Some(state),
                ended: None,
            },
            state: Some(state),
            seen: Seen::of(model, state, task),
        })
    }

    /// A task by its id, among those that ended.
    fn ended(model: &'a Model, row: &TaskRowId) -> Option<Self> {
        let ended = &model.snapshot.ended;
        let wanted = ended
            .iter()
            .find(|ended| ended.volume == row.volume && ended.task.id == row.task)?;
        Some(Self::of_ended(model, wanted))
    }

    fn of_ended(model: &'a Model, ended: &'a EndedTask) -> Self {
        Self {
            model,
            row: TaskRow {
                volume: &ended.volume,
                task: &ended.task,
                state: None,
                ended: Some(ended),
            },
            state: model.snapshot.volume(&ended.volume).map(|state| &**state),
            seen: Seen::default(),
        }
    }

    /// When it was asked about; not of one that ended.
    fn read(&self) -> Option<Stamp> {
        let state = self.row.state?;
        let running = Some(self.row.task).filter(|task| task.is_running());
        let counted = running.and_then(freshness::progress_read);
        counted.or(state.task.taken())
    }

    /// An age: what runs changes by the second anyway, the rest stands still.
    fn age(&self, taken: Stamp) -> String {
        if self.is_running() {
            text::age(taken.age(self.model.now))
        } else {
            self.model.read_ago(taken)
        }
    }

    fn is_running(&self) -> bool {
        self.row.ended.is_none() && self.row.task.is_running()
    }

    /// What leaving the program would mean, as long as nothing else is to be said.
    fn leave(&self) -> &'static str {
        if self.is_running() {
            "Quitting glustop does not stop this task; S does. Moved files stay moved."
        } else {
            ""
        }
    }
}

/// State, id, times; and what it is about.
fn head(canvas: &Canvas<'_>, shown: &Shown<'_>, width: usize) -> Vec<Line<'static>> {
    let model = shown.model;
    let task = shown.row.task;
    let (glyph, word) = marks::task(model, &shown.row);
    let word = match (&*word, glyph) {
        ("", Glyph::Old) => "in progress as last seen".to_owned(),
        ("", _) => "in progress".to_owned(),
        _ => word,
    };
    let mut parts = Vec::new();
    if let Some(id) = &task.id {
        let id = if width >= 120 {
            id.as_str()
        } else {
            id.short()
        };
        parts.push(format!("id {id}"));
    }
    if let Some(at) = progress::started_at(task) {
        parts.push(format!("started {}", words::when(model, at)));
    }
    if let Some(runtime) = task.total().run_time() {
        parts.push(format!("run time {}", text::run_time(runtime)));
    }
    if let Some(state) = shown.state {
        parts.push(format!("throttle {}", state.volume.throttle()));
    }
    let gap = if width >= 120 { "    " } else { "  " };
    let mut first = Line::from(vec![
        canvas.look.glyph(glyph),
        Span::raw(" "),
        canvas.look.span(glyph.word_role(), word.clone()),
    ]);
    let mut used = 2 + fit::width(&word);
    for part in parts {
        // Whole parts or nothing.
        if used + gap.len() + fit::width(&part) > width {
            break;
        }
        used += gap.len() + fit::width(&part);
        first.push_span(Span::raw(format!("{gap}{part}")));
    }
    let mut lines = vec![first];
    if task.kind == TaskKind::RemoveBrick {
        let what = match (task.state(), shown.row.ended) {
            (TaskState::InProgress, None) => "draining",
            _ => "bricks of",
        };
        let sets = words::leaving(shown.model, shown.state, task);
        let line = format!("  {what} {sets} = {}", words::bricks(&task.bricks));
        lines.push(Line::from(fit::cut_end(&line, width)));
    }
    lines
}
