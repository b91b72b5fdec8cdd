//! Who is in one group, as the app and the ledger know it.

use roaring::RoaringBitmap;

use crate::model::UserId;
use crate::model::seen::Unread;

/// Members of one group.
#[derive(Debug, Default)]
pub(super) struct Membership {
    /// Declared people who are in it.
    pub present: RoaringBitmap,
    /// People in it who are not declared any more.
    pub undeclared: Vec<UserId>,
    /// Members whose account belongs to no person, sorted.
    pub unmanaged: Vec<String>,
    /// Groups inside the group, as the app names them, sorted.
    pub nested: Vec<String>,
    /// Set if the app does not show the members: those in the ledger are assumed to be there.
    pub unread: Option<Unread>,
    /// Those who are shown are perhaps only in a group inside: whom rolecall did not add cannot be taken out.
    pub is_mixed: bool,
    /// Declared people whom the ledger has as members.
    pub known: RoaringBitmap,
    /// Today's ids of the other people whom the ledger has as members.
    pub lost: Vec<UserId>,
}
