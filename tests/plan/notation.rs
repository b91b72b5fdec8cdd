//! Reads the short notations of `world.rs`.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use rolecall::model::change::{ChangeKey, Facet, Object};
use rolecall::model::hash::{HashKey, ShortHash};
use rolecall::model::ledger::{GroupKey, GroupLink, Hashes, Link, LinkState, Origin, Proof};
use rolecall::model::remote::{Held, HeldKind, ListRequest, Member, Members};
use rolecall::model::seen::{Activity, Seen, Unread};
use rolecall::model::{Created, Kind, Remote, UserId, Value};

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
    /// Why the app does not say whether it is active, if it does not.
    pub unsaid: Option<Unread>,
    pub values: BTreeMap<String, Value>,
    /// The attribute that listings leave out.
    pub hidden: Option<String>,
    /// `None` for an account.
    pub members: Option<BTreeSet<String>>,
    /// Why a listing does not show the members, if it does not.
    pub unlisted: Option<Unread>,
    /// Why the group itself does not show them either, if it does not.
    pub unread: Option<Unread>,
    /// People of groups inside are among the members.
    pub is_mixed: bool,
}

/// `NAME:left-out`, `NAME:odd`, `NAME:not-shown`; `?` for members that are never shown.
fn unread(word: &str, name: &str) -> Option<Unread> {
    if word == "?" && name == "members" {
        return Some(Unread::NotShown);
    }
    Some(match word.strip_prefix(name)?.strip_prefix(':')? {
        "left-out" => Unread::LeftOut,
        "odd" => Unread::Form("\"none\"".into()),
        "not-shown" => Unread::NotShown,
        other => panic!("{other}?"),
    })
}

impl Thing {
    /// An active object without values, and without members if it is a group.
    pub fn new(kind: Kind) -> Self {
        Self {
            kind,
            active: true,
            unsaid: None,
            values: BTreeMap::new(),
            hidden: None,
            members: (kind == Kind::Group).then(BTreeSet::new),
            unlisted: None,
            unread: None,
            is_mixed: false,
        }
    }

    /// The object as a connector reads it.
    pub fn read(&self, id: &str, want: &ListRequest) -> Remote {
        self.shown(id, want, self.unread.as_ref())
    }

    /// As a listing shows it.
    pub fn listed(&self, id: &str, want: &ListRequest) -> Remote {
        let shown = self.shown(id, want, self.unlisted.as_ref().or(self.unread.as_ref()));
        let (all, part) = (holds(self.values.get("listed")), holds(self.values.get("partly")));
        let holds_in_part = all.is_none();
        let holds = all.or(part).filter(|_| want.holds).unwrap_or(Seen::Unread(Unread::LeftOut));
        let mut shown = Remote { holds, holds_in_part, ..shown };
        for (path, value) in want.paths.iter().zip(&mut shown.attributes) {
            if self.hidden.as_deref() == Some(path.key()) {
                *value = Seen::Unread(Unread::LeftOut);
            }
        }
        shown
    }

    fn shown(&self, id: &str, want: &ListRequest, unread: Option<&Unread>) -> Remote {
        let text = |name: &str| match self.values.get(name) {
            Some(Value::Str(text)) if &**text != "?" => Some(text.clone()),
            _ => None,
        };
        let attribute = |name: &str| match self.values.get(name) {
            Some(Value::Str(text)) if &**text == "?" => Seen::Unread(Unread::Form("{}".into())),
            Some(Value::Str(text)) if &**text == "-" => Seen::Unread(Unread::LeftOut),
            value => Seen::read(value.cloned().unwrap_or_default().normalised()),
        };
        Remote {
            id: id.parse().unwrap(),
            kind: self.kind,
            activity: match &self.unsaid {
                Some(why) => Activity::Unread(why.clone()),
                None if self.active => Activity::On,
                None => Activity::Off,
            },
            our_id: text("externalid"),
            created: text("created").and_then(|text| Created::at(time(&text))),
            name: text(if self.kind == Kind::User { "username" } else { "displayname" }),
            emails: text("email").into_iter().collect(),
            full_names: text("name").into_iter().collect(),
            holds: holds(self.values.get("holds")).unwrap_or(Seen::None),
            holds_in_part: false,
            unlisted: false,
            attributes: want.paths.iter().map(|path| attribute(path.key())).collect(),
            members: match &self.members {
                Some(_) if unread.is_some() => Members::Unread(unread.cloned().unwrap()),
                Some(members) if self.is_mixed => {
                    Members::Mixed(members.iter().map(|id| member(id)).collect())
                }
                Some(members) => Members::Shown(members.iter().map(|id| member(id)).collect()),
                None => Members::Unread(Unread::NotAsked),
            },
            version: None,
        }
    }
}

