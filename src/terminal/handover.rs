//! Starting the processes that wait in glustop's place.
//!
//! The one thing besides gluster that is ever started from the terminal, exactly as its dialog
//! shows it: word for word, through no shell.

use std::process::Stdio;
use std::time::Duration;

use tokio::process::Command;

use crate::app::{HandOver, HandedOver, Took};

/// systemd answers at once, or not at all.
const PATIENCE: Duration = Duration::from_secs(20);

/// Starts one after the other, and says what became of each.
pub(super) async fn carry_out(all: Vec<HandOver>) -> Vec<HandedOver> {
    let mut results = Vec::new();
    for one in all {
        results.push(HandedOver {
            took: start(&one.argv, PATIENCE).await,
            volume: one.volume,
            unit: one.unit,
        });
    }
    results
}

/// Runs a command line to its end. Only an exit status says for certain that nothing came of it.
async fn start(argv: &[String], patience: Duration) -> Took {
    let Some((program, arguments)) = argv.split_first() else {
        return Took::Refused("there is nothing to run".to_owned());
    };
    let spawned = Command::new(program)
        .args(arguments)
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .stderr(Stdio::piped())
        // Ctrl-C and the end of the terminal are meant for glustop alone.
        .process_group(0)
        .kill_on_drop(true)
        .spawn();
    let child = match spawned {
        Ok(child) => child,
        Err(error) => return Took::Refused(format!("{program} cannot be started: {error}")),
    };
    let output = match tokio::time::timeout(patience, child.wait_with_output()).await {
        Ok(Ok(output)) => output,
        Ok(Err(error)) => return Took::Perhaps(format!("{program}: {error}")),
        Err(_late) => {
            let seconds = patience.as_secs();
            return Took::Perhaps(format!("{program} gave no answer in {seconds} s"));
        }
    };
    if output.status.success() {
        return Took::Waits;
    }
    if output.status.code().is_none() {
        return Took::Perhaps(format!(
            "{program} did not end by itself ({})",
            output.status
        ));
    }
    let said = String::from_utf8_lossy(&output.stderr);
    let line = said.lines().find(|line| !line.trim().is_empty());
    Took::Refused(match line {
        Some(line) => format!("{program}: {}", line.trim()),
        None => format!("{program} failed ({})", output.status),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    async fn run(words: &[&str]) -> Took {
        let words: Vec<_> = words.iter().map(|&word| word.to_owned()).collect();
        start(&words, PATIENCE).await
    }

    fn refused(why: &str) -> Took {
        Took::Refused(why.to_owned())
    }

    #[tokio::test]
    async fn a_failure_is_a_sentence() {
        assert_eq!(run(&["true"]).await, Took::Waits);
        let said = run(&[
            "sh",
            "-c",
            "echo >&2; echo Failed to connect to bus >&2; exit 1",
        ])
        .await;
        assert_eq!(said, refused("sh: Failed to connect to bus"));
        let said = run(&["false"]).await;
        assert_eq!(said, refused("false failed (exit status: 1)"));
        let Took::Refused(missing) = run(&["/nowhere/systemd-run"]).await else {
            panic!("it cannot have run")
        };
        assert!(
            missing.starts_with("/nowhere/systemd-run cannot be started: "),
            "{missing}"
        );
        assert!(matches!(run(&[]).await, Took::Refused(_)));
    }

    #[tokio::test]
    async fn without_an_exit_status_it_may_have_happened() {
        let words = ["sleep", "60"].map(str::to_owned);
        let said = start(&words, Duration::ZERO).await;
        let late = "sleep gave no answer in 0 s".to_owned();
        assert_eq!(said, Took::Perhaps(late));
        let killed = run(&["sh", "-c", "kill -9 $$"]).await;
        assert!(matches!(killed, Took::Perhaps(_)), "{killed:?}");
    }
}
