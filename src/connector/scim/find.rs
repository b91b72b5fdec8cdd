//! Objects are looked up by a value. Filters are a hint: some apps ignore them and answer with all objects, some answer
//! with none if they do not know the attribute. Every row is compared here again, and a filter that finds none is believed
//! only if the settings say so. In all other cases the whole list is read, once per run and attribute.

use std::ops::ControlFlow;

use crate::catalog;
use crate::connector::error::{ConnectorError, ErrorKind};
use crate::model::path::quoted;
use crate::model::remote::{ListRequest, Presence, Walk};
use crate::model::seen::Seen;
use crate::model::{Kind, Path, Remote, Value};

use super::session::Session;
use super::walk::{self, Sink};
use super::{decode, extract, get};
use crate::connector::steps::Holders;

/// Finds the objects whose attribute has the value.
///
/// # Errors
/// It cannot be said for certain who has it.
pub(super) async fn find(
    session: &Session,
    want: &ListRequest,
    attribute: &Path,
    value: &Value,
) -> Result<Vec<Remote>, ConnectorError> {
    let schema = session.schemas.of(want.kind, attribute);
    if catalog::match_key(schema.as_ref(), value).is_none() {
        return Ok(Vec::new());
    }
    let look_up = LookUp { kind: want.kind, attribute, value, schema, request: with_path(want, attribute) };
    let found = match by_filter(session, &look_up).await? {
        Some(found) => found,
        None => by_index(session, &look_up).await?,
    };
    let asked_for = |mut remote: Remote| {
        remote.attributes.truncate(want.paths.len());
        remote
    };
    Ok(found.into_iter().map(asked_for).collect())
}

/// Asks with a filter. `None` if the answer proves nothing.
async fn by_filter(session: &Session, look_up: &LookUp<'_>) -> Result<Option<Vec<Remote>>, ConnectorError> {
    let filter = match look_up.filter() {
        Some(filter) if session.capabilities.filter => filter,
        _ => return Ok(None),
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
        Ok(Walk::Complete(_)) if !is_ignored && (!found.is_empty() || session.settings.trust_empty) => {
            Ok(Some(found))
        }
        Ok(_) => Ok(None),
        // The app refuses this filter, or any: 400 invalidFilter, 403, 404, 501 are all in use.
        Err(error) => match error.kind() {
            ErrorKind::Refused | ErrorKind::Forbidden | ErrorKind::NotFound | ErrorKind::NotTheProtocol => {
                Ok(None)
            }
            _ => Err(error),
        },
    }
}

/// Asks the index, which is made from the whole list the first time; what it finds is read again.
async fn by_index(session: &Session, look_up: &LookUp<'_>) -> Result<Vec<Remote>, ConnectorError> {
    let wanted = catalog::match_key(look_up.schema.as_ref(), look_up.value);
    let read = scan(session, look_up);
    let ids = session.index.ids(look_up.kind, look_up.attribute, wanted, read).await?;
    let mut found = Vec::new();
    for id in ids {
        match get::presence(session, &look_up.request, &id).await? {
            Presence::Here(remote) if look_up.is_match(&remote) => found.push(*remote),
            Presence::Here(_) | Presence::Gone(_) => {}
            Presence::Unknown { why } => {
                return Err(session.http.error(ErrorKind::Incomplete, why.to_string()));
            }
        }
    }
    Ok(found)
}

/// Reads the whole list for the index.
async fn scan(session: &Session, look_up: &LookUp<'_>) -> Result<Holders, ConnectorError> {
    let request = ListRequest {
        kind: look_up.kind,
        paths: [look_up.attribute.clone()].into(),
        members: false,
        holds: false,
        roles: None,
    };
    let mut holders = Holders::new();
    let mut each = |raw| {
        for remote in decode::page(session, &request, &raw)?.rows {
            // One odd value must not stop every look-up; if it is the one that was wanted, the app refuses a second one.
            let shown = remote.attributes.first().and_then(Seen::shown);
            for key in shown.into_iter().flat_map(|value| look_up.keys(value)) {
                holders.entry(key).or_default().push(remote.id.clone());
            }
        }
        Ok(ControlFlow::Continue(()))
    };
    match walk::pages(session, &request, None, Sink::Each(&mut each)).await? {
        Walk::Complete(_) => Ok(holders),
        Walk::Incomplete { why } => {
            let what = format!("cannot look up a {} by {}: {why}", look_up.kind, look_up.attribute);
            Err(session.http.error(ErrorKind::Incomplete, what))
        }
    }
}

/// One look-up.
struct LookUp<'a> {
    kind: Kind,
    attribute: &'a Path,
    value: &'a Value,
    schema: Option<catalog::AttributeSchema>,
    /// With the attribute as the last path.
    request: ListRequest,
}

impl LookUp<'_> {
    /// Compares again what the app found. One of several values is enough.
    fn is_match(&self, remote: &Remote) -> bool {
        let Some(Seen::Is(actual)) = remote.attributes.last() else {
            return false;
        };
        let wanted = catalog::match_key(self.schema.as_ref(), self.value);
        wanted.is_some_and(|wanted| self.keys(actual).any(|key| key == wanted))
    }

    fn keys<'v>(&self, value: &'v Value) -> impl Iterator<Item = Value> + use<'v> {
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
