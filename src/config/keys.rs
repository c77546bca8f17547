//! Keys as people write them (`Ctrl-Z`, `PgDn`, `S`), and which action each one has.

use std::collections::BTreeMap;
use std::fmt;
use std::str::FromStr;

use super::{Action, Group};

/// A key press, free of any terminal library.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Key {
    /// Which key.
    pub code: KeyCode,
    /// With the control key held. Shift is part of the character.
    pub ctrl: bool,
}

/// The keys that glustop tells apart.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[expect(missing_docs, reason = "the names say it all")]
pub enum KeyCode {
    Char(char),
    F(u8),
    Up,
    Down,
    Left,
    Right,
    PgUp,
    PgDn,
    Home,
    End,
    Tab,
    BackTab,
    Enter,
    Esc,
    Backspace,
    Delete,
}

const NAMES: &[(&str, KeyCode)] = &[
    ("Up", KeyCode::Up),
    ("Down", KeyCode::Down),
    ("Left", KeyCode::Left),
    ("Right", KeyCode::Right),
    ("PgUp", KeyCode::PgUp),
    ("PgDn", KeyCode::PgDn),
    ("Home", KeyCode::Home),
    ("End", KeyCode::End),
    ("Tab", KeyCode::Tab),
    ("BackTab", KeyCode::BackTab),
    ("Enter", KeyCode::Enter),
    ("Esc", KeyCode::Esc),
    ("Backspace", KeyCode::Backspace),
    ("Delete", KeyCode::Delete),
    ("Space", KeyCode::Char(' ')),
];

impl Key {
    /// Leaves whatever it is pressed in.
    pub const CTRL_C: Self = Self {
        code: KeyCode::Char('c'),
        ctrl: true,
    };

    /// A plain character.
    pub const fn char(c: char) -> Self {
        Self::plain(KeyCode::Char(c))
    }

    /// A key without the control key.
    pub const fn plain(code: KeyCode) -> Self {
        Self { code, ctrl: false }
    }
}

impl fmt::Display for Key {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.ctrl {
            f.write_str("Ctrl-")?;
        }
        if let Some((name, _)) = NAMES.iter().find(|(_, code)| *code == self.code) {
            return f.write_str(name);
        }
        match self.code {
            KeyCode::Char(c) if self.ctrl => write!(f, "{}", c.to_ascii_uppercase()),
            KeyCode::Char(c) => write!(f, "{c}"),
            KeyCode::F(n) => write!(f, "F{n}"),
            _ => Ok(()),
        }
    }
}

/// A key that cannot be read.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error(
    "{0:?} is not a key: write a character, F1 to F12, Ctrl-X, or one of Up Down Left Right PgUp PgDn Home End Tab BackTab Enter Esc Backspace Delete Space"
)]
pub struct BadKey(String);

impl FromStr for Key {
    type Err = BadKey;

    fn from_str(text: &str) -> Result<Self, BadKey> {
        let bad = || BadKey(text.to_owned());
        if let Some(rest) = text.strip_prefix("Ctrl-") {
            let mut chars = rest.chars();
            return match (chars.next(), chars.next()) {
                (Some(c), None) if c.is_ascii_alphabetic() => Ok(Self {
                    code: KeyCode::Char(c.to_ascii_lowercase()),
                    ctrl: true,
                }),
                _ => Err(bad()),
            };
        }
        if let Some((_, code)) = NAMES.iter().find(|(name, _)| *name == text) {
            return Ok(Self::plain(*code));
        }
        if let Some(number) = text.strip_prefix('F').and_then(|n| n.parse::<u8>().ok()) {
            return if (1..=12).contains(&number) {
                Ok(Self::plain(KeyCode::F(number)))
            } else {
                Err(bad())
            };
        }
        let mut chars = text.chars();
        match (chars.next(), chars.next()) {
            (Some(c), None) if !c.is_control() && c != ' ' => Ok(Self::char(c)),
            _ => Err(bad()),
        }
    }
}

/// Which action each key has.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Keymap {
    actions: BTreeMap<Key, Action>,
    keys: BTreeMap<Action, Vec<Key>>,
}

