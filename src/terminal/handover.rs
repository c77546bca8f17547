//! Starting the processes that wait in glustop's place.
//!
//! The one thing besides gluster that is ever started from the terminal, exactly as its dialog
//! shows it: word for word, through no shell.

use std::process::Stdio;
use std::time::Duration;

use tokio::process::Command;

use crate::app::{HandOver, HandedOver};

/// systemd answers at once, or not at all.
const PATIENCE: Duration = Duration::from_secs(20);

/// Starts one after the other, and says what became of each.
pub(super) async fn carry_out(all: Vec<HandOver>) -> Vec<HandedOver> {
    let mut results = Vec::new();
    for one in all {
        let result = start(&one.argv).await.map(|()| one.unit.clone());
        results.push(HandedOver {
            volume: one.volume,
            result,
        });
    }
    results
}

/// Runs a command line to its end; fails with a sentence.
async fn start(argv: &[String]) -> Result<(), String> {
    let Some((program, arguments)) = argv.split_first() else {
        return Err("there is nothing to run".to_owned());
    };
    let child = Command::new(program)
        .args(arguments)
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .stderr(Stdio::piped())
        // Ctrl-C and the end of the terminal are meant for glustop alone.
        .process_group(0)
        .kill_on_drop(true)
        .spawn()
        .map_err(|error| format!("{program} cannot be started: {error}"))?;
    let ended = tokio::time::timeout(PATIENCE, child.wait_with_output()).await;
    let output = match ended {
        Ok(output) => output.map_err(|error| format!("{program}: {error}"))?,
        Err(_late) => {
            let seconds = PATIENCE.as_secs();
            return Err(format!("{program} gave no answer in {seconds} s"));
        }
    };
    if output.status.success() {
        return Ok(());
    }
    let said = String::from_utf8_lossy(&output.stderr);
    let line = said.lines().find(|line| !line.trim().is_empty());
    Err(match line {
        Some(line) => format!("{program}: {}", line.trim()),
        None => format!("{program} failed ({})", output.status),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    async fn run(words: &[&str]) -> Result<(), String> {
        let words: Vec<_> = words.iter().map(|&word| word.to_owned()).collect();
        start(&words).await
    }

    #[tokio::test]
    async fn a_failure_is_a_sentence() {
        assert_eq!(run(&["true"]).await, Ok(()));
        let said = run(&[
            "sh",
            "-c",
            "echo >&2; echo Failed to connect to bus >&2; exit 1",
        ])
        .await;
        assert_eq!(said, Err("sh: Failed to connect to bus".to_owned()));
        assert_eq!(
            run(&["false"]).await,
            Err("false failed (exit status: 1)".to_owned())
        );
        let missing = run(&["/nowhere/systemd-run"]).await.unwrap_err();
        assert!(
            missing.starts_with("/nowhere/systemd-run cannot be started: "),
            "{missing}"
        );
        assert!(run(&[]).await.is_err());
    }
}
