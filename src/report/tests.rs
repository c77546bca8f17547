//! What both reports are given in their tests, and which part of it they choose.

use super::*;
use crate::insight::finding::{self, Thresholds};
use crate::insight::testing::{
    at, distribute, fault, node, replica, set_online, set_peer, set_space, set_task, snapshot,
    volume,
};
use crate::model::{FaultKind, Part, Peer, TaskKind, TaskState};

/// A cluster, four seconds after it was read.
pub(super) struct Told {
    pub(super) snapshot: Snapshot,
    pub(super) faults: Vec<Fault>,
    pub(super) source: Source,
    pub(super) only: Vec<VolumeName>,
}

impl Told {
    pub(super) fn of(volumes: Vec<VolumeState>) -> Self {
        Self {
            snapshot: snapshot(volumes),
            faults: vec![],
            source: Source::Local,
            only: vec![],
        }
    }

    /// What a report makes of it.
    pub(super) fn told<T>(&self, report: impl FnOnce(&StatusInput<'_>) -> T) -> T {
        let findings = finding::findings(&self.snapshot, at(4), &Thresholds::default());
        report(&StatusInput {
            snapshot: &self.snapshot,
            findings: &findings,
            faults: &self.faults,
            now: at(4),
            source: self.source,
            only: &self.only,
        })
    }
}

/// A volume of two replica sets, of which the second drains; one of its two nodes is silent.
pub(super) fn draining() -> VolumeState {
    let mut state = volume("media", replica(2, 0), 4);
    let mut silent = node(4, TaskState::InProgress);
    silent.reported = false;
    silent.counters.failures = Some(12);
    let nodes = vec![node(3, TaskState::InProgress), silent];
    set_task(&mut state, TaskKind::RemoveBrick, &[2, 3], nodes);
    state
}

/// A volume with a brick offline, a silent one, and one of unknown size.
pub(super) fn holes() -> VolumeState {
    let mut state = volume("holes", replica(3, 0), 3);
    set_online(&mut state, 0, Some(false));
    set_online(&mut state, 1, None);
    for brick in 0..3 {
        set_space(&mut state, brick, |space| space.free = None);
    }
    state.task = Part::default();
    state
}

fn health(told: &Told) -> &'static str {
    told.told(|input| input.health().as_str())
}

#[test]
fn health_is_the_worst_finding() {
    let well = || volume("v", distribute(), 2);
    assert_eq!(health(&Told::of(vec![well()])), "ok");
    assert_eq!(health(&Told::of(vec![])), "ok");
    assert_eq!(health(&Told::of(vec![draining()])), "warning");
    assert_eq!(health(&Told::of(vec![well(), holes()])), "critical");
}

#[test]
fn what_was_not_read_is_not_well() {
    let mut unread = Told::of(vec![]);
    unread.snapshot = Snapshot::default();
    assert_eq!(health(&unread), "unknown");
    let mut silent = volume("v", distribute(), 2);
    silent.bricks = Part::default();
    assert_eq!(health(&Told::of(vec![silent])), "unknown");
}

#[test]
fn chosen_volumes_come_with_what_concerns_them_and_the_pool() {
    let mut told = Told::of(vec![volume("gl-02", distribute(), 1), draining(), holes()]);
    set_peer(&mut told.snapshot, 2, |peer: &mut Peer| {
        peer.connected = Some(false);
    });
    told.faults = vec![fault(FaultKind::Busy, "", at(0))];
    let codes = |told: &Told| {
        told.told(|input| {
            input
                .findings()
                .map(|finding| finding.code)
                .collect::<Vec<_>>()
        })
    };
    let pool = "peer-disconnected";
    assert_eq!(
        codes(&told),
        [
            pool,
            "subvolume-degraded",
            "brick-offline",
            "task-failures",
            "node-silent"
        ]
    );
    told.only = vec!["media".into(), "nowhere".into()];
    assert_eq!(codes(&told), [pool, "task-failures", "node-silent"]);
    told.only = vec!["holes".into()];
    assert_eq!(codes(&told), [pool, "subvolume-degraded", "brick-offline"]);
    told.only = vec!["gl-02".into()];
    assert_eq!(codes(&told), [pool], "a peer may have the name of a volume");
}

#[test]
fn volumes_that_do_not_exist_are_told_apart_from_those_that_are_not_known() {
    let mut told = Told::of(vec![draining()]);
    told.only = vec!["media".into(), "nowhere".into()];
    let missing = |told: &Told| told.told(|input| input.missing().count());
    assert_eq!(missing(&told), 1);
    told.snapshot.volumes = Part::default();
    assert_eq!(missing(&told), 0);
}
