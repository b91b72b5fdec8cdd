//! The names that expressions can read, and their types.

use std::fmt;

use crate::model::Value;
use crate::model::company::{AttributeDecl, AttributeType, Status};
use crate::model::id::AttributeNo;

/// The names that expressions of one company can use: the built-in attributes and the declared ones.
#[derive(Debug, Clone, Copy)]
pub struct Types<'c> {
    pub(super) declared: &'c [AttributeDecl],
}

impl<'c> Types<'c> {
    /// The names of a company with these declared attributes, in the company's order: an attribute's place is its
    /// number.
    pub fn new(declared: &'c [AttributeDecl]) -> Self {
        Self { declared }
    }

    pub(super) fn attribute(&self, name: &str) -> Option<(AttributeNo, &'c AttributeDecl)> {
        let at = self.declared.iter().position(|decl| decl.name.as_ref() == name)?;
        Some((AttributeNo::from(at), &self.declared[at]))
    }

    pub(super) fn decl(&self, number: AttributeNo) -> Option<&'c AttributeDecl> {
        self.declared.get(number.index())
    }
}

/// The use of an expression: it decides which names are known and which type the result has.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Use {
    /// A group's rule or an app's filter: a condition over `user`.
    Condition,
    /// A value for an account: over `user` and `account`.
    UserMapping,
    /// A value for a group in an app: over `group`.
    GroupMapping,
}

impl Use {
    /// The variables that can be named.
    pub(super) fn variables(self) -> &'static [(&'static str, Type)] {
        match self {
            Use::Condition => &[("user", Type::User)],
            Use::UserMapping => &[("user", Type::User), ("account", Type::Account)],
            Use::GroupMapping => &[("group", Type::Group)],
        }
    }

    pub(super) fn place(self) -> &'static str {
        match self {
            Use::Condition => "conditions",
            Use::UserMapping => "mappings of users",
            Use::GroupMapping => "mappings of groups",
        }
    }

    pub(super) const ALL: [Use; 3] = [Use::Condition, Use::UserMapping, Use::GroupMapping];
}

/// The type of an expression.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Type {
    /// A part with a reported problem: it fits every type.
    Broken,
    /// The literal `null`.
    Null,
    Bool,
    Int,
    Text,
    Date,
    /// A person. Compared with strings by id.
    User,
    /// `account.ref(…)`
    Reference,
    List(Item),
    /// `user.name`, `user.attributes`, `account`, `group`: no values, only their fields are.
    UserName,
    UserAttributes,
    Account,
    Group,
}

/// The type of a list's elements.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Item {
    /// Of the list `[]`.
    Any,
    Bool,
    Int,
    Text,
    Date,
    User,
}

impl Type {
    /// The type as an element of a list; `None` if it cannot be one.
    pub(super) fn as_item(self) -> Option<Item> {
        match self {
            Type::Broken => Some(Item::Any),
            Type::Bool => Some(Item::Bool),
            Type::Int => Some(Item::Int),
            Type::Text => Some(Item::Text),
            Type::Date => Some(Item::Date),
            Type::User => Some(Item::User),
            Type::Null | Type::Reference | Type::List(_) => None,
            Type::UserName | Type::UserAttributes | Type::Account | Type::Group => None,
        }
    }

    pub(super) fn is_value(self) -> bool {
        match self {
            Type::UserName | Type::UserAttributes | Type::Account | Type::Group => false,
            Type::Broken | Type::Null | Type::Bool | Type::Int | Type::Text | Type::Date => true,
            Type::User | Type::Reference | Type::List(_) => true,
        }
    }

    /// The common type of both. `null` fits every type, and `[]` every list.
    pub(super) fn join(self, other: Type) -> Option<Type> {
        match (self, other) {
            (Type::Broken, _) | (_, Type::Broken) => Some(Type::Broken),
            (Type::Null, some) | (some, Type::Null) => Some(some),
            (Type::List(Item::Any), some @ Type::List(_)) | (some @ Type::List(_), Type::List(Item::Any)) => {
                Some(some)
            }
            (left, right) => (left == right).then_some(left),
        }
    }
}

impl Item {
    pub(super) fn as_type(self) -> Type {
        match self {
            Item::Any => Type::Broken,
            Item::Bool => Type::Bool,
            Item::Int => Type::Int,
            Item::Text => Type::Text,
            Item::Date => Type::Date,
            Item::User => Type::User,
        }
    }
}

