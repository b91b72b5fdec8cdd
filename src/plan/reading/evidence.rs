//! Evidence that a linked account is the person's own. A link is a hint: data that an accident or an attacker can edit never
//! proves itself (safety.md 1).
//!
//! A page keeps what one row shows ([`Evidence`]); once the listing is complete and the commits are read, [`settle`] judges
//! all rows with what git says.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use rayon::prelude::*;

use super::answers::{Answers, Past};
use super::commits::needs_proof;
use super::creation::Creation;
use super::differ::Differ;
use super::identity::{Evidence, ShownIdentity, Unproved};
use super::likeness::Likeness;
use super::links::{LinkNo, LinkRow};
use super::owners::Owners;
use super::was_out;
use crate::model::folded::folded_value;
use crate::model::ledger::PersonHashes;
use crate::model::seen::Seen;
use crate::model::{Path, Remote, UserId, UserNo, Value};
use crate::resolve::{PastApp, PastPerson, Standing, names_of};

/// The evidence of one row.
pub(super) fn of(differ: &Differ, number: LinkNo, remote: &Remote) -> Evidence {
    let row = differ.links.row(number);
    let desired = differ.input.desired;
    let our_id = our_id(differ, remote);
    let ours = row.number.and_then(|user| desired.our_id(user));
    if let (Some(shown), Some(ours)) = (our_id, &ours)
        && **shown == **ours
    {
        return Evidence::Id;
    }
    let own = row.number.map(|user| desired.identifying(user)).unwrap_or_default();
    let shown = |path: &Path| {
        let value = differ.column(path).and_then(|column| remote.attributes.get(column));
        value.and_then(Seen::shown).and_then(folded_value)
    };
    if our_id.is_none() {
        let equal = own.iter().find_map(|(path, value)| {
            let value = folded_value(value)?;
            (shown(path).as_ref() == Some(&value)).then(|| (path.clone(), value))
        });
        if let Some((path, value)) = equal {
            return Evidence::Value(path, value);
        }
    }
    let paths = desired.identifying_paths();
    Evidence::Shown(Box::new(ShownIdentity {
        our_id: our_id.cloned(),
        values: paths.iter().filter_map(|path| Some(((*path).clone(), shown(path)?))).collect(),
        remembered: remembered(differ, row, remote),
        created: remote.created,
    }))
}

/// What stands in the place of our id, if the mapping writes it.
fn our_id<'r>(differ: &Differ, remote: &'r Remote) -> Option<&'r Arc<str>> {
    remote.our_id.as_ref().filter(|text| differ.maps_our_id && !text.is_empty())
}

/// Attributes whose value is the one that we asked for, or that the app kept. Values of another endpoint prove nothing.
fn remembered(differ: &Differ, row: &LinkRow, remote: &Remote) -> Vec<Path> {
    if differ.has_new_endpoint {
        return Vec::new();
    }
    let place = differ.input.desired.definition.users.our_id.as_ref().filter(|_| differ.maps_our_id);
    let is_known = |path: &Path, value: &Value| {
        let known = row.link.values.get(path.key());
        known.is_some_and(|known| {
            let hash = differ.input.key.value(path.key(), value);
            hash == known.kept || hash == known.asked
        })
    };
    let paths = differ.input.desired.identifying_paths().into_iter();
    let values = paths.filter_map(|path| {
        let value = differ.column(path).and_then(|column| remote.attributes.get(column));
        let value = value.and_then(Seen::shown)?;
        is_known(path, value).then(|| path.clone())
    });
    let id = place.zip(remote.our_id.as_ref());
    let id = id.filter(|(path, text)| is_known(path, &Value::Str((*text).clone())));
    values.chain(id.map(|(path, _)| path.clone())).collect()
}

/// Judges all rows that were seen: those that are not proved.
pub(in crate::plan) fn settle(differ: &Differ, answers: &Answers) -> BTreeMap<LinkNo, Unproved> {
    let judge = Judge::new(differ, answers);
    let seen = differ.links.numbers().filter(|link| differ.seen.link(*link).is_some());
    let seen: Vec<LinkNo> = seen.collect();
    seen.into_par_iter().filter_map(|link| Some((link, judge.is_usable(link).err()?))).collect()
}

