//! A shell script that stands where gluster stands.

use std::fs;
use std::os::unix::fs::{PermissionsExt as _, symlink};
use std::path::{Path, PathBuf};
use std::sync::OnceLock;
use std::time::Duration;

use glustop::gluster::{Answer, Command, Failure, Launcher, private_dir};
use tempfile::TempDir;

/// A fake program in a directory of its own. It notes its words and then does what it is told.
pub(crate) struct Fake {
    pub(crate) dir: TempDir,
    pub(crate) name: &'static str,
}

impl Fake {
    pub(crate) fn new(behaviour: &str) -> Self {
        let fake = Self {
            dir: private_dir().unwrap(),
            name: "gluster",
        };
        fake.install(behaviour);
        fake
    }

    /// The script itself is written once and linked to: a program that any thread still holds
    /// open for writing cannot be started.
    pub(crate) fn install(&self, behaviour: &str) {
        static SCRIPT: OnceLock<(TempDir, PathBuf)> = OnceLock::new();
        let (_, script) = SCRIPT.get_or_init(|| {
            let dir = private_dir().unwrap();
            let path = dir.path().join("fake");
            let text = "#!/bin/sh\nprintf '%s\\0' \"$@\" >\"$0.words\"\n. \"$0.behaviour\"\n";
            fs::write(&path, text).unwrap();
            fs::set_permissions(&path, fs::Permissions::from_mode(0o700)).unwrap();
            (dir, path)
        });
        fs::write(self.path("behaviour"), behaviour).unwrap();
        symlink(script, self.dir.path().join(self.name)).unwrap();
    }

    /// A file that belongs to this program.
    pub(crate) fn path(&self, what: &str) -> PathBuf {
        self.dir.path().join(format!("{}.{what}", self.name))
    }

    pub(crate) fn launcher(&self) -> Launcher {
        Launcher {
            program: self.dir.path().join(self.name).to_str().unwrap().to_owned(),
            socket: None,
            ssh: None,
            state_dir: self.dir.path().to_owned(),
            python_helper: false,
        }
    }

    /// What the program was given, word for word.
    pub(crate) fn words(&self) -> Vec<String> {
        let text = fs::read_to_string(self.path("words")).unwrap();
        let mut words: Vec<_> = text.split('\0').map(str::to_owned).collect();
        words.pop();
        words
    }

    /// Whether it has begun, and noted the ids of itself and its child.
    pub(crate) fn runs(&self) -> bool {
        fs::read_to_string(self.path("runs")).is_ok_and(|text| text.contains("all"))
    }

    /// Whether both are gone.
    pub(crate) fn is_dead(&self) -> bool {
        is_dead(&self.path("self")) && is_dead(&self.path("child"))
    }

    pub(crate) async fn run(
        &self,
        command: Command,
        deadline: Duration,
    ) -> Result<Answer, Failure> {
        super::run(&self.launcher(), command, deadline).await
    }
}

/// Whether a process is gone, or only waits to be reaped by whoever inherited it.
fn is_dead(pid_file: &Path) -> bool {
    let pid = fs::read_to_string(pid_file).unwrap();
    fs::read_to_string(format!("/proc/{}/stat", pid.trim())).map_or(true, |stat| {
        stat.rsplit_once(") ")
            .is_none_or(|(_, rest)| rest.starts_with('Z'))
    })
}
