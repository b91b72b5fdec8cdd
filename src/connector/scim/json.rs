//! Reading JSON from outside: names without regard to case (RFC 7643 section 2.1), and lists of which only wanted
//! parts are built.

use std::fmt;
use std::sync::Arc;

use serde::de::{DeserializeSeed, Deserializer, Error, IgnoredAny, MapAccess, SeqAccess, Visitor};
use serde_json::{Map, Value as Json};

pub(super) use crate::connector::http::get;

/// The app's spelling of a name.
pub(super) fn spelling<'m>(map: &'m Map<String, Json>, name: &str) -> Option<&'m str> {
    map.get_key_value(name)
        .or_else(|| map.iter().find(|(key, _)| key.eq_ignore_ascii_case(name)))
        .map(|(key, _)| key.as_str())
}

/// A ListResponse (RFC 7644 section 3.4.2).
#[derive(Debug, Default)]
pub(super) struct List<R> {
    /// `totalResults`.
    pub total: Option<u64>,
    /// `nextCursor` (RFC 9865), where it is not empty.
    pub cursor: Option<String>,
    /// `Resources`.
    pub rows: Vec<R>,
    /// True if there was anything that makes it a ListResponse.
    pub is_list: bool,
}

/// Reads a ListResponse whose rows are read by `S`.
pub(super) fn list<S>(body: &[u8], row: S) -> serde_json::Result<List<S::Out>>
where
    S: Seed + Copy,
{
    let mut deserializer = serde_json::Deserializer::from_slice(body);
    let list = deserializer.deserialize_map(ListVisitor(row))?;
    deserializer.end()?;
    Ok(list)
}

/// Reads one row. A `DeserializeSeed` that is not bound to the lifetime of the text.
pub(super) trait Seed {
    /// What a row becomes.
    type Out;
    /// Reads it.
    fn read<'de, D: Deserializer<'de>>(self, deserializer: D) -> Result<Self::Out, D::Error>;
}

/// A [`Seed`] as serde wants it.
pub(super) struct As<S>(pub S);

impl<'de, S: Seed> DeserializeSeed<'de> for As<S> {
    type Value = S::Out;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<S::Out, D::Error> {
        self.0.read(deserializer)
    }
}

struct ListVisitor<S>(S);

const NAMES: [&str; 3] = ["totalResults", "Resources", "nextCursor"];

impl<'de, S: Seed + Copy> Visitor<'de> for ListVisitor<S> {
    type Value = List<S::Out>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a SCIM ListResponse")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Self::Value, A::Error> {
        let mut list = List { total: None, cursor: None, rows: Vec::new(), is_list: false };
        while let Some(name) = map.next_key_seed(As(OneOf(&NAMES)))? {
            match name {
                Some(0) => {
                    list.total = number(&map.next_value::<Json>()?);
                    list.is_list |= list.total.is_some();
                }
                Some(1) => {
                    list.rows = map.next_value_seed(As(Rows(self.0)))?;
                    list.is_list = true;
                }
                Some(2) => {
                    let cursor = map.next_value::<Json>()?;
                    list.cursor = cursor.as_str().filter(|text| !text.is_empty()).map(str::to_owned);
                }
                _ => {
                    map.next_value::<IgnoredAny>()?;
                }
            }
        }
        Ok(list)
    }
}

/// A count, also as text.
fn number(json: &Json) -> Option<u64> {
    match json {
        Json::Number(number) => number.as_u64(),
        Json::String(text) => text.trim().parse().ok(),
        _ => None,
    }
}

/// A list of rows; null is none.
struct Rows<S>(S);

impl<S: Seed + Copy> Seed for Rows<S> {
    type Out = Vec<S::Out>;

    fn read<'de, D: Deserializer<'de>>(self, deserializer: D) -> Result<Self::Out, D::Error> {
        deserializer.deserialize_any(self)
    }
}

impl<'de, S: Seed + Copy> Visitor<'de> for Rows<S> {
    type Value = Vec<S::Out>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a list")
    }

    fn visit_unit<E: Error>(self) -> Result<Self::Value, E> {
        Ok(Vec::new())
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut seq: A) -> Result<Self::Value, A::Error> {
        let mut rows = Vec::new();
        while let Some(row) = seq.next_element_seed(As(self.0))? {
            rows.push(row);
        }
        Ok(rows)
    }
}

/// Which of some names a key is, without regard to case.
#[derive(Clone, Copy)]
pub(super) struct OneOf<'n>(pub &'n [&'n str]);

impl Seed for OneOf<'_> {
    type Out = Option<usize>;

    fn read<'de, D: Deserializer<'de>>(self, deserializer: D) -> Result<Self::Out, D::Error> {
        deserializer.deserialize_str(self)
    }
}

impl Visitor<'_> for OneOf<'_> {
    type Value = Option<usize>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a name")
    }

    fn visit_str<E: Error>(self, key: &str) -> Result<Self::Value, E> {
        Ok(self.0.iter().position(|name| name.eq_ignore_ascii_case(key)))
    }
}

