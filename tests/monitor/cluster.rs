//! A cluster on paper: it answers as gluster does, and does what a test tells it.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use glustop::gluster::{Answer, Command, Failure, Order, RunFuture, Runner};
use glustop::model::{FaultKind, VolumeName};
use tokio::time::Instant;

/// Every node hosts one brick of every volume: `gl-01:/b/VOLUME` and so on.
pub(crate) const NODES: usize = 3;

/// What happens to an order instead of a good answer.
#[derive(Debug, Clone)]
pub(crate) enum Mishap {
    /// Another transaction holds the lock.
    Busy,
    /// No answer until the deadline.
    Hang,
    /// This failure.
    Fail(FaultKind),
    /// A bug of ours.
    Panic,
    /// Takes this long, then goes well.
    Slow(Duration),
}

/// An order that arrived.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Call {
    /// When.
    pub(crate) at: Duration,
    /// The words after gluster's options.
    pub(crate) words: String,
    /// All words, program first.
    pub(crate) argv: Vec<String>,
}

pub(crate) struct Cluster {
    begun: Instant,
    state: Mutex<State>,
}

#[derive(Default)]
struct State {
    volumes: BTreeMap<String, Option<Task>>,
    mishaps: Vec<(String, usize, Mishap)>,
    calls: Vec<Call>,
    /// Locking questions under way, by volume.
    locked: BTreeMap<String, usize>,
    /// Two of them on one volume, or two questions at all.
    overlaps: Vec<String>,
}

#[derive(Clone)]
struct Task {
    id: String,
    bricks: Vec<String>,
    state: &'static str,
    moved: u64,
}

impl Cluster {
    pub(crate) fn with(volumes: &[&str]) -> Arc<Self> {
        let volumes = volumes
            .iter()
            .map(|&name| (name.to_owned(), None))
            .collect();
        Arc::new(Self {
            begun: Instant::now(),
            state: Mutex::new(State {
                volumes,
                ..State::default()
            }),
        })
    }

    /// Somebody else starts a task.
    pub(crate) fn begin(&self, volume: &str, bricks: &[&str]) {
        let bricks = bricks.iter().map(|&brick| brick.to_owned()).collect();
        let mut state = self.state();
        let id = task_id(state.calls.len());
        let task = Task {
            id,
            bricks,
            state: "in progress",
            moved: 0,
        };
        state.volumes.insert(volume.to_owned(), Some(task));
    }

    /// The task is over.
    pub(crate) fn complete(&self, volume: &str) {
        if let Some(Some(task)) = self.state().volumes.get_mut(volume) {
            task.state = "completed";
        }
    }

    /// Somebody deletes a volume.
    pub(crate) fn delete(&self, volume: &str) {
        self.state().volumes.remove(volume);
    }

    /// The next so many orders whose words begin like this meet a mishap.
    pub(crate) fn trouble(&self, words: &str, times: usize, mishap: Mishap) {
        self.state().mishaps.push((words.to_owned(), times, mishap));
    }

    /// No more trouble.
    pub(crate) fn heal(&self) {
        self.state().mishaps.clear();
    }

    /// When it began.
    pub(crate) fn begun(&self) -> Instant {
        self.begun
    }

    /// Every order so far.
    pub(crate) fn calls(&self) -> Vec<Call> {
        self.state().calls.clone()
    }

    /// When orders with these words arrived.
    pub(crate) fn times(&self, words: &str) -> Vec<Duration> {
        let calls = self.calls().into_iter();
        calls
            .filter(|call| call.words.starts_with(words))
            .map(|call| call.at)
            .collect()
    }

    /// Locking questions that met another one of ours.
    pub(crate) fn overlaps(&self) -> Vec<String> {
        self.state().overlaps.clone()
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn mishap(&self, words: &str) -> Option<Mishap> {
        let mut state = self.state();
        let (_, times, mishap) = state
            .mishaps
            .iter_mut()
            .find(|(start, times, _)| words.starts_with(start.as_str()) && *times > 0)?;
        *times -= 1;
        Some(mishap.clone())
    }

    async fn answer(&self, order: &Order, deadline: Duration) -> Result<Answer, Failure> {
        let command = order.command();
        let words = command.words().join(" ");
        self.state().calls.push(Call {
            at: self.begun.elapsed(),
            words: words.clone(),
            argv: order.argv().words().to_vec(),
        });
        let _lock = Lock::take(self, command);
        tokio::time::sleep(Duration::from_millis(50)).await;
        match self.mishap(&words) {
            Some(Mishap::Busy) => {
                return Ok(refused(
                    "Another transaction is in progress for v. Please try again after some time.",
                ));
            }
            Some(Mishap::Hang) => {
                tokio::time::sleep(deadline).await;
                return Err(Failure::new(FaultKind::Timeout, "No answer."));
            }
            Some(Mishap::Fail(kind)) => return Err(Failure::new(kind, "It failed.")),
            Some(Mishap::Panic) => panic!("a bug"),
            Some(Mishap::Slow(time)) => tokio::time::sleep(time).await,
            None => {}
        }
        Ok(self.state().obey(command))
    }
}

impl Runner for Cluster {
    fn run<'a>(&'a self, order: &'a Order, deadline: Duration) -> RunFuture<'a> {
        Box::pin(self.answer(order, deadline))
    }
}

/// Notes a locking question for as long as it is under way. Stops may meet one.
struct Lock<'a> {
    cluster: &'a Cluster,
    volume: Option<String>,
}

