//! Who has a value that the app refuses, because it may occur once only.

use std::ops::ControlFlow;
use std::sync::Arc;

use crate::catalog::Uniqueness;
use crate::connector::error::shown;
use crate::model::folded::folded;
use crate::model::ledger::GroupKey;
use crate::model::remote::ListRequest;
use crate::model::{Kind, Path, Remote, RemoteId, Value};

use super::session::Session;
use super::walk::{self, Sink};
use super::{decode, find};

/// What to do where no object with one of the values is found.
pub(super) const NOT_FOUND: &str =
    "something in the app has one of these values, and look-ups by them find nothing: look for it there";

/// An object that has a value.
pub(super) struct Holder {
    path: Path,
    pub remote: Remote,
}

impl Holder {
    /// The hint of an error; `key` is what `links:` calls the group that is to be created.
    pub(super) fn told(&self, kind: Kind, key: Option<&GroupKey>) -> String {
        let (id, path) = (&self.remote.id, &self.path);
        let name = self.remote.name.as_deref().map(|name| format!(" ({})", shown(name))).unwrap_or_default();
        let word = match kind {
            Kind::User => "account",
            Kind::Group => "group",
        };
        let told = format!("{word} {id}{name} has this {path}");
        match key {
            Some(_) => format!("{told}: {}; if not, change one of the two values", by_hand(key, id)),
            None => format!("{told}: change one of the two values"),
        }
    }
}

/// How to say that a group of the app is the one that is meant.
pub(super) fn by_hand(key: Option<&GroupKey>, group: &RemoteId) -> String {
    let key = key.map_or_else(|| "group:ID".to_owned(), ToString::to_string);
    format!("if it is this group, name it below `links:` of the app: `{key}: \"{group}\"`")
}

/// True for what tells objects apart: the name, our id, addresses, and what the app or the standard calls unique.
pub(super) fn may_be_unique(session: &Session, kind: Kind, path: &Path) -> bool {
    let schema = session.schemas.own.of(kind).refined(path, session.schemas.of(kind, path));
    let is_unique = schema.is_some_and(|schema| schema.uniqueness != Uniqueness::None);
    let name = match kind {
        Kind::User => "username",
        Kind::Group => "displayname",
    };
    is_unique || [name, "externalid", "emails"].contains(&&*path.whole())
}

/// The first object that has one of these values.
pub(super) async fn by<'v>(
    session: &Session,
    want: &ListRequest,
    values: impl Iterator<Item = &'v (Path, Value)>,
) -> Option<Holder> {
    for (path, value) in values {
        session.index.forget(want.kind, path).await;
        if let Ok(found) = find::find(session, want, path, value).await
            && let Some(remote) = found.into_iter().next()
        {
            return Some(Holder { path: path.clone(), remote });
        }
    }
    None
}

/// The one group whose name ends in this one.
pub(super) async fn ending_in(session: &Session, name: &str) -> Option<(Arc<str>, RemoteId)> {
    let request =
        ListRequest { kind: Kind::Group, paths: [].into(), members: false, holds: false, roles: None };
    let wanted = folded(name);
    let mut found: Vec<(Arc<str>, RemoteId)> = Vec::new();
    let mut each = |raw| {
        for remote in decode::page(session, &request, &raw)?.rows {
            let name = remote.name.filter(|name| folded(name).ends_with(&wanted));
            found.extend(name.map(|name| (name, remote.id)));
        }
        Ok(ControlFlow::Continue(()))
    };
    walk::pages(session, &request, None, Sink::Each(&mut each)).await.ok()?;
    match found.as_slice() {
        [one] => Some(one.clone()),
        _ => None,
    }
}
