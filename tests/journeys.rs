//! Journeys over the demo: what an admin presses, what the screen says, what really ran.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::string_slice,
    reason = "a test that cannot go on fails"
)]

#[path = "journeys/endings.rs"]
mod endings;
#[path = "support/journey.rs"]
mod journey;

use glustop::app::{Effect, Msg};
use glustop::config::{Key, KeyCode};
use glustop::gluster::{Command, Permit};
use journey::Journey;

const GLUSTER: &str = "gluster --mode=script --xml volume";

/// The command lines of the dialog on the screen, wrapped lines joined again.
fn shown_commands(screen: &str) -> Vec<String> {
    let mut commands: Vec<String> = Vec::new();
    let mut open = false;
    for line in screen.lines() {
        // What is left and right of the dialog belongs to the view below it.
        let inside = line
            .split_once('|')
            .and_then(|(_, rest)| rest.rsplit_once('|'));
        let line = inside.map_or("", |(inside, _)| inside.trim());
        if let Some(command) = line.strip_prefix("$ ") {
            commands.push(command.to_owned());
            open = true;
        } else if open && !line.is_empty() && !line.starts_with('[') {
            let last = commands.last_mut().unwrap();
            last.push(' ');
            last.push_str(line);
        } else {
            open = false;
        }
    }
    commands
}

#[tokio::test(start_paused = true)]
async fn two_keys_start_a_rebalance_and_two_keys_stop_it() {
    let mut j = Journey::begin("healthy").await;
    j.press("R").await;
    let shown = shown_commands(&j.screen());
    j.press("y").await;
    j.wait(1).await;
    assert_eq!(j.changes(), shown, "what is shown is what runs");
    j.wait_until("* rebalance    projects").await;
    j.press("S").await;
    let shown = shown_commands(&j.screen());
    j.press("y").await;
    j.wait(2).await;
    assert_eq!(j.changes()[1..], shown, "what is shown is what runs");
    assert!(j.changes()[1].ends_with(" stop"), "{:?}", j.changes());
    assert!(
        j.screen().contains("= rebalance    projects stopped"),
        "{}",
        j.screen()
    );
}

#[tokio::test(start_paused = true)]
async fn a_drain_is_followed_to_its_commit() {
    let mut j = Journey::begin("healthy").await;
    j.press("2 D").await;
    assert!(j.screen().contains("Migrate data"), "{}", j.screen());
    let shown = shown_commands(&j.screen());
    j.press("y").await;
    j.wait_until("remove-brick").await;
    assert_eq!(j.changes(), shown);
    j.press("Esc").await;
    j.wait_until("commit pending").await;
    j.press("1 C").await;
    j.press("y").await;
    assert_eq!(j.changes().len(), 1, "y does not commit");
    j.press("Up Up").await;
    let shown = shown_commands(&j.screen());
    let volume = j.model.target().unwrap().volume.name.to_string();
    let before = j.model.target().unwrap().volume.bricks.len();
    j.press(&format!("\"{volume}\" Enter")).await;
    j.wait(5).await;
    assert_eq!(j.changes()[1..], shown);
    assert!(
        j.model.target().unwrap().volume.bricks.len() < before,
        "{}",
        j.screen()
    );
}

#[tokio::test(start_paused = true)]
async fn removing_without_migration_wants_the_name_of_the_volume() {
    let mut j = Journey::begin("healthy").await;
    j.press("2 D m").await;
    assert!(j.screen().contains("DATA WILL BE LOST"), "{}", j.screen());
    j.press("y Enter").await;
    assert_eq!(j.changes(), Vec::<String>::new());
    let volume = j.model.target().unwrap().volume.name.to_string();
    // Enter pressed the safe button.
    assert!(j.model.dialog.is_none());
    j.press("D m").await;
    let shown = shown_commands(&j.screen());
    j.press(&format!("Tab \"{volume}\"")).await;
    assert_eq!(j.changes(), Vec::<String>::new());
    j.press("Enter").await;
    j.wait(3).await;
    assert_eq!(j.changes(), shown);
    assert!(j.changes()[0].ends_with(" force"));
}

#[tokio::test(start_paused = true)]
async fn the_emergency_stop_takes_two_keys_from_anywhere() {
    for way in ["", "?", "e", "t", "R", "D", "z"] {
        let mut j = Journey::begin("draining").await;
        j.press(way).await;
        j.press("! y").await;
        j.wait(3).await;
        let changes = j.changes();
        assert_eq!(
            changes.len(),
            1,
            "after {way:?}: {changes:?}\n{}",
            j.screen()
        );
        assert!(
            changes[0].starts_with(&format!("{GLUSTER} remove-brick media")),
            "{changes:?}"
        );
        assert!(changes[0].ends_with(" stop"));
        assert!(j.screen().contains("stopped"), "{}", j.screen());
    }
}

