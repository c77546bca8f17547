//! glustop: watch and control GlusterFS rebalance and remove-brick tasks from a terminal.

pub mod app;
pub mod cli;
pub mod config;
pub mod demo;
pub mod gluster;
pub mod insight;
pub mod model;
pub mod monitor;
pub mod report;
pub mod terminal;
pub mod ui;
