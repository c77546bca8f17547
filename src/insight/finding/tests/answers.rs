//! Findings about questions that were not answered, or not in time.

use super::*;
use crate::insight::testing::fault;
use crate::model::{Asking, Part};

#[test]
fn a_busy_lock_is_worth_a_finding_after_a_while() {
    let mut state = volume("v", distribute(), 2);
    state.bricks.fail(fault(FaultKind::Busy, "Another", at(10)));
    let cluster = snapshot(vec![state.clone()]);
    assert_eq!(found_at(&cluster, 39), [""; 0]);
    assert_eq!(found_at(&cluster, 40), ["warning lock-busy v"]);
    state.task.fail(fault(FaultKind::Timeout, "", at(20)));
    assert_eq!(
        found_at(&snapshot(vec![state]), 30),
        ["warning data-stale v"],
        "a young busy lock does not hide the time-out"
    );
}

#[test]
fn a_question_of_a_volume_that_fails_in_any_way_is_told_after_a_while() {
    for kind in [
        FaultKind::Refused,
        FaultKind::BadOutput,
        FaultKind::Spawn,
        FaultKind::DaemonDown,
    ] {
        let mut state = volume("v", distribute(), 2);
        state.space.fail(fault(kind, "No.\nNever.", at(10)));
        let mut cluster = snapshot(vec![state]);
        assert_eq!(found_at(&cluster, 39), [""; 0], "{kind}");
        assert_eq!(found_at(&cluster, 40), ["warning data-stale v"], "{kind}");
        let all = findings(&cluster, at(10), &Thresholds::default().one_shot());
        assert_eq!(
            all[0].text, "v: No. (0s)",
            "no later reading makes up for it"
        );
        cluster
            .volumes
            .fail(fault(FaultKind::DaemonDown, "", at(12)));
        let of_volume = usize::from(kind != FaultKind::DaemonDown);
        assert_eq!(found_at(&cluster, 50).len(), 1 + of_volume, "{kind}");
    }
}

#[test]
fn a_volume_that_cannot_be_read_does_not_make_the_others_old() {
    let unreadable = |taken| {
        let mut cluster = snapshot(vec![volume("v", distribute(), 2)]);
        cluster.volumes = Part::fresh(cluster.volumes().to_vec(), at(taken));
        let fault = fault(FaultKind::BadOutput, "Not good XML.", at(10));
        cluster.volumes.fail(fault);
        findings(&cluster, at(40), &Thresholds::default())
    };
    let all = unreadable(30);
    assert_eq!((all.len(), all[0].severity), (1, Severity::Warning));
    assert_eq!(
        all[0].text,
        "a volume cannot be read (30s): Not good XML. $ gluster --mode=script --xml volume status media"
    );
    let all = unreadable(20);
    assert!(all[0].text.ends_with("shown is what was known 20s ago"));
}

#[test]
fn one_reading_is_not_stale_however_long_it_took() {
    let cluster = snapshot(vec![volume("v", distribute(), 2)]);
    assert_eq!(
        findings(&cluster, at(600), &Thresholds::default().one_shot()),
        []
    );
}

#[test]
fn a_daemon_that_is_down_is_the_worst_news() {
    let mut cluster = snapshot(vec![volume("v", distribute(), 2)]);
    cluster
        .volumes
        .fail(fault(FaultKind::DaemonDown, "Connection failed.", at(10)));
    let all = findings(&cluster, at(40), &Thresholds::default());
    assert_eq!(
        (all[0].code, all[0].text.as_str()),
        (
            "daemon-down",
            "glusterd on this node does not answer (30s); shown is what was known 40s ago"
        )
    );
    assert_eq!(all[0].severity, Severity::Critical);
}

#[test]
fn old_data_is_said_to_be_old() {
    let mut cluster = snapshot(vec![]);
    let stale = |cluster: &Snapshot, seconds| {
        findings(cluster, at(seconds), &Thresholds::default())
            .into_iter()
            .map(|f| (f.severity, f.code, f.text))
            .next()
    };
    assert_eq!(stale(&cluster, 15), None);
    assert_eq!(
        stale(&cluster, 16).map(|f| f.2).as_deref(),
        Some("no new data; shown is what was known 16s ago")
    );
    cluster.asking = Some(Asking {
        question: "gluster pool list".into(),
        since: at(2),
    });
    assert_eq!(stale(&cluster, 7), None);
    assert_eq!(
        stale(&cluster, 8),
        Some((
            Severity::Warning,
            "no-answer",
            "gluster pool list: no answer for 6s".into()
        ))
    );
    cluster.asking = None;
    let mut unread = Snapshot {
        volumes: Part::default(),
        ..cluster
    };
    unread
        .volumes
        .fail(fault(FaultKind::NotFound, "no gluster\nhere", at(0)));
    assert_eq!(
        stale(&unread, 5),
        Some((
            Severity::Critical,
            "data-stale",
            "no gluster (5s); nothing could be read yet".into()
        ))
    );
}
