//! The application: one owner of state, changed by one function.
//!
//! ```text
//! Msg (key, snapshot, job event) ──update(&mut Model)──▶ Effects (run, read, copy, quit)
//! ```
//!
//! No IO, no terminal, no clock: "now" comes with each message.

pub mod alarms;
pub mod auto;
pub mod dialog;
mod doubt;
pub mod explain;
pub(crate) mod field;
pub mod handover;
pub mod jobs;
pub mod journal;
pub mod leftovers;
pub mod logs;
mod model;
mod msg;
mod pulse;
pub mod rows;
pub mod table;
mod update;

pub use dialog::Dialog;
pub use handover::HandOver;
pub use model::{Link, Model, Notice, Pane, Panes, Session, Source, View};
pub use msg::{Effect, HandedOver, Msg, Took};
pub use update::update;
