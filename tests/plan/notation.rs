//! Reads the short notations of `world.rs`.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use rolecall::model::change::{ChangeKey, Facet, Object};
use rolecall::model::hash::HashKey;
use rolecall::model::ledger::{GroupKey, GroupLink, Hashes, Link, LinkState, Origin};
use rolecall::model::remote::{ListRequest, Members};
use rolecall::model::{Kind, Remote, UserId, Value};

use super::world::time;

/// The key of every ledger here.
pub fn key() -> HashKey {
    HashKey::new([7; 32])
}

/// An account or group of the app.
#[derive(Debug, Clone, PartialEq)]
pub struct Thing {
    pub kind: Kind,
    pub active: bool,
    pub values: BTreeMap<String, Value>,
    /// `None` if the app does not show them.
    pub members: Option<BTreeSet<String>>,
}

impl Thing {
    /// The object as a connector reads it.
    pub fn read(&self, id: &str, want: &ListRequest) -> Remote {
        let text = |name: &str| match self.values.get(name) {
            Some(Value::Str(text)) => Some(text.clone()),
            _ => None,
        };
        Remote {
            id: id.parse().unwrap(),
            kind: self.kind,
            active: Some(self.active),
            our_id: text("externalid"),
            name: text(if self.kind == Kind::User { "username" } else { "displayname" }),
            emails: text("email").into_iter().collect(),
            attributes: want
                .paths
                .iter()
                .map(|path| self.values.get(&**path.key()).cloned().unwrap_or_default().normalised())
                .collect(),
            members: match &self.members {
                Some(members) => Members::Complete(members.iter().map(|id| id.as_str().into()).collect()),
                None => Members::Unread,
            },
            version: None,
        }
    }
}

/// Splits a line into words; quotes keep words together.
fn words(line: &str) -> Vec<String> {
    let (mut words, mut quoted) = (vec![String::new()], false);
    for char in line.chars() {
        match char {
            '"' => quoted = !quoted,
            ' ' if !quoted => words.push(String::new()),
            _ => words.last_mut().unwrap().push(char),
        }
    }
    words.retain(|word| !word.is_empty());
    words
}

/// `name=value` words.
pub fn pairs(line: &str) -> Vec<(String, String)> {
    let pair = |word: String| word.split_once('=').map(|(name, value)| (name.to_owned(), value.to_owned()));
    words(line).into_iter().filter_map(pair).collect()
}

fn value(text: &str) -> Value {
    match text.strip_prefix('[').and_then(|text| text.strip_suffix(']')) {
        Some(items) => {
            Value::List(items.split(',').filter(|item| !item.is_empty()).map(Value::str).collect())
        }
        None => Value::str(text),
    }
}

pub fn account(line: &str) -> (String, Thing) {
    let words = words(line);
    let values = pairs(line).into_iter().map(|(name, text)| (name.to_lowercase(), value(&text)));
    let thing = Thing {
        kind: Kind::User,
        active: !words.iter().any(|word| word == "inactive"),
        values: values.collect(),
        members: None,
    };
    (words[0].clone(), thing)
}

pub fn group(line: &str) -> (String, Thing) {
    let (head, members) = line.split_once(':').unwrap_or((line, ""));
    let (id, name) = head.split_once(' ').expect("an id and a name");
    let members = members.trim();
    let thing = Thing {
        kind: Kind::Group,
        active: true,
        values: BTreeMap::from([("displayname".to_owned(), Value::str(name.trim_matches('"')))]),
        members: (members != "?").then(|| words(members).into_iter().collect()),
    };
    (id.to_owned(), thing)
}

pub fn link(line: &str) -> (UserId, Link) {
    let words = words(line);
    let mut link = Link {
        remote: words[1].parse().unwrap(),
        origin: Origin::Created,
        state: LinkState::Active,
        commit: None,
        life: None,
        lapsed: None,
        roles: BTreeSet::new(),
        values: Default::default(),
    };
    for word in &words[2..] {
        match word.split_once('=') {
            None if word == "adopted" => link.origin = Origin::Adopted,
            Some(("disabled", day)) => link.state = LinkState::Disabled { since: time(day) },
            Some(("gone", day)) => link.state = LinkState::Gone { since: time(day) },
            Some(("roles", list)) => {
                let list = list.trim_matches(['[', ']']);
                link.roles = list.split(',').map(|role| role.parse().unwrap()).collect();
            }
            Some((path, text)) => {
                let path: Arc<str> = path.to_lowercase().into();
                let (asked, kept) = text.split_once("/kept:").unwrap_or((text, text));
                let hash = |text: &str| key().value(&path, &value(text));
                let hashes = Hashes { asked: hash(asked), kept: hash(kept), at: time("2026-06-01") };
                link.values.insert(path, hashes);
            }
            None => panic!("{word}?"),
        }
    }
    (words[0].parse().unwrap(), link)
}

pub fn group_link(line: &str) -> (GroupKey, GroupLink) {
    let (head, members) = line.rsplit_once(':').expect("a colon before the members");
    let (object, remote) = head.split_once(' ').expect("a key and an id");
    let object = match object.split_once(':') {
        Some(("group", id)) => Object::Group(id.parse().unwrap()),
        Some(("role", id)) => Object::Role(id.parse().unwrap()),
        _ => panic!("{object}?"),
    };
    let members = words(members);
    let link = GroupLink {
        remote: remote.parse().unwrap(),
        origin: Origin::Created,
        commit: None,
        members: members.iter().map(|id| id.trim_start_matches('+').parse().unwrap()).collect(),
        added: members.iter().filter_map(|id| id.strip_prefix('+')).map(|id| id.parse().unwrap()).collect(),
        values: Default::default(),
    };
    (GroupKey::of(&object).unwrap(), link)
}

pub fn life_key(id: &str) -> ChangeKey {
    ChangeKey { app: "hr".into(), object: Object::User(id.parse().unwrap()), facet: Facet::Life }
}
