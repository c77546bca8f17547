//! The release, the operating version, pending heals and shared file systems.

use super::*;
use crate::insight::testing::set_heal;
use crate::model::{OpVersions, Part, Release};

fn of_release(line: &str) -> Vec<String> {
    let mut cluster = snapshot(vec![volume("v", replica(3, 0), 3)]);
    cluster.release = Release::parse(line);
    found(&cluster)
}

#[test]
fn a_release_that_loses_files_is_said_all_the_time() {
    assert_eq!(
        of_release("glusterfs 11.0"),
        ["critical version-unsafe gluster"]
    );
    assert_eq!(
        of_release("glusterfs 6.10"),
        ["info version-unsafe gluster"]
    );
    for line in ["glusterfs 8.0", "glusterfs 10.3", "glusterfs 11.1", ""] {
        assert_eq!(of_release(line), [""; 0], "{line}");
    }
}

#[test]
fn an_op_version_left_behind_is_a_warning_once_it_is_known() {
    let found = |highest| {
        let mut cluster = snapshot(vec![]);
        let current = 100_000;
        cluster.op_versions = Part::fresh(OpVersions { current, highest }, at(0));
        found(&cluster)
    };
    assert_eq!(found(Some(110_000)), ["warning opversion-mixed gluster"]);
    assert_eq!(found(Some(100_000)), [""; 0]);
    assert_eq!(found(None), [""; 0]);
}

#[test]
fn pending_heals_are_news_for_a_while() {
    let mut state = volume("v", replica(3, 0), 3);
    set_heal(&mut state, 1, Some(1));
    set_heal(&mut state, 2, None);
    let cluster = snapshot(vec![state.clone()]);
    assert_eq!(found(&cluster), ["warning heal-pending v"]);
    assert_eq!(found_at(&cluster, 601), [""; 0]);
    let said = findings(&cluster, at(5), &Thresholds::default());
    assert_eq!(
        said[0].text,
        "v: 1 entry to be healed on gl-02:/bricks/v (5s ago)"
    );
    state.heal = Part::default();
    assert_eq!(found(&snapshot(vec![state])), [""; 0]);
}

#[test]
fn bricks_on_one_file_system_are_good_to_know() {
    let mut state = volume("v", distribute(), 3);
    let peer = state.volume.bricks[0].peer.clone();
    define(&mut state, |volume| volume.bricks[1].peer = peer);
    assert_eq!(
        found(&snapshot(vec![state.clone()])),
        ["info shared-filesystem v"]
    );
    set_space(&mut state, 1, |space| {
        space.device = Some("/dev/sdc".into());
    });
    assert_eq!(found(&snapshot(vec![state])), [""; 0]);
}
