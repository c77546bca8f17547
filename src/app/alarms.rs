//! The limits for findings, as an admin set them.

use crate::config::Alarms;
use crate::insight::finding::Thresholds;

/// The limits of the configuration, and the built-in ones for the rest.
pub fn thresholds(alarms: Alarms) -> Thresholds {
    let share = |percent: u8| f64::from(percent) / 100.0;
    Thresholds {
        stall_warning: alarms.stall_warning,
        stall_critical: alarms.stall_critical,
        tail: alarms.tail,
        unread: alarms.unread,
        full: share(alarms.full_percent),
        slow: share(alarms.slow_percent),
        ..Thresholds::default()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_shipped_limits_are_the_built_in_ones() {
        assert_eq!(thresholds(Alarms::default()), Thresholds::default());
    }
}
