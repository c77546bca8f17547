//! Settings, keys and themes: data, each with one parser.

pub mod action;
mod file;
pub mod keys;

pub use action::{Action, Group};
pub use file::{Colors, Config, ConfigError, DEFAULT_FILE, Theme, duration};
pub use keys::{Key, KeyCode, Keymap};