/// What an account can do: `?` for not shown, `-` for nothing.
fn holds(value: Option<&Value>) -> Option<Seen<Vec<Held>>> {
    let Some(Value::Str(text)) = value else { return None };
    Some(match &**text {
        "?" => Seen::Unread(Unread::LeftOut),
        "odd" => Seen::Unread(Unread::Form("7".into())),
        "-" => Seen::None,
        text => Seen::Is(text.split('+').map(held).collect()),
    })
}

/// `role ADMIN`, `entitlement Billing`, `group Owners`, `group 7:Owners`.
fn held(text: &str) -> Held {
    let (what, name) = text.split_once(' ').expect("a kind and a name");
    let what = match what {
        "role" => HeldKind::Role,
        "entitlement" => HeldKind::Entitlement,
        "group" => HeldKind::Group,
        other => panic!("{other}?"),
    };
    let (id, name) = name.split_once(':').map_or((None, name), |(id, name)| (Some(id.into()), name));
    Held { what, name: name.into(), id }
}

fn member(id: &str) -> Member {
    Member { name: id.into(), kind: None }
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
    let unsaid = words.iter().find_map(|word| unread(word, "active"));
    let active = !words.iter().any(|word| word == "inactive");
    let thing = Thing { active, unsaid, values: values.collect(), ..Thing::new(Kind::User) };
    (words[0].clone(), thing)
}

pub fn group(line: &str) -> (String, Thing) {
    let (head, members) = line.split_once(':').unwrap_or((line, ""));
    let (id, name) = head.split_once(' ').expect("an id and a name");
    let words = words(members.trim());
    let displayname = ("displayname".to_owned(), Value::str(name.trim_matches('"')));
    let more = pairs(members.trim()).into_iter();
    let is_id = |word: &String| !word.contains([':', '=']) && word != "?" && word != "mixed";
    let thing = Thing {
        values: [displayname]
            .into_iter()
            .chain(more.map(|(name, text)| (name.to_lowercase(), value(&text))))
            .collect(),
        unlisted: words.iter().find_map(|word| unread(word, "listed")),
        unread: words.iter().find_map(|word| unread(word, "members")),
        is_mixed: words.iter().any(|word| word == "mixed"),
        members: Some(words.into_iter().filter(is_id).collect()),
        ..Thing::new(Kind::Group)
    };
    (id.to_owned(), thing)
}

/// `/answer`, `/again`, `/answer:BEFORE`, `/again:BEFORE` or `/not-sent` at the end.
fn proof(text: &str, hash: impl Fn(&str) -> ShortHash) -> (&str, Proof) {
    if let Some(text) = text.strip_suffix("/not-sent") {
        return (text, Proof::NotSent);
    }
    for (word, again) in [("/answer", false), ("/again", true)] {
        if let Some((text, before)) = text.split_once(word) {
            return (text, Proof::Answer { before: before.strip_prefix(':').map(&hash), again });
        }
    }
    (text, Proof::Read)
}

pub fn link(line: &str) -> (UserId, Link) {
    let words = words(line);
    let mut link =
        Link { commit: Some("c0ffee".into()), ..Link::new(words[1].parse().unwrap(), Origin::Created) };
    for word in &words[2..] {
        match word.split_once('=') {
            None if word == "adopted" => link.origin = Origin::Adopted,
            None if word == "unconfirmed" => link.unconfirmed = true,
            Some(("created", at)) => link.created = Created::at(time(at)),
            Some(("by", commit)) => link.commit = Some(commit.into()),
            Some(("disabled", day)) => {
                link.state = LinkState::Disabled { since: time(day), commit: Some("left".into()) }
            }
            Some(("gone", day)) => {
                link.state = LinkState::Gone { since: time(day), commit: Some("left".into()) }
            }
            Some(("roles", list)) => {
                let list = list.trim_matches(['[', ']']);
                link.roles = list.split(',').map(|role| role.parse().unwrap()).collect();
            }
            Some((path, text)) => {
                let path: Arc<str> = path.to_lowercase().into();
                let hash = |text: &str| key().value(&path, &value(text));
                let (text, proof) = proof(text, hash);
                let (asked, kept) = text.split_once("/kept:").unwrap_or((text, text));
                let hashes = Hashes { asked: hash(asked), kept: hash(kept), at: time("2026-06-01"), proof };
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
        members: members.iter().map(|id| id.trim_start_matches('+').parse().unwrap()).collect(),
        added: members.iter().filter_map(|id| id.strip_prefix('+')).map(|id| id.parse().unwrap()).collect(),
        commit: Some("c0ffee".into()),
        ..GroupLink::new(remote.parse().unwrap(), Origin::Created)
    };
    (GroupKey::of(&object).unwrap(), link)
}

pub fn life_key(id: &str) -> ChangeKey {
    ChangeKey { app: "hr".into(), object: Object::User(id.parse().unwrap()), facet: Facet::Life }
}
