//! The attributes of a mapping as the app's own schema lets them be: what it does not know, or lets nobody write, is not sent
//! (safety.md 22).

use crate::catalog::{AttributeSchema, Meaning, Mutability, OwnSchema};
use crate::model::{Path, Want};
use crate::resolve::DesiredAttribute;

/// Why an attribute of the mapping is not sent.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(in crate::plan) enum NotSent {
    /// The app shows its schema, and that has no such attribute.
    Unknown,
    /// Only the app writes it.
    ReadOnly,
}

/// Why an attribute is not sent, if it is not. The name is always sent: no object can be without it.
pub(in crate::plan) fn not_sent(own: &OwnSchema, path: &Path, meaning: Meaning) -> Option<NotSent> {
    if meaning == Meaning::Name {
        return None;
    }
    if own.lacks(path) {
        return Some(NotSent::Unknown);
    }
    let is_read_only = own.refined(path, None).is_some_and(|own| own.mutability == Mutability::ReadOnly);
    is_read_only.then_some(NotSent::ReadOnly)
}

/// What the app says of one attribute of the mapping. It is the same for every account.
#[derive(Clone, Copy)]
pub(in crate::plan) struct Refinement {
    schema: Option<AttributeSchema>,
    /// It is not sent.
    is_kept: bool,
}

impl Refinement {
    /// Roles are compared in any case: who holds them has to be known.
    pub(in crate::plan) fn of(own: &OwnSchema, attribute: &DesiredAttribute) -> Self {
        Self {
            schema: own.refined(&attribute.path, attribute.schema),
            is_kept: !attribute.stores_roles() && not_sent(own, &attribute.path, attribute.meaning).is_some(),
        }
    }

    /// The attribute of one account, with what the app says of it.
    pub(in crate::plan) fn applied_to(self, attribute: DesiredAttribute) -> DesiredAttribute {
        DesiredAttribute {
            schema: self.schema,
            want: if self.is_kept { Want::Keep } else { attribute.want },
            ..attribute
        }
    }
}
