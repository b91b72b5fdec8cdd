//! Carrying out ops. Every write begins with a look at the object, so that what is so already is not sent, a repeat is
//! never blind, and only what is named changes. The version of that look is the one sent, not the one the op was planned
//! at: another change of the object, our own perhaps, is no reason to refuse this one.

use crate::connector::Gate;
use crate::connector::http::Answer;
use crate::connector::steps::{Found, not_sent, refused};
use crate::model::op::{Action, Outcome};
use crate::model::remote::ListRequest;
use crate::model::{Kind, Op, Path, Remote, RemoteId, Value};

use super::Scim;
use super::json::{get, text};

impl Scim {
    pub(super) async fn carry_out(&self, op: &Op, want: &ListRequest, gate: Gate<'_>) -> Outcome {
        if !self.http.is_writable() {
            return not_sent("this connection was opened for reading");
        }
        let can = &self.capabilities;
        let missing = match &op.action {
            Action::CreateUser { .. } if !can.create_users => "create accounts",
            Action::UpdateUser { active: Some(false), .. } if !can.disable_users => "disable accounts",
            Action::UpdateUser { set, lists, .. }
                if !can.update_users && (!set.is_empty() || !lists.is_empty()) =>
            {
                "change accounts"
            }
            Action::DeleteUser { .. } if !can.delete_users => "delete accounts",
            Action::CreateGroup { .. } if !can.create_groups => "create groups",
            Action::UpdateGroup { .. } if !can.rename_groups => "rename groups",
            Action::DeleteGroup { .. } if !can.delete_groups => "delete groups",
            Action::Members { .. } if !can.groups => "handle groups",
            _ => "",
        };
        if !missing.is_empty() {
            return refused(format!("{}: this app cannot {missing}", self.http.app), false);
        }
        match &op.action {
            Action::CreateUser { attributes } => self.create(Kind::User, want, attributes, gate).await,
            Action::CreateGroup { attributes } => self.create(Kind::Group, want, attributes, gate).await,
            Action::UpdateUser { remote, set, lists, active, .. } => {
                let mut set = set.clone();
                if let Some(active) = active {
                    match Path::parse("active") {
                        Ok(path) => set.push((path, Value::Bool(*active))),
                        Err(error) => return not_sent(error.to_string()),
                    }
                }
                self.update(Kind::User, remote, want, &set, lists, gate).await
            }
            Action::UpdateGroup { remote, set, .. } => {
                self.update(Kind::Group, remote, want, set, &[], gate).await
            }
            Action::DeleteUser { remote } => self.delete(Kind::User, remote, want, gate).await,
            Action::DeleteGroup { remote } => self.delete(Kind::Group, remote, want, gate).await,
            Action::Members { group, add, remove } => {
                self.change_members(group, want, add, remove, gate).await
            }
        }
    }

    /// True if this attribute is sent at all.
    pub(super) fn is_sent(&self, path: &Path) -> bool {
        self.settings.send_external_id || &**path.key() != "externalid"
    }

    /// The object as the answer to a write shows it, or as a new look does; `None` if it cannot be seen.
    pub(super) async fn after(&self, want: &ListRequest, id: &RemoteId, answer: &Answer) -> Seen {
        if let Ok(object) = self.http.document(answer)
            && get(&object, "id").and_then(text).as_deref() == Some(id.as_str())
            && let Some(remote) = self.remote_of(want, &object)
            // PATCH may answer with less than the whole (RFC 7644 section 3.5.2).
            && remote.name.is_some()
        {
            return Seen::Here(remote);
        }
        self.look_after(want, id).await
    }

    /// The object as a new look shows it.
    pub(super) async fn look_after(&self, want: &ListRequest, id: &RemoteId) -> Seen {
        if !self.settings.reread {
            return Seen::NotLooked;
        }
        match self.fetch(want.kind, id).await {
            Ok(Found::Here(document)) => match self.remote_of(want, &document.object) {
                Some(mut remote) => {
                    remote.version = document.version;
                    Seen::Here(remote)
                }
                None => Seen::NotLooked,
            },
            Ok(Found::Gone(_)) => Seen::Gone,
            Ok(Found::Unknown(_)) | Err(_) => Seen::NotLooked,
        }
    }
}

/// What a look after a write showed.
pub enum Seen {
    /// The object.
    Here(Remote),
    /// It is gone.
    Gone,
    /// Nothing: nobody looked, or the look failed.
    NotLooked,
}
