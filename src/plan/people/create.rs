//! New accounts and their first values. The accounts of all other people are known by then.

use std::collections::BTreeSet;

use super::continued;
use crate::catalog::Meaning;
use crate::model::change::{ChangeKind, Facet, Setting};
use crate::model::seen::Seen;
use crate::model::{RoleId, Want};
use crate::plan::compare::Reference;
use crate::plan::decide::context::Context;
use crate::plan::decide::decision::{Account, Decision, NewAccount, People, Waiting};
use crate::plan::roles;
use crate::resolve::DesiredAttribute;

pub(crate) fn decide_all(cx: &Context, people: &People, new_accounts: &[NewAccount]) -> Decision {
    new_accounts.iter().map(|new| decide(cx, people, new)).collect()
}

fn decide(cx: &Context, people: &People, new: &NewAccount) -> Decision {
    let NewAccount { user, cause, attributes } = new;
    let id = cx.user_id(*user);
    let mut change = cx.change(id, Facet::Life, ChangeKind::Create, *cause);
    change.sets = settings(cx, people, attributes);
    let given = attributes.iter().filter(|attribute| !attribute.stores_roles());
    let given: BTreeSet<RoleId> =
        given.flat_map(|attribute| cx.power.given(&attribute.path, &attribute.want, None)).collect();
    change.privileged = !given.is_empty();
    change.reasons = cx.input.why_account(*user);
    let mut references = Vec::new();
    for (place, attribute) in attributes.iter().enumerate() {
        if let (Want::Ref(to), false) = (&attribute.want, is_there(cx, people, &attribute.want)) {
            let reference = Reference { place, to: to.clone(), actual: Seen::None };
            references.push((*user, Waiting::New(Box::new(reference))));
        }
    }
    let power_given = if given.is_empty() { Vec::new() } else { vec![(change.key.clone(), given)] };
    let mut changes = vec![change];
    changes.extend(continued::of_new(cx, *user, id, *cause));
    let created = Decision { changes, references, power_given, ..Decision::default() };
    created.and(roles::initial(cx, *user, id, attributes, *cause))
}

/// The first values of an account: all but roles, which are grants, and references to accounts that do not exist yet.
fn settings(cx: &Context, people: &People, attributes: &[DesiredAttribute]) -> Vec<Setting> {
    let starts = |attribute: &&DesiredAttribute| match &attribute.want {
        Want::Is(_) => !attribute.stores_roles(),
        Want::Ref(_) => is_there(cx, people, &attribute.want),
        Want::Clear | Want::Keep => false,
    };
    attributes
        .iter()
        .filter(starts)
        .map(|attribute| Setting {
            path: attribute.path.as_str().into(),
            value: cx.shown_want(attribute),
            name: attribute.meaning == Meaning::Name,
            want: Some((attribute.path.clone(), attribute.want.clone())),
        })
        .collect()
}

/// True if the account a reference points at exists already.
fn is_there(cx: &Context, people: &People, want: &Want) -> bool {
    let Want::Ref(to) = want else { return false };
    let account = cx.number(to).and_then(|user| people.account(user));
    account.is_some_and(|account| matches!(account, Account::There(_)))
}
