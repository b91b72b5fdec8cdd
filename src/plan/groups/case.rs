use crate::model::app::MembersPolicy;
use crate::model::ledger::{GroupKey, GroupLink};
use crate::plan::decide::context::Context;
use crate::plan::reading::rows::GroupRow;
use crate::resolve::DesiredGroup;

/// A desired group with the findings about it.
pub(super) struct GroupCase<'g> {
    pub wanted: &'g DesiredGroup,
    pub key: GroupKey,
    /// Its entry; none if this plan takes it over.
    pub link: Option<&'g GroupLink>,
    /// Its entry, or that of the group which was deleted in the app and in whose place it is taken over.
    pub known: Option<&'g GroupLink>,
    pub row: Option<&'g GroupRow>,
    /// This plan takes the group over, so no member is removed.
    pub adopted: bool,
    /// Whoever is in it has power.
    pub gives_power: bool,
    /// The app shows people of groups inside among the members.
    pub is_mixed: bool,
}

impl GroupCase<'_> {
    /// True if nobody is taken out but those whom rolecall added.
    pub(super) fn keeps_others(&self, cx: &Context) -> bool {
        self.is_mixed || cx.input.desired.app.groups.members == MembersPolicy::Add
    }
}
