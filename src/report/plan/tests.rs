use super::*;
use crate::gluster::command::{Command, RemoveStep};
use crate::insight::plan::{self, remove};
use crate::insight::testing::{
    at, distribute, names as bricks_of, replica, set_online, snapshot, volume,
};
use crate::model::VolumeState;

/// Plans draining some bricks of a volume; gives words and JSON.
fn drain(state: VolumeState, bricks: &[usize]) -> (String, serde_json::Value) {
    let bricks = bricks_of(&state, bricks);
    let name = state.volume.name.clone();
    let command = Command::RemoveBrick {
        volume: name.clone(),
        bricks: bricks.clone(),
        replica: None,
        step: RemoveStep::Start,
    };
    let removal = remove::removal(&state.volume, &bricks);
    let leaving = match &removal {
        Ok(remove::Removal::Subvolumes(sets)) => sets.clone(),
        _ => vec![],
    };
    let forecast: Vec<_> = (state.volume.subvolumes().map(|set| set.name()))
        .zip(remove::forecast(&state, &leaving))
        .filter(|_| !leaving.is_empty())
        .collect();
    let choices = removal.err().map_or(vec![], |illegal| illegal.choices);
    let plan = plan::of(&snapshot(vec![state]), &command);
    let argv = ["gluster".to_owned(), "volume".to_owned()];
    let input = PlanInput {
        now: at(60),
        source: Source::Local,
        volume: &name,
        action: "remove-brick",
        bricks: &bricks,
        argv: &argv,
        line: "gluster volume",
        is_final: false,
        consequences: &["files move to the other sub-volumes".to_owned()],
        checks: &plan.checks,
        choices: &choices,
        forecast: &forecast,
        faults: &[],
    };
    let json = plan_json(&input);
    (plan_text(&input), serde_json::from_str(&json).unwrap())
}

#[test]
fn a_plan_shows_what_each_sub_volume_will_hold() {
    let (text, json) = drain(volume("v", distribute(), 3), &[1]);
    insta::assert_snapshot!(text);
    assert_eq!(json["schema"], "glustop.plan/1");
    assert_eq!(json["verdict"], "pass");
    assert_eq!(json["final"], false);
    assert_eq!(json["forecast"].as_array().unwrap().len(), 3);
    assert!(json["forecast"][1]["used_at_end"].is_null());
    assert!(
        json["forecast"][0]["used_at_end"].as_u64() > json["forecast"][0]["size_used"].as_u64()
    );
    assert_eq!(json["moving_bytes"], json["forecast"][1]["size_used"]);
    assert_eq!(json["checks"][0]["code"], "legal");
    assert_eq!(json["choices"], serde_json::json!([]));
}

#[test]
fn an_illegal_plan_names_its_legal_neighbours() {
    let (text, json) = drain(volume("v", replica(3, 0), 6), &[1]);
    insta::assert_snapshot!(text);
    assert_eq!(json["verdict"], "refuse");
    assert_eq!(json["choices"].as_array().unwrap().len(), 2);
    assert!(json["moving_bytes"].is_null());
}

#[test]
fn an_offline_brick_refuses_the_plan() {
    let mut state = volume("v", distribute(), 3);
    set_online(&mut state, 1, Some(false));
    let (text, json) = drain(state, &[1]);
    assert_eq!(json["verdict"], "refuse");
    assert!(text.ends_with("Refused.\n"), "{text}");
}
