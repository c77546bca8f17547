//! Readings on their way to the screen.

use std::sync::Arc;
use std::time::Duration;

use tokio::sync::watch;
use tokio::time::{Instant, sleep_until};

use crate::model::Snapshot;

/// Readings come in flocks, and each is a look at all that was found: keys must not wait for every
/// one. So the first is taken at once, and the next after a moment, whatever came meanwhile.
#[derive(Debug)]
pub(super) struct News {
    snapshots: watch::Receiver<Arc<Snapshot>>,
    /// One came that was not taken yet.
    waits: bool,
    /// When it may be taken.
    from: Instant,
}

impl News {
    pub(super) fn of(snapshots: watch::Receiver<Arc<Snapshot>>) -> Self {
        Self {
            snapshots,
            waits: false,
            from: Instant::now(),
        }
    }

    /// The latest picture, once there is another one; `None` when no more will come. Nothing is
    /// lost when this is given up half way.
    pub(super) async fn next(&mut self) -> Option<Arc<Snapshot>> {
        const MOMENT: Duration = Duration::from_millis(100);
        if !self.waits {
            self.snapshots.changed().await.ok()?;
            self.waits = true;
        }
        sleep_until(self.from).await;
        self.waits = false;
        self.from = Instant::now() + MOMENT;
        Some(Arc::clone(&self.snapshots.borrow_and_update()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::Release;

    fn of_release(major: u32) -> Arc<Snapshot> {
        Arc::new(Snapshot {
            release: Release::parse(&format!("glusterfs {major}.1")),
            ..Snapshot::default()
        })
    }

    #[tokio::test(start_paused = true)]
    async fn a_flock_is_looked_at_twice() {
        let (published, snapshots) = watch::channel(Arc::default());
        let mut news = News::of(snapshots);
        let began = Instant::now();
        published.send_replace(of_release(9));
        assert_eq!(news.next().await, Some(of_release(9)));
        assert_eq!(began.elapsed(), Duration::ZERO, "the first one at once");

        published.send_replace(of_release(10));
        let moment = Duration::from_millis(30);
        let waited = tokio::time::timeout(moment, news.next()).await;
        assert!(waited.is_err(), "a moment of rest");
        published.send_replace(of_release(11));
        assert_eq!(news.next().await, Some(of_release(11)), "the latest");
        assert_eq!(began.elapsed(), Duration::from_millis(100));

        drop(published);
        assert_eq!(news.next().await, None);
    }
}
