//! Whether the sub-volumes that stay can take files.

use crate::insight::plan::{Check, Mark};
use crate::insight::subvolume::{self, SubvolumeState};
use crate::model::VolumeState;

/// gluster does not look at them: its movers start, and end at once when one is down, which leaves
/// the bricks leaving and a task that failed.
pub(super) fn online(state: &VolumeState, leaving: &[usize]) -> Check {
    const CODE: &str = "staying-online";
    let staying = (state.volume.subvolumes()).filter(|set| !leaving.contains(&set.index));
    let worst = subvolume::worst_of(state, staying);
    let name = worst.map_or_else(String::new, |(set, _)| match set.bricks {
        [one] => one.name.to_string(),
        _ => set.name(),
    });
    let check = match worst.map_or(SubvolumeState::Up, |(_, worst)| worst) {
        SubvolumeState::Up => Check::new(CODE, Mark::Pass, "every brick that stays is online"),
        SubvolumeState::Degraded => Check::new(
            CODE,
            Mark::Warn,
            format!("{name} stays and has a brick offline; it still takes files"),
        ),
        SubvolumeState::Down => Check::new(
            CODE,
            Mark::Refuse,
            format!("{name} stays and is down: the drain would fail at once"),
        ),
        SubvolumeState::Unknown => Check::new(
            CODE,
            Mark::Unknown,
            format!("whether {name}, which stays, is online is not known"),
        ),
    };
    check.judged_by(&state.bricks)
}
