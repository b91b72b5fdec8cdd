//! Who asks: the account or the application behind a token.

use super::answer::Fault;
use super::habits::Switches;

/// The holder of a token.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Caller {
    /// The account with this number.
    User(u64),
    /// An application, with the rights of the enterprise.
    App,
}

impl Caller {
    /// Fails for an account that is no administrator.
    ///
    /// # Errors
    /// 403.
    pub(super) fn manages(self, switches: &Switches) -> Result<(), Fault> {
        match self {
            Self::User(_) if !switches.is_admin => {
                Err(Fault::forbidden("The user is no administrator of the enterprise"))
            }
            Self::User(_) | Self::App => Ok(()),
        }
    }
}
