//! The configuration file: TOML, every key optional, an unknown key an error with its place.

use std::collections::BTreeMap;
use std::ops::RangeInclusive;
use std::time::Duration;

use serde::Deserialize;

use super::time::{duration, time};
use super::{Action, Alarms, Key, Keymap, alarms};

/// The shipped configuration: every setting with its default and a comment. It is what
/// `glustop config` prints, and the source of the defaults.
pub const DEFAULT_FILE: &str = include_str!("../../assets/config.toml");

/// All settings.
#[derive(Debug, Clone, PartialEq)]
#[expect(
    clippy::struct_excessive_bools,
    reason = "each is a setting of its own"
)]
pub struct Config {
    /// Time between two looks at the state of the pool.
    pub interval: Duration,
    /// Deadline of one gluster command.
    pub timeout: Duration,
    /// How long a change is tried again while another command holds the lock.
    pub patience: Duration,
    /// How many questions that lock a volume may be asked in a minute while no task runs.
    pub locking_questions: u32,
    /// How much of the time may be spent inside such questions, in percent, whatever runs.
    pub lock_share_percent: u8,
    /// Whether each question may let gluster start Python to look for geo-replication.
    pub python_helper: bool,
    /// Whether this node's logs of events and commands are followed, for hints at volumes.
    pub hints: bool,
    /// How long a lone Esc is held back, in case it begins an arrow key.
    pub esc_delay: Duration,
    /// ASCII only; `None` follows the locale.
    pub ascii: Option<bool>,
    /// Colours.
    pub theme: Theme,
    /// Ring the terminal bell once for each new critical finding.
    pub bell: bool,
    /// Change nothing, whatever is asked for.
    pub read_only: bool,
    /// When something counts as an alarm.
    pub alarms: Alarms,
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
    safety: Safety,
    alarms: alarms::Section,
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
    locking_questions: Option<u32>,
    lock_share_percent: Option<u8>,
    python_helper: Option<bool>,
    hints: Option<bool>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
struct Safety {
    read_only: Option<bool>,
}

impl Default for Config {
    fn default() -> Self {
        Self {
            interval: Duration::from_secs(5),
            timeout: Duration::from_secs(130),
            patience: Duration::from_secs(180),
            locking_questions: 6,
            lock_share_percent: 5,
            python_helper: false,
            hints: true,
            esc_delay: Duration::from_millis(60),
            ascii: None,
            theme: Theme::Auto,
            bell: true,
            read_only: false,
            alarms: Alarms::default(),
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
        let setting = |key: &str, value: Option<String>, default, parse: Parse| match value {
            Some(text) => parse(&text).map_err(|why| error(format!("{key}: {why}"))),
            None => Ok(default),
        };
        let within = |key: &str, value: Option<u32>, default, bounds: RangeInclusive<u32>| {
            let value = value.unwrap_or(default);
            let (least, most) = (bounds.start(), bounds.end());
            if bounds.contains(&value) {
                Ok(value)
            } else {
                Err(error(format!(
                    "{key}: {value} is out of bounds: from {least} to {most}"
                )))
            }
        };
        Ok(Self {
            locking_questions: within(
                "poll.locking_questions",
                read.poll.locking_questions,
                self.locking_questions,
                2..=60,
            )?,
            lock_share_percent: within(
                "poll.lock_share_percent",
                read.poll.lock_share_percent.map(u32::from),
                self.lock_share_percent.into(),
                1..=50,
            )? as u8,
            python_helper: read.poll.python_helper.unwrap_or(self.python_helper),
            hints: read.poll.hints.unwrap_or(self.hints),
            interval: setting("poll.interval", read.poll.interval, self.interval, duration)?,
            timeout: setting("poll.timeout", read.poll.timeout, self.timeout, duration)?,
            patience: setting("poll.lock_retry", read.poll.lock_retry, self.patience, time)?,
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
            read_only: read.safety.read_only.unwrap_or(self.read_only),
            alarms: self.alarms.with(read.alarms).map_err(error)?,
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

type Parse = fn(&str) -> Result<Duration, String>;

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
    fn a_file_can_take_every_change_and_every_hint_away() {
        let read = |text: &str| Config::default().read("c.toml", text).unwrap();
        assert!(!read("[poll]\nhints = false\n").hints);
        assert!(read("").hints);
        assert!(read("[safety]\nread_only = true\n").read_only);
        assert!(!read("").read_only);
    }

    #[test]
    fn intervals_and_deadlines_have_bounds() {
        assert_eq!(duration("1s"), Ok(Duration::from_secs(1)));
        assert_eq!(duration("60m"), Ok(Duration::from_secs(3_600)));
        for bad in ["999ms", "3601s", "48h"] {
            assert_eq!(
                duration(bad),
                Err(format!("{bad} is out of bounds: from 1s to 1h"))
            );
        }
        for key in ["interval", "timeout"] {
            let text = format!("[poll]\n{key} = \"10ms\"\n");
            let error = Config::default().read("c.toml", &text).unwrap_err();
            assert_eq!(
                error.to_string(),
                format!("c.toml: poll.{key}: 10ms is out of bounds: from 1s to 1h")
            );
        }
        let patient = "[poll]\nlock_retry = \"2h\"\n";
        assert!(Config::default().read("c.toml", patient).is_ok());
    }

    #[test]
    fn a_key_that_answers_dialogs_opens_none() {
        let fail = |text: &str| Config::default().read("c.toml", text).err();
        for key in ["y", "n", "q", "c", "Enter", "Esc", "Tab", "Space"] {
            let other = ["close = []", "copy = []", "open = []", "back = []"];
            let free = [&other[..], &["next-pane = []", "mark = []"]].concat();
            let bound = |word: &str| {
                let line = format!("{word} = [\"{key}\"]");
                let own = format!("{word} = []");
                let free = free.iter().filter(|free| **free != own);
                let lines: Vec<_> = free.copied().chain([line.as_str()]).collect();
                fail(&format!("[keys]\n{}\n", lines.join("\n")))
            };
            for word in ["stop", "finish", "emergency-stop"] {
                assert_eq!(
                    bound(word).map(|error| error.message),
                    Some(format!(
                        "{key} answers dialogs and cannot be bound to {word}"
                    ))
                );
            }
            for word in ["mark", "unmark", "refresh"] {
                assert_eq!(bound(word), None, "{key} {word}");
            }
        }
        assert_eq!(fail("[keys]\nstop = [\"x\", \"Ctrl-Y\"]\n"), None);
    }
}
