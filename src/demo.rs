//! A simulated trusted storage pool that stands where the `gluster` process stands.
//!
//! Words go in as they would to the real program; XML bytes, an exit code and a duration come
//! out. The layout of the answers and the sentences of the refusals are those of release 10.3.
//! Nothing here reads a file, a clock or a random source: time is passed in by the caller and
//! chance comes from the seed in the scenario, so one scenario and one series of questions
//! always give the same bytes. That makes the same pool the demonstration, the test bed, the
//! benchmark load and the model for the pictures in the README.
//!
//! A question walks one way through the files:
//!
//! ```text
//! words     argv                -> Command, or the usage text
//! motion    time                -> the running tasks move on to this instant
//! rules     Command and state   -> glusterd's refusal, if it has one
//! commands  Command and state   -> the change
//! answers, status, progress, heal, options, state_dump -> the payload
//! reply     verdict and payload -> stdout, stderr, exit code
//! ```
//!
//! `volume` and `task` say what a pool consists of, `scenario` and `build` make one out of TOML,
//! `plan` says which bytes a task is going to move.

mod answers;
mod build;
mod chance;
mod commands;
mod heal;
mod motion;
mod options;
mod plan;
mod pool;
mod progress;
mod reply;
mod rules;
mod runner;
mod scenario;
mod state_dump;
mod status;
mod task;
#[cfg(test)]
mod testing;
mod volume;
mod words;
mod xml;

pub use pool::{Pool, SCENARIOS};
pub use reply::Reply;
pub use runner::DemoRunner;
pub use scenario::ScenarioError;
