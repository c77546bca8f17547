//! What a dialog would do, and what it takes to confirm it.

use crate::gluster::{Command, Launcher, Order, Permit};
use crate::insight::plan::{self, Check};
use crate::model::{Snapshot, VolumeName};

/// What a dialog would do when confirmed.
#[derive(Debug, Clone, PartialEq)]
pub struct Offer {
    /// What would run, in this order.
    pub orders: Vec<Order>,
    /// What was looked at.
    pub checks: Vec<Check>,
    /// What it takes to confirm.
    pub gate: Gate,
    /// Why it cannot be confirmed now.
    pub refusal: Option<String>,
    /// The confirming button, as a verb.
    pub confirm: String,
    /// The safe button, by what it does.
    pub safe: &'static str,
}

/// What it takes to confirm.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Gate {
    /// The key `y`: for what can be undone.
    Key,
    /// The volume's name, typed: for what cannot.
    Typed(VolumeName),
}

/// What a dialog needs to make an offer.
#[derive(Clone, Copy)]
pub struct Context<'a> {
    /// What is known.
    pub snapshot: &'a Snapshot,
    /// How orders are made.
    pub launcher: &'a Launcher,
    /// Which changes may be carried out.
    pub permit: Permit,
}

impl Context<'_> {
    /// The order of a command, with the plan's checks and its first refusal.
    pub(super) fn judge(self, command: Command) -> (Order, Vec<Check>, Option<String>) {
        let plan = plan::of(self.snapshot, &command);
        let refusal = plan.refusal().map(str::to_owned);
        (self.launcher.order(command), plan.checks, refusal)
    }

    /// An offer of one command behind the key `y`.
    pub(super) fn offer(self, command: Command, confirm: &str, safe: &'static str) -> Offer {
        let (order, checks, refusal) = self.judge(command);
        Offer {
            orders: vec![order],
            checks,
            gate: Gate::Key,
            refusal,
            confirm: confirm.to_owned(),
            safe,
        }
    }
}

impl Offer {
    /// An offer that cannot be taken, for a reason.
    pub(super) fn refused(reason: impl Into<String>, safe: &'static str) -> Self {
        Self {
            orders: vec![],
            checks: vec![],
            gate: Gate::Key,
            refusal: Some(reason.into()),
            confirm: String::new(),
            safe,
        }
    }

    /// The same as a planner: everything is shown, and nothing can be confirmed.
    pub(super) fn permitted(self, permit: Permit) -> Self {
        let is_plan = permit == Permit::ReadOnly && !self.orders.is_empty();
        let refusal = self.refusal.or_else(|| {
            is_plan.then(|| "this glustop is read-only (c copies the command)".to_owned())
        });
        Self { refusal, ..self }
    }

    /// Whether it would run something else than another offer did, or on worse grounds.
    pub(super) fn differs_from(&self, before: &Self) -> bool {
        let worse = |(now, then): (&Check, &Check)| now.mark > then.mark;
        self.orders != before.orders
            || self.refusal != before.refusal
            || self.gate != before.gate
            || self.checks.len() != before.checks.len()
            || self.checks.iter().zip(&before.checks).any(worse)
    }

    /// The command lines, as they would run.
    pub fn lines(&self) -> impl Iterator<Item = String> + '_ {
        self.orders.iter().map(|order| order.argv().to_string())
    }
}
