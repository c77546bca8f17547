//! Answers that are none, although they may look like one.

use super::*;

const NO_CONNECTION: &str = "Connection failed. Please check if gluster daemon is operational.\n";
const TIMED_OUT: &str = "Error : Request timed out\n";
/// Standard error of a user who is not root.
const NO_LOG: &str = "ERROR: failed to create logfile \"/var/log/glusterfs/cli.log\" (Permission denied)\nERROR: failed to open logfile /var/log/glusterfs/cli.log\n";

fn kind(command: &Command, answer: &Answer) -> FaultKind {
    failure(command, answer).kind
}

/// A refusal, as the given numbers and text.
fn refused(op_ret: i32, op_errno: i32, text: &str) -> Failure {
    let stdout = document(&format!(
        "<opRet>{op_ret}</opRet><opErrno>{op_errno}</opErrno><opErrstr>{text}</opErrstr>"
    ));
    failure(&rebalance(), &answer(0, &stdout, ""))
}

#[test]
fn a_timed_out_volume_info_ends_in_a_document_that_shows_an_empty_cluster() {
    let empty = good("<volInfo><volumes><count>0</count></volumes></volInfo>");
    let command = Command::VolumeInfo(None);
    assert_eq!(volumes(&empty).0, []);
    let late = answer(0, &format!("{TIMED_OUT}{empty}"), "");
    assert_eq!(kind(&command, &late), FaultKind::Timeout);
    let after = answer(0, &format!("{empty}{TIMED_OUT}"), "");
    assert_eq!(kind(&command, &after), FaultKind::Timeout);
}

#[test]
fn a_time_out_alone() {
    for command in [rebalance(), Command::State, Command::PoolList] {
        assert_eq!(
            kind(&command, &answer(1, TIMED_OUT, "")),
            FaultKind::Timeout
        );
    }
}

#[test]
fn no_glusterd_says_so_on_standard_output() {
    for command in [rebalance(), Command::State, remove(RemoveStep::Commit)] {
        let answer = answer(1, NO_CONNECTION, "");
        assert_eq!(kind(&command, &answer), FaultKind::DaemonDown);
    }
}

#[test]
fn another_user_than_root_gets_the_same_sentence_and_noise() {
    let answer = answer(1, NO_CONNECTION, NO_LOG);
    assert_eq!(kind(&rebalance(), &answer), FaultKind::Permission);
}

#[test]
fn release_6_exits_with_255_and_the_noise_alone() {
    assert_eq!(
        kind(&rebalance(), &answer(255, "", NO_LOG)),
        FaultKind::Permission
    );
}

#[test]
fn release_6_does_the_same_when_the_log_directory_is_read_only() {
    let noise = NO_LOG.replace("Permission denied", "Read-only file system");
    let failure = failure(&rebalance(), &answer(255, "", &noise));
    assert_eq!(failure.kind, FaultKind::BadOutput);
    assert!(failure.message.contains("Read-only"), "{failure}");
}

#[test]
fn noise_beside_a_good_document_is_no_failure() {
    let empty = good("<volList><count>0</count></volList>");
    for noise in [
        NO_LOG,
        "[2026-11-22 19:19:26] I [cli.c:828:main] 0-cli: Started\n",
    ] {
        assert!(parse(&Command::VolumeList, &answer(0, &empty, noise)).is_ok());
    }
}

#[test]
fn the_exit_code_decides_nothing() {
    let empty = good("<volList><count>0</count></volList>");
    for exit in [0, 1, 2, 22, 255] {
        assert!(parse(&Command::VolumeList, &answer(exit, &empty, "")).is_ok());
    }
}

#[test]
fn one_byte_that_xml_cannot_carry_hides_everything() {
    for stderr in [
        // libxml2 of Debian 11 to 13.
        "Entity: line 2: parser error : PCDATA invalid Char value 1\nk></bricks>\n",
        "Entity: line 2: parser error : Input is not proper UTF-8, indicate encoding !\nBytes: 0xE9 0x3C 0x2F 0x76\n",
        // The one of 2026.
        "I/O error : Invalid bytes in character encoding\nBytes: 0xE9 0x3C 0x2F 0x76\n",
    ] {
        for exit in [0, 1] {
            let failure = failure(&Command::VolumeInfo(None), &answer(exit, "", stderr));
            assert_eq!(failure.kind, FaultKind::BadOutput);
            assert!(
                failure.message.contains("a byte that XML cannot carry"),
                "{failure}"
            );
        }
    }
}

#[test]
fn nothing_at_all_with_exit_1_2_or_22() {
    for exit in [1, 2, 22] {
        let failure = failure(&rebalance(), &answer(exit, "", ""));
        assert_eq!(failure.kind, FaultKind::BadOutput);
        assert_eq!(
            failure.message,
            format!("gluster printed nothing (exit {exit}).")
        );
    }
}

#[test]
fn op_ret_may_be_1_or_minus_2() {
    for op_ret in [-1, 1, -2, 3] {
        assert_eq!(refused(op_ret, 3, "no").kind, FaultKind::Refused);
    }
}

#[test]
fn release_3_12_refuses_with_error_number_0_and_little_to_say() {
    assert_eq!(refused(-1, 0, "error").message, "error");
    assert!(refused(-1, 0, "Rebalance not started for volume media.").says_no_task());
    assert_eq!(
        refused(-1, 0, "").message,
        "gluster refused without saying why."
    );
}

#[test]
fn the_generic_form_carries_its_sentence_in_output() {
    let stdout = document(
        "<opRet>-1</opRet><opErrno>30800</opErrno><opErrstr/><cliOp>volRebalance</cliOp><output>Volume V does not exist</output>",
    );
    let failure = failure(&rebalance(), &answer(1, &stdout, ""));
    assert_eq!(
        failure,
        Failure::new(FaultKind::Refused, "Volume V does not exist")
    );
}

