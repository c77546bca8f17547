//! The checks of a dialog: all of them where there is room, no doubt left out where there is none.

use std::sync::Arc;

use insta::assert_snapshot;

use super::dialogs::open;
use crate::app::Model;
use crate::app::dialog::{Focus, Kind, Rebalance, Remove};
use crate::model::{BrickHeal, Heal, OpVersions, Part, VolumeState};
use crate::ui::testing::{ago, alter, ascii, model};
use crate::ui::text;

/// The pool of the pictures without a task on this volume, after a dialog was told all.
fn inspected(name: &str, change: impl FnOnce(&mut VolumeState)) -> Model {
    let mut model = model();
    alter(&mut model, name, |state| {
        state.task = Part::fresh(None, ago(3));
        state.effective = Part::fresh(
            Arc::new([("cluster.force-migration".to_owned(), "off".to_owned())].into()),
            ago(3),
        );
        let bricks = state.volume.bricks.iter().map(|brick| BrickHeal {
            brick: brick.name.clone(),
            entries: Some(0),
            split_brain: Some(0),
        });
        let bricks = bricks.collect();
        state.heal = Part::fresh(Heal { bricks }, ago(3));
        state.own.snapshots = Some(0);
        state.own.geo_sessions = Some(0);
        change(state);
    });
    let versions = OpVersions {
        current: 110_000,
        highest: Some(110_000),
    };
    Arc::make_mut(&mut model.snapshot).op_versions = Part::fresh(versions, ago(3));
    model
}

fn third_set(model: &Model) -> Kind {
    let media = model.snapshot.volume(&"media".into()).unwrap();
    let leaving = media.volume.bricks[6..]
        .iter()
        .map(|brick| brick.name.clone());
    Kind::Remove(Remove::new("media".into(), leaving.collect()))
}

#[test]
fn a_drain_that_may_begin() {
    let mut model = inspected("media", |state| state.own.snapshots = Some(2));
    let kind = third_set(&model);
    open(&mut model, kind);
    for (width, height) in [(80, 24), (120, 40), (40, 10)] {
        let name = format!("checks_pass_{width}x{height}");
        assert_snapshot!(name, text(&model, &ascii(), width, height));
    }
}

fn troubled() -> Model {
    let mut model = inspected("media", |state| {
        state.own.snapshots = Some(2);
        state.own.geo_sessions = Some(1);
        let bricks = state.bricks.get().unwrap().clone().into_iter();
        let others = bricks.filter(|(brick, _)| brick.as_str() != "gl-01:/bricks/m2/media");
        state.bricks = Part::fresh(others.collect(), ago(3));
        state.effective = Part::fresh(
            Arc::new([("cluster.force-migration".to_owned(), "on".to_owned())].into()),
            ago(3),
        );
        let mut heal = state.heal.get().unwrap().clone();
        heal.bricks[1].entries = Some(1_204);
        state.heal = Part::fresh(heal, ago(3));
    });
    let kind = third_set(&model);
    open(&mut model, kind);
    model
}

#[test]
fn no_doubt_is_left_out_where_passes_have_to_be() {
    let model = troubled();
    for (width, height) in [(80, 24), (120, 40), (40, 10)] {
        let name = format!("checks_doubt_{width}x{height}");
        assert_snapshot!(name, text(&model, &ascii(), width, height));
    }
    let doubts = [
        "? whether gl-01:/bricks/m2/media is online",
        "! 1,204 entries wait for healing on gl-02",
        "! 2 snapshots exist",
        "! 1 geo-replication session active",
        "! cluster.force-migration is on",
    ];
    for height in 8..40 {
        let screen = text(&model, &ascii(), 80, height);
        let counted = screen.contains("CHECKS  ! 4  ? 1  + ");
        let told = doubts.iter().all(|doubt| screen.contains(doubt));
        assert!(counted || told, "{height}:\n{screen}");
    }
}

#[test]
fn copies_stay_until_all_is_healed_or_an_admin_insists() {
    let mut model = inspected("home", |state| {
        let mut heal = state.heal.get().unwrap().clone();
        heal.bricks[0].entries = Some(1_204);
        heal.bricks[2].entries = None;
        state.heal = Part::fresh(heal, ago(3));
    });
    let one = ["gl-06:/bricks/h0/home".into()].into_iter().collect();
    let mut remove = Remove::new("home".into(), one);
    open(&mut model, Kind::Remove(remove.clone()));
    assert_snapshot!("checks_heal", text(&model, &ascii(), 80, 24));
    remove.override_heals = true;
    open(&mut model, Kind::Remove(remove));
    model.dialog.as_mut().unwrap().focus = Focus::Field;
    assert_snapshot!("checks_heal_overridden", text(&model, &ascii(), 80, 24));
}

#[test]
fn a_rebalance_tells_doubts_only() {
    let mut model = inspected("scratch", |_| {});
    let kind = || Kind::Rebalance(Rebalance::new(["scratch".into()]));
    open(&mut model, kind());
    assert!(!text(&model, &ascii(), 80, 24).contains("CHECKS"));
    let versions = OpVersions {
        current: 100_000,
        highest: Some(110_000),
    };
    Arc::make_mut(&mut model.snapshot).op_versions = Part::fresh(versions, ago(3));
    open(&mut model, kind());
    assert_snapshot!("checks_rebalance", text(&model, &ascii(), 80, 24));
}
