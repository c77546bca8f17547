use super::*;

fn node(state: TaskState) -> NodeProgress {
    NodeProgress {
        peer: PeerId::new("p"),
        name: "n".into(),
        state,
        counters: Counters::default(),
        taken: None,
        reported: true,
        moved: None,
        ticked: None,
        trail: Trail::default(),
    }
}

fn task(listed: TaskState, nodes: &[TaskState]) -> Task {
    Task {
        id: None,
        kind: TaskKind::RemoveBrick,
        listed,
        bricks: vec![],
        nodes: nodes.iter().copied().map(node).collect(),
        first_seen: Stamp::ZERO,
        trail: Trail::default(),
        baseline: None,
        usage: std::sync::Arc::default(),
    }
}

#[test]
fn the_state_over_all_nodes_never_claims_more_than_they_said() {
    use TaskState::{Completed, Failed, InProgress, NotStarted, Stopped, Unknown};
    for (nodes, listed, expected) in [
        (vec![], InProgress, InProgress),
        (vec![Completed, InProgress, Failed], Completed, InProgress),
        (vec![Completed, Failed], Completed, Failed),
        (vec![Completed, Stopped], Completed, Stopped),
        (vec![Completed, Completed], InProgress, Completed),
        (vec![Completed, Unknown], Completed, Unknown),
        (vec![Completed, Unknown], InProgress, InProgress),
        (vec![NotStarted, NotStarted], NotStarted, NotStarted),
    ] {
        let task = task(listed, &nodes);
        assert_eq!(task.state(), expected, "{nodes:?} listed {listed:?}");
    }
}

#[test]
fn a_total_with_an_unknown_addend_is_unknown() {
    let known = Counters {
        files: Some(1),
        bytes: Some(2),
        ..Counters::default()
    };
    let silent = Counters {
        files: Some(3),
        ..Counters::default()
    };
    let total = Counters::total([&known, &silent]);
    assert_eq!((total.files, total.bytes), (Some(4), None));
    assert_eq!(Counters::total([]), Counters::default());
}

fn sample(second: i64, bytes: u64) -> Sample {
    Sample {
        at: Timestamp::from_second(second).unwrap(),
        bytes,
        files: 0,
        scanned: 0,
    }
}

#[test]
fn a_trail_begins_again_when_a_counter_falls() {
    let mut trail = Trail::default();
    trail.push(sample(1, 10));
    trail.push(sample(2, 20));
    trail.push(sample(2, 30));
    assert_eq!(trail.samples().len(), 2, "one sample an instant");
    trail.push(sample(3, 5));
    assert_eq!(trail.samples().len(), 1, "the node restarted");
}

#[test]
fn a_clock_that_is_set_back_begins_trail_and_usage_anew() {
    let mut trail = Trail::default();
    trail.push(sample(7_000, 10));
    trail.push(sample(7_100, 5));
    trail.push(sample(7_050, 7));
    assert_eq!(trail.samples().len(), 1, "overtaken");
    trail.push(sample(3_500, 20));
    trail.push(sample(3_510, 30));
    let kept: Vec<_> = trail.samples().map(|sample| sample.bytes).collect();
    assert_eq!(kept, [20, 30]);
    assert_eq!(trail.restarted(), Timestamp::from_second(3_500).ok());

    let brick = BrickName::new("p:/b");
    let mut usage = Usage::default();
    for (second, used) in [(7_000, 9), (6_990, 8), (3_500, 7), (3_530, 6)] {
        usage.push(&brick, Timestamp::from_second(second).unwrap(), used);
    }
    let kept: Vec<_> = usage.of(&brick).map(|(_, used)| *used).collect();
    assert_eq!(kept, [7, 6]);
}

#[test]
fn a_task_may_move_as_long_as_any_node_may() {
    use TaskState::{Completed, Failed, InProgress, NotStarted, Stopped, Unknown};
    for (nodes, silent, expected) in [
        (vec![], None, true),
        (vec![Failed, InProgress], None, true),
        (vec![Failed, Unknown], None, true),
        (vec![Stopped, Unknown], Some(1), true),
        (vec![Failed, NotStarted], Some(1), true),
        (vec![Failed, NotStarted], None, false),
        (vec![Completed, Unknown], Some(1), true),
        // These said that they were over.
        (vec![Failed, Completed], Some(1), false),
        (vec![Completed, Completed], Some(1), false),
        (vec![Failed, Failed], None, false),
    ] {
        let mut task = task(InProgress, &nodes);
        if let Some(silent) = silent {
            task.nodes[silent].reported = false;
        }
        assert_eq!(task.may_move(), expected, "{nodes:?}, {silent:?} silent");
    }
}

#[test]
fn a_run_time_since_1970_is_none_and_hides_no_other() {
    let with = |seconds| Counters {
        runtime: Some(Duration::from_secs(seconds)),
        ..Counters::default()
    };
    let absurd = with(1_795_374_907);
    assert_eq!(absurd.run_time(), None);
    assert_eq!(Counters::total([&absurd]).runtime, None);
    for nodes in [[&absurd, &with(7)], [&with(7), &absurd]] {
        assert_eq!(Counters::total(nodes).runtime, with(7).runtime);
    }
}
