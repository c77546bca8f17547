//! The text that `get-state` makes glusterd write: the whole pool as the asked node knows it,
//! without a lock and without asking anybody.

use std::fmt::Write;

use super::options::OP_VERSION;
use super::rules::Ground;
use super::task::{Counters, RunStatus, Task, TaskKind};
use super::volume::{Brick, Subvolume, Volume};

const NO_TASK: &str = "00000000-0000-0000-0000-000000000000";
const SERVICES: &str = "
[Services]
svc1.name: bitd
svc1.online_status: Offline

svc2.name: scrub
svc2.online_status: Offline

svc3.name: quotad
svc3.online_status: Offline


[Misc]
Base port: 49152
";

/// The dump; numbers of a task are those of the asked node alone.
pub(super) fn text(on: &Ground, volumes: &[Volume]) -> String {
    let uuid = on.peers.get(on.local).map_or("", |peer| peer.uuid.as_str());
    let mut dump = Dump::default();
    dump.line(format_args!(
        "[Global]\nMYUUID: {uuid}\nop-version: {OP_VERSION}\n"
    ));
    dump.line(format_args!("[Global options]\n\n[Peers]"));
    let others = on
        .peers
        .iter()
        .enumerate()
        .filter(|(index, _)| *index != on.local);
    for (number, (_, peer)) in others.enumerate() {
        let connected = if peer.connected {
            "Connected"
        } else {
            "Disconnected"
        };
        dump.section = format!("Peer{}.", number + 1);
        dump.entry("primary_hostname", &peer.name);
        dump.entry("uuid", &peer.uuid);
        dump.entry("state", "Peer in Cluster");
        dump.entry("connected", connected);
        dump.entry("othernames", "");
    }
    dump.line(format_args!("\n[Volumes]"));
    for (number, volume) in volumes.iter().enumerate() {
        dump.section = format!("Volume{}.", number + 1);
        dump.volume(on, volume);
    }
    dump.out.push_str(SERVICES);
    dump.out
}

#[derive(Default)]
struct Dump {
    out: String,
    /// What stands before every key.
    section: String,
}

impl Dump {
    fn volume(&mut self, on: &Ground, volume: &Volume) {
        let layout = volume.layout;
        self.entry("name", &volume.name);
        self.entry("id", &volume.id);
        self.entry("type", volume.type_code_and_name().1);
        self.entry("transport_type", "tcp");
        self.entry("status", volume.status.text());
        self.entry("profile_enabled", 0);
        self.entry("brickcount", volume.brick_count());
        let bricks = volume
            .subvolumes
            .iter()
            .flat_map(|subvolume| subvolume.bricks.iter().map(move |brick| (subvolume, brick)));
        for (number, (subvolume, brick)) in bricks.enumerate() {
            let prefix = format!("Brick{}", number + 1);
            self.brick(on, volume, subvolume, brick, &prefix);
        }
        self.entry("snap_count", 0);
        self.entry("stripe_count", 1);
        self.entry("replica_count", layout.replica);
        self.entry("subvol_count", volume.subvolumes.len());
        self.entry("arbiter_count", layout.arbiter);
        self.entry("disperse_count", layout.disperse);
        self.entry("redundancy_count", layout.redundancy);
        self.entry("quorum_status", "not_applicable");
        self.entry("snapd_svc.online_status", "Offline");
        self.entry("snapd_svc.inited", "True");
        self.task(on, volume);
        let heals = volume.layout.heals();
        let online = heals && volume.started();
        self.entry(
            "shd_svc.online_status",
            if online { "Online" } else { "Offline" },
        );
        self.entry("shd_svc.inited", if heals { "True" } else { "False" });
        self.entry("gsync_count", 0);
        for (key, value) in &volume.options {
            self.entry(&format!("options.{key}"), value);
        }
        self.line(format_args!(""));
    }

    /// A brick of another node is only named.
    fn brick(
        &mut self,
        on: &Ground,
        volume: &Volume,
        subvolume: &Subvolume,
        brick: &Brick,
        prefix: &str,
    ) {
        self.entry(&format!("{prefix}.path"), &brick.name);
        self.entry(&format!("{prefix}.hostname"), &brick.host);
        if brick.arbiter {
            self.entry(&format!("{prefix}.is_arbiter"), 1);
        }
        if brick.peer != on.local {
            return;
        }
        let runs = brick.online && volume.started();
        let free = subvolume.size - volume.brick_used(subvolume, brick);
        self.entry(&format!("{prefix}.port"), if runs { brick.port } else { 0 });
        self.entry(&format!("{prefix}.rdma_port"), 0);
        self.entry(&format!("{prefix}.port_registered"), u8::from(runs));
        self.entry(
            &format!("{prefix}.status"),
            if runs { "Started" } else { "Stopped" },
        );
        self.entry(&format!("{prefix}.spacefree"), format_args!("{free}Bytes"));
        self.entry(
            &format!("{prefix}.spacetotal"),
            format_args!("{}Bytes", subvolume.size),
        );
    }

    fn task(&mut self, on: &Ground, volume: &Volume) {
        let task = volume.task.as_ref();
        let run = task.and_then(|task| task.runs.iter().find(|run| run.peer == on.local));
        let counters = run.map_or_else(Counters::default, |run| run.counters(volume.file_size));
        let status = task
            .zip(run)
            .map_or("not_started", |(task, run)| word(task, run.status));
        self.entry(
            "rebalance.id",
            task.map_or(NO_TASK, |task| task.id.as_str()),
        );
        self.entry("rebalance.status", status);
        self.entry("rebalance.failures", counters.failures);
        self.entry("rebalance.skipped", counters.skipped);
        self.entry("rebalance.lookedup", counters.lookups);
        self.entry("rebalance.files", counters.files);
        self.entry("rebalance.data", human(counters.size));
        self.entry("time_left", 0);
    }

    fn entry(&mut self, key: &str, value: impl std::fmt::Display) {
        let section = std::mem::take(&mut self.section);
        self.line(format_args!("{section}{key}: {value}"));
        self.section = section;
    }

    fn line(&mut self, text: std::fmt::Arguments<'_>) {
        // Writing to a String cannot fail.
        let _ = writeln!(self.out, "{text}");
    }
}

/// get-state has words of its own for the states.
fn word(task: &Task, status: RunStatus) -> &'static str {
    match (task.kind == TaskKind::FixLayout, status) {
        (false, RunStatus::InProgress) => "started",
        (false, RunStatus::Stopped) => "stopped",
        (false, RunStatus::Completed) => "completed",
        (false, RunStatus::Failed) => "failed",
        (true, RunStatus::InProgress) => "layout_fix_started",
        (true, RunStatus::Stopped) => "layout_fix_stopped",
        (true, RunStatus::Completed) => "layout_fix_complete",
        (true, RunStatus::Failed) => "layout_fix_failed",
    }
}

/// Bytes with one decimal in the largest unit that fits, as glusterd rounds them.
fn human(bytes: u64) -> String {
    const UNITS: [(u32, &str); 4] = [(40, "TB"), (30, "GB"), (20, "MB"), (10, "KB")];
    let unit = UNITS.iter().find(|(shift, _)| bytes >> shift > 0);
    match unit {
        Some((shift, name)) => format!("{:.1}{name}", bytes as f64 / (1_u64 << shift) as f64),
        None => format!("{bytes}Bytes"),
    }
}
