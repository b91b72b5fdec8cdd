//! The roles of one account, where an attribute keeps them as values: which of today's roles it shows, and whose the other
//! values are by the ledger.

use std::collections::BTreeSet;
use std::sync::{Arc, OnceLock};

use super::roles::known::{self, KnownValue};
use super::value_table::ValueTable;
use crate::catalog::{AttributeSchema, Type};
use crate::model::app::App;
use crate::model::folded::folded_value;
use crate::model::ledger::{AppLedger, Link};
use crate::model::seen::{Seen, Unread};
use crate::model::{RoleId, RoleNo, UserNo, Value};
use crate::resolve::{DesiredApp, DesiredAttribute, RoleStorage};

/// Roles of one account, kept in one attribute.
#[derive(Debug, Clone)]
pub(super) struct RoleValues {
    pub attribute: DesiredAttribute,
    /// The values in the app.
    pub actual: Vec<Value>,
    /// Declared roles among the values.
    pub held: BTreeSet<RoleNo>,
    /// Of these, the values that are spelt otherwise than declared, or are no text.
    pub respelt: Vec<(RoleNo, Value)>,
    /// Of these, the values that the ledger has of another declared role that this account was given.
    pub taken_over: Vec<(RoleNo, Value)>,
    /// Values that are no declared role of this account.
    pub undeclared: Vec<UndeclaredValue>,
}

/// A value of an account that is none of the roles it is to have.
#[derive(Debug, Clone)]
pub(super) struct UndeclaredValue {
    pub value: Value,
    /// The role of ours that it is by the ledger.
    pub known: Option<Arc<KnownValue>>,
}

impl RoleValues {
    /// Of an account without roles.
    pub(super) fn none(attribute: DesiredAttribute) -> Self {
        let (actual, held, respelt) = (Vec::new(), BTreeSet::new(), Vec::new());
        Self { attribute, actual, held, respelt, taken_over: Vec::new(), undeclared: Vec::new() }
    }

    /// # Errors
    /// Why the roles cannot be read.
    pub(super) fn of(
        source: &RoleSource,
        attribute: &DesiredAttribute,
        actual: &Seen<Value>,
        (user, link): (UserNo, Option<&Link>),
    ) -> Result<Self, Unread> {
        let actual = match actual {
            Seen::Is(Value::List(items)) => items.clone(),
            Seen::Is(single) => vec![single.clone()],
            Seen::None => Vec::new(),
            Seen::Unread(why) => return Err(why.clone()),
        };
        let tables = source.tables(attribute.schema.as_ref());
        let wanted: BTreeSet<RoleNo> = wanted(source.desired, user, attribute.roles).collect();
        let account = Account { app: source.desired.app, tables, link };
        // A flag that is not set is none, unless it is what a role of this person says.
        let is_flag = of_nobody(attribute.schema.as_ref()) == Value::Bool(false);
        let is_role = |value: &Value| {
            let is_unset = is_flag && folded_value(value).as_deref() == Some("false");
            !is_unset || tables.declared(value).is_some_and(|(role, _)| wanted.contains(&role))
        };
        let actual = actual.into_iter().filter(is_role).collect();
        let mut roles = Self { actual, ..Self::none(attribute.clone()) };
        for value in &roles.actual {
            let declared = tables.declared(value);
            let earlier = declared.and_then(|(role, _)| account.earlier_role(role, value));
            match (declared, earlier) {
                // A value that was given to another role is that role's on an account that is not to have this one.
                (Some((role, _)), Some(known)) if !wanted.contains(&role) && !account.has(role, value) => {
                    let (value, known) = (value.clone(), Some(known.clone()));
                    roles.undeclared.push(UndeclaredValue { value, known });
                }
                (Some((role, is_as_declared)), earlier) => {
                    roles.held.insert(role);
                    // A flag and a number are what a role says as text.
                    let is_text = matches!(value, Value::Str(_));
                    roles.respelt.extend((!is_as_declared || !is_text).then(|| (role, value.clone())));
                    let earlier = earlier.and_then(|known| known.number);
                    roles.taken_over.extend(earlier.map(|role| (role, value.clone())));
                }
                (None, _) => {
                    let (value, known) = (value.clone(), account.known(value).cloned());
                    roles.undeclared.push(UndeclaredValue { value, known });
                }
            }
        }
        Ok(roles)
    }

    /// The value the account has from a time when the role was stored as another one.
    pub(super) fn earlier_value(&self, role: RoleNo) -> Option<String> {
        let is_of =
            |other: &&UndeclaredValue| other.known.as_ref().is_some_and(|known| known.number == Some(role));
        let former = self.undeclared.iter().find(is_of).map(|other| &other.value);
        let mut taken_over = self.taken_over.iter().filter(|(of, _)| *of == role);
        former.or_else(|| taken_over.next().map(|(_, value)| value)).map(ToString::to_string)
    }
}

