//! The configuration file: TOML, every key optional, an unknown key an error with its place.

use std::collections::BTreeMap;
use std::time::Duration;

use serde::Deserialize;

use super::{Action, Key, Keymap};

/// The shipped configuration: every setting with its default and a comment. It is what
/// `glustop config` prints, and the source of the defaults.
pub const DEFAULT_FILE: &str = include_str!("../../assets/config.toml");

/// All settings.
#[derive(Debug, Clone, PartialEq)]
pub struct Config {
    /// Time between two looks at the pool and the volume definitions.
    pub interval: Duration,
    /// Deadline of one gluster command.
    pub timeout: Duration,
    /// How long a change is tried again while another command holds the lock.
    pub patience: Duration,
    /// How long a lone Esc is held back, in case it begins an arrow key.
    pub esc_delay: Duration,
    /// ASCII only; `None` follows the locale.
    pub ascii: Option<bool>,
    /// Colours.
    pub theme: Theme,
    /// Ring the terminal bell once for each new critical finding.
    pub bell: bool,
    /// Which key does what.
    pub keymap: Keymap,
}

/// Colour roles for dark or light terminals.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Theme {
    /// Dark, unless the terminal says that it is light.
    Auto,
    /// For dark backgrounds.
    Dark,
    /// For light backgrounds.
    Light,
    /// No colour at all: bold, underline and reverse only.
    Mono,
}

/// When to use colour.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Colors {
    /// On a terminal, unless `NO_COLOR` is set.
    Auto,
    /// Always.
    Always,
    /// Never.
    Never,
}

/// A configuration that cannot be used.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{file}: {message}")]
pub struct ConfigError {
    /// Which file.
    pub file: String,
    /// What is wrong, with line and column where they are known.
    pub message: String,
}

#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
struct File {
    ui: Ui,
    poll: Poll,
    keys: BTreeMap<String, Vec<String>>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
struct Ui {
    theme: Option<Theme>,
    ascii: Option<Charset>,
    bell: Option<bool>,
    esc_delay_ms: Option<u64>,
}

#[derive(Debug, Clone, Copy, Deserialize)]
#[serde(rename_all = "kebab-case")]
enum Charset {
    Auto,
    Always,
    Never,
}

#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
struct Poll {
    interval: Option<String>,
    timeout: Option<String>,
    lock_retry: Option<String>,
}

impl Default for Config {
    fn default() -> Self {
        Self {
            interval: Duration::from_secs(5),
            timeout: Duration::from_secs(130),
            patience: Duration::from_secs(180),
            esc_delay: Duration::from_millis(60),
            ascii: None,
            theme: Theme::Auto,
            bell: true,
            keymap: Keymap::default(),
        }
    }
}

impl Config {
    /// Reads a file's text over these settings.
    pub fn read(self, file: &str, text: &str) -> Result<Self, ConfigError> {
        let error = |message: String| ConfigError {
            file: file.to_owned(),
            message,
        };
        let read: File =
            toml::from_str(text).map_err(|e| error(e.to_string().trim_end().to_owned()))?;
        let time = |key: &str, value: Option<String>, default: Duration| match value {
            Some(text) => duration(&text).map_err(|why| error(format!("{key}: {why}"))),
            None => Ok(default),
        };
        Ok(Self {
            interval: time("poll.interval", read.poll.interval, self.interval)?,
            timeout: time("poll.timeout", read.poll.timeout, self.timeout)?,
            patience: time("poll.lock_retry", read.poll.lock_retry, self.patience)?,
            esc_delay: read
                .ui
                .esc_delay_ms
                .map_or(self.esc_delay, Duration::from_millis),
            ascii: match read.ui.ascii {
                Some(Charset::Always) => Some(true),
                Some(Charset::Never) => Some(false),
                Some(Charset::Auto) => None,
                None => self.ascii,
            },
            theme: read.ui.theme.unwrap_or(self.theme),
            bell: read.ui.bell.unwrap_or(self.bell),
            keymap: keymap(&self.keymap, &read.keys)
                .map_err(|problems| error(problems.join("; ")))?,
        })
    }
}

/// The keys of a file over those that already hold.
fn keymap(before: &Keymap, table: &BTreeMap<String, Vec<String>>) -> Result<Keymap, Vec<String>> {
    let mut problems = Vec::new();
    let mut overrides: BTreeMap<Action, Vec<Key>> = Action::ALL
        .iter()
        .map(|&action| (action, before.keys(action).to_vec()))
        .collect();
    for (word, keys) in table {
        let Some(&action) = Action::ALL.iter().find(|action| action.word() == word) else {
            problems.push(format!("keys.{word}: there is no such action"));
            continue;
        };
        let mut parsed = Vec::new();
        for key in keys {
            match key.parse::<Key>() {
                Ok(key) => parsed.push(key),
                Err(bad) => problems.push(format!("keys.{word}: {bad}")),
            }
        }
        overrides.insert(action, parsed);
    }
    match Keymap::with(&overrides) {
        Ok(map) if problems.is_empty() => Ok(map),
        Ok(_) => Err(problems),
        Err(clashes) => Err(problems.into_iter().chain(clashes).collect()),
    }
}

/// Reads `500ms`, `5s`, `3m`, `48h`; a bare number is seconds.
pub fn duration(text: &str) -> Result<Duration, String> {
    let digits = text.trim_end_matches(|c: char| c.is_ascii_alphabetic());
    let unit = text.strip_prefix(digits).unwrap_or_default();
    let bad = || format!("{text:?} is not a time: write 500ms, 5s, 3m or 48h");
    let number: u64 = digits.parse().map_err(|_not_a_number| bad())?;
    let time = match unit {
        "ms" => Some(Duration::from_millis(number)),
        "" | "s" => Some(Duration::from_secs(number)),
        "m" => number.checked_mul(60).map(Duration::from_secs),
        "h" => number.checked_mul(3_600).map(Duration::from_secs),
        _ => None,
    };
    time.filter(|time| !time.is_zero()).ok_or_else(bad)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_shipped_file_says_what_the_defaults_are() {
        let read = Config::default().read("config.toml", DEFAULT_FILE).unwrap();
        assert_eq!(read, Config::default());
        for &action in Action::ALL {
            assert!(
                DEFAULT_FILE.contains(&format!("\n# {} = ", action.word())),
                "{} is not in the file",
                action.word()
            );
        }
    }

    #[test]
    fn mistakes_are_named_with_their_place() {
        let fail = |text: &str| {
            Config::default()
                .read("c.toml", text)
                .unwrap_err()
                .to_string()
        };
        assert!(
            fail("[ui]\ncolour = 1\n").contains("line 2"),
            "{}",
            fail("[ui]\ncolour = 1\n")
        );
        assert!(
            fail("[poll]\ninterval = \"soon\"\n").contains("poll.interval: \"soon\" is not a time")
        );
        let all = fail("[keys]\nstop = [\"R\"]\nfly = [\"f\"]\nmark = [\"Hyper-x\"]\n");
        for part in [
            "R is bound to both",
            "keys.fly: there is no such action",
            "\"Hyper-x\" is not a key",
        ] {
            assert!(all.contains(part), "{all}");
        }
    }

    #[test]
    fn times_are_read_with_their_units() {
        assert_eq!(duration("500ms"), Ok(Duration::from_millis(500)));
        assert_eq!(duration("3m"), Ok(Duration::from_secs(180)));
        assert_eq!(duration("7"), Ok(Duration::from_secs(7)));
        for bad in ["", "s", "5 s", "-1s", "0s", "1w"] {
            assert!(duration(bad).is_err(), "{bad}");
        }
    }
}
