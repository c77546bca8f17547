use super::*;
use crate::model::{Fault, FaultKind, Heal, Layout, Part};
use crate::monitor::testing::{at, snapshot, volume};

fn cluster() -> Snapshot {
    let mut copies = volume("copies", 3);
    copies.layout = Layout {
        replica: 3,
        ..Layout::default()
    };
    let mut parts = volume("parts", 3);
    parts.layout = Layout {
        disperse: 3,
        redundancy: 1,
        ..Layout::default()
    };
    let mut stopped = copies.clone();
    stopped.name = "stopped".into();
    stopped.status = VolumeStatus::Stopped;
    snapshot(vec![copies, parts, stopped, volume("whole", 3)])
}

fn names(volumes: &[&str]) -> Vec<VolumeName> {
    volumes.iter().map(|&name| name.into()).collect()
}

#[test]
fn healing_is_asked_for_last_and_only_where_there_is_some() {
    let volumes = names(&["copies", "gone", "parts", "stopped", "whole"]);
    let mut inspection = Inspection::of(&volumes, &cluster());
    let asked = std::iter::from_fn(|| inspection.next());
    let asked: Vec<_> = asked.map(|command| command.to_string()).collect();
    assert_eq!(
        asked,
        [
            "volume get all all",
            "volume get copies all",
            "volume get parts all",
            "volume get stopped all",
            "volume get whole all",
            "volume heal copies info summary",
            "volume heal parts info summary",
        ]
    );
    assert_eq!(Inspection::of(&[], &cluster()).next(), None);
}

#[test]
fn an_old_count_is_no_answer() {
    let cluster = |seconds, failed: bool| {
        let mut cluster = cluster();
        let mut volumes = cluster.volumes().to_vec();
        let mut heal = Part::fresh(Heal::default(), at(seconds));
        if failed {
            heal.fail(Fault {
                kind: FaultKind::Timeout,
                command: String::new(),
                message: String::new(),
                since: at(seconds),
            });
        }
        std::sync::Arc::make_mut(&mut volumes[0]).heal = heal;
        cluster.volumes = Part::fresh(volumes, at(0.0));
        cluster
    };
    let asked = names(&["copies", "parts"]);
    let old = |cluster: &Snapshot| with_old_heal(&asked, cluster, at(100.0)).count();
    assert_eq!(old(&cluster(90.0, false)), 0);
    assert_eq!(old(&cluster(60.0, false)), 1);
    assert_eq!(old(&cluster(90.0, true)), 1);
}
