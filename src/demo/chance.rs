//! Everything that looks random here: identifiers, process ids and the swaying of speeds, all
//! drawn from one seed.
//!
//! Only integer mixing and the four basic operations are used, which every platform computes
//! alike; a sine would not be.

/// How far a speed strays from its mean, slowly and quickly.
const SWELL: f64 = 0.28;
const RIPPLE: f64 = 0.14;
/// Simulated seconds between two turning points of the slow and the quick movement.
const SWELL_SECONDS: u64 = 1_700;
const RIPPLE_SECONDS: u64 = 190;

/// A source of values that depend on the seed and on what is asked, never on the order of asking.
#[derive(Debug, Clone, Copy)]
pub(super) struct Chance(u64);

impl Chance {
    pub(super) fn new(seed: u64) -> Self {
        Self(mix(seed))
    }

    /// A number that belongs to this label.
    pub(super) fn number(self, label: &str) -> u64 {
        label
            .bytes()
            .fold(self.0, |sum, byte| mix(sum ^ u64::from(byte)))
    }

    /// A version 4 UUID that belongs to this label, in gluster's lower case.
    pub(super) fn uuid(self, label: &str) -> String {
        let high = self.number(label);
        let low = mix(high);
        format!(
            "{:08x}-{:04x}-4{:03x}-{:04x}-{:012x}",
            high >> 32,
            (high >> 16) & 0xffff,
            high & 0xfff,
            (low >> 48) & 0x3fff | 0x8000,
            low & 0xffff_ffff_ffff,
        )
    }

    /// The factor on a speed at this second: smooth, around 1, a line of its own for each stream.
    pub(super) fn sway(self, stream: u64, second: u64) -> f64 {
        1.0 + SWELL * self.wave(stream, second, SWELL_SECONDS)
            + RIPPLE * self.wave(stream ^ 1, second, RIPPLE_SECONDS)
    }

    /// Value noise between -1 and 1: a drawn value at each turning point, eased in between.
    fn wave(self, stream: u64, second: u64, period: u64) -> f64 {
        let point = second / period;
        let (from, to) = (self.unit(stream, point), self.unit(stream, point + 1));
        let way = (second % period) as f64 / period as f64;
        let eased = way * way * (3.0 - 2.0 * way);
        from + (to - from) * eased
    }

    fn unit(self, stream: u64, point: u64) -> f64 {
        let drawn = mix(mix(self.0 ^ stream) ^ point) >> 11;
        drawn as f64 / (1_u64 << 52) as f64 - 1.0
    }
}

/// The finaliser of splitmix64.
fn mix(value: u64) -> u64 {
    let mut z = value.wrapping_add(0x9e37_79b9_7f4a_7c15);
    z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    z ^ (z >> 31)
}
