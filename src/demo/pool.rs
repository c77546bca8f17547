//! The pool: owns the state, lets time pass, and sends each question to the rooms that answer it.

use std::iter;
use std::time::Duration;

use super::answers;
use super::build::{self, Parts};
use super::chance::Chance;
use super::commands;
use super::heal;
use super::motion::{self, World};
use super::options;
use super::progress;
use super::reply::{self, Done, Reply};
use super::rules::{self, Ground, Refusal};
use super::scenario::{Scenario, ScenarioError};
use super::state_dump;
use super::status;
use super::task::{Fault, TaskKind};
use super::volume::{Peer, Volume};
use super::words::{self, Command, Question, RebalanceOp, RemoveBrick, RemoveBrickOp, StatusView};

/// What `gluster --version` says in its first line.
const VERSION: &str = "glusterfs 10.3\n";

/// glusterd sleeps five seconds after it spawned a process: once on the asked node, once on the
/// others. A commit rewrites the volume files and stops bricks.
const REBALANCE_START: Duration = Duration::from_secs(10);
const REMOVE_BRICK_START: Duration = Duration::from_secs(5);
const COMMIT: Duration = Duration::from_secs(2);

/// The names that [`Pool::named`] knows; the first is the default.
pub const SCENARIOS: &[&str] = &["draining", "healthy", "runaway", "degraded", "large"];

/// A trusted storage pool with tasks that move on as time is told to pass.
#[derive(Debug)]
pub struct Pool {
    pace: u32,
    chance: Chance,
    peers: Vec<Peer>,
    /// Index of the asked node.
    local: usize,
    volumes: Vec<Volume>,
    faults: Vec<Fault>,
    /// The simulated second that the state has reached.
    second: u64,
    /// Tasks started so far: each gets an id of its own.
    started: u64,
}

impl Pool {
    /// Builds a pool from the text of a scenario.
    pub fn from_toml(text: &str) -> Result<Self, ScenarioError> {
        let scenario: Scenario = toml::from_str(text)?;
        let pace = scenario.pace;
        let chance = Chance::new(scenario.seed);
        let Parts {
            peers,
            local,
            volumes,
            faults,
        } = build::parts(scenario, chance)?;
        Ok(Self {
            pace,
            chance,
            peers,
            local,
            volumes,
            faults,
            second: 0,
            started: 0,
        })
    }

    /// One of the shipped scenarios, by its name in [`SCENARIOS`].
    pub fn named(name: &str) -> Option<Self> {
        let text = match name {
            "draining" => include_str!("../../assets/demo/draining.toml"),
            "healthy" => include_str!("../../assets/demo/healthy.toml"),
            "runaway" => include_str!("../../assets/demo/runaway.toml"),
            "degraded" => include_str!("../../assets/demo/degraded.toml"),
            "large" => include_str!("../../assets/demo/large.toml"),
            _ => return None,
        };
        Self::from_toml(text).ok()
    }

    /// Simulated seconds that should pass in one second of the viewer.
    pub fn pace(&self) -> u32 {
        self.pace
    }

    /// Runs one command. `argv` holds the words after the program's name, `now` is the simulated
    /// time since the beginning; time never runs back, so an earlier one moves no task.
    pub fn ask(&mut self, argv: &[String], now: Duration) -> Reply {
        self.advance(now);
        match words::read(argv) {
            Err(misuse) => reply::misuse(&misuse),
            Ok(Question::Version) => reply::plain(VERSION),
            Ok(Question::GetState) => {
                reply::plain(&state_dump::text(&self.ground(), &self.volumes))
            }
            Ok(Question::Command { command, xml }) => {
                let outcome = self.outcome(&command, now);
                reply::answer(&command, xml, outcome)
            }
        }
    }

    fn advance(&mut self, now: Duration) {
        let world = World {
            chance: self.chance,
            peers: &self.peers,
            faults: &self.faults,
        };
        let target = now.as_secs().max(self.second);
        motion::advance(&world, &mut self.volumes, self.second, target);
        self.second = target;
    }

    fn outcome(&mut self, command: &Command, now: Duration) -> Result<Done, Refusal> {
        match command {
            Command::PoolList => Ok(Done::quickly(answers::pool_list(&self.ground()))),
            Command::PeerStatus => Ok(Done::quickly(answers::peer_status(&self.ground()))),
            Command::VolumeList => Ok(Done::quickly(answers::volume_list(&self.volumes))),
            Command::VolumeInfo(name) => self.volume_info(name.as_deref()),
            Command::VolumeStatus(name, view) => self.volume_status(name.as_deref(), *view, now),
            Command::VolumeSet { volume, key, value } => self.volume_set(volume, key, value, now),
            Command::HealSummary(name) => self.heal_summary(name),
            Command::VolumeGet(name) => self.volume_get(name.as_deref()),
            Command::Rebalance { volume, op } => self.rebalance(volume, *op, now),
            Command::RemoveBrick(asked) => self.remove_brick(asked, now),
        }
    }

    fn volume_info(&self, name: Option<&str>) -> Result<Done, Refusal> {
        let payload = match name {
            None => answers::volume_info(&self.peers, self.volumes.iter()),
            Some(name) => {
                let volume = self.volume(name).ok_or_else(rules::no_volume_for_info)?;
                answers::volume_info(&self.peers, iter::once(volume))
            }
        };
        Ok(Done::quickly(payload))
    }

