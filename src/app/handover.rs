//! Handing an auto commit over to a process that outlives the terminal.

use crate::gluster::command::shell_quote;
use crate::model::{TaskId, VolumeName};

/// One volume's auto commit, as a transient unit of systemd.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct HandOver {
    /// Whose.
    pub volume: VolumeName,
    /// The unit's name, without `.service`.
    pub unit: String,
    /// What runs, program first.
    pub argv: Vec<String>,
    /// How many of the first words start the unit; the rest waits, however it is started.
    own: usize,
}

impl HandOver {
    /// For one task. `glustop` is this program with the options that lead to the same cluster.
    pub fn of(glustop: &[String], volume: &VolumeName, task: &TaskId) -> Self {
        let plain = |c: char| c.is_ascii_alphanumeric() || matches!(c, '-' | '_' | '.');
        let name = format!("{volume}-{}", task.short());
        let name: String = name
            .chars()
            .map(|c| if plain(c) { c } else { '_' })
            .collect();
        let unit = format!("glustop-wait-{name}");
        let mut argv = vec!["systemd-run".to_owned(), "--unit".to_owned(), unit.clone()];
        let own = argv.len();
        argv.extend_from_slice(glustop);
        argv.extend(["wait", volume.as_str(), "--commit-if-clean"].map(str::to_owned));
        Self {
            volume: volume.clone(),
            unit,
            argv,
            own,
        }
    }

    /// The command line: a shell reads it back as the same words.
    pub fn line(&self) -> String {
        join(&self.argv)
    }

    /// The part that waits: for a terminal multiplexer, or `nohup`.
    pub fn without_systemd(&self) -> String {
        join(self.argv.get(self.own..).unwrap_or_default())
    }
}

/// A command line that a shell reads back as the same words.
pub fn join(words: &[String]) -> String {
    let words: Vec<_> = words.iter().map(|word| shell_quote(word)).collect();
    words.join(" ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_unit_is_named_after_the_task_and_runs_the_same_glustop() {
        let glustop = ["/usr/bin/glustop", "--glusterd-sock", "/run/a b.sock"].map(str::to_owned);
        let task = TaskId::new("4c1b7f0e-91d2-4c5c-8f3c-3b7a0f1d2e66");
        let one = HandOver::of(&glustop, &"media".into(), &task);
        assert_eq!(one.unit, "glustop-wait-media-4c1b7f0e");
        assert_eq!(
            one.line(),
            "systemd-run --unit glustop-wait-media-4c1b7f0e /usr/bin/glustop --glusterd-sock \
             '/run/a b.sock' wait media --commit-if-clean"
        );
        assert!(
            one.without_systemd()
                .starts_with("/usr/bin/glustop --glusterd-sock")
        );
        let odd = HandOver::of(&glustop, &"a/b;c".into(), &task);
        assert_eq!(odd.unit, "glustop-wait-a_b_c-4c1b7f0e");
        assert!(
            odd.argv.contains(&"a/b;c".to_owned()),
            "the name itself stays as it is"
        );
    }
}
