//! Chance, for pauses: two programs that met at a lock must not meet again at the same moment.

use std::time::Duration;

/// A small seeded generator (splitmix64). Good enough to spread pauses, and tests can repeat it.
#[derive(Debug, Clone)]
pub(super) struct Jitter(u64);

impl Jitter {
    pub(super) fn new(seed: u64) -> Self {
        Self(seed)
    }

    /// A duration from `low` up to `high`.
    pub(super) fn between(&mut self, low: Duration, high: Duration) -> Duration {
        let share = (self.number() >> 11) as f64 / (1_u64 << 53) as f64;
        low + high.saturating_sub(low).mul_f64(share)
    }

    /// About this long: a little more on the average, so that a budget is kept.
    pub(super) fn about(&mut self, time: Duration) -> Duration {
        self.between(time.mul_f64(0.95), time.mul_f64(1.1))
    }

    /// Another generator, for a task of its own.
    pub(super) fn split(&mut self) -> Self {
        Self(self.number())
    }

    fn number(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pauses_stay_within_their_bounds_and_differ() {
        let (low, high) = (Duration::from_millis(500), Duration::from_secs(2));
        let mut jitter = Jitter::new(7);
        let pauses: Vec<_> = (0..100).map(|_| jitter.between(low, high)).collect();
        assert!(pauses.iter().all(|pause| (low..=high).contains(pause)));
        assert!(pauses.windows(2).all(|pair| pair[0] != pair[1]));
    }
}
