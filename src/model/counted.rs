//! Which changes guards count (safety.md 11, 12): a predicate for each kind of loss, gain and change.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use super::change::{Cause, Change, ChangeKey, ChangeKind, Facet, Object};
use super::folded::folded;
use super::group_key::GroupKey;
use super::id::{RoleId, UserId};

/// What is known of an app beyond a change itself.
pub struct Known<'k> {
    /// A full apply has run to its end.
    pub completed: bool,
    /// Keys of the attributes people sign in with or are found by.
    pub login_paths: &'k [Arc<str>],
    /// Of these, the keys of those in which upper and lower case are the same.
    pub folded_paths: &'k [Arc<str>],
    /// People whom this plan links: changes of their attributes are part of the adoption.
    pub adopted: &'k BTreeSet<UserId>,
    /// People who are to get an account and may have one.
    pub unmatched: &'k BTreeMap<UserId, Option<String>>,
    /// Changes that an interrupted run had begun: its guards passed them.
    pub begun: &'k BTreeSet<ChangeKey>,
    /// People whose account is made again because their exact number was given.
    pub released: &'k BTreeSet<UserId>,
    /// Losses of accounts that were adopted at the first apply for people who were out by then.
    pub takeovers: &'k BTreeSet<ChangeKey>,
    /// People whose account rolecall had turned off before: that it is off again is no loss of today.
    pub off: &'k BTreeSet<UserId>,
    /// People who are turned on again by an edit, if they are several.
    pub turned_on: &'k BTreeSet<UserId>,
    /// Losses by a date that did not go by: it was over when it was written (safety.md 12).
    pub typed: &'k BTreeSet<ChangeKey>,
    /// Changes of an attribute that take power away.
    pub power_taken: &'k BTreeMap<ChangeKey, BTreeSet<RoleId>>,
}

/// The group that a change takes one member out of: a pushed group, or the group that stands for a role.
pub fn group_it_leaves(change: &Change) -> Option<GroupKey> {
    match (change.kind, &change.key.facet) {
        (ChangeKind::MemberRemove, _) => GroupKey::of(&change.key.object),
        // A person who keeps the role under today's value does not leave it.
        (ChangeKind::RoleRevoke, facet) if !change.revalued => facet.role().cloned().map(GroupKey::Role),
        _ => None,
    }
}

pub fn is_account_loss(change: &Change) -> bool {
    matches!(change.kind, ChangeKind::Disable | ChangeKind::Delete)
}

/// True for a loss that nobody declared; a date that was over when it was written declares none.
pub(super) fn is_undeclared(change: &Change, known: &Known<'_>) -> bool {
    !change.cause.is_declared() || known.typed.contains(&change.key)
}

/// A loss of what a person had before rolecall came: of a membership or role that the adopting plan found, or of an account
/// that the first apply adopted for a leaver.
pub(super) fn is_takeover(change: &Change, known: &Known<'_>) -> bool {
    change.kind.is_loss() && (change.cause == Cause::Takeover || known.takeovers.contains(&change.key))
}

pub(super) fn is_undeclared_account_loss(change: &Change, known: &Known<'_>) -> bool {
    is_account_loss(change) && !change.cause.is_declared() && !is_takeover(change, known)
}

/// Declared, and not by a date that went by. Who was turned off before was typed as out by an earlier commit.
pub(super) fn is_typed_account_loss(change: &Change, known: &Known<'_>) -> bool {
    let is_typed = change.cause == Cause::Left || known.typed.contains(&change.key);
    let is_again = change.key.person().is_some_and(|id| known.off.contains(id));
    is_account_loss(change) && is_typed && !is_again && !is_takeover(change, known)
}

/// A revocation, a value that is overwritten, a group that is taken out of the group of a role, or the loss of the account: whose of power is for the guard to know. Power that somebody gave in the app is
/// nobody's to lose.
pub(super) fn is_loss_of_power(change: &Change, known: &Known<'_>) -> bool {
    let is_undeclared = is_undeclared(change, known) && change.cause != Cause::Drift;
    let is_revoked = change.kind == ChangeKind::RoleRevoke && !change.revalued && is_undeclared;
    let is_of_role = matches!(change.key.object, Object::Role(_)) && is_undeclared;
    let is_taken_out = is_of_role && change.kind == ChangeKind::MemberRemove;
    let is_overwritten = is_undeclared && known.power_taken.contains_key(&change.key);
    is_revoked || is_taken_out || is_overwritten || is_undeclared_account_loss(change, known)
}

/// Power, or several accounts that are turned on again (safety.md 13).
pub(super) fn is_gain_of_power(change: &Change, known: &Known<'_>) -> bool {
    let is_turned_on = || change.key.person().is_some_and(|id| known.turned_on.contains(id));
    !change.kind.is_loss() && (change.privileged || (change.key.facet == Facet::Life && is_turned_on()))
}

pub(super) fn is_membership_loss(change: &Change, known: &Known<'_>) -> bool {
    let is_loss = match change.kind {
        ChangeKind::GroupDelete => true,
        ChangeKind::MemberRemove => is_undeclared(change, known),
        _ => false,
    };
    is_loss && !is_takeover(change, known)
}

/// A person who keeps the role under today's value loses nothing.
pub(super) fn is_revocation(change: &Change, known: &Known<'_>) -> bool {
    let is_lost = change.kind == ChangeKind::RoleRevoke && !change.revalued;
    is_lost && is_undeclared(change, known) && !is_takeover(change, known)
}

/// A matching, unique or login attribute that had a value: one that was unassigned changes nothing about how people sign
/// in, nor does another case where case does not count.
pub(super) fn is_login_change(change: &Change, known: &Known<'_>) -> bool {
    let (Object::User(_), Facet::Attribute(path)) = (&change.key.object, &change.key.facet) else {
        return false;
    };
    let Some(old) = change.old.text.as_ref().filter(|_| known.login_paths.contains(path)) else {
        return false;
    };
    let same = |new: &String| known.folded_paths.contains(path) && folded(new) == folded(old);
    !change.new.text.as_ref().is_some_and(same)
}

/// An attribute that had a value, or a role that people keep and that had another value, of an account that was there and ours
/// before this plan, and before the run that was interrupted.
pub(super) fn is_update(change: &Change, known: &Known<'_>) -> bool {
    let Object::User(id) = &change.key.object else { return false };
    let had_value = match &change.key.facet {
        Facet::Attribute(_) => change.old.text.is_some(),
        _ => gives_other_value(change),
    };
    had_value && change.remote.is_some() && !known.adopted.contains(id) && !known.begun.contains(&change.key)
}

/// The grant of a role to a person who has it, under another value or by a group.
pub fn gives_other_value(change: &Change) -> bool {
    change.kind == ChangeKind::RoleGrant && change.revalued
}

/// A new account for somebody who may have one.
pub(super) fn is_unmatched_creation(change: &Change, known: &Known<'_>) -> bool {
    let person = change.key.person();
    change.kind == ChangeKind::Create && person.is_some_and(|id| known.unmatched.contains_key(id))
}

/// A new account, unless the number of those that are made again was given; before the first completed apply only one that was
/// there before.
pub(super) fn is_creation(change: &Change, known: &Known<'_>) -> bool {
    let is_again = change.cause == Cause::Drift;
    let is_released = is_again && change.key.person().is_some_and(|id| known.released.contains(id));
    change.kind == ChangeKind::Create && (known.completed || is_again) && !is_released
}