impl<'a> Lock<'a> {
    fn take(cluster: &'a Cluster, command: &Command) -> Self {
        let locks = command.locks().filter(|_| !command.stops());
        let volume = locks.map(ToString::to_string);
        if let Some(volume) = &volume {
            let mut state = cluster.state();
            let held = state.locked.entry(volume.clone()).or_default();
            *held += 1;
            if *held > 1 {
                state.overlaps.push(command.words().join(" "));
            }
        }
        Self { cluster, volume }
    }
}

impl Drop for Lock<'_> {
    fn drop(&mut self) {
        if let Some(volume) = &self.volume
            && let Some(held) = self.cluster.state().locked.get_mut(volume)
        {
            *held -= 1;
        }
    }
}

impl State {
    fn obey(&mut self, command: &Command) -> Answer {
        let next = task_id(self.calls.len());
        match command {
            Command::Version => plain("glusterfs 10.3\n"),
            Command::PoolList => good(&pool()),
            Command::VolumeList => good(&self.names()),
            Command::VolumeInfo(only) => good(&self.info(only.as_ref().map(VolumeName::as_str))),
            Command::State => plain(&self.own_state()),
            Command::VolumeStatus { volume, .. } => good(&self.status(volume.as_str())),
            Command::RebalanceStatus(volume) => self.progress(volume.as_str(), "volRebalance"),
            Command::RebalanceStop(volume) => self.stop(volume.as_str(), "volRebalance"),
            Command::RebalanceStart { volume, .. } => {
                self.begin(volume.as_str(), next, vec![], "volRebalance")
            }
            Command::RemoveBrick { volume, bricks, .. } => {
                let bricks: Vec<_> = bricks.iter().map(ToString::to_string).collect();
                match command.words().last().map(String::as_str) {
                    Some("start") => self.begin(volume.as_str(), next, bricks, "volRemoveBrick"),
                    Some("stop") => self.stop(volume.as_str(), "volRemoveBrick"),
                    Some("status") => self.progress(volume.as_str(), "volRemoveBrick"),
                    _ => good("<volRemoveBrick/>"),
                }
            }
            Command::SetThrottle { .. } => good("<volSet/>"),
        }
    }

    fn names(&self) -> String {
        let mut list = format!("<volList><count>{}</count>", self.volumes.len());
        for name in self.volumes.keys() {
            let _ = write!(list, "<volume>{name}</volume>");
        }
        list + "</volList>"
    }

    fn info(&self, only: Option<&str>) -> String {
        let mut volumes = String::new();
        let mut count = 0;
        for name in self.volumes.keys() {
            if only.is_some_and(|only| only != name) {
                continue;
            }
            count += 1;
            let _ = write!(
                volumes,
                "<volume><name>{name}</name><id>{}</id><status>1</status>\
                 <statusStr>Started</statusStr><brickCount>{NODES}</brickCount>\
                 <replicaCount>1</replicaCount><disperseCount>0</disperseCount><bricks>",
                task_id(0)
            );
            for node in 1..=NODES {
                let brick = brick(name, node);
                let peer = peer(node);
                let _ = write!(
                    volumes,
                    "<brick uuid=\"{peer}\">{brick}<name>{brick}</name>\
                     <hostUuid>{peer}</hostUuid><isArbiter>0</isArbiter></brick>"
                );
            }
            volumes += "</bricks><optCount>0</optCount><options></options></volume>";
        }
        format!("<volInfo><volumes>{volumes}<count>{count}</count></volumes></volInfo>")
    }

    fn own_state(&self) -> String {
        let mut text = format!("[Global]\nMYUUID: {}\n\n[Volumes]\n", peer(1));
        for (at, (name, task)) in self.volumes.iter().enumerate() {
            let at = at + 1;
            let none = "00000000-0000-0000-0000-000000000000";
            let id = task.as_ref().map_or(none, |task| &task.id);
            let state = match task.as_ref().map(|task| task.state) {
                None => "not_started",
                Some("completed") => "completed",
                Some(_) => "started",
            };
            let _ = writeln!(text, "Volume{at}.name: {name}");
            let _ = writeln!(text, "Volume{at}.rebalance.id: {id}");
            let _ = writeln!(text, "Volume{at}.rebalance.status: {state}");
        }
        text + "\n[Services]\n\n[Misc]\nBase port: 49152\n"
    }

