//! What a write did to an attribute beside what was wanted: entries of it that vanished, were doubled or changed.
//!
//! Some apps take a PATCH of one entry for the whole list, or add where they were to replace. The plan names single entries,
//! so it cannot see that; only the attribute as a whole, before and after, tells.

use std::sync::Arc;

use serde_json::{Map, Value as Json};

use crate::model::folded::folded;
use crate::model::op::SideEffect;
use crate::model::words::count;

use super::extract;
use super::json::get;
use super::overlay;
use super::set::Set;

/// Sub-attributes that an app makes from others (RFC 7643 sections 2.4 and 4.1.1).
const DERIVED: [&str; 5] = ["formatted", "display", "displayName", "$ref", "primary"];

/// True if one of the attributes is a list with entries that are to stay, so that there is something to lose.
pub(super) fn may_be(before: &Map<String, Json>, sets: &[Set<'_>]) -> bool {
    let mut expected = before.clone();
    for set in sets {
        overlay::put(&mut expected, set);
    }
    sets.iter().any(|set| match extract::whole(before, set.path) {
        Some(Json::Array(there)) => {
            let stay: Vec<Key> = entries(extract::whole(&expected, set.path)).iter().map(Key::of).collect();
            there.iter().any(|entry| !set.is_single && stay.contains(&Key::of(entry)))
        }
        _ => false,
    })
}

/// What happened beside the wanted values, for each attribute as a whole.
pub(super) fn of(
    before: &Map<String, Json>,
    after: &Map<String, Json>,
    sets: &[Set<'_>],
    remedy: Option<&'static str>,
) -> Vec<SideEffect> {
    let mut expected = before.clone();
    for set in sets {
        overlay::put(&mut expected, set);
    }
    let mut effects: Vec<SideEffect> = Vec::new();
    for set in sets {
        let attribute = set.path.whole();
        if effects.iter().any(|known| known.attribute == attribute) {
            continue;
        }
        let whole = |object| extract::whole(object, set.path);
        let of_same = |other: &&Set<'_>| other.path.whole() == attribute;
        let same: Vec<&Set<'_>> = sets.iter().filter(of_same).collect();
        let told = match (whole(before), whole(&expected), whole(after)) {
            (Some(Json::Array(before)), expected, after) => {
                lists(before, entries(expected), entries(after), &same)
            }
            (None, Some(Json::Array(expected)), after) => lists(&[], expected, entries(after), &same),
            (Some(Json::Object(before)), Some(Json::Object(expected)), Some(Json::Object(after))) => {
                parts(before, expected, after)
            }
            _ => None,
        };
        let name = set.path.spelled_whole();
        effects.extend(told.map(|told| said(attribute, &name, &told, remedy)));
    }
    effects
}

/// What happened to an attribute, and the setting that avoids it.
fn said(attribute: Arc<str>, name: &str, told: &str, remedy: Option<&str>) -> SideEffect {
    let remedy = remedy.map(|remedy| format!("; {remedy}")).unwrap_or_default();
    SideEffect { attribute, text: format!("{name}: {told}{remedy}").into() }
}

/// `1 entry beside the wanted one vanished`.
fn beside(what: String, of: &str, happened: &str) -> String {
    format!("{what} beside the wanted {of} {happened}")
}

fn entries(json: Option<&Json>) -> &[Json] {
    match json {
        Some(Json::Array(entries)) => entries,
        Some(single) if !single.is_null() => std::slice::from_ref(single),
        _ => &[],
    }
}

/// Of a list: entries that were there and were to stay, and are not there any more; and wanted ones that are there twice.
fn lists(before: &[Json], expected: &[Json], after: &[Json], sets: &[&Set<'_>]) -> Option<String> {
    // An app that keeps one entry, whatever its type, loses the others each time.
    if sets.iter().any(|set| set.is_single) {
        return None;
    }
    let number = |list: &[Json], key: &Key| list.iter().filter(|entry| Key::of(entry) == *key).count();
    let mut gone: Vec<&Json> = Vec::new();
    for entry in before {
        let key = Key::of(entry);
        let stays = number(before, &key).min(number(expected, &key));
        let told = gone.iter().filter(|told| Key::of(told) == key).count();
        if number(after, &key) + told < stays {
            gone.push(entry);
        }
    }
    let new = |entry: &&Json| {
        let key = Key::of(entry);
        number(before, &key) == 0 && number(expected, &key) == 0
    };
    let changed_to: Vec<String> = after.iter().filter(new).map(kind).collect();
    let (changed, vanished): (Vec<&Json>, Vec<&Json>) =
        gone.into_iter().partition(|entry| changed_to.contains(&kind(entry)));
    let mut told = Vec::new();
    if !vanished.is_empty() {
        let number = count(vanished.len(), "entry", "entries");
        told.push(beside(number, "one", "vanished") + &kinds(&vanished));
    }
    if !changed.is_empty() {
        let number = count(changed.len(), "entry", "entries");
        told.push(beside(number, "one", "changed") + &kinds(&changed));
    }
    told.extend(doubled(before, expected, after, sets));
    (!told.is_empty()).then(|| told.join(", "))
}

/// Entries that a set names and of which there are more than before, or two of one value.
fn doubled(before: &[Json], expected: &[Json], after: &[Json], sets: &[&Set<'_>]) -> Option<String> {
    let filtered = sets.iter().filter(|set| !set.path.parts().filter.is_empty());
    for set in filtered {
        let is_meant = |entry: &&Json| extract::picks(&set.path.parts().filter, entry);
        let number = |list: &[Json]| list.iter().filter(is_meant).count();
        let there = number(after);
        if there > 1 && there > number(before).max(number(expected)) {
            let meant: Vec<&Json> = after.iter().filter(is_meant).take(1).collect();
            return Some(format!("there are {there} entries where one was wanted{}", kinds(&meant)));
        }
    }
    let number = |list: &[Json], key: &Key| list.iter().filter(|entry| Key::of(entry) == *key).count();
    let twice = after.iter().find(|entry| {
        let key = Key::of(entry);
        let there = number(after, &key);
        there > 1 && there > number(before, &key).max(number(expected, &key))
    })?;
    Some(format!("one entry is there twice{}", kinds(&[twice])))
}

/// Of an attribute with parts: those that were there and were to stay as they are.
fn parts(
    before: &Map<String, Json>,
    expected: &Map<String, Json>,
    after: &Map<String, Json>,
) -> Option<String> {
    let is_own = |name: &str| !DERIVED.iter().any(|derived| derived.eq_ignore_ascii_case(name));
    let stays = before.iter().filter(|(name, value)| {
        is_own(name) && !value.is_null() && get(expected, name).is_some_and(|wanted| wanted == *value)
    });
    let mut told = Vec::new();
    for (name, value) in stays {
        match get(after, name) {
            None | Some(Json::Null) => told.push(format!("{name} vanished")),
            Some(shown) if canonical(shown) != canonical(value) => told.push(format!("{name} changed")),
            Some(_) => {}
        }
    }
    (!told.is_empty()).then(|| told.join(", "))
}

/// What an entry is known by: its type and value, in one spelling.
#[derive(PartialEq, Eq)]
struct Key(String, Vec<(String, String)>);

impl Key {
    fn of(entry: &Json) -> Self {
        let Json::Object(map) = entry else {
            return Self(String::new(), vec![("value".to_owned(), canonical(entry))]);
        };
        let parts = match get(map, "value") {
            Some(value) => vec![("value".to_owned(), canonical(value))],
            None => {
                let own = map.iter().filter(|(name, value)| {
                    !value.is_null() && !DERIVED.iter().any(|derived| derived.eq_ignore_ascii_case(name))
                });
                let mut parts: Vec<_> = own.map(|(name, value)| (folded(name), canonical(value))).collect();
                parts.sort();
                parts
            }
        };
        Self(kind(entry), parts)
    }
}

/// The type of an entry, if it has one.
fn kind(entry: &Json) -> String {
    let of = entry.as_object().and_then(|map| get(map, "type")).and_then(Json::as_str);
    folded(of.unwrap_or_default())
}

/// ` (type home)`; no values, because they may be sensitive.
fn kinds(entries: &[&Json]) -> String {
    let mut kinds: Vec<String> =
        entries.iter().map(|entry| kind(entry)).filter(|kind| !kind.is_empty()).collect();
    kinds.sort();
    kinds.dedup();
    let shown: Vec<_> = kinds.iter().map(|kind| crate::connector::error::shown(kind)).collect();
    if shown.is_empty() { String::new() } else { format!(" (type {})", shown.join(", ")) }
}

fn canonical(json: &Json) -> String {
    match json {
        Json::String(text) => folded(text.trim()),
        Json::Array(list) => {
            let mut all: Vec<_> = list.iter().map(canonical).collect();
            all.sort();
            all.join("\n")
        }
        other => other.to_string(),
    }
}

/// Members beside the wanted ones of whom a write of members made something else.
pub(super) struct Members {
    pub vanished: usize,
    /// Nobody asked for them.
    pub came: usize,
    /// Entries of members who stand in the list already.
    pub doubled: usize,
}

impl Members {
    /// As a side effect, if there is one.
    pub(super) fn told(&self, remedy: Option<&'static str>) -> Option<SideEffect> {
        let members = |number: usize| count(number, "member", "members");
        let mut told = Vec::new();
        if self.vanished > 0 {
            told.push(beside(members(self.vanished), "ones", "vanished"));
        }
        if self.came > 0 {
            told.push(beside(members(self.came), "ones", "came"));
        }
        if self.doubled > 0 {
            told.push(format!("{} more than once in the list", stand(self.doubled)));
        }
        (!told.is_empty()).then(|| said("members".into(), "members", &told.join(", "), remedy))
    }
}

fn stand(number: usize) -> String {
    format!("{} {}", count(number, "member", "members"), if number == 1 { "stands" } else { "stand" })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::catalog::scim;
    use crate::model::{Path, Value};
    use serde_json::json;

    const WORK: &str = r#"emails[type eq "work"].value"#;

    fn told(before: Json, after: Json, path: &str, value: impl Into<Value>) -> Vec<String> {
        let (path, value) = (Path::parse(path).unwrap(), value.into());
        let schema = scim::definition().users.attribute(&path);
        let set = Set { path: &path, value: &value, schema, is_single: false };
        let (before, after) = (before.as_object().unwrap(), after.as_object().unwrap());
        of(before, after, &[set], None).into_iter().map(|effect| effect.text.to_string()).collect()
    }

    fn emails(list: &[(&str, &str)]) -> Json {
        let entry = |(kind, value): &(&str, &str)| json!({"type": kind, "value": value});
        json!({"emails": list.iter().map(entry).collect::<Vec<_>>()})
    }

    #[test]
    fn entries_beside_the_wanted_one_are_missed() {
        let before = || emails(&[("work", "a@old"), ("home", "h@x")]);
        let nothing: [String; 0] = [];
        assert_eq!(told(before(), emails(&[("work", "a@new"), ("home", "H@x")]), WORK, "a@new"), nothing);
        assert_eq!(
            told(before(), emails(&[("work", "a@new")]), WORK, "a@new"),
            ["emails: 1 entry beside the wanted one vanished (type home)"]
        );
        assert_eq!(
            told(before(), emails(&[("work", "a@new"), ("home", "other@x")]), WORK, "a@new"),
            ["emails: 1 entry beside the wanted one changed (type home)"]
        );
        assert_eq!(
            told(before(), emails(&[("work", "a@old"), ("work", "a@new"), ("home", "h@x")]), WORK, "a@new"),
            ["emails: there are 2 entries where one was wanted (type work)"]
        );
        assert_eq!(
            told(before(), emails(&[("work", "a@new"), ("home", "h@x"), ("home", "h@x")]), WORK, "a@new"),
            ["emails: one entry is there twice (type home)"]
        );
        assert_eq!(
            told(before(), json!({}), WORK, "a@new"),
            ["emails: 1 entry beside the wanted one vanished (type home)"]
        );
        // The wanted value itself is another question.
        assert_eq!(told(before(), emails(&[("work", "a@old"), ("home", "h@x")]), WORK, "a@new"), nothing);
        assert_eq!(told(emails(&[("work", "a@old")]), json!({}), WORK, Value::Null), nothing);
    }

    #[test]
    fn parts_beside_the_wanted_one_are_missed() {
        let before = || json!({"name": {"givenName": "Ada", "familyName": "L", "formatted": "Ada L"}});
        let after = |name: Json| json!({ "name": name });
        let told = |name: Json| told(before(), after(name), "name.givenName", "Eve");
        let nothing: [String; 0] = [];
        assert_eq!(told(json!({"givenName": "Eve", "familyName": "L", "formatted": "Eve L"})), nothing);
        assert_eq!(told(json!({"givenName": "Eve"})), ["name: familyName vanished"]);
        assert_eq!(told(json!({"givenName": "Eve", "familyName": "M"})), ["name: familyName changed"]);
    }
}
