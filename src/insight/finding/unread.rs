//! One finding for all volumes whose brick states were read too long ago.
//!
//! Which bricks run is told only under a volume's lock, and the budget for such questions is
//! small: of a thousand volumes most are always old. Their rows say so; said once more for each
//! of them it would bury what is broken.

use super::{Finding, Severity, Thresholds};
use crate::model::{Snapshot, Stamp, VolumeState, VolumeStatus, text};

/// Its code.
pub const CODE: &str = "bricks-unread";

/// Where more than a tenth of the started volumes are old. A few are behind when locks are held,
/// and their own findings say so.
pub(super) fn finding(snapshot: &Snapshot, now: Stamp, thresholds: &Thresholds) -> Option<Finding> {
    // Where nothing is read any more, that is the news, and no budget would help.
    if snapshot.volumes.is_stale(now, thresholds.stale) {
        return None;
    }
    let volumes = snapshot.volumes().iter();
    let started = volumes.filter(|state| state.volume.status == VolumeStatus::Started);
    let is_old = |state: &VolumeState| {
        let taken = state.bricks.taken().unwrap_or(thresholds.began);
        state.bricks.fault().is_none() && taken.age(now) > thresholds.unread
    };
    let (all, old) = started.fold((0, 0), |(all, old), state| {
        (all + 1_u64, old + u64::from(is_old(state)))
    });
    (old * 10 > all).then(|| Finding {
        severity: Severity::Info,
        volume: None,
        subject: "gluster".to_owned(),
        code: CODE,
        // In brackets, because the count changes with every question.
        text: format!(
            "brick states of some volumes were read more than {} ago ({} of {})",
            text::age(thresholds.unread),
            text::count(old),
            text::count(all)
        ),
        advice: "A volume is read when it comes onto the screen. More are read in time with a higher poll.locking_questions; alarms.unread says what counts as old.",
    })
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;
    use crate::insight::finding::findings;
    use crate::insight::testing::{at, define, distribute, fault, set_online, snapshot, volume};
    use crate::model::{FaultKind, Part};

    /// What is found in volumes whose brick states were read at these seconds, or never.
    fn found(read: &[Option<u64>], now: u64) -> Vec<Finding> {
        let volumes = read.iter().enumerate().map(|(n, read)| {
            let mut state = volume(&format!("v{n:04}"), distribute(), 2);
            let known = state.bricks.get().cloned().unwrap();
            state.bricks = read.map_or_else(Part::default, |read| Part::fresh(known, at(read)));
            state
        });
        of(volumes.collect(), now)
    }

    fn of(volumes: Vec<VolumeState>, now: u64) -> Vec<Finding> {
        let mut cluster = snapshot(volumes);
        cluster.volumes = Part::fresh(cluster.volumes().to_vec(), at(now));
        cluster.peers = Part::fresh(cluster.peers().into(), at(now));
        findings(&cluster, at(now), &Thresholds::default())
    }

    #[test]
    fn many_old_volumes_are_one_finding_of_the_least_kind() {
        let mut read = vec![Some(0); 1_000];
        read[..188].fill(Some(2_000));
        let all = found(&read, 2_000);
        assert_eq!(all.len(), 1);
        assert_eq!((all[0].code, all[0].severity), (CODE, Severity::Info));
        assert_eq!(
            all[0].text,
            "brick states of some volumes were read more than 20m ago (812 of 1,000)"
        );
    }

    #[test]
    fn what_was_never_read_is_as_old_as_the_watching() {
        assert_eq!(found(&[None; 20], 1_200), []);
        assert_eq!(found(&[None; 20], 1_201).len(), 1);
        assert_eq!(found(&[None], 1_201).len(), 1);
    }

    #[test]
    fn a_few_that_are_behind_are_none() {
        let mut read = vec![Some(2_000); 20];
        read[..2].fill(Some(0));
        assert_eq!(found(&read, 2_000), []);
        read[2] = Some(0);
        assert_eq!(found(&read, 2_000).len(), 1);
    }

    #[test]
    fn it_comes_last_and_counts_only_what_a_budget_would_help() {
        let mut broken = volume("a", distribute(), 2);
        set_online(&mut broken, 0, Some(false));
        let codes = |volumes: &[VolumeState]| {
            let all = of(volumes.to_vec(), 2_000);
            all.iter().map(|finding| finding.code).collect::<Vec<_>>()
        };
        let mut volumes = vec![broken.clone()];
        let known = codes(&volumes);
        assert_eq!(known.last(), Some(&CODE));
        assert!(known.len() > 1 && known[0] != CODE);

        // One that cannot be read has a finding of its own; one that does not run, no bricks.
        volumes[0]
            .bricks
            .fail(fault(FaultKind::Busy, "", at(1_000)));
        let mut stopped = volume("b", distribute(), 2);
        define(&mut stopped, |volume| volume.status = VolumeStatus::Stopped);
        volumes.push(stopped);
        assert!(!codes(&volumes).contains(&CODE));
    }

    #[test]
    fn nothing_is_said_where_nothing_is_read_or_everything_was_read_once() {
        let cluster = snapshot(vec![volume("v", distribute(), 2)]);
        let codes = |thresholds: &Thresholds| {
            let all = findings(&cluster, at(2_000), thresholds);
            all.iter().map(|finding| finding.code).collect::<Vec<_>>()
        };
        let usual = Thresholds::default();
        assert_eq!(codes(&usual), ["data-stale"]);
        assert_eq!(codes(&usual.one_shot()), [""; 0]);
        let patient = Thresholds {
            stale: Duration::MAX,
            ..usual
        };
        assert_eq!(codes(&patient), [CODE]);
    }
}