#[test]
fn a_lock_is_told_by_number_or_text_in_old_and_new_words() {
    for (errno, text) in [
        (
            30802,
            "Another transaction is in progress. Please try again after some time.",
        ),
        (
            30800,
            "Locking failed on gl-02. Please check log file for details.\nLocking failed on gl-03. Please check log file for details.",
        ),
        (
            0,
            "Another transaction is in progress for media. Please try again after sometime.",
        ),
        (
            0,
            "Another transaction could be in progress. Please try again after sometime.",
        ),
    ] {
        let failure = refused(-1, errno, text);
        assert_eq!(
            (failure.kind, failure.message.as_str()),
            (FaultKind::Busy, text)
        );
    }
}

#[test]
fn staging_became_pre_validation_in_release_9() {
    for text in [
        "Staging failed on gl-02. Error: use 'force' option as migration is in progress",
        "Pre Validation failed on gl-02. use 'force' option as migration is in progress",
    ] {
        assert_eq!(
            refused(-1, 30800, text),
            Failure::new(FaultKind::Refused, text)
        );
    }
}

#[test]
fn after_a_restart_peers_may_not_know_the_task_that_the_asked_node_knows() {
    let text = "Pre Validation failed on gl-02. Rebalance not started for volume media.\nPre Validation failed on gl-03. Rebalance not started for volume media.";
    let failure = refused(-1, 30800, text);
    assert_eq!(failure.message, text);
    assert!(!failure.says_no_task());
}

#[test]
fn brick_operations_fail_for_ever_after_a_crash_of_all() {
    for text in [
        "brick operations failed. Check log file for more details",
        "Brick ops failed on gl-02. brick operations failed. Check log file for more details",
        "Brick ops failed on gl-02. Glusterd Syncop Mgmt brick op 'Rebalance' failed. Please check brick log file for details.",
    ] {
        let failure = refused(-1, 30800, text);
        assert_eq!(failure.kind, FaultKind::Refused);
        assert!(!failure.says_no_task() && !failure.says_not_started());
    }
}

#[test]
fn before_release_3_9_a_missing_volume_is_an_empty_list() {
    let empty = good("<volInfo><volumes><count>0</count></volumes></volInfo>");
    let command = Command::VolumeInfo(Some("nosuch".into()));
    assert_eq!(
        failure(&command, &answer(0, &empty, "")),
        Failure::new(FaultKind::Refused, "Volume nosuch does not exist")
    );
}

#[test]
fn a_question_without_script_mode_does_nothing_and_exits_with_0() {
    let asked = "Remove-brick force will not migrate files from the removed bricks. Do you want to continue? (y/n) gluster cli read error\nInvalid input, please enter y/n\n";
    let failure = failure(&remove(RemoveStep::Force), &answer(0, asked, ""));
    assert_eq!(failure.kind, FaultKind::BadOutput);
    assert!(
        failure.message.starts_with("gluster asked a question"),
        "{failure}"
    );
}

#[test]
fn usage_and_unknown_words_are_told_by_their_first_line() {
    let usage =
        "Usage:\nvolume rebalance <VOLNAME> {{fix-layout start} | {start [force]|stop|status}}\n\n";
    for (answer, start) in [
        (answer(1, "", usage), "Usage: volume rebalance"),
        (
            answer(1, "unrecognized word: bogus (position 1)\n\nmore\n", ""),
            "unrecognized word",
        ),
        (
            answer(255, "unrecognized option --nonsense\n", ""),
            "unrecognized option",
        ),
    ] {
        let failure = failure(&rebalance(), &answer);
        assert_eq!(failure.kind, FaultKind::BadOutput);
        assert!(failure.message.starts_with(start), "{failure}");
    }
}

#[test]
fn a_document_that_stops_anywhere_is_no_answer() {
    let whole = include_str!("../fixtures/traps/fix-layout-status.xml").trim_end();
    for end in 0..whole.len() {
        let cut = answer(0, &whole[..end], "");
        assert_eq!(kind(&rebalance(), &cut), FaultKind::BadOutput, "{end}");
    }
    assert!(parse(&rebalance(), &answer(0, whole, "")).is_ok());
}

#[test]
fn a_good_document_of_the_wrong_sort_is_no_answer() {
    let peers = good("<peerStatus/>");
    for command in [
        Command::VolumeList,
        Command::VolumeInfo(None),
        status(StatusView::Plain),
        rebalance(),
        remove(RemoveStep::Commit),
        Command::RebalanceStop("media".into()),
    ] {
        assert_eq!(kind(&command, &answer(0, &peers, "")), FaultKind::BadOutput);
    }
    for body in ["<volRebalance/>", "<volRebalance><op>1</op></volRebalance>"] {
        assert_eq!(
            kind(&rebalance(), &answer(0, &good(body), "")),
            FaultKind::BadOutput
        );
    }
    // `status all` leaves out a volume that fails, and still reports success.
    let none = good("<volStatus><volumes/></volStatus>");
    assert_eq!(
        kind(&status(StatusView::Plain), &answer(0, &none, "")),
        FaultKind::BadOutput
    );
}

#[test]
fn other_xml_and_a_document_without_a_verdict_are_no_answers() {
    for text in [
        "<html><body>502</body></html>".to_owned(),
        document("<volRebalance/>"),
        document("<opRet>(null)</opRet>"),
        good("<volRebalance><node><files>1</node></volRebalance>"),
        good("<volRebalance>&undefined;</volRebalance>"),
    ] {
        assert_eq!(
            kind(&rebalance(), &answer(0, &text, "")),
            FaultKind::BadOutput,
            "{text}"
        );
    }
}