/// The `id` of a row: text, or a number from apps that send their database key. Anything else, and a row that is no
/// object, has none: one odd row must not hide the others.
#[derive(Clone, Copy)]
pub(super) struct TextOf(pub &'static str);

impl Seed for TextOf {
    type Out = Option<Arc<str>>;

    fn read<'de, D: Deserializer<'de>>(self, deserializer: D) -> Result<Self::Out, D::Error> {
        deserializer.deserialize_any(Inside(self.0))
    }
}

/// Text inside an object.
struct Inside(&'static str);

impl<'de> Visitor<'de> for Inside {
    type Value = Option<Arc<str>>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an object")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Self::Value, A::Error> {
        let mut found = None;
        while let Some(name) = map.next_key_seed(As(OneOf(&[self.0])))? {
            if name.is_some() && found.is_none() {
                found = map.next_value_seed(As(Text))?;
            } else {
                map.next_value::<IgnoredAny>()?;
            }
        }
        Ok(found)
    }

    fn visit_seq<A: SeqAccess<'de>>(self, seq: A) -> Result<Self::Value, A::Error> {
        skipped(seq)
    }

    fn visit_str<E: Error>(self, _: &str) -> Result<Self::Value, E> {
        Ok(None)
    }

    fn visit_bool<E: Error>(self, _: bool) -> Result<Self::Value, E> {
        Ok(None)
    }

    fn visit_i64<E: Error>(self, _: i64) -> Result<Self::Value, E> {
        Ok(None)
    }

    fn visit_u64<E: Error>(self, _: u64) -> Result<Self::Value, E> {
        Ok(None)
    }

    fn visit_f64<E: Error>(self, _: f64) -> Result<Self::Value, E> {
        Ok(None)
    }

    fn visit_unit<E: Error>(self) -> Result<Self::Value, E> {
        Ok(None)
    }
}

/// Text or a whole number; nothing in place of anything else, and of empty text.
#[derive(Clone, Copy)]
pub(super) struct Text;

impl Seed for Text {
    type Out = Option<Arc<str>>;

    fn read<'de, D: Deserializer<'de>>(self, deserializer: D) -> Result<Self::Out, D::Error> {
        deserializer.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for Text {
    type Value = Option<Arc<str>>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("text")
    }

    fn visit_str<E: Error>(self, text: &str) -> Result<Self::Value, E> {
        Ok((!text.is_empty()).then(|| text.into()))
    }

    fn visit_u64<E: Error>(self, number: u64) -> Result<Self::Value, E> {
        Ok(Some(number.to_string().into()))
    }

    fn visit_i64<E: Error>(self, number: i64) -> Result<Self::Value, E> {
        Ok(Some(number.to_string().into()))
    }

    fn visit_f64<E: Error>(self, _: f64) -> Result<Self::Value, E> {
        Ok(None)
    }

    fn visit_bool<E: Error>(self, _: bool) -> Result<Self::Value, E> {
        Ok(None)
    }

    fn visit_unit<E: Error>(self) -> Result<Self::Value, E> {
        Ok(None)
    }

    fn visit_seq<A: SeqAccess<'de>>(self, seq: A) -> Result<Self::Value, A::Error> {
        skipped(seq)
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Self::Value, A::Error> {
        while map.next_entry::<IgnoredAny, IgnoredAny>()?.is_some() {}
        Ok(None)
    }
}

fn skipped<'de, A: SeqAccess<'de>>(mut seq: A) -> Result<Option<Arc<str>>, A::Error> {
    while seq.next_element::<IgnoredAny>()?.is_some() {}
    Ok(None)
}

/// An id or other opaque text; empty text is none.
pub(super) fn text(json: &Json) -> Option<Arc<str>> {
    match json {
        Json::String(text) if !text.is_empty() => Some(text.as_str().into()),
        Json::Number(number) => Some(number.to_string().into()),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn ids(body: &str) -> serde_json::Result<List<Option<Arc<str>>>> {
        list(body.as_bytes(), TextOf("id"))
    }

    #[test]
    fn a_list_is_read_whatever_its_case_and_order() {
        let list =
            ids(r#"{"schemas":[],"resources":[{"ID":"a","x":{"id":"z"}},{"id":7},{}],"TotalResults":"3"}"#)
                .unwrap();
        assert_eq!(list.total, Some(3));
        assert_eq!(list.rows, [Some("a".into()), Some("7".into()), None]);
        assert!(list.is_list && list.cursor.is_none());
    }

    #[test]
    fn what_is_no_list_is_told_apart() {
        assert!(!ids(r#"{"error":"x"}"#).unwrap().is_list);
        assert!(ids(r#"{"totalResults":0}"#).unwrap().is_list);
        assert!(ids(r#"{"totalResults":0,"Resources":null}"#).unwrap().rows.is_empty());
        assert!(ids(r#"{"nextCursor":"x"}"#).unwrap().cursor.is_some());
        for bad in ["[]", "<html>", "", r#"{"Resources":[{"id":"a"}"#, r#"{"Resources":{}}"#, "{} {}"] {
            assert!(ids(bad).is_err(), "{bad}");
        }
        assert!(ids(r#"{"Resources":[{"id":"a"}"#).unwrap_err().is_eof());
    }

    #[test]
    fn an_odd_row_has_no_id_and_hides_no_other() {
        for odd in
            ["null", "true", "1", "1.5", "\"a\"", "[]", "[[{}]]", "{}", r#"{"id":null}"#, r#"{"id":{"x":1}}"#]
        {
            let body = format!(r#"{{"Resources":[{{"id":"a"}},{odd},{{"id":"b"}}]}}"#);
            assert_eq!(ids(&body).unwrap().rows, [Some("a".into()), None, Some("b".into())], "{odd}");
        }
    }

    #[test]
    fn names_are_found_without_case_and_exactly_first() {
        let json: Json = serde_json::from_str(r#"{"USERNAME":1,"userName":2}"#).unwrap();
        let map = json.as_object().unwrap();
        assert_eq!(get(map, "userName"), Some(&Json::from(2)));
        assert!(get(map, "username").is_some());
        assert_eq!(spelling(map, "userName"), Some("userName"));
    }
}
