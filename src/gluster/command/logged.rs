//! What questions leave in the logs of the node that is asked.

use super::{Command, RemoveStep, StatusView};

impl Command {
    /// Bytes that this question leaves in `glusterd.log` and `cmd_history.log` of the asked node
    /// when all is well; 0 for what changes the cluster, which is to be logged.
    ///
    /// Measured on 10.3 at its usual log level, 48 or 50 times each. At times glusterd folds a
    /// message that repeats one of the latest five within two minutes; these are the bytes without
    /// that, so rather too many.
    pub fn logged_bytes(&self) -> u64 {
        match self {
            Self::PoolList => 149,
            Self::State => self.history_line() + STATE_FILE_WORDS + 165,
            // glfsheal's own log comes on top: 2 kB for each brick.
            Self::HealSummary(_) => 162,
            Self::Options(_) => 17_500,
            Self::PoolOptions => 692,
            Self::VolumeStatus { volume, view } => {
                let received = 165 + volume.as_str().len() as u64;
                // Where gluster cannot learn the size of a brick's inodes it complains: once for
                // one brick on that node, and in 330 bytes for all others.
                let complaint = if *view == StatusView::Detail { 253 } else { 0 };
                self.history_line() + received + complaint
            }
            // Every node's part is answered with a complaint; all but the first are folded.
            Self::RebalanceStatus(_)
            | Self::RemoveBrick {
                step: RemoveStep::Status,
                ..
            } => self.history_line() + 164 + 241,
            Self::Version
            | Self::VolumeList
            | Self::VolumeInfo(_)
            | Self::RebalanceStart { .. }
            | Self::RebalanceStop(_)
            | Self::RemoveBrick { .. }
            | Self::SetThrottle { .. } => 0,
        }
    }

    /// A line in `cmd_history.log`: time, words and outcome.
    fn history_line(&self) -> u64 {
        49 + self.words().join(" ").len() as u64
    }
}

/// ` odir /run/glustop-XXXXXX file state`: words of `get-state` that only its argv has.
const STATE_FILE_WORDS: u64 = 36;
