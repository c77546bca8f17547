use super::testing::Scene;
use super::*;
use crate::gluster::Permit;
use crate::gluster::command::RebalanceMode;
use crate::model::{BrickName, VolumeName};

mod waiting;

/// A whole sub-volume of the volume `scratch` in the healthy demo.
const SCRATCH: &str = "node-a:/bricks/s0/scratch";

fn rebalance(volumes: &[&str]) -> Change {
    Change::Rebalance {
        volumes: volumes.iter().map(|&name| name.into()).collect(),
        mode: RebalanceMode::Migrate,
    }
}

fn remove(bricks: &[&str], migrate: bool) -> Change {
    Change::RemoveBricks {
        volume: "scratch".into(),
        bricks: bricks.iter().map(|&name| BrickName::new(name)).collect(),
        migrate,
    }
}

fn commit(force: bool) -> Change {
    let volume = "scratch".into();
    Change::Commit { volume, force }
}

fn retain() -> Change {
    let volume = "scratch".into();
    Change::Retain { volume }
}

fn plan(change: Change) -> Request {
    Request::Plan { change, json: true }
}

fn start(change: Change) -> Request {
    with(change, false, None)
}

fn yes(change: Change) -> Request {
    with(change, true, None)
}

fn confirmed(change: Change, name: &str) -> Request {
    with(change, false, Some(name))
}

fn with(change: Change, yes: bool, confirm: Option<&str>) -> Request {
    let confirm = confirm.map(VolumeName::new);
    Request::Run {
        change,
        consent: Consent { yes, confirm },
        json: false,
    }
}

fn stop(volumes: Option<&[&str]>, yes: bool) -> Request {
    let names = volumes.map(|names| names.iter().map(|&name| name.into()).collect());
    Request::Stop {
        volumes: names,
        retry: None,
        consent: Consent { yes, confirm: None },
        json: false,
    }
}

#[tokio::test(start_paused = true)]
async fn a_plan_runs_nothing_and_says_how_it_stands() {
    let scene = Scene::new("healthy");
    let good = scene.run(plan(remove(&[SCRATCH], true))).await;
    assert_eq!(good.code, Code::Done, "{}", good.out);
    assert_eq!(good.json()["verdict"], "pass");
    let stranger = scene.run(plan(remove(&["node-a:/nowhere"], true))).await;
    assert_eq!(stranger.code, Code::Warning);
    assert_eq!(stranger.json()["checks"][0]["code"], "legal");
    let last = scene.run(plan(remove(&[SCRATCH], false))).await;
    assert_eq!(last.code, Code::Warning);
    assert_eq!(last.json()["verdict"], "danger");
    assert_eq!(last.json()["final"], true);
    let missing = scene.run(plan(rebalance(&["nope"]))).await;
    assert_eq!(missing.code, Code::Warning);
    assert_eq!(missing.json()["checks"][0]["code"], "exists");
    assert_eq!(scene.changes(), [""; 0]);
}

#[tokio::test(start_paused = true)]
async fn the_sub_volumes_are_compared() {
    let scene = Scene::new("healthy");
    let compare = |volume: &str, json| Request::Compare {
        volume: volume.into(),
        json,
    };
    let words = scene.run(compare("scratch", false)).await;
    assert_eq!(words.code, Code::Done, "{}", words.err);
    insta::assert_snapshot!(words.out);
    let json = scene.run(compare("scratch", true)).await.json();
    assert_eq!(json["schema"], "glustop.compare/1");
    let plans = json["plans"].as_array().unwrap();
    assert_eq!(plans.len(), 3);
    for plan in plans {
        assert_eq!(plan["schema"], "glustop.plan/1");
        assert_eq!(plan["verdict"], "pass");
    }
    assert_eq!(scene.run(compare("nope", false)).await.code, Code::Warning);
    assert_eq!(scene.changes(), [""; 0]);
}

#[tokio::test(start_paused = true)]
async fn bricks_go_out_in_the_order_of_the_definition() {
    let scene = Scene::new("healthy");
    let asked = ["node-b:/bricks/s1/scratch", SCRATCH];
    let went = scene.run(yes(remove(&asked, true))).await;
    assert_eq!(went.code, Code::Done, "{}", went.err);
    assert_eq!(
        scene.changes(),
        [format!(
            "volume remove-brick scratch {SCRATCH} {} start",
            asked[0]
        )]
    );
}

