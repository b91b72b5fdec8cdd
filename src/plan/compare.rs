//! One account against one person: which attributes differ, and why.

use std::sync::Arc;

use super::role_values::{RoleSource, RoleValues};
use super::value_cause::{Difference, confirmed, judge};
use crate::catalog::{self, Mutability};
use crate::model::change::Cause;
use crate::model::company::ApplyWhen;
use crate::model::fact::Fact;
use crate::model::hash::HashKey;
use crate::model::ledger::{Hashes, Link};
use crate::model::seen::{Seen, Unread};
use crate::model::time::{Ago, Timestamp};
use crate::model::{UserId, UserNo, Value, Want};
use crate::resolve::DesiredAttribute;

/// The result of comparing one account.
#[derive(Debug, Clone, Default)]
pub(super) struct Findings {
    pub differences: Vec<AttributeDifference>,
    /// References that can only be judged once every account is known.
    pub references: Vec<Reference>,
    /// Values that a read has confirmed, and values that are not kept: what the ledger remembers of them from now on.
    pub confirmed: Vec<(Arc<str>, Hashes)>,
    /// Set if the app keeps roles as values of an attribute.
    pub roles: Option<Box<RoleValues>>,
    /// The roles could not be read.
    pub unread_roles: Option<Unread>,
    /// The account leaves its roles out, and the ledger has some: whether there are none shows at the end of the listing only.
    pub left_out_roles: Option<Box<RoleValues>>,
    /// The mapping could not be evaluated, so the person keeps the values of the account.
    pub error: Option<String>,
}

impl Findings {
    /// True if there is nothing to remember.
    pub(super) fn is_empty(&self) -> bool {
        self.differences.is_empty()
            && self.references.is_empty()
            && self.confirmed.is_empty()
            && self.roles.is_none()
            && self.unread_roles.is_none()
            && self.left_out_roles.is_none()
            && self.error.is_none()
    }
}

#[derive(Debug, Clone)]
pub(super) struct AttributeDifference {
    /// The attribute with its desired value.
    pub attribute: DesiredAttribute,
    /// The value in the app.
    pub actual: Seen<Value>,
    pub verdict: Verdict,
}

/// The judgement on an attribute that differs.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Verdict {
    /// See [`Difference`].
    Differs(Difference),
    /// It cannot be changed once set (RFC 7643 section 7, `immutable`).
    Immutable,
}

/// Why an attribute stays as it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Unchanged {
    /// The app does not keep it.
    NotKept { since: Timestamp },
    /// It cannot be changed once it is set.
    Immutable,
}

impl Verdict {
    /// The cause of the change.
    ///
    /// # Errors
    /// The attribute is not to be changed, or cannot be.
    pub(super) fn cause(self) -> Result<Cause, Unchanged> {
        match self {
            Verdict::Differs(Difference::Change(cause)) => Ok(cause),
            Verdict::Differs(Difference::Again { .. }) => Ok(Cause::Config),
            Verdict::Differs(Difference::NotKept { since }) => Err(Unchanged::NotKept { since }),
            Verdict::Immutable => Err(Unchanged::Immutable),
        }
    }

    /// The reason of a change that repeats an earlier one.
    pub(super) fn repeated(self, now: Timestamp) -> Option<Fact> {
        match self {
            Verdict::Differs(Difference::Again { since }) => {
                Some(Fact::AnsweredOnly { at: Ago::since(since, now) })
            }
            Verdict::Differs(Difference::Change(_) | Difference::NotKept { .. }) | Verdict::Immutable => None,
        }
    }

    fn difference(self) -> Option<Difference> {
        match self {
            Verdict::Differs(difference) => Some(difference),
            Verdict::Immutable => None,
        }
    }
}

/// A reference as the app shows it.
#[derive(Debug, Clone)]
pub(super) struct Reference {
    /// Place of the attribute in the mapping.
    pub place: usize,
    /// The person it should point at.
    pub to: UserId,
    /// The id it points at.
    pub actual: Seen<Value>,
}

/// What accounts are compared with.
pub(super) struct Comparison<'a> {
    pub key: &'a HashKey,
    pub roles: RoleSource<'a>,
}

