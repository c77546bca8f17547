//! Leaving while an auto commit is armed.

use super::auto::{armed, drain, pass};
use super::*;
use crate::app::auto::AutoState;
use crate::app::msg::HandedOver;
use crate::job::JobId;

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
        ["systemd-run --unit glustop-wait-v-4c1b7f0e glustop wait v --commit-if-clean"]
    );
    let effects = press(&mut model, 22, "w");
    let [Effect::HandOver(all)] = &effects[..] else {
        panic!("{effects:?}")
    };
    assert_eq!(all[0].line(), shown[0]);
    assert_eq!(press(&mut model, 23, "q w"), [], "one attempt at a time");
    // No systemd: stays, and says why.
    let answer = |result| {
        let volume = "v".into();
        Msg::HandedOver(vec![HandedOver { volume, result }])
    };
    update(&mut model, at(25), answer(Err("no bus".into())));
    let Kind::Leave(leave) = &model.dialog.as_ref().unwrap().kind else {
        panic!("it left")
    };
    assert_eq!(leave.failed.as_deref(), Some("v: no bus"));
    assert!(model.auto.armed().next().is_some(), "armed as before");
    press(&mut model, 26, "w");
    let effects = update(
        &mut model,
        at(27),
        answer(Ok("glustop-wait-v-4c1b7f0e".into())),
    );
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
