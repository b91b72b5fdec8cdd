//! The words for one change (sign, verb, object, value, cause), and for what else a section holds, in one line each.

use super::figures::{distance, instant};
use super::line::{Line, Tone};
use super::subject::{Names, Subject, effect};
use super::value;
use crate::model::change::{Cause, Change, ChangeKey, ChangeKind, Facet, Object, Reason};
use crate::model::span::Place;
use crate::model::time::Timestamp;
use crate::plan::{Coming, GuardReport, Notice};

/// What a kind does to a reader: `+` gains, `-` loses, `~` changes, `=` is noted in the ledger only.
pub(crate) fn sign(kind: ChangeKind) -> (&'static str, Tone) {
    match kind {
        ChangeKind::Create
        | ChangeKind::Continue
        | ChangeKind::Enable
        | ChangeKind::GroupCreate
        | ChangeKind::MemberAdd
        | ChangeKind::RoleGrant => ("+", Tone::Gain),
        ChangeKind::Disable
        | ChangeKind::Delete
        | ChangeKind::GroupDelete
        | ChangeKind::MemberRemove
        | ChangeKind::RoleRevoke => ("-", Tone::Loss),
        ChangeKind::Update | ChangeKind::GroupRename => ("~", Tone::Change),
        ChangeKind::Adopt | ChangeKind::Forget | ChangeKind::Relink => ("=", Tone::Plain),
    }
}

/// Verb and object, without the subject: `grant role admin`, `remove from group platform`, `update title`.
pub(crate) fn act_of(change: &Change) -> Line {
    match (change.kind, &change.path) {
        // The key is folded; people read the path as the app spells it.
        (ChangeKind::Update, Some(path)) => {
            Line::new().add(sign(change.kind).1, "update ").solid(Tone::Plain, path)
        }
        _ => act(change.kind, &change.key),
    }
}

/// The same from a change's kind and key alone.
pub(crate) fn act(kind: ChangeKind, key: &ChangeKey) -> Line {
    let (_, tone) = sign(kind);
    let verb = |words: &str| Line::new().add(tone, words);
    let kind = effect(kind, key);
    match (kind, &key.facet, &key.object) {
        (ChangeKind::Update, Facet::Attribute(path), _) => verb("update ").solid(Tone::Plain, path),
        (ChangeKind::Continue, Facet::Attribute(step), _) => verb("create step ").solid(Tone::Plain, step),
        (ChangeKind::MemberAdd, _, Object::Group(group)) => {
            verb("add to group ").solid(Tone::Strong, group.as_str())
        }
        (ChangeKind::MemberRemove, _, Object::Group(group)) => {
            verb("remove from group ").solid(Tone::Strong, group.as_str())
        }
        (ChangeKind::RoleGrant, Facet::Role(role), _) | (ChangeKind::RoleGrant, _, Object::Role(role)) => {
            verb("grant role ").solid(Tone::Strong, role.as_str())
        }
        (ChangeKind::RoleRevoke, Facet::FormerRole(former), _) => {
            let value = format!(" under its former value {}", former.value);
            verb("revoke role ").solid(Tone::Strong, former.role.as_str()).plain(value)
        }
        (ChangeKind::RoleRevoke, Facet::FormerGroup(role), _) => {
            verb("revoke role ").solid(Tone::Strong, role.as_str()).plain(" by its former group")
        }
        (ChangeKind::RoleRevoke, Facet::Role(role), _) | (ChangeKind::RoleRevoke, _, Object::Role(role)) => {
            verb("revoke role ").solid(Tone::Strong, role.as_str())
        }
        (ChangeKind::GroupCreate, ..) => verb("create group"),
        (ChangeKind::GroupDelete, ..) => verb("delete group"),
        (ChangeKind::GroupRename, ..) => verb("rename group"),
        (ChangeKind::Adopt, _, Object::Group(_) | Object::Role(_)) => verb("adopt group"),
        (ChangeKind::Adopt, ..) => verb("adopt account"),
        (ChangeKind::Forget, ..) => verb("forget the ledger's entry"),
        (ChangeKind::Relink, ..) => verb("bind the ledger's entry"),
        (ChangeKind::Create, ..) => verb("create account"),
        (ChangeKind::Enable, ..) => verb("enable account"),
        (ChangeKind::Disable, ..) => verb("disable account"),
        (ChangeKind::Delete, ..) => verb("delete account"),
        // Of something else than these kinds are about.
        (
            ChangeKind::Update | ChangeKind::Continue | ChangeKind::MemberAdd | ChangeKind::MemberRemove,
            ..,
        )
        | (ChangeKind::RoleGrant | ChangeKind::RoleRevoke, ..) => verb(kind.as_str()),
    }
}

