//! From the tables of a scenario to a pool in its first instant.

use std::collections::BTreeMap;
use std::time::Duration;

use super::chance::Chance;
use super::plan::{self, part};
use super::scenario::{
    FaultTable, GenerateTable, Scenario, ScenarioError, SubvolumeTable, TaskTable, TaskWord,
    VolumeTable,
};
use super::task::{Fault, RunStatus, Task, TaskKind};
use super::volume::{Brick, Peer, Subvolume, Volume, VolumeStatus};

/// The first port glusterd gives to a brick.
const BASE_PORT: u64 = 49152;

/// The options a new volume has, in the order `volume info` lists them.
const REPLICA_OPTIONS: [(&str, &str); 1] = [("cluster.granular-entry-heal", "on")];
const COMMON_OPTIONS: [(&str, &str); 3] = [
    ("storage.fips-mode-rchecksum", "on"),
    ("transport.address-family", "inet"),
    ("nfs.disable", "on"),
];

/// The parts of a pool.
pub(super) struct Parts {
    pub(super) peers: Vec<Peer>,
    /// Index of the asked node.
    pub(super) local: usize,
    pub(super) volumes: Vec<Volume>,
    pub(super) faults: Vec<Fault>,
}

/// Makes and checks the parts.
pub(super) fn parts(scenario: Scenario, chance: Chance) -> Result<Parts, ScenarioError> {
    let mut build = Build::new(&scenario, chance);
    let local = build.peer("local", &scenario.local)?;
    let generated = scenario
        .generate
        .as_ref()
        .map(|table| build.generate(table));
    let tables = scenario
        .volumes
        .into_iter()
        .chain(generated.into_iter().flatten());
    let mut volumes = tables
        .map(|table| build.volume(table))
        .collect::<Result<Vec<_>, _>>()?;
    for table in &scenario.tasks {
        build.task(&mut volumes, table)?;
    }
    let faults = scenario.faults.into_iter();
    let faults = faults.map(|table| build.fault(&volumes, table));
    let faults = faults.collect::<Result<_, _>>()?;
    Ok(Parts {
        peers: build.peers,
        local,
        volumes,
        faults,
    })
}

struct Build {
    chance: Chance,
    peers: Vec<Peer>,
    /// Bricks made so far on each peer: their ports follow one another.
    bricks: Vec<u64>,
}

impl Build {
    fn new(scenario: &Scenario, chance: Chance) -> Self {
        let peers = scenario.peers.iter().map(|table| Peer {
            name: table.name.clone(),
            uuid: chance.uuid(&format!("peer {}", table.name)),
            connected: table.connected,
        });
        let peers: Vec<Peer> = peers.collect();
        let bricks = vec![0; peers.len()];
        Self {
            chance,
            peers,
            bricks,
        }
    }

    fn peer(&self, place: &str, name: &str) -> Result<usize, ScenarioError> {
        let found = self.peers.iter().position(|peer| peer.name == name);
        found.ok_or_else(|| unknown(place, name))
    }

    /// The tables that a generator stands for.
    fn generate(&self, table: &GenerateTable) -> Vec<VolumeTable> {
        (1..=table.volumes)
            .map(|number| self.generated_volume(table, number))
            .collect()
    }

    fn generated_volume(&self, table: &GenerateTable, number: usize) -> VolumeTable {
        let name = format!("{}-{number:04}", table.prefix);
        let leaf = table.layout.leaf();
        let subvolumes = (0..table.subvolumes).map(|index| {
            let first = number + index * leaf;
            let hosts = self
                .peers
                .iter()
                .cycle()
                .skip(first % self.peers.len())
                .take(leaf);
            let drawn = self.chance.number(&format!("fill {name} {index}")) % 1024;
            SubvolumeTable {
                hosts: hosts.map(|peer| peer.name.clone()).collect(),
                path: format!("/bricks/s{index}/{name}"),
                device: format!("sd{}", ['b', 'c', 'd', 'e'].get(index % 4).unwrap_or(&'f')),
                size: table.size,
                data: table.data / 4 + part(table.data / 4 * 3, drawn, 1024),
                foreign: 0,
                offline: Vec::new(),
            }
        });
        VolumeTable {
            subvolumes: subvolumes.collect(),
            name,
            status: VolumeStatus::default(),
            layout: table.layout,
            file_size: table.file_size,
            rate: table.rate,
            options: BTreeMap::new(),
            heal_pending: 0,
        }
    }

