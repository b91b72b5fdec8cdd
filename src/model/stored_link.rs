//! The form in which links of accounts and groups are stored: text is borrowed from the file, hashes are short, and what
//! entries repeat is shared. The ledger is hostile input (safety.md 6): everything is checked on the way to the model.

use std::collections::{BTreeSet, HashSet};
use std::fmt;
use std::str::FromStr;
use std::sync::{Arc, RwLock};

use serde::{Deserialize, Deserializer, Serialize, Serializer, de};

use super::attribute_hashes::{AttributeHashes, Hashes, Lists, Proof};
use super::created::Created;
use super::hash::ShortHash;
use super::id::UserId;
use super::ledger::{GroupLink, Link, LinkState, Origin, PersonHashes};
use super::stored_text::{Entries, TEXT_BYTES, Text, checked};
use super::time::Timestamp;

/// Longest commit id, in bytes.
const COMMIT_BYTES: usize = 256;

/// Shares what thousands of entries repeat: attribute paths and commit ids, and the lists of the entry before.
#[derive(Default)]
pub struct Names {
    texts: RwLock<HashSet<Arc<str>>>,
    lists: RwLock<Lists>,
}

impl Names {
    fn get(&self, text: &str) -> Arc<str> {
        if let Ok(known) = self.texts.read()
            && let Some(name) = known.get(text)
        {
            return name.clone();
        }
        let name: Arc<str> = text.into();
        if let Ok(mut known) = self.texts.write() {
            known.insert(name.clone());
        }
        name
    }

    fn lists(&self) -> Lists {
        self.lists.read().map(|lists| lists.clone()).unwrap_or_default()
    }

    fn next_lists(&self, lists: &Lists) {
        if let Ok(mut last) = self.lists.write() {
            *last = lists.clone();
        }
    }
}

/// An account as it is stored.
#[derive(Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct StoredLink<'a> {
    #[serde(borrow)]
    pub remote: Text<'a>,
    origin: Origin,
    state: StoredState,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    since: Option<Timestamp>,
    /// The commit of the disabling, or of what made the account a tombstone.
    #[serde(borrow, default, skip_serializing_if = "Option::is_none")]
    disabled_by: Option<Text<'a>>,
    #[serde(borrow, default, skip_serializing_if = "Option::is_none")]
    commit: Option<Text<'a>>,
    /// Of the first format; it says nothing any more.
    #[serde(default, skip_serializing, rename = "life")]
    _life: de::IgnoredAny,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    lapsed: Option<Timestamp>,
    #[serde(default, skip_serializing_if = "BTreeSet::is_empty")]
    went_by: BTreeSet<Timestamp>,
    #[serde(borrow, default, skip_serializing_if = "Vec::is_empty")]
    roles: Vec<Text<'a>>,
    #[serde(borrow, default, skip_serializing_if = "Vec::is_empty")]
    found_roles: Vec<Text<'a>>,
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    adopted_out: bool,
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    unconfirmed: bool,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    created: Option<Created>,
    #[serde(borrow, default, skip_serializing_if = "Vec::is_empty")]
    open_steps: Vec<Text<'a>>,
    #[serde(default, skip_serializing_if = "PersonHashes::is_empty")]
    person: PersonHashes,
    /// `ASKED AT` if the app kept what was asked, else `ASKED KEPT AT`. Then what is no [`Proof::Read`]: `answer`, or `again`
    /// for the second time, with the value that stood there before, if there was one; or `not-sent`.
    #[serde(borrow, default, skip_serializing_if = "Entries::is_empty")]
    values: Entries<Text<'a>, Text<'a>>,
}

/// What we last knew of an account.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
enum StoredState {
    Active,
    Disabled,
    Gone,
}

/// A group as it is stored: members we added and members we found, apart.
#[derive(Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct StoredGroup<'a> {
    #[serde(borrow)]
    remote: Text<'a>,
    origin: Origin,
    #[serde(borrow, default, skip_serializing_if = "Option::is_none")]
    commit: Option<Text<'a>>,
    #[serde(borrow, default, skip_serializing_if = "Entries::is_empty")]
    values: Entries<Text<'a>, Text<'a>>,
    #[serde(borrow, default, skip_serializing_if = "Vec::is_empty")]
    pub added: Vec<Text<'a>>,
    #[serde(borrow, default, skip_serializing_if = "Vec::is_empty")]
    pub found: Vec<Text<'a>>,
    #[serde(borrow, default, skip_serializing_if = "Vec::is_empty")]
    pub before: Vec<Text<'a>>,
}

