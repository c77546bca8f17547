use super::*;
use crate::gluster::Failure;
use crate::monitor::testing::{at, reading, volume};

fn fail(kind: FaultKind) -> Result<Reply, Failure> {
    Err(Failure::new(kind, "text"))
}

#[test]
fn a_round_asks_for_definitions_first_and_for_no_more_than_it_needs() {
    let mut round = Round::new(true, false);
    let asked: Vec<_> = std::iter::from_fn(|| round.next()).collect();
    assert_eq!(
        asked,
        [Command::VolumeInfo(None), Command::PoolList, Command::State]
    );
}

#[test]
fn one_bad_byte_does_not_hide_the_other_volumes() {
    let mut round = Round::new(false, false);
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
    let mut round = Round::new(true, true);
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
        rounds.answered(&down);
        rounds.end(now);
    }
    assert_eq!(begun, [0, 5, 15, 30, 45]);
    let now = rounds.due();
    rounds.begin(now, true);
    rounds.answered(&reading(
        Command::VolumeInfo(None),
        at(60.0),
        Ok(Reply::Volumes(vec![])),
    ));
    rounds.end(now + seconds(2));
    assert_eq!(rounds.due(), now + seconds(8), "a rest after a slow round");
    rounds.begin(rounds.due(), true);
    rounds.hurry();
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
    rounds.answered(&reading(Command::State, at(10.0), fail(FaultKind::Refused)));
    let asks = |rounds: &mut Rounds, now| {
        let mut round = rounds.begin(Duration::from_secs(now), true);
        std::iter::from_fn(move || round.next()).any(|command| command == Command::State)
    };
    assert!(!asks(&mut rounds, 15));
    assert!(asks(&mut rounds, 70));
}
