//! A gluster program that answers what a pool of the demo would.

use std::fs;
use std::os::unix::fs::PermissionsExt as _;
use std::path::PathBuf;
use std::process::Command;
use std::time::Duration;

use glustop::demo::Pool;
use tempfile::TempDir;

use super::{Went, program};

/// Notes its words, and gives the answer that lies ready for them. A file `busy` makes the next
/// change meet a held lock, once.
const SCRIPT: &str = r#"#!/bin/sh
words=
for word in "$@"; do
  case $word in --xml|--mode=*|--log-file=*) ;; *) words="$words $word" ;; esac
done
echo "$words" >>"$0.log"
key=$(printf %s "$words" | tr ' /' '_+')
case $key in *_stop) if [ -f "$0.busy" ]; then rm "$0.busy"; key=busy; fi ;; esac
cat "$0.answers/$key" 2>/dev/null || { echo "unrecognized$words"; exit 1; }
"#;

pub(super) const BUSY: &str = "<?xml version=\"1.0\"?><cliOutput><opRet>-1</opRet><opErrno>30802</opErrno>\
<opErrstr>Another transaction is in progress for media. Please try again after some time.</opErrstr></cliOutput>";

/// A gluster program that answers as a pool of the demo would.
pub(super) struct Fake {
    directory: TempDir,
    pool: Pool,
}

impl Fake {
    /// With the answers to every question about its volumes.
    pub(super) fn of(scenario: &str, volumes: &[&str]) -> Self {
        let directory = tempfile::tempdir().unwrap();
        let mut fake = Self {
            directory,
            pool: Pool::named(scenario).unwrap(),
        };
        fs::create_dir(fake.path("gluster.answers")).unwrap();
        fs::write(fake.path("gluster.answers/busy"), BUSY).unwrap();
        let program = fake.path("gluster");
        fs::write(&program, SCRIPT).unwrap();
        fs::set_permissions(&program, fs::Permissions::from_mode(0o700)).unwrap();
        fake.knows("--version");
        fake.knows("volume info");
        fake.knows("pool list");
        for volume in volumes {
            fake.knows(&format!("volume info {volume}"));
            for view in ["", " detail", " tasks"] {
                fake.knows(&format!("volume status {volume}{view}"));
            }
            fake.knows(&format!("volume rebalance {volume} status"));
        }
        fake
    }

    pub(super) fn path(&self, name: &str) -> PathBuf {
        self.directory.path().join(name)
    }

    /// Lets the pool answer this, and keeps the answer.
    pub(super) fn knows(&mut self, line: &str) {
        let options = ["--mode=script".to_owned(), "--xml".to_owned()];
        let words = line.split(' ').map(str::to_owned);
        let argv: Vec<_> = options.into_iter().chain(words).collect();
        let argv = if line == "--version" {
            &argv[2..]
        } else {
            &argv[..]
        };
        let reply = self.pool.ask(argv, Duration::ZERO);
        let key = format!(" {line}").replace(' ', "_").replace('/', "+");
        fs::write(self.path("gluster.answers").join(key), reply.stdout).unwrap();
    }

    pub(super) fn program(&self, arguments: &[&str]) -> Command {
        let mut program = program(arguments);
        program.env("GLUSTOP_GLUSTER", self.path("gluster"));
        program
    }

    pub(super) fn run(&self, arguments: &[&str]) -> Went {
        self.program(arguments).output().unwrap().into()
    }

    /// Every command line that was run.
    pub(super) fn ran(&self) -> Vec<String> {
        let log = fs::read_to_string(self.path("gluster.log")).unwrap_or_default();
        log.lines().map(|line| line.trim().to_owned()).collect()
    }

    /// Those that change the cluster.
    pub(super) fn changes(&self) -> Vec<String> {
        let mut ran = self.ran();
        let verbs = [" start", " stop", " commit", " force"];
        ran.retain(|line| verbs.iter().any(|verb| line.ends_with(verb)));
        ran
    }
}
