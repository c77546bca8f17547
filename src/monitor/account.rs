//! What watching costs the cluster: a running account of the last ten minutes.
//!
//! Pure: time is an argument.

use std::collections::VecDeque;
use std::time::Duration;

use super::ask::Reading;
use crate::model::Watching;

/// The account is kept by the minute, for so many of them.
const MINUTES: u64 = 10;

/// What the reader's questions cost in the last minutes; those of changes are not in it.
#[derive(Debug, Default)]
pub(super) struct Account {
    minutes: VecDeque<Minute>,
    /// When the first question was answered.
    begun: Option<Duration>,
}

#[derive(Debug, Default)]
struct Minute {
    number: u64,
    locking: u32,
    inside: Duration,
    logged: u64,
}

impl Account {
    /// Enters a question.
    pub(super) fn enter(&mut self, reading: &Reading) {
        let now = reading.done.steady;
        self.begun.get_or_insert(now);
        self.forget(now);
        let number = now.as_secs() / 60;
        if self.minutes.back().is_none_or(|last| last.number < number) {
            self.minutes.push_back(Minute {
                number,
                ..Minute::default()
            });
        }
        let Some(minute) = self.minutes.back_mut() else {
            return;
        };
        let command = reading.command();
        minute.logged += command.logged_bytes();
        if command.locks().is_some() {
            minute.locking += 1;
            minute.inside += reading.took();
        }
    }

    /// What they came to.
    pub(super) fn watching(&self, now: Duration) -> Watching {
        let first = self.minutes.front().map(|minute| minute.number * 60);
        let from = first.map(Duration::from_secs).max(self.begun);
        Watching {
            counted: from.map_or(Duration::ZERO, |from| now.saturating_sub(from)),
            locking: self.minutes.iter().map(|minute| minute.locking).sum(),
            inside: self.minutes.iter().map(|minute| minute.inside).sum(),
            logged: self.minutes.iter().map(|minute| minute.logged).sum(),
            ..Watching::default()
        }
    }

    fn forget(&mut self, now: Duration) {
        let oldest = (now.as_secs() / 60).saturating_sub(MINUTES);
        while self
            .minutes
            .front()
            .is_some_and(|first| first.number < oldest)
        {
            self.minutes.pop_front();
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::gluster::{Command, Reply, StatusView};
    use crate::monitor::testing::{at, reading};

    fn ask(account: &mut Account, command: Command, begun: f64, took: f64) {
        let mut reading = reading(command, at(begun), Ok(Reply::Peers(vec![])));
        reading.done = at(begun + took);
        account.enter(&reading);
    }

    fn status() -> Command {
        Command::VolumeStatus {
            volume: "a".into(),
            view: StatusView::Plain,
        }
    }

    #[test]
    fn the_last_ten_minutes_are_counted() {
        let mut account = Account::default();
        assert_eq!(account.watching(Duration::from_secs(5)).share(), None);
        for n in 0..360 {
            let begun = 600.0 + f64::from(n) * 10.0;
            ask(&mut account, status(), begun, 0.5);
            ask(&mut account, Command::State, begun + 1.0, 0.5);
        }
        let now = Duration::from_secs(4_200);
        let watching = account.watching(now);
        let a_minute = watching.locking_a_minute().unwrap();
        assert!((a_minute - 6.0).abs() < 0.1, "{a_minute}");
        let share = watching.share().unwrap();
        assert!((share - 0.05).abs() < 0.001, "{share}");
        let one = status().logged_bytes() + Command::State.logged_bytes();
        let a_day = watching.logged_a_day().unwrap() / (one as f64 * 8_640.0);
        assert!((a_day - 1.0).abs() < 0.02, "{a_day}");
    }

    #[test]
    fn nothing_is_said_before_a_minute_was_counted() {
        let mut account = Account::default();
        ask(&mut account, status(), 3_590.0, 0.5);
        assert!(
            account
                .watching(Duration::from_secs(3_640))
                .share()
                .is_none()
        );
        let later = account.watching(Duration::from_secs(3_651));
        assert!(later.locking_a_minute().is_some());
    }
}
