//! When rounds begin, and what is asked in them.

use std::time::Duration;

use super::{Round, ends_round};
use crate::gluster::{Command, Reply, StateReport};
use crate::monitor::ask::Reading;

/// Definitions are read again after this time even if nothing says that they changed: an own state
/// that leaves something out must not hide it for ever.
const DEFINITIONS: Duration = Duration::from_secs(300);

/// The same for the peers.
const PEERS: Duration = Duration::from_secs(60);

/// When rounds begin, and what is asked in them.
#[derive(Debug)]
pub(in crate::monitor) struct Rounds {
    interval: Duration,
    begun: Duration,
    /// When the next one begins; of no meaning while one is under way, but for a wish.
    next: Duration,
    /// No wish moves the next one before this time: glusterd is slow, or down.
    floor: Duration,
    /// When something happened last, or somebody was at the keys.
    stirred: Duration,
    /// Rounds in a row that found no glusterd.
    failures: u32,
    /// How often in a row `get-state` said nothing that can be read.
    state_failures: u32,
    /// When it is asked again after that; it is missing before release 3.9.
    state_from: Duration,
    /// When `--version` is asked again after it failed.
    release_from: Duration,
    /// What the latest own state said of the others.
    told: Option<Marks>,
    definitions: Known,
    peers: Known,
}

/// Numbers that change with what they stand for.
#[derive(Debug, Clone, Copy)]
struct Marks {
    definitions: u64,
    peers: u64,
}

/// What is known of a part that is not read in every round.
#[derive(Debug, Default)]
struct Known {
    /// The mark that was told before it was read: what changes meanwhile is seen as a change.
    mark: Option<u64>,
    /// When it is read again in any case.
    until: Duration,
}

/// What is still as it was read.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(in crate::monitor) struct Confirmed {
    pub(in crate::monitor) definitions: bool,
    pub(in crate::monitor) peers: bool,
}

impl Known {
    fn is_due(&self, told: u64, now: Duration) -> bool {
        self.mark != Some(told) || now >= self.until
    }
}

impl Rounds {
    pub(in crate::monitor) fn every(interval: Duration) -> Self {
        Self {
            interval,
            begun: Duration::ZERO,
            next: Duration::ZERO,
            floor: Duration::ZERO,
            stirred: Duration::ZERO,
            failures: 0,
            state_failures: 0,
            state_from: Duration::ZERO,
            release_from: Duration::ZERO,
            told: None,
            definitions: Known::default(),
            peers: Known::default(),
        }
    }

    /// When the next round is due.
    pub(in crate::monitor) fn due(&self) -> Duration {
        self.next
    }

    /// Changes the pace, from now on.
    pub(in crate::monitor) fn set_interval(&mut self, interval: Duration, now: Duration) {
        self.interval = interval;
        self.stir(now);
    }

    /// Something happened, or somebody is at the keys: rounds come an interval apart again.
    pub(in crate::monitor) fn stir(&mut self, now: Duration) {
        self.stirred = now;
        self.wish(self.begun + self.interval);
    }

    /// The next round is due soon: hints may come in any number.
    pub(in crate::monitor) fn soon(&mut self, now: Duration) {
        const APART: Duration = Duration::from_secs(2);
        self.stirred = now;
        self.wish(self.begun + APART);
    }

    /// The next round is due at once.
    pub(in crate::monitor) fn hurry(&mut self, now: Duration) {
        self.stirred = now;
        self.next = Duration::ZERO;
    }

    fn wish(&mut self, next: Duration) {
        self.next = self.next.min(next.max(self.floor));
    }

    /// Everything is read in the next round.
    pub(in crate::monitor) fn want_all(&mut self) {
        self.definitions = Known::default();
        self.peers = Known::default();
    }

    /// The time between two rounds, as it is at this time: the interval; twice that, but no more
    /// than 15 seconds, when nothing happened for half a minute.
    pub(in crate::monitor) fn apart(&self, now: Duration) -> Duration {
        const QUIET: Duration = Duration::from_secs(30);
        const SLOWEST: Duration = Duration::from_secs(15);
        let is_quiet = now.saturating_sub(self.stirred) >= QUIET;
        let times = if is_quiet { 2 } else { 1 };
        (self.interval * times).min(SLOWEST).max(self.interval)
    }

