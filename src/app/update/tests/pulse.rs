//! When a screen changes by itself.

use std::time::Duration;

use super::*;
use crate::insight::testing::{at, replica, snapshot, volume};
use crate::model::Asking;

/// Of a pool that was read at the beginning, so many seconds later.
fn quiet(seconds: u64) -> Model {
    let mut model = model(vec![volume("v", replica(3, 0), 3)]);
    model.now = at(seconds);
    model
}

#[test]
fn a_quiet_screen_waits_for_the_minute_or_for_its_data_to_get_old() {
    let seconds = |model: &Model| model.changes_in().as_secs();
    let mut model = quiet(5);
    assert!(!model.is_busy());
    assert_eq!(seconds(&model), 11, "old after 15 s");
    model.interval = Duration::from_secs(60);
    assert_eq!(seconds(&model), 55, "the clock shows another minute");
    model.interval = Duration::from_secs(5);
    model.now = at(16);
    assert!(model.is_ticking(), "an age in seconds");
    model.paused = Some(at(16));
    assert_eq!(seconds(&model), 44, "nothing is expected");
    model.paused = None;
    model.now = at(121);
    assert_eq!(seconds(&model), 59, "an age in minutes");
}

#[test]
fn what_is_under_way_counts_seconds() {
    let mut model = quiet(5);
    let mut asked = snapshot(vec![volume("v", replica(3, 0), 3)]);
    asked.asking = Some(Asking {
        question: "gluster volume info".into(),
        since: at(5),
    });
    model.snapshot = asked.into();
    assert!(model.is_busy());
    assert_eq!(model.changes_in(), Duration::from_secs(1));
}
