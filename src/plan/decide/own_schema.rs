//! What the app's own schema says of the mapping: attributes that it does not know, or that only the app writes, and those that
//! a new object needs and that no mapping gives (safety.md 22).

use std::collections::BTreeMap;

use super::context::Context;
use super::decision::Decision;
use crate::catalog::Meaning;
use crate::model::{Kind, Path};
use crate::plan::notice::{Notice, NoticeKind};
use crate::plan::reading::own_attributes::{NotSent, not_sent};

pub(super) fn notices(cx: &Context, decided: &Decision) -> Vec<Notice> {
    let mut notices = Vec::new();
    for kind in [Kind::User, Kind::Group] {
        let mapped = mapped(cx, kind);
        notices.extend(left_out(cx, kind, &mapped));
        let is_new = match kind {
            Kind::User => !decided.new_accounts.is_empty(),
            Kind::Group => !decided.group_attributes.is_empty(),
        };
        notices.extend(missing(cx, kind, &mapped).filter(|_| is_new));
    }
    notices
}

/// The paths of a mapping, and what each means.
fn mapped(cx: &Context, kind: Kind) -> Vec<(Path, Meaning)> {
    let paths = cx.differ.request(kind).paths;
    let schema = cx.input.desired.definition.schema(kind);
    paths.iter().map(|path| (path.clone(), schema.meaning(path))).collect()
}

fn left_out(cx: &Context, kind: Kind, mapped: &[(Path, Meaning)]) -> Vec<Notice> {
    let mut by_why: BTreeMap<(NotSent, bool), Vec<String>> = BTreeMap::new();
    for (path, meaning) in mapped {
        if let Some(why) = not_sent(cx.input.schemas.of(kind), path, *meaning) {
            by_why.entry((why, is_standard(cx, kind, path))).or_default().push(path.to_string());
        }
    }
    let notice = |((why, is_standard), paths): ((NotSent, bool), Vec<String>)| {
        let (what, paths) = (of(kind), paths.join(", "));
        match why {
            NotSent::Unknown if is_standard => {
                let text = format!(
                    "this app's own schema of {what} has no {paths}: it is left out of the standard mapping"
                );
                Notice::of_app(NoticeKind::Advice, text, None)
            }
            NotSent::Unknown => {
                let text = format!("this app's own schema of {what} has no {paths}: it is not sent");
                let hint = "take it out of the mapping, or put its path right".to_owned();
                Notice::of_app(NoticeKind::NotPossible, text, Some(hint))
            }
            NotSent::ReadOnly => {
                let text = format!("this app's own schema of {what} calls {paths} read-only: it is not sent");
                let hint =
                    "it stays as the app has it; take it out of the mapping to be rid of this".to_owned();
                Notice::of_app(NoticeKind::Advice, text, Some(hint))
            }
        }
    };
    by_why.into_iter().map(notice).collect()
}

/// Attributes that a new object needs and that no mapping gives. Status and members are no attributes of a mapping.
fn missing(cx: &Context, kind: Kind, mapped: &[(Path, Meaning)]) -> Option<Notice> {
    let own = cx.input.schemas.of(kind);
    let is_given = |key: &str| {
        let by = |path: &Path| {
            let whole = path.whole();
            let sub = path.parts().sub.as_deref().unwrap_or("value").to_lowercase();
            key == &*whole || key == format!("{whole}.{sub}")
        };
        mapped.iter().any(|(path, _)| by(path))
    };
    let missing: Vec<&str> =
        own.required().filter(|key| !is_given(key)).map(|key| own.spelled(key)).collect();
    (!missing.is_empty()).then(|| {
        let text = format!(
            "this app's own schema says that {} need {}, which no mapping gives: the app may refuse new ones",
            of(kind),
            missing.join(", ")
        );
        Notice::of_app(
            NoticeKind::Advice,
            text,
            Some("map it, with a default if not all have a value".to_owned()),
        )
    })
}

/// True for an attribute that no file of the tree maps: the mapping comes with the program.
fn is_standard(cx: &Context, kind: Kind, path: &Path) -> bool {
    let span = match kind {
        Kind::User => {
            let attributes = cx.input.desired.mapping.map_or(&[][..], |mapping| &mapping.attributes);
            attributes.iter().find(|attribute| attribute.path == *path).map(|attribute| attribute.span)
        }
        Kind::Group => {
            let mut attributes = cx.differ.groups.iter().flat_map(|group| group.attributes.iter().flatten());
            attributes.find(|attribute| attribute.path == *path).map(|attribute| attribute.span)
        }
    };
    let place = span.and_then(|span| cx.input.files.place(span));
    place.is_some_and(|place| place.file.starts_with("built-in/"))
}

fn of(kind: Kind) -> &'static str {
    match kind {
        Kind::User => "accounts",
        Kind::Group => "groups",
    }
}
