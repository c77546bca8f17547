//! Getting at the history, at once or as often as it takes.

use std::sync::mpsc::{Receiver, RecvTimeoutError};
use std::time::{Duration, Instant};

use tokio::sync::watch;

use super::{Heard, Note, Place};
use crate::model::Stamp;
use crate::store::{Recalled, Store, StoreError, Trouble};

/// A history that is open.
pub(super) struct Opened {
    pub(super) store: Store,
    pub(super) recalled: Recalled,
    /// What was told meanwhile, and is to be written.
    pub(super) told: Vec<Note>,
}

/// Opens the history; where another process or the disk stands in the way, again after each
/// `pause`, and once more when the monitor has gone. `Err`: so many commands are lost with it.
pub(super) fn reach(
    mut open: impl FnMut() -> Result<(Store, Recalled), StoreError>,
    notes: &Receiver<Note>,
    hear: &watch::Sender<Heard>,
    pause: Duration,
) -> Result<Opened, usize> {
    let mut told = Vec::new();
    let mut is_last = false;
    loop {
        let error = match open() {
            Ok((store, recalled)) => {
                return Ok(Opened {
                    store,
                    recalled,
                    told,
                });
            }
            Err(error) => error,
        };
        let may_pass = matches!(
            error.trouble,
            Trouble::Busy | Trouble::Full | Trouble::Other
        );
        hear.send_replace(Heard::of(&error));
        if is_last || !may_pass {
            // The trouble has been told where it is for good.
            let lost = told.iter().filter(|note: &&Note| note.is_command()).count();
            return Err(if may_pass { lost } else { 0 });
        }
        is_last = !listen(notes, &mut told, pause);
    }
}

/// Collects what is told for so long; `false`: nobody will tell any more.
fn listen(notes: &Receiver<Note>, told: &mut Vec<Note>, pause: Duration) -> bool {
    let until = Instant::now() + pause;
    loop {
        match notes.recv_timeout(until.saturating_duration_since(Instant::now())) {
            // The latest picture waits by itself.
            Ok(Note::Look(_) | Note::Recall) => {}
            Ok(note) => told.push(note),
            Err(RecvTimeoutError::Timeout) => return true,
            Err(RecvTimeoutError::Disconnected) => return false,
        }
    }
}

pub(super) fn open(place: &Place, now: Stamp) -> Result<(Store, Recalled), StoreError> {
    match recall(place, now) {
        // It is marked now, and put aside when it is opened again.
        Err(error) if error.trouble == Trouble::Corrupt => recall(place, now),
        opened => opened,
    }
}

fn recall(place: &Place, now: Stamp) -> Result<(Store, Recalled), StoreError> {
    let store = match place {
        Place::Directory(directory) => Store::open(directory)?,
        Place::Nowhere => Store::in_memory()?,
    };
    let recalled = store.recall(now)?;
    Ok((store, recalled))
}
