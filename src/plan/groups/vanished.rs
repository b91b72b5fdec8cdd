//! Groups that are gone at once. One group may have been deleted in the app; many at a time are more likely hidden from the
//! credential, lost for a while, or groups of another app (safety.md 1, 22).

use super::find::{By, is_gone};
use crate::model::words::first_ten;
use crate::plan::command;
use crate::plan::decide::context::Context;
use crate::plan::decide::decision::Decision;
use crate::plan::notice::{Notice, NoticeKind};

/// So many may have been deleted in the app.
const FEW: usize = 3;

/// The groups of the ledger that are to be in the app and are proven gone, if that is not believed: all of at least two, or more than
/// max(3, 1 %), as with accounts. After a reset of the app that was answered by number it is believed.
pub(super) struct Vanished {
    /// Groups of the ledger that are to be in the app.
    linked: usize,
    /// Places in `Differ::groups`.
    places: Vec<usize>,
}

impl Vanished {
    pub(super) fn of(cx: &Context) -> Self {
        let linked: Vec<(usize, bool)> = cx
            .differ
            .groups
            .iter()
            .enumerate()
            .filter_map(|(place, group)| {
                let by = By::of(cx, &cx.input.desired.groups[group.place]);
                let lost = is_gone(cx, &by.link()?.remote) && matches!(by.row(cx, group), Ok(None));
                Some((place, lost))
            })
            .collect();
        let places: Vec<usize> = linked.iter().filter(|(_, lost)| *lost).map(|(place, _)| *place).collect();
        let are_all = places.len() >= 2 && places.len() == linked.len();
        let are_many = places.len() > FEW.max(linked.len() / 100);
        let is_answered = !cx.differ.reset.is_empty();
        let is_believed = is_answered || !(are_all || are_many);
        Self { linked: linked.len(), places: if is_believed { Vec::new() } else { places } }
    }

    /// True for a group that is not made again.
    pub(super) fn has(&self, place: usize) -> bool {
        self.places.contains(&place)
    }

    /// One line for all of them.
    pub(super) fn notice(&self, cx: &Context) -> Decision {
        let objects = self.places.iter().map(|place| {
            let group = &cx.input.desired.groups[cx.differ.groups[*place].place];
            group.object.to_string()
        });
        let objects: Vec<String> = objects.collect();
        let Some(first) = objects.first() else { return Decision::default() };
        let text = format!(
            "{} of {} linked groups are gone at once, and none is made again: is this the right endpoint and tenant, and does the credential see all groups? {}",
            objects.len(),
            self.linked,
            first_ten(&objects)
        );
        let unlink = command::unlink(&cx.input.desired.app.id, first);
        let hint = format!(
            "plan again; for a group that is really gone, {unlink} drops the entry, and the next plan makes it"
        );
        Notice::of_app(NoticeKind::Undecided, text, Some(hint)).into()
    }
}
