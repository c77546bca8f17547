//! Dialogs: the only way from a key to a change of the cluster.
//!
//! A dialog holds an [`Offer`]: the orders it would run, the checks behind them, and the gate.
//! The screen shows the offer, and confirming it runs exactly the orders in it. When a new
//! snapshot changes the offer, the dialog stays, says so, and wants to be confirmed anew.

use std::time::Duration;

use tui_input::Input;

use super::field;
use super::jobs::Jobs;
use super::msg::Effect;
use crate::config::{Key, KeyCode};
use crate::gluster::Order;
use crate::insight::plan;
use crate::job::{Job, JobId};
use crate::model::{Stamp, VolumeName};

mod auto;
mod emergency;
mod finish;
mod focus;
mod kind;
mod leave;
mod offer;
mod rebalance;
mod remove;
mod stop;
mod throttle;

pub use auto::AutoCommit;
pub use emergency::{Emergency, rows as running_tasks};
pub use finish::{Finish, FinishChoice, is_clean};
pub use kind::Kind;
pub use leave::Leave;
pub use offer::{Context, Gate, Offer};
pub use rebalance::{Candidate, Rebalance};
pub use remove::Remove;
pub use stop::Stop;
pub use throttle::SetThrottle;

/// Keys are ignored for this long after a dialog opens: they were meant for what was there
/// before. Esc is not.
pub const GUARD: Duration = Duration::from_millis(250);

/// A dialog on top of the screen.
#[derive(Debug, Clone)]
pub struct Dialog {
    /// When it opened, or last changed under the admin's eyes.
    pub opened: Stamp,
    /// Which one.
    pub kind: Kind,
    /// What confirming it would do now.
    pub offer: Offer,
    /// Where the keyboard is.
    pub focus: Focus,
    /// The volume name as typed so far.
    pub typed: Input,
    /// What changed since it opened.
    pub changed: Option<String>,
    /// The confirmed changes; empty while it still asks.
    pub jobs: Vec<JobId>,
}

/// Where the keyboard is within a dialog.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Focus {
    /// The safe button; the focus starts here.
    Safe,
    /// The confirming button. Enter alone does not press it.
    Confirm,
    /// The button that copies the command.
    Copy,
    /// The text field.
    Field,
}

/// What a key in a dialog led to.
#[derive(Debug, PartialEq)]
pub enum Reaction {
    /// The dialog stays.
    Stay,
    /// The dialog closes; nothing more happens.
    Close,
    /// The dialog closes, and the throttle dialog of this volume opens.
    Throttle(VolumeName),
    /// The dialog shows the stops that are under way.
    Watch,
    /// Something to tell the admin; the dialog stays.
    Say(String),
}

impl Dialog {
    /// Opens a dialog.
    pub fn open(kind: Kind, context: Context<'_>, now: Stamp) -> Self {
        let offer = kind.offer(context);
        Self {
            opened: now,
            kind,
            offer,
            focus: Focus::Safe,
            typed: Input::default(),
            changed: None,
            jobs: Vec::new(),
        }
    }

    /// Whether it still asks, rather than shows what became of the answer.
    pub fn is_asking(&self) -> bool {
        self.jobs.is_empty()
    }

    /// Whether the gate wants the volume's name, and it is typed.
    pub fn is_name_typed(&self) -> bool {
        matches!(&self.offer.gate, Gate::Typed(name) if self.typed.value() == name.as_str())
    }

    /// Looks at a new snapshot. What would run otherwise, or on worse grounds, must be confirmed
    /// anew.
    pub fn refresh(&mut self, context: Context<'_>, now: Stamp) {
        if !self.is_asking() {
            return;
        }
        let offer = self.kind.offer(context);
        if let Some(news) = offer.news_since(&self.offer) {
            self.changed = Some(news);
            self.opened = now;
            self.typed = Input::default();
            self.focus = Focus::Safe;
        }
        self.offer = offer;
    }

