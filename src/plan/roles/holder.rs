use crate::model::ledger::Link;
use crate::model::{RemoteId, UserId, UserNo};

/// A person and the account whose roles are compared.
pub(crate) struct Holder<'h> {
    pub user: UserNo,
    pub id: &'h UserId,
    pub remote: &'h RemoteId,
    /// None for an account that this plan takes over.
    pub link: Option<&'h Link>,
}

impl Holder<'_> {
    pub(crate) fn is_adopted(&self) -> bool {
        self.link.is_none()
    }
}
