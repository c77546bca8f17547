//! The end of `VOLUME-rebalance.log`.

use std::fs::File;
use std::io::{Read, Seek, SeekFrom};
use std::path::{Path, PathBuf};

use jiff::Timestamp;
use rustix::io::Errno;

use super::{file, unreadable};
use crate::insight::triage::{self, Triage};
use crate::model::{Unreadable, UnreadableKind, VolumeName};

/// A line is about 200 bytes: this is the end of some forty thousand of them.
const MOST: u64 = 8 * 1024 * 1024;

/// Where the log of a volume is.
pub fn path(dir: &Path, volume: &VolumeName) -> PathBuf {
    dir.join(format!("{volume}-rebalance.log"))
}

/// Reads at most the last 8 MiB of it.
pub(super) fn read(
    dir: &Path,
    volume: &VolumeName,
    since: Option<Timestamp>,
) -> Result<Triage, Unreadable> {
    let path = path(dir, volume);
    // A slash would lead out of the directory, and so would nothing else in a name with this end.
    if volume.as_str().contains(['/', '\0']) {
        return Err(Unreadable {
            path: path.display().to_string(),
            kind: UnreadableKind::BadName,
        });
    }
    let file = file::open(&path)?;
    let failed = |error: std::io::Error| {
        let errno = Errno::from_io_error(&error).unwrap_or(Errno::IO);
        unreadable(&path, errno)
    };
    let size = file.metadata().map_err(failed)?.len();
    let text = end_of(file, size).map_err(failed)?;
    Ok(triage::triage(&text, size, since))
}

/// The last part of a file, from the beginning of a line on.
fn end_of(mut file: File, size: u64) -> std::io::Result<String> {
    let from = size.saturating_sub(MOST);
    file.seek(SeekFrom::Start(from))?;
    let mut bytes = Vec::new();
    // It may grow while it is read.
    file.take(MOST).read_to_end(&mut bytes)?;
    let whole = if from == 0 {
        bytes.as_slice()
    } else {
        let first = bytes.iter().position(|byte| *byte == b'\n');
        first.and_then(|at| bytes.get(at + 1..)).unwrap_or_default()
    };
    Ok(String::from_utf8_lossy(whole).into_owned())
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::fs;

    const LINE: &str = "[2026-11-23 09:00:00.0 +0000] E [MSGID: 109023] [a.c:1:f] 0-v-dht: migrate-data failed for /a [No space left on device]\n";

    fn kind(dir: &Path, volume: &str) -> UnreadableKind {
        read(dir, &volume.into(), None).unwrap_err().kind
    }

    #[test]
    fn only_a_regular_file_of_that_name_in_that_directory_is_read() {
        let dir = tempfile::tempdir().unwrap();
        let inside = dir.path().join("logs");
        fs::create_dir(&inside).unwrap();
        fs::write(inside.join("v-rebalance.log"), LINE).unwrap();
        fs::write(dir.path().join("out-rebalance.log"), LINE).unwrap();
        fs::create_dir(inside.join("dir-rebalance.log")).unwrap();
        std::os::unix::fs::symlink("v-rebalance.log", inside.join("link-rebalance.log")).unwrap();
        let pipe = inside.join("pipe-rebalance.log");
        rustix::fs::mknodat(
            rustix::fs::CWD,
            &pipe,
            rustix::fs::FileType::Fifo,
            rustix::fs::Mode::RUSR,
            0,
        )
        .unwrap();
        let found = read(&inside, &"v".into(), None).unwrap();
        assert_eq!(found.failed(), 1);
        assert_eq!(found.looked.bytes, LINE.len() as u64);
        assert!(!found.looked.is_cut());
        assert_eq!(kind(&inside, "../out"), UnreadableKind::BadName);
        assert_eq!(kind(&inside, "none"), UnreadableKind::Missing);
        assert_eq!(kind(&inside, "dir"), UnreadableKind::NotUsable);
        assert_eq!(kind(&inside, "link"), UnreadableKind::NotUsable);
        assert_eq!(kind(&inside, "pipe"), UnreadableKind::NotUsable);
    }

    #[test]
    fn a_large_log_is_read_from_its_end_on() {
        let dir = tempfile::tempdir().unwrap();
        let early = LINE.replace("/a", "/early");
        let filler = format!("{}\n", "x".repeat(199)).repeat(50_000);
        let text = format!("{early}{filler}{LINE}\u{ff}");
        fs::write(dir.path().join("v-rebalance.log"), &text).unwrap();
        let found = read(dir.path(), &"v".into(), None).unwrap();
        assert!(found.looked.is_cut());
        assert_eq!(found.looked.of, text.len() as u64);
        assert!(found.looked.bytes <= MOST && found.looked.bytes > MOST - 400);
        assert_eq!(found.groups[0].examples, ["/a"]);
    }
}
