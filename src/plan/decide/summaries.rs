//! One notice for a message that concerns many people.

use std::collections::{BTreeMap, BTreeSet};

use super::context::Context;
use super::decision::{Decision, NotKept};
use super::{
    attributes_not_shown, idle_lines, last_holders, members_without_account, now_privileged, unprotected,
};
use crate::model::change::Object;
use crate::model::seen::{Activity, Unread};
use crate::model::time::Ago;
use crate::model::words::{count, first_ten};
use crate::model::{Kind, Path, RemoteId, RoleId, UserId};
use crate::plan::command;
use crate::plan::notice::{Notice, NoticeKind};
use crate::plan::own_schema::OwnSchemaCheck;
use crate::plan::people::{beyond, hands_said, renamed};
use crate::plan::reading::links::LinkNo;
use crate::plan::reading::questions;
use crate::plan::release;
use crate::plan::roles::moved;

pub(super) fn decide_all(cx: &Context, decided: &Decision) -> Decision {
    let mut notices = forbidden(&decided.forbidden);
    notices.extend(kept(&decided.kept));
    notices.extend(not_on_yet(&decided.not_on_yet));
    notices.extend(not_kept(cx, &decided.not_kept));
    notices.extend(hands_said::standing(cx, decided));
    notices.extend(hands_said::news(cx, decided));
    notices.extend(release::refused(cx, decided));
    notices.extend(renamed::suggestions(cx, decided));
    notices.extend(own_schema(cx, decided));
    notices.extend(left_in_app(cx));
    notices.extend(beyond::notices(cx, &decided.beyond));
    notices.extend(beyond::undeclared_power(cx, &decided.undeclared_power));
    notices.extend(short(cx, decided));
    notices.extend(activity_not_shown(cx));
    notices.extend(roles_not_shown(cx));
    notices.extend(attributes_not_shown::notices(cx));
    notices.extend(groups_asked_for(cx));
    notices.extend(not_entitled(cx));
    notices.extend(members_without_account::notice(cx));
    notices.extend(last_holders::notices(cx));
    notices.extend(now_privileged::notices(cx));
    notices.extend(idle_lines::notices(cx));
    notices.extend(unmet_protection(cx));
    notices.extend(unproved(cx, &decided.unproved));
    Decision { notices, ..Decision::default() }
}

/// What the app's own schema says of the mappings; what new objects need only if there are new ones.
fn own_schema(cx: &Context, decided: &Decision) -> Vec<Notice> {
    let desired = cx.input.desired;
    let check = OwnSchemaCheck {
        app: desired.app,
        definition: desired.definition,
        users: desired.mapping,
        groups: desired.group_mapping,
        own: cx.input.schemas,
        files: cx.input.files,
    };
    let mut notices = Vec::new();
    let kinds =
        [(Kind::User, decided.new_accounts.is_empty()), (Kind::Group, decided.group_attributes.is_empty())];
    for (kind, none_is_new) in kinds {
        notices.extend(check.not_sent(kind));
        notices.extend(check.needed(kind).filter(|_| !none_is_new));
    }
    notices
}

/// Accounts of ours that leave out the attribute in which the ledger has roles of them, as all others do (safety.md 22).
fn roles_not_shown(cx: &Context) -> Option<Notice> {
    let is_unread = |link: &LinkNo| {
        let findings = cx.seen(*link).and_then(|seen| seen.findings.as_deref());
        findings.is_some_and(|findings| findings.unread_roles == Some(Unread::LeftOut))
    };
    let unread: Vec<&UserId> =
        cx.links().numbers().filter(is_unread).map(|link| &cx.row(link).user).collect();
    let path = cx.input.desired.role_path().filter(|_| !unread.is_empty())?;
    let text = format!(
        "{} rolecall gave roles {} not show {path}, and neither does another account: these roles count as held, and none of them is given or taken: {}",
        count(unread.len(), "account to which", "accounts to which"),
        if unread.len() == 1 { "does" } else { "do" },
        names(unread.iter().copied())
    );
    let hint = "see in the app whether the accounts have their roles; if they have none, and the app leaves out what is empty, all is well once any account shows a role";
    Some(Notice::of_app(NoticeKind::Advice, text, Some(hint.to_owned())))
}