impl<'a> StoredLink<'a> {
    /// Of a link.
    pub fn of(link: &'a Link) -> Self {
        let (state, since, disabled_by) = match &link.state {
            LinkState::Active => (StoredState::Active, None, None),
            LinkState::Disabled { since, commit } => {
                (StoredState::Disabled, Some(*since), commit.as_deref().map(Text::from))
            }
            LinkState::Gone { since, commit } => {
                (StoredState::Gone, Some(*since), commit.as_deref().map(Text::from))
            }
        };
        Self {
            remote: link.remote.as_str().into(),
            origin: link.origin,
            state,
            since,
            disabled_by,
            commit: link.commit.as_deref().map(Text::from),
            _life: de::IgnoredAny,
            lapsed: link.lapsed,
            went_by: link.went_by.clone(),
            roles: link.roles.iter().map(|role| role.as_str().into()).collect(),
            found_roles: link.found_roles.iter().map(|role| role.as_str().into()).collect(),
            adopted_out: link.adopted_out,
            unconfirmed: link.unconfirmed,
            created: link.created,
            open_steps: link.open_steps.iter().map(|step| (&**step).into()).collect(),
            person: link.person,
            values: stored_values(&link.values),
        }
    }

    /// The link.
    ///
    /// # Errors
    /// What is wrong with an id or a text, or what is there twice.
    pub fn link(self, names: &Names) -> Result<Link, String> {
        let disabled_by = commit(self.disabled_by.as_ref(), names)?;
        let state = match (self.state, self.since, disabled_by) {
            (StoredState::Active, None, None) => LinkState::Active,
            (StoredState::Disabled, Some(since), commit) => LinkState::Disabled { since, commit },
            (StoredState::Gone, Some(since), commit) => LinkState::Gone { since, commit },
            (StoredState::Active, _, Some(_)) => {
                return Err("an active account has no 'disabled_by'".to_owned());
            }
            (StoredState::Active, Some(_), None) => {
                return Err("an active account has no 'since'".to_owned());
            }
            (StoredState::Disabled | StoredState::Gone, None, _) => {
                return Err("'since' is missing".to_owned());
            }
        };
        Ok(Link {
            remote: self.remote.parsed()?,
            origin: self.origin,
            state,
            commit: commit(self.commit.as_ref(), names)?,
            lapsed: self.lapsed,
            went_by: self.went_by,
            roles: distinct("role", &self.roles)?,
            found_roles: distinct("role", &self.found_roles)?,
            adopted_out: self.adopted_out,
            unconfirmed: self.unconfirmed,
            created: self.created,
            open_steps: steps(&self.open_steps, names)?,
            person: self.person,
            values: values(&self.values, names)?,
        })
    }
}

impl<'a> StoredGroup<'a> {
    /// Of a group.
    pub fn of(link: &'a GroupLink) -> Self {
        Self {
            remote: link.remote.as_str().into(),
            origin: link.origin,
            commit: link.commit.as_deref().map(Text::from),
            values: stored_values(&link.values),
            added: link.added.iter().map(|id| id.as_str().into()).collect(),
            found: link.members.difference(&link.added).map(|id| id.as_str().into()).collect(),
            before: link.before.iter().map(|account| account.as_str().into()).collect(),
        }
    }

    /// The group.
    ///
    /// # Errors
    /// What is wrong with an id or a text, or what is there twice.
    pub fn group(self, names: &Names) -> Result<GroupLink, String> {
        let added: BTreeSet<UserId> = distinct("member", &self.added)?;
        let mut members: BTreeSet<UserId> = distinct("member", &self.found)?;
        if let Some(both) = members.intersection(&added).next() {
            return Err(format!("member '{both}' is listed twice"));
        }
        members.extend(added.iter().cloned());
        Ok(GroupLink {
            remote: self.remote.parsed()?,
            origin: self.origin,
            commit: commit(self.commit.as_ref(), names)?,
            members,
            added,
            before: distinct("account", &self.before)?,
            values: values(&self.values, names)?,
        })
    }
}

impl Serialize for Link {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        StoredLink::of(self).serialize(serializer)
    }
}

impl<'de> Deserialize<'de> for Link {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        StoredLink::deserialize(deserializer)?.link(&Names::default()).map_err(de::Error::custom)
    }
}

impl Serialize for GroupLink {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        StoredGroup::of(self).serialize(serializer)
    }
}