/// What a commit says of a person.
struct Then<'j> {
    person: &'j PastPerson,
    paths: &'j [Path],
}

impl<'j> Then<'j> {
    fn of(tree: &'j PastApp, row: &LinkRow) -> Option<Self> {
        Some(Self { person: tree.person(row.kept_under())?, paths: &tree.paths })
    }

    /// True if a value that the account shows was the person's own.
    fn gives(&self, shown: &ShownIdentity) -> bool {
        let mut values = self.paths.iter().zip(self.person.folded_values());
        values.any(|(path, value)| value.is_some_and(|value| shown.has(path, &value)))
    }
}

/// The ids of a person, today's and the one under which the entry is kept.
fn ids<'r>(row: &'r LinkRow) -> [&'r UserId; 2] {
    [&row.user, row.kept_under()]
}

fn taken(path: &Path, other: &UserId) -> String {
    format!("has the {path} that {other} had at the last applied commit, and nothing else tells whose it is")
}

struct Judge<'j, 'a> {
    differ: &'j Differ<'a>,
    answers: &'j Answers,
    /// What git says of the last applied commit.
    applied: Option<&'j PastApp>,
    value_owners: Owners<'j>,
}

impl<'j, 'a> Judge<'j, 'a> {
    fn new(differ: &'j Differ<'a>, answers: &'j Answers) -> Self {
        let applied = differ.applied_tree(answers);
        let is_plain =
            |link: LinkNo| differ.seen.link(link).is_none_or(|seen| matches!(seen.evidence, Evidence::Id));
        let value_owners = match differ.links.numbers().all(is_plain) {
            true => Owners::none(),
            false => Owners::of(differ, applied),
        };
        Self { differ, answers, applied, value_owners }
    }

    fn is_usable(&self, link: LinkNo) -> Result<(), Unproved> {
        let row = self.differ.links.row(link);
        let Some(seen) = self.differ.seen.link(link) else { return Ok(()) };
        self.was_declared(link).map_err(Unproved::Undeclared)?;
        let of = || self.other_owners(row, &seen.evidence);
        self.is_own(row, &seen.evidence).map_err(|why| Unproved::Conflict { why, of: of() })?;
        self.is_same_person(row).map_err(Unproved::OtherPerson)
    }

    /// A person whom no file declares has to be declared by the commit that the entry names, or by the last applied one
    /// (safety.md 6).
    fn was_declared(&self, link: LinkNo) -> Result<(), String> {
        let row = self.differ.links.row(link);
        if row.number.is_some() || self.differ.input.commit.is_none() || !needs_proof(self.differ, link) {
            return Ok(());
        }
        self.declared_then(row).map(|_| ())
    }

    /// What the commit that an entry names says about its person, or else the last applied one. Files that go back to an earlier commit
    /// have neither in their history: there the last applied one speaks for those whom it declares.
    ///
    /// # Errors
    /// No known commit declares the person: why.
    fn declared_then(&self, row: &LinkRow) -> Result<Then<'j>, String>
    where
        'a: 'j,
    {
        let commits = (row.link.commit.as_ref(), self.differ.input.ledger.applied_commit());
        let named = self.answers.declared(commits, "them", |tree| Then::of(tree, row));
        let course = self.differ.input.course;
        named.map(|(_, then)| then).or_else(|why| match course.gone_back_from() {
            Some(Past::Tree(tree)) => Then::of(tree, row).ok_or(why),
            Some(Past::Same | Past::Unknown(_)) | None => Err(why),
        })
    }