/// What an attribute that keeps roles has of an account without any: nothing, and a flag is not set.
pub(super) fn of_nobody(schema: Option<&AttributeSchema>) -> Value {
    let is_flag = schema.is_some_and(|schema| schema.of == Type::Boolean && !schema.multi_valued);
    if is_flag { Value::Bool(false) } else { Value::Null }
}

/// Roles the attribute should hold: all of them, or the one of lowest precedence number.
pub(super) fn wanted<'d>(
    desired: &'d DesiredApp,
    user: UserNo,
    storage: RoleStorage,
) -> impl Iterator<Item = RoleNo> + 'd {
    let most = match storage {
        RoleStorage::One => 1,
        RoleStorage::All | RoleStorage::Derived | RoleStorage::None => usize::MAX,
    };
    desired.roles_of(user).filter(|role| desired.role_value(*role).is_some()).take(most)
}

/// What the values of accounts are compared with.
pub(super) struct RoleSource<'a> {
    pub desired: &'a DesiredApp<'a>,
    pub ledger: &'a AppLedger,
    pub tables: &'a OnceLock<RoleTables>,
}

impl<'a> RoleSource<'a> {
    /// True if the ledger has roles of this account that the attribute keeps, given by us or found there.
    pub(super) fn is_known(&self, attribute: &DesiredAttribute, link: Option<&Link>) -> bool {
        let Some(link) = link else { return false };
        let (app, tables) = (self.desired.app, self.tables(attribute.schema.as_ref()));
        let is_value =
            |role: &RoleId| app.role_once(role).is_some_and(|role| self.desired.role_value(role).is_some());
        let has = |roles: &BTreeSet<RoleId>| {
            roles.iter().any(is_value) || tables.known.all().iter().any(|known| known.is_among(app, roles))
        };
        has(&link.roles) || has(&link.found_roles)
    }

    /// One attribute of an app keeps roles (safety.md 10), so that its schema is the same for all.
    pub(super) fn tables(&self, schema: Option<&AttributeSchema>) -> &'a RoleTables {
        self.tables.get_or_init(|| RoleTables {
            declared: declared(self.desired, schema),
            known: known::table(self.desired.app, self.ledger, schema),
        })
    }
}

/// The values of roles, by how accounts may show them.
pub(super) struct RoleTables {
    /// The values of the declared roles.
    declared: ValueTable<RoleNo>,
    /// The values that the ledger knows.
    pub known: ValueTable<Arc<KnownValue>>,
}

fn declared(desired: &DesiredApp, schema: Option<&AttributeSchema>) -> ValueTable<RoleNo> {
    let roles = (0..desired.app.roles.len()).map(RoleNo::from);
    let values = roles.filter_map(|role| Some((desired.role_value(role)?.clone(), role)));
    ValueTable::of(schema, values)
}

impl RoleTables {
    /// The declared role that a value is, and whether it is spelt as declared. In another spelling, as far as the schema lets
    /// spellings differ, it is a role if it is no other one as well (safety.md 22).
    fn declared(&self, value: &Value) -> Option<(RoleNo, bool)> {
        let role = |place: usize| self.declared.all().get(place).copied();
        match (self.declared.exactly(value), self.declared.alike(value)) {
            (Some(place), _) => Some((role(place)?, true)),
            (None, [one]) => Some((role(*one)?, false)),
            (None, _) => None,
        }
    }

    /// The values of the ledger that this one may be.
    fn known(&self, value: &Value) -> impl Iterator<Item = &Arc<KnownValue>> {
        let exactly = self.known.exactly(value);
        let alike = self.known.alike(value).iter().copied().filter(move |place| Some(*place) != exactly);
        exactly.into_iter().chain(alike).filter_map(|place| self.known.all().get(place))
    }
}

/// What the ledger says of one account.
struct Account<'a> {
    app: &'a App,
    tables: &'a RoleTables,
    link: Option<&'a Link>,
}

impl<'a> Account<'a> {
    /// The role that a value is by the ledger: one that the account was given, before one that was found there.
    fn known(&self, value: &Value) -> Option<&'a Arc<KnownValue>> {
        let all = || self.tables.known(value);
        all()
            .find(|known| self.is_given(known))
            .or_else(|| all().find(|known| self.is_found(known)))
            .or_else(|| all().next())
    }

    /// The role that a value is by the ledger, although today it is this one's.
    fn earlier_role(&self, today: RoleNo, value: &Value) -> Option<&'a Arc<KnownValue>> {
        let others = || self.tables.known(value).filter(|known| known.number != Some(today));
        others().find(|known| self.is_given(known)).or_else(|| others().find(|known| self.is_found(known)))
    }

    /// True if the account was given this role as this value.
    fn has(&self, role: RoleNo, value: &Value) -> bool {
        self.tables.known(value).any(|known| known.number == Some(role) && self.is_given(known))
    }

    fn is_given(&self, known: &KnownValue) -> bool {
        self.link.is_some_and(|link| known.is_among(self.app, &link.roles))
    }

    fn is_found(&self, known: &KnownValue) -> bool {
        self.link.is_some_and(|link| known.is_among(self.app, &link.found_roles))
    }
}