#[tokio::test(start_paused = true)]
async fn nothing_runs_without_a_consent() {
    let scene = Scene::new("healthy");
    for (request, flag) in [
        (start(rebalance(&["scratch"])), "--yes"),
        (stop(Some(&["scratch"]), false), "--yes"),
        (yes(remove(&[SCRATCH], false)), "--confirm scratch"),
        (yes(commit(false)), "--confirm scratch"),
        (confirmed(commit(false), "media"), "--confirm names media"),
    ] {
        let went = scene.run(request).await;
        assert_eq!(went.code, Code::Usage);
        assert!(went.err.contains(flag), "{}", went.err);
        assert_eq!(went.out, "");
    }
    assert_eq!(scene.everything(), [""; 0], "not even a question");
}

#[tokio::test(start_paused = true)]
async fn on_a_terminal_the_answer_decides() {
    let scene = Scene::new("healthy");
    for answers in [&["n"][..], &[""], &["yess"], &[]] {
        let went = scene.ask(answers, start(rebalance(&["scratch"]))).await;
        assert_eq!(went.code, Code::Warning, "{answers:?}");
        assert!(went.err.contains("$ gluster --mode=script"), "{}", went.err);
    }
    for answers in [&["y"][..], &["scratchy"], &[]] {
        let went = scene.ask(answers, start(remove(&[SCRATCH], false))).await;
        assert_eq!(went.code, Code::Warning, "{answers:?}");
    }
    assert_eq!(scene.changes(), [""; 0]);
    let went = scene.ask(&["y"], start(rebalance(&["scratch"]))).await;
    assert_eq!(went.code, Code::Done);
    assert!(went.out.starts_with("rebalance scratch: done, task "));
    assert_eq!(scene.changes(), ["volume rebalance scratch start"]);
}

#[tokio::test(start_paused = true)]
async fn typing_the_name_confirms_what_is_final() {
    let scene = Scene::new("healthy");
    let went = scene
        .ask(&["scratch"], start(remove(&[SCRATCH], false)))
        .await;
    assert_eq!(went.code, Code::Done, "{}", went.err);
    let expected = format!("volume remove-brick scratch {SCRATCH} force");
    assert_eq!(scene.changes(), [expected]);
}

#[tokio::test(start_paused = true)]
async fn what_cannot_start_is_left_out_and_counts() {
    let scene = Scene::new("healthy");
    let went = scene
        .run(yes(rebalance(&["scratch", "nope", "projects"])))
        .await;
    assert_eq!(went.code, Code::Warning);
    assert!(went.err.contains("there is no volume nope"), "{}", went.err);
    assert_eq!(
        scene.changes(),
        [
            "volume rebalance scratch start",
            "volume rebalance projects start"
        ]
    );
    let again = scene.run(yes(rebalance(&["scratch"]))).await;
    assert_eq!(again.code, Code::Warning);
    assert!(again.err.contains("a rebalance is running on it"));
    assert_eq!(scene.changes().len(), 2);
}

#[tokio::test(start_paused = true)]
async fn copies_leave_only_without_migration() {
    let scene = Scene::new("healthy");
    let change = |migrate| Change::RemoveBricks {
        volume: "projects".into(),
        bricks: vec![
            "node-a:/bricks/p0/projects".into(),
            "node-a:/bricks/p1/projects".into(),
        ],
        migrate,
    };
    let went = scene.run(yes(change(true))).await;
    assert_eq!(went.code, Code::Warning);
    assert!(went.err.contains("--no-migrate"), "{}", went.err);
    assert_eq!(scene.changes(), [""; 0]);
    scene.run(confirmed(change(false), "projects")).await;
    let changes = scene.changes();
    assert!(
        changes[0].starts_with("volume remove-brick projects replica 2 "),
        "{changes:?}"
    );
}

#[tokio::test(start_paused = true)]
async fn a_stop_finds_its_bricks_and_asks_little_before() {
    let scene = Scene::new("draining");
    let went = scene.run(stop(Some(&["media"]), true)).await;
    assert_eq!(went.code, Code::Done, "{}", went.err);
    assert!(
        went.out
            .starts_with("media: remove-brick stopped on every node\n")
    );
    let ran = scene.everything();
    assert_eq!(ran[..2], ["volume info media", "volume status media tasks"]);
    assert_eq!(ran.len(), 3, "{ran:?}");
    assert!(ran[2].ends_with(" stop"), "{ran:?}");
    let again = scene.run(stop(Some(&["media"]), true)).await;
    assert_eq!(again.code, Code::Warning);
    assert!(again.err.contains("nothing to stop"), "{}", again.err);
}

