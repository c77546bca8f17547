//! Writing tasks: their counters, their rates, and how they ended.

use jiff::Timestamp;
use rusqlite::{Connection, params};

use super::error::StoreError;
use super::words::{self, millis, number};
use super::{Store, Trouble};
use crate::model::{EndedTask, Task, TaskId, Trail, VolumeName};

/// Every sample is kept for so long, in milliseconds.
const ALL_FOR: i64 = 10 * 60 * 1_000;
/// One a minute is kept for so long.
const SOME_FOR: i64 = 12 * 60 * 60 * 1_000;
const MINUTE: i64 = 60 * 1_000;
/// The sum over the nodes, where a sample names its node.
pub(super) const SUM: &str = "";

impl Store {
    /// Writes a task as it was read at `seen`, with the samples that are later than `since`. A
    /// task without an id cannot be found again and is left out.
    pub fn record(
        &mut self,
        volume: &VolumeName,
        task: &Task,
        seen: Timestamp,
        since: Option<Timestamp>,
    ) -> Result<(), StoreError> {
        let Some(id) = &task.id else { return Ok(()) };
        self.may_write()?;
        self.write(|db| {
            put(db, id, volume, task, seen)?;
            add_samples(db, id, SUM, &task.trail, since)?;
            for node in &task.nodes {
                add_samples(db, id, node.peer.as_str(), &node.trail, since)?;
            }
            thin(db, id)
        })
    }

    /// Writes how a task ended. Where two accounts differ the one that knows more stands.
    pub fn end(&mut self, ended: &EndedTask) -> Result<(), StoreError> {
        let Some(id) = &ended.task.id else {
            return Ok(());
        };
        self.may_write()?;
        let seen = last_read(&ended.task).unwrap_or(ended.task.first_seen.wall);
        self.write(|db| {
            put(db, id, &ended.volume, &ended.task, seen)?;
            let known: Option<String> = db
                .prepare("SELECT ending FROM task WHERE id = ?1")?
                .query_row([id.as_str()], |row| row.get(0))?;
            let known = known.map(|word| words::ending(&word));
            if known.is_none_or(|known| ended.ending.knows_more_than(known)) {
                db.execute(
                    "UPDATE task SET ending = ?2, ended_at = min(?3, ifnull(ended_at, ?3)) WHERE id = ?1",
                    params![id.as_str(), ended.ending.as_str(), millis(ended.at.wall)],
                )?;
            }
            Ok(())
        })
    }

    pub(super) fn may_write(&self) -> Result<(), StoreError> {
        if self.read_only {
            let sentence = "the history can be read, but not written";
            return Err(StoreError::new(Trouble::ReadOnly, sentence));
        }
        Ok(())
    }
}

/// The last time that a node of the task answered.
pub(super) fn last_read(task: &Task) -> Option<Timestamp> {
    let taken = task.nodes.iter().filter_map(|node| node.taken);
    taken.map(|at| at.wall).max()
}

/// An older account never replaces a later one, nor one without counters any other.
fn put(
    db: &Connection,
    id: &TaskId,
    volume: &VolumeName,
    task: &Task,
    seen: Timestamp,
) -> Result<(), StoreError> {
    const INSERT: &str = "
        INSERT INTO task (id, volume, kind, listed, bricks, nodes, usage, first_seen, last_seen,
                          baseline_used, baseline_at, baseline_exact)
        VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12)
        ON CONFLICT (id) DO ";
    // The task list calls a fix-layout a rebalance; only its counters tell.
    const UPDATE: &str = "UPDATE SET
            volume = excluded.volume,
            kind = iif(kind = 'fix-layout', kind, excluded.kind),
            listed = excluded.listed,
            bricks = iif(excluded.bricks = '[]', bricks, excluded.bricks),
            nodes = excluded.nodes,
            usage = iif(excluded.usage = '{}', usage, excluded.usage),
            first_seen = min(first_seen, excluded.first_seen),
            last_seen = excluded.last_seen,
            ended_at = iif(ended_at < excluded.last_seen, NULL, ended_at),
            ending = iif(ended_at < excluded.last_seen, NULL, ending)
        WHERE excluded.last_seen >= last_seen";
    let has_counters = task.nodes.iter().any(|node| node.taken.is_some());
    let sql = format!("{INSERT}{}", if has_counters { UPDATE } else { "NOTHING" });
    let baseline = task.baseline;
    db.prepare(&sql)?.execute(params![
        id.as_str(),
        volume.as_str(),
        task.kind.as_str(),
        task.listed.as_str(),
        words::bricks_to_json(&task.bricks),
        words::nodes_to_json(&task.nodes),
        words::usage_to_json(&task.usage),
        millis(task.first_seen.wall),
        millis(seen),
        baseline.map(|baseline| number(baseline.used)),
        baseline.map(|baseline| millis(baseline.at)),
        baseline.map(|baseline| baseline.exact),
    ])?;
    if let Some(baseline) = baseline {
        // One that was read beats one that was worked out; of two alike the earlier one stands.
        db.execute(
            "UPDATE task SET baseline_used = ?2, baseline_at = ?3, baseline_exact = ?4
             WHERE id = ?1 AND (baseline_used IS NULL OR baseline_exact < ?4
                                OR (baseline_exact = ?4 AND baseline_at > ?3))",
            params![
                id.as_str(),
                number(baseline.used),
                millis(baseline.at),
                baseline.exact
            ],
        )?;
    }
    Ok(())
}

fn add_samples(
    db: &Connection,
    id: &TaskId,
    node: &str,
    trail: &Trail,
    since: Option<Timestamp>,
) -> Result<(), StoreError> {
    let mut insert = db.prepare(
        "INSERT OR IGNORE INTO sample (task, node, at, bytes, files, scanned)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6)",
    )?;
    let new = trail.samples().rev();
    for sample in new.take_while(|sample| since.is_none_or(|since| sample.at > since)) {
        insert.execute(params![
            id.as_str(),
            node,
            millis(sample.at),
            number(sample.bytes),
            number(sample.files),
            number(sample.scanned),
        ])?;
    }
    Ok(())
}

/// Leaves the first sample of each minute that is long past, and none that is longer past.
fn thin(db: &Connection, id: &TaskId) -> Result<(), StoreError> {
    let mut last = db.prepare("SELECT max(at) FROM sample WHERE task = ?1 AND node = ?2")?;
    let last: Option<i64> = last.query_row(params![id.as_str(), SUM], |row| row.get(0))?;
    let Some(last) = last else { return Ok(()) };
    db.execute(
        "DELETE FROM sample WHERE task = ?1 AND at < ?2 AND (at < ?3 OR EXISTS (
             SELECT 1 FROM sample AS earlier
             WHERE earlier.task = sample.task AND earlier.node = sample.node
               AND earlier.at >= sample.at - sample.at % ?4 AND earlier.at < sample.at))",
        params![id.as_str(), last - ALL_FOR, last - SOME_FOR, MINUTE],
    )?;
    Ok(())
}
