//! Hints from this node's logs, on their way to the monitor.

use std::path::PathBuf;

use tokio::sync::mpsc;

use crate::app::Source;
use crate::local::{self, Follower};
use crate::monitor::Request;

/// Passes on what the logs of this node tell, until the result is dropped. Only where this node
/// is one of those that are watched. Hints wait for nobody: while the monitor has no room, they
/// are left out.
pub(super) fn follow(
    log_dir: PathBuf,
    source: &Source,
    requests: &mpsc::Sender<Request>,
) -> Option<Follower> {
    if !matches!(source, Source::Local(_)) {
        return None;
    }
    // Weak: the monitor ends when the loop does, not when a thread has noticed.
    let requests = requests.downgrade();
    let tell = move |volume| {
        if let Some(requests) = requests.upgrade() {
            let _ = requests.try_send(Request::Hint(volume));
        }
    };
    local::follow(log_dir, tell)
        .inspect_err(|error| tracing::warn!(%error, "this node's logs are not followed"))
        .ok()
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::fs;
    use std::io::Write as _;
    use std::time::Duration;

    use tokio::time::timeout;

    #[tokio::test]
    async fn a_command_that_others_run_on_this_node_is_a_hint() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("cmd_history.log");
        let mut log = fs::File::create(&path).unwrap();
        let (requests, mut monitor) = mpsc::channel(1);
        let source = Source::Local("gl-01".into());
        let follower = follow(dir.path().to_owned(), &source, &requests).unwrap();
        // Until the log is being followed. There is room for one hint, and there are many.
        let hint = loop {
            writeln!(log, "[x]  : volume rebalance media start : SUCCESS").unwrap();
            writeln!(log, "[x]  : volume stop scratch : SUCCESS").unwrap();
            if let Ok(hint) = timeout(Duration::from_millis(50), monitor.recv()).await {
                break hint;
            }
        };
        assert_eq!(hint, Some(Request::Hint("media".into())));
        drop(requests);
        while monitor.recv().await.is_some() {}
        drop(follower);
    }

    #[tokio::test]
    async fn the_logs_of_this_node_tell_nothing_of_a_pool_elsewhere() {
        let dir = tempfile::tempdir().unwrap();
        let (requests, _monitor) = mpsc::channel(1);
        for source in [Source::Ssh("gl-01".into()), Source::Demo { pace: 60 }] {
            assert!(follow(dir.path().to_owned(), &source, &requests).is_none());
        }
    }
}
