//! `volume get`: the options in force, with gluster's note behind those that nobody set.

use super::rules::Refusal;
use super::volume::Volume;
use super::xml::Xml;

/// `cluster.op-version` of release 10.
pub(super) const OP_VERSION: u32 = 100_000;

/// Some of the three hundred: those that decide about moving files.
const DEFAULTS: [(&str, &str); 9] = [
    ("cluster.lookup-optimize", "on"),
    ("cluster.min-free-disk", "10%"),
    ("cluster.min-free-inodes", "5%"),
    ("cluster.rebal-throttle", "normal"),
    ("cluster.weighted-rebalance", "on"),
    ("cluster.force-migration", "off"),
    ("storage.reserve", "1"),
    ("features.shard", "off"),
    ("features.shard-block-size", "64MB"),
];

const OF_POOL: [(&str, &str); 3] = [
    ("cluster.server-quorum-ratio", "51"),
    ("cluster.enable-shared-storage", "disable"),
    ("cluster.brick-multiplex", "disable"),
];

/// A refusal of this command comes without a number.
pub(super) fn no_volume(name: &str) -> Refusal {
    Refusal::new(0, format!("Volume {name} does not exist"))
}

/// `volume get VOLUME all`.
pub(super) fn of(volume: &Volume) -> String {
    let set = volume.options.iter().cloned();
    let unset = DEFAULTS.iter().filter(|(key, _)| {
        let mut set = volume.options.iter();
        !set.any(|(name, _)| name == key)
    });
    let all: Vec<_> = set.chain(unset.map(|pair| default(*pair))).collect();
    list(&all)
}

/// `volume get all all`.
pub(super) fn of_pool() -> String {
    let versions = ["cluster.op-version", "cluster.max-op-version"];
    let versions = versions.map(|key| (key.to_owned(), OP_VERSION.to_string()));
    let all: Vec<_> = OF_POOL.map(default).into_iter().chain(versions).collect();
    list(&all)
}

fn default((key, value): (&str, &str)) -> (String, String) {
    (key.to_owned(), format!("{value} (DEFAULT)"))
}

fn list(options: &[(String, String)]) -> String {
    let mut xml = Xml::payload();
    xml.element("volGetopts", |xml| {
        xml.leaf("count", options.len());
        for (key, value) in options {
            xml.element("Opt", |xml| {
                xml.leaf("Option", key);
                xml.leaf("Value", value);
            });
        }
    });
    xml.into_text()
}
