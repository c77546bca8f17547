//! How drains end: by themselves, or by a decision that says what it costs.

use glustop::app::{Effect, View};
use glustop::demo::Pool;

use super::journey::Journey;
use super::shown_commands;

/// The healthy pool, with trouble waiting for the drains of `scratch` on node-c.
fn troubled(fault: &str) -> Journey {
    let healthy = include_str!("../../assets/demo/healthy.toml");
    let text = format!("{healthy}\n[[fault]]\nhost = \"node-c\"\nvolume = \"scratch\"\n{fault}\n");
    Journey::start(Pool::from_toml(&text).unwrap(), (80, 24))
}

/// Begins to drain the brick of `scratch` on node-c, to be committed by itself.
async fn drain(j: &mut Journey) {
    j.wait(3).await;
    j.press("/ \"scratch\" Enter 2 Down Down Space D a").await;
    assert!(j.screen().contains("[x] a  Auto commit"), "{}", j.screen());
    assert!(j.screen().contains("commit by itself ]"), "{}", j.screen());
    let shown = shown_commands(&j.screen());
    j.press("y").await;
    j.wait(3).await;
    assert_eq!(j.changes(), shown);
    j.press("1 t").await;
    assert!(j.screen().contains("AUTO COMMIT "), "{}", j.screen());
}

#[tokio::test(start_paused = true)]
async fn an_armed_drain_commits_itself_once() {
    let mut j = troubled("");
    drain(&mut j).await;
    j.wait_until("Auto commit of scratch in 0:2").await;
    let shown = shown_commands(&j.screen());
    assert!(j.effects.contains(&Effect::Bell));
    j.wait(20).await;
    assert_eq!(j.changes().len(), 1, "there is time to say no");
    j.wait_until("Out of scratch now").await;
    assert_eq!(j.changes()[1..], shown, "what was shown is what ran");
    assert!(
        shown[0].ends_with("node-c:/bricks/s2/scratch commit"),
        "{shown:?}"
    );
    j.press("Esc").await;
    j.wait(120).await;
    assert_eq!(j.changes().len(), 2, "and never again");
    let scratch = j.model.snapshot.volume(&"scratch".into()).unwrap();
    assert_eq!(scratch.volume.bricks.len(), 2);
    assert!(
        j.model.auto.get(&"scratch".into()).is_none(),
        "nothing is left of it"
    );
}

#[tokio::test(start_paused = true)]
async fn a_failure_disarms_and_waits_for_an_admin() {
    let mut j = troubled("fail = { files = 2, every = \"20m\" }");
    drain(&mut j).await;
    j.wait_until("AUTO COMMIT disarmed: files failed").await;
    j.wait_until("Retain bricks / Retry / Commit").await;
    j.wait(120).await;
    assert_eq!(j.changes().len(), 1, "nothing but the start ran");
    j.press("C").await;
    let screen = j.screen();
    assert!(screen.contains("is complete, "), "{screen}");
    assert!(screen.contains("files failed"), "{screen}");
    j.press("Up Up Up Up \"scratch\" Enter y").await;
    assert_eq!(
        j.changes().len(),
        1,
        "a plain commit is refused:\n{}",
        j.screen()
    );
}

#[tokio::test(start_paused = true)]
async fn a_held_drain_waits() {
    let mut j = troubled("");
    drain(&mut j).await;
    j.wait_until("Auto commit of scratch in 0:2").await;
    j.press("h").await;
    assert!(j.screen().contains("AUTO COMMIT held"), "{}", j.screen());
    j.wait(120).await;
    assert_eq!(j.changes().len(), 1);
}

#[tokio::test(start_paused = true)]
async fn the_demo_hands_nothing_over() {
    let mut j = troubled("");
    drain(&mut j).await;
    j.press("Esc 1 q").await;
    let screen = j.screen();
    assert!(screen.contains("Leave glustop?"), "{screen}");
    assert!(screen.contains("glustop wait scratch"), "{screen}");
    j.press("w").await;
    assert!(!j.effects.iter().any(|e| matches!(e, Effect::HandOver(_))));
    j.press("Esc q q").await;
    assert_eq!(j.effects.last(), Some(&Effect::Quit));
}

#[tokio::test(start_paused = true)]
async fn a_failed_drain_is_retried_or_forced() {
    let mut j = Journey::begin("degraded").await;
    j.press("/ \"logs\" Enter C").await;
    let screen = j.screen();
    assert!(screen.contains("FAILED on gl-03"), "{screen}");
    assert!(screen.contains("(advised)"), "{screen}");
    // Retry: Later, force, retry. The field that force opens is no trap.
    j.press("Up Up").await;
    let shown = shown_commands(&j.screen());
    assert_eq!(shown.len(), 2, "{}", j.screen());
    j.press("y").await;
    j.wait_until("remove-brick of logs  accepted").await;
    assert_eq!(j.changes(), shown, "one after the other");
    j.press("Esc t").await;
    assert!(matches!(
        j.model.views.last(),
        Some(View::TaskStatus { .. })
    ));
    j.wait_until("in progress").await;
    // Force, on the one that completed with failures.
    let mut j = Journey::begin("degraded").await;
    j.press("/ \"photos\" Enter C Up").await;
    let screen = j.screen();
    assert!(screen.contains("files vanish from photos"), "{screen}");
    let shown = shown_commands(&screen);
    assert!(shown[0].ends_with(" force"), "{shown:?}");
    j.press("\"photo\" Enter").await;
    assert_eq!(j.changes(), [""; 0], "not the whole name");
    j.press("\"s\" Enter").await;
    j.wait_until("Look there for files left behind").await;
    assert_eq!(j.changes(), shown);
}
