//! Kinds of writes: an operation and the attribute, or the members, that it is about. What turns an account on or off, or deletes
//! something, is about no attribute.

use std::collections::BTreeSet;
use std::sync::Arc;

use super::job::Job;
use crate::model::app::RoleKind;
use crate::model::change::{Change, ChangeKind, Facet, Object};
use crate::model::op::{Action, Op};
use crate::model::{Path, RoleId};

/// A kind of write.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct WriteKind {
    pub operation: Operation,
    /// The attribute as a whole; empty for what is about the life of an account or a group.
    pub attribute: Arc<str>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Operation {
    CreateUser,
    CreateGroup,
    UpdateUser,
    UpdateGroup,
    EnableUser,
    DisableUser,
    DeleteUser,
    DeleteGroup,
    AddMembers,
    RemoveMembers,
}

impl WriteKind {
    /// The kinds of an op, one for each attribute that it writes.
    pub(super) fn of_op(op: &Op) -> BTreeSet<Self> {
        let Some(operation) = Operation::of(op) else {
            return BTreeSet::new();
        };
        let kind = |path: &Path| Self { operation, attribute: path.whole() };
        match &op.action {
            Action::CreateUser { attributes } | Action::CreateGroup { attributes } => {
                attributes.iter().map(|(path, _)| kind(path)).collect()
            }
            Action::UpdateUser { set, lists, .. } => {
                let lists = lists.iter().map(|list| kind(&list.path));
                set.iter().map(|(path, _)| kind(path)).chain(lists).chain(Self::of_life(op)).collect()
            }
            Action::UpdateGroup { set, .. } => set.iter().map(|(path, _)| kind(path)).collect(),
            Action::Members { .. } => BTreeSet::from([Self { operation, attribute: "members".into() }]),
            Action::DeleteUser { .. } | Action::DeleteGroup { .. } => Self::of_life(op).into_iter().collect(),
            Action::ContinueUser { .. } => BTreeSet::new(),
        }
    }

    /// The kinds of an op, without what it does to the life of an object.
    pub(super) fn of_attributes(op: &Op) -> BTreeSet<Self> {
        let mut kinds = Self::of_op(op);
        if let Some(life) = Self::of_life(op) {
            kinds.remove(&life);
        }
        kinds
    }

    /// The kind of an op that turns an account on or off, or deletes something.
    pub(super) fn of_life(op: &Op) -> Option<Self> {
        let operation = match &op.action {
            Action::UpdateUser { active: Some(true), .. } => Operation::EnableUser,
            Action::UpdateUser { active: Some(false), .. } => Operation::DisableUser,
            Action::DeleteUser { .. } => Operation::DeleteUser,
            Action::DeleteGroup { .. } => Operation::DeleteGroup,
            Action::UpdateUser { active: None, .. } | Action::UpdateGroup { .. } | Action::Members { .. } => {
                return None;
            }
            Action::CreateUser { .. } | Action::CreateGroup { .. } | Action::ContinueUser { .. } => {
                return None;
            }
        };
        Some(Self { operation, attribute: "".into() })
    }

    /// The kind of write that carries out a change of an existing object; creations have many.
    pub(super) fn of_change(job: &Job<'_>, change: &Change) -> Option<Self> {
        let members = || {
            let operation =
                if change.kind.is_loss() { Operation::RemoveMembers } else { Operation::AddMembers };
            Self { operation, attribute: "members".into() }
        };
        let life = |operation| Some(Self { operation, attribute: "".into() });
        let attribute = |operation| {
            let (path, _) = change.want.as_ref()?;
            Some(Self { operation, attribute: path.whole() })
        };
        match (&change.key.object, &change.key.facet) {
            (Object::User(_), Facet::Attribute(_)) if change.kind == ChangeKind::Continue => None,
            (Object::User(_), Facet::Attribute(_)) => attribute(Operation::UpdateUser),
            (Object::User(_), Facet::Role(_) | Facet::FormerRole(_)) => match role_path(job, change) {
                Some(path) => Some(Self { operation: Operation::UpdateUser, attribute: path.whole() }),
                None => Some(members()),
            },
            (_, Facet::Attribute(_)) => attribute(Operation::UpdateGroup),
            (_, Facet::Member(_) | Facet::UnmanagedMember(_) | Facet::FormerGroup(_)) => Some(members()),
            (Object::User(_) | Object::Account(_), Facet::Life) => life(match change.kind {
                ChangeKind::Disable => Operation::DisableUser,
                ChangeKind::Delete => Operation::DeleteUser,
                _ if change.turns_on() => Operation::EnableUser,
                _ => return None,
            }),
            (_, Facet::Life) if change.kind == ChangeKind::GroupDelete => life(Operation::DeleteGroup),
            (_, Facet::Life | Facet::Role(_) | Facet::FormerRole(_)) => None,
        }
    }
}

impl Operation {
    pub(super) fn of(op: &Op) -> Option<Self> {
        Some(match &op.action {
            Action::CreateUser { .. } => Operation::CreateUser,
            Action::CreateGroup { .. } => Operation::CreateGroup,
            Action::UpdateUser { .. } => Operation::UpdateUser,
            Action::UpdateGroup { .. } => Operation::UpdateGroup,
            Action::Members { add, .. } if !add.is_empty() => Operation::AddMembers,
            Action::Members { .. } => Operation::RemoveMembers,
            Action::DeleteUser { .. } => Operation::DeleteUser,
            Action::DeleteGroup { .. } => Operation::DeleteGroup,
            Action::ContinueUser { .. } => return None,
        })
    }
}

/// The attribute that a change of a role writes, if roles are kept as values.
pub(super) fn role_path<'j>(job: &'j Job<'_>, change: &Change) -> Option<&'j Path> {
    let Object::User(id) = &change.key.object else { return None };
    let is_group = |role: &RoleId| {
        let number = job.app.role(role.as_str());
        number.is_some_and(|number| matches!(job.app.roles[number.index()].kind, RoleKind::Group(_)))
    };
    let is_value = match &change.key.facet {
        Facet::Role(role) => !is_group(role),
        Facet::FormerRole(_) => true,
        Facet::Life | Facet::Attribute(_) | Facet::Member(_) => return None,
        Facet::UnmanagedMember(_) | Facet::FormerGroup(_) => return None,
    };
    job.plan.work.roles.get(id).filter(|_| is_value).map(|work| &work.path)
}
