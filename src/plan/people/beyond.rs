//! What people keep beyond the files, because `protect` or `links: {…: ignore}` leaves their accounts alone (safety.md 15):
//! nothing is taken, and the plan says so.

use std::collections::BTreeMap;

use crate::model::change::Object;
use crate::model::words::{count, first_ten};
use crate::model::{RemoteId, RoleNo, UserId, UserNo};
use crate::plan::decide::context::Context;
use crate::plan::decide::decision::{Beyond, Decision};
use crate::plan::notice::{Notice, NoticeKind};
use crate::plan::reading::links::LinkNo;
use crate::plan::role_values;
use crate::resolve::{self, Life, Standing};

/// So many people stand one by one.
const ONE_BY_ONE: usize = 3;

/// A person keeps this, whose account is left alone and on.
pub(crate) fn keeps(cx: &Context, user: UserNo, what: Object, is_power: bool) -> Decision {
    let is_on = cx.links().of_user(user).is_some_and(|link| cx.is_on(link));
    let beyond = (is_on && has_place(cx, user)).then_some(Beyond { user, what, is_power });
    Decision { beyond: beyond.into_iter().collect(), ..Decision::default() }
}

/// A person has what gives power without being declared to, where `members: add` leaves it. An account that is off has nothing.
pub(crate) fn has_power(cx: &Context, what: Object, id: &UserId) -> Decision {
    let is_on = cx.links().of_id(id).is_none_or(|link| cx.is_on(link));
    let one = is_on.then(|| (what, id.to_string()));
    Decision { undeclared_power: one.into_iter().collect(), ..Decision::default() }
}

/// The login of an account of nobody that a group names, or else the name there.
pub(crate) fn account_name(cx: &Context, member: &str) -> String {
    let row = member.parse().ok().and_then(|remote: RemoteId| cx.differ.seen.unlinked.get(&remote));
    row.and_then(|row| row.name.as_deref()).unwrap_or(member).to_owned()
}

/// One line for each role and group of which people have power that no line gives them: another hand gave it (safety.md 13).
pub(crate) fn undeclared_power(cx: &Context, all: &[(Object, String)]) -> Vec<Notice> {
    let mut people: BTreeMap<&Object, Vec<String>> = BTreeMap::new();
    for (what, name) in all {
        people.entry(what).or_default().push(name.clone());
    }
    let (why, hint) = match cx.input.capabilities.members_mixed {
        true => (
            "because the app shows people of groups inside as members",
            "declare it, or take it away in the app by hand",
        ),
        false => (
            "by `members: add`",
            "declare it, take it away in the app by hand, or set `groups.members: linked`",
        ),
    };
    let notice = |(what, mut names): (&Object, Vec<String>)| {
        names.sort();
        names.dedup();
        let text = format!(
            "{} this access, and {why} it is taken only from people to whom rolecall gave it: {}",
            count(names.len(), "account has", "accounts have"),
            first_ten(&names)
        );
        let place = match what {
            Object::Role(role) => cx
                .input
                .desired
                .app
                .role(role.as_str())
                .and_then(|role| cx.input.files.place(cx.input.desired.app.roles[role.index()].span)),
            Object::Group(_) | Object::User(_) | Object::Account(_) => None,
        };
        Notice { place, ..Notice::of_group(NoticeKind::UndeclaredPower, what, text, Some(hint)) }
    };
    people.into_iter().map(notice).collect()
}

/// True for a person who may have an account: of anybody else, the whole account is access that stays.
fn has_place(cx: &Context, user: UserNo) -> bool {
    match cx.input.desired.standing(user) {
        Standing::In => true,
        Standing::Ignored => {
            let resolved = cx.input.resolved;
            matches!(resolve::life(resolved.company, user, resolved.at), Life::Active)
        }
        Standing::Suspended | Standing::Out(_) | Standing::Unknown(_) => false,
    }
}

/// Roles that are values of the account, and that its person is not declared to have.
pub(super) fn values(cx: &Context, user: UserNo, link: LinkNo) -> Decision {
    let desired = cx.input.desired;
    let findings = cx.seen(link).and_then(|seen| seen.findings.as_deref());
    let Some(roles) = findings.and_then(|findings| findings.roles.as_deref()) else {
        return Decision::default();
    };
    let wanted: Vec<_> = role_values::wanted(desired, user, roles.attribute.roles).collect();
    let beyond = roles.held.iter().filter(|role| {
        !wanted.contains(role) && !desired.is_left_out_of(**role, user) && !is_unknown(cx, **role, user)
    });
    let kept = beyond.map(|role| {
        let id = &desired.app.roles[role.index()].id;
        keeps(cx, user, Object::Role(id.clone()), cx.power.roles.contains(id))
    });
    kept.collect()
}

fn is_unknown(cx: &Context, role: RoleNo, user: UserNo) -> bool {
    cx.input.desired.roles[role.index()].unknown.contains(user.0)
}

/// A line for each person with power; the others in one line, if they are many.
pub(crate) fn notices(cx: &Context, beyond: &[Beyond]) -> Vec<Notice> {
    let mut people: BTreeMap<UserNo, Vec<&Beyond>> = BTreeMap::new();
    for one in beyond {
        people.entry(one.user).or_default().push(one);
    }
    let (power, plain): (Vec<_>, Vec<_>) =
        people.into_iter().partition(|(_, kept)| kept.iter().any(|one| one.is_power));
    let mut notices: Vec<Notice> =
        power.iter().map(|(user, kept)| of_person(cx, *user, kept, NoticeKind::StillHasAccess)).collect();
    if plain.len() <= ONE_BY_ONE {
        notices.extend(plain.iter().map(|(user, kept)| of_person(cx, *user, kept, NoticeKind::LeftInApp)));
        return notices;
    }
    let names: Vec<String> =
        plain.iter().map(|(user, kept)| format!("{} ({})", cx.user_id(*user), words(kept))).collect();
    let text = format!(
        "{} people keep what the files do not give them, because `protect` or `links:` leaves their accounts alone: {}",
        names.len(),
        first_ten(&names)
    );
    let hint = "declare it, or take it away in the app by hand".to_owned();
    notices.push(Notice::of_app(NoticeKind::LeftInApp, text, Some(hint)));
    notices
}

fn of_person(cx: &Context, user: UserNo, kept: &[&Beyond], kind: NoticeKind) -> Notice {
    let id = cx.user_id(user);
    let (because, out) = match cx.input.desired.standing(user) {
        Standing::Ignored => ("`links:` says ignore", format!("take {id} out of `links:`")),
        _ => ("`protect` names the account", "take it out of `protect:`".to_owned()),
    };
    let power = if kept.iter().any(|one| one.is_power) { ", which gives power," } else { "" };
    let text = format!("keeps {}{power} although the files do not give it: {because}", words(kept));
    let hint = format!("declare it, take it away in the app by hand, or {out}");
    cx.notice(kind, id, text, Some(&hint))
}

/// `role:admin, group:eng`.
fn words(kept: &[&Beyond]) -> String {
    let mut kept: Vec<String> = kept.iter().map(|one| one.what.to_string()).collect();
    kept.sort();
    kept.dedup();
    first_ten(&kept)
}