    fn volume(&mut self, table: VolumeTable) -> Result<Volume, ScenarioError> {
        for (field, value) in [("file_size", table.file_size), ("rate", table.rate)] {
            if value == 0 {
                return Err(ScenarioError::Zero {
                    place: format!("{field} of {}", table.name),
                });
            }
        }
        let mut subvolumes = Vec::with_capacity(table.subvolumes.len());
        for (index, subvolume) in table.subvolumes.iter().enumerate() {
            subvolumes.push(self.subvolume(&table, index, subvolume)?);
        }
        let replica = if table.layout.replica > 1 {
            REPLICA_OPTIONS.as_slice()
        } else {
            &[]
        };
        let inherent = replica.iter().chain(&COMMON_OPTIONS);
        let inherent = inherent.map(|(key, value)| ((*key).to_owned(), (*value).to_owned()));
        Ok(Volume {
            id: self.chance.uuid(&format!("volume {}", table.name)),
            name: table.name,
            status: table.status,
            layout: table.layout,
            subvolumes,
            options: table.options.into_iter().chain(inherent).collect(),
            file_size: table.file_size,
            rate: table.rate,
            heal_pending: table.heal_pending,
            task: None,
            locked_until: Duration::ZERO,
        })
    }

    fn subvolume(
        &mut self,
        volume: &VolumeTable,
        index: usize,
        table: &SubvolumeTable,
    ) -> Result<Subvolume, ScenarioError> {
        let place = format!("sub-volume {index} of {}", volume.name);
        let wanted = volume.layout.leaf();
        if table.hosts.len() != wanted {
            return Err(ScenarioError::BrickCount {
                place,
                found: table.hosts.len(),
                wanted,
            });
        }
        if let Some(stranger) = table
            .offline
            .iter()
            .find(|host| !table.hosts.contains(host))
        {
            return Err(unknown(&place, stranger));
        }
        let mut bricks = Vec::with_capacity(wanted);
        for (position, host) in table.hosts.iter().enumerate() {
            let peer = self.peer(&place, host)?;
            let name = format!("{host}:{}", table.path);
            let online = !table.offline.contains(host);
            bricks.push(Brick {
                peer,
                host: host.clone(),
                path: table.path.clone(),
                device: table.device.clone(),
                online,
                port: self.next_port(peer),
                pid: 1_200 + self.chance.number(&name) % 30_000,
                arbiter: volume.layout.arbiter > 0 && position + 1 == wanted,
                name,
            });
        }
        Ok(Subvolume {
            bricks,
            size: table.size,
            data: table.data,
            foreign: table.foreign,
        })
    }

    fn next_port(&mut self, peer: usize) -> u64 {
        let Some(count) = self.bricks.get_mut(peer) else {
            return BASE_PORT;
        };
        *count += 1;
        BASE_PORT + *count - 1
    }

    fn task(&self, volumes: &mut [Volume], table: &TaskTable) -> Result<(), ScenarioError> {
        let volume = volumes
            .iter_mut()
            .find(|volume| volume.name == table.volume);
        let volume = volume.ok_or_else(|| unknown("task", &table.volume))?;
        let place = format!("task of {}", table.volume);
        let kind = match table.kind {
            TaskWord::Rebalance => TaskKind::Rebalance,
            TaskWord::RemoveBrick => TaskKind::RemoveBrick(leaving(volume, table, &place)?),
        };
        let mut before = BTreeMap::new();
        let mut states = BTreeMap::new();
        for node in &table.nodes {
            let peer = self.peer(&place, &node.host)?;
            before.insert(peer, node.counters());
            states.insert(peer, node.state);
        }
        let mut runs = plan::runs(volume, &kind, &self.peers, &before);
        for run in &mut runs {
            run.runtime = table.elapsed;
            run.status = states.get(&run.peer).copied().unwrap_or_default();
            if run.status != RunStatus::InProgress {
                run.legs.clear();
            }
        }
        let id = self.chance.uuid(&format!("task of {}", volume.name));
        volume.task = Some(Task { id, kind, runs });
        Ok(())
    }

    fn fault(&self, volumes: &[Volume], table: FaultTable) -> Result<Fault, ScenarioError> {
        let known = |name: &&String| volumes.iter().any(|volume| volume.name == **name);
        if let Some(stranger) = table.volume.as_ref().filter(|name| !known(name)) {
            return Err(unknown("fault", stranger));
        }
        Ok(Fault {
            peer: self.peer("fault", &table.host)?,
            volume: table.volume,
            stall: table.stall,
            fail: table.fail,
        })
    }
}

fn leaving(volume: &Volume, table: &TaskTable, place: &str) -> Result<Vec<String>, ScenarioError> {
    let mut bricks = Vec::new();
    for index in &table.subvolumes {
        let subvolume = volume.subvolumes.get(*index);
        let subvolume = subvolume.ok_or_else(|| unknown(place, &format!("sub-volume {index}")))?;
        bricks.extend(subvolume.bricks.iter().map(|brick| brick.name.clone()));
    }
    Ok(bricks)
}

fn unknown(place: &str, name: &str) -> ScenarioError {
    ScenarioError::Unknown {
        place: place.to_owned(),
        name: name.to_owned(),
    }
}

#[cfg(test)]
mod tests;