impl<'de> Deserialize<'de> for GroupLink {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        StoredGroup::deserialize(deserializer)?.group(&Names::default()).map_err(de::Error::custom)
    }
}

fn commit(text: Option<&Text<'_>>, names: &Names) -> Result<Option<Arc<str>>, String> {
    text.map(|text| Ok(names.get(checked("commit", text.as_ref(), COMMIT_BYTES)?))).transpose()
}

fn steps(texts: &[Text<'_>], names: &Names) -> Result<BTreeSet<Arc<str>>, String> {
    texts.iter().map(|text| Ok(names.get(checked("step", text.as_ref(), TEXT_BYTES)?))).collect()
}

fn distinct<T>(what: &str, items: &[Text<'_>]) -> Result<BTreeSet<T>, String>
where
    T: Ord + fmt::Display + FromStr<Err: fmt::Display>,
{
    let mut all = items.iter().map(Text::parsed::<T>).collect::<Result<Vec<_>, _>>()?;
    all.sort();
    match all.windows(2).find(|pair| pair[0] == pair[1]) {
        Some(pair) => Err(format!("{what} '{}' is listed twice", pair[0])),
        None => Ok(all.into_iter().collect()),
    }
}

fn values(stored: &Entries<Text<'_>, Text<'_>>, names: &Names) -> Result<AttributeHashes, String> {
    let mut values: Vec<(&str, Hashes)> = Vec::with_capacity(stored.0.len());
    let mut last = None;
    for (path, hashes) in &stored.0 {
        let path = checked("attribute path", path.as_ref(), TEXT_BYTES)?;
        let hashes =
            read_hashes(hashes.as_ref(), &mut last).map_err(|why| format!("attribute '{path}': {why}"))?;
        values.push((path, hashes));
    }
    let lists = names.lists();
    let values = AttributeHashes::sharing(values, |path| names.get(path), &lists)
        .map_err(|path| format!("attribute '{path}' is there twice"))?;
    if *values.lists() != lists {
        names.next_lists(values.lists());
    }
    Ok(values)
}

/// `last` is the instant of the attribute before: most often the same.
fn read_hashes<'t>(text: &'t str, last: &mut Option<(&'t str, Timestamp)>) -> Result<Hashes, String> {
    let form = || "expected 'ASKED AT' or 'ASKED KEPT AT'".to_owned();
    let (text, proof) = read_proof(text)?;
    let (asked, rest) = text.split_once(' ').ok_or_else(form)?;
    let (kept, at) = rest.split_once(' ').unwrap_or((asked, rest));
    let asked: ShortHash = asked.parse()?;
    let instant = match *last {
        Some((text, instant)) if text == at => instant,
        _ => at.parse::<Timestamp>().map_err(|error| error.to_string())?,
    };
    *last = Some((at, instant));
    Ok(Hashes { asked, kept: kept.parse()?, at: instant, proof })
}

const ANSWER: &str = " answer";
const AGAIN: &str = " again";
const NOT_SENT: &str = " not-sent";

/// The proof at the end, and what stands before it.
fn read_proof(text: &str) -> Result<(&str, Proof), String> {
    if let Some(hashes) = text.strip_suffix(NOT_SENT) {
        return Ok((hashes, Proof::NotSent));
    }
    for (word, again) in [(ANSWER, false), (AGAIN, true)] {
        if let Some((hashes, before)) = text.split_once(word) {
            let before = match before.strip_prefix(' ') {
                Some(before) => Some(before.parse::<ShortHash>()?),
                None if before.is_empty() => None,
                None => return Err(format!("expected a hash after '{}'", word.trim_start())),
            };
            return Ok((hashes, Proof::Answer { before, again }));
        }
    }
    Ok((text, Proof::Read))
}

fn stored_values(values: &AttributeHashes) -> Entries<Text<'_>, Text<'_>> {
    let entries = values.iter().map(|(path, hashes)| {
        let Hashes { asked, kept, at, proof } = hashes;
        let mut text = match asked == kept {
            true => format!("{asked} {at}"),
            false => format!("{asked} {kept} {at}"),
        };
        match proof {
            Proof::Read => {}
            Proof::NotSent => text.push_str(NOT_SENT),
            Proof::Answer { before, again } => {
                text.push_str(if again { AGAIN } else { ANSWER });
                text.extend(before.iter().map(|before| format!(" {before}")));
            }
        }
        (Text::from(&**path), Text(text.into()))
    });
    Entries(entries.collect())
}