impl Default for Keymap {
    fn default() -> Self {
        Self::with(&BTreeMap::new()).unwrap_or_else(|_| Self {
            actions: BTreeMap::new(),
            keys: BTreeMap::new(),
        })
    }
}

impl Keymap {
    /// The default keys, with some actions given others. Every clash is reported at once.
    pub fn with(overrides: &BTreeMap<Action, Vec<Key>>) -> Result<Self, Vec<String>> {
        let mut actions = BTreeMap::new();
        let mut keys: BTreeMap<Action, Vec<Key>> = BTreeMap::new();
        let mut clashes = Vec::new();
        for &action in Action::ALL {
            let wanted = overrides.get(&action).cloned().unwrap_or_else(|| {
                action
                    .default_keys()
                    .iter()
                    .filter_map(|key| key.parse().ok())
                    .collect()
            });
            for key in wanted {
                if opens_dialog(action) && answers_dialog(key) {
                    clashes.push(format!(
                        "{key} answers dialogs and cannot be bound to {}",
                        action.word()
                    ));
                }
                match actions.insert(key, action) {
                    Some(other) => clashes.push(format!(
                        "{key} is bound to both {} and {}",
                        other.word(),
                        action.word()
                    )),
                    None => keys.entry(action).or_default().push(key),
                }
            }
        }
        if clashes.is_empty() {
            Ok(Self { actions, keys })
        } else {
            Err(clashes)
        }
    }

    /// The action of a key.
    pub fn action(&self, key: Key) -> Option<Action> {
        self.actions.get(&key).copied()
    }

    /// The keys of an action, the one to show first.
    pub fn keys(&self, action: Action) -> &[Key] {
        self.keys.get(&action).map_or(&[], Vec::as_slice)
    }

    /// The key to show for an action.
    pub fn shown(&self, action: Action) -> String {
        self.keys(action)
            .first()
            .map_or_else(|| "-".to_owned(), ToString::to_string)
    }
}

/// Whether an action changes the cluster, once its dialog is confirmed.
fn opens_dialog(action: Action) -> bool {
    action.group() == Group::Change && !matches!(action, Action::Mark | Action::Unmark)
}

/// Whether a key decides in a dialog. Pressed twice, or held, it must not open one as well: the
/// second press would confirm what nobody has read.
fn answers_dialog(key: Key) -> bool {
    !key.ctrl
        && matches!(
            key.code,
            KeyCode::Char('y' | 'n' | 'q' | 'c' | ' ')
                | KeyCode::Enter
                | KeyCode::Esc
                | KeyCode::Tab
        )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_default_key_is_a_key_and_has_one_action() {
        let map = Keymap::with(&BTreeMap::new()).unwrap();
        for &action in Action::ALL {
            assert_eq!(
                map.keys(action).len(),
                action.default_keys().len(),
                "{action:?}"
            );
        }
    }

    #[test]
    fn keys_are_read_as_they_are_shown() {
        for text in ["S", "s", "!", "Ctrl-Z", "F1", "Space", "PgDn", "Esc", "F"] {
            assert_eq!(text.parse::<Key>().unwrap().to_string(), text);
        }
        for text in ["", "Ctrl-", "F13", "Foo", " ", "Ctrl-1"] {
            assert!(text.parse::<Key>().is_err(), "{text:?}");
        }
    }

    #[test]
    fn danger_keys_take_nothing_that_a_terminal_or_multiplexer_owns() {
        for &action in Action::ALL {
            for key in action.default_keys() {
                let key: Key = key.parse().unwrap();
                assert!(
                    !key.ctrl
                        || "clz".contains(match key.code {
                            KeyCode::Char(c) => c,
                            _ => '?',
                        }),
                    "{key}"
                );
            }
        }
    }

    #[test]
    fn a_clash_names_both_actions() {
        let overrides = BTreeMap::from([(Action::Stop, vec![Key::char('R')])]);
        assert_eq!(
            Keymap::with(&overrides).unwrap_err(),
            ["R is bound to both rebalance and stop"]
        );
    }
}
