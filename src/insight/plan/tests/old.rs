//! What was judged by data that may be old.

use super::*;
use crate::insight::testing::{at, fault};
use crate::model::FaultKind;

/// Expects that a fault turns the check that says this from a pass into a doubt.
fn doubts(command: &Command, words: &str, fail: impl FnOnce(&mut Snapshot, &mut VolumeState)) {
    let mut state = volume("v", distribute(), 3);
    let fresh = snapshot(vec![state.clone()]);
    assert_eq!(find(&of(&fresh, command), words), Mark::Pass);
    let mut cluster = fresh;
    fail(&mut cluster, &mut state);
    cluster.volumes = Part::fresh(vec![state.into()], at(0));
    let plan = of(&cluster, command);
    assert_eq!(find(&plan, words), Mark::Unknown, "{plan:#?}");
    let told = plan
        .checks
        .iter()
        .filter(|c| c.text.contains("as of the last answer"));
    assert!(told.count() > 0, "{plan:#?}");
}

#[test]
fn nothing_passes_on_an_answer_that_may_be_old() {
    let failed = || fault(FaultKind::Timeout, "", at(3));
    let start = remove(&volume("v", distribute(), 3), &[1], RemoveStep::Start);
    doubts(&start, "no rebalance and no", |_, v| v.task.fail(failed()));
    doubts(&start, "bricks are online", |_, v| v.bricks.fail(failed()));
    doubts(&start, "that stays is online", |_, v| {
        v.bricks.fail(failed());
    });
    doubts(&start, "fits:", |_, v| v.space.fail(failed()));
    doubts(&start, "hosts are connected", |s, _| s.peers.fail(failed()));
    doubts(&rebalance(), "every brick online", |_, v| {
        v.bricks.fail(failed());
    });
    doubts(&rebalance(), "no rebalance and no", |_, v| {
        v.task.fail(failed());
    });
}

#[test]
fn a_refusal_stands_however_old_the_answer() {
    let plan = start(|state| {
        set_online(state, 1, Some(false));
        state.bricks.fail(fault(FaultKind::Busy, "", at(3)));
    });
    assert_eq!(find(&plan, "gl-02:/bricks/v is offline"), Mark::Refuse);
}
