//! What came before: the readings of the last hour.

use super::{MIB, ago};
use crate::model::{Sample, Trail, Usage, VolumeState};

/// An hour that ends at `bytes`; the last five minutes at `rate` MiB/s, the rest in waves.
pub(super) fn trail(bytes: u64, rate: f64) -> Trail {
    let mut bytes = bytes as f64;
    let mut samples = Vec::new();
    for step in 0..120_u64 {
        samples.push(Sample {
            at: ago(2 + step * 30).wall,
            bytes: bytes as u64,
            files: 0,
            scanned: bytes as u64 >> 20,
        });
        let wave = if step < 10 {
            1.0
        } else {
            0.8 + 0.3 * ((step as f64) / 9.0).sin()
        };
        bytes -= rate * wave * MIB * 30.0;
    }
    let mut trail = Trail::default();
    for sample in samples.into_iter().rev() {
        trail.push(sample);
    }
    trail
}

/// The bricks of media in the last hour: the leaving set gives away 114 MiB/s, the others share it.
pub(super) fn usage(state: &VolumeState) -> Usage {
    let mut usage = Usage::default();
    for (at, brick) in state.volume.bricks.iter().enumerate() {
        let now = state.space(&brick.name).unwrap().used().unwrap();
        for seconds in (9..3_600).rev().step_by(30) {
            let gone = (seconds - 9) * 57 * 1024 * 1024;
            let used = if at < 6 { now - gone } else { now + 2 * gone };
            usage.push(&brick.name, ago(seconds).wall, used);
        }
    }
    usage
}
