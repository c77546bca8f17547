//! What the demo answers: its pool has no files.

use crate::insight::leftovers::{Count, Cut};
use crate::insight::triage;

/// A rebalance log as gluster would write it.
pub const LOG: &str = include_str!("../../assets/demo/rebalance.log");

/// A brick on which as many files are left as failed on its node. Where that is not known,
/// neither is this. The paths are those of the sample log.
pub fn count(failed: Option<u64>) -> Count {
    let Some(files) = failed else {
        return Count {
            cut: Some(Cut::Time),
            ..Count::default()
        };
    };
    let log = triage::triage(LOG, 0, None);
    let paths = log.groups.into_iter().flat_map(|group| group.examples);
    let examples: Vec<String> = paths.take(usize::try_from(files).unwrap_or(0)).collect();
    let directories = if files == 0 {
        vec![]
    } else {
        vec![("/videos/2026".to_owned(), files)]
    };
    Count {
        files,
        directories,
        examples,
        ..Count::default()
    }
}
