//! The file on the disk: making it, opening it, and putting a broken one aside.

use std::fs::{DirBuilder, File, OpenOptions};
use std::io;
use std::os::unix::fs::{DirBuilderExt as _, OpenOptionsExt as _};
use std::path::{Path, PathBuf};

use rusqlite::{Connection, OpenFlags};

use super::error::{self, StoreError, Trouble};
use super::{FILE, PATIENCE, Store, schema};

/// Nobody else's business: names of volumes, users and addresses.
const DIRECTORY_MODE: u32 = 0o700;
const FILE_MODE: u32 = 0o600;

pub(super) fn open(directory: &Path) -> Result<Store, StoreError> {
    let path = directory.join(FILE);
    if let Err(cause) = make(directory, &path) {
        // Where it cannot be made or written it may still be read.
        return match open_to_read(directory) {
            Ok(Some(store)) => Ok(store),
            _ => Err(cause),
        };
    }
    match open_file(&path) {
        Err(cause) if cause.is_corrupt() => begin_anew(&path),
        opened => opened.map_err(|cause| cause.of(&path)),
    }
}

pub(super) fn open_to_read(directory: &Path) -> Result<Option<Store>, StoreError> {
    let path = directory.join(FILE);
    match path.symlink_metadata() {
        Err(cause) if cause.kind() == io::ErrorKind::NotFound => return Ok(None),
        Err(cause) => return Err(StoreError::no_access(&path, &cause)),
        Ok(_) => {}
    }
    let opened = connect(&path, OpenFlags::SQLITE_OPEN_READ_ONLY).and_then(|db| {
        // One that nobody has written to yet.
        let known = schema::version(&db)? > 0;
        Ok(known.then(|| Store::of(db, true)))
    });
    opened.map_err(|cause| cause.of(&path))
}

fn make(directory: &Path, path: &Path) -> Result<(), StoreError> {
    let mut builder = DirBuilder::new();
    builder.recursive(true).mode(DIRECTORY_MODE);
    builder
        .create(directory)
        .map_err(|cause| StoreError::no_access(directory, &cause))?;
    // SQLite gives its journal the mode of the file.
    let mut options = OpenOptions::new();
    options.create(true).append(true).mode(FILE_MODE);
    options
        .open(path)
        .map_err(|cause| StoreError::no_access(path, &cause))?;
    Ok(())
}

fn open_file(path: &Path) -> Result<Store, StoreError> {
    let mut db = connect(path, OpenFlags::SQLITE_OPEN_READ_WRITE)?;
    schema::migrate(&mut db)?;
    let read_only = db.is_readonly("main")?;
    Ok(Store::of(db, read_only))
}

fn connect(path: &Path, how: OpenFlags) -> Result<Connection, StoreError> {
    let db = Connection::open_with_flags(path, how | OpenFlags::SQLITE_OPEN_NO_MUTEX)?;
    db.busy_timeout(PATIENCE)?;
    let found: String = db.query_row("PRAGMA quick_check(1)", [], |row| row.get(0))?;
    if found == "ok" {
        Ok(db)
    } else {
        Err(StoreError::new(Trouble::Corrupt, found))
    }
}

/// Puts a file that is no history any more aside, and begins a new one.
///
/// Two programs may find it broken at the same moment: the second one must not put aside what the
/// first has begun, so each looks again while it is alone.
fn begin_anew(path: &Path) -> Result<Store, StoreError> {
    let _alone = be_alone(path).map_err(|cause| error::nowhere_to_put(path, &cause))?;
    match open_file(path) {
        Err(cause) if cause.is_corrupt() => {}
        opened => return opened.map_err(|cause| cause.of(path)),
    }
    let aside = put_aside(path).map_err(|cause| error::nowhere_to_put(path, &cause))?;
    if let Some(directory) = path.parent() {
        make(directory, path)?;
    }
    let mut store = open_file(path).map_err(|cause| cause.of(path))?;
    store.moved_aside = Some(aside);
    Ok(store)
}

/// The lock ends with the file that is returned.
fn be_alone(path: &Path) -> io::Result<File> {
    let mut options = OpenOptions::new();
    options.create(true).append(true).mode(FILE_MODE);
    let file = options.open(path.with_extension("lock"))?;
    file.lock()?;
    Ok(file)
}

fn put_aside(path: &Path) -> io::Result<PathBuf> {
    let aside = error::name_aside(path).ok_or(io::ErrorKind::AlreadyExists)?;
    std::fs::rename(path, &aside)?;
    // Without its file a journal says nothing, and beside the new one it would be applied to it.
    let mut journal = path.as_os_str().to_owned();
    journal.push("-journal");
    match std::fs::remove_file(&journal) {
        Err(cause) if cause.kind() != io::ErrorKind::NotFound => Err(cause),
        _ => Ok(aside),
    }
}
