//! From the findings of all pages to a draft. Every person and every group is decided once.
//!
//! Each step reads a [`Context`] and returns a [`Decision`]; [`decide`] adds them up, and two steps put the sum in order. If a step needs the result of an
//! earlier step, it gets that result as a value.

mod assemble;
mod attributes_not_shown;
mod bases;
mod before_enabling;
mod build;
pub(super) mod context;
mod dated;
pub(super) mod decision;
mod falls;
mod gone_back;
mod held;
mod holdings;
mod idle_lines;
mod last_holders;
mod members_without_account;
mod moves;
mod no_link_found;
mod now_privileged;
mod observe;
pub(super) mod power;
mod power_values;
mod summaries;
mod unique;
pub(super) mod unmanaged;
mod unmatched;
mod unprotected;
mod widening;

use std::collections::BTreeSet;

use super::draft::Draft;
use super::groups;
use super::people::{
    continued, create, declared, former, former_values, found, not_linked, references, remains, roles_taken,
    undeclared,
};
use super::reading::answers::Answers;
use super::reading::differ::Differ;
use super::release;
use super::releases::Released;
use super::roles::other_form;
use crate::model::change::Object;
use context::Context;
use decision::{Decision, People};
use unique::Order;

/// Runs all steps in order and makes the draft.
pub(super) fn decide(differ: &Differ, answers: &Answers) -> Draft {
    let cx = &Context::new(differ, answers, released(differ, answers));
    let mut decided = everybody(cx);
    // From here on, the frozen people and the accounts of all people are known.
    let people = People::of(cx, &decided);
    // 4. New accounts: their first values depend on the accounts of other people.
    decided.add(create::decide_all(cx, &people, &decided.new_accounts));
    decided.add(continued::decide_all(cx, |id| people.is_frozen(id)));
    // 5. References between accounts.
    decided.add(references::decide_all(cx, &people, &decided.references, &decided.links));
    // 6. Groups and their members.
    decided.add(groups::decide_all(cx, &people));
    // 7. Roles that were groups, or values: people keep the one until they have the other.
    let mut decided = other_form::order(cx, decided);
    // 8. Accounts that belong to no person, or to none whom the files declare any more.
    let theirs = not_linked::of_people_out(cx, &people);
    decided.add(unmanaged::decide_all(cx, &people, &theirs));
    let of_people_out = not_linked::decide(cx, &theirs, &decided.changes);
    decided.add(of_people_out);
    let of_former = former::decide_all(cx, &decided.changes);
    decided.add(of_former);
    // 9. Entries of the ledger under earlier ids that no other change moves.
    decided.add(moves::decide_all(cx, &decided));
    // 10. What the accounts that are bound can do already.
    let decided = holdings::show(cx, decided);
    // 11. The changes put in order: losses come before an account is turned on.
    let decided = before_enabling::order(cx, &people, decided);
    // 12. What a date decides, held if the clock is in doubt.
    let decided = dated::hold(cx, decided);
    // 13. Accounts of people who are out at a later commit, from which the files go back.
    let decided = gone_back::hold(cx, decided);
    // 14. The order in which unique values change hands.
    let (mut decided, order) = unique::order(cx, decided);
    let typed = bases::typed(cx, &decided);
    decided.add(roles_taken::decide_all(cx, &people));
    // 15. Updates of the ledger that need no request.
    decided.add(observe::decide_all(cx, &people, &decided, &typed));
    // 16. Notices that concern many people, each once, and the ways out that are for all of them.
    decided.add(summaries::decide_all(cx, &decided));
    let decided = release::name_ways_out(cx, decided);
    // 17. The age of access that remains, and accounts that may be another person's.
    let mut decided = remains::with_ages(cx, decided);
    decided.add(former_values::remember(cx, &decided));
    // 18. Removals that wait until it is known whom `protect` means.
    unprotected::hold(cx, &mut decided.changes);
    // 19. Creates that wait until it is known that this is the right app.
    no_link_found::hold_creates(cx, &decided.adopted, &mut decided.changes);
    assemble::draft(cx, &people, decided, order, typed)
}

/// Steps 1 to 3: all people.
fn everybody(cx: &Context) -> Decision {
    let mut decided = from_links(cx);
    // 1. People who are not declared any more come first, because a suspected rename freezes the new id as well.
    decided.add(undeclared::decide_all(cx));
    // 2. People who are declared and not frozen.
    decided.add(declared::decide_all(cx, &decided.frozen));
    // 3. Leavers whose account stands below the entry of another person, or beside their own.
    decided.add(found::below_another_entry(cx));
    decided.add(found::beside_own_entry(cx));
    decided
}

/// The people whom `--enable APP=N` and `--recreate APP=N` release: all whom the plan would hold without them, if they are N.
fn released(differ: &Differ, answers: &Answers) -> Released {
    let mut released = differ.reset.clone();
    if release::is_by_number(&differ.input) {
        let cx = &Context::new(differ, answers, released.clone());
        released.extend(release::by_number(&differ.input, &everybody(cx), &differ.reset));
    }
    released
}

/// A draft without decisions, because a source guard has stopped the app.
pub(super) fn without_decisions(differ: &Differ) -> Draft {
    let answers = Answers::default();
    let cx = &Context::new(differ, &answers, Released::new());
    let decided = from_links(cx);
    assemble::draft(cx, &People::of(cx, &decided), decided, Order::default(), BTreeSet::new())
}

/// The decision from reading the links: the frozen people, and why.
fn from_links(cx: &Context) -> Decision {
    let links = cx.links();
    let notices = links.notices.iter().cloned().map(|notice| match &notice.subject {
        Some(Object::User(id)) => found::freeze(cx, &id.clone(), notice),
        _ => notice.into(),
    });
    let noticed: Decision = notices.collect();
    noticed.and(Decision { frozen: links.frozen.clone(), ..Decision::default() })
}
