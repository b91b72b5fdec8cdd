//! Whether one object is there.

use crate::connector::error::{ConnectorError, ErrorKind};
use crate::model::remote::GoneProof;

/// Whether an object is there.
pub enum Found<D> {
    /// Yes, like this.
    Here(D),
    /// No, and the app said so.
    Gone(GoneProof),
    /// Something else answered, or no answer came.
    Unknown(ConnectorError),
}

impl<D> Found<D> {
    /// An error that every request would get is returned as one; an error of this answer alone leaves the object unknown.
    ///
    /// # Errors
    /// The app cannot be asked at all: no connection, not signed in, not allowed.
    pub fn unless_app_wide(error: ConnectorError) -> Result<Self, ConnectorError> {
        match error.kind() {
            ErrorKind::Auth
            | ErrorKind::Config
            | ErrorKind::Forbidden
            | ErrorKind::NoToken
            | ErrorKind::Redirect
            | ErrorKind::Tls
            | ErrorKind::Unreachable => Err(error),
            _ => Ok(Self::Unknown(error)),
        }
    }
}
