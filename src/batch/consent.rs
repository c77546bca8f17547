//! The question before a change, and what stands in for its answer.
//!
//! What can be undone takes `--yes` or a `y`; what cannot takes the volume's name, typed or behind
//! `--confirm`. Where nobody can be asked, only the flag will do.

use std::io;

use super::{Batch, Code, Consent, Console};
use crate::gluster::Permit;
use crate::model::VolumeName;

/// What it takes to go on.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Gate {
    /// `--yes`, or a `y`.
    Yes,
    /// The volume's name.
    Name(VolumeName),
}

/// Whether there is any way to a consent, before anything is read. What it says is the end.
pub(super) fn is_possible(
    batch: &Batch,
    console: &dyn Console,
    gate: &Gate,
    consent: &Consent,
) -> Result<(), Code> {
    // What runs nothing needs none.
    if batch.runner.permit() != Permit::Everything {
        return Ok(());
    }
    let refuse = |words: &str| {
        console.say(words);
        Err(Code::Usage)
    };
    match gate {
        Gate::Name(volume) => match &consent.confirm {
            Some(name) if name != volume => refuse(&format!(
                "--confirm names {name}, not {volume}: nothing was run"
            )),
            Some(_) => Ok(()),
            None if console.can_ask() => Ok(()),
            None => refuse(&format!(
                "this is final, and there is no terminal to ask on: --confirm {volume}"
            )),
        },
        Gate::Yes if consent.yes || console.can_ask() => Ok(()),
        Gate::Yes => refuse("there is no terminal to ask on: --yes goes on without the question"),
    }
}

/// Asks, unless that was answered beforehand. `false`: nothing is to be run.
pub(super) fn is_given(console: &dyn Console, gate: &Gate, consent: &Consent) -> io::Result<bool> {
    let answer = |question: &str| console.ask(question).map(Option::unwrap_or_default);
    let given = match gate {
        Gate::Name(volume) => {
            consent.confirm.as_ref() == Some(volume)
                || answer("This is final. Type the volume name to go on: ")?.trim()
                    == volume.as_str()
        }
        Gate::Yes => {
            let is_yes = |answer: String| {
                let answer = answer.trim().to_ascii_lowercase();
                answer == "y" || answer == "yes"
            };
            consent.yes || is_yes(answer("Go on? [y/N] ")?)
        }
    };
    if !given {
        console.say("not confirmed: nothing was run");
    }
    Ok(given)
}
