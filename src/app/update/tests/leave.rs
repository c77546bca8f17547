//! Leaving while an auto commit is armed.

use super::auto::{armed, drain, pass};
use super::*;
use crate::app::auto::AutoState;
use crate::app::dialog::Leave;
use crate::app::msg::{HandedOver, Took};
use crate::job::JobId;

const UNIT: &str = "glustop-wait-v-4c1b7f0e";

fn answer(took: Took) -> Msg {
    Msg::HandedOver(vec![HandedOver {
        volume: "v".into(),
        unit: UNIT.into(),
        took,
    }])
}

fn shown(model: &Model) -> &Leave {
    match &model.dialog.as_ref().unwrap().kind {
        Kind::Leave(leave) => leave,
        other => panic!("{other:?}"),
    }
}

fn why(model: &Model) -> String {
    model.auto.get(&"v".into()).unwrap().words()
}

#[test]
fn leaving_asks_what_becomes_of_it() {
    let mut model = armed();
    let running = drain(TaskState::InProgress, |_| {});
    pass(&mut model, 10, 20, &running);
    assert_eq!(press(&mut model, 20, "1 q"), []);
    let Kind::Leave(leave) = &model.dialog.as_ref().unwrap().kind else {
        panic!("no dialog asks")
    };
    let shown: Vec<_> = leave.lines().collect();
    assert_eq!(
        shown,
        [
            "systemd-run --unit glustop-wait-v-4c1b7f0e glustop wait v --commit-if-clean --task \
          4c1b7f0e-aaaa-bbbb-cccc-0123456789ab"
        ]
    );
    let effects = press(&mut model, 22, "w");
    let [Effect::HandOver(all)] = &effects[..] else {
        panic!("{effects:?}")
    };
    assert_eq!(all[0].line(), shown[0]);
    assert_eq!(press(&mut model, 23, "q w"), [], "one attempt at a time");
    // No systemd: stays, and says why.
    update(&mut model, at(25), answer(Took::Refused("no bus".into())));
    let Kind::Leave(leave) = &model.dialog.as_ref().unwrap().kind else {
        panic!("it left")
    };
    assert_eq!(leave.failed.as_deref(), Some("Not handed over: v: no bus"));
    assert!(model.auto.armed().next().is_some(), "armed as before");
    press(&mut model, 26, "w");
    let effects = update(&mut model, at(27), answer(Took::Waits));
    assert_eq!(effects, [Effect::Quit]);
    let words = explain::farewell(&model);
    assert!(words.contains("stop: glustop stop v"), "{words}");
    assert!(
        words.contains("glustop-wait-v-4c1b7f0e.service waits for v"),
        "{words}"
    );
    // Between the two, nothing is committed twice.
    let clean = drain(TaskState::Completed, |_| {});
    assert_eq!(pass(&mut model, 28, 100, &clean), [""; 0]);
}

#[test]
fn leaving_without_it_takes_q_twice() {
    let mut model = armed();
    pass(&mut model, 10, 20, &drain(TaskState::InProgress, |_| {}));
    assert_eq!(press(&mut model, 20, "1 q Esc"), []);
    assert!(model.dialog.is_none());
    assert_eq!(press(&mut model, 30, "q q"), [Effect::Quit]);
    // While it is being started there is nothing to hand over yet.
    let mut model = self::model(vec![volume("v", distribute(), 4)]);
    press(&mut model, 1, "2 Down Space Space D a y Esc 1 q");
    assert_eq!(press(&mut model, 12, "w"), []);
    assert!(explain::message(&model).contains("only just being started"));
    let state = AutoState::Starting(JobId(1));
    assert_eq!(model.auto.get(&"v".into()).unwrap().state, state);
}

/// What lets go while the dialog is open, and what it is called.
const DOUBTS: [(&str, &str); 2] = [
    ("Ctrl-z", "glustop was suspended"),
    ("p", "reading was paused"),
];

