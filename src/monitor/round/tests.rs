use std::time::Duration;

use super::*;
use crate::gluster::Failure;
use crate::model::TaskState;
use crate::monitor::testing::{at, own_state, reading, volume};

fn fail(kind: FaultKind) -> Result<Reply, Failure> {
    Err(Failure::new(kind, "text"))
}

#[test]
fn a_round_asks_for_definitions_first_and_for_no_more_than_it_needs() {
    let mut round = Round::whole(true, false);
    let asked: Vec<_> = std::iter::from_fn(|| round.next()).collect();
    assert_eq!(
        asked,
        [Command::VolumeInfo(None), Command::PoolList, Command::State]
    );
}

#[test]
fn one_bad_byte_does_not_hide_the_other_volumes() {
    let mut round = Round::whole(false, false);
    let mut asked = Vec::new();
    let mut definitions = None;
    while let Some(command) = round.next() {
        asked.push(command.words().join(" "));
        let result = match &command {
            Command::VolumeInfo(None) => fail(FaultKind::BadOutput),
            Command::VolumeList => Ok(Reply::Names(vec!["a".into(), "bad".into(), "gone".into()])),
            Command::VolumeInfo(Some(name)) if name.as_str() == "a" => {
                Ok(Reply::Volumes(vec![volume("a", 1).into()]))
            }
            Command::VolumeInfo(Some(name)) if name.as_str() == "bad" => fail(FaultKind::BadOutput),
            Command::VolumeInfo(Some(_)) => fail(FaultKind::Refused),
            _ => Ok(Reply::Peers(vec![])),
        };
        let complete = round.take(&reading(command, at(1.0), result));
        assert!(
            definitions.is_none() || complete.is_none(),
            "they come once"
        );
        definitions = definitions.or(complete);
    }
    assert_eq!(
        asked,
        [
            "volume info",
            "volume list",
            "volume info a",
            "volume info bad",
            "volume info gone",
            "pool list"
        ]
    );
    let definitions = definitions.unwrap();
    assert_eq!(definitions.volumes, [volume("a", 1).into()]);
    assert_eq!(definitions.unreadable, ["bad".into()]);
    assert!(
        definitions
            .fault
            .unwrap()
            .command
            .ends_with("volume info bad")
    );
}

#[test]
fn a_round_ends_when_glusterd_is_down() {
    let mut round = Round::whole(true, true);
    let command = round.next().unwrap();
    let down = fail(FaultKind::DaemonDown);
    assert!(round.take(&reading(command, at(1.0), down)).is_none());
    assert_eq!(round.next(), None);
}

#[test]
fn rounds_slow_down_while_nobody_answers_and_hurry_when_told() {
    let seconds = Duration::from_secs;
    let mut rounds = Rounds::every(seconds(5));
    let mut begun = Vec::new();
    for _ in 0..5 {
        let now = rounds.due();
        begun.push(now.as_secs());
        rounds.begin(now, true);
        let down = reading(
            Command::VolumeInfo(None),
            at(now.as_secs_f64()),
            fail(FaultKind::DaemonDown),
        );
        rounds.answered(&down, None);
        rounds.end(now);
    }
    assert_eq!(begun, [0, 5, 15, 30, 45]);
    let now = rounds.due();
    rounds.begin(now, true);
    rounds.stir(now);
    let fine = reading(
        Command::VolumeInfo(None),
        at(60.0),
        Ok(Reply::Volumes(vec![])),
    );
    rounds.answered(&fine, None);
    rounds.end(now + seconds(2));
    assert_eq!(rounds.due(), now + seconds(8), "a rest after a slow round");
    rounds.begin(rounds.due(), true);
    rounds.hurry(now);
    rounds.end(seconds(66));
    assert_eq!(
        rounds.due(),
        Duration::ZERO,
        "hurried while a round was under way"
    );
}

#[test]
fn a_slow_glusterd_is_given_a_rest_but_does_not_look_dead() {
    let millis = Duration::from_millis;
    for interval in [millis(1_000), millis(5_000), millis(60_000)] {
        let mut rounds = Rounds::every(interval);
        for tenths in 0..=20 {
            let begun = rounds.due();
            let took = interval * tenths / 10;
            rounds.begin(begun, true);
            rounds.end(begun + took);
            let apart = rounds.due().saturating_sub(begun);
            assert!(apart >= interval.max(took + took.min(interval) / 2));
            assert!(apart <= (interval * 2).max(took + interval));
        }
    }
}

#[test]
fn a_missing_get_state_is_left_alone_for_a_minute() {
    let mut rounds = Rounds::every(Duration::from_secs(5));
    let refused = |second| reading(Command::State, at(second), fail(FaultKind::Refused));
    let asks = |rounds: &mut Rounds, now| {
        let mut round = rounds.begin(Duration::from_secs(now), true);
        std::iter::from_fn(move || round.next()).any(|command| command == Command::State)
    };
    rounds.answered(&refused(5.0), None);
    assert!(asks(&mut rounds, 10), "one may have been cut short");
    rounds.answered(&refused(10.0), None);
    assert!(!asks(&mut rounds, 15));
    assert!(asks(&mut rounds, 70));
}

/// Rounds over a cluster whose definitions and peers change when told.
struct Rounder {
    rounds: Rounds,
    now: u64,
    definitions: u64,
    peers: u64,
    /// `volume info` fails.
    info: Result<(), FaultKind>,
}

