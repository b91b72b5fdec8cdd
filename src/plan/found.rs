//! What was found of a person's account.

use super::links::LinkNo;

/// What was found.
pub(super) enum Found {
    /// The linked account was seen.
    Linked(LinkNo),
    /// The linked account is proven gone.
    Vanished(LinkNo),
    /// The ledger has known it as gone for some time.
    Tombstone(LinkNo),
    /// The linked account was not listed, and the app does not say whether it is there.
    Unclear { link: LinkNo, why: String },
    /// There is no link.
    Nothing,
}
