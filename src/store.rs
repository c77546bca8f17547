//! What outlives the program: tasks with their counters and rates, how they ended, and every
//! change that was asked of gluster. One `SQLite` file in the state directory.
//!
//! ```text
//! record, end ──▶ ┌──────── history.db ────────┐ ──▶ recall   the tasks a dead glustop followed
//! audit ────────▶ │ task   sample   command    │ ──▶ history  what ended, what ran
//!                 └────────────────────────────┘
//! ```
//!
//! Several glustop processes of one node share the file. Each write is one short transaction that
//! may be repeated: a task is known by gluster's own id of the run, a command by its session and
//! number, and of two accounts of one task the one that knows more stands. There is a rollback
//! journal and no write-ahead log, because a home directory may lie on NFS.
//!
//! Nothing here may stop the program: whatever fails is a [`StoreError`] with a sentence and a
//! piece of advice, and glustop goes on without a history.

use std::path::{Path, PathBuf};
use std::time::Duration;

use rusqlite::{Connection, TransactionBehavior};

mod commands;
mod error;
mod file;
mod recall;
mod schema;
mod tasks;
mod words;

pub use error::{StoreError, Trouble};
pub use recall::Recalled;

/// How long a write waits for another glustop's.
const PATIENCE: Duration = Duration::from_secs(2);

/// The file's name in the state directory.
pub const FILE: &str = "history.db";

/// An open history.
#[derive(Debug)]
pub struct Store {
    db: Connection,
    /// Whether it can only be read.
    read_only: bool,
    /// Where a file that was no history any more has been put.
    moved_aside: Option<PathBuf>,
}

impl Store {
    /// Opens the history of a state directory, and makes both where they are missing. A file that
    /// may not be written is opened for reading.
    pub fn open(directory: &Path) -> Result<Self, StoreError> {
        file::open(directory)
    }

    /// Opens a history that is there, to read it: nothing is made, moved or changed. `None`:
    /// nobody has kept one.
    pub fn open_to_read(directory: &Path) -> Result<Option<Self>, StoreError> {
        file::open_to_read(directory)
    }

    /// A history that ends with the program.
    pub fn in_memory() -> Result<Self, StoreError> {
        let mut db = Connection::open_in_memory()?;
        schema::migrate(&mut db)?;
        Ok(Self::of(db, false))
    }

    fn of(db: Connection, read_only: bool) -> Self {
        Self {
            db,
            read_only,
            moved_aside: None,
        }
    }

    /// Whether it can only be read.
    pub fn is_read_only(&self) -> bool {
        self.read_only
    }

    /// Where a broken file was put before this one was begun.
    pub fn moved_aside(&self) -> Option<&Path> {
        self.moved_aside.as_deref()
    }

    /// A number that changes when another process has written.
    pub fn version(&self) -> Result<i64, StoreError> {
        let version = self
            .db
            .pragma_query_value(None, "data_version", |row| row.get(0));
        Ok(version?)
    }

    /// Writes in one short transaction: all of it, or nothing.
    fn write<T>(
        &mut self,
        what: impl FnOnce(&Connection) -> Result<T, StoreError>,
    ) -> Result<T, StoreError> {
        // Taking the lock first cannot fail half-way through.
        let transaction = self
            .db
            .transaction_with_behavior(TransactionBehavior::Immediate)?;
        let done = what(&transaction)?;
        transaction.commit()?;
        Ok(done)
    }
}

#[cfg(test)]
mod tests;
