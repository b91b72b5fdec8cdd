//! What changes are made of: keys, shown values, the hash of a person's life.

use super::notice::{Notice, NoticeKind};
use super::settle::Settling;
use crate::model::change::{Cause, Change, ChangeKey, ChangeKind, Facet, Object, Shown, Verdict};
use crate::model::hash::ShortHash;
use crate::model::time::Timestamp;
use crate::model::{Span, UserId, UserNo, Value};

impl Settling<'_, '_> {
    /// Hash of what is declared about a person's life in this app. Time alone never changes it: an end that comes is no
    /// change that somebody reviewed (safety.md 13).
    pub(super) fn life(&self, user: UserNo) -> ShortHash {
        let declared = &self.input().resolved.company.users[user.index()];
        let date =
            |date: Option<crate::model::time::Date>| date.map(|date| date.to_string()).unwrap_or_default();
        let mut texts =
            vec![declared.status.as_str().to_owned(), date(declared.dates.start), date(declared.dates.end)];
        let desired = self.input().desired;
        let instant = |at: Option<Timestamp>| at.map(|at| at.to_string()).unwrap_or_default();
        for (role, windows) in desired.declared(user) {
            let role = role.map_or("", |role| desired.app.roles[role.index()].id.as_str());
            let windows =
                windows.iter().map(|window| format!("{}..{}", instant(window.start), instant(window.end)));
            texts.extend(std::iter::once(format!("role {role}")).chain(windows));
        }
        self.input().key.texts(texts.iter().map(String::as_str))
    }

    pub(super) fn change(&self, id: &UserId, facet: Facet, kind: ChangeKind, cause: Cause) -> Change {
        self.change_of(Object::User(id.clone()), facet, kind, cause)
    }

    pub(super) fn change_of(&self, object: Object, facet: Facet, kind: ChangeKind, cause: Cause) -> Change {
        let key = ChangeKey { app: self.input().desired.app.id.clone(), object, facet };
        Change::new(key, kind, cause)
    }

    pub(super) fn shown(&self, path: &str, value: &Value, sensitive: bool) -> Shown {
        if value.is_null() {
            return Shown::default();
        }
        if sensitive {
            return Shown { text: Some("(sensitive)".to_owned()), hash: None };
        }
        Shown { text: Some(value.to_string()), hash: Some(self.input().key.value(path, value)) }
    }

    /// Removals wait for the first full apply (safety.md 5).
    pub(super) fn push_removal(&mut self, mut change: Change) {
        if !self.completed() && change.verdict.is_do() {
            let why = "until a full apply of this app has run to its end, nobody is removed: apply, then plan again";
            change.verdict = Verdict::Held { by: "first-apply".into(), why: why.to_owned() };
        }
        self.push(change);
    }

    pub(super) fn notice(&mut self, kind: NoticeKind, id: &UserId, text: String, hint: Option<&str>) {
        let number = self.input().resolved.company.user(id.as_str());
        let span = number.map(|number| self.input().resolved.company.users[number.index()].span);
        self.notice_at(kind, Object::User(id.clone()), text, hint, span);
    }

    pub(super) fn notice_at(
        &mut self,
        kind: NoticeKind,
        subject: Object,
        text: String,
        hint: Option<&str>,
        span: Option<Span>,
    ) {
        let place = span.and_then(|span| self.input().files.place(span));
        self.notices.push(Notice {
            kind,
            subject: Some(subject),
            text,
            hint: hint.map(str::to_owned),
            place,
        });
    }

    pub(super) fn group_notice(
        &mut self,
        kind: NoticeKind,
        object: &Object,
        text: String,
        hint: Option<&str>,
    ) {
        self.notice_at(kind, object.clone(), text, hint, None);
    }

    /// What concerns the app as a whole.
    pub(super) fn advice(&mut self, kind: NoticeKind, text: String, hint: Option<String>) {
        self.notices.push(Notice { kind, subject: None, text, hint, place: None });
    }

    /// Something that `users.actions` or the app do not allow, said once for all it concerns.
    pub(super) fn forbid(&mut self, what: &str, remedy: &str, id: &UserId) {
        self.forbidden.entry((what.to_owned(), remedy.to_owned())).or_default().push(id.clone());
    }
}
