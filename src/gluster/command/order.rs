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
}

impl Launcher {
    /// The name of the file below `state_dir`.
    pub(crate) const STATE_FILE: &'static str = "state";

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
            command,
            argv: Argv(argv),
        }
    }

    /// The line for the remote shell. `get-state` can only write a file, so there the shell
    /// makes a private directory, prints the file and takes the directory away again.
    fn remote_line(&self, command: &Command) -> String {
        let line = quote::join(&self.gluster_words(command));
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
