//! From the terminal library's key events to ours.

use crossterm::event::{KeyCode as Code, KeyEvent, KeyModifiers};

use crate::config::{Key, KeyCode};

/// Translates a key press; nothing for keys that glustop has no name for.
///
/// A terminal sends Alt with a key as an Esc before it, and an Esc that a slow line delivers
/// together with the next key looks the same. It is taken for the two keys.
pub(super) fn translate(event: KeyEvent) -> Vec<Key> {
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
        _ => return vec![],
    };
    let key = Key {
        code,
        ctrl: event.modifiers.contains(KeyModifiers::CONTROL),
    };
    if event.modifiers.contains(KeyModifiers::ALT) {
        vec![Key::plain(KeyCode::Esc), key]
    } else {
        vec![key]
    }
}