#[tokio::test(start_paused = true)]
async fn stop_all_stops_what_moves_and_nothing_else() {
    let scene = Scene::new("draining");
    let went = scene.run(stop(None, true)).await;
    assert_eq!(went.code, Code::Done, "{}", went.err);
    let changes = scene.changes();
    assert_eq!(changes.len(), 2, "{changes:?}");
    assert!(changes.contains(&"volume rebalance scratch stop".to_owned()));
    assert!(
        went.out
            .contains("scratch: rebalance stopped on every node")
    );
    let asked = scene.everything();
    let locking = asked
        .iter()
        .filter(|words| words.starts_with("volume status"));
    assert_eq!(
        locking.count(),
        2,
        "volumes without a task are not asked: {asked:?}"
    );
    let again = scene.run(stop(None, true)).await;
    assert_eq!(again.code, Code::Done);
    assert!(again.err.contains("nothing to stop"));
}

#[tokio::test(start_paused = true)]
async fn a_drained_remove_brick_is_no_task_to_stop() {
    let scene = Scene::new("healthy");
    scene.run(yes(remove(&[SCRATCH], true))).await;
    let running = scene.run(yes(retain())).await;
    assert_eq!(running.code, Code::Warning);
    assert!(running.err.contains("still in progress"), "{}", running.err);
    let early = scene.run(confirmed(commit(false), "scratch")).await;
    assert_eq!(early.code, Code::Warning);
    assert!(early.err.contains("migration is still in progress"));
    waiting::drained(&scene).await;
    for request in [stop(Some(&["scratch"]), true), stop(None, true)] {
        scene.run(request).await;
        assert_eq!(scene.changes().len(), 1, "its bricks stay where they are");
    }
    let given_back = scene.run(yes(retain())).await;
    assert_eq!(given_back.code, Code::Done, "{}", given_back.err);
    assert!(scene.changes()[1].ends_with(" stop"));
}

#[tokio::test(start_paused = true)]
async fn a_commit_takes_the_bricks_of_the_task() {
    let scene = Scene::new("healthy");
    let none = scene.run(confirmed(commit(false), "scratch")).await;
    assert_eq!(none.code, Code::Warning);
    assert!(none.err.contains("there is no remove-brick on scratch"));
    scene.run(yes(remove(&[SCRATCH], true))).await;
    waiting::drained(&scene).await;
    let went = scene.run(confirmed(commit(false), "scratch")).await;
    assert_eq!(went.code, Code::Done, "{}", went.err);
    let expected = format!("volume remove-brick scratch {SCRATCH} commit");
    assert_eq!(scene.changes()[1], expected);
}

#[tokio::test(start_paused = true)]
async fn a_dry_run_prints_the_exact_command_and_runs_none() {
    let scene = Scene::with("healthy", Permit::DryRun);
    let went = scene.run(start(remove(&[SCRATCH], false))).await;
    assert_eq!(went.code, Code::Done, "{}", went.err);
    assert_eq!(
        went.out,
        format!("gluster --mode=script --xml volume remove-brick scratch {SCRATCH} force\n")
    );
    let refused = scene.run(start(commit(false))).await;
    assert_eq!((refused.code, refused.out.as_str()), (Code::Warning, ""));
    let scene = Scene::with("draining", Permit::DryRun);
    let went = scene.run(stop(None, false)).await;
    assert_eq!(went.code, Code::Done);
    assert_eq!(went.out.lines().count(), 2);
    assert_eq!(scene.changes(), [""; 0]);
}

#[tokio::test(start_paused = true)]
async fn read_only_stops_nothing_either() {
    let scene = Scene::with("draining", Permit::ReadOnly);
    for request in [
        stop(None, true),
        stop(Some(&["media"]), true),
        yes(rebalance(&["home"])),
        confirmed(commit(true), "scratch"),
    ] {
        let went = scene.run(request).await;
        assert_eq!(went.code, Code::Warning, "{}", went.err);
        assert_eq!(went.out, "");
    }
    assert_eq!(scene.changes(), [""; 0]);
}

#[test]
fn several_ends_come_to_the_one_that_matters() {
    assert_eq!(Code::Done.worse(Code::Warning), Code::Warning);
    assert_eq!(Code::Failed.worse(Code::Warning), Code::Failed);
    assert_eq!(Code::GaveUp.worse(Code::Failed), Code::Failed);
    assert_eq!(Code::Unknown.worse(Code::GaveUp), Code::Unknown);
    let codes = [
        (Code::Done, 0),
        (Code::Warning, 1),
        (Code::Failed, 2),
        (Code::Unknown, 3),
        (Code::Usage, 64),
        (Code::GaveUp, 124),
        (Code::Signal(2), 130),
    ];
    for (code, number) in codes {
        assert_eq!(code.exit(), number);
    }
}
