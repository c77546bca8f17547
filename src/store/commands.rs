//! The audit: every change that was asked of gluster, and what came of it.

use std::time::Duration;

use rusqlite::{Row, params};

use super::Store;
use super::error::StoreError;
use super::words::{self, count, millis, moment, number};
use crate::model::{CommandRecord, CommandResult, TaskId, VolumeName, Who};

impl Store {
    /// Writes a command: when it is begun, and again when it is over.
    pub fn audit(&mut self, command: &CommandRecord) -> Result<(), StoreError> {
        self.may_write()?;
        let took = command.took.map(|took| took.as_millis());
        self.write(|db| {
            db.execute(
                "INSERT INTO command (session, job, at, user, sudo_user, ssh_connection, argv, line,
                                      volume, exit, took, answer, result, began)
                 VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14)
                 ON CONFLICT (session, job) DO UPDATE SET
                     exit = excluded.exit, took = excluded.took, answer = excluded.answer,
                     result = ifnull(excluded.result, result), began = excluded.began",
                params![
                    command.session,
                    number(command.job),
                    millis(command.at),
                    command.who.user,
                    command.who.sudo_user,
                    command.who.ssh_connection,
                    words::strings_to_json(&command.argv),
                    command.line,
                    command.volume.as_ref().map(VolumeName::as_str),
                    command.exit,
                    took.map(|millis| i64::try_from(millis).unwrap_or(i64::MAX)),
                    command.answer,
                    command.result.map(CommandResult::as_str),
                    command.began.as_ref().map(TaskId::as_str),
                ],
            )?;
            Ok(())
        })
    }

    /// The latest commands, or those that change one volume, latest first.
    pub fn commands(
        &self,
        volume: Option<&VolumeName>,
        limit: usize,
    ) -> Result<Vec<CommandRecord>, StoreError> {
        let mut statement = self.db.prepare(
            "SELECT * FROM command WHERE ?1 IS NULL OR volume = ?1
             ORDER BY at DESC, session, job DESC LIMIT ?2",
        )?;
        let limit = i64::try_from(limit).unwrap_or(i64::MAX);
        let volume = volume.map(VolumeName::as_str);
        let rows = statement.query_map(params![volume, limit], command)?;
        Ok(rows.collect::<Result<_, _>>()?)
    }
}

fn command(row: &Row<'_>) -> Result<CommandRecord, rusqlite::Error> {
    let result: Option<String> = row.get("result")?;
    let took: Option<i64> = row.get("took")?;
    Ok(CommandRecord {
        session: row.get("session")?,
        job: count(row.get("job")?),
        at: moment(row.get("at")?),
        who: Who {
            user: row.get("user")?,
            sudo_user: row.get("sudo_user")?,
            ssh_connection: row.get("ssh_connection")?,
        },
        argv: words::strings_from_json(&row.get::<_, String>("argv")?),
        line: row.get("line")?,
        volume: row.get::<_, Option<String>>("volume")?.map(VolumeName::new),
        exit: row.get("exit")?,
        took: took.map(|millis| Duration::from_millis(count(millis))),
        answer: row.get("answer")?,
        result: result.and_then(|word| words::result(&word)),
        began: row.get::<_, Option<String>>("began")?.map(TaskId::new),
    })
}
