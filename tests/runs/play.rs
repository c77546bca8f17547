//! A recorded run, played as if gluster answered now.

use std::fmt::Write as _;
use std::time::Duration;

use glustop::gluster::{Answer, Command, Failure, Order, RunFuture, Runner, StatusView};
use tokio::time::Instant;

const VOLUME: &str = "run";
const TASK: &str = "c3c3c3c3-0000-4000-8000-000000000001";

/// One recording: what gluster told of a remove-brick, and when.
pub(crate) struct Run {
    /// The file's name.
    pub(crate) name: String,
    /// What it is, in words.
    pub(crate) what: String,
    replica: u32,
    bricks: Vec<Brick>,
    rows: Vec<Row>,
}

struct Brick {
    node: u32,
    path: String,
    leaves: bool,
    total: u64,
    inodes: u64,
}

impl Brick {
    fn name(&self) -> String {
        format!("gl-{:02}:{}", self.node, self.path)
    }
}

struct Row {
    /// Since just before the start.
    at: f64,
    nodes: Vec<Node>,
    /// Free bytes and inodes of each brick.
    free: Vec<(u64, u64)>,
}

struct Node {
    number: u32,
    state: u32,
    /// Files, bytes, scanned files, failures, seconds of run time.
    counters: [u64; 5],
}

impl Run {
    /// Reads a recording; its lines are described in `tests/cluster/record.sh`.
    pub(crate) fn parse(name: &str, text: &str) -> Self {
        let mut run = Self {
            name: name.to_owned(),
            what: String::new(),
            replica: 1,
            bricks: vec![],
            rows: vec![],
        };
        for line in text.lines() {
            let (word, rest) = line.split_once(' ').unwrap();
            let words: Vec<&str> = rest.split_whitespace().collect();
            match word {
                "#" => rest.clone_into(&mut run.what),
                "volume" => run.replica = words[1].parse().unwrap(),
                "brick" => run.bricks.push(Brick {
                    node: words[0].parse().unwrap(),
                    path: words[1].to_owned(),
                    leaves: words[2] == "leaving",
                    total: words[3].parse().unwrap(),
                    inodes: words[4].parse().unwrap(),
                }),
                "at" => run.rows.push(Row::parse(rest)),
                other => panic!("{name}: {other:?} begins no line of a recording"),
            }
        }
        run
    }

    /// When a share of all bytes had been moved, in seconds since the beginning.
    pub(crate) fn reached(&self, share: f64) -> f64 {
        let all = self.rows.last().unwrap().bytes() as f64;
        let mut rows = self.rows.iter();
        rows.find(|row| row.bytes() as f64 >= share * all)
            .unwrap()
            .at
    }

    /// When every node was done.
    pub(crate) fn end(&self) -> f64 {
        let done = |row: &&Row| !row.nodes.is_empty() && row.nodes.iter().all(|n| n.state == 3);
        self.rows.iter().find(done).unwrap().at
    }
}

impl Row {
    fn parse(text: &str) -> Self {
        let numbers = |text: &str| -> Vec<u64> {
            text.split(',')
                .map(|number| number.parse().unwrap())
                .collect()
        };
        let (told, free) = text.split_once(" |").unwrap();
        let mut words = told.split_whitespace();
        let at = words.next().unwrap().parse().unwrap();
        let nodes = words.map(|word| {
            let (number, rest) = word.split_once('=').unwrap();
            let all = numbers(rest);
            Node {
                number: number.parse().unwrap(),
                state: all[0] as u32,
                counters: all[1..6].try_into().unwrap(),
            }
        });
        let free = free.split_whitespace().map(|pair| {
            let pair = numbers(pair);
            (pair[0], pair[1])
        });
        Self {
            at,
            nodes: nodes.collect(),
            free: free.collect(),
        }
    }

    fn bytes(&self) -> u64 {
        self.nodes.iter().map(|node| node.counters[1]).sum()
    }
}

/// A run that goes on since a moment.
pub(crate) struct Play {
    run: Run,
    begun: Instant,
    /// How far it was then, in seconds; negative before its start.
    from: f64,
}

impl Play {
    pub(crate) fn from(run: Run, from: f64) -> Self {
        Self {
            run,
            begun: Instant::now(),
            from,
        }
    }

    fn row(&self) -> &Row {
        let at = self.begun.elapsed().as_secs_f64() + self.from;
        let mut rows = self.run.rows.iter().rev();
        rows.find(|row| row.at <= at).unwrap_or(&self.run.rows[0])
    }

