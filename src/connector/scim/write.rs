//! Every write begins with a look at the object, so that values which are there already are not sent, every repeat
//! follows a look, and only named attributes change. The version of that look is sent, not the version that the op was
//! planned at: another change of the object, perhaps one of ours, is no reason to refuse this one.

use crate::connector::Gate;
use crate::connector::steps::{cannot, not_sent, refused};
use crate::model::ledger::GroupKey;
use crate::model::op::{Action, MemberList, Outcome};
use crate::model::remote::ListRequest;
use crate::model::{Kind, Op, Path, Value};

use super::session::Session;
use super::{create, delete, members, update};

/// Carries out an op, if the app can do such a thing.
pub(super) async fn write(session: &Session, op: &Op, want: &ListRequest, gate: Gate<'_>) -> Outcome {
    if !session.http.is_writable() {
        return not_sent("this connection was opened for reading");
    }
    if let Some(what) = cannot(&session.capabilities, &op.action) {
        return refused(format!("{}: this app cannot {what}", session.http.app), false);
    }
    match &op.action {
        Action::CreateUser { attributes } => {
            let new = create::New { session, kind: Kind::User, want, attributes, key: None };
            new.post(gate).await
        }
        Action::CreateGroup { attributes } => {
            let key = op.changes.first().and_then(|change| GroupKey::of(&change.object));
            let new = create::New { session, kind: Kind::Group, want, attributes, key: key.as_ref() };
            new.post(gate).await
        }
        Action::UpdateUser { remote, set, lists, active, .. } => {
            let mut set = set.clone();
            if let Some(active) = active {
                match Path::parse("active") {
                    Ok(path) => set.push((path, Value::Bool(*active))),
                    Err(error) => return not_sent(error.to_string()),
                }
            }
            let change =
                update::Change { kind: Kind::User, id: remote, set: &set, lists, list: MemberList::Whole };
            update::update(session, want, &change, gate).await
        }
        Action::UpdateGroup { remote, set, list } => {
            let change = update::Change { kind: Kind::Group, id: remote, set, lists: &[], list: *list };
            update::update(session, want, &change, gate).await
        }
        // No create of this protocol has a second step.
        Action::ContinueUser { .. } => refused("this app creates accounts in one step", false),
        Action::DeleteUser { remote } => delete::delete(session, Kind::User, remote, want, gate).await,
        Action::DeleteGroup { remote } => delete::delete(session, Kind::Group, remote, want, gate).await,
        Action::Members { group, add, remove, list } => {
            let change = members::Change { group, add, remove, list: *list };
            members::change(session, want, change, gate).await
        }
    }
}
