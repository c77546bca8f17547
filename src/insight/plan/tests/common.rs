//! Checks of the pool and of options, which several operations share.

use super::*;
use crate::insight::testing::{at, fault, set_option};
use crate::model::{FaultKind, OpVersions, Release};

const SHARD: &str = "features.shard";
const LOOKUP: &str = "cluster.lookup-optimize";
const FORCE: &str = "cluster.force-migration";

/// The check of this code, if there is one.
fn mark(plan: &Plan, code: &str) -> Option<Mark> {
    let check = plan.checks.iter().find(|check| check.code == code)?;
    Some(check.mark)
}

fn fix_layout() -> Command {
    Command::RebalanceStart {
        volume: VolumeName::new("v"),
        mode: RebalanceMode::FixLayout,
    }
}

/// Plans of a drain, a rebalance and a fix-layout in a pool changed first.
fn plans(change: impl Fn(&mut Snapshot)) -> [Plan; 3] {
    let state = volume("v", distribute(), 3);
    let drain = remove(&state, &[1], RemoveStep::Start);
    let mut cluster = snapshot(vec![state]);
    change(&mut cluster);
    [drain, rebalance(), fix_layout()].map(|command| of(&cluster, &command))
}

#[test]
fn a_release_that_loses_files_moves_none() {
    use Mark::{Pass, Refuse, Unknown};
    let marks = |line: &str| {
        let release = Release::parse(line);
        plans(|cluster| cluster.release = release).map(|plan| mark(&plan, "release"))
    };
    for line in ["glusterfs 10.3", "glusterfs 11.1", "glusterfs 6.10"] {
        assert_eq!(marks(line), [Some(Pass), Some(Pass), None], "{line}");
    }
    assert_eq!(marks("glusterfs 11.0"), [Some(Refuse), Some(Refuse), None]);
    assert_eq!(marks(""), [Some(Unknown), Some(Unknown), None]);
}

#[test]
fn an_op_version_below_the_highest_is_a_warning() {
    let marks = |current, highest| {
        plans(|cluster| {
            cluster.op_versions = Part::fresh(OpVersions { current, highest }, at(0));
        })
        .map(|plan| mark(&plan, "opversion-mixed"))
    };
    assert_eq!(marks(100_000, Some(100_000)), [Some(Mark::Pass); 3]);
    assert_eq!(marks(90_000, Some(100_000)), [Some(Mark::Warn); 3]);
    assert_eq!(marks(90_000, None), [Some(Mark::Unknown); 3]);
    let [unread, ..] = plans(|cluster| cluster.op_versions = Part::default());
    assert_eq!(find(&unread, "op-version: being looked at"), Mark::Unknown);
    let [failed, ..] = plans(|cluster| {
        cluster.op_versions = Part::default();
        cluster
            .op_versions
            .fail(fault(FaultKind::Timeout, "late", at(1)));
    });
    assert_eq!(find(&failed, "op-version: not known (late)"), Mark::Unknown);
}

#[test]
fn force_migration_is_said_as_gluster_would() {
    for (value, expected) in [
        ("on", Mark::Warn),
        ("enable", Mark::Warn),
        ("off", Mark::Pass),
    ] {
        let drain = start(|s| set_option(s, FORCE, value));
        assert_eq!(mark(&drain, "force-migration"), Some(expected), "{value}");
    }
    let set = start(|s| define(s, |v| drop(v.options.insert(FORCE.into(), "on".into()))));
    assert_eq!(mark(&set, "force-migration"), Some(Mark::Warn));
    let old = start(|_| {});
    assert_eq!(mark(&old, "force-migration"), None, "no such option there");
    let unread = start(|s| s.effective = Part::default());
    assert_eq!(
        find(&unread, "force-migration: being looked at"),
        Mark::Unknown
    );
    let state = {
        let mut state = volume("v", distribute(), 3);
        set_option(&mut state, FORCE, "on");
        state
    };
    let cluster = snapshot(vec![state]);
    assert_eq!(
        mark(&of(&cluster, &rebalance()), "force-migration"),
        Some(Mark::Warn)
    );
    assert_eq!(mark(&of(&cluster, &fix_layout()), "force-migration"), None);
}

#[test]
fn sharded_files_do_not_move_where_they_may_be_overlooked() {
    let plan = |options: &[(&str, &str)]| {
        let plan = start(|s| {
            for (key, value) in options {
                set_option(s, key, value);
            }
        });
        mark(&plan, "shard-lookup-optimize")
    };
    assert_eq!(plan(&[(SHARD, "on"), (LOOKUP, "on")]), Some(Mark::Refuse));
    assert_eq!(
        plan(&[(SHARD, "enable"), (LOOKUP, "off")]),
        Some(Mark::Pass)
    );
    assert_eq!(plan(&[(SHARD, "off"), (LOOKUP, "on")]), None);
    let unread = start(|s| {
        define(s, |v| drop(v.options.insert(SHARD.into(), "on".into())));
        s.effective = Part::default();
    });
    assert_eq!(mark(&unread, "shard-lookup-optimize"), Some(Mark::Unknown));
}

