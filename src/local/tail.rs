//! What is appended to a log.

use std::fs::File;
use std::io::{self, Read, Seek, SeekFrom};

/// Of a flood only the end is read: a line is about 200 bytes.
const MOST: u64 = 64 * 1024;

/// A log, and how far it was read.
#[derive(Debug)]
pub(super) struct Tail {
    file: File,
    at: u64,
}

impl Tail {
    /// Everything in it is new.
    pub(super) fn from_start(mut file: File) -> io::Result<Self> {
        let at = file.seek(SeekFrom::Start(0))?;
        Ok(Self { file, at })
    }

    /// Nothing that is in it counts.
    pub(super) fn from_end(mut file: File) -> io::Result<Self> {
        let at = file.seek(SeekFrom::End(0))?;
        Ok(Self { file, at })
    }

    /// The whole lines that came since the last call, of a flood the last ones. The beginning of a
    /// line waits for its end; a log that was cut short begins anew.
    pub(super) fn lines(&mut self) -> io::Result<String> {
        let size = self.file.metadata()?.len();
        if size < self.at {
            self.at = 0;
        }
        let from = self.at.max(size.saturating_sub(MOST));
        self.file.seek(SeekFrom::Start(from))?;
        let mut bytes = Vec::new();
        (&self.file).take(size - from).read_to_end(&mut bytes)?;
        let ends = |byte: &u8| *byte == b'\n';
        let whole = bytes.iter().rposition(ends).map_or(0, |end| end + 1);
        bytes.truncate(whole);
        if from > self.at {
            let torn = bytes.iter().position(ends).map_or(whole, |end| end + 1);
            bytes.drain(..torn);
        }
        self.at = from + whole as u64;
        Ok(String::from_utf8_lossy(&bytes).into_owned())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::fs;
    use std::io::Write as _;
    use std::path::PathBuf;

    struct Log {
        _dir: tempfile::TempDir,
        path: PathBuf,
    }

    impl Log {
        fn of(text: &str) -> Self {
            let dir = tempfile::tempdir().unwrap();
            let path = dir.path().join("a.log");
            fs::write(&path, text).unwrap();
            Self { _dir: dir, path }
        }

        fn append(&self, text: &str) {
            let mut file = fs::OpenOptions::new()
                .append(true)
                .open(&self.path)
                .unwrap();
            file.write_all(text.as_bytes()).unwrap();
        }

        fn open(&self) -> File {
            File::open(&self.path).unwrap()
        }
    }

    #[test]
    fn only_what_is_appended_is_read_and_only_whole_lines() {
        let log = Log::of("old\nhalf");
        let mut tail = Tail::from_end(log.open()).unwrap();
        assert_eq!(tail.lines().unwrap(), "");
        log.append("one\ntw");
        assert_eq!(tail.lines().unwrap(), "one\n");
        log.append("o");
        assert_eq!(tail.lines().unwrap(), "");
        log.append("\nthree\n");
        assert_eq!(tail.lines().unwrap(), "two\nthree\n");
        assert_eq!(tail.lines().unwrap(), "");
        let mut tail = Tail::from_start(log.open()).unwrap();
        assert_eq!(tail.lines().unwrap(), "old\nhalfone\ntwo\nthree\n");
    }

    #[test]
    fn a_log_that_was_copied_and_cut_short_begins_anew() {
        let log = Log::of("a long day\n");
        let mut tail = Tail::from_end(log.open()).unwrap();
        fs::write(&log.path, "").unwrap();
        assert_eq!(tail.lines().unwrap(), "");
        log.append("new\n");
        assert_eq!(tail.lines().unwrap(), "new\n");
        fs::write(&log.path, "x\n").unwrap();
        assert_eq!(tail.lines().unwrap(), "x\n");
    }

    #[test]
    fn of_a_flood_the_last_whole_lines_are_read() {
        let log = Log::of("");
        let mut tail = Tail::from_end(log.open()).unwrap();
        log.append(&"x".repeat(99).replace('x', "flood ").repeat(1_000));
        log.append("\nthe last\nhal");
        assert_eq!(tail.lines().unwrap(), "the last\n");
        log.append("f\n");
        assert_eq!(tail.lines().unwrap(), "half\n");
        let line = format!("{}\n", "y".repeat(98));
        log.append(&line.repeat(10_000));
        let read = tail.lines().unwrap();
        assert!(read.len() as u64 <= MOST && read.len() as u64 > MOST - 99);
        assert!(read.lines().all(|read| read == line.trim_end()));
        // A line without an end is skipped as well.
        log.append(&"z".repeat(2 * MOST as usize));
        assert_eq!(tail.lines().unwrap(), "");
        log.append("\nand on\n");
        assert_eq!(tail.lines().unwrap(), "and on\n");
    }
}
