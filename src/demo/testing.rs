//! What the tests of this room share: a way to ask, and to read the answers without a parser.

use std::time::Duration;

use super::Pool;

/// Simulated seconds.
pub(super) const MINUTE: u64 = 60;
pub(super) const HOUR: u64 = 60 * MINUTE;

pub(super) fn named(name: &str) -> Pool {
    Pool::named(name).unwrap()
}

pub(super) fn ask(pool: &mut Pool, words: &str, now: u64) -> String {
    let argv = words
        .split(' ')
        .chain(["--xml"])
        .map(str::to_owned)
        .collect::<Vec<_>>();
    String::from_utf8(pool.ask(&argv, Duration::from_secs(now)).stdout).unwrap()
}

/// The numbers in all elements of this name, in order.
pub(super) fn numbers(xml: &str, tag: &str) -> Vec<u64> {
    let opening = format!("<{tag}>");
    let values = xml.split(&opening).skip(1);
    values
        .map(|rest| rest.split(['<', '.']).next().unwrap().parse().unwrap())
        .collect()
}

/// Bytes taken on each brick of a volume.
pub(super) fn used(pool: &mut Pool, volume: &str, now: u64) -> Vec<u64> {
    let xml = ask(pool, &format!("volume status {volume} detail"), now);
    let free = numbers(&xml, "sizeFree");
    numbers(&xml, "sizeTotal")
        .iter()
        .zip(free)
        .map(|(total, free)| total - free)
        .collect()
}

pub(super) fn tebibytes(bytes: u64) -> f64 {
    bytes as f64 / (1_u64 << 40) as f64
}