    fn volume_status(
        &self,
        name: Option<&str>,
        view: StatusView,
        now: Duration,
    ) -> Result<Done, Refusal> {
        let payload = match name {
            // One transaction per volume: what is not started or locked is left out in silence.
            None => {
                let all = self.volumes.iter();
                let free = all.filter(|one| one.started() && one.locked_until <= now);
                status::text(&self.ground(), free, view)
            }
            Some(name) => {
                let volume = self.volume(name).ok_or_else(|| rules::no_volume(name))?;
                lock(volume, now, Some(name))?;
                rules::status(volume)?;
                status::text(&self.ground(), iter::once(volume), view)
            }
        };
        Ok(Done::quickly(payload))
    }

    fn heal_summary(&self, name: &str) -> Result<Done, Refusal> {
        let volume = self.volume(name).ok_or_else(|| heal::no_volume(name))?;
        heal::possible(volume)?;
        Ok(Done::quickly(heal::summary(&self.peers, volume)))
    }

    fn volume_get(&self, name: Option<&str>) -> Result<Done, Refusal> {
        let payload = match name {
            None => options::of_pool(),
            Some(name) => {
                let volume = self.volume(name);
                options::of(volume.ok_or_else(|| options::no_volume(name))?)
            }
        };
        Ok(Done::quickly(payload))
    }

    fn volume_set(
        &mut self,
        name: &str,
        key: &str,
        value: &str,
        now: Duration,
    ) -> Result<Done, Refusal> {
        let volume = find(&mut self.volumes, name).ok_or_else(|| rules::no_volume(name))?;
        lock(volume, now, Some(name))?;
        rules::set(key, value)?;
        commands::set_option(volume, key, value);
        Ok(Done::quickly(answers::volume_set()))
    }

    fn rebalance(&mut self, name: &str, op: RebalanceOp, now: Duration) -> Result<Done, Refusal> {
        let on = Ground {
            peers: &self.peers,
            local: self.local,
        };
        let volume = find(&mut self.volumes, name).ok_or_else(|| rules::no_volume(name))?;
        lock(volume, now, None)?;
        rules::rebalance(volume, op, &on)?;
        let kind = match op {
            RebalanceOp::Status => {
                let task = volume.task.as_ref();
                return Ok(Done::quickly(progress::rebalance(
                    &on,
                    volume.file_size,
                    task,
                    op,
                )));
            }
            RebalanceOp::Stop => {
                let task = commands::stop(volume);
                let payload = progress::rebalance(&on, volume.file_size, task.as_ref(), op);
                return Ok(Done::quickly(payload));
            }
            RebalanceOp::FixLayout => TaskKind::FixLayout,
            RebalanceOp::Start | RebalanceOp::StartForce => TaskKind::Rebalance,
        };
        self.started += 1;
        let id = self.chance.uuid(&format!("task {}", self.started));
        commands::start(volume, kind, id, &self.peers);
        volume.locked_until = now + REBALANCE_START;
        let payload = progress::rebalance_started(volume.task.as_ref(), op);
        Ok(Done {
            note: "",
            payload,
            takes: REBALANCE_START,
        })
    }

    fn remove_brick(&mut self, asked: &RemoveBrick, now: Duration) -> Result<Done, Refusal> {
        let on = Ground {
            peers: &self.peers,
            local: self.local,
        };
        let volume = find(&mut self.volumes, &asked.volume)
            .ok_or_else(|| rules::no_volume_for_remove_brick(&asked.volume, asked.op))?;
        rules::remove_brick::shape(volume, asked)?;
        lock(volume, now, None)?;
        rules::remove_brick::state(volume, asked, &on)?;
        let id = progress::remove_brick_id(volume.task.as_ref());
        let (note, payload, takes) = match asked.op {
            RemoveBrickOp::Status => {
                let task = volume.task.as_ref();
                return Ok(Done::quickly(progress::remove_brick(
                    &on,
                    volume.file_size,
                    task,
                )));
            }
            RemoveBrickOp::Stop => {
                let task = commands::stop(volume);
                let payload = progress::remove_brick(&on, volume.file_size, task.as_ref());
                return Ok(Done::quickly(payload));
            }
            RemoveBrickOp::Start => {
                self.started += 1;
                let id = self.chance.uuid(&format!("task {}", self.started));
                let kind = TaskKind::RemoveBrick(asked.bricks.clone());
                commands::start(volume, kind, id, &self.peers);
                let id = progress::remove_brick_id(volume.task.as_ref());
                ("Remove Brick start successful", id, REMOVE_BRICK_START)
            }
            RemoveBrickOp::Commit => {
                commands::remove_bricks(volume, &asked.bricks, asked.replica);
                ("Remove Brick commit successful", id, COMMIT)
            }
            RemoveBrickOp::Force => {
                commands::remove_bricks(volume, &asked.bricks, asked.replica);
                (
                    "Remove Brick commit force successful",
                    progress::remove_brick_id(None),
                    COMMIT,
                )
            }
        };
        volume.locked_until = now + takes;
        Ok(Done {
            note,
            payload,
            takes,
        })
    }

    fn ground(&self) -> Ground<'_> {
        Ground {
            peers: &self.peers,
            local: self.local,
        }
    }

    fn volume(&self, name: &str) -> Option<&Volume> {
        self.volumes.iter().find(|volume| volume.name == name)
    }
}

fn find<'a>(volumes: &'a mut [Volume], name: &str) -> Option<&'a mut Volume> {
    volumes.iter_mut().find(|volume| volume.name == name)
}

/// Refuses while another command holds the volume. Only commands of a second and more hold it:
/// the others are over before anybody can ask again.
fn lock(volume: &Volume, now: Duration, named: Option<&str>) -> Result<(), Refusal> {
    if volume.locked_until > now {
        Err(rules::busy(named))
    } else {
        Ok(())
    }
}

#[cfg(test)]
mod tests;