    fn is_own(&self, row: &LinkRow, evidence: &Evidence) -> Result<(), String> {
        let shown = match evidence {
            Evidence::Id => return Ok(()),
            Evidence::Value(path, value) => {
                return match self.former_owner(row, path, value) {
                    Some(other) => Err(taken(path, other)),
                    None => Ok(()),
                };
            }
            Evidence::Shown(shown) => shown,
        };
        let then = self.then(row);
        if self.has_own_id(row, shown, &then)? {
            return Ok(());
        }
        let was_own = match (row.number, self.applied) {
            (None, _) => then.iter().any(|past| past.gives(shown)),
            (Some(_), applied) => {
                applied.and_then(|tree| Then::of(tree, row)).is_some_and(|past| past.gives(shown))
            }
        };
        if !was_own && shown.remembered.is_empty() {
            return Err(match self.taken_value(row, shown) {
                Some((path, other)) => taken(&path, other),
                None => format!(
                    "has none of the matching values of {}, neither today's nor the last ones seen",
                    row.user
                ),
            });
        }
        let creation = Creation::of(self.differ, row.link, shown.created);
        // Nobody whom no file declares has values of today: what git said last takes their place.
        if let (true, Creation::Changed(shown, remembered)) = (row.number.is_some() || !was_own, creation) {
            return Err(format!(
                "was created on {shown}, and the ledger's entry is about one that was created on {remembered}: the app gave its id to another account"
            ));
        }
        match was_own {
            true => Ok(()),
            false => self.is_remembered_own(row, shown, creation),
        }
    }

