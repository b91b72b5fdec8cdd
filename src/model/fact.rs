//! Why a change is made, as data: one link of the chain from a line in the files to a change.
//!
//! The words for facts stand here and nowhere else, because a plan in JSON is read by people too and a plan that is read
//! back has no more than the words ([`Fact::Words`]). See docs/decisions/0020.

use std::fmt;
use std::sync::Arc;

use serde::{Deserialize, Deserializer, Serialize, Serializer};

use super::id::{AppId, GroupId, RemoteId, RoleId, UserId};
use super::object::Object;
use super::path::Path;
use super::remote::Held;
use super::time::Ago;

/// One fact. Its place in the files stands beside it, in a [`Reason`](super::change::Reason).
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Fact {
    /// An assignment gives an app, or a role in it, to a person or a group.
    Assigned { holder: Object, app: AppId, role: Option<RoleId>, remark: Remark },
    /// A line makes a person or a group a member of a group.
    Member { member: Object, group: GroupId, remark: Remark },
    /// The rule of a group makes a person a member.
    Rule { user: UserId, group: GroupId },
    /// The app takes everybody.
    ScopeAll,
    /// What an account can do already, before it is bound to a person.
    Holds(Vec<Held>),
    /// An account is bound to a person, and what it can do already was not read: there are too many to look at each.
    NotLookedAt,
    /// The same, because of this answer of the app.
    LookedInVain(Arc<str>),
    /// A person is declared in the files.
    Person(UserId),
    /// An attribute is mapped.
    Mapped(Path),
    /// A group is pushed to an app.
    Pushed { object: Object, app: AppId },
    /// A role of an app is a group there.
    RoleIsGroup { role: RoleId, app: AppId },

    /// A person is declared as having left, or is in no way entitled to an account.
    Standing { user: UserId, standing: Standing },
    /// The `end` of a person has passed.
    Ended { user: UserId, at: Option<Ago> },
    /// The `start` of a person lies ahead.
    NotYet(UserId),
    /// The filter of the app leaves a person out.
    Filtered(UserId),
    /// All that assigned a person has expired.
    AccessExpired { user: UserId, at: Option<Ago> },
    /// All that made a person a member has expired.
    MembershipExpired { user: UserId, of: Object, at: Option<Ago> },
    /// All that gave a person a role has expired.
    RoleExpired { user: UserId, role: RoleId, at: Option<Ago> },
    /// Nothing makes a person a member any more.
    NoMembership { user: UserId, of: Object },
    /// Nothing gives a person a role any more.
    NoRole { user: UserId, role: RoleId },
    /// The app holds one role, and another one of the person's comes first.
    Outranked { role: RoleId, by: RoleId, precedence: i64 },

    /// An id is not in the files any more.
    NotDeclared(UserId),
    /// A role is not in the files any more.
    RoleNotDeclared(RoleId),
    /// A group or role is not declared for this app any more.
    NotDeclaredHere(Object),
    /// A role is stored as another value now.
    StoredOtherwise { role: RoleId, value: Arc<str> },
    /// A role that was a group is a value now.
    NoGroupNow(RoleId),
    /// The app has a `removed:`.
    GivenUp(AppId),
    /// `delete_after` has passed since the account was disabled.
    DeletionDue { disabled: Ago },
    /// The app answered that it has a value, and does not show it.
    AnsweredOnly { at: Ago },
    /// `previously:` says that an id had another name.
    Renamed { user: UserId, from: UserId },

    /// A person was added to a group or role in the app.
    AddedInApp { user: UserId, to: Object },
    /// A person was in a group, or had a role, before rolecall came to manage it.
    FoundThere { user: UserId, of: Object },
    /// An account that is no person's was in a group before rolecall came to manage it.
    FoundMember { of: Object },
    /// A person was given a role in the app.
    GivenInApp { user: UserId, role: RoleId },
    /// The account matches a person who is to have none.
    MatchesOutsider(UserId),
    /// No person is declared for the account.
    Unmanaged,
    /// The account matches a person, by an attribute.
    Matches { remote: RemoteId, name: Option<Arc<str>>, user: UserId, by: Option<Path> },
    /// `links:` names the account.
    Linked { remote: RemoteId, user: UserId },
    /// A run that was interrupted created the account.
    CreatedAccount { remote: RemoteId, user: UserId },
    /// A run that was interrupted created the group.
    CreatedGroup(RemoteId),

    /// A later step of the create of an account is not known to be done.
    OpenStep { remote: RemoteId, user: UserId },

    /// A fact of a plan that was read back: its words are all that is left of it.
    Words(String),
}

