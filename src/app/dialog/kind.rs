//! Which dialog, and what each does differently from the others.

use super::{
    AutoCommit, Context, Emergency, Finish, Leave, Offer, Reaction, Rebalance, Remove, SetThrottle,
    Stop,
};
use crate::config::Key;
use crate::insight::plan::Plan;

/// The dialogs.
#[derive(Debug, Clone)]
#[expect(missing_docs, reason = "each is documented at its type")]
pub enum Kind {
    Rebalance(Rebalance),
    Remove(Remove),
    Stop(Stop),
    Finish(Finish),
    Throttle(SetThrottle),
    Emergency(Emergency),
    AutoCommit(AutoCommit),
    Leave(Leave),
}

impl Kind {
    /// What it would do now.
    pub(super) fn offer(&self, context: Context<'_>) -> Offer {
        let offer = match self {
            Self::Rebalance(dialog) => dialog.offer(context),
            Self::Remove(dialog) => dialog.offer(context),
            Self::Stop(dialog) => dialog.offer(context),
            Self::Finish(dialog) => dialog.offer(context),
            Self::Throttle(dialog) => dialog.offer(context),
            Self::Emergency(dialog) => dialog.offer(context),
            Self::AutoCommit(dialog) => dialog.offer(context),
            Self::Leave(_) => Leave::offer(),
        };
        offer.permitted(context.permit)
    }

    /// A key that only this dialog knows; `None` when it does not.
    pub(super) fn key(&mut self, key: Key, context: Context<'_>) -> Option<Reaction> {
        match self {
            Self::Rebalance(dialog) => dialog.key(key),
            Self::Remove(dialog) => dialog.key(key, context),
            Self::Stop(dialog) => dialog.key(key),
            Self::Finish(dialog) => dialog.key(key, context),
            Self::Throttle(dialog) => dialog.key(key),
            Self::Emergency(dialog) => dialog.key(key, context),
            Self::AutoCommit(_) => AutoCommit::key(key),
            Self::Leave(_) => None,
        }
    }

    /// The plan of one of its orders, with what the admin took upon himself.
    pub(super) fn accept(&self, plan: Plan) -> Plan {
        match self {
            Self::Remove(dialog) => dialog.accept(plan),
            _ => plan,
        }
    }

    /// Whether each of its orders runs only when the one before it is done.
    pub(super) fn runs_in_turn(&self) -> bool {
        matches!(self, Self::Finish(_))
    }

    /// Whether a choice that needs the name goes straight to its field.
    pub(super) fn wants_name(&self) -> bool {
        matches!(self, Self::Finish(_))
    }
}
