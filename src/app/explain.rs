//! Words about the present state: the message line, the footer, and why a key does nothing now.

use super::model::Model;
use crate::config::Action;

/// The message line: the answer to the last key, a change on its way, or what the selected row
/// means in plain words.
pub fn message(model: &Model) -> String {
    model
        .notice
        .as_ref()
        .map(|notice| notice.text.clone())
        .unwrap_or_default()
}

/// The footer: keys with their words, the most useful for the focused row first. The help is not
/// among them: it always stands last.
pub fn hints(model: &Model) -> Vec<(String, &'static str)> {
    let _ = model;
    vec![]
}

/// Why an action that changes the cluster cannot be offered now; `None` when it can.
pub fn not_now(model: &Model, action: Action) -> Option<String> {
    let _ = (model, action);
    None
}
