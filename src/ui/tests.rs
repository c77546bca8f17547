use super::testing::*;
use super::*;
use crate::app::dialog::*;

fn open(model: &mut Model, kind: dialog_kind::Kind) {
    let snapshot = model.snapshot.clone();
    let context = Context {
        snapshot: &snapshot,
        launcher: &model.session.launcher,
    };
    model.dialog = Some(Dialog::open(kind, context, ago(10)));
}
use crate::app::Dialog;
use crate::app::dialog as dialog_kind;

#[test]
fn main_view() {
    let mut m = model();
    m.views = vec![View::TaskStatus {
        volume: "media".into(),
        scroll: 0,
    }];
    print!("{}", text(&m, &ascii(), 80, 24));
    print!("{}", text(&m, &utf8(), 120, 40));
    m.views = vec![View::TaskStatus {
        volume: "scratch".into(),
        scroll: 0,
    }];
    print!("{}", text(&m, &ascii(), 80, 24));
    m.views = vec![View::Help];
    print!("{}", text(&m, &ascii(), 80, 24));
    print!("{}", text(&m, &ascii(), 40, 10));
    m.views = vec![View::Alarms { scroll: 0 }];
    print!("{}", text(&m, &ascii(), 80, 24));
    m.views = vec![];
    open(
        &mut m,
        Kind::Stop(Stop {
            volume: "media".into(),
        }),
    );
    print!("{}", text(&m, &ascii(), 80, 24));
    print!("{}", text(&m, &ascii(), 40, 10));
    open(
        &mut m,
        Kind::Throttle(SetThrottle {
            volume: "media".into(),
            level: crate::model::Throttle::Normal,
        }),
    );
    print!("{}", text(&m, &ascii(), 80, 24));
    open(&mut m, Kind::Rebalance(Rebalance::new(["scratch".into()])));
    print!("{}", text(&m, &ascii(), 80, 24));
    open(
        &mut m,
        Kind::Rebalance(Rebalance::new([
            "scratch".into(),
            "media".into(),
            "home".into(),
        ])),
    );
    print!("{}", text(&m, &ascii(), 80, 24));
    open(&mut m, Kind::Emergency(Emergency::new(&m.snapshot.clone())));
    print!("{}", text(&m, &ascii(), 80, 24));
    open(&mut m, Kind::Finish(Finish::new("media".into())));
    print!("{}", text(&m, &ascii(), 80, 24));
    alter(&mut m, "media", |s| {
        s.task = crate::model::Part::fresh(None, ago(3))
    });
    let bricks: std::collections::BTreeSet<_> =
        m.snapshot.volume(&"media".into()).unwrap().volume.bricks[6..]
            .iter()
            .map(|b| b.name.clone())
            .collect();
    open(
        &mut m,
        Kind::Remove(Remove::new("media".into(), bricks.clone())),
    );
    print!("{}", text(&m, &ascii(), 80, 24));
    print!("{}", text(&m, &ascii(), 120, 40));
    print!("{}", text(&m, &ascii(), 40, 10));
    let two: std::collections::BTreeSet<_> = [
        "gl-01:/bricks/m2/media".into(),
        "gl-04:/bricks/m1/media".into(),
    ]
    .into();
    open(&mut m, Kind::Remove(Remove::new("media".into(), two)));
    print!("{}", text(&m, &ascii(), 80, 24));
}
