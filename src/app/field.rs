//! Text fields: the name that a dialog wants, and filters.

use tui_input::{Input, InputRequest};

use crate::config::{Key, KeyCode};

/// Edits a text field.
pub(crate) fn edit(input: &mut Input, key: Key) {
    let request = match (key.code, key.ctrl) {
        (KeyCode::Char(c), false) => InputRequest::InsertChar(c),
        (KeyCode::Backspace, _) => InputRequest::DeletePrevChar,
        (KeyCode::Delete, _) => InputRequest::DeleteNextChar,
        (KeyCode::Left, _) => InputRequest::GoToPrevChar,
        (KeyCode::Right, _) => InputRequest::GoToNextChar,
        (KeyCode::Home, _) => InputRequest::GoToStart,
        (KeyCode::End, _) => InputRequest::GoToEnd,
        _ => return,
    };
    input.handle(request);
}

/// Types pasted text; control characters are left out.
pub(crate) fn paste(input: &mut Input, text: &str) {
    for c in text.chars().filter(|c| !c.is_control()) {
        input.handle(InputRequest::InsertChar(c));
    }
}
