//! Every answer of a pool as a file: what `benches/gluster.sh` prints in gluster's place.

use std::fs;
use std::path::Path;

use glustop::gluster::{Command, StatusView};

use crate::cluster::{self, Cluster};

/// Writes the answers of a pool: an idle one, or one whose first volume rebalances. Each file is
/// named after the words of its question.
pub(crate) fn write(directory: &Path, volumes: usize, rebalances: bool) {
    fs::create_dir_all(directory).expect("a directory to write to");
    let mut cluster = if rebalances {
        Cluster::rebalancing(volumes)
    } else {
        Cluster::idle(volumes)
    };
    let base = [
        Command::Version,
        Command::PoolList,
        Command::VolumeList,
        Command::VolumeInfo(None),
        Command::State,
    ];
    let views = [StatusView::Plain, StatusView::Detail, StatusView::Tasks];
    let statuses = (1..=volumes).flat_map(|number| views.map(|view| cluster::status(number, view)));
    let progress = rebalances.then(|| Command::RebalanceStatus(cluster::name(1)));
    for command in base.into_iter().chain(statuses).chain(progress) {
        let answer = cluster.answer(&command);
        let file = directory.join(command.words().join(" "));
        fs::write(file, answer.stdout).expect("a file to write");
    }
}