fn doubt(model: &mut Model, second: u64, key: &str) {
    if key == "p" {
        model.paused = Some(at(second));
        update(model, at(second), Msg::Tick);
        model.paused = None;
        return;
    }
    let code = KeyCode::Char('z');
    let effects = update(model, at(second), Msg::Key(Key { code, ctrl: true }));
    assert_eq!(effects, [Effect::Suspend]);
}

#[test]
fn what_let_go_under_the_dialog_is_not_handed_over() {
    let clean = drain(TaskState::Completed, |_| {});
    for (key, reason) in DOUBTS {
        let mut model = armed();
        pass(&mut model, 10, 20, &drain(TaskState::InProgress, |_| {}));
        press(&mut model, 20, "1 q");
        doubt(&mut model, 22, key);
        assert_eq!(shown(&model).offers, [], "{reason}");
        assert_eq!(press(&mut model, 24, "w"), [], "{reason}");
        assert_eq!(why(&model), format!("disarmed: {reason}"));
        press(&mut model, 25, "Esc");
        assert_eq!(pass(&mut model, 26, 200, &clean), [""; 0], "{reason}");
    }
}

#[test]
fn what_lets_go_during_a_hand_over_stays_so_and_is_told() {
    let clean = drain(TaskState::Completed, |_| {});
    for (key, _) in DOUBTS {
        for took in [
            Took::Waits,
            Took::Perhaps("no answer".into()),
            Took::Refused("no bus".into()),
        ] {
            let mut model = armed();
            pass(&mut model, 10, 20, &drain(TaskState::InProgress, |_| {}));
            press(&mut model, 20, "1 q w");
            doubt(&mut model, 23, key);
            let effects = update(&mut model, at(25), answer(took.clone()));
            assert_eq!(effects, [], "it stays: {took:?}");
            let told = shown(&model).failed.clone().unwrap();
            let names_the_unit = told.ends_with(&format!("systemctl stop {UNIT}"));
            assert_eq!(
                names_the_unit,
                !matches!(took, Took::Refused(_)),
                "{took:?}: {told}"
            );
            press(&mut model, 26, "Esc");
            assert_eq!(pass(&mut model, 27, 200, &clean), [""; 0], "{took:?}");
        }
    }
}

#[test]
fn without_an_answer_it_is_not_armed_again() {
    let mut model = armed();
    pass(&mut model, 10, 20, &drain(TaskState::InProgress, |_| {}));
    press(&mut model, 20, "1 q w");
    let late = Took::Perhaps("systemd-run gave no answer in 20 s".into());
    assert_eq!(update(&mut model, at(42), answer(late)), []);
    let told = format!(
        "v: systemd-run gave no answer in 20 s; it may run as {UNIT}: systemctl stop {UNIT}"
    );
    assert_eq!(shown(&model).failed, Some(told));
    assert_eq!(press(&mut model, 43, "w"), [], "nor handed over twice");
    press(&mut model, 44, "Esc");
    let clean = drain(TaskState::Completed, |_| {});
    assert_eq!(pass(&mut model, 45, 200, &clean), [""; 0]);
    assert_eq!(why(&model), format!("disarmed: {UNIT} may wait for it"));
    let words = explain::farewell(&model);
    assert!(words.contains(&format!("systemctl stop {UNIT}")), "{words}");
}

#[test]
fn the_end_of_a_hand_over_leaves_from_its_own_dialog_only() {
    let mut model = armed();
    pass(&mut model, 10, 20, &drain(TaskState::InProgress, |_| {}));
    press(&mut model, 20, "1 q w !");
    assert_eq!(update(&mut model, at(25), answer(Took::Waits)), []);
    assert!(matches!(
        model.dialog.as_ref().unwrap().kind,
        Kind::Emergency(_)
    ));
    assert_eq!(press(&mut model, 26, "Esc q"), [Effect::Quit]);
}