#[test]
fn snapshots_and_geo_replication_are_told_before_they_are_in_the_way() {
    let plan = |snapshots, geo_sessions| {
        start(|s| {
            s.own.snapshots = snapshots;
            s.own.geo_sessions = geo_sessions;
        })
    };
    let two = plan(Some(2), Some(1));
    assert_eq!(find(&two, "2 snapshots exist: they keep using"), Mark::Warn);
    assert_eq!(
        find(&two, "1 geo-replication session active: stop it"),
        Mark::Warn
    );
    let one = plan(Some(1), Some(0));
    assert_eq!(find(&one, "1 snapshot exists: it keeps using"), Mark::Warn);
    assert_eq!(find(&one, "no active geo-replication"), Mark::Pass);
    let unknown = plan(None, None);
    assert_eq!(
        find(&unknown, "snapshots: not told by get-state"),
        Mark::Unknown
    );
    assert_eq!(
        find(&unknown, "geo-replication: no get-state"),
        Mark::Unknown
    );
    let elsewhere = plan(Some(0), None);
    assert_eq!(find(&elsewhere, "has no brick of v"), Mark::Unknown);
}

#[test]
fn a_commit_waits_for_the_end_of_geo_replication() {
    let plan = |geo_sessions, change: fn(&mut VolumeState)| {
        let mut state = volume("v", distribute(), 3);
        let nodes = vec![node(2, TaskState::Completed)];
        set_task(&mut state, TaskKind::RemoveBrick, &[1], nodes);
        state.own.geo_sessions = geo_sessions;
        change(&mut state);
        let command = remove(&state, &[1], RemoveStep::Commit);
        of(&snapshot(vec![state]), &command)
    };
    let quiet = plan(Some(0), |_| {});
    assert!(
        quiet.checks.iter().all(|check| check.mark == Mark::Pass),
        "{quiet:#?}"
    );
    let busy = plan(Some(2), |_| {});
    assert_eq!(
        find(&busy, "2 geo-replication sessions active"),
        Mark::Refuse
    );
    let unknown = plan(None, |_| {});
    assert_eq!(mark(&unknown, "geo-replication"), Some(Mark::Unknown));
    let offline = plan(Some(0), |s| set_online(s, 0, Some(false)));
    assert_eq!(find(&offline, "gl-01:/bricks/v is offline"), Mark::Warn);
    let silent = plan(Some(0), |s| set_online(s, 0, None));
    assert_eq!(
        find(&silent, "whether gl-01:/bricks/v is online"),
        Mark::Unknown
    );
}

#[test]
fn glusters_own_volume_is_named_as_such() {
    let mut state = volume("gluster_shared_storage", distribute(), 3);
    state.task = Part::fresh(None, at(0));
    let name = state.volume.name.clone();
    let bricks = names(&state, &[1]);
    let cluster = snapshot(vec![state]);
    let remove = |step| Command::RemoveBrick {
        volume: name.clone(),
        bricks: bricks.clone(),
        replica: None,
        step,
    };
    let start = of(&cluster, &remove(RemoveStep::Start));
    assert_eq!(mark(&start, "shared-storage"), Some(Mark::Warn));
    let force = of(&cluster, &remove(RemoveStep::Force));
    assert_eq!(mark(&force, "shared-storage"), Some(Mark::Danger));
    assert_eq!(mark(&plans(|_| {})[0], "shared-storage"), None);
}

#[test]
fn the_checks_have_an_order() {
    let mut state = volume("v", replica(3, 0), 6);
    set_option(&mut state, FORCE, "off");
    set_option(&mut state, SHARD, "on");
    set_option(&mut state, LOOKUP, "off");
    let command = remove(&state, &[3, 4, 5], RemoveStep::Start);
    let plan = of(&snapshot(vec![state]), &command);
    let codes: Vec<_> = plan.checks.iter().map(|check| check.code).collect();
    assert_eq!(
        codes,
        [
            "legal",
            "started",
            "bricks-online",
            "hosts-connected",
            "no-task",
            "fits",
            "nothing-to-heal",
            "snapshots",
            "geo-replication",
            "force-migration",
            "shard-lookup-optimize",
            "opversion-mixed",
            "release",
            "shared-filesystem",
        ]
    );
    assert!(
        plan.checks.iter().all(|check| check.mark == Mark::Pass),
        "{plan:#?}"
    );
}
