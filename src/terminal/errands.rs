//! Errands to this node's own files: sent off by the loop, which goes on, and answered by a
//! message.

use std::path::PathBuf;

use tokio::sync::mpsc;

use crate::app::logs::LogAnswer;
use crate::app::{Msg, Source};
use crate::insight::triage;
use crate::local::{self, Limits, Stop};
use crate::model::{BrickName, VolumeName};

/// Answers on their way: each errand has few, and the loop takes them at once.
const ROOM: usize = 16;

/// Sends errands off, and holds the end where their answers arrive.
#[derive(Debug)]
pub(super) struct Errands {
    log_dir: PathBuf,
    /// The demo's pool has no files: it gets answers that were made before.
    is_demo: bool,
    sender: mpsc::Sender<Msg>,
    answers: mpsc::Receiver<Msg>,
    /// Ends the count that is under way.
    counting: Stop,
}

impl Errands {
    pub(super) fn new(log_dir: PathBuf, source: &Source) -> Self {
        let (sender, answers) = mpsc::channel(ROOM);
        Self {
            log_dir,
            is_demo: matches!(source, Source::Demo { .. }),
            sender,
            answers,
            counting: Stop::default(),
        }
    }

    /// The next answer.
    pub(super) async fn next(&mut self) -> Option<Msg> {
        self.answers.recv().await
    }

    /// Reads a rebalance log.
    pub(super) fn read_log(&self, id: u64, volume: VolumeName, since: Option<jiff::Timestamp>) {
        let (dir, sender, is_demo) = (self.log_dir.clone(), self.sender.clone(), self.is_demo);
        tokio::spawn(async move {
            let path = local::log_path(&dir, &volume).display().to_string();
            let result = if is_demo {
                Ok(triage::triage(local::SAMPLE_LOG, 0, None))
            } else {
                local::read_log(dir, volume, since).await
            };
            // Nobody there any more means that the program ends.
            let _ = sender.send(Msg::Log(id, LogAnswer { path, result })).await;
        });
    }

    /// Counts what is left on bricks, one after the other. An earlier count ends.
    pub(super) fn count(&mut self, id: u64, bricks: Vec<BrickName>, failed: Option<u64>) {
        self.stop_counting();
        self.counting = Stop::default();
        let (stop, sender, is_demo) = (self.counting.clone(), self.sender.clone(), self.is_demo);
        tokio::spawn(async move {
            for brick in bricks {
                let result = if is_demo {
                    Ok(local::sample_count(failed))
                } else {
                    local::count(brick.clone(), Limits::SCREEN, stop.clone()).await
                };
                if sender
                    .send(Msg::Leftovers(id, (brick, result)))
                    .await
                    .is_err()
                {
                    return;
                }
            }
        });
    }

    /// Ends the count that is under way, within one directory entry.
    pub(super) fn stop_counting(&self) {
        self.counting.stop();
    }
}

impl Drop for Errands {
    fn drop(&mut self) {
        self.stop_counting();
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::insight::leftovers::Cut;

    const DEMO: Source = Source::Demo { pace: 60 };

    fn local() -> Source {
        Source::Local("gl-01".into())
    }

    #[tokio::test]
    async fn answers_carry_the_number_of_their_question() {
        let dir = tempfile::tempdir().unwrap();
        let mut errands = Errands::new(dir.path().to_owned(), &local());
        errands.read_log(7, "media".into(), None);
        let Some(Msg::Log(7, answer)) = errands.next().await else {
            panic!("no answer");
        };
        assert!(answer.path.ends_with("/media-rebalance.log"));
        assert!(answer.result.is_err(), "there is no such log");
        let mut errands = Errands::new(dir.path().to_owned(), &DEMO);
        errands.read_log(8, "media".into(), None);
        let Some(Msg::Log(8, answer)) = errands.next().await else {
            panic!("no answer");
        };
        assert!(answer.result.unwrap().failed() > 0, "the sample");
    }

    #[tokio::test]
    async fn a_count_ends_when_it_is_not_wanted_any_more() {
        let brick = tempfile::tempdir().unwrap();
        std::fs::create_dir(brick.path().join(".glusterfs")).unwrap();
        let name = BrickName::from_parts("gl-01", brick.path().to_str().unwrap());
        let mut errands = Errands::new(PathBuf::new(), &local());
        errands.count(1, vec![name.clone()], None);
        let Some(Msg::Leftovers(1, (_, Ok(count)))) = errands.next().await else {
            panic!("no answer");
        };
        assert_eq!(count.cut, None);
        errands.counting.stop();
        let stopped = local::count(name, Limits::SCREEN, errands.counting.clone()).await;
        assert_eq!(stopped.unwrap().cut, Some(Cut::Cancelled));
    }
}
