//! What a dialog would do, and what it takes to confirm it.

use crate::gluster::{Command, Launcher, Order, Permit};
use crate::insight::plan::{self, Check, Mark, Plan};
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
    /// An offer of one command behind the key `y`.
    pub(super) fn offer(self, command: Command, confirm: &str, safe: &'static str) -> Offer {
        let plan = plan::of(self.snapshot, &command);
        self.offer_of(command, plan, confirm, safe)
    }

    /// The same with a plan that an admin has a part in.
    pub(super) fn offer_of(
        self,
        command: Command,
        plan: Plan,
        confirm: &str,
        safe: &'static str,
    ) -> Offer {
        Offer {
            orders: vec![self.launcher.order(command)],
            refusal: plan.refusal().map(str::to_owned),
            checks: plan.checks,
            gate: Gate::Key,
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

    /// What is new about it, when it would run something else than before, or on worse grounds.
    pub(super) fn news_since(&self, before: &Self) -> Option<String> {
        // Where there are checks, they say more exactly what is new about a reason.
        let same_reason = match (&self.refusal, &before.refusal) {
            (Some(now), Some(then)) => !self.checks.is_empty() || now == then,
            (now, then) => now.is_some() == then.is_some(),
        };
        let worse: Vec<_> = self.worse_than(before).collect();
        if same_reason
            && self.orders == before.orders
            && self.gate == before.gate
            && worse.is_empty()
        {
            return None;
        }
        let what = match &self.refusal {
            Some(reason) => reason.clone(),
            None if worse.is_empty() => "look at the command and the checks again".to_owned(),
            None => worse.join("; "),
        };
        Some(format!("Changed meanwhile: {what}"))
    }

    /// What is new about the checks that were better before, or were judged of something else. What
    /// was still being looked at may well turn out to be a warning: only a refusal is news then.
    fn worse_than<'a>(&'a self, before: &'a Self) -> impl Iterator<Item = &'a str> {
        let then = |now: &Check| {
            let checks = before.checks.iter();
            let same = checks.filter(|check| check.code == now.code && check.volume == now.volume);
            same.max_by_key(|check| check.mark)
        };
        self.checks.iter().filter_map(move |now| {
            let then = then(now);
            let is_news = match then {
                Some(then) if then.pending => now.mark == Mark::Refuse,
                Some(then) => now.mark > then.mark || now.has_other_grounds(then),
                None => now.mark >= Mark::Warn,
            };
            is_news.then(|| now.news_since(then))
        })
    }

    /// Whether only pending heals are in the way: an admin may take those upon himself.
    pub fn can_be_overridden(&self) -> bool {
        let plan = Plan {
            checks: self.checks.clone(),
        };
        !self.orders.is_empty() && plan.is_refused_for_heals_alone()
    }

    /// The command lines, as they would run.
    pub fn lines(&self) -> impl Iterator<Item = String> + '_ {
        self.orders.iter().map(|order| order.argv().to_string())
    }
}
