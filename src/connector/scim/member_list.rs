//! The members of a group as an answer shows them. A list is read whole or not at all: members that are left out, or
//! stand there in a form that is not understood, are unread, never none (safety.md 22).

use std::fmt;
use std::sync::Arc;

use serde::de::{DeserializeSeed, Deserializer, Error, IgnoredAny, MapAccess, SeqAccess, Visitor};
use serde_json::{Map, Value as Json};

use crate::model::Kind;
use crate::model::remote::{Member, Members};
use crate::model::seen::Unread;

use super::json::{As, OneOf, Seed, Text, get};

/// The members of a group that was read whole.
pub(super) fn of(object: &Map<String, Json>) -> Members {
    match get(object, "members") {
        None => Members::Unread(Unread::LeftOut),
        Some(json) => As(ReadMembers).deserialize(json).unwrap_or_else(|error| odd(&error.to_string())),
    }
}

/// The number of entries in the list of a group that was read whole, repeats included.
pub(super) fn entries(object: &Map<String, Json>) -> usize {
    match get(object, "members") {
        Some(Json::Array(entries)) => entries.len(),
        Some(Json::Null) | None => 0,
        Some(_) => 1,
    }
}

/// The value of `members` (RFC 7643 section 4.2): null is none, and one object is a list of one.
#[derive(Clone, Copy)]
pub(super) struct ReadMembers;

impl Seed for ReadMembers {
    type Out = Members;

    fn read<'de, D: Deserializer<'de>>(self, deserializer: D) -> Result<Self::Out, D::Error> {
        deserializer.deserialize_any(self)
    }
}

fn odd(what: &str) -> Members {
    Members::Unread(Unread::Form(what.into()))
}

fn shown(mut members: Vec<Member>) -> Members {
    members.sort_unstable();
    members.dedup_by(|a, b| a.name == b.name);
    Members::Shown(members)
}

impl<'de> Visitor<'de> for ReadMembers {
    type Value = Members;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a list of members")
    }

    fn visit_unit<E: Error>(self) -> Result<Self::Value, E> {
        Ok(Members::Shown(Vec::new()))
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut seq: A) -> Result<Self::Value, A::Error> {
        let (mut members, mut trouble) = (Vec::new(), None);
        while let Some(entry) = seq.next_element_seed(As(Entry))? {
            match entry {
                Ok(member) => members.push(member),
                Err(what) => trouble = trouble.or(Some(what)),
            }
        }
        Ok(match trouble {
            None => shown(members),
            Some(what) => odd(&format!("{what} in the list of members")),
        })
    }

    fn visit_map<A: MapAccess<'de>>(self, map: A) -> Result<Self::Value, A::Error> {
        Ok(match Entry.visit_map(map)? {
            Ok(member) => shown(vec![member]),
            Err(what) => odd(&format!("{what} in place of the members")),
        })
    }

    fn visit_str<E: Error>(self, _: &str) -> Result<Self::Value, E> {
        Ok(odd("a text in place of the members"))
    }

    fn visit_bool<E: Error>(self, _: bool) -> Result<Self::Value, E> {
        Ok(odd("true or false in place of the members"))
    }

    fn visit_i64<E: Error>(self, _: i64) -> Result<Self::Value, E> {
        Ok(odd("a number in place of the members"))
    }

    fn visit_u64<E: Error>(self, _: u64) -> Result<Self::Value, E> {
        Ok(odd("a number in place of the members"))
    }

    fn visit_f64<E: Error>(self, _: f64) -> Result<Self::Value, E> {
        Ok(odd("a number in place of the members"))
    }
}

/// One entry: an object with a `value`, or the value itself. The error says what else stands there.
struct Entry;

type Read = Result<Member, &'static str>;

impl Seed for Entry {
    type Out = Read;

    fn read<'de, D: Deserializer<'de>>(self, deserializer: D) -> Result<Self::Out, D::Error> {
        deserializer.deserialize_any(self)
    }
}

fn plain(name: Option<Arc<str>>) -> Read {
    name.map(|name| Member { name, kind: None }).ok_or("an empty text")
}

