//! A compiled expression, and its results.

use std::fmt;
use std::sync::Arc;

use super::code::{Code, Op};
use super::eval::{Fault, Machine};
use super::facts::Facts;
use super::problem::At;
use super::types::AccountField;
use super::unknowns::Reading;
use super::val::{List, Val};
use crate::model::expr_source::ExprSource;
use crate::model::span::Span;
use crate::model::{Diagnostic, UserId, UserNo, Value, Want};

/// A checked expression. It can be evaluated over any facts, at any time, from any thread.
#[derive(Debug, Clone)]
pub struct Program {
    pub(super) source: ExprSource,
    pub(super) code: Code,
    pub(super) roles: RoleUse,
    /// The first place where roles are named; the whole expression if there is none.
    pub(super) roles_at: Span,
    pub(super) attributes: Vec<AttributeUse>,
}

/// The result of a condition (safety.md 9).
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Truth {
    /// It holds.
    True,
    /// It does not hold.
    False,
    /// A value was absent, or something failed. The text names it and contains no value.
    Unknown(String),
}

/// A mapping that could not be evaluated. The message contains no value.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct EvalError {
    /// The message, in one line.
    pub message: String,
    /// The part of the expression that failed.
    pub span: Span,
}

/// How a mapping uses the roles of the account.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum RoleUse {
    /// It does not use them.
    None,
    /// It is `account.role` or `account.roles` and nothing else.
    Whole(RoleField),
    /// It uses them in a larger expression.
    Part,
}

/// One of the two role variables.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum RoleField {
    /// `account.role`
    Role,
    /// `account.roles`
    Roles,
}

/// An attribute of a person that an expression reads.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AttributeUse {
    /// As written after `user.`, such as `title`, `attributes.type` or `manager.email`.
    pub name: Arc<str>,
    /// True if it is declared sensitive, so that values made from it are hidden as well.
    pub sensitive: bool,
    /// True if its value is used, and not only whether it is there.
    pub compared: bool,
}

impl Program {
    /// True if its value may be a reference to an account.
    pub fn refers(&self) -> bool {
        let mut parts = vec![&self.code];
        while let Some(part) = parts.pop() {
            if matches!(part.op, Op::Reference(_)) {
                return true;
            }
            parts.extend(part.children());
        }
        false
    }

    /// Evaluates a condition. Never panics; work and memory are bounded.
    pub fn truth(&self, facts: &Facts<'_>) -> Truth {
        match Machine::new(Some(facts)).eval(&self.code) {
            Ok(Val::Bool(true)) => Truth::True,
            Ok(Val::Bool(false)) => Truth::False,
            Ok(Val::Null(at)) => Truth::Unknown(self.absent(at)),
            Ok(_) => Truth::Unknown("the expression is not a condition".to_owned()),
            Err(fault) => Truth::Unknown(self.failed(fault)),
        }
    }

    /// Evaluates a mapping. Null, and a list without values, clear the attribute.
    ///
    /// # Errors
    /// The expression fails for this person, and why.
    pub fn want(&self, facts: &Facts<'_>) -> Result<Want, EvalError> {
        let error = |fault: Fault| EvalError {
            message: self.failed(fault),
            span: self.source.span_of(fault.at.start, fault.at.end),
        };
        let id_of = |user: UserNo| facts.company.users.get(user.index()).map(|user| &user.id);
        match Machine::new(Some(facts)).eval(&self.code).map_err(error)? {
            Val::Null(_) => Ok(Want::Clear),
            Val::Reference(user) => id_of(user).cloned().map(Want::Ref).ok_or_else(|| EvalError {
                message: "the person is not in the company".to_owned(),
                span: self.source.span,
            }),
            Val::List(list) => {
                let values = values_of(&list, &id_of);
                Ok(if values.is_empty() { Want::Clear } else { Want::Is(Value::List(values)) })
            }
            value => Ok(Want::Is(value.to_value(&|user| id_of(user).map(|id| id.as_str().into())))),
        }
    }

    /// How it uses the roles of the account.
    pub fn uses_roles(&self) -> RoleUse {
        self.roles
    }

    /// The first place where it names the roles of the account; the whole expression if it does not.
    pub fn roles_span(&self) -> Span {
        self.roles_at
    }

    /// Which attributes of people it reads, in the order of first reading, without repeats.
    pub fn attributes(&self) -> &[AttributeUse] {
        &self.attributes
    }

    /// True if it reads a sensitive attribute.
    pub fn is_sensitive(&self) -> bool {
        self.attributes.iter().any(|attribute| attribute.sensitive)
    }

    /// The expression, and its place.
    pub fn source(&self) -> &ExprSource {
        &self.source
    }

    fn absent(&self, at: At) -> String {
        match at.snippet(&self.source.text).as_str() {
            "" | "null" => "the expression gives null".to_owned(),
            part => format!("`{part}` is not set"),
        }
    }

    fn failed(&self, fault: Fault) -> String {
        format!("`{}`: {}", fault.at.snippet(&self.source.text), fault.what)
    }
}

fn values_of<'c>(list: &List<'_>, id_of: &impl Fn(UserNo) -> Option<&'c UserId>) -> Vec<Value> {
    list.iter(At::default())
        .map(|item| item.to_value(&|user| id_of(user).map(|id| id.as_str().into())))
        .filter(|value| !value.is_null())
        .collect()
}

/// How checked code uses the roles.
pub(super) fn role_use(code: &Code, readings: &[Reading<'_>]) -> RoleUse {
    match code.op {
        Op::Account(AccountField::Role) => RoleUse::Whole(RoleField::Role),
        Op::Account(AccountField::Roles) => RoleUse::Whole(RoleField::Roles),
        _ if readings.iter().any(|reading| reading.path.starts_with("account.")) => RoleUse::Part,
        _ => RoleUse::None,
    }
}

impl EvalError {
    /// The error as a finding about one subject.
    pub fn diagnostic(&self) -> Diagnostic {
        Diagnostic::error("expr-value", self.span, self.message.clone()).of_subject()
    }
}

impl fmt::Display for EvalError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.message)
    }
}

impl std::error::Error for EvalError {}
