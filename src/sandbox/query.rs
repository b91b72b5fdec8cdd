use std::collections::BTreeMap;

use axum::extract::Query as UrlQuery;
use axum::http::Uri;
use serde_json::Value;

use super::fault::{Fault, quote};
use super::filter::Filter;
use super::kind::Kind;
use super::projection::Projection;
use super::shape::field;
use super::target::Object;

const SEARCH: &str = "urn:ietf:params:scim:api:messages:2.0:SearchRequest";

/// The query parameters. Unknown ones are ignored (RFC 7644 section 3.4.2); known ones may be given once.
#[derive(Debug)]
pub(super) struct Query(BTreeMap<String, String>);

impl Query {
    pub(super) fn of(uri: &Uri) -> Result<Self, Fault> {
        let pairs = UrlQuery::<Vec<(String, String)>>::try_from_uri(uri)
            .map_err(|error| Fault::syntax(format!("the query is malformed: {error}")))?;
        let mut query = BTreeMap::new();
        for (name, value) in pairs.0 {
            if query.contains_key(&name) {
                return Err(Fault::value(format!("{} stands twice in the query", quote(&name))));
            }
            query.insert(name, value);
        }
        Ok(Self(query))
    }

    pub(super) fn get(&self, name: &str) -> Option<&str> {
        self.0.get(name).map(String::as_str)
    }

    pub(super) fn projection(&self, kind: Kind) -> Result<Projection, Fault> {
        let names = |name| -> Vec<String> {
            let list = self.get(name).unwrap_or_default();
            list.split(',').filter(|part| !part.trim().is_empty()).map(str::to_owned).collect()
        };
        Projection::new(kind, &names("attributes"), &names("excludedAttributes"))
    }
}

/// The request for a list: from a query (RFC 7644 section 3.4.2) or a search request (section 3.4.3).
#[derive(Debug)]
pub(super) struct ListRequest {
    pub filter: Option<Filter>,
    /// The first index is 1.
    pub start: usize,
    /// `None` if the server decides.
    pub count: Option<usize>,
    pub projection: Projection,
}

impl ListRequest {
    pub(super) fn from_query(kind: Kind, query: &Query) -> Result<Self, Fault> {
        let number = |name| {
            let parse = |text: &str| text.parse().map_err(|_| not_a_number(name));
            query.get(name).map(parse).transpose()
        };
        Ok(Self {
            filter: query.get("filter").map(|text| Filter::parse(kind, text)).transpose()?,
            start: start(number("startIndex")?),
            count: count(number("count")?),
            projection: query.projection(kind)?,
        })
    }

    pub(super) fn from_body(kind: Kind, body: &Object) -> Result<Self, Fault> {
        let named = field(body, "schemas").and_then(Value::as_array);
        let is_search = |urn: &Value| urn.as_str().is_some_and(|urn| urn.eq_ignore_ascii_case(SEARCH));
        if !named.is_some_and(|urns| urns.iter().any(is_search)) {
            return Err(Fault::syntax(format!("`schemas` must be [{SEARCH:?}]")));
        }
        let given = |name| field(body, name).filter(|value| !value.is_null());
        let number = |name| given(name).map(|v| v.as_i64().ok_or_else(|| not_a_number(name))).transpose();
        let names = |name| given(name).map_or(Ok(Vec::new()), |value| strings(name, value));
        let filter = match given("filter") {
            None => None,
            Some(Value::String(text)) => Some(Filter::parse(kind, text)?),
            Some(_) => return Err(Fault::filter("`filter` must be a string")),
        };
        Ok(Self {
            filter,
            start: start(number("startIndex")?),
            count: count(number("count")?),
            projection: Projection::new(kind, &names("attributes")?, &names("excludedAttributes")?)?,
        })
    }
}

fn strings(name: &str, value: &Value) -> Result<Vec<String>, Fault> {
    let wrong = || Fault::value(format!("`{name}` must be an array of strings"));
    let values = value.as_array().ok_or_else(wrong)?;
    values.iter().map(|value| value.as_str().map(str::to_owned).ok_or_else(wrong)).collect()
}

/// Less than 1 means 1 (RFC 7644 section 3.4.2.4).
fn start(given: Option<i64>) -> usize {
    usize::try_from(given.unwrap_or(1)).unwrap_or(1).max(1)
}

/// Negative means 0 (RFC 7644 section 3.4.2.4).
fn count(given: Option<i64>) -> Option<usize> {
    given.map(|number| usize::try_from(number).unwrap_or(0))
}

fn not_a_number(name: &str) -> Fault {
    Fault::value(format!("`{name}` must be a whole number"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn from_query(text: &str) -> Result<ListRequest, String> {
        let uri: Uri = format!("/Users?{text}").parse().expect("a URI");
        let list = Query::of(&uri).and_then(|query| ListRequest::from_query(Kind::User, &query));
        list.map_err(|fault| fault.detail)
    }

    #[test]
    fn paging_numbers_are_put_right() {
        let page = |text| from_query(text).map(|list| (list.start, list.count));
        assert_eq!(page(""), Ok((1, None)));
        assert_eq!(page("startIndex=0&count=-5&unknown=x"), Ok((1, Some(0))));
        assert_eq!(page("startIndex=-3&count=10"), Ok((1, Some(10))));
        assert_eq!(page("count=ten"), Err("`count` must be a whole number".to_owned()));
        assert_eq!(page("count=1&count=2"), Err("\"count\" stands twice in the query".to_owned()));
    }

    #[test]
    fn a_search_request_says_the_same() {
        let from_body = |body: Value| {
            let list = ListRequest::from_body(Kind::User, body.as_object().expect("an object"));
            list.map(|list| (list.filter.is_some(), list.start, list.count)).map_err(|fault| fault.detail)
        };
        let body = json!({"schemas": [SEARCH], "filter": "title pr", "startIndex": 5, "count": 2, "attributes": ["id"]});
        assert_eq!(from_body(body), Ok((true, 5, Some(2))));
        assert_eq!(from_body(json!({"schemas": [SEARCH]})), Ok((false, 1, None)));
        assert!(from_body(json!({})).is_err());
        assert!(from_body(json!({"schemas": [SEARCH], "filter": 1})).is_err());
        assert!(from_body(json!({"schemas": [SEARCH], "attributes": "id"})).is_err());
    }
}
