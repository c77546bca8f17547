//! What is left on the leaving bricks of this node.

use std::io;

use super::{Batch, Code, Console};
use crate::insight::leftovers::{self, Looked, Places, Verdict};
use crate::local::{self, Limits, Stop};
use crate::model::{BrickName, Snapshot, Task, VolumeName, text};
use crate::report::{self, LeftoversInput, Source};

/// Looks at the leaving bricks of this node, or at `bricks` if any are named: they may have left
/// the volume already, so gluster is not asked about them.
pub(super) async fn run(
    batch: &Batch,
    console: &dyn Console,
    volume: &VolumeName,
    bricks: &[String],
    json: bool,
) -> io::Result<Code> {
    // Names and gluster's sentences come from outside.
    let complain = |words: &str| console.say(&text::printable(words));
    if batch.source == Source::Ssh {
        let command = leftovers::command(volume);
        complain(&format!(
            "the files are on another host: run  {command}  there"
        ));
        return Ok(Code::Unknown);
    }
    let sought = if bricks.is_empty() {
        seek(batch, volume).await
    } else {
        Ok(Sought::named(bricks, &batch.host))
    };
    let sought = match sought {
        Ok(sought) => sought,
        Err(reason) => {
            complain(&reason);
            return Ok(Code::Unknown);
        }
    };
    if sought.running && batch.source == Source::Demo {
        complain("the demo has no files: its bricks can be looked at once they are drained");
        return Ok(Code::Unknown);
    }
    let mut looked: Vec<Looked> = Vec::new();
    for brick in &sought.places.here {
        let result = match batch.source {
            Source::Demo => Ok(local::sample_count(sought.failed)),
            _ => local::count(brick.clone(), Limits::COMMAND, Stop::default()).await,
        };
        looked.push((brick.clone(), result));
    }
    let input = LeftoversInput {
        volume,
        looked: &looked,
        places: &sought.places,
        now: batch.clock.now().wall,
        source: batch.source,
    };
    console.print(&if json {
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
    Ok(match leftovers::verdict(&looked) {
        Verdict::Empty => Code::Done,
        Verdict::Left => Code::Warning,
        Verdict::Unknown => Code::Unknown,
    })
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
    fn named(bricks: &[String], host: &str) -> Self {
        let name = |brick: &String| {
            if brick.starts_with('/') {
                BrickName::from_parts(host, brick)
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

async fn seek(batch: &Batch, volume: &VolumeName) -> Result<Sought, String> {
    let only = std::slice::from_ref(volume);
    let (snapshot, faults) = batch.read(only).await;
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
