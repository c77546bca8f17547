//! `volume get VOLUME|all all`.

use std::collections::BTreeMap;

use super::super::Failure;
use super::super::odd::Odd;
use super::{bad, wire};

/// What releases from 9 on put behind a value that nobody set.
const DEFAULT: &str = " (DEFAULT)";

/// The options by name. A list that is not whole is none: what is missing would look unset.
pub(super) fn options(
    wire: wire::VolGetopts,
    odd: &mut Odd,
) -> Result<BTreeMap<String, String>, Failure> {
    if wire.option.len() != wire.value.len() {
        return Err(bad("gluster's list of options has holes."));
    }
    let count: Option<usize> = odd.number("volume get", "count", wire.count.as_deref());
    let nested = wire.opt.into_iter().map(|opt| (opt.option, opt.value));
    let flat = wire.option.into_iter().zip(wire.value);
    let flat = flat.map(|(option, value)| (Some(option), Some(value)));
    let pairs: Vec<_> = nested.chain(flat).collect();
    if count.is_some_and(|count| count != pairs.len()) {
        return Err(bad(format_args!(
            "gluster counts {} options but lists {}.",
            count.unwrap_or_default(),
            pairs.len()
        )));
    }
    let named = pairs.into_iter().filter_map(|(option, value)| {
        let value = value.unwrap_or_default();
        let plain = value.strip_suffix(DEFAULT).unwrap_or(&value).to_owned();
        Some((option?.into_owned(), plain))
    });
    Ok(named.collect())
}
