//! Tests that what is written is what is read, and that nothing written by anybody makes the reader stumble.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use proptest::prelude::*;

use crate::model::Guard;
use crate::model::change::{Facet, Object};
use crate::model::hash::{HashKey, ShortHash};
use crate::model::held_value::HeldValue;
use crate::model::holds::HoldKey;
use crate::model::intervention::{Hand, Intervention};
use crate::model::ledger::{
    AppLedger, Earlier, GroupKey, GroupLink, Hashes, Link, LinkState, Loss, Losses, Origin, PersonHashes,
    Proof,
};
use crate::model::stored_link::Names;
use crate::model::time::Timestamp;
use crate::model::{AppId, AttributeHashes, Created, UserId};

use super::app_state::AppState;
use super::decode;
use super::encode;
use super::error::LedgerError;
use super::view::{Edits, View};

/// A ledger in memory.
#[derive(Default, Clone)]
struct Memory(BTreeMap<String, Vec<u8>>);

impl View for Memory {
    fn place(&self) -> String {
        "memory".to_owned()
    }

    fn read(&self, path: &str) -> Result<Option<Vec<u8>>, LedgerError> {
        Ok(self.0.get(path).cloned())
    }

    fn list(&self, folder: &str) -> Result<Vec<String>, LedgerError> {
        let inside = self.0.keys().filter_map(|path| path.strip_prefix(folder)?.strip_prefix('/'));
        let names: BTreeSet<_> = inside
            .map(|rest| match rest.split_once('/') {
                Some((inner, _)) => format!("{inner}/"),
                None => rest.to_owned(),
            })
            .collect();
        Ok(names.into_iter().collect())
    }
}

impl Memory {
    fn put(&mut self, edits: Edits) {
        for (path, content) in edits {
            match content {
                Some(bytes) => self.0.insert(path, bytes),
                None => self.0.remove(&path),
            };
        }
    }
}

fn app_id() -> AppId {
    "hr app/Ü".into()
}

fn text() -> impl Strategy<Value = String> {
    "[a-zA-Z0-9 .:\"\\\\/{}é漢-]{1,12}"
}

fn instant() -> impl Strategy<Value = Timestamp> {
    (0..4_000_000_000_i64, 0..1_000_000_000_i32).prop_map(|(s, n)| Timestamp::new(s, n).unwrap_or_default())
}

fn hash(number: u64) -> ShortHash {
    HashKey::new([7; 32]).texts([number.to_string().as_str()])
}

fn values() -> impl Strategy<Value = AttributeHashes> {
    let proof = prop_oneof![
        4 => Just(Proof::Read),
        1 => Just(Proof::NotSent),
        2 => (prop::option::of(any::<u64>()), any::<bool>())
            .prop_map(|(before, again)| Proof::Answer { before: before.map(hash), again }),
    ];
    let hashes = (any::<u64>(), any::<u64>(), any::<bool>(), instant(), proof);
    let hashes = hashes.prop_map(|(a, b, same, at, proof)| Hashes {
        asked: hash(a),
        kept: hash(if same { a } else { b }),
        at,
        proof,
    });
    let all = prop::collection::btree_map(text().prop_map(|path| path.as_str().into()), hashes, 0..4);
    all.prop_map(|all| AttributeHashes::distinct(all.into_iter().collect()).unwrap_or_default())
}

fn link() -> impl Strategy<Value = Link> {
    let state = prop_oneof![
        Just(LinkState::Active),
        (instant(), prop::option::of(text()), any::<bool>()).prop_map(|(since, commit, is_gone)| {
            let commit = commit.map(|commit| commit.as_str().into());
            match is_gone {
                true => LinkState::Gone { since, commit },
                false => LinkState::Disabled { since, commit },
            }
        }),
    ];
    let roles = prop::collection::btree_set(text().prop_map(|role| role.parse().unwrap()), 0..3);
    (state, prop::option::of(text()), any::<[Option<u64>; 3]>(), prop::option::of(instant()), roles, values())
        .prop_map(|(state, commit, names, lapsed, roles, values)| Link {
            person: PersonHashes::of(
                &HashKey::new([1; 32]),
                &names.map(|name| name.map(|name| name.to_string().into())),
            ),
            state,
            commit: commit.map(|commit| commit.as_str().into()),
            lapsed,
            created: lapsed.and_then(Created::at),
            went_by: lapsed.into_iter().collect(),
            roles,
            values,
            ..Link::new("r".into(), Origin::Adopted)
        })
}

fn group_key(name: &str) -> Option<GroupKey> {
    name.parse().map(GroupKey::Role).ok()
}

type Named<T> = (usize, (String, T));

