//! Lenient reading of single values: what cannot be read becomes unknown, with one sentence.

use std::fmt::Display;
use std::str::FromStr;
use std::time::Duration;

use crate::model::TaskState;

/// Sentences beyond this many say nothing new.
const LIMIT: usize = 50;

/// Collects what was odd about an answer.
#[derive(Debug, Default)]
pub(super) struct Odd {
    warnings: Vec<String>,
    dropped: usize,
}

impl Odd {
    /// Adds a sentence.
    pub(super) fn note(&mut self, sentence: impl Display) {
        if self.warnings.len() < LIMIT {
            self.warnings.push(sentence.to_string());
        } else {
            self.dropped += 1;
        }
    }

    /// All sentences.
    pub(super) fn into_warnings(mut self) -> Vec<String> {
        if self.dropped > 0 {
            let more = format!("and {} more", self.dropped);
            self.warnings.push(more);
        }
        self.warnings
    }

    /// A number that gluster always gives.
    pub(super) fn number<T: FromStr>(
        &mut self,
        place: impl Display,
        field: &str,
        text: Option<&str>,
    ) -> Option<T> {
        if text.is_none() {
            self.note(format_args!("{place}: {field} is missing"));
        }
        self.number_if_given(place, field, text)
    }

    /// A number that gluster gives at times.
    pub(super) fn number_if_given<T: FromStr>(
        &mut self,
        place: impl Display,
        field: &str,
        text: Option<&str>,
    ) -> Option<T> {
        let text = text?;
        let number = text.trim().parse().ok();
        if number.is_none() {
            self.unreadable(place, field, text);
        }
        number
    }

    /// `1` or `0`.
    pub(super) fn flag(
        &mut self,
        place: impl Display,
        field: &str,
        text: Option<&str>,
    ) -> Option<bool> {
        match self.number::<i64>(&place, field, text)? {
            0 => Some(false),
            1 => Some(true),
            other => {
                self.unreadable(place, field, &other.to_string());
                None
            }
        }
    }

    /// Seconds with decimals, such as `12.00`.
    pub(super) fn seconds(
        &mut self,
        place: impl Display,
        field: &str,
        text: Option<&str>,
    ) -> Option<Duration> {
        let seconds: f64 = self.number(&place, field, text)?;
        let duration = Duration::try_from_secs_f64(seconds).ok();
        if duration.is_none() {
            self.unreadable(place, field, text.unwrap_or_default());
        }
        duration
    }

    /// A task's state, and whether it is one of the fix-layout forms: by its number, else by its
    /// words. Release 3.12 says -1 and `(null)` when no node answered; 9 and above are what other
    /// commands leave behind.
    pub(super) fn state(
        &mut self,
        place: impl Display,
        number: Option<&str>,
        words: Option<&str>,
    ) -> (TaskState, bool) {
        let by_number = number
            .and_then(|text| text.trim().parse::<usize>().ok())
            .and_then(|number| STATES.get(number));
        let by_words = || {
            let words = words?.trim();
            STATES.iter().find(|(known, ..)| *known == words)
        };
        if let Some(&(_, state, fix_layout)) = by_number.or_else(by_words) {
            (state, fix_layout)
        } else {
            let number = number.unwrap_or("missing");
            let words = words.unwrap_or_default();
            self.unreadable(place, "status", &format!("{number} {words}"));
            (TaskState::Unknown, false)
        }
    }

    fn unreadable(&mut self, place: impl Display, field: &str, text: &str) {
        let start: String = text.chars().take(40).collect();
        self.note(format_args!("{place}: {field} is {start:?}"));
    }
}

/// gluster's words, by number (`cli_vol_task_status_str` in its `cli/src/cli-rpc-ops.c`).
const STATES: [(&str, TaskState, bool); 9] = [
    ("not started", TaskState::NotStarted, false),
    ("in progress", TaskState::InProgress, false),
    ("stopped", TaskState::Stopped, false),
    ("completed", TaskState::Completed, false),
    ("failed", TaskState::Failed, false),
    ("fix-layout in progress", TaskState::InProgress, true),
    ("fix-layout stopped", TaskState::Stopped, true),
    ("fix-layout completed", TaskState::Completed, true),
    ("fix-layout failed", TaskState::Failed, true),
];

/// Text that stands for nothing becomes nothing: empty, `N/A`, `-`, and what C prints for a null
/// pointer.
pub(super) fn given(text: Option<&str>) -> Option<&str> {
    text.filter(|text| !matches!(text.trim(), "" | "N/A" | "-" | "(null)"))
}

/// A UUID; the one of zeros means that there is none.
pub(super) fn uuid(text: Option<&str>) -> Option<&str> {
    given(text).filter(|text| text.chars().any(|c| c != '0' && c != '-'))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_cannot_be_read_is_unknown_and_said_once() {
        let mut odd = Odd::default();
        assert_eq!(odd.number::<u64>("V", "files", Some(" 12 ")), Some(12));
        for text in [None, Some("N/A"), Some("-1"), Some("(null)"), Some("")] {
            assert_eq!(odd.number::<u64>("V", "files", text), None);
        }
        assert_eq!(odd.flag("V", "connected", Some("2")), None);
        assert_eq!(odd.seconds("V", "runtime", Some("-3.00")), None);
        assert_eq!(odd.seconds("V", "runtime", Some("NaN")), None);
        let warnings = odd.into_warnings();
        assert_eq!(warnings.len(), 8);
        assert_eq!(warnings[0], "V: files is missing");
        assert_eq!(warnings[1], r#"V: files is "N/A""#);
    }

    #[test]
    fn a_state_is_read_by_number_then_by_words() {
        let mut odd = Odd::default();
        let mut state = |number, words| odd.state("V", number, words);
        assert_eq!(
            state(Some("1"), Some("nonsense")),
            (TaskState::InProgress, false)
        );
        assert_eq!(state(Some("7"), None), (TaskState::Completed, true));
        assert_eq!(
            state(Some("-1"), Some("completed")),
            (TaskState::Completed, false)
        );
        assert_eq!(
            state(Some("-1"), Some("(null)")),
            (TaskState::Unknown, false)
        );
        assert_eq!(
            state(Some("9"), Some("reset due to replace-brick")).0,
            TaskState::Unknown
        );
        assert_eq!(odd.into_warnings().len(), 2);
    }

    #[test]
    fn a_flood_of_odd_values_is_cut_short() {
        let mut odd = Odd::default();
        for _ in 0..1000 {
            odd.note("odd");
        }
        let warnings = odd.into_warnings();
        assert_eq!(warnings.len(), LIMIT + 1);
        assert_eq!(warnings[LIMIT], "and 950 more");
    }

    #[test]
    fn placeholders_and_zeros_stand_for_nothing() {
        for text in [None, Some(""), Some("N/A"), Some("-"), Some("(null)")] {
            assert_eq!(given(text), None);
        }
        assert_eq!(uuid(Some("00000000-0000-0000-0000-000000000000")), None);
        assert_eq!(uuid(Some("0-1")), Some("0-1"));
    }
}
