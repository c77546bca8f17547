//! The input guard: escape sequences that a slow line delivers in pieces.
//!
//! An arrow key is the three bytes `ESC [ D`. When they arrive 50 ms apart, the terminal library
//! reports the keys Esc, `[` and a capital `D`, and a capital opens a dialog here. So a lone Esc
//! is held back for a moment, and whatever completes a sequence after it is put together again
//! or dropped. The same holds for a paste whose opening sequence was torn: its text must not be
//! taken for keys.
//!
//! A pure state machine: time goes in, keys come out.

use std::time::Duration;

use crate::config::{Key, KeyCode};

/// After an Esc, `[` or `O` within this time belongs to it.
const SEQUENCE_WINDOW: Duration = Duration::from_millis(300);
/// A torn paste is over when nothing came for this long.
const PASTE_SILENCE: Duration = Duration::from_millis(500);

/// What comes out.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Input {
    /// A key that was meant.
    Key(Key),
    /// Pasted text.
    Paste(String),
}

/// Holds what is not decided yet.
#[derive(Debug)]
pub(super) struct Guard {
    esc_delay: Duration,
    state: State,
}

#[derive(Debug)]
enum State {
    Idle,
    /// A lone Esc, not passed on yet.
    Esc {
        since: Duration,
    },
    /// The Esc was passed on, but a sequence may still follow it.
    AfterEsc {
        since: Duration,
    },
    /// Inside `ESC [ ...` or `ESC O ...`.
    Sequence {
        since: Duration,
        introducer: char,
        parameters: String,
    },
    /// Inside a paste whose beginning was torn. Its end may come torn too.
    Paste {
        since: Duration,
        text: String,
    },
}

impl Guard {
    /// Holds a lone Esc for `esc_delay`.
    pub(super) fn new(esc_delay: Duration) -> Self {
        Self {
            esc_delay,
            state: State::Idle,
        }
    }

    /// When [`tick`](Self::tick) wants to be called, if nothing comes before.
    pub(super) fn deadline(&self) -> Option<Duration> {
        match &self.state {
            State::Idle | State::AfterEsc { .. } => None,
            State::Esc { since } => Some(*since + self.esc_delay),
            State::Sequence { since, .. } => Some(*since + SEQUENCE_WINDOW),
            State::Paste { since, .. } => Some(*since + PASTE_SILENCE),
        }
    }

    /// Time passed: what was held back may be decided now.
    pub(super) fn tick(&mut self, now: Duration) -> Vec<Input> {
        if self.deadline().is_none_or(|deadline| now < deadline) {
            return vec![];
        }
        match std::mem::replace(&mut self.state, State::Idle) {
            State::Esc { since } => {
                self.state = State::AfterEsc { since };
                vec![Input::Key(Key::plain(KeyCode::Esc))]
            }
            State::Paste { text, .. } => vec![Input::Paste(text)],
            // Half a sequence is nothing that anybody meant.
            State::Idle | State::AfterEsc { .. } | State::Sequence { .. } => vec![],
        }
    }

    /// A whole paste, as the terminal library saw it.
    pub(super) fn paste(&mut self, text: String, now: Duration) -> Vec<Input> {
        let mut out = self.tick(now);
        out.push(Input::Paste(text));
        out
    }

    /// A key, as the terminal library saw it.
    pub(super) fn key(&mut self, key: Key, now: Duration) -> Vec<Input> {
        let mut out = self.tick(now);
        match std::mem::replace(&mut self.state, State::Idle) {
            State::Idle => self.plain(key, now, &mut out),
            State::Esc { since } => {
                if let Some(introducer) = introducer(key) {
                    self.begin(introducer, now);
                } else {
                    out.push(Input::Key(Key::plain(KeyCode::Esc)));
                    self.state = State::AfterEsc { since };
                    self.key_after_esc(key, now, &mut out);
                }
            }
            State::AfterEsc { since } => {
                self.state = State::AfterEsc { since };
                self.key_after_esc(key, now, &mut out);
            }
            State::Sequence {
                introducer,
                parameters,
                ..
            } => self.sequence(key, introducer, parameters, now, &mut out),
            State::Paste { mut text, .. } => {
                match key.code {
                    KeyCode::Char(c) => text.push(c),
                    KeyCode::Enter => text.push('\n'),
                    KeyCode::Tab => text.push('\t'),
                    _ => {}
                }
                self.state = match text.find("[201~") {
                    Some(end) => {
                        text.truncate(end);
                        out.push(Input::Paste(text));
                        State::Idle
                    }
                    None => State::Paste { since: now, text },
                };
            }
        }
        out
    }

