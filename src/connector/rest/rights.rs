//! The proof of the rights that lists need: a list that is read by an account with too few is short, however well it adds up.

use std::sync::Arc;

use crate::catalog::rest::Operation;

use super::reply;
use super::session::Session;

/// Why the lists may be short, although they add up: the rights that they need are not proven. `None` if they are, or if the
/// document has no proof. It is asked once.
pub(super) async fn unproven(session: &Session) -> Option<Arc<str>> {
    session.rights.get_or_init(|| ask(session)).await.clone()
}

async fn ask(session: &Session) -> Option<Arc<str>> {
    for get in &session.document.check {
        if let Err(error) = reply::ask(session, Operation::Check, get, &session.values, &[]).await {
            return Some(format!("the rights that a whole list needs are not proven: {error}").into());
        }
    }
    None
}
