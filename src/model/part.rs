//! A part of what is known, with its age: fresh, stale or missing, never silently empty.

use std::time::Duration;

use jiff::Timestamp;

use super::Fault;

/// The moment of a reading, on two clocks.
///
/// Ages are differences of `steady`; rates and clock times come from `wall`. They differ in the
/// demo, where simulated hours pass in minutes, and when an admin sets the system's clock.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Stamp {
    /// Never jumps. It does not begin with the program: what was recalled has a place on it too.
    pub steady: Duration,
    /// The wall clock (simulated in the demo).
    pub wall: Timestamp,
}

impl Stamp {
    /// The beginning of both clocks: for tests and for "not yet".
    pub const ZERO: Self = Self {
        steady: Duration::ZERO,
        wall: Timestamp::UNIX_EPOCH,
    };

    /// How long before `now` this was.
    pub fn age(self, now: Self) -> Duration {
        now.steady.saturating_sub(self.steady)
    }
}

/// One part of the picture: the last good value, when it was read, and what is wrong since.
///
/// A failed reading leaves the value in place and adds the fault beside it.
#[derive(Debug, Clone, PartialEq)]
pub struct Part<T> {
    value: Option<(T, Stamp)>,
    /// Most parts have none: the room for one is not kept ready.
    fault: Option<Box<Fault>>,
}

impl<T> Default for Part<T> {
    fn default() -> Self {
        Self {
            value: None,
            fault: None,
        }
    }
}

impl<T> Part<T> {
    /// A part that was just read.
    pub fn fresh(value: T, taken: Stamp) -> Self {
        Self {
            value: Some((value, taken)),
            fault: None,
        }
    }

    /// The last good value, however old.
    pub fn get(&self) -> Option<&T> {
        self.value.as_ref().map(|(value, _)| value)
    }

    /// The same, to change a part of it.
    pub fn get_mut(&mut self) -> Option<&mut T> {
        self.value.as_mut().map(|(value, _)| value)
    }

    /// When the last good value was read.
    pub fn taken(&self) -> Option<Stamp> {
        self.value.as_ref().map(|(_, taken)| *taken)
    }

    /// What went wrong with the latest reading; `None` when it went well.
    pub fn fault(&self) -> Option<&Fault> {
        self.fault.as_deref()
    }

    /// The age of the last good value.
    pub fn age(&self, now: Stamp) -> Option<Duration> {
        self.taken().map(|taken| taken.age(now))
    }

    /// Whether the value is missing, or older than `limit`.
    pub fn is_stale(&self, now: Stamp, limit: Duration) -> bool {
        self.age(now).is_none_or(|age| age > limit)
    }

    /// The value still holds at this moment, as something else than a reading of it has told.
    pub fn confirm(&mut self, at: Stamp) {
        if let Some((_, taken)) = &mut self.value {
            *taken = at;
        }
    }

    /// Notes a failed reading. The first fault of a row keeps its beginning.
    pub fn fail(&mut self, fault: Fault) {
        let since = match &self.fault {
            Some(earlier) if earlier.kind == fault.kind => earlier.since,
            _ => fault.since,
        };
        self.fault = Some(Box::new(Fault { since, ..fault }));
    }
}

#[cfg(test)]
mod tests {
    use super::super::FaultKind;
    use super::*;

    fn at(seconds: u64) -> Stamp {
        Stamp {
            steady: Duration::from_secs(seconds),
            ..Stamp::ZERO
        }
    }

    fn fault(kind: FaultKind, seconds: u64) -> Fault {
        Fault {
            kind,
            command: "gluster".into(),
            message: String::new(),
            since: at(seconds),
        }
    }

    #[test]
    fn a_failed_reading_keeps_the_value_and_the_beginning_of_the_fault() {
        let mut part = Part::fresh(7, at(1));
        part.fail(fault(FaultKind::Busy, 5));
        part.fail(fault(FaultKind::Busy, 9));
        assert_eq!(part.get(), Some(&7));
        assert_eq!(part.fault().map(|fault| fault.since), Some(at(5)));
        assert!(part.is_stale(at(20), Duration::from_secs(15)));
        part.fail(fault(FaultKind::DaemonDown, 12));
        assert_eq!(part.fault().map(|fault| fault.since), Some(at(12)));
    }

    #[test]
    fn what_was_never_read_is_stale() {
        assert!(Part::<u8>::default().is_stale(at(0), Duration::MAX));
    }
}