/// The requests for groups whose members the listing does not show (safety.md 22).
fn groups_asked_for(cx: &Context) -> Option<Notice> {
    let is_managed = |id: &&RemoteId| cx.differ.group_links.contains_key(*id);
    let is_asked = |id: &&RemoteId| cx.answers.get(Kind::Group, id).is_some();
    let asked = cx.differ.seen.groups.keys().filter(is_managed).filter(is_asked).count();
    (asked > questions::FIRST_GROUPS).then(|| {
        let text = format!(
            "the listing of groups does not show all members: {asked} requests asked for one group each"
        );
        let hint = "nothing is wrong with that, and each plan takes so many requests more";
        Notice::of_app(NoticeKind::Advice, text, Some(hint.to_owned()))
    })
}

fn forbidden(forbidden: &[(&'static str, &'static str, UserId)]) -> Vec<Notice> {
    let mut people: BTreeMap<(&str, &str), Vec<&UserId>> = BTreeMap::new();
    for (what, remedy, id) in forbidden {
        people.entry((what, remedy)).or_default().push(id);
    }
    let notice = |((what, remedy), ids): ((&str, &str), Vec<&UserId>)| {
        let text = format!(
            "`users.actions` does not allow to {what} {}: {}",
            count(ids.len(), "account", "accounts"),
            names(ids)
        );
        Notice::of_app(NoticeKind::Advice, text, Some(remedy.to_owned()))
    };
    people.into_iter().map(notice).collect()
}

/// Attributes that the app does not keep, each once for all accounts and groups.
fn not_kept(cx: &Context, not_kept: &[NotKept]) -> Vec<Notice> {
    let mut by_path: BTreeMap<(Kind, &Path), Vec<&NotKept>> = BTreeMap::new();
    for one in not_kept {
        let kind = if matches!(one.object, Object::User(_)) { Kind::User } else { Kind::Group };
        by_path.entry((kind, &one.path)).or_default().push(one);
    }
    let notice = |((kind, path), all): ((Kind, &Path), Vec<&NotKept>)| {
        let since = all.iter().map(|one| one.since).min().unwrap_or(cx.input.resolved.at);
        let since = Ago::since(since, cx.input.resolved.at);
        let text = format!("{path}: the app shows another value than it was given {since}");
        let hint = "it is not sent again; change the mapping or the app if it matters";
        match all.as_slice() {
            [NotKept { object: Object::User(id), .. }] => {
                cx.notice(NoticeKind::NotKept, id, text, Some(hint))
            }
            [one] => Notice::of_group(NoticeKind::NotKept, &one.object, text, Some(hint)),
            several => {
                let names: Vec<_> = several.iter().map(|one| one.object.name()).collect();
                let number = match kind {
                    Kind::User => count(names.len(), "account", "accounts"),
                    Kind::Group => count(names.len(), "group", "groups"),
                };
                let text = format!("{text}, for {number}: {}", first_ten(&names));
                Notice::of_app(NoticeKind::NotKept, text, Some(hint.to_owned()))
            }
        }
    };
    by_path.into_iter().map(notice).collect()
}

/// Roles that rolecall gave as values, where no attribute of the mapping holds roles any more (safety.md 16).
fn left_in_app(cx: &Context) -> Vec<Notice> {
    let desired = cx.input.desired;
    if desired.mapping.is_none() {
        return Vec::new();
    }
    if desired.maps_roles() {
        return moved::left_in_app(cx);
    }
    let mut people: BTreeMap<&RoleId, Vec<&UserId>> = BTreeMap::new();
    for link in cx.links().numbers().filter(|link| !cx.row(*link).is_tombstone()) {
        for role in &cx.link(link).roles {
            people.entry(role).or_default().push(&cx.row(link).user);
        }
    }
    let notice = |(role, ids): (&RoleId, Vec<&UserId>)| {
        let text = format!(
            "role {role} was given to {} and no mapping writes it any more: {}",
            count(ids.len(), "account", "accounts"),
            names(ids)
        );
        let hint = "map the attribute again to take it back, or take it away in the app";
        Notice::of_app(NoticeKind::LeftInApp, text, Some(hint.to_owned()))
    };
    people.into_iter().map(notice).collect()
}

fn kept(kept: &[UserId]) -> Option<Notice> {
    (!kept.is_empty()).then(|| {
        let text = format!(
            "{} active although nothing here asks for it: {}",
            count(kept.len(), "account stays", "accounts stay"),
            names(kept)
        );
        let hint = Some("`users.deprovision: keep` says so".to_owned());
        Notice::of_app(NoticeKind::Advice, text, hint)
    })
}

fn not_on_yet(invited: &[UserId]) -> Option<Notice> {
    (!invited.is_empty()).then(|| {
        let text = format!(
            "{} created and not on yet, as where people are invited: {}",
            count(invited.len(), "account was", "accounts were"),
            names(invited)
        );
        let hint = "`--enable USER` turns one on if it is not an invitation that is open".to_owned();
        Notice::of_app(NoticeKind::Advice, text, Some(hint))
    })
}

