//! Objects that an app has in other upper and lower case than we write: it stores names in a case of its own, and the document
//! does not say so.

use std::ops::ControlFlow;

use serde_json::Value as Json;

use crate::catalog::rest::{Attribute, Special};
use crate::model::folded::folded;
use crate::model::remote::ListRequest;
use crate::model::{Path, Value};

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
            (shown != *text && folded(&shown) == *folded_text).then(|| (*attribute, *text, shown))
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
    let name = &attribute.name;
    Some(format!(
        "the app shows `{}` for `{}`: write `case: ignore` at the attribute `{name}` of the connector",
        crate::connector::error::shown(&shown),
        crate::connector::error::shown(text)
    ))
}