impl fmt::Display for Type {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Type::Broken => "unknown",
            Type::Null => "null",
            Type::Bool => "boolean",
            Type::Int => "integer",
            Type::Text => "string",
            Type::Date => "date",
            Type::User => "user",
            Type::Reference => "reference to an account",
            Type::List(Item::Any) => "empty list",
            Type::List(Item::Bool) => "list of booleans",
            Type::List(Item::Int) => "list of integers",
            Type::List(Item::Text) => "list of strings",
            Type::List(Item::Date) => "list of dates",
            Type::List(Item::User) => "list of users",
            Type::UserName => "user's name",
            Type::UserAttributes => "user's attributes",
            Type::Account => "account",
            Type::Group => "group",
        })
    }
}

/// One attribute of a person.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Field {
    Id,
    Given,
    Family,
    Display,
    Email,
    Title,
    Department,
    Manager,
    Status,
    Start,
    End,
    Attribute(AttributeNo),
}

/// The fields below `user` and below `user.name`: name, field, type.
pub(super) const USER_FIELDS: [(&str, Field, Type); 8] = [
    ("id", Field::Id, Type::Text),
    ("email", Field::Email, Type::Text),
    ("title", Field::Title, Type::Text),
    ("department", Field::Department, Type::Text),
    ("manager", Field::Manager, Type::User),
    ("status", Field::Status, Type::Text),
    ("start", Field::Start, Type::Date),
    ("end", Field::End, Type::Date),
];

pub(super) const NAME_FIELDS: [(&str, Field, Type); 3] = [
    ("given", Field::Given, Type::Text),
    ("family", Field::Family, Type::Text),
    ("display", Field::Display, Type::Text),
];

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum AccountField {
    Role,
    Roles,
}

pub(super) const ACCOUNT_FIELDS: [(&str, AccountField, Type); 2] =
    [("role", AccountField::Role, Type::Text), ("roles", AccountField::Roles, Type::List(Item::Text))];

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum GroupField {
    Id,
    Name,
    Description,
}

pub(super) const GROUP_FIELDS: [(&str, GroupField); 3] =
    [("id", GroupField::Id), ("name", GroupField::Name), ("description", GroupField::Description)];

impl Field {
    /// The name below `user.`.
    pub(super) fn path(self, types: &Types<'_>) -> String {
        let dotted = |prefix: &str, name: &str| format!("{prefix}{name}");
        if let Field::Attribute(number) = self {
            return dotted("attributes.", types.decl(number).map_or("?", |decl| &decl.name));
        }
        let of_user = USER_FIELDS.iter().map(|row| ("", row));
        let of_name = NAME_FIELDS.iter().map(|row| ("name.", row));
        of_user
            .chain(of_name)
            .find(|(_, row)| row.1 == self)
            .map_or_else(String::new, |(prefix, row)| dotted(prefix, row.0))
    }

    /// True if a person may be without it.
    pub(super) fn is_optional(self, types: &Types<'_>) -> bool {
        match self {
            Field::Id | Field::Display | Field::Email | Field::Status => false,
            Field::Given
            | Field::Family
            | Field::Title
            | Field::Department
            | Field::Manager
            | Field::Start
            | Field::End => true,
            Field::Attribute(number) => types.decl(number).is_none_or(|decl| decl.default.is_none()),
        }
    }

    /// True if its values are hidden.
    pub(super) fn is_sensitive(self, types: &Types<'_>) -> bool {
        match self {
            Field::Attribute(number) => types.decl(number).is_some_and(|decl| decl.sensitive),
            Field::Id | Field::Given | Field::Family | Field::Display | Field::Email | Field::Status => false,
            Field::Title | Field::Department | Field::Manager | Field::Start | Field::End => false,
        }
    }

    /// The only values it can have; empty for any.
    pub(super) fn allowed(self, types: &Types<'_>) -> Vec<Value> {
        match self {
            Field::Status => Status::ALL.map(|status| Value::str(status.as_str())).into(),
            Field::Attribute(number) => {
                types.decl(number).map(|decl| decl.allowed.clone()).unwrap_or_default()
            }
            Field::Id | Field::Given | Field::Family | Field::Display | Field::Email => Vec::new(),
            Field::Title | Field::Department | Field::Manager | Field::Start | Field::End => Vec::new(),
        }
    }
}

/// The type of a declared attribute.
pub(super) fn declared_type(decl: &AttributeDecl) -> Type {
    let (one, many) = match decl.kind {
        AttributeType::String => (Type::Text, Item::Text),
        AttributeType::Integer => (Type::Int, Item::Int),
        AttributeType::Boolean => (Type::Bool, Item::Bool),
        AttributeType::Date => (Type::Date, Item::Date),
    };
    if decl.multi_valued { Type::List(many) } else { one }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::User;
    use std::collections::BTreeSet;

    #[test]
    fn expressions_read_all_that_is_built_in() {
        let read: BTreeSet<&str> = USER_FIELDS.iter().map(|(name, ..)| *name).chain(["name"]).collect();
        assert_eq!(read, User::BUILT_IN.into());
    }
}
