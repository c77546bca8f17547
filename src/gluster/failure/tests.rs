use super::*;

fn refused(text: &str) -> Failure {
    verdict::refusal(Some(30800), text)
}

#[test]
fn every_recorded_lock_text_is_busy() {
    for text in [
        "Another transaction is in progress for V. Please try again after some time.",
        "Another transaction is in progress. Please try again after sometime",
        "another transaction could be in progress. Please try again after some time.",
        "Locking failed on gl-02. Please check log file for details.\nLocking failed on gl-03. Please check log file for details.",
    ] {
        assert_eq!(refused(text).kind, FaultKind::Busy, "{text}");
    }
    assert_eq!(verdict::refusal(Some(30802), "").kind, FaultKind::Busy);
}

#[test]
fn a_lock_text_inside_a_name_or_beside_a_failed_commit_is_not_busy() {
    for text in [
        "Incorrect brick h:/another transaction is in progress for volume V",
        "Commit failed on gl-02. Please check log file for details.\nLocking failed on gl-03. Please check log file for details.",
        "error",
        "",
    ] {
        assert_eq!(refused(text).kind, FaultKind::Refused, "{text}");
    }
}

#[test]
fn only_the_asked_node_can_say_that_there_is_no_task() {
    for (text, no_task) in [
        ("Rebalance not started for volume V.", true),
        ("Rebalance not started.", true),
        ("remove-brick not started for volume V.", true),
        (
            "Pre Validation failed on gl-02. Rebalance not started for volume V.",
            false,
        ),
        ("Volume V does not exist", false),
        (
            "brick operations failed. Check log file for more details",
            false,
        ),
    ] {
        assert_eq!(refused(text).says_no_task(), no_task, "{text}");
    }
    let timeout = Failure::new(FaultKind::Timeout, "Rebalance not started for volume V.");
    assert!(!timeout.says_no_task());
}

#[test]
fn a_stopped_volume_is_told_from_one_that_does_not_exist() {
    for (text, not_started) in [
        ("Volume V is not started", true),
        ("Volume V needs to be started to perform rebalance", true),
        (
            "Volume V needs to be started before remove-brick (you can use 'force' or 'commit' to override this behavior)",
            true,
        ),
        ("Volume V is not in the started state", true),
        ("Volume V does not exist", false),
        ("Volume V already started", false),
    ] {
        assert_eq!(refused(text).says_not_started(), not_started, "{text}");
    }
}

#[test]
fn a_process_that_finishes_its_file_is_told_by_any_node() {
    for (text, still) in [
        ("Rebalance on v is already started", true),
        (
            "Rebalance is in progress. Please retry after completion",
            true,
        ),
        (
            "Staging failed on gl-02. Error: Rebalance is in progress. Please retry after completion",
            true,
        ),
        (
            "Pre Validation failed on gl-03. Rebalance on v is already started",
            true,
        ),
        ("Volume v already started", false),
        (
            "An earlier remove-brick task exists for volume v. Either commit it or stop it",
            false,
        ),
    ] {
        assert_eq!(refused(text).says_still_running(), still, "{text}");
    }
    let lock = "Another transaction is in progress for v. Please try again after some time.";
    assert!(!refused(lock).says_still_running());
}
