//! The tables, and the way from an older file to them.

use rusqlite::{Connection, TransactionBehavior};

use super::error::{StoreError, Trouble};

/// The number of the tables below, as `user_version` of the file. A later version appends a
/// step to [`STEPS`] and never changes one.
pub(super) const VERSION: i64 = 1;

/// Each brings a file from the version of its place to the next.
const STEPS: [&str; VERSION as usize] = ["
-- One run of a rebalance or remove-brick. Times are milliseconds since 1970; what is not known
-- is NULL.
CREATE TABLE task (
    id             TEXT PRIMARY KEY,  -- gluster's own, the same on every node
    volume         TEXT NOT NULL,
    kind           TEXT NOT NULL,     -- rebalance, fix-layout, remove-brick
    listed         TEXT NOT NULL,     -- the state in gluster's task list
    bricks         TEXT NOT NULL,     -- JSON: the leaving ones, [] for a rebalance
    nodes          TEXT NOT NULL,     -- JSON: each node with its last counters
    usage          TEXT NOT NULL,     -- JSON: brick -> [[time, bytes in use]]
    first_seen     INTEGER NOT NULL,
    last_seen      INTEGER NOT NULL,
    baseline_used  INTEGER,           -- bytes on the leaving bricks before anything moved
    baseline_at    INTEGER,
    baseline_exact INTEGER,           -- 1 read, 0 worked out later
    ending         TEXT,              -- completed, committed, stopped, failed, vanished
    ended_at       INTEGER
) STRICT;
CREATE INDEX task_ended ON task (ended_at);

-- The counters of a task over time: all of the last ten minutes, one a minute before that.
CREATE TABLE sample (
    task    TEXT NOT NULL REFERENCES task (id),
    node    TEXT NOT NULL,            -- a peer's UUID; '' for the sum over the nodes
    at      INTEGER NOT NULL,
    bytes   INTEGER NOT NULL,
    files   INTEGER NOT NULL,
    scanned INTEGER NOT NULL,
    PRIMARY KEY (task, node, at)
) STRICT, WITHOUT ROWID;

-- Every change that was asked of gluster: written when it is begun, and again when it is over.
CREATE TABLE command (
    session        TEXT NOT NULL,     -- one run of glustop
    job            INTEGER NOT NULL,  -- its number in there
    at             INTEGER NOT NULL,
    user           TEXT NOT NULL,
    sudo_user      TEXT,
    ssh_connection TEXT,
    argv           TEXT NOT NULL,     -- JSON: the words that ran
    line           TEXT NOT NULL,     -- the same, quoted for a shell
    volume         TEXT,
    exit           INTEGER,           -- gluster's exit status
    took           INTEGER,           -- milliseconds of the last attempt
    answer         TEXT NOT NULL,     -- its first line
    result         TEXT,              -- done, failed, objected, given-up, dry-run; NULL: not seen
    began          TEXT,              -- the id of the task that it began
    PRIMARY KEY (session, job)
) STRICT;
CREATE INDEX command_at ON command (at);
CREATE INDEX command_began ON command (began);
"];

/// Brings the tables up to date; refuses a file of a newer glustop.
pub(super) fn migrate(db: &mut Connection) -> Result<(), StoreError> {
    if version(db)? == VERSION {
        return Ok(());
    }
    let transaction = db.transaction_with_behavior(TransactionBehavior::Immediate)?;
    // Another glustop may have done it while this one waited for the lock.
    let found = version(&transaction)?;
    for step in STEPS.iter().skip(found as usize) {
        transaction.execute_batch(step)?;
    }
    transaction.pragma_update(None, "user_version", VERSION)?;
    transaction.commit()?;
    Ok(())
}

/// The version of a file that this program can read, or can make readable.
pub(super) fn version(db: &Connection) -> Result<i64, StoreError> {
    let found = db.pragma_query_value(None, "user_version", |row| row.get(0))?;
    match found {
        0..=VERSION => Ok(found),
        _ => Err(StoreError::new(
            Trouble::Newer,
            format!("a newer glustop made it (version {found}, this one knows {VERSION})"),
        )),
    }
}