/// A listing that did not show everything, and whom that concerns.
fn short(cx: &Context, decided: &Decision) -> Vec<Notice> {
    let short = &cx.differ.short;
    let hint =
        || Some("plan again; if it stays so, `rolecall check` reads the listings and says more".to_owned());
    let mut notices = Vec::new();
    for (what, why) in [("accounts", &short.users), ("groups", &short.groups)] {
        if let Some(why) = why {
            let text = format!(
                "the listing of {what} did not show all of them: {why}; nothing is concluded from what is missing"
            );
            notices.push(Notice::of_app(NoticeKind::ShortListing, text, hint()));
        }
    }
    if !decided.unlisted.is_empty() {
        let text = format!(
            "{} not listed, and nothing changes for their people: {}",
            count(decided.unlisted.len(), "linked account was", "linked accounts were"),
            names(&decided.unlisted)
        );
        notices.push(Notice::of_app(NoticeKind::ShortListing, text, None));
    }
    if !decided.waiting.is_empty() {
        let text = format!(
            "{} not created, because the listing may have left accounts of theirs out: {}",
            count(decided.waiting.len(), "account is", "accounts are"),
            names(&decided.waiting)
        );
        notices.push(Notice::of_app(NoticeKind::ShortListing, text, None));
    }
    notices
}

/// Accounts of which the app does not say whether they are active.
fn activity_not_shown(cx: &Context) -> Option<Notice> {
    let linked = cx.links().numbers().filter_map(|link| cx.seen(link)).map(|seen| &seen.activity);
    let unlinked = cx.differ.seen.unlinked.values().map(|row| &row.activity);
    let unread = linked
        .chain(unlinked)
        .filter(|activity| matches!(cx.differ.seen.shown.activity(activity), Activity::Unread(_)));
    let unread = unread.count();
    (unread > 0).then(|| {
        let text = format!(
            "the app does not say of {} whether it is active: what rolecall did last counts, and such an account is adopted only below `links:`",
            count(unread, "account", "accounts")
        );
        Notice::of_app(NoticeKind::Advice, text, None)
    })
}

fn not_entitled(cx: &Context) -> Option<Notice> {
    let skipped: Vec<_> = cx.input.desired.not_entitled().map(|user| cx.user_id(user)).collect();
    (!skipped.is_empty()).then(|| {
        let text = format!(
            "{} assigned without a role (Default Access): {}",
            count(skipped.len(), "person", "people"),
            names(skipped)
        );
        let hint = Some("assign a role, or set `default_access: provision`".to_owned());
        Notice::of_app(NoticeKind::NotEntitled, text, hint)
    })
}

/// Entries of people, groups and roles that no commit proves, with the command that names one: once for each reason
/// (safety.md 1).
fn unproved(cx: &Context, unproved: &[(String, Object)]) -> Vec<Notice> {
    let mut entries: BTreeMap<&str, BTreeSet<String>> = BTreeMap::new();
    for (why, object) in unproved {
        entries.entry(why).or_default().insert(object.name());
    }
    let notice = |(why, names): (&str, BTreeSet<String>)| {
        let names: Vec<String> = names.into_iter().collect();
        let entries = if names.len() == 1 { "entry" } else { "entries" };
        let text = format!("no commit proves the ledger's {entries} of {}: {why}", first_ten(&names));
        let reprove = command::reprove(&cx.input.desired.app.id);
        let hint = format!(
            "if what the ledger says is right, {reprove} names a commit that proves it; if no commit of this history does, take the access away in the app"
        );
        Notice::of_app(NoticeKind::LinkConflict, text, Some(hint))
    };
    entries.into_iter().map(notice).collect()
}

/// Entries of the app's own `protect` that protect nothing. An account that a short listing does not show may be there.
fn unmet_protection(cx: &Context) -> Vec<Notice> {
    if cx.differ.short.users.is_some() {
        return Vec::new();
    }
    let notice = unprotected::unmet_here(cx).map(|entry| Notice {
        kind: NoticeKind::Advice,
        subject: None,
        text: format!("`protect` names {}, which is no account of this app", entry.text),
        hint: Some("correct the entry, or take it out".to_owned()),
        place: cx.input.files.place(entry.span),
    });
    notice.collect()
}

fn names<'i>(ids: impl IntoIterator<Item = &'i UserId>) -> String {
    first_ten(&ids.into_iter().map(UserId::to_string).collect::<Vec<_>>())
}
