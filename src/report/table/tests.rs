use insta::assert_snapshot;

use crate::insight::testing::{
    at, define, disperse, distribute, fault, node, set_peer, set_task, volume,
};
use crate::model::{FaultKind, Snapshot, TaskKind, TaskState, VolumeStatus};
use crate::report::tests::{Told, draining, holes};
use crate::report::{Source, status_table};

#[test]
fn a_busy_cluster() {
    let mut scratch = volume("scratch", distribute(), 4);
    let nodes = (1..=4).map(|i| node(i, TaskState::InProgress)).collect();
    set_task(&mut scratch, TaskKind::Rebalance, &[], nodes);
    let mut backup = volume("backup", disperse(4, 2), 6);
    define(&mut backup, |volume| volume.status = VolumeStatus::Stopped);
    let mut told = Told::of(vec![draining(), scratch, backup, holes()]);
    set_peer(&mut told.snapshot, 4, |peer| peer.connected = Some(false));
    assert_snapshot!(told.told(status_table), @"
    gluster 10.3, 5 of 6 peers connected, disconnected: gl-04

      VOLUME   TYPE                         STATE      UP    USED    SIZE  USE%  TASK
    = backup   Disperse 1 x (4 + 2)         Stopped     -  160.0G  400.0G   40%  -
    X holes    Replicate 1 x 3              Started  1?/3       ?       ?     ?  ?
    ! media    Distributed-Replicate 2 x 2  Started   4/4   80.0G  200.0G   40%  remove-brick 33%
    + scratch  Distribute 4                 Started   4/4  160.0G  400.0G   40%  rebalance ~1%

    * remove-brick media: in progress, 33% by size, about 1h00m left (40m to 1h20m)
      leaving: gl-03:/bricks/media
      leaving: gl-04:/bricks/media
      NODE   STATE             FILES  MOVED  SCANNED  FAILED  SKIPPED  RUN TIME
      gl-03  in progress         100  10.0G    1,000       0        -   0:30:00
      gl-04  no answer for 4s    100  10.0G    1,000      12        -   0:30:00
      TOTAL  1 of 2 nodes        200  20.0G    2,000      12        -   0:30:00
    * rebalance scratch: in progress, ~1% by files scanned, no estimate yet: too little is done
      NODE   STATE         FILES  MOVED  SCANNED  FAILED  SKIPPED  RUN TIME
      gl-01  in progress     100  10.0G    1,000       0        0   0:30:00
      gl-02  in progress     100  10.0G    1,000       0        0   0:30:00
      gl-03  in progress     100  10.0G    1,000       0        0   0:30:00
      gl-04  in progress     100  10.0G    1,000       0        0   0:30:00
      TOTAL  4 of 4 nodes    400  40.0G    4,000       0        0   0:30:00

    X peer gl-04 is disconnected: its bricks and nodes give no answer
        Look there: systemctl status glusterd. Starting and committing remove-bricks on its bricks will be refused.
    X holes: holes-replicate-0 has 1 of 3 bricks online
        Another failure may make its files unreachable; bring the brick back and let it heal.
    X holes: brick gl-01:/bricks/holes is offline
        A remove-brick or commit that names it will be refused. Look at its log below /var/log/glusterfs/bricks.
    ! media: 12 failures on gl-04 (remove-brick, skipped files among them)
        The rebalance log of that node names the files: /var/log/glusterfs/VOLUME-rebalance.log.
    ! media: gl-04 gave no answer about its remove-brick for 4s
        Its last counters are kept; look at glusterd on that node.
    ");
}

#[test]
fn a_healthy_cluster_is_short() {
    let mut told = Told::of(vec![volume("scratch", distribute(), 2)]);
    told.source = Source::Demo;
    assert_snapshot!(told.told(status_table), @"
    simulated cluster, gluster 10.3, 2 of 2 peers connected

      VOLUME   TYPE          STATE     UP   USED    SIZE  USE%  TASK
    + scratch  Distribute 2  Started  2/2  80.0G  200.0G   40%  -
    ");
}

#[test]
fn a_commit_that_waits_is_said_in_both_places() {
    let mut state = volume("media", distribute(), 3);
    let done = vec![node(2, TaskState::Completed)];
    set_task(&mut state, TaskKind::RemoveBrick, &[1], done);
    assert_snapshot!(Told::of(vec![state]).told(status_table), @"
    gluster 10.3, 3 of 3 peers connected

      VOLUME  TYPE          STATE     UP    USED    SIZE  USE%  TASK
    ! media   Distribute 3  Started  3/3  120.0G  300.0G   40%  remove-brick commit pending

    @ remove-brick media: commit pending
      leaving: gl-02:/bricks/media
      NODE   STATE         FILES  MOVED  SCANNED  FAILED  SKIPPED  RUN TIME
      gl-02  completed       100  10.0G    1,000       0        -   0:30:00
      TOTAL  1 of 1 nodes    100  10.0G    1,000       0        -   0:30:00

    ! media: remove-brick is complete and waits for commit or retain
        Commit it, or stop it to retain the bricks.
    ");
}

#[test]
fn nodes_that_never_answered() {
    let mut media = volume("media", distribute(), 2);
    let mut never = node(2, TaskState::Unknown);
    never.reported = false;
    never.taken = None;
    never.counters = crate::model::Counters::default();
    set_task(
        &mut media,
        TaskKind::FixLayout,
        &[],
        vec![node(1, TaskState::Completed), never],
    );
    let mut early = volume("early", distribute(), 2);
    set_task(&mut early, TaskKind::Rebalance, &[], vec![]);
    assert_snapshot!(Told::of(vec![media, early]).told(status_table), @"
    gluster 10.3, 2 of 2 peers connected

      VOLUME  TYPE          STATE     UP   USED    SIZE  USE%  TASK
    + early   Distribute 2  Started  2/2  80.0G  200.0G   40%  rebalance in progress
    ! media   Distribute 2  Started  2/2  80.0G  200.0G   40%  fix-layout unknown

    * rebalance early: in progress, no estimate yet (needs 2 min)
      no node has reported
    ~ fix-layout media: unknown
      NODE   STATE          FILES  MOVED  SCANNED  FAILED  SKIPPED  RUN TIME
      gl-01  completed        100  10.0G    1,000       0        0   0:30:00
      gl-02  no answer yet      ?      ?        ?       ?        ?         ?
      TOTAL  1 of 2 nodes       ?      ?        ?       ?        ?   0:30:00

    ! media: gl-02 gave no answer about its fix-layout yet
        Its last counters are kept; look at glusterd on that node.
    ");
}

#[test]
fn nothing_could_be_read() {
    let mut told = Told::of(vec![]);
    assert_snapshot!(told.told(status_table), @"
    gluster 10.3, 1 of 1 peers connected

    no volumes
    ");
    told.snapshot = Snapshot::default();
    told.faults = vec![fault(
        FaultKind::Busy,
        "Another transaction is in progress.\nPlease try again.",
        at(0),
    )];
    assert_snapshot!(told.told(status_table), @"
    peers not known

    volumes not known

    error (busy): gluster --mode=script --xml volume status media
        Another transaction is in progress.
        Please try again.
    ");
}

#[test]
fn hostile_names_cannot_steer_the_terminal() {
    let mut state = volume("m\u{1b}[2J\u{202e}\n\u{65e5}\u{672c}", distribute(), 2);
    let mut node = node(2, TaskState::Failed);
    node.name = "gl\r\u{9b}1A".into();
    set_task(&mut state, TaskKind::RemoveBrick, &[1], vec![node]);
    let mut told = Told::of(vec![state]);
    told.faults = vec![fault(FaultKind::Refused, "\u{1b}]0;owned\u{7}", at(0))];
    let table = told.told(status_table);
    assert!(!table.chars().any(|c| c != '\n' && c.is_control()));
    assert_snapshot!(table, @"
    gluster 10.3, 2 of 2 peers connected

      VOLUME       TYPE          STATE     UP   USED    SIZE  USE%  TASK
    X m?[2J??日本  Distribute 2  Started  2/2  80.0G  200.0G   40%  remove-brick failed

    X remove-brick m?[2J??日本: failed
      leaving: gl-02:/bricks/m?[2J??日本
      NODE    STATE         FILES  MOVED  SCANNED  FAILED  SKIPPED  RUN TIME
      gl??1A  failed          100  10.0G    1,000       0        -   0:30:00
      TOTAL   1 of 1 nodes    100  10.0G    1,000       0        -   0:30:00

    X m?[2J??日本: remove-brick failed
        The volume accepts no other task until it is stopped: that gives the bricks back, and it can be started again.

    error (refused): gluster --mode=script --xml volume status media
        ?]0;owned?
    ");
}