impl<'de> Visitor<'de> for Entry {
    type Value = Read;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a member")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Self::Value, A::Error> {
        let (mut name, mut kind) = (None, None);
        while let Some(key) = map.next_key_seed(As(OneOf(&["value", "type", "$ref"])))? {
            match key {
                Some(0) => name = name.or(map.next_value_seed(As(Text))?),
                Some(1) => kind = map.next_value_seed(As(KindOf { is_address: false }))?.or(kind),
                Some(2) => kind = kind.or(map.next_value_seed(As(KindOf { is_address: true }))?),
                _ => _ = map.next_value::<IgnoredAny>()?,
            }
        }
        Ok(name.map(|name| Member { name, kind }).ok_or("an entry without a value"))
    }

    fn visit_str<E: Error>(self, text: &str) -> Result<Self::Value, E> {
        Ok(plain((!text.is_empty()).then(|| text.into())))
    }

    fn visit_u64<E: Error>(self, number: u64) -> Result<Self::Value, E> {
        Ok(plain(Some(number.to_string().into())))
    }

    fn visit_i64<E: Error>(self, number: i64) -> Result<Self::Value, E> {
        Ok(plain(Some(number.to_string().into())))
    }

    fn visit_f64<E: Error>(self, _: f64) -> Result<Self::Value, E> {
        Ok(Err("a number with a fraction"))
    }

    fn visit_bool<E: Error>(self, _: bool) -> Result<Self::Value, E> {
        Ok(Err("true or false"))
    }

    fn visit_unit<E: Error>(self) -> Result<Self::Value, E> {
        Ok(Err("null"))
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut seq: A) -> Result<Self::Value, A::Error> {
        while seq.next_element::<IgnoredAny>()?.is_some() {}
        Ok(Err("a list"))
    }
}

/// The kind of a member, from its `type` or from the address of the object. Anything else tells nothing.
struct KindOf {
    is_address: bool,
}

impl Seed for KindOf {
    type Out = Option<Kind>;

    fn read<'de, D: Deserializer<'de>>(self, deserializer: D) -> Result<Self::Out, D::Error> {
        deserializer.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for KindOf {
    type Value = Option<Kind>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a type or an address")
    }

    fn visit_str<E: Error>(self, text: &str) -> Result<Self::Value, E> {
        let is = |name: &str, collection: &str| match self.is_address {
            false => text.eq_ignore_ascii_case(name),
            true => text.rsplit('/').nth(1).is_some_and(|part| part.eq_ignore_ascii_case(collection)),
        };
        Ok(match () {
            () if is("group", "groups") => Some(Kind::Group),
            () if is("user", "users") => Some(Kind::User),
            () => None,
        })
    }

    fn visit_unit<E: Error>(self) -> Result<Self::Value, E> {
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

    fn visit_seq<A: SeqAccess<'de>>(self, mut seq: A) -> Result<Self::Value, A::Error> {
        while seq.next_element::<IgnoredAny>()?.is_some() {}
        Ok(None)
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Self::Value, A::Error> {
        while map.next_entry::<IgnoredAny, IgnoredAny>()?.is_some() {}
        Ok(None)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn members(json: Json) -> Members {
        of(json.as_object().unwrap())
    }

    fn names(json: Json) -> Vec<(String, Option<Kind>)> {
        match members(json) {
            Members::Shown(members) => {
                members.into_iter().map(|member| (member.name.to_string(), member.kind)).collect()
            }
            other => panic!("{other:?}"),
        }
    }

    #[test]
    fn members_are_read_in_the_forms_that_apps_use() {
        let of = |name: &str, kind| (name.to_owned(), kind);
        assert_eq!(
            names(json!({"Members": [{"VALUE": "b"}, {"value": "a", "type": "user"}, {"value": "b"}]})),
            [of("a", Some(Kind::User)), of("b", None)]
        );
        assert_eq!(names(json!({"members": ["b", 7]})), [of("7", None), of("b", None)]);
        assert_eq!(names(json!({"members": {"value": "a"}})), [of("a", None)]);
        assert_eq!(
            names(json!({"members": [{"value": "g", "$ref": "https://a.example/v2/Groups/g"}]})),
            [of("g", Some(Kind::Group))]
        );
        for none in [json!({"members": []}), json!({"members": null})] {
            assert_eq!(names(none), []);
        }
    }

    #[test]
    fn what_is_left_out_or_not_understood_is_unread() {
        assert_eq!(members(json!({"id": "g"})), Members::Unread(Unread::LeftOut));
        let odd = [
            json!("none"),
            json!(3),
            json!(true),
            json!({}),
            json!({"display": "Ada"}),
            json!([{"value": "a"}, {"display": "Bob"}]),
            json!(["a", null]),
            json!([["a"]]),
            json!([{"value": {"id": "a"}}]),
            json!([""]),
        ];
        for members_of in odd {
            let read = members(json!({ "members": members_of.clone() }));
            assert!(matches!(read, Members::Unread(Unread::Form(_))), "{members_of}: {read:?}");
        }
    }
}
