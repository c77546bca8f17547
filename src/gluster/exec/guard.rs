//! The gate in front of every runner: what may not change the cluster does not reach a process.

use std::sync::Arc;
use std::time::Duration;

use super::super::{Failure, Order};
use super::{Permit, RunFuture, Runner};
use crate::model::FaultKind;

/// A runner behind a [`Permit`]. The program hands out no other, so there is nothing to spawn a
/// change with that does not pass here.
pub struct Guarded {
    inner: Arc<dyn Runner>,
    permit: Permit,
}

impl Guarded {
    /// Puts the gate in front of a runner.
    pub fn new(inner: Arc<dyn Runner>, permit: Permit) -> Self {
        Self { inner, permit }
    }
}

impl Runner for Guarded {
    /// A change that is not permitted fails with [`FaultKind::Refused`], and nothing is started.
    fn run<'a>(&'a self, order: &'a Order, deadline: Duration) -> RunFuture<'a> {
        match self.permit.objection() {
            Some(words) if order.command().changes() => {
                Box::pin(async move { Err(Failure::new(FaultKind::Refused, words)) })
            }
            _ => self.inner.run(order, deadline),
        }
    }

    fn permit(&self) -> Permit {
        self.permit
    }
}

impl Permit {
    /// What the two switches amount to; read-only is the stricter one.
    pub fn of(read_only: bool, dry_run: bool) -> Self {
        match (read_only, dry_run) {
            (true, _) => Self::ReadOnly,
            (false, true) => Self::DryRun,
            (false, false) => Self::Everything,
        }
    }

    /// Why nothing is changed; `None` when changes may be carried out.
    pub fn objection(self) -> Option<&'static str> {
        match self {
            Self::Everything => None,
            Self::DryRun => Some("Dry run: nothing is changed."),
            Self::ReadOnly => Some("Read-only: nothing is changed, and nothing is stopped."),
        }
    }
}

#[cfg(test)]
mod tests {
    use std::path::PathBuf;
    use std::sync::atomic::{AtomicUsize, Ordering};

    use super::*;
    use crate::gluster::{Answer, Command, Launcher, RebalanceMode, RemoveStep, StatusView};
    use crate::model::{Throttle, VolumeName};

    #[derive(Default)]
    struct Counting(AtomicUsize);

    impl Runner for Counting {
        fn run<'a>(&'a self, _: &'a Order, _: Duration) -> RunFuture<'a> {
            self.0.fetch_add(1, Ordering::Relaxed);
            Box::pin(async { Ok(Answer::default()) })
        }
    }

    /// One of each sort of command.
    fn commands() -> Vec<Command> {
        let volume = || VolumeName::new("v");
        let step = |step| Command::RemoveBrick {
            volume: volume(),
            bricks: vec!["h:/b".into()],
            replica: None,
            step,
        };
        let mode = |mode| Command::RebalanceStart {
            volume: volume(),
            mode,
        };
        vec![
            Command::Version,
            Command::PoolList,
            Command::VolumeList,
            Command::VolumeInfo(None),
            Command::State,
            Command::VolumeStatus {
                volume: volume(),
                view: StatusView::Detail,
            },
            Command::RebalanceStatus(volume()),
            step(RemoveStep::Status),
            Command::RebalanceStop(volume()),
            step(RemoveStep::Stop),
            step(RemoveStep::Start),
            step(RemoveStep::Commit),
            step(RemoveStep::Force),
            mode(RebalanceMode::Migrate),
            mode(RebalanceMode::FixLayout),
            mode(RebalanceMode::Force),
            Command::SetThrottle {
                volume: volume(),
                throttle: Throttle::Lazy,
            },
        ]
    }

    #[tokio::test]
    async fn what_is_not_permitted_reaches_no_runner() {
        let launcher = Launcher {
            program: "gluster".into(),
            socket: None,
            ssh: None,
            state_dir: PathBuf::new(),
            python_helper: false,
        };
        for (permit, may_change) in [
            (Permit::Everything, true),
            (Permit::DryRun, false),
            (Permit::ReadOnly, false),
        ] {
            for command in commands() {
                let inner = Arc::new(Counting::default());
                let guarded = Guarded::new(inner.clone(), permit);
                let order = launcher.order(command.clone());
                let result = guarded.run(&order, Duration::ZERO).await;
                let expected = may_change || !command.changes();
                assert_eq!(result.is_ok(), expected, "{permit:?} {command:?}");
                let ran = inner.0.load(Ordering::Relaxed);
                assert_eq!(ran, usize::from(expected), "{permit:?} {command:?}");
                if let Err(failure) = result {
                    assert_eq!(failure.kind, FaultKind::Refused);
                }
            }
        }
    }

    #[test]
    fn read_only_is_the_stricter_switch() {
        assert_eq!(Permit::of(true, true), Permit::ReadOnly);
        assert_eq!(Permit::of(false, true), Permit::DryRun);
        assert_eq!(Permit::of(false, false), Permit::Everything);
    }
}