/// The reason that a line gives for itself.
pub type Remark = Option<Arc<str>>;

/// Why a person has no account, if neither a date nor a filter is the reason.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Standing {
    Left,
    Suspended,
    NotEntitled,
    NotAssigned,
}

impl Fact {
    /// The words for many people at once: where the sentence begins with this person, it says "each".
    pub fn for_each(&self, person: &UserId) -> String {
        Told { fact: self, each: Some(person) }.to_string()
    }
}

impl fmt::Display for Fact {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        Told { fact: self, each: None }.fmt(f)
    }
}

/// A fact and who is called "each" in it.
struct Told<'f> {
    fact: &'f Fact,
    each: Option<&'f UserId>,
}

impl fmt::Display for Told<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let person = |user: &UserId| match self.each {
            Some(each) if each == user => "each".to_owned(),
            _ => format!("user:{user}"),
        };
        let object = |object: &Object| match object {
            Object::User(user) => person(user),
            other => other.to_string(),
        };
        match self.fact {
            Fact::Assigned { holder, app, role, remark } => {
                write!(f, "{} is assigned {app}", object(holder))?;
                if let Some(role) = role {
                    write!(f, "/{role}")?;
                }
                remarked(f, remark)
            }
            Fact::Member { member, group, remark } => {
                write!(f, "{} is a member of group:{group}", object(member))?;
                remarked(f, remark)
            }
            Fact::Rule { user, group } => write!(f, "{} meets the rule of group:{group}", person(user)),
            Fact::ScopeAll => f.write_str("scope: all"),
            Fact::Person(user) => write!(f, "user:{user}"),
            Fact::Mapped(path) => write!(f, "mapped to {path}"),
            Fact::Pushed { object, app } => write!(f, "{object} is pushed to {app}"),
            Fact::RoleIsGroup { role, app } => write!(f, "role {role} of {app} is a group"),
            Fact::Standing { user, standing } => {
                let words = match standing {
                    Standing::Left => "declared left",
                    Standing::Suspended => "declared suspended",
                    Standing::NotEntitled => "not effectively entitled",
                    Standing::NotAssigned => "not assigned",
                };
                write!(f, "{} is {words}", person(user))
            }
            Fact::Ended { user, at } => {
                write!(f, "{} ended", person(user))?;
                dated(f, at.as_ref())
            }
            Fact::NotYet(user) => write!(f, "the start of user:{user} lies ahead"),
            Fact::Filtered(user) => write!(f, "the filter leaves out user:{user}"),
            Fact::AccessExpired { user, at } => {
                write!(f, "what assigned user:{user} expired")?;
                dated(f, at.as_ref())
            }
            Fact::MembershipExpired { user, of, at } => {
                write!(f, "what made user:{user} a member of {of} expired")?;
                dated(f, at.as_ref())
            }
            Fact::RoleExpired { user, role, at } => {
                write!(f, "the grant of {role} to user:{user} expired")?;
                dated(f, at.as_ref())
            }
            Fact::NoMembership { user, of } => {
                write!(f, "nothing makes user:{user} a member of {of} any more")
            }
            Fact::NoRole { user, role } => write!(f, "nothing assigns {role} to user:{user} any more"),
            Fact::Outranked { role, by, precedence } => {
                write!(f, "the app holds one role, and {by} comes before {role} (precedence {precedence})")
            }
            Fact::NotDeclared(user) => write!(f, "{} is not declared any more", person(user)),
            Fact::RoleNotDeclared(role) => write!(f, "role {role} is not declared any more"),
            Fact::NotDeclaredHere(object) => write!(f, "{object} is not declared for this app any more"),
            Fact::StoredOtherwise { role, value } => {
                write!(f, "role {role} is not stored as \"{value}\" any more")
            }
            Fact::NoGroupNow(role) => write!(f, "role {role} is not a group any more"),
            Fact::GivenUp(app) => write!(f, "app {app} is being given up (`removed:`)"),
            Fact::DeletionDue { disabled } => write!(f, "disabled {disabled}, and `delete_after` has passed"),
            Fact::AnsweredOnly { at } => {
                write!(f, "the app took this value {at}, and does not show it: it is sent once more")
            }
            Fact::Renamed { user, from } => write!(f, "{} was user:{from}", person(user)),
            Fact::AddedInApp { user, to } => {
                write!(f, "in the app user:{user} was added to {to}, not by rolecall")
            }
            Fact::FoundThere { user, of } => {
                write!(f, "user:{user} had {of} before rolecall came to manage it, and is not declared there")
            }
            Fact::FoundMember { of } => {
                write!(f, "it was in {of} before rolecall came to manage it, and nobody declared it")
            }
            Fact::GivenInApp { user, role } => {
                write!(f, "in the app user:{user} was given {role}, not by rolecall")
            }
            Fact::MatchesOutsider(user) => write!(
                f,
                "it matches user:{user}, who is to have no account here, and rolecall does not know it"
            ),
            Fact::Unmanaged => f.write_str("nobody declares this account, and `unmanaged` asks for it"),
            Fact::Matches { remote, name, user, by } => {
                let name = name.as_deref().unwrap_or("no name");
                write!(f, "account {remote} ({name}) matches user:{user}")?;
                by.as_ref().map_or(Ok(()), |path| write!(f, " by {path}"))
            }
            Fact::Holds(all) => {
                let all: Vec<String> = all.iter().map(ToString::to_string).collect();
                write!(f, "the account already has {}", all.join(", "))
            }
            Fact::NotLookedAt => {
                f.write_str("the account was not looked at: what it can do already is not known")
            }
            Fact::LookedInVain(why) => write!(f, "what the account can do already is not known: {why}"),
            Fact::Linked { remote, user } => write!(f, "`links:` names account {remote} for user:{user}"),
            Fact::CreatedAccount { remote, user } => {
                write!(f, "an interrupted run created account {remote} for user:{user}")
            }
            Fact::CreatedGroup(remote) => write!(f, "an interrupted run created group {remote}"),
            Fact::OpenStep { remote, user } => {
                write!(f, "a run that created account {remote} for user:{user} did not end with this step")
            }
            // A stored sentence begins as the facts above do.
            Fact::Words(words) => {
                match self.each.and_then(|user| words.strip_prefix(&format!("user:{user} "))) {
                    Some(rest) => write!(f, "each {rest}"),
                    None => f.write_str(words),
                }
            }
        }
    }
}