/// Presses ten thousand random keys, most of them ones that do something.
async fn press_at_random(j: &mut Journey, characters: &[char], words: &[&str]) {
    let codes = [
        KeyCode::Up,
        KeyCode::Down,
        KeyCode::Left,
        KeyCode::Right,
        KeyCode::PgUp,
        KeyCode::PgDn,
        KeyCode::Home,
        KeyCode::End,
        KeyCode::Tab,
        KeyCode::BackTab,
        KeyCode::Enter,
        KeyCode::Esc,
        KeyCode::Backspace,
        KeyCode::Delete,
        KeyCode::F(1),
    ];
    let mut state = 0x9e37_79b9_7f4a_7c15_u64;
    let mut next = |below: usize| {
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        usize::try_from(state % below as u64).unwrap()
    };
    for _ in 0..10_000 {
        let key = match next(4) {
            0 => Key::plain(codes[next(codes.len())]),
            1 => Key::char(['R', 'D', 'S', 'C', 'T', '!', ' ', 'm', 'a', '1'][next(10)]),
            2 if next(50) == 0 => Key {
                code: KeyCode::Char('c'),
                ctrl: true,
            },
            3 if !words.is_empty() && next(10) == 0 => {
                j.press(&format!("Tab \"{}\" Enter", words[next(words.len())]))
                    .await;
                continue;
            }
            _ => Key::char(characters[next(characters.len())]),
        };
        j.key(key).await;
    }
}

#[tokio::test(start_paused = true)]
async fn ten_thousand_random_keys_change_nothing() {
    let mut j = Journey::begin("draining").await;
    // Every printable character but y; Ctrl-C is among the keys besides.
    let characters: Vec<char> = (' '..='~').filter(|c| *c != 'y').collect();
    press_at_random(&mut j, &characters, &[]).await;
    assert_eq!(j.changes(), Vec::<String>::new());
    assert!(
        !j.effects
            .iter()
            .any(|effect| matches!(effect, Effect::Run(_)))
    );
    assert!(j.everything().len() > 100, "the reader went on meanwhile");
}

/// With every key that confirms among them, and the names of all volumes typed.
async fn ten_thousand_confirming_keys(permit: Permit) -> Journey {
    let mut j = Journey::begin_with("draining", permit).await;
    let mut characters: Vec<char> = (' '..='~').collect();
    characters.extend(['y'; 60]);
    let volumes = j.model.snapshot.volumes().iter();
    let names: Vec<_> = volumes.map(|state| state.volume.name.to_string()).collect();
    let names: Vec<_> = names.iter().map(String::as_str).collect();
    press_at_random(&mut j, &characters, &names).await;
    assert_eq!(j.changes(), Vec::<String>::new());
    assert!(j.everything().len() > 100, "the reader went on meanwhile");
    j
}

#[tokio::test(start_paused = true)]
async fn read_only_confirms_nothing_whatever_is_pressed() {
    let j = ten_thousand_confirming_keys(Permit::ReadOnly).await;
    let ran = |effect: &Effect| matches!(effect, Effect::Run(_));
    assert!(!j.effects.iter().any(ran), "a planner has nothing to run");
}

#[tokio::test(start_paused = true)]
async fn a_dry_run_confirms_and_runs_nothing() {
    let j = ten_thousand_confirming_keys(Permit::DryRun).await;
    let kinds = |wanted: fn(&Command) -> bool| {
        let ran = |effect: &&Effect| match effect {
            Effect::Run(job) => wanted(job.order.command()),
            _ => false,
        };
        j.effects.iter().filter(ran).count()
    };
    assert!(kinds(Command::stops) > 0, "nothing was confirmed");
    assert!(kinds(|command| !command.stops()) > 0);
}

#[tokio::test(start_paused = true)]
async fn a_dry_run_ends_in_words_and_keeps_the_command_in_view() {
    let mut j = Journey::begin_with("healthy", Permit::DryRun).await;
    j.press("R").await;
    let shown = shown_commands(&j.screen());
    j.press("y").await;
    j.wait(2).await;
    assert!(j.screen().contains("dry run: not run"), "{}", j.screen());
    assert_eq!(shown_commands(&j.screen()), shown);
    assert_eq!(j.changes(), Vec::<String>::new());
}

#[tokio::test(start_paused = true)]
async fn keys_meant_for_what_was_there_before_are_ignored() {
    let mut j = Journey::begin("healthy").await;
    j.tell(Msg::Key(Key::char('R')));
    j.tell(Msg::Key(Key::char('y')));
    j.wait(1).await;
    assert_eq!(j.changes(), Vec::<String>::new());
    j.press("y").await;
    assert_eq!(j.changes().len(), 1);
}

#[tokio::test(start_paused = true)]
async fn a_paste_runs_nothing_and_opens_nothing() {
    let mut j = Journey::begin("healthy").await;
    j.tell(Msg::Paste("R y\nD y\n! y\n".into()));
    j.wait(1).await;
    assert!(j.model.dialog.is_none());
    assert_eq!(j.changes(), Vec::<String>::new());
}

