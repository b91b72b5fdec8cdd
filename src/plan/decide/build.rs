//! The parts of a decision: changes, shown values, notices, and the hash of a person's life.

use crate::model::change::{Cause, Change, ChangeKind, Facet, Object, Shown, Verdict};
use crate::model::ledger::PersonHashes;
use crate::model::seen::{Seen, Unread};
use crate::model::{Span, UserId, UserNo, Value, Want};
use crate::plan::decide::context::Context;
use crate::plan::notice::{Notice, NoticeKind};
use crate::resolve::{DesiredAttribute, names_of};

impl Context<'_, '_> {
    /// Who a declared person is, for a ledger entry.
    pub(crate) fn person(&self, user: UserNo) -> PersonHashes {
        let declared = &self.input.resolved.company.users[user.index()];
        PersonHashes::of(self.input.key, &names_of(declared))
    }

    /// A change of a person's account.
    pub(crate) fn change(&self, id: &UserId, facet: Facet, kind: ChangeKind, cause: Cause) -> Change {
        self.change_of(Object::User(id.clone()), facet, kind, cause)
    }

    pub(crate) fn change_of(&self, object: Object, facet: Facet, kind: ChangeKind, cause: Cause) -> Change {
        Change::new(self.key(object, facet), kind, cause)
    }

    /// Removals wait for the first full apply (safety.md 5).
    pub(crate) fn removal(&self, mut change: Change) -> Change {
        if !self.is_completed() && change.verdict.is_do() {
            let why = "until a full apply of this app has run to its end, nobody is removed: apply, then plan again";
            change.verdict = Verdict::Held { by: "first-apply".into(), why: why.to_owned() };
        }
        change
    }

    pub(crate) fn shown(&self, path: &str, value: &Value, sensitive: bool) -> Shown {
        if value.is_null() {
            return Shown::default();
        }
        if sensitive {
            return Shown { text: Some("(sensitive)".to_owned()), hash: None };
        }
        Shown { text: Some(value.to_string()), hash: Some(self.input.key.value(path, value)) }
    }

    /// A value of the app. One that could not be read is shown as such.
    pub(crate) fn shown_seen(&self, path: &str, seen: &Seen<Value>, sensitive: bool) -> Shown {
        match seen {
            Seen::Is(value) => self.shown(path, value, sensitive),
            Seen::None => Shown::default(),
            Seen::Unread(Unread::Form(text)) if !sensitive => {
                Shown { text: Some(format!("(not understood: {text})")), hash: None }
            }
            Seen::Unread(_) => Shown { text: Some("(cannot be read)".to_owned()), hash: None },
        }
    }

    pub(crate) fn shown_want(&self, attribute: &DesiredAttribute) -> Shown {
        match &attribute.want {
            Want::Is(value) => self.shown(attribute.path.key(), value, attribute.sensitive),
            Want::Ref(to) => Shown {
                text: Some(format!("user:{to}")),
                hash: Some(self.input.key.value(attribute.path.key(), &Value::str(to.as_str()))),
            },
            Want::Clear | Want::Keep => Shown::default(),
        }
    }

    /// A notice about a person, with the place where the person is declared.
    pub(crate) fn notice(&self, kind: NoticeKind, id: &UserId, text: String, hint: Option<&str>) -> Notice {
        let span = self.number(id).map(|number| self.input.resolved.company.users[number.index()].span);
        self.notice_at(kind, Object::User(id.clone()), text, hint, span)
    }

    pub(crate) fn notice_at(
        &self,
        kind: NoticeKind,
        subject: Object,
        text: String,
        hint: Option<&str>,
        span: Option<Span>,
    ) -> Notice {
        let place = span.and_then(|span| self.input.files.place(span));
        Notice { kind, subject: Some(subject), text, hint: hint.map(str::to_owned), place }
    }
}

impl Notice {
    pub(in crate::plan) fn of_group(
        kind: NoticeKind,
        object: &Object,
        text: String,
        hint: Option<&str>,
    ) -> Self {
        Self { kind, subject: Some(object.clone()), text, hint: hint.map(str::to_owned), place: None }
    }

    /// A notice about the app as a whole.
    pub(in crate::plan) fn of_app(kind: NoticeKind, text: String, hint: Option<String>) -> Self {
        Self { kind, subject: None, text, hint, place: None }
    }
}
