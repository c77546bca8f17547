//! From the terminal library's key events to ours.

use crossterm::event::{KeyCode as Code, KeyEvent, KeyModifiers};

use crate::config::{Key, KeyCode};

/// Translates a key press; `None` for keys that glustop has no name for, and for anything with
/// Alt: a multiplexer's keys, or an Esc that ran into the next key.
pub(super) fn translate(event: KeyEvent) -> Option<Key> {
    if event.modifiers.contains(KeyModifiers::ALT) {
        return None;
    }
    let code = match event.code {
        Code::Char(c) => KeyCode::Char(c),
        Code::F(n) => KeyCode::F(n),
        Code::Up => KeyCode::Up,
        Code::Down => KeyCode::Down,
        Code::Left => KeyCode::Left,
        Code::Right => KeyCode::Right,
        Code::PageUp => KeyCode::PgUp,
        Code::PageDown => KeyCode::PgDn,
        Code::Home => KeyCode::Home,
        Code::End => KeyCode::End,
        Code::Tab => KeyCode::Tab,
        Code::BackTab => KeyCode::BackTab,
        Code::Enter => KeyCode::Enter,
        Code::Esc => KeyCode::Esc,
        Code::Backspace => KeyCode::Backspace,
        Code::Delete => KeyCode::Delete,
        _ => return None,
    };
    Some(Key {
        code,
        ctrl: event.modifiers.contains(KeyModifiers::CONTROL),
    })
}
