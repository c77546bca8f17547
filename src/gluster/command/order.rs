//! From a command to what runs: the one way to an argv.

use std::fmt;
use std::path::PathBuf;

use super::{Command, quote};

/// How gluster is started here: the program, its socket, and the host it runs on.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Launcher {
    /// The gluster program.
    pub program: String,
    /// A glusterd socket other than the usual one.
    pub socket: Option<String>,
    /// Run it there, through the system's ssh.
    pub ssh: Option<String>,
    /// A directory of our own for the file that `get-state` writes; the remote host makes its
    /// own when `ssh` is set.
    pub state_dir: PathBuf,
    /// Questions too may let gluster start Python to look for geo-replication.
    pub python_helper: bool,
}

impl Launcher {
    /// The name of the file below `state_dir`.
    pub(crate) const STATE_FILE: &'static str = "state";

    /// At each start gluster runs `gsyncd --version`, to learn whether geo-replication is there,
    /// and gsyncd runs the interpreter that this names. echo prints gsyncd's own path: an answer
    /// that gluster takes, for a fifth of the cost.
    const NO_PYTHON: (&'static str, &'static str) = ("PYTHON", "/bin/echo");

    /// The one way from a command to what runs.
    pub fn order(&self, command: Command) -> Order {
        let argv = match &self.ssh {
            None => {
                let mut words = self.gluster_words(&command);
                if command == Command::State {
                    let dir = self.state_dir.to_string_lossy().into_owned();
                    words.extend([
                        "odir".to_owned(),
                        dir,
                        "file".to_owned(),
                        Self::STATE_FILE.to_owned(),
                    ]);
                }
                words
            }
            Some(host) => vec![
                "ssh".to_owned(),
                "-o".to_owned(),
                "BatchMode=yes".to_owned(),
                // A host that begins with a dash would be an option.
                "--".to_owned(),
                host.clone(),
                self.remote_line(&command),
            ],
        };
        Order {
            // ssh does not pass it on: there it stands in the line.
            environment: self
                .ssh
                .is_none()
                .then(|| self.environment(&command))
                .flatten(),
            command,
            argv: Argv(argv),
        }
    }

    /// Nothing for what changes the cluster, which runs exactly as an admin would run it, and
    /// nothing for geo-replication, whose commands do need Python: glustop asks none.
    fn environment(&self, command: &Command) -> Option<(&'static str, &'static str)> {
        (!self.python_helper && !command.changes()).then_some(Self::NO_PYTHON)
    }

    /// The line for the remote shell. `get-state` can only write a file, so there the shell
    /// makes a private directory, prints the file and takes the directory away again.
    fn remote_line(&self, command: &Command) -> String {
        let mut line = quote::join(&self.gluster_words(command));
        if let Some((name, value)) = self.environment(command) {
            // By a program, because not every shell takes an assignment in front.
            line.insert_str(0, &format!("env {name}={value} "));
        }
        if *command == Command::State {
            let file = Self::STATE_FILE;
            format!(
                "umask 077; d=$(mktemp -d) || exit; {line} odir \"$d\" file {file} >\"$d\"/said 2>&1; r=$?; \
                 cat \"$d\"/{file} 2>/dev/null || cat \"$d\"/said; rm -rf -- \"$d\"; exit $r"
            )
        } else {
            line
        }
    }

    fn gluster_words(&self, command: &Command) -> Vec<String> {
        let mut words = vec![self.program.clone()];
        if *command != Command::Version {
            // Script mode: gluster asks no question of its own. It has no terminal to ask on, and
            // without it a question ends in exit 0 with nothing done.
            words.push("--mode=script".to_owned());
        }
        if command.answers_xml() {
            words.push("--xml".to_owned());
        }
        if !command.changes() {
            // Watching must not fill the node's disk; what changes the cluster is logged as usual.
            words.push("--log-file=/dev/null".to_owned());
        }
        if let Some(socket) = &self.socket {
            words.push(format!("--glusterd-sock={socket}"));
        }
        words.extend(command.words());
        words
    }
}

/// A command together with the argv that carries it out. Only a [`Launcher`] makes one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Order {
    command: Command,
    argv: Argv,
    environment: Option<(&'static str, &'static str)>,
}

impl Order {
    /// What it asks or does.
    pub fn command(&self) -> &Command {
        &self.command
    }

    /// What runs, program first.
    pub fn argv(&self) -> &Argv {
        &self.argv
    }

    /// A variable that is set for it: name and value. It makes a question cheaper and leaves the
    /// answer as it is, so a line that is copied without it asks the same.
    pub fn environment(&self) -> Option<(&'static str, &'static str)> {
        self.environment
    }
}

/// A program and its arguments. Displays as a line that a shell reads back as the same words.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Argv(Vec<String>);

impl Argv {
    /// The words, program first.
    pub fn words(&self) -> &[String] {
        &self.0
    }
}

impl fmt::Display for Argv {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&quote::join(&self.0))
    }
}
