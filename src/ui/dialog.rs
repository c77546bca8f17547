//! stub
use super::canvas::Canvas;
use crate::app::{Dialog, Model};
pub(super) fn render(_c: &mut Canvas<'_>, _m: &Model, _d: &Dialog) {}
