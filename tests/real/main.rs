//! glustop on a real three-node GlusterFS cluster, one of its own for each test.
//!
//! They need root and glusterfs-server: `cargo test --test real -- --ignored`

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::print_stdout,
    clippy::string_slice,
    reason = "a test that cannot go on fails"
)]
#![allow(
    clippy::disallowed_methods,
    reason = "the rule on starting processes is for the program, not its tests"
)]

#[path = "../support/answers.rs"]
mod answers;
#[path = "../support/cluster.rs"]
mod cluster;
#[path = "../support/driver.rs"]
mod driver;
#[path = "../support/terminal.rs"]
mod terminal;

mod alarms;
mod commands;
mod endings;
mod hints;
mod local;
mod memory;
mod questions;
mod recipe;
mod selections;
mod tasks;
mod trouble;
