//! What happened while glustop watched: the Events pane.

use std::collections::{BTreeMap, BTreeSet};

use crate::insight::finding::{Finding, Severity};
use crate::model::{Ending, Snapshot, Stamp, TaskId, VolumeName};

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
    /// The findings that hold now, with their beginning.
    open: BTreeMap<(&'static str, String), Stamp>,
    tasks: BTreeMap<VolumeName, TaskId>,
}

/// More than anybody scrolls through.
const CAPACITY: usize = 1_000;

impl Journal {
    /// Latest first.
    pub fn events(&self) -> &[Event] {
        &self.events
    }

    /// Adds one event.
    pub fn add(&mut self, event: Event) {
        self.events.insert(0, event);
        self.events.truncate(CAPACITY);
    }

    /// Since when a finding holds.
    pub fn since(&self, finding: &Finding) -> Option<Stamp> {
        self.open
            .get(&(finding.code, finding.subject.clone()))
            .copied()
    }

    /// Notes which findings came and went; says whether a new critical one is among them.
    pub fn follow_findings(&mut self, findings: &[Finding], now: Stamp) -> bool {
        let mut alarm = false;
        for finding in findings {
            let key = (finding.code, finding.subject.clone());
            if let std::collections::btree_map::Entry::Vacant(e) = self.open.entry(key) {
                e.insert(now);
                alarm |= finding.severity == Severity::Critical;
                self.add(Event {
                    at: now,
                    severity: finding.severity,
                    subject: finding.subject.clone(),
                    text: finding.text.clone(),
                });
            }
        }
        let hold: BTreeSet<_> = (findings.iter())
            .map(|finding| (finding.code, finding.subject.as_str()))
            .collect();
        let over: Vec<_> = (self.open.keys())
            .filter(|(code, subject)| !hold.contains(&(*code, subject.as_str())))
            .cloned()
            .collect();
        for key in over {
            if let Some(since) = self.open.remove(&key) {
                let lasted = crate::model::text::age(since.age(now));
                self.add(Event {
                    at: now,
                    severity: Severity::Info,
                    subject: key.1,
                    text: format!("{} is over, it lasted {lasted}", key.0),
                });
            }
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
            .filter(|ended| !before.ended.contains(ended))
        {
            let how = match ended.ending {
                Ending::Completed => "completed",
                Ending::Committed => "committed: its bricks left the volume",
                Ending::Stopped => "stopped",
                Ending::Failed => "failed",
                Ending::Vanished => "is gone from gluster's list",
            };
            self.add(Event {
                at: now,
                severity: Severity::Info,
                subject: ended.volume.to_string(),
                text: format!("{} {how}", ended.task.kind.as_str()),
            });
        }
    }
}
