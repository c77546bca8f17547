//! When a task may be done: a range, or the reason why nobody can say.

use std::time::Duration;

use jiff::SignedDuration;

use super::{Basis, NoBasis, rate};
use crate::model::{Sample, Trail};

/// No estimate is given before a task has run this long: early rates mislead.
pub const WARM_UP: Duration = Duration::from_secs(120);
/// How far back the fastest and the slowest rate are looked for.
const SPAN: SignedDuration = SignedDuration::from_secs(1_800);
/// A window shorter than this is no rate to go by.
const LEAST: SignedDuration = SignedDuration::from_secs(120);
/// A range whose end is further than this many times its beginning says nothing.
const WIDEST: f64 = 4.0;
/// Of a rate that is known only as a mean nobody knows how it varies: this share more or less.
const MARGIN: f64 = 1.0 / 3.0;
/// Beyond this the figure says nothing an admin could plan by.
const SENSIBLE: f64 = 60.0 * 86_400.0;

/// The time that a task still needs.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Estimate {
    /// What it comes to at the pace it has.
    pub likely: Duration,
    /// At the fastest pace of the last half hour.
    pub earliest: Duration,
    /// At the slowest one.
    pub latest: Duration,
    /// What it was computed from.
    pub basis: Basis,
}

/// Why there is no estimate.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum NoEstimate {
    /// It does not run.
    NotRunning,
    /// It runs for less than two minutes.
    WarmUp,
    /// No more than a hundredth of what is only guessed at is done.
    TooEarly,
    /// Nothing moved in the last five minutes.
    Standstill,
    /// At the slowest pace of the last half hour it would take more than four times as long as
    /// at the fastest.
    Uneven,
    /// More than two months away.
    Far,
    /// Nobody knows how much there is to do.
    NoBasis(NoBasis),
}

impl NoEstimate {
    /// For people.
    pub fn words(self) -> String {
        match self {
            Self::NotRunning => "no estimate: it does not run".to_owned(),
            Self::WarmUp => "no estimate yet (needs 2 min)".to_owned(),
            Self::TooEarly => "no estimate yet: too little is done".to_owned(),
            Self::Standstill => "no estimate: nothing moved in 5 min".to_owned(),
            Self::Uneven => "no estimate: its pace varies too much".to_owned(),
            Self::Far => "no estimate: more than two months at this pace".to_owned(),
            Self::NoBasis(why) => format!("no estimate: {}", why.words()),
        }
    }
}

/// How fast one counter of a task goes.
pub(super) struct Pace<'a> {
    /// Its readings.
    pub(super) trail: &'a Trail,
    /// Which counter.
    pub(super) counter: fn(&Sample) -> u64,
    /// Its mean since the task began, per second.
    pub(super) mean: Option<f64>,
}

/// The time for what is `left`, in the unit of the pace.
pub(super) fn at_pace(left: f64, pace: &Pace<'_>, basis: Basis) -> Result<Estimate, NoEstimate> {
    let mean = pace.mean.filter(|mean| *mean > 0.0);
    if rate::length(pace.trail) < LEAST {
        // Just begun to watch: the mean since its start is all there is.
        let mean = mean.ok_or(NoEstimate::WarmUp)?;
        return range(left / mean, MARGIN, basis);
    }
    let length = rate::length(pace.trail);
    let seen = rate::rate(pace.trail, rate::WINDOW, pace.counter).unwrap_or(0.0);
    // As long as the window is not full, the mean stands for what was not seen.
    let full = length.as_secs_f64() / rate::WINDOW.as_secs_f64();
    let share = if mean.is_some() { full.min(1.0) } else { 1.0 };
    let recent = seen * share + mean.unwrap_or(0.0) * (1.0 - share);
    if recent <= 0.0 {
        return Err(NoEstimate::Standstill);
    }
    let (slowest, fastest) = match rate::extremes(pace.trail, SPAN, LEAST, pace.counter) {
        Some((low, top)) => (low.min(recent), top.max(recent)),
        None => (recent, recent),
    };
    if slowest <= 0.0 || fastest / slowest > WIDEST {
        return Err(NoEstimate::Uneven);
    }
    Ok(Estimate {
        likely: seconds(left / recent)?,
        earliest: seconds(left / fastest)?,
        latest: seconds(left / slowest)?,
        basis,
    })
}

/// What is done when each of its parts is.
pub(super) fn last_of(
    parts: impl Iterator<Item = Result<Estimate, NoEstimate>>,
) -> Option<Result<Estimate, NoEstimate>> {
    let later = |a: Estimate, b: Estimate| Estimate {
        likely: a.likely.max(b.likely),
        earliest: a.earliest.max(b.earliest),
        latest: a.latest.max(b.latest),
        ..a
    };
    parts.reduce(|a, b| match (a, b) {
        (Ok(a), Ok(b)) => Ok(later(a, b)),
        (Err(why), _) | (_, Err(why)) => Err(why),
    })
}

/// An estimate of which only the middle is known.
pub(super) fn about(left: Duration, basis: Basis) -> Result<Estimate, NoEstimate> {
    range(left.as_secs_f64(), MARGIN, basis)
}

/// Two estimates of one thing: the first is the likely one, both make the range.
pub(super) fn both(first: Estimate, second: Estimate) -> Estimate {
    Estimate {
        earliest: second.earliest.min(first.likely),
        latest: second.latest.max(first.likely),
        ..first
    }
}

fn range(left: f64, margin: f64, basis: Basis) -> Result<Estimate, NoEstimate> {
    Ok(Estimate {
        likely: seconds(left)?,
        earliest: seconds(left * (1.0 - margin))?,
        latest: seconds(left * (1.0 + margin))?,
        basis,
    })
}

fn seconds(seconds: f64) -> Result<Duration, NoEstimate> {
    if seconds.is_finite() && (0.0..SENSIBLE).contains(&seconds) {
        Ok(Duration::from_secs_f64(seconds))
    } else {
        Err(NoEstimate::Far)
    }
}
