//! Reading from the facts.

use super::super::code::{Code, Op};
use super::super::problem::At;
use super::super::types::{AccountField, Field, GroupField};
use super::super::val::{List, Text, Val};
use super::{Evaluated, Fault, Machine, NO_FACTS, mismatch};
use crate::model::company::User;
use crate::model::{UserNo, Value};

impl<'a> Machine<'a> {
    pub(super) fn me(&self, at: At) -> Evaluated<'a> {
        let user = self.facts.and_then(|facts| facts.user);
        user.map(Val::User).ok_or(Fault { at, what: NO_FACTS })
    }

    pub(super) fn mine(&self, field: Field, at: At) -> Evaluated<'a> {
        let user = self.facts.and_then(|facts| facts.user);
        self.field_of(user.ok_or(Fault { at, what: NO_FACTS })?, field, at)
    }

    /// The text of a step that is a constant, or an attribute with a value. Most conditions compare such texts, and
    /// this way needs no new values.
    pub(super) fn plain_text(&self, code: &'a Code) -> Option<&'a str> {
        match &code.op {
            Op::Const(Value::Str(text)) => Some(text),
            Op::Mine(field) => {
                let facts = self.facts?;
                let user = facts.company.users.get(facts.user?.index())?;
                text_of(user, *field)?.borrowed()
            }
            Op::Item => match &self.item {
                Some(Val::Text(text)) => text.borrowed(),
                _ => None,
            },
            _ => None,
        }
    }

    pub(super) fn of(&mut self, whose: &'a Code, field: Field, at: At) -> Evaluated<'a> {
        match self.eval(whose)? {
            Val::User(user) => self.field_of(user, field, at),
            null @ Val::Null(_) => Ok(null),
            _ => mismatch(at),
        }
    }

    fn field_of(&self, user: UserNo, field: Field, at: At) -> Evaluated<'a> {
        let users = self.facts.map(|facts| &facts.company.users);
        match users.and_then(|users| users.get(user.index())) {
            Some(user) => Ok(field_of(user, field, at)),
            None => Err(Fault { at, what: NO_FACTS }),
        }
    }

    pub(super) fn account(&self, field: AccountField, at: At) -> Evaluated<'a> {
        let account = self.facts.and_then(|facts| facts.account);
        let account = account.ok_or(Fault { at, what: NO_FACTS })?;
        Ok(match field {
            AccountField::Role => optional(account.role, at),
            AccountField::Roles => Val::List(List::Names(account.roles)),
        })
    }

    pub(super) fn group(&self, field: GroupField, at: At) -> Evaluated<'a> {
        let group = self.facts.and_then(|facts| facts.group);
        let group = group.ok_or(Fault { at, what: NO_FACTS })?;
        Ok(match field {
            GroupField::Id => optional(Some(group.id), at),
            GroupField::Name => optional(Some(group.name), at),
            GroupField::Description => optional(group.description, at),
        })
    }

    pub(super) fn item(&self, at: At) -> Evaluated<'a> {
        match &self.item {
            Some(Val::Null(_)) => Ok(Val::Null(at)),
            Some(item) => Ok(item.clone()),
            None => Err(Fault { at, what: NO_FACTS }),
        }
    }

    pub(super) fn reference(&mut self, whose: &'a Code, at: At) -> Evaluated<'a> {
        match self.eval(whose)? {
            Val::User(user) => Ok(Val::Reference(user)),
            null @ Val::Null(_) => Ok(null),
            _ => mismatch(at),
        }
    }
}

fn optional(text: Option<&str>, at: At) -> Val<'_> {
    text.map_or(Val::Null(at), |text| Val::Text(Text::Plain(text)))
}

fn field_of(user: &User, field: Field, at: At) -> Val<'_> {
    if let Some(text) = text_of(user, field) {
        return Val::Text(text);
    }
    match field {
        Field::Display => Val::owned(user.name.shown().into_owned()),
        Field::Manager => user.manager.map_or(Val::Null(at), Val::User),
        Field::Start => user.dates.start.map_or(Val::Null(at), Val::Date),
        Field::End => user.dates.end.map_or(Val::Null(at), Val::Date),
        Field::Attribute(number) => Val::of(user.attribute(number), at),
        Field::Id | Field::Given | Field::Family | Field::Email | Field::Status => Val::Null(at),
        Field::Title | Field::Department => Val::Null(at),
    }
}

/// The text that a field holds; `None` if it holds none or something else.
fn text_of(user: &User, field: Field) -> Option<Text<'_>> {
    match field {
        Field::Id => Some(Text::Plain(user.id.as_str())),
        Field::Given => user.name.given().map(Text::Shared),
        Field::Family => user.name.family().map(Text::Shared),
        Field::Display => user.name.whole().map(Text::Shared),
        Field::Email => Some(Text::Shared(&user.email)),
        Field::Title => user.title.as_ref().map(Text::Shared),
        Field::Department => user.department.as_ref().map(Text::Shared),
        Field::Status => Some(Text::Plain(user.status.as_str())),
        Field::Attribute(number) => match user.attribute(number) {
            Value::Str(text) => Some(Text::Shared(text)),
            _ => None,
        },
        Field::Manager | Field::Start | Field::End => None,
    }
}