/// Remote ids are numbers here, so that they are one-to-one.
fn ledger() -> impl Strategy<Value = AppLedger> {
    let members = || prop::collection::btree_set(text().prop_map(|id| id.parse::<UserId>().unwrap()), 0..4);
    let group = (members(), members(), values());
    let users = prop::collection::btree_map(text(), link(), 0..300);
    let groups = prop::collection::btree_map(text(), group, 0..5);
    let losses = prop::collection::vec((instant(), any::<bool>()), 0..2);
    (users, groups, losses, prop::option::of(instant()), text()).prop_map(
        |(users, groups, losses, completed, end)| {
            let user = |(number, (id, mut link)): Named<Link>| {
                link.remote = format!("r{number}").parse().unwrap();
                (id.parse().unwrap(), link)
            };
            let group =
                |(number, (id, (added, found, values))): Named<(BTreeSet<UserId>, BTreeSet<UserId>, _)>| {
                    let link = GroupLink {
                        commit: (number % 2 == 0).then(|| "c0ffee".into()),
                        members: added.union(&found).cloned().collect(),
                        added,
                        values,
                        ..GroupLink::new(format!("g{number}").parse().unwrap(), Origin::Created)
                    };
                    Some((group_key(&id)?, link))
                };
            AppLedger {
                endpoint: end.as_str().into(),
                completed,
                users: users.into_iter().enumerate().map(user).collect(),
                groups: groups.into_iter().enumerate().filter_map(group).collect(),
                losses: losses
                    .into_iter()
                    .map(|(at, allowed)| Losses {
                        run: "r1".into(),
                        at,
                        commit: allowed.then(|| "c0ffee".into()),
                        lost: [Loss {
                            guard: Guard::Membership,
                            who: Object::User("a".into()),
                            of: group_key("a"),
                            typed_by: allowed.then(|| "c0ffee".into()),
                            allowed,
                        }]
                        .into(),
                    })
                    .collect(),
                interventions: completed.map(|_| intervention()).into_iter().collect(),
                holds: completed.map(|_| hold()).into_iter().collect(),
                earlier: completed
                    .map(|until| Earlier { commit: "c0ffee".into(), until })
                    .into_iter()
                    .collect(),
                ..AppLedger::default()
            }
        },
    )
}

fn intervention() -> ((UserId, Hand), Intervention) {
    let (user, hand): (UserId, _) = ("ada".into(), Hand::Revoked("admin".into()));
    let (at, commit, lines) = (Timestamp::UNIX_EPOCH, None, hash(7));
    let (decided, decided_at) = (true, Some("c0ffee".into()));
    ((user.clone(), hand.clone()), Intervention { user, hand, at, commit, lines, decided, decided_at })
}

fn hold() -> (HoldKey, Option<Arc<str>>) {
    let facet = Facet::Attribute("title".into());
    let value = Some(HeldValue::Is(hash(9)));
    let key = HoldKey { guard: Guard::Update, object: Object::User("ada".into()), facet, value };
    (key, Some("c0ffee".into()))
}

fn read(memory: &Memory) -> Result<AppState, LedgerError> {
    decode::app(memory, &app_id(), &Names::default())
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(16))]

    #[test]
    fn what_is_written_is_what_is_read(first in ledger(), second in ledger()) {
        let mut memory = Memory::default();
        for ledger in [first, second] {
            let mut state = read(&memory).unwrap();
            state.ledger = ledger.clone();
            memory.put(encode::app(&app_id(), &state));
            let back = read(&memory).unwrap();
            prop_assert_eq!(&back.ledger, &ledger);
            prop_assert!(encode::app(&app_id(), &back).is_empty(), "writing the same again writes nothing");
            prop_assert_eq!(decode::apps(&memory).unwrap().len(), 1);
        }
    }

    #[test]
    fn no_damage_makes_the_reader_stumble(ledger in ledger(), damage in prop::collection::vec((any::<prop::sample::Index>(), any::<prop::sample::Index>(), any::<u8>(), 0..4_u8), 1..6)) {
        let mut memory = Memory::default();
        let state = AppState { ledger, ..AppState::default() };
        memory.put(encode::app(&app_id(), &state));
        let names: Vec<_> = memory.0.keys().cloned().collect();
        for (file, at, byte, how) in damage {
            let bytes = memory.0.get_mut(&names[file.index(names.len())]).unwrap();
            let at = at.index(bytes.len().max(1)).min(bytes.len());
            match how {
                0 => bytes.truncate(at),
                1 => bytes.insert(at, byte),
                2 => { let tail = bytes[at..].to_vec(); bytes.extend(tail); }
                _ => if let Some(place) = bytes.get_mut(at) { *place = byte },
            }
        }
        if let Err(error) = read(&memory) {
            prop_assert!(matches!(error, LedgerError::Damaged { .. }), "{}", error);
        }
    }
}
