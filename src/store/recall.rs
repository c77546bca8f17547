//! Reading tasks back: what a glustop that begins takes up again, and what ended.

use std::collections::BTreeMap;
use std::sync::Arc;

use jiff::{SignedDuration, Timestamp};
use rusqlite::types::Value;
use rusqlite::{Row, params, params_from_iter};

use super::Store;
use super::error::StoreError;
use super::tasks::SUM;
use super::words::{self, count, moment};
use crate::model::{
    Baseline, EndedTask, Sample, Stamp, Task, TaskId, TaskKind, TaskRecord, Trail, VolumeName,
};

/// What a glustop that begins is told of the ones before.
#[derive(Debug, Clone, Default)]
pub struct Recalled {
    /// Tasks that were not over, with their trails. Some of another pool may be among them.
    pub tasks: BTreeMap<TaskId, (VolumeName, Task)>,
    /// The latest ones that were over, latest first.
    pub ended: Vec<Arc<EndedTask>>,
}

/// As many ended tasks as are recalled.
const ENDED: usize = 50;

impl Store {
    /// Recalls the tasks that were not over, and the latest 50 that were. `now` gives their times
    /// a place on this program's own clock; what seems to be of the future is left out.
    pub fn recall(&self, now: Stamp) -> Result<Recalled, StoreError> {
        let mut recalled = Recalled {
            ended: self.ended(now)?,
            ..Recalled::default()
        };
        for record in self.tasks("ending IS NULL", &[], usize::MAX, now)? {
            let TaskRecord {
                volume, mut task, ..
            } = record;
            let Some(id) = task.id.clone() else { continue };
            task.trail = self.trail(&id, SUM, now)?;
            for node in &mut task.nodes {
                node.trail = self.trail(&id, node.peer.as_str(), now)?;
            }
            recalled.tasks.insert(id, (volume, task));
        }
        Ok(recalled)
    }

    /// The latest 50 tasks that are over, latest first, without their trails.
    pub fn ended(&self, now: Stamp) -> Result<Vec<Arc<EndedTask>>, StoreError> {
        let records = self.tasks("ending IS NOT NULL", &[], ENDED, now)?;
        let ended = records.into_iter().filter_map(|record| {
            let (ending, at) = record.ended?;
            Some(Arc::new(EndedTask {
                volume: record.volume,
                task: record.task,
                ending,
                at: on_clock(at, now),
            }))
        });
        Ok(ended.collect())
    }

    /// Every task that was seen, or those of one volume, latest first.
    pub fn history(
        &self,
        volume: Option<&VolumeName>,
        limit: usize,
    ) -> Result<Vec<TaskRecord>, StoreError> {
        match volume {
            Some(volume) => {
                let name = Value::from(volume.to_string());
                self.tasks("volume = ?", &[name], limit, Stamp::ZERO)
            }
            None => self.tasks("true", &[], limit, Stamp::ZERO),
        }
    }

    fn tasks(
        &self,
        which: &str,
        values: &[Value],
        limit: usize,
        now: Stamp,
    ) -> Result<Vec<TaskRecord>, StoreError> {
        let sql = format!(
            "SELECT task.*, (
                 SELECT ifnull(sudo_user, user) FROM command
                 WHERE began = task.id AND result = 'done' ORDER BY at LIMIT 1
             ) AS started_by
             FROM task WHERE {which}
             ORDER BY ifnull(ended_at, last_seen) DESC, id LIMIT ?"
        );
        let limit = Value::from(i64::try_from(limit).unwrap_or(i64::MAX));
        let mut statement = self.db.prepare(&sql)?;
        let values = values.iter().cloned().chain([limit]);
        let rows = statement.query_map(params_from_iter(values), |row| task(row, now))?;
        Ok(rows.collect::<Result<_, _>>()?)
    }

    fn trail(&self, id: &TaskId, node: &str, now: Stamp) -> Result<Trail, StoreError> {
        /// Two glustops that read at the same moment may tell their samples in the wrong order,
        /// which would look like a process that began again.
        const APART: SignedDuration = SignedDuration::from_secs(2);
        let mut statement = self.db.prepare(
            "SELECT at, bytes, files, scanned FROM sample
             WHERE task = ?1 AND node = ?2 AND at <= ?3 ORDER BY at",
        )?;
        let until = words::millis(now.wall);
        let rows = statement.query_map(params![id.as_str(), node, until], |row| {
            Ok(Sample {
                at: moment(row.get(0)?),
                bytes: count(row.get(1)?),
                files: count(row.get(2)?),
                scanned: count(row.get(3)?),
            })
        })?;
        let mut trail = Trail::default();
        for sample in rows {
            let sample = sample?;
            let last = trail.last().map(|last| sample.at.duration_since(last.at));
            if last.is_none_or(|apart| apart >= APART) {
                trail.push(sample);
            }
        }
        Ok(trail)
    }
}

/// The place of a wall clock on the steady clock of this program.
fn on_clock(at: Timestamp, now: Stamp) -> Stamp {
    let ago = std::time::Duration::try_from(now.wall.duration_since(at)).unwrap_or_default();
    Stamp {
        steady: now.steady.saturating_sub(ago),
        wall: at,
    }
}

fn task(row: &Row<'_>, now: Stamp) -> Result<TaskRecord, rusqlite::Error> {
    let text = |column: &str| row.get::<_, String>(column);
    let ending: Option<String> = row.get("ending")?;
    let ended_at: Option<i64> = row.get("ended_at")?;
    let used: Option<i64> = row.get("baseline_used")?;
    let used_at: Option<i64> = row.get("baseline_at")?;
    // Another version may know more kinds; most tasks are this one.
    let kind = words::kind(&text("kind")?).unwrap_or(TaskKind::Rebalance);
    let task = Task {
        id: Some(TaskId::new(text("id")?)),
        kind,
        listed: words::state(&text("listed")?),
        bricks: words::bricks_from_json(&text("bricks")?),
        nodes: words::nodes_from_json(&text("nodes")?, |at| on_clock(at, now)),
        first_seen: on_clock(moment(row.get("first_seen")?), now),
        trail: Trail::default(),
        baseline: match used.zip(used_at) {
            Some((used, at)) => Some(Baseline {
                used: count(used),
                at: moment(at),
                exact: row.get("baseline_exact")?,
            }),
            None => None,
        },
        usage: words::usage_from_json(&text("usage")?, now.wall),
    };
    Ok(TaskRecord {
        volume: VolumeName::new(text("volume")?),
        task,
        last_seen: moment(row.get("last_seen")?),
        ended: ending
            .zip(ended_at)
            .map(|(word, at)| (words::ending(&word), moment(at))),
        started_by: row.get("started_by")?,
    })
}
