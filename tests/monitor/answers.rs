//! What the cluster on paper says.

use std::fmt::Write as _;

use glustop::gluster::{Answer, Command};
use glustop::model::VolumeName;

use super::{NODES, State, Task};

const OPTIONS: &str = "<volGetopts><count>1</count><Opt>\
     <Option>cluster.min-free-disk</Option><Value>10% (DEFAULT)</Value></Opt></volGetopts>";

const POOL_OPTIONS: &str = "<volGetopts><count>2</count><Opt>\
     <Option>cluster.op-version</Option><Value>100000</Value></Opt><Opt>\
     <Option>cluster.max-op-version</Option><Value>110000</Value></Opt></volGetopts>";

impl State {
    pub(super) fn obey(&mut self, command: &Command) -> Answer {
        let next = task_id(self.calls.len());
        match command {
            Command::Version => plain("glusterfs 10.3\n"),
            Command::PoolList => good(&self.pool()),
            Command::VolumeList => good(&self.names()),
            Command::VolumeInfo(only) => good(&self.info(only.as_ref().map(VolumeName::as_str))),
            Command::State => plain(&self.own_state()),
            Command::HealSummary(volume) => good(&self.heal_info(volume.as_str())),
            Command::Options(_) => good(OPTIONS),
            Command::PoolOptions => good(POOL_OPTIONS),
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
            Command::SetThrottle { .. } => good("<cliOp>volSet</cliOp>"),
        }
    }

    fn pool(&self) -> String {
        let mut peers = String::new();
        for node in 1..=NODES {
            let name = if node == 1 {
                "localhost".to_owned()
            } else {
                format!("gl-{node:02}")
            };
            let connected = u8::from(!self.away.contains(&node));
            let _ = write!(
                peers,
                "<peer><uuid>{}</uuid><hostname>{name}</hostname>\
                 <connected>{connected}</connected></peer>",
                peer(node)
            );
        }
        format!("<peerStatus>{peers}</peerStatus>")
    }

    fn heal_info(&self, volume: &str) -> String {
        let mut bricks = String::new();
        for node in 1..=NODES {
            let name = brick(volume, node);
            let pending = self.pending;
            let _ = write!(
                bricks,
                "<brick hostUuid=\"{}\"><name>{name}</name><status>Connected</status>\
                 <totalNumberOfEntries>{pending}</totalNumberOfEntries>\
                 <numberOfEntriesInSplitBrain>0</numberOfEntriesInSplitBrain></brick>",
                peer(node)
            );
        }
        format!("<healInfo><bricks>{bricks}</bricks></healInfo>")
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
        let copies = if self.copies { NODES } else { 1 };
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
                 <replicaCount>{copies}</replicaCount><disperseCount>0</disperseCount><bricks>",
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
        let mut text = format!("[Global]\nMYUUID: {}\n\n[Peers]\n", peer(1));
        for node in 2..=NODES {
            let word = if self.away.contains(&node) {
                "Disconnected"
            } else {
                "Connected"
            };
            let _ = writeln!(text, "Peer{node}.uuid: {}", peer(node));
            let _ = writeln!(text, "Peer{node}.connected: {word}");
        }
        text += "\n[Volumes]\n";
        for (at, (name, task)) in self.volumes.iter().enumerate() {
            let at = at + 1;
            let none = "00000000-0000-0000-0000-000000000000";
            let id = task.as_ref().map_or(none, |task| &task.id);
            let state = match task.as_ref().map(|task| task.state) {
                None => "not_started",
                Some("completed") => "completed",
                Some(_) => "started",
            };
            let copies = if self.copies { NODES } else { 1 };
            let _ = writeln!(text, "Volume{at}.name: {name}");
            let _ = writeln!(text, "Volume{at}.replica_count: {copies}");
            let _ = writeln!(text, "Volume{at}.rebalance.id: {id}");
            let _ = writeln!(text, "Volume{at}.rebalance.status: {state}");
        }
        text + "\n[Services]\n\n[Misc]\nBase port: 49152\n"
    }

    fn status(&self, volume: &str) -> String {
        let mut nodes = String::new();
        let free = if self.full { 0 } else { 400 };
        for node in 1..=NODES {
            let up = u8::from(!self.dead.contains(&brick(volume, node)));
            let _ = write!(
                nodes,
                "<node><hostname>gl-{node:02}</hostname><path>/b/{volume}</path>\
                 <peerid>{}</peerid><status>{up}</status><port>49152</port><pid>7</pid>\
                 <sizeTotal>1000</sizeTotal><sizeFree>{free}</sizeFree></node>",
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

pub(super) fn task_id(number: usize) -> String {
    format!("b2b2b2b2-0000-4000-8000-{:012}", number + 1)
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

pub(super) fn refused(text: &str) -> Answer {
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
