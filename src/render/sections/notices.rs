//! Notices by kind. A person who left and can still sign in is said before everything else.

use std::collections::{BTreeMap, BTreeSet};

use crate::plan::{Notice, NoticeKind};
use crate::render::line::Tone;

/// True for notices that are printed before the changes.
pub(super) fn is_urgent(kind: NoticeKind) -> bool {
    let before = [
        NoticeKind::NobodyHolds,
        NoticeKind::TurnedOn,
        NoticeKind::GivenAgain,
        NoticeKind::OnAgain,
        NoticeKind::Contested,
        NoticeKind::StillHasAccess,
        NoticeKind::TakesOver,
        NoticeKind::Widened,
        NoticeKind::UndeclaredPower,
        NoticeKind::Owed,
    ];
    before.contains(&kind)
}

/// The notices of each kind, in the order of the kinds.
pub(super) fn by_kind(notices: &[Notice]) -> BTreeMap<NoticeKind, Vec<&Notice>> {
    let mut kinds: BTreeMap<NoticeKind, Vec<&Notice>> = BTreeMap::new();
    for notice in notices {
        kinds.entry(notice.kind).or_default().push(notice);
    }
    // Of two people, both named in the text: said once.
    if let Some(renamed) = kinds.get_mut(&NoticeKind::RenameSuspected) {
        let mut said = BTreeSet::new();
        renamed.retain(|notice| said.insert(&notice.text));
    }
    kinds
}

/// How a kind stands out.
pub(super) fn tone(kind: NoticeKind) -> Tone {
    match kind {
        NoticeKind::Clock | NoticeKind::NobodyHolds | NoticeKind::ShortListing => Tone::Alarm,
        NoticeKind::TurnedOn | NoticeKind::GivenAgain => Tone::Alarm,
        NoticeKind::OnAgain | NoticeKind::Contested => Tone::Alarm,
        NoticeKind::StillHasAccess | NoticeKind::Owed => Tone::Alarm,
        NoticeKind::LinkConflict | NoticeKind::Ambiguous | NoticeKind::Undecided => Tone::Change,
        NoticeKind::RenameSuspected | NoticeKind::NotAdopted => Tone::Change,
        NoticeKind::NotReleased | NoticeKind::NotPossible => Tone::Change,
        NoticeKind::TakesOver | NoticeKind::Widened | NoticeKind::UndeclaredPower => Tone::Change,
        NoticeKind::Overdue | NoticeKind::LeftInApp => Tone::Change,
        NoticeKind::Drift | NoticeKind::Intervened => Tone::Drift,
        NoticeKind::NotKept | NoticeKind::TakenBack => Tone::Strong,
        NoticeKind::Unmanaged | NoticeKind::UnmanagedMembers => Tone::Strong,
        NoticeKind::NotEntitled | NoticeKind::Advice => Tone::Strong,
    }
}
