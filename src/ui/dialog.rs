//! Dialogs, as cards over the screen: what would happen, what was looked at, the exact command,
//! and the buttons.
//!
//! Each file here fills the upper part for one kind of dialog; the lower part is the same for
//! all, so that the command and the way out are always found in the same place.

use super::canvas::Canvas;
use super::card::{Card, Section};
use super::look::Look;
use super::{fit, header};
use crate::app::dialog::Kind;
use crate::app::{Dialog, Model, Source};
use crate::gluster::Permit;
use crate::model::{VolumeName, VolumeState};

mod auto;
mod checks;
mod emergency;
mod finish;
mod leave;
mod leftovers;
mod outcome;
mod parts;
mod rebalance;
mod remove;
mod stop;
mod throttle;

/// Draws the dialog on top of everything.
pub(super) fn render(canvas: &mut Canvas<'_>, model: &Model, dialog: &Dialog) {
    let area = canvas.area();
    let height = usize::from(area.height);
    let ask = Ask {
        look: canvas.look,
        model,
        dialog,
        wide: area.width >= 110,
    };
    let Words {
        title,
        width,
        is_alarming,
    } = ask.words();
    let mut card = Card::new(title, width.min(area.width), height).label(label(model, area.width));
    if is_alarming {
        card = card.alarming();
    }
    if !matches!(dialog.kind, Kind::AutoCommit(_)) {
        card.add(auto::waiting(ask, card.inner()));
    }
    if dialog.is_asking() {
        match &dialog.kind {
            Kind::Rebalance(kind) => rebalance::fill(&mut card, ask, kind),
            Kind::Remove(kind) => remove::fill(&mut card, ask, kind),
            Kind::Stop(kind) => stop::fill(&mut card, ask, kind),
            Kind::Finish(kind) => finish::fill(&mut card, ask, kind),
            Kind::Throttle(kind) => throttle::fill(&mut card, ask, kind),
            Kind::Emergency(kind) => emergency::fill(&mut card, ask, kind),
            Kind::AutoCommit(kind) => auto::fill(&mut card, ask, kind),
            Kind::Leave(kind) => leave::fill(&mut card, ask, kind),
        }
        if !matches!(dialog.kind, Kind::Leave(_)) {
            tail(&mut card, ask);
        }
    } else if matches!(dialog.kind, Kind::Emergency(_)) && !outcome::is_dry_run(ask) {
        emergency::progress(&mut card, ask);
    } else {
        outcome::fill(&mut card, ask);
    }
    canvas.cursor = None;
    card.draw(canvas);
}

/// What a dialog is drawn from.
#[derive(Clone, Copy)]
struct Ask<'a> {
    look: Look,
    model: &'a Model,
    dialog: &'a Dialog,
    /// Room for the columns of large terminals.
    wide: bool,
}

/// The title, and how wide the card likes to be.
struct Words {
    title: String,
    width: u16,
    is_alarming: bool,
}

impl<'a> Ask<'a> {
    fn volume(&self, name: &VolumeName) -> Option<&'a VolumeState> {
        self.model.snapshot.volume(name).map(|state| &**state)
    }

    fn words(&self) -> Words {
        let calm = |title: String, width: u16| Words {
            title,
            width,
            is_alarming: false,
        };
        match &self.dialog.kind {
            Kind::Rebalance(kind) => {
                calm(rebalance::title(kind), if kind.is_many() { 80 } else { 76 })
            }
            Kind::Remove(kind) => {
                let (title, is_alarming) = remove::title(*self, kind);
                Words {
                    title,
                    width: if self.wide { 110 } else { 80 },
                    is_alarming,
                }
            }
            Kind::Stop(kind) => calm(stop::title(*self, kind), 72),
            Kind::Finish(kind) => {
                let (title, is_alarming) = finish::title(*self, kind);
                Words {
                    title,
                    width: 80,
                    is_alarming,
                }
            }
            Kind::Throttle(kind) => calm(format!("Throttle of {}", kind.volume), 68),
            Kind::AutoCommit(kind) => calm(auto::title(*self, kind), 76),
            Kind::Leave(_) => calm("Leave glustop?".to_owned(), 80),
            Kind::Emergency(_) => {
                let (title, is_alarming) = emergency::title(*self);
                Words {
                    title,
                    width: 80,
                    is_alarming,
                }
            }
        }
    }
}

/// The lower part: what changed, the command, the field, the buttons.
fn tail(card: &mut Card, ask: Ask<'_>) {
    let inner = card.inner();
    let offer = &ask.dialog.offer;
    if let Some(changed) = &ask.dialog.changed {
        card.add(parts::warning(ask.look, changed, inner).rank(8));
    }
    card.add(parts::command(offer, inner));
    match &offer.refusal {
        // An illegal selection has told its rule already, beside the legal ones.
        Some(_) if offer.orders.is_empty() && matches!(ask.dialog.kind, Kind::Remove(_)) => {}
        Some(reason) => card.add(parts::refusal(ask.look, offer, reason, inner)),
        None => card.add(parts::field(ask, inner)),
    }
    if let Some(notice) = ask.model.notice.as_ref().filter(|notice| notice.is_problem) {
        card.add(Section::text(fit::wrap(&notice.text, inner, 0)).rank(6));
    }
    card.add(parts::buttons(ask, inner));
}

/// Whether it is real and may change anything, at the right end of the title.
fn label(model: &Model, width: u16) -> &'static str {
    let permit = model.session.permit;
    match (&model.session.source, permit) {
        // The title needs the room more than what goes without saying.
        (_, Permit::Everything) if width < 50 => "",
        (Source::Demo { .. }, Permit::Everything) => "DEMO",
        (Source::Demo { .. }, Permit::DryRun) => "DEMO [DRY RUN]",
        (Source::Demo { .. }, Permit::ReadOnly) => "DEMO [RO]",
        (Source::Local(_) | Source::Ssh(_), _) => header::rights(permit),
    }
}
