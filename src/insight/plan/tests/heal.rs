//! What waits for healing.

use super::*;
use crate::insight::testing::{at, disperse, fault, set_heal};
use crate::model::FaultKind;

fn heal(plan: &Plan) -> Option<(Mark, &str)> {
    let check = plan
        .checks
        .iter()
        .find(|check| check.code == remove::HEAL)?;
    Some((check.mark, check.text.as_str()))
}

/// Plans to take the last copy of both sets of a 2 x 3 volume.
fn fewer_copies(change: impl FnOnce(&mut VolumeState)) -> Plan {
    let mut state = volume("v", replica(3, 0), 6);
    change(&mut state);
    let bricks = names(&state, &[2, 5]);
    let command = remove_named(bricks, Some(2), RemoveStep::Force);
    of(&snapshot(vec![state]), &command)
}

#[test]
fn copies_leave_only_when_nothing_waits_for_healing() {
    assert_eq!(
        heal(&fewer_copies(|_| {})),
        Some((Mark::Pass, "nothing to heal"))
    );
    let waiting = fewer_copies(|s| {
        set_heal(s, 1, Some(1_204));
        set_heal(s, 3, Some(7));
    });
    assert_eq!(
        heal(&waiting),
        Some((
            Mark::Refuse,
            "1,204 entries wait for healing on gl-02:/bricks/v: the only good copy might be on a brick you remove. Heal first, or look: gluster volume heal v info"
        ))
    );
    // A brick that cannot be asked may be the one that has it; what others count is enough.
    let silent = |s: &mut VolumeState| set_heal(s, 4, None);
    let (mark, text) = (fewer_copies(silent), "no answer from gl-05:/bricks/v");
    assert_eq!(find(&mark, text), Mark::Unknown);
    let both = fewer_copies(|s| {
        silent(s);
        set_heal(s, 0, Some(1));
    });
    assert_eq!(
        find(&both, "1 entry waits for healing on gl-01"),
        Mark::Refuse
    );
    let missing = fewer_copies(|s| {
        let mut heal = s.heal.get().cloned().unwrap();
        heal.bricks.pop();
        s.heal = Part::fresh(heal, at(0));
    });
    assert_eq!(
        find(&missing, "no answer from gl-06:/bricks/v"),
        Mark::Unknown
    );
}

#[test]
fn split_brain_is_told() {
    let plan = fewer_copies(|s| {
        let mut heal = s.heal.get().cloned().unwrap();
        heal.bricks[0].entries = Some(9);
        heal.bricks[0].split_brain = Some(3);
        s.heal = Part::fresh(heal, at(0));
    });
    assert_eq!(
        find(
            &plan,
            "9 entries wait for healing on gl-01:/bricks/v (3 in split-brain)"
        ),
        Mark::Refuse
    );
}

#[test]
fn what_was_not_counted_is_a_doubt() {
    let unread = fewer_copies(|s| s.heal = Part::default());
    assert_eq!(
        heal(&unread),
        Some((Mark::Unknown, "pending heals: being looked at"))
    );
    assert!(unread.checks.iter().any(|check| check.pending));
    let failed = fewer_copies(|s| {
        s.heal = Part::default();
        s.heal
            .fail(fault(FaultKind::BadOutput, "Usage: volume heal", at(1)));
    });
    assert_eq!(
        heal(&failed),
        Some((
            Mark::Unknown,
            "pending heals: not known (Usage: volume heal)"
        ))
    );
    let old = fewer_copies(|s| s.heal.fail(fault(FaultKind::Timeout, "late", at(1))));
    assert_eq!(heal(&old).unwrap().0, Mark::Unknown, "nothing passes on it");
    let stopped = fewer_copies(|s| {
        s.heal = Part::default();
        define(s, |v| v.status = VolumeStatus::Stopped);
    });
    assert!(heal(&stopped).unwrap().1.contains("not started"));
}

#[test]
fn whole_sets_may_go_with_a_warning() {
    for (layout, step) in [
        (replica(3, 0), RemoveStep::Start),
        (disperse(2, 1), RemoveStep::Start),
        (replica(3, 0), RemoveStep::Force),
    ] {
        let plan = |change: fn(&mut VolumeState)| {
            let mut state = volume("v", layout, 6);
            change(&mut state);
            let command = remove(&state, &[3, 4, 5], step);
            of(&snapshot(vec![state]), &command)
        };
        assert_eq!(heal(&plan(|_| {})), Some((Mark::Pass, "nothing to heal")));
        let waiting = plan(|s| set_heal(s, 0, Some(2)));
        assert_eq!(find(&waiting, "2 entries wait for healing"), Mark::Warn);
        let silent = plan(|s| set_heal(s, 4, None));
        assert_eq!(find(&silent, "no answer from gl-05"), Mark::Unknown);
        let elsewhere = plan(|s| set_heal(s, 1, None));
        assert_eq!(find(&elsewhere, "nothing to heal"), Mark::Pass, "it stays");
    }
    assert_eq!(heal(&start(|_| {})), None, "single bricks heal nothing");
}

#[test]
fn pending_heals_are_the_only_refusal_that_can_be_overridden() {
    let waiting = || fewer_copies(|s| set_heal(s, 1, Some(4)));
    assert!(waiting().is_refused_for_heals_alone());
    let accepted = waiting().with_heal_overridden();
    assert_eq!(accepted.refusal(), None);
    assert_eq!(heal(&accepted).unwrap().0, Mark::Danger);
    assert_eq!(waiting().objections(&accepted), [""; 0], "more of the same");
    assert_eq!(waiting().objections(&fewer_copies(|_| {})).len(), 1);

    let down = fewer_copies(|s| {
        set_heal(s, 1, Some(4));
        for brick in [0, 1] {
            set_online(s, brick, Some(false));
        }
    });
    assert!(!down.is_refused_for_heals_alone());
    let overridden = down.clone().with_heal_overridden();
    assert!(
        overridden
            .refusal()
            .unwrap()
            .contains("would keep no brick")
    );
    assert_eq!(down.objections(&accepted).len(), 1);
    assert!(!fewer_copies(|_| {}).is_refused_for_heals_alone());
}
