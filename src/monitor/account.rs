//! What watching costs the cluster: a running account of the last ten minutes.
//!
//! Pure: time is an argument.

use std::collections::VecDeque;
use std::time::Duration;

use super::ask::Reading;
use crate::model::Watching;

/// The account is kept by the minute, for so many of them.
const MINUTES: u64 = 10;

/// What was asked in the last minutes.
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
        // LOGGED
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
