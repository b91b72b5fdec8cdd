//! The words for one change: sign, verb, object, value, cause.

use super::line::{Line, Tone};
use super::value;
use crate::model::change::{Cause, Change, ChangeKey, ChangeKind, Facet, Object, Reason};
use crate::model::span::Place;
use crate::model::time::Timestamp;

/// What a kind does to a reader: `+` gains, `-` loses, `~` changes, `=` is noted in the ledger only.
pub(crate) fn sign(kind: ChangeKind) -> (&'static str, Tone) {
    match kind {
        ChangeKind::Create
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

/// Adding to or removing from the group of a role is granting or revoking the role.
pub(crate) fn effect(kind: ChangeKind, key: &ChangeKey) -> ChangeKind {
    match (kind, &key.object) {
        (ChangeKind::MemberAdd, Object::Role(_)) => ChangeKind::RoleGrant,
        (ChangeKind::MemberRemove, Object::Role(_)) => ChangeKind::RoleRevoke,
        _ => kind,
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
        (ChangeKind::MemberAdd, _, Object::Group(group)) => {
            verb("add to group ").solid(Tone::Strong, group.as_str())
        }
        (ChangeKind::MemberRemove, _, Object::Group(group)) => {
            verb("remove from group ").solid(Tone::Strong, group.as_str())
        }
        (ChangeKind::RoleGrant, Facet::Role(role), _) | (ChangeKind::RoleGrant, _, Object::Role(role)) => {
            verb("grant role ").solid(Tone::Strong, role.as_str())
        }
        (ChangeKind::RoleRevoke, Facet::Role(role), _) | (ChangeKind::RoleRevoke, _, Object::Role(role)) => {
            verb("revoke role ").solid(Tone::Strong, role.as_str())
        }
        (ChangeKind::GroupCreate, ..) => verb("create group"),
        (ChangeKind::GroupDelete, ..) => verb("delete group"),
        (ChangeKind::GroupRename, ..) => verb("rename group"),
        (ChangeKind::Adopt, _, Object::Group(_) | Object::Role(_)) => verb("adopt group"),
        (ChangeKind::Adopt, ..) => verb("adopt account"),
        (ChangeKind::Forget, ..) => verb("forget what the ledger says of it"),
        (ChangeKind::Relink, ..) => verb("bind the ledger's entry"),
        (ChangeKind::Create, ..) => verb("create account"),
        (ChangeKind::Enable, ..) => verb("enable account"),
        (ChangeKind::Disable, ..) => verb("disable account"),
        (ChangeKind::Delete, ..) => verb("delete account"),
        _ => verb(kind.as_str()),
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
        _ => {}
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
        Cause::Drift | Cause::Unmanaged => Tone::Drift,
        _ => Tone::Faint,
    };
    let line = Line::new().plain("  ").add(Tone::Faint, "(").add(tone, cause.as_str());
    line.add(Tone::Faint, format!("{remark})"))
}

/// What a new account is known by: its user name, else an e-mail, else nothing.
pub(crate) fn login(change: &Change) -> Option<&str> {
    let with = |prefix: &str| {
        let found = change.sets.iter().find(|set| set.path.to_ascii_lowercase().starts_with(prefix));
        found.and_then(|set| set.value.text.as_deref())
    };
    with("username").or_else(|| with("emails")).or_else(|| with("mail"))
}

/// One fact of a chain with its place.
pub(crate) fn fact(reason: &Reason) -> Line {
    let line = Line::new().add(Tone::Faint, &reason.text);
    match &reason.place {
        Some(place) => line.plain("  ").join(at(place)),
        None => line,
    }
}

/// A fact at its place in a chain: `because …`, and below it `and …`.
pub(crate) fn reason(index: usize, reason: &Reason) -> Line {
    let word = if index == 0 { "because " } else { "    and " };
    Line::new().solid(Tone::Faint, word).join(fact(reason))
}

/// `file:line`.
pub(crate) fn at(place: &Place) -> Line {
    Line::new().solid(Tone::Faint, format!("{}:{}", place.file, place.line))
}

/// An instant, to the minute.
pub(crate) fn instant(at: Timestamp) -> String {
    at.strftime("%Y-%m-%d %H:%M UTC").to_string()
}

/// How far `at` lies from `now`: `in 7 days`, `2 hours ago`.
pub(crate) fn distance(now: Timestamp, at: Timestamp) -> String {
    let seconds = at.as_second().saturating_sub(now.as_second());
    let size = seconds.unsigned_abs();
    let length = match size {
        0..=119 => counted(size, "second", "seconds"),
        120..=7_199 => counted(size / 60, "minute", "minutes"),
        7_200..=172_799 => counted(size / 3_600, "hour", "hours"),
        _ => counted(size / 86_400, "day", "days"),
    };
    if seconds < 0 { format!("{length} ago") } else { format!("in {length}") }
}

/// A whole number with commas.
pub(crate) fn number(count: u64) -> String {
    let digits = count.to_string();
    let mut out = String::new();
    for (index, digit) in digits.chars().enumerate() {
        if index > 0 && (digits.len() - index).is_multiple_of(3) {
            out.push(',');
        }
        out.push(digit);
    }
    out
}

/// `1 person`, `3,000 people`.
pub(crate) fn counted(count: u64, one: &str, many: &str) -> String {
    format!("{} {}", number(count), if count == 1 { one } else { many })
}

/// With a capital first letter.
pub(crate) fn capital(text: &str) -> String {
    let mut chars = text.chars();
    chars.next().map_or_else(String::new, |first| first.to_uppercase().chain(chars).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_and_distances_read_well() {
        assert_eq!(number(0), "0");
        assert_eq!(number(999), "999");
        assert_eq!(number(1_234_567), "1,234,567");
        let at = |second| Timestamp::from_second(second).unwrap();
        assert_eq!(distance(at(0), at(7 * 86_400)), "in 7 days");
        assert_eq!(distance(at(7_200), at(0)), "2 hours ago");
        assert_eq!(instant(at(0)), "1970-01-01 00:00 UTC");
    }
}