    /// After a change by the admin: the offer follows the dialog's choices. A name that was typed
    /// was meant for what the offer was then.
    fn renew(&mut self, context: Context<'_>) {
        let offer = self.kind.offer(context);
        if offer.gate != self.offer.gate
            || offer.orders != self.offer.orders
            || offer.refusal.is_some() != self.offer.refusal.is_some()
        {
            self.typed = Input::default();
            self.focus = Focus::Safe;
        }
        self.offer = offer;
        self.changed = None;
    }

    /// A key while the dialog asks.
    pub fn key(
        &mut self,
        key: Key,
        context: Context<'_>,
        jobs: &mut Jobs,
        patience: Duration,
        now: Stamp,
    ) -> (Reaction, Vec<Effect>) {
        let quiet = |reaction| (reaction, vec![]);
        if key.code == KeyCode::Esc || key == Key::CTRL_C {
            return quiet(Reaction::Close);
        }
        if self.opened.age(now) < GUARD {
            return quiet(Reaction::Stay);
        }
        // A text field has one line: going up and down in it means the choices above.
        let is_choosing = matches!(key.code, KeyCode::Up | KeyCode::Down);
        if self.focus == Focus::Field && !is_choosing {
            return self.key_in_field(key, context, jobs, patience, now);
        }
        match key.code {
            // No other control key means anything here.
            _ if key.ctrl => {}
            KeyCode::Tab => self.focus = self.next_focus(),
            KeyCode::BackTab => self.focus = self.previous_focus(),
            KeyCode::Backspace | KeyCode::Char('n' | 'q') => return quiet(Reaction::Close),
            KeyCode::Char('c') => return (Reaction::Stay, self.copy()),
            KeyCode::Enter => return self.enter(),
            KeyCode::Char('y') => return self.confirm_by_key(context, jobs, patience, now),
            _ => match self.kind.key(key, context) {
                Some(Reaction::Stay) => {
                    self.renew(context);
                    let wants_name = self.kind.wants_name() || key.code == KeyCode::Char('o');
                    let can_confirm = self.offer.refusal.is_none();
                    if can_confirm && wants_name && matches!(self.offer.gate, Gate::Typed(_)) {
                        self.focus = Focus::Field;
                    }
                }
                Some(other) => return quiet(other),
                None => {}
            },
        }
        quiet(Reaction::Stay)
    }

    /// Text pasted into the dialog: only a text field takes it.
    pub fn paste(&mut self, text: &str) {
        if self.is_asking() && self.focus == Focus::Field {
            field::paste(&mut self.typed, text);
        }
    }

    fn enter(&self) -> (Reaction, Vec<Effect>) {
        match self.focus {
            Focus::Safe => (Reaction::Close, vec![]),
            Focus::Copy => (Reaction::Stay, self.copy()),
            Focus::Confirm | Focus::Field => (Reaction::Say(self.how_to_confirm()), vec![]),
        }
    }

    fn how_to_confirm(&self) -> String {
        match (&self.offer.refusal, &self.offer.gate) {
            (Some(reason), _) => reason.clone(),
            (None, Gate::Key) => "y confirms it; Enter alone never does".to_owned(),
            (None, Gate::Typed(name)) => {
                format!("type the volume name {name} (Tab goes to the field), then Enter")
            }
        }
    }

    fn confirm_by_key(
        &mut self,
        context: Context<'_>,
        jobs: &mut Jobs,
        patience: Duration,
        now: Stamp,
    ) -> (Reaction, Vec<Effect>) {
        if self.offer.refusal.is_some()
            || self.offer.gate != Gate::Key
            || self.offer.orders.is_empty()
        {
            return (Reaction::Say(self.how_to_confirm()), vec![]);
        }
        (Reaction::Stay, self.run(context, jobs, patience, now))
    }

