//! Objects that an app has in other upper and lower case than we write: it stores names in a case of its own, and the document
//! does not say so.

use std::ops::ControlFlow;

use serde_json::Value as Json;

use crate::catalog::rest::{Attribute, Special};
use crate::connector::error::shown;
use crate::model::folded::folded;
use crate::model::remote::ListRequest;
use crate::model::{Kind, Path, Remote, Value};

use super::decode::{self, In};
use super::session::Session;
use super::walk::{self, Sink};

/// An object that equals one of these values but for upper and lower case, and what to write, in words.
pub(super) async fn other(session: &Session, want: &ListRequest, values: &[(Path, Value)]) -> Option<String> {
    let kind = want.kind;
    let objects = session.objects(kind).ok()?;
    let names = [Special::Login, Special::Name, Special::Email];
    let told_apart = |attribute: &&Attribute| {
        !attribute.ignores_case && attribute.is.is_some_and(|is| names.contains(&is))
    };
    let sent = values.iter().filter_map(|(path, value)| {
        let attribute = decode::attribute(objects, path).filter(told_apart)?;
        let text = value.as_str()?;
        Some((attribute, text, folded(text)))
    });
    let sent: Vec<_> = sent.collect();
    let list = walk::of_objects(session, kind).ok().filter(|_| !sent.is_empty())?;
    let mut found = None;
    let mut each = |row: &Json| {
        let tables = session.tables.read();
        let other = sent.iter().find_map(|(attribute, text, folded_text)| {
            let shown = decode::value(attribute, row, In::List, &tables).shown()?.to_string();
            (shown != *text && folded(&shown) == *folded_text).then_some((*attribute, *text, shown))
        });
        match other {
            Some(other) => {
                found = Some(other);
                ControlFlow::Break(())
            }
            None => ControlFlow::Continue(()),
        }
    };
    let _stands = session.roll(kind).stands().await;
    // What is there is there, also in a list that is short.
    _ = walk::pages(session, &list, Sink::Each(&mut each)).await;
    let (attribute, text, shown) = found?;
    Some(told(attribute, text, &shown))
}

/// The same of an object that was found by another value.
pub(super) fn of_name(session: &Session, values: &[(Path, Value)], remote: &Remote) -> Option<String> {
    let is = match remote.kind {
        Kind::User => Special::Login,
        Kind::Group => Special::Name,
    };
    let objects = session.objects(remote.kind).ok()?;
    let attribute = decode::special(objects, is).filter(|attribute| !attribute.ignores_case)?;
    let text = values.iter().find(|(path, _)| decode::is_of(attribute, path))?.1.as_str()?;
    let shown = remote.name.as_deref()?;
    (shown != text && folded(shown) == folded(text)).then(|| told(attribute, text, shown))
}

fn told(attribute: &Attribute, text: &str, seen: &str) -> String {
    format!(
        "the app shows `{}` for `{}`: write `case: ignore` at the attribute `{}` of the connector",
        shown(seen),
        shown(text),
        attribute.name
    )
}