#[tokio::test(start_paused = true)]
async fn several_volumes_get_a_line_each_and_start_what_can_start() {
    let mut j = Journey::begin("draining").await;
    j.press("Home Space Space Space Space R").await;
    let screen = j.screen();
    assert!(screen.contains("Rebalance 4 marked volumes"), "{screen}");
    assert_eq!(
        shown_commands(&screen).len(),
        0,
        "nothing of these can start:\n{screen}"
    );
    j.press("y").await;
    assert_eq!(j.changes(), Vec::<String>::new());
    let mut j = Journey::begin("healthy").await;
    j.press("Home Space Space Space R").await;
    let shown = shown_commands(&j.screen());
    assert!(shown.len() >= 2, "{}", j.screen());
    j.press("y").await;
    j.wait(5).await;
    assert_eq!(j.changes(), shown);
}

#[tokio::test(start_paused = true)]
async fn an_illegal_choice_of_bricks_offers_the_legal_ones() {
    let mut j = Journey::begin("healthy").await;
    j.press("2 Down D").await;
    let screen = j.screen();
    assert!(screen.contains("Mark instead"), "{screen}");
    assert_eq!(shown_commands(&screen), [""; 0]);
    j.press("1").await;
    assert!(j.screen().contains("Start draining"), "{}", j.screen());
    assert_eq!(shown_commands(&j.screen()).len(), 1);
    j.press("Esc").await;
    assert_eq!(j.changes(), Vec::<String>::new());
}

#[tokio::test(start_paused = true)]
async fn what_is_not_possible_now_says_why() {
    let mut j = Journey::begin("draining").await;
    j.press("/ \"media\" Enter C").await;
    assert!(j.screen().contains("still in progress"), "{}", j.screen());
    j.press("Esc / \"home\" Enter S").await;
    assert!(j.screen().contains("nothing to stop"), "{}", j.screen());
    j.press("s").await;
    assert!(j.screen().contains("Stop is S"), "{}", j.screen());
}

#[tokio::test(start_paused = true)]
async fn throttle_is_one_dialog_away() {
    let mut j = Journey::begin("draining").await;
    j.press("/ \"media\" Enter T 1").await;
    let shown = shown_commands(&j.screen());
    j.press("y").await;
    j.wait(2).await;
    assert_eq!(j.changes(), shown);
    assert_eq!(
        j.changes(),
        [format!("{GLUSTER} set media cluster.rebal-throttle lazy")]
    );
}

#[tokio::test(start_paused = true)]
async fn every_capital_opens_a_dialog_or_says_why_not() {
    for scenario in glustop::demo::SCENARIOS {
        let mut j = Journey::begin(scenario).await;
        for key in ["R", "D", "S", "C", "T", "!"] {
            j.press(key).await;
            assert!(
                j.model.dialog.is_some() || j.model.notice.is_some(),
                "{key} in {scenario}"
            );
            j.press("Esc").await;
            assert!(j.model.dialog.is_none(), "Esc closes {key} in {scenario}");
            assert_eq!(j.changes(), Vec::<String>::new());
        }
    }
}

#[tokio::test(start_paused = true)]
async fn what_ended_and_what_ran_can_be_looked_at() {
    let mut journey = Journey::begin("draining").await;
    journey.press("S y").await;
    journey.wait_until("stopped").await;
    journey.press("a").await;
    let screen = journey.screen();
    assert!(screen.contains("HISTORY  1 task over"), "{screen}");
    journey.press("Enter").await;
    journey.wait_until("TASK STATUS  remove-brick  media").await;
    journey.press("Esc Esc @").await;
    let screen = journey.screen();
    assert!(screen.contains("COMMANDS 1"), "{screen}");
    assert!(screen.contains("+ 12:"), "done: {screen}");
    assert!(screen.contains("this session, simulated"), "{screen}");
}

#[tokio::test(start_paused = true)]
async fn what_a_change_rests_on_is_asked_when_its_dialog_opens() {
    let mut j = Journey::begin_at("healthy", (120, 40)).await;
    let asked = |j: &Journey, words: &str| {
        let all = j.everything().into_iter();
        all.filter(|line| line.ends_with(words)).count()
    };
    assert_eq!(asked(&j, "volume get all all"), 0);
    j.press("2 D").await;
    j.wait(3).await;
    let screen = j.screen();
    assert!(
        screen.contains("op-version 100000 is the highest"),
        "{screen}"
    );
    assert!(screen.contains("+ force-migration off"), "{screen}");
    assert!(!screen.contains("being looked at"), "{screen}");
    assert_eq!(asked(&j, "volume get all all"), 1);
    j.press("Esc S").await;
    j.wait(3).await;
    assert_eq!(asked(&j, "volume get all all"), 1, "a stop needs nothing");
}
