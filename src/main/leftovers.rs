//! `glustop leftovers`: which bricks are leaving, what is on those of this node, and the exit code.

use std::process::ExitCode;

use color_eyre::eyre::Result;
use glustop::app::Source;
use glustop::insight::leftovers::{self, Looked, Places, Verdict};
use glustop::local::{self, Limits, Stop};
use glustop::model::{BrickName, Snapshot, Task, VolumeName, text};
use glustop::monitor;
use glustop::report::{self, LeftoversInput};

use super::{Edge, UNKNOWN, print};

/// Files are left on a brick of this node.
const LEFT: u8 = 1;

/// Looks at the leaving bricks of this node, or at `bricks` if any are named: they may have left
/// the volume already, so gluster is not asked about them.
pub(super) async fn run(
    edge: Edge,
    volume: VolumeName,
    bricks: Vec<String>,
    json: bool,
) -> Result<ExitCode> {
    let clock = edge.clock;
    let source = match &edge.source {
        Source::Local(_) => report::Source::Local,
        Source::Ssh(_) => report::Source::Ssh,
        Source::Demo { .. } => report::Source::Demo,
    };
    if let Source::Ssh(host) = &edge.source {
        let command = leftovers::command(&volume);
        complain(&format!("the files are on {host}: run  {command}  there"));
        return Ok(ExitCode::from(UNKNOWN));
    }
    let sought = if bricks.is_empty() {
        seek(edge, &volume).await
    } else {
        Ok(Sought::named(&bricks, edge.source))
    };
    let sought = match sought {
        Ok(sought) => sought,
        Err(reason) => {
            complain(&reason);
            return Ok(ExitCode::from(UNKNOWN));
        }
    };
    if sought.running && source == report::Source::Demo {
        complain("the demo has no files: its bricks can be looked at once they are drained");
        return Ok(ExitCode::from(UNKNOWN));
    }
    let mut looked: Vec<Looked> = Vec::new();
    for brick in &sought.places.here {
        let result = match source {
            report::Source::Demo => Ok(local::sample_count(sought.failed)),
            _ => local::count(brick.clone(), Limits::COMMAND, Stop::default()).await,
        };
        looked.push((brick.clone(), result));
    }
    let input = LeftoversInput {
        volume: &volume,
        looked: &looked,
        places: &sought.places,
        now: clock.now().wall,
        source,
    };
    print(&if json {
        report::leftovers_json(&input)
    } else {
        report::leftovers_text(&input)
    })?;
    if sought.places.here.is_empty() {
        complain("no leaving brick is on this node");
    }
    if sought.running {
        complain(&format!(
            "{volume} is still being drained: files that wait are counted too"
        ));
    }
    for (_, problem) in &looked {
        if let Err(problem) = problem {
            complain(&format!("{problem}. {}", problem.kind.advice()));
        }
    }
    Ok(ExitCode::from(match leftovers::verdict(&looked) {
        Verdict::Empty => 0,
        Verdict::Left => LEFT,
        Verdict::Unknown => UNKNOWN,
    }))
}

/// Names and gluster's sentences come from outside.
fn complain(words: &str) {
    super::complain(&text::printable(words));
}

/// Where to look.
struct Sought {
    places: Places,
    /// What this node counted as failed: the demo's answer is made of it.
    failed: Option<u64>,
    /// The bricks are still being drained.
    running: bool,
}

impl Sought {
    fn named(bricks: &[String], source: Source) -> Self {
        let host = match source {
            Source::Local(host) | Source::Ssh(host) => host,
            Source::Demo { .. } => "localhost".to_owned(),
        };
        let name = |brick: &String| {
            if brick.starts_with('/') {
                BrickName::from_parts(&host, brick)
            } else {
                BrickName::new(brick.as_str())
            }
        };
        Self {
            places: Places {
                here: bricks.iter().map(name).collect(),
                elsewhere: vec![],
            },
            failed: None,
            running: false,
        }
    }
}

async fn seek(edge: Edge, volume: &VolumeName) -> Result<Sought, String> {
    let only = std::slice::from_ref(volume);
    let (snapshot, faults) = monitor::read_once(
        edge.runner,
        edge.launcher,
        edge.settings,
        edge.clock,
        only,
        None,
    )
    .await;
    let fault = || {
        let fault = faults.first();
        fault.map_or_else(String::new, |fault| format!(": {}", fault.message))
    };
    if snapshot.volumes.get().is_none() {
        return Err(format!("gluster could not be asked{}", fault()));
    }
    let Some(state) = snapshot.volume(volume) else {
        return Err(format!("there is no volume {volume}"));
    };
    if state.task.get().is_none() {
        return Err(format!(
            "whether {volume} has a task is not known{}",
            fault()
        ));
    }
    let Some(places) = leftovers::places(&snapshot, state) else {
        return Err(format!(
            "{volume} has no remove-brick that waits for its end; after a commit: --brick PATH"
        ));
    };
    let running = state.task().is_some_and(Task::is_running);
    let failed = state
        .task()
        .and_then(|task| local_failures(&snapshot, task));
    Ok(Sought {
        places,
        failed,
        running,
    })
}

fn local_failures(snapshot: &Snapshot, task: &Task) -> Option<u64> {
    let local = snapshot.peers().iter().find(|peer| peer.is_local)?;
    let node = task.nodes.iter().find(|node| node.peer == local.id)?;
    node.counters.failures
}
