//! What *follows* from a snapshot: space, progress, findings, and the plan of a command.
//!
//! Pure functions over the model. No IO and no clock: "now" is an argument.

pub mod fill;
pub mod finding;
pub mod freshness;
pub mod glance;
pub mod leftovers;
pub mod plan;
pub mod progress;
pub mod space;
mod spread;
pub mod stopped;
pub mod subvolume;
pub mod triage;

#[cfg(test)]
pub(crate) mod testing;