    fn answer(&self, command: &Command) -> String {
        let good = |body: &str| {
            format!("<cliOutput><opRet>0</opRet><opErrno>0</opErrno><opErrstr/>{body}</cliOutput>")
        };
        match command {
            Command::Version => "glusterfs 10.3\n".to_owned(),
            Command::PoolList => good(&pool()),
            Command::VolumeInfo(_) => good(&self.info()),
            Command::VolumeStatus { view, .. } => good(&self.status(*view)),
            Command::RemoveBrick { .. } => good(&self.progress()),
            // Without this node's own state the task lists are read in turn.
            _ => "<cliOutput><opRet>-1</opRet><opErrstr>no</opErrstr></cliOutput>".to_owned(),
        }
    }

    fn info(&self) -> String {
        let bricks = self.run.bricks.iter().map(|brick| {
            let name = brick.name();
            let uuid = uuid(brick.node);
            format!(
                "<brick uuid=\"{uuid}\">{name}<name>{name}</name><hostUuid>{uuid}</hostUuid>\
                 <isArbiter>0</isArbiter></brick>"
            )
        });
        format!(
            "<volInfo><volumes><volume><name>{VOLUME}</name><id>{TASK}</id><status>1</status>\
             <statusStr>Started</statusStr><brickCount>{}</brickCount>\
             <replicaCount>{}</replicaCount><disperseCount>0</disperseCount>\
             <bricks>{}</bricks></volume><count>1</count></volumes></volInfo>",
            self.run.bricks.len(),
            self.run.replica,
            bricks.collect::<String>()
        )
    }

    fn status(&self, view: StatusView) -> String {
        let row = self.row();
        let mut nodes = String::new();
        for (at, (brick, (free, inodes))) in self.run.bricks.iter().zip(&row.free).enumerate() {
            let _ = write!(
                nodes,
                "<node><hostname>gl-{:02}</hostname><path>{}</path><peerid>{}</peerid>\
                 <status>1</status><port>49152</port><pid>7</pid>",
                brick.node,
                brick.path,
                uuid(brick.node)
            );
            if view == StatusView::Detail {
                let _ = write!(
                    nodes,
                    "<sizeTotal>{}</sizeTotal><sizeFree>{free}</sizeFree><device>/dev/b{at}</device>\
                     <inodesTotal>{}</inodesTotal><inodesFree>{inodes}</inodesFree>",
                    brick.total, brick.inodes
                );
            }
            nodes.push_str("</node>");
        }
        let mut task = String::new();
        if !row.nodes.is_empty() {
            let leaving = self.run.bricks.iter().filter(|brick| brick.leaves);
            let leaving = leaving.map(|brick| format!("<brick>{}</brick>", brick.name()));
            let state = if row.nodes.iter().any(|node| node.state == 1) {
                1
            } else {
                3
            };
            let _ = write!(
                task,
                "<task><type>Remove brick</type><id>{TASK}</id><params>{}</params>\
                 <status>{state}</status></task>",
                leaving.collect::<String>()
            );
        }
        let tasks = match view {
            StatusView::Detail => String::new(),
            _ => format!("<tasks>{task}</tasks>"),
        };
        format!(
            "<volStatus><volumes><volume><volName>{VOLUME}</volName>\
             <nodeCount>3</nodeCount>{nodes}{tasks}</volume></volumes></volStatus>"
        )
    }

    fn progress(&self) -> String {
        let nodes = self.row().nodes.iter().map(|node| {
            let [files, bytes, scanned, failures, runtime] = node.counters;
            format!(
                "<node><nodeName>gl-{:02}</nodeName><id>{}</id><files>{files}</files>\
                 <size>{bytes}</size><lookups>{scanned}</lookups><failures>{failures}</failures>\
                 <skipped>0</skipped><status>{}</status><runtime>{runtime}.00</runtime></node>",
                node.number,
                uuid(node.number),
                node.state
            )
        });
        format!(
            "<volRemoveBrick><task-id>{TASK}</task-id><nodeCount>3</nodeCount>{}</volRemoveBrick>",
            nodes.collect::<String>()
        )
    }
}

impl Runner for Play {
    fn run<'a>(&'a self, order: &'a Order, _deadline: Duration) -> RunFuture<'a> {
        Box::pin(async {
            tokio::time::sleep(Duration::from_millis(50)).await;
            let answer = Answer {
                stdout: self.answer(order.command()).into(),
                exit: Some(0),
                ..Answer::default()
            };
            Ok::<_, Failure>(answer)
        })
    }
}

fn uuid(node: u32) -> String {
    format!("a1a1a1a1-0000-4000-8000-0000000000{node:02}")
}

fn pool() -> String {
    let peers = (1..=3).map(|node| {
        let name = match node {
            1 => "localhost".to_owned(),
            _ => format!("gl-{node:02}"),
        };
        format!(
            "<peer><uuid>{}</uuid><hostname>{name}</hostname><connected>1</connected></peer>",
            uuid(node)
        )
    });
    format!("<peerStatus>{}</peerStatus>", peers.collect::<String>())
}