    fn key_in_field(
        &mut self,
        key: Key,
        context: Context<'_>,
        jobs: &mut Jobs,
        patience: Duration,
        now: Stamp,
    ) -> (Reaction, Vec<Effect>) {
        match key.code {
            KeyCode::Tab => self.focus = self.next_focus(),
            KeyCode::BackTab => self.focus = self.previous_focus(),
            KeyCode::Enter if self.offer.refusal.is_none() && self.is_name_typed() => {
                return (Reaction::Stay, self.run(context, jobs, patience, now));
            }
            KeyCode::Enter => return (Reaction::Say(self.how_to_confirm()), vec![]),
            _ => field::edit(&mut self.typed, key),
        }
        (Reaction::Stay, vec![])
    }

    /// Runs what is offered.
    pub(super) fn run(
        &mut self,
        context: Context<'_>,
        jobs: &mut Jobs,
        patience: Duration,
        now: Stamp,
    ) -> Vec<Effect> {
        // The offer was made from this very snapshot, so these are the checks that were shown.
        let accepted = |order: &Order| match &self.kind {
            Kind::Finish(dialog) => dialog.accepted(context, order.command()),
            _ => self
                .kind
                .accept(plan::of(context.snapshot, order.command())),
        };
        let mut begun: Vec<Job> = Vec::new();
        for order in &self.offer.orders {
            match begun.last() {
                Some(before) if self.kind.runs_in_turn() => {
                    jobs.then(before.id, order.clone(), accepted(order), patience);
                }
                _ => begun.push(jobs.begin(order.clone(), accepted(order), patience, now)),
            }
        }
        self.jobs = begun.iter().map(|job| job.id).collect();
        if let Kind::Emergency(emergency) = &self.kind {
            // Those that were on their way before are part of the picture.
            for id in emergency.under_way.values() {
                let order = jobs.get(*id).map(|record| record.order.clone());
                self.jobs.push(*id);
                self.offer.orders.extend(order);
            }
        }
        begun.into_iter().map(Effect::Run).collect()
    }

    fn copy(&self) -> Vec<Effect> {
        let lines: Vec<_> = self.offer.lines().collect();
        if lines.is_empty() {
            vec![]
        } else {
            vec![Effect::Copy(lines.join("\n"))]
        }
    }

    /// Shows again what becomes of changes that were confirmed before: those, and not what the
    /// dialog would offer now.
    pub fn watch(&mut self, under_way: Vec<(JobId, Order)>) {
        (self.jobs, self.offer.orders) = under_way.into_iter().unzip();
    }

    /// Back to asking, because the last look before the command found something new.
    pub(super) fn objected(&mut self, reasons: &[String], context: Context<'_>, now: Stamp) {
        self.ask_again(context, now);
        self.typed = Input::default();
        self.focus = Focus::Safe;
        self.changed = Some(format!("Changed meanwhile: {}", reasons.join("; ")));
    }

    /// The volumes whose change it offers: what its checks rest on is to be read. None for stops,
    /// which wait for nothing.
    pub(super) fn rests_on(&self) -> Vec<VolumeName> {
        match &self.kind {
            _ if !self.is_asking() => vec![],
            Kind::Rebalance(dialog) => {
                let volumes = dialog.candidates.iter().map(|one| one.volume.clone());
                volumes.collect()
            }
            Kind::Remove(dialog) => vec![dialog.volume.clone()],
            Kind::Finish(dialog) => vec![dialog.volume.clone()],
            Kind::AutoCommit(_)
            | Kind::Leave(_)
            | Kind::Stop(_)
            | Kind::Throttle(_)
            | Kind::Emergency(_) => vec![],
        }
    }

    /// A change is over, of this dialog or of another one.
    pub(super) fn job_ended(&mut self, jobs: &Jobs) {
        if let Kind::Emergency(emergency) = &mut self.kind {
            emergency.job_ended(jobs);
        }
    }

    /// Back to asking, after a failure: the same choices, to be confirmed anew.
    pub fn ask_again(&mut self, context: Context<'_>, now: Stamp) {
        self.jobs.clear();
        self.opened = now;
        self.renew(context);
    }
}