fn remarked(f: &mut fmt::Formatter<'_>, remark: &Remark) -> fmt::Result {
    remark.as_ref().map_or(Ok(()), |remark| write!(f, " (\"{remark}\")"))
}

fn dated(f: &mut fmt::Formatter<'_>, at: Option<&Ago>) -> fmt::Result {
    at.map_or(Ok(()), |at| write!(f, " {at}"))
}

impl Serialize for Fact {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for Fact {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        String::deserialize(deserializer).map(Fact::Words)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_stands_where_a_sentence_begins_with_the_person() {
        let ada = UserId::from("ada");
        let member = |member| Fact::Member { member, group: "sre".into(), remark: Some("on call".into()) };
        let fact = member(Object::User("ada".into()));
        assert_eq!(fact.to_string(), "user:ada is a member of group:sre (\"on call\")");
        assert_eq!(fact.for_each(&ada), "each is a member of group:sre (\"on call\")");
        assert_eq!(fact.for_each(&"adam".into()), fact.to_string());
        let group = member(Object::Group("ada".into()));
        assert_eq!(group.for_each(&ada), group.to_string());
        let removed = Fact::NoRole { user: "ada".into(), role: "admin".into() };
        assert_eq!(removed.for_each(&ada), "nothing assigns admin to user:ada any more");
        let read = Fact::Words(fact.to_string());
        assert_eq!(read.for_each(&ada), fact.for_each(&ada));
        assert_eq!(read.for_each(&"ad".into()), fact.to_string());
    }

    #[test]
    fn a_fact_that_is_stored_and_read_back_says_the_same() {
        let fact = Fact::Assigned {
            holder: Object::Group("sre".into()),
            app: "hr".into(),
            role: Some("admin".into()),
            remark: None,
        };
        let json = serde_json::to_string(&fact).unwrap();
        assert_eq!(json, "\"group:sre is assigned hr/admin\"");
        let read: Fact = serde_json::from_str(&json).unwrap();
        assert_eq!(read, Fact::Words("group:sre is assigned hr/admin".to_owned()));
        assert_eq!(serde_json::to_string(&read).unwrap(), json);
    }
}
