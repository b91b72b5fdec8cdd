//! What an account has already: its roles, entitlements and groups.

use serde_json::{Map, Value as Json};

use crate::catalog::OwnSchema;
use crate::catalog::scim::HELD;
use crate::connector::error::shown;
use crate::model::Path;
use crate::model::remote::{Held, HeldKind};
use crate::model::seen::{Seen, Unread};

use super::json::{self, get};

/// What an account has. An empty list shows that it has nothing; a list that is left out shows nothing.
pub(super) fn of(object: &Map<String, Json>) -> Seen<Vec<Held>> {
    let mut is_shown = false;
    let mut all: Vec<Held> = Vec::new();
    for (attribute, what) in HELD {
        let entries = match get(object, attribute) {
            Some(Json::Array(entries)) => entries.as_slice(),
            Some(Json::Null) | None => continue,
            Some(single) => std::slice::from_ref(single),
        };
        is_shown = true;
        let is_empty = |entry: &&Json| entry.is_null() || entry.as_object().is_some_and(Map::is_empty);
        all.extend(entries.iter().filter(|entry| !is_empty(entry)).map(|entry| held(what, entry)));
    }
    match is_shown {
        false => Seen::Unread(Unread::LeftOut),
        true if all.is_empty() => Seen::None,
        true => Seen::Is(all),
    }
}

/// True if a place is left out that the app's schema may have: the account itself may show more than this.
pub(super) fn are_left_out(own: &OwnSchema, object: &Map<String, Json>) -> bool {
    let is_left_out =
        |name: &str| !own.lacks(&Path::top(name)) && get(object, name).is_none_or(Json::is_null);
    HELD.iter().any(|(attribute, _)| is_left_out(attribute))
}

/// An entry in a form that is not understood is shown as it came: it is not nothing.
fn held(what: HeldKind, entry: &Json) -> Held {
    let part = |name: &str| entry.as_object().and_then(|map| get(map, name)).and_then(json::text);
    let (name, id) = match what {
        HeldKind::Group => (part("display"), part("value")),
        HeldKind::Role | HeldKind::Entitlement => (part("value").or_else(|| part("display")), None),
    };
    let name = name.or_else(|| id.clone()).or_else(|| json::text(entry));
    Held { what, name: name.unwrap_or_else(|| shown(&entry.to_string()).into()), id }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn held(account: Json) -> Seen<Vec<String>> {
        match of(account.as_object().unwrap()) {
            Seen::Is(all) => Seen::Is(all.iter().map(ToString::to_string).collect()),
            Seen::None => Seen::None,
            Seen::Unread(why) => Seen::Unread(why),
        }
    }

    #[test]
    fn what_an_account_has_is_seen_or_seen_to_be_none_or_unread() {
        assert_eq!(held(json!({"id": "1"})), Seen::Unread(Unread::LeftOut));
        assert_eq!(held(json!({"roles": null})), Seen::Unread(Unread::LeftOut));
        assert_eq!(held(json!({"roles": []})), Seen::None);
        let all = json!({
            "Roles": [{"value": "7", "display": "Admin"}, "ROOT", {"display": "Reader"}],
            "entitlements": {"value": "Billing"},
            "groups": [{"value": "g1", "display": "Owners"}, {"value": "g2"}],
        });
        let words = ["role 7", "role ROOT", "role Reader", "entitlement Billing", "group Owners", "group g2"];
        assert_eq!(held(all), Seen::Is(words.map(str::to_owned).to_vec()));
    }

    #[test]
    fn an_entry_that_is_not_understood_is_not_nothing() {
        let odd = json!({"roles": [{"$ref": "Roles/7"}, true, null, {}]});
        assert_eq!(
            held(odd),
            Seen::Is(vec![r#"role {"$ref":"Roles/7"}"#.to_owned(), "role true".to_owned()])
        );
    }

    #[test]
    fn a_group_keeps_its_id_beside_its_name() {
        let account = json!({"groups": [{"value": "g1", "display": "Owners"}]});
        let Seen::Is(all) = of(account.as_object().unwrap()) else { panic!("unread") };
        assert_eq!((&*all[0].name, all[0].id.as_deref()), ("Owners", Some("g1")));
    }
}