/// Compares one account; `values` have the order of the mapping's attributes.
pub(super) fn account(
    with: &Comparison,
    attributes: Result<Vec<DesiredAttribute>, String>,
    (user, link): (UserNo, Option<&Link>),
    values: &[Seen<Value>],
) -> Findings {
    let attributes = match attributes {
        Ok(attributes) => attributes,
        Err(error) => {
            return Findings { error: Some(error), ..Findings::default() };
        }
    };
    let mut findings = Findings::default();
    for (place, (attribute, actual)) in attributes.into_iter().zip(values).enumerate() {
        if attribute.apply == ApplyWhen::Create || attribute.want == Want::Keep {
            continue;
        }
        if attribute.stores_roles() {
            let left_out = matches!(actual, Seen::Unread(Unread::LeftOut));
            let actual = if left_out { &Seen::None } else { actual };
            match RoleValues::of(&with.roles, &attribute, actual, (user, link)) {
                Ok(roles) if left_out && with.roles.is_known(&attribute, link) => {
                    findings.left_out_roles = Some(Box::new(roles));
                }
                Ok(roles) => findings.roles = Some(Box::new(roles)),
                // The roles that were given are assumed to be there, and nothing is given or taken.
                Err(why) => findings.unread_roles = Some(why),
            }
            continue;
        }
        if let Want::Ref(to) = &attribute.want {
            findings.references.push(Reference { place, to: to.clone(), actual: actual.clone() });
            continue;
        }
        let known = link.and_then(|link| link.values.get(attribute.path.key()));
        let wanted = match &attribute.want {
            Want::Is(value) => value.clone(),
            Want::Clear | Want::Keep | Want::Ref(_) => Value::Null,
        };
        let verdict = one(with.key, &attribute, &wanted, actual, known);
        let hashes = remembered(with.key, &attribute, (&wanted, actual), known, verdict);
        findings.confirmed.extend(hashes.map(|hashes| (attribute.path.key().clone(), hashes)));
        if let Some(verdict) = verdict {
            findings.differences.push(AttributeDifference { attribute, actual: actual.clone(), verdict });
        }
    }
    findings
}

/// What the ledger remembers of an attribute from now on, if a read tells more than the answer to our write did.
pub(super) fn remembered(
    key: &HashKey,
    attribute: &DesiredAttribute,
    (wanted, actual): (&Value, &Seen<Value>),
    known: Option<Hashes>,
    verdict: Option<Verdict>,
) -> Option<Hashes> {
    let actual = match actual {
        Seen::Is(actual) => actual,
        Seen::None => &Value::Null,
        Seen::Unread(_) => return None,
    };
    confirmed(key, attribute.path.key(), (wanted, actual), known, verdict.and_then(Verdict::difference))
}

/// Compares one attribute; `None` if it is as it should be, or cannot be read at all.
pub(super) fn one(
    key: &HashKey,
    attribute: &DesiredAttribute,
    wanted: &Value,
    actual: &Seen<Value>,
    known: Option<Hashes>,
) -> Option<Verdict> {
    let schema = attribute.schema.as_ref();
    if schema.is_some_and(catalog::AttributeSchema::is_never_shown) {
        return None;
    }
    let path = attribute.path.key();
    let actual = match actual {
        Seen::Is(actual) => actual,
        Seen::None if is_given_unseen(key, path, wanted, known) => {
            return Some(Verdict::Differs(Difference::Change(Cause::Config)));
        }
        Seen::None => &Value::Null,
        // What the app was last told is what counts. What it leaves out, and was never told, it is told once.
        Seen::Unread(why) => {
            let is_asked = match known {
                Some(known) => known.asked == key.value(path, wanted),
                None => *why != Unread::LeftOut || wanted.is_unassigned(),
            };
            return (!is_asked).then_some(Verdict::Differs(Difference::Change(Cause::Config)));
        }
    };
    if is_equal(schema, wanted, actual) {
        // A declared change of case is a change, also where the app may store another case.
        let is_news = || known.is_some_and(|known| known.asked != key.value(path, wanted));
        let is_owed = !actual.is_null() && !catalog::is_as_written(schema, wanted, actual) && is_news();
        return is_owed.then_some(Verdict::Differs(Difference::Change(Cause::Config)));
    }
    if schema.is_some_and(|schema| schema.mutability == Mutability::Immutable) && !actual.is_null() {
        return Some(Verdict::Immutable);
    }
    Some(Verdict::Differs(judge(key, path, wanted, actual, known)))
}

/// True for a value that we gave, that the app never showed, and that is to be cleared: that it shows none is no proof
/// that there is none (safety.md 8).
fn is_given_unseen(key: &HashKey, path: &str, wanted: &Value, known: Option<Hashes>) -> bool {
    let none = key.value(path, &Value::Null);
    wanted.is_null() && known.is_some_and(|known| known.asked != none && known.kept == none)
}

/// Equal by the schema's rules; empty text counts as unassigned where nothing is wanted (some apps store it so).
fn is_equal(schema: Option<&catalog::AttributeSchema>, wanted: &Value, actual: &Value) -> bool {
    (wanted.is_unassigned() && actual.is_unassigned()) || catalog::same(schema, wanted, actual)
}
