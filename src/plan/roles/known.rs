//! The values of roles that the ledger knows.

use std::collections::BTreeSet;
use std::sync::Arc;

use crate::catalog::AttributeSchema;
use crate::model::app::App;
use crate::model::change::Facet;
use crate::model::ledger::{AppLedger, FormerRole, GroupKey};
use crate::model::{RoleId, RoleNo};
use crate::plan::value_table::ValueTable;

/// A role of ours under a value that the ledger knows: today's or a former one.
#[derive(Debug)]
pub(in crate::plan) struct KnownValue {
    /// Today's id; the ledger's if the role is not declared any more.
    pub role: RoleId,
    pub value: Arc<str>,
    /// It is still declared.
    pub number: Option<RoleNo>,
    /// It is the value that the ledger has of a role that is not declared any more.
    is_last: bool,
}

impl KnownValue {
    fn of(app: &App, ledger: &AppLedger, role: &RoleId, value: &Arc<str>, is_last: bool) -> Self {
        // The role itself is the key of its group, where it became one.
        let is_last = is_last && !ledger.groups.contains_key(&GroupKey::Role(role.clone()));
        let number = app.role_once(role);
        let role = app.todays_role(role).clone();
        Self { role, value: value.clone(), number, is_last: is_last && number.is_none() }
    }

    /// True if the role, under any of its ids, is among these.
    pub(in crate::plan) fn is_among(&self, app: &App, roles: &BTreeSet<RoleId>) -> bool {
        match self.number {
            Some(number) => app.roles[number.index()].ids().any(|id| roles.contains(id)),
            None => roles.contains(&self.role),
        }
    }

    /// A former value is named beside its role, because the role alone is the key of the grant of today's value.
    pub(in crate::plan) fn facet(&self) -> Facet {
        let (role, value) = (self.role.clone(), self.value.clone());
        match self.is_last {
            true => Facet::Role(role),
            false => Facet::FormerRole(FormerRole { role, value }),
        }
    }
}

/// All of them, by how accounts may show them.
pub(in crate::plan) fn table(
    app: &App,
    ledger: &AppLedger,
    schema: Option<&AttributeSchema>,
) -> ValueTable<Arc<KnownValue>> {
    let last = ledger.roles.iter().map(|(role, value)| KnownValue::of(app, ledger, role, value, true));
    let former = ledger.former_roles.iter();
    let former = former.map(|former| KnownValue::of(app, ledger, &former.role, &former.value, false));
    ValueTable::of(schema, last.chain(former).map(|known| (known.value.clone(), Arc::new(known))))
}
