//! The edge to GlusterFS: a typed [`Command`] becomes an argv, a [`Runner`] runs it, and the
//! bytes it leaves become model values or a typed [`Failure`].
//!
//! ```text
//! Command ──Launcher──▶ Order (argv) ──Runner──▶ Answer (bytes) ──parse──▶ Reply | Failure
//! ```
//!
//! Nothing outside this room knows gluster's XML, and nothing outside [`exec`] starts gluster.

pub mod command;
pub mod exec;
mod failure;
mod odd;
mod reply;
mod state;
mod xml;

pub use command::{Argv, Command, Launcher, Order, RebalanceMode, RemoveStep, StatusView};
pub use exec::{Answer, Guarded, Permit, ProcessRunner, RunFuture, Runner, private_dir};
pub use failure::Failure;
pub use reply::{
    BrickReport, ListedTask, NodeReport, Parsed, ProgressReport, Reply, StateReport, StateVolume,
    StatusReport, parse,
};
