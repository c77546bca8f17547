use super::super::BrickName;
use super::*;

fn volume(bricks: usize, layout: Layout) -> Volume {
    Volume {
        name: VolumeName::new("v"),
        id: String::new(),
        status: VolumeStatus::Started,
        layout,
        bricks: (0..bricks)
            .map(|i| Brick {
                name: BrickName::new(format!("h{i}:/b")),
                peer: None,
                is_arbiter: false,
            })
            .collect(),
        options: BTreeMap::new(),
    }
}

#[test]
fn kind_shape_and_subvolumes_come_from_the_counts() {
    let replica = |replica, arbiter| Layout {
        replica,
        arbiter,
        ..Layout::default()
    };
    let disperse = |disperse, redundancy| Layout {
        replica: 1,
        disperse,
        redundancy,
        ..Layout::default()
    };
    for (bricks, layout, kind, shape, last) in [
        (4, replica(1, 0), "Distribute", "4", "v-client-3"),
        (3, replica(3, 0), "Replicate", "1 x 3", "v-replicate-0"),
        (
            9,
            replica(3, 0),
            "Distributed-Replicate",
            "3 x 3",
            "v-replicate-2",
        ),
        (
            6,
            replica(3, 1),
            "Distributed-Replicate",
            "2 x (2 + 1)",
            "v-replicate-1",
        ),
        (6, disperse(6, 2), "Disperse", "1 x (4 + 2)", "v-disperse-0"),
        (
            6,
            disperse(3, 1),
            "Distributed-Disperse",
            "2 x (2 + 1)",
            "v-disperse-1",
        ),
    ] {
        let v = volume(bricks, layout);
        assert_eq!((v.kind().as_str(), v.shape().as_str()), (kind, shape));
        assert_eq!(
            v.subvolumes().last().map(|s| s.name()).as_deref(),
            Some(last)
        );
    }
}

#[test]
fn a_brick_knows_its_subvolume() {
    let v = volume(
        9,
        Layout {
            replica: 3,
            ..Layout::default()
        },
    );
    assert_eq!(v.subvolume_of(&BrickName::new("h5:/b")), Some(1));
    assert_eq!(
        v.subvolume(1).map(|set| (set.index, set.bricks.len())),
        Some((1, 3))
    );
    assert!(v.subvolume(3).is_none());
    assert_eq!(v.subvolume_of(&BrickName::new("elsewhere:/b")), None);
}