    fn key_after_esc(&mut self, key: Key, now: Duration, out: &mut Vec<Input>) {
        let State::AfterEsc { since } = self.state else {
            return;
        };
        match introducer(key) {
            Some(introducer) if now.saturating_sub(since) < SEQUENCE_WINDOW => {
                self.begin(introducer, now);
            }
            _ => self.plain(key, now, out),
        }
    }

    fn plain(&mut self, key: Key, now: Duration, out: &mut Vec<Input>) {
        if key == Key::plain(KeyCode::Esc) {
            self.state = State::Esc { since: now };
        } else {
            self.state = State::Idle;
            out.push(Input::Key(key));
        }
    }

    fn begin(&mut self, introducer: char, now: Duration) {
        self.state = State::Sequence {
            since: now,
            introducer,
            parameters: String::new(),
        };
    }

    fn sequence(
        &mut self,
        key: Key,
        introducer: char,
        mut parameters: String,
        now: Duration,
        out: &mut Vec<Input>,
    ) {
        let KeyCode::Char(c) = key.code else {
            // Something else broke in: the sequence is lost, the key is meant.
            return self.plain(key, now, out);
        };
        // The Linux console sends F1 as `ESC [ [ A`.
        let more = matches!(c, ' '..='?') || (c == '[' && parameters.is_empty());
        if more {
            parameters.push(c);
            self.state = State::Sequence {
                since: now,
                introducer,
                parameters,
            };
        } else if introducer == '[' && c == '~' && parameters == "200" {
            self.state = State::Paste {
                since: now,
                text: String::new(),
            };
        } else {
            out.extend(rebuild(introducer, &parameters, c).map(Input::Key));
        }
    }
}

fn introducer(key: Key) -> Option<char> {
    match key.code {
        KeyCode::Char(c @ ('[' | 'O')) if !key.ctrl => Some(c),
        _ => None,
    }
}

/// The key that a sequence stands for; modifiers after a `;` are left out.
fn rebuild(introducer: char, parameters: &str, last: char) -> Option<Key> {
    let number: Option<u8> = parameters.split(';').next().and_then(|n| n.parse().ok());
    let code = match (introducer, last) {
        (_, 'A') if parameters != "[" => KeyCode::Up,
        (_, 'B') if parameters != "[" => KeyCode::Down,
        (_, 'C') if parameters != "[" => KeyCode::Right,
        (_, 'D') if parameters != "[" => KeyCode::Left,
        ('[', c @ 'A'..='E') => KeyCode::F(c as u8 - b'A' + 1),
        (_, 'H') => KeyCode::Home,
        (_, 'F') => KeyCode::End,
        ('[', 'Z') => KeyCode::BackTab,
        (_, c @ 'P'..='S') => KeyCode::F(c as u8 - b'P' + 1),
        ('[', '~') => match number? {
            1 | 7 => KeyCode::Home,
            3 => KeyCode::Delete,
            4 | 8 => KeyCode::End,
            5 => KeyCode::PgUp,
            6 => KeyCode::PgDn,
            n @ 11..=15 => KeyCode::F(n - 10),
            n @ 17..=21 => KeyCode::F(n - 11),
            n @ 23..=24 => KeyCode::F(n - 12),
            _ => return None,
        },
        _ => return None,
    };
    Some(Key::plain(code))
}

#[cfg(test)]
mod tests;
