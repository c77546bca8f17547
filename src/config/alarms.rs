//! When something counts as an alarm.

use std::time::Duration;

use serde::Deserialize;

use super::time::time;

/// The limits an admin may move; what they mean stands in the shipped file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Alarms {
    /// No counter of a node moved for this long: a warning.
    pub stall_warning: Duration,
    /// The same, critical.
    pub stall_critical: Duration,
    /// A task is almost done for this long.
    pub tail: Duration,
    /// A brick is too full above this share in use when the task is done, in percent.
    pub full_percent: u8,
    /// The brick states of a volume were read longer ago than this.
    pub unread: Duration,
    /// A task is slow below this share of its own mean rate, in percent.
    pub slow_percent: u8,
}

impl Default for Alarms {
    fn default() -> Self {
        Self {
            stall_warning: Duration::from_secs(180),
            stall_critical: Duration::from_secs(900),
            tail: Duration::from_secs(1_200),
            unread: Duration::from_secs(1_200),
            full_percent: 90,
            slow_percent: 25,
        }
    }
}

/// The section as it is written.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub(super) struct Section {
    stall_warning: Option<String>,
    stall_critical: Option<String>,
    tail: Option<String>,
    unread: Option<String>,
    full_percent: Option<u8>,
    slow_percent: Option<u8>,
}

impl Alarms {
    /// These limits with those of a file laid over them.
    pub(super) fn with(self, section: Section) -> Result<Self, String> {
        let lasting = |key: &str, text: Option<String>, default| match text {
            Some(text) => time(&text).map_err(|why| format!("alarms.{key}: {why}")),
            None => Ok(default),
        };
        let percent = |key: &str, value: Option<u8>, default| match value {
            Some(value) if (1..=100).contains(&value) => Ok(value),
            Some(value) => Err(format!(
                "alarms.{key}: {value} is out of bounds: from 1 to 100"
            )),
            None => Ok(default),
        };
        let read = Self {
            stall_warning: lasting("stall_warning", section.stall_warning, self.stall_warning)?,
            stall_critical: lasting(
                "stall_critical",
                section.stall_critical,
                self.stall_critical,
            )?,
            tail: lasting("tail", section.tail, self.tail)?,
            unread: lasting("unread", section.unread, self.unread)?,
            full_percent: percent("full_percent", section.full_percent, self.full_percent)?,
            slow_percent: percent("slow_percent", section.slow_percent, self.slow_percent)?,
        };
        if read.stall_critical < read.stall_warning {
            return Err("alarms.stall_critical: it comes before stall_warning".to_owned());
        }
        Ok(read)
    }
}

#[cfg(test)]
mod tests {
    use crate::config::Config;

    fn read(text: &str) -> Result<super::Alarms, String> {
        let text = format!("[alarms]\n{text}\n");
        let config = Config::default().read("c.toml", &text);
        config
            .map(|config| config.alarms)
            .map_err(|error| error.message)
    }

    #[test]
    fn limits_are_read_over_the_defaults() {
        let read = read("stall_warning = \"1m\"\nfull_percent = 85").unwrap();
        assert_eq!(read.stall_warning.as_secs(), 60);
        assert_eq!(read.full_percent, 85);
        assert_eq!(read.stall_critical.as_secs(), 900, "the rest stays");
    }

    #[test]
    fn limits_that_make_no_sense_are_named() {
        for (text, why) in [
            (
                "full_percent = 0",
                "alarms.full_percent: 0 is out of bounds: from 1 to 100",
            ),
            (
                "slow_percent = 101",
                "alarms.slow_percent: 101 is out of bounds: from 1 to 100",
            ),
            (
                "tail = \"soon\"",
                "alarms.tail: \"soon\" is not a time: write 500ms, 5s, 3m or 48h",
            ),
            (
                "stall_critical = \"1m\"",
                "alarms.stall_critical: it comes before stall_warning",
            ),
        ] {
            assert_eq!(read(text), Err(why.to_owned()));
        }
        assert!(read("full = 90").unwrap_err().contains("line 2"));
    }
}
