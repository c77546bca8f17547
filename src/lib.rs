//! glustop: watch and control GlusterFS rebalance and remove-brick tasks from a terminal.

pub mod demo;
pub mod gluster;
pub mod model;
