//! A name that is being typed while the offer changes under it.

use super::*;

/// The volume `jy`, drained; its name begins with keys that mean something.
fn drained(change: impl FnOnce(&mut VolumeState)) -> VolumeState {
    let mut v = volume("jy", replica(3, 0), 9);
    let nodes = [4, 5, 6].map(|n| node(n, TaskState::Completed));
    set_task(&mut v, TaskKind::RemoveBrick, &[3, 4, 5], nodes.to_vec());
    change(&mut v);
    v
}

/// Types these keys every fifth of a second, right after this second.
fn type_on(model: &mut Model, second: u64, keys: &str) -> Vec<Effect> {
    let mut effects = Vec::new();
    for (n, c) in (1..).zip(keys.chars()) {
        let key = if c == '\n' {
            Key::plain(KeyCode::Enter)
        } else {
            Key::char(c)
        };
        let more = Duration::from_millis(200 * n + 100);
        let now = Stamp {
            steady: at(second).steady + more,
            wall: at(second).wall + more,
        };
        effects.extend(update(model, now, Msg::Key(key)));
    }
    effects
}

/// The first letter is typed when the next reading comes.
fn typing(change: impl FnOnce(&mut VolumeState)) -> Model {
    let mut model = model(vec![drained(|_| {})]);
    press(&mut model, 1, "C Up Up j");
    let dialog = model.dialog.as_ref().unwrap();
    assert_eq!((dialog.focus, dialog.typed.value()), (Focus::Field, "j"));
    let next = cluster(vec![drained(change)]);
    update(&mut model, at(6), Msg::Snapshot(Arc::new(next)));
    model
}

#[test]
fn the_letters_of_a_name_never_become_choices() {
    let mut model = typing(|v| {
        let mut task = v.task().unwrap().clone();
        task.nodes[0].counters.failures = Some(3);
        v.task = crate::model::Part::fresh(Some(Arc::new(task)), at(6));
    });
    let before = model.dialog.as_ref().unwrap().kind.clone();
    assert!(model.dialog.as_ref().unwrap().offer.refusal.is_some());
    assert_eq!(jobs(&type_on(&mut model, 6, "yjymomyqncjy\n")), [""; 0]);
    let dialog = model.dialog.as_ref().unwrap();
    assert_eq!(format!("{:?}", dialog.kind), format!("{before:?}"));
    assert!(dialog.is_asking());
    // After a rest keys count again.
    press(&mut model, 20, "Down");
    assert_ne!(
        format!("{:?}", model.dialog.as_ref().unwrap().kind),
        format!("{before:?}")
    );
}

#[test]
fn a_name_whose_field_stays_is_typed_anew() {
    let mut model = typing(|v| set_online(v, 0, Some(false)));
    let dialog = model.dialog.as_ref().unwrap();
    assert_eq!((dialog.focus, dialog.typed.value()), (Focus::Field, ""));
    let told = dialog.changed.clone().unwrap();
    assert!(told.ends_with("the name is to be typed anew"), "{told}");
    assert_eq!(jobs(&type_on(&mut model, 6, "y\n")), [""; 0]);
    assert_eq!(model.dialog.as_ref().unwrap().typed.value(), "y");
    let keys = "Backspace j y Enter";
    assert_eq!(jobs(&press(&mut model, 20, keys)).len(), 1);
}