    /// Begins a round.
    pub(in crate::monitor) fn begin(&mut self, now: Duration, release_known: bool) -> Round {
        self.begun = now;
        self.next = Duration::MAX;
        if self.told.is_none() {
            // The start, or the end of an outage.
            self.stirred = now;
        }
        let with_release = !release_known && now >= self.release_from;
        let with_state = now >= self.state_from;
        if with_state && self.told.is_some() {
            let release = with_release.then_some(Command::Version);
            Round::of([Command::State].into_iter().chain(release))
        } else {
            Round::whole(with_state, with_release)
        }
    }

    /// Notes how a question of the round went, and asks in the same round for what it says is
    /// new. Gives what it says is still as it was read.
    pub(in crate::monitor) fn answered(
        &mut self,
        reading: &Reading,
        round: Option<&mut Round>,
    ) -> Confirmed {
        /// How long a question that this gluster cannot answer is left alone.
        const REST: Duration = Duration::from_secs(60);
        let failed = reading.failed();
        let now = reading.done.steady;
        if let Command::State | Command::VolumeInfo(None) = reading.command() {
            self.failures = match failed {
                Some(kind) if ends_round(kind) => self.failures.saturating_add(1),
                _ => 0,
            };
        }
        match (reading.command(), &reading.result) {
            (Command::State, Ok(Reply::State(report))) => {
                self.state_failures = 0;
                return self.told(report, round, now);
            }
            (Command::State, _) => {
                self.told = None;
                if failed.is_some_and(|kind| !ends_round(kind)) {
                    // One may have been cut short; the next round asks again.
                    if self.state_failures > 0 {
                        self.state_from = now + REST;
                    }
                    self.state_failures = self.state_failures.saturating_add(1);
                }
            }
            // It speaks for the peers as well, so all are asked for again.
            (Command::VolumeInfo(None), Err(_)) if self.failures > 0 => self.told = None,
            (Command::PoolList, Ok(_)) => {
                self.peers = Known {
                    mark: self.told.map(|told| told.peers),
                    until: now + PEERS,
                };
            }
            (Command::Version, Err(_)) => self.release_from = now + REST,
            _ => {}
        }
        Confirmed::default()
    }

    /// Definitions were read, all of them or as many as could be.
    pub(in crate::monitor) fn defined(&mut self, now: Duration) {
        self.definitions = Known {
            mark: self.told.map(|told| told.definitions),
            until: now + DEFINITIONS,
        };
    }

    fn told(
        &mut self,
        report: &StateReport,
        round: Option<&mut Round>,
        now: Duration,
    ) -> Confirmed {
        let is_first = self.told.is_none();
        self.told = Some(Marks {
            definitions: report.definitions,
            peers: report.peers,
        });
        if is_first {
            // The others were read just before it: whether they still hold, the next one tells.
            return Confirmed::default();
        }
        let (definitions, peers) = (&self.definitions, &self.peers);
        let is_new = definitions.mark != Some(report.definitions);
        let more: Vec<_> = [
            (
                definitions.is_due(report.definitions, now),
                Command::VolumeInfo(None),
            ),
            (peers.is_due(report.peers, now), Command::PoolList),
            // Once more over the new definitions: a volume may have come with a task.
            (is_new, Command::State),
        ]
        .into_iter()
        .filter_map(|(is_due, command)| is_due.then_some(command))
        .collect();
        let confirmed = Confirmed {
            definitions: !is_new,
            peers: peers.mark == Some(report.peers),
        };
        if !confirmed.definitions || !confirmed.peers {
            self.stir(now);
        }
        if let Some(round) = round {
            round.ask(more);
        }
        confirmed
    }

    /// Ends the round. After a slow one comes a rest three times as long, but the next begins
    /// within two intervals, or one after the end: what is older than three counts as stale, and a
    /// slow glusterd works. While none answers, rounds come further apart, up to 15 s.
    pub(in crate::monitor) fn end(&mut self, now: Duration) {
        const SLOWEST: Duration = Duration::from_secs(15);
        let took = now.saturating_sub(self.begun);
        let rested = (took * 4).min((self.interval * 2).max(took + self.interval));
        let pause = (self.interval * self.failures.max(1)).min(SLOWEST.max(self.interval));
        let calm = self.begun + rested.max(pause);
        self.floor = if self.failures > 0 {
            calm
        } else {
            self.begun + rested
        };
        if !self.next.is_zero() {
            let next = calm.max(self.begun + self.apart(now));
            self.next = self.next.max(self.floor).min(next);
        }
    }
}
