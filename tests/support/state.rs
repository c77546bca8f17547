//! Where a glustop under test keeps what it remembers: never where the machine's own does.

use std::path::PathBuf;
use std::process;
use std::sync::atomic::{AtomicUsize, Ordering};

/// A directory that no other glustop uses.
pub(crate) fn fresh() -> PathBuf {
    static NEXT: AtomicUsize = AtomicUsize::new(0);
    let number = NEXT.fetch_add(1, Ordering::Relaxed);
    let name = format!("state-{}-{number}", process::id());
    let directory = PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join(name);
    // Process ids come again.
    let _ = std::fs::remove_dir_all(&directory);
    directory
}