impl Rounder {
    fn new() -> Self {
        Self {
            rounds: Rounds::every(Duration::from_secs(5)),
            now: 0,
            definitions: 1,
            peers: 1,
            info: Ok(()),
        }
    }

    /// The next round: what it asked, and whether it confirmed the others.
    fn round(&mut self) -> (String, bool) {
        self.now = self.now.max(self.rounds.due().as_secs());
        let now = Duration::from_secs(self.now);
        let mut round = self.rounds.begin(now, true);
        let (mut asked, mut confirmed) = (Vec::new(), false);
        while let Some(command) = round.next() {
            asked.push(match command {
                Command::State => "get-state",
                Command::PoolList => "pool list",
                Command::VolumeInfo(None) => "volume info",
                _ => "volume list",
            });
            assert!(asked.len() < 10, "{asked:?}");
            let result = match &command {
                Command::VolumeInfo(_) => match self.info {
                    Ok(()) => Ok(Reply::Volumes(vec![])),
                    Err(kind) => fail(kind),
                },
                Command::PoolList => Ok(Reply::Peers(vec![])),
                Command::State => {
                    let mut report = own_state("a", None, TaskState::NotStarted);
                    (report.definitions, report.peers) = (self.definitions, self.peers);
                    Ok(Reply::State(report))
                }
                _ => fail(FaultKind::Refused),
            };
            let reading = reading(command, at(self.now as f64), result);
            if let Some(definitions) = round.take(&reading) {
                drop(definitions);
                self.rounds.defined(now);
            }
            let still = self.rounds.answered(&reading, Some(&mut round));
            confirmed |= still.definitions && still.peers;
        }
        self.rounds.end(now);
        (asked.join(", "), confirmed)
    }

    fn rounds(&mut self, count: usize) -> Vec<String> {
        (0..count).map(|_| self.round().0).collect()
    }
}

const WHOLE: &str = "volume info, pool list, get-state";

#[test]
fn most_rounds_ask_for_this_nodes_own_state_alone() {
    let mut rounder = Rounder::new();
    assert_eq!(rounder.round(), (WHOLE.to_owned(), false));
    let once_more = "get-state, volume info, pool list, get-state";
    assert_eq!(rounder.round().0, once_more, "what changed between the two");
    assert_eq!(rounder.round(), ("get-state".to_owned(), true));
    let hour = rounder.rounds(240);
    let many = |what: &str| hour.iter().filter(|asked| asked.contains(what)).count();
    assert!((7..=8).contains(&many("volume info")), "every five minutes");
    assert!((36..=40).contains(&many("pool list")), "every minute");
}

#[test]
fn what_changed_is_read_in_the_round_that_tells() {
    let mut rounder = Rounder::new();
    rounder.rounds(3);
    rounder.peers = 2;
    assert_eq!(rounder.rounds(2), ["get-state, pool list", "get-state"]);
    rounder.definitions = 2;
    let redefined = "get-state, volume info, get-state";
    assert_eq!(rounder.rounds(2), [redefined, "get-state"]);
}

#[test]
fn a_failing_volume_info_is_asked_once_a_round() {
    for kind in [FaultKind::Refused, FaultKind::BadOutput] {
        let mut rounder = Rounder::new();
        rounder.rounds(3);
        rounder.info = Err(kind);
        rounder.definitions = 2;
        for asked in rounder.rounds(3) {
            assert_eq!(asked.matches("volume info").count(), 1, "{asked}");
        }
        rounder.info = Ok(());
        rounder.rounds(1);
        assert_eq!(rounder.round().0, "get-state");
    }
}

#[test]
fn rounds_come_further_apart_while_nothing_happens() {
    let mut rounder = Rounder::new();
    rounder.rounds(3);
    let mut apart = |seconds: u64| {
        rounder.now = seconds;
        rounder.round();
        rounder.rounds.due().as_secs() - seconds
    };
    assert_eq!(
        [29, 35, 299, 310, 9_000].map(&mut apart),
        [5, 10, 10, 10, 10]
    );
    rounder.rounds.stir(Duration::from_secs(9_003));
    assert_eq!(
        rounder.rounds.due().as_secs(),
        9_005,
        "somebody is at the keys"
    );
    rounder.rounds.soon(Duration::from_secs(9_003));
    assert_eq!(rounder.rounds.due().as_secs(), 9_002, "a hint");
    rounder.definitions = 7;
    rounder.now = 9_500;
    rounder.round();
    assert_eq!(rounder.rounds.due().as_secs(), 9_505, "something changed");
}

#[test]
fn a_clock_that_began_long_ago_is_no_quiet_time() {
    let mut rounder = Rounder::new();
    rounder.now = 31_536_000;
    rounder.round();
    assert_eq!(rounder.rounds.due().as_secs(), 31_536_005);
}

#[test]
fn a_list_that_ends_early_drops_no_volume_that_was_there_just_before() {
    let mut round = Round::of([Command::State, Command::VolumeInfo(None)]);
    round.next();
    let state = own_state("b", None, TaskState::NotStarted);
    let told = reading(Command::State, at(1.0), Ok(Reply::State(state)));
    assert!(round.take(&told).is_none());
    round.next();
    let list = Ok(Reply::Volumes(vec![volume("a", 1).into()]));
    let read = round.take(&reading(Command::VolumeInfo(None), at(1.1), list));
    assert_eq!(read.unwrap().unreadable, ["b".into()]);
}
