//! What happened while glustop watched: the Events pane.

use std::collections::BTreeMap;
use std::time::Duration;

use crate::insight::finding::{self, Finding, Severity};
use crate::model::{
    CommandRecord, CommandResult, Ending, Snapshot, Stamp, TaskId, VolumeName, text,
};

/// One event.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Event {
    /// When it was noticed.
    pub at: Stamp,
    /// How bad.
    pub severity: Severity,
    /// Whose; empty for the pool.
    pub subject: String,
    /// What.
    pub text: String,
}

/// The events of this session, latest first.
#[derive(Debug, Clone, Default)]
pub struct Journal {
    events: Vec<Event>,
    /// The findings that hold now.
    open: BTreeMap<(&'static str, String), Open>,
    tasks: BTreeMap<VolumeName, TaskId>,
}

/// A finding that holds.
#[derive(Debug, Clone)]
struct Open {
    since: Stamp,
    severity: Severity,
    text: String,
}

/// What happened longer ago is history, and no event.
const RECENT: Duration = Duration::from_secs(24 * 3_600);

/// More than anybody scrolls through.
const CAPACITY: usize = 1_000;

impl Journal {
    /// Latest first.
    pub fn events(&self) -> &[Event] {
        &self.events
    }

    /// Adds one event in its place: what is told late stands where it happened.
    pub fn add(&mut self, event: Event) {
        let later = |known: &&Event| known.at.steady > event.at.steady;
        let at = self.events.iter().take_while(later).count();
        self.events.insert(at, event);
        self.events.truncate(CAPACITY);
    }

    /// Adds the latest commands of other sessions.
    pub fn recall(&mut self, commands: &[CommandRecord], now: Stamp) {
        for command in commands {
            let ago = Duration::try_from(now.wall.duration_since(command.at)).unwrap_or_default();
            if ago > RECENT {
                continue;
            }
            let result = command
                .result
                .map_or("its end was not seen", CommandResult::as_str);
            let went_well = command.result == Some(CommandResult::Done);
            self.add(Event {
                at: Stamp {
                    steady: now.steady.saturating_sub(ago),
                    wall: command.at,
                },
                severity: if went_well {
                    Severity::Info
                } else {
                    Severity::Warning
                },
                subject: command
                    .volume
                    .as_ref()
                    .map(ToString::to_string)
                    .unwrap_or_default(),
                text: format!("{} ran {}: {result}", command.who.name(), command.line),
            });
        }
    }

    /// Since when a finding holds.
    pub fn since(&self, finding: &Finding) -> Option<Stamp> {
        self.open.get(&key(finding)).map(|open| open.since)
    }

    /// Notes which findings came, grew worse and went; says whether one became critical. How well
    /// the reader keeps up is no event: nothing happened in the cluster.
    pub fn follow_findings(&mut self, findings: &[Finding], now: Stamp) -> bool {
        let mut alarm = false;
        let mut before = std::mem::take(&mut self.open);
        for finding in findings {
            let known = before.remove(&key(finding));
            let worse = known
                .as_ref()
                .is_none_or(|open| finding.severity > open.severity);
            if worse && finding.code != finding::UNREAD {
                alarm |= finding.severity == Severity::Critical;
                self.add(Event {
                    at: now,
                    severity: finding.severity,
                    subject: finding.subject.clone(),
                    text: finding.text.clone(),
                });
            }
            let open = Open {
                since: known.as_ref().map_or(now, |open| open.since),
                // What wavers between two levels is news only once.
                severity: known
                    .map_or(finding.severity, |open| open.severity.max(finding.severity)),
                text: finding.text.clone(),
            };
            self.open.insert(key(finding), open);
        }
        before.retain(|(code, _), _| *code != finding::UNREAD);
        for ((_, subject), open) in before {
            let lasted = text::age(open.since.age(now));
            self.add(Event {
                at: now,
                severity: Severity::Info,
                subject,
                text: format!("over after {lasted}: {}", open.text),
            });
        }
        alarm
    }

    /// Notes tasks that appeared and tasks that ended.
    pub fn follow_tasks(&mut self, before: &Snapshot, after: &Snapshot, now: Stamp) {
        for (state, task) in after.tasks() {
            let Some(id) = &task.id else { continue };
            if self.tasks.get(&state.volume.name) == Some(id) {
                continue;
            }
            self.tasks.insert(state.volume.name.clone(), id.clone());
            self.add(Event {
                at: now,
                severity: Severity::Info,
                subject: state.volume.name.to_string(),
                text: format!(
                    "{} seen, {} (id {})",
                    task.kind.as_str(),
                    task.state().as_str(),
                    id.short()
                ),
            });
        }
        for ended in after
            .ended
            .iter()
            .rev()
            .filter(|ended| !before.ended.contains(ended) && ended.at.age(now) <= RECENT)
        {
            let how = match ended.ending {
                Ending::Completed => "completed",
                Ending::Committed => "committed: its bricks left the volume",
                Ending::Stopped => "stopped",
                Ending::Failed => "failed",
                Ending::Vanished => "is gone from gluster's list",
            };
            self.add(Event {
                at: ended.at,
                severity: Severity::Info,
                subject: ended.volume.to_string(),
                text: format!("{} {how}", ended.task.kind.as_str()),
            });
        }
    }
}

fn key(finding: &Finding) -> (&'static str, String) {
    (finding.code, finding.subject.clone())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::insight::testing::at;

    #[test]
    fn a_finding_is_told_when_it_comes_when_it_grows_worse_and_when_it_is_over() {
        let finding = |severity, text: &str| Finding {
            severity,
            volume: None,
            subject: "v".into(),
            code: "task-stalled",
            text: text.into(),
            advice: "",
        };
        let mut journal = Journal::default();
        let warning = finding(Severity::Warning, "no counter moved for 3m");
        assert!(!journal.follow_findings(std::slice::from_ref(&warning), at(0)));
        let later = finding(Severity::Warning, "no counter moved for 4m");
        assert!(
            !journal.follow_findings(&[later], at(60)),
            "the same, told once"
        );
        let worse = finding(Severity::Critical, "no counter moved for 15m");
        assert!(journal.follow_findings(std::slice::from_ref(&worse), at(720)));
        assert!(
            !journal.follow_findings(std::slice::from_ref(&worse), at(730)),
            "one alarm"
        );
        assert_eq!(journal.since(&worse), Some(at(0)));
        journal.follow_findings(&[], at(780));
        let told: Vec<_> = journal
            .events()
            .iter()
            .rev()
            .map(|event| event.text.as_str())
            .collect();
        assert_eq!(
            told,
            [
                "no counter moved for 3m",
                "no counter moved for 15m",
                "over after 13m: no counter moved for 15m",
            ]
        );
    }

    #[test]
    fn how_well_the_reader_keeps_up_is_no_event() {
        let unread = Finding {
            severity: Severity::Info,
            volume: None,
            subject: "gluster".into(),
            code: finding::UNREAD,
            text: String::new(),
            advice: "",
        };
        let mut journal = Journal::default();
        journal.follow_findings(std::slice::from_ref(&unread), at(0));
        assert_eq!(journal.since(&unread), Some(at(0)));
        journal.follow_findings(&[], at(9));
        assert_eq!(journal.events(), []);
    }
}
