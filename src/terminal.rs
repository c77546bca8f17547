//! The edge to the terminal: input, signals, drawing, and leaving it as it was found.
//!
//! One loop owns the model. It waits for a key, a snapshot, a job's event, a signal or a
//! deadline, passes it to [`update`](crate::app::update), carries out the effects, and draws
//! once for each batch. It never waits for gluster.

mod asleep;
mod console;
mod effects;
mod errands;
mod events;
mod guard;
mod handover;
mod hints;
mod keys;
mod look;
mod news;
mod quiet;
mod run;
mod screen;
mod signals;

pub use console::Streams;
pub use look::look;
pub use run::{Ended, Setup, run};
pub use screen::is_terminal;
