//! One look-up by a value, and what the app answers to a filter.

use std::ops::ControlFlow;
use std::sync::Arc;

use crate::catalog;
use crate::connector::error::{ConnectorError, ErrorKind};
use crate::model::path::quoted;
use crate::model::remote::{ListRequest, Walk};
use crate::model::seen::Seen;
use crate::model::{Kind, Path, Remote, Value};

use super::session::Session;
use super::walk::{self, Sink};
use super::{decode, extract};

/// One look-up.
pub(super) struct LookUp<'a> {
    pub kind: Kind,
    pub attribute: &'a Path,
    pub value: &'a Value,
    pub schema: Option<catalog::AttributeSchema>,
    /// With the attribute as the last path.
    pub request: ListRequest,
}

impl<'a> LookUp<'a> {
    pub(super) fn new(session: &Session, want: &ListRequest, attribute: &'a Path, value: &'a Value) -> Self {
        let schema = session.schemas.of(want.kind, attribute);
        Self { kind: want.kind, attribute, value, schema, request: with_path(want, attribute) }
    }

    /// Compares again what the app found. One of several values is enough.
    pub(super) fn is_match(&self, remote: &Remote) -> bool {
        let Some(Seen::Is(actual)) = remote.attributes.last() else {
            return false;
        };
        let wanted = catalog::match_key(self.schema.as_ref(), self.value);
        wanted.is_some_and(|wanted| self.keys(actual).any(|key| key == wanted))
    }

    pub(super) fn keys<'v>(&self, value: &'v Value) -> impl Iterator<Item = Value> + use<'v> {
        let schema = self.schema;
        let several = match value {
            Value::List(items) => items.as_slice(),
            single => std::slice::from_ref(single),
        };
        several.iter().filter_map(move |value| catalog::match_key(schema.as_ref(), value))
    }

    /// RFC 7644 section 3.4.2.2: names as in the path, strings as in JSON.
    fn filter(&self) -> Option<String> {
        let value = match self.value {
            Value::Str(text) => quoted(text),
            Value::Bool(flag) => flag.to_string(),
            Value::Int(number) => number.to_string(),
            Value::Date(date) => quoted(&date.to_string()),
            Value::Null | Value::List(_) => return None,
        };
        let parts = self.attribute.parts();
        if parts.filter.is_empty() {
            return Some(format!("{} eq {value}", self.attribute));
        }
        let urn = parts.urn.as_ref().map(|urn| format!("{urn}:")).unwrap_or_default();
        let mut conditions: Vec<_> = parts.filter.iter().map(extract::condition_text).collect();
        let sub = parts.sub.as_deref().unwrap_or("value");
        conditions.push(format!("{sub} eq {value}"));
        Some(format!("{urn}{}[{}]", parts.attribute, conditions.join(" and ")))
    }
}

fn with_path(want: &ListRequest, attribute: &Path) -> ListRequest {
    ListRequest {
        kind: want.kind,
        paths: want.paths.iter().chain(std::iter::once(attribute)).cloned().collect(),
        members: want.members,
        holds: want.holds,
        roles: want.roles.clone(),
    }
}

/// What the app answers to a filter.
pub(super) enum Filtered {
    /// These objects, and all of them have the value.
    Found(Vec<Remote>),
    /// Also objects that do not have it: the filter is ignored.
    Others,
    /// Nothing that says who has it: why.
    Nothing(Arc<str>),
}

/// Asks with a filter.
pub(super) async fn filtered(session: &Session, look_up: &LookUp<'_>) -> Result<Filtered, ConnectorError> {
    let filter = match look_up.filter() {
        Some(filter) if session.capabilities.filter => filter,
        _ => return Ok(Filtered::Nothing("there is no filter for it".into())),
    };
    let mut found = Vec::new();
    let mut is_ignored = false;
    let mut each = |raw| {
        for remote in decode::page(session, &look_up.request, &raw)?.rows {
            if look_up.is_match(&remote) {
                found.push(remote);
            } else {
                is_ignored = true;
                return Ok(ControlFlow::Break(()));
            }
        }
        Ok(ControlFlow::Continue(()))
    };
    let walk = walk::pages(session, &look_up.request, Some(&filter), Sink::Each(&mut each)).await;
    match walk {
        _ if is_ignored => Ok(Filtered::Others),
        Ok(Walk::Complete(_)) => Ok(Filtered::Found(found)),
        Ok(Walk::Incomplete { why }) => Ok(Filtered::Nothing(why)),
        // The app refuses this filter, or any: 400 invalidFilter, 403, 404, 501 are all in use.
        Err(error) => match error.kind() {
            ErrorKind::Refused | ErrorKind::Forbidden | ErrorKind::NotFound | ErrorKind::NotTheProtocol => {
                Ok(Filtered::Nothing(error.to_string().into()))
            }
            _ => Err(error),
        },
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn filter(path: &str, value: &str) -> String {
        let attribute = Path::parse(path).unwrap();
        let look_up = LookUp {
            kind: Kind::User,
            attribute: &attribute,
            value: &Value::str(value),
            schema: None,
            request: ListRequest {
                kind: Kind::User,
                paths: [].into(),
                members: false,
                holds: false,
                roles: None,
            },
        };
        look_up.filter().unwrap()
    }

    #[test]
    fn values_cannot_leave_their_quotes() {
        assert_eq!(filter("userName", r#"a" or "1" eq "1"#), r#"userName eq "a\" or \"1\" eq \"1""#);
        assert_eq!(filter("userName", r"a\"), r#"userName eq "a\\""#);
        assert_eq!(
            filter(r#"emails[type eq "work"].value"#, "a@x"),
            r#"emails[type eq "work" and value eq "a@x"]"#
        );
    }
}