/// What happens, with values and privilege, without subject and cause.
pub(crate) fn what(change: &Change) -> Line {
    let mut line = act_of(change);
    match change.kind {
        ChangeKind::Update | ChangeKind::GroupRename => {
            line = line.plain(": ").join(value::change(&change.old, &change.new));
        }
        ChangeKind::Create => {
            if let Some(login) = login(change) {
                line = line.plain(" ").solid(Tone::Plain, login);
            }
        }
        ChangeKind::Adopt | ChangeKind::Relink => {
            if let Some(remote) = &change.remote {
                let to = if change.kind == ChangeKind::Relink { " to account " } else { " " };
                line = line.plain(to).solid(Tone::Plain, remote.as_str());
            }
        }
        ChangeKind::Continue
        | ChangeKind::Enable
        | ChangeKind::Disable
        | ChangeKind::Delete
        | ChangeKind::Forget => {}
        ChangeKind::GroupCreate | ChangeKind::GroupDelete => {}
        ChangeKind::MemberAdd | ChangeKind::MemberRemove => {}
        ChangeKind::RoleGrant | ChangeKind::RoleRevoke => {}
    }
    if let Some(login) = &change.login {
        line = match change.kind {
            ChangeKind::Enable | ChangeKind::Disable | ChangeKind::Delete => {
                line.plain(" ").solid(Tone::Plain, login)
            }
            ChangeKind::RoleGrant | ChangeKind::MemberAdd | ChangeKind::Update => {
                line.plain(" on account ").solid(Tone::Plain, login)
            }
            _ => line.plain(" (").solid(Tone::Plain, login).plain(")"),
        };
    }
    if let (ChangeKind::Delete, Some(effect)) = (change.kind, &change.new.text) {
        line = line.plain(": ").add(Tone::Alarm, effect);
    }
    if change.turns_on() && change.kind != ChangeKind::Enable {
        line = line.plain(" and turn it on");
    }
    if let (Object::Account(_), Some(_)) = (&change.key.object, &change.old.text) {
        line = line.plain(" ").join(value::value(&change.old, Tone::Plain));
    }
    if change.privileged {
        line = line.plain(", ").add(Tone::Alarm, "privileged");
    }
    line
}

/// The cause in parentheses, with a remark.
pub(crate) fn cause(cause: Cause, remark: &str) -> Line {
    let tone = match cause {
        Cause::Drift | Cause::Unmanaged | Cause::Takeover => Tone::Drift,
        Cause::Config | Cause::Expiry | Cause::Start | Cause::Left | Cause::Retry => Tone::Faint,
    };
    let line = Line::new().plain("  ").add(Tone::Faint, "(").add(tone, cause.as_str());
    line.add(Tone::Faint, format!("{remark})"))
}

/// What a new account is known by: its name, else an e-mail, else nothing.
pub(crate) fn login(change: &Change) -> Option<&str> {
    let named = change.sets.iter().find(|set| set.name).and_then(|set| set.value.text.as_deref());
    let with = |prefix: &str| {
        let found = change.sets.iter().find(|set| set.path.to_ascii_lowercase().starts_with(prefix));
        found.and_then(|set| set.value.text.as_deref())
    };
    named.or_else(|| with("emails")).or_else(|| with("mail"))
}

/// One fact of a chain with its place.
pub(crate) fn fact(reason: &Reason) -> Line {
    told(&reason.fact.to_string(), reason.place.as_ref())
}

/// The words of a fact with their place.
pub(crate) fn told(text: &str, place: Option<&Place>) -> Line {
    placed(Line::new().add(Tone::Faint, text), place)
}

fn placed(line: Line, place: Option<&Place>) -> Line {
    match place {
        Some(place) => line.plain("  ").join(at(place)),
        None => line,
    }
}

/// A fact at its place in a chain: `because …`, and below it `and …`.
pub(crate) fn link(index: usize, fact: Line) -> Line {
    let word = if index == 0 { "because " } else { "    and " };
    Line::new().solid(Tone::Faint, word).join(fact)
}

/// `file:line`.
pub(crate) fn at(place: &Place) -> Line {
    Line::new().solid(Tone::Faint, format!("{}:{}", place.file, place.line))
}

/// The text of a notice with its place, and its subject in front unless the text names it.
pub(crate) fn notice(notice: &Notice, names: &Names) -> Line {
    let text = Line::new().plain(&notice.text);
    let line = match notice.subject.as_ref().map(Subject::of_object) {
        Some(subject) if !mentions(&notice.text, subject.id()) => subject.line(names).plain(": ").join(text),
        _ => text,
    };
    placed(line, notice.place.as_ref())
}

/// True if `id` stands in `text` as a word of its own.
fn mentions(text: &str, id: &str) -> bool {
    let ends = |c: Option<char>| c.is_none_or(|c| !c.is_alphanumeric());
    text.match_indices(id).any(|(at, found)| {
        ends(text[..at].chars().next_back()) && ends(text[at + found.len()..].chars().next())
    })
}

/// When something begins or ends by itself, and what.
pub(crate) fn coming(coming: &Coming, now: Timestamp) -> Line {
    let when = format!("{} ({})", instant(coming.at), distance(now, coming.at));
    placed(Line::new().solid(Tone::Plain, when).plain("  ").plain(&coming.text), coming.place.as_ref())
}

/// What came of a guard, in one word.
pub(crate) fn guard(report: &GuardReport) -> (&'static str, Tone) {
    match (report.tripped, report.allowed) {
        (true, _) => ("TRIPPED", Tone::Alarm),
        (false, true) => ("allowed", Tone::Change),
        (false, false) => ("ok", Tone::Faint),
    }
}

/// Where a person who gains privilege and loses something is shown whole.
pub(crate) const ABOVE: &str = "see above, under losing access";

/// With a capital first letter.
pub(crate) fn capital(text: &str) -> String {
    let mut chars = text.chars();
    chars.next().map_or_else(String::new, |first| first.to_uppercase().chain(chars).collect())
}
