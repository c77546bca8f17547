//! Settings, keys and themes: data, each with one parser.

pub mod action;
mod alarms;
mod file;
pub mod keys;
mod load;
mod time;

pub use action::{Action, Group};
pub use alarms::Alarms;
pub use file::{Colors, Config, ConfigError, DEFAULT_FILE, Theme};
pub use keys::{Key, KeyCode, Keymap};
pub use load::{Loaded, Places, SYSTEM_FILE, load, user_file};
pub use time::{duration, in_bounds, time};
