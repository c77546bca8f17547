//! The one function that changes the state.

use super::model::Model;
use super::msg::{Effect, Msg};
use crate::model::Stamp;

/// Takes a message at a moment, changes the state, and says what is to be done outside.
pub fn update(model: &mut Model, now: Stamp, msg: Msg) -> Vec<Effect> {
    let _ = msg;
    model.now = now;
    vec![]
}