    /// True if our id, or a value of today beside an id of nobody, proves the account. A value that was another person's at the last
    /// applied commit proves it only if that person's own link is verified otherwise.
    ///
    /// # Errors
    /// It carries the id of another person.
    fn has_own_id(&self, row: &LinkRow, shown: &ShownIdentity, then: &[Then<'_>]) -> Result<bool, String> {
        let Some(text) = &shown.our_id else { return Ok(false) };
        let is_ours = |past: &Then<'_>| past.person.our_id.as_ref() == Some(text);
        if then.iter().any(is_ours) || (then.is_empty() && self.is_id_of(row, text)) {
            return Ok(true);
        }
        if let Some(other) = self.owner_of_id(row, text) {
            return Err(format!("carries the id {text}, which is the id of {other}"));
        }
        let own = row.number.map(|user| self.differ.input.desired.identifying(user)).unwrap_or_default();
        let mut own = own.iter().filter_map(|(path, value)| Some((path, folded_value(value)?)));
        Ok(own.any(|(path, value)| shown.has(path, &value) && self.former_owner(row, path, &value).is_none()))
    }

    /// An account that only the ledger remembers as the person's: no other person may have a value of it, and nothing is taken
    /// by the ledger's own word.
    fn is_remembered_own(
        &self,
        row: &LinkRow,
        shown: &ShownIdentity,
        creation: Creation,
    ) -> Result<(), String> {
        let owner = |path: &Path, value: &str| self.value_owners.other(&ids(row), path, value);
        if let Some((path, other)) =
            shown.values.iter().find_map(|(path, value)| Some((path, owner(path, value)?)))
        {
            return Err(format!("has the {path} of {other}, and only the ledger says otherwise"));
        }
        let input = &self.differ.input;
        let loses = row.number.is_none_or(|user| !matches!(input.desired.standing(user), Standing::In));
        let applied = input.ledger.applied_commit().filter(|_| input.commit.is_some() && loses);
        let Some(applied) = applied.filter(|_| creation != Creation::Unchanged) else { return Ok(()) };
        if self.comes_out_again(row, shown) {
            return Ok(());
        }
        Err(match self.answers.past(applied) {
            Some(Past::Unknown(why)) => format!("has values that the ledger alone remembers: {why}"),
            Some(Past::Tree(_) | Past::Same) | None => {
                "has values that the ledger alone remembers: no commit gives them".to_owned()
            }
        })
    }

    /// The people or tombstones whose account a row in conflict shows itself to be.
    fn other_owners(&self, row: &LinkRow, evidence: &Evidence) -> Vec<UserId> {
        let mut owners: Vec<&UserId> = Vec::new();
        match evidence {
            Evidence::Id => {}
            Evidence::Value(path, value) => {
                owners.extend(self.value_owners.former_other(&ids(row), path, value));
            }
            Evidence::Shown(shown) => {
                owners.extend(shown.our_id.as_ref().and_then(|text| self.owner_of_id(row, text)));
                for (path, value) in &shown.values {
                    owners.extend(self.value_owners.other(&ids(row), path, value));
                    owners.extend(self.value_owners.former_other(&ids(row), path, value));
                }
            }
        }
        let mut known = BTreeSet::new();
        owners.into_iter().filter(|id| known.insert(*id)).cloned().collect()
    }

    /// What git says of the person at the last applied commit, and at the commit that the entry names.
    fn then(&self, row: &LinkRow) -> Vec<Then<'j>>
    where
        'a: 'j,
    {
        let applied = self.applied.and_then(|applied| Then::of(applied, row));
        applied.into_iter().chain(self.declared_then(row).ok()).collect()
    }

    /// True if a text is an id of the person. It counts only where git says nothing.
    fn is_id_of(&self, row: &LinkRow, text: &str) -> bool {
        row.user.as_str() == text || row.moved_from.as_ref().is_some_and(|id| id.as_str() == text)
    }

    /// Another person, or a tombstone, whose id this is.
    fn owner_of_id(&self, row: &LinkRow, text: &str) -> Option<&UserId> {
        let is_other = |id: &UserId| *id != row.user && Some(id) != row.moved_from.as_ref();
        let ledger = self.differ.input.ledger.users.keys().find(|id| id.as_str() == text);
        self.value_owners.of_our_id(text).into_iter().chain(ledger).find(|id| is_other(id))
    }

    /// A value of today that the account shows, and that another person had at the last applied commit.
    fn taken_value(&self, row: &LinkRow, shown: &ShownIdentity) -> Option<(Path, &UserId)> {
        let own = self.differ.input.desired.identifying(row.number?);
        own.into_iter().find_map(|(path, value)| {
            let value = folded_value(&value).filter(|value| shown.has(&path, value))?;
            let other = self.former_owner(row, &path, &value)?;
            Some((path, other))
        })
    }

    /// The person who had this value at the last applied commit, if it is another one whose own link nothing else verifies.
    fn former_owner(&self, row: &LinkRow, path: &Path, value: &str) -> Option<&UserId> {
        self.value_owners.former_other(&ids(row), path, value).filter(|other| !self.is_sure(other))
    }

    /// True if a person's own link is verified by other means than the value in question: by our id, or by a value that
    /// was theirs before.
    fn is_sure(&self, id: &UserId) -> bool {
        let link = self.differ.links.of_id(self.differ.links.today(id));
        let Some((row, seen)) =
            link.and_then(|link| Some((self.differ.links.row(link), self.differ.seen.link(link)?)))
        else {
            return false;
        };
        match &seen.evidence {
            Evidence::Id => true,
            Evidence::Value(path, value) => self.value_owners.former_other(&ids(row), path, value).is_none(),
            Evidence::Shown(_) => false,
        }
    }

    /// True if the hash of what we asked for comes out again from a commit: the ledger then says what git says.
    fn comes_out_again(&self, row: &LinkRow, shown: &ShownIdentity) -> bool {
        let is_asked = |path: &Path, value: &Value| {
            let known = row.link.values.get(path.key());
            let hash = || self.differ.input.key.value(path.key(), value);
            shown.remembered.contains(path) && known.is_some_and(|known| hash() == known.asked)
        };
        let of_today = || {
            let own = row.number.map(|user| self.differ.input.desired.identifying(user)).unwrap_or_default();
            own.iter().any(|(path, value)| is_asked(path, value))
        };
        let commits = [row.link.commit.as_ref(), self.differ.input.ledger.applied_commit()];
        commits.into_iter().flatten().any(|commit| match self.answers.past(commit) {
            Some(Past::Tree(tree)) => Then::of(tree, row).is_some_and(|then| {
                let mut values = tree.paths.iter().zip(&then.person.values);
                values.any(|(path, value)| value.as_ref().is_some_and(|value| is_asked(path, value)))
            }),
            Some(Past::Same) => of_today(),
            None if self.differ.is_today(commit) => of_today(),
            Some(Past::Unknown(_)) | None => false,
        })
    }

    /// An id is not a person: something of what the id meant at the last applied commit, and of what the entry remembers,
    /// has to be the same today (safety.md 1). The commit alone is not enough: once the files with the newcomer were
    /// applied, it says what today's say.
    fn is_same_person(&self, row: &LinkRow) -> Result<(), String> {
        let Some(user) = row.number else { return Ok(()) };
        if self.differ.manual.get(&row.link.remote) == Some(&row.user) {
            return Ok(());
        }
        let names = names_of(&self.differ.input.desired.company.users[user.index()]);
        let then = self.applied.and_then(|applied| Some((applied, applied.person(row.kept_under())?)));
        if let Some((applied, person)) = then {
            let likeness = self.likeness(user, &names, applied, person);
            self.is_enough(row, likeness, "at the last applied commit")?;
        }
        // Entries of the first format remember no names: what git says of the id has to do.
        let git_alone = row.link.person.is_empty() && (then.is_some() || self.applied.is_none());
        match git_alone {
            true => Ok(()),
            false => {
                self.is_enough(row, self.remembered(row, user, &names), "when the ledger's entry was written")
            }
        }
    }

    fn is_enough(&self, row: &LinkRow, likeness: Likeness, when: &str) -> Result<(), String> {
        let was = format!("belongs to the person who was {} {when}", row.kept_under());
        if likeness.is_enough(false) && (likeness.is_enough(true) || !self.was_away(row)) {
            return Ok(());
        }
        Err(match likeness {
            Likeness::OneName => format!(
                "{was} and had no access since then: one name is the same today, and neither the whole name nor an address or login"
            ),
            Likeness::Same | Likeness::None => {
                format!("{was}: no name, address or login is the same today")
            }
        })
    }

    /// True for an id that was out or absent at the last applied commit, and for one whose account we turned off or deleted.
    /// `previously:` says of an id that it is the same person.
    fn was_away(&self, row: &LinkRow) -> bool {
        if row.moved_from.is_some() {
            return false;
        }
        let (differ, applied) = (self.differ, self.differ.input.ledger.applied.as_ref());
        let commit = applied.and_then(|applied| Some((applied.commit.as_ref()?, applied.at)));
        let was_out = |(commit, at)| was_out::was_out(differ, self.answers, &row.user, commit, at);
        row.link.off_at().is_some() || commit.is_some_and(|(commit, at)| was_out((&**commit, at)))
    }

    /// How much of a person is as a commit says. Our id says which id it is, and not which person.
    fn likeness(
        &self,
        user: UserNo,
        names: &[Option<Arc<str>>; 3],
        applied: &PastApp,
        person: &PastPerson,
    ) -> Likeness {
        let desired = self.differ.input.desired;
        let is_our_id = |path: &Path| Some(path) == desired.definition.users.our_id.as_ref();
        let same_value = || {
            let now = desired.identifying(user);
            let mut then =
                applied.paths.iter().zip(person.folded_values()).filter(|(path, _)| !is_our_id(path));
            then.any(|(path, then)| {
                then.is_some() && now.iter().any(|(p, value)| p == path && folded_value(value) == then)
            })
        };
        Likeness::of(names, &person.names, same_value)
    }

    /// How much of a person is as the entry remembers.
    fn remembered(&self, row: &LinkRow, user: UserNo, names: &[Option<Arc<str>>; 3]) -> Likeness {
        let (desired, key) = (self.differ.input.desired, self.differ.input.key);
        let knows_value = || {
            desired.identifying(user).iter().any(|(path, value)| {
                let known = row.link.values.get(path.key());
                Some(path) != desired.definition.users.our_id.as_ref()
                    && known.is_some_and(|known| {
                        let hash = key.value(path.key(), value);
                        hash == known.asked || hash == known.kept
                    })
            })
        };
        Likeness::of(PersonHashes::of(key, names).all(), row.link.person.all(), knows_value)
    }
}
