//! stub
use super::canvas::Canvas;
use crate::app::Model;
use crate::model::VolumeName;
pub(super) fn render(_c: &mut Canvas<'_>, _m: &Model, _v: &VolumeName, _s: usize) {}
