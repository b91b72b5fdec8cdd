//! Attributes that no row of a whole list shows, although the connector's document says that rows have them: the place may be wrong,
//! and then a value would be sent once and believed for ever (safety.md 22).

use super::context::Context;
use crate::catalog::rest::{Attribute, Special};
use crate::model::{Path, UserNo, Want};
use crate::plan::notice::{Notice, NoticeKind};

pub(super) fn notices(cx: &Context) -> Vec<Notice> {
    let Some(document) = &cx.input.desired.definition.document else { return Vec::new() };
    let linked: Vec<UserNo> = linked(cx);
    if linked.is_empty() || cx.differ.short.users.is_some() {
        return Vec::new();
    }
    let missed = cx.differ.user_paths.iter().zip(&cx.differ.seen.shown.attributes);
    let missed = missed.filter(|(_, shows)| **shows == 0).filter_map(|(path, _)| {
        let name = &path.parts().attribute;
        let mut attributes = document.users.attributes.iter();
        let attribute = attributes.find(|attribute| attribute.name.eq_ignore_ascii_case(name))?;
        let is_declared = attribute.secret || document.not_shown.attributes.contains_key(&attribute.name);
        (!is_declared && is_wanted(cx, path, &linked)).then(|| notice(cx, attribute)).flatten()
    });
    missed.collect()
}

/// People whose account is listed.
fn linked(cx: &Context) -> Vec<UserNo> {
    let links = cx.links().numbers().filter(|link| cx.seen(*link).is_some());
    links.filter_map(|link| cx.row(link).number).collect()
}

/// Somebody who has an account is to have a value there: what nobody has may be left out.
fn is_wanted(cx: &Context, path: &Path, linked: &[UserNo]) -> bool {
    let has_value = |user: &UserNo| {
        let attributes = cx.differ.attributes(*user).unwrap_or_default();
        let attribute = attributes.into_iter().find(|attribute| attribute.path == *path);
        attribute.is_some_and(|attribute| match &attribute.want {
            Want::Is(value) => !value.is_unassigned(),
            Want::Ref(_) => true,
            Want::Clear | Want::Keep => false,
        })
    };
    linked.iter().any(has_value)
}

fn notice(cx: &Context, attribute: &Attribute) -> Option<Notice> {
    let place = attribute.at.list.as_ref()?;
    let text = format!(
        "no row of the list of {} accounts has {} (at `{place}`): what rolecall sends there is not seen, and cannot be compared",
        cx.differ.seen.accounts, attribute.name
    );
    let hint = match attribute.is {
        Some(Special::Login | Special::Email | Special::Name) => {
            "correct its place in the connector, or say with `at: {one: …}` or `not_shown` that lists do not show it"
        }
        Some(Special::Ours) | None => {
            "correct its place in the connector, or say with `at: {one: …}` or `not_shown` that lists do not show it; if the app leaves out what is empty, all is well once an account has a value"
        }
    };
    Some(Notice::of_app(NoticeKind::Advice, text, Some(hint.to_owned())))
}