    fn status(&self, volume: &str) -> String {
        let mut nodes = String::new();
        for node in 1..=NODES {
            let _ = write!(
                nodes,
                "<node><hostname>gl-{node:02}</hostname><path>/b/{volume}</path>\
                 <peerid>{}</peerid><status>1</status><port>49152</port><pid>7</pid>\
                 <sizeTotal>1000</sizeTotal><sizeFree>400</sizeFree></node>",
                peer(node)
            );
        }
        let task = match self.volumes.get(volume) {
            Some(Some(task)) => {
                let kind = if task.bricks.is_empty() {
                    "Rebalance"
                } else {
                    "Remove brick"
                };
                let mut bricks = String::new();
                for brick in &task.bricks {
                    let _ = write!(bricks, "<brick>{brick}</brick>");
                }
                let code = if task.state == "completed" { 3 } else { 1 };
                format!(
                    "<task><type>{kind}</type><id>{}</id><params>{bricks}</params>\
                     <status>{code}</status><statusStr>{}</statusStr></task>",
                    task.id, task.state
                )
            }
            _ => String::new(),
        };
        format!(
            "<volStatus><volumes><volume><volName>{volume}</volName><nodeCount>{NODES}</nodeCount>\
             {nodes}<tasks>{task}</tasks></volume></volumes></volStatus>"
        )
    }

    fn progress(&mut self, volume: &str, element: &str) -> Answer {
        match self.volumes.get_mut(volume) {
            Some(Some(task)) => {
                task.moved += 100;
                good(&report(task, task.state, element))
            }
            _ => refused(&format!("Rebalance not started for volume {volume}.")),
        }
    }

    fn begin(&mut self, volume: &str, id: String, bricks: Vec<String>, element: &str) -> Answer {
        let answer = good(&format!(
            "<{element}><task-id>{id}</task-id><op>1</op></{element}>"
        ));
        let task = Task {
            id,
            bricks,
            state: "in progress",
            moved: 0,
        };
        self.volumes.insert(volume.to_owned(), Some(task));
        answer
    }

    fn stop(&mut self, volume: &str, element: &str) -> Answer {
        match self.volumes.get_mut(volume).and_then(Option::take) {
            Some(task) => good(&report(&task, "stopped", element)),
            None => refused(&format!("Rebalance not started for volume {volume}.")),
        }
    }
}

pub(crate) fn brick(volume: &str, node: usize) -> String {
    format!("gl-{node:02}:/b/{volume}")
}

fn peer(node: usize) -> String {
    format!("a1a1a1a1-0000-4000-8000-0000000000{node:02}")
}

fn task_id(number: usize) -> String {
    format!("b2b2b2b2-0000-4000-8000-{:012}", number + 1)
}

fn pool() -> String {
    let mut peers = String::new();
    for node in 1..=NODES {
        let name = if node == 1 {
            "localhost".to_owned()
        } else {
            format!("gl-{node:02}")
        };
        let _ = write!(
            peers,
            "<peer><uuid>{}</uuid><hostname>{name}</hostname><connected>1</connected></peer>",
            peer(node)
        );
    }
    format!("<peerStatus>{peers}</peerStatus>")
}

/// All nodes alike, the asked one under its usual name; only the hosts of leaving bricks.
fn report(task: &Task, state: &str, element: &str) -> String {
    let hosts = |node: &usize| {
        let host = format!("gl-{node:02}:");
        task.bricks.is_empty() || task.bricks.iter().any(|brick| brick.starts_with(&host))
    };
    let code = match state {
        "completed" => 3,
        "stopped" => 2,
        _ => 1,
    };
    let mut nodes = String::new();
    for node in (1..=NODES).filter(hosts) {
        let name = if node == 1 {
            "localhost".to_owned()
        } else {
            format!("gl-{node:02}")
        };
        let moved = task.moved;
        let _ = write!(
            nodes,
            "<node><nodeName>{name}</nodeName><id>{}</id><files>{moved}</files><size>{moved}</size>\
             <lookups>{moved}</lookups><failures>0</failures><skipped>0</skipped>\
             <status>{code}</status><statusStr>{state}</statusStr><runtime>{moved}.00</runtime></node>",
            peer(node)
        );
    }
    format!(
        "<{element}><task-id>{}</task-id><nodeCount>{NODES}</nodeCount>{nodes}</{element}>",
        task.id
    )
}

fn good(body: &str) -> Answer {
    plain(&format!(
        "<?xml version=\"1.0\" encoding=\"UTF-8\" standalone=\"yes\"?>\
         <cliOutput><opRet>0</opRet><opErrno>0</opErrno><opErrstr/>{body}</cliOutput>"
    ))
}

fn refused(text: &str) -> Answer {
    plain(&format!(
        "<?xml version=\"1.0\" encoding=\"UTF-8\" standalone=\"yes\"?>\
         <cliOutput><opRet>-1</opRet><opErrno>30800</opErrno><opErrstr>{text}</opErrstr></cliOutput>"
    ))
}

fn plain(text: &str) -> Answer {
    Answer {
        stdout: text.into(),
        exit: Some(0),
        ..Answer::default()
    }
}
