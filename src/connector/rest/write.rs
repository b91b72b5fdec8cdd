//! Carries out an op. Every write begins with a look at the object, and every repeat follows one.

use crate::connector::Gate;
use crate::connector::steps::{cannot, not_sent, refused};
use crate::model::op::{Action, Outcome};
use crate::model::remote::ListRequest;
use crate::model::{Kind, Op};

use super::session::Session;
use super::{create, delete, grants, later, members, names, update};

/// Carries out an op, if the app can do such a thing.
pub(super) async fn write(session: &Session, op: &Op, want: &ListRequest, gate: Gate<'_>) -> Outcome {
    if !session.http.is_writable() {
        return not_sent("this connection was opened for reading");
    }
    session.roll(want.kind).forget();
    if let Err(error) = load(session, want.kind).await {
        return not_sent(error.to_string());
    }
    if let Some(what) = cannot(&session.capabilities, &op.action) {
        return refused(format!("{}: this app cannot {what}", session.http.app), false);
    }
    match &op.action {
        Action::CreateUser { attributes } => {
            create::New { session, kind: Kind::User, want, attributes }.create(gate).await
        }
        Action::CreateGroup { attributes } => {
            create::New { session, kind: Kind::Group, want, attributes }.create(gate).await
        }
        Action::ContinueUser { remote, step } => later::step(session, remote, step, gate).await,
        Action::UpdateUser { remote, set, lists, active } => {
            let change = update::Change { id: remote, set, lists, active: *active };
            update::update(session, want, &change, gate).await
        }
        Action::UpdateGroup { remote, .. } | Action::DeleteGroup { remote }
            if grants::is_grant(remote.as_str()) =>
        {
            refused("a grant is neither renamed nor deleted", false)
        }
        Action::UpdateGroup { remote, set, .. } => {
            let change = update::Change { id: remote, set, lists: &[], active: None };
            update::update(session, want, &change, gate).await
        }
        Action::DeleteUser { remote } | Action::DeleteGroup { remote } => {
            delete::delete(session, want, remote, gate).await
        }
        Action::Members { group, add, remove, list } => {
            let change = members::Change { group, add, remove, list: *list };
            match grants::is_grant(group.as_str()) {
                true => grants::change(session, want, &change, gate).await,
                false => members::change(session, want, &change, gate).await,
            }
        }
    }
}

async fn load(session: &Session, kind: Kind) -> Result<(), crate::connector::ConnectorError> {
    names::load(session, session.objects(kind)?).await
}
