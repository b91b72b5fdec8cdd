use crate::model::ledger::{GroupKey, GroupLink};
use crate::plan::reading::page::GroupRow;
use crate::resolve::DesiredGroup;

/// A desired group with what was found of it.
pub struct GroupCase<'g> {
    pub wanted: &'g DesiredGroup,
    pub key: GroupKey,
    pub link: Option<&'g GroupLink>,
    pub row: Option<&'g GroupRow>,
    /// This plan takes it over: nobody is removed.
    pub adopted: bool,
}
